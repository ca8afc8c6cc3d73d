"""CSV and TSV, byte by byte, and that csv.reader reads back what was written."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writer_builders import ATTRIBUTES, EMPTY, FULL, MADRID, ROWS, items, spec, writer_of, written

from feedsync.errors import SpecError
from feedsync.writers.spelling import spell_scalar

TSV = {
    "writer": "delimited",
    "suffix": "tsv",
    "delimiter": "\t",
    "group": {"join": ":", "header": "{name}({fields})"},
    "escape": ["\\", ",", ":"],
}
TSV_HEAD = "id\ttitle\tprice\tstock\tweight\tadult\tavailability\tsale_dates\timages\tshipping(country:service:price)\n"


def one(form: dict[str, Any], attributes: dict[str, Any], *rows: dict[str, Any], **channel: Any) -> bytes:
    made = spec({"f": {"writer": "delimited", "suffix": "csv", **form}}, attributes, **channel)
    return written(writer_of(made), items(made, *rows))


def test_a_whole_tsv() -> None:
    made = spec({"tsv": TSV})
    assert written(writer_of(made), items(made, FULL, EMPTY)).decode() == TSV_HEAD + (
        'A-1\t"Lámpara ""Sol"" & más"\t19.90 EUR\t5\t0.57\tfalse\tin stock\t'
        "2026-12-24T12:00+01:00/2026-12-31T12:00+01:00\t"
        "https://x.es/1.jpg,https://x.es/2.jpg\tES:Standard:4.90 EUR,PT::0.00 EUR\n"
        "A-2\t\t\t\t\t\t\t\t\t\n"
    )


@pytest.mark.parametrize(
    ("form", "value", "cell"),
    [
        ({}, "plain", "plain"),
        ({}, 'say "x"', '"say ""x"""'),
        ({}, "a,b", '"a,b"'),
        ({}, "a;b", "a;b"),
        ({"delimiter": ";"}, "a;b", '"a;b"'),
        ({"delimiter": "\t"}, "a\tb", '"a\tb"'),
        ({}, "a\nb", '"a\nb"'),
        ({}, "a\r\nb", '"a\r\nb"'),
        ({}, "a\rb", '"a\rb"'),
        ({}, "a\x00\x0b\x1f\x7f\ufffeb", "ab"),
        ({}, " a ", " a "),
        ({}, "=1+1", "=1+1"),
        ({}, None, ""),
        ({"quote": "all"}, "plain", '"plain"'),
        ({"quote": "all"}, None, '""'),
    ],
)
def test_a_cell(form: dict[str, Any], value: str | None, cell: str) -> None:
    row = one({**form, "line_end": "\r\n"}, {"title": {}, "id": {}}, {"id": "1", "title": value}).split(b"\r\n", 1)[1]
    mark = '"' if form.get("quote") else ""
    assert row.decode() == f"{mark}1{mark}{form.get('delimiter', ',')}{cell}\r\n"


def test_bare_amounts_headers_and_parts() -> None:
    attributes = {
        "id": {"header": "sku"},
        "price": {"type": "money"},
        "deposit": {"type": "money", "headers": {"currency": "deposit-currency", "amount": "deposit"}},
        "state": {"type": "enum", "one_of": ["new"], "spelling": {"new": "11"}},
        "sale": {"type": "interval", "headers": {"start": "discount-start-date", "end": "discount-end-date"}},
    }
    row = {"id": "A", "price": FULL["price"], "deposit": FULL["price"], "state": "new", "sale": FULL["sale_dates"]}
    form = {"delimiter": ";", "quote": "all", "columns": "all"}
    spelling = {"money": "{amount}", "datetime": "%Y-%m-%d"}
    assert one(form, attributes, row, {"id": "B"}, spelling=spelling).decode() == (
        '"sku";"price";"deposit";"deposit-currency";"state";"discount-start-date";"discount-end-date"\n'
        '"A";"19.90";"19.90";"EUR";"11";"2026-12-24";"2026-12-31"\n'
        '"B";"";"";"";"";"";""\n'
    )


def test_used_columns_only_or_all() -> None:
    for columns, text in (("used", b"id,stock\nA,5\n"), ("all", b"id,title,stock\nA,,5\n")):
        form = {"writer": "delimited", "suffix": "csv", "columns": columns}
        made = spec({"csv": form}, {name: ATTRIBUTES[name] for name in ("title", "id", "stock")})
        frame = items(made, {"id": "A", "stock": 5}).drop("title")
        assert written(writer_of(made, used=["stock"]), frame) == text


def test_a_key_that_is_no_attribute_is_no_column() -> None:
    assert one({}, {"stock": {"type": "integer"}}, {"id": "M1/A", "stock": 3}) == b"stock\n3\n"


def test_missing_entries_and_empty_lists() -> None:
    attributes = {"id": {}, "tags": {"type": "list"}}
    rows = [{"id": "1", "tags": ["a", None, "b"]}, {"id": "2", "tags": []}, {"id": "3", "tags": [None]}]
    assert one({"list": {"join": "|"}}, attributes, *rows) == b"id,tags\n1,a|b\n2,\n3,\n"


@pytest.mark.parametrize(
    ("form", "attributes", "key"),
    [
        ({}, {"id": {}, "b": {"header": "id"}}, "writer_same_header"),
        ({}, {"id": {}, "b": {"type": "money", "headers": {"start": "x"}}}, "writer_part"),
        ({"delete": {"id": "{{ price }}"}}, {"id": {}, "price": {"type": "money"}}, "writer_leaf_type"),
    ],
)
def test_a_spec_that_cannot_be_written(form: dict[str, Any], attributes: dict[str, Any], key: str) -> None:
    with pytest.raises(SpecError) as error:
        one(form, attributes)
    assert error.value.key == key
    assert str(error.value).startswith("made_up/")


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
FORMS = [TSV, {"writer": "delimited", "suffix": "csv", "delimiter": ";", "quote": "all", "line_end": "\r\n"}]


def unescaped(cell: str, join: str, escaped: bool) -> list[str]:
    """The parts of a cell; `join` inside a part stands behind a backslash."""
    parts = [""]
    marks = iter(cell)
    for mark in marks:
        if escaped and mark == "\\":
            parts[-1] += next(marks)
        elif mark == join:
            parts.append("")
        else:
            parts[-1] += mark
    return parts


@pytest.mark.parametrize("form", FORMS)
@given(rows=st.lists(ROWS, max_size=4))
@settings(deadline=None)
def test_csv_reader_reads_what_was_written(form: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    made = spec({"f": form})
    frame = items(made, *rows)
    text = written(writer_of(made), frame).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=form["delimiter"], strict=True))
    names = ["id", *(name for name in ATTRIBUTES if name != "id")]
    flat = [name for name in names if ATTRIBUTES[name].get("type") not in ("list", "group")]
    scalars = frame.select(
        spell_scalar(pl.col(name), made.attributes[name], made.channel.spelling, MADRID).alias(name) for name in flat
    )
    want = [[CONTROL.sub("", cell or "") for cell in row] for row in scalars.rows()]
    assert [[row[names.index(name)] for name in flat] for row in read[1:]] == want
    if form is TSV:
        cells = [row[names.index("images")] for row in read[1:]]
        parts = [unescaped(cell, ",", escaped=True) if cell else None for cell in cells]
        images = [row["images"] and [CONTROL.sub("", url) for url in row["images"]] for row in rows]
        assert parts == [None if urls == [""] else urls for urls in images]
