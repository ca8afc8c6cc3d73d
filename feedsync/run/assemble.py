"""A feed's mapping and its channel's demands put together into the steps of the kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from feedsync.frames import Rule
from feedsync.mapping.feed import FeedMapping, MappedAttribute
from feedsync.run.kernel import FeedKernel, Step


@dataclass(frozen=True)
class Demands:
    """Everything the channel and the project demand of a feed's items."""

    first: Sequence[Rule]
    """Over typed batches: FS1xx, FS401."""
    of_attribute: Mapping[str, Sequence[Rule]]
    """Over an attribute's column (FS3xx)."""
    below: Sequence[Rule]
    """FS310, over two attributes' columns: `attribute` and `details["regular"]`."""
    between: Sequence[Rule]
    """The channel's own rules between attributes."""
    required: Sequence[Rule]
    """FS301, asked last: a dropped value may leave a required attribute empty."""
    severities: Mapping[str, str]
    """Code -> error, warning, hint or off, as the project says."""
    beneath: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Catalog field -> the fields its template reads."""


_Found = tuple[str, Rule, bool]
"""A flag column, its rule, and whether it makes a bad value that on_invalid: drop removes."""


Policy = Callable[[Rule], str]
"""block, drop or keep: what a rule's bad value does."""


class _Flags:
    """Numbered flag columns; what the project switched off gets none."""

    def __init__(self, severities: Mapping[str, str]) -> None:
        self.severities = severities
        self.count = 0

    def of(self, rules: Sequence[Rule], policy: Policy) -> list[_Found]:
        found = []
        for rule in rules:
            said = policy(rule)
            severity = self.severities.get(rule.code, rule.severity)
            # that a required attribute is missing is nobody's bad value; that a record lacks a field is
            bad = "error" in (severity, rule.severity) and (rule.code != "FS301" or "." in rule.attribute)
            if bad and said in ("drop", "keep") and severity == "error":
                severity = "warning"  # on_invalid speaks of one attribute, the project's rules of all
            if severity == "off":
                continue
            self.count += 1
            found.append((f"__f{self.count}", replace(rule, severity=severity), bad and said == "drop"))
        return found


def assemble(mapping: FeedMapping, demands: Demands, source: str) -> FeedKernel:
    """The kernel of one feed."""
    flags = _Flags(demands.severities)
    reads = _reads(mapping, demands.beneath)
    policy = _of_attributes(mapping)
    zero = [rule for attribute in mapping.at_level(0) for rule in attribute.rules]
    cells = [_unless_overridden(rule, mapping, reads) for rule in demands.first]
    first = [*flags.of(cells, _of_cells(mapping, reads)), *flags.of(zero, policy)]
    dropping = _dropped(first)
    steps = []
    for level in range(mapping.levels):
        steps.append(_step(mapping, level, demands, flags, policy, dropping))
        dropping = {}
        if below := [rule for rule in demands.below if _compared(rule, mapping) == level]:
            steps.append(_dropping_step((), flags.of(below, policy), {}))
    between = flags.of(demands.between, policy)
    steps.append(_dropping_step((), between, {}))
    blamed = [*_pairs(first), *(pair for step in steps for pair in step.flags)]
    steps.append(Step((), _pairs(flags.of(_not_blamed(demands.required, reads, blamed), policy))))
    names = tuple(attribute.name for attribute in mapping.attributes)
    return FeedKernel(mapping.name, mapping, source, _pairs(first), tuple(steps), names)


def _step(
    mapping: FeedMapping,
    level: int,
    demands: Demands,
    flags: _Flags,
    policy: Policy,
    dropping: Mapping[str, tuple[str, ...]],
) -> Step:
    here = mapping.at_level(level)
    columns: list[tuple[pl.Expr, ...]] = []
    failures: list[_Found] = []
    if level > 0:
        columns += [tuple(stage) for stage in mapping.hoisted[level].stages()]
        failures = flags.of([rule for attribute in here for rule in attribute.rules], policy)
        columns.append(tuple(_values(here)) + tuple(rule.broken.alias(flag) for flag, rule, _ in failures))
    found = flags.of([rule for attribute in here for rule in demands.of_attribute.get(attribute.name, ())], policy)
    # flags of failures are columns already (they read what the values read); to drop they count like the others
    both = [*((flag, replace(rule, broken=pl.col(flag)), drops) for flag, rule, drops in failures), *found]
    return _dropping_step(tuple(stage for stage in columns if stage), both, dropping)


