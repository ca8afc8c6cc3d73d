"""What the compiler knows while it walks one template: scope, path, what was found so far."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl
from jinja2 import nodes

from feedsync.errors import Place, TemplateError
from feedsync.expressions.once import once
from feedsync.expressions.parse import Source, offset_of
from feedsync.expressions.printing import to_text
from feedsync.expressions.scope import Hoisted, Scope, WholeFeeds
from feedsync.expressions.types import both
from feedsync.expressions.unparse import written
from feedsync.expressions.values import Asked, Failure, Step, Unknown, Value
from feedsync.semantics import BOOLEAN

# an expression whose text is longer gets a column of its own: trees that mention a part twice, step after step, would
# double each time, and Polars crashes on trees a few hundred deep
MAX_EXPRESSION: Final = 3000
# {% set b = a ~ a %}, step after step, would double a text each time
MAX_WEIGHT: Final = 10_000


@dataclass(frozen=True)
class Cond:
    """A condition; where `nullable`, null means false. `known` where every row gives the same."""

    expr: pl.Expr
    nullable: bool = False
    known: bool | None = None

    @property
    def sure(self) -> pl.Expr:
        """The condition without nulls."""
        return self.expr.fill_null(pl.lit(False)) if self.nullable else self.expr

    def negated(self) -> Cond:
        return Cond(~self.sure, known=None if self.known is None else not self.known)

    def value(self) -> Value:
        if self.known is not None:
            return Value(pl.lit(self.known), BOOLEAN, literal=self.known)
        return Value(self.sure, BOOLEAN)


def always(truth: bool) -> Cond:
    """A condition that is the same in every row."""
    return Cond(pl.lit(truth), known=truth)


@dataclass(frozen=True)
class Bound:
    """A name from {% set %}: its value, the key of what it stands for, the fields it depends on."""

    value: Value
    key: str
    roots: tuple[str, ...]
    weight: int = 1
    """How many names it stands for when the names inside it are written out."""


@dataclass
class Compared:
    """A field that conditions read: the rows where it is missing, the paths on which that was asked, and the place."""

    missing: pl.Expr
    paths: list[tuple[pl.Expr, ...]]
    place: Place


@dataclass
class Found:
    """What the walk has found; a dead branch fills another one that is thrown away."""

    failures: list[Failure] = field(default_factory=list)
    compared: dict[str, Compared] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    bare: dict[str, Place] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


class Context:
    """The state of one compilation; the compiler gives it `value` and `condition`."""

    def __init__(self, source: Source, scope: Scope, tested: frozenset[str] = frozenset()) -> None:
        self.source = source
        self.scope = scope
        self.tested = tested
        """Names some `is defined` asks for: missing where the scope lacks them."""
        self.found = Found()
        self.names: dict[str, Bound] = {}
        self.path: tuple[pl.Expr, ...] = ()
        self.guarded: frozenset[str] = frozenset()
        """Fields whose presence a condition on this path has asked for."""
        self.counting = False
        """Inside a condition whose reading of a missing field is worth a hint."""
        self.dead = False
        self._columns = 0

    def value(self, node: nodes.Expr) -> Value:
        """The compiled expression."""
        raise NotImplementedError

    def condition(self, node: nodes.Expr) -> Cond:
        """The compiled condition: booleans as they are, anything else asks whether it is present."""
        raise NotImplementedError

    def elements(self, node: nodes.List, *, lazy: bool = False) -> Value:
        """The compiled list."""
        raise NotImplementedError

    def key(self, node: nodes.Node) -> str:
        """The text of a sub-tree with its names resolved."""
        raise NotImplementedError

    # errors and places

    def error(self, key: str, node: nodes.Node, /, **params: Any) -> TemplateError:
        """A TemplateError where the node begins."""
        return self.source.error(key, offset_of(node), **params)

    def place(self, node: nodes.Node) -> Place:
        return self.source.place(node.lineno)

    # paths

    @contextmanager
    def on_path(self, condition: Cond | None, guards: frozenset[str] = frozenset()) -> Iterator[None]:
        """Inside, only the rows count in which the condition is true."""
        path, guarded = self.path, self.guarded
        if condition is not None and condition.known is None:
            self.path = (*path, condition.sure)
        self.guarded = guarded | guards
        try:
            with self.unreachable(condition is not None and condition.known is False):
                yield
        finally:
            self.path, self.guarded = path, guarded

    @contextmanager
    def unreachable(self, dead: bool) -> Iterator[None]:
        """Inside, mistakes are still found, but nothing is recorded."""
        if not dead or self.dead:
            yield
            return
        found, scope = self.found, self.scope
        whole = None if scope.whole is None else WholeFeeds()
        self.found, self.scope, self.dead = Found(), replace(scope, hoisted=Hoisted(), whole=whole), True
        try:
            yield
        finally:
            self.found, self.scope, self.dead = found, scope, False

    @contextmanager
    def counting_is(self, counting: bool) -> Iterator[None]:
        before, self.counting = self.counting, counting
        try:
            yield
        finally:
            self.counting = before

    def here(self) -> pl.Expr | None:
        """True in the rows whose path leads here; None: all."""
        return both(*self.path)

    # what is found

    def fail(self, failed: pl.Expr, code: str, node: nodes.Node, shown: str, value: pl.Expr, **details: str) -> None:
        """A step that can fail, in the rows whose path leads to it."""
        masked = both(self.here(), failed)
        assert masked is not None
        place = self.place(node)
        self.found.failures.append(Failure(code, shown, masked.fill_null(pl.lit(False)), value, place, dict(details)))

    def ask(self, asked: Asked) -> None:
        """A lookup table is asked, in the rows whose path leads here."""
        rows = both(self.here(), asked.asked)
        assert rows is not None
        self.found.asked.append(replace(asked, asked=rows.fill_null(pl.lit(False))))

    def compare_reads(self, fields: Sequence[str], node: nodes.Node) -> None:
        """A condition depends on these fields: where they are missing on this path, both ways are guesses."""
        if not self.counting:
            return
        for name in fields:
            known = self.scope.names.get(name)
            if name in self.guarded or (known is None and name not in self.scope.optional):
                continue
            before = self.found.compared.get(name)
            if before is not None and any(_begins(self.path, path) for path in before.paths):
                continue  # those rows are there already
            absent = pl.lit(True) if known is None else known.expr.is_null()
            missing = both(self.here(), absent)
            assert missing is not None
            if before is None:
                self.found.compared[name] = Compared(missing, [self.path], self.place(node))
            else:
                before.missing = before.missing | missing
                before.paths.append(self.path)

    def step(self, node: nodes.Node, value: Value, input_value: Value | None = None) -> None:
        """A line of `explain`."""
        text = written(node)
        taken = pl.all_horizontal(self.path) if self.path else None
        known = self.found.steps.get(text)
        if known is not None:  # the same step on another way
            both_ways = None if taken is None or known.taken is None else known.taken | taken
            self.found.steps[text] = replace(known, taken=both_ways)
        else:
            self.found.steps[text] = Step(text, value, input_value, self.place(node), taken)

    def unknowns(self, result: Value) -> tuple[Unknown, ...]:
        """FS203, one per field."""
        text = to_text(result, self.scope.zone)
        return tuple(
            Unknown(name, seen.missing.fill_null(pl.lit(False)) & result.expr.is_not_null(), text, seen.place)
            for name, seen in self.found.compared.items()
        )

    # sharing

    def column(self, key: str, build: Callable[[], pl.Expr]) -> pl.Expr:
        """The expression in a column of its own, shared by all templates that hold it; as it is inside a list."""
        expr = build()
        if not expr.meta.root_names():
            return expr
        return self.scope.hoisted.column(f"{self.scope.side}: {key}", lambda: expr)

    def serialized(self, expr: pl.Expr) -> str:
        """A key that equal expressions share, of this feed or another one; an expression that cannot be sent has its
        own."""
        try:
            return hashlib.sha256(expr.meta.serialize()).hexdigest()
        except (pl.exceptions.PolarsError, pickle.PicklingError, TypeError, AttributeError, RuntimeError):
            self._columns += 1
            return f"part {self._columns} of {self.source.text} at {self.source.at} ({id(self)})"

    def settle(self, value: Value, key: str = "") -> Value:
        """The value, in a column of its own where its expression has grown large."""
        if value.known or len(str(value.expr)) <= MAX_EXPRESSION:
            return value
        expr = self.column(key or self.serialized(value.expr), lambda: value.expr)
        if expr.meta.eq(value.expr) and len(str(expr)) > 100 * MAX_EXPRESSION:
            raise self.source.error("template_large", 0)
        return value.replaced(expr=expr)

    def present_text(self, expr: pl.Expr) -> pl.Expr:
        """The text; null where it is blank."""
        return once(lambda text: pl.when(text.str.strip_chars() != "").then(text), expr)


def _begins(path: tuple[pl.Expr, ...], with_path: tuple[pl.Expr, ...]) -> bool:
    """Whether a path goes on from another one (the same expressions, not only equal ones)."""
    return len(with_path) <= len(path) and all(a is b for a, b in zip(path, with_path, strict=False))
