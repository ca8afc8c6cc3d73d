"""check and export: the same run, with and without files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from feedsync.catalog.side import KEY
from feedsync.errors import ConfigError, Place, UsageError, nearest
from feedsync.project import Feed
from feedsync.run.asked import AskedCounts, lookup_notes
from feedsync.run.groups import VariantGroups
from feedsync.run.guards import check_allowed, refuse, tripped
from feedsync.run.in_order import InOrder
from feedsync.run.kernel import FeedBatch, FeedKernel
from feedsync.run.lock import locked
from feedsync.run.manifest import NAME, manifest_bytes, read_manifest
from feedsync.run.own import own_files
from feedsync.run.prepare import severities
from feedsync.run.results import CheckResult, ExportResult, FeedResult, FileFact, GuardResult, Note, SourceFact
from feedsync.run.selection import Selection, nothing_selected
from feedsync.run.session import Job, Session, session
from feedsync.run.staged import Staged
from feedsync.run.stale import rules_unused
from feedsync.run.tally import Tally
from feedsync.sources.found import SIGNS, files_found
from feedsync.sources.remote import is_remote
from feedsync.specs.project import LookupFile
from feedsync.writers.base import Document, Writer
from feedsync.writers.disk import make_folder
from feedsync.writers.files import FeedFile, FileSet, Written, file_suffix
from feedsync.writers.open import open_writer
from feedsync.writers.replace import recover, sweep


def check(
    job: Job,
    feeds: Sequence[str] = (),
    *,
    fail_on: str | None = None,
    skus: Sequence[str] = (),
    where: str | None = None,
) -> CheckResult:
    """What is wrong with the feeds' items; nothing is written.

    `skus` and `where` narrow what is looked at; a selection that matches nothing raises UsageError. Raises
    FeedsyncError where it cannot run.
    """
    selection = Selection(tuple(skus), where)
    with session(job, feeds, selection) as run:
        counts = _Counts(run)
        asked = AskedCounts(run.tables)
        for group, _, batches in run.batches(asked):
            counts.add(group.kernels, batches)
        if selection and not any(tally.result.read for tally in counts.tallies.values()):
            raise nothing_selected(selection, run.engine.catalog.products, run.engine.catalog.aligned[KEY])
        threshold = fail_on or run.project.loaded.spec.fail_on
        whole = not selection and run.every_feed  # what is not run may ask for the other keys
        lookups, results = asked.results(unused=whole), counts.results()
        notes = [*run.notes(), *lookup_notes(run, lookups)]
        if whole:
            notes += rules_unused(run.project, run.as_of, results)
        return CheckResult(results, run.sources(), threshold, notes, counts.found, lookups)


def export(
    job: Job,
    feeds: Sequence[str] = (),
    *,
    output: Path,
    formats: Sequence[str] = (),
    allow: Mapping[str, str] | None = None,
) -> ExportResult:
    """Write the feeds' files and manifest.json into `output`, all together or none.

    `allow` is guard -> reason. Raises Refused where a guard holds the run over an existing manifest, Locked where
    another export writes into the folder, FeedsyncError where it cannot run; the last files stay then.
    """
    allowed = dict(allow or {})
    check_allowed(allowed)
    with ExitStack() as until_the_end:
        repaired = _only_here(until_the_end, output, feeds) if os.path.isdir(output) else None
        run = until_the_end.enter_context(session(job, feeds))
        for feed in run.feeds:
            chosen_formats(feed, formats)  # a wrong name before anything is made
        if repaired is None:
            make_folder(str(output))
            repaired = _only_here(until_the_end, output, feeds)
        return _export(run, feeds, output, formats, allowed, repaired)


def _only_here(until_the_end: ExitStack, output: Path, feeds: Sequence[str]) -> list[Note]:
    """The folder for this run alone, before the sources are read: an older reading never replaces a newer one.

    What a run that died left there is put right.
    """
    until_the_end.enter_context(locked(output, " ".join(["feedsync export", *feeds])))
    files = recover(str(output))
    sweep(str(output))
    return [Note("warning", "export_recovered", Place(str(output)), {"files": ", ".join(files)})] if files else []


def _export(
    run: Session,
    feeds: Sequence[str],
    output: Path,
    formats: Sequence[str],
    allowed: Mapping[str, str],
    repaired: Sequence[Note],
) -> ExportResult:
    last = read_manifest(output)
    counts = _Counts(run)
    with FileSet(str(output), _inputs(run)) as files:
        written = _write(run, counts, output, formats, files)
        results, sources, read = counts.results(), run.sources(), _read_by(run)
        guards = tripped(last, results, read, run.project.loaded.spec.guards) if last else []
        guards = [replace(guard, allowed_because=allowed.get(guard.name)) for guard in guards]
        refuse(guards, feeds, str(output))
        notes = [{"guard": g.name, "feed": g.feed, "reason": g.allowed_because or ""} for g in guards]
        # last: while it is the old one, what stands beside it is not an export yet
        files.open(str(output / NAME)).write(manifest_bytes(last, written, sources, results, read, notes))
    return ExportResult(
        results,
        sources,
        run.project.loaded.spec.fail_on,
        [*repaired, *run.notes(), *_empty(results, guards, output), *_leftovers(last, written, output)],
        counts.found,
        folder=str(output),
        files=written,
        guards=guards,
    )


def _read_by(run: Session) -> dict[str, list[SourceFact]]:
    """Feed -> the sources it is made of: the catalog's, and its table's where its rows are a table's."""
    facts = {fact.name: fact for fact in run.sources()}
    catalog = [name for name, _ in run.engine.catalog.proofs]
    tables = {table.name: [name for name, _ in table.rows.proofs] for table in run.engine.tables}
    return {
        feed.name: [facts[name] for name in dict.fromkeys([*catalog, *tables.get(feed.spec.rows or "", ())])]
        for feed in run.feeds
    }


