"""What becomes of one product: a line per feed, one feed's values, or one attribute step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from feedsync.errors import Place
from feedsync.reports import wording
from feedsync.reports.lines import Line, cells, columns, fitted, padded, wrapped
from feedsync.run.results import ExplainedAttribute, ExplainedCell, ExplainedFeed, Explanation, FindingGroup
from feedsync.texts import say

CELL: Final = 36  # columns of a value between two steps


def overview(explanation: Explanation) -> list[Line]:
    """The product, then what becomes of it in each feed."""
    title = f"  {wording.clipped(explanation.title)}" if explanation.title else ""
    place = Place(explanation.source, explanation.row)
    lines: list[Line] = [[(wording.clipped(explanation.key), "head"), (title, ""), (f"   {place}", "place")]]
    name = max((len(feed.feed) for feed in explanation.feeds), default=0)
    status = max((len(say(f"status.{feed.status}")) for feed in explanation.feeds), default=0)
    several = len({feed.feed for feed in explanation.feeds}) < len({(feed.feed, feed.id) for feed in explanation.feeds})
    for feed in explanation.feeds:
        fate = _fate(feed, name, status, several)
        if fate[0] not in lines:  # rows that share a key fare alike
            lines += fate
    return lines


def _fate(feed: ExplainedFeed, name: int, status: int, named: bool) -> list[Line]:
    """The feed, what becomes of the product there, and why; `named` adds which of the feed's entries it is."""
    said = list(_said(feed))
    if named and feed.id is not None:
        said = ["  ".join([wording.clipped(feed.id), *said[:1]]), *said[1:]]
    word = say(f"status.{feed.status}")
    first: Line = [(f" {feed.feed:<{name}}  ", ""), (word, feed.status)]
    if said:
        first.append((" " * (status - len(word) + 2) + said[0], ""))
    return [first, *([(" " * (name + status + 5) + more, "")] for more in said[1:])]


def _said(feed: ExplainedFeed) -> Iterator[str]:
    """Why the product is not in the feed, or what is to be said of it there."""
    if feed.status == "excluded":
        yield _reason(feed)
        return
    for group in feed.findings:
        what, _ = wording.finding(group)
        one = say("explain_finding", code=group.code, attribute=group.attribute, what=what)
        if group.severity == "error":
            yield f"{one}; {feed.not_shown}" if feed.not_shown else one
        else:
            yield f"{group.severity} {one}   {wording.line(group.place)}"


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
        room = max(width - name - cells(place) - 6, 20)
        value = fitted(wording.visible(one.value) if one.value is not None else say("report_empty"), room)
        lines.append([(f" {one.attribute:<{name}}  {padded(value, room)}  ", ""), (place, "place")])
    return lines


def _problem(group: FindingGroup, width: int) -> list[Line]:
    what, how = wording.finding(group)
    value = group.samples[0].value if group.samples else None
    if value is not None and wording.clipped(value) not in what:
        what = say("explain_met", what=what, quoted=wording.quoted(value))
    said = f" {group.code}  {wording.visible(group.attribute)}: {what}   "
    lines: list[Line] = [[(f" {group.severity}", group.severity), (said, ""), (wording.line(group.place), "place")]]
    return [*lines, *([(line, "")] for line in wrapped(how, width, 2))]


def one_attribute(explanation: Explanation, feed: ExplainedFeed, one: ExplainedAttribute) -> list[Line]:
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
    lines += [[(line, "")] for line in columns(rows)]
    value = wording.visible(one.value) if one.value is not None else say("report_empty")
    return [*lines, [(f" {say('explain_value'):<{indent}}{value}   ", ""), (wording.line(one.place), "place")]]


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
