"""Feeds compiled against the fields there are: every mistake in a template shows here, before row 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from feedsync.catalog.plan import FieldPlan
from feedsync.catalog.rules import SHARED, field_rules, key_rules, orphan_rule
from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.checks.attributes import attribute_rules
from feedsync.checks.items import ItemContext, attribute_names, below_rules, channel_rules, required_rules
from feedsync.checks.patterns import pattern_errors
from feedsync.errors import FeedsyncError, Place, raise_all
from feedsync.expressions import Scope, compile_template
from feedsync.expressions.registry import Function
from feedsync.expressions.scope import Hoisted, Table
from feedsync.expressions.values import literal
from feedsync.frames import Rule
from feedsync.mapping.feed import FeedMapping, compile_feed
from feedsync.mapping.inputs import FeedInputs
from feedsync.mapping.stock import Allocation
from feedsync.project import Feed, Project, once_per_place
from feedsync.run.assemble import Demands, assemble
from feedsync.run.kernel import DUPLICATE, FeedKernel
from feedsync.run.overrides import Overrides
from feedsync.run.translations import translated
from feedsync.semantics import Type


@dataclass(frozen=True)
class Rows:
    """What the feeds of one row set know of its rows."""

    fields: Mapping[str, Type]
    plans: Sequence[FieldPlan]
    """The row set's own plan, then the catalog's where the rows are a table's."""
    key: str
    key_type: Type
    key_place: Place
    parent: str | None
    source: str
    beneath: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The fields that the template of a catalog's or table's field reads."""
    key_label: str = ""
    """How people know the key where `key` is not a field's name, e.g. store/sku."""
    extra: Sequence[Rule] = ()
    """Rules of these rows besides those of key, fields and parent."""


def compile_feeds(
    project: Project,
    feeds: Sequence[Feed],
    fields: Mapping[str, Type],
    key: str,
    tables: Mapping[str, Table],
    as_of: date,
    stock: Allocation,
    functions: Mapping[str, Function],
    overrides: Overrides,
) -> list[FeedMapping]:
    """The mappings of feeds over one row set; mistakes of all of them are raised together."""
    shared = Hoisted(prefix="__h")
    compiled: list[FeedMapping] = []
    channels = {feed.channel.spec.folder: feed.channel for feed in feeds}
    errors: list[FeedsyncError] = [error for channel in channels.values() for error in pattern_errors(channel)]
    for index, feed in enumerate(feeds):
        try:
            languages = translated(project, feed, fields)
        except FeedsyncError as error:
            errors.append(error)
            continue
        inputs = FeedInputs(
            name=feed.name,
            fields=fields,
            attributes=feed.channel.spec.attributes,
            mapping=feed.mapping,
            id=feed.id,
            market=feed.market,
            settings=feed.settings,
            select=feed.select,
            exclude=(*feed.exclude, *([languages.drop] if languages.drop else ())),
            tables=tables,
            standard_fields=frozenset(STANDARD_FIELDS),
            zone=project.loaded.spec.catalog.timezone,
            as_of=as_of,
            own={**stock.own_fields(feed.name), **languages.own},
            needs=stock.fields if feed.stock is not None else (),
            functions=functions,
            overrides=overrides.of(feed.name),
            product=key or _product(project, feed),
        )
        try:
            compiled.append(compile_feed(inputs, key, shared, f"__w{index}_"))
        except FeedsyncError as error:
            errors.append(error)
    raise_all(once_per_place(errors))
    return compiled


def _product(project: Project, feed: Feed) -> str:
    """The field of a table's rows that names their product; '' where they have none."""
    return (project.loaded.spec.tables[feed.spec.rows].catalog_key or "") if feed.spec.rows else ""


