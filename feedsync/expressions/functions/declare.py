"""What the tables of functions are written with: from a pure function on expressions to a build of a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from feedsync.errors import TemplateError
from feedsync.expressions.by_python import by_python
from feedsync.expressions.lengths import DETAILS, TOO_LONG
from feedsync.expressions.once import once
from feedsync.expressions.printing import to_text
from feedsync.expressions.registry import Call, Outcome
from feedsync.expressions.types import cast, common
from feedsync.expressions.values import Value
from feedsync.semantics import NONE, TEXT, Type

Build = Callable[[Call], pl.Expr]


def applied(function: Callable[..., pl.Expr], *names: str) -> Build:
    """The build that calls `function(input, argument, ...)`; each expression is computed once."""

    def build(call: Call) -> pl.Expr:
        return apply(function, call.input.expr, *(call.args[name] for name in names))

    return build


def apply(function: Callable[..., pl.Expr], *arguments: Any) -> pl.Expr:
    """`function(*arguments)` where Values and expressions arrive as expressions that are computed once."""
    moving = [at for at, argument in enumerate(arguments) if isinstance(argument, (Value, pl.Expr))]

    def body(*parts: pl.Expr) -> pl.Expr:
        filled = list(arguments)
        for at, part in zip(moving, parts, strict=True):
            filled[at] = part
        return function(*filled)

    parts = [arguments[at] for at in moving]
    return once(body, *(part.expr if isinstance(part, Value) else part for part in parts))


def refuse(call: Call, key: str, **params: object) -> TemplateError:
    """The error of a call; the compiler adds its place."""
    error = TemplateError(key, None, step=call.step)
    error.params.update(params)
    return error


def all_present(*values: Value) -> pl.Expr:
    """True where none of the values is missing."""
    return reduce(lambda left, right: left & right, (value.expr.is_not_null() for value in values))


def text_of(call: Call, value: Value) -> pl.Expr:
    """The value as canonical text; lists and groups have none."""
    if value.type.kind in ("list", "group"):
        raise refuse(call, "function_text_of_list")
    return to_text(value, call.zone)


def one_type(call: Call, values: Sequence[Value]) -> tuple[Type, list[pl.Expr]]:
    """The type that all the values share, and those that are not known to be missing as expressions of it."""
    kind = NONE
    for value in values:
        shared = common(kind, value.type)
        if shared is None:
            raise refuse(call, "function_two_types", first=str(kind), second=str(value.type))
        kind = shared
    return kind, [cast(value, kind, call.zone).expr for value in values if value.type != NONE]


def grown(call: Call, text: pl.Expr) -> Outcome:
    """A text that is null where the step would have made it longer than the limit."""
    failed = call.input.expr.is_not_null() & text.is_null()
    return Outcome(Value(text, TEXT), failed, TOO_LONG, DETAILS)


@dataclass(frozen=True)
class OnUnique:
    """A Python function on the unique texts of a column that match `needed`; the other texts stay as they are."""

    function: Callable[[str], str | None]
    needed: str = ""
    """A regular expression; '' is all texts."""

    def __call__(self, column: pl.Series) -> pl.Series:
        chosen = column.filter(column.str.contains(self.needed)) if self.needed else column.drop_nulls()
        if not len(chosen):
            return column
        texts = chosen.unique(maintain_order=True)
        changed = pl.Series([self.function(text) for text in texts.to_list()], dtype=pl.String)
        return column.replace(texts, changed)


def on_unique(text: pl.Expr, function: Callable[[str], str | None], needed: str = "") -> pl.Expr:
    """`function` on each text that matches `needed`, run once per different text of a batch."""
    return by_python(text, OnUnique(function, needed), pl.String())
