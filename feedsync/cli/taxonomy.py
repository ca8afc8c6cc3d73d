"""feedsync taxonomy search, coverage"""

from __future__ import annotations

from typing import Annotated

import typer

from feedsync.cli.options import AsOf, Feeds, JsonOrTable, NoPlugins, TableFormat, Target
from feedsync.cli.running import running
from feedsync.errors import UsageError
from feedsync.texts import say

taxonomy = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Words = Annotated[list[str], typer.Argument(metavar="WORD...", help=say("help.taxonomy_words"), show_default=False)]
Name = Annotated[
    str | None, typer.Option("--taxonomy", metavar="NAME", help=say("help.taxonomy_name"), show_default=False)
]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help=say("help.taxonomy_limit"))]


@taxonomy.command("search", help=say("help.taxonomy.search"))
def search(
    ctx: typer.Context,
    words: Words,
    limit: Limit = 20,
    name: Name = None,
    format: JsonOrTable = TableFormat.table,
) -> None:
    """See help.taxonomy.search in the texts."""
    with running(ctx, "taxonomy search"):
        from feedsync.cli import output
        from feedsync.reports import as_json
        from feedsync.reports import taxonomy as shown
        from feedsync.run.commands import chosen_taxonomy

        known = chosen_taxonomy(name)
        text = " ".join(words)
        result = known.search(text, limit)
        if not result.categories:
            near = known.near_word(text)
            raise UsageError("taxonomy_nothing", words=text, title=known.title, near=near)
        if format is TableFormat.json:
            output.write_utf8(as_json.encoded(shown.found_as_json(known, result)))
        else:
            output.show(shown.found(known, result))


@taxonomy.command("coverage", help=say("help.taxonomy.coverage"))
def coverage(
    ctx: typer.Context,
    feeds: Feeds = None,
    limit: Limit = 20,
    as_of: AsOf = None,
    target: Target = None,
    no_plugins: NoPlugins = False,
    format: JsonOrTable = TableFormat.table,
) -> None:
    """See help.taxonomy.coverage in the texts."""
    with running(ctx, "taxonomy coverage") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json
        from feedsync.reports import taxonomy as shown
        from feedsync.run import commands

        results = commands.coverage(run.job(as_of, target, plugins=not no_plugins), feeds or ())
        run.progress.close()
        if format is TableFormat.json:
            output.write_utf8(as_json.encoded(shown.coverage_as_json(results)))
        else:
            output.show(shown.coverage(results, limit))
