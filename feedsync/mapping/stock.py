"""The units that each feed offers, over all feeds of a project: nothing is promised twice.

One order for every row, in whole units. A field below zero counts as 0; one that is missing counts as 0 where another
field of the feed is known, and where none is the feed's units are unknown. Then, in the project's order of feeds:

1. reserves are served one feed after the other, out of its fields in their order, as far as units are left above its
   buffer;
2. each feed with a share gets `percent` of what is left in its fields above its buffer, rounded down, and its reserve;
3. a feed without a share shows what those that take from the same fields leave, less its buffer;
4. `cap`, then `minimum`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import polars as pl

from feedsync.semantics import INTEGER, TEXT, Type
from feedsync.specs.stock import StockPolicy

_PREFIX: Final = "__stock"
SOLD_OUT: Final = "out_of_stock"
FOR_SALE: Final = ("in_stock", "limited_availability")
"""States that say there are units; without any offered they are not true. Others (preorder, backorder) promise none."""


class OwnField(NamedTuple):
    """A field that a feed reads out of a column of its own, and the catalog fields behind it."""

    column: str
    type: Type
    reads: tuple[str, ...]


class Counted(NamedTuple):
    """One step of the count, for people: the key and the parameters of its text, and what there is after it."""

    key: str
    params: dict[str, Any]
    gives: pl.Expr


@dataclass(frozen=True)
class Allocation:
    """The stock policies of all feeds over the same rows, by feed in the project's order."""

    policies: Mapping[str, StockPolicy]
    offered: str = "stock"
    """The field whose place the offered units take."""
    availability: bool = False
    """The rows have a field `availability`."""
    number: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", {feed: index for index, feed in enumerate(self.policies)})

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that units are counted in."""
        return tuple(dict.fromkeys(name for policy in self.policies.values() for name in policy.of))

    def own_fields(self, feed: str) -> dict[str, OwnField]:
        """What the feed reads in place of the rows' own fields; nothing for a feed without a policy."""
        if feed not in self.policies:
            return {}
        of = self.policies[feed].of
        own = {self.offered: OwnField(self._name("offered", feed), INTEGER, of)}
        if self.availability:
            own["availability"] = OwnField(self._name("availability", feed), TEXT, ("availability", *of))
        return own

    def onto(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with every feed's columns; availability only where some feed reads it, so that it is there."""
        lazy = rows.lazy()
        for stage in self._stages():
            lazy = lazy.with_columns(stage)
        if self.availability and "availability" in rows.columns:
            lazy = lazy.with_columns(self._available(feed) for feed in self.policies)
        return lazy.collect(engine="in-memory")

    def counted(self, feed: str, read: Container[str]) -> Iterator[Counted]:
        """How the feed's units come about, and the availability where it is among the fields `read`; over rows that
        have the feed's columns."""
        policy = self.policies[feed]
        yield Counted("stock_on_hand", {"fields": " + ".join(policy.of)}, self._on_hand(policy))
        if policy.takes:
            yield from self._counted_share(feed, policy)
        else:
            if takers := self._takers_beside(policy):
                yield Counted("stock_allocated", {"feeds": ", ".join(takers)}, self._left(policy))
            if policy.buffer:
                yield Counted("stock_buffer", {"units": policy.buffer}, self._above_buffer(self._left(policy), policy))
        if policy.cap is not None:
            yield Counted("stock_cap", {"units": policy.cap}, self._capped(self._before(feed), policy))
        if policy.minimum:
            yield Counted("stock_minimum", {"units": policy.minimum}, pl.col(self._name("offered", feed)))
        if self.availability and "availability" in read:
            yield Counted("stock_availability", {}, pl.col(self._name("availability", feed)))

    def _counted_share(self, feed: str, policy: StockPolicy) -> Iterator[Counted]:
        rest = self._sum("rest", policy.of)
        reserving = [name for name, other in self.policies.items() if other.reserve and _meet(other, policy)]
        if reserving:
            yield Counted("stock_reserved", {"feeds": ", ".join(reserving)}, rest)
        if policy.percent is not None:
            above = self._above_buffer(rest, policy)
            if policy.buffer:
                yield Counted("stock_buffer", {"units": policy.buffer}, above)
            yield Counted("stock_percent_of", {"percent": policy.percent}, above * policy.percent // 100)
        if policy.reserve:
            yield Counted("stock_reserve", {"units": policy.reserve}, self._before(feed))

    # columns

    def _name(self, what: str, of: str) -> str:
        index = self.fields.index(of) if what in ("hand", "rest") else self.number[of]
        return f"{_PREFIX}_{what}_{index}"

    def _sum(self, what: str, of: Sequence[str]) -> pl.Expr:
        return pl.sum_horizontal(self._name(what, name) for name in of)

    def _stages(self) -> Iterator[list[pl.Expr]]:
        """Columns in steps; none of a step reads another of the same step."""
        hand = {name: pl.col(name).cast(pl.Int64).clip(0).fill_null(0) for name in self.fields}
        yield [units.alias(self._name(what, name)) for name, units in hand.items() for what in ("hand", "rest")]
        for feed, policy in self.policies.items():
            if policy.reserve:
                yield [self._granted(policy).alias(self._name("reserve", feed))]
                yield list(self._drawn(feed, policy))
        yield [self._offered(feed) for feed, policy in self.policies.items() if policy.takes]
        yield [self._offered(feed) for feed, policy in self.policies.items() if not policy.takes]

    def _granted(self, policy: StockPolicy) -> pl.Expr:
        wanted = policy.reserve if policy.cap is None else min(policy.reserve, policy.cap)
        return self._above_buffer(self._sum("rest", policy.of), policy).clip(0, wanted)

    def _drawn(self, feed: str, policy: StockPolicy) -> Iterator[pl.Expr]:
        """What a reserve leaves in each of its fields: the first is emptied before the second is touched."""
        open_units = pl.col(self._name("reserve", feed))
        for name in policy.of:
            rest = pl.col(self._name("rest", name))
            yield (rest - pl.min_horizontal(rest, open_units.clip(0))).alias(self._name("rest", name))
            open_units = open_units - rest

    def _before(self, feed: str) -> pl.Expr:
        """The units before cap and minimum."""
        policy = self.policies[feed]
        if not policy.takes:
            return self._above_buffer(self._left(policy), policy)
        share = self._above_buffer(self._sum("rest", policy.of), policy) * (policy.percent or 0) // 100
        return share + pl.col(self._name("reserve", feed)) if policy.reserve else share

    def _offered(self, feed: str) -> pl.Expr:
        policy = self.policies[feed]
        units = self._capped(self._before(feed), policy)
        if policy.minimum:
            units = pl.when(units >= policy.minimum).then(units).otherwise(pl.lit(0, dtype=pl.Int64))
        known = pl.any_horizontal(pl.col(name).is_not_null() for name in policy.of)
        return pl.when(known).then(units).alias(self._name("offered", feed))

    def _on_hand(self, policy: StockPolicy) -> pl.Expr:
        return self._sum("hand", policy.of)

    def _left(self, policy: StockPolicy) -> pl.Expr:
        """What is on hand less what is offered by the feeds that take from one of the same fields."""
        takers = [self._name("offered", name) for name in self._takers_beside(policy)]
        hand = self._on_hand(policy)
        return (hand - pl.sum_horizontal(takers)).clip(0) if takers else hand

    def _takers_beside(self, policy: StockPolicy) -> list[str]:
        return [name for name, other in self.policies.items() if other.takes and _meet(other, policy)]

    @staticmethod
    def _above_buffer(units: pl.Expr, policy: StockPolicy) -> pl.Expr:
        return (units - policy.buffer).clip(0) if policy.buffer else units

    @staticmethod
    def _capped(units: pl.Expr, policy: StockPolicy) -> pl.Expr:
        return units if policy.cap is None else units.clip(0, policy.cap)

    def _available(self, feed: str) -> pl.Expr:
        said = pl.col("availability")
        none = pl.col(self._name("offered", feed)) == 0
        sold_out = pl.when(none & said.is_in(FOR_SALE)).then(pl.lit(SOLD_OUT)).otherwise(said)
        return sold_out.alias(self._name("availability", feed))


def _meet(one: StockPolicy, other: StockPolicy) -> bool:
    return any(name in other.of for name in one.of)
