"""Values for single products that replace what the mapping gives, joined to the rows by the product's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from feedsync.errors import Place
from feedsync.expressions import Value, canonical
from feedsync.expressions.printing import text_of
from feedsync.frames import Rule
from feedsync.semantics import TEXT, Type


@dataclass(frozen=True)
class Override:
    """One line of the file."""

    key: str
    """The product's key as the catalog has it."""
    value: str | None
    """The canonical text of the attribute; None makes it missing."""
    reason: str
    place: Place


@dataclass(frozen=True)
class Overridden:
    """The overrides of one attribute of one feed, at the attribute's type."""

    attribute: str
    type: Type
    entries: tuple[Override, ...]
    """Those whose value reads, one per product."""
    unread: tuple[Override, ...]
    values: pl.Series
    """One per entry."""

    @cached_property
    def by_key(self) -> Mapping[str, Override]:
        return {one.key: one for one in self.entries}

    def met(self, key: pl.Expr) -> pl.Expr:
        """True (never null) in the rows whose key has an override."""
        keys = pl.Series([one.key for one in self.entries], dtype=pl.String)
        return key.is_in(keys.implode()).fill_null(False)

    def onto(self, value: pl.Expr, key: pl.Expr) -> pl.Expr:
        """The value, or the override where there is one."""
        keys = pl.Series([one.key for one in self.entries], dtype=pl.String)
        numbers = pl.Series(range(len(self.entries)), dtype=pl.UInt32)
        at = key.replace_strict(keys, numbers, default=None, return_dtype=pl.UInt32)
        return pl.when(at.is_not_null()).then(pl.lit(self.values).gather(at)).otherwise(value)

    def elsewhere(self, rule: Rule, key: pl.Expr) -> pl.Expr:
        """Where the rule is broken in a row whose value is the mapping's."""
        return rule.broken & ~self.met(key)


def overridden(attribute: str, kind: Type, entries: Sequence[Override], zone: str) -> Overridden:
    """The entries with their values read as the attribute's type; of several for one product the last that reads."""
    texts = pl.DataFrame({"text": [one.value for one in entries]}, {"text": pl.String})
    value, misfit = canonical.border(Value(pl.col("text"), TEXT), kind, zone)
    bad = pl.lit(False) if misfit is None else misfit.fill_null(False)
    read = texts.select(value.expr.alias("value"), bad.alias("bad"))
    last = {one.key: at for at, (one, wrong) in enumerate(zip(entries, read["bad"], strict=True)) if not wrong}
    kept = [entries[at] for at in last.values()]
    unread = tuple(one for one, wrong in zip(entries, read["bad"], strict=True) if wrong)
    return Overridden(attribute, kind, tuple(kept), unread, read["value"].gather(list(last.values())))


def key_text(column: str, kind: Type, zone: str) -> pl.Expr:
    """The product's key as overrides name it."""
    return text_of(pl.col(column), kind, zone).str.strip_chars()
