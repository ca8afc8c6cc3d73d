"""What holds an export over an existing manifest: nothing left, a source that shrank, too many blocked products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedsync.errors import ManyErrors, Refused, UsageError, nearest, raise_all
from feedsync.run.results import FeedResult, GuardResult, SourceFact
from feedsync.specs.project import ExportGuards

GUARDS = {"empty_source": "FS501", "shrink": "FS503", "max_errors": "FS509"}


def tripped(
    last: Mapping[str, Any], sources: Sequence[SourceFact], feeds: Sequence[FeedResult], limits: ExportGuards
) -> list[GuardResult]:
    """The guards that trip against the last export, in the order of their codes."""
    found = [*_empty(last, feeds), *_shrunk(last, sources, limits), *_errors(last, feeds, limits)]
    return sorted(found, key=lambda guard: (guard.code, guard.feed))


def _empty(last: Mapping[str, Any], feeds: Sequence[FeedResult]) -> Iterator[GuardResult]:
    before = {one["feed"]: one["ready"] for one in last["feeds"]}
    for feed in feeds:
        if before.get(feed.feed, 0) > 0 and feed.ready == 0:
            yield GuardResult("empty_source", "FS501", feed.feed, {"before": str(before[feed.feed])})


def _shrunk(last: Mapping[str, Any], sources: Sequence[SourceFact], limits: ExportGuards) -> Iterator[GuardResult]:
    """Rows or bytes below the share that may go (reliability: a cut file looks whole, only the last run tells)."""
    before = {one["name"]: one for one in last["sources"]}
    for source in sources:
        old = before.get(source.name)
        if old is None:
            continue
        for what, now in (("rows", source.rows), ("bytes", source.bytes)):
            if now * 100 < old[what] * (100 - limits.shrink_percent):
                details = {"what": what, "before": str(old[what]), "now": str(now), "limit": str(limits.shrink_percent)}
                yield GuardResult("shrink", "FS503", source.name, details)
                break


def _errors(last: Mapping[str, Any], feeds: Sequence[FeedResult], limits: ExportGuards) -> Iterator[GuardResult]:
    """Too many blocked: more than the limit and more than last time, or many points more than last time.

    A catalog that has always had many blocked products is no news: it must not be held every night.
    """
    before = {one["feed"]: one for one in last["feeds"]}
    for feed in feeds:
        old = before.get(feed.feed)
        if old is None or not feed.read:
            continue
        share = 100 * feed.blocked / feed.read
        share_before = 100 * old["blocked"] / old["read"] if old["read"] else 0
        grown = share > share_before and share > limits.max_errors_percent
        if grown or share - share_before > limits.max_errors_points:
            details = {
                "blocked": str(feed.blocked), "read": str(feed.read), "before": str(old["blocked"]),
                "limit": str(limits.max_errors_percent),
            }  # fmt: skip
            yield GuardResult("max_errors", "FS509", feed.feed, details)


def check_allowed(allow: Mapping[str, str]) -> None:
    """Raises UsageError for a guard that does not exist or an override without a reason."""
    for name, reason in allow.items():
        if name not in GUARDS:
            raise UsageError("unknown_guard", name=name, near=nearest(name, GUARDS), known=", ".join(GUARDS))
        if not reason.strip():
            raise UsageError("guard_without_reason", name=name)


class Held(ManyErrors, Refused):
    """Several guards hold the run."""


def refuse(guards: Sequence[GuardResult], feeds: Sequence[str], output: str) -> None:
    """Raises Refused where a guard holds the run; all of them are named, with the one command that resolves it."""
    held = [guard for guard in guards if guard.allowed_because is None]
    names = " ".join(f"--allow {name}" for name in dict.fromkeys(guard.name for guard in guards))
    command = " ".join(["feedsync export", *feeds, f"-o {output}", names, '--reason "..."'])
    holding = [
        Refused(f"guard_{guard.name}", feed=guard.feed, code=guard.code, command=command, **guard.details)
        for guard in held
    ]
    if len(holding) > 1:
        raise Held(holding)
    raise_all(holding)
