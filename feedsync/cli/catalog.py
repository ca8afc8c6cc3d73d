"""feedsync catalog describe"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedsync.cli.options import JsonOrTable, TableFormat, Target
from feedsync.cli.running import running
from feedsync.texts import say

catalog = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path | None, typer.Argument(metavar="FILE", help=say("help.describe_file"), show_default=False)]


@catalog.command("describe", help=say("help.catalog.describe"))
def describe(
    ctx: typer.Context, file: File = None, target: Target = None, format: JsonOrTable = TableFormat.table
) -> None:
    """See help.catalog.describe in the texts."""
    with running(ctx, "catalog describe") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json, described
        from feedsync.run.describe import describe as looked_at

        found = looked_at(run.job(None, target), file)
        run.progress.close()
        if found.unsaved:
            run.settings.say(say("described_unsaved", reason=found.unsaved))
        if format is TableFormat.json:
            output.write_utf8(as_json.encoded(described.as_json(found)))
        else:
            output.show(described.table(found, output.width()))
