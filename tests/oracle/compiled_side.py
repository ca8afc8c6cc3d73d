"""The compiled expressions, run over a frame of rows and read back as the oracle's kind of results."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl
from evaluator import Result
from nasty import AS_OF, FEED, FIELDS, MARKET, TABLE_KEYS, TABLES, ZONE
from oracle_values import Interval, Money

from feedsync.errors import Place
from feedsync.expressions.scope import Scope, Table
from feedsync.expressions.template import compile_template
from feedsync.expressions.values import Value
from feedsync.frames import dtype
from feedsync.semantics import TEXT, Type, list_of

PLACE = Place("feedsync.yaml", 1, 1)


def type_named(kind: str) -> Type:
    return list_of(TEXT) if kind == "list" else Type(kind)


def scope(fields: Mapping[str, str] = FIELDS) -> Scope:
    """The scope of the test's fields, tables, market and feed."""
    spaces = {
        space: {name: Value(pl.lit(text), TEXT, literal=text) for name, text in values.items()}
        for space, values in (("market", MARKET), ("feed", FEED))
    }
    return Scope(
        names={name: Value(pl.col(name), type_named(kind)) for name, kind in fields.items()},
        spaces=spaces,
        tables={
            name: Table(name, rows=table.rows, keys=TABLE_KEYS.get(name, ("key",)), separator=table.separator)
            for name, table in TABLES.items()
        },
        zone=ZONE,
        as_of=AS_OF,
    )


def frame(rows: Sequence[Mapping[str, object]], fields: Mapping[str, str] = FIELDS) -> pl.DataFrame:
    """The rows as a catalog frame holds them."""
    return pl.DataFrame(
        {
            name: pl.Series(name, [cell(row.get(name)) for row in rows], dtype=dtype(type_named(kind), ZONE))
            for name, kind in fields.items()
        }
    )


def cell(value: object) -> object:
    return value._asdict() if isinstance(value, (Money, Interval)) else value


def python(value: Any, kind: str) -> object:
    """A cell of the result as the oracle writes it."""
    if value is None:
        return None
    if kind == "money":
        return Money(**value)
    if kind == "interval":
        return Interval(**value)
    return value


def compiled_results(
    template: str, rows: Sequence[Mapping[str, object]], fields: Mapping[str, str] = FIELDS
) -> list[Result]:
    """Compile once, evaluate over all rows at once."""
    names = scope(fields)
    compiled = compile_template(template, names, PLACE)
    batch = frame(rows, fields)
    for stage in names.hoisted.stages():
        batch = batch.with_columns(stage)
    kind = compiled.value.type.kind
    failures = compiled.failures
    columns = [compiled.value.expr.alias("value"), *(f.failed.alias(f"failed{n}") for n, f in enumerate(failures))]
    out = batch.with_columns(columns)
    assert out.schema["value"] == dtype(compiled.value.type, ZONE), (out.schema["value"], compiled.value.type)
    failed = [
        [(f.code, step_name(f.step)) for n, f in enumerate(failures) if out[f"failed{n}"][at]]
        for at in range(len(rows))
    ]
    return [
        Result(
            python(value, kind), None if value is None else "text" if compiled.value.type.textual else kind, failed[at]
        )
        for at, value in enumerate(out["value"].to_list())
    ]


@lru_cache(maxsize=256)
def step_name(step: str) -> str:
    """The function's name; an operation of arithmetic as it is written."""
    found = re.match(r"[a-z_]+(?=\(|\Z)", step)
    return found[0] if found else step


def same(compiled: Result, oracle: Result) -> bool:
    """Equal in value, type and failures. An integer where the template's type is decimal has been widened."""
    widened = compiled.type == "decimal" and oracle.type == "integer"
    return (
        (compiled.type == oracle.type or widened)
        and alike(compiled.value, oracle.value)
        and failed(compiled) == failed(oracle)
    )


def alike(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(alike(a, b) for a, b in zip(mine, theirs, strict=True))
    if isinstance(mine, datetime) and isinstance(theirs, datetime):
        return mine.astimezone(UTC) == theirs.astimezone(UTC)
    if isinstance(mine, (Money, Interval)):
        return type(mine) is type(theirs) and all(map(alike, mine, theirs))
    return isinstance(mine, (int, Decimal)) == isinstance(theirs, (int, Decimal)) and bool(mine == theirs)


def failed(result: Result) -> set[tuple[str, str]]:
    """What failed; of arithmetic only that it did (the compiler names the whole operation, the oracle the sign)."""
    return {(code, "" if code == "FS205" else name) for code, name in result.failures}
