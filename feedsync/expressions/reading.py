"""Strict reading: text that is the canonical form of a type becomes a value of it; anything else is a misfit.

Nothing is guessed here: no decimal commas, no other date orders. Those are the business of parse_* functions.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Final

import polars as pl

from feedsync.expressions.by_python import by_python
from feedsync.frames import DECIMAL_DTYPE, dtype
from feedsync.semantics import INTEGER_DIGITS, SCALE, TEXT, Type, printable

_NUMBER: Final = rf"-?0*\d{{1,{INTEGER_DIGITS}}}(?:\.\d{{1,{SCALE}}})?"
DECIMAL_PATTERN: Final = rf"^{_NUMBER}$"
INTEGER_PATTERN: Final = rf"^-?0*\d{{1,{INTEGER_DIGITS}}}$"
MONEY_PATTERN: Final = rf"^({_NUMBER}) ([A-Z]{{3}})$"
_DAY: Final = r"[1-9]\d{3}-\d{2}-\d{2}"
DATE_PATTERN: Final = rf"^{_DAY}$"
# seconds may be there and are cut off: moments are kept to the minute
_MOMENT: Final = rf"^({_DAY})(?:[T ](\d{{2}}:\d{{2}})(?::[0-5]\d(?:\.\d+)?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$"
_EMPTY_LIST: Final = r"^\[[\s,]*(?:null[\s,]*)*\]$"
_TRUE: Final = ["true", "yes"]
_FALSE: Final = ["false", "no"]


def read(expr: pl.Expr, kind: Type, zone: str) -> tuple[pl.Expr, pl.Expr]:
    """(value, misfit) of a text expression: `misfit` is true where there was text and it does not read as the type."""
    value = _value(expr, kind, zone)
    if kind.textual or kind.kind == "none":
        return value, pl.lit(False)
    text = expr.str.strip_chars()
    misfit = value.is_null() & (text != "")
    if kind.kind == "list":
        misfit &= ~text.str.contains(_EMPTY_LIST)
    return value, misfit.fill_null(False)


def _value(expr: pl.Expr, kind: Type, zone: str) -> pl.Expr:
    text = expr.str.strip_chars()
    match kind.kind:
        case "integer":
            return _matching(text, INTEGER_PATTERN).cast(pl.Int64, strict=False)
        case "decimal":
            return _matching(text, DECIMAL_PATTERN).cast(DECIMAL_DTYPE, strict=False)
        case "money":
            amount = text.str.extract(MONEY_PATTERN, 1).cast(DECIMAL_DTYPE, strict=False)
            unit = text.str.extract(MONEY_PATTERN, 2)
            return pl.when(amount.is_not_null()).then(pl.struct(amount=amount, currency=unit))
        case "boolean":
            word = text.str.to_lowercase()
            return pl.when(word.is_in(_TRUE)).then(pl.lit(True)).when(word.is_in(_FALSE)).then(pl.lit(False))
        case "date":
            return _matching(text, DATE_PATTERN).str.to_date("%Y-%m-%d", strict=False)
        case "datetime":
            return moment(text, zone)
        case "interval":
            ends = _matching(text, r"^[^/]+/[^/]+$").str.split_exact("/", 1).struct
            start, end = moment(ends.field("field_0"), zone), moment(ends.field("field_1"), zone, "23:59")
            whole = start.is_not_null() & end.is_not_null()
            return pl.when(whole).then(pl.struct(start=start, end=end))
        case "list":
            return _list(text, kind.of or TEXT, zone)
        case "group":
            parts = _json(text, kind)
            return pl.when(parts.is_not_null()).then(_group(parts, kind, zone))
        case _:
            return pl.when(text != "").then(expr)


def _matching(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(pattern)).then(text)


def moment(text: pl.Expr, zone: str, midnight: str = "00:00") -> pl.Expr:
    """An instant from an ISO date with or without time and offset; a date alone is `midnight` of that day.

    Without an offset the time is the zone's own: one that the clock change skips is null, of one that it repeats
    the earlier is taken.
    """
    day, time, offset = (text.str.extract(_MOMENT, group) for group in (1, 2, 3))
    local = pl.concat_str([day, pl.lit("T"), time.fill_null(pl.lit(midnight))])
    there = local.str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us", strict=False)
    wall = there.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    stamped = pl.concat_str([local, offset.str.replace("Z", "+00:00", literal=True)])
    exact = stamped.str.to_datetime("%Y-%m-%dT%H:%M%z", time_unit="us", time_zone="UTC", strict=False)
    return pl.when(offset.is_null()).then(wall).otherwise(exact.dt.convert_time_zone(zone))


def _list(text: pl.Expr, element: Type, zone: str) -> pl.Expr:
    """A JSON array, or one element; null where an element does not read. Missing elements are dropped."""
    if element.textual:
        into = pl.List(pl.String)
        return by_python(text, _texts, into)
    parts = _json(text, Type("list", of=element))
    one = pl.when(text != "").then(pl.concat_list(text))
    if element.kind == "group":
        return _elements(parts, element, zone)
    texts = pl.when(parts.is_not_null()).then(parts).otherwise(one)
    return _elements(texts, element, zone)


def _texts(column: pl.Series) -> pl.Series:
    """Texts as lists of texts: a JSON array, else the text alone. Arrays are rare, so only they are decoded."""
    frame = column.to_frame("text")
    alone = pl.when(pl.col("text") != "").then(pl.concat_list("text"))
    if not column.str.starts_with("[").any():
        return frame.select(alone).to_series().alias(column.name)
    parts = _json(pl.col("text"), Type("list", of=TEXT))
    texts = pl.when(parts.is_not_null()).then(parts).otherwise(alone)
    return frame.select(_elements(texts, TEXT, "UTC")).to_series().alias(column.name)


def _elements(parts: pl.Expr, element: Type, zone: str) -> pl.Expr:
    if element.kind == "group":
        value = _group(pl.element(), element, zone)
        broken = pl.element().is_not_null() & value.is_null()
    else:
        value, broken = read(pl.element(), element, zone)
    values = parts.list.eval(value).list.drop_nulls()
    whole = ~parts.list.eval(broken).list.any() & (values.list.len() > 0)
    return pl.when(whole).then(values)


def _group(parts: pl.Expr, kind: Type, zone: str) -> pl.Expr:
    """A record from a struct of texts; null where a field does not read or none is there."""
    fields = {name: read(parts.struct.field(name), inner, zone) for name, inner in kind.fields}
    whole = ~pl.any_horizontal([broken for _, broken in fields.values()])
    any_there = pl.any_horizontal([value.is_not_null() for value, _ in fields.values()])
    return pl.when(whole & any_there).then(pl.struct([value.alias(name) for name, (value, _) in fields.items()]))


def _json(text: pl.Expr, kind: Type) -> pl.Expr:
    """JSON text as lists and records of texts, null where it is not such JSON; each distinct text is read once.

    Python's parser, because it keeps the source text of numbers and because Polars' own raises on a broken row.
    """
    opening = "[" if kind.kind == "list" else "{"
    candidate = pl.when(text.str.starts_with(opening)).then(text)
    texts = dtype(_as_texts(kind))
    return by_python(candidate, partial(_decode, kind=kind, into=texts), texts)


def _as_texts(kind: Type) -> Type:
    if kind.kind == "list":
        return Type("list", of=_as_texts(kind.of or TEXT))
    if kind.kind == "group":
        return Type("group", fields=tuple((name, _as_texts(inner)) for name, inner in kind.fields))
    return TEXT


def _decode(column: pl.Series, kind: Type, into: pl.DataType) -> pl.Series:
    seen: dict[str | None, object] = {text: _decoded(text, kind) for text in column.unique().to_list()}
    return pl.Series(column.name, [seen[text] for text in column.to_list()], dtype=into)


def _decoded(text: str | None, kind: Type) -> object:
    if text is None:
        return None
    try:
        data = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        return _shaped(data, kind)
    except (ValueError, RecursionError):
        return None


def _shaped(data: object, kind: Type) -> object:
    """JSON data as the type's lists and records of texts; ValueError where it has another shape."""
    if data is None:
        return None
    if kind.kind == "list" and isinstance(data, list):
        return [_shaped(part, kind.of or TEXT) for part in data]
    if kind.kind == "group" and isinstance(data, dict) and data.keys() <= dict(kind.fields).keys():
        return {name: _shaped(data.get(name), inner) for name, inner in kind.fields}
    if kind.kind in ("list", "group") or isinstance(data, (list, dict)):
        raise ValueError
    if isinstance(data, bool):
        return "true" if data else "false"
    text = printable(str(data))  # an escape may stand for what no text has
    text.encode("utf-8")  # a lone surrogate is no text (UnicodeEncodeError is a ValueError)
    return text
