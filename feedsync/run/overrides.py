"""The file of overrides: values for single products, for people without YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from feedsync.errors import Place, nearest
from feedsync.frames import ROW
from feedsync.mapping.feed import FeedMapping
from feedsync.mapping.overrides import Override
from feedsync.project import Feed, Project
from feedsync.run.delimited import need_columns, read_delimited
from feedsync.run.results import Note
from feedsync.specs.model import is_day
from feedsync.texts import say

NEEDED: Final = ("sku", "attribute", "value")
OPTIONAL: Final = ("reason", "expires", "feed")
SHOWN: Final = 3


class _Line(NamedTuple):
    """One line of the file that counts."""

    attribute: str
    feed: str | None
    override: Override


@dataclass(frozen=True)
class Overrides:
    """The overrides that hold on the run's day."""

    by_feed: Mapping[str, Mapping[str, Sequence[Override]]] = field(default_factory=dict)
    """Feed -> attribute -> values; of several for one product the last one that reads counts."""
    notes: tuple[Note, ...] = ()
    """What of the file does not count, and why."""

    def of(self, feed: str) -> Mapping[str, Sequence[Override]]:
        """Those of one feed."""
        return self.by_feed.get(feed, {})

    def unknown_products(self, keys: pl.Series) -> Iterator[Note]:
        """A warning where products are named that the catalog does not have."""
        named = {one.key: one for feed in self.by_feed.values() for entries in feed.values() for one in entries}
        known = pl.Series(list(named), dtype=pl.String).is_in(keys.drop_nulls().implode())
        lost = sorted(
            (one for one, there in zip(named.values(), known, strict=True) if not there), key=lambda one: one.place
        )
        if lost:
            shown = ", ".join(one.key for one in lost[:SHOWN])
            yield Note("warning", "override_product", lost[0].place, {"count": len(lost), "keys": shown})


def read_overrides(project: Project, as_of: date) -> Overrides:
    """The project's overrides, if it has any. Raises FeedsyncError where the file does not read."""
    spec = project.loaded.spec.overrides
    if spec is None:
        return Overrides()
    wanted = (*NEEDED, *OPTIONAL)
    how = {"delimiter": spec.delimiter, "encoding": spec.encoding}
    frame = read_delimited(spec.path, wanted, project.root, project.env, **how, may_be_empty=True)
    need_columns(frame, NEEDED, project.loaded.document.place(("overrides",)), "overrides")
    reading = _Reading(project, spec.path, as_of)
    for column in frame.columns:
        near = nearest(column, OPTIONAL)
        if near and column not in wanted and near not in frame.columns:
            reading.note("override_column", 1, name=column, near=near)
    cells = [pl.col(name).str.strip_chars() if name in frame.columns else pl.lit(None).alias(name) for name in wanted]
    for row in frame.select(*cells, ROW).iter_rows(named=True):
        reading.line({name: row[name] or None for name in wanted}, row[ROW])
    return Overrides(reading.by_feed(), tuple(reading.notes()))


class _Reading:
    """The lines one after the other; what is wrong is told once per cause, with the first lines that have it."""

    def __init__(self, project: Project, path: str, as_of: date) -> None:
        self.feeds = project.feeds
        self.blocks = dict.fromkeys(feed.block for feed in self.feeds.values())
        self.attributes = dict.fromkeys(n for feed in self.feeds.values() for n in feed.channel.spec.attributes)
        self.path = path
        self.day = as_of.isoformat()
        self.lines: list[_Line] = []
        self._wrong: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}

    def note(self, key: str, row: int, **params: str) -> None:
        self._wrong.setdefault((key, tuple(params.items())), []).append(row)

    def notes(self) -> Iterator[Note]:
        for (key, params), rows in sorted(self._wrong.items(), key=lambda item: (item[1][0], item[0])):
            lines = ", ".join(str(row) for row in rows[:SHOWN])
            severity = "hint" if key == "override_expired" else "warning"
            yield Note(severity, key, Place(self.path, rows[0]), {**dict(params), "count": len(rows), "lines": lines})

    def line(self, row: Mapping[str, str | None], number: int) -> None:
        """Take the line, or note why not."""
        sku, attribute, feed, expires = row["sku"], row["attribute"], row["feed"], row["expires"]
        if sku is None or attribute is None:
            if any(row.values()):
                self.note("override_incomplete", number)
            return
        if expires is not None and not is_day(expires):
            self.note("override_expires", number, value=expires)
        elif expires is not None and expires < self.day:
            self.note("override_expired", number, as_of=self.day)
        elif feed is not None and feed not in self.feeds and feed not in self.blocks:
            self.note("override_feed", number, name=feed, near=nearest(feed, [*self.feeds, *self.blocks]))
        elif attribute == "id":
            self.note("override_id", number)
        elif not any(attribute in one.channel.spec.attributes for one in self._of(feed)):
            self.note("override_attribute", number, name=attribute, near=nearest(attribute, self.attributes))
        else:
            one = Override(sku, row["value"], row["reason"] or say("override_no_reason"), Place(self.path, number))
            self.lines.append(_Line(attribute, feed, one))

    def _of(self, feed: str | None) -> list[Feed]:
        return [one for one in self.feeds.values() if feed is None or feed in (one.name, one.block)]

    def by_feed(self) -> dict[str, dict[str, list[Override]]]:
        """The lines by feed: one that names the feed goes before one that names its block, and that before one for all;
        of two lines alike the later one counts. All are kept, in that order: which of them read, the attribute's type
        tells later."""
        seen: dict[tuple[str, str | None, str], int] = {}
        for attribute, feed, one in self.lines:
            before = seen.get((attribute, feed, one.key))
            if before is not None:
                self.note("override_twice", one.place.line, first=str(before))
            seen[attribute, feed, one.key] = one.place.line
        found: dict[str, dict[str, list[Override]]] = {}
        for name, of in self.feeds.items():
            chosen: dict[str, list[Override]] = {}
            for wanted in (None, of.block, *([name] if name != of.block else [])):
                for attribute, given, one in self.lines:
                    if given == wanted and attribute in of.channel.spec.attributes:
                        chosen.setdefault(attribute, []).append(one)
            found[name] = chosen
        return found


def unread_notes(mappings: Sequence[FeedMapping]) -> Iterator[Note]:
    """A warning for each value that does not read as its attribute."""
    told: set[tuple[Place, str]] = set()
    for mapping in mappings:
        for one in mapping.overrides.values():
            for entry in one.unread:
                if (entry.place, one.attribute) not in told:
                    told.add((entry.place, one.attribute))
                    params = {"attribute": one.attribute, "value": entry.value, "type": str(one.type)}
                    yield Note("warning", "override_value", entry.place, params)
