"""out/manifest.json: what an export wrote and from what. The next export's guards compare with it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from feedsync.errors import OutputError, Place
from feedsync.run.results import FeedResult, FileFact, SourceFact
from feedsync.version import __version__

NAME: Final = "manifest.json"
FORMAT_VERSION: Final = "1.0"
_BYTES: Final = 64 << 20  # a thousand feeds of twenty sources are 3 MB
_NUMBER: Final = 2**63

_READ: Final[Mapping[str, type]] = {"name": str, "rows": int, "bytes": int}
_PARTS: Final[dict[str, dict[str, type]]] = {
    "files": {"feed": str, "path": str, "items": int, "bytes": int, "sha256": str, "channel": str, "version": str},
    "sources": {**_READ, "fingerprint": str, "complete": bool},
    "feeds": {
        "feed": str, "channel": str, "read": int, "ready": int, "blocked": int, "excluded": int, "sources": list,
    },
}  # fmt: skip
"""What each part's entries hold. What else stands there is not kept: it was not written by this format."""
_NEEDED: Final = ("feed", "path", "name", "rows", "read", "ready", "blocked")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The last export's manifest; None where there is none. One that does not read is an error, never "none"."""
    path = folder / NAME
    try:
        data = json.loads(_content(path), parse_constant=_no_number)
        version = _version(data["format_version"])
        if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise OutputError("manifest_version", Place(str(path)), version=version)
        return {part: [_entry(part, kinds, one) for one in data[part]] for part, kinds in _PARTS.items()}
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError("manifest_damaged", Place(str(path)), reason=reason) from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        reason = str(error)[:200] or type(error).__name__
        raise OutputError("manifest_damaged", Place(str(path)), reason=reason) from error


def _content(path: Path) -> str:
    """The file's text. Raises OSError, or ValueError where it cannot be a manifest."""
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > _BYTES:
        raise ValueError(os.path.basename(path))
    return path.read_text(encoding="utf-8")


def _version(text: str) -> str:
    """Raises ValueError or TypeError for anything but numbers with points."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}", text):
        raise ValueError("format_version")
    return text


def _no_number(word: str) -> None:
    raise ValueError(word)


def _entry(part: str, kinds: Mapping[str, type], one: Any) -> dict[str, Any]:
    """What is known of the entry. Raises ValueError or TypeError where it is none."""
    if not isinstance(one, dict):
        raise TypeError(part)
    found: dict[str, Any] = {}
    for key, kind in kinds.items():
        if key not in one and key not in _NEEDED:
            continue
        value: Any = one.get(key)
        if type(value) is not kind or (isinstance(value, int) and not 0 <= value < _NUMBER):
            raise TypeError(f"{part}: {key}")
        if isinstance(value, str):
            value.encode()  # half of a surrogate pair cannot be written again
        found[key] = [_entry(part, _READ, inner) for inner in value] if isinstance(value, list) else value
    return found


def manifest_bytes(
    last: Mapping[str, Any] | None,
    files: Sequence[FileFact],
    sources: Sequence[SourceFact],
    feeds: Sequence[FeedResult],
    read: Mapping[str, Sequence[SourceFact]],
    allowed: Sequence[Mapping[str, str]],
) -> bytes:
    """The manifest of this export; what it did not touch stays as the last one said. `read`: feed -> its sources."""
    mine = {feed.feed for feed in feeds}
    names = {source.name for source in sources}
    old = last or {"files": [], "sources": [], "feeds": []}
    counts = [_counts(feed, read.get(feed.feed, ())) for feed in feeds]
    data = {
        "format_version": FORMAT_VERSION,
        "feedsync_version": __version__,
        "files": sorted(
            [*(one for one in old["files"] if one["feed"] not in mine), *map(asdict, files)],
            key=lambda one: (str(one["feed"]), str(one["path"])),
        ),
        "sources": sorted(
            [*(one for one in old["sources"] if one["name"] not in names), *map(_fact, sources)],
            key=lambda one: str(one["name"]),
        ),
        "feeds": sorted(
            [*(one for one in old["feeds"] if one["feed"] not in mine), *counts],
            key=lambda one: str(one["feed"]),
        ),
    }
    if allowed:
        data["allowed"] = list(allowed)
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _fact(source: SourceFact) -> dict[str, Any]:
    """What the next export compares with; the time of the file would make other bytes of the same input."""
    return {key: getattr(source, key) for key in _PARTS["sources"]}


def _counts(feed: FeedResult, read: Sequence[SourceFact]) -> dict[str, Any]:
    return {
        "feed": feed.feed,
        "channel": feed.channel,
        "read": feed.read,
        "ready": feed.ready,
        "blocked": feed.blocked,
        "excluded": sum(feed.excluded.values()),
        "sources": [{"name": one.name, "rows": one.rows, "bytes": one.bytes} for one in read],
    }
