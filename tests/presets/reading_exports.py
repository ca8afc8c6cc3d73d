"""Exports of shop systems, read through their presets: what every product's fields are."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from builders import AS_OF, MARKET, check, counts, found, indented, items, probe, write

import feedsync
from feedsync.catalog.standard import STANDARD_FIELDS

T = TypeVar("T")
CATALOGS = Path(os.environ.get("FEEDSYNC_CATALOGS") or Path(__file__).resolve().parents[3] / "shared" / "catalogs")


def real_catalog(name: str) -> Path:
    """A public export that is not part of the project; the test is skipped where it is not there."""
    path = CATALOGS / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: name the folder of the catalogs in FEEDSYNC_CATALOGS")
    return path


def exported_shop(
    folder: Path,
    source: str,
    catalog: str,
    files: dict[str, str | bytes],
    fields: Sequence[str],
    identity: str = "{{ sku }}",
) -> Path:
    """A project whose feed `f` has each of `fields` as an attribute of that name.

    `source` is the YAML of the source, `catalog` further keys of the catalog, `identity` the template of the id.
    """
    kinds = {name: str(STANDARD_FIELDS[name].type) if name in STANDARD_FIELDS else "text" for name in fields}
    attributes = "".join(f"{name}: {_attribute(kind)}\n" for name, kind in kinds.items())
    mapping = "".join(f'{name}: "{{{{ {name} }}}}"\n' for name in fields)
    feed = f'f: {{channel: probe, attributes: {{id: "{identity}"}}, market: {MARKET}}}\n'
    text = f"catalog:\n  sources:\n    - {source}\n{indented(catalog, 2)}feeds:\n  {feed}"
    return write(folder, {**files, "feedsync.yaml": text, **probe(attributes, mapping=mapping)})


def _attribute(kind: str) -> str:
    if kind.startswith("list of "):
        return f"{{type: list, of: {kind.removeprefix('list of ')}, repeat: 1000}}"
    return f"{{type: {'text' if kind == 'gtin' else kind}}}"


def products(folder: Path) -> dict[str, dict[str, str]]:
    """Id -> the product's fields as texts; missing ones are left out."""
    rows = items(folder)
    by_id = {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in rows}
    assert len(by_id) == len(rows)
    return by_id


def summary(folder: Path) -> tuple[tuple[int, int, int, dict[str, int]], list[tuple[str, str, str, list[str | None]]]]:
    """The counts and findings of feed `f`."""
    (feed,) = feedsync.load_project(folder, as_of=AS_OF, env={}).check().feeds
    return counts(feed), found(feed)


def flow(folder: Path, source: str, catalog: str, files: dict[str, str | bytes]) -> Path:
    """A project of one source for Google and Meta, with their own default mappings."""
    feeds = "".join(
        f"  {name}: {{channel: {channel}@2026-11, market: {MARKET}}}\n"
        for name, channel in (("google_es", "google_merchant"), ("meta_es", "meta_catalog"))
    )
    text = f"catalog:\n  sources:\n    - {source}\n{indented(catalog, 2)}feeds:\n{feeds}"
    return write(folder, {**files, "feedsync.yaml": text})


def exported(folder: Path) -> dict[str, tuple[int, int, int, dict[str, int]]]:
    """Feed -> its counts, the same of a check and of an export, whose files hold as many items as are ready."""
    result = {name: counts(feed) for name, feed in check(folder).items()}
    output = folder / "out"
    project = feedsync.load_project(folder, as_of=AS_OF, env={})
    assert {feed.feed: counts(feed) for feed in project.export(output=output).feeds} == result
    assert (output / "google_es.xml").read_text().count("<g:id>") == result["google_es"][1]
    with (output / "meta_es.csv").open(newline="") as file:
        assert sum(1 for _ in csv.DictReader(file, strict=True)) == result["meta_es"][1]
    return result


def tally(values: Iterable[T]) -> dict[T, int]:
    """Value -> how often."""
    return dict(Counter(values))
