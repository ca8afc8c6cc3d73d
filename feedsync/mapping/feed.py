"""A feed's mapping, compiled: every template checked before row 1, attributes ordered by what they read of each other.

Attributes that read no `item.<attribute>` are level 0: their expressions read catalog columns, so that the level-0
columns of several feeds can share one select. Deeper levels read finished attributes by name and catalog fields
under `carried(name)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, raise_all
from feedsync.expressions import Compiled, Scope, Value, canonical, compile_condition, compile_template
from feedsync.expressions.scope import Hoisted, WholeFeeds
from feedsync.expressions.values import Asked, literal
from feedsync.frames import Rule, dtype
from feedsync.mapping.inputs import At, Condition, FeedInputs, Source
from feedsync.mapping.overrides import Overridden, key_text, overridden
from feedsync.mapping.parts import parts_of, put_together
from feedsync.mapping.stock import OwnField
from feedsync.semantics import NONE, TEXT

_READS_ITEM: Final = "item"


def carried(name: str) -> str:
    """The column under which a catalog field travels with a feed's items, for attributes of level 1 and deeper."""
    return f"__c_{name}"


@dataclass(frozen=True)
class MappedAttribute:
    """One attribute: its expression at its type, what can go wrong in it, and what to do then."""

    name: str
    value: Value
    rules: tuple[Rule, ...]
    """FS2xx rules over the same columns as `value`."""
    on_invalid: str
    level: int
    items: tuple[str, ...]
    compiled: tuple[Compiled, ...]
    source: Source


@dataclass(frozen=True)
class Exclusion:
    """Rows left out: true (never null) where the row is, with the reason that is counted."""

    reason: str
    excluded: pl.Expr
    compiled: Compiled
    at: At


@dataclass(frozen=True)
class FeedMapping:
    """A compiled feed."""

    name: str
    attributes: tuple[MappedAttribute, ...]
    """Those that are filled, in the channel's order."""
    exclusions: tuple[Exclusion, ...]
    id: Value
    reads: tuple[str, ...]
    """Catalog fields that something of the feed reads, in order of appearance."""
    later_reads: tuple[str, ...]
    """Catalog fields that attributes of level 1 and deeper read."""
    hoisted: tuple[Hoisted, ...]
    """Python-backed steps per level."""
    whole: WholeFeeds
    id_is_key: bool = False
    """The item's key is the catalog's key as it stands, so that a key that is not repeated gives an id that is not."""
    own: Mapping[str, OwnField] = field(default_factory=dict)
    """Fields in whose place the feed reads a column of its own."""
    needs: tuple[str, ...] = ()
    """Catalog fields that must be there besides `reads`."""
    id_asked: tuple[Asked, ...] = ()
    """The lookup tables that the id asks."""
    overrides: Mapping[str, Overridden] = field(default_factory=dict)
    """Attribute -> the overrides of its values."""
    product: pl.Expr = field(default_factory=lambda: pl.lit(None, dtype=pl.String))
    """The key that overrides name, over the rows of level 0."""

    @property
    def levels(self) -> int:
        return 1 + max((attribute.level for attribute in self.attributes), default=0)

    def asked_at(self, level: int) -> list[Asked]:
        """The lookup tables that attributes of a level ask; at level 0 the id, too."""
        compiled = [one for attribute in self.at_level(level) for one in attribute.compiled]
        return [asked for one in compiled for asked in one.asked] + (list(self.id_asked) if level == 0 else [])

    def carries(self) -> list[pl.Expr]:
        """The columns of `later_reads` under the names that deeper levels know."""
        columns = {name: self.own[name].column if name in self.own else name for name in self.later_reads}
        return [pl.col(column).alias(carried(name)) for name, column in columns.items()]

    def at_level(self, level: int) -> list[MappedAttribute]:
        return [attribute for attribute in self.attributes if attribute.level == level]


def compile_feed(inputs: FeedInputs, key: str, shared: Hoisted | None = None, side: str = "__w") -> FeedMapping:
    """Compile everything a feed says; all its mistakes are raised together.

    `key` is the rows' key field. `shared` is the registry of Python-backed steps that feeds over the same rows share,
    `side` the prefix of this feed's whole-feed columns.
    """
    return _Compiler(inputs, shared or Hoisted(prefix="__h"), WholeFeeds(prefix=side)).feed(key)


