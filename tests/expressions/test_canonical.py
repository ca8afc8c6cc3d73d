"""Reading and printing are inverse; anything that is not canonical is a misfit; a value at its attribute's border."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsync.errors import Place, TemplateError
from feedsync.expressions.canonical import border, literal_text, read, text_of, to_text
from feedsync.expressions.values import Value, literal
from feedsync.frames import dtype
from feedsync.semantics import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    ENUM,
    GTIN,
    INTEGER,
    INTERVAL,
    MONEY,
    TEXT,
    Type,
    list_of,
)

ZONE = "Europe/Berlin"
OFFER = Type("group", fields=(("country", TEXT), ("price", MONEY)))
MISFIT = "(misfit)"

READS = [
    (TEXT, " 007 ", " 007 "),
    (TEXT, "  ", None),
    (TEXT, None, None),
    (ENUM, "new", "new"),
    (INTEGER, "5", "5"),
    (INTEGER, "-007", "-7"),
    (INTEGER, " 12 ", "12"),
    (INTEGER, "5.0", MISFIT),
    (INTEGER, "1234567890123456", MISFIT),
    (INTEGER, "", None),
    (DECIMAL, "10", "10"),
    (DECIMAL, "100.00", "100"),
    (DECIMAL, "1.50", "1.5"),
    (DECIMAL, "-0.0", "0"),
    (DECIMAL, "-0.05", "-0.05"),
    (DECIMAL, "999999999999999.12345678", "999999999999999.12345678"),
    (DECIMAL, "1.123456789", MISFIT),
    (DECIMAL, "1e3", MISFIT),
    (DECIMAL, "1,2", MISFIT),
    (DECIMAL, "+1", MISFIT),
    (DECIMAL, ".5", MISFIT),
    (MONEY, "19.90 EUR", "19.90 EUR"),
    (MONEY, "19.9 EUR", "19.90 EUR"),
    (MONEY, "1980.5 JPY", "1981 JPY"),
    (MONEY, "12.3456 KWD", "12.346 KWD"),
    (MONEY, "1.23456 CLF", "1.2346 CLF"),
    (MONEY, "-2.675 EUR", "-2.68 EUR"),
    (MONEY, "5", MISFIT),
    (MONEY, "5 eur", MISFIT),
    (MONEY, "EUR 5", MISFIT),
    (BOOLEAN, "true", "true"),
    (BOOLEAN, "No", "false"),
    (BOOLEAN, "yes", "true"),
    (BOOLEAN, "1", MISFIT),
    (DATE, "2026-12-24", "2026-12-24"),
    (DATE, "2026-02-30", MISFIT),
    (DATE, "2026-1-2", MISFIT),
    (DATE, "24.12.2026", MISFIT),
    (DATETIME, "2026-12-24", "2026-12-24T00:00+01:00"),
    (DATETIME, "2026-12-24 10:05:59", "2026-12-24T10:05+01:00"),
    (DATETIME, "2026-07-24T10:05:59.123Z", "2026-07-24T12:05+02:00"),
    (DATETIME, "2026-12-24T10:05-0500", "2026-12-24T16:05+01:00"),
    (DATETIME, "2026-10-25T02:30", "2026-10-25T02:30+02:00"),  # twice that night: the earlier
    (DATETIME, "2026-03-29T02:30", MISFIT),  # never that night
    (DATETIME, "2026-12-24T25:00", MISFIT),
    (INTERVAL, "2026-12-24/2026-12-31", "2026-12-24T00:00+01:00/2026-12-31T23:59+01:00"),
    (INTERVAL, "2026-12-24T10:00Z/2026-12-31", "2026-12-24T11:00+01:00/2026-12-31T23:59+01:00"),
    (INTERVAL, "2026-12-24", MISFIT),
    (INTERVAL, "2026-12-24/", MISFIT),
    (INTERVAL, "2026-12-24/2026-12-25/2026-12-26", MISFIT),
    (list_of(TEXT), '["a", "b\\u00e9\\n", null]', '["a","bé\\n"]'),
    (list_of(TEXT), "a", '["a"]'),
    (list_of(TEXT), "[Sale] Jacket", '["[Sale] Jacket"]'),
    (list_of(TEXT), "[]", None),
    (list_of(TEXT), "[null]", None),
    (list_of(INTEGER), "[1, 2]", "[1,2]"),
    (list_of(DECIMAL), "[1.10, 2]", "[1.1,2]"),
    (list_of(INTEGER), "3", "[3]"),
    (list_of(INTEGER), '[1, "x"]', MISFIT),
    (OFFER, '{"country": "DE", "price": "4.90 EUR"}', '{"country":"DE","price":"4.90 EUR"}'),
    (OFFER, '{"country": "D\\"E"}', '{"country":"D\\"E"}'),
    (OFFER, '{"price": "4.90"}', MISFIT),
    (OFFER, '{"size": "4.90"}', MISFIT),
    (OFFER, "{", MISFIT),
    (list_of(OFFER), '[{"country": "DE"}, {"price": "1 JPY"}]', '[{"country":"DE"},{"price":"1 JPY"}]'),
    (list_of(OFFER), "x", MISFIT),
]


@pytest.mark.parametrize(("kind", "text", "gives"), READS, ids=lambda value: str(value))
def test_reads(kind: Type, text: str | None, gives: str | None) -> None:
    frame = pl.DataFrame({"t": [text, None]}, schema={"t": pl.String})
    value, misfit = read(pl.col("t"), kind, ZONE)
    out = frame.select(value=value, misfit=misfit, text=text_of(value, kind, ZONE))
    assert out.schema["value"] == dtype(kind, ZONE)
    assert out["misfit"].to_list() == [gives == MISFIT, False]
    assert out["text"].to_list() == [None if gives == MISFIT else gives, None]


def test_known_currency_prints_alike() -> None:
    value, _ = read(pl.col("t"), MONEY, ZONE)
    frame = pl.DataFrame({"t": ["1980.5 JPY", None]})
    assert frame.select(text_of(value, MONEY, ZONE, "JPY")).to_series().to_list() == ["1981 JPY", None]


@given(st.decimals(-(10**14), 10**14, places=8, allow_nan=False))
def test_a_literal_prints_as_the_same_value_in_a_row(number: Decimal) -> None:
    frame = pl.DataFrame({"n": [number]}, schema={"n": pl.Decimal(38, 8)})
    printed = frame.select(text_of(pl.col("n"), DECIMAL, ZONE)).item()
    assert printed == literal_text(number)
    value, misfit = read(pl.lit(printed), DECIMAL, ZONE)
    assert pl.select(value).item() == number
    assert not pl.select(misfit).item()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_list_prints_as_python_json(parts: list[str]) -> None:
    frame = pl.DataFrame({"l": [parts]}, schema={"l": pl.List(pl.String)})
    printed = frame.select(text_of(pl.col("l"), list_of(TEXT), ZONE)).item()
    assert printed == json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    assert printed == literal_text(parts)


@pytest.mark.parametrize(
    ("constant", "text"),
    [(None, None), ("a", "a"), (5, "5"), (Decimal("1.10"), "1.1"), (True, "true"), (date(2026, 12, 24), "2026-12-24")],
)
def test_constants_print(constant: object, text: str | None) -> None:
    assert pl.select(to_text(literal(constant), ZONE)).item() == text


COLUMNS = {
    "t": Value(pl.col("t"), TEXT),
    "i": Value(pl.col("i"), INTEGER),
    "d": Value(pl.col("d"), DECIMAL),
    "day": Value(pl.col("day"), DATE),
    "yes": Value(pl.col("yes"), BOOLEAN),
    "l": Value(pl.col("l"), list_of(TEXT)),
    "n": Value(pl.col("n"), list_of(INTEGER)),
}
ROWS = pl.DataFrame(
    {
        "t": ["19.90 EUR", "x", None],
        "i": [5, 0, None],
        "d": [Decimal("1.50"), Decimal(10), None],
        "day": [date(2026, 12, 24), date(2026, 6, 1), None],
        "yes": [True, False, None],
        "l": [["a", None], ["b"], [None]],
        "n": [[1, None], [2], None],
    },
    schema={
        "t": pl.String,
        "i": pl.Int64,
        "d": pl.Decimal(38, 8),
        "day": pl.Date,
        "yes": pl.Boolean,
        "l": pl.List(pl.String),
        "n": pl.List(pl.Int64),
    },
)
NEVER = [False, False, False]
BORDERS = [
    ("t", TEXT, ["19.90 EUR", "x", None], NEVER),
    ("t", GTIN, ["19.90 EUR", "x", None], NEVER),
    ("t", MONEY, ["19.90 EUR", None, None], [False, True, False]),
    ("t", list_of(TEXT), ['["19.90 EUR"]', '["x"]', None], NEVER),
    ("i", DECIMAL, ["5", "0", None], NEVER),
    ("i", TEXT, ["5", "0", None], NEVER),
    ("d", TEXT, ["1.5", "10", None], NEVER),
    ("i", list_of(DECIMAL), ["[5]", "[0]", None], NEVER),
    ("day", DATETIME, ["2026-12-24T00:00+01:00", "2026-06-01T00:00+02:00", None], NEVER),
    ("l", list_of(TEXT), ['["a"]', '["b"]', None], NEVER),
    ("l", list_of(INTEGER), [None, None, None], [True, True, False]),
    ("n", list_of(DECIMAL), ["[1]", "[2]", None], NEVER),
    ("n", list_of(TEXT), ['["1"]', '["2"]', None], NEVER),
]


@pytest.mark.parametrize(("name", "target", "texts", "misfits"), BORDERS, ids=lambda value: str(value))
def test_borders(name: str, target: Type, texts: list[str | None], misfits: list[bool]) -> None:
    value, misfit = border(COLUMNS[name], target, ZONE)
    out = ROWS.with_columns(v=value.expr, text=to_text(value, ZONE), m=pl.lit(False) if misfit is None else misfit)
    assert value.type == target
    assert out.schema["v"] == dtype(target, ZONE)
    assert out["text"].to_list() == texts
    assert out["m"].to_list() == misfits


@pytest.mark.parametrize("target", [TEXT, MONEY, DATETIME, INTERVAL, list_of(MONEY), OFFER])
def test_missing_fits_everywhere(target: Type) -> None:
    value, misfit = border(literal(None), target, ZONE)
    assert (value.type, value.missing, misfit) == (target, True, None)
    assert pl.select(value.expr).dtypes == [dtype(target, ZONE)]


IMPOSSIBLE = [
    (COLUMNS["yes"], MONEY, "this gives boolean, and money is wanted. Write a template that gives money."),
    (COLUMNS["d"], MONEY, "this gives decimal, and money is wanted. Say in which currency: | money(market.currency)."),
    (
        COLUMNS["d"],
        INTEGER,
        "this gives decimal, and integer is wanted. Say how it is rounded: | round, | floor or | ceil.",
    ),
    (COLUMNS["l"], TEXT, "this gives list of text, and text is wanted. Join it: | join(', ')."),
    (COLUMNS["yes"], TEXT, "this gives boolean, and text is wanted. Print it as text: | string."),
    (COLUMNS["yes"], list_of(DATE), "this gives boolean, and date is wanted. Write a template that gives date."),
    (literal("soon"), DATE, 'the text "soon" does not read as date. Write it in its canonical form.'),
]


@pytest.mark.parametrize(("value", "target", "message"), IMPOSSIBLE, ids=lambda value: str(value)[:20])
def test_impossible_borders(value: Value, target: Type, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        border(value, target, ZONE, Place("f.yaml", 3, 4))
    assert str(raised.value) == f"f.yaml:3:4: error: {message}"
