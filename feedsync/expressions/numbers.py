"""How numbers, money, booleans and dates are read from text: one grammar for catalog fields and for templates.

Every reader takes a text expression and gives two: the value (null where the text does not read as one), and
`failed`, true where there was a text and no value. Nothing is guessed: what reads two ways fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import polars as pl

from feedsync.expressions import currencies
from feedsync.expressions.once import once
from feedsync.expressions.values import WIDEST
from feedsync.frames import DECIMAL_DTYPE

BLANK: Final = r"[ \u{a0}\u{2007}\u{2009}\u{202f}]"  # what typographers put between groups of digits
APOSTROPHE: Final = "['’]"
SIGN: Final = r"[+\-−]?"
FRACTION: Final = r"\d{1,8}0*"  # eight decimals; more only where they are zeros
PLAIN: Final = {
    None: r"^-?[0-9]+(?:[.,](?:[0-9]{1,2}|[0-9]{4,8}))?$",
    ".": r"^-?[0-9]+(?:\.[0-9]{1,8})?$",
    ",": r"^-?[0-9]+(?:,[0-9]{1,8})?$",
}


class Reading(NamedTuple):
    """A text that was read: its value, and where it could not be."""

    value: pl.Expr
    failed: pl.Expr


def decimal_from_text(text: pl.Expr, mark: str | None) -> Reading:
    """A decimal written with `mark` (`.` or `,`) before its decimals; None: only what reads one way.

    "1.234,56", "," -> 1234.56; "49,9", None -> 49.9; "12.345", None -> failed: it may be 12345
    """
    return _reading(lambda cell: _decimal(cell, mark), text)


def integer_from_text(text: pl.Expr, mark: str | None = None) -> Reading:
    """A whole number, with or without a word after it; decimals only where they are zeros.

    "12 pcs" -> 12; "12.0000" -> 12; "12.5" -> failed
    """

    def read(cell: pl.Expr) -> pl.Expr:
        bare = once(
            lambda plain, odd: pl.coalesce(plain, odd.str.replace(r"[\s\p{L}.]+$", "")), *_plain_or_odd(cell, mark)
        )
        return once(lambda number: pl.when(number == number.floor()).then(number), _decimal(bare, mark)).cast(pl.Int64)

    return _reading(read, text)


def money_from_text(text: pl.Expr, mark: str | None, currency: str | None) -> Reading:
    """An amount with its currency: a code or a sign before or after the number, or `currency` where none is written.

    With `currency` given, another currency fails, and `$`, `kr` and `¥` mean it; without, they fail.
    "1.299,00 €", ",", None -> 1299.00 EUR; "$15.00", ".", "CAD" -> 15.00 CAD; "$15.00", ".", None -> failed
    """
    known = currencies.meanings(currency)

    def code(odd: pl.Expr) -> pl.Expr:
        beside = odd.str.replace_all(r"[\d.,\s+\-−–—'’]+", "")
        meant = beside.replace_strict(list(known), list(known.values()), default="", return_dtype=pl.String)
        return meant if currency is None else pl.when(odd.is_null()).then(pl.lit(currency)).otherwise(meant)

    def amount(plain: pl.Expr, odd: pl.Expr) -> pl.Expr:
        bare = (
            odd.str.strip_chars()
            .str.replace(r"^([+\-−]?)(?:[^\d.,+\-−]+\.\s+|[^\d.,+\-−]+)", "$1")
            .str.replace(r"(?:[.,][\-–—]+)?[^\d.,+\-−–—]*$", "")  # 49,- € is 49; 100+ and 100- are no amounts
        )
        return _decimal(pl.coalesce(plain, bare), mark)

    def read(cell: pl.Expr) -> pl.Expr:
        plain, odd = _plain_or_odd(cell, mark)
        return once(_money_where, once(amount, plain, odd), once(code, odd), pl.lit(currency, dtype=pl.String))

    return _reading(read, text)


def _money_where(amount: pl.Expr, code: pl.Expr, wanted: pl.Expr) -> pl.Expr:
    fits = pl.when(wanted.is_null()).then(code != "").otherwise(code == wanted)
    return pl.when(fits & amount.is_not_null()).then(money_struct(amount, code))


def _reading(read: Callable[[pl.Expr], pl.Expr], text: pl.Expr) -> Reading:
    """The value, and where there is a text and no value."""
    value = once(read, text)
    return Reading(value, text.is_not_null() & value.is_null())


def money_struct(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """The struct of a money value; the caller makes it null as a whole where the amount is missing."""
    return pl.struct(amount.alias("amount"), currency.alias("currency"))


def boolean_from_text(text: pl.Expr, yes: Sequence[str], no: Sequence[str]) -> Reading:
    """True for a text listed in `yes`, false for one in `no`; capital letters and blanks around it do not matter.

    "Ja", ["ja"], ["nein"] -> true; "vielleicht" -> failed
    """
    meanings = {word.strip().lower(): False for word in no} | {word.strip().lower(): True for word in yes}
    word = text.str.strip_chars().str.to_lowercase()
    value = word.replace_strict(list(meanings), list(meanings.values()), default=None, return_dtype=pl.Boolean)
    return Reading(value, text.is_not_null() & value.is_null())


def _decimal(text: pl.Expr, mark: str | None) -> pl.Expr:
    def plainly(plain: pl.Expr, odd: pl.Expr) -> pl.Expr:
        digits = once(_digits_unmarked, odd) if mark is None else once(lambda cell: _digits(cell, mark), odd)
        pointed = plain if mark == "." else plain.str.replace(",", ".", literal=True)
        return pl.coalesce(pointed, digits)

    digits = once(lambda cell: once(plainly, *_plain_or_odd(cell, mark)), text)
    number = digits.cast(DECIMAL_DTYPE, strict=False)
    return once(lambda value: pl.when(value.abs() < WIDEST).then(value), number)


def _plain_or_odd(text: pl.Expr, mark: str | None) -> tuple[pl.Expr, pl.Expr]:
    """The texts that need no grammar, as they are, and all others; null elsewhere.

    Most columns hold only the first kind, and the long patterns of the second cost little on nulls.
    """
    is_plain = text.str.contains(PLAIN[mark])
    return pl.when(is_plain).then(text), pl.when(~is_plain).then(text)


def _digits(text: pl.Expr, mark: str) -> pl.Expr:
    """Null where `text` is no number with this decimal mark; otherwise digits, `-` and `.` only."""
    point, group = (r"\.", ",") if mark == "." else (",", r"\.")
    thousands = "|".join(rf"[1-9]\d{{0,2}}(?:{gap}\d{{3}})+" for gap in (group, BLANK, APOSTROPHE))
    grammar = rf"^{SIGN}(?:(?:\d+|{thousands})(?:{point}{FRACTION})?|{point}{FRACTION})$"
    number = text.str.strip_chars().str.extract(grammar, 0).str.replace_all("−", "-", literal=True)
    return number.str.replace_all(rf"{BLANK}|{APOSTROPHE}|[+{group}]", "").str.replace(",", ".", literal=True)


def _digits_unmarked(text: pl.Expr) -> pl.Expr:
    """Null where `text` is no number, or reads two ways; otherwise digits, `-` and `.` only."""
    lead = r"[1-9]\d{0,2}"
    millions = rf"{lead}(?:\.\d{{3}}){{2,}}|{lead}(?:,\d{{3}}){{2,}}"
    grammar = "|".join(
        (
            r"\d+",
            r"\d*[.,](?:\d{1,2}|\d{4,8}0*)",  # no three digits after it: decimals
            r"(?:0|\d{4,})?[.,]\d{3}",  # nothing before it that could be a group
            millions,
            rf"{lead}(?:\.\d{{3}})+,{FRACTION}",
            rf"{lead}(?:,\d{{3}})+\.{FRACTION}",
            rf"{lead}(?:{BLANK}\d{{3}})+(?:[.,]{FRACTION})?",
            rf"{lead}(?:{APOSTROPHE}\d{{3}})+(?:[.,]{FRACTION})?",
        )
    )
    number = text.str.strip_chars().str.extract(rf"^{SIGN}(?:{grammar})$", 0).str.replace_all("−", "-", literal=True)
    bare = number.str.replace_all(rf"{BLANK}|{APOSTROPHE}|\+", "")
    pointed = bare.str.replace(rf"^(-?)({millions})$", "$1${2}_").str.replace(r"[.,](\d+)$", "_$1")
    return pointed.str.replace_all("[.,]", "").str.replace("_$", "").str.replace("_", ".", literal=True)


YEARS: Final = (1000, 9999)
ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
ISO_MOMENT: Final = r"^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?$"
ISO_INSTANT: Final = r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)? ?(?:(Z)|([+-]\d{2}):?(\d{2}))$"

# Token -> what strptime calls it, and the digits it stands for.
_TOKENS: Final = {
    "yyyy": ("%Y", r"\d{4}"),
    "yy": ("%y", r"\d{2}"),
    "mm": ("%m", r"\d{2}"),
    "m": ("%m", r"\d{1,2}"),
    "dd": ("%d", r"\d{2}"),
    "d": ("%d", r"\d{1,2}"),
    "hh": ("%H", r"\d{2}"),
    "h": ("%H", r"\d{1,2}"),
    "ss": ("%S", r"\d{2}"),
    "s": ("%S", r"\d{1,2}"),
}
_TOKEN: Final = re.compile("y+|m+|d+|h+|s+", re.IGNORECASE)


class DateFormat(NamedTuple):
    """A format such as dd.mm.yyyy hh:mm, as strptime and as the regular expression of the texts it fits."""

    strptime: str
    pattern: str
    has_time: bool


def date_format(written: str) -> DateFormat | None:
    """Read a format of yyyy yy mm m dd d hh h ss and signs between; mm after hh is minutes. None if it is not one."""
    strptime, pattern, at = "", "", 0
    seen: list[str] = []
    for match in _TOKEN.finditer(written):
        token = match[0].lower()
        if token not in _TOKENS:
            return None
        code, digits = _TOKENS[token]
        if code == "%m" and seen[-1:] == ["%H"]:
            code = "%M"
        between = written[at : match.start()]
        bare = code.replace("%", "%-") if token in ("d", "m", "h", "s") else code  # printed without a zero in front
        strptime += between.replace("%", "%%") + bare
        pattern += re.escape(between) + digits
        seen.append(code)
        at = match.end()
    tail = written[at:]
    days = {"%Y", "%y"} & set(seen) and {"%m", "%d"} <= set(seen)
    gaps_ok = not re.search("[a-zA-Z]", _TOKEN.sub("", written).replace("T", ""))
    if not days or len(seen) != len(set(seen)) or ("%M" in seen) != ("%H" in seen) or not gaps_ok:
        return None
    return DateFormat(strptime + tail.replace("%", "%%"), f"^{pattern}{re.escape(tail)}$", "%H" in seen)


def date_from_text(text: pl.Expr, format: str | None, zone: str | None) -> Reading:
    """A date (zone None), or a moment shown in `zone`; `format` None reads ISO 8601, with or without an offset.

    A date alone is its midnight in the zone. Seconds are cut. A local time that the zone skips fails; one that it
    has twice is the earlier. "24.12.2026", "dd.mm.yyyy", "Europe/Berlin" -> 2026-12-24T00:00+01:00
    """
    cell = text.str.strip_chars()
    if format is None:
        value = _iso_date(cell) if zone is None else once(lambda moment: _iso_moment(moment, zone), cell)
    else:
        known = date_format(format)
        if known is None:
            raise ValueError(f"not a date format: {format!r}")
        fits = cell.str.extract(known.pattern, 0)
        if known.has_time:
            local = fits.str.to_datetime(known.strptime, strict=False, time_unit="us")
        else:
            local = fits.str.to_date(known.strptime, strict=False).cast(pl.Datetime("us"))
        value = local.cast(pl.Date) if zone is None else in_zone(local, zone)
    value = once(day_of_calendar if zone is None else moment_of_calendar, value)
    return Reading(value, text.is_not_null() & value.is_null())


def day_of_calendar(day: pl.Expr) -> pl.Expr:
    """The date where its year has four digits; year 0, or 10000, is no date that anybody could print or read."""
    return pl.when(day.dt.year().is_between(*YEARS)).then(day)


def moment_of_calendar(moment: pl.Expr) -> pl.Expr:
    """The moment where its year has four digits, in its own zone and in UTC."""
    known = moment.dt.year().is_between(*YEARS) & moment.dt.convert_time_zone("UTC").dt.year().is_between(*YEARS)
    return pl.when(known).then(moment)


def in_zone(local: pl.Expr, zone: str) -> pl.Expr:
    """Local times as instants, to the minute; null where the zone skips that time, the earlier where it repeats."""
    return local.dt.truncate("1m").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")


def _iso_date(text: pl.Expr) -> pl.Expr:
    at_midnight = r"^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$"
    return text.str.extract(at_midnight, 1).str.to_date("%Y-%m-%d", strict=False)


def _iso_moment(text: pl.Expr, zone: str) -> pl.Expr:
    day, minutes = text.str.extract(ISO_MOMENT, 1), text.str.extract(ISO_MOMENT, 2).fill_null("00:00")
    local = (day + " " + minutes).str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us")
    here = text.str.replace(ISO_INSTANT, "$1 $2 $4$5").str.replace(" $", " +0000")
    instant = (
        pl.when(text.str.contains(ISO_INSTANT))
        .then(here)
        .str.to_datetime("%Y-%m-%d %H:%M %z", strict=False, time_unit="us")
        .dt.convert_time_zone(zone)
    )
    return pl.coalesce(instant, in_zone(local, zone))


def gtin_valid(text: pl.Expr) -> pl.Expr:
    """True for 8, 12, 13 or 14 digits whose check digit is right; null stays null.

    GS1 General Specifications, section 7.9: https://www.gs1.org/standards/barcodes-epcrfid-id-keys/gs1-general-specifications
    """
    number = text.str.extract(r"^(?:[0-9]{8}|[0-9]{12,14})$", 0).cast(pl.Int64, strict=False)
    right = (once(weighted_sum, number) % 10 == 0).fill_null(False)
    return pl.when(text.is_not_null()).then(right)


def weighted_sum(number: pl.Expr) -> pl.Expr:
    """The digits of a number of up to 14 digits, from the right, times 1, 3, 1, 3, ..., added up."""
    places = [(number // 10**place) % 10 * (3 if place % 2 else 1) for place in range(14)]
    return pl.sum_horizontal(places, ignore_nulls=False)


def gtin_restricted(text: pl.Expr) -> pl.Expr:
    """True for a number from the prefixes of in-store use, coupons and refunds; null stays null.

    As GTIN-13: 02, 04, 2 (in-store), 05, 98, 99 (coupons, refunds); as GTIN-8: 0 and 2, also where five zeros stand
    before it: all zeros is such a number. A GTIN-14 is judged by what follows its first digit.
    https://www.gs1.org/standards/id-keys/company-prefix
    """
    fourteen = text.str.replace("^([0-9]{13})$", "0$1").str.replace("^([0-9]{12})$", "00$1")
    return fourteen.str.contains("^(?:[0-9](?:(?:0[245]|2[0-9]|9[89])[0-9]{11}|00000[02][0-9]{7})|[02][0-9]{7})$")
