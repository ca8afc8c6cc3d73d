"""How a channel spells values, and that it reads back what it spelled."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from feedsync.frames import dtype
from feedsync.semantics import minor_units
from feedsync.specs.channel import Attribute, Spelling
from feedsync.writers.read_spelled import form_pattern, read_spelled
from feedsync.writers.spelling import render, spell

MADRID = "Europe/Madrid"
PLAIN = Spelling()
NOON = dt.datetime(2026, 12, 24, 12, 0, tzinfo=ZoneInfo(MADRID))


def column(attribute: Attribute, values: list[Any], zone: str = MADRID) -> pl.DataFrame:
    return pl.DataFrame({"x": pl.Series(values, dtype=dtype(attribute.semantic, zone))})


def money(amount: str, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": currency}


def attribute(**said: Any) -> Attribute:
    return Attribute.model_validate(said)


SHIPPING = attribute(
    type="group",
    fields={"country": {}, "service": {}, "price": {"type": "money"}, "days": {"type": "integer"}},
)
TABLE = [
    (attribute(type="text"), PLAIN, 'a "b" & c', 'a "b" & c'),
    (attribute(type="integer"), PLAIN, -5, "-5"),
    (attribute(type="decimal"), PLAIN, Decimal("19.90"), "19.9"),
    (attribute(type="decimal"), PLAIN, Decimal("10"), "10"),
    (attribute(type="decimal"), PLAIN, Decimal("0"), "0"),
    (attribute(type="decimal"), PLAIN, Decimal("-0.00000001"), "-0.00000001"),
    (attribute(type="money"), PLAIN, money("19.9"), "19.90 EUR"),
    (attribute(type="money"), PLAIN, money("10"), "10.00 EUR"),
    (attribute(type="money"), PLAIN, money("1990", "JPY"), "1990 JPY"),
    (attribute(type="money"), PLAIN, money("1.5", "KWD"), "1.500 KWD"),
    (attribute(type="money"), Spelling(money="{amount}"), money("19.9"), "19.90"),
    (attribute(type="money"), Spelling(money="{currency}{amount}"), money("-0.5"), "EUR-0.50"),
    (attribute(type="boolean"), Spelling(boolean=("yes", "no")), True, "yes"),
    (attribute(type="boolean"), Spelling(boolean=("yes", "no")), False, "no"),
    (attribute(type="date"), PLAIN, dt.date(2026, 12, 24), "2026-12-24"),
    (attribute(type="date"), Spelling(date="%d.%m.%Y"), dt.date(2026, 2, 1), "01.02.2026"),
    (attribute(type="datetime"), PLAIN, NOON, "2026-12-24T12:00+01:00"),
    (attribute(type="datetime"), Spelling(datetime="%Y-%m-%dT%H:%M%z"), NOON, "2026-12-24T12:00+0100"),
    (attribute(type="datetime"), Spelling(datetime="%Y-%m-%dT%H:%M:%SZ"), NOON, "2026-12-24T11:00:00Z"),
    (attribute(type="datetime"), Spelling(datetime="%d/%m/%Y %H:%M"), NOON, "24/12/2026 12:00"),
    (
        attribute(type="interval"),
        PLAIN,
        {"start": NOON, "end": NOON + dt.timedelta(days=1)},
        "2026-12-24T12:00+01:00/2026-12-25T12:00+01:00",
    ),
    (
        attribute(type="interval"),
        Spelling(datetime="%d/%m/%Y %H:%M"),
        {"start": NOON, "end": NOON},
        "24/12/2026 12:00/24/12/2026 12:00",
    ),
    (attribute(type="enum", one_of=["new", "used"], spelling={"new": "11"}), PLAIN, "new", "11"),
    (attribute(type="enum", one_of=["new", "used"], spelling={"new": "11"}), PLAIN, "used", "used"),
    (attribute(type="list"), PLAIN, ['a"b', "c\nd"], '["a\\"b","c\\nd"]'),
    (attribute(type="list", of="money"), PLAIN, [money("1"), money("2")], '["1.00 EUR","2.00 EUR"]'),
    (
        attribute(type="list", of={"type": "enum", "one_of": ["s"], "spelling": {"s": "Small"}}),
        PLAIN,
        ["s"],
        '["Small"]',
    ),
    (
        SHIPPING,
        PLAIN,
        [{"country": "ES", "service": None, "price": money("4.9"), "days": 3}],
        '[{"country":"ES","price":"4.90 EUR","days":"3"}]',
    ),
]


@pytest.mark.parametrize(("what", "spelling", "value", "text"), TABLE)
def test_spelled_and_read_back(what: Attribute, spelling: Spelling, value: Any, text: str) -> None:
    frame = column(what, [value, None])
    spelled = frame.select(spell(pl.col("x"), what, spelling, MADRID).alias("x"))
    assert spelled["x"].to_list() == [text, None]
    reading = read_spelled(pl.col("x"), what, spelling, MADRID, currency="EUR")
    assert spelled.select(x=reading.misfit)["x"].to_list() == [False, False]
    assert_series_equal(spelled.select(reading.value.alias("x"))["x"], frame["x"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (money("19.995"), "20.00 EUR"),
        (money("19.985"), "19.99 EUR"),
        (money("-19.995"), "-20.00 EUR"),
        (money("0.5", "JPY"), "1 JPY"),
        (money("0.004"), "0.00 EUR"),
    ],
)
def test_money_is_rounded_to_its_minor_unit(value: dict[str, Any], text: str) -> None:
    what = attribute(type="money")
    assert column(what, [value]).select(x=spell(pl.col("x"), what, PLAIN, MADRID)).item() == text


@pytest.mark.parametrize(
    ("what", "spelling", "text"),
    [
        (attribute(type="integer"), PLAIN, "5.0"),
        (attribute(type="integer"), PLAIN, "1234567890123456"),
        (attribute(type="decimal"), PLAIN, "1e3"),
        (attribute(type="decimal"), PLAIN, "1,5"),
        (attribute(type="decimal"), PLAIN, "1.5\n"),
        (attribute(type="money"), PLAIN, "19.90"),
        (attribute(type="money"), PLAIN, "EUR 19.90"),
        (attribute(type="money"), PLAIN, "19.90 EUR "),
        (attribute(type="boolean"), Spelling(boolean=("yes", "no")), "true"),
        (attribute(type="date"), PLAIN, "2026-02-30"),
        (attribute(type="date"), PLAIN, "24.12.2026"),
        (attribute(type="datetime"), PLAIN, "2026-12-24"),
        (attribute(type="interval"), PLAIN, "2026-12-24T12:00+01:00"),
        (attribute(type="enum", one_of=["in_stock"], spelling={"in_stock": "in stock"}), PLAIN, "in_stock"),
        (attribute(type="list"), PLAIN, "a,b"),
        (attribute(type="list"), PLAIN, '["a",1]'),
        (attribute(type="list"), PLAIN, "[]"),
        (attribute(type="list", of="integer"), PLAIN, '["1","x"]'),
        (SHIPPING, PLAIN, '[{"land":"ES"}]'),
        (SHIPPING, PLAIN, '[{"price":"4.90"}]'),
        (SHIPPING, PLAIN, "{"),
    ],
)
def test_a_text_of_another_form_is_a_misfit(what: Attribute, spelling: Spelling, text: str) -> None:
    reading = read_spelled(pl.col("x"), what, spelling, MADRID)
    frame = pl.DataFrame({"x": [text, None, ""]}).select(reading.value.alias("value"), reading.misfit.alias("misfit"))
    assert frame["misfit"].to_list() == [True, False, False]
    assert frame["value"].to_list() == [None, None, None]


def test_render_gives_a_text_column_per_attribute() -> None:
    attributes = {"id": attribute(), "price": attribute(type="money"), "tags": attribute(type="list")}
    items = pl.DataFrame(
        {"id": ["A", "B"], "price": [money("1"), None], "tags": [["x"], []]},
        schema={"id": pl.String, "price": dtype(attributes["price"].semantic), "tags": pl.List(pl.String)},
    )
    assert items.select(render(attributes, PLAIN, MADRID)).to_dicts() == [
        {"id": "A", "price": "1.00 EUR", "tags": '["x"]'},
        {"id": "B", "price": None, "tags": None},
    ]


def test_a_form_becomes_a_pattern() -> None:
    assert form_pattern("%d.%m.%Y") == r"\d{2}\.\d{2}\.\d{4}"


TEXTS = st.text(min_size=1, max_size=12)
AMOUNTS = st.decimals(Decimal(-(10**12)), Decimal(10**12), places=8)
MONEY = st.sampled_from(["EUR", "JPY", "KWD", "CLF"]).flatmap(
    lambda code: st.builds(money, st.decimals(-(10**12), 10**12, places=minor_units(code)).map(str), st.just(code))
)
MINUTES = st.integers(20 * 525_600, 120 * 525_600)  # from 1990 to 2089
MOMENTS = MINUTES.map(lambda minute: dt.datetime.fromtimestamp(minute * 60, ZoneInfo(MADRID)))
LAWS = {
    "text": (attribute(), TEXTS),
    "integer": (attribute(type="integer"), st.integers(-(10**15) + 1, 10**15 - 1)),
    "decimal": (attribute(type="decimal"), AMOUNTS),
    "money": (attribute(type="money"), MONEY),
    "boolean": (attribute(type="boolean"), st.booleans()),
    "date": (attribute(type="date"), st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))),
    "datetime": (attribute(type="datetime"), MOMENTS),
    "interval": (attribute(type="interval"), st.fixed_dictionaries({"start": MOMENTS, "end": MOMENTS})),
    "enum": (attribute(type="enum", one_of=["a", "b"], spelling={"a": "b c"}), st.sampled_from(["a", "b"])),
    "list": (attribute(type="list"), st.lists(TEXTS, min_size=1, max_size=3)),
    "moments": (attribute(type="list", of="datetime"), st.lists(MOMENTS, min_size=1, max_size=3)),
    "group": (
        SHIPPING,
        st.lists(
            st.fixed_dictionaries(
                {"country": TEXTS, "service": st.none() | TEXTS, "price": st.none() | MONEY, "days": st.none()}
            ),
            min_size=1,
            max_size=3,
        ),
    ),
}


@pytest.mark.parametrize("name", LAWS)
@given(data=st.data())
@settings(deadline=None)
def test_reading_is_the_way_back(name: str, data: st.DataObject) -> None:
    what, values = LAWS[name]
    frame = column(what, data.draw(st.lists(st.none() | values, max_size=5)))
    spelled = frame.select(spell(pl.col("x"), what, PLAIN, MADRID).alias("x"))
    reading = read_spelled(pl.col("x"), what, PLAIN, MADRID)
    read = spelled.select(reading.value.alias("x"), reading.misfit.alias("misfit"))
    assert_series_equal(read["x"], frame["x"])
    assert not read["misfit"].any()
