"""How many products of a feed have which category of a taxonomy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from feedsync.errors import UsageError, nearest
from feedsync.run.session import Job, session
from feedsync.specs.taxonomy import Taxonomy, load_taxonomy, taxonomy_names


@dataclass(frozen=True)
class CategoryCount:
    """A category that products have."""

    id: str
    path: str
    products: int


@dataclass(frozen=True)
class UnknownCategory:
    """A value that the taxonomy does not have, and the path that it may mean ('' where none is near)."""

    value: str
    products: int
    nearest: str


@dataclass
class Coverage:
    """One feed's categories. products = known + unknown + without."""

    feed: str
    attribute: str
    taxonomy: Taxonomy
    products: int = 0
    """Products that the feed does not exclude, ready or blocked."""
    without: int = 0
    known: list[CategoryCount] = field(default_factory=list)
    """By number of products, then in the taxonomy's order."""
    unknown: list[UnknownCategory] = field(default_factory=list)
    """By number of products, then by value."""


def chosen_taxonomy(name: str | None) -> Taxonomy:
    """The taxonomy of that name; the only one there is for None. Raises UsageError."""
    names = taxonomy_names()
    if name is None and len(names) > 1:
        raise UsageError("taxonomy_which", known=", ".join(names))
    wanted = name if name is not None else names[0]
    if wanted not in names:
        raise UsageError("taxonomy_unknown", name=wanted, near=nearest(wanted, names), known=", ".join(names))
    return load_taxonomy(wanted)


def coverage(job: Job, feeds: Sequence[str] = ()) -> list[Coverage]:
    """Per feed and attribute with a taxonomy, in the project's order.

    Raises UsageError where no chosen feed has one, FeedsyncError where it cannot run.
    """
    counts: dict[tuple[str, str], dict[str | None, int]] = {}
    with session(job, feeds) as run:
        asked = [
            (feed, name, attribute.taxonomy)
            for feed in run.feeds
            for name, attribute in feed.channel.spec.attributes.items()
            if attribute.taxonomy is not None
        ]
        if not asked:
            raise UsageError("taxonomy_no_feed")
        for feed, name, _ in asked:
            counts[feed.name, name] = {}
        for group, _, batches in run.batches():
            for kernel, batch in zip(group.kernels, batches, strict=True):
                for (feed_name, name), found in counts.items():
                    if feed_name == kernel.name:
                        _add(found, batch.everything, name)
        return [
            _coverage(feed.name, name, load_taxonomy(taxonomy), counts[feed.name, name])
            for feed, name, taxonomy in asked
        ]


def _add(found: dict[str | None, int], items: pl.DataFrame, name: str) -> None:
    if name not in items.columns:  # nothing fills it
        found[None] = found.get(None, 0) + len(items)
        return
    for value, count in items.group_by(name, maintain_order=True).len().iter_rows():
        found[value] = found.get(value, 0) + count


def _coverage(feed: str, attribute: str, taxonomy: Taxonomy, found: dict[str | None, int]) -> Coverage:
    """An id and its path are one category."""
    known = dict.fromkeys(taxonomy.categories, 0)
    unknown: dict[str, int] = {}
    for value, count in found.items():
        if value is not None and value in taxonomy.by_value:
            known[taxonomy.by_value[value]] += count
        elif value is not None:
            unknown[value] = count
    by_count = sorted(((one, count) for one, count in known.items() if count), key=lambda pair: -pair[1])
    return Coverage(
        feed,
        attribute,
        taxonomy,
        sum(found.values()),
        found.get(None, 0),
        [CategoryCount(one.id, one.path, count) for one, count in by_count],
        [
            UnknownCategory(value, count, taxonomy.nearest(value))
            for value, count in sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
    )
