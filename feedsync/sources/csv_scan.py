"""Where the records of a block of CSV begin and end, proved with numpy before a parser sees a byte.

A quote counts by parity: an even one (0, 2, ...) opens a cell or is the second half of a doubled quote, an odd one
closes a cell or is the first half. That holds as long as every even quote stands at a cell's start or right after an
odd one, and every odd quote at a cell's end or right before an even one; both are checked, for all quotes at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LF: Final = 10
CR: Final = 13
Offsets = NDArray[np.intp]


@dataclass(frozen=True)
class Trouble:
    """What ends the proof: `kind` is the text's key, `at` the offset it is blamed on."""

    kind: str
    at: int
    seen: int
    """Up to where the block was read when it showed."""


@dataclass(frozen=True)
class Layout:
    """The whole records of a block that begins with a record; with trouble, those before it."""

    starts: Offsets
    stops: Offsets
    """One after the record's line end."""
    widths: Offsets
    """Cells of each record."""
    line_ends: Offsets
    """Offsets of all physical line ends (the last byte of LF, CRLF, CR), also those inside quotes."""
    delimiters: Offsets
    """Offsets of delimiters outside quotes."""
    quotes: Offsets
    ending: int | None
    """How records end: LF (CRLF too) or CR alone; None while no record has ended."""
    trouble: Trouble | None

    def line_of(self, offset: int) -> int:
        """How many lines end before the offset."""
        return int(np.searchsorted(self.line_ends, offset))

    def open_quote(self) -> int | None:
        """The offset of the quote that is open where the block ends, if one is."""
        return _opener(self.quotes, self.quotes.size - 1) if self.quotes.size % 2 else None


def lay_out(block: bytes, delimiter: int, quote: int | None, ending: int | None, *, final: bool) -> Layout:
    """Prove quoting and line ends of a block. `ending` is what former blocks found, `final` that no bytes follow."""
    array = np.frombuffer(block, np.uint8)
    line_ends = _line_ends(block, array, final=final)
    delimiters = np.flatnonzero(array == delimiter)
    none = np.empty(0, np.intp)
    quotes = np.flatnonzero(array == quote) if quote is not None and quote in block else none
    trouble = _bad_quote(array, quotes, line_ends, delimiter) if quotes.size else None
    if trouble is None and final and quotes.size % 2:
        trouble = Trouble("csv_open_quote", _opener(quotes, quotes.size - 1), len(block))
    record_ends = line_ends
    if quotes.size:
        record_ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0]
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    if trouble is not None:
        record_ends = record_ends[: np.searchsorted(record_ends, trouble.at)]
    if record_ends.size:
        kinds = array[record_ends]
        ending = int(kinds[0]) if ending is None else ending
        other = np.flatnonzero(kinds != ending)
        if other.size:
            at = int(record_ends[other[0]])
            trouble = Trouble("csv_mixed_ends", at, at)
            record_ends = record_ends[: other[0]]
    stops = record_ends + 1
    if final and trouble is None and len(block) > (stops[-1] if stops.size else 0):
        stops = np.append(stops, len(block))
    starts = np.concatenate((np.zeros(min(1, stops.size), np.intp), stops[:-1]))
    widths = np.diff(np.searchsorted(delimiters, stops), prepend=0) + 1
    return Layout(starts, stops, widths, line_ends, delimiters, quotes, ending, trouble)


def _line_ends(block: bytes, array: NDArray[np.uint8], *, final: bool) -> Offsets:
    """Offsets of LF, and of CR without LF; a CR that is the last byte waits for the next block."""
    line_feeds = np.flatnonzero(array == LF)
    if b"\r" not in block:
        return line_feeds
    returns = np.flatnonzero(array == CR)
    last = returns[-1] == array.size - 1
    inner = returns[:-1] if last else returns
    alone = inner[array[inner + 1] != LF]
    if last and final:
        alone = np.append(alone, returns[-1])
    return np.sort(np.concatenate((line_feeds, alone))) if alone.size else line_feeds


def _bad_quote(array: NDArray[np.uint8], quotes: Offsets, line_ends: Offsets, delimiter: int) -> Trouble | None:
    """The first quote that does not stand where its parity wants it."""
    border = np.zeros(256, np.bool_)
    border[[delimiter, LF, CR, array[quotes[0]]]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    wrong_opening = np.flatnonzero(~border[array[np.maximum(opening - 1, 0)]] & (opening > 0))
    last = array.size - 1
    wrong_closing = np.flatnonzero(~border[array[np.minimum(closing + 1, last)]] & (closing < last))
    stray = 2 * int(wrong_opening[0]) if wrong_opening.size else quotes.size
    ended = 2 * int(wrong_closing[0]) + 1 if wrong_closing.size else quotes.size
    if stray < ended:
        return Trouble("csv_stray_quote", int(quotes[stray]), int(quotes[stray]))
    if ended == quotes.size:
        return None
    opener = _opener(quotes, ended)
    same_line = np.searchsorted(line_ends, opener) == np.searchsorted(line_ends, quotes[ended])
    return Trouble("csv_after_quote" if same_line else "csv_open_quote", opener, int(quotes[ended]) + 2)


def _opener(quotes: Offsets, index: int) -> int:
    """The offset of the quote that opened the cell in which the quote number `index` stands."""
    opening = quotes[0 : index + 1 : 2]
    first_halves = quotes[1 : 2 * opening.size - 1 : 2]
    real = np.flatnonzero(opening[1:] != first_halves + 1)
    return int(opening[real[-1] + 1]) if real.size else int(opening[0])
