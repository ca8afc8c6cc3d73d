"""feedsync.yaml wired to its channels: for each feed its market, its settings and the mapping that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedsync.errors import ConfigError, FeedsyncError, ManyErrors, Place, UsageError, nearest, raise_all
from feedsync.mapping.inputs import At, Condition
from feedsync.mapping.inputs import Path as MappingPath
from feedsync.mapping.inputs import Source as MappingSource
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.load import LoadedProject, load_project
from feedsync.specs.market import MarketSpec
from feedsync.specs.project import Exclusion, FeedSpec
from feedsync.specs.secrets import resolve
from feedsync.specs.stock import StockPolicy, effective, overdrawn

SELECT = "select"  # the reason counted for what `select` leaves out


@dataclass(frozen=True)
class Feed:
    """One feed of the project with everything its names mean."""

    name: str
    block: str
    """The name under `feeds` that it was made of: its own, or that of a feed of several markets."""
    spec: FeedSpec
    channel: LoadedChannel
    market: dict[str, str]
    """market.<name>: country, language, currency and what the channel adds for the country."""
    settings: dict[str, str]
    """feed.<name>: the channel's settings and the feed's name."""
    mapping: dict[str, MappingSource]
    """Per attribute: the feed's own mapping, else the project's default, else the channel's."""
    id: MappingSource
    select: Condition | None
    exclude: tuple[Condition, ...]
    place: Place
    formats: tuple[str, ...]
    stock: StockPolicy | None = None
    """How many units it offers; None: the stock as it is."""


@dataclass(frozen=True)
class Project:
    """A loaded project; templates, sources and lookups are opened by the run."""

    loaded: LoadedProject
    feeds: dict[str, Feed]
    env: Mapping[str, str]

    @property
    def root(self) -> Path:
        return self.loaded.root

    def chosen(self, names: Sequence[str]) -> list[Feed]:
        """The named feeds in the project's order, and those of named blocks; all of them for no name.

        Raises UsageError for an unknown name.
        """
        known = dict.fromkeys([*self.feeds, *(feed.block for feed in self.feeds.values())])
        for name in names:
            if name not in known:
                raise UsageError("unknown_feed", name=name, near=nearest(name, known), known=", ".join(self.feeds))
        return [feed for feed in self.feeds.values() if not names or feed.name in names or feed.block in names]


def open_project(path: Path, env: Mapping[str, str], target: str | None = None) -> Project:
    """The project in a folder or file, in a target. All mistakes that show without reading the catalog are raised
    together."""
    return wired(load_project(path, target), env)


def wired(loaded: LoadedProject, env: Mapping[str, str]) -> Project:
    """A loaded project with its feeds; the mistakes of all of them are raised together."""
    feeds: dict[str, Feed] = {}
    errors: list[FeedsyncError] = []
    for name, spec in loaded.spec.feeds.items():
        try:
            feeds[name] = _feed(loaded, name, spec, env)
        except FeedsyncError as error:
            errors.append(error)
    errors += _stock_errors(loaded, feeds)
    raise_all(once_per_place(errors))
    return Project(loaded, feeds, env)


def once_per_place(errors: Sequence[FeedsyncError]) -> list[FeedsyncError]:
    """The errors; a mistake of a block that all of its feeds have is one, with the names of the feeds."""
    found: dict[object, FeedsyncError] = {}
    for error in errors:
        for one in error.errors if isinstance(error, ManyErrors) else [error]:
            what, _, feed = one.subject.rpartition(" (")
            same = found.setdefault((one.key, one.place, str(one.params), what or one.subject), one)
            if same is not one and what:
                same.subject = f"{same.subject[:-1]}, {feed}"
    return list(found.values())


def stock_place(loaded: LoadedProject, feed: Feed) -> Place:
    """Where the feed's stock policy is written: its own, else that of `defaults`."""
    own: MappingPath = ("feeds", feed.name, "stock_policy")
    return loaded.document.place(own if feed.spec.stock_policy is not None else ("defaults", "stock_policy"), key=True)


def _stock_errors(loaded: LoadedProject, feeds: Mapping[str, Feed]) -> list[FeedsyncError]:
    """Shares of one field that add up to more than there is."""
    errors: list[FeedsyncError] = []
    for rows in dict.fromkeys(feed.spec.rows for feed in feeds.values()):
        policies = {name: one.stock for name, one in feeds.items() if one.stock is not None and one.spec.rows == rows}
        for field, (names, total) in overdrawn(policies).items():
            place = stock_place(loaded, feeds[names[-1]])
            errors.append(ConfigError("stock_percent", place, field=field, feeds=", ".join(names), total=total))
    return errors


