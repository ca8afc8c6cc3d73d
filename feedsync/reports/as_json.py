"""Results as JSON that other programs rely on. Keys are only added within a format version; numbers are numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from feedsync import __version__
from feedsync.errors import Place
from feedsync.reports import wording
from feedsync.reports.previewed import filled
from feedsync.run.results import (
    CheckResult,
    ExplainedAttribute,
    ExplainedFeed,
    Explanation,
    ExportResult,
    FeedResult,
    FindingGroup,
    LookupResult,
    PreviewResult,
)
from feedsync.specs.channels import ChannelListing

FORMAT_VERSION: Final = "1.0"
UNUSED: Final = 100  # keys of a lookup that are named
# JSON lets these stand as they are; a terminal would obey some of them
_OBEYED: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def encoded(document: dict[str, Any]) -> str:
    """One JSON document, indented, ended by a newline."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def _head(command: str) -> dict[str, Any]:
    return {"format_version": FORMAT_VERSION, "feedsync_version": __version__, "command": command}


def check(result: CheckResult) -> dict[str, Any]:
    """`check --format json`."""
    feeds = [_feed(feed) for feed in result.feeds]
    return {**_head("check"), "ok": result.ok, "feeds": feeds, "lookups": [_lookup(one) for one in result.lookups]}


def export(result: ExportResult) -> dict[str, Any]:
    """`export --format json`: as check, with the files and the guards that tripped."""
    held = any(guard.allowed_because is None for guard in result.guards)
    return {
        **_head("export"),
        "ok": not held,
        "feeds": [_feed(feed) for feed in result.feeds],
        "folder": result.folder,
        "files": [
            {
                "feed": file.feed,
                "path": file.path,
                "items": file.items,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "channel": file.channel,
                "version": file.version,
            }
            for file in result.files
        ],
        "guards": [
            {
                "name": guard.name,
                "code": guard.code,
                "subject": guard.feed,
                "ok": guard.allowed_because is not None,
                "detail": wording.guard(guard.code, guard.details).replace(wording.NARROW, ""),
                "reason": guard.allowed_because,
            }
            for guard in result.guards
        ],
    }


def preview(result: PreviewResult) -> dict[str, Any]:
    """`preview --format json`."""
    items = [
        {"id": item.id, "row": item.row, "blocked": item.blocked, "problems": item.problems, "attributes": item.values}
        for item in filled(result)
    ]
    head = _head("preview")
    return {**head, "feed": result.feed, "channel": result.channel, "more": result.more, "items": items}


def explain(explanation: Explanation) -> dict[str, Any]:
    """`explain --format json`."""
    return {
        **_head("explain"),
        "id": explanation.key,
        "title": explanation.title,
        "source": explanation.source,
        "row": explanation.row,
        "feeds": [_explained_feed(feed) for feed in explanation.feeds],
    }


def channels(listings: Sequence[ChannelListing]) -> dict[str, Any]:
    """`channels list --format json`."""
    found = [
        {
            "name": listing.name,
            "title": listing.channel.title,
            "version": listing.version,
            "formats": list(listing.channel.formats),
            "delete_mode": listing.channel.delete_mode,
        }
        for listing in listings
    ]
    return {**_head("channels list"), "channels": found}


def _feed(feed: FeedResult) -> dict[str, Any]:
    return {
        "feed": feed.feed,
        "channel": feed.channel.partition("@")[0],
        "version": feed.channel.partition("@")[2],
        "read": feed.read,
        "ready": feed.ready,
        "blocked": feed.blocked,
        "excluded": sum(feed.excluded.values()),
        "exclusions": [{"reason": reason, "count": count} for reason, count in feed.excluded.items()],
        "findings": [_finding(group) for group in feed.findings],
    }


def _lookup(one: LookupResult) -> dict[str, Any]:
    return {
        "lookup": one.lookup,
        "keys": one.keys,
        "unmatched": {
            "values": one.unmatched_values,
            "rows": one.unmatched_rows,
            "more": one.more,
            "top": [{"value": value, "rows": rows} for value, rows in one.top],
        },
        "unused": {"count": len(one.unused), "keys": list(one.unused[:UNUSED])},
    }


def _finding(group: FindingGroup) -> dict[str, Any]:
    what, how = wording.finding(group)
    return {
        "code": group.code,
        "severity": group.severity,
        "attribute": group.attribute,
        "count": group.count,
        "message": what,
        "fix": how,
        "place": _place(group.place),
        "samples": [
            {"id": sample.id, "value": sample.value, "source": sample.source, "row": sample.row}
            for sample in group.samples
        ],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    """Line and column count from 1; 0 is unknown."""
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}


def _explained_feed(feed: ExplainedFeed) -> dict[str, Any]:
    return {
        "feed": feed.feed,
        "channel": feed.channel.partition("@")[0],
        "version": feed.channel.partition("@")[2],
        "status": feed.status,
        "reason": feed.reason,
        "reason_place": _place(feed.reason_place),
        "findings": [_finding(group) for group in feed.findings],
        "attributes": [_explained_attribute(one) for one in feed.attributes],
    }


def _explained_attribute(one: ExplainedAttribute) -> dict[str, Any]:
    return {
        "attribute": one.attribute,
        "value": one.value,
        "place": _place(one.place),
        "cells": [
            {
                "field": cell.field,
                "column": cell.column,
                "value": cell.value,
                "source": cell.source,
                "row": cell.row,
                "inherited_from": cell.inherited_from,
            }
            for cell in one.cells
        ],
        "steps": [
            {"text": step.text, "input": step.input, "output": step.output, "place": _place(step.place)}
            for step in one.steps
        ],
    }
