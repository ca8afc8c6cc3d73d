"""out/manifest.json: what an export wrote and from what. The next export's guards compare with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from feedsync.errors import OutputError, Place
from feedsync.run.results import FeedResult, FileFact, SourceFact
from feedsync.version import __version__

NAME: Final = "manifest.json"
FORMAT_VERSION: Final = "1.0"


_ENTRIES: Final[dict[str, dict[str, type]]] = {
    "files": {"feed": str, "path": str},
    "sources": {"name": str, "rows": int, "bytes": int},
    "feeds": {"feed": str, "read": int, "ready": int, "blocked": int},
}
"""What the next export reads of each part."""


def _entry(part: str, one: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry, if it has what is read of it; otherwise TypeError or KeyError."""
    for key, kind in _ENTRIES[part].items():
        if not isinstance(one[key], kind):
            raise TypeError(f"{part}: {key}")
    return one


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The last export's manifest; None where there is none. One that does not read is an error, never "none"."""
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format_version"].partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise OutputError("manifest_version", Place(str(path)), version=data["format_version"])
        return {part: [_entry(part, one) for one in data[part]] for part in _ENTRIES}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError("manifest_damaged", Place(str(path)), reason=str(error) or type(error).__name__) from error


def manifest_bytes(
    last: Mapping[str, Any] | None,
    files: Sequence[FileFact],
    sources: Sequence[SourceFact],
    feeds: Sequence[FeedResult],
    allowed: Sequence[Mapping[str, str]],
) -> bytes:
    """The manifest of this export; what it did not touch stays as the last one said."""
    mine = {feed.feed for feed in feeds}
    names = {source.name for source in sources}
    old = last or {"files": [], "sources": [], "feeds": []}
    data = {
        "format_version": FORMAT_VERSION,
        "feedsync_version": __version__,
        "files": sorted(
            [*(one for one in old["files"] if one.get("feed") not in mine), *map(asdict, files)],
            key=lambda one: (str(one["feed"]), str(one["path"])),
        ),
        "sources": sorted(
            [*(one for one in old["sources"] if one.get("name") not in names), *map(asdict, sources)],
            key=lambda one: str(one["name"]),
        ),
        "feeds": sorted(
            [*(one for one in old["feeds"] if one.get("feed") not in mine), *map(_counts, feeds)],
            key=lambda one: str(one["feed"]),
        ),
    }
    if allowed:
        data["allowed"] = list(allowed)
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _counts(feed: FeedResult) -> dict[str, Any]:
    return {
        "feed": feed.feed,
        "channel": feed.channel,
        "read": feed.read,
        "ready": feed.ready,
        "blocked": feed.blocked,
        "excluded": sum(feed.excluded.values()),
    }
