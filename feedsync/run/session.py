"""One run over a project: opened, prepared, tallied. What every job shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from feedsync.catalog.side import KEY
from feedsync.errors import ConfigError, Place, UsageError
from feedsync.expressions.scope import Table
from feedsync.project import Feed, Project, open_project
from feedsync.run.asked import AskedCounts
from feedsync.run.engine import Engine, Group, Inputs, Progress, prepare
from feedsync.run.groups import VariantGroups
from feedsync.run.kernel import FeedBatch
from feedsync.run.located import files_of
from feedsync.run.lookups import read_lookups
from feedsync.run.misspelt import misspelt_fields
from feedsync.run.overrides import Overrides, read_overrides, unread_notes
from feedsync.run.own import load_own
from feedsync.run.prepare import severities
from feedsync.run.rates import rates_notes, read_rates
from feedsync.run.results import FeedResult, Note, SourceFact
from feedsync.run.selection import Selection
from feedsync.run.source_notes import source_notes
from feedsync.run.staged import Staged
from feedsync.run.stale import rules_over
from feedsync.run.tally import Tally
from feedsync.sources.base import Proof
from feedsync.specs.formats import XmlFormat


@dataclass(frozen=True)
class Job:
    """What every job needs: the project and how it is to be read."""

    project: Path
    """A folder with feedsync.yaml, or the file."""
    as_of: date | None = None
    """The run's date; today in the catalog's time zone otherwise."""
    frames: Mapping[str, Any] = field(default_factory=dict)
    """Frames for sources declared with `frame: true`, by name."""
    env: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None
    """Called with (feed or stage, rows done, rows in all or None) now and then."""
    plugins: bool = True
    """Whether the project's own Python may run."""
    target: str | None = None
    """Whose keys are laid over the project's."""


