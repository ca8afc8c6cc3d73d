"""feedsync explain"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from feedsync.cli.options import AsOf, JsonOrTable, NoPlugins, TableFormat, Target
from feedsync.cli.running import running
from feedsync.texts import say

if TYPE_CHECKING:
    from feedsync.reports.lines import Line
    from feedsync.run.results import Explanation

Sku = Annotated[str, typer.Argument(metavar="SKU", help=say("help.key"), show_default=False)]
Feed = Annotated[str | None, typer.Option("--feed", metavar="FEED", help=say("help.explain_feed"), show_default=False)]
Attribute = Annotated[
    str | None, typer.Option("--attribute", metavar="NAME", help=say("help.attribute"), show_default=False)
]


def explain(
    ctx: typer.Context,
    sku: Sku,
    feed: Feed = None,
    attribute: Attribute = None,
    as_of: AsOf = None,
    target: Target = None,
    no_plugins: NoPlugins = False,
    format: JsonOrTable = TableFormat.table,
) -> None:
    """See help.explain in the texts."""
    with running(ctx, "explain") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json
        from feedsync.run import commands

        explanation = commands.explain(
            run.job(as_of, target, plugins=not no_plugins), sku, feed=feed, attribute=attribute
        )
        run.progress.close()
        if format is TableFormat.json:
            output.write_utf8(as_json.encoded(as_json.explain(explanation)))
        else:
            output.show(_lines(explanation, feed, attribute, output.width()))


def _lines(explanation: Explanation, feed: str | None, attribute: str | None, width: int) -> list[Line]:
    """As deep as was asked for."""
    from feedsync.reports import explained

    lines: list[Line] = []
    if attribute is not None:
        for one in explanation.feeds:
            if not one.attributes:
                lines += explained.one_feed(explanation, one, width)
            for filled in one.attributes:
                lines += explained.one_attribute(explanation, one, filled, width)
    elif feed is not None:
        for one in explanation.feeds:
            lines += explained.one_feed(explanation, one, width)
    else:
        lines = explained.overview(explanation, width)
    return lines
