"""Steps that look at the rows before: what is filled down, and which rows are left out."""

from __future__ import annotations

import polars as pl

from feedsync.specs.shape import Drop, FillDown

_RUN = "__run"


class FillingDown:
    """Fills down inside a product, also across the border of two blocks."""

    def __init__(self, step: FillDown) -> None:
        self._step = step
        self._mark = step.group or step.starts or ""
        self.reads = (self._mark, *step.columns)
        self._last: pl.DataFrame | None = None

    def block(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The block, filled; it remembers its last row for the next one."""
        names = list(dict.fromkeys([self._mark, *self._step.columns]))
        mine = frame.select(names)
        if self._last is not None:
            mine = pl.concat([self._last, mine])
        mark = pl.col(self._mark)
        begins = mark.ne_missing(mark.shift()) if self._step.group else mark.is_not_null()
        runs = mine.with_columns(begins.fill_null(True).cum_sum().alias(_RUN))
        known = mark.is_not_null() if self._step.group else pl.lit(True)
        filled = runs.select(
            *(
                pl.when(known).then(pl.col(name).forward_fill().over(_RUN)).otherwise(pl.col(name)).alias(name)
                for name in self._step.columns
            )
        )
        # of the column that begins a product the next block needs to know that one has begun, filled down or not
        carried = runs.select(mark.forward_fill()) if self._step.starts else runs.select(mark)
        self._last = filled.with_columns(carried.to_series().alias(self._mark)).select(names).tail(1)
        return frame.with_columns(filled.tail(len(frame)).get_columns())


class Dropping:
    """Leaves out rows in which all of some columns are missing, or one of some is not, and counts them."""

    def __init__(self, step: Drop) -> None:
        self._step = step
        self.reads = step.missing or step.filled
        self.reason = step.reason
        self.rows = 0

    def block(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that stay."""
        step = self._step
        there = pl.any_horizontal(pl.col(name).is_not_null() for name in step.missing or step.filled)
        kept = frame.filter(there if step.missing else ~there)
        self.rows += len(frame) - len(kept)
        return kept
