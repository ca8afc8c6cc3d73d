"""From pydantic's errors to ours: every mistake with its place, the value met, and the nearest known name.

A pydantic location holds the branches of unions beside the keys of the file; it is walked along the types, which
gives the path in the file and the type that stands there, and with it the known keys and values.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Protocol, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from feedsync import texts
from feedsync.errors import ConfigError, Place, nearest
from feedsync.specs.yaml import Path_, dotted

_SAYS_SOMETHING: Final = r"\S"  # the pattern of specs.model.Word
_SHOWN: Final = 60  # characters of a value or of a list of known names that a message repeats

# what a model expects where pydantic could not read the value
_EXPECTED: Final = {
    "string": "config_expected_text",
    "literal": "config_expected_text",
    "tuple": "config_expected_list",
    "list": "config_expected_list",
    "dict": "config_expected_mapping",
    "model": "config_expected_mapping",
    "int": "config_expected_integer",
    "decimal": "config_expected_number",
    "bool": "config_expected_boolean",
    "finite": "config_expected_number",
}
_BOUNDS: Final = {
    "greater_than_equal": ("config_at_least", "ge"),
    "less_than_equal": ("config_at_most", "le"),
    "greater_than": ("config_above", "gt"),
    "less_than": ("config_below", "lt"),
    "decimal_max_places": ("config_decimals", "decimal_places"),
    "too_short": ("config_too_few", "min_length"),
    "too_long": ("config_too_many", "max_length"),
}


class Places(Protocol):
    """A document, or several put together."""

    def place(self, path: Path_, *, key: bool = False) -> Place: ...


@dataclass(frozen=True)
class _Met:
    """One pydantic error in terms of the file."""

    path: Path_
    annotation: Any
    details: ErrorDetails

    @property
    def name(self) -> str:
        return str(self.path[-1]) if self.path else ""


def explain(
    found: Sequence[ErrorDetails], model: Any, places: Places, prefix: Path_, error: type[ConfigError]
) -> list[ConfigError]:
    """One error of ours for each of pydantic's that says something of its own."""
    met = [_Met(*_walk(model, details["loc"]), details) for details in found]
    unknown = [entry for entry in met if entry.details["type"] == "extra_forbidden"]
    meant = {(*entry.path[:-1], nearest(entry.name, _known_keys(entry.annotation))) for entry in unknown}
    inside = {entry.path[:length] for entry in met for length in range(len(entry.path))}
    return [
        _explain(entry, places, prefix, error)
        for entry in met
        if not (entry.details["type"] == "missing" and entry.path in meant)  # it is there, mistyped
        and not (entry.details["type"] == "too_short" and entry.path in inside)  # its entries are wrong, not absent
    ]


def _explain(met: _Met, places: Places, prefix: Path_, error: type[ConfigError]) -> ConfigError:
    kind, path = met.details["type"], (*prefix, *met.path)
    if kind == "extra_forbidden":
        key, params = unknown_name("config_unknown_key", met.name, _known_keys(met.annotation))
        return error(key, places.place(path, key=True), subject=dotted(path[:-1]), **params)
    if kind == "missing":
        place, subject = places.place(path[:-1], key=True), dotted(path[:-1])
        if isinstance(path[-1], int):  # a list of a fixed length
            return error("config_too_few", place, subject=subject, limit=path[-1] + 1)
        return error("config_missing_key", place, subject=subject, name=met.name)
    key, params = _value(met)
    if at := params.pop("at", ""):  # a model's own validator knows which of its keys is wrong
        path = (*path, str(at))
    return error(key, places.place(path), subject=dotted(path), **params)


