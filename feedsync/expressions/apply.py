"""Filters and tests: a function of the registry applied to an input."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import polars as pl
from jinja2 import nodes

from feedsync.errors import TemplateError, nearest
from feedsync.expressions.binding import Applied, as_date, bind, kind_fits, step_text
from feedsync.expressions.context import Context
from feedsync.expressions.lengths import TOO_LONG
from feedsync.expressions.once import once
from feedsync.expressions.printing import to_text
from feedsync.expressions.registry import Call, Function, Outcome
from feedsync.expressions.scope import WholeFeed
from feedsync.expressions.types import as_decimal, as_number, both, common, folded, missing, present
from feedsync.expressions.values import Value
from feedsync.frames import dtype
from feedsync.semantics import INTEGER, NONE, TEXT, Type, list_of

# Jinja's own filters that do not exist here, and what does their work
_JINJA: Final = {
    "int": "parse_integer, or round, floor or ceil",
    "float": "parse_decimal",
    "truncate": "truncate_words",
    "striptags": "html_to_text",
    "d": "default",
    "count": "length",
    "reverse": "sort",
    "urlencode": "url_encode",
    "safe": "nothing: values are escaped by the writer of each format",
    "escape": "nothing: values are escaped by the writer of each format",
    "e": "nothing: values are escaped by the writer of each format",
    "format": "~, which prints values side by side",
    "tojson": "nothing: lists and groups are written by each format",
    "reject": "select(test)",
    "map": "a function that takes the list",
    "indent": "nothing",
    "center": "nothing",
    "slice": "limit(n), skip(n) or nth(n)",
    "batch": "limit(n), skip(n) or nth(n)",
    "random": "hash_bucket(n), which is the same every run",
    "attr": "amount, currency, start or end",
}
_TESTS: Final = {
    "none": "missing",
    "null": "missing",
    "empty": "missing",
    "blank": "missing",
    "undefined": "not defined",
    "present": "not missing",
    "number": "not missing",
    "in": "in",
}
LAZY: Final = ("default", "first_of")
"""Functions that look at their arguments one after the other, and only as far as they must."""


def functions(ctx: Context, *, tests: bool = False) -> Mapping[str, Function]:
    """The user's functions over the built-in ones."""
    module = import_module("feedsync.expressions.functions")
    builtin: Mapping[str, Function] = getattr(module, "TESTS" if tests else "FUNCTIONS", {})
    own = ctx.scope.tests if tests else ctx.scope.functions
    return {**builtin, **own} if own else builtin


def filtered(ctx: Context, node: nodes.Filter) -> Value:
    """`input | name(...)`."""
    known = functions(ctx)
    function = known.get(node.name)
    if function is None:
        raise _unknown(ctx, node, known)
    assert node.node is not None  # only filter blocks have none, and the tokens were checked for them
    if node.name == "first_of" and isinstance(node.node, nodes.List):
        input_value = ctx.elements(node.node, lazy=True)
    else:
        input_value = ctx.value(node.node)
    value = _applied(ctx, node, function, input_value)
    ctx.step(node, value, input_value)
    return value


def tested(ctx: Context, node: nodes.Test) -> Value:
    """`input is name(...)`: a boolean, null where the input is missing."""
    known = functions(ctx, tests=True)
    function = known.get(node.name)
    if function is None:
        raise _unknown(ctx, node, known)
    return _applied(ctx, node, function, ctx.value(node.node))


def _unknown(ctx: Context, node: Applied, known: Mapping[str, Function]) -> TemplateError:
    test = isinstance(node, nodes.Test)
    other = (_TESTS if test else _JINJA).get(node.name)
    if other:
        key = "template_test_instead" if test else "template_filter_instead"
        return ctx.source.error(key, node.lineno, name=node.name, instead=other)
    near = nearest(node.name, [*known, *(("missing", "defined") if test else ())])
    key = ("template_unknown_test" if test else "template_unknown_filter") + ("_near" if near else "")
    return ctx.source.error(key, node.lineno, name=node.name, near=near)


def _applied(ctx: Context, node: Applied, function: Function, input_value: Value) -> Value:
    input_value = _input(ctx, node, function, input_value)
    with_path = Lazily(ctx, function, input_value)
    with with_path:
        args = bind(ctx, node, function)
    values = [value for value in _flat(args) if isinstance(value, Value)]
    kind = function.returns or input_value.type
    if function.whole_feed:
        return _whole_feed(ctx, node, function, input_value, args)
    if not function.sees_missing and (input_value.missing or any(value.missing for value in values)):
        # the type of what a function gives may hang on its input or arguments (first, parse_date), and there is none
        return missing(function.returns or NONE if function.test else NONE, ctx.scope.zone)
    call = Call(input_value, args, ctx.scope.zone, ctx.scope.as_of, step_text(node), ctx.place(node))
    try:
        outcome = function.build(call)
    except TemplateError as error:
        error.place = error.place or ctx.source.place(node.lineno)
        raise
    if isinstance(outcome, pl.Expr):
        outcome = Value(outcome, kind)
    if isinstance(outcome, Value):
        outcome = Outcome(outcome)
    return _finished(ctx, node, function, input_value, values, outcome)


