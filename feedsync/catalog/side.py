"""The narrow tables that a batch needs besides its own rows: keys, parents, joined sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from feedsync.catalog.plan import bad_flag
from feedsync.errors import ConfigError, Place, SourceError, nearest
from feedsync.frames import ROW

KEY = "__key"
PARENT = "__parent"
NUMBER = r"^-?[0-9]{1,15}(\.[0-9]+)?$"


@dataclass(frozen=True)
class Keys:
    """Every row's key and parent, in source order: columns __key, __parent (text), _row."""

    frame: pl.DataFrame

    @classmethod
    def collect(cls, batches: Iterable[pl.DataFrame]) -> Keys:
        empty = pl.DataFrame(schema={KEY: pl.String, PARENT: pl.String, ROW: pl.UInt64})
        return cls(pl.concat([empty, *batches], rechunk=True))

    def parents(self) -> pl.Series:
        """Keys that some row names as its parent."""
        return self.frame[PARENT].drop_nulls().unique(maintain_order=True)

    def orphans(self) -> pl.Series:
        """Parents that are named and not there."""
        named = self.parents()
        return named.filter(~named.is_in(self.frame[KEY].drop_nulls().implode()))

    def products(self, parents_are_products: bool) -> pl.DataFrame:
        """The rows that are products: all but those that are somebody's parent."""
        if parents_are_products or self.frame[PARENT].null_count() == len(self.frame):
            return self.frame
        return self.frame.filter(~pl.col(KEY).is_in(self.parents().implode()).fill_null(False))

    def repeated(self, products: pl.DataFrame) -> pl.DataFrame:
        """Key -> `rows`, the rows that share it, for keys of more than one product; columns __key, rows List(UInt64)."""
        shared = products.filter(pl.col(KEY).is_not_null() & pl.col(KEY).is_duplicated())
        return shared.group_by(KEY, maintain_order=True).agg(rows=pl.col(ROW))


def positions(keys: pl.Series, of: pl.Series) -> pl.Series:
    """For each key, the index of its first occurrence in `of`, as UInt32; null where it does not occur or is missing.

    Computed once for all rows, so that a batch only gathers.
    """
    index = pl.DataFrame({KEY: of}).with_row_index("at").unique(KEY, keep="first", maintain_order=True)
    asked = pl.DataFrame({KEY: keys})
    return asked.join(index, on=KEY, how="left", validate="m:1", maintain_order="left")["at"]


