"""The oracle: real Jinja, in its sandbox, evaluates a template of the mapping language for one row. Slow and plain.

It shares nothing with the compiler but Jinja's grammar. Jinja's tree is rewritten where our language reads a node in
another way (numbers are decimals, `~` skips missing, `or` asks for presence); everything else is Jinja's own run time,
so that branches, short circuits and `{% set %}` are what Jinja's users expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import filters_choice  # noqa: F401  # each declares its filters
import filters_date  # noqa: F401
import filters_list  # noqa: F401
import filters_number  # noqa: F401
import filters_parse  # noqa: F401
import filters_text  # noqa: F401
import filters_url  # noqa: F401
import tests_asked  # noqa: F401
from declare import FILTERS, TESTS
from jinja2 import Environment, Template, nodes, pass_context
from jinja2.lexer import Lexer
from jinja2.nativetypes import NativeEnvironment
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from oracle_values import (
    BLANKS,
    MISSING,
    Fail,
    Literal,
    Missing,
    OracleTable,
    Run,
    bounded,
    is_missing,
    number,
    rounded,
    settled,
    text_of,
    type_of,
)

WHOLE = ("collect_group", "rank")


class Result(NamedTuple):
    """A template's value in one row; missing is None."""

    value: object
    type: str | None
    failures: list[tuple[str, str]]


class Printed(NamedTuple):
    """What `{{ }}` printed, told apart from the text around it."""

    value: object


class Box:
    """A value as `and`, `or` and `not` see it: a boolean is itself, anything else is whether it is there."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return self.value if isinstance(self.value, bool) else not is_missing(self.value)


class There(Box):
    """A value that only asks whether it is there, booleans too."""

    def __bool__(self) -> bool:
        return not is_missing(self.value)


class RawLexer(Lexer):
    r"""Jinja's lexer, but only \\ \' \" \n \t are escapes in a string."""

    def wrap(
        self, stream: Iterable[tuple[int, str, str]], name: str | None = None, filename: str | None = None
    ) -> Iterator[Any]:
        def raw(text: str) -> str:
            return re.sub(r"\\(.)", lambda m: m[0] if m[1] in "\\'\"nt" else "\\\\" + m[1], text, flags=re.DOTALL)

        spelled = ((line, kind, raw(text) if kind == "string" else text) for line, kind, text in stream)
        return super().wrap(spelled, name, filename)


class Rewrite(NodeTransformer):
    """Jinja's tree, read as our language reads it."""

    def __init__(self) -> None:
        self.whole: list[nodes.Filter] = []

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        if isinstance(node.value, str):
            return apply("_text", node)
        if node.value is None:
            return apply("_missing", node)
        return apply("_decimal", nodes.Const(repr(node.value))) if isinstance(node.value, float) else node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        self.generic_visit(node)
        return nodes.Output([n if isinstance(n, nodes.TemplateData) else apply("_print", n) for n in node.nodes])

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return apply("_concat", nodes.List(node.nodes))

    def visit_And(self, node: nodes.And) -> nodes.Node:
        self.generic_visit(node)
        return apply("_unbox", nodes.And(apply("_box", node.left), apply("_box", node.right)))

    def visit_Or(self, node: nodes.Or) -> nodes.Node:
        self.generic_visit(node)
        return apply("_unbox", nodes.Or(apply("_box", node.left), apply("_box", node.right)))

    def visit_Not(self, node: nodes.Not) -> nodes.Node:
        self.generic_visit(node)
        return apply("_unbox", nodes.Not(apply("_box", node.node)))

    def visit_If(self, node: nodes.If) -> nodes.Node:
        self.generic_visit(node)
        node.test = apply("_box", node.test)
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        self.generic_visit(node)
        node.test = apply("_box", node.test)
        node.expr2 = node.expr2 or apply("_missing", nodes.Const(None))
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        if len(node.ops) == 1 and node.ops[0].op in ("in", "notin"):
            found = apply("_in", node.expr, node.ops[0].expr)
            return found if node.ops[0].op == "in" else nodes.Not(found)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        if node.name in WHOLE:
            self.whole.append(node)
            return apply("_whole", nodes.Const(len(self.whole) - 1))
        self.generic_visit(node)
        chain = choices(node)
        if chain:
            return apply("_unbox", reduce(nodes.Or, [apply("_there", part) for part in chain]))
        return node


def choices(node: nodes.Filter) -> list[nodes.Expr]:
    """What `default` and `first_of` choose from, in order: each is evaluated only where those before it are missing."""
    if node.name == "first_of" and not node.args and isinstance(node.node, nodes.List):
        return list(node.node.items)
    if node.node and (node.name == "default" or (node.name == "first_of" and node.args)):
        return [node.node, *node.args]
    return []


def apply(name: str, value: nodes.Expr, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(args), [], None, None, lineno=value.lineno or 1)


