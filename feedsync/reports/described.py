"""What a catalog's columns hold, as people and programs read it."""

from __future__ import annotations

from typing import Any

from feedsync import __version__
from feedsync.reports import wording
from feedsync.reports.as_json import FORMAT_VERSION
from feedsync.reports.lines import Line, cells, columns, fitted, wrapped
from feedsync.run.describe import Damage, Described, DescribedColumn, Description
from feedsync.run.remembered import Change
from feedsync.texts import say

NAME = 28  # columns of the terminal that a header gets at most
SAMPLE = 30  # and one sample


def table(found: Description, width: int) -> list[Line]:
    """Per source a line per column, then what is damaged, then what changed."""
    lines: list[Line] = []
    for one in found.sources:
        rows = say("described_row") if one.rows == 1 else say("described_rows", count=wording.number(one.rows))
        head = say("described_head", source=wording.visible(one.name), rows=rows, columns=len(one.columns))
        lines.append([(head, "head")])
        lines += _columns(one, width)
        lines += _damaged(one, width)
        lines += _drift(one, width)
    return lines


def as_json(found: Description) -> dict[str, Any]:
    """`catalog describe --format json`."""
    return {
        "format_version": FORMAT_VERSION,
        "feedsync_version": __version__,
        "command": "catalog describe",
        "sources": [_source(one) for one in found.sources],
    }


def _source(one: Described) -> dict[str, Any]:
    return {
        "source": one.name,
        "rows": one.rows,
        "complete": one.complete,
        "columns": [
            {
                "column": column.name,
                "field": column.field or None,
                "type": column.kind,
                "filled": column.filled,
                "distinct": column.distinct,
                "distinct_exact": column.exact,
                "samples": list(column.samples),
                "damage": [_harm(damage) for damage in column.damage],
            }
            for column in one.columns
        ],
        "drift": None
        if one.drift is None
        else [
            {"what": change.what, "column": change.column or None, "before": change.before, "after": change.after}
            for change in one.drift
        ],
    }


def _harm(one: Damage) -> dict[str, Any]:
    more = {} if one.percent is None else {"tax_percent": one.percent}
    return {"harm": one.harm, "cells": one.cells, "sample": one.sample or None, **more}


def _columns(one: Described, width: int) -> list[Line]:
    head = ("", *(say(f"described_{key}") for key in ("column", "field", "type", "filled", "distinct", "samples")))
    rows = [head, *(_row(column, one.rows) for column in one.columns)]
    numbers = (4, 5)
    widths = [max(cells(row[at]) for row in rows) for at in numbers]
    aligned = [
        [" " * (widths[at - 4] - cells(cell)) + cell if at in numbers else cell for at, cell in enumerate(row)]
        for row in rows
    ]
    shown = [fitted(line, width) for line in columns(aligned, 1)]
    damaged = {at for at, column in enumerate(one.columns, 1) if column.damage}
    return [[(line, "place" if at == 0 else "warning" if at in damaged else "")] for at, line in enumerate(shown)]


def _row(column: DescribedColumn, rows: int) -> tuple[str, ...]:
    samples = ", ".join(_cut(text, SAMPLE) for text in column.samples)
    distinct = wording.number(column.distinct)
    return (
        "!" if column.damage else " ",
        _cut(column.name, NAME),
        column.field,
        say(f"described_kind_{column.kind}"),
        wording.percent(column.filled, rows),
        distinct if column.exact else say("described_about", count=distinct),
        samples,
    )


def _damaged(one: Described, width: int) -> list[Line]:
    lines: list[Line] = []
    for column in one.columns:
        for damage in column.damage:
            said = say(
                f"described_{damage.harm}",
                column=_cut(column.name, NAME),
                cells=wording.number(damage.cells),
                sample=_cut(damage.sample, SAMPLE),
                percent=str(damage.percent),
            )
            lines += [[(line, "warning")] for line in _indented(said, width)]
    return lines


def _drift(one: Described, width: int) -> list[Line]:
    if one.drift is None:
        return [[(say("described_first"), "place")]]
    if not one.drift:
        return [[(say("described_same"), "place")]]
    lines: list[Line] = [[(say("described_since"), "head")]]
    for change in one.drift:
        lines += [[(line, "")] for line in _indented(_changed(change), width)]
    return lines


def _changed(change: Change) -> str:
    before, after = change.before, change.after
    if change.what == "rows":
        before, after = wording.number(int(before)), wording.number(int(after))
    elif change.what == "kind":
        before, after = say(f"described_kind_{before}"), say(f"described_kind_{after}")
    return say(f"described_changed_{change.what}", column=_cut(change.column, NAME), before=before, after=after)


def _indented(text: str, width: int) -> list[str]:
    first, *rest = wrapped(text, width - 1, 2)
    return [" " + first[2:], *(" " + line for line in rest)]


def _cut(text: str, limit: int) -> str:
    return fitted(" ".join(wording.visible(text).split()), limit)
