"""What becomes of one product: a line per feed, one feed's values, or one attribute step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from feedsync.errors import Place
from feedsync.findings import SEVERITIES
from feedsync.reports import wording
from feedsync.reports.lines import Line, cells, columns, fitted, padded, placed, wrapped
from feedsync.run.results import ExplainedAttribute, ExplainedCell, ExplainedFeed, Explanation, FindingGroup
from feedsync.texts import say

CELL: Final = 36  # columns of a value between two steps
ROOM: Final = 16  # columns that a value needs at least


def overview(explanation: Explanation, width: int) -> list[Line]:
    """The product, then what becomes of it in each feed."""
    title = f"  {wording.clipped(explanation.title)}" if explanation.title else ""
    place = Place(explanation.source, explanation.row)
    lines: list[Line] = placed(f"{wording.clipped(explanation.key)}{title}", wording.line(place), width, 0)
    lines[0][0] = (lines[0][0][0], "head")
    name = max((len(feed.feed) for feed in explanation.feeds), default=0)
    status = max((len(say(f"status.{feed.status}")) for feed in explanation.feeds), default=0)
    several = len({feed.feed for feed in explanation.feeds}) < len({(feed.feed, feed.id) for feed in explanation.feeds})
    for feed in explanation.feeds:
        fate = _fate(feed, name, status, several, width)
        if fate[0] not in lines:  # rows that share a key fare alike
            lines += fate
    return lines


def _fate(feed: ExplainedFeed, name: int, status: int, named: bool, width: int) -> list[Line]:
    """The feed, what becomes of the product there, and why; `named` adds which of the feed's entries it is."""
    indent = name + status + 5
    said = list(_said(feed, width, indent))
    if named and feed.id is not None:
        said = [[(" " * indent + wording.clipped(feed.id), "")], *said]
    word = say(f"status.{feed.status}")
    first: Line = [(f" {feed.feed:<{name}}  ", ""), (word, feed.status)]
    if said:
        begin = said[0][0][0][indent:]
        first += [(" " * (status - len(word) + 2) + begin, ""), *said[0][1:]]
    return [first, *said[1:]]


def _said(feed: ExplainedFeed, width: int, indent: int) -> Iterator[Line]:
    """Why the product is not in the feed, or what is to be said of it there; errors first."""
    if feed.status == "excluded":
        if feed.reason_place:
            yield from placed(wording.clipped(feed.reason or ""), wording.line(feed.reason_place), width, indent)
        else:
            yield from ([(line, "")] for line in wrapped(_reason(feed), width, indent))
        return
    for group in sorted(feed.findings, key=lambda group: SEVERITIES.index(group.severity)):
        what, _ = wording.finding(group)
        one = say("explain_finding", code=group.code, attribute=wording.visible(group.attribute), what=what)
        if group.severity == "error":
            one = f"{one}; {feed.not_shown}" if feed.not_shown else one
            yield from ([(line, "")] for line in wrapped(one, width, indent))
        else:
            yield from placed(f"{group.severity} {one}", wording.line(group.place), width, indent)


def _reason(feed: ExplainedFeed) -> str:
    reason = wording.clipped(feed.reason or "")
    return (
        say("explain_reason_at", reason=reason, place=wording.line(feed.reason_place)) if feed.reason_place else reason
    )


def one_feed(explanation: Explanation, feed: ExplainedFeed, width: int) -> list[Line]:
    """The product in one feed: its problems with their fixes, and every value with the line that makes it."""
    key = wording.clipped(explanation.key)
    if feed.status == "excluded":
        return [[(say("explain_excluded", key=key, feed=feed.feed, reason=_reason(feed)), "excluded")]]
    head = say(f"explain_{feed.status}", key=key, feed=feed.feed, lost=feed.not_shown)
    lines: list[Line] = [[(head, feed.status)]]
    for group in feed.findings:
        lines += _problem(group, width)
    name = max((len(one.attribute) for one in feed.attributes), default=0)
    for one in feed.attributes:
        place = wording.line(one.place)
        room = width - name - cells(place) - 6
        value = wording.visible(one.value) if one.value is not None else say("report_empty")
        if room < ROOM:  # too narrow for three columns
            lines += [[(fitted(f" {one.attribute}  {value}", width), "")], [("   ", ""), (place, "place")]]
        else:
            lines.append([(f" {one.attribute:<{name}}  {padded(fitted(value, room), room)}  ", ""), (place, "place")])
    return lines


def _problem(group: FindingGroup, width: int) -> list[Line]:
    what, how = wording.finding(group)
    value = group.samples[0].value if group.samples else None
    if value is not None and wording.clipped(value) not in what:
        what = say("explain_met", what=what, quoted=wording.quoted(value))
    said = f"{group.severity} {group.code}  {wording.visible(group.attribute)}: {what}"
    lines = placed(said, wording.line(group.place), width, 2)
    begin = lines[0][0][0].removeprefix(f"  {group.severity}")
    lines[0][:1] = [(f" {group.severity}", group.severity), (begin, "")]
    return [*lines, *([(line, "")] for line in wrapped(how, width, 2))]


def one_attribute(explanation: Explanation, feed: ExplainedFeed, one: ExplainedAttribute, width: int) -> list[Line]:
    """One attribute from the source cells to the value the channel gets."""
    key = wording.clipped(explanation.key)
    lines: list[Line] = [[(say("explain_attribute", key=key, attribute=one.attribute, feed=feed.feed), "head")]]
    indent = max(len(say("explain_source")), len(say("explain_value"))) + 2
    sources = columns([(str(Place(cell.source, cell.row)), _cell(cell)) for cell in one.cells])
    for index, line in enumerate(sources):
        label = say("explain_source") if index == 0 else ""
        lines.append([(f" {label:<{indent}}{line}", "")])
    rows = [
        (
            f"{number:>2}",
            fitted(wording.visible(own_part(step.text)), CELL),
            _value(step.input),
            f"→ {_value(step.output)}",
            wording.line(step.place),
        )
        for number, step in enumerate(one.steps, 1)
    ]
    lines += [[(line, "")] for line in _steps(rows, width)]
    value = wording.visible(one.value) if one.value is not None else say("report_empty")
    return [*lines, [(f" {say('explain_value'):<{indent}}{value}   ", ""), (wording.line(one.place), "place")]]


def _steps(rows: Sequence[tuple[str, str, str, str, str]], width: int) -> list[str]:
    """One line per step, or two where the terminal is too narrow."""
    lines = columns(rows)
    if max((cells(line) for line in lines), default=0) <= width:
        return lines
    return [
        line
        for number, step, given, made, place in rows
        for line in (f"{number}  {step}", "     " + "  ".join(part for part in (given, made, place) if part))
    ]


def own_part(text: str) -> str:
    """What a step itself does: `price | add_tax(x | y)` -> `add_tax(x | y)`; its input is another step."""
    depth, quote, start = 0, "", 0
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "|" and depth == 0:
            start = index + 1
    return text[start:].strip()


def _cell(cell: ExplainedCell) -> str:
    name = wording.visible(cell.column) if cell.column else say("explain_template", field=cell.field)
    value = wording.quoted(cell.value) if cell.value is not None else say("report_empty")
    said = f"{name} {value}"
    if cell.inherited_from is None:
        return said
    return say("explain_inherited", cell=said, parent=wording.clipped(cell.inherited_from))


def _value(value: str | None) -> str:
    return "" if value is None else fitted(wording.visible(value), CELL)
