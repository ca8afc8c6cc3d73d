"""Cells that were numbers are marked, so that a decimal comma declared for text cells does not touch them."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from feedsync.sources.base import Source
from feedsync.sources.dataframe import FrameSource
from feedsync.sources.json import JsonSource
from feedsync.sources.jsonl import JsonLinesSource
from feedsync.sources.sql import SqlSource
from feedsync.sources.stored import StoredFile


def json_source(folder: Path) -> Source:
    (folder / "p.json").write_text('[{"sku": "1", "price": 12.345}, {"sku": "2", "price": "12,345"}]', "utf-8")
    return JsonSource(StoredFile(folder / "p.json", "p.json"))


def jsonl_source(folder: Path) -> Source:
    (folder / "p.jsonl").write_text('{"sku": "1", "price": 12.345}\n{"sku": "2", "price": "12,345"}\n', "utf-8")
    return JsonLinesSource(StoredFile(folder / "p.jsonl", "p.jsonl"))


def sql_source(folder: Path) -> Source:
    with sqlite3.connect(folder / "p.db") as connection:
        connection.execute("create table p (sku text, price)")
        connection.executemany("insert into p values (?, ?)", [("1", 12.345), ("2", "12,345")])
    connection.close()
    return SqlSource("sqlite:///p.db", "select * from p", folder)


def pandas_source(folder: Path) -> Source:
    return FrameSource(pd.DataFrame({"sku": ["1", "2"], "price": [Decimal("12.345"), "12,345"]}, dtype=object), "p")


@pytest.mark.parametrize("make", [json_source, jsonl_source, sql_source, pandas_source])
def test_a_number_is_marked_and_a_text_is_not(tmp_path: Path, make: object) -> None:
    source = make(tmp_path)  # type: ignore[operator]  # each takes a folder
    frame = pl.concat(list(source.blocks()))
    assert frame.select("sku", "price", "_number:price").rows() == [("1", "12.345", True), ("2", "12,345", False)]
    assert source.typed_cells