def _feed(loaded: LoadedProject, name: str, spec: FeedSpec, env: Mapping[str, str]) -> Feed:
    channel = loaded.channels[spec.channel]
    place = loaded.document.place(("feeds", name), key=True)
    market = _market(loaded, name, spec, channel, place)
    mapping = _mapping(loaded, name, spec, channel, place)
    identity = _identity(loaded, name, spec, mapping, place)
    if spec.id is not None and spec.rows is None and "id" in mapping and "id" not in spec.attributes:
        mapping = {**mapping, "id": identity}  # what the channel gets; a table's rows have a key of their own beside it
    _same_currency(loaded, name, market, mapping, place)
    conditions = _of_presets(loaded) if spec.rows is None else []
    conditions += _exclusions(loaded, ("defaults",), loaded.spec.defaults.exclude)
    conditions += _exclusions(loaded, ("feeds", name), spec.exclude)
    select = None
    if spec.select is not None:
        select = Condition(spec.select, _at(loaded, ("feeds", name, "select")), SELECT)
    formats = spec.formats or (next(iter(channel.spec.channel.formats)),)
    return Feed(
        name=name,
        block=loaded.document.block(name),
        spec=spec,
        channel=channel,
        market=market,
        settings=_settings(loaded, name, spec, channel, market, env, place),
        mapping=mapping,
        id=identity,
        select=select,
        exclude=tuple(conditions),
        place=place,
        formats=formats,
        stock=effective(loaded.spec.defaults.stock_policy, spec.stock_policy, of_table=spec.rows is not None),
    )


def _market(loaded: LoadedProject, name: str, spec: FeedSpec, channel: LoadedChannel, place: Place) -> dict[str, str]:
    market = loaded.spec.markets[spec.market] if isinstance(spec.market, str) else spec.market
    if market is None and len(loaded.spec.markets) == 1:
        (market,) = loaded.spec.markets.values()
    if not isinstance(market, MarketSpec):
        raise ConfigError("feed_without_market", place, subject=f"feeds.{name}")
    own = channel.spec.channel.markets
    if own and market.country not in own:
        at = loaded.document.place(("feeds", name, "market"))
        known = ", ".join(own)
        raise ConfigError(
            "market_not_of_channel", at, subject=f"feeds.{name}.market", country=market.country, known=known
        )
    return {**market.model_dump(exclude={"values"}), **own.get(market.country, {}), **market.values}


def _same_currency(
    loaded: LoadedProject, name: str, market: Mapping[str, str], mapping: Mapping[str, MappingSource], place: Place
) -> None:
    """The channel's default mapping says the catalog's price in the market's currency: they must be one."""
    catalog = loaded.spec.catalog.currency
    relabelled = [a for a, one in mapping.items() if one.standard and a == "price" and "money(" in str(one.mapping)]
    if catalog is not None and catalog != market["currency"] and relabelled:
        params = {"catalog": catalog, "market": market["currency"], "attributes": ", ".join(relabelled)}
        raise ConfigError("catalog_currency", place, subject=f"feeds.{name}", **params)


def _settings(
    loaded: LoadedProject,
    name: str,
    spec: FeedSpec,
    channel: LoadedChannel,
    market: Mapping[str, str],
    env: Mapping[str, str],
    place: Place,
) -> dict[str, str]:
    asked = channel.spec.channel.settings
    errors: list[FeedsyncError] = []
    for given in spec.settings:
        if given not in asked:
            at = loaded.document.place(("feeds", name, "settings", given), key=True)
            near, known = nearest(given, asked), ", ".join(asked) or "none"
            subject = f"feeds.{name}.settings"
            errors.append(ConfigError("unknown_setting", at, subject=subject, name=given, near=near, known=known))
    values = {"name": name}
    for key, setting in asked.items():
        text = spec.settings.get(key, setting.default)
        if text is None and setting.required:
            subject = f"feeds.{name}.settings"
            errors.append(ConfigError("setting_required", place, subject=subject, name=key, channel=channel.spec.name))
        elif text is not None:
            path: MappingPath = ("feeds", name, "settings", key)
            text = _of_market(text, market, _at(loaded, path), f"settings.{key} ({name})")
            values[key] = resolve(text, env, loaded.root, loaded.document.place(path))
    raise_all(errors)
    return values