def gathered(frame: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    """The rows of `frame` at the positions; null for a null position."""
    return frame.select(pl.all().gather(at)) if len(frame) else frame.clear(len(at))


@dataclass(frozen=True)
class Parents:
    """Parents' typed fields, from which children take what they lack."""

    frame: pl.DataFrame
    """The inherited fields, one row per parent, in the order that `positions` points into."""

    def inherited(self, typed: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
        """The batch with every inherited field filled from the parent where the child has none of its own.

        `at` holds each row's parent position. A child's cell that did not read (its flag is set) is not filled: a
        wrong price is not the parent's price.
        """
        wanted = [name for name in self.frame.columns if name in typed.columns]
        if not wanted or at.null_count() == len(at):
            return typed
        theirs = gathered(self.frame.select(wanted), at)
        filled = []
        for name in wanted:
            lacking = typed[name].is_null()
            if bad_flag(name) in typed.columns:
                lacking = lacking & ~typed[bad_flag(name)]
            filled.append(typed[name].zip_with(~lacking, theirs[name]))
        return typed.with_columns(filled)


@dataclass(frozen=True)
class Joined:
    """A further source's columns, one row per key."""

    name: str
    frame: pl.DataFrame
    """__key, the raw columns under their raw names, and _row of the first row of each key."""

    def positions(self, keys: pl.Series) -> pl.Series:
        """Where each key stands in `frame`; blanks around a key do not count."""
        return positions(keys.str.strip_chars(), self.frame[KEY])

    def onto(self, raw: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
        """The batch with this source's columns; null where the key is not known."""
        return raw.hstack(gathered(self.frame.drop(KEY, ROW), at))

    def strangers(self, at: pl.Series) -> pl.DataFrame:
        """Rows of this source that no product points at: __key, _row."""
        known = at.drop_nulls().unique()
        index = pl.int_range(pl.len(), dtype=pl.UInt32)
        return self.frame.filter(~index.is_in(known.implode())).select(KEY, ROW)


def keyed(
    frame: pl.DataFrame,
    column: str,
    headers: Mapping[str, str],
    aggregate: Mapping[str, str],
    name: str,
    place: Place,
) -> pl.DataFrame:
    """One row per key of a joined source: __key, its raw columns, _row of the first row.

    `headers` is header -> raw column; `aggregate` header -> sum, min, max, first, last, count or join. Rows without
    a key are left out. Raises SourceError where a key has several rows and nothing says how they become one.
    """
    raws = list(headers.values())
    flags = [flag for raw in raws if (flag := f"{raw}_number") in frame.columns]
    rows = frame.with_columns(pl.col(headers[column]).str.strip_chars().alias(KEY)).filter(pl.col(KEY).is_not_null())
    if not rows[KEY].is_duplicated().any():
        return rows.select(KEY, *raws, *flags, ROW)
    for header in aggregate:
        if header not in headers:
            raise ConfigError(
                "aggregate_unknown", place, subject=name, column=header, source=name, near=nearest(header, headers)
            )
    if not aggregate:
        raise _several(rows, name, place)
    columns: list[pl.Expr] = []
    for header, raw in headers.items():
        how = aggregate.get(header)
        if how is None and header != column:
            _must_agree(rows, header, raw, name, place)
        columns.append(_AGGREGATES[how or "first"](rows, header, raw, name, place).alias(raw))
    return rows.group_by(KEY, maintain_order=True).agg(
        *columns, *(pl.col(flag).first() for flag in flags), pl.col(ROW).first()
    )


def _several(rows: pl.DataFrame, name: str, place: Place) -> SourceError:
    shared = rows.filter(pl.col(KEY).is_duplicated()).group_by(KEY, maintain_order=True).agg(pl.col(ROW))
    first = shared.row(0)
    lines = ", ".join(str(row) for row in first[1][:3])
    return SourceError("join_many_rows", place, subject=name, source=name, count=len(shared), key=first[0], rows=lines)


def _must_agree(rows: pl.DataFrame, header: str, raw: str, name: str, place: Place) -> None:
    differing = rows.group_by(KEY, maintain_order=True).agg(pl.col(raw).n_unique().alias("n")).filter(pl.col("n") > 1)
    if len(differing):
        raise SourceError("aggregate_disagree", place, subject=name, source=name, key=differing[KEY][0], column=header)


def _exact(how: str, reduce: Callable[[pl.Expr], pl.Expr]) -> Callable[..., pl.Expr]:
    """An aggregation of numbers: texts are read as canonical decimals, the result is printed as one."""

    def build(rows: pl.DataFrame, header: str, raw: str, name: str, place: Place) -> pl.Expr:
        broken = rows.filter(pl.col(raw).is_not_null() & ~pl.col(raw).str.strip_chars().str.contains(NUMBER))
        if len(broken):
            raise SourceError(
                "aggregate_number",
                place,
                subject=name,
                source=name,
                value=broken[raw][0],
                row=broken[ROW][0],
                column=header,
                how=how,
            )
        numbers = pl.col(raw).str.strip_chars().cast(pl.Decimal(38, 8))
        text = reduce(numbers).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
        return pl.when(pl.col(raw).is_not_null().any()).then(text)

    return build


def _plain(reduce: Callable[[pl.Expr], pl.Expr]) -> Callable[..., pl.Expr]:
    return lambda _rows, _header, raw, _name, _place: reduce(pl.col(raw))


_AGGREGATES: dict[str, Callable[..., pl.Expr]] = {
    "sum": _exact("sum", lambda numbers: numbers.sum()),
    "min": _exact("min", lambda numbers: numbers.min()),
    "max": _exact("max", lambda numbers: numbers.max()),
    "first": _plain(lambda column: column.drop_nulls().first()),
    "last": _plain(lambda column: column.drop_nulls().last()),
    "count": _plain(lambda column: column.drop_nulls().len().cast(pl.String)),
    "join": _plain(lambda column: column.drop_nulls().str.join(",")),
}
