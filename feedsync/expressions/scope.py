"""What a template may name, and the two registries its compilation fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from feedsync.expressions.registry import Function
from feedsync.expressions.values import Value


@dataclass(frozen=True)
class Table:
    """A lookup table: rows by key. All keys and values are text; a repeated key is a ConfigError where it is read."""

    name: str
    rows: Mapping[tuple[str, ...], str]
    keys: tuple[str, ...] = ("key",)
    """Names of the key columns, in order; `lookup(table, key2, ...)` gives the further ones."""
    prefix: bool = False
    """The longest key that is a leading path of the value."""
    separator: str = ">"
    base: str = ""
    """Of exchange rates: the currency of which one is worth so much of each key."""
    day: str = ""
    """Of exchange rates: the day they are of."""


class Hoisted:
    """Python-backed steps, computed once per batch however many templates hold them.

    A step is keyed by its text and scope; `column` gives the column that will hold it. `stages` is run before the
    expressions that use the columns, in order: each stage is one with_columns.
    """

    def __init__(self, prefix: str = "__h") -> None:
        self.prefix = prefix
        self._columns: dict[str, tuple[str, int, pl.Expr]] = {}

    def column(self, key: str, build: Callable[[], pl.Expr]) -> pl.Expr:
        """The column of the step `key`; built on first sight."""
        if key not in self._columns:
            expr = build()
            depth = 1 + max((self._depth(name) for name in expr.meta.root_names()), default=0)
            self._columns[key] = (f"{self.prefix}{len(self._columns)}", depth, expr)
        return pl.col(self._columns[key][0])

    def _depth(self, name: str) -> int:
        return next((depth for column, depth, _ in self._columns.values() if column == name), 0)

    def stages(self) -> list[list[pl.Expr]]:
        """Expressions by depth; none of a stage reads another of the same stage."""
        depths = sorted({depth for _, depth, _ in self._columns.values()})
        return [[e.alias(name) for name, d, e in self._columns.values() if d == depth] for depth in depths]

    def names(self) -> list[str]:
        return [name for name, _, _ in self._columns.values()]


@dataclass(frozen=True)
class WholeFeed:
    """A step over all selected rows of a feed, computed before the batches into a side table."""

    column: str
    """The column under which the batch will find its result."""
    function: str
    """collect_group or rank."""
    input: Value
    args: dict[str, Value]
    key: str = ""
    """Equal steps have equal keys and one column."""
    literals: Mapping[str, object] = field(default_factory=dict)
    """Arguments known before row 1, as Python values (rank's 'lowest')."""


@dataclass
class WholeFeeds:
    """The whole-feed steps of one feed, in order of appearance. None in a scope: such steps are an error there."""

    steps: list[WholeFeed] = field(default_factory=list)
    prefix: str = "__w"
    """Of the columns, so that several feeds over the same rows keep theirs apart."""


@dataclass(frozen=True)
class Scope:
    """The names a template sees."""

    names: Mapping[str, Value]
    """Catalog fields (or attributes on the channel's side) under their own names, also those with spaces."""
    spaces: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """market, feed, item, record: names read as space.name."""
    optional: frozenset[str] = frozenset()
    """Names that are simply missing where `names` lacks them (a channel's default mapping and standard fields)."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    zone: str = "UTC"
    as_of: date = date(1970, 1, 1)
    hoisted: Hoisted = field(default_factory=Hoisted)
    whole: WholeFeeds | None = None
    functions: Mapping[str, Function] = field(default_factory=dict)
    """The user's own filters; they come before the built-in ones."""
    tests: Mapping[str, Function] = field(default_factory=dict)
    """The user's own tests."""
    side: str = "merchant"
    """merchant or channel: who wrote the template; messages speak of fields or of attributes."""
