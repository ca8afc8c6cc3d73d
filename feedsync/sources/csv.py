"""CSV and TSV: every byte is proved before it is parsed, so that nothing is shifted, dropped or guessed.

Polars' reader alone fills short rows with nulls, reads a file with CR line ends as a header, and quotes the rest of
the file when a quote is open. Here numpy proves quoting, row width and line numbers block by block (`csv_scan`), the
file's bytes are proved UTF-8 (`decoding`), and Polars only splits what is proved, every cell as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from feedsync.errors import ConfigError, Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import (
    NAMED_LINES,
    RECORD_LIMIT,
    ROWS_PER_BLOCK,
    ProvedSource,
    check_headers,
    clipped,
)
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.csv_scan import CR, LF, Layout, Trouble, lay_out
from feedsync.sources.decoding import DecodedFile
from feedsync.sources.stored import BLOCK, Bytes, proof_of

MARK: Final = b"\xef\xbb\xbf"
TAB_NAMES: Final = ("tab", "\\t", "\t")

LIKELY: Final = (";", "\t", "|", ",")  # delimiters that people forget to declare
NAMES: Final = {"\t": "tab"}


class CsvSource(ProvedSource):
    """A CSV or TSV file with a header."""

    def __init__(
        self,
        file: Bytes,
        *,
        delimiter: str = ",",
        quote: str = '"',
        encoding: str | None = None,
        dialect: Literal["strict", "lenient"] = "strict",
        on_ragged: Literal["stop", "skip"] = "stop",
        block: int = BLOCK,
        limit: int = RECORD_LIMIT,
    ) -> None:
        """`quote` may be "" (no quoting); `block` and `limit` are bytes, for tests."""
        super().__init__(file.name)
        self._delimiter = _one_byte("csv_delimiter", "\t" if delimiter in TAB_NAMES else delimiter, self.name)
        self._quote = _one_byte("csv_quote", quote, self.name) if quote else ""
        if self._delimiter == self._quote:
            raise ConfigError("csv_delimiter", subject=self.name, delimiter=delimiter)
        self._file = DecodedFile(file, encoding, block)
        self._dialect = dialect
        self._skip = on_ragged == "skip"
        self._limit = limit

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the physical line on which the record starts, the header is line 1."""
        self._proof = None
        cells = Cells()
        form = (self._file, self._delimiter, self._quote, self._limit, cells)
        if self._dialect == "lenient":
            from feedsync.sources.csv_lenient import LenientReading

            reading: _Reading | LenientReading = LenientReading(*form, skip=self._skip)
        else:
            reading = _Reading(*form, skip=self._skip)
        rows = 0
        for frame in reading.frames():
            for part in frame.iter_slices(2 * ROWS_PER_BLOCK):
                rows += part.height
                yield part
        if not rows:
            raise SourceError("source_no_rows", Place(self.name))
        self._proof = proof_of(
            self._file.stored,
            rows,
            complete=reading.quarantined == 0,
            skipped=tuple(reading.skipped),
            quarantined=reading.quarantined,
            line_end=reading.line_end,
            stripped=cells.stripped,
        )


