"""Syntax tree -> Polars expressions: the walk over expressions. Whole templates are in template.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl
from jinja2 import nodes

from feedsync.expressions import comparisons, fields, operators
from feedsync.expressions.apply import filtered, tested
from feedsync.expressions.context import MAX_EXPRESSION, Cond, Context, always
from feedsync.expressions.types import cast, common, settled
from feedsync.expressions.unparse import written
from feedsync.expressions.values import UNKNOWN, WIDEST, Value, literal
from feedsync.semantics import BOOLEAN, NONE, Type, list_of

_SHOWN: Final = (nodes.Name, nodes.Getattr, nodes.Call, nodes.BinExpr, nodes.Concat, nodes.CondExpr, nodes.Compare)
_LOGIC: Final = (nodes.Compare, nodes.Test, nodes.Not)


class Compiler(Context):
    """The walk. Each method gives the Value (or the condition) of one kind of node."""

    def value(self, node: nodes.Expr) -> Value:
        visit = _VISITS.get(type(node))
        if visit is None:
            raise self.error("template_construct", node, construct=type(node).__name__.lower())
        value = visit(self, node)
        if not isinstance(node, nodes.List):
            value = self.settle_node(value, node)
        if isinstance(node, _SHOWN):
            self.step(node, value)
        return value

    def settle_node(self, value: Value, node: nodes.Expr) -> Value:
        """The value, in a column of its own where it has grown large."""
        small = value.known or value.expr.meta.is_column() or len(str(value.expr)) <= MAX_EXPRESSION
        return value if small else self.settle(value, key=self.key(node))

    def key(self, node: nodes.Node) -> str:
        """The text of a sub-tree with its names resolved: equal keys mean equal values in every row."""
        return written(node, self._resolved)

    def _resolved(self, node: nodes.Expr) -> str | None:
        if isinstance(node, nodes.Name) and node.name in self.names:
            key = self.names[node.name].key
            return f"({key})" if " " in key else key
        with self.unreachable(True):
            value = _VISITS[type(node)](self, node)
        return repr(value.literal) if value.known else str(value.expr)

    # conditions

    def condition(self, node: nodes.Expr) -> Cond:
        if isinstance(node, nodes.And):
            return self._and(node)
        if isinstance(node, nodes.Or):
            return self._or(node)
        if isinstance(node, nodes.Not):
            return self._not(node)
        if isinstance(node, nodes.Compare):
            return comparisons.compare(self, node)
        if isinstance(node, nodes.Test):
            return self._test(node)
        value = settled(self.value(node))
        if value.type == BOOLEAN:
            return Cond(value.expr, nullable=True, known=bool(value.literal) if value.known else None)
        if isinstance(node, nodes.Name) and value.type.numeric:
            self.found.bare.setdefault(node.name, self.place(node))
        return always(value.literal is not None) if value.known else Cond(value.expr.is_not_null())

    def _and(self, node: nodes.And) -> Cond:
        left = self.condition(node.left)
        with self.on_path(left, self.asked(node.left)):
            right = self.condition(node.right)
        return comparisons.conjunction(left, right)

    def _or(self, node: nodes.Or) -> Cond:
        left = self.condition(node.left)
        with self.on_path(left.negated(), self.asked(node.left)):
            right = self.condition(node.right)
        return comparisons.disjunction(left, right)

    def _not(self, node: nodes.Not) -> Cond:
        inner = node.node
        if isinstance(inner, nodes.Test) and inner.name == "missing":
            value = self._presence(inner)
            return always(not value.missing) if value.known else Cond(value.expr.is_not_null())
        return self.condition(inner).negated()

    def _test(self, node: nodes.Test) -> Cond:
        if node.name == "defined":
            return self._defined(node)
        if node.name == "missing":
            value = self._presence(node)
            return always(value.missing) if value.known else Cond(value.expr.is_null())
        value = tested(self, node)
        self.compare_reads([*fields.roots(self, node.node)], node)
        return Cond(value.expr, nullable=True, known=bool(value.literal) if value.known else None)

    def _presence(self, node: nodes.Test) -> Value:
        if node.args or node.kwargs:
            raise self.source.error("template_arguments_none", node.lineno, name=f"is {node.name}")
        return settled(self.value(node.node))

    def _defined(self, node: nodes.Test) -> Cond:
        inner = node.node
        if isinstance(inner, nodes.Name):
            return always(inner.name in self.names or inner.name in self.scope.names or inner.name == "as_of")
        if isinstance(inner, nodes.Getattr) and isinstance(inner.node, nodes.Name):
            return always(inner.attr in self.scope.spaces.get(inner.node.name, {}))
        if isinstance(inner, nodes.Call) and len(inner.args) == 1:
            wanted = self.value(inner.args[0]).literal
            return always(isinstance(wanted, str) and wanted in self.scope.names)
        raise self.error("template_defined", node)

    def asked(self, node: nodes.Expr) -> frozenset[str]:
        """The fields whose presence a condition asks for."""
        if isinstance(node, (nodes.And, nodes.Or)):
            return self.asked(node.left) | self.asked(node.right)
        if isinstance(node, nodes.Not):
            return self.asked(node.node)
        if isinstance(node, nodes.Test):
            return frozenset(fields.roots(self, node.node)) if node.name == "missing" else frozenset()
        if isinstance(node, nodes.Compare):
            sides = [node.expr, *(operand.expr for operand in node.ops)]
            if not any(comparisons.asks_presence(operand.op, *sides) for operand in node.ops):
                return frozenset()
            return frozenset(name for side in sides for name in fields.roots(self, side))
        return frozenset(fields.roots(self, node))

    # values

    def boolean(self, node: nodes.Expr) -> Value:
        return self.condition(node).value()

    def either(self, node: nodes.Or) -> Value:
        """`a or b`: logic of two booleans, else the first that is there."""
        if self._is_logic(node.left) or self._is_logic(node.right):
            self._only_booleans(node)
            return self.boolean(node)
        left = settled(self.value(node.left))
        if left.type == BOOLEAN:
            self._only_booleans(node)
            return self.boolean(node)
        absent = always(left.missing) if left.known else Cond(left.expr.is_null())
        with self.on_path(absent):
            right = settled(self.value(node.right))
        kind = self._common(node, left, right)
        left, right = cast(left, kind, self.scope.zone), cast(right, kind, self.scope.zone)
        if left.known or right.missing:
            return right if left.missing else left
        return _one_of(left, right, pl.coalesce(left.expr, right.expr), kind)

    def _is_logic(self, node: nodes.Expr) -> bool:
        if isinstance(node, (nodes.And, nodes.Or)):
            return self._is_logic(node.left) or self._is_logic(node.right)
        return isinstance(node, _LOGIC)

    def _only_booleans(self, node: nodes.BinExpr) -> None:
        for side in (node.left, node.right):
            if self._is_logic(side):
                continue
            with self.unreachable(True):
                kind = settled(self.value(side)).type
            if kind not in (BOOLEAN, NONE):
                raise self.error("template_or_types", node, left=BOOLEAN, right=kind)

    def both(self, node: nodes.And) -> Value:
        """`a and b` as a value: logic of two booleans."""
        sides = (node.left, node.right)
        if not any(self._is_logic(side) for side in sides):
            with self.unreachable(True):
                kinds = [settled(self.value(side)).type for side in sides]
            if BOOLEAN not in kinds:
                raise self.error("template_and_values", node, left=kinds[0], right=kinds[1])
        return self.boolean(node)

    def conditional(self, node: nodes.CondExpr) -> Value:
        """`a if c else b`."""
        with self.counting_is(node.expr2 is not None):
            condition = self.condition(node.test)
        guards = self.asked(node.test)
        with self.on_path(condition, guards), self.counting_is(False):
            then = settled(self.value(node.expr1))
        otherwise = literal(None)
        if node.expr2 is not None:
            with self.on_path(condition.negated(), guards), self.counting_is(False):
                otherwise = settled(self.value(node.expr2))
        return self.branch(node, condition, then, otherwise)

    def branch(self, node: nodes.Node, condition: Cond, then: Value, otherwise: Value) -> Value:
        """One value or the other."""
        kind = self._common(node, then, otherwise)
        then, otherwise = cast(then, kind, self.scope.zone), cast(otherwise, kind, self.scope.zone)
        if condition.known is not None:
            return then if condition.known else otherwise
        if then.missing and otherwise.missing:
            return then
        if then.missing:
            return otherwise.replaced(
                expr=pl.when(~condition.sure).then(otherwise.expr), literal=UNKNOWN, number=None, parts=()
            )
        if otherwise.missing:
            return then.replaced(expr=pl.when(condition.expr).then(then.expr), literal=UNKNOWN, number=None, parts=())
        expr = pl.when(condition.expr).then(then.expr).otherwise(otherwise.expr)
        return _one_of(then, otherwise, expr, kind)

    def _common(self, node: nodes.Node, a: Value, b: Value) -> Type:
        kind = common(a.type, b.type)
        if kind is None:
            raise self.error("template_two_types", node, first=a.type, second=b.type)
        return kind

    def constant(self, node: nodes.Const) -> Value:
        return literal(node.value)

    def elements(self, node: nodes.List, *, lazy: bool = False) -> Value:
        """`[a, b]`. Where `lazy`, an element counts only where those before it are missing."""
        values: list[Value] = []
        path = self.path
        for item in node.items:
            value = settled(self.value(item))
            values.append(value)
            if lazy and not value.missing:
                self.path = (*self.path, pl.lit(False) if value.known else value.expr.is_null())
        self.path = path
        kind: Type = NONE
        for item, value in zip(node.items, values, strict=True):
            together = common(kind, value.type)
            if together is None:
                raise self.error("template_list_types", item, first=kind, second=value.type)
            kind = together
        if kind.kind in ("list", "group"):
            raise self.error("template_nested_list", node, met=kind)
        parts = tuple(cast(value, kind, self.scope.zone) for value in values)
        known = [part.literal for part in parts] if all(part.known for part in parts) else UNKNOWN
        if not parts:
            return literal([]).replaced(type=list_of(NONE))
        return Value(pl.concat_list([part.expr for part in parts]), list_of(kind), literal=known, parts=parts)

    def tuple_(self, node: nodes.Tuple) -> Value:
        start = _decimal_comma(self, node)
        if start:
            raise self.source.error("template_comma", start[0], written=start[1], right=start[1].replace(",", "."))
        raise self.error("template_tuple", node)


def _decimal_comma(ctx: Context, node: nodes.Tuple) -> tuple[int, str] | None:
    """Where a tuple is a decimal with a comma: its offset and text."""
    for left, right in zip(node.items, node.items[1:], strict=False):
        if isinstance(right, nodes.Const) and isinstance(right.value, int):
            end = right.lineno
            head = ctx.source.text[:end]
            digits = len(head) - 1 - len(head[:-1].rstrip("0123456789")) if head.endswith(",") else 0
            tail = len(ctx.source.text[end:]) - len(ctx.source.text[end:].lstrip("0123456789"))
            if digits and isinstance(left, nodes.Expr):
                return end - 1 - digits, ctx.source.text[end - 1 - digits : end + tail]
    return None


def _one_of(a: Value, b: Value, expr: pl.Expr, kind: Type) -> Value:
    """What is known of a value that is one or the other."""
    currency = a.currency if a.currency == b.currency or b.missing else b.currency if a.missing else None
    return Value(expr, kind, bound=min(max(a.bound, b.bound), WIDEST), currency=currency)


def _refuse(key: str) -> Callable[[Compiler, Any], Value]:
    def visit(compiler: Compiler, node: nodes.Expr) -> Value:
        raise compiler.error(key, node)

    return visit


_VISITS: Final[dict[type[nodes.Node], Callable[[Compiler, Any], Value]]] = {
    nodes.Const: Compiler.constant,
    nodes.TemplateData: lambda compiler, node: literal(node.data),
    nodes.Name: fields.name,
    nodes.Getattr: fields.attribute,
    nodes.Call: fields.call,
    nodes.Filter: filtered,
    nodes.Test: Compiler.boolean,
    nodes.Compare: Compiler.boolean,
    nodes.Not: Compiler.boolean,
    nodes.And: Compiler.both,
    nodes.Or: Compiler.either,
    nodes.CondExpr: Compiler.conditional,
    nodes.Concat: operators.concat,
    nodes.Add: operators.arithmetic,
    nodes.Sub: operators.arithmetic,
    nodes.Mul: operators.arithmetic,
    nodes.Div: operators.arithmetic,
    nodes.FloorDiv: operators.arithmetic,
    nodes.Mod: operators.arithmetic,
    nodes.Pow: operators.arithmetic,
    nodes.Neg: operators.negative,
    nodes.Pos: operators.negative,
    nodes.List: Compiler.elements,
    nodes.Tuple: Compiler.tuple_,
    nodes.Dict: _refuse("template_dict"),
    nodes.Getitem: _refuse("template_subscript"),
}
