"""Items as the channel gets them: blocks of attributes for a few, a table for many, one value per line for pipes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from feedsync.reports import wording
from feedsync.reports.lines import Line, cells, columns, fitted
from feedsync.run.results import PreviewResult
from feedsync.texts import say

BLOCKS: Final = 10  # more items than this are a table
CELL: Final = 24  # columns of a table's cell
_OWN: Final = ("id", "_row", "_blocked", "_problems")


@dataclass(frozen=True)
class Item:
    """One item with its filled attributes in the channel's order."""

    id: str | None
    row: int
    blocked: bool
    problems: list[str]
    """Each a code and its attribute."""
    values: dict[str, str]

    @property
    def status(self) -> str:
        return "blocked" if self.blocked else "ready"


def filled(result: PreviewResult) -> Iterator[Item]:
    """The previewed items; an attribute that is empty is left out."""
    for row in result.frame.iter_rows(named=True):
        values = {name: value for name, value in row.items() if name not in _OWN and value is not None}
        values = {"id": row["id"], **values} if row["id"] is not None and "id" not in values else values
        codes = [code for code in (row["_problems"] or "").split(", ") if code]
        yield Item(row["id"], row["_row"], row["_blocked"], codes, values)


def preview(result: PreviewResult, width: int) -> list[Line]:
    """For a terminal: values are cut to its width."""
    items = list(filled(result))
    key = "preview_first" if result.more else "preview_of" if items else "preview_none"
    head = say(key, feed=result.feed, channel=result.channel, products=wording.products(len(items)), count=len(items))
    body = _table(items, width) if len(items) > BLOCKS else []
    body = body or [line for item in items for line in _block(item, width)]
    return [[(head, "head")], *body]


def _block(item: Item, width: int) -> list[Line]:
    codes = f"   {', '.join(item.problems)}" if item.problems else ""
    lines: list[Line] = [[]]
    lines.append([(_name(item), "head"), ("  ", ""), (say(f"status.{item.status}"), item.status), (codes, "")])
    name = max((len(attribute) for attribute in item.values), default=0)
    for attribute, value in item.values.items():
        lines.append([(fitted(f"  {attribute:<{name}}  {wording.visible(value)}", width), "")])
    return lines


def _table(items: list[Item], width: int) -> list[Line]:
    """As many attributes as fit, in the channel's order; of those that a cell cuts too often only the first."""
    attributes = list(dict.fromkeys(name for item in items for name in item.values if name != "id"))
    lead = [[fitted(_name(item), CELL), say(f"status.{item.status}")] for item in items]
    head = ["id", ""]
    used = sum(max(cells(row[index]) for row in [head, *lead]) + 2 for index in range(2))
    chosen: list[list[str]] = []
    for attribute in attributes:
        whole = [wording.visible(item.values.get(attribute, "")) for item in items]
        texts = [fitted(text, CELL) for text in whole]
        if chosen and 2 * sum(text != cut for text, cut in zip(whole, texts, strict=True)) > len(items):
            continue
        room = max(cells(text) for text in [attribute, *texts]) + 2
        if used + room > width + 2:
            break
        used += room
        chosen.append([attribute, *texts])
    if not chosen:
        return []  # too narrow for a table
    rows = [[*start, *(column[index] for column in chosen)] for index, start in enumerate([head, *lead])]
    return [[(line, "head" if index == 0 else "")] for index, line in enumerate(columns(rows))]


def plain(result: PreviewResult) -> list[Line]:
    """`ID ATTRIBUTE: VALUE`, one value per line and whole; a product that is blocked says so first."""
    lines: list[Line] = []
    for item in filled(result):
        if item.blocked:
            lines.append([(f"{_name(item)} ({say('status.blocked')}): {', '.join(item.problems)}", "")])
        lines += [[(f"{_name(item)} {name}: {wording.visible(value)}", "")] for name, value in item.values.items()]
    return lines


def raw(result: PreviewResult) -> list[Line]:
    """The file as it would be written, for a terminal: what would drive it is shown as text."""
    text = result.written.decode("utf-8", "backslashreplace")
    return [[(line.replace("\t", "  "), "")] for line in text.splitlines()]


def _name(item: Item) -> str:
    return say("report_no_id", row=wording.number(item.row)) if item.id is None else wording.clipped(item.id)
