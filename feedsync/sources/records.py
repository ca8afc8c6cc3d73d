"""JSON values as exact text: numbers keep their digits, nested values become canonical JSON, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, Final, NoReturn

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.semantics import printable
from feedsync.sources.base import NUMBER_MARK, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null

DEPTH: Final = 64  # of nested lists and objects inside one record


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class Pairs(tuple[tuple[str, object], ...]):
    """A JSON object: its keys and values in source order, repeated keys included."""

    __slots__ = ()


class Constant(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _constant(name: str) -> NoReturn:
    raise Constant(name)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=_constant
)


TEXTS: Final = frozenset((str, Number, type(None)))  # what is a cell as it is


def cell(value: object, depth: int = 0) -> str | None:
    """A value as the text of a cell: null is None, true and false are words, lists and objects canonical JSON.

    "19.90" of 19.90, "1e3" of 1e3, '{"a":[1.0]}' of {"a": [1.0]}
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else canonical(value, depth)


def canonical(value: object, depth: int = 0) -> str:
    """Compact JSON with keys in source order and numbers as they were written; RecursionError when nested too deep."""
    if depth > DEPTH:
        raise RecursionError
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return encode_basestring(printable(value))  # as an escape it would come back where the text is read as JSON
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{encode_basestring(printable(k))}:{canonical(v, depth + 1)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(inner, depth + 1) for inner in value) + "]"
    return "null" if value is None else "true" if value else "false"


class RecordBlock:
    """Records on their way into one frame."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._rows: list[dict[str, Any]] = []
        self._numbers: list[int] = []
        self._columns: dict[str, None] = {}
        self._fractions: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, record: object, number: int, place: Place, source: str) -> None:
        """Take one decoded record; `source` is its JSON text. A SourceError for anything but an object of cells."""
        if not isinstance(record, Pairs):
            raise SourceError("json_no_object", place, number=number, value=clipped(source))
        try:
            row: dict[str, Any] = {key: value if value.__class__ in TEXTS else cell(value) for key, value in record}
        except RecursionError:
            raise SourceError("json_deep", place, depth=DEPTH) from None
        if len(row) != len(record):
            keys = [key for key, _ in record]
            twice = next(key for index, key in enumerate(keys) if key in keys[:index])
            raise SourceError("json_key_twice", place, key=clipped(twice))
        if "\\u" in source:  # only an escape can hold NUL or half a surrogate pair
            _check_characters(row, place)
        if not row.keys() <= self._columns.keys():
            check_headers(row, place)
            self._cells.meet(row, place)
            self._columns.update(dict.fromkeys(row))
        for key, value in record:
            if value.__class__ is Number and not value.removeprefix("-").isdigit():
                self._fractions.setdefault(key, []).append(len(self._rows))
        self._rows.append(row)
        self._numbers.append(number)

    def frame(self) -> pl.DataFrame:
        """The records as text columns in order of their first appearance, marks of numbers, `_row` last."""
        numbers = pl.Series(ROW, self._numbers, dtype=pl.UInt64)
        if not self._columns:
            return numbers.to_frame()
        frame = pl.from_dicts(self._rows, schema=dict.fromkeys(self._columns, pl.String), strict=True)
        every = pl.int_range(len(self._rows), eager=True)
        marks = [every.is_in(rows).alias(NUMBER_MARK + name) for name, rows in self._fractions.items()]
        return self._cells.printable(blank_to_null(frame)).with_columns(*marks, numbers)


def _check_characters(row: dict[str, str | None], place: Place) -> None:
    texts: Iterable[str] = (text for pair in row.items() for text in pair if text is not None)
    for text in texts:
        if "\0" in text:
            raise SourceError("json_nul", place)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise SourceError("json_surrogate", place) from None
