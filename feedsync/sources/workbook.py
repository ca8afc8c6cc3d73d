"""Workbooks of Excel (.xlsx) and LibreOffice (.ods), cell by cell as text.

The sheet is in memory as a whole, some hundred bytes for each cell: its format has no order in which it could be read
otherwise. Text cells stay as they are; a number has the digits that the program shows, dates are ISO 8601.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import polars as pl
import python_calamine as calamine

from feedsync.errors import Place, SourceError, nearest
from feedsync.frames import ROW
from feedsync.sources.base import NUMBER_MARK, ROWS_PER_BLOCK, ProvedSource, Remark, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.exact import text_column, text_of
from feedsync.sources.stored import Bytes, proof_of
from feedsync.sources.workbook_scan import Scan, looked_through, prove, spelled_out

EXACT: Final = 2**53  # whole numbers up to here have all their digits
NAMED: Final = 8
ERRORS: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
Cell = str | int | float | bool | dt.date | dt.time | dt.timedelta


class WorkbookSource(ProvedSource):
    """One sheet; its first row with anything in it is the header, rows without anything are nothing."""

    typed_cells = True
    ends = ("checksum",)

    def __init__(
        self,
        file: Bytes,
        *,
        kind: Literal["xlsx", "ods"] = "xlsx",
        sheet: str | None = None,
        rows: int = ROWS_PER_BLOCK,
    ) -> None:
        """`rows` per block is for tests."""
        super().__init__(file.name)
        self._file = file
        self._kind = kind
        self._sheet = sheet
        self._rows = rows

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the row's number in the sheet, from 1."""
        self._proof = None
        cells = Cells()
        count = 0
        with self._file.held() as path, self._errors():
            if not self._file.size:
                raise SourceError("source_empty", Place(self.name))
            scan, name, others = self._looked(path)
            told = spelled_out(path) if scan.marks else nullcontext(path)
            with told as told_path, told_path.open("rb") as content, calamine.load_workbook(content) as book:
                sheet = book.get_sheet_by_name(name)
                self._refuse_merged(sheet)
                for block in self._frames(sheet, cells):
                    count += block.height
                    yield block
        if not count and others:
            raise SourceError("workbook_no_rows", Place(self.name), sheet=clipped(name), others=_listed(others))
        if not count:
            raise SourceError("source_no_rows", Place(self.name))
        remarks = tuple(_remarks(name, others, scan))
        self._proof = proof_of(self._file, count, self.ends, stripped=cells.stripped, remarks=remarks)

    def sheets(self) -> list[str]:
        """The sheets that may be read, the one that is read first."""
        with self._file.held() as path, self._errors():
            if not self._file.size:
                raise SourceError("source_empty", Place(self.name))
            prove(path, Place(self.name))
            name, others = self._chosen(path)
        return [name, *others]

    def _looked(self, path: Path) -> tuple[Scan, str, list[str]]:
        """What the sheet holds besides values, its name, and the other sheets that people see."""
        place = Place(self.name)
        prove(path, place)  # what is damaged or a bomb is found before the reader sees it
        if self._kind == "ods":  # its reader takes all sheets at once, whichever is chosen
            scan = looked_through(path, place, None)
            return scan, *self._chosen(path)
        name, others = self._chosen(path)
        return looked_through(path, place, name), name, others

    def _chosen(self, path: Path) -> tuple[str, list[str]]:
        with path.open("rb") as content, calamine.load_workbook(content) as book:
            sheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        names = [one.name for one in sheets]
        seen = [one.name for one in sheets if one.visible == calamine.SheetVisibleEnum.Visible]
        if self._sheet is not None and self._sheet not in names:
            known = ", ".join(clipped(name, 30) for name in names[:NAMED]) or "–"
            near = nearest(self._sheet, names)
            raise SourceError("workbook_sheet", Place(self.name), sheet=clipped(self._sheet), near=near, known=known)
        if not seen and self._sheet is None:
            raise SourceError("workbook_hidden", Place(self.name), names=", ".join(names[:NAMED]) or "–")
        name = self._sheet or seen[0]
        return name, [] if self._sheet is not None else [one for one in seen if one != name]

    def _refuse_merged(self, sheet: calamine.CalamineSheet) -> None:
        """Cells that are merged over several rows: only the first one has the value, the other rows have none."""
        start = sheet.start or (0, 0)
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top > start[0]:
                place = Place(self.name, top + 1)
                raise SourceError("workbook_merged", place, cell=f"{_letters(left)}{top + 1}", last=bottom + 1)

    def _frames(self, sheet: calamine.CalamineSheet, cells: Cells) -> Iterator[pl.DataFrame]:
        left = sheet.start[1] if sheet.start else 0
        rows = ((number, row) for number, row in enumerate(sheet.iter_rows(), 1) if any(map(_filled, row)))
        line, first = next(rows, (0, []))
        if not first:
            raise SourceError("workbook_sheet_empty", Place(self.name), sheet=clipped(sheet.name))
        header = [_text(cell) or "" for cell in first]
        named = [position for position, text in enumerate(header) if text.strip()]
        check_headers([header[position] for position in named], Place(self.name, line))
        unnamed = [position for position in range(len(header)) if position not in named]
        while part := list(islice(rows, self._rows)):
            numbers = [number for number, _ in part]
            columns = list(zip(*(row for _, row in part), strict=True))
            for position in unnamed:
                filled = next((at for at, cell in enumerate(columns[position]) if _filled(cell)), None)
                if filled is not None:
                    raise SourceError(
                        "workbook_no_header",
                        Place(self.name, numbers[filled]),
                        column=_letters(left + position),
                        line=line,
                    )
            yield self._frame({header[position]: columns[position] for position in named}, numbers, cells)

    def _frame(self, columns: dict[str, Sequence[Cell]], numbers: list[int], cells: Cells) -> pl.DataFrame:
        place = Place(self.name)
        texts = [text_column(name, [*map(_text, values)], numbers[0], place) for name, values in columns.items()]
        marks = [
            pl.Series(NUMBER_MARK + name, flags, dtype=pl.Boolean)
            for name, values in columns.items()
            if any(flags := [isinstance(value, float) for value in values])
        ]
        rows = pl.Series(ROW, numbers, dtype=pl.UInt64)
        return cells.printable(blank_to_null(pl.DataFrame(texts))).with_columns(*marks, rows)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What the reader of workbooks says."""
        try:
            yield
        except calamine.PasswordError:
            raise SourceError("workbook_old", Place(self.name)) from None
        except calamine.CalamineError as error:
            raise SourceError("workbook_damaged", Place(self.name)) from error


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _text(cell: Cell) -> str | None:
    """A cell as the program shows it without a format: 15 digits of a fraction, all of a whole number; no error."""
    if isinstance(cell, float):
        exact = cell == int(cell) and abs(cell) <= EXACT if cell - cell == 0 else True
        return text_of(cell if exact else Decimal(f"{cell:.15g}"))
    if cell in ERRORS:
        return None
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text_of(cell)


def _listed(names: list[str]) -> str:
    return ", ".join(clipped(one, 30) for one in names[:NAMED])


def _remarks(name: str, others: list[str], scan: Scan) -> Iterator[Remark]:
    if others:
        yield Remark("hint", "workbook_sheets", (("sheet", clipped(name)), ("others", _listed(others))))
    if scan.errors:
        yield Remark("warning", "workbook_errors", (("count", scan.errors), ("cell", scan.first_error or "–")))
    if currencies := scan.currencies.get(name):
        listed = ", ".join(clipped(one, 10) for one in sorted(currencies)[:NAMED])
        count = sum(currencies.values())
        yield Remark("warning", "workbook_currency", (("count", count), ("currencies", listed)))
    if scan.unknown:
        yield Remark("warning", "workbook_unknown", (("count", scan.unknown), ("cell", scan.first_unknown or "–")))


def _letters(column: int) -> str:
    """The name of a column, of which the first is 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
