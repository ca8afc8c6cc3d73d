"""A tree of templates in YAML (`record`, `document`) compiled to one expression that prints JSON.

Leaves are templates over attributes, or constants; `{each: ..., entry: ...}` repeats a tree per entry of a list or
group; `{shape: name, argument: tree}` inserts a named piece in which a leaf `{{ argument }}` stands for the tree. A
branch lives while a leaf that names an attribute has a value; constants, `market.*` and `feed.*` alone do not keep it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from feedsync.errors import FeedsyncError, SpecError, nearest
from feedsync.expressions import compile_template
from feedsync.expressions.scope import Hoisted, Scope
from feedsync.expressions.values import Value
from feedsync.semantics import TEXT
from feedsync.writers.base import Setup
from feedsync.writers.escape import json_array
from feedsync.writers.json_values import NoJson, json_value
from feedsync.writers.record_scope import item_scope

_TEMPLATE: Final = re.compile(r"\{[{%#]")
_ENTRY: Final = re.compile(r"\bentry\b")
_ARGUMENT: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MARKS: Final = ("records", "changed")
_SHAPE_DEPTH: Final = 20


@dataclass(frozen=True)
class Node:
    """A piece of JSON text, null where it is missing; `alive` is None where it names no attribute."""

    text: pl.Expr
    alive: pl.Expr | None


@dataclass(frozen=True)
class _Body:
    """Where a piece of a tree stands."""

    scope: Scope
    path: str
    marks: Mapping[str, str] = field(default_factory=dict)
    in_each: bool = False
    shapes: tuple[str, ...] = ()
    pruned: bool = True

    def at(self, step: str) -> _Body:
        return replace(self, path=self.path + step, pruned=True)


class Trees:
    """Compiles the trees of one format; its mistakes gather in `errors`, each with its path in channel.yaml.

    Leaves become columns: `stages` are the with_columns to run, in order, before the trees' expressions are selected.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._scope = item_scope(setup)
        self._leaves: dict[str, tuple[Node, pl.Expr]] = {}
        self.errors: list[FeedsyncError] = []

    def record(self, tree: object, name: str, marks: Mapping[str, str] | None = None) -> pl.Expr:
        """The JSON text of an item; `marks` says what stands for `{changed: here}`."""
        return self._build(tree, self._body(name, self._scope, marks or {})).text

    def constant(self, tree: object, name: str, marks: Mapping[str, str]) -> str:
        """The JSON text of a tree that names no attribute; `marks` says what stands for `{records: here}`."""
        spaces = {space: names for space, names in self._scope.spaces.items() if space != "record"}
        scope = replace(self._scope, names={}, spaces=spaces, hoisted=Hoisted())
        inner = _Constants(self._setup)
        node = inner._build(tree, inner._body(name, scope, marks))
        self.errors.extend(inner.errors)
        return "" if inner.errors else str(pl.DataFrame({"": [0]}).select(node.text).item())

    def stages(self) -> list[list[pl.Expr]]:
        leaves = [column for _, column in self._leaves.values()]
        return [*self._scope.hoisted.stages(), leaves] if leaves else self._scope.hoisted.stages()

    def _body(self, name: str, scope: Scope, marks: Mapping[str, str]) -> _Body:
        return _Body(scope, f"formats.{self._setup.format_name}.{name}", marks, pruned=False)

    def _build(self, tree: object, body: _Body) -> Node:
        if isinstance(tree, dict):
            if tree.keys() == {"each", "entry"}:
                return self._each(tree["each"], tree["entry"], body)
            if "shape" in tree:
                return self._shape(tree, body)
            if len(tree) == 1 and next(iter(tree)) in _MARKS and next(iter(tree.values())) == "here":
                return self._mark(next(iter(tree)), body)
            return _joined("{}", [self._member(name, part, body) for name, part in tree.items()], body.pruned)
        if isinstance(tree, (list, tuple)):
            parts = [self._build(part, body.at(f"[{number}]")) for number, part in enumerate(tree)]
            return _joined("[]", parts, body.pruned)
        if isinstance(tree, str) and _TEMPLATE.search(tree):
            return self._leaf(tree, body)
        return _constant(tree)

    def _member(self, name: object, part: object, body: _Body) -> Node:
        node = self._build(part, body.at(f".{name}"))
        key = json.dumps(str(name), ensure_ascii=False) + ":"
        return Node(pl.concat_str(pl.lit(key), node.text), node.alive)

    def _leaf(self, source: str, body: _Body) -> Node:
        if body.in_each:
            return self._compiled(source, body)
        if source in self._leaves:
            return self._leaves[source][0]
        before = len(self.errors)
        node = self._compiled(source, body)
        if len(self.errors) > before:
            return node  # not kept, so that the mistake shows wherever the leaf stands
        column = pl.col(f"_leaf{len(self._leaves)}")
        held = Node(column, column.is_not_null() if node.alive is not None else None)
        self._leaves[source] = (held, node.text.alias(column.meta.output_name()))
        return held

    def _compiled(self, source: str, body: _Body) -> Node:
        value, reads = self._value(source, body)
        try:
            text = json_value(value.expr, value.type, self._setup.spelling, self._setup.zone)
        except NoJson as error:
            self._mistake("writer_leaf_type", body, type=error.kind)
            return _constant("")
        # of an entry's leaf the value is asked, which is cheaper; other leaves become columns
        there = value.expr if body.in_each else text
        return Node(text, there.is_not_null() if reads else None)

    def _value(self, source: str, body: _Body) -> tuple[Value, bool]:
        """A template's value, and whether it names an attribute or the entry."""
        try:
            compiled = compile_template(source, body.scope, self._setup.place, False)
        except FeedsyncError as error:
            error.subject = error.subject or body.path
            self.errors.append(error)
            return Value(pl.lit(""), TEXT), False
        reads = bool(_ENTRY.search(source)) if body.in_each else bool(compiled.reads)
        return compiled.value, reads

    def _each(self, source: object, entry: object, body: _Body) -> Node:
        """A JSON list with one piece per entry, null where no entry gives one."""
        if body.in_each:
            self._mistake("writer_each_nested", body)
            return _constant("")
        before = len(self.errors)
        value, reads = self._value(str(source), body.at(".each"))
        if value.type.kind != "list" or value.type.of is None:
            if len(self.errors) == before:
                self._mistake("writer_each", body, type=value.type)
            return _constant("")
        one, kind = pl.element(), value.type.of
        names, spaces = {"entry": Value(one, kind)}, dict(body.scope.spaces)
        if kind.kind == "group":
            names = {}
            spaces["entry"] = {name: Value(one.struct.field(name), inner) for name, inner in kind.fields}
        spaces.pop("record", None)  # an expression over entries cannot see the row
        scope = replace(body.scope, names=names, spaces=spaces)
        inner = replace(body.at(".entry"), scope=scope, in_each=True)
        text = json_array(value.expr, self._build(entry, inner).text)
        name = f"_each{len(self._leaves)}"
        held = Node(pl.col(name), pl.col(name).is_not_null() if reads else None)
        self._leaves[f"{body.path}.each"] = (held, text.alias(name))
        return held

    def _shape(self, tree: Mapping[str, object], body: _Body) -> Node:
        shapes = self._setup.channel.channel.shapes
        name = str(tree["shape"])
        if name not in shapes:
            self._mistake(
                "writer_shape", body, name=name, known=", ".join(shapes) or "none", nearest=nearest(name, shapes)
            )
            return _constant("")
        if name in body.shapes:
            self._mistake("writer_shape_circle", body, name=name)
            return _constant("")
        arguments = {key: part for key, part in tree.items() if key != "shape"}
        filled, met = _filled(shapes[name], arguments)
        for key in arguments:
            if key not in met:
                self._mistake("writer_shape_argument", body, name=name, argument=key)
        return self._build(filled, replace(body, shapes=(*body.shapes, name)))

    def _mark(self, name: str, body: _Body) -> Node:
        if name not in body.marks:
            self._mistake("writer_mark", body, name=name)
        return Node(pl.lit(body.marks.get(name, "")), None)

    def _mistake(self, key: str, body: _Body, **params: object) -> None:
        self.errors.append(SpecError(key, self._setup.place, subject=body.path, **params))


