"""The JSON Schemas: valid draft 07, true to what ships, and no stricter than the loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from jsonschema import Draft7Validator

from feedsync.specs.channels import channel_folders
from feedsync.specs.model import Model
from feedsync.specs.presets import preset_files
from feedsync.specs.schema import DRAFT, schemas

SCHEMAS = schemas()


class EditorLoader(pyyaml.SafeLoader):
    """YAML as editors read it: numbers and booleans are such, a day is text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith("timestamp")]
    for first, known in pyyaml.SafeLoader.yaml_implicit_resolvers.items()
}


def refused(name: str, text: str) -> list[str]:
    """The paths at which an editor shows a mistake."""
    found = Draft7Validator(SCHEMAS[name]).iter_errors(pyyaml.load(text, EditorLoader))  # a SafeLoader underneath
    return sorted("/".join(str(step) for step in error.absolute_path) for error in found)


@pytest.mark.parametrize("name", ["feedsync", "channel", "attributes", "mapping", "cases", "preset"])
def test_a_schema_of_draft_07(name: str) -> None:
    schema = SCHEMAS[name]
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == DRAFT
    text = json.dumps(schema)
    for later in ("$defs", "prefixItems", "discriminator", "unevaluated"):
        assert f'"{later}"' not in text
    for found in _references(schema):
        assert found.removeprefix("#/definitions/") in schema["definitions"]


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        return [value if key == "$ref" else "" for key, value in schema.items() if key == "$ref"] + [
            found for value in schema.values() for found in _references(value)
        ]
    return [found for entry in schema for found in _references(entry)] if isinstance(schema, list) else []


def test_the_same_every_time() -> None:
    assert json.dumps(schemas()) == json.dumps(SCHEMAS)
    assert list(SCHEMAS) == ["feedsync", "channel", "attributes", "mapping", "cases", "preset"]


def test_keys_have_their_hover_texts() -> None:
    feed = SCHEMAS["feedsync"]["definitions"]["FeedSpec"]["properties"]
    assert feed["rows"]["description"] == "A table: one item per its row."
    field = SCHEMAS["feedsync"]["definitions"]["FieldSpec"]["properties"]
    assert field["from"]["description"] == "The source's column, by its header; the field's own name otherwise."
    attribute = SCHEMAS["attributes"]["definitions"]["Attribute"]["properties"]
    assert attribute["max_bytes"]["description"] == "At most so many bytes in UTF-8."
    assert attribute["required"]["description"] == "A product without it is blocked."
    assert SCHEMAS["channel"]["properties"]["title"]["description"] == "What people call it."


def models(base: type[Model]) -> list[type[Model]]:
    return [found for child in base.__subclasses__() for found in (child, *models(child))]


def test_every_model_has_a_name_of_its_own() -> None:
    """Definitions and their hover texts are found by it."""
    names = [model.__name__ for model in models(Model) if model.__module__.startswith("feedsync.")]
    assert len(names) == len(set(names)) > 50


@pytest.mark.parametrize(
    "file",
    [file for entry in channel_folders(None) for file in sorted(entry.folder.glob("*.yaml"))],
    ids=lambda file: "/".join(file.parts[-3:]),
)
def test_what_comes_with_feedsync_is_valid(file: Path) -> None:
    assert refused(file.stem, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", preset_files(None).values(), ids=lambda file: file.stem)
def test_presets_that_come_with_feedsync_are_valid(file: Path) -> None:
    assert refused("preset", file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feedsync", "version: 1\ncatalog: {key: sku, sources: [{path: a.csv}]}\nfeeds: {k: {channel: kiosk}}"),
        ("feedsync", "catalog: {sources: [{path: a.csv, frame: no, aggregate: {stock: sum}}]}\nfeeds: {k: {channel: 7, market: es, formats: csv, attributes:, settings: {a: 1, b: true, c: 1.5}}}"),
        ("feedsync", "catalog: {sources: [{path: a}]}\nfeeds: {k: {channel: k}}\nlookups: {iva: {general: 21}, vat: {path: v.csv, key: [a], value: b}}\nrules: {FS312: hint, FS341: {severity: 'off', reason: x, until: 2027-01-31}}\nguards: {shrink_percent: '5'}"),
        ("feedsync", "catalog: {sources: [{path: a}], fields: {a: {from: {source: s, column: c}, missing: [1, '-']}}}\nfeeds: {k: {channel: k, market: {country: ES, language: es, currency: EUR}, attributes: {a: 1, b: [1, x], c: [], d: [{e: 1}], f: {value: [a], on_invalid: drop}}}}"),
        ("channel", "extends: kiosk\nformats: {csv: {delimiter: ';'}}"),
        ("channel", "title: 7\ndocs: x\nnot_shown: {en: x}\ndelete_mode: none\nwrite_mode: merge\nlimits: {items: 5}\nformats: {csv: {writer: delimited, suffix: csv}}\nspelling: {boolean: [yes, no]}"),
        ("attributes", "a: {required: yes, max_characters: 5, minimum: 0.5, one_of: [1, 1.5, true]}\nb: ~\nc: {type: list, of: {type: url}, max_characters: '5'}\nd: {max_characters: }"),
        ("mapping", "a: 1\nb: ~\nc: [x]\nd: {value: x}"),
        ("cases", "- {name: 1, product: {sku: 007}, item: ~, findings: [[FS301, id]]}"),
    ],
)  # fmt: skip
def test_right_documents(name: str, text: str) -> None:
    assert refused(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("feedsync", "catalog: {sources: [{path: a}]}", [""]),
        ("feedsync", "catalog: {sources: [], key: [a]}\nfeeds: {}", ["catalog/key", "catalog/sources", "feeds"]),
        ("feedsync", "catalog: {sources: [{path: a, joinn: b}]}\nfeeds: {k: {chanel: k}}", ["catalog/sources/0", "feeds/k", "feeds/k"]),
        ("feedsync", "catalog: {sources: [{path: a}]}\nfeeds: {k: {channel: k}}\nfail_on: errors\nguards: {shrink_percent: 101}\nmarkets: {es: {country: Spain, language: es, currency: EUR}}", ["fail_on", "guards/shrink_percent", "markets/es/country"]),
        ("feedsync", "catalog: {sources: [{path: a, frame: maybe}]}\nfeeds: {k: {channel: k, attributes: {a: {valu: x}}}}", ["catalog/sources/0/frame", "feeds/k/attributes/a"]),
        ("feedsync", "catalog: {sources: [{path: a}]}\nfeeds: {k: {channel: k, attributes: {a: ~}}}", ["feeds/k/attributes/a"]),
        ("channel", "title: x", [""] * 5),
        ("channel", "extends: x\nformats: {csv: {writer: delimted}}", ["formats/csv"]),
        ("attributes", "a: {type: monee}\nb: {max_characters: x}", ["a/type", "b/max_characters"]),
        ("attributes", "- a", [""]),
        ("mapping", "a: {valu: x}", ["a"]),
        ("cases", "- {name: x, product: {a: b}, findings: [[FS301]]}", ["0/findings/0"]),
    ],
)  # fmt: skip
def test_wrong_documents(name: str, text: str, where: list[str]) -> None:
    assert refused(name, text) == where
