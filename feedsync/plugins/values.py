"""What code of the user's own gives back, as a column of its declared type: exactly, or not at all.

A column of the very type, or of one that widens to it without loss, is taken by Polars alone. Any other one is looked at
value by value, so that the first one that does not fit can be named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, Final

import polars as pl

from feedsync.frames import DECIMAL_DTYPE, VALUE_CHARACTERS, dtype
from feedsync.semantics import INTEGER_DIGITS, SCALE, UNPRINTABLE, Type

_LIMIT: Final = 10**INTEGER_DIGITS
_UNPRINTABLE: Final = "[" + "".join(f"\\x{{{ord(sign):X}}}" for sign in UNPRINTABLE) + "]"


class Misfit(Exception):
    """A value that is none of the type, by its position; the text's key and parameters say why."""

    def __init__(self, key: str, position: int | None = None, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.position = position
        self.params = params


def is_pandas(value: object, name: str) -> bool:
    """Whether it is a pandas Series or DataFrame; pandas is not loaded to ask."""
    kind = type(value)
    return kind.__module__.partition(".")[0] == "pandas" and kind.__name__ == name


def taken(given: Any, kind: Type, zone: str) -> pl.Series:
    """A Polars or pandas Series as a column of the type; Misfit for a value that is none."""
    if isinstance(given, pl.Series):
        column = _widened(given, kind, zone)
        return _finished(column if column is not None else _each(given.to_list(), kind, zone), kind)
    missing = given.isna().tolist()
    values = [None if gone else value for gone, value in zip(missing, given.tolist(), strict=True)]
    return _finished(_each(values, kind, zone), kind)


def _widened(given: pl.Series, kind: Type, zone: str) -> pl.Series | None:
    """The column where Polars alone can take it without loss; None otherwise."""
    wanted, met = dtype(kind, zone), given.dtype
    if met == wanted:
        return given
    fits = met == pl.Null
    if kind.textual:
        fits = fits or met in (pl.Categorical, pl.Enum)
    elif kind.kind == "integer":
        fits = fits or met.is_integer()
    elif kind.kind == "decimal":
        fits = fits or met.is_integer() or (isinstance(met, pl.Decimal) and met.scale <= SCALE)
    elif kind.kind == "datetime" and isinstance(met, pl.Datetime) and met.time_zone is not None:
        return given.dt.convert_time_zone(zone).cast(wanted)
    if not fits:
        return None
    cast = given.cast(wanted, strict=False)
    return cast if cast.null_count() == given.null_count() else None


def _each(values: Sequence[object], kind: Type, zone: str) -> pl.Series:
    """The values one by one."""
    convert = _CONVERT.get("text" if kind.textual else kind.kind)
    wanted = dtype(kind, zone)
    if convert is None:
        try:
            return pl.Series(values, dtype=wanted, strict=True)
        except (TypeError, ValueError, pl.exceptions.PolarsError):
            raise Misfit("own_value_shape", kind=kind) from None
    found = []
    for position, value in enumerate(values):
        try:
            nan = isinstance(value, (Real, Decimal)) and value != value  # NaN is not itself
            found.append(None if value is None or nan else convert(value))
        except (TypeError, ValueError, ArithmeticError):
            shown = {"value": str(value)[:VALUE_CHARACTERS], "met": type(value).__name__, "kind": kind}
            key = "own_value_digits" if kind.kind == "decimal" and isinstance(value, (Real, Decimal)) else "own_value"
            raise Misfit(key, position, **shown) from None
    return pl.Series(found, dtype=wanted, strict=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "strict").decode()


def _integer(value: object) -> int:
    number = _decimal(value)
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _decimal(value: object) -> Decimal:
    """A number by its own digits: 19.9 is 19.9, and 0.1 + 0.2 has too many of them."""
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise TypeError
    number = Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(str(value))
    if not number.is_finite() or abs(number) >= _LIMIT or number != number.quantize(Decimal(1).scaleb(-SCALE)):
        raise ValueError
    return number


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        if any((value.hour, value.minute, value.second, value.microsecond)):
            raise ValueError
        return value.date()
    if not isinstance(value, dt.date):
        raise TypeError
    return value


def _datetime(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise TypeError
    return value


def _list(value: object) -> list[str | None]:
    listed = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(listed, (list, tuple)):
        raise TypeError
    return [None if one is None else _text(one) for one in listed]


_CONVERT: Final[dict[str, Callable[[object], object]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "list": _list,
}


def _finished(column: pl.Series, kind: Type) -> pl.Series:
    """Texts as texts of the catalog are (printable, blank is missing); numbers within what a number can be."""
    if kind.textual:
        return pl.select(_present(pl.lit(column))).to_series()
    if kind.kind == "list" and kind.of is not None and kind.of.textual:
        return pl.select(pl.lit(column).list.eval(_present(pl.element()).drop_nulls())).to_series()
    if kind.numeric:
        wide = column.cast(DECIMAL_DTYPE if kind.kind == "decimal" else pl.Int64)
        beyond = ((wide >= _LIMIT) | (wide <= -_LIMIT)).fill_null(value=False)
        if beyond.any():
            at = beyond.arg_max() or 0
            raise Misfit("own_value_digits", at, value=str(column[at]), met=str(column.dtype), kind=kind)
    return column


def _present(text: pl.Expr) -> pl.Expr:
    clean = text.str.replace_all(_UNPRINTABLE, "")
    return pl.when(clean.str.strip_chars() != "").then(clean)
