"""What a channel may demand of one attribute: each limit, on a value, in a list, in a group, verified or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from feedsync.checks.attributes import attribute_rules
from feedsync.errors import Place
from feedsync.frames import dtype
from feedsync.specs.channel import Attribute

HERE = Place("feedsync.yaml", 9)
Found = list[tuple[str, str, str, str | None]]


def found(said: dict[str, Any], value: object, currency: str | None = None) -> Found:
    """(code, severity, attribute, value shown) of every rule that the value breaks."""
    attribute = Attribute.model_validate(said)
    frame = pl.DataFrame({"x": pl.Series([value], dtype=dtype(attribute.semantic, "UTC"))})
    met: Found = []
    for rule in attribute_rules("x", attribute, currency, "UTC", HERE):
        broken, shown = frame.select(rule.broken.alias("b"), rule.value.cast(pl.String).alias("v")).row(0)
        assert broken is not None
        assert rule.place == HERE
        if broken:
            met.append((rule.code, rule.severity, rule.attribute, shown))
    return met


def money(amount: str, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": currency}


@pytest.mark.parametrize(
    ("said", "good", "bad", "code", "shown"),
    [
        ({"max_characters": 3}, "ñññ", "ññññ", "FS302", "ññññ"),
        ({"max_bytes": 6}, "ñññ", "ñññx", "FS302", "ñññx"),
        ({"type": "enum", "one_of": ["a", "b"]}, "b", "B", "FS303", "B"),
        ({"one_of": ["a", "b"]}, "b", "c", "FS303", "c"),
        ({"pattern": "^[A-Z]{2}$"}, "ES", "España", "FS306", "España"),
        ({"type": "url"}, "https://a.es/ñ?x=1", "ftp://a.es", "FS305", "ftp://a.es"),
        ({"type": "url"}, "HTTP://a.es", "https://a.es/con espacio", "FS305", "https://a.es/con espacio"),
        ({"type": "url"}, "http://localhost", "https:///x", "FS305", "https:///x"),
        ({"type": "gtin"}, "8412345678905", "8412345678900", "FS304", "8412345678900"),
        ({"type": "gtin"}, "73513537", "7351353", "FS307", "7351353"),
        ({"type": "gtin"}, "00000073513537", "841234567890X", "FS307", "841234567890X"),
        ({"type": "gtin"}, "065100004327", "2012345678903", "FS308", "2012345678903"),
        ({"type": "gtin"}, "0000096385074", "0000000000000", "FS308", "0000000000000"),
        ({"type": "gtin"}, "96385074", "00000000", "FS308", "00000000"),
        ({"type": "gtin"}, "012345678905", "000000000000", "FS308", "000000000000"),
        ({"type": "gtin"}, "14006381333938", "00000000000000", "FS308", "00000000000000"),
        ({"type": "gtin"}, None, "0", "FS307", "0"),
        ({"type": "gtin"}, None, "8412345678905 ", "FS307", "8412345678905 "),
        ({"type": "gtin"}, None, "٨٤١٢٣٤٥٦٧٨٩٠٥", "FS307", "٨٤١٢٣٤٥٦٧٨٩٠٥"),
        ({"type": "integer", "minimum": "0"}, 0, -1, "FS314", "-1"),
        ({"type": "integer", "maximum": "9"}, 9, 10, "FS314", "10"),
        ({"type": "decimal", "above": "0"}, Decimal("0.01"), Decimal(0), "FS309", "0"),
        ({"type": "money", "above": "0"}, money("0.01"), money("0"), "FS309", "0.00 EUR"),
        ({"type": "money", "maximum": "10"}, money("10"), money("10.01"), "FS314", "10.01 EUR"),
        ({"type": "list", "of": "url", "repeat": 2}, ["http://a"] * 2, ["http://a"] * 3, "FS313", "3"),
        ({"type": "list", "of": "url"}, ["http://a"], ["http://a", "b", "c"], "FS305", "b"),
        ({"type": "list", "of": {"type": "text", "max_characters": 2}}, ["ab"], ["ab", "abc"], "FS302", "abc"),
        ({"type": "list", "total_characters": 5}, ["ab", "cd"], ["ab", "cde"], "FS302", "6"),
    ],
)  # fmt: skip
def test_a_limit(said: dict[str, Any], good: object, bad: object, code: str, shown: str) -> None:
    assert found(said, good) == []
    assert found(said, bad) == [(code, "error", "x", shown)]
    assert found(said, None) == []
    assert found({**said, "verified": False}, bad) == [(code, "warning", "x", shown)]


@pytest.mark.parametrize(
    ("said", "bad", "severity"),
    [
        ({"max_characters": 3, "unverified": ["max_characters"]}, "abcd", "warning"),
        ({"max_characters": 3, "unverified": ["pattern"], "pattern": "^a"}, "abcd", "error"),
        ({"type": "integer", "minimum": "0", "unverified": ["minimum"]}, -1, "warning"),
        ({"type": "list", "of": "url", "repeat": 1, "unverified": ["repeat"]}, ["http://a"] * 2, "warning"),
    ],
)
def test_a_fact_that_is_not_verified_only_warns(said: dict[str, Any], bad: object, severity: str) -> None:
    assert [one[1] for one in found(said, bad)] == [severity]


def test_money_of_another_currency() -> None:
    said = {"type": "money", "currency": "{{ market.currency }}"}
    assert found(said, money("1", "EUR"), "EUR") == []
    assert found(said, money("1", "USD"), "EUR") == [("FS315", "error", "x", "1.00 USD")]
    assert found({"type": "money"}, money("1", "USD")) == []


def test_an_interval_that_ends_before_it_starts() -> None:
    import datetime as dt

    early, late = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    assert found({"type": "interval"}, {"start": early, "end": late}) == []
    for start, end in ((late, early), (early, early)):
        assert [one[0] for one in found({"type": "interval"}, {"start": start, "end": end})] == ["FS311"]


def test_what_is_longer_than_is_shown_is_a_hint_until_it_is_too_long() -> None:
    said = {"max_characters": 5, "shown_characters": 3}
    assert found(said, "abc") == []
    assert found(said, "abcd") == [("FS341", "hint", "x", "abcd")]
    assert found(said, "abcdef") == [("FS302", "error", "x", "abcdef")]


GROUP = {
    "type": "group",
    "repeat": 2,
    "fields": {
        "zone": {"type": "text", "required": True, "pattern": "^[A-Z]{2}$"},
        "fee": {"type": "money", "above": "0"},
    },
}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([("ES", money("1")), ("PT", None)], []),
        ([("ES", None), ("pt", None)], [("FS306", "x.zone", "pt")]),
        ([(None, money("1"))], [("FS301", "x.zone", None)]),
        ([("ES", money("0"))], [("FS309", "x.fee", "0.00 EUR")]),
        ([("ES", None)] * 3, [("FS313", "x", "3")]),
    ],
)
def test_records(records: list[tuple[str | None, Any]], expected: list[tuple[str, str, str | None]]) -> None:
    value = [{"zone": zone, "fee": fee} for zone, fee in records]
    assert [(code, name, shown) for code, _, name, shown in found(GROUP, value)] == expected


def test_one_number_is_blamed_once() -> None:
    """Form, check digit, prefix: the first that is wrong."""
    for value, code in (("123", "FS307"), ("2012345678901", "FS304"), ("9812345678908", "FS304")):
        assert [one[0] for one in found({"type": "gtin"}, value)] == [code]
