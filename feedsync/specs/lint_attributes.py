"""What is wrong in attributes.yaml that a model cannot see: limits that never apply, spellings, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from feedsync.semantics import TEXTUAL
from feedsync.specs.channel import Attribute, Limits
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.formats import DelimitedFormat
from feedsync.specs.model import is_day
from feedsync.specs.problems import File, Problem
from feedsync.specs.taxonomy import taxonomy_names

SNAKE_CASE: Final = re.compile(r"[a-z][a-z0-9_]*")
_NUMBERS: Final = ("integer", "decimal", "money")
# key -> the types to which it means anything
_APPLIES: Final = {
    "max_characters": TEXTUAL,
    "max_bytes": TEXTUAL,
    "shown_characters": TEXTUAL,
    "one_of": TEXTUAL,
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "above": _NUMBERS,
    "currency": ("money",),
    "repeat": ("list", "group"),
    "total_characters": ("list",),
    "below": ("money",),
    "headers": ("interval", "money"),
}
_PARTS: Final = {"interval": {"start", "end"}, "money": {"amount", "currency"}}


def lint_attributes(loaded: LoadedChannel) -> Iterator[Problem]:
    """Problems of attributes.yaml, attribute by attribute."""
    file = File(loaded, "attributes.yaml")
    attributes = loaded.spec.attributes
    if "id" not in attributes:
        yield file.problem("error", "lint_no_id")
    for name, attribute in attributes.items():
        yield from _attribute(file, name, attribute)
        if attribute.below is not None and attribute.below not in attributes:
            yield file.unknown("config_unknown_attribute", attribute.below, attributes, name, "below")
        elif attribute.below is not None and attributes[attribute.below].type != "money":
            yield file.problem("error", "lint_below_money", name, "below", other=attribute.below)
        if attribute.taxonomy is not None and attribute.taxonomy not in taxonomy_names():
            yield file.unknown("config_unknown_taxonomy", attribute.taxonomy, taxonomy_names(), name, "taxonomy")
        elif attribute.taxonomy is not None and attribute.type != "text":
            yield file.problem("error", "lint_taxonomy_text", name, "taxonomy")
        if attribute.required and name not in loaded.spec.mapping:
            yield file.problem("hint", "lint_required_without_mapping", name, at_key=True)
    if any(isinstance(form, DelimitedFormat) for form in loaded.spec.channel.formats.values()):
        yield from _headers(file, attributes)


def _attribute(file: File, name: str, attribute: Attribute) -> Iterator[Problem]:
    if not SNAKE_CASE.fullmatch(name):
        yield file.problem("error", "lint_snake_case", name, at_key=True)
    if attribute.docs is None:
        yield file.problem("warning", "lint_no_docs", name, at_key=True)
    if attribute.checked is None:
        yield file.problem("warning", "lint_no_checked", name, at_key=True)
    elif not is_day(attribute.checked):
        yield file.problem("error", "config_not_a_day", name, "checked", value=attribute.checked)
    yield from _limits(file, attribute, name)
    if isinstance(attribute.of, Limits):
        yield from _limits(file, attribute.of, name, "of")
    for part, limits in attribute.fields.items():
        if not SNAKE_CASE.fullmatch(part):
            yield file.problem("error", "lint_snake_case", name, "fields", part, at_key=True)
        yield from _limits(file, limits, name, "fields", part)
    if attribute.total_characters is not None and attribute.type == "list" and not _of_texts(attribute):
        yield file.problem(
            "error",
            "lint_does_not_apply",
            name,
            "total_characters",
            at_key=True,
            type=str(attribute.semantic),
            types="lists of texts",
        )
    for part in attribute.headers:
        if part not in (known := _PARTS.get(attribute.type, set())):
            yield file.unknown("lint_unknown_part", part, sorted(known), name, "headers", part, at_key=True)
    if attribute.required and attribute.required_when is not None:
        yield file.problem("warning", "lint_required_twice", name, "required_when", at_key=True)


def _of_texts(attribute: Attribute) -> bool:
    entry = attribute.semantic.of
    return entry is not None and entry.textual


def _limits(file: File, limits: Limits, *path: str) -> Iterator[Problem]:
    for key, types in _APPLIES.items():
        if key in limits.model_fields_set and limits.type not in types:
            yield file.problem(
                "error", "lint_does_not_apply", *path, key, at_key=True, type=limits.type, types=", ".join(types)
            )
    if limits.one_of is not None:
        yield from _values(file, limits, limits.one_of, *path)


def _values(file: File, limits: Limits, allowed: tuple[str, ...], *path: str) -> Iterator[Problem]:
    """Spelling is two-way: what is written must say which value it was."""
    for number, value in enumerate(allowed):
        if value in allowed[:number]:
            yield file.problem("error", "lint_value_twice", *path, "one_of", number, value=value)
    for value in limits.spelling:
        if value not in allowed:
            yield file.unknown("config_unknown_value", value, allowed, *path, "spelling", value, at_key=True)
    written: dict[str, str] = {}
    for value in dict.fromkeys(allowed):
        spelled = limits.spelling.get(value, value)
        if spelled in written and value in limits.spelling:
            first = written[spelled]
            yield file.problem("warning", "lint_spelled_alike", *path, "spelling", value, first=first, spelled=spelled)
        written.setdefault(spelled, value)


def _headers(file: File, attributes: dict[str, Attribute]) -> Iterator[Problem]:
    """Two columns of one name cannot be read back."""
    seen: dict[str, str] = {}
    for name, attribute in attributes.items():
        for header in attribute.headers.values() or [attribute.header or name]:
            if header in seen:
                yield file.problem("error", "lint_header_twice", name, at_key=True, header=header, first=seen[header])
            seen.setdefault(header, name)
