"""The lenient dialect of CSV: blanks around quotes and stray quotes, with the strict reader's proofs.

Python's csv reader splits; this module proves what it does not: that no quote is open at the end, that no row has
another width than the header, that there is no NUL, and on which physical line each record starts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import NAMED_LINES, ROWS_PER_BLOCK, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.decoding import DecodedFile

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

LINE_PART: Final = 1 << 20  # characters of a line taken at once


class LenientReading:
    """One pass over a file in the lenient dialect."""

    def __init__(self, file: DecodedFile, delimiter: str, quote: str, limit: int, cells: Cells, *, skip: bool) -> None:
        self.skipped: list[int] = []
        self.quarantined = 0
        self.line_end = True
        self._file = file
        self._delimiter = delimiter
        self._quote = quote
        self._cells = cells
        self._skip = skip
        self._lines = _Lines(file, limit)
        q, d = re.escape(quote or '"'), re.escape(delimiter)
        quoted = rf" *+{q}(?P<body>[^{q}]*+(?:{q}{q}[^{q}]*+)*+){q}"
        self._cell = re.compile(rf"{quoted}(?P<tail>[^{d}\r\n]*+)|[^{d}\r\n]*+")
        tidy = rf"(?: *+{q}[^{q}]*+(?:{q}{q}[^{q}]*+)*+{q} *+|(?! *+{q})[^{d}\r\n]*+)"
        self._tidy = re.compile(rf"{tidy}(?:{d}{tidy})*+[\r\n]*+")

    def frames(self) -> Iterator[pl.DataFrame]:
        """The records in blocks, blanks around cells stripped, `_row` last."""
        # The csv module's limit is the process's own; it is only ever raised, and _Lines bounds every record.
        csv.field_size_limit(max(csv.field_size_limit(), self._lines.limit + LINE_PART))
        records = self._records()
        header_line, header = next(records, (0, []))
        if not header:
            raise SourceError("source_empty", Place(self._file.name))
        check_headers(header, Place(self._file.name, header_line))
        rows: list[list[str]] = []
        lines: list[int] = []
        for line, cells in records:
            if len(cells) != len(header):
                self._ragged(line, cells, header)
                continue
            rows.append(cells)
            lines.append(line)
            if len(rows) == ROWS_PER_BLOCK:
                yield self._frame(header, rows, lines)
                rows, lines = [], []
        if rows:
            yield self._frame(header, rows, lines)

    def _frame(self, header: list[str], rows: list[list[str]], lines: list[int]) -> pl.DataFrame:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
        clean = self._cells.printable(blank_to_null(frame))  # what stood around a control character may be blank
        return clean.with_columns(pl.col(pl.String).str.strip_chars(), pl.Series(ROW, lines, dtype=pl.UInt64))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """The line each record starts on and its stripped cells; blank lines at the end are left out."""
        reader = csv.reader(
            self._lines,
            delimiter=self._delimiter,
            quotechar=self._quote or None,
            quoting=csv.QUOTE_MINIMAL if self._quote else csv.QUOTE_NONE,
            skipinitialspace=self._delimiter != " ",
        )
        header: list[str] | None = None
        blank: list[int] = []
        while True:
            start = self._lines.begin_record()
            try:
                cells = next(reader)
            except StopIteration:
                return
            if self._lines.ended:  # the reader asked for one more line inside the record: a quote is open
                raise self._open_quote(cells, header or [])
            self._prove_quotes(start, header or [])
            self.line_end = self._lines.line_end
            if not cells:
                blank.append(start)
                continue
            for line in blank:
                yield line, ([""] if header and len(header) == 1 else [])
            blank = []
            cells = [cell.strip() for cell in cells]
            header = header or cells
            yield start, cells

    def _prove_quotes(self, start: int, header: list[str]) -> None:
        """Text after a closing quote is fine on one line; after line breaks, an open quote has swallowed rows."""
        if self._lines.number == start or not self._quote:
            return
        text = self._lines.record()
        if self._tidy.fullmatch(text):
            return
        at, column = 0, 1
        while match := self._cell.match(text, at):
            body, tail = match["body"], match["tail"]
            if body and tail.strip() and ("\n" in body or "\r" in body):
                place = Place(self._file.name, start + _breaks(text[: match.start("body")]))
                raise SourceError("csv_open_quote", place, column=_named(header, column))
            at, column = match.end() + len(self._delimiter), column + 1
            if text[match.end() : at] != self._delimiter:
                return

    def _ragged(self, line: int, cells: list[str], header: list[str]) -> None:
        if self._skip:
            self.quarantined += 1
            if len(self.skipped) < NAMED_LINES:
                self.skipped.append(line)
            return
        place = Place(self._file.name, line)
        if not cells:
            raise SourceError("csv_blank_line", place, columns=len(header))
        delimiter = "tab" if self._delimiter == "\t" else self._delimiter
        key = "csv_width_one" if len(cells) == 1 else "csv_width"
        raise SourceError(key, place, cells=len(cells), columns=len(header), delimiter=delimiter)

    def _open_quote(self, cells: list[str], header: list[str]) -> SourceError:
        """The open cell is the record's last one; it holds every line break since its quote."""
        text = cells[-1]
        line = self._lines.number - _breaks(text) + text.endswith(("\n", "\r"))
        return SourceError("csv_open_quote", Place(self._file.name, line), column=_named(header, len(cells)))


class _Lines:
    """The physical lines of a file with their line ends, counted, free of NUL, bounded per record."""

    def __init__(self, file: DecodedFile, limit: int) -> None:
        self.number = 0
        self.limit = limit
        self.ended = False
        """Whether a record asked for a line after the last one."""
        self._file = file
        self._text = io.TextIOWrapper(io.BufferedReader(_Bytes(file.blocks())), encoding="utf-8", newline="")
        self._start = 1
        self._length = 0
        self._record: list[str] = []
        self.line_end = True
        """Whether the last line had one."""

    def begin_record(self) -> int:
        """The line on which the next record starts."""
        self._start = self.number + 1
        self._length = 0
        self._record.clear()
        return self._start

    def record(self) -> str:
        """The text of the record since begin_record()."""
        return "".join(self._record)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        parts: list[str] = []
        while part := self._text.readline(LINE_PART):
            parts.append(part)
            self._length += len(part)
            if self._length > self.limit:
                place = Place(self._file.name, self._start)
                raise SourceError("csv_record_long", place, mebibytes=self.limit >> 20)
            self.line_end = part.endswith(("\n", "\r"))
            if self.line_end:
                break
        if not parts:
            self.ended = self._length > 0
            raise StopIteration
        self.number += 1
        line = "".join(parts)
        if "\0" in line:
            column = len(line[: line.index("\0")].encode()) + 1
            raise SourceError("source_nul_in_line", Place(self._file.name, self.number), offset=column)
        self._record.append(line)
        return line


class _Bytes(io.RawIOBase):
    """A file object over blocks of bytes."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        view = memoryview(buffer)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _breaks(text: str) -> int:
    """Physical line ends in a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _named(header: list[str], column: int) -> str | int:
    """A column (1-based) as people know it."""
    return clipped(header[column - 1]) if column <= len(header) else column