class Lazily:
    """Arguments of `default` and `first_of` count only where the input is missing."""

    def __init__(self, ctx: Context, function: Function, input_value: Value) -> None:
        self.ctx = ctx
        self.path = ctx.path
        never = pl.lit(False) if input_value.known else input_value.expr.is_null()
        self.more = () if function.name not in LAZY or input_value.missing else (never,)

    def __enter__(self) -> None:
        self.ctx.path = (*self.path, *self.more)

    def __exit__(self, *error: object) -> None:
        self.ctx.path = self.path


def _flat(args: dict[str, Any]) -> list[Any]:
    return [part for value in args.values() for part in (value if isinstance(value, tuple) else (value,))]


def _input(ctx: Context, node: Applied, function: Function, value: Value) -> Value:
    """The input as a kind the function takes."""
    if value.type == NONE and "any" not in function.takes:
        taken = function.takes[0]
        return missing(list_of(TEXT) if taken == "list" else Type(taken), ctx.scope.zone)
    if value.missing or any(kind_fits(value.type, kind) for kind in function.takes if kind != "decimal"):
        return value
    number = as_number(value)
    if "decimal" in function.takes and number.type.numeric:
        return as_decimal(number)
    if "integer" in function.takes and number.type.kind == "integer":
        return number
    if "date" in function.takes and isinstance(value.literal, str):
        moment = as_date(value.literal, ctx.scope.zone)
        if moment is not None:
            return moment
    key = "template_input"
    if value.type.kind == "money" and set(function.takes) & {"decimal", "integer"}:
        key = "template_input_money"
    elif value.type.textual and set(function.takes) & {"decimal", "integer"}:
        key = "template_input_number"
    elif "text" in function.takes and value.type.kind not in ("list", "group"):
        key = "template_input_text"
    takes = " or ".join(function.takes)
    raise ctx.source.error(key, node.lineno, name=function.name, met=value.type, takes=takes)


def _finished(
    ctx: Context, node: Applied, function: Function, input_value: Value, values: list[Value], outcome: Outcome
) -> Value:
    value, failed = outcome.value, outcome.failed
    if outcome.asked is not None:
        ctx.ask(outcome.asked)
    if value.known:
        return value if value.literal is not None else missing(value.type, ctx.scope.zone)
    inputs = [input_value, *values]
    # built-in functions give null for a null input by themselves (tested); of the user's own nobody knows
    own = node.name in (ctx.scope.tests if function.test else ctx.scope.functions)
    there = None if function.sees_missing else present([input_value, *values] if own else values)
    if function.python or outcome.code == TOO_LONG:
        # what fails is read off the one column that holds the value
        column = ctx.column(ctx.key(node), lambda: value.expr)
        if failed is not None:
            there_is_input = None if input_value.parts else present([input_value])
            failed = both(pl.lit(False) if input_value.missing else there_is_input, column.is_null())
        value = value.replaced(expr=column)
    if there is not None:
        # where an argument is missing there is no result
        value = value.replaced(expr=once(lambda ok, result: pl.when(ok).then(result), there, value.expr))
    if failed is not None and all(part.known for part in inputs) and not pl.select(failed).item():
        failed = None
    if failed is not None:
        masked = both(there, failed)
        assert masked is not None
        shown = to_text(input_value, ctx.scope.zone)
        ctx.fail(masked, outcome.code, node, step_text(node), shown, **outcome.details)
    if function.may_blank and value.type.textual:
        value = value.replaced(expr=ctx.present_text(value.expr))
    return value if function.python and any(not part.known for part in inputs) else folded(value, inputs)


def _whole_feed(ctx: Context, node: Applied, function: Function, input_value: Value, args: dict[str, Any]) -> Value:
    """A step over all rows of the feed: recorded, and read from the column it will be in."""
    whole = ctx.scope.whole
    if whole is None:
        raise ctx.source.error("template_whole_feed", node.lineno, name=function.name)
    for part in node.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "item":
            raise ctx.error("template_whole_feed_item", part, name=function.name)
    kind: Type = function.returns or INTEGER
    if function.name == "collect_group":
        kind = list_of(common(input_value.type, NONE) or TEXT if input_value.type != NONE else TEXT)
    key = f"{ctx.scope.side}: {ctx.key(node)}"
    step = next((step for step in whole.steps if step.key == key), None)
    if step is None:
        kept = {name: value for name, value in args.items() if isinstance(value, Value)}
        literals = {name: value for name, value in args.items() if not isinstance(value, Value)}
        step = WholeFeed(f"{whole.prefix}{len(whole.steps)}", function.name, input_value, kept, key, literals)
        whole.steps.append(step)
    return Value(pl.col(step.column), kind) if not ctx.dead else Value(pl.lit(None, dtype=dtype(kind)), kind)
