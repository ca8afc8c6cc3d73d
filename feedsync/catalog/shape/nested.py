"""Values out of lists of objects that stand in a cell as JSON, as sources of nested records write them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from feedsync.expressions.by_python import by_python
from feedsync.specs.shape import JsonList

_ANSWER = "__answer"
_DIGITS = 18


def json_list(step: JsonList) -> pl.Expr:
    """The wanted values of a cell's objects, one a line; texts and numbers as they are written.

    Each distinct cell is looked into once: the rows of a product share their lists.
    """
    inputs = (step.column, *((step.equals,) if step.equals else ()))
    return by_python(pl.struct(*inputs), _Values(step, inputs), pl.String())


@dataclass(frozen=True)
class _Values:
    """The answers to a column of questions: the list, and what one of its objects must equal."""

    step: JsonList
    inputs: tuple[str, ...]

    def __call__(self, column: pl.Series) -> pl.Series:
        asked = column.struct.unnest()
        distinct = asked.unique(maintain_order=True)
        cells = [distinct[name].to_list() for name in self.inputs]
        answers = [_of_cell(self.step, *cell) for cell in zip(*cells, strict=True)]
        known = distinct.with_columns(pl.Series(_ANSWER, answers, dtype=pl.String))
        return asked.join(known, on=self.inputs, how="left", nulls_equal=True, maintain_order="left")[_ANSWER]


def _of_cell(step: JsonList, text: str | None, equals: str | None = None) -> str | None:
    """None where the cell is no list, or nothing in it is asked for."""
    objects = [one for one in _decoded(text) if isinstance(one, dict)]
    if step.order is not None:
        objects.sort(key=lambda one: _position(one.get(step.order)))
    if step.where is not None:
        objects = [one for one in objects if equals is not None and str(one.get(step.where)) == equals]
    if step.nth is not None:
        objects = objects[step.nth - 1 : step.nth]
    values = [one.get(step.path) for one in objects]
    lines = [" ".join(str(value).split()) for value in values if value is not None]
    return "\n".join(line for line in lines if line) or None


def _decoded(text: str | None) -> list[object]:
    if text is None:
        return []
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _position(value: object) -> int:
    """Objects without a number come last, in their own order."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 10**_DIGITS
