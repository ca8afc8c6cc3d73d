"""One value out of a text that holds JSON.

Not marked `python`: a value that is not there is no failure, and only this function can tell the two apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from feedsync.expressions.functions.declare import on_unique, refuse
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import Value
from feedsync.semantics import TEXT, printable

NO_JSON = "\x00"  # never part of a text of the catalog
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]")


class _Number(str):
    """A number of the document as it is written there."""

    __slots__ = ()


@dataclass(frozen=True)
class Path:
    """The way to a value: names of objects and places in lists."""

    steps: tuple[str | int, ...]

    def __call__(self, text: str) -> str | None:
        """The value as text; None where the document has no such value, NO_JSON where the text is no document."""
        try:
            document: object = json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
        except (ValueError, RecursionError):
            return NO_JSON
        for step in self.steps:
            if isinstance(document, dict) and isinstance(step, str):
                document = document.get(step)
            elif isinstance(document, list) and isinstance(step, int) and step < len(document):
                document = document[step]
            else:
                return None
        return _text(document)


def _text(document: object) -> str | None:
    if document is None or isinstance(document, str):
        return document and printable(document)  # an escape may stand for what no text has
    return _json(document)


def _json(document: object) -> str:
    """Canonical JSON, numbers as they were written."""
    if isinstance(document, _Number):
        return str(document)
    if isinstance(document, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_json(value)}" for key, value in document.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(document, list):
        return "[" + ",".join(map(_json, document)) + "]"
    return json.dumps(document, ensure_ascii=False)


def parse_path(written: str) -> Path | None:
    """A path of the form $.name[0]['other name']; None if it is none."""
    if not re.fullmatch(r"\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])+", written):
        return None
    found = _STEP.finditer(written)
    return Path(tuple(int(match[2]) if match[2] else match[1] or match[3] or "" for match in found))


def json_path(text: pl.Expr, path: Callable[[str], str | None]) -> pl.Expr:
    """The value at the path of a JSON document, as text; numbers as they are written there.

    '{"dims":{"w":30}}', $.dims.w -> "30"
    """
    return on_unique(text, path)


def _json_path(call: Call) -> Outcome:
    path = parse_path(call.args["path"])
    if path is None:
        raise refuse(call, "function_json_path", path=call.args["path"])
    found = json_path(call.input.expr, path)
    value = once(lambda text: pl.when(text != NO_JSON).then(text), found)
    return Outcome(Value(value, TEXT), failed=(found == NO_JSON).fill_null(False))


FUNCTIONS: dict[str, Function] = {
    "json_path": Function(
        "json_path",
        _json_path,
        params=(Param("path", literal=True),),
        may_blank=True,
        summary="The value at a path of a text that holds JSON, such as $.dims.w or $.images[0]['src'].",
        examples=(
            Example("{{ data | json_path('$.dims.w') }}", {"data": '{"dims":{"w":30}}'}, "30"),
            Example("{{ data | json_path('$.a[1]') }}", {"data": '{"a":["x",1.50]}'}, "1.50"),
            Example("{{ data | json_path('$.dims.h') }}", {"data": '{"dims":{"w":30}}'}, None),
            Example("{{ data | json_path('$.a') }}", {"data": "no JSON"}, None),
        ),
    )
}