class OracleEnvironment(ImmutableSandboxedEnvironment, NativeEnvironment):
    """Jinja's sandbox with native values, our lexer, our arithmetic and nothing else in scope."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    @property
    def lexer(self) -> Lexer:
        return _lexer(self)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if is_missing(left) or is_missing(right):
            return MISSING
        try:
            return arithmetic(operator, number(left), number(right))
        except Fail as failure:
            context["_run"].failures.append((failure.code, operator))
            return MISSING

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        if is_missing(arg):
            return MISSING
        return -number(arg) if operator == "-" else number(arg)


@lru_cache(maxsize=1)
def _lexer(environment: Environment) -> Lexer:
    return RawLexer(environment)


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """Exact, then rounded to 8 decimals half to even, integers among themselves stay integers."""
    integers = isinstance(left, int) and isinstance(right, int)
    a, b = Fraction(left), Fraction(right)
    if operator in ("/", "//", "%") and b == 0:
        raise Fail("FS205")
    exact = {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b,
        "//": lambda: Fraction(a // b),
        "%": lambda: a - b * (a // b),
    }[operator]()
    if integers and operator != "/":
        return bounded(int(exact))
    return bounded(rounded(exact))


@pass_context
def _text(context: Context, value: str) -> Literal:
    return Literal(value)


@pass_context
def _missing(context: Context, value: object) -> Missing:
    return MISSING


@pass_context
def _decimal(context: Context, value: str) -> Decimal:
    return Decimal(value)


@pass_context
def _print(context: Context, value: object) -> Printed:
    return Printed(value)


@pass_context
def _concat(context: Context, values: Sequence[object]) -> object:
    return settled("".join(text_of(value, context["_run"].zone) for value in values))


@pass_context
def _box(context: Context, value: object) -> Box:
    return value if isinstance(value, Box) else Box(value)


@pass_context
def _there(context: Context, value: object) -> There:
    return There(value)


@pass_context
def _unbox(context: Context, value: Any) -> object:
    return value.value if isinstance(value, Box) else value


@pass_context
def _in(context: Context, value: object, where: Any) -> bool:
    if is_missing(value) or is_missing(where):
        return False
    if isinstance(where, str):
        return str(value) in str(where)
    return any(not is_missing(entry) and value == entry for entry in where)


@pass_context
def _whole(context: Context, index: int) -> object:
    return context["_run"].whole[index]


@pass_context
def _field(context: Context, name: str) -> object:
    return context["_run"].row.get(str(name), MISSING)


def environment() -> OracleEnvironment:
    made = OracleEnvironment(undefined=Missing, optimized=False)
    inner = (_text, _missing, _decimal, _print, _concat, _box, _there, _unbox, _in, _whole)
    made.filters = {**FILTERS, **{step.__name__: step for step in inner}}
    made.tests = dict(TESTS)
    made.globals = {"field": _field}
    return made


ENVIRONMENT = environment()


class Prepared(NamedTuple):
    template: Template
    one_value: bool
    whole: list[nodes.Filter]


@lru_cache(maxsize=4096)
def prepare(source: str) -> Prepared:
    """Parse, note whether the template is one value, rewrite, and let Jinja compile it."""
    tree = ENVIRONMENT.parse(source)
    one_value = most_prints(tree.body) <= 1
    rewrite = Rewrite()
    template = ENVIRONMENT.from_string(rewrite.visit(tree))
    return Prepared(template, one_value, rewrite.whole)


def most_prints(body: Sequence[nodes.Node]) -> float:
    """The most `{{ }}` that one path through these nodes prints; without end where it prints text of its own."""
    prints: float = 0
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                data = isinstance(part, nodes.TemplateData)
                prints += (0 if is_missing(part.data) else float("inf")) if data else 1
        elif isinstance(node, nodes.If):
            prints += max(most_prints(path) for path in (node.body, *([n] for n in node.elif_), node.else_))
    return prints


def evaluate(
    template: str,
    row: Mapping[str, object],
    *,
    market: Mapping[str, object] | None = None,
    feed: Mapping[str, object] | None = None,
    item: Mapping[str, object] | None = None,
    tables: Mapping[str, OracleTable] | None = None,
    zone: str = "UTC",
    as_of: date = date(1970, 1, 1),
    whole: Sequence[object] = (),
) -> Result:
    """The template's value in this row, its type, and the steps that failed: (code, step name)."""
    prepared = prepare(template)
    known = {name: settled(value) for name, value in row.items()}
    run = Run(known, tables or {}, ZoneInfo(zone), as_of, whole=list(whole))
    spaces = {"market": market, "feed": feed, "item": item}
    names: dict[str, object] = {
        **known,
        **{space: SimpleNamespace(**(values or {})) for space, values in spaces.items()},
        "as_of": as_of,
        "_run": run,
    }
    parts = list(prepared.template.root_render_func(prepared.template.new_context(names)))
    value = one(parts) if prepared.one_value else text(parts, run.zone)
    return Result(plain(value), type_of(value), run.failures)


def one(parts: list[Any]) -> object:
    printed = [part.value for part in parts if isinstance(part, Printed)]
    return settled(printed[0]) if printed else MISSING


def text(parts: list[Any], zone: ZoneInfo) -> object:
    pieces = (text_of(part.value, zone) if isinstance(part, Printed) else part for part in parts)
    return settled("".join(pieces).strip(BLANKS))


def plain(value: object) -> object:
    """The value without the oracle's own classes: missing is None."""
    if is_missing(value):
        return None
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return str(value) if isinstance(value, str) else value