class _Constants(Trees):
    """Trees without items: every leaf is written where it stands."""

    def _leaf(self, source: str, body: _Body) -> Node:
        return self._compiled(source, body)


def _filled(tree: object, arguments: Mapping[str, object]) -> tuple[object, set[str]]:
    """A shape with its arguments in the places of the leaves that name them, and which were met."""
    if isinstance(tree, dict):
        filled = {key: _filled(part, arguments) for key, part in tree.items()}
        return {key: part for key, (part, _) in filled.items()}, set().union(*(met for _, met in filled.values()))
    if isinstance(tree, (list, tuple)):
        parts = [_filled(part, arguments) for part in tree]
        return [part for part, _ in parts], set().union(*(met for _, met in parts))
    found = _ARGUMENT.fullmatch(tree.strip()) if isinstance(tree, str) else None
    if found and found[1] in arguments:
        return arguments[found[1]], {found[1]}
    return tree, set()


def _constant(value: object) -> Node:
    return Node(pl.lit(json.dumps(value, ensure_ascii=False)), None)


def _joined(brackets: str, parts: Sequence[Node], pruned: bool) -> Node:
    """An object or list of its present parts; missing where none of those that name an attribute is there."""
    if not parts:
        return Node(pl.lit(brackets), None)
    body = pl.concat_str([part.text for part in parts], separator=",", ignore_nulls=True)
    text = pl.concat_str(pl.lit(brackets[0]), body, pl.lit(brackets[1]))
    living = [part.alive for part in parts if part.alive is not None]
    if not living or not pruned:
        return Node(text, None)
    alive = pl.any_horizontal(living)
    return Node(pl.when(alive).then(text), alive)
