"""Which products a user asked for: --sku and --where, compiled over the rows' fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from feedsync.errors import Place, UsageError, nearest
from feedsync.expressions import Scope, Value, compile_condition
from feedsync.expressions.printing import text_of
from feedsync.expressions.registry import Function
from feedsync.expressions.scope import Hoisted, Table
from feedsync.semantics import Type


@dataclass(frozen=True)
class Selection:
    """Keys and a boolean template; both together narrow. Neither: all rows."""

    skus: tuple[str, ...] = ()
    where: str | None = None

    def __bool__(self) -> bool:
        return bool(self.skus) or self.where is not None


@dataclass(frozen=True)
class Picker:
    """A selection compiled over one row set."""

    expr: pl.Expr
    hoisted: Hoisted
    reads: tuple[str, ...]

    def mask(self, typed: pl.DataFrame) -> pl.Series:
        """True where a row of the typed batch is asked for."""
        lazy = typed.lazy()
        for stage in self.hoisted.stages():
            lazy = lazy.with_columns(stage)
        return lazy.select(self.expr.fill_null(False).alias("picked")).collect()["picked"]


def compile_selection(
    selection: Selection,
    fields: Mapping[str, Type],
    keys: tuple[str, ...],
    tables: Mapping[str, Table],
    zone: str,
    functions: Mapping[str, Function] | None = None,
) -> Picker | None:
    """The selection over rows with these fields; `keys` are the fields that --sku names (any of them may match)."""
    if not selection:
        return None
    hoisted = Hoisted(prefix="__s")
    expr = pl.lit(True)
    reads: tuple[str, ...] = ()
    if selection.skus:
        expr = pl.any_horizontal(text_of(pl.col(key), fields[key], zone).is_in(list(selection.skus)) for key in keys)
        reads = keys
    if selection.where is not None:
        names = {name: Value(pl.col(name), kind) for name, kind in fields.items()}
        scope = Scope(names=names, tables=tables, zone=zone, hoisted=hoisted, functions=functions or {})
        compiled = compile_condition(selection.where, scope, Place("--where"), False)
        expr = expr & compiled.value.expr.fill_null(False)
        reads = tuple(dict.fromkeys([*reads, *compiled.reads]))
    return Picker(expr, hoisted, reads)


def nothing_selected(selection: Selection, read: int, keys: pl.Series) -> UsageError:
    """The error for a selection that matches nothing: it is never "all fine"."""
    near = ""
    if selection.skus and len(keys):
        near = nearest(selection.skus[0], keys.drop_nulls().unique(maintain_order=True).head(20_000).to_list())
    asked = ", ".join(selection.skus) or selection.where or ""
    return UsageError("nothing_selected", asked=asked, read=read, near=near)
