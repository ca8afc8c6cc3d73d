"""Names: fields, `field('...')`, market.x and the like; and which fields an expression hangs on."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from feedsync.errors import nearest
from feedsync.expressions.context import Context
from feedsync.expressions.values import Value, literal

_CONSTANTS = {"TRUE": "true", "FALSE": "false", "null": "none", "NULL": "none", "nil": "none", "Null": "none"}
_LAZY = ("default", "first_of", "join_present", "append_present")


def name(ctx: Context, node: nodes.Name) -> Value:
    """A name alone: one of {% set %}, as_of, or a field."""
    if node.name in ctx.names:
        return ctx.names[node.name].value
    if node.name == "as_of":
        return literal(ctx.scope.as_of)
    if node.name in ctx.scope.spaces and node.name not in ctx.scope.names:
        raise ctx.error("template_space_alone", node, name=node.name, names=_some(ctx.scope.spaces[node.name]))
    return _field(ctx, node, node.name)


def _some(names: object) -> str:
    listed = list(names)[:4] if isinstance(names, dict) else []
    return ", ".join(map(str, listed)) or "name"


def _field(ctx: Context, node: nodes.Expr, wanted: str) -> Value:
    value = ctx.scope.names.get(wanted)
    if value is not None:
        ctx.found.reads.setdefault(wanted)
        return value
    if wanted in ctx.scope.optional or wanted in ctx.tested or (ctx.dead and isinstance(node, nodes.Call)):
        return literal(None)
    if wanted in _CONSTANTS:
        raise ctx.error("template_constant", node, name=wanted, right=_CONSTANTS[wanted])
    near = nearest(wanted, [*ctx.names, *ctx.scope.names, *ctx.scope.spaces, *ctx.scope.optional])
    key = "template_unknown_field" if ctx.scope.side == "merchant" else "template_unknown_attribute"
    if near and not near.isidentifier():
        near = f"field('{near}')"
    raise ctx.error(key + ("_near" if near else ""), node, name=wanted, near=near)


def call(ctx: Context, node: nodes.Call) -> Value:
    """The one call there is: field('...')."""
    if not isinstance(node.node, nodes.Name) or node.node.name != "field":
        written = node.node.name if isinstance(node.node, nodes.Name) else getattr(node.node, "attr", "...")
        raise ctx.error("template_call", node, name=written)
    if len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise ctx.error("template_field_arguments", node)
    wanted = ctx.value(node.args[0])
    if not isinstance(wanted.literal, str):
        raise ctx.error("template_field_unknown", node.args[0])
    return _field(ctx, node, wanted.literal)


def attribute(ctx: Context, node: nodes.Getattr) -> Value:
    """`market.country`, `item.title`, `entry.price`; nothing else has parts."""
    space = node.node.name if isinstance(node.node, nodes.Name) else ""
    if space in ctx.scope.spaces and space not in ctx.names:
        value = ctx.scope.spaces[space].get(node.attr)
        if value is None:
            if ctx.dead or f"{space}.{node.attr}" in ctx.tested:
                return literal(None)
            near = nearest(node.attr, ctx.scope.spaces[space])
            key = "template_unknown_part" + ("_near" if near else "")
            raise ctx.error(key, node, space=space, name=node.attr, near=near)
        if space == "item":
            ctx.found.items.setdefault(node.attr)
        return value
    if space == "entry" and space in ctx.scope.names:
        return _entry(ctx, node)
    raise ctx.error("template_attribute_access", node, name=node.attr)


def _entry(ctx: Context, node: nodes.Getattr) -> Value:
    entry = ctx.scope.names["entry"]
    fields = dict(entry.type.fields)
    if node.attr not in fields:
        near = nearest(node.attr, fields)
        key = "template_unknown_part" + ("_near" if near else "")
        raise ctx.error(key, node, space="entry", name=node.attr, near=near)
    ctx.found.reads.setdefault("entry")
    return Value(entry.expr.struct.field(node.attr), fields[node.attr])


def roots(ctx: Context, node: nodes.Expr) -> Iterator[str]:
    """The fields whose absence makes the expression missing."""
    if isinstance(node, nodes.Name):
        bound = ctx.names.get(node.name)
        yield from bound.roots if bound else (node.name,)
    elif isinstance(node, nodes.Call) and node.args and isinstance(node.args[0], nodes.Expr):
        if isinstance(node.node, nodes.Name) and node.node.name == "field":
            wanted = ctx.value(node.args[0]).literal
            yield from (wanted,) if isinstance(wanted, str) else ()
    elif isinstance(node, nodes.Filter) and node.node is not None and node.name not in _LAZY:
        yield from roots(ctx, node.node)
    elif isinstance(node, (nodes.Or, nodes.And)):
        return
    elif isinstance(node, nodes.BinExpr):
        yield from roots(ctx, node.left)
        yield from roots(ctx, node.right)
    elif isinstance(node, (nodes.Neg, nodes.Pos)):
        yield from roots(ctx, node.node)


def tested_names(tree: nodes.Template) -> frozenset[str]:
    """The names an `is defined` asks for."""
    names = set()
    for test in tree.find_all(nodes.Test):
        if test.name in ("defined", "undefined"):
            if isinstance(test.node, nodes.Name):
                names.add(test.node.name)
            elif isinstance(test.node, nodes.Getattr) and isinstance(test.node.node, nodes.Name):
                names.add(f"{test.node.node.name}.{test.node.attr}")
            elif isinstance(test.node, nodes.Call) and test.node.args and isinstance(test.node.args[0], nodes.Const):
                names.add(str(test.node.args[0].value))
    return frozenset(names)