class _Counts:
    """Tallies and variant groups of all feeds of a run."""

    def __init__(self, run: Session) -> None:
        self.run = run
        self.found = Staged()
        self.tallies: dict[str, Tally] = run.tallies(self.found)
        levels, zone = severities(run.project, run.as_of), run.project.loaded.spec.catalog.timezone
        self.groups = {
            feed.name: VariantGroups(feed, kernel, levels, zone)
            for group in run.engine.groups
            for feed, kernel in zip(group.feeds, group.kernels, strict=True)
        }

    def add(self, kernels: Sequence[FeedKernel], batches: Sequence[FeedBatch]) -> None:
        for kernel, batch in zip(kernels, batches, strict=True):
            self.tallies[kernel.name].batch(batch)
            self.groups[kernel.name].batch(batch.items)

    def results(self) -> list[FeedResult]:
        return self.run.finish(self.tallies, self.groups)


def _write(run: Session, counts: _Counts, output: Path, formats: Sequence[str], files: FileSet) -> list[FileFact]:
    """Every batch into every file of its feed; the files lie beside their places until the set is renamed."""
    zone = run.project.loaded.spec.catalog.timezone
    open_files: dict[str, list[FeedFile]] = {}
    for group in run.engine.groups:
        for feed, kernel in zip(group.feeds, group.kernels, strict=True):
            writers = [feed_writer(run, feed, kernel, name, zone) for name in chosen_formats(feed, formats)]
            paths = [output / f"{feed.name}.{file_suffix(writer)}" for writer in writers]
            files.check(str(output / NAME))
            open_files[feed.name] = [
                FeedFile(writer, files, str(path)) for writer, path in zip(writers, paths, strict=True)
            ]
    with InOrder() as writing:
        for group, _, batches in run.batches():
            counts.add(group.kernels, batches)
            named = zip(group.kernels, batches, strict=True)
            writing.do(_add, [(file, batch.items) for kernel, batch in named for file in open_files[kernel.name]])
    facts = []
    for feed in run.feeds:
        for file in open_files[feed.name]:
            facts += [_fact(feed, one, output) for one in file.close()]
    return facts


