"""feedsync preview"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from feedsync.cli.options import AsOf, Format, NoPlugins, ReportFormat, Skus, Target, Where
from feedsync.cli.running import running
from feedsync.texts import say

Feed = Annotated[str, typer.Argument(metavar="FEED", help=say("help.feed"), show_default=False)]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N", help=say("help.limit"))]
Raw = Annotated[bool, typer.Option("--raw", help=say("help.raw"))]


def preview(
    ctx: typer.Context,
    feed: Feed,
    limit: Limit = 10,
    sku: Skus = None,
    where: Where = None,
    raw: Raw = False,
    as_of: AsOf = None,
    target: Target = None,
    no_plugins: NoPlugins = False,
    format: Format = None,
) -> None:
    """See help.preview in the texts."""
    with running(ctx, "preview") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json, previewed
        from feedsync.run import commands

        result = commands.preview(
            run.job(as_of, target, plugins=not no_plugins), feed, limit=limit, skus=sku or (), where=where
        )
        run.progress.close()
        chosen = format or (ReportFormat.table if sys.stdout.isatty() else ReportFormat.plain)
        if raw and sys.stdout.isatty():
            output.show(previewed.raw(result))
        elif raw:
            output.write_bytes(result.written)
        elif chosen is ReportFormat.json:
            output.write_utf8(as_json.encoded(as_json.preview(result)))
        elif chosen is ReportFormat.plain:
            output.show(previewed.plain(result))
        else:
            output.show(previewed.preview(result, output.width()))
