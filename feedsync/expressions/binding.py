"""The arguments of a filter or test, bound to a function's parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from jinja2 import nodes

from feedsync.errors import TemplateError, nearest
from feedsync.expressions.context import Context
from feedsync.expressions.printing import literal_text
from feedsync.expressions.reading import read
from feedsync.expressions.registry import REQUIRED, Function, Param
from feedsync.expressions.scope import Table
from feedsync.expressions.types import as_decimal, as_number
from feedsync.expressions.unparse import call as shown_call
from feedsync.expressions.unparse import written
from feedsync.expressions.values import Value, literal
from feedsync.semantics import DATE, TEXT, Type, list_of

Applied = nodes.Filter | nodes.Test


def bind(ctx: Context, node: Applied, function: Function) -> dict[str, Any]:
    """Arguments by parameter name: Python values for literal parameters, Values for the others."""
    given = _given(ctx, node, function)
    bound: dict[str, Any] = {}
    for param in function.params:
        if param.many:
            bound[param.name] = tuple(_argument(ctx, node, function, param, each) for each in given[param.name])
        elif param.name in given:
            bound[param.name] = _argument(ctx, node, function, param, given[param.name][0])
        elif param.default is REQUIRED:
            raise ctx.source.error("template_argument_missing", node.lineno, name=function.name, argument=param.name)
        else:
            bound[param.name] = param.default if param.literal or param.default is None else literal(param.default)
    return bound


def _given(ctx: Context, node: Applied, function: Function) -> dict[str, list[nodes.Expr]]:
    """The argument nodes by parameter name."""
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        raise ctx.source.error("template_argument_star", node.lineno, name=function.name)
    given: dict[str, list[nodes.Expr]] = {param.name: [] for param in function.params if param.many}
    waiting = list(function.params)
    for argument in node.args:
        if not waiting:
            raise _too_many(ctx, node, function)
        given.setdefault(waiting[0].name, []).append(argument)
        if not waiting[0].many:
            waiting.pop(0)
    names = [param.name for param in function.params]
    for pair in node.kwargs:
        assert isinstance(pair, nodes.Keyword)
        if pair.key not in names:
            near = nearest(pair.key, names)
            key = "template_argument_unknown" + ("_near" if near else "")
            raise ctx.error(key, pair.value, name=function.name, argument=pair.key, near=near)
        if given.get(pair.key):
            raise ctx.error("template_argument_twice", pair.value, name=function.name, argument=pair.key)
        given[pair.key] = [pair.value]
    return given


def _too_many(ctx: Context, node: Applied, function: Function) -> TemplateError:
    numbers = [part.value for part in node.args if isinstance(part, nodes.Const) and isinstance(part.value, int)]
    if len(numbers) == len(node.args) == 2:
        shown = ",".join(str(number) for number in numbers)
        return ctx.error("template_comma", node.args[0], written=shown, right=shown.replace(",", "."))
    takes = ", ".join(param.name for param in function.params)
    key = "template_arguments" if takes else "template_arguments_none"
    return ctx.source.error(key, node.lineno, name=function.name, takes=takes)


def _argument(ctx: Context, node: Applied, function: Function, param: Param, argument: nodes.Expr) -> Any:
    if param.kind == "table":
        return table(ctx, argument, function)
    value = _as_kind(ctx, function, param, argument, ctx.value(argument))
    if not param.literal:
        return value
    if value.type.kind == "list" and not value.known and all(part.known for part in value.parts) and value.parts:
        return [part.literal for part in value.parts]
    if value.missing and param.kind == "text":
        return ""
    if not value.known or (value.missing and param.default is not None):
        raise ctx.error("template_argument_literal", argument, name=function.name, argument=param.name)
    return value.literal


def _as_kind(ctx: Context, function: Function, param: Param, argument: nodes.Expr, value: Value) -> Value:
    """The value as the parameter's kind; a TemplateError where it is another."""
    if param.kind == "any" or value.missing:
        return value
    if param.kind in ("decimal", "integer", "number"):
        value = as_number(value)
    fits = kind_fits(value.type, param.kind)
    if param.kind == "decimal" and value.type.kind == "integer":
        return as_decimal(value)
    if param.kind == "date" and isinstance(value.literal, str):
        moment = as_date(value.literal, ctx.scope.zone)
        fits, value = moment is not None, moment or value
    if param.kind == "list" and value.type.textual and isinstance(value.literal, str):
        fits, value = True, Value(pl.concat_list(value.expr), list_of(TEXT), literal=[value.literal], parts=(value,))
    if not fits:
        raise ctx.error(
            "template_argument_type",
            argument,
            name=function.name,
            argument=param.name,
            met=value.type,
            wanted=param.kind,
        )
    return value


def kind_fits(met: Type, kind: str) -> bool:
    """Whether a type is of a parameter's or input's kind."""
    if kind == "any" or met.kind == "none":
        return True
    if kind == "text":
        return met.textual
    if kind in ("decimal", "number"):
        return met.numeric
    if kind == "date":
        return met.kind in ("date", "datetime")
    return met.kind == kind


def as_date(text: str, zone: str) -> Value | None:
    """A date literal; None where the text is none."""
    expr, misfit = read(pl.lit(text), DATE, zone)
    found = pl.select(value=expr, misfit=misfit).row(0)
    return literal(found[0]) if isinstance(found[0], date) and not found[1] else None


def table(ctx: Context, argument: nodes.Expr, function: Function) -> Table:
    """A lookup by its name, or one written as {'a': 'b'}."""
    if isinstance(argument, nodes.Dict):
        rows: dict[tuple[str, ...], str] = {}
        for pair in argument.items:
            key, value = _constant(ctx, pair.key), _constant(ctx, pair.value)
            if (key.strip(),) in rows:
                raise ctx.error("template_table_twice", pair.key, key=key)
            rows[(key.strip(),)] = value
        return Table(function.name, rows)
    name = ctx.value(argument)
    if not isinstance(name.literal, str):
        raise ctx.error("template_table_literal", argument, name=function.name)
    found = ctx.scope.tables.get(name.literal)
    if found is None:
        near = nearest(name.literal, ctx.scope.tables)
        raise ctx.error("template_unknown_table" + ("_near" if near else ""), argument, name=name.literal, near=near)
    return found


def _constant(ctx: Context, node: nodes.Expr) -> str:
    value = ctx.value(node)
    if not value.known or not isinstance(value.literal, (str, int, Decimal, type(None))):
        raise ctx.error("template_table_constant", node, text=written(node))
    return "" if value.literal is None else literal_text(value.literal)


def step_text(node: Applied) -> str:
    """The step as it is written."""
    return ("is " if isinstance(node, nodes.Test) else "") + shown_call(node)
