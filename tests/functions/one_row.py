"""Run a template on one row of texts: what the examples of the functions and the checklist are tested with."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import polars as pl

from feedsync.errors import Place
from feedsync.expressions.numbers import date_from_text, money_from_text
from feedsync.expressions.printing import to_text
from feedsync.expressions.scope import Scope, Table, WholeFeeds
from feedsync.expressions.template import compile_template
from feedsync.expressions.values import Value
from feedsync.frames import DECIMAL_DTYPE, dtype
from feedsync.semantics import DATE, DATETIME, DECIMAL, INTEGER, MONEY, TEXT, Type, list_of

ZONE = "Europe/Berlin"
AS_OF = date(2026, 11, 20)
TYPES = (
    (INTEGER, r"-?(0|[1-9]\d{0,6})"),  # longer ones are codes
    (DECIMAL, r"-?(0|[1-9]\d*)\.\d{1,8}"),
    (MONEY, r"-?\d+(\.\d+)? [A-Z]{3}"),
    (DATE, r"\d{4}-\d\d-\d\d"),
    (DATETIME, r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d"),
    (list_of(TEXT), r"\[\".*\"\]"),
)


def typed(cell: str) -> tuple[Type, pl.Series]:
    """A cell in the canonical form of a type is of that type; all else, and eight digits or more, is text."""
    kind = next((kind for kind, pattern in TYPES if re.fullmatch(pattern, cell)), TEXT)
    text = pl.Series([cell or None], dtype=pl.String)
    if kind == INTEGER:
        return kind, pl.Series([int(cell)], dtype=pl.Int64)
    if kind == DECIMAL:
        return kind, pl.Series([Decimal(cell)], dtype=DECIMAL_DTYPE)
    if kind == list_of(TEXT):
        return kind, pl.Series([json.loads(cell)], dtype=dtype(kind))
    frame = text.to_frame("cell")
    readers = {
        MONEY: money_from_text(pl.col("cell"), ".", None).value,
        DATE: date_from_text(pl.col("cell"), None, None).value,
        DATETIME: date_from_text(pl.col("cell"), None, ZONE).value,
    }
    return kind, frame.select(readers[kind]).to_series() if kind in readers else text


def run(
    template: str, row: dict[str, str], tables: dict[str, Table] | None = None, *, missing: bool = False
) -> tuple[str | None, list[str]]:
    """The canonical text of the template's value (None: missing), and the codes of the steps that failed.

    With `missing` all cells of the row are missing and keep their types.
    """
    cells = {name: typed(cell) for name, cell in row.items()}
    texts, failed = run_rows(template, cells, [None if missing else 0], tables)
    return texts[0], failed


def run_rows(
    template: str,
    cells: dict[str, tuple[Type, pl.Series]],
    rows: list[int | None],
    tables: dict[str, Table] | None = None,
) -> tuple[list[str | None], list[str]]:
    """The same for several rows, each of them the one row of the cells (0) or a row where all is missing (None)."""
    cells = {name: (kind, series.gather(pl.Series(rows, dtype=pl.UInt32))) for name, (kind, series) in cells.items()}
    names = {name: Value(pl.col(name), kind) for name, (kind, _) in cells.items()}
    whole = WholeFeeds()
    scope = Scope(names=names, tables=tables or {}, zone=ZONE, as_of=AS_OF, whole=whole)
    compiled = compile_template(template, scope, Place("feedsync.yaml", 1, 1))
    frame = pl.DataFrame({name: series for name, (_, series) in cells.items()} or {"row": rows})
    frame = frame.with_columns(step.alias(name) for name, step in whole_columns(whole))
    for stage in scope.hoisted.stages():
        frame = frame.with_columns(stage)
    texts = frame.with_columns(to_text(compiled.value, ZONE).alias("text"))["text"].to_list()
    failed = [failure.code for failure in compiled.failures if frame.select(failed=failure.failed)["failed"].any()]
    return texts, failed


def whole_columns(whole: WholeFeeds) -> list[tuple[str, pl.Expr]]:
    """What the steps over a whole feed give where the feed is one row."""
    one = {"rank": pl.lit(1, dtype=pl.Int64)}
    return [(step.column, one.get(step.function, pl.concat_list(step.input.expr))) for step in whole.steps]
