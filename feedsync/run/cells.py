"""Where a field's value came from: the cell of its own row, of a joined source's row, or of its parent's row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from feedsync.catalog.side import KEY, PARENT
from feedsync.frames import ROW
from feedsync.run.engine import Engine
from feedsync.run.results import ExplainedCell


class Cells:
    """The cells behind one typed row of an engine."""

    def __init__(self, engine: Engine, row: pl.DataFrame) -> None:
        self.catalog = engine.catalog
        self.tables = {name: table for table in engine.tables for name in table.rows.plan.fields}
        self.row = row

    def of(self, fields: Iterable[str]) -> Iterator[ExplainedCell]:
        """One cell per field that comes from a column, in order; of a field's template those that it reads."""
        beneath = self.catalog.reader.beneath
        for name in dict.fromkeys(part for field in fields for part in (*beneath.get(field, ()), field)):
            table = next((t for t in self.tables.values() if name in t.rows.plan.fields), None)
            of_table = table is not None and f"{table.rows.plan.fields[name].raw}" in self.row.columns
            rows = table.rows if table is not None and of_table else self.catalog
            one = rows.plan.fields.get(name)
            if one is None or one.raw is None or one.raw not in self.row.columns:
                continue
            value = self.row[one.raw][0]
            if one.source > 0:
                join = rows.joins[one.source - 1]
                at = self.row[f"__at_{one.source - 1}"][0] if f"__at_{one.source - 1}" in self.row.columns else None
                number = join.frame[ROW][at] if at is not None else 0
                yield ExplainedCell(name, one.origin, value, join.name, number, None)
            elif value is None and (parent := self._parent(name)) is not None:
                yield ExplainedCell(name, one.origin, parent[1], rows.name, parent[2], parent[0])
            else:
                yield ExplainedCell(name, one.origin, value, rows.name, self.row[ROW][0], None)

    def _parent(self, name: str) -> tuple[str, str | None, int] | None:
        """(parent's key, value, parent's row) where the field was inherited."""
        parents = self.catalog.parents
        if parents is None or name not in parents.frame.columns or PARENT not in self.catalog.aligned.columns:
            return None
        mine = self.catalog.aligned.filter(pl.col(ROW) == self.row[ROW][0])
        if mine.is_empty() or mine[PARENT][0] is None:
            return None
        theirs = self.catalog.aligned.filter(pl.col(KEY) == mine[PARENT][0])
        if theirs.is_empty() or self.row[name][0] is None:
            return None
        return str(mine[PARENT][0]), str(self.row[name][0]), int(theirs[ROW][0])
