"""Units offered over feeds: one case per rule, and the law that nothing is promised twice."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsync.mapping.stock import Allocation
from feedsync.specs.stock import StockPolicy, effective, overdrawn

Row = dict[str, int | None]
Policies = dict[str, StockPolicy]


def offered(policies: Policies, rows: list[Row]) -> list[Row]:
    """Per row what each feed offers, by the columns."""
    allocation = Allocation(policies)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(allocation.fields, pl.Int64))
    made = allocation.onto(frame)
    assert made.height == len(rows)
    return made.select(pl.col(allocation.own_fields(name)["stock"].column).alias(name) for name in policies).to_dicts()


def policy(**keys: Any) -> StockPolicy:
    """A policy over the field stock unless it names others."""
    return StockPolicy.model_validate({"of": ["stock"], **keys})


@pytest.mark.parametrize(
    ("policies", "row", "gives"),
    [
        # on hand
        ({"a": policy()}, {"stock": 7}, {"a": 7}),
        ({"a": policy(of=["m", "b"], buffer=1)}, {"m": 2, "b": 3}, {"a": 4}),
        ({"a": policy(of=["m", "b"])}, {"m": None, "b": 3}, {"a": 3}),
        ({"a": policy(of=["m", "b"])}, {"m": -2, "b": 3}, {"a": 3}),
        ({"a": policy(of=["m", "b"])}, {"m": None, "b": None}, {"a": None}),
        ({"a": policy(percent=50)}, {"stock": None}, {"a": None}),
        # buffer, percent, cap, minimum
        ({"a": policy(buffer=9)}, {"stock": 7}, {"a": 0}),
        ({"a": policy(percent=50)}, {"stock": 9}, {"a": 4}),
        ({"a": policy(percent=50, buffer=1)}, {"stock": 9}, {"a": 4}),
        ({"a": policy(percent=50, buffer=2)}, {"stock": 9}, {"a": 3}),
        ({"a": policy(percent=0)}, {"stock": 9}, {"a": 0}),
        ({"a": policy(cap=99)}, {"stock": 1000}, {"a": 99}),
        ({"a": policy(cap=0)}, {"stock": 1000}, {"a": 0}),
        ({"a": policy(minimum=2)}, {"stock": 1}, {"a": 0}),
        ({"a": policy(minimum=2)}, {"stock": 2}, {"a": 2}),
        ({"a": policy(percent=50, cap=20, minimum=3)}, {"stock": 5}, {"a": 0}),
        # reserves: set aside first, in the order of the feeds, above the feed's own buffer
        ({"a": policy(reserve=5)}, {"stock": 13}, {"a": 5}),
        ({"a": policy(reserve=5)}, {"stock": 3}, {"a": 3}),
        ({"a": policy(reserve=5, buffer=1)}, {"stock": 5}, {"a": 4}),
        ({"a": policy(reserve=5, cap=2), "b": policy(percent=100)}, {"stock": 9}, {"a": 2, "b": 7}),
        ({"a": policy(reserve=4), "b": policy(reserve=4)}, {"stock": 6}, {"a": 4, "b": 2}),
        ({"b": policy(reserve=4), "a": policy(reserve=4)}, {"stock": 6}, {"b": 4, "a": 2}),
        ({"a": policy(reserve=2, percent=50), "b": policy(reserve=3)}, {"stock": 13}, {"a": 6, "b": 3}),
        ({"a": policy(of=["m", "b"], reserve=4), "b": policy(of=["m"], percent=100)}, {"m": 3, "b": 3}, {"a": 4, "b": 0}),
        ({"a": policy(of=["b", "m"], reserve=4), "b": policy(of=["m"], percent=100)}, {"m": 3, "b": 3}, {"a": 4, "b": 2}),
        # a feed that takes nothing shows what the others leave
        ({"a": policy(percent=50), "b": policy(percent=50), "ad": policy()}, {"stock": 9}, {"a": 4, "b": 4, "ad": 1}),
        ({"ad": policy(buffer=1), "a": policy(reserve=5)}, {"stock": 8}, {"ad": 2, "a": 5}),
        ({"a": policy(percent=50, cap=2), "ad": policy()}, {"stock": 100}, {"a": 2, "ad": 98}),
        ({"a": policy(percent=50, minimum=9), "ad": policy()}, {"stock": 10}, {"a": 0, "ad": 10}),
        ({"ad": policy(), "shop": policy()}, {"stock": 8}, {"ad": 8, "shop": 8}),
        ({"a": policy(of=["m"], percent=50), "ad": policy(of=["b"])}, {"m": 8, "b": 3}, {"a": 4, "ad": 3}),
        ({"a": policy(of=["m", "b"], percent=100), "ad": policy(of=["b"])}, {"m": 8, "b": 3}, {"a": 11, "ad": 0}),
    ],
)  # fmt: skip
def test_what_each_feed_offers(policies: Policies, row: Row, gives: Row) -> None:
    assert offered(policies, [row]) == [gives]


def slow(policies: Policies, row: Row) -> Row:
    """The same count in plain Python, one row, one feed after the other."""
    hand = {name: max(units or 0, 0) for name, units in row.items()}
    rest = dict(hand)
    reserves: dict[str, int] = {}
    for feed, one in policies.items():
        wanted = min(one.reserve, one.reserve if one.cap is None else one.cap)
        left = min(wanted, max(sum(rest[name] for name in one.of) - one.buffer, 0))
        reserves[feed] = left
        for name in one.of:
            drawn = min(rest[name], left)
            rest[name] -= drawn
            left -= drawn
    found: dict[str, int] = {}
    for feed, one in sorted(policies.items(), key=lambda pair: not pair[1].takes):
        if one.takes:
            share = max(sum(rest[name] for name in one.of) - one.buffer, 0) * (one.percent or 0) // 100
            units = share + reserves[feed]
        else:
            taken = sum(found[other] for other, two in policies.items() if two.takes and set(two.of) & set(one.of))
            units = max(max(sum(hand[name] for name in one.of) - taken, 0) - one.buffer, 0)
        units = units if one.cap is None else min(units, one.cap)
        found[feed] = units if units >= one.minimum else 0
    known = {feed: any(row[name] is not None for name in one.of) for feed, one in policies.items()}
    return {feed: found[feed] if known[feed] else None for feed in policies}


FIELDS = ("m", "b", "v")
UNITS = st.one_of(st.none(), st.integers(-3, 40), st.integers(0, 10**9))
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, UNITS)), min_size=1, max_size=6)


@st.composite
def some_policies(draw: st.DrawFn) -> Policies:
    """Policies of up to five feeds whose percents fit."""
    made: Policies = {}
    for number in range(draw(st.integers(1, 5))):
        of = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique=True))
        keys = {
            "buffer": draw(st.sampled_from([0, 0, 1, 4])),
            "reserve": draw(st.sampled_from([0, 0, 2, 5, 30])),
            "cap": draw(st.sampled_from([None, None, 0, 3, 20])),
            "minimum": draw(st.sampled_from([0, 0, 2, 6])),
        }
        others = sum(one.percent or 0 for one in made.values() if set(one.of) & set(of))
        percent = draw(st.one_of(st.none(), st.integers(0, max(100 - others, 0))))
        made[f"f{number}"] = StockPolicy.model_validate({"of": of, "percent": percent, **keys})
    assert overdrawn(made) == {}
    return made


@given(some_policies(), ROWS)
def test_the_columns_count_as_plain_python_does(policies: Policies, rows: list[Row]) -> None:
    used = list(dict.fromkeys(name for one in policies.values() for name in one.of))
    rows = [{name: row[name] for name in used} for row in rows]
    assert offered(policies, rows) == [slow(policies, row) for row in rows]


@given(some_policies(), ROWS)
def test_nothing_is_promised_twice(policies: Policies, rows: list[Row]) -> None:
    """For any set of fields, the feeds that sell only from them never promise more than they hold (so by Hall's
    theorem every promise can be kept at once), also with any one of the feeds that show what is left."""
    used = list(dict.fromkeys(name for one in policies.values() for name in one.of))
    shown = [feed for feed, one in policies.items() if not one.takes]
    for row, units in zip(rows, offered(policies, [{name: row[name] for name in used} for row in rows]), strict=True):
        for fields in chain.from_iterable(combinations(used, size) for size in range(1, len(used) + 1)):
            hand = sum(max(row[name] or 0, 0) for name in fields)
            for one_shown in (None, *shown):
                inside = [
                    feed
                    for feed, one in policies.items()
                    if set(one.of) <= set(fields) and (one.takes or feed == one_shown)
                ]
                assert sum(units[feed] or 0 for feed in inside) <= hand, (fields, inside)
        for feed, one in policies.items():
            here = units[feed]
            assert (here is None) == all(row[name] is None for name in one.of)
            if here is not None:
                assert here == 0 or here >= one.minimum
                assert one.cap is None or here <= one.cap
                assert here <= max(sum(max(row[name] or 0, 0) for name in one.of) - one.buffer, 0)


@pytest.mark.parametrize(
    ("said", "rows", "gives"),
    [
        (["in_stock", "limited_availability", "preorder", "backorder", "out_of_stock", None, "En stock"], 0,
         ["out_of_stock", "out_of_stock", "preorder", "backorder", "out_of_stock", None, "En stock"]),
        (["in_stock", "out_of_stock"], 5, ["in_stock", "out_of_stock"]),
        (["in_stock"], None, ["in_stock"]),
    ],
)  # fmt: skip
def test_what_is_not_offered_is_out_of_stock(said: list[str | None], rows: int | None, gives: list[str | None]) -> None:
    allocation = Allocation({"a": policy()}, availability=True)
    frame = pl.DataFrame({"stock": [rows] * len(said), "availability": said}, schema_overrides={"stock": pl.Int64})
    assert allocation.onto(frame)[allocation.own_fields("a")["availability"].column].to_list() == gives


def test_decimal_units_are_whole() -> None:
    frame = pl.DataFrame({"stock": ["2.90"]}).select(pl.col("stock").cast(pl.Decimal(38, 8)))
    allocation = Allocation({"a": policy()})
    assert allocation.onto(frame)[allocation.own_fields("a")["stock"].column].to_list() == [2]


SHARED = {"of": ["m", "b"], "buffer": 1}


@pytest.mark.parametrize(
    ("shared", "own", "of_table", "counts"),
    [
        (None, None, False, None),
        (SHARED, None, False, {"of": ("m", "b"), "buffer": 1}),
        (SHARED, {"percent": 50, "buffer": 0}, False, {"of": ("m", "b"), "percent": 50}),
        (SHARED, "whole", False, None),
        (None, {}, False, {"of": ("stock",)}),
        (None, {}, True, {"of": ("quantity",)}),
        (SHARED, {"cap": 9}, True, {"of": ("quantity",), "cap": 9}),
        (SHARED, None, True, None),
    ],
)
def test_a_feeds_own_keys_go_first(
    shared: dict[str, Any] | None, own: dict[str, Any] | str | None, of_table: bool, counts: dict[str, Any] | None
) -> None:
    said = StockPolicy.model_validate(own) if isinstance(own, dict) else own
    of_all = None if shared is None else StockPolicy.model_validate(shared)
    expected = None if counts is None else StockPolicy.model_validate(counts)
    assert effective(of_all, said, of_table=of_table) == expected


def test_percents_of_one_field_end_at_a_hundred() -> None:
    policies = {
        "a": policy(of=["m", "b"], percent=60),
        "b": policy(of=["b"], percent=50),
        "c": policy(of=["m"], percent=40),
    }
    assert overdrawn(policies) == {"b": (["a", "b"], 110)}
