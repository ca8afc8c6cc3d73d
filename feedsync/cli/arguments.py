"""What a shell may give instead of a text: nothing at all, or bytes that are no text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from feedsync.cli.options import FOLDER
from feedsync.errors import UsageError


def check_texts(ctx: typer.Context) -> None:
    """Raises UsageError for an argument that is blank or not UTF-8; a folder's name may be any bytes."""
    for parameter in ctx.command.params:
        metavar = parameter.metavar or ""
        name = parameter.opts[0] if parameter.opts[0].startswith("-") else metavar.strip("[].")
        for text in _texts(ctx.params.get(parameter.name or "")):
            if not text.strip():
                raise UsageError("usage_blank", name=name)
            shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            if shown != text and metavar != FOLDER:
                raise UsageError("usage_not_utf8", name=name, value=shown)


def _texts(value: Any) -> Iterator[str]:  # Any: what an option holds is known to its command alone
    for one in value if isinstance(value, (list, tuple)) else [value]:
        if type(one) is str:  # an enum's members are texts too, and known
            yield one
