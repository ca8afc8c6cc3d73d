"""The oracle's values: what a template of the mapping language holds at run time, in plain Python.

text: str; integer: int; decimal: Decimal; boolean: bool; date; datetime (aware); Money; Interval; list.
Missing is one object, an Undefined of Jinja's, so that Jinja's own `if`, comparison and filter calls meet it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Undefined

# The blanks of Unicode (property White_Space), written out: Python's own idea also takes U+001C to U+001F.
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
BOUND = 10**15
NO_MINOR = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
THREE_MINOR = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
FOUR_MINOR = ["CLF", "UYW"]


class Missing(Undefined):
    """Missing: equal to itself and to '', never smaller or greater than anything."""

    __slots__ = ()
    __hash__ = Undefined.__hash__

    def __eq__(self, other: object) -> bool:
        return is_missing(other)

    def __ne__(self, other: object) -> bool:
        return not is_missing(other)

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never


MISSING = Missing()


class Fail(Exception):
    """A step that has an input and cannot give an output."""

    def __init__(self, code: str = "FS204") -> None:
        super().__init__(code)
        self.code = code


class Literal(str):
    """A text literal of the template: it meets a date as a date, and inside `~` it prints its blanks."""

    __slots__ = ()
    __hash__ = str.__hash__

    def _as(self, other: object) -> Any:
        if isinstance(other, datetime):
            return datetime.fromisoformat(self)
        return date.fromisoformat(self) if isinstance(other, date) else str(self)

    def __eq__(self, other: object) -> bool:
        if is_missing(self) or is_missing(other):
            return is_missing(self) and is_missing(other)
        return bool(self._as(other) == (str(other) if isinstance(other, str) else other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _compares(self, other: object, sign: str) -> bool:
        if is_missing(self) or is_missing(other):
            return False
        return compare(sign, self._as(other), str(other) if isinstance(other, str) else other)

    def __lt__(self, other: Any) -> bool:
        return self._compares(other, "<")

    def __le__(self, other: Any) -> bool:
        return self._compares(other, "<=")

    def __gt__(self, other: Any) -> bool:
        return self._compares(other, ">")

    def __ge__(self, other: Any) -> bool:
        return self._compares(other, ">=")


class NumericText(str):
    """A text from a table whose values all read as numbers: a number where a number is asked."""

    __slots__ = ()
    __hash__ = str.__hash__

    def _pair(self, other: object) -> tuple[Any, Any]:
        return (Decimal(self), other) if is_number(other) else (str(self), other)

    def __eq__(self, other: object) -> bool:
        mine, theirs = self._pair(other)
        return bool(mine == theirs)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return compare("<", *self._pair(other))

    def __le__(self, other: Any) -> bool:
        return compare("<=", *self._pair(other))

    def __gt__(self, other: Any) -> bool:
        return compare(">", *self._pair(other))

    def __ge__(self, other: Any) -> bool:
        return compare(">=", *self._pair(other))


def compare(sign: str, left: Any, right: Any) -> bool:
    """Two present values of one type in order; a missing side is never in order."""
    if is_missing(left) or is_missing(right):
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign])


class Money(NamedTuple):
    """An amount in a currency; two currencies have no order."""

    amount: Decimal
    currency: str

    def _compares(self, other: Any, sign: str) -> bool:
        if not isinstance(other, Money) or self.currency != other.currency:
            return False
        return compare(sign, self.amount, other.amount)

    def __lt__(self, other: Any) -> bool:
        return self._compares(other, "<")

    def __le__(self, other: Any) -> bool:
        return self._compares(other, "<=")

    def __gt__(self, other: Any) -> bool:
        return self._compares(other, ">")

    def __ge__(self, other: Any) -> bool:
        return self._compares(other, ">=")


class Interval(NamedTuple):
    """From a moment to a moment, both included."""

    start: datetime
    end: datetime


class OracleTable(NamedTuple):
    """A lookup table: rows by key; `prefix` and `separator` for category tables."""

    rows: Mapping[tuple[str, ...], str]
    separator: str = ">"


@dataclass
class Run:
    """What one evaluation knows, and the failures it collects."""

    row: Mapping[str, object]
    tables: Mapping[str, OracleTable]
    zone: ZoneInfo
    as_of: date
    failures: list[tuple[str, str]] = field(default_factory=list)
    whole: list[object] = field(default_factory=list)


def is_missing(value: object) -> bool:
    """Null, '' and text of blanks only."""
    return value is None or isinstance(value, Undefined) or (isinstance(value, str) and not value.strip(BLANKS))


def is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def settled(value: object) -> object:
    """A step's result with every kind of missing made the one Missing; a list without entries is missing."""
    if is_missing(value) or value == []:
        return MISSING
    if isinstance(value, datetime):
        return value.astimezone(
            UTC
        )  # Python compares two moments of one zone by their clocks, also at the hour that comes twice
    if isinstance(value, Interval):
        return Interval(value.start.astimezone(UTC), value.end.astimezone(UTC))
    return [settled(entry) for entry in value] if isinstance(value, list) else value


def number(value: Any) -> Any:
    """The value as a number: int or Decimal."""
    return Decimal(value) if isinstance(value, NumericText) else value


def decimal(value: Any) -> Decimal:
    return Decimal(number(value))


def rounded(value: Fraction, digits: int = 8, mode: str = "half_even") -> Decimal:
    """An exact fraction as a decimal of so many digits. The mode is a name of `round_to`."""
    scaled = value * 10**digits
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    up = {
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2 == 1),
        "half_up": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and value > 0),
        "up": rest > 0 and value > 0,
        "down": rest > 0 and value < 0,
        "ceil": rest > 0,
        "floor": False,
    }[mode]
    with localcontext() as context:
        context.prec = 100
        return Decimal(floor + int(up)).scaleb(-digits)


def bounded(value: Any, code: str = "FS205") -> Any:
    """The number, or a failure where it has 16 digits before the point."""
    if abs(value) >= BOUND:
        raise Fail(code)
    return value


def grown(text: str, before: str = "") -> str:
    """What a step made of a text, or a failure where it has grown beyond 100,000 bytes."""
    size = len(text.encode())
    if size > 100_000 and size > len(before.encode()):
        raise Fail("FS206")
    return text


def minor_units(currency: str) -> int:
    """Decimals of a currency, from the oracle's own reading of ISO 4217."""
    return 0 if currency in NO_MINOR else 3 if currency in THREE_MINOR else 4 if currency in FOUR_MINOR else 2


def number_text(value: Decimal) -> str:
    with localcontext() as context:
        context.prec = 100
        text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def text_of(value: Any, zone: ZoneInfo) -> str:
    """The canonical print of a value; missing prints nothing."""
    if isinstance(value, Literal):
        return str(value)
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, Money):
        digits = minor_units(value.currency)
        return f"{rounded(Fraction(value.amount), digits, 'half_up'):.{digits}f} {value.currency}"
    if isinstance(value, Interval):
        return f"{text_of(value.start, zone)}/{text_of(value.end, zone)}"
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    if isinstance(value, list):
        raise TypeError("a list has no text")
    return str(value)


def type_of(value: object) -> str | None:
    """The semantic type's name; None for a missing value."""
    if is_missing(value):
        return None
    kinds = ((bool, "boolean"), (int, "integer"), (Decimal, "decimal"), (str, "text"), (datetime, "datetime"))
    more = ((date, "date"), (Money, "money"), (Interval, "interval"), (list, "list"))
    return next(name for kind, name in (*kinds, *more) if isinstance(value, kind))
