"""What the project's lookup tables were asked for: values that no key matched, keys that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from feedsync.expressions.functions.choice import BETWEEN, category
from feedsync.expressions.scope import Table
from feedsync.expressions.values import Asked
from feedsync.frames import ROW
from feedsync.run.results import LookupResult, Note

if TYPE_CHECKING:
    from feedsync.run.session import Session

KEPT: Final = 10_000
"""Different unmatched values that are told apart, per template; a lookup by product number may have one per product."""
SHOWN: Final = 5


@dataclass
class _Met:
    """What one template asked one table for and did not find: value -> rows, in the order in which they were met."""

    values: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    more: bool = False
    """Some values are not told apart."""

    def add(self, value: str, rows: int) -> None:
        self.rows += rows
        if value in self.values or len(self.values) < KEPT:
            self.values[value] = self.values.get(value, 0) + rows
        else:
            self.more = True


class AskedCounts:
    """Counts, batch by batch, over the unique values of each."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._keys = {name: _keys(table) for name, table in tables.items()}
        self._used: dict[str, dict[str, None]] = {}
        self._met: dict[tuple[str, str, int], _Met] = {}
        self._partly: set[str] = set()

    def count(self, owner: str, asked: Iterable[Asked], rows: pl.DataFrame) -> None:
        """Add what the rows ask. `owner` is the feed, '' for templates of fields."""
        for number, one in enumerate(asked):
            table = self._tables.get(one.table)
            if table is None or table.rows is not one.rows:
                continue  # a table written in the template
            used = self._used.setdefault(one.table, {})
            names = {*one.key.meta.root_names(), *one.asked.meta.root_names()}
            if not names <= set(rows.columns):
                self._partly.add(one.table)
                continue
            met = (
                rows.lazy()
                .select(ROW, one.key.alias("key"), one.asked.alias("asked"))
                .filter("asked")
                .group_by("key", maintain_order=True)
                .agg(pl.len())
                .with_columns(self._matched(one).alias("matched"))
                .collect(engine="in-memory")
            )
            used.update(dict.fromkeys(met["matched"].drop_nulls().unique(maintain_order=True)))
            unmatched = met.filter(pl.col("matched").is_null())
            here = self._met.setdefault((one.table, owner, number), _Met())
            for value, count in unmatched.select("key", "len").iter_rows():
                here.add(value, count)

    def _matched(self, one: Asked) -> pl.Expr:
        """The key of the table that matches, null where none does."""
        keys = self._keys[one.table]
        if one.separator:
            return category(pl.col("key"), {key: key for key in keys}, one.separator)
        return pl.when(pl.col("key").is_in(pl.Series(list(keys), dtype=pl.String).implode())).then(pl.col("key"))

    def results(self, *, unused: bool) -> list[LookupResult]:
        """Per table that was asked, in the project's order. A value counts the rows of the template that met it most
        often: a product in five feeds is one product. `unused`: whether keys that nobody asked for are named."""
        return [self._result(name, unused) for name in self._tables if name in self._used]

    def _result(self, name: str, named: bool) -> LookupResult:
        met = [one for (table, _, _), one in self._met.items() if table == name]
        values: dict[str, int] = {}
        for one in met:
            for value, rows in one.values.items():
                values[value] = max(values.get(value, 0), rows)
        top = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
        named = named and name not in self._partly
        unused = [key for key in self._keys[name] if key not in self._used[name]] if named else []
        return LookupResult(
            name,
            keys=len(self._keys[name]),
            unmatched_values=len(values),
            unmatched_rows=max((one.rows for one in met), default=0),
            more=any(one.more for one in met),
            top=tuple((_shown(value), rows) for value, rows in top[:SHOWN]),
            unused=tuple(_shown(key) for key in unused),
        )


def lookup_notes(run: Session, lookups: Iterable[LookupResult]) -> Iterator[Note]:
    """A hint for each table with values that no key matches, and one for keys that nobody asks for."""
    for one in lookups:
        place = run.project.loaded.document.place(("lookups", one.lookup), key=True)
        if one.unmatched_rows:
            shown = ", ".join(f"{value} ({rows})" for value, rows in one.top)
            known = {"lookup": one.lookup, "values": one.unmatched_values, "rows": one.unmatched_rows, "top": shown}
            yield Note("hint", "lookup_unmatched", place, known)
        if one.unused:
            shown = ", ".join(one.unused[:SHOWN])
            known = {"lookup": one.lookup, "unused": len(one.unused), "keys": one.keys, "top": shown}
            yield Note("hint", "lookup_unused", place, known)


def _keys(table: Table) -> dict[str, None]:
    """The table's keys as templates ask for them."""
    return dict.fromkeys(BETWEEN.join(part.strip() for part in parts) for parts in table.rows)


def _shown(key: str) -> str:
    return " / ".join(key.split(BETWEEN))
