"""Options that several commands have, each written once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from feedsync.texts import say

FOLDER: Final = "DIR"


class Level(StrEnum):
    """A finding's level."""

    error = "error"
    warning = "warning"
    hint = "hint"


class ReportFormat(StrEnum):
    """For problems and values."""

    table = "table"
    plain = "plain"
    json = "json"


class TableFormat(StrEnum):
    """For what has no plain form."""

    table = "table"
    json = "json"


class LogFormat(StrEnum):
    """How standard error is written."""

    text = "text"
    json = "json"


Feeds = Annotated[list[str] | None, typer.Argument(metavar="FEED", help=say("help.feeds"), show_default=False)]
Format = Annotated[ReportFormat | None, typer.Option("--format", help=say("help.format"), show_default=False)]
JsonOrTable = Annotated[TableFormat, typer.Option("--format", help=say("help.format_table"))]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help=say("help.as_of"), envvar="FEEDSYNC_AS_OF", show_default=False),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target", "-t", metavar="NAME", help=say("help.target"), envvar="FEEDSYNC_TARGET", show_default=False
    ),
]
Skus = Annotated[list[str] | None, typer.Option("--sku", metavar="SKU", help=say("help.sku"), show_default=False)]
NoPlugins = Annotated[bool, typer.Option("--no-plugins", help=say("help.no_plugins"), envvar="FEEDSYNC_NO_PLUGINS")]
Where = Annotated[str | None, typer.Option("--where", metavar="TEMPLATE", help=say("help.where"), show_default=False)]
