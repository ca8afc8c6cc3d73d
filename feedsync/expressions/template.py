"""A whole template: one value or a text, with its failures, hints and steps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from jinja2 import nodes

from feedsync.errors import Place
from feedsync.expressions.compiler import Compiler
from feedsync.expressions.context import MAX_WEIGHT, Bound, Cond
from feedsync.expressions.fields import roots, tested_names
from feedsync.expressions.operators import join_texts, printable
from feedsync.expressions.parse import MAX_DEPTH, Source, parse
from feedsync.expressions.scope import Scope
from feedsync.expressions.types import settled
from feedsync.expressions.values import Compiled, Value, literal


def compile_template(source: str, scope: Scope, at: Place, exact: bool = True) -> Compiled:
    """The template as an expression of its type, with what can fail in it and what it reads.

    `at` is where the first character of the text stands; `exact` says that places inside can be counted from it (a
    scalar on one line, or a block whose lines begin in that column). Raises TemplateError with place and advice.
    """
    text = Source(source, at, exact)
    return _guarded(text, lambda: _template(text, scope))


def compile_condition(source: str, scope: Scope, at: Place, exact: bool = True) -> Compiled:
    """The template, which is one `{{ }}`, as a boolean without nulls; a value of another type asks for its presence."""
    text = Source(source, at, exact)
    return _guarded(text, lambda: _condition(text, scope))


def _guarded(source: Source, build: Callable[[], Compiled]) -> Compiled:
    try:
        return build()
    except RecursionError:
        raise source.error("template_deep", 0, limit=MAX_DEPTH) from None


def _template(source: Source, scope: Scope) -> Compiled:
    tree = parse(source)
    compiler = Body(source, scope, tested_names(tree))
    prints = max_prints(tree.body)
    one = prints is not None and prints <= 1
    value = compiler.one_value(tree.body) if one else compiler.text(tree.body)
    return _compiled(compiler, value)


def _condition(source: Source, scope: Scope) -> Compiled:
    tree = parse(source)
    compiler = Body(source, scope, tested_names(tree))
    outputs = [part for node in tree.body if isinstance(node, nodes.Output) for part in node.nodes]
    prints = [part for part in outputs if not isinstance(part, nodes.TemplateData)]
    if len(prints) != 1 or max_prints(tree.body) != 1 or any(isinstance(node, nodes.If) for node in tree.body):
        raise source.error("template_condition", 0)
    for node in tree.body:
        if isinstance(node, nodes.Assign):
            compiler.assign(node)
    return _compiled(compiler, compiler.condition(prints[0]).value())


def _compiled(compiler: Body, value: Value) -> Compiled:
    found = compiler.found
    return Compiled(
        value,
        tuple(found.failures),
        compiler.unknowns(value),
        tuple(found.reads),
        tuple(found.items),
        tuple(found.steps.values()),
        tuple(found.bare.items()),
        tuple(found.asked),
    )


def digest(key: str) -> str:
    """A key of bounded length."""
    return key if len(key) <= 200 else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def max_prints(body: list[nodes.Node]) -> int | None:
    """How many {{ }} a path prints at most; None where there is text besides, so that the template is a text."""
    total = 0
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    if part.data.strip():
                        return None
                else:
                    total += 1
        elif isinstance(node, nodes.If):
            arms = [node.body, *(arm.body for arm in node.elif_), node.else_]
            counts = [max_prints(arm) for arm in arms]
            if None in counts:
                return None
            total += max(count for count in counts if count is not None)
    return total


class Body(Compiler):
    """Statements: prints, {% if %} and {% set %}."""

    def one_value(self, body: list[nodes.Node]) -> Value:
        """The value of a body that prints at most one."""
        result = literal(None)
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        result = settled(self.value(part))
            elif isinstance(node, nodes.If):
                value = self._if(node, text=False)
                result = value if max_prints([node]) else result
            else:
                self.statement(node)
        return result

    def text(self, body: list[nodes.Node], *, trim: bool = True) -> Value:
        """The text of a body: everything it prints, one after another."""
        values: list[Value] = []
        place: nodes.Node = nodes.Output([], lineno=0)  # a text's place is where it begins
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    value = self.value(part)
                    values.append(value if isinstance(part, nodes.TemplateData) else printable(self, part, value))
            elif isinstance(node, nodes.If):
                values.append(self._if(node, text=True))
            else:
                self.statement(node)
        return join_texts(self, place, values, ends="trim" if trim else "keep")

    def statement(self, node: nodes.Node) -> None:
        """{% set %}; nothing else is left."""
        if not isinstance(node, nodes.Assign):
            raise self.error("template_construct", node, construct=type(node).__name__.lower())
        self.assign(node)

    def assign(self, node: nodes.Assign) -> None:
        target = node.target
        if not isinstance(target, nodes.Name) or not isinstance(node.node, nodes.Expr):
            raise self.error("template_set_target", node)
        taken = target.name in self.scope.names or target.name in self.scope.spaces
        if taken or target.name in ("as_of", "field"):
            raise self.error("template_set_hides", target, name=target.name)
        value = settled(self.value(node.node))
        key = self.key(node.node)
        weight = self.weight(node.node)
        if weight > MAX_WEIGHT:
            raise self.error("template_large", target)
        self.names[target.name] = Bound(value, digest(key), tuple(roots(self, node.node)), weight)

    def weight(self, node: nodes.Expr) -> int:
        """How many names the expression holds, those of {% set %} written out."""
        names = [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))
        return 1 + sum(self.names[part.name].weight if part.name in self.names else 1 for part in names)

    def _if(self, node: nodes.If, *, text: bool) -> Value:
        """{% if %} ... {% elif %} ... {% else %}: the value or text of the arm that is taken."""
        assert isinstance(node.test, nodes.Expr)
        with self.counting_is(True):
            condition = self.condition(node.test)
        guards = self.asked(node.test)
        before = dict(self.names)
        with self.on_path(condition, guards):
            then = self._arm(node.body, text=text)
        after_then, self.names = self.names, dict(before)
        with self.on_path(condition.negated(), guards):
            if node.elif_:
                first, *others = node.elif_
                rest = nodes.If(first.test, first.body, others, node.else_, lineno=first.lineno)
                otherwise = self._if(rest, text=text)
            else:
                otherwise = self._arm(node.else_, text=text)
        self.names = self._merged(node, condition, after_then, self.names)
        return self.settle(self.branch(node, condition, then, otherwise))

    def _arm(self, body: list[nodes.Node], *, text: bool) -> Value:
        return self.text(body, trim=False) if text else self.one_value(body)

    def _merged(
        self, node: nodes.If, condition: Cond, then: dict[str, Bound], otherwise: dict[str, Bound]
    ) -> dict[str, Bound]:
        """The names after an if: each as the arm that was taken has set it, missing where it has not."""
        merged = {}
        nothing = Bound(literal(None), "none", ())
        for name in [*then, *(name for name in otherwise if name not in then)]:
            a, b = then.get(name, nothing), otherwise.get(name, nothing)
            if a is b:
                merged[name] = a
                continue
            value = self.settle(self.branch(node, condition, a.value, b.value))
            key = digest(f"({a.key}) if ({self.key(node.test)}) else ({b.key})")
            merged[name] = Bound(value, key, (*a.roots, *b.roots), max(a.weight, b.weight))
        return merged
