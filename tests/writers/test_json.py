"""JSON documents and lines: literal bytes, the rules of record trees, and that json reads back what was written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writer_builders import EMPTY, FULL, MADRID, ROWS, items, money, spec, writer_of, written

from feedsync.errors import ManyErrors, SpecError, TemplateError
from feedsync.writers.files import FileSet, write_feed
from feedsync.writers.spelling import spell

JSON = {"writer": "json", "suffix": "json"}
LINES = {"writer": "jsonl", "suffix": "jsonl"}


def one(tree: Any, *rows: dict[str, Any], **channel: Any) -> list[Any]:
    """The records of a tree, read back; decimals keep their digits."""
    made = spec({"f": {**LINES, "record": {"r": tree}}}, **channel)
    text = written(writer_of(made, feed={"seller": "S"}), items(made, *(rows or (FULL, EMPTY)))).decode()
    return [json.loads(line, parse_float=Decimal).get("r") for line in text.split("\n")[:-1]]


def test_flat_lines() -> None:
    made = spec({"jsonl": LINES})
    assert written(writer_of(made), items(made, FULL, EMPTY)).decode() == (
        '{"id":"A-1","title":"Lámpara \\"Sol\\" & más","price":"19.90 EUR","stock":5,"weight":0.57,"adult":false,'
        '"availability":"in stock","sale_dates":"2026-12-24T12:00+01:00/2026-12-31T12:00+01:00",'
        '"images":["https://x.es/1.jpg","https://x.es/2.jpg"],'
        '"shipping":[{"country":"ES","service":"Standard","price":"4.90 EUR"},{"country":"PT","price":"0.00 EUR"}]}\n'
        '{"id":"A-2"}\n'
    )


def test_flat_spelling_headers_and_parts() -> None:
    attributes = {
        "id": {"header": "sku"},
        "adult": {"type": "boolean"},
        "price": {"type": "money", "headers": {"amount": "price", "currency": "currency"}},
        "sizes": {"type": "list", "of": "integer"},
    }
    made = spec({"jsonl": LINES}, attributes, spelling={"boolean": ["yes", "no"]})
    row = {"id": "A", "adult": True, "price": money("5"), "sizes": [38, 40]}
    assert written(writer_of(made), items(made, row)) == (
        b'{"sku":"A","adult":"yes","price":"5.00","currency":"EUR","sizes":[38,40]}\n'
    )


@pytest.mark.parametrize(
    ("rows", "text"),
    [((), "[\n]\n"), ((EMPTY,), '[\n{"id":"A-2"}\n]\n'), ((EMPTY, EMPTY), '[\n{"id":"A-2"},\n{"id":"A-2"}\n]\n')],
)
def test_a_bare_list(rows: tuple[dict[str, Any], ...], text: str) -> None:
    made = spec({"json": JSON})
    assert written(writer_of(made), items(made, *rows)).decode() == text


def test_a_document() -> None:
    document = {
        "header": {"seller": "{{ feed.seller }}", "version": "2.0", "none": "{{ feed.other }}", "n": "{{ 2 }}"},
        "messages": {"records": "here"},
        "more": ["{{ market.country }}", 'a"b'],
    }
    made = spec({"json": {**JSON, "document": document, "record": {"id": "{{ id }}"}}})
    writer = writer_of(made, feed={"seller": "S 1", "other": ""})
    assert written(writer, items(made, EMPTY)).decode() == (
        '{"header":{"seller":"S 1","version":"2.0","n":2},"messages":[\n{"id":"A-2"}\n],"more":["ES","a\\"b"]}\n'
    )


@pytest.mark.parametrize(
    ("leaf", "full", "empty"),
    [
        ("constant", "constant", "constant"),
        ("2.0", "2.0", "2.0"),
        ("{{ title }}", 'Lámpara "Sol" & más', None),
        ("{{ stock }}", 5, None),
        ("{{ weight }}", Decimal("0.57"), None),
        ("{{ adult }}", False, None),
        ("{{ true }}", True, True),
        ("{{ 3 }}", 3, 3),
        ("{{ availability }}", "in stock", None),
        ("{{ price | amount }}", Decimal("19.9"), None),
        ("{{ price | currency }}", "EUR", None),
        ("{{ sale_dates | start }}", "2026-12-24T12:00+01:00", None),
        ("{{ sale_dates }}", "2026-12-24T12:00+01:00/2026-12-31T12:00+01:00", None),
        ("{{ images }}", ["https://x.es/1.jpg", "https://x.es/2.jpg"], None),
        ("{{ market.country }}", "ES", "ES"),
        ("{{ feed.seller }}", "S", "S"),
        ("{{ record.number }}", 1, 2),
        ("{{ title | upper }} ({{ stock }})", 'LÁMPARA "SOL" & MÁS (5)', "()"),
        ("{{ title | fix_mojibake }}", 'Lámpara "Sol" & más', None),
        ("{{ images | limit(1) }}", ["https://x.es/1.jpg"], None),
        ("{{ (sale_dates | end) if stock > 4 }}", "2026-12-31T12:00+01:00", None),
        ("{{ 'sold out' if stock is missing }}", None, "sold out"),
        ("{{ price | micros }}", 19900000, None),
    ],
)
def test_a_leaf_keeps_its_type(leaf: str, full: object, empty: object) -> None:
    assert one(leaf) == [full, empty]


@pytest.mark.parametrize(
    ("tree", "full", "empty"),
    [
        ({"a": "{{ title }}", "b": "x"}, {"a": FULL["title"], "b": "x"}, None),
        ({"a": "x", "b": "{{ market.country }}"}, {"a": "x", "b": "ES"}, {"a": "x", "b": "ES"}),
        ([{"a": "{{ stock }}"}, "x"], [{"a": 5}, "x"], None),
        ([{"a": "{{ id }}"}, {"b": "{{ stock }}"}], [{"a": "A-1"}, {"b": 5}], [{"a": "A-2"}]),
        ({"a": {"b": [{"c": "{{ stock }}", "d": "x"}], "e": "x"}}, {"a": {"b": [{"c": 5, "d": "x"}], "e": "x"}}, None),
        ({"n": "{{ record.number }}", "a": "{{ stock }}"}, {"n": 1, "a": 5}, None),
        ({}, {}, {}),
        ([], [], []),
    ],
)
def test_a_branch_lives_by_its_attributes(tree: Any, full: Any, empty: Any) -> None:
    assert one(tree) == [full, empty]


def test_an_attribute_that_the_feed_does_not_fill_is_missing() -> None:
    made = spec({"f": {**LINES, "record": {"id": "{{ id }}", "a": {"s": "{{ stock }}", "x": "y"}}}})
    assert written(writer_of(made, used=["title"]), items(made, FULL).drop("stock")) == b'{"id":"A-1"}\n'


@pytest.mark.parametrize(
    ("tree", "full"),
    [
        (
            {"each": "{{ images }}", "entry": {"value": "{{ entry }}", "m": "{{ market.country }}"}},
            [{"value": "https://x.es/1.jpg", "m": "ES"}, {"value": "https://x.es/2.jpg", "m": "ES"}],
        ),
        ({"each": "{{ images }}", "entry": "{{ entry | upper }}"}, ["HTTPS://X.ES/1.JPG", "HTTPS://X.ES/2.JPG"]),
        ({"each": "{{ images | limit(1) }}", "entry": "{{ entry | hash(6) }}"}, ["5eb421"]),
        (
            {
                "each": "{{ shipping }}",
                "entry": {
                    "to": "{{ entry.country }}",
                    "how": {"service": "{{ entry.service }}", "kind": "parcel"},
                    "cost": "{{ entry.price | amount }}",
                },
            },
            [
                {"to": "ES", "how": {"service": "Standard", "kind": "parcel"}, "cost": Decimal("4.9")},
                {"to": "PT", "cost": 0},
            ],
        ),
        ({"each": "{{ shipping }}", "entry": {"service": "{{ entry.service }}"}}, [{"service": "Standard"}]),
    ],
)
def test_each(tree: Any, full: Any) -> None:
    assert one(tree) == [full, None]
    assert one({"deep": [tree], "constant": "x"}) == [{"deep": [full], "constant": "x"}, None]


def test_each_of_a_constant_does_not_keep_a_branch_alive() -> None:
    tree = {"a": {"each": "{{ ['x', 'y'] }}", "entry": "{{ entry }}"}, "b": "{{ stock }}"}
    assert one([tree]) == [[{"a": ["x", "y"], "b": 5}], None]


def test_an_empty_list_is_missing() -> None:
    tree = {"a": {"each": "{{ images }}", "entry": "{{ entry }}"}, "b": "x"}
    assert one(tree, {"id": "1", "images": []}, {"id": "2", "images": [None]}) == [None, None]


def test_shapes() -> None:
    shapes = {
        "localized": [{"value": "{{ value }}", "tag": "{{ market.language }}", "more": "{{ more }}"}],
        "pair": {"left": {"shape": "localized", "value": "{{ id }}", "more": "x"}, "right": "{{ it }}"},
    }
    tree = {"shape": "pair", "it": {"each": "{{ images }}", "entry": "{{ entry }}"}}
    assert one(tree, shapes=shapes)[1] == {"left": [{"value": "A-2", "tag": "es", "more": "x"}]}
    tree = {"shape": "localized", "value": "{{ title }}", "more": {"n": "{{ stock }}"}}
    assert one(tree, shapes=shapes) == [[{"value": FULL["title"], "tag": "es", "more": {"n": 5}}], None]


def test_enums_are_spelled_inside_lists_and_groups() -> None:
    kind = {"type": "enum", "one_of": ["s"], "spelling": {"s": "Small"}}
    attributes = {
        "id": {},
        "sizes": {"type": "list", "of": kind},
        "stores": {"type": "group", "fields": {"size": kind, "n": {"type": "integer"}}},
    }
    record = {"a": {"each": "{{ sizes }}", "entry": "{{ entry }}"}, "b": "{{ stores }}"}
    made = spec({"f": {**LINES, "record": record}}, attributes)
    row = {"id": "1", "sizes": ["s", "x"], "stores": [{"size": "s", "n": 3}]}
    assert written(writer_of(made), items(made, row)) == b'{"a":["Small","x"],"b":[{"size":"Small","n":3}]}\n'


@pytest.mark.parametrize(
    ("form", "key", "where"),
    [
        ({"record": {"a": [{"b": "{{ price }}"}]}}, "writer_leaf_type", "record.a[0].b"),
        ({"record": {"a": {"each": "{{ title }}", "entry": "x"}}}, "writer_each", "record.a"),
        (
            {"record": {"a": {"each": "{{ images }}", "entry": {"each": "{{ entry }}", "entry": "x"}}}},
            "writer_each_nested",
            "record.a.entry",
        ),
        ({"record": {"a": {"shape": "lokal"}}}, "writer_shape", "record.a"),
        ({"record": {"a": {"shape": "local", "b": "x"}}}, "writer_shape_argument", "record.a"),
        ({"record": {"a": {"shape": "round"}}}, "writer_shape_circle", "record.a[0]"),
        ({"record": {"a": {"records": "here"}}}, "writer_mark", "record.a"),
        ({"document": {"a": "x"}}, "writer_no_records", ""),
        ({"delete": {"a": "{{ price }}"}}, "writer_leaf_type", "delete.a"),
        ({"patch": {"a": "{{ price }}", "b": {"changed": "here"}}}, "writer_leaf_type", "patch.a"),
    ],
)
def test_a_spec_that_cannot_be_written(form: dict[str, Any], key: str, where: str) -> None:
    shapes = {"local": [{"v": "{{ market.country }}"}], "round": [{"shape": "round"}]}
    made = spec({"json": {**JSON, **form}}, shapes=shapes)
    with pytest.raises(SpecError) as error:
        writer_of(made)
    assert (error.value.key, error.value.subject) == (key, f"formats.json.{where}" if where else "")
    assert error.value.message()


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({"record": {"a": ["{{ titel }}"]}}, "record.a[0]"),
        ({"record": {"a": {"each": "{{ images }}", "entry": "{{ record.number }}"}}}, "record.a.entry"),
        ({"record": {"a": {"each": "{{ images }}", "entry": "{{ title }}"}}}, "record.a.entry"),
        ({"record": {"a": {"each": "{{ shipping }}", "entry": "{{ entry.land }}"}}}, "record.a.entry"),
        ({"document": {"a": "{{ title }}", "b": {"records": "here"}}}, "document.a"),
        ({"document": {"a": "{{ record.number }}", "b": {"records": "here"}}}, "document.a"),
        ({"delete": {"a": "{{ titel }}"}}, "delete.a"),
    ],
)
def test_a_template_that_names_what_is_not_there(form: dict[str, Any], where: str) -> None:
    with pytest.raises(TemplateError) as error:
        writer_of(spec({"json": {**JSON, **form}}))
    assert error.value.subject == f"formats.json.{where}"
    assert error.value.message().startswith("made_up/channel.yaml: error: formats.json.")


def test_lines_have_no_document() -> None:
    with pytest.raises(SpecError) as error:
        writer_of(spec({"f": {**LINES, "document": {"a": {"records": "here"}}}}))
    assert error.value.key == "writer_lines_document"


def test_all_mistakes_show_at_once() -> None:
    made = spec({"json": {**JSON, "record": {"a": "{{ price }}", "b": "{{ titel }}"}, "delete": {"c": "{{ price }}"}}})
    with pytest.raises(ManyErrors) as error:
        writer_of(made)
    assert {one.subject for one in error.value.errors} == {
        f"formats.json.{at}" for at in ("record.a", "record.b", "delete.c")
    }
    assert [type(one) for one in error.value.errors if one.subject.endswith("b")] == [TemplateError]


def test_parts_are_whole_documents_with_numbers_of_their_own(tmp_path: Any) -> None:
    record = {"n": "{{ record.number }}", "id": "{{ id }}"}
    form = {**JSON, "document": {"all": {"records": "here"}}, "record": record, "split_at": {"records": 2}}
    made = spec({"json": form}, {"id": {}})
    with FileSet(str(tmp_path)) as files:
        batches = [items(made, {"id": "A"}), items(made, {"id": "B"}, {"id": "C"})]
        report = write_feed(writer_of(made), batches, files, str(tmp_path / "shop.json"))
    assert [(part.path, part.items) for part in report] == [
        (str(tmp_path / "shop.json"), 2),
        (str(tmp_path / "shop.2.json"), 1),
    ]
    assert (tmp_path / "shop.json").read_text() == '{"all":[\n{"n":1,"id":"A"},\n{"n":2,"id":"B"}\n]}\n'
    assert (tmp_path / "shop.2.json").read_text() == '{"all":[\n{"n":1,"id":"C"}\n]}\n'


@given(rows=st.lists(ROWS, max_size=4))
@settings(deadline=None)
@pytest.mark.parametrize("form", [JSON, LINES])
def test_json_reads_what_was_written(form: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    made = spec({"f": form})
    frame = items(made, *rows)
    text = written(writer_of(made), frame).decode()
    parsed = text if form is JSON else "[" + ",".join(text.split("\n")[:-1]) + "]"
    spelled = frame.select(
        spell(pl.col(name), made.attributes[name], made.channel.spelling, MADRID).alias(name)
        for name in ("price", "availability")
    )
    want = []
    for row, texts in zip(rows, spelled.to_dicts(), strict=True):
        one = {name: value for name, value in row.items() if value is not None and name != "shipping"}
        one |= {name: value for name, value in texts.items() if value is not None}
        want.append(one)
    read = json.loads(parsed, parse_float=Decimal)
    shipping = [one.pop("shipping", []) for one in read]
    assert read == want
    assert [[(one["country"], one.get("service")) for one in entries] for entries in shipping] == [
        [(one["country"], one["service"]) for one in row["shipping"] or []] for row in rows
    ]


@given(text=st.text(min_size=1))
@settings(deadline=None)
def test_a_string_is_the_same_as_pythons(text: str) -> None:
    made = spec({"f": LINES}, {"id": {}})
    assert written(writer_of(made), items(made, {"id": text})).decode() == (
        json.dumps({"id": text}, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
