"""Canonical printing: how a value of every semantic type is written as text, the same everywhere.

`5`, `19.9`, `19.90 EUR`, `true`, `2026-12-24`, `2026-12-24T00:00+01:00`, `start/end`; lists and groups as JSON.
Missing stays null.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from feedsync.expressions.values import Value
from feedsync.semantics import MINOR_UNITS, Type, minor_units

MINUTE: Final = "%Y-%m-%dT%H:%M%:z"
HALF_UP: Final = "half_away_from_zero"
# json.dumps' escapes, so that JSON made by expressions and by Python is the same bytes
_ESCAPES: Final = {chr(code): json.dumps(chr(code))[1:-1] for code in [*range(0x20), 0x22, 0x5C]}
_BARE: Final = ("integer", "decimal", "boolean")  # printed without quotes inside JSON


def to_text(value: Value, zone: str) -> pl.Expr:
    """The value as canonical text; null where it is missing."""
    if value.known:
        text = None if value.literal is None else literal_text(value.literal)
        return pl.lit(text, dtype=pl.String)
    return text_of(value.expr, value.type, zone, value.currency)


def text_of(expr: pl.Expr, kind: Type, zone: str, currency: str | None = None) -> pl.Expr:
    """Canonical text of an expression of a type; `currency` is the one currency of all rows, where there is one."""
    match kind.kind:
        case "integer" | "boolean" | "date":
            return expr.cast(pl.String)
        case "decimal":
            # a Decimal(38, 8) always prints its point, so zeros before it are safe
            return expr.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
        case "money":
            return _money_text(expr, currency)
        case "datetime":
            return moment_text(expr, zone)
        case "interval":
            start, end = expr.struct.field("start"), expr.struct.field("end")
            return pl.concat_str([moment_text(start, zone), pl.lit("/"), moment_text(end, zone)])
        case "list" | "group":
            return to_json_text(expr, kind, zone)
        case _:
            return expr


def moment_text(expr: pl.Expr, zone: str) -> pl.Expr:
    """An instant to the minute with the zone's offset."""
    return expr.dt.convert_time_zone(zone).dt.strftime(MINUTE)


def to_json_text(expr: pl.Expr, kind: Type, zone: str) -> pl.Expr:
    """Canonical JSON: no blanks, fields in declared order, missing fields left out, missing elements null."""
    if kind.kind == "list" and kind.of is not None:
        elements = expr.list.eval(json_part(pl.element(), kind.of, zone).fill_null(pl.lit("null")))
        return pl.concat_str([pl.lit("["), elements.list.join(","), pl.lit("]")])
    if kind.kind == "group":
        # a field's text needs its name in front only where it is there: null + text is null
        fields = [
            pl.concat_str([pl.lit(json.dumps(name, ensure_ascii=False) + ":"), json_part(field, inner, zone)])
            for name, inner in kind.fields
            for field in [expr.struct.field(name)]
        ]
        body = pl.concat_str(fields, separator=",", ignore_nulls=True)
        return pl.when(body != "").then(pl.concat_str([pl.lit("{"), body, pl.lit("}")]))
    return json_part(expr, kind, zone)


def json_part(expr: pl.Expr, kind: Type, zone: str) -> pl.Expr:
    """One value as JSON: numbers and booleans bare, lists and groups nested, everything else in quotes."""
    if kind.kind in _BARE:
        return text_of(expr, kind, zone)
    if kind.kind in ("list", "group"):
        return to_json_text(expr, kind, zone)
    text = text_of(expr, kind, zone)
    if kind.textual:
        text = text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return pl.concat_str([pl.lit('"'), text, pl.lit('"')])


def literal_text(value: object) -> str:
    """Canonical text of a Python constant: what to_text prints for the same value in a row."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("-0", "") else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_literal_json(part) for part in value) + "]"
    return str(value)


def _literal_json(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return literal_text(value)


def _money_text(expr: pl.Expr, currency: str | None) -> pl.Expr:
    amount = expr.struct.field("amount")
    if currency is not None:
        return pl.concat_str([_amount_text(amount, minor_units(currency)), pl.lit(f" {currency}")])
    unit = expr.struct.field("currency")
    digits: pl.Expr = _amount_text(amount, 2)
    for scale in sorted(set(MINOR_UNITS.values()), reverse=True):
        codes = [code for code, places in sorted(MINOR_UNITS.items()) if places == scale]
        digits = pl.when(unit.is_in(codes)).then(_amount_text(amount, scale)).otherwise(digits)
    return pl.concat_str([digits, pl.lit(" "), unit])


def _amount_text(amount: pl.Expr, places: int) -> pl.Expr:
    return amount.round(places, mode=HALF_UP).cast(pl.Decimal(38, places)).cast(pl.String)