class _Reading:
    """One pass over a file in the strict dialect."""

    def __init__(self, file: DecodedFile, delimiter: str, quote: str, limit: int, cells: Cells, *, skip: bool) -> None:
        self.skipped: list[int] = []
        self.quarantined = 0
        self.line_end = True
        self._file = file
        self._delimiter = delimiter
        self._quote = quote
        self._limit = limit
        self._cells = cells
        self._skip = skip
        self._header: list[str] | None = None
        self._ending: int | None = None
        self._line = 1  # the line on which the block at hand starts
        self._offset = 0  # and its offset in the text

    def frames(self) -> Iterator[pl.DataFrame]:
        """The records of each block, `_row` last."""
        carry = b""
        for chunk in _and_end(self._file.blocks()):
            block = carry + chunk if carry else chunk
            layout = lay_out(
                block, ord(self._delimiter), ord(self._quote) if self._quote else None, self._ending, final=not chunk
            )
            self._ending = layout.ending
            self.line_end = not block or block[-1] in (LF, CR)
            whole = _records_to_take(block, layout)
            if whole:
                frame = self._frame(block, layout, whole)
                if frame is not None:
                    yield frame
            if layout.trouble:
                raise self._error(block, layout, layout.trouble)
            end = int(layout.stops[whole - 1]) if whole else 0
            carry = block[end:]
            if len(carry) > self._limit:
                raise self._open_too_long(layout, end)
            self._line += layout.line_of(end)
            self._offset += end
        if self._header is None:
            raise SourceError("source_empty", Place(self._file.name))

    def _frame(self, block: bytes, layout: Layout, whole: int) -> pl.DataFrame | None:
        """The first `whole` records, proved and parsed; None where only the header was among them."""
        nul = block.find(b"\0", 0, int(layout.stops[whole - 1]))
        sound = whole if nul < 0 else int(np.searchsorted(layout.stops, nul, side="right"))
        first = 0
        if self._header is None and sound:
            self._header = self._read_header(block[: layout.stops[0]], int(layout.widths[0]))
            first = 1
        keep = self._proved_widths(block, layout, first, sound)
        if nul >= 0:
            raise self._nul(layout, nul)
        lines = self._line + np.searchsorted(layout.line_ends, layout.starts[first:whole])
        if keep is None:
            data = block[layout.starts[first] : layout.stops[whole - 1]] if whole > first else b""
        else:
            lines = lines[keep]
            data = b"".join(block[start:stop] for start, stop in _runs(layout, first, keep))
        return self._parse(data, lines.astype(np.uint64)) if lines.size else None

    def _proved_widths(self, block: bytes, layout: Layout, first: int, whole: int) -> NDArray[np.bool_] | None:
        """Which of the records `first:whole` to keep; None for all. The first one of a wrong width is an error."""
        lengths = layout.stops[first:whole] - layout.starts[first:whole]
        long = np.flatnonzero(lengths > self._limit)
        width = len(self._header or ())
        good: NDArray[np.bool_] = layout.widths[first:whole] == width
        ragged = np.flatnonzero(~good)
        if ragged.size and not self._skip and not (long.size and long[0] < ragged[0]):
            raise self._ragged(block, layout, first + int(ragged[0]), width)
        if long.size:
            raise self._too_long(layout, int(layout.starts[first + long[0]]))
        if not ragged.size:
            return None
        self.quarantined += ragged.size
        for index in ragged[: NAMED_LINES - len(self.skipped)]:
            self.skipped.append(self._line + layout.line_of(int(layout.starts[first + index])))
        return good

    def _read_header(self, record: bytes, columns: int) -> list[str]:
        cells = self._split(record, [str(number) for number in range(columns)]).row(0)
        header = ["" if cell is None else str(cell) for cell in cells]
        if len(header) == 1 and (likely := next((c for c in LIKELY if c in header[0] and c != self._delimiter), "")):
            raise SourceError(
                "csv_other_delimiter", Place(self._file.name, self._line), found=NAMES.get(likely, likely)
            )
        check_headers(header, Place(self._file.name, self._line))
        return header

    def _parse(self, data: bytes, lines: NDArray[np.uint64]) -> pl.DataFrame:
        frame = self._split(data, self._header or [])
        assert frame.height == lines.size, "Polars split a proved block into another number of rows"
        return self._cells.printable(blank_to_null(frame), data).with_columns(pl.Series(ROW, lines))

    def _split(self, data: bytes, names: list[str]) -> pl.DataFrame:
        """Proved bytes as text columns."""
        if data.startswith(MARK):
            data = MARK + data  # Polars drops one at the start of what it reads; this one is text
        if data[-1] not in (LF, CR):
            data += b"\r" if self._ending == CR else b"\n"
        return pl.read_csv(
            data,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            separator=self._delimiter,
            quote_char=self._quote or None,
            eol_char="\r" if self._ending == CR else "\n",
        )

    def _place(self, layout: Layout, offset: int) -> Place:
        return Place(self._file.name, self._line + layout.line_of(offset))

    def _nul(self, layout: Layout, at: int) -> SourceError:
        return SourceError("source_nul", self._place(layout, at), offset=self._file.start + self._offset + at)

    def _too_long(self, layout: Layout, start: int) -> SourceError:
        return SourceError("csv_record_long", self._place(layout, start), mebibytes=self._limit >> 20)

    def _open_too_long(self, layout: Layout, start: int) -> SourceError:
        """A record without an end in sight; where a quote is open, that is the reason."""
        opened = layout.open_quote()
        if opened is None:
            return self._too_long(layout, start)
        return SourceError("csv_quote_long", self._place(layout, opened), mebibytes=self._limit >> 20)

    def _ragged(self, block: bytes, layout: Layout, index: int, width: int) -> SourceError:
        """A record of the wrong width, blamed on the line it starts on."""
        start, stop = int(layout.starts[index]), int(layout.stops[index])
        place = self._place(layout, start)
        if _is_blank(block, layout, index):
            return SourceError("csv_blank_line", place, columns=width)
        delimiter = "tab" if self._delimiter == "\t" else self._delimiter
        cells = int(layout.widths[index])
        last = self._line + layout.line_of(stop - 1)
        if last > place.line:
            quote = int(layout.quotes[np.searchsorted(layout.quotes, start)])
            return SourceError(
                "csv_width_lines",
                place,
                cells=cells,
                columns=width,
                last=last,
                quote=self._line + layout.line_of(quote),
                delimiter=delimiter,
            )
        key = "csv_width_one" if cells == 1 else "csv_width"
        return SourceError(key, place, cells=cells, columns=width, delimiter=delimiter)

    def _error(self, block: bytes, layout: Layout, trouble: Trouble) -> SourceError:
        """The error of a damaged quote or line end, with the column it stands in."""
        start = int(layout.stops[-1]) if layout.stops.size else 0
        nul = block.find(b"\0", start, trouble.seen)
        if nul >= 0:  # UTF-16 without its mark: the NUL says more than the quote before it
            return self._nul(layout, nul)
        before = np.searchsorted(layout.delimiters, (start, trouble.at))
        column = int(before[1] - before[0])
        header = self._header or []
        named = clipped(header[column]) if column < len(header) else column + 1
        return SourceError(trouble.kind, self._place(layout, trouble.at), column=named)


def _records_to_take(block: bytes, layout: Layout) -> int:
    """How many whole records to read now. Blank lines at the end wait: they are nothing if nothing follows."""
    whole = layout.stops.size
    while whole and not layout.trouble and _is_blank(block, layout, whole - 1):
        whole -= 1
    return whole


def _runs(layout: Layout, first: int, keep: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Start and stop offsets of neighbouring records that are kept."""
    edges = np.flatnonzero(np.diff(keep, prepend=False, append=False))
    for begin, end in zip(edges[0::2], edges[1::2], strict=True):
        yield int(layout.starts[first + begin]), int(layout.stops[first + end - 1])


def _is_blank(block: bytes, layout: Layout, index: int) -> bool:
    """Whether a record is a line end and nothing else."""
    return not block[layout.starts[index] : layout.stops[index]][:3].strip(b"\r\n")


def _and_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, and b"" as the end."""
    yield from chunks
    yield b""


def _one_byte(key: str, text: str, name: str) -> str:
    """A delimiter or quote: one ASCII character that is no line end."""
    if len(text) != 1 or not text.isascii() or text in "\0\r\n":
        raise ConfigError(key, subject=name, **{key.removeprefix("csv_"): clipped(text)})
    return text
