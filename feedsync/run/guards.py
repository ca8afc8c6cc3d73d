"""What holds an export over an existing manifest: nothing left, less than last time, too many blocked products.

Last time is, for each feed, the last export of that feed: an export of one feed that was allowed to shrink is no
baseline for the others.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from feedsync.errors import ManyErrors, Refused, UsageError, nearest, raise_all
from feedsync.run.results import FeedResult, GuardResult, SourceFact
from feedsync.specs.project import ExportGuards

GUARDS = {"empty_source": "FS501", "shrink": "FS503", "max_errors": "FS509"}
FEW: Final = 20
"""A feed may lose so many products to its exclusions whatever their share: what sells out is no accident."""


def tripped(
    last: Mapping[str, Any],
    feeds: Sequence[FeedResult],
    read: Mapping[str, Sequence[SourceFact]],
    limits: ExportGuards,
) -> list[GuardResult]:
    """The guards that trip against the last export, in the order of their codes. `read`: feed -> its sources."""
    sources = list(_shrunk_sources(last, read, limits))
    found = [
        *_empty(last, feeds),
        *sources,
        *_shrunk_feeds(last, feeds, sources, limits),
        *_errors(last, feeds, limits),
    ]
    return sorted(found, key=lambda guard: (guard.code, guard.feed))


def _empty(last: Mapping[str, Any], feeds: Sequence[FeedResult]) -> Iterator[GuardResult]:
    before = {one["feed"]: one["ready"] for one in last["feeds"]}
    for feed in feeds:
        if before.get(feed.feed, 0) > 0 and feed.ready == 0:
            yield GuardResult("empty_source", "FS501", feed.feed, {"before": str(before[feed.feed])})


def _shrunk_sources(
    last: Mapping[str, Any], read: Mapping[str, Sequence[SourceFact]], limits: ExportGuards
) -> Iterator[GuardResult]:
    """Rows or bytes below the share that may go: a cut file looks whole, only the last run tells.

    A source is compared with the most that the last export of any of these feeds read of it.
    """
    before = _most_read(last, read)
    now = {source.name: source for sources in read.values() for source in sources}
    for name, source in now.items():
        for what, count in (("rows", source.rows), ("bytes", source.bytes)):
            if name in before and _fell(before[name][what], count, limits):
                yield _shrink(name, what, before[name][what], count, limits)
                break


def _most_read(last: Mapping[str, Any], read: Mapping[str, Sequence[SourceFact]]) -> dict[str, dict[str, int]]:
    """Source -> rows and bytes, the most of any feed's last export; for a feed that has none, the source's own entry."""
    own = {one["feed"]: {source["name"]: source for source in one.get("sources", ())} for one in last["feeds"]}
    shared = {one["name"]: one for one in last["sources"]}
    most: dict[str, dict[str, int]] = {}
    for feed, sources in read.items():
        for source in sources:
            old = own.get(feed, {}).get(source.name) or shared.get(source.name)
            if old is not None:
                known = most.setdefault(source.name, {"rows": 0, "bytes": 0})
                for what in known:
                    known[what] = max(known[what], old.get(what, 0))
    return most


def _shrunk_feeds(
    last: Mapping[str, Any], feeds: Sequence[FeedResult], sources: Sequence[GuardResult], limits: ExportGuards
) -> Iterator[GuardResult]:
    """Rows read, or products after the exclusions, below the share that may go.

    It says what no source does: one that has another name now, or an exclusion that takes more than it did. Blocked
    products count as there: they are max_errors' business.
    """
    shares = [int(one.details["now"]) / int(one.details["before"]) for one in sources if one.details["what"] == "rows"]
    before = {one["feed"]: one for one in last["feeds"]}
    for feed in feeds:
        old = before.get(feed.feed)
        if old is None:
            continue
        offered, offered_before = feed.ready + feed.blocked, old["ready"] + old["blocked"]
        if _fell(old["read"], feed.read, limits):
            if not any(share <= feed.read / old["read"] for share in shares):  # else it was said of the source
                yield _shrink(feed.feed, "rows", old["read"], feed.read, limits)
        elif _fell(offered_before, offered, limits) and offered_before - offered > FEW and feed.ready:
            yield _shrink(feed.feed, "products", offered_before, offered, limits)


def _fell(before: int, now: int, limits: ExportGuards) -> bool:
    return now * 100 < before * (100 - limits.shrink_percent)


def _shrink(subject: str, what: str, before: int, now: int, limits: ExportGuards) -> GuardResult:
    details = {"what": what, "before": str(before), "now": str(now), "limit": str(limits.shrink_percent)}
    return GuardResult("shrink", "FS503", subject, details)


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
    command = " ".join(["feedsync export", *feeds, f"-o {shlex.quote(output)}", names, '--reason "..."'])
    holding = [
        Refused(f"guard_{guard.name}", feed=guard.feed, code=guard.code, command=command, **guard.details)
        for guard in held
    ]
    if len(holding) > 1:
        raise Held(holding)
    raise_all(holding)
