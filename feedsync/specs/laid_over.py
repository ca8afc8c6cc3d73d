"""feedsync.yaml with a target laid over it, and its feeds by the names that markets give them; every value keeps the
place where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from feedsync.errors import ConfigError, Place, UsageError, nearest
from feedsync.specs.layers import Layers, merged
from feedsync.specs.yaml import Document, Path_

TARGETS = "targets"


@dataclass(frozen=True)
class ProjectDocument:
    """What a project's file says, in one target."""

    file: str
    data: Any
    layers: Layers
    """The target's keys, then the whole file."""
    written: Mapping[str, Path_] = field(default_factory=dict)
    """Feed -> the block that it was made of, and the path of its market there."""

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Where the value of the path stands, or its key; else the nearest thing above it."""
        return self.layers.place(self._as_written(path), key=key)

    def has(self, path: Path_) -> bool:
        """Whether the file has a value there."""
        return self.layers.has(self._as_written(path))

    def scalar_offset(self, path: Path_) -> int:
        """The column of the first character inside a scalar on one line; 0 where columns inside it do not count up."""
        return self.layers.scalar_offset(self._as_written(path))

    def block(self, feed: str) -> str:
        """The name under `feeds` that a feed was made of."""
        return str(self.written[feed][1]) if feed in self.written else feed

    def of_feeds(self, written: Mapping[str, Path_]) -> ProjectDocument:
        """The same document where the feeds of blocks are known by their own names."""
        return replace(self, written=written)

    def _as_written(self, path: Path_) -> Path_:
        """The feed's `market` is its entry of the block's `markets`."""
        if len(path) < 2 or path[0] != "feeds" or path[1] not in self.written:
            return path
        market = self.written[str(path[1])]
        if path[2:3] == ("market",):
            return market
        return ("feeds", market[1], *path[2:])


def in_target(document: Document, target: str | None) -> ProjectDocument:
    """The file as the target has it. UsageError for a target that is not there, ConfigError for one that holds no keys
    or keys that no target has."""
    whole = ProjectDocument(document.file, document.data, Layers((document,)))
    if target is None:
        return whole
    targets = document.data.get(TARGETS) or {}
    if not isinstance(targets, dict) or target not in targets:
        known = list(targets) if isinstance(targets, dict) else []
        near, names = nearest(target, known), ", ".join(known) or "(none)"
        raise UsageError("unknown_target", Place(document.file), name=target, near=near, known=names)
    path: Path_ = (TARGETS, target)
    said = targets[target] or {}
    if not isinstance(said, dict):
        raise ConfigError("config_target_keys", document.place(path), subject=f"{TARGETS}.{target}")
    for key in (TARGETS, "version"):
        if key in said:
            place = document.place((*path, key), key=True)
            raise ConfigError("config_target_key", place, subject=f"{TARGETS}.{target}", name=key)
    if not said:
        return whole
    above = Document(said, document.file, document.root.children[TARGETS].children[target])
    return ProjectDocument(document.file, merged(document.data, said), Layers((above, document)))
