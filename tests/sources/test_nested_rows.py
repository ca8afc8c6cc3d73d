"""Records that hold a list of rows, in JSON and JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import items, shop

import feedsync
from feedsync.errors import FeedsyncError

PRODUCTS = [
    {"name": "Chaqueta", "price": 20.50, "variants": [{"sku": "A-1", "size": "S"}, {"sku": "A-2", "price": 9}]},
    {"name": "Sin variantes", "variants": []},
    {"name": "Sin lista", "variants": None},
    {"name": "Gorra", "variants": [{"sku": "B-1"}]},
]
ROWS = [
    {"id": "A-1", "name": "Chaqueta", "size": "S", "price": "20.5"},
    {"id": "A-2", "name": "Chaqueta", "price": "20.5", "own": "9"},
    {"id": "B-1", "name": "Gorra"},
]
ATTRIBUTES = "name: {}\nsize: {}\nprice: {type: decimal}\nown: {type: decimal}\n"
FEED = 'id: "{{ sku }}"\nattributes: {name: "{{ name }}", size: "{{ size }}", price: "{{ price }}", own: "{{ own }}"}\n'
FIELDS = (
    "fields: {sku: {from: variants.sku}, size: {from: variants.size}, own: {from: variants.price, type: decimal}}\n"
)


def project(folder: Path, name: str, text: str, more: str = "") -> Path:
    source = f"sources: [{{path: {name}, rows: variants{more}}}]\n"
    made = shop(folder, "", FEED, ATTRIBUTES, catalog=source + FIELDS)
    (made / name).write_text(text, encoding="utf-8")
    return made


def test_a_row_for_each_entry_of_the_list(tmp_path: Path) -> None:
    folder = project(tmp_path, "p.json", json.dumps(PRODUCTS))
    assert items(folder) == ROWS
    (feed,) = feedsync.load_project(folder, env={}).check().feeds
    # products without entries are rows, too, and say what they lack
    assert (feed.read, feed.ready, feed.blocked) == (5, 3, 2)
    assert [(one.code, one.count) for one in feed.findings] == [("FS102", 2)]


def test_json_lines_give_the_same(tmp_path: Path) -> None:
    assert items(project(tmp_path, "p.jsonl", "".join(json.dumps(one) + "\n" for one in PRODUCTS))) == ROWS


@pytest.mark.parametrize("records", [".", "data.shop."])
def test_one_object_that_is_the_only_record(records: str, tmp_path: Path) -> None:
    document: object = PRODUCTS[0]
    for key in reversed([part for part in records.split(".") if part]):
        document = {"other": [1], key: document}
    text = json.dumps(document, indent=2)
    assert items(project(tmp_path, "p.json", text, f', records: "{records}"')) == ROWS[:2]


def test_rows_of_one_record_are_told_apart(tmp_path: Path) -> None:
    """A repeated key names two rows, and `first` takes one of them."""
    twice = [{"name": "a", "price": 2, "variants": [{"sku": "A", "size": "S", "price": 1}, {"sku": "A", "size": "M"}]}]
    for name, text in (("p.json", json.dumps(twice)), ("p.jsonl", json.dumps(twice[0]))):
        folder = project(tmp_path / name, name, text)
        config = folder / "feedsync.yaml"
        config.write_text(config.read_text().replace("  sources:", "  on_repeated_key: first\n  sources:"))
        assert items(folder) == [{"id": "A", "name": "a", "size": "S", "price": "2", "own": "1"}]


@pytest.mark.parametrize("entry", ["7", '"x"', "null", "[1]"])
def test_an_entry_that_is_no_object_stops_the_run(entry: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError, match=r"p\.json:1"):
        items(project(tmp_path, "p.json", f'[{{"name": "a", "variants": [{entry}]}}]'))


def test_a_key_that_holds_no_list_is_a_cell(tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError, match=r"variants\.sku"):
        items(project(tmp_path, "p.json", '[{"name": "a", "variants": "none"}]'))
