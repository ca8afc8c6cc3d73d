"""Files laid over one another: what a derived channel says, over what it extends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from feedsync.errors import Place
from feedsync.specs.yaml import Document, Path_


@dataclass(frozen=True)
class Layers:
    """Documents merged by key, the first above the others; each value keeps the place where it was written."""

    documents: tuple[Document, ...]

    @property
    def data(self) -> dict[str, Any]:
        """Mappings merged at every depth; anything else replaces what it covers, and null removes it."""
        return reduce(merged, (document.data or {} for document in reversed(self.documents)), {})

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Where the value of the path (or its key) was written last; else the nearest thing above it."""
        return self._holder(path).place(path, key=key)

    def has(self, path: Path_) -> bool:
        """Whether one of the files has a value there."""
        return self._holder(path).has(path)

    def scalar_offset(self, path: Path_) -> int:
        """The column of the first character inside the scalar; 0 where columns inside it do not count up."""
        return self._holder(path).scalar_offset(path)

    def _holder(self, path: Path_) -> Document:
        for length in range(len(path), 0, -1):
            for document in self.documents:
                if document.has(path[:length]):
                    return document
        return self.documents[0]


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Mappings merged at every depth; anything else in `above` replaces what it covers, and null removes it."""
    found = dict(below)
    for key, value in above.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict):
            covered = found.get(key)
            found[key] = merged(covered if isinstance(covered, dict) else {}, value)
        else:
            found[key] = value
    return found
