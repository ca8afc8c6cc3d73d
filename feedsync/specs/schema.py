"""JSON Schemas (draft 07) of the YAML files, for editors: completion, hover texts, and mistakes while typing.

They are as strict as a schema can be and never stricter than the loader. Every scalar of our YAML is text, so 012,
1e3 and 2026-11-21 need no quotes; an editor sees numbers and booleans there, and the schemas take them.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from typing import Any, Final

from pydantic import TypeAdapter

from feedsync.specs import channel, preset, project
from feedsync.specs.model import Model

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_FILES: Final[dict[str, tuple[str, Any]]] = {
    "feedsync": ("feedsync.yaml: a project", project.ProjectSpec),
    "channel": ("channel.yaml: what a channel is and how its files look", channel.Channel),
    "attributes": ("attributes.yaml: what a channel demands of each attribute", dict[str, channel.Attribute]),
    "mapping": ("mapping.yaml: how a catalog in standard fields fills a channel", dict[str, channel.Mapping]),
    "cases": ("cases.yaml: products, and what a channel must get of them", tuple[channel.Case, ...]),
    "preset": ("presets/NAME.yaml: how a well-known export is read", preset.Preset),
}
_NULL: Final = {"type": "null"}
_BOOLEANS: Final = [True, False, "true", "false", "yes", "no"]

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """By file name without suffix: feedsync, channel, attributes, mapping, cases, preset."""
    return {name: _schema(name, title, model) for name, (title, model) in _FILES.items()}


def _schema(name: str, title: str, model: Any) -> Schema:
    made = TypeAdapter(model).json_schema(ref_template="#/definitions/{model}")
    definitions = made.pop("$defs", {})
    if isinstance(model, type) and issubclass(model, Model):
        _describe(made, model)
    models = {found.__name__: found for found in _models(Model)}
    for entry, definition in definitions.items():
        _describe(definition, models[entry])
    schema = {"$schema": DRAFT, **_converted(made), "title": title}
    schema["definitions"] = {entry: _converted(definition) for entry, definition in definitions.items()}
    if name in ("attributes", "mapping"):  # over an extended channel, null removes an attribute
        schema["additionalProperties"] = _property(made["additionalProperties"], required=False)
    for entry in sorted(_nullable(schema)):
        schema["definitions"][entry] = _or_null(schema["definitions"][entry])
    if name == "channel":
        _loosen_where_it_extends(schema)
    return schema


def _loosen_where_it_extends(schema: Schema) -> None:
    """A channel that extends another one says only what differs, also inside a format."""
    schema["if"] = {"not": {"required": ["extends"]}}
    schema["then"] = {"required": schema.pop("required")}
    for entry, definition in schema["definitions"].items():
        if entry.endswith("Format"):
            definition.pop("required", None)


def _converted(schema: Any) -> Any:
    """A schema of pydantic (2020-12) in draft 07, with scalars as YAML editors see them."""
    if isinstance(schema, list):
        return [_converted(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            required = schema.get("required", [])
            made[key] = {name: _property(entry, name in required) for name, entry in value.items()}
        elif key in ("default", "enum", "required"):
            made[key] = value
        elif key == "const":
            made["enum"] = [value]
        elif key == "prefixItems":
            made["items"], made["additionalItems"] = _converted(value), False
        elif key == "oneOf":  # [] is a list of texts and of groups
            made["anyOf"] = _converted(value)
        elif key not in ("title", "discriminator"):
            made[key] = _converted(value)
    return _scalar(made)


def _property(schema: Schema, required: bool) -> Schema:
    """A key without a value is absent, so null is as good as nothing."""
    made: Schema = _converted(schema)
    choices = made.pop("anyOf", None)
    if choices and len(rest := [choice for choice in choices if choice != _NULL]) == 1:
        made.update(rest[0])
    elif choices:
        made["anyOf"] = choices
    if "$ref" in made:  # draft 07 ignores what stands beside it
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made if required else _or_null(made)


def _or_null(schema: Schema) -> Schema:
    made = dict(schema)
    if "anyOf" in made:
        made["anyOf"] = [*made["anyOf"], *([] if _NULL in made["anyOf"] else [_NULL])]
    if "type" in made:
        made["type"] = [*(made["type"] if isinstance(made["type"], list) else [made["type"]]), "null"]
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def _nullable(schema: Any) -> set[str]:
    """The definitions that stand alone as the value of a key: they take null themselves, so that an editor points
    into them instead of saying that neither they nor null fit."""
    if isinstance(schema, list):
        return {name for entry in schema for name in _nullable(entry)}
    if not isinstance(schema, dict):
        return set()
    own = {entry["$ref"].rpartition("/")[2] for entry in schema.get("allOf", [])}
    return own.union(*(_nullable(value) for value in schema.values()))


def _scalar(schema: Schema) -> Schema:
    kind = schema.get("type")
    says_something = schema.get("pattern") == r"\S"  # which every number does
    if kind == "string" and (says_something or not {"pattern", "enum", "const"} & set(schema)):
        return {**schema, "type": ["string", "number", "boolean"]}
    if kind == "integer":
        return {**schema, "type": ["integer", "string"], "pattern": r"^\s*[+-]?\d+\s*$"}
    if kind == "boolean":
        return {**{key: value for key, value in schema.items() if key != "type"}, "enum": _BOOLEANS}
    return schema


def _models(base: type[Model]) -> list[type[Model]]:
    return [found for child in base.__subclasses__() for found in (child, *_models(child))]


def _describe(schema: Schema, model: type[Model]) -> None:
    """Hover texts: the strings under the fields in the source. (pydantic could read them, on every start.)"""
    docs = {name: text for kind in reversed(model.__mro__) if issubclass(kind, Model) for name, text in _docs(kind)}
    for name, field in model.model_fields.items():
        shown = schema["properties"].get(field.alias or name)
        if shown is not None and name in docs:
            schema["properties"][field.alias or name] = {**shown, "description": docs[name]}


def _docs(model: type[Model]) -> list[tuple[str, str]]:
    """(field, the string under it) of the class's own fields."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    return [
        (statement.target.id, " ".join(str(after.value.value).split()))
        for statement, after in itertools.pairwise(body.body)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    ]
