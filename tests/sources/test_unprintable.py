"""Characters that no text has are left out where text enters, the same from every source, and are counted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import whole

from feedsync.semantics import UNPRINTABLE, printable
from feedsync.sources.base import Source
from feedsync.sources.cells import Cells
from feedsync.sources.csv import CsvSource
from feedsync.sources.dataframe import FrameSource
from feedsync.sources.json import JsonSource
from feedsync.sources.jsonl import JsonLinesSource
from feedsync.sources.sql import SqlSource
from feedsync.sources.stored import StoredFile

ROWS: list[dict[str, str | None]] = [
    {"sku": "A-1", "title": "Café", "note": None},
    {"sku": "A-1\x01", "title": "\x1f \x7f", "note": "a\tb\r\nc"},
    {"sku": "\ufffeA\uffff-3", "title": "\x0b\x0cNiño\x08", "note": "\ufffd é"},
]
CLEAN = [
    ("A-1", "Café", None),
    ("A-1", None, "a\tb\r\nc"),
    ("A-3", "Niño", "\ufffd é"),
]
STRIPPED = (("sku", 2), ("title", 2))


def csv_file(folder: Path, dialect: str) -> Source:
    lines = ["sku,title,note", *(",".join(f'"{cell or ""}"' for cell in row.values()) for row in ROWS)]
    (folder / "p.csv").write_bytes("\n".join(lines).encode())
    return CsvSource(StoredFile(folder / "p.csv", "p.csv"), dialect=dialect)  # type: ignore[arg-type]  # one of its two


def json_file(folder: Path) -> Source:
    (folder / "p.json").write_text(json.dumps(ROWS), "utf-8")
    return JsonSource(StoredFile(folder / "p.json", "p.json"))


def jsonl_file(folder: Path) -> Source:
    (folder / "p.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    return JsonLinesSource(StoredFile(folder / "p.jsonl", "p.jsonl"))


def database(folder: Path) -> Source:
    with sqlite3.connect(folder / "p.db") as connection:
        connection.execute("create table p (sku, title, note)")
        connection.executemany("insert into p values (:sku, :title, :note)", ROWS)
    connection.close()
    return SqlSource("sqlite:///p.db", "select * from p", folder)


SOURCES: dict[str, Callable[[Path], Source]] = {
    "CSV": lambda folder: csv_file(folder, "strict"),
    "CSV, lenient": lambda folder: csv_file(folder, "lenient"),
    "JSON": json_file,
    "JSON Lines": jsonl_file,
    "SQLite": database,
    "pandas": lambda folder: FrameSource(pd.DataFrame(ROWS), "p"),
    "Polars": lambda folder: FrameSource(pl.DataFrame(ROWS), "p"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_leaves_them_out_and_counts_the_cells(tmp_path: Path, kind: str) -> None:
    source = SOURCES[kind](tmp_path)
    assert [row[:3] for row in whole(source).rows()] == CLEAN
    assert source.proof.stripped == STRIPPED
    again = list(source.blocks())  # a second pass counts anew
    assert sum(block.height for block in again) == 3
    assert source.proof.stripped == STRIPPED


def test_counts_add_up_over_blocks(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"a,b\n" + b"1\x01,2\n" * 500 + b"1,2\x02\n")
    source = CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), block=64)
    assert whole(source).select("a", "b").unique().rows() == [("1", "2")]
    assert source.proof.stripped == (("a", 500), ("b", 1))


def test_inside_nested_json_none_is_left_as_an_escape(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('[{"a": {"k\\u0001": ["x\\u0000\\u001f", "\\b"]}, "b": 1}]', "utf-8")
    assert whole(JsonSource(StoredFile(tmp_path / "p.json", "p.json"))).rows() == [('{"k":["x",""]}', "1", 1)]
    frame = pl.DataFrame({"a": [["x\x01", "y"]]})
    assert whole(FrameSource(frame, "f")).rows() == [('["x","y"]', 1)]


@given(st.lists(st.text(), min_size=1, max_size=20))
def test_cells_and_python_agree(texts: list[str]) -> None:
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    for data in (None, "\n".join(texts).encode()):
        cells = Cells()
        got = cells.printable(frame, data)["a"].to_list()
        dirty = [printable(text) != text for text in texts]
        if any(dirty):
            assert got == [printable(text) if printable(text).strip() else None for text in texts]
            assert cells.stripped == (("a", sum(dirty)),)
        else:
            assert got == texts
            assert cells.stripped == ()


@pytest.mark.parametrize("character", UNPRINTABLE)
def test_each_of_them_is_seen_in_bytes(character: str) -> None:
    cells = Cells()
    text = f"a{character}\n\r\tb"
    assert cells.printable(pl.DataFrame({"a": [text]}), text.encode())["a"].to_list() == ["a\n\r\tb"]


OTHERS = ["\t", "\n", "\r", " ", "\x80", "\x9f", "\xa0", "\u200b", "\ufdd0", "\ufffd", "\uffef", "\U0001fffe", "👟"]


@pytest.mark.parametrize("character", OTHERS)
def test_nothing_else_is_touched(character: str) -> None:
    cells = Cells()
    text = f"a{character}b"
    assert cells.printable(pl.DataFrame({"a": [text]}))["a"].to_list() == [text]
    assert printable(text) == text
