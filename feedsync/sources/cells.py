"""Cells as the catalog takes them: blank ones missing, none with a character that no channel can be sent.

Such characters go here, where text enters, so that `A-1` and `A-1` with a control character are one key, and a title
of nothing else is an empty one, before anything is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.semantics import UNPRINTABLE

_PATTERN: Final = "[" + "".join(rf"\x{{{ord(character):X}}}" for character in UNPRINTABLE) + "]"
_LINE_ENDS_AND_TAB: Final = (10, 13, 9)  # control characters that texts have; the most frequent first
_BEYOND_ASCII: Final = tuple(character.encode() for character in UNPRINTABLE if not character.isascii())
COLUMNS: Final = 5_000  # of a source whose records bring their own names; names that are values have no end
_TEXT: Final = pl.col(pl.String)


def blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text cell that is empty or holds only blanks (Unicode White_Space) made null."""
    return frame.with_columns(_filled(_TEXT))


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(r"\S")).then(text)


class Cells:
    """The cells of one pass over a source, cleaned block by block and counted."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._columns: dict[str, None] = {}

    def meet(self, columns: Iterable[str], place: Place) -> None:
        """Count the columns that a record has; a SourceError where those of all records become far too many."""
        self._columns.update(dict.fromkeys(columns))
        if len(self._columns) > COLUMNS:
            raise SourceError("source_columns", place, columns=COLUMNS)

    @property
    def stripped(self) -> tuple[tuple[str, int], ...]:
        """(column, how many of its cells held unprintable characters), in order of appearance."""
        return tuple(self._counts.items())

    def printable(self, frame: pl.DataFrame, data: bytes | None = None) -> pl.DataFrame:
        """The frame without unprintable characters; a cell that held nothing else is null.

        `data` is the UTF-8 that the frame was split from, where there is one: bytes are looked through ten times as
        fast as cells, and nearly every file has none of these characters.
        """
        if data is not None and not _holds_unprintable(data):
            return frame
        found = frame.select(_TEXT.str.contains(_PATTERN).sum())
        cells = (
            {name: count for name, count in zip(found.columns, found.row(0), strict=True) if count}
            if found.width
            else {}
        )
        if not cells:
            return frame
        for name, count in cells.items():
            self._counts[name] = self._counts.get(name, 0) + count
        return frame.with_columns(_filled(pl.col(name).str.replace_all(_PATTERN, "")) for name in cells)


def _holds_unprintable(data: bytes) -> bool:
    if b"\x7f" in data or (b"\xef" in data and any(one in data for one in _BEYOND_ASCII)):
        return True
    array = np.frombuffer(data, np.uint8)
    left = np.count_nonzero(array < 32)
    for allowed in _LINE_ENDS_AND_TAB:
        if not left:
            break
        left -= np.count_nonzero(array == allowed)
    return bool(left)
