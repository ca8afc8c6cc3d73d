"""What check and export found, as blocks for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from feedsync.reports import wording
from feedsync.reports.lines import Line, cells, padded, placed, wrapped
from feedsync.run.results import CheckResult, ExportResult, FeedResult, FindingGroup
from feedsync.texts import say

INDENT = 10  # of everything below a problem's first line
Said = tuple[str, ...]
"""What makes a problem of two feeds one: level, code, attribute, what, fix and products."""


def check(result: CheckResult, width: int, detail: bool = False) -> list[Line]:
    """Problems by feed, errors as blocks and the rest in a line each (`detail`: all as blocks), then the counts."""
    lines: list[Line] = []
    said: set[Said] = set()
    for feed in result.feeds:
        lines += problems(feed, feed.findings, width, said, detail)
    if not lines:
        lines.append([(say("report_no_problems"), "")])
    return [*lines, *counts(result.feeds, width)]


def problems(
    feed: FeedResult, groups: Sequence[FindingGroup], width: int, said: set[Said], detail: bool = False
) -> list[Line]:
    """One feed's problems under its name; nothing for none. What is `said` already is not said again but by `detail`."""
    if not groups:
        return []
    attribute = max(len(group.attribute) for group in groups)
    count = max(len(wording.number(group.count)) for group in groups)
    lines: list[Line] = [[(feed.feed, "head")]]
    for group in groups:
        what, how = wording.finding(group)
        first: Line = [
            (" ", ""),
            (f"{group.severity:<8}", group.severity),
            (
                f" {group.code}  {wording.visible(group.attribute):<{attribute}}  {wording.number(group.count):>{count}}"
                f" {wording.percent(group.count, feed.read):>7}",
                "",
            ),
        ]
        same = (group.severity, group.code, group.attribute, what, how, wording.ids(group.samples, group.count))
        if same in said and not detail:
            lost = group.severity == "error" and feed.not_shown
            lines += _short(group, first, say("report_above_lost", lost=lost) if lost else say("report_above"), width)
        elif group.severity == "error" or detail:
            lines += _block(feed, group, first, what, how, width)
        else:
            lines += _short(group, first, what, width)
        said.add(same)
    return lines


def counts(feeds: Sequence[FeedResult], width: int) -> list[Line]:
    """The line per feed whose parts add up; the reasons go below where there is no room."""
    lines: list[Line] = []
    for line, why in wording.counts(feeds):
        if cells(line + why) <= width:
            lines.append([(line + why, "")])
        else:
            lines += [[(part, "")] for part in [line, *wrapped(why.strip(), width, INDENT)]]
    return lines


def _block(feed: FeedResult, group: FindingGroup, first: Line, what: str, how: str, width: int) -> list[Line]:
    lines = _headed(first, what, width)
    ids = wording.ids(group.samples, group.count)
    if group.severity == "error" and feed.not_shown:
        ids = say("report_lost", lost=feed.not_shown, ids=ids)
    lines += [[(line, "")] for line in wrapped(ids, width, INDENT)]
    lines.append([(" " * INDENT + wording.line(group.place), "place")])
    return [*lines, *([(line, "")] for line in wrapped(how, width, INDENT))]


def _headed(first: Line, what: str, width: int) -> list[Line]:
    """The first line with what was met behind it, or below where there is no room."""
    if _length(first) + 2 + cells(what) <= width:
        return [[*first, (f"  {what}", "")]]
    return [first, *([(line, "")] for line in wrapped(what, width, INDENT))]


def _short(group: FindingGroup, first: Line, what: str, width: int) -> list[Line]:
    place = wording.line(group.place)
    room = width - _length(first) - 4 - cells(place)
    if cells(what) <= room:
        return [[*first, (f"  {padded(what, room)}  ", ""), (place, "place")]]
    return [first, *placed(what, place, width, INDENT)]


def _length(line: Line) -> int:
    return sum(cells(text) for text, _ in line)


def export(result: ExportResult, folder: str, width: int, detail: bool = False) -> list[Line]:
    """What keeps products back (`detail`: all problems), the counts, and what was written to `folder`."""
    lines: list[Line] = []
    said: set[Said] = set()
    for feed in result.feeds:
        groups = [group for group in feed.findings if detail or group.severity == "error"]
        lines += problems(feed, groups, width, said, detail)
    return [*lines, *counts(result.feeds, width), *written(result, folder)]


def written(result: ExportResult, folder: str) -> list[Line]:
    """`out/google_es.xml  11 868 products, 21.4 MB`, and the guards that were allowed."""
    entries = {feed.feed: feed.entries for feed in result.feeds}
    paths = [f"{folder.rstrip('/')}/{file.path}" for file in result.files]
    name = max((cells(path) for path in paths), default=0)
    lines: list[Line] = [
        [
            (
                say(
                    "report_file",
                    path=padded(path, name),
                    products=wording.products(file.items, entries.get(file.feed, False)),
                    size=wording.size(file.bytes),
                ),
                "",
            )
        ]
        for path, file in zip(paths, result.files, strict=True)
    ]
    lines.append([(say("report_todays"), "")])
    for guard in result.guards:
        if guard.allowed_because is not None:
            said = {"subject": guard.feed, "name": guard.name, "code": guard.code, "reason": guard.allowed_because}
            lines.append([(say("report_allowed", **said, what=wording.guard(guard.code, guard.details)), "warning")])
    return lines
