"""config.md and channel-spec.md: every key of the YAML files, from the models that read them."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from docs.pages.markdown import anchor, code, page, table
from feedsync.specs import channel, project
from feedsync.specs.model import Model
from feedsync.specs.schema import schemas

NAMES: Final[dict[Any, str]] = {
    str: "text",
    int: "whole number",
    Decimal: "number",
    bool: "true or false",
    Any: "anything",
}
WHOLE: Final = "The whole file"
CONFIG_INTRO = """Every key of feedsync.yaml. A relative path is relative to feedsync.yaml. Every value is read as text first: `007`,
`NO` and `1e3` stay what they are. *Template* is a text in the [mapping language](../mapping.md); a plain text is one, too.
Secrets stand outside: `${VAR}`, `${VAR:-default}` or `${file:secrets/password}`.
An editor completes the keys with `# yaml-language-server: $schema=` and [feedsync.json](../schemas/feedsync.json)."""
SPEC_INTRO = """Every key of a channel's files: `channel_specs/NAME/VERSION/` with `channel.yaml`, `attributes.yaml`, `mapping.yaml` and,
as tests, `cases.yaml`. [own-channel.md](../own-channel.md) writes one step by step. The schemas for editors:
[channel](../schemas/channel.json), [attributes](../schemas/attributes.json), [mapping](../schemas/mapping.json),
[cases](../schemas/cases.json)."""
MAPPING = "A template, a list of templates, a list of groups of templates, or a mapping with `value` and `on_invalid`"
FILES: Final[dict[str, tuple[type[Model], str, str]]] = {
    "channel.yaml": (channel.Channel, "The whole of channel.yaml", "What the channel is, and how its files look."),
    "attributes.yaml": (
        channel.Attribute,
        "ATTRIBUTE",
        "Attribute name -> what the channel demands of it. Their order is the order in the files.",
    ),
    "mapping.yaml": (
        channel.Mapped,
        "ATTRIBUTE with on_invalid",
        f"Attribute name -> how it is filled from the [standard fields](fields.md). {MAPPING}.",
    ),
    "cases.yaml": (channel.Case, "One case", "A list of tests: a product, and what the channel must get of it."),
}


def config() -> str:
    """The page of feedsync.yaml."""
    found = headings(project.ProjectSpec, WHOLE)
    return page("feedsync.yaml", CONFIG_INTRO, *(_section(model, "feedsync", found, "##") for model in found))


def channel_spec() -> str:
    """The page of a channel's files."""
    found: dict[type[Model], str] = {}
    parts = []
    for file, (root, heading, text) in FILES.items():
        here = headings(root, heading, found)
        found.update(here)
        parts += [f"## {file}", text]
        parts += [_section(model, file.partition(".")[0], found, "###") for model in here]
    return page("A channel's files", SPEC_INTRO, *parts)


def headings(root: type[Model], heading: str, known: Mapping[type[Model], str] | None = None) -> dict[type[Model], str]:
    """The model and all that its keys hold, each with the path of the key where it is met first, in a reader's order."""
    found = {root: heading}

    def walk(model: type[Model], path: str) -> None:
        for name, info in model.model_fields.items():
            key = f"{path}.{info.alias or name}".lstrip(".")
            new = [one for one in _inside(info.annotation) if one not in found and one not in (known or {})]
            for one in new:
                end = ".NAME" if get_origin(info.annotation) is dict else ""
                found[one] = key + end + (f" ({_variant(one)})" if len(new) > 1 else "")
            for one in new:
                walk(one, key + (".NAME" if get_origin(info.annotation) is dict else ""))

    walk(root, heading if heading.startswith("ATTRIBUTE") else "")
    return found


def _variant(model: type[Model]) -> str:
    """What tells the shapes of one key apart."""
    writer = model.model_fields.get("writer")
    return f"writer: {', '.join(get_args(writer.annotation))}" if writer else model.__name__


def _inside(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        if not isinstance(part, FieldInfo):
            yield from _inside(part)


def _section(model: type[Model], schema: str, found: Mapping[type[Model], str], level: str) -> str:
    said = _described(schema, model)
    rows = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        default = "required" if info.is_required() else _default(info)
        rows.append([code(key), _kind(info.annotation, found, _written(model, name)), default, said[key]])
    doc = " ".join((model.__doc__ or "").split())
    return "\n\n".join([f"{level} {found[model]}", doc, table(["key", "value", "default", "meaning"], rows)])


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    """Made once: they read the models' sources."""
    return schemas()


def _described(schema: str, model: type[Model]) -> dict[str, str]:
    """Key -> the words of the schema that editors show."""
    whole = _schemas()[schema]
    described = whole["definitions"].get(model.__name__, whole)
    return {key: one.get("description", "") for key, one in described["properties"].items()}


def _written(model: type[Model], name: str) -> str:
    """The annotation as it is written: a template is text to Python."""
    for kind in model.__mro__:
        if name in (written := inspect.get_annotations(kind)):
            return str(written[name])
    raise KeyError(name)


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, bool):
        return code(str(value).lower())
    if value is None or value in ((), {}, "") or isinstance(value, Model):
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(code, value))
    return code(str(value).replace("\n", "\\n"))


def _kind(annotation: Any, found: Mapping[type[Model], str], written: str = "") -> str:
    """A type in words; models are links to their sections."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return f"[{found[annotation]}](#{anchor(found[annotation])})"
    if written == "dict[str, Mapping]":
        return f"attribute -> [mapping](#{anchor(found[channel.Mapped])})"
    if origin is Annotated:
        return _kind(parts[0], found, written)
    if origin is Literal:
        return " or ".join(dict.fromkeys(code(str(part)) for part in parts))
    if origin in (Union, types.UnionType):
        kinds = [_kind(part, found, written) for part in parts if part is not types.NoneType]
        return " or ".join(dict.fromkeys(kinds))
    if origin is tuple:
        inner = [_kind(part, found, written) for part in parts if part is not ...]
        return f"list of {_plural(inner[0])}" if ... in parts else "list of " + " and ".join(inner)
    if origin is dict:
        return f"name -> {_kind(parts[1], found, written)}"
    if annotation is str and "Template" in written:
        return "template"
    return NAMES[annotation]


def _plural(kind: str) -> str:
    return kind + "s" if kind in ("text", "template") else kind
