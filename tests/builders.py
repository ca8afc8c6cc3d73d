"""Tiny projects from text: files in a folder, run by the real commands, results as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import feedsync
from feedsync.project import Feed
from feedsync.run.commands import Job
from feedsync.run.results import FeedResult, FindingGroup
from feedsync.run.session import session
from feedsync.writers.spelling import render

AS_OF = date(2026, 11, 21)
MARKET = "{country: ES, language: es, currency: EUR}"
CHANNEL = """\
title: Probe
docs: https://channel.example
not_shown: {en: not in the shop}
delete_mode: absence
write_mode: replace
formats: {csv: {writer: delimited, suffix: csv}}
"""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files in the folder (text as UTF-8, without translating line ends); gives the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def probe(attributes: str, channel: str = "", mapping: str = "") -> dict[str, str]:
    """A made-up channel of a project's own, `probe`: an id, and `attributes` (YAML) besides."""
    return {
        "channel_specs/probe/1/channel.yaml": CHANNEL + channel,
        "channel_specs/probe/1/attributes.yaml": "id: {required: true}\n" + attributes,
        "channel_specs/probe/1/mapping.yaml": 'id: "{{ sku }}"\n' + mapping,
    }


def shop(folder: Path, products: str, feed: str, attributes: str, project: str = "", **more: str) -> Path:
    """A project of one source `p.csv` and one feed `f` of the channel `probe`.

    `feed` is the YAML under feeds.f (indented by nothing), `attributes` the channel's, `project` further top-level
    keys; `more`: `catalog` (keys of the catalog, as YAML), `channel` (further keys of channel.yaml).
    """
    catalog = more.get("catalog", "sources: [{path: p.csv}]\n")
    text = (
        f"catalog:\n{indented(catalog, 2)}feeds:\n  f:\n    channel: probe\n    market: {MARKET}\n{indented(feed, 4)}"
    )
    files = {"p.csv": products, "feedsync.yaml": text + project, **probe(attributes, more.get("channel", ""))}
    return write(folder, files)


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True)) + ("" if text.endswith("\n") else "\n")


def check(folder: Path, frames: Mapping[str, Any] | None = None, **options: Any) -> dict[str, FeedResult]:
    """Every feed's result by name; counts are proved to reconcile."""
    result = feedsync.load_project(folder, frames, as_of=AS_OF, env={}).check(**options)
    for feed in result.feeds:
        assert feed.read == feed.ready + feed.blocked + sum(feed.excluded.values()), feed
    return {feed.feed: feed for feed in result.feeds}


def counts(feed: FeedResult) -> tuple[int, int, int, dict[str, int]]:
    """read, ready, blocked, excluded"""
    return feed.read, feed.ready, feed.blocked, feed.excluded


def found(feed: FeedResult) -> list[tuple[str, str, str, list[str | None]]]:
    """(code, severity, attribute, ids of the samples) of every finding, in order of code and attribute."""
    groups = sorted(feed.findings, key=lambda group: (group.code, group.attribute, str(group.place)))
    return [(one.code, one.severity, one.attribute, ids(one)) for one in groups]


def ids(group: FindingGroup) -> list[str | None]:
    return [sample.id for sample in group.samples]


def items(folder: Path, feed: str = "f", frames: Mapping[str, Any] | None = None) -> list[dict[str, str]]:
    """The ready items of a feed as texts the channel gets, in order; missing values are left out."""
    job = Job(folder, AS_OF, dict(frames or {}), {})
    with session(job, [feed]) as run:
        (chosen,) = run.feeds
        zone = run.project.loaded.spec.catalog.timezone
        return [item for _, _, (batch,) in run.batches() for item in texts(batch.items, chosen, zone)]


def texts(ready: pl.DataFrame, feed: Feed, zone: str) -> list[dict[str, str]]:
    """Items as the channel gets them; missing values are left out."""
    spec = feed.channel.spec
    used = {name: one for name, one in spec.attributes.items() if name in ready.columns}
    rows = ready.select(render(used, spec.channel.spelling, zone)).rows(named=True)
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def export(folder: Path, output: Path, frames: Mapping[str, Any] | None = None, **options: Any) -> dict[str, bytes]:
    """Every file of an export by its path, manifest.json too."""
    project = feedsync.load_project(folder, frames, as_of=AS_OF, env={})
    project.export(options.pop("feeds", ()), output=output, **options)
    return files_in(output)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def cells(text: str) -> pl.DataFrame:
    """A CSV text as Polars texts."""
    return pl.read_csv(text.encode(), infer_schema=False)


def lines(*parts: str) -> str:
    """Text lines, each ended."""
    return "".join(part + "\n" for part in parts)


def without(message: str, *texts: object) -> str:
    """A message without what differs by machine."""
    for text in texts:
        message = message.replace(str(text), "")
    return re.sub(r"\s+$", "", message)


def codes(feed: FeedResult) -> Sequence[tuple[str, str]]:
    """(code, attribute) of every finding, sorted."""
    return sorted((one.code, one.attribute) for one in feed.findings)
