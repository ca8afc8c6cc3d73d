"""Feeds of several markets: one block of feedsync.yaml makes a feed for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from feedsync.errors import ConfigError
from feedsync.specs.laid_over import ProjectDocument
from feedsync.specs.mistakes import unknown_name
from feedsync.specs.project import FeedSpec, ProjectSpec
from feedsync.specs.yaml import Path_, dotted

ALL: Final = "all"
_PART_OF_NAME: Final = re.compile(r"[a-z0-9_]+")  # a feed's name also names files and columns of reports


class Made(NamedTuple):
    """A feed, the block it was made of, and the path of what names its market."""

    feed: str
    spec: FeedSpec
    block: str
    market: Path_


def expanded(spec: ProjectSpec, document: ProjectDocument) -> tuple[ProjectSpec, ProjectDocument]:
    """The project with one feed per market, in the order of the file. Its blocks must be consistent."""
    if not any(block.markets for block in spec.feeds.values()):
        return spec, document
    made = list(_made(spec, document))
    feeds = {one.feed: one.spec for one in made}
    written = {one.feed: one.market for one in made if one.block != one.feed}
    return spec.model_copy(update={"feeds": feeds}), document.of_feeds(written)


def expansion_errors(spec: ProjectSpec, document: ProjectDocument) -> Iterator[ConfigError]:
    """Markets that are not there or named twice, and feeds that would have another one's name."""
    for name, block in spec.feeds.items():
        path: Path_ = ("feeds", name, "markets")
        every = _all(spec, block)
        if every and not spec.markets:
            yield ConfigError("config_all_of_none", document.place(path), subject=dotted(path))
        for index, market in enumerate(spec.markets if every else block.markets):
            at = path if every else _entry(document, path, index)
            if market not in spec.markets:
                key, params = unknown_name("config_unknown_market", market, spec.markets)
                yield ConfigError(key, document.place(at), subject=dotted(at), **params)
            elif not _PART_OF_NAME.fullmatch(market):
                named: Path_ = ("markets", market)
                yield ConfigError("config_market_name", document.place(named, key=True), subject=dotted(named))
            elif market in block.markets[:index]:
                yield ConfigError("config_market_twice", document.place(at), subject=dotted(at), name=market)
    seen: dict[str, Made] = {}
    for one in _made(spec, document):
        other = seen.setdefault(one.feed, one)
        if other.block != one.block:
            late, first = (one, other) if one.block != one.feed else (other, one)
            place = document.place(("feeds", first.block), key=True)
            subject, params = dotted(late.market), {"name": one.feed, "first": place}
            yield ConfigError("config_feed_twice", document.place(late.market), subject=subject, **params)


def _all(spec: ProjectSpec, block: FeedSpec) -> bool:
    return block.markets == (ALL,) and ALL not in spec.markets


def _made(spec: ProjectSpec, document: ProjectDocument) -> Iterator[Made]:
    for name, block in spec.feeds.items():
        path: Path_ = ("feeds", name, "markets")
        if not block.markets:
            yield Made(name, block, name, ("feeds", name, "market"))
            continue
        every = _all(spec, block)
        for index, market in enumerate(spec.markets if every else block.markets):
            one = block.model_copy(update={"market": market, "markets": ()})
            yield Made(f"{name}_{market}", one, name, path if every else _entry(document, path, index))


def _entry(document: ProjectDocument, path: Path_, index: int) -> Path_:
    """One market alone may stand without brackets."""
    return (*path, index) if document.has((*path, index)) else path
