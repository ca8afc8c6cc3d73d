"""Several rows of a joined source become one row per key, as the source's `aggregate` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from feedsync.catalog.plan import Field, number_flag
from feedsync.catalog.reading import decimal_mark, written_out
from feedsync.catalog.side import KEY
from feedsync.errors import ConfigError, Place, SourceError, nearest
from feedsync.expressions import numbers
from feedsync.frames import ROW

NUMERIC: Final[dict[str, Callable[[pl.Expr], pl.Expr]]] = {
    "sum": lambda column: column.sum(),
    "min": lambda column: column.min(),
    "max": lambda column: column.max(),
}
"""Aggregations of numbers; their results are canonical numbers, whatever the decimal mark of the cells."""
_PLAIN: Final[dict[str, Callable[[pl.Expr], pl.Expr]]] = {
    "first": lambda column: column.drop_nulls().first(),
    "last": lambda column: column.drop_nulls().last(),
    "count": lambda column: column.drop_nulls().len().cast(pl.String),
    "join": lambda column: column.drop_nulls().str.join(","),
}
_READS_NUMBERS: Final = ("integer", "decimal", "money")


@dataclass(frozen=True)
class JoinColumns:
    """The columns of a joined source that are wanted."""

    source: str
    key: str
    """The header of the source's own key."""
    headers: Mapping[str, str]
    """Header -> raw column."""
    fields: Mapping[str, Field]
    """Raw column -> the field it fills."""
    aggregate: Mapping[str, str]
    """Header -> sum, min, max, first, last, count or join."""
    place: Place


def keyed(frame: pl.DataFrame, columns: JoinColumns) -> pl.DataFrame:
    """One row per key: __key, the raw columns, flags of cells that are canonical numbers, _row of the first row.

    Rows without a key are left out. A cell that no number aggregation can read stays, so that it is a finding of its
    product. Raises SourceError where a key has several rows and nothing says how they become one.
    """
    for header in columns.aggregate:
        if header not in columns.headers:
            near = nearest(header, columns.headers)
            raise ConfigError(
                "aggregate_unknown",
                columns.place,
                subject=columns.source,
                column=header,
                source=columns.source,
                near=near,
            )
    key = pl.col(columns.headers[columns.key]).str.strip_chars()
    rows = frame.with_columns(key.alias(KEY)).filter(pl.col(KEY).is_not_null())
    raws = list(columns.headers.values())
    flags = [flag for raw in raws if (flag := number_flag(raw)) in frame.columns]
    if not columns.aggregate:
        if rows[KEY].is_duplicated().any():
            raise _several(rows, columns)
        return rows.select(KEY, *raws, *flags, ROW)
    reduced: list[pl.Expr] = []
    for header, raw in columns.headers.items():
        how = columns.aggregate.get(header)
        if how in NUMERIC:
            rows = _with_numbers(rows, header, raw, how, columns)
            reduced += _number(raw, NUMERIC[how])
            continue
        if how is None and header != columns.key:
            _must_agree(rows, header, raw, columns)
        reduced.append(_PLAIN[how or "first"](pl.col(raw)).alias(raw))
        if number_flag(raw) in flags:
            marks = pl.col(number_flag(raw)).filter(pl.col(raw).is_not_null())
            of = {"last": marks.last(), "join": pl.lit(False)}.get(how or "first", marks.first())
            reduced.append(of.alias(number_flag(raw)))
    return rows.group_by(KEY, maintain_order=True).agg(*reduced, pl.col(ROW).first())


def _with_numbers(rows: pl.DataFrame, header: str, raw: str, how: str, columns: JoinColumns) -> pl.DataFrame:
    """The rows with the cells of a column read as numbers, and where they do not read."""
    field = columns.fields.get(raw)
    value, failed = numbers.decimal_from_text(pl.col(raw), decimal_mark(field) if field is not None else None)
    if number_flag(raw) in rows.columns:
        exact, broken = numbers.decimal_from_text(written_out(pl.col(raw)), ".")
        is_number = pl.col(number_flag(raw)).fill_null(False)
        value, failed = (
            pl.when(is_number).then(exact).otherwise(value),
            pl.when(is_number).then(broken).otherwise(failed),
        )
    rows = rows.with_columns(value.alias(_value(raw)), failed.fill_null(False).alias(_failed(raw)))
    if field is None or field.type.kind not in _READS_NUMBERS:
        broken_rows = rows.filter(_failed(raw))
        if len(broken_rows):
            met = {"value": broken_rows[raw][0], "row": broken_rows[ROW][0]}
            raise SourceError(
                "aggregate_number", columns.place, subject=columns.source, column=header, how=how,
                field=field.name if field is not None else header, **met,
            )  # fmt: skip
    return rows


def _number(raw: str, reduce: Callable[[pl.Expr], pl.Expr]) -> list[pl.Expr]:
    """The canonical number of a group's cells, or its first cell that is none; and whether it is one."""
    text = reduce(pl.col(_value(raw))).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    failed = pl.col(_failed(raw)).any()
    first_failed = pl.col(raw).filter(pl.col(_failed(raw))).first()
    there = pl.col(raw).is_not_null().any()
    return [pl.when(failed).then(first_failed).when(there).then(text).alias(raw), (~failed).alias(number_flag(raw))]


def _value(raw: str) -> str:
    return f"{raw}_value"


def _failed(raw: str) -> str:
    return f"{raw}_failed"


def _several(rows: pl.DataFrame, columns: JoinColumns) -> SourceError:
    shared = rows.filter(pl.col(KEY).is_duplicated()).group_by(KEY, maintain_order=True).agg(pl.col(ROW))
    key, where = shared.row(0)
    lines = ", ".join(str(row) for row in where[:3])
    return SourceError("join_many_rows", columns.place, subject=columns.source, count=len(shared), key=key, rows=lines)


def _must_agree(rows: pl.DataFrame, header: str, raw: str, columns: JoinColumns) -> None:
    kinds = pl.col(raw).drop_nulls().n_unique().alias("n")
    differing = rows.group_by(KEY, maintain_order=True).agg(kinds).filter(pl.col("n") > 1)
    if len(differing):
        raise SourceError(
            "aggregate_disagree", columns.place, subject=columns.source, key=differing[KEY][0], column=header
        )
