"""How a function of the mapping language is declared. Built-ins sit in the literal tables of functions/*.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from feedsync.errors import Place
from feedsync.expressions.values import UNKNOWN, Asked, Value
from feedsync.semantics import Type

REQUIRED: object = UNKNOWN


@dataclass(frozen=True)
class Param:
    """One argument: positional in order, or by name."""

    name: str
    kind: str = "text"
    """text, integer, decimal (an integer widens), number (an integer stays one), boolean, money, date (also datetime), list, table (the name of a
    lookup or an inline {..}: literal), any."""
    default: object = REQUIRED
    literal: bool = False
    """Must be known before row 1 (patterns, lengths); arrives as a Python value instead of a Value."""
    many: bool = False
    """Takes all further positional arguments, as a tuple."""


@dataclass(frozen=True)
class Call:
    """One application: the input, its arguments by name, and what the scope knows."""

    input: Value
    args: dict[str, Any]
    """Python values for literal params (tables as Table), Values for the others, tuples for `many`."""
    zone: str
    as_of: date
    step: str
    """As it is written, for messages."""
    place: Place | None = None
    """Where it is written."""


@dataclass(frozen=True)
class Outcome:
    """What a function gives: a value, and where it can fail, an expression true where it had input and no output."""

    value: Value
    failed: pl.Expr | None = None
    code: str = "FS204"
    details: dict[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    """Where the function looks something up."""


@dataclass(frozen=True)
class Example:
    """input -> output, as canonical text (lists as ["a","b"]); also the function's test and its line in the docs."""

    template: str
    row: dict[str, str]
    gives: str | None


@dataclass(frozen=True)
class Function:
    """A filter or test of the mapping language."""

    name: str
    build: Callable[[Call], Outcome | Value | pl.Expr]
    """An Expr is a value of type `returns`."""
    takes: tuple[str, ...] = ("text",)
    """Kinds of input: text, integer, decimal, money, boolean, date, datetime, interval, list, group, any.
    decimal takes integers too; text takes url, gtin, enum."""
    returns: Type | None = None
    """None: the input's type."""
    params: tuple[Param, ...] = ()
    sees_missing: bool = False
    """Called for missing input too (default, first_of, join_present, tests); otherwise missing gives missing."""
    may_blank: bool = False
    """A text result may be '' or blanks, and the compiler turns that into missing."""
    python: bool = False
    """Runs Python on unique values: the compiler computes it once per batch and tree."""
    whole_feed: bool = False
    """Needs all rows of the feed; the compiler records it (scope.whole) instead of calling build."""
    test: bool = False
    """`x is name(...)` instead of `x | name(...)`; gives a boolean."""
    summary: str = ""
    examples: tuple[Example, ...] = ()
    jinja: str = ""
    """How it differs from Jinja's filter of the same name; '' where Jinja has none or it is the same."""
