"""The steps of one source in their order, block by block; columns that need all rows are put on at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from feedsync.catalog.shape.cells import CELLS, Cells
from feedsync.catalog.shape.headers import PLACEHOLDERS, known_headers
from feedsync.catalog.shape.late import ANSWER, ASK, Late, late_of
from feedsync.catalog.shape.rows import Dropping, FillingDown
from feedsync.catalog.side import positions
from feedsync.errors import ConfigError
from feedsync.specs.shape import Drop, FillDown, Step

_Work = Callable[[pl.DataFrame], pl.DataFrame]


class Shaper:
    """Made for the headers of one source; used once, on its blocks in order.

    `headers` are the columns that come out, `aliases` the source's own header -> the name it goes by; `lacking` are
    the columns of `names` that the source does not have: they are there, and empty. A ConfigError where a step reads a
    column that there is not, or not yet.
    """

    def __init__(
        self, headers: Sequence[str], names: Mapping[str, Mapping[str, Sequence[str]]], steps: Sequence[Step]
    ) -> None:
        self.aliases = known_headers(headers, names)
        columns = [self.aliases.get(header, header) for header in headers]
        self.lacking = [name for name in names if name not in columns and not any(one in name for one in PLACEHOLDERS)]
        self.headers: tuple[str, ...] = (*columns, *self.lacking)
        self.kept: frozenset[str] = frozenset()
        """Columns that `Whole.onto` reads of the blocks, besides those that somebody wants."""
        self._work: list[_Work] = []
        self._late: list[Late] = []
        self._asked: list[list[pl.Series]] = []
        self._dropped: list[Dropping] = []
        self._afterwards: list[Cells] = []
        self._not_yet: set[str] = set()
        for step in steps:
            self._add(step)

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
        return Whole(columns, self._afterwards)

    def _add(self, step: Step) -> None:
        what = step.what
        late = late_of(what)
        if late is not None:
            self._must_have(step, late.reads)
            self._work.append(_Collecting(late))
            self._late.append(late)
            self._asked.append([])
            self._not_yet.add(late.into)
            self._promise([late.into])
        elif isinstance(what, FillDown):
            filling = FillingDown(what)
            self._must_have(step, filling.reads)
            self._work.append(filling.block)
        elif isinstance(what, Drop):
            dropping = Dropping(what)
            self._must_have(step, dropping.reads)
            self._dropped.append(dropping)
            self._work.append(dropping.block)
        else:
            self._add_cells(step, CELLS[type(what)](what, self.headers))

    def _add_cells(self, step: Step, cells: Cells) -> None:
        """Of late columns, at the end; of others, block by block."""
        reads = {name for cell in cells.values() for name in cell.meta.root_names()}
        self._must_have(step, sorted(reads), late=True)
        if reads & self._not_yet:
            self._afterwards.append(cells)
            self._not_yet.update(cells)
            self.kept |= reads
        else:
            self._work.append(_Replacing(cells))
            self._not_yet.difference_update(cells)
        self._promise(cells)

    def _must_have(self, step: Step, columns: Sequence[str], *, late: bool = False) -> None:
        for column in columns:
            if column not in self.headers:
                known = ", ".join(self.headers)
                raise ConfigError("shape_unknown_column", subject="shape", step=step.name, column=column, known=known)
            if not late and column in self._not_yet:
                raise ConfigError("shape_late_column", subject="shape", step=step.name, column=column)

    def _promise(self, names: Sequence[str] | Cells) -> None:
        self.headers = (*self.headers, *(name for name in names if name not in self.headers))


class Whole:
    """The late columns of all rows that stayed, cut to blocks, and what is made of them."""

    def __init__(self, columns: Mapping[str, tuple[Late, pl.Series]], afterwards: Sequence[Cells]) -> None:
        self._columns = columns
        self._afterwards = afterwards

    def onto(self, frame: pl.DataFrame, offset: int) -> pl.DataFrame:
        """A shaped block, whose first row is row `offset` of all, with its late columns."""
        for name, (late, answers) in self._columns.items():
            mine = frame.with_columns(answers.slice(offset, len(frame)).alias(ANSWER))
            frame = mine.with_columns(late.result().alias(name)).drop(ANSWER)
        for cells in self._afterwards:
            frame = _Replacing(cells)(frame)
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
