"""How two types agree, and a value as another type it widens to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import polars as pl

from feedsync.expressions.values import UNKNOWN, Value, literal
from feedsync.frames import DECIMAL_DTYPE, dtype
from feedsync.semantics import DECIMAL, NONE, TEXT, Type, list_of

FOLDABLE: Final = ("text", "url", "gtin", "enum", "integer", "decimal", "boolean", "date")


def common(a: Type, b: Type) -> Type | None:
    """The type both agree on: missing agrees with all, an integer widens to a decimal, texts are text."""
    if a == b or b.kind == "none":
        return a
    if a.kind == "none":
        return b
    if a.textual and b.textual:
        return TEXT
    if a.numeric and b.numeric:
        return DECIMAL
    if a.kind == b.kind == "list":
        inner = common(a.of or NONE, b.of or NONE)
        return list_of(inner) if inner else None
    return None


def missing(kind: Type, zone: str) -> Value:
    """A value that is missing in every row."""
    return Value(pl.lit(None, dtype=dtype(kind, zone)), kind, literal=None)


def cast(value: Value, kind: Type, zone: str) -> Value:
    """The value as a type that `common` allows."""
    if value.type == kind:
        return value
    if value.missing:
        return missing(kind, zone)
    if value.type.kind == "integer" and kind.kind == "decimal":
        return as_decimal(value)
    if value.type.kind == "list" and dtype(value.type, zone) != dtype(kind, zone):
        if value.type.of == NONE:
            return _none_as(value, kind, zone)
        known: object = UNKNOWN
        if isinstance(value.literal, list):
            known = [None if part is None else Decimal(part) for part in value.literal]
        parts = tuple(cast(part, kind.of or TEXT, zone) for part in value.parts)
        return Value(value.expr.cast(dtype(kind, zone)), kind, literal=known, parts=parts)
    return value.replaced(type=kind)


def _none_as(value: Value, kind: Type, zone: str) -> Value:
    """A list whose elements are all missing as a list of any type."""
    inside = pl.lit(None, dtype=dtype(kind.of or TEXT, zone))
    expr = value.expr.list.eval(pl.when(pl.element().is_not_null()).then(inside))
    parts = tuple(missing(kind.of or TEXT, zone) for _ in value.parts)
    return Value(expr, kind, literal=value.literal, parts=parts)


def as_decimal(value: Value) -> Value:
    """An integer as the decimal it is."""
    if value.type.kind == "decimal":
        return value
    if isinstance(value.literal, int):
        return literal(Decimal(value.literal))
    return Value(value.expr.cast(DECIMAL_DTYPE), DECIMAL, literal=value.literal, bound=value.bound)


def as_number(value: Value) -> Value:
    """A text that reads as a number in every row, as that number; any other value as it is."""
    return value.number if value.number is not None and value.type.textual else value


def settled(value: Value) -> Value:
    """A literal of blanks is missing wherever it is not a part of a text."""
    if isinstance(value.literal, str) and not value.literal.strip():
        return literal(None)
    return value


def folded(value: Value, inputs: Sequence[Value]) -> Value:
    """The value as a literal where everything it is made of is known."""
    if value.known or value.type.kind not in FOLDABLE or not all(part.known for part in inputs):
        return value
    known = pl.select(value.expr).item()
    if known is None:
        return missing(value.type, "UTC")
    number = folded(value.number, inputs) if value.number is not None else None
    return literal(known).replaced(type=value.type, number=number)


def present(values: Sequence[Value]) -> pl.Expr | None:
    """True where all of the values are there; None where that is certain."""
    tests = [value.expr.is_not_null() for value in values if not value.known]
    return pl.all_horizontal(tests) if len(tests) > 1 else tests[0] if tests else None


def both(*tests: pl.Expr | None) -> pl.Expr | None:
    """The conjunction of the tests that are there."""
    result: pl.Expr | None = None
    for test in tests:
        if test is not None:
            result = test if result is None else result & test
    return result
