"""One cell and a field's declaration: the value, or that it does not read. Missing is no failure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from feedsync.catalog.plan import Field, SourceColumns, field_type, plan_fields
from feedsync.catalog.reading import read_field
from feedsync.errors import ConfigError, ManyErrors, Place
from feedsync.specs.source import FieldSpec

MADRID = ZoneInfo("Europe/Madrid")
HERE = Place("feedsync.yaml", 7, 5)


def field(name: str = "x", **said: Any) -> Field:
    spec = FieldSpec.model_validate(said)
    return Field(name, field_type(name, spec), "raw", name, spec, 0, HERE)


def read(
    one: Field, cell: str | None, numeric: bool | None = None, currency: str | None = None, zone: str = "Europe/Madrid"
) -> tuple[Any, bool]:
    """(value, failed)"""
    frame = pl.DataFrame({"raw": [cell], "n": [numeric]}, schema={"raw": pl.String, "n": pl.Boolean})
    got = read_field(one, pl.col("raw"), None if numeric is None else pl.col("n"), zone, currency)
    failed = pl.lit(False) if got.text is None else got.text.is_not_null() & got.value.is_null()
    return frame.select(got.value.alias("v"), failed.alias("f")).row(0)


D = Decimal


@pytest.mark.parametrize(
    ("said", "cell", "value"),
    [
        ({}, "007", "007"),
        ({}, "NA", "NA"),
        ({"missing": ["NA", "-"]}, "NA", None),
        ({"missing": ["NA", "-"]}, "na", "na"),
        ({"type": "decimal"}, None, None),
        ({"type": "decimal"}, "49,9", D("49.9")),
        ({"type": "decimal"}, "1.290,50", D("1290.5")),
        ({"type": "decimal", "decimal_mark": ","}, "1.290,50", D("1290.5")),
        ({"type": "decimal", "decimal_mark": ","}, "1.290", D("1290")),
        ({"type": "decimal", "decimal_mark": "."}, "1,290.50", D("1290.5")),
        ({"type": "decimal", "locale": "es_ES"}, "1.290", D("1290")),
        ({"type": "decimal", "locale": "es-MX"}, "1,290", D("1290")),
        ({"type": "decimal", "locale": "de_CH"}, "1’290.5", D("1290.5")),
        ({"type": "decimal", "locale": "en_GB"}, "12.345", D("12.345")),
        ({"type": "integer"}, "12 pcs", 12),
        ({"type": "integer"}, "-3", -3),
        ({"type": "integer", "decimal_mark": ","}, "1.000", 1000),
        ({"type": "boolean"}, "Yes", True),
        ({"type": "boolean", "true": ["sí"], "false": ["no"]}, "SÍ", True),
        ({"type": "boolean", "true": ["sí"], "false": ["no"]}, "no", False),
        ({"type": "date"}, "2026-12-24", dt.date(2026, 12, 24)),
        ({"type": "date", "format": "dd/mm/yyyy"}, "24/12/2026", dt.date(2026, 12, 24)),
        ({"type": "datetime"}, "2026-12-24", dt.datetime(2026, 12, 24, tzinfo=MADRID)),
        ({"type": "datetime"}, "2026-12-24T10:30:59", dt.datetime(2026, 12, 24, 10, 30, tzinfo=MADRID)),
        ({"type": "datetime"}, "2026-12-24T10:30Z", dt.datetime(2026, 12, 24, 11, 30, tzinfo=MADRID)),
        ({"type": "list", "separator": "|"}, " a | b||a ", ["a", "b", "a"]),
        ({"type": "list"}, "a, b", ["a, b"]),
        ({"type": "list", "separator": ","}, " , ", None),
        ({"type": "url"}, "no es una url", "no es una url"),  # the channel's checks say so
        ({"type": "gtin"}, "84 12", "84 12"),
    ],
)
def test_a_cell_reads(said: dict[str, Any], cell: str | None, value: object) -> None:
    assert read(field(**said), cell) == (value, False)


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ({"type": "decimal"}, "diez"),
        ({"type": "decimal"}, "1.290"),  # 1290 or 1.29: never guessed
        ({"type": "decimal", "decimal_mark": ","}, "12.50"),
        ({"type": "decimal", "locale": "es_ES"}, "12.5"),
        ({"type": "decimal"}, "1234567890123456"),
        ({"type": "integer"}, "12.5"),
        ({"type": "boolean"}, "quizás"),
        ({"type": "boolean", "true": ["sí"], "false": ["no"]}, "yes"),
        ({"type": "date"}, "24/12/2026"),
        ({"type": "date"}, "2026-02-30"),
        ({"type": "datetime"}, "2026-03-29T02:30"),  # the clock skips it in Madrid
        ({"type": "money"}, "12"),
    ],
)
def test_a_cell_does_not_read(said: dict[str, Any], cell: str) -> None:
    assert read(field(**said), cell) == (None, True)


@pytest.mark.parametrize(
    ("said", "currency", "cell", "amount"),
    [
        ({}, "EUR", "49,9", ("49.9", "EUR")),
        ({}, "EUR", "1.299,00 €", ("1299", "EUR")),
        ({"currency": "USD"}, "EUR", "$15.00", ("15", "USD")),
        ({"currency": "USD"}, "EUR", "15 EUR", None),
        ({}, None, "49.90 PLN", ("49.9", "PLN")),
    ],
)
def test_money(said: dict[str, Any], currency: str | None, cell: str, amount: tuple[str, str] | None) -> None:
    value, failed = read(field(type="money", **said), cell, currency=currency)
    assert failed == (amount is None)
    assert amount is None or value == {"amount": Decimal(amount[0]), "currency": amount[1]}


def test_a_number_of_its_source_is_what_it_is() -> None:
    price = field("price", decimal_mark=",")
    assert read(price, "12.345", numeric=True) == (D("12.345"), False)
    assert read(price, "12.345", numeric=False) == (D("12345"), False)
    assert read(price, "12.345", numeric=None) == (D("12345"), False)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ({"type": "date"}, "0000-00-00"),  # what MySQL exports for no date
        ({"type": "date"}, "0000-01-01"),
        ({"type": "date"}, "0999-12-31"),
        ({"type": "date"}, "10000-01-01"),
        ({"type": "date", "format": "dd.mm.yyyy"}, "01.01.0000"),
        ({"type": "datetime"}, "0000-00-00 00:00:00"),
        ({"type": "datetime"}, "0000-01-01"),
        ({"type": "datetime"}, "10000-01-01"),
        ({"type": "datetime"}, "9999-12-31T23:59-14:00"),
        ({"type": "datetime"}, "1000-01-01T00:00+14:00"),
        ({"type": "datetime", "format": "dd.mm.yyyy"}, "31.12.0000"),
    ],
)
def test_a_year_beyond_the_calendar_does_not_read(said: dict[str, Any], cell: str, zone: str) -> None:
    assert read(field(**said), cell, zone=zone) == (None, True)
    assert read(field("expiration_date", **said), cell, zone=zone) == (None, True)


@pytest.mark.parametrize(
    ("zone", "last"),
    [
        ("UTC", "9999-12-31T23:59+00:00"),
        ("Europe/Madrid", "9999-12-31T23:59+01:00"),
        ("America/New_York", None),  # in UTC it is the year 10000
    ],
)
def test_the_last_day_of_the_calendar_means_never(zone: str, last: str | None) -> None:
    got, failed = read(field("expiration_date"), "9999-12-31", zone=zone)
    assert (got and got.isoformat(timespec="minutes"), failed) == (last, last is None)
    assert read(field(type="date"), "9999-12-31", zone=zone) == (dt.date(9999, 12, 31), False)
    assert read(field(type="date"), "1000-01-01", zone=zone) == (dt.date(1000, 1, 1), False)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1e3", D("1000")),
        ("1E+3", D("1000")),
        ("12.50e1", D("125")),
        ("-1.5E-3", D("-0.0015")),
        ("0e5", D("0")),
        ("0.0e999999", D("0")),
        ("1e-8", D("0.00000001")),
        ("999999999999999e0", D("999999999999999")),
        ("1e15", None),  # 16 digits
        ("1e-9", None),  # 9 decimals
        ("1e999999", None),
        ("1e9999999", None),
    ],
)
def test_a_number_with_an_exponent_is_the_number_it_is(cell: str, value: Decimal | None) -> None:
    for one in (field("price"), field("price", decimal_mark=","), field("price", type="money", currency="EUR")):
        got, failed = read(one, cell, numeric=True)
        amount = got["amount"] if isinstance(got, dict) else got
        assert (amount, failed) == (value, value is None)
    assert read(field("price"), cell, numeric=False) == (None, True)  # a text is not what JSON writes as a number
    whole = None if value is None or value % 1 else int(value)
    assert read(field("stock"), cell, numeric=True) == (whole, whole is None)
    assert read(field(type="text"), cell, numeric=True) == (cell, False)


def test_standard_names_have_their_types() -> None:
    assert read(field("sale_price_end"), "2026-12-31")[0] == dt.datetime(2026, 12, 31, 23, 59, tzinfo=MADRID)
    assert read(field("sale_price_start"), "2026-12-31")[0] == dt.datetime(2026, 12, 31, tzinfo=MADRID)
    assert read(field("sale_price_end"), "2026-12-31T10:00")[0] == dt.datetime(2026, 12, 31, 10, tzinfo=MADRID)
    assert read(field("stock"), "3") == (3, False)
    assert read(field("price"), "x") == (None, True)
    assert read(field("price", type="text"), "x") == ("x", False)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"type": "decimal", "locale": "xx_XX"},
            'no decimal mark is known for locale "xx_XX". Write decimal_mark: instead.',
        ),
        ({"type": "date", "format": "tt/mm/jjjj"}, '"tt/mm/jjjj" is no date format.'),
    ],
)
def test_declarations_that_cannot_be(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(field(**said), "1")
    assert str(error.value).startswith(f"feedsync.yaml:7:5: error: x: {message}")


SOURCES = [
    SourceColumns("p.csv", ("SKU", "Name", "Stock", "_row")),
    SourceColumns("q.csv", ("SKU", "Stock"), key="SKU"),
]


def plan(**fields: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """field -> (source, header)"""
    specs = {name: FieldSpec.model_validate(said) for name, said in fields.items()}
    made = plan_fields(specs, SOURCES, lambda name: HERE)
    return {name: (one.source, one.origin) for name, one in made.fields.items()}


def test_columns_nobody_maps_pass_through_the_first_source_wins() -> None:
    assert plan() == {"SKU": (0, "SKU"), "Name": (0, "Name"), "Stock": (0, "Stock")}
    assert plan(sku={"from": "SKU"}, title={"from": "Name"}) == {
        "sku": (0, "SKU"),
        "title": (0, "Name"),
        "Stock": (0, "Stock"),
        "SKU": (1, "SKU"),
    }


def test_a_column_of_one_source() -> None:
    assert plan(stock={"from": {"source": "q.csv", "column": "Stock"}})["stock"] == (1, "Stock")


def test_mistakes_are_raised_together() -> None:
    with pytest.raises(ManyErrors) as error:
        plan(
            a={"from": "Nam"},
            b={"from": {"source": "r.csv", "column": "Stock"}},
            c={"from": {"source": "q.csv", "column": "Stok"}},
            d={"from": "Stock"},
        )
    assert [str(one) for one in error.value.errors] == [
        'feedsync.yaml:7:5: error: d: the column "Stock" stands in several sources (p.csv, q.csv). Say which: from: {source: NAME, column: Stock}.',
        'feedsync.yaml:7:5: error: a: no column "Nam"; did you mean "Name"? The columns are: SKU, Name, Stock, SKU, Stock.',
        'feedsync.yaml:7:5: error: c: no column "Stok"; did you mean "Stock"? The columns are: SKU, Stock.',
        'feedsync.yaml:7:5: error: b: no source "r.csv"; did you mean "q.csv"? The sources are: p.csv, q.csv.',
    ]
