"""Text columns to typed fields. What does not read as its type is null and flagged (FS103); missing is no failure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import polars as pl

from feedsync.catalog.plan import Field
from feedsync.catalog.standard import ENDS_OF_DAY
from feedsync.errors import ConfigError
from feedsync.expressions import numbers
from feedsync.expressions.by_python import by_python
from feedsync.expressions.once import once
from feedsync.semantics import Type

# Decimal mark by language, then by language and country where the country differs from its language (Unicode CLDR,
# https://cldr.unicode.org).
_MARK_BY_LANGUAGE = {
    **dict.fromkeys(["en", "he", "ja", "ko", "th", "zh"], "."),
    **dict.fromkeys(["bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu"], ","),
    **dict.fromkeys(["is", "it", "lt", "lv", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl"], ","),
    **dict.fromkeys(["sr", "sv", "tr", "uk"], ","),
}
_POINT_COUNTRIES = {
    "de": ["CH", "LI"],
    "it": ["CH"],
    "es": ["MX", "US", "PR", "GT", "HN", "SV", "NI", "PA", "DO", "PE"],
}
_MARK_BY_LOCALE = {
    f"{language}_{country}": "." for language, countries in _POINT_COUNTRIES.items() for country in countries
}


_EXPONENT = r"^-?\d+(?:\.\d+)?[eE][+-]?\d{1,6}$"
_MOST_DIGITS = 64  # before or after the point; fields take far fewer


class Read(NamedTuple):
    """A typed expression, and the text it was read from where that can fail to read; None: nothing can fail."""

    value: pl.Expr
    text: pl.Expr | None


def read_field(field: Field, raw: pl.Expr, numeric: pl.Expr | None, zone: str, currency: str | None) -> Read:
    """The field's value from its raw text column; where there was `text` and no value, it did not read.

    `numeric` is true in rows whose cell was a number in its source (JSON, SQL), which is written with a point
    whatever the field's decimal mark says; None where no cell was.
    """
    text = pl.when(~raw.is_in(list(field.options.missing))).then(raw) if field.options.missing else raw
    kind = field.type
    if kind.textual:
        return Read(text, None)
    if kind.kind == "list":
        return Read(_split(text, field.options.separator), None)
    if kind.kind == "boolean":
        return Read(_boolean(field, text), text)
    if kind.kind in ("date", "datetime"):
        return Read(_moment(field, text, zone), text)
    local = _number(kind, text, decimal_mark(field), field.options.currency or currency)
    if numeric is None:
        return Read(local, text)
    exact = _number(kind, written_out(text), ".", field.options.currency or currency)
    return Read(pl.when(numeric).then(exact).otherwise(local), text)


def written_out(numbers: pl.Expr) -> pl.Expr:
    """Numbers as a source wrote them, those with an exponent as digits: 1.5e3 -> 1500. Other texts stay."""
    return by_python(numbers, _without_exponents, pl.String())


def _without_exponents(column: pl.Series) -> pl.Series:
    """Each distinct number with an exponent is written out once; there are few, mostly none."""
    odd = column.filter(column.str.contains(_EXPONENT)).unique()
    if odd.is_empty():
        return column
    return column.replace(odd, pl.Series([_digits(text) for text in odd.to_list()], dtype=pl.String))


def _digits(text: str) -> str:
    """The digits of a number; one that no field can hold stays as it is, so that a short text is never a long one."""
    number = Decimal(text)
    if not number:
        return "0"
    return f"{number:f}" if abs(number.adjusted()) < _MOST_DIGITS else text


def decimal_mark(field: Field) -> str | None:
    """The field's decimal mark, by its locale where it names one; None: only unambiguous numbers are read."""
    if field.options.decimal_mark or not field.options.locale:
        return field.options.decimal_mark
    locale = field.options.locale.replace("-", "_")
    mark = _MARK_BY_LOCALE.get(locale) or _MARK_BY_LANGUAGE.get(locale.split("_")[0])
    if mark is None:
        raise ConfigError("unknown_locale", field.place, subject=field.name, locale=field.options.locale)
    return mark


def _number(kind: Type, text: pl.Expr, mark: str | None, currency: str | None) -> pl.Expr:
    if kind.kind == "money":
        return numbers.money_from_text(text, mark, currency).value
    if kind.kind == "integer":
        return numbers.integer_from_text(text, mark).value
    return numbers.decimal_from_text(text, mark).value


def _split(text: pl.Expr, separator: str | None) -> pl.Expr:
    """A list from one cell: split and trimmed, empty entries dropped, nothing left is missing."""
    parts = text.str.split(separator) if separator else pl.concat_list(text)
    trimmed = parts.list.eval(pl.element().str.strip_chars())
    kept = trimmed.list.eval(pl.element().filter(pl.element().str.len_chars() > 0))
    return pl.when(text.is_not_null() & (kept.list.len() > 0)).then(kept)


def _boolean(field: Field, text: pl.Expr) -> pl.Expr:
    options = field.options
    if bool(options.true) != bool(options.false):
        raise ConfigError("boolean_lists", field.place, subject=field.name)
    yes, no = (options.true or ("true", "yes", "1"), options.false or ("false", "no", "0"))
    return numbers.boolean_from_text(text, list(yes), list(no)).value


def _moment(field: Field, text: pl.Expr, zone: str) -> pl.Expr:
    if field.options.format and numbers.date_format(field.options.format) is None:
        raise ConfigError("unknown_date_format", field.place, subject=field.name, format=field.options.format)
    moment = field.type.kind == "datetime"
    value = numbers.date_from_text(text, field.options.format, zone if moment else None).value
    if not moment or field.name not in ENDS_OF_DAY:
        return value
    last_minute = (
        pl.when(text.str.contains(":", literal=True)).then(value).otherwise(value.dt.replace(hour=23, minute=59))
    )
    return once(numbers.moment_of_calendar, last_minute)
