"""feedsync export"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feedsync.cli.options import FOLDER, AsOf, Feeds, JsonOrTable, NoPlugins, TableFormat, Target
from feedsync.cli.running import running
from feedsync.errors import UsageError
from feedsync.texts import say

Output = Annotated[str, typer.Option("--output", "-o", metavar=FOLDER, help=say("help.output"), show_default=False)]
Formats = Annotated[
    list[str] | None, typer.Option("--formats", metavar="NAME", help=say("help.formats"), show_default=False)
]
Allow = Annotated[list[str] | None, typer.Option("--allow", metavar="NAME", help=say("help.allow"), show_default=False)]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=say("help.reason"), show_default=False)]


def export(
    ctx: typer.Context,
    output: Output,
    feeds: Feeds = None,
    formats: Formats = None,
    as_of: AsOf = None,
    target: Target = None,
    no_plugins: NoPlugins = False,
    allow: Allow = None,
    reason: Reason = None,
    format: JsonOrTable = TableFormat.table,
) -> None:
    """See help.export in the texts."""
    with running(ctx, "export") as run:
        from feedsync.cli import output as printed
        from feedsync.reports import as_json, plain, table
        from feedsync.run import commands

        folder = run.settings.folder / output
        result = commands.export(
            run.job(as_of, target, plugins=not no_plugins),
            feeds or (),
            output=folder,
            formats=formats or (),
            allow=_allowed(allow, reason),
        )
        run.progress.close()
        run.tell(result.notes)
        if format is TableFormat.json:
            printed.write_utf8(as_json.encoded(as_json.export(result)))
        elif run.settings.quiet:
            pass  # the files and the exit code say it
        elif sys.stdout.isatty():
            printed.show(table.export(result, output, printed.width(), run.settings.verbose))
        else:
            printed.show(plain.export(result, output, run.settings.verbose))


def _allowed(names: list[str] | None, reason: str | None) -> dict[str, str]:
    """Guard -> reason. Raises UsageError where one is given without the other."""
    if names and not (reason and reason.strip()):
        raise UsageError("usage_reason")
    if reason is not None and not names:
        raise UsageError("usage_reason_alone")
    return dict.fromkeys(names or (), reason or "")
