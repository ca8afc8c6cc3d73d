"""The border between values and their canonical text: printing, reading, and what an attribute takes.

`to_text` and `read` are inverse to each other; `border` says what happens when a template's value meets the type of
its attribute.
"""

from __future__ import annotations

import polars as pl

from feedsync.errors import Place, TemplateError
from feedsync.expressions.printing import literal_text, text_of, to_json_text, to_text
from feedsync.expressions.reading import read
from feedsync.expressions.values import UNKNOWN, Value
from feedsync.frames import DECIMAL_DTYPE, dtype
from feedsync.semantics import NONE, TEXT, Type

__all__ = ["border", "literal_text", "read", "text_of", "to_json_text", "to_text"]


def border(value: Value, target: Type, zone: str, at: Place | None = None) -> tuple[Value, pl.Expr | None]:
    """The value as an attribute's type, and where that can fail, an expression true in the rows that do not fit.

    Taken: the same type; text that reads as the type's canonical form; an integer as a decimal; a date as a datetime
    (midnight in the zone); one value as a list of one; a list without its missing elements. One addition to the
    rule: an integer or decimal is printed canonically into a textual attribute, because ids and sizes are often
    numbers. Everything else can never fit and is a TemplateError, as is a constant text that does not read.
    """
    if value.type.kind == "none" or value.missing:
        return _missing(target, zone), None
    if target.kind == "list":
        return _into_list(value, target, zone, at)
    if value.type == target:
        return value, None
    if target.textual:
        if value.type.textual:
            return value.replaced(type=target), None
        if value.type.numeric:
            known = literal_text(value.literal) if value.known else UNKNOWN
            return Value(to_text(value, zone), target, literal=known), None
    elif value.type.textual:
        return _from_text(value, target, zone, at)
    elif value.type.kind == "integer" and target.kind == "decimal":
        return value.replaced(expr=value.expr.cast(DECIMAL_DTYPE), type=target), None
    elif value.type.kind == "date" and target.kind == "datetime":
        midnight = value.expr.cast(pl.Datetime("us"))
        moment = midnight.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        # there are zones whose clocks go forward at midnight
        return Value(moment, target), value.expr.is_not_null() & moment.is_null()
    raise _never(value.type, target, at)


def _missing(target: Type, zone: str) -> Value:
    return Value(pl.lit(None, dtype=dtype(target, zone)), target, literal=None)


def _never(met: Type, target: Type, at: Place | None) -> TemplateError:
    key = "template_border"
    if target.kind == "money" and met.numeric:
        key = "template_border_money"
    elif target.kind == "integer" and met.kind == "decimal":
        key = "template_border_integer"
    elif target.textual and met.kind == "list":
        key = "template_border_list"
    elif target.textual:
        key = "template_border_text"
    return TemplateError(key, at, met=met, wanted=target)


def _from_text(value: Value, target: Type, zone: str, at: Place | None) -> tuple[Value, pl.Expr | None]:
    if value.number is not None and target.kind == "decimal":
        return value.number, None
    fitted, misfit = read(value.expr, target, zone)
    if value.known and pl.select(misfit).item():
        raise TemplateError("template_border_literal", at, value=value.literal, wanted=target)
    return Value(fitted, target), None if value.known else misfit


def _into_list(value: Value, target: Type, zone: str, at: Place | None) -> tuple[Value, pl.Expr | None]:
    element = target.of or TEXT
    if value.type.kind != "list":
        if value.type.textual:
            return _from_text(value, target, zone, at)
        one, misfit = border(value, element, zone, at)
        return Value(pl.when(one.expr.is_not_null()).then(pl.concat_list(one.expr)), target), misfit
    if value.type.of == NONE:
        return _missing(target, zone), None
    inner, broken = border(Value(pl.element(), value.type.of or TEXT), element, zone, at)
    parts = value.expr if value.type.of == element else value.expr.list.eval(inner.expr)
    parts = parts.list.eval(pl.element().drop_nulls())  # twice as fast as list.drop_nulls
    fitted = Value(pl.when(parts.list.len() > 0).then(parts), target)
    if broken is None:
        return fitted, None
    return fitted, value.expr.list.eval(broken).list.any().fill_null(False)
