"""The commands put together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from feedsync import __version__
from feedsync.cli import signals, streams
from feedsync.cli.catalog import catalog
from feedsync.cli.channels import channels
from feedsync.cli.check import check
from feedsync.cli.demo import demo
from feedsync.cli.explain import explain
from feedsync.cli.export import export
from feedsync.cli.init import init
from feedsync.cli.options import LogFormat
from feedsync.cli.preview import preview
from feedsync.cli.settings import Settings
from feedsync.cli.taxonomy import taxonomy
from feedsync.errors import Exit, OutputError
from feedsync.texts import say

GROUPS: Final = {
    "daily": ("init", "check", "preview", "explain", "export"),
    "setup": ("demo", "catalog", "channels", "taxonomy"),
}


class Grouped(TyperGroup):
    """Commands under headings, in the order in which a person meets them."""

    # Any: typer brings its own click or uses the installed one, by version
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for group, names in GROUPS.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(say(f"help.group.{group}")):
                formatter.write_dl([(name, command.get_short_help_str(90)) for name, command in commands if command])


app = typer.Typer(
    cls=Grouped,
    name="feedsync",
    help=say("help"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _function in (init, check, preview, explain, export, demo):
    app.command(_function.__name__, help=say(f"help.{_function.__name__}"))(_function)
app.add_typer(catalog, name="catalog", help=say("help.catalog"))
app.add_typer(channels, name="channels", help=say("help.channels"))
app.add_typer(taxonomy, name="taxonomy", help=say("help.taxonomy"))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"feedsync {__version__}")
        raise typer.Exit


Directory = Annotated[
    Path,
    typer.Option("-C", metavar="DIR", help=say("help.directory"), envvar="FEEDSYNC_PROJECT", show_default=False),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help=say("help.quiet"))]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help=say("help.verbose"))]
Log = Annotated[LogFormat, typer.Option("--log-format", help=say("help.log_format"), envvar="FEEDSYNC_LOG_FORMAT")]
Debug = Annotated[bool, typer.Option("--debug", help=say("help.debug"))]
Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help=say("help.version"))]


@app.callback()
def options(
    ctx: typer.Context,
    directory: Directory = Path(),
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_format: Log = LogFormat.text,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """See help in the texts."""
    ctx.obj = Settings(directory, quiet, verbose, log_format is LogFormat.json, debug)


def run() -> None:
    """Run the command line and exit."""
    streams.open_closed()
    streams.forgive()
    signals.listen()
    try:
        with streams.writing():  # help and versions; a command has seen to its own
            app(prog_name="feedsync")
    except signals.Terminated:
        sys.exit(Exit.TERMINATED)
    except OutputError as error:
        Settings().say(error.message())
        sys.exit(error.exit_code)
