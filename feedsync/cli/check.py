"""feedsync check"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feedsync.cli.options import AsOf, Feeds, Format, Level, NoPlugins, ReportFormat, Skus, Target, Where
from feedsync.cli.running import running
from feedsync.errors import Exit
from feedsync.texts import say

FailOn = Annotated[
    Level | None,
    typer.Option("--fail-on", help=say("help.fail_on"), envvar="FEEDSYNC_FAIL_ON", show_default=False),
]


def check(
    ctx: typer.Context,
    feeds: Feeds = None,
    format: Format = None,
    fail_on: FailOn = None,
    as_of: AsOf = None,
    target: Target = None,
    no_plugins: NoPlugins = False,
    sku: Skus = None,
    where: Where = None,
) -> None:
    """See help.check in the texts."""
    with running(ctx, "check") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json, plain, table
        from feedsync.run import commands

        level = fail_on.value if fail_on else None
        result = commands.check(
            run.job(as_of, target, plugins=not no_plugins), feeds or (), fail_on=level, skus=sku or (), where=where
        )
        run.progress.close()
        run.hints = True
        run.tell(result.notes)
        run.code = Exit.DONE if result.ok else Exit.FOUND
        chosen = format or (ReportFormat.table if sys.stdout.isatty() else ReportFormat.plain)
        if chosen is ReportFormat.json:
            output.write_utf8(as_json.encoded(as_json.check(result)))
        elif run.settings.quiet:
            pass  # the exit code says it
        elif chosen is ReportFormat.plain:
            output.show(plain.check(result))
        else:
            output.show(table.check(result, output.width(), run.settings.verbose))
