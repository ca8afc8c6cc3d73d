"""What every source gives: blocks of text columns with the row each record starts on, and a proof of completeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, Literal, Protocol

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW, SOURCE

NUMBER_MARK: Final = "_number:"  # `_number:price` is true where the cell was a number with a fraction, not a text
ROWS_PER_BLOCK: Final = 10_000
RECORD_LIMIT: Final = 64 << 20  # bytes of one record; anything larger is damage, never read whole into memory
NAMED_LINES: Final = 100  # so many quarantined lines are named in a proof
How = Literal["length", "checksum", "end", "count"]
"""How a source proves that nothing is missing: a length that was sent before, a checksum behind the content, a mark
that ends the document or the result, a number of rows that it names itself."""


@dataclass(frozen=True)
class Remark:
    """What people should know of a source that was read: `key` names the text."""

    severity: Literal["warning", "hint"]
    key: str
    params: tuple[tuple[str, object], ...] = ()


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
    """No row that was met is left out; what is incomplete may update, never delete."""
    proved: tuple[How, ...] = ()
    """How the source proves that it was not cut short; () where a part of it looks like the whole (plain CSV)."""
    modified: float | None = field(default=None, compare=False)
    """When the file was written, in seconds since 1970, where that is known: no part of what was read."""
    skipped: tuple[int, ...] = ()
    """Lines quarantined by on_ragged: skip, at most 100 of them named."""
    quarantined: int = 0
    """How many records on_ragged: skip left out; `skipped` names the first of them."""
    starts: tuple[tuple[int, str], ...] = ()
    """Of several files that were read as one: the row after which each one's own begin, and its name."""
    line_end: bool = True
    """False: the last record of a CSV file has no line end. Many exports are so, and cut in its last cell it would
    look the same, so it is worth a warning."""
    remarks: tuple[Remark, ...] = ()
    stripped: tuple[tuple[str, int], ...] = ()
    """Columns that held characters no text has (`semantics.UNPRINTABLE`), and in how many cells; they were left out."""


class Source(Protocol):
    """One origin of rows. A file cut exactly between two records of CSV or JSON Lines, or a gzip file cut exactly
    between two members, looks whole; only a guard that knows the last run notices."""

    name: str
    """As people read it in places: the path as declared, or the URL without secrets."""
    declared: str
    """The same name from run to run: the pattern, where `name` is the file that it found today."""
    remarks: tuple[Remark, ...]
    """What is known of the source before it is read; they become part of its proof."""
    columns_grow: bool
    """A later block may bring columns that the first one lacks (JSON)."""
    typed_cells: bool
    """Cells may have been numbers in the source; blocks then say which, in Boolean columns `_number:<header>`."""

    def blocks(self) -> Iterator[pl.DataFrame]:
        """Frames of String columns (the source's own headers; null = missing) and, as last column, `_row` UInt64.

        A cell that is empty or of blanks only is null; any other text is as the source has it, without unprintable
        characters (`sources.cells`). At least one frame
        with at least one row comes: a source without rows is a SourceError. Blocks of CSV, SQL and frames all have
        the same columns; those of JSON have the keys that their own records have, in order of appearance, so a
        later block may have more columns or fewer: a column that a block lacks is null there, and the consumer
        unifies (`pl.concat(how="diagonal")`). A block of typed cells has a mark column for each column with fractional
        numbers: `12.345` that was a number is never 12345, whatever decimal mark its field declares. Raises SourceError with a place for anything that cannot be read
        whole; never ends early in silence. Rows are proved only when the last block was taken.
        """
        ...

    @property
    def proof(self) -> Proof:
        """Only after blocks() is exhausted."""
        ...


class ProvedSource:
    """What the adapters share: a name, and a proof that exists once the blocks are exhausted."""

    columns_grow = False
    typed_cells = False
    ends: ClassVar[tuple[How, ...]] = ()
    """How the format itself proves that nothing is missing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.declared = name
        self.remarks: tuple[Remark, ...] = ()
        self._proof: Proof | None = None

    @property
    def proof(self) -> Proof:
        """What was read; a RuntimeError before blocks() is exhausted."""
        if self._proof is None:
            raise RuntimeError("the proof of a source exists only after its last block")
        return replace(self._proof, remarks=(*self.remarks, *self._proof.remarks)) if self.remarks else self._proof


def check_headers(headers: Iterable[str], place: Place) -> None:
    """A SourceError unless every header has a name, no two are equal and none is one of feedsync's own columns."""
    seen: dict[str, int] = {}
    for number, header in enumerate(headers, start=1):
        if not header.strip():
            raise SourceError("source_header_empty", place, number=number)
        if header in (ROW, SOURCE):
            raise SourceError("source_header_reserved", place, header=header)
        if header in seen:
            raise SourceError("source_header_twice", place, header=clipped(header), first=seen[header], second=number)
        seen[header] = number


def clipped(text: str, characters: int = 60) -> str:
    """Text as a message quotes it: on one line, no longer than `characters`."""
    line = "".join(c if c.isprintable() else " " for c in text.strip()[: characters + 1]).rstrip()
    return line if len(line) <= characters else line[: characters - 1] + "…"
