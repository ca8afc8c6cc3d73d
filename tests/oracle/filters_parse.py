"""The oracle's parsers: text to number, money, boolean, date, measure. What is not of the grammar fails."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from declare import oracle_filter
from oracle_values import BLANKS, Fail, Money, Run, bounded, number_text, rounded

SIGNS = {"€": "EUR", "£": "GBP"}
FAMILIES = {"$": "USD CAD AUD NZD MXN", "kr": "SEK NOK DKK ISK", "¥": "JPY CNY"}
ANY_SIGN = "€£$¥"
GROUPS = " \xa0\u202f'’"
# Exact factors to the first unit of each kind. International pound and yard; US customary gallon.
UNITS = [
    {"mg": "1", "g": "1000", "kg": "1000000", "lb": "453592.37", "oz": "28349.523125", "t": "1000000000"},
    {"mm": "1", "cm": "10", "m": "1000", "in": "25.4", "ft": "304.8", "yd": "914.4"},
    {
        "ml": "1",
        "cl": "10",
        "l": "1000",
        "cbm": "1000000",
        "floz": "29.5735295625",
        "pt": "473.176473",
        "qt": "946.352946",
        "gal": "3785.411784",
    },
    {"sqcm": "1", "sqm": "10000", "sqft": "929.0304"},
]


def read_decimal(text: str, mark: str | None) -> Decimal:
    text = text.strip(BLANKS)
    sign = -1 if text[:1] in ("-", "−") else 1
    body = text[1:] if text[:1] in ("-", "−", "+") else text
    readings = {reading for m in ((mark,) if mark else (".", ",")) if (reading := read_with(body, m)) is not None}
    if len(readings) != 1:
        raise Fail
    return sign * readings.pop()


def read_with(body: str, mark: str) -> Decimal | None:
    """The number, if `mark` is its decimal mark; None where it then is no number."""
    other = "," if mark == "." else "."
    whole, point, rest = body.partition(mark)
    if point and not re.fullmatch(r"[0-9]+", rest):
        return None
    groups = re.fullmatch(rf"[0-9]{{1,3}}(?:([{re.escape(other)}{GROUPS}])[0-9]{{3}}(?:\1[0-9]{{3}})*)?", whole)
    if not groups and not re.fullmatch(r"[0-9]+", whole) and not (point and whole == ""):
        return None
    digits = re.sub(r"[^0-9]", "", whole)
    if len(digits.lstrip("0")) > 15 or len(rest.rstrip("0")) > 8:
        return None
    return Decimal(f"{digits or 0}.{rest or 0}")


@oracle_filter()
def parse_decimal(text: str, mark: str | None = None) -> Decimal:
    return read_decimal(text, str(mark) if mark else None)


@oracle_filter()
def parse_money(text: str, mark: str | None = None, currency: str | None = None) -> Money:
    found = re.fullmatch(
        rf"([{ANY_SIGN}]|kr\.?|[A-Z]{{3}})?[{BLANKS}]*(.*?)[{BLANKS}]*([{ANY_SIGN}]|kr\.?|[A-Z]{{3}})?",
        text.strip(BLANKS),
    )
    if not found or (found[1] and found[3]):
        raise Fail
    named = found[1] or found[3]
    if named and len(named) == 3 and named.isalpha():
        known: str | None = named
    else:
        known = SIGNS.get(named or "", str(currency) if currency else None)
        if known and named and known not in FAMILIES.get(named.rstrip("."), known):
            raise Fail
    if known is None or (currency and known != str(currency)):
        raise Fail
    return Money(read_decimal(found[2], str(mark) if mark else None), known)


@oracle_filter()
def parse_integer(text: str, mark: str | None = None) -> int:
    """A number without a fraction, and perhaps words behind it."""
    found = re.fullmatch(
        rf"([+−-]?[0-9](?:[0-9.,{GROUPS}]*[0-9])?)[{BLANKS}]*((?:[^\W\d_][^0-9]*|\.)?)", text.strip(BLANKS)
    )
    if not found:
        raise Fail
    value = read_decimal(found[1], str(mark) if mark else None)
    if value != int(value):
        raise Fail
    return int(value)


@oracle_filter()
def parse_boolean(text: str, yes: Any = ("true", "yes", "1"), no: Any = ("false", "no", "0")) -> bool:
    asked = text.strip(BLANKS).lower()
    if asked in {str(word).strip(BLANKS).lower() for word in yes}:
        return True
    if asked in {str(word).strip(BLANKS).lower() for word in no}:
        return False
    raise Fail


TOKENS = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "mm": r"(?P<month>[0-9]{2})",
    "dd": r"(?P<day>[0-9]{2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "MM": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}


def date_pattern(spelled: str) -> re.Pattern[str]:
    pieces, hour = [], False
    for piece in re.split(r"(yyyy|mm|dd|hh|ss)", spelled):
        if piece == "mm" and hour:
            pieces.append(TOKENS["MM"])
        else:
            pieces.append(TOKENS.get(piece, re.escape(piece)))
        hour = hour or piece == "hh"
    return re.compile("".join(pieces))


@oracle_filter(run=True)
def parse_date(run: Run, text: str, format: str, zone: str | None = None) -> date:
    found = date_pattern(str(format)).fullmatch(text.strip(BLANKS))
    if not found:
        raise Fail
    parts = {name: int(value) for name, value in found.groupdict().items()}
    parts.pop("second", None)
    try:
        if "hour" not in parts and zone is None:
            return date(parts["year"], parts["month"], parts["day"])
        where = ZoneInfo(str(zone)) if zone else run.zone
        local = datetime(**parts, tzinfo=where)  # type: ignore[arg-type]  # the names are the constructor's own
    except ValueError as error:
        raise Fail from error
    moment = local.astimezone(UTC)
    if moment.astimezone(where).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Fail
    return moment


def read_measure(text: str, mark: str | None) -> tuple[Decimal, str]:
    found = re.fullmatch(rf"(.*?)[{BLANKS}]*([a-zA-Z]+)", text.strip(BLANKS))
    if not found or not any(found[2].lower() in kind for kind in UNITS):
        raise Fail
    return read_decimal(found[1], mark), found[2].lower()


def converted(value: Decimal, unit: str, wanted: str) -> Decimal:
    for kind in UNITS:
        if unit in kind and wanted in kind:
            exact = Fraction(value) * Fraction(kind[unit]) / Fraction(kind[wanted])
            result: Decimal = bounded(rounded(exact), "FS205")
            return result
    raise Fail


@oracle_filter()
def measure(text: str, unit: str | None = None, mark: str | None = None) -> object:
    value, given = read_measure(text, mark)
    if unit is None:
        return f"{number_text(value)} {given}"
    return converted(value, given, str(unit))


@oracle_filter()
def convert_unit(text: str, unit: str, mark: str | None = None) -> str:
    value, given = read_measure(text, mark)
    return f"{number_text(converted(value, given, str(unit)))} {unit}"