def _of_market(text: str, market: Mapping[str, str], at: At, subject: str) -> str:
    """A setting that is a template, as it is in the market. TemplateError where it reads anything else."""
    if "{{" not in text and "{%" not in text:
        return text
    from feedsync.expressions import Scope, compile_template
    from feedsync.expressions.values import literal

    scope = Scope(names={}, spaces={"market": {name: literal(value) for name, value in market.items()}})
    try:
        value = compile_template(text, scope, *at).value
    except FeedsyncError as error:
        error.subject = subject
        raise
    if not isinstance(value.literal, str):
        raise ConfigError("setting_not_constant", at.place, subject=subject)
    return value.literal


def _mapping(
    loaded: LoadedProject, name: str, spec: FeedSpec, channel: LoadedChannel, feed_place: Place
) -> dict[str, MappingSource]:
    """For each attribute the mapping that counts; an attribute mapped to '' is left out."""
    found: dict[str, MappingSource] = {}
    errors: list[FeedsyncError] = []
    for attribute, mapping in channel.spec.mapping.items():
        found[attribute] = MappingSource(mapping, _InChannel(channel, attribute), feed_place, standard=True)
    layers = [
        (("defaults", "attributes"), loaded.spec.defaults.attributes),
        (("feeds", name, "attributes"), spec.attributes),
    ]
    for path, mappings in layers:
        for attribute, mapping in mappings.items():
            at = (*path, attribute)
            if attribute in channel.spec.attributes:
                place = loaded.document.place(at, key=True)
                found[attribute] = MappingSource(mapping, _InProject(loaded, at), place)
            elif path[0] == "feeds":
                place = loaded.document.place(at, key=True)
                near = nearest(attribute, channel.spec.attributes)
                params = {"channel": channel.spec.name, "name": attribute, "near": near}
                errors.append(ConfigError("no_such_attribute", place, subject=name, **params))
    raise_all(errors)
    return {attribute: found[attribute] for attribute in channel.spec.attributes if attribute in found}


def _identity(
    loaded: LoadedProject, name: str, spec: FeedSpec, mapping: Mapping[str, MappingSource], place: Place
) -> MappingSource:
    """The item's key: the feed's `id`, else what fills the attribute `id`."""
    if spec.id is not None:
        path = ("feeds", name, "id")
        return MappingSource(spec.id, _InProject(loaded, path), loaded.document.place(path))
    if spec.rows is not None or "id" not in mapping:
        raise ConfigError("feed_without_id", place, subject=f"feeds.{name}")
    return mapping["id"]


def _exclusions(loaded: LoadedProject, path: MappingPath, exclusions: Sequence[Exclusion]) -> list[Condition]:
    found = []
    for index, exclusion in enumerate(exclusions):
        at = _at(loaded, (*path, "exclude", index, "when"))
        found.append(Condition(exclusion.when, at, exclusion.reason))
    return found


def _of_presets(loaded: LoadedProject) -> list[Condition]:
    """What the catalog's presets leave out: rows that no shop sells."""
    found = []
    for source in loaded.spec.catalog.sources:
        if source.preset and source.join is None:
            preset = loaded.presets.by_name[source.preset]
            for index, one in enumerate(preset.spec.exclude):
                place = preset.document.place(("exclude", index, "when"))
                found.append(Condition(one.when, At(place), one.reason))
    return found


def _at(loaded: LoadedProject, path: MappingPath) -> At:
    """Where a template's text begins; exact where columns inside it count up."""
    place = loaded.document.place(path)
    inside = loaded.document.scalar_offset(path)
    return At(Place(place.file, place.line, inside), True) if inside else At(place)


class _InProject:
    """Places inside a mapping of feedsync.yaml."""

    def __init__(self, loaded: LoadedProject, base: MappingPath) -> None:
        self.loaded, self.base = loaded, base

    def __call__(self, path: MappingPath) -> At:
        return _at(self.loaded, (*self.base, *path))


class _InChannel:
    """Places inside a channel's mapping.yaml."""

    def __init__(self, channel: LoadedChannel, attribute: str) -> None:
        self.channel, self.attribute = channel, attribute

    def __call__(self, path: MappingPath) -> At:
        place = self.channel.place("mapping.yaml", self.attribute, *path)
        inside = self.channel.scalar_offset("mapping.yaml", self.attribute, *path)
        return At(Place(place.file, place.line, inside), True) if inside else At(place)
