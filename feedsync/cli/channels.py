"""feedsync channels list, show, lint"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from feedsync.cli.options import JsonOrTable, TableFormat
from feedsync.cli.running import running
from feedsync.errors import Exit, FeedsyncError, UsageError
from feedsync.texts import say

channels = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="NAME", help=say("help.channel"), show_default=False)]
LintPath = Annotated[Path | None, typer.Argument(metavar="PATH", help=say("help.lint_path"), show_default=False)]


@channels.command("list", help=say("help.channels.list"))
def list_(ctx: typer.Context, format: JsonOrTable = TableFormat.table) -> None:
    """See help.channels.list in the texts."""
    with running(ctx, "channels list") as run:
        from feedsync.cli import output
        from feedsync.reports import as_json
        from feedsync.reports import channels as shown
        from feedsync.specs.channels import list_channels

        listings = list_channels(run.project())
        if format is TableFormat.json:
            output.write_utf8(as_json.encoded(as_json.channels(listings)))
        else:
            output.show(shown.listed(listings, output.width() if sys.stdout.isatty() else None))


@channels.command("show", help=say("help.channels.show"))
def show(ctx: typer.Context, name: Name) -> None:
    """See help.channels.show in the texts."""
    with running(ctx, "channels show") as run:
        from feedsync.cli import output
        from feedsync.reports import channels as shown
        from feedsync.specs.channels import load_channel

        output.show(shown.shown(load_channel(name, run.project()), output.width()))


@channels.command("lint", help=say("help.channels.lint"))
def lint(ctx: typer.Context, path: LintPath = None) -> None:
    """See help.channels.lint in the texts."""
    with running(ctx, "channels lint") as run:
        from feedsync.cli import output
        from feedsync.specs.channels import builtin_folder, channel_folders

        root, names = run.project(), None
        if path is not None:
            root, names = _below(run.settings.folder / path)
        chosen = [one for one in channel_folders(root) if names is None or one.full_name in names]
        lines: list[str] = []
        worst = False
        for one in chosen:
            own = path is not None or not one.folder.is_relative_to(builtin_folder())
            said, bad = _linted(one.full_name, root, cases=own)
            lines += said
            worst = worst or bad
        run.code = Exit.FOUND if worst else Exit.DONE
        if not lines:
            lines.append(say("channels_clean", count=len(chosen)))
        output.show([[(line, "")] for line in lines])


def _linted(name: str, root: Path, cases: bool) -> tuple[list[str], bool]:
    """The problems of one channel as lines, and whether one of them is an error."""
    from feedsync.run.lint import lint
    from feedsync.specs.channels import load_channel

    try:
        return lint(load_channel(name, root), cases)
    except FeedsyncError as error:
        return error.message().splitlines(), True


def _below(path: Path) -> tuple[Path, set[str]]:
    """The root of a project's channels and the full names of those at `path` or below."""
    try:
        found = sorted(path.resolve().rglob("channel.yaml"))
    except OSError as error:
        raise UsageError("usage_folder_closed", folder=str(path), reason=error.strerror or str(error)) from None
    folders = [file.parent for file in found if file.parent.parent.parent.name == "channel_specs"]
    if not folders:
        raise UsageError("usage_no_channels", folder=str(path))
    root = folders[0].parent.parent.parent
    return root, {f"{folder.parent.name}@{folder.name}" for folder in folders if folder.is_relative_to(root)}
