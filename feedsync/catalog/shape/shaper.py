"""The steps of one source in their order, block by block; columns that need all rows are put on at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from feedsync.catalog.shape.cells import CELLS, Cells
from feedsync.catalog.shape.headers import NUMBER, known_headers
from feedsync.catalog.shape.late import ANSWER, ASK, Late, late_of
from feedsync.catalog.shape.rows import Dropping, FillingDown
from feedsync.catalog.side import positions
from feedsync.specs.model import Model
from feedsync.specs.shape import Drop, FillDown, Step

_Work = Callable[[pl.DataFrame], pl.DataFrame]


class Shaper:
    """Made for the headers of one source; used once, on its blocks in order.

    `headers` are the columns that come out, `aliases` the source's own header -> the name it goes by; `lacking` are
    the columns of `names` that the source does not have: they are there, and empty.
    """

    def __init__(
        self, headers: Sequence[str], names: Mapping[str, Mapping[str, Sequence[str]]], steps: Sequence[Step]
    ) -> None:
        self.aliases = known_headers(headers, names)
        columns = [self.aliases.get(header, header) for header in headers]
        self.lacking = [name for name in names if name not in columns and NUMBER not in name]
        self.headers: tuple[str, ...] = (*columns, *self.lacking)
        self._work: list[_Work] = []
        self._late: list[Late] = []
        self._asked: list[list[pl.Series]] = []
        self._dropped: list[Dropping] = []
        for step in steps:
            self._add(step.what)

    @property
    def needs_all_rows(self) -> bool:
        """Whether `whole` must be called after the last block."""
        return bool(self._late)

    @property
    def left_out(self) -> dict[str, int]:
        """Reason -> rows that were left out, so far."""
        return {one.reason: one.rows for one in self._dropped if one.rows}

    def block(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A block of the source with its columns named and its steps done; late columns are missing yet."""
        named = frame.rename({header: name for header, name in self.aliases.items() if header in frame.columns})
        empty = [name for name in self.lacking if name not in named.columns]
        shaped = named.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in empty)
        for work in self._work:
            shaped = work(shaped)
        for late, asked in zip(self._late, self._asked, strict=True):
            asked.append(shaped.select(late.ask()).to_series())
        return shaped

    def whole(self) -> Whole:
        """The late columns, after the last block."""
        columns: dict[str, tuple[Late, pl.Series]] = {}
        for late, asked in zip(self._late, self._asked, strict=True):
            table = late.table()
            at = positions(pl.concat(asked), table[ASK])
            columns[late.into] = (late, table[ANSWER].gather(at) if len(table) else _nothing(len(at)))
        return Whole(columns)

    def _add(self, step: Model) -> None:
        late = late_of(step)
        if late is not None:
            self._work.append(_Collecting(late))
            self._late.append(late)
            self._asked.append([])
            self._promise([late.into])
        elif isinstance(step, FillDown):
            self._work.append(FillingDown(step).block)
        elif isinstance(step, Drop):
            dropping = Dropping(step)
            self._dropped.append(dropping)
            self._work.append(dropping.block)
        else:
            cells = CELLS[type(step)](step, self.headers)
            self._work.append(_Replacing(cells))
            self._promise(cells)

    def _promise(self, names: Sequence[str] | Cells) -> None:
        self.headers = (*self.headers, *(name for name in names if name not in self.headers))


class Whole:
    """The late columns of all rows that stayed, cut to blocks."""

    def __init__(self, columns: Mapping[str, tuple[Late, pl.Series]]) -> None:
        self._columns = columns

    def onto(self, frame: pl.DataFrame, offset: int) -> pl.DataFrame:
        """A shaped block, whose first row is row `offset` of all, with its late columns."""
        for name, (late, answers) in self._columns.items():
            mine = frame.with_columns(answers.slice(offset, len(frame)).alias(ANSWER))
            frame = mine.with_columns(late.result().alias(name)).drop(ANSWER)
        return frame


class _Collecting:
    def __init__(self, late: Late) -> None:
        self._late = late

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        self._late.collect(frame)
        return frame


class _Replacing:
    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(cell.alias(name) for name, cell in self._cells.items())


def _nothing(rows: int) -> pl.Series:
    return pl.Series(values=[None] * rows, dtype=pl.String)