def build_kernel(
    project: Project, feed: Feed, mapping: FeedMapping, rows: Rows, flags: Sequence[str], as_of: date
) -> FeedKernel:
    """The kernel of a feed: its mapping, its channel's demands, the project's severities."""
    zone = project.loaded.spec.catalog.timezone
    context = _item_context(feed, mapping, zone, rows)
    of_attribute: dict[str, list[Rule]] = {}
    for name in context.filled:
        attribute = feed.channel.spec.attributes[name]
        currency = _currency(feed, name, context)
        of_attribute[name] = attribute_rules(name, attribute, currency, zone, context.places[name])
    demands = Demands(
        first=_first_rules(mapping, rows, flags, zone, feed.id.shown),
        of_attribute=of_attribute,
        below=[rule for name in context.attributes for rule in below_rules(name, context)],
        between=channel_rules(context, feed.channel.spec.channel.rules),
        required=required_rules(context),
        severities=severities(project, as_of),
        beneath=_beneath(mapping, rows),
    )
    return assemble(mapping, demands, rows.source)


def _beneath(mapping: FeedMapping, rows: Rows) -> dict[str, tuple[str, ...]]:
    """Field -> the fields behind it: what its template reads, and what the feed's own columns are made of."""
    own = {}
    for name, one in mapping.own.items():
        own[name] = tuple(dict.fromkeys(field for read in one.reads for field in (read, *rows.beneath.get(read, ()))))
    return {**rows.beneath, **own}


def severities(project: Project, as_of: date) -> dict[str, str]:
    """Code -> severity, as the project's rules say; a rule counts until its last day."""
    rules = project.loaded.spec.rules
    day = as_of.isoformat()
    found: dict[str, str] = {}
    for code, rule in rules.items():
        if isinstance(rule, str):
            found[code] = rule
        elif rule.until is None or day <= rule.until:
            found[code] = rule.severity
    return found


def _first_rules(mapping: FeedMapping, rows: Rows, flags: Sequence[str], zone: str, identity: Place) -> list[Rule]:
    """FS1xx of the key and of the fields this feed reads, and FS401 where ids can repeat."""
    found = [*key_rules(rows.key, rows.key_type, zone, rows.key_place, rows.key_label), *rows.extra]
    seen: set[str] = set()
    reads = dict.fromkeys(f for name in mapping.reads for f in (name, *rows.beneath.get(name, ())))
    for plan in rows.plans:
        names = [name for name in reads if name in plan.fields and name not in seen]
        seen.update(names)
        found += field_rules(plan, flags, names)
    if rows.parent is not None:
        found.append(orphan_rule(rows.parent, rows.key_place))
    if not mapping.id_is_key:
        # rows that share their key share what is made of it: one cause, one error
        broken = pl.col(f"{mapping.name}{DUPLICATE}") & pl.col(SHARED).is_null()
        found.append(Rule("FS401", "id", broken, mapping.id.expr, "error", identity))
    return found


def _item_context(feed: Feed, mapping: FeedMapping, zone: str, rows: Rows) -> ItemContext:
    channel = feed.channel
    filled = frozenset(attribute.name for attribute in mapping.attributes)
    names = attribute_names(channel.spec.attributes, filled, zone)
    spaces = {
        "market": {name: literal(value) for name, value in feed.market.items()},
        "feed": {name: literal(value) for name, value in feed.settings.items()},
    }
    places = {
        name: feed.mapping[name].shown if name in feed.mapping else feed.place for name in channel.spec.attributes
    }
    spec_places = {name: channel.place("attributes.yaml", name) for name in channel.spec.attributes}
    for index in range(len(channel.spec.channel.rules)):
        spec_places[f"rules.{index}"] = channel.place("channel.yaml", "rules", index)
    return ItemContext(
        channel.spec.attributes,
        filled,
        places,
        spec_places,
        Scope(names=names, spaces=spaces, zone=zone, side="channel"),
    )


def _currency(feed: Feed, name: str, context: ItemContext) -> str | None:
    """The currency an attribute's money must have, where the channel demands one."""
    template = feed.channel.spec.attributes[name].currency
    if template is None:
        return None
    compiled = compile_template(template, context.scope, context.spec_places[name])
    return str(compiled.value.literal) if compiled.value.known else None
