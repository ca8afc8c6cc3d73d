"""What check found, one line per problem: greppable, for pipes and logs."""

from __future__ import annotations

from feedsync.reports import wording
from feedsync.reports.lines import Line
from feedsync.reports.table import written
from feedsync.run.results import CheckResult, ExportResult, FeedResult, FindingGroup
from feedsync.texts import say


def check(result: CheckResult) -> list[Line]:
    """`PLACE: LEVEL CODE ATTRIBUTE: what; N products (P %) what the shopper loses, e.g. IDS. How to fix.`, then the
    counts. With several feeds the attribute is followed by its feed."""
    return [*_problems(result, detail=True), *_counts(result)]


def export(result: ExportResult, folder: str, detail: bool = False) -> list[Line]:
    """What keeps products back (`detail`: all problems), one line each, the counts, and what was written."""
    return [*_problems(result, detail), *_counts(result), *written(result, folder)]


def _counts(result: CheckResult) -> list[Line]:
    return [[(line + why, "")] for line, why in wording.counts(result.feeds, aligned=False)]


def _problems(result: CheckResult, detail: bool) -> list[Line]:
    several = len(result.feeds) > 1
    return [
        [(problem(feed, group, several), "")]
        for feed in result.feeds
        for group in feed.findings
        if detail or group.severity == "error"
    ]


def problem(feed: FeedResult, group: FindingGroup, named: bool) -> str:
    """One problem in one line."""
    what, how = wording.finding(group)
    attribute = wording.visible(group.attribute)
    lost = f" {feed.not_shown}" if group.severity == "error" and feed.not_shown else ""
    return say(
        "report_line",
        place=wording.line(group.place),
        severity=group.severity,
        code=group.code,
        subject=f"{attribute} ({feed.feed})" if named else attribute,
        what=what,
        products=wording.products(group.count, feed.entries),
        percent=wording.percent(group.count, feed.read),
        lost=lost,
        ids=wording.first_ids(group.samples),
        fix=f" {how}" if how else "",
    )
