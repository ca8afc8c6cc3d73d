"""A table's rows with the catalog's fields beside them: the rows of a feed with `rows:`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from feedsync.catalog.batch import CatalogContext
from feedsync.catalog.plan import FieldPlan, bad_flag
from feedsync.catalog.rules import SHARED
from feedsync.catalog.side import KEY, gathered, positions
from feedsync.errors import ConfigError, Place, nearest
from feedsync.expressions.printing import text_of
from feedsync.findings import CODES
from feedsync.frames import Rule
from feedsync.mapping.feed import FeedMapping
from feedsync.run.row_set import DeclaredSource, RowSet, RowsSpec
from feedsync.run.rows import read_rows
from feedsync.run.selection import Picker
from feedsync.semantics import Type
from feedsync.specs.source import TableSpec

_STRANGER = "__stranger"  # the row names a product that the catalog does not have
_PRODUCT_SHARED = "__product_shared"  # the row's product has a key that several catalog rows share


@dataclass
class TableRows:
    """A table after pass 1, its feeds' mappings, and what they read of the catalog."""

    name: str
    spec: TableSpec
    rows: RowSet
    fields: dict[str, Type]
    """The table's own fields and the catalog's; the table's win."""
    mappings: list[FeedMapping]
    catalog_reads: tuple[str, ...]
    zone: str
    place: Place
    picker: Picker | None = None
    products: pl.DataFrame | None = None
    """The catalog's typed products: the fields read, their flags, __product_shared."""
    at: pl.Series | None = None

    def attach(self, catalog: RowSet, key: str) -> None:
        """Take the catalog's products into memory, as far as the feeds read them, and find each row's product."""
        if self.spec.catalog_key is None:
            return
        flags = [bad_flag(name) for name in self._fallible(catalog)]
        frames = [
            batch.select(KEY, *self.catalog_reads, *flags, pl.col(SHARED).alias(_PRODUCT_SHARED), *self._raw(catalog))
            for batch in catalog.batches()
        ]
        products = pl.concat(frames)
        self.products = products.drop(KEY)
        own = pl.concat([self._key_of(batch) for batch in self.rows.batches()])
        self.at = positions(own, products[KEY])

    def _raw(self, catalog: RowSet) -> list[str]:
        """Raw columns of catalog fields that can fail, so that a finding can show the cell."""
        fields = [catalog.plan.fields[name] for name in self._fallible(catalog)]
        return list(dict.fromkeys(one.raw for one in fields if one.raw is not None))

    def _fallible(self, catalog: RowSet) -> list[str]:
        """The catalog's fields that are read here and can fail, with those behind the template of one of them."""
        reads = (name for read in self.catalog_reads for name in (read, *catalog.reader.beneath.get(read, ())))
        return [name for name in dict.fromkeys(reads) if name in catalog.reader.flags]

    def _key_of(self, batch: pl.DataFrame) -> pl.Series:
        name = self.spec.catalog_key or ""
        return batch.select(text_of(pl.col(name), self.fields[name], self.zone).str.strip_chars()).to_series()

    def batches(self) -> Iterator[pl.DataFrame]:
        """The table's typed batches with the catalog's columns beside them; null where there is no such product."""
        offset = 0
        for batch in self.rows.batches():
            if self.products is None or self.at is None:
                yield batch
                continue
            at = self.at.slice(offset, len(batch))
            offset += len(batch)
            theirs = gathered(self.products, at)
            theirs = theirs.drop(name for name in theirs.columns if name in batch.columns)
            filled = [pl.col(name).fill_null(False) for name in theirs.columns if name.startswith("__bad_")]
            yield batch.hstack(theirs.with_columns(filled)).with_columns(at.is_null().alias(_STRANGER))

    def rules(self) -> list[Rule]:
        """What is wrong with a row because of its product: there is none, or its key is shared."""
        if self.spec.catalog_key is None:
            return []
        name = self.spec.catalog_key
        met = text_of(pl.col(name), self.fields[name], self.zone)
        others = pl.col(_PRODUCT_SHARED).list.head(4).cast(pl.List(pl.String)).list.join(", ")
        shared = pl.concat_str([met, pl.lit(" ("), others, pl.lit(")")])
        severity = CODES["FS107"].severity
        return [
            Rule("FS107", name, pl.col(_STRANGER), met, severity, self.place, at_row=True),
            Rule("FS101", name, pl.col(_PRODUCT_SHARED).is_not_null(), shared, "error", self.place, at_row=True),
        ]


def read_table(
    name: str,
    spec: TableSpec,
    source: DeclaredSource,
    place: Callable[[str], Place],
    context: CatalogContext,
    catalog: Mapping[str, Type],
    compiled: Callable[[Mapping[str, Type], Iterable[str]], tuple[list[FeedMapping], Picker | None]],
) -> TableRows:
    """Read a table; `compiled` gives its feeds' mappings, and the selection, over the fields in scope, of which some are
    the table's own."""
    fields: dict[str, Type] = {}
    reads: list[str] = []
    mappings: list[FeedMapping] = []
    pickers: list[Picker | None] = []
    at = source.place

    def wanted(plan: FieldPlan) -> list[str]:
        own = {field: one.type for field, one in plan.fields.items()}
        for column in (*spec.key, *([spec.catalog_key] if spec.catalog_key else [])):
            if column not in own:
                near, known = nearest(column, own), ", ".join(own)
                raise ConfigError(
                    "unknown_table_field", at, subject=f"tables.{name}", name=column, near=near, known=known
                )
        theirs = catalog if spec.catalog_key else {}
        fields.update({**theirs, **own})
        built, picker = compiled(fields, own)
        mappings.extend(built)
        pickers.append(picker)
        reads.extend(field for mapping in mappings for field in (*mapping.reads, *mapping.needs))
        reads.extend(picker.reads if picker is not None else ())
        reads.extend([spec.catalog_key] if spec.catalog_key else [])
        return list(dict.fromkeys(field for field in reads if field in own))

    rows = read_rows(RowsSpec((source,), dict(spec.fields), place, spec.key, at, context, prefix="__tab"), wanted)
    theirs = dict.fromkeys(field for field in reads if field not in rows.plan.fields)
    return TableRows(name, spec, rows, fields, mappings, tuple(theirs), context.zone, at, pickers[0])
