"""Comparisons: `== != < <= > >= in not in`, chained ones too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl
from jinja2 import nodes

from feedsync.errors import TemplateError
from feedsync.expressions.context import Cond, Context, always
from feedsync.expressions.fields import roots
from feedsync.expressions.reading import read
from feedsync.expressions.types import as_decimal, as_number, common, settled
from feedsync.expressions.unparse import OPERATORS
from feedsync.expressions.values import Value, literal
from feedsync.semantics import NONE, TEXT

_SCALARS = ("text", "url", "gtin", "enum", "integer", "decimal", "money", "boolean", "date", "datetime")
_UNORDERED = ("boolean", "interval", "list", "group")


def compare(ctx: Context, node: nodes.Compare) -> Cond:
    """A comparison or a chain of them, which means `and`."""
    left_node, left = node.expr, settled(ctx.value(node.expr))
    result: Cond | None = None
    for operand in node.ops:
        right_node = operand.expr
        with ctx.on_path(result):
            right = settled(ctx.value(right_node))
            one = _pair(ctx, operand, left, right)
            if not asks_presence(operand.op, left_node, right_node):
                ctx.compare_reads([*roots(ctx, left_node), *roots(ctx, right_node)], node)
        result = one if result is None else conjunction(result, one)
        left_node, left = right_node, right
    assert result is not None
    return result


def conjunction(a: Cond, b: Cond) -> Cond:
    """Both."""
    if a.known is not None:
        return b if a.known else a
    if b.known is not None:
        return a if b.known else b
    return Cond(a.expr & b.expr, nullable=a.nullable or b.nullable)


def disjunction(a: Cond, b: Cond) -> Cond:
    """Either."""
    if a.known is not None:
        return a if a.known else b
    if b.known is not None:
        return b if b.known else a
    return Cond(a.expr | b.expr, nullable=a.nullable or b.nullable)


def asks_presence(op: str, *sides: nodes.Expr) -> bool:
    """`x == ''` is `x is missing`."""
    constants = [side.value for side in sides if isinstance(side, nodes.Const)]
    blank = any(value is None or (isinstance(value, str) and not value.strip()) for value in constants)
    return op in ("eq", "ne") and blank


def _pair(ctx: Context, operand: nodes.Operand, a: Value, b: Value) -> Cond:
    op = operand.op
    if op in ("in", "notin"):
        inside = _inside(ctx, operand, a, b)
        return inside if op == "in" else inside.negated()
    if a.missing or b.missing:
        if op not in ("eq", "ne"):
            return always(False)
        other = b if a.missing else a
        if other.known:
            return always((other.literal is None) == (op == "eq"))
        return Cond(other.expr.is_null() if op == "eq" else other.expr.is_not_null())
    a, b = _agreed(ctx, operand, a, b)
    return _known(_compared(op, a, b), a, b)


def _compared(op: str, a: Value, b: Value) -> Cond:
    left, right = a.expr, b.expr
    if a.type.kind == "money":
        return _money(op, a, b)
    match op:
        case "eq":
            # null means false here, and a literal is never null
            return Cond(left == right, nullable=True) if a.known or b.known else Cond(left.eq_missing(right))
        case "ne":
            return Cond(left.ne_missing(right))
        case "lt":
            return Cond(left < right, nullable=True)
        case "lteq":
            return Cond(left <= right, nullable=True)
        case "gt":
            return Cond(left > right, nullable=True)
        case _:
            return Cond(left >= right, nullable=True)


def _money(op: str, a: Value, b: Value) -> Cond:
    amounts = [Value(side.expr.struct.field("amount"), TEXT) for side in (a, b)]
    units = [side.expr.struct.field("currency") for side in (a, b)]
    one = _compared(op if op != "ne" else "eq", *amounts)
    if a.currency is not None and a.currency == b.currency:
        result = one
    elif op in ("eq", "ne"):
        result = Cond(one.expr & units[0].eq_missing(units[1]))
    else:
        result = Cond(one.expr & (units[0] == units[1]), nullable=True)
    return result.negated() if op == "ne" else result


def _agreed(ctx: Context, operand: nodes.Operand, a: Value, b: Value) -> tuple[Value, Value]:
    """Both sides as one type; a TemplateError where there is none, or where it has no order."""
    if a.type.textual and b.type.numeric:
        a = as_number(a)
    if b.type.textual and a.type.numeric:
        b = as_number(b)
    a, b = _moment(ctx, operand, a, b), _moment(ctx, operand, b, a)
    kind = common(a.type, b.type)
    sign = OPERATORS[operand.op]
    if kind is None:
        raise _disagree(ctx, operand, sign, a, b)
    if kind.kind in ("list", "group") or (kind.kind in _UNORDERED and operand.op not in ("eq", "ne")):
        raise ctx.error("template_unordered", operand, sign=sign, met=kind)
    if kind.kind == "decimal":
        return as_decimal(a), as_decimal(b)
    return a, b


def _disagree(ctx: Context, operand: nodes.Operand, sign: str, a: Value, b: Value) -> TemplateError:
    kinds = {a.type.kind, b.type.kind}
    key = "template_compare_types"
    if "money" in kinds and kinds & {"integer", "decimal"}:
        key = "template_compare_money"
    elif any(side.type.numeric and side.known for side in (a, b)) and any(side.type.textual for side in (a, b)):
        key = "template_compare_quotes"
    number = next((side.literal for side in (a, b) if side.type.numeric and side.known), "")
    return ctx.error(key, operand, sign=sign, left=a.type, right=b.type, number=number)


def _moment(ctx: Context, operand: nodes.Operand, value: Value, other: Value) -> Value:
    """A text literal beside a date or datetime is one."""
    if other.type.kind not in ("date", "datetime") or not isinstance(value.literal, str) or not value.type.textual:
        return value
    expr, misfit = read(pl.lit(value.literal), other.type, ctx.scope.zone)
    if pl.select(misfit).item():
        raise ctx.error("template_compare_date", operand, text=value.literal, wanted=other.type)
    if other.type.kind == "date":
        return literal(pl.select(expr).item())
    return Value(expr, other.type)


def _inside(ctx: Context, operand: nodes.Operand, a: Value, b: Value) -> Cond:
    """`a in b`: an element of a list, or a part of a text; missing is in nothing."""
    if a.missing or b.missing:
        return always(False)
    if b.type.kind == "list":
        return _element(ctx, operand, a, b)
    if not b.type.textual or not a.type.textual:
        raise ctx.error("template_in_types", operand, left=a.type, right=b.type)
    part = a.literal if isinstance(a.literal, str) else a.expr
    return _known(Cond(b.expr.str.contains(part, literal=True), nullable=True), a, b)


def _element(ctx: Context, operand: nodes.Operand, a: Value, b: Value) -> Cond:
    if not b.parts:
        if b.type.of == NONE:
            return always(False)
        a, one = _agreed(ctx, operand, a, Value(pl.element(), b.type.of or TEXT))
        wanted = b.expr if one.type == b.type.of else b.expr.cast(pl.List(pl.Decimal(38, 8)))
        if a.known:
            return Cond(wanted.list.contains(a.expr), nullable=True)
        return Cond(wanted.list.contains(a.expr) & a.expr.is_not_null(), nullable=True)
    parts = [part for part in map(settled, b.parts) if not part.missing]
    if not parts:
        return always(False)
    pairs = [_agreed(ctx, operand, a, part) for part in parts]
    a = next((left for left, _ in pairs if left.type.kind == "decimal"), pairs[0][0])
    if all(part.known and part.type.kind in _SCALARS for _, part in pairs):
        values = [part.literal for _, part in pairs]
        return _known(_among(a, [value for value in values if value is not None]), a)
    ones = [_compared("eq", left, part).sure & left.expr.is_not_null() for left, part in pairs]
    return Cond(reduce(lambda x, y: x | y, ones))


def _among(a: Value, values: Sequence[object]) -> Cond:
    if len(values) == 1:
        return Cond(a.expr == literal(values[0]).expr, nullable=True)
    return Cond(a.expr.is_in(values), nullable=True)


def _known(condition: Cond, *sides: Value) -> Cond:
    """The condition, decided where all sides are known."""
    if all(side.known for side in sides):
        return always(bool(pl.select(condition.sure).item()))
    return condition
