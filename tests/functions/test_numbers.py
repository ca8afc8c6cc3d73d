"""Reading numbers, money, booleans and dates from text: what is read, and what is refused instead of guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsync.expressions import numbers
from feedsync.expressions.numbers import Reading

FAILED = "failed"


def read(reader: Callable[[pl.Expr], Reading], texts: list[str | None]) -> list[object]:
    """The value of each text, "failed" where it failed, None for a missing text."""
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    reading = reader(pl.col("text"))
    found = frame.select(value=reading.value, failed=reading.failed)
    return [FAILED if failed else value for value, failed in found.rows()]


def as_decimals(values: list[str | None]) -> list[object]:
    return [FAILED if v == FAILED else None if v is None else Decimal(v) for v in values]


NUMBERS = [
    # text, without a mark, with ".", with ","
    ("49,9", "49.9", FAILED, "49.9"),
    ("49.9", "49.9", "49.9", FAILED),
    ("1.290,50", "1290.5", FAILED, "1290.5"),
    ("1,290.50", "1290.5", "1290.5", FAILED),
    ("1.234,56", "1234.56", FAILED, "1234.56"),
    ("12.345", FAILED, "12.345", "12345"),
    ("1,290", FAILED, "1290", "1.29"),
    ("0.125", "0.125", "0.125", FAILED),
    ("0,345", "0.345", FAILED, "0.345"),
    ("1234.500", "1234.5", "1234.5", FAILED),
    (".5", "0.5", "0.5", FAILED),
    ("-.5", "-0.5", "-0.5", FAILED),
    ("−5", "-5", "-5", "-5"),
    ("+5", "5", "5", "5"),
    (" 12.50 ", "12.5", "12.5", FAILED),
    ("007", "7", "7", "7"),
    ("1 290", "1290", "1290", "1290"),
    ("1\u202f290,5", "1290.5", FAILED, "1290.5"),
    ("1'290.50", "1290.5", "1290.5", FAILED),
    ("1’290", "1290", "1290", "1290"),
    ("1.290.500", "1290500", FAILED, "1290500"),
    ("1.290.500,25", "1290500.25", FAILED, "1290500.25"),
    ("1,290,500", "1290500", "1290500", FAILED),
    ("1.290.50", FAILED, FAILED, FAILED),
    ("1,29,000", FAILED, FAILED, FAILED),
    ("1,290 500", FAILED, FAILED, FAILED),
    ("- 5", FAILED, FAILED, FAILED),
    ("5.", FAILED, FAILED, FAILED),
    ("1e3", FAILED, FAILED, FAILED),
    ("NaN", FAILED, FAILED, FAILED),
    ("49,9 EUR", FAILED, FAILED, FAILED),
    ("١٢", FAILED, FAILED, FAILED),
    ("999999999999999.12345678", "999999999999999.12345678", "999999999999999.12345678", FAILED),
    ("1000000000000000", FAILED, FAILED, FAILED),
    ("9" * 60, FAILED, FAILED, FAILED),
    ("1.50000000000", "1.5", "1.5", FAILED),
    ("1.123456789", FAILED, FAILED, FAILED),
    (None, None, None, None),
]


@pytest.mark.parametrize(("mark", "column"), [(None, 1), (".", 2), (",", 3)])
def test_decimals(mark: str | None, column: int) -> None:
    found = read(lambda text: numbers.decimal_from_text(text, mark), [row[0] for row in NUMBERS])
    assert found == as_decimals([row[column] for row in NUMBERS])


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=4), st.sampled_from([".", ","]))
def test_what_a_shop_writes_is_read_back(number: Decimal, mark: str) -> None:
    grouped = f"{number:,.4f}" if mark == "." else f"{number:,.4f}".translate({0x2C: ".", 0x2E: ","})
    assert read(lambda text: numbers.decimal_from_text(text, mark), [grouped]) == [number]


@given(st.text(alphabet="0123456789.,' -+", max_size=12))
def test_without_a_mark_nothing_is_read_that_a_mark_would_read_otherwise(text: str) -> None:
    plain, point, comma = (
        read(lambda cell, mark=mark: numbers.decimal_from_text(cell, mark), [text])[0] for mark in (None, ".", ",")
    )
    readings = {str(value) for value in (point, comma)} - {FAILED}
    if plain != FAILED:
        assert str(plain) in readings
    if len(readings) == 2 and "." in text.strip(" .") + text.strip(" ,"):
        assert plain == FAILED


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 pcs", 12),
        ("12 uds.", 12),
        ("12.0000", 12),
        ("-3", -3),
        ("1 000 Stück", 1000),
        ("12.5", FAILED),
        ("12.000", FAILED),
        ("1e3", FAILED),
        ("3 m2", FAILED),
        ("pcs", FAILED),
        (None, None),
    ],
)
def test_integers(text: str | None, value: object) -> None:
    assert read(numbers.integer_from_text, [text]) == [value]


MONEY = [
    # text, without a currency, with USD
    ("1.299,00 €", ("1299", "EUR"), FAILED),
    ("49,9 EUR", ("49.9", "EUR"), FAILED),
    ("EUR 49,9", ("49.9", "EUR"), FAILED),
    ("eur 5", ("5", "EUR"), FAILED),
    ("49,- €", ("49", "EUR"), FAILED),
    ("Fr. 15", ("15", "CHF"), FAILED),
    ("15,5 zł", ("15.5", "PLN"), FAILED),
    ("19.90\u00a0€", ("19.9", "EUR"), FAILED),
    ("$15.00", FAILED, ("15", "USD")),
    ("-$5", FAILED, ("-5", "USD")),
    ("$.99", FAILED, ("0.99", "USD")),
    ("5 kr", FAILED, FAILED),
    ("US$ 5", ("5", "USD"), ("5", "USD")),
    ("$15.00 USD", ("15", "USD"), ("15", "USD")),
    ("12", FAILED, ("12", "USD")),
    ("12.5", FAILED, ("12.5", "USD")),
    ("1,290 USD", FAILED, FAILED),
    ("12 pcs", FAILED, FAILED),
    ("€5-", FAILED, FAILED),
    (None, None, None),
]


@pytest.mark.parametrize(("currency", "column"), [(None, 1), ("USD", 2)])
def test_money(currency: str | None, column: int) -> None:
    found = read(lambda text: numbers.money_from_text(text, None, currency), [row[0] for row in MONEY])
    wanted = [
        {"amount": Decimal(cell[0]), "currency": cell[1]} if isinstance(cell, tuple) else cell
        for cell in (row[column] for row in MONEY)
    ]
    assert found == wanted


def test_missing_money_is_null_as_a_whole() -> None:
    frame = pl.DataFrame({"text": ["x", None]}, schema={"text": pl.String})
    assert frame.select(numbers.money_from_text(pl.col("text"), ".", "EUR").value).to_series().null_count() == 2


def test_booleans() -> None:
    found = read(
        lambda text: numbers.boolean_from_text(text, ["Ja", "yes"], ["nein"]),
        ["ja ", "YES", "Nein", "vielleicht", None],
    )
    assert found == [True, True, False, FAILED, None]


@pytest.mark.parametrize(
    ("text", "format", "value"),
    [
        ("24.12.2026", "dd.mm.yyyy", date(2026, 12, 24)),
        ("24.12.26", "dd.mm.yy", date(2026, 12, 24)),
        ("4.1.2026", "d.m.yyyy", date(2026, 1, 4)),
        ("12/24/2026", "mm/dd/yyyy", date(2026, 12, 24)),
        ("24.12.26", "dd.mm.yyyy", FAILED),
        ("31.02.2026", "dd.mm.yyyy", FAILED),
        ("4.12.2026", "dd.mm.yyyy", FAILED),
        ("2026-12-24", None, date(2026, 12, 24)),
        ("2026-12-24 00:00:00", None, date(2026, 12, 24)),
        ("2026-12-24 10:30", None, FAILED),
        (None, None, None),
    ],
)
def test_dates(text: str | None, format: str | None, value: object) -> None:
    assert read(lambda cell: numbers.date_from_text(cell, format, None), [text]) == [value]


@pytest.mark.parametrize(
    ("text", "format", "value"),
    [
        ("24.12.2026", "dd.mm.yyyy", "2026-12-24T00:00+01:00"),
        ("24.12.2026 10:05", "dd.MM.yyyy HH:mm", "2026-12-24T10:05+01:00"),
        ("10:05 24.12.2026", "hh:mm dd.mm.yyyy", "2026-12-24T10:05+01:00"),
        ("2026-12-24", None, "2026-12-24T00:00+01:00"),
        ("2026-12-24T10:30:59Z", None, "2026-12-24T11:30+01:00"),
        ("2026-12-24 10:30:00.250", None, "2026-12-24T10:30+01:00"),
        ("2026-12-24T10:30+05:30", None, "2026-12-24T06:00+01:00"),
        ("2026-10-25 02:30", None, "2026-10-25T02:30+02:00"),  # twice: the earlier
        ("2026-03-29 02:30", None, FAILED),  # skipped in spring
        ("24.12.2026", None, FAILED),
        (None, None, None),
    ],
)
def test_moments(text: str | None, format: str | None, value: object) -> None:
    def reader(cell: pl.Expr) -> Reading:
        moment, failed = numbers.date_from_text(cell, format, "Europe/Berlin")
        return Reading(moment.dt.strftime("%Y-%m-%dT%H:%M%:z"), failed)

    assert read(reader, [text]) == [value]


@pytest.mark.parametrize("format", ["yyyy", "foo", "dd.mm.yyyy hh", "%Y-%m-%d", "dd.dd.yyyy", "ddd.mm.yyyy", ""])
def test_what_is_no_date_format(format: str) -> None:
    assert numbers.date_format(format) is None


@pytest.mark.parametrize(
    ("gtin", "valid", "restricted"),
    [
        ("4006381333931", True, False),
        ("4006381333932", False, False),
        ("012345678905", True, False),
        ("04006381333931", True, False),
        ("96385074", True, False),
        ("2000000000008", True, True),
        ("212345678992", True, True),
        ("9771234567003", True, False),
        ("600638133395", False, False),
        ("40063813339", False, False),
        ("400638133393X", False, False),
        ("0000000000000", True, True),  # five zeros and a GTIN-8 that begins with 0
        ("00000000", True, True),
        ("000000000000", True, True),
        ("00000000000000", True, True),
        ("0000096385074", True, False),  # a GTIN-8 with its zeros
        ("0000020000001", False, True),
        ("12000000000005", True, True),  # a case of an in-store number
        ("14006381333938", True, False),
        ("0", False, False),
        ("00", False, False),
        ("000000000", False, False),
        ("", False, False),
        (None, None, None),
    ],
)
def test_gtins(gtin: str | None, valid: bool | None, restricted: bool | None) -> None:
    frame = pl.DataFrame({"gtin": [gtin]}, schema={"gtin": pl.String})
    found = frame.select(a=numbers.gtin_valid(pl.col("gtin")), b=numbers.gtin_restricted(pl.col("gtin"))).row(0)
    assert found == (valid, restricted)