def _add(piece: tuple[FeedFile, pl.DataFrame]) -> None:
    """One batch into one file."""
    file, frame = piece
    file.add(frame)


def _inputs(run: Session) -> dict[str, str]:
    """Every file that the project reads, as it lies on the disk -> as it is declared: an export never replaces one."""
    loaded = run.project.loaded
    sources = (*loaded.spec.catalog.sources, *loaded.spec.tables.values())
    declared = [name for source in sources if source.path for name in _found(source.path, run.project.root)]
    declared += [
        lookup.path for lookup in loaded.spec.lookups.values() if isinstance(lookup, LookupFile) and lookup.path
    ]
    declared += [one.path for one in (loaded.spec.rates, loaded.spec.overrides) if one is not None and one.path]
    declared += [source.url.removeprefix("sqlite:///") for source in sources if source.url]
    declared += [source.query_file for source in sources if source.query_file]
    declared += [loaded.document.file, *own_files(run.project)]
    return {os.path.realpath(run.project.root / path): path for path in declared}


def _found(path: str, root: Path) -> list[str]:
    """The path, or the files that it finds as a pattern."""
    if is_remote(path) or not any(sign in path for sign in SIGNS) or (root / path).exists():
        return [path]
    return files_found(path, root)


def _empty(results: Sequence[FeedResult], guards: Sequence[GuardResult], output: Path) -> list[Note]:
    """A warning for each feed without a product, unless a guard has asked already whether that is meant."""
    asked = {guard.feed for guard in guards}
    return [
        Note("warning", "export_empty", Place(str(output)), {"feed": one.feed})
        for one in results
        if not one.ready and one.feed not in asked
    ]


def _leftovers(last: Mapping[str, Any] | None, written: Sequence[FileFact], output: Path) -> list[Note]:
    """Files that an earlier export of these feeds wrote, that this one does not write, and that are still there."""
    now = {file.path for file in written}
    left: dict[str, list[str]] = {}
    for old in last["files"] if last else ():
        if (
            old["feed"] in {file.feed for file in written}
            and old["path"] not in now
            and os.path.exists(output / old["path"])  # not Path.exists: a name that is none has no file
        ):
            left.setdefault(old["feed"], []).append(old["path"])
    return [
        Note("warning", "files_left", Place(str(output)), {"feed": feed, "files": ", ".join(paths)})
        for feed, paths in left.items()
    ]


def feed_writer(run: Session, feed: Feed, kernel: FeedKernel, format_name: str, zone: str) -> Writer:
    """The writer of one of the feed's formats."""
    shop = run.project.loaded.spec.catalog.shop_url or ""
    info = Document(title=feed.name, link=shop, description=feed.channel.spec.channel.title, day=run.as_of)
    return open_writer(feed.channel.spec, format_name, kernel.attributes, feed.market, feed.settings, zone, info)


def chosen_formats(feed: Feed, formats: Sequence[str]) -> list[str]:
    """The formats to write: those asked for, else the feed's. Raises for one the channel does not have."""
    known = feed.channel.spec.channel.formats
    for name in formats or feed.formats:
        if name not in known:
            error = UsageError if formats else ConfigError
            near, names = nearest(name, known), ", ".join(known)
            place = None if formats else feed.place
            raise error("unknown_format", place, subject=feed.name, name=name, near=near, known=names)
    return list(dict.fromkeys(formats or feed.formats))


def _fact(feed: Feed, one: Written, output: Path) -> FileFact:
    spec = feed.channel.spec
    path = os.path.relpath(one.path, output)
    return FileFact(feed.name, path, one.items, one.bytes, one.sha256, spec.name, spec.version)
