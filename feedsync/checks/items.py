"""What a channel demands of an item as a whole: required attributes, prices against each other, its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from feedsync.checks.attributes import text_value
from feedsync.errors import FeedsyncError, Place, raise_all
from feedsync.expressions import Scope, Value, compile_condition
from feedsync.findings import CODES
from feedsync.frames import Rule, dtype
from feedsync.specs.channel import Attribute
from feedsync.specs.channel import Rule as ChannelRule


@dataclass(frozen=True)
class ItemContext:
    """The channel's attributes, which of them are filled, where, and the scope of the channel's own templates."""

    attributes: Mapping[str, Attribute]
    filled: frozenset[str]
    """Attributes that have a column; the others are missing in every row."""
    places: Mapping[str, Place]
    """The mapping line of every attribute (the feed's own line where nothing maps it)."""
    spec_places: Mapping[str, Place]
    """The line of attributes.yaml (`price`) or channel.yaml (`rules.0`) for mistakes in the channel's templates."""
    scope: Scope


def attribute_names(attributes: Mapping[str, Attribute], filled: frozenset[str], zone: str) -> dict[str, Value]:
    """The attributes as names of the channel's templates: columns, or known to be missing."""
    names = {}
    for name, attribute in attributes.items():
        kind = attribute.semantic
        if name in filled:
            names[name] = Value(pl.col(name), kind)
        else:
            names[name] = Value(pl.lit(None, dtype=dtype(kind, zone)), kind, literal=None)
    return names


def required_rules(context: ItemContext) -> list[Rule]:
    """FS301 for every attribute that is required, always or on a condition."""
    return _all(partial(_required, name, attribute, context) for name, attribute in context.attributes.items())


def below_rules(name: str, context: ItemContext) -> list[Rule]:
    """FS310 for an attribute that must stay below another, e.g. sale_price below price."""
    attribute = context.attributes[name]
    if attribute.below is None or not {name, attribute.below} <= context.filled:
        return []
    return [_below(name, attribute, context)]


def channel_rules(context: ItemContext, rules: Sequence[ChannelRule], language: str = "en") -> list[Rule]:
    """The channel's own rules between attributes (FS316, FS317 and codes it names)."""
    return _all(partial(_channel_rule, index, rule, context, language) for index, rule in enumerate(rules))


def _all(builds: Iterable[Callable[[], list[Rule]]]) -> list[Rule]:
    """The rules of every build; mistakes in the channel's templates are raised together."""
    found: list[Rule] = []
    errors: list[FeedsyncError] = []
    for build in builds:
        try:
            found += build()
        except FeedsyncError as error:
            errors.append(error)
    raise_all(errors)
    return found


def _severity(code: str, verified: bool) -> str:
    severity = CODES[code].severity
    return "warning" if severity == "error" and not verified else severity


def _required(name: str, attribute: Attribute, context: ItemContext) -> list[Rule]:
    if not attribute.required and attribute.required_when is None:
        return []
    absent = pl.col(name).is_null() if name in context.filled else pl.lit(True)
    if not attribute.required:
        assert attribute.required_when is not None
        place = context.spec_places[name]
        needed = compile_condition(attribute.required_when, context.scope, place, False).value
        if needed.known and not needed.literal:
            return []
        absent = absent & needed.expr.fill_null(False)
    key = "required" if attribute.required else "required_when"
    verified = attribute.verified and key not in attribute.unverified
    nothing = pl.lit(None, dtype=pl.String)
    return [Rule("FS301", name, absent, nothing, _severity("FS301", verified), context.places[name])]


def _below(name: str, attribute: Attribute, context: ItemContext) -> Rule:
    """Money at or above the attribute it must stay below; other currencies are FS315's business."""
    assert attribute.below is not None
    one, other = pl.col(name).struct, pl.col(attribute.below).struct
    same = one.field("currency") == other.field("currency")
    broken = same & (one.field("amount") >= other.field("amount"))
    value = text_value(name, attribute, context.scope.zone)
    verified = attribute.verified and "below" not in attribute.unverified
    severity = _severity("FS310", verified)
    details = {"regular": attribute.below}
    return Rule("FS310", name, broken.fill_null(False), value, severity, context.places[name], details)


def _channel_rule(index: int, rule: ChannelRule, context: ItemContext, language: str) -> list[Rule]:
    place = context.spec_places[f"rules.{index}"]
    broken = compile_condition(rule.broken, context.scope, place, False).value
    if broken.known and not broken.literal:
        return []
    code = rule.code or ("FS316" if rule.severity == "error" else "FS317")
    details = {"rule": _in(rule.text, language), "advice": _in(rule.fix, language)}
    attribute = context.attributes.get(rule.attribute)
    if attribute is None or rule.attribute not in context.filled:
        value = pl.lit(None, dtype=pl.String)
    else:
        value = text_value(rule.attribute, attribute, context.scope.zone)
    where = context.places.get(rule.attribute, place)
    return [Rule(code, rule.attribute, broken.expr.fill_null(False), value, rule.severity, where, details)]


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")
