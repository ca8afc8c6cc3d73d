"""How far the sheets of an .ods file reach, told before its reader makes room for them: repeats cost it nothing to say."""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

from feedsync.errors import Place, SourceError

ROWS: Final = 1_048_576  # of a sheet in LibreOffice; what stands below is lost in the reader
COLUMNS: Final = 16_384
CELLS: Final = ("table:table-cell", "table:covered-table-cell")
# control signs that XML forbids and some writers leave in texts; the workbook's reader takes them, and they go later
BLANKED: Final = bytes(32 if code < 32 and code not in (9, 10, 13) else code for code in range(256))
DIGITS: Final = 10  # a repeat of more digits is beyond any sheet, and Python need not read it


class Reach:
    """The content of an .ods file, piece by piece: a SourceError for what lies outside a sheet, or spans too much."""

    def __init__(self, place: Place, cells: int) -> None:
        """`cells` is how many places all sheets together may span."""
        self.currencies: dict[str, dict[str, int]] = {}
        """By sheet: the currencies of its cells, with how many have each; the reader gives only their numbers."""
        self._place = place
        self._cells = cells
        self._spanned = 0  # by the sheets before this one
        self._table = ""
        self._row = self._repeat = self._column = self._width = 0
        self._filled = 0  # the last column of the row at hand that has anything
        self._last = 0  # places that the sheet at hand spans so far
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def take(self, piece: bytes, last: bool = False) -> None:
        """The next piece."""
        try:
            self._parser.Parse(piece.translate(BLANKED), last)
        except expat.ExpatError:
            raise SourceError("workbook_damaged", self._place) from None

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name in CELLS:
            self._column += _repeats(said, "table:number-columns-repeated")
            if "office:value-type" in said or "table:formula" in said:
                self._filled = self._column
            if said.get("office:value-type") == "currency" and (currency := said.get("office:currency")):
                currencies = self.currencies.setdefault(self._table, {})
                count = _repeats(said, "table:number-columns-repeated") * self._repeat
                currencies[currency] = currencies.get(currency, 0) + count
        elif name == "table:table-row":
            self._repeat = _repeats(said, "table:number-rows-repeated")
            self._row += self._repeat
            self._column = self._filled = 0
        elif name == "table:table":
            self._table = said.get("table:name", "")
            self._row = self._width = 0
        elif name == "text:p":
            self._filled = max(self._filled, self._column)

    def _end(self, name: str) -> None:
        if name == "table:table-row" and self._filled:
            if self._row > ROWS or self._filled > COLUMNS:
                raise SourceError("workbook_outside", self._place, rows=ROWS, columns=COLUMNS)
            self._width = max(self._width, self._filled)
            if self._spanned + self._row * self._width > self._cells:
                raise SourceError("workbook_large", self._place, millions=self._cells // 1_000_000)
            self._last = self._row * self._width
        elif name == "table:table":
            self._spanned += self._last
            self._last = 0

    def _doctype(self, *_: Any) -> None:
        raise SourceError("workbook_damaged", self._place)


def _repeats(said: dict[str, str], name: str) -> int:
    text = said.get(name, "1").strip()
    return int(text.lstrip("0")[:DIGITS] or "0") if text.isdecimal() else 1
