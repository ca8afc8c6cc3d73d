"""What feedsync.yaml says in one place against what it says in another, and against the channels' rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedsync.errors import ConfigError, FeedsyncError, ManyErrors, raise_all
from feedsync.findings import CODES
from feedsync.specs.channels import LoadedChannel, load_channel
from feedsync.specs.expansion import expansion_errors
from feedsync.specs.laid_over import ProjectDocument
from feedsync.specs.lint import lint_errors
from feedsync.specs.mistakes import clipped, unknown_name
from feedsync.specs.model import is_day
from feedsync.specs.project import FeedSpec, ProjectSpec, RuleSpec
from feedsync.specs.yaml import Path_, dotted

_FEED_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")  # it names files and columns of reports


def check_project(
    spec: ProjectSpec, document: ProjectDocument, root: Path
) -> tuple[dict[str, LoadedChannel], list[FeedsyncError]]:
    """The channels of the feeds, by what the feeds write, and every mistake between the parts of the project."""
    channels, errors = _load_channels(spec, document, root)
    errors.extend(_Check(spec, document, channels).errors())
    return channels, errors


def _load_channels(
    spec: ProjectSpec, document: ProjectDocument, root: Path
) -> tuple[dict[str, LoadedChannel], list[FeedsyncError]]:
    channels: dict[str, LoadedChannel] = {}
    errors: list[FeedsyncError] = []
    failed: list[str] = []
    for name, feed in spec.feeds.items():
        if feed.channel in channels or feed.channel in failed:
            continue
        path = ("feeds", name, "channel")
        try:
            loaded = load_channel(feed.channel, root, document.place(path))
            raise_all(lint_errors(loaded))
            channels[feed.channel] = loaded
        except FeedsyncError as error:
            failed.append(feed.channel)
            if error.place == document.place(path):
                error.subject = dotted(path)
            errors.extend(error.errors if isinstance(error, ManyErrors) else [error])
    return channels, errors


class _Check:
    """The mistakes of one project, part by part."""

    def __init__(self, spec: ProjectSpec, document: ProjectDocument, channels: dict[str, LoadedChannel]) -> None:
        self.spec = spec
        self.document = document
        self.channels = channels

    def errors(self) -> Iterator[ConfigError]:
        """All of them, in no special order."""
        if not _is_zone(self.spec.catalog.timezone):
            yield self._error("config_timezone", ("catalog", "timezone"), name=clipped(self.spec.catalog.timezone))
        yield from self._defaults()
        yield from self._rules()
        yield from self._source_names()
        yield from self._joins()
        yield from self._translated()
        yield from expansion_errors(self.spec, self.document)
        for name, feed in self.spec.feeds.items():
            yield from self._feed(("feeds", name), name, feed)

    def _translated(self) -> Iterator[ConfigError]:
        """Of translated fields it must be known in which language the plain ones are."""
        catalog = self.spec.catalog
        if catalog.translated and catalog.language is None:
            yield self._error("config_translated_language", ("catalog", "translated"), key_place=True)
        if self.spec.rates is not None and "rates" in self.spec.lookups:
            yield self._error("rates_name_taken", ("lookups", "rates"), key_place=True)

    def _joins(self) -> Iterator[ConfigError]:
        """The first source adds rows; every further one is joined."""
        for number, source in enumerate(self.spec.catalog.sources):
            path: Path_ = ("catalog", "sources", number)
            if number and source.join is None:
                yield self._error("source_without_join", path, key=self.spec.catalog.key)
            elif not number and (source.join is not None or source.on is not None or source.aggregate):
                yield self._error("first_source_joined", path)

    def _feed(self, path: Path_, name: str, feed: FeedSpec) -> Iterator[ConfigError]:
        if not _FEED_NAME.fullmatch(name):
            yield self._error("config_feed_name", path, key_place=True)
        if isinstance(feed.market, str):
            yield from self._known("config_unknown_market", (*path, "market"), feed.market, self.spec.markets)
        elif feed.market is None and not feed.markets and len(self.spec.markets) != 1:
            yield self._error("config_no_market", path, key_place=True)
        if feed.rows is not None:
            yield from self._known("config_unknown_table", (*path, "rows"), feed.rows, self.spec.tables)
        loaded = self.channels.get(feed.channel)
        if loaded:
            yield from self._against_channel(path, feed, loaded)

    def _against_channel(self, path: Path_, feed: FeedSpec, loaded: LoadedChannel) -> Iterator[ConfigError]:
        channel, name = loaded.spec.channel, loaded.spec.name
        if channel.rows == "table" and feed.rows is None:
            yield self._error("config_rows_needed", path, key_place=True, channel=name)
        for attribute in feed.attributes:
            at = (*path, "attributes", attribute)
            known = loaded.spec.attributes
            yield from self._known("config_channel_attribute", at, attribute, known, key_place=True, channel=name)
        for number, entry in enumerate(feed.formats):
            at = (*path, "formats", number)
            at = at if self.document.has(at) else at[:-1]  # one format may stand without brackets
            yield from self._known("config_unknown_format", at, entry, channel.formats, channel=name)
        for setting in feed.settings:
            at = (*path, "settings", setting)
            known_settings = channel.settings
            yield from self._known("config_unknown_setting", at, setting, known_settings, key_place=True, channel=name)
        for setting, asked in channel.settings.items():
            if asked.required and asked.default is None and not feed.settings.get(setting):
                at = (*path, "settings")
                yield self._error("config_setting_needed", at, key_place=True, setting=setting, channel=name)

    def _defaults(self) -> Iterator[ConfigError]:
        """A default may name an attribute that some channels lack, but not one that all lack."""
        if len(self.channels) < len({feed.channel for feed in self.spec.feeds.values()}):
            return  # a channel could not be read; it may have the attribute
        known = dict.fromkeys(name for loaded in self.channels.values() for name in loaded.spec.attributes)
        for attribute in self.spec.defaults.attributes:
            at = ("defaults", "attributes", attribute)
            yield from self._known("config_default_attribute", at, attribute, known, key_place=True)

    def _rules(self) -> Iterator[ConfigError]:
        for code, rule in self.spec.rules.items():
            path = ("rules", code)
            known = [one for one in CODES if not one.startswith("FS5")]  # a guard is allowed by name, not by severity
            yield from self._known("config_unknown_code", path, code, known, key_place=True)
            if not isinstance(rule, RuleSpec):
                continue
            if rule.severity == "off" and not (rule.reason.strip() and rule.until):
                yield self._error("config_off_needs", path)
            if rule.until is not None and not is_day(rule.until):
                yield self._error("config_not_a_day", (*path, "until"), value=rule.until)

    def _source_names(self) -> Iterator[ConfigError]:
        seen: dict[str, Path_] = {}
        for number, source in enumerate(self.spec.catalog.sources):
            path: Path_ = ("catalog", "sources", number, "name")
            if source.name is None:
                continue
            if source.name in seen:
                yield self._error(
                    "config_source_name", path, name=source.name, first=self.document.place(seen[source.name])
                )
            seen.setdefault(source.name, path)

    def _known(
        self, key: str, path: Path_, name: str, known: Iterable[str], key_place: bool = False, **params: object
    ) -> Iterator[ConfigError]:
        names = list(known)
        if name not in names:
            key, found = unknown_name(key, name, names)
            yield self._error(key, path, key_place=key_place, **found, **params)

    def _error(self, key: str, path: Path_, /, key_place: bool = False, **params: object) -> ConfigError:
        return ConfigError(key, self.document.place(path, key=key_place), subject=dotted(path), **params)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a path out of the database, a folder of it
        return False
    return True
