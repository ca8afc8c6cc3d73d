"""Items as the channel gets them, word for word."""

from __future__ import annotations

import json

import polars as pl

from feedsync.reports import as_json, previewed
from feedsync.reports.lines import as_text, cells
from feedsync.run.results import PreviewResult

SCHEMA = {
    "id": pl.String, "title": pl.String, "price": pl.String, "_row": pl.UInt64, "_blocked": pl.Boolean,
    "_problems": pl.String,
}  # fmt: skip


def result(*rows: tuple[object, ...], written: bytes = b"", more: bool = False) -> PreviewResult:
    frame = pl.DataFrame(list(rows), schema=SCHEMA, orient="row")
    return PreviewResult("google_es", "google_merchant@2026-11", frame, written, more)


TWO = (
    ("A-1", "Chaqueta Sendero, azul, con capucha que se quita", "59.90 EUR", 2, False, None),
    ("A-2", None, "x\x1b[2J", 3, True, "FS301 title, FS302 price"),
)


def test_a_few_items_are_blocks_cut_to_the_width() -> None:
    assert as_text(previewed.preview(result(*TWO), 40)) == (
        "google_es  google_merchant@2026-11   2 products\n"
        "\n"
        "A-1  ready\n"
        "  id     A-1\n"
        "  title  Chaqueta Sendero, azul, con ca…\n"
        "  price  59.90 EUR\n"
        "\n"
        "A-2  blocked   FS301 title, FS302 price\n"
        "  id     A-2\n"
        "  price  x\\x1b[2J\n"
    )


def test_the_head_says_whether_these_are_all() -> None:
    heads = [as_text(previewed.preview(one, 80)).splitlines()[0] for one in (result(*TWO[:1], more=True), result())]
    assert heads == [
        "google_es  google_merchant@2026-11   the first 1; --limit shows more",
        'google_es  google_merchant@2026-11   all of them are excluded; "feedsync explain SKU" says why',
    ]


def test_many_items_are_a_table_of_the_attributes_that_fit() -> None:
    rows = [(f"A-{number}", "Chaqueta", "5 EUR", number, number == 1, None) for number in range(1, 12)]
    lines = as_text(previewed.preview(result(*rows), 29)).splitlines()
    assert lines[:4] == [
        "google_es  google_merchant@2026-11   11 products",
        "id             title",
        "A-1   blocked  Chaqueta",
        "A-2   ready    Chaqueta",
    ]
    wide = as_text(previewed.preview(result(*rows), 30)).splitlines()
    assert wide[1:3] == ["id             title     price", "A-1   blocked  Chaqueta  5 EUR"]
    assert max(cells(line) for line in wide[1:]) <= 30


def test_a_table_leaves_out_what_it_would_only_cut() -> None:
    long = "Chaqueta impermeable Orballo, azul"
    rows = [(f"A-{number}", long, long if number % 2 else "5 EUR", number, False, None) for number in range(11)]
    assert as_text(previewed.preview(result(*rows), 80)).splitlines()[1:3] == [
        "id           title                     price",
        "A-0   ready  Chaqueta impermeable Or…  5 EUR",
    ]
    rows = [(*row[:2], long, *row[3:]) for row in rows]
    assert as_text(previewed.preview(result(*rows), 80)).splitlines()[1] == "id           title"


def test_plain_is_one_whole_value_per_line() -> None:
    assert as_text(previewed.plain(result(*TWO))) == (
        "A-1 id: A-1\n"
        "A-1 title: Chaqueta Sendero, azul, con capucha que se quita\n"
        "A-1 price: 59.90 EUR\n"
        "A-2 (blocked): FS301 title, FS302 price\n"
        "A-2 id: A-2\n"
        "A-2 price: x\\x1b[2J\n"
    )


def test_json() -> None:
    text = as_json.encoded(as_json.preview(result(*TWO)))
    assert "\x1b" not in text
    document = json.loads(text)
    assert document["items"] == [
        {
            "id": "A-1",
            "row": 2,
            "blocked": False,
            "problems": [],
            "attributes": {"id": "A-1", "title": TWO[0][1], "price": "59.90 EUR"},
        },
        {
            "id": "A-2",
            "row": 3,
            "blocked": True,
            "problems": ["FS301 title", "FS302 price"],
            "attributes": {"id": "A-2", "price": "x\x1b[2J"},
        },
    ]
    assert {key: document[key] for key in ("command", "feed", "channel", "more")} == {
        "command": "preview",
        "feed": "google_es",
        "channel": "google_merchant@2026-11",
        "more": False,
    }


def test_raw_on_a_terminal_shows_what_would_drive_it() -> None:
    raw = result(*TWO, written="id\ttitle\nA-1\tCañón \x1b[2J \x9b\n".encode())
    assert as_text(previewed.raw(raw)) == "id  title\nA-1  Cañón \\x1b[2J \\x9b\n"