class _Compiler:
    def __init__(self, inputs: FeedInputs, shared: Hoisted, whole: WholeFeeds) -> None:
        self.inputs = inputs
        self.errors: list[FeedsyncError] = []
        self.hoisted: list[Hoisted] = [shared]
        self.whole = whole
        self.reads: dict[str, None] = {}
        self.later: dict[str, None] = {}

    def feed(self, key: str) -> FeedMapping:
        exclusions = [one for condition in self._conditions() if (one := self._exclusion(condition)) is not None]
        drafts = {name: self._draft(name, source) for name, source in self.inputs.mapping.items()}
        levels = self._levels({name: draft for name, draft in drafts.items() if draft is not None})
        attributes = []
        for name in self.inputs.attributes:
            draft = drafts.get(name)
            built = None
            if draft is not None and name in levels:
                built = self._attribute(name, draft, levels[name])
            if (name in self.overrides) and (built is not None or draft is None):
                built = self._overridden(name, built)
            if built is not None and not built.value.missing:
                attributes.append(built)
        identity = self._id()
        raise_all(self.errors)
        assert identity is not None
        return FeedMapping(
            self.inputs.name,
            tuple(attributes),
            tuple(exclusions),
            identity.value,
            tuple(self.reads),
            tuple(self.later),
            tuple(self.hoisted),
            self.whole,
            self._is_key(identity, key),
            self.inputs.own,
            self.inputs.needs,
            identity.asked,
            self.overrides,
            self._key(0) if self.overrides else pl.lit(None, dtype=pl.String),
        )

    @cached_property
    def overrides(self) -> dict[str, Overridden]:
        """The overrides that apply to rows with a product."""
        inputs = self.inputs
        found: dict[str, Overridden] = {}
        for name, entries in inputs.overrides.items():
            if name in inputs.attributes and inputs.product:
                found[name] = overridden(name, inputs.attributes[name].semantic, entries, inputs.zone)
        return found

    def _key(self, level: int) -> pl.Expr:
        """The product's key, which overrides name."""
        name = self.inputs.product
        self.reads.setdefault(name)
        if level > 0:
            self.later.setdefault(name)
        return key_text(name if level == 0 else carried(name), self.inputs.fields[name], self.inputs.zone)

    def _overridden(self, name: str, built: MappedAttribute | None) -> MappedAttribute:
        """The attribute with its overrides; one that nothing else fills has only those."""
        one = self.overrides[name]
        if built is None:
            place = one.entries[0].place if one.entries else self.inputs.id.shown
            source = Source("", lambda path: At(place), place)
            value = canonical.border(Value(pl.lit(None), NONE, literal=None), one.type, self.inputs.zone)[0]
            built = MappedAttribute(name, value, (), "block", 0, (), (), source)
        if not one.entries:
            return built
        key = self._key(built.level)
        value = Value(one.onto(built.value.expr, key), one.type)
        rules = tuple(replace(rule, broken=one.elsewhere(rule, key)) for rule in built.rules)
        return replace(built, value=value, rules=rules)

    def _conditions(self) -> list[Condition]:
        select = self.inputs.select
        first = [] if select is None else [select]
        return [*self.inputs.exclude, *first]

    def _exclusion(self, condition: Condition) -> Exclusion | None:
        try:
            compiled = compile_condition(condition.template, self._scope(0), *condition.at)
        except FeedsyncError as error:
            self.errors.append(self._named(error, "select" if condition is self.inputs.select else "exclude"))
            return None
        self._note(compiled, 0)
        met = compiled.value.expr.fill_null(False)
        return Exclusion(condition.reason, ~met if condition is self.inputs.select else met, compiled, condition.at)

    def _draft(self, name: str, source: Source) -> list[Compiled] | None:
        """Compiled at level 0, or only to learn what the attribute reads of the item: then its steps are not kept."""
        parts = parts_of(source)
        scope = self._scope(0, source)
        if any(_READS_ITEM in part.template for part in parts):
            scope = replace(scope, hoisted=Hoisted(), whole=WholeFeeds())
        try:
            return [compile_template(part.template, scope, *part.at) for part in parts]
        except FeedsyncError as error:
            self.errors.append(self._named(error, name))
            return None

    def _levels(self, drafts: Mapping[str, list[Compiled]]) -> dict[str, int]:
        """Each attribute's level: one more than the deepest attribute it reads. A cycle is an error at its first member."""
        levels: dict[str, int] = {}

        def level(name: str, path: tuple[str, ...]) -> int:
            if name in path:
                source = self.inputs.mapping[name]
                cycle = " > ".join((*path[path.index(name) :], name))
                raise ConfigError("item_cycle", source.locate(()).place, subject=name, cycle=cycle)
            if name not in levels:
                items = {item for one in drafts.get(name, []) for item in one.items}
                deeper = [1 + level(item, (*path, name)) for item in sorted(items & drafts.keys())]
                levels[name] = max([*deeper, *(1 for item in items if item in self.overrides)], default=0)
            return levels[name]

        for name in drafts:
            try:
                level(name, ())
            except ConfigError as error:
                self.errors.append(error)
                return {}
        return levels

    def _attribute(self, name: str, draft: list[Compiled], level: int) -> MappedAttribute | None:
        source = self.inputs.mapping[name]
        attribute = self.inputs.attributes[name]
        parts = parts_of(source)
        try:
            if any(_READS_ITEM in part.template for part in parts):
                scope = self._scope(level, source)
                draft = [compile_template(part.template, scope, *part.at) for part in parts]
            for compiled in draft:
                self._note(compiled, level)
            value, misfit = put_together(parts, draft, attribute, self.inputs.zone)
        except FeedsyncError as error:
            self.errors.append(self._named(error, name))
            return None
        rules = [rule for compiled in draft for rule in self._failures(name, source, compiled)]
        if misfit is not None:
            met = (
                canonical.to_text(draft[0].value, self.inputs.zone)
                if len(draft) == 1
                else pl.lit(None, dtype=pl.String)
            )
            details = {"type": str(attribute.semantic)}
            rules.append(Rule("FS201", name, misfit.fill_null(False), met, "error", source.shown, details))
        items = tuple(dict.fromkeys(item for compiled in draft for item in compiled.items))
        on_invalid = getattr(source.mapping, "on_invalid", "block")
        return MappedAttribute(name, value, tuple(rules), on_invalid, level, items, tuple(draft), source)

    def _failures(self, name: str, source: Source, compiled: Compiled) -> list[Rule]:
        from feedsync.findings import CODES

        rules = []
        for failure in compiled.failures:
            severity = CODES[failure.code].severity
            details = {"step": failure.step, **failure.details}
            rules.append(
                Rule(
                    failure.code, name, failure.failed.fill_null(False), failure.value, severity, source.shown, details
                )
            )
        if not source.standard:
            for unknown in compiled.unknowns:
                where = unknown.missing.fill_null(False) & unknown.result.is_not_null()
                rules.append(Rule("FS203", name, where, unknown.result, "hint", source.shown, {"field": unknown.field}))
        return rules

    def _id(self) -> Compiled | None:
        source = self.inputs.id
        try:
            (part,) = parts_of(source)
            compiled = compile_template(part.template, self._scope(0, source), *part.at)
        except FeedsyncError as error:
            self.errors.append(self._named(error, "id"))
            return None
        self._note(compiled, 0)
        text = Value(canonical.to_text(compiled.value, self.inputs.zone), TEXT)
        return Compiled(
            text, compiled.failures, (), compiled.reads, compiled.items, compiled.steps, asked=compiled.asked
        )

    def _is_key(self, identity: Compiled, key: str) -> bool:
        (part,) = parts_of(self.inputs.id)
        return identity.reads == (key,) and part.template.strip("{} \n") == key and self.inputs.fields.get(key) == TEXT

    def _scope(self, level: int, source: Source | None = None) -> Scope:
        while len(self.hoisted) <= level:
            self.hoisted.append(Hoisted(prefix=f"__h{len(self.hoisted)}_"))
        standard = source is not None and source.standard
        return Scope(
            names=self.names if level == 0 else self.carried_names,
            spaces=self.spaces,
            optional=self.inputs.standard_fields if standard else frozenset(),
            tables=self.inputs.tables,
            zone=self.inputs.zone,
            as_of=self.inputs.as_of,
            hoisted=self.hoisted[level],
            whole=self.whole,
            functions=self.inputs.functions,
        )

    @cached_property
    def names(self) -> dict[str, Value]:
        """The rows' fields as attributes of level 0 read them."""
        own = {name: Value(pl.col(one.column), one.type) for name, one in self.inputs.own.items()}
        return {name: Value(pl.col(name), kind) for name, kind in self.inputs.fields.items()} | own

    @cached_property
    def carried_names(self) -> dict[str, Value]:
        """The rows' fields as deeper levels read them."""
        kinds = {**self.inputs.fields, **{name: one.type for name, one in self.inputs.own.items()}}
        return {name: Value(pl.col(carried(name)), kind) for name, kind in kinds.items()}

    @cached_property
    def spaces(self) -> dict[str, dict[str, Value]]:
        """market.*, feed.* and item.*; an attribute that nothing fills is known to be missing."""
        item = {}
        for name, attribute in self.inputs.attributes.items():
            kind = attribute.semantic
            if name in self.inputs.mapping or name in self.overrides:
                item[name] = Value(pl.col(name), kind)
            else:
                item[name] = Value(pl.lit(None, dtype=dtype(kind, self.inputs.zone)), kind, literal=None)
        return {
            "market": {name: literal(value) for name, value in self.inputs.market.items()},
            "feed": {name: literal(value) for name, value in self.inputs.settings.items()},
            "item": item,
        }

    def _note(self, compiled: Compiled, level: int) -> None:
        for name in compiled.reads:
            own = self.inputs.own.get(name)
            if own is not None:
                self.reads.update(dict.fromkeys(own.reads))
            elif name in self.inputs.fields:
                self.reads.setdefault(name)
            else:
                continue
            if level > 0:
                self.later.setdefault(name)

    def _named(self, error: FeedsyncError, subject: str) -> FeedsyncError:
        """The error with the attribute or key and the feed in front of its text."""
        from feedsync.errors import ManyErrors

        for one in error.errors if isinstance(error, ManyErrors) else [error]:
            one.subject = f"{subject} ({self.inputs.name})"
        return error