def _value(met: _Met) -> tuple[str, dict[str, object]]:
    """The text and its parameters for a value that its model refuses."""
    kind, value, context = met.details["type"], met.details["input"], met.details.get("ctx", {})
    if kind in texts.catalogue():  # a model's own validator
        return kind, dict(context)
    if kind in _BOUNDS:
        key, bound = _BOUNDS[kind]
        return key, {"value": shown(value), "limit": context[bound]}
    if kind == "union_tag_not_found":
        return "config_missing_key", {"name": str(context["discriminator"]).strip("'")}
    known = _known_values(met.annotation, str(context.get("discriminator", "")).strip("'"))
    if kind == "union_tag_invalid":
        return unknown_name("config_unknown_value", str(context["tag"]), known)
    if kind == "literal_error" and isinstance(value, str):
        return unknown_name("config_unknown_value", value, known)
    if kind == "string_too_short" or (kind == "string_pattern_mismatch" and context["pattern"] == _SAYS_SOMETHING):
        return "config_blank", {}
    if kind == "string_pattern_mismatch":
        return "config_pattern", {"value": shown(value), "wanted": _wanted(met.annotation) or context["pattern"]}
    expected = _EXPECTED.get(kind.split("_")[0])
    if value is None:
        return "config_no_value", {}
    if expected:
        return expected, {"value": shown(value)}
    return "config_other", {"problem": met.details["msg"]}


def _wanted(annotation: Any) -> str:
    """What a pattern is for, in the words of its field or type."""
    if isinstance(annotation, FieldInfo):
        return annotation.description or _wanted(_members(annotation)[0])
    extras = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    return next((one.description for one in extras if isinstance(one, FieldInfo) and one.description), "")


def unknown_name(key: str, name: str, known: Iterable[str]) -> tuple[str, dict[str, object]]:
    """The text `key` with the known names, or its `_near` with the nearest one."""
    names = list(known)
    params: dict[str, object] = {"name": clipped(name), "known": clipped(", ".join(names) or "(none)", 400)}
    if near := nearest(name, names):
        return f"{key}_near", {**params, "near": near}
    return key, params


def shown(value: object) -> str:
    """A value as messages repeat it: quoted and clipped; of a list or mapping only that it is one."""
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, list | tuple):
        return "[...]"
    return f'"{clipped(str(value))}"'


def clipped(text: str, limit: int = _SHOWN) -> str:
    """On one line and not longer than a message bears."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _walk(model: Any, location: Sequence[str | int]) -> tuple[Path_, Any]:
    """The path in the file and the type or field that stands there; for an unknown key, its parent's type."""
    path: list[str | int] = []
    here: Any = model
    for step in location:
        members = _members(here)
        branch = [member for member in members if step in _tags(member)] if len(members) > 1 else []
        if branch:
            here = branch[0]
            continue
        path.append(step)
        here = _inside(members[0], step) or here
    return tuple(path), here


def _members(annotation: Any) -> list[Any]:
    """A union's members without None; anything else alone."""
    if isinstance(annotation, FieldInfo):
        annotation = annotation.annotation
    if get_origin(annotation) is Annotated and _is_union(get_args(annotation)[0]):
        annotation = get_args(annotation)[0]
    if not _is_union(annotation):
        return [annotation]
    members = [member for member in get_args(annotation) if member is not types.NoneType]
    return _members(members[0]) if len(members) == 1 else members


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _tags(member: Any) -> list[object]:
    """What pydantic calls this branch of a union."""
    if get_origin(member) is Annotated:
        return [extra.tag for extra in get_args(member)[1:] if isinstance(extra, Tag)]
    fields = _fields(member).values()
    return [
        value for field in fields if get_origin(field.annotation) is Literal for value in get_args(field.annotation)
    ]


def _inside(annotation: Any, step: str | int) -> Any:
    """The type of a key or entry; None where the type has none of that name."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if fields := _fields(annotation):
        return next((field for name, field in fields.items() if (field.alias or name) == step), None)
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return arguments[1]
    if get_origin(annotation) is tuple:
        return arguments[0]
    return None


def _fields(annotation: Any) -> dict[str, FieldInfo]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation.model_fields if is_model else {}


def _known_keys(annotation: Any) -> list[str]:
    return [field.alias or name for member in _members(annotation) for name, field in _fields(member).items()]


def _known_values(annotation: Any, discriminator: str) -> list[str]:
    """The values of a Literal, or those of the key that chooses a union's branch."""
    known: list[str] = []
    for member in _members(annotation):
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if discriminator and (fields := _fields(member)):
            bare = fields[discriminator].annotation
        if get_origin(bare) is Literal:
            known.extend(str(value) for value in get_args(bare) if str(value) not in known)
    return known
