"""A syntax tree as text again: how a step is shown, and the key under which equal steps are computed once."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from jinja2 import nodes

from feedsync.expressions.printing import literal_text

Resolve = Callable[[nodes.Expr], str | None]
_BINARY: Final[dict[type[nodes.Node], tuple[str, int]]] = {
    nodes.Or: ("or", 1),
    nodes.And: ("and", 2),
    nodes.Add: ("+", 5),
    nodes.Sub: ("-", 5),
    nodes.Mul: ("*", 7),
    nodes.Div: ("/", 7),
    nodes.FloorDiv: ("//", 7),
    nodes.Mod: ("%", 7),
    nodes.Pow: ("**", 8),
}
OPERATORS: Final = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}


def written(node: nodes.Node, resolve: Resolve = lambda node: None) -> str:
    """The expression as one writes it; `resolve` may give another text for a name (None: its own)."""
    return _text(node, 0, resolve)


def call(node: nodes.Filter | nodes.Test, resolve: Resolve = lambda node: None) -> str:
    """A filter or test with its arguments, without its input: `money('EUR')`."""
    arguments = [_text(argument, 0, resolve) for argument in node.args]
    arguments += [
        f"{pair.key}={_text(pair.value, 0, resolve)}" for pair in node.kwargs if isinstance(pair, nodes.Keyword)
    ]
    return f"{node.name}({', '.join(arguments)})" if arguments else node.name


def _text(node: nodes.Node, binding: int, resolve: Resolve) -> str:
    """The node's text, in parentheses where it binds weaker than its surroundings."""
    text, own = _bare(node, resolve)
    return f"({text})" if own < binding else text


def _bare(node: nodes.Node, resolve: Resolve) -> tuple[str, int]:
    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Call)):
        return resolve(node) or _name(node, resolve), 10
    if isinstance(node, nodes.Const):
        return _constant(node.value), 10
    if isinstance(node, nodes.Filter) and node.node is not None:
        return f"{_text(node.node, 9, resolve)} | {call(node, resolve)}", 9
    if isinstance(node, nodes.Not) and isinstance(node.node, nodes.Test):
        return f"{_text(node.node.node, 9, resolve)} is not {call(node.node, resolve)}", 9
    if isinstance(node, nodes.Test):
        return f"{_text(node.node, 9, resolve)} is {call(node, resolve)}", 9
    if isinstance(node, nodes.CondExpr):
        text = f"{_text(node.expr1, 1, resolve)} if {_text(node.test, 1, resolve)}"
        return text + (f" else {_text(node.expr2, 0, resolve)}" if node.expr2 is not None else ""), 0
    if isinstance(node, nodes.Compare):
        parts = [_text(node.expr, 5, resolve)]
        parts += [f"{OPERATORS[operand.op]} {_text(operand.expr, 5, resolve)}" for operand in node.ops]
        return " ".join(parts), 4
    if isinstance(node, nodes.Concat):
        return " ~ ".join(_text(part, 7, resolve) for part in node.nodes), 6
    if isinstance(node, nodes.BinExpr) and type(node) in _BINARY:
        sign, own = _BINARY[type(node)]
        return f"{_text(node.left, own, resolve)} {sign} {_text(node.right, own + 1, resolve)}", own
    if isinstance(node, nodes.UnaryExpr):
        sign, own = {nodes.Not: ("not ", 3), nodes.Neg: ("-", 8)}.get(type(node), ("+", 8))
        return sign + _text(node.node, own, resolve), own
    return _container(node, resolve), 10


def _name(node: nodes.Expr, resolve: Resolve) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_text(node.node, 10, resolve)}.{node.attr}"
    assert isinstance(node, nodes.Call)
    return f"{_text(node.node, 10, resolve)}({', '.join(_text(part, 0, resolve) for part in node.args)})"


def _container(node: nodes.Node, resolve: Resolve) -> str:
    if isinstance(node, nodes.List):
        return "[" + ", ".join(_text(part, 0, resolve) for part in node.items) + "]"
    if isinstance(node, nodes.Dict):
        pairs = [f"{_text(pair.key, 0, resolve)}: {_text(pair.value, 0, resolve)}" for pair in node.items]
        return "{" + ", ".join(pairs) + "}"
    return type(node).__name__.lower()


def _constant(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        body = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
        return f"'{body}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return literal_text(value)
