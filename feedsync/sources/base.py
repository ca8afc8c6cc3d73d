"""What every source gives: blocks of text columns with the row each record starts on, and a proof of completeness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl


@dataclass(frozen=True)
class Proof:
    """What was read, known when the last block was taken."""

    rows: int
    """Records, without header and without quarantined ones."""
    bytes: int
    """Of the file as it lies there (compressed where it is), or of the values a query gave."""
    fingerprint: str
    """xxh3-128 in hex of those bytes: same content, same fingerprint."""
    complete: bool
    """The source proved that nothing is missing; what cannot prove it may update, never delete."""
    skipped: tuple[int, ...] = ()
    """Lines quarantined by on_ragged: skip, at most 100 of them named."""


class Source(Protocol):
    """One origin of rows, read once."""

    name: str
    """As people read it in places: the path as declared, or the URL without secrets."""

    def blocks(self) -> Iterator[pl.DataFrame]:
        """Frames of String columns (the source's own headers; null = empty cell) and `_row` UInt64.

        At least one frame comes, with the header's columns, even when there are no rows. Raises SourceError with a
        place for anything that cannot be read whole; never ends early in silence.
        """
        ...

    @property
    def proof(self) -> Proof:
        """Only after blocks() is exhausted."""
        ...