@dataclass
class Session:
    """An opened project over its rows."""

    project: Project
    feeds: list[Feed]
    engine: Engine
    as_of: date
    progress: Progress | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    """The project's lookup tables."""
    overrides: Overrides = field(default_factory=Overrides)
    selected: bool = False
    """Only some products were asked for: what joining found of the others is not said."""

    def sources(self) -> list[SourceFact]:
        """What was read, in the project's order."""
        return [
            SourceFact(name, one.rows, one.bytes, one.fingerprint, one.complete, one.proved, one.modified)
            for name, one in self.proofs()
        ]

    @property
    def every_feed(self) -> bool:
        """All feeds of the project run: what none of them uses is not used."""
        return len(self.feeds) == len(self.project.feeds)

    def notes(self) -> list[Note]:
        """Channels taken at their newest version, rows that on_ragged: skip left out."""
        document = self.project.loaded.document
        found: list[Note] = []
        params: dict[str, object]
        for feed in {one.block: one for one in reversed(self.feeds)}.values():
            if "@" not in feed.spec.channel:
                place = document.place(("feeds", feed.name, "channel"))
                params = {"feed": feed.name, "channel": feed.spec.channel, "version": feed.channel.spec.version}
                found.append(Note("hint", "newest_version", place, params))
        found += self._rss_without_link()
        found += self._bare_numbers()
        catalog = self.engine.catalog
        mappings = [kernel.mapping for group in self.engine.groups for kernel in group.kernels]
        found += [
            *self.overrides.notes,
            *unread_notes(mappings),
            *self.overrides.unknown_products(catalog.aligned[KEY]),
        ]
        found += [*rates_notes(self.project, self.tables, self.as_of), *rules_over(self.project, self.as_of)]
        if self.every_feed:  # a feed that is not run may read it
            found += misspelt_fields(catalog, document)
        if parents := len(catalog.aligned) - catalog.products:
            params = {"rows": len(catalog.aligned), "products": catalog.products, "parents": parents}
            found.append(Note("hint", "rows_and_parents", Place(catalog.name), params))
        sets = [catalog, *(table.rows for table in self.engine.tables)]
        for name, reasons in (pair for rows in sets for pair in rows.left_out.items()):
            for reason, count in reasons.items():
                found.append(Note("hint", "rows_of_no_product", Place(name), {"count": count, "reason": reason}))
        found += source_notes(self.project, self.proofs(), _moment(self.as_of))
        for name, proof in self.proofs():
            if not proof.line_end:
                found.append(Note("hint", "no_line_end", Place(name), always=True))
            if proof.stripped:
                columns = ", ".join(f"{column} {cells}" for column, cells in proof.stripped[:5])
                params = {"cells": sum(cells for _, cells in proof.stripped), "columns": columns}
                found.append(Note("hint", "characters_stripped", Place(name), params))
            if proof.quarantined:
                lines = ", ".join(str(line) for line in proof.skipped[:3])
                place = Place(name, proof.skipped[0] if proof.skipped else 0)
                found.append(Note("warning", "rows_left_out", place, {"count": proof.quarantined, "lines": lines}))
        return found

    def _rss_without_link(self) -> list[Note]:
        """RSS 2.0 wants the shop's address in its head; channels read the products without it."""
        loaded = self.project.loaded
        if loaded.spec.catalog.shop_url is not None:
            return []
        place = loaded.document.place(("catalog",), key=True)
        chosen = [
            (feed.name, feed.channel.spec.channel.formats.get(one)) for feed in self.feeds for one in feed.formats
        ]
        rss = dict.fromkeys(name for name, form in chosen if isinstance(form, XmlFormat) and form.document == "rss")
        return [Note("hint", "rss_without_link", place, {"feeds": ", ".join(rss)})] if rss else []

    def _bare_numbers(self) -> list[Note]:
        """`'in_stock' if stock`: a stock of 0 is a stock, and the product would be sold out and in stock."""
        kernels = [kernel for group in self.engine.groups for kernel in group.kernels]
        compiled = [
            one
            for kernel in kernels
            for one in (
                *(template for a in kernel.mapping.attributes if not a.source.standard for template in a.compiled),
                *(exclusion.compiled for exclusion in kernel.mapping.exclusions),
            )
        ]
        places = {place: field for one in compiled for field, place in one.bare}
        return [Note("hint", "bare_number", place, {"field": field}) for place, field in sorted(places.items())]

    def proofs(self) -> list[tuple[str, Proof]]:
        """What was read of every source, by name."""
        return [*self.engine.catalog.proofs, *(proof for table in self.engine.tables for proof in table.rows.proofs)]

    def batches(self, asked: AskedCounts | None = None) -> Iterator[tuple[Group, pl.DataFrame, list[FeedBatch]]]:
        """Every typed batch of every group with what its feeds made of it; `asked` counts what lookup tables are asked."""
        for group in self.engine.groups:
            done = 0
            for typed, batches in group.run(asked):
                done += len(typed)
                if self.progress is not None:
                    self.progress("map", done, group.rows)
                yield group, typed, batches

    def tallies(self, found: Staged) -> dict[str, Tally]:
        """An empty tally per feed."""
        levels = severities(self.project, self.as_of)
        files = files_of(self.proofs())
        return {feed.name: Tally(feed, found, levels, files=files) for feed in self.feeds}

    def finish(self, tallies: Mapping[str, Tally], groups: Mapping[str, VariantGroups]) -> list[FeedResult]:
        """The feeds' results, with what only shows at the end: joined sources, groups that do not differ."""
        spec = self.project.loaded.spec
        kernels = {kernel.name: kernel for group in self.engine.groups for kernel in group.kernels}
        for name, tally in tallies.items():
            reads = set() if self.selected else set(kernels[name].mapping.reads)
            for joining in self.engine.catalog.joining:
                if reads & joining.fields:
                    place = self.project.loaded.document.place(("catalog", "sources"))
                    source = joining.source if joining.code == "FS104" else self.engine.catalog.name
                    tally.joined(joining.code, spec.catalog.key, joining.source, source, joining.rows, place)
            if name in groups:
                for rule, frame in groups[name].findings():
                    tally.findings(rule, frame)
        return [tallies[feed.name].done() for feed in self.feeds]


@contextmanager
def session(
    job: Job, names: Sequence[str], selection: Selection | None = None, *, one: bool = False
) -> Iterator[Session]:
    """Open, prove and compile; the staged files go when the block ends. `one`: the names must be those of one feed."""
    project = open_project(job.project, job.env, job.target)
    feeds = project.chosen(names)
    if one and len(feeds) > 1:
        raise UsageError("several_feeds", name=names[0], known=", ".join(feed.name for feed in feeds))
    as_of = job.as_of or _today(project)
    tables = {**read_lookups(project.loaded, job.env), **read_rates(project)}
    overrides = read_overrides(project, as_of)
    own = load_own(project, plugins=job.plugins)
    with own.running():
        engine = prepare(Inputs(project, feeds, tables, as_of, job.frames, selection or Selection(), own, overrides))
        try:
            yield Session(project, feeds, engine, as_of, job.progress, tables, overrides, bool(selection))
        finally:
            engine.close()


def _today(project: Project) -> date:
    """The date that templates read as `as_of`; the only look at a clock that what is written depends on."""
    zone = project.loaded.spec.catalog.timezone
    try:
        return datetime.now(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        place = project.loaded.document.place(("catalog", "timezone"))
        raise ConfigError("unknown_timezone", place, subject="catalog.timezone", name=zone) from None


def _moment(as_of: date) -> datetime:
    """Now, to tell the age of files; the end of the run's day where that is another one."""
    now = datetime.now(UTC)
    if abs((as_of - now.date()).days) <= 1:  # the shop's time zone may be a day ahead or behind
        return now
    return datetime.combine(as_of, time.max, UTC)
