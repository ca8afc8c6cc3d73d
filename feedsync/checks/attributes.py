"""What a channel demands of one attribute, as rules over the items' columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from feedsync.errors import Place
from feedsync.expressions import canonical, numbers
from feedsync.findings import CODES
from feedsync.frames import Rule
from feedsync.semantics import TEXT, Type
from feedsync.specs.channel import Attribute, GroupField, Limits
from feedsync.specs.taxonomy import Taxonomy, load_taxonomy

HTTP = r"^(?i:https?)://[^\s/?#]+\.?[^\s]*$"  # RFC 3986: a scheme, an authority, no blanks


@dataclass(frozen=True)
class Broken:
    """A limit that a value can break: the code, where, what to show and say."""

    code: str
    where: pl.Expr
    details: dict[str, str]
    key: str
    """The key of attributes.yaml that states the limit, for `unverified`."""


def attribute_rules(name: str, attribute: Attribute, currency: str | None, zone: str, place: Place) -> list[Rule]:
    """The rules of one attribute: type, lengths, enum, pattern, URL, GTIN, ranges, count.

    `currency` is the one its money must have, where the channel demands one. Requirement and rules between
    attributes are `item_rules`.
    """
    column = pl.col(name)
    rules: list[Rule] = []

    def add(broken: Broken, value: pl.Expr, label: str) -> None:
        severity = CODES[broken.code].severity
        if severity == "error" and (not attribute.verified or broken.key in attribute.unverified):
            severity = "warning"
        rules.append(Rule(broken.code, label, broken.where.fill_null(False), value, severity, place, broken.details))

    if attribute.type == "group":
        for field, limits in attribute.fields.items():
            for broken, value in _in_group(column, field, limits, Type(limits.type), currency, zone):
                add(broken, value, f"{name}.{field}")
    elif attribute.type == "list":
        for broken, value in _in_list(column, _element_limits(attribute), currency, zone):
            add(broken, value, name)
        if attribute.total_characters is not None:
            total = column.list.eval(pl.element().str.len_chars()).list.sum() + column.list.len() - 1
            details = {"limit": str(attribute.total_characters), "unit": "characters", "cut": "limit"}
            where = total > attribute.total_characters
            add(Broken("FS302", where, details, "total_characters"), total.cast(pl.String), name)
    else:
        for broken in limit_rules(column, attribute, Type(attribute.type), currency):
            add(broken, canonical.text_of(column, Type(attribute.type), zone), name)
        if attribute.taxonomy is not None:
            add(_in_taxonomy(column, load_taxonomy(attribute.taxonomy)), column, name)
    if attribute.repeat is not None:
        count = column.list.len()
        add(
            Broken("FS313", count > attribute.repeat, {"limit": str(attribute.repeat)}, "repeat"),
            count.cast(pl.String),
            name,
        )
    return rules


def _in_taxonomy(value: pl.Expr, known: Taxonomy) -> Broken:
    """Neither an id nor a full path of the taxonomy."""
    details = {"taxonomy": known.name, "title": known.title, "edition": known.edition}
    return Broken("FS318", ~value.is_in(list(known.by_value)), details, "taxonomy")


def limit_rules(value: pl.Expr, limits: Limits, kind: Type, currency: str | None) -> Iterator[Broken]:
    """The limits of one value, in the order in which a person would look."""
    if kind.textual:
        yield from _text_rules(value, limits)
    if kind.kind == "url":
        yield Broken("FS305", ~value.str.contains(HTTP), {}, "type")
    if kind.kind == "gtin":
        yield from _gtin_rules(value)
    if kind.kind == "interval":
        yield Broken("FS311", value.struct.field("end") <= value.struct.field("start"), {}, "type")
    if kind.kind == "money" and currency is not None:
        yield Broken("FS315", value.struct.field("currency") != currency, {"currency": currency}, "currency")
    if kind.numeric or kind.kind == "money":
        yield from _number_rules(value.struct.field("amount") if kind.kind == "money" else value, limits)


def _text_rules(value: pl.Expr, limits: Limits) -> Iterator[Broken]:
    if limits.one_of:
        yield Broken("FS303", ~value.is_in(list(limits.one_of)), {"known": ", ".join(limits.one_of)}, "one_of")
    if limits.pattern:
        yield Broken("FS306", ~value.str.contains(limits.pattern), {"pattern": limits.pattern}, "pattern")
    if limits.max_characters is not None:
        details = {"limit": str(limits.max_characters), "unit": "characters", "cut": "truncate_words"}
        yield Broken("FS302", value.str.len_chars() > limits.max_characters, details, "max_characters")
    if limits.max_bytes is not None:
        details = {"limit": str(limits.max_bytes), "unit": "bytes", "cut": "truncate_bytes"}
        yield Broken("FS302", value.str.len_bytes() > limits.max_bytes, details, "max_bytes")
    if limits.shown_characters is not None:
        shown = value.str.len_chars() > limits.shown_characters
        if limits.max_characters is not None:
            shown = shown & (value.str.len_chars() <= limits.max_characters)
        yield Broken("FS341", shown, {"limit": str(limits.shown_characters)}, "shown_characters")


def _gtin_rules(value: pl.Expr) -> Iterator[Broken]:
    """Form first, then the check digit, then the prefix: a number is blamed once."""
    formed = value.str.contains(r"^(?:[0-9]{8}|[0-9]{12,14})$")
    valid = numbers.gtin_valid(value)
    yield Broken("FS307", ~formed, {}, "type")
    yield Broken("FS304", formed & ~valid, {}, "type")
    yield Broken("FS308", valid & numbers.gtin_restricted(value), {}, "type")


def _number_rules(number: pl.Expr, limits: Limits) -> Iterator[Broken]:
    if limits.above is not None:
        yield Broken("FS309", number <= pl.lit(limits.above), {"limit": str(limits.above)}, "above")
    if limits.minimum is not None or limits.maximum is not None:
        low = number < pl.lit(limits.minimum) if limits.minimum is not None else pl.lit(False)
        high = number > pl.lit(limits.maximum) if limits.maximum is not None else pl.lit(False)
        details = {"range": _range(limits)}
        yield Broken("FS314", low | high, details, "minimum" if limits.minimum is not None else "maximum")


def _range(limits: Limits) -> str:
    if limits.minimum is not None and limits.maximum is not None:
        return f"{limits.minimum}..{limits.maximum}"
    return f">= {limits.minimum}" if limits.minimum is not None else f"<= {limits.maximum}"


def _element_limits(attribute: Attribute) -> Limits:
    if isinstance(attribute.of, Limits):
        return attribute.of
    return Limits(type=attribute.of or "text")


def _in_list(column: pl.Expr, limits: Limits, currency: str | None, zone: str) -> Iterator[tuple[Broken, pl.Expr]]:
    kind = Type(limits.type)
    yield from _over_elements(column, lambda element: limit_rules(element, limits, kind, currency), kind, zone)


def _in_group(
    column: pl.Expr, field: str, limits: GroupField, kind: Type, currency: str | None, zone: str
) -> Iterator[tuple[Broken, pl.Expr]]:
    inside = column.list.eval(pl.element().struct.field(field))
    yield from _over_elements(inside, lambda element: limit_rules(element, limits, kind, currency), kind, zone)
    if limits.required:
        absent = inside.list.eval(pl.element().is_null()).list.any()
        yield Broken("FS301", absent, {}, "required"), pl.lit(None, dtype=pl.String)


def _over_elements(
    column: pl.Expr, rules: Callable[[pl.Expr], Iterator[Broken]], kind: Type, zone: str
) -> Iterator[tuple[Broken, pl.Expr]]:
    """A value's rules for every entry: broken where one entry is, and that entry is shown."""
    for broken in rules(pl.element()):
        flags = column.list.eval(broken.where.fill_null(False))
        offending = column.list.eval(
            pl.when(broken.where.fill_null(False)).then(canonical.text_of(pl.element(), kind, zone))
        )
        yield (
            Broken(broken.code, flags.list.any(), broken.details, broken.key),
            offending.list.drop_nulls().list.first(),
        )


def text_value(name: str, attribute: Attribute, zone: str) -> pl.Expr:
    """An attribute's value as text, for the findings of rules between attributes."""
    kind = attribute.semantic
    return pl.col(name) if kind == TEXT else canonical.text_of(pl.col(name), kind, zone)
