"""What a compiled expression is: a Polars expression with its semantic type and what is known of it before row 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import Final

import polars as pl

from feedsync.errors import Place
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import BOOLEAN, DATE, DECIMAL, INTEGER, INTEGER_DIGITS, NONE, TEXT, Type, list_of


class _Unknown(Enum):
    """Not known before row 1; None is a known missing value. An enum, so that it is itself after pickling too."""

    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
WIDEST: Final = Decimal(10) ** INTEGER_DIGITS


@dataclass(frozen=True)
class Value:
    """An expression (null = missing, never '' or blanks), its type, and compile-time knowledge.

    `literal` is the Python value where it is known (str, int, Decimal, bool, date, list of those, None for missing).
    `bound`: no row's absolute value exceeds it (numbers). `currency`: the one currency of all rows (money).
    `number`: the same value as a number, for a text that is known to read as one in every row (a lookup's values).
    `parts`: the elements of a list that is written as [a, b], so that a function can do without the list.
    """

    expr: pl.Expr
    type: Type
    literal: object = UNKNOWN
    bound: Decimal = WIDEST
    currency: str | None = None
    number: Value | None = None
    parts: tuple[Value, ...] = ()

    @property
    def known(self) -> bool:
        return self.literal is not UNKNOWN

    @property
    def missing(self) -> bool:
        """Known to be missing in every row."""
        return self.literal is None

    def replaced(self, **changes: object) -> Value:
        return replace(self, **changes)  # type: ignore[arg-type]  # keyword names are the dataclass's own


def literal(value: object) -> Value:
    """The Value of a Python constant: str, bool, int, Decimal, date, None or a list of texts or numbers."""
    import datetime

    if value is None or (isinstance(value, str) and value == ""):
        return Value(pl.lit(None, dtype=pl.String), NONE, literal=None)
    if isinstance(value, bool):
        return Value(pl.lit(value), BOOLEAN, literal=value)
    if isinstance(value, str):
        return Value(pl.lit(value, dtype=pl.String), TEXT, literal=value)
    if isinstance(value, int):
        return Value(pl.lit(value, dtype=pl.Int64), INTEGER, literal=value, bound=Decimal(abs(value)))
    if isinstance(value, Decimal):
        return Value(pl.lit(value, dtype=DECIMAL_DTYPE), DECIMAL, literal=value, bound=abs(value))
    if isinstance(value, datetime.date):
        return Value(pl.lit(value, dtype=pl.Date), DATE, literal=value)
    if isinstance(value, (list, tuple)):
        parts = [literal(part) for part in value]
        kinds = {part.type for part in parts if part.type != NONE} or {TEXT}
        if len(kinds) > 1:
            raise TypeError("a literal list has one type")
        (element,) = kinds
        dtype = pl.String if element.textual else DECIMAL_DTYPE if element == DECIMAL else pl.Int64
        return Value(
            pl.lit(pl.Series([list(value)], dtype=pl.List(dtype))).first(), list_of(element), literal=list(value)
        )
    raise TypeError(f"no literal of {type(value).__name__}")


@dataclass(frozen=True)
class Failure:
    """A step that had an input and gave nothing: `failed` is true in those rows, on the path that is taken."""

    code: str
    """FS202, FS204, FS205."""
    step: str
    """The step as it is written, e.g. "lookup('iva')"."""
    failed: pl.Expr
    value: pl.Expr
    """The input as text."""
    place: Place
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A lookup table that a template asks: what for, and in which rows."""

    table: str
    """The table's name; that of the function for a table written in the template."""
    rows: Mapping[tuple[str, ...], str]
    """The table's own rows, which tell two tables of one name apart."""
    key: pl.Expr
    """What is asked for, as text; several keys with BETWEEN between them."""
    asked: pl.Expr
    """True in the rows that ask, on the path that is taken."""
    separator: str = ""
    """Between the steps of a path whose longest leading part counts; '' where the whole key does."""


@dataclass(frozen=True)
class Unknown:
    """FS203: a condition read a field that is missing in the rows where `missing` is true."""

    field: str
    missing: pl.Expr
    result: pl.Expr
    """The template's value as text in those rows."""
    place: Place


@dataclass(frozen=True)
class Step:
    """One node of the tree for `explain`: how it is written, its value, and its input's value where it is a filter."""

    text: str
    value: Value
    input: Value | None
    place: Place
    taken: pl.Expr | None = None
    """True in the rows that come this way; None where every row does."""


@dataclass(frozen=True)
class Compiled:
    """A template, compiled: its value, what can fail in it, what it reads, and its steps."""

    value: Value
    failures: tuple[Failure, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    reads: tuple[str, ...] = ()
    """Catalog fields (or attributes, on the channel's side) that occur, in order of appearance."""
    items: tuple[str, ...] = ()
    """Attributes read as item.<attribute>."""
    steps: tuple[Step, ...] = ()
    bare: tuple[tuple[str, Place], ...] = ()
    """Numbers that stand alone as a condition, which asks whether they are there: 0 is there."""
    asked: tuple[Asked, ...] = ()
    """The lookup tables that are asked."""
