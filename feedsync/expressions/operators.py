"""Arithmetic and `~`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import polars as pl
from jinja2 import nodes

from feedsync.errors import TemplateError
from feedsync.expressions.context import Context
from feedsync.expressions.lengths import DETAILS, TOO_LONG, beside, unbounded
from feedsync.expressions.once import once
from feedsync.expressions.printing import literal_text, to_text
from feedsync.expressions.types import as_decimal, as_number, both, folded, missing, present, settled
from feedsync.expressions.unparse import written
from feedsync.expressions.values import WIDEST, Value, literal
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import DECIMAL, INTEGER, INTEGER_DIGITS, SCALE, TEXT

_INT64: Final = Decimal(2**63)
_SMALLEST: Final = Decimal(10) ** -SCALE
# casting to as many digits as a number may have makes what is beyond null, in one step that mentions it once
_FITTING: Final = pl.Decimal(INTEGER_DIGITS + SCALE, SCALE)
_SIGNS: Final[dict[type[nodes.Node], str]] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
}


def arithmetic(ctx: Context, node: nodes.BinExpr) -> Value:
    """`a + b` and its kin: exact, and missing (FS205) where the result has too many digits or is divided by zero."""
    sign = _SIGNS.get(type(node))
    if sign is None:
        raise ctx.error("template_power", node)
    a, b = as_number(settled(ctx.value(node.left))), as_number(settled(ctx.value(node.right)))
    for one, other in ((a, b), (b, a)):
        if not one.type.numeric and not one.missing:
            raise _no_number(ctx, node, sign, one, other)
    whole = sign != "/" and DECIMAL not in (a.type, b.type)
    if a.missing or b.missing:
        return missing(INTEGER if whole else DECIMAL, ctx.scope.zone)
    if not whole:
        a, b = as_decimal(a), as_decimal(b)
    bound = _bound(sign, a, b)
    expr = _expression(sign, a, b, bound, whole=whole)
    result = folded(Value(expr, INTEGER if whole else DECIMAL, bound=min(bound, WIDEST)), (a, b))
    divides = sign in ("/", "//", "%")
    if result.missing or (not result.known and (bound > WIDEST or (divides and not (b.known and b.bound)))):
        shown = pl.concat_str([to_text(a, ctx.scope.zone), pl.lit(f" {sign} "), to_text(b, ctx.scope.zone)])
        failed = both(present([a, b]), result.expr.is_null())
        assert failed is not None
        ctx.fail(failed, "FS205", node, written(node), shown)
    return result


def _no_number(ctx: Context, node: nodes.BinExpr, sign: str, met: Value, other: Value) -> TemplateError:
    params: dict[str, Any] = {"sign": sign, "met": met.type, "other": other.type}
    if sign == "+" and met.type.textual:
        return ctx.error("template_add_text", node, **params)
    if met.type.kind == "money":
        return ctx.error("template_money_arithmetic", node, **params)
    if met.type.kind in ("date", "datetime"):
        return ctx.error("template_date_arithmetic", node, **params)
    return ctx.error("template_arithmetic", node, **params)


def _bound(sign: str, a: Value, b: Value) -> Decimal:
    """The largest absolute value a result can have."""
    if sign in ("+", "-"):
        return a.bound + b.bound
    if sign == "*":
        return a.bound * b.bound
    if sign == "%":
        return b.bound
    smallest = b.bound if b.known and b.bound else _SMALLEST if b.type == DECIMAL else Decimal(1)
    return a.bound / smallest + 1


def _expression(sign: str, a: Value, b: Value, bound: Decimal, *, whole: bool) -> pl.Expr:
    left, right = a.expr, b.expr
    if whole and sign == "*" and bound >= _INT64:
        product = (left.cast(DECIMAL_DTYPE) * right.cast(DECIMAL_DTYPE)).cast(_FITTING, strict=False)
        return product.cast(pl.Int64)
    if sign in ("/", "//", "%") and not whole and not (b.known and b.bound):
        # integers give null by themselves, decimals raise
        right = once(lambda divisor: pl.when(divisor != 0).then(divisor), right)
    match sign:
        case "+":
            expr = left + right
        case "-":
            expr = left - right
        case "*":
            expr = left * right
        case "/":
            expr = left / right
        case "//":
            expr = left // right
        case _:
            expr = left % right
    if bound <= WIDEST:
        return expr
    fitting = expr.cast(_FITTING, strict=False)
    return fitting.cast(pl.Int64 if whole else DECIMAL_DTYPE)


def negative(ctx: Context, node: nodes.UnaryExpr) -> Value:
    """`-a` and `+a`."""
    value = as_number(settled(ctx.value(node.node)))
    if value.missing:
        return value
    if not value.type.numeric:
        sign = "-" if isinstance(node, nodes.Neg) else "+"
        raise ctx.error("template_arithmetic", node, sign=sign, met=value.type, other=value.type)
    if isinstance(node, nodes.Pos):
        return value
    if isinstance(value.literal, (int, Decimal)):
        return literal(-value.literal)
    return Value(-value.expr, value.type, bound=value.bound)


def printable(ctx: Context, node: nodes.Expr, value: Value) -> Value:
    """The value, where it can be a part of a text."""
    if value.type.kind in ("list", "group"):
        raise ctx.error("template_print_list", node, met=value.type)
    return value


def concat(ctx: Context, node: nodes.Concat) -> Value:
    """`a ~ b`: texts side by side; a missing part is nothing, and nothing but blanks is missing."""
    values = [printable(ctx, part, ctx.value(part)) for part in node.nodes]
    return join_texts(ctx, node, values)


def join_texts(ctx: Context, node: nodes.Node, values: list[Value], *, ends: str = "present") -> Value:
    """Values printed one after another; missing, and a failure, where that is longer than a text may become.

    `ends` says what becomes of blanks: `present` (`~`): nothing but blanks is missing; `trim` (a template): they are
    cut off at both ends, and nothing is missing; `keep` (a part of a template): they stay.
    """
    parts: list[str | pl.Expr] = []
    for value in values:
        if not value.known:
            parts.append(to_text(value, ctx.scope.zone))
        elif value.literal is not None:
            text = literal_text(value.literal)
            if parts and isinstance(parts[-1], str):
                parts[-1] += text
            else:
                parts.append(text)
    if not parts or (len(parts) == 1 and isinstance(parts[0], str)):
        text = "".join(part for part in parts if isinstance(part, str))
        text = text.strip() if ends == "trim" else text
        return literal(text if text.strip() or ends == "keep" else None)
    exprs = [pl.lit(part) if isinstance(part, str) else part for part in parts]
    if sum(map(unbounded, values)) > 1:
        joined = once(lambda *texts: beside(texts), *exprs)
        # the value and what fails in it are made of one column
        expr = ctx.column(ctx.serialized(joined), lambda: joined)
        step = written(node) if isinstance(node, nodes.Concat) else ctx.source.shown()
        ctx.fail(
            expr.is_null(), TOO_LONG, node, step, next(part for part in exprs if part.meta.root_names()), **DETAILS
        )
    else:
        expr = pl.concat_str(exprs, ignore_nulls=True) if len(exprs) > 1 else exprs[0]
    solid = any(isinstance(part, str) and part.strip() for part in parts)
    if ends == "trim":
        expr = expr.str.strip_chars()
        expr = expr if solid else once(lambda text: pl.when(text != "").then(text), expr)
    elif ends == "present" and not solid and len(exprs) > 1:
        expr = ctx.present_text(expr)
    return Value(expr, TEXT)