def _dropping_step(
    columns: tuple[tuple[pl.Expr, ...], ...], found: Sequence[_Found], dropping: Mapping[str, tuple[str, ...]]
) -> Step:
    """A step that drops what its flags and those of `dropping` condemn, and keeps what was met for the findings."""
    drops = {name: (*dropping.get(name, ()), *names) for name, names in _dropped(found).items()}
    drops |= {name: names for name, names in dropping.items() if name not in drops}
    kept = tuple((f"__v{flag}", rule.value) for flag, rule, condemned in found if condemned)
    shown = [
        (flag, replace(rule, value=pl.col(f"__v{flag}")) if condemned else rule) for flag, rule, condemned in found
    ]
    return Step(columns, tuple(shown), drops, kept)


def _reads(mapping: FeedMapping, beneath: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Attribute -> the catalog fields it reads, also by way of other fields' templates."""
    found = {}
    for one in mapping.attributes:
        direct = [name for compiled in one.compiled for name in compiled.reads]
        found[one.name] = {field for name in direct for field in (name, *beneath.get(name, ()))}
    return found


def _of_attributes(mapping: FeedMapping) -> Policy:
    """The attribute's on_invalid; `shipping.price` is of `shipping`."""
    on_invalid = {attribute.name: attribute.on_invalid for attribute in mapping.attributes}
    return lambda rule: on_invalid.get(rule.attribute.partition(".")[0], "block")


def _of_cells(mapping: FeedMapping, reads: Mapping[str, set[str]]) -> Policy:
    """What is wrong with a row blocks; but a cell that does not read (FS103) only where an attribute reads it that a
    bad value blocks. The value is missing already, so that nothing needs to be dropped."""
    known = {name for fields in reads.values() for name in fields}
    blocking = {name for one in mapping.attributes if one.on_invalid == "block" for name in reads[one.name]}
    return lambda rule: "keep" if rule.code == "FS103" and rule.attribute in known - blocking else "block"


def _unless_overridden(rule: Rule, mapping: FeedMapping, reads: Mapping[str, set[str]]) -> Rule:
    """A cell that does not read is no error where everything that is made of it has an override."""
    readers = [name for name, fields in reads.items() if rule.code == "FS103" and rule.attribute in fields]
    if not readers or any(name not in mapping.overrides for name in readers):
        return rule
    met = pl.all_horizontal(mapping.overrides[name].met(mapping.product) for name in readers)
    return replace(rule, broken=rule.broken & ~met)


def _compared(rule: Rule, mapping: FeedMapping) -> int:
    """The level at which both attributes of a comparison are there."""
    levels = {one.name: one.level for one in mapping.attributes}
    return max(levels[rule.attribute], levels[rule.details["regular"]])


def _not_blamed(
    required: Sequence[Rule], reads: Mapping[str, set[str]], found: Sequence[tuple[str, Rule]]
) -> list[Rule]:
    """FS301 where nothing else says why the value is missing: a cell that did not read, a step that failed or a
    product that is not there is one error, not two."""
    rules = []
    for rule in required:
        blamed = [
            flag
            for flag, other in found
            if other.severity == "error"
            and (
                other.code == "FS107"
                or (other.code in ("FS102", "FS103") and other.attribute in reads.get(rule.attribute, ()))
                or (other.code.startswith("FS2") and other.attribute == rule.attribute)
            )
        ]
        rules.append(replace(rule, broken=rule.broken & ~pl.any_horizontal(blamed)) if blamed else rule)
    return rules


def _values(attributes: Sequence[MappedAttribute]) -> list[pl.Expr]:
    return [attribute.value.expr.alias(attribute.name) for attribute in attributes]


def _pairs(found: Sequence[_Found]) -> tuple[tuple[str, Rule], ...]:
    return tuple((flag, rule) for flag, rule, _ in found)


def _dropped(found: Sequence[_Found]) -> dict[str, tuple[str, ...]]:
    drops: dict[str, tuple[str, ...]] = {}
    for flag, rule, dropping in found:
        if dropping:
            name = rule.attribute.partition(".")[0]
            drops[name] = (*drops.get(name, ()), flag)
    return drops
