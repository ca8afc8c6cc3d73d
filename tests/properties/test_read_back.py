"""read(write(items)) == items: what an export's files say is what the rendered items said, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from builders import AS_OF, MARKET, items, write
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import feedsync

PROJECT = f"""\
catalog:
  timezone: Europe/Madrid
  currency: EUR
  sources: [{{name: p, frame: true}}]
  fields: {{bullet_points: {{separator: "|"}}}}
feeds:
  f:
    channel: plain
    market: {MARKET}
    formats: [csv, tsv, xml, flat]
    attributes: {{title: {{value: "{{{{ title }}}}", on_invalid: keep}}, color: "{{{{ color }}}}"}}
"""
CHANNEL = """\
extends: generic_marketplace@2026-11
formats:
  json: null
  csv: {list: {join: "|"}}
  tsv: {writer: delimited, suffix: tsv, delimiter: "\\t", list: {join: "|"}, columns: used}
  flat: {writer: jsonl, suffix: jsonl}
"""
# what a file can hold: no control characters but tab and line ends, which every format keeps, and no half characters
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\t\n\r\"',;|<>&\\ "
)
TEXT = st.text(CHARACTERS, min_size=1, max_size=12) | st.sampled_from(
    ["]]>", "NA", "null", "007", "1e3", "=1+1", "  ", "\r\n", "a\r\nb", '"']
)
ENTRY = st.text(st.characters(categories=("L", "N")) | st.sampled_from("<&\"'\\,;"), min_size=1, max_size=6)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.none() | TEXT,
            "color": st.none() | TEXT,
            "description": st.none() | TEXT,
            "price": st.decimals("0.01", 10**9, places=2).map(str),
            "stock": st.none() | st.integers(0, 10**6).map(str),
            "availability": st.sampled_from(["in_stock", "preorder"]),
            "availability_date": st.just("2026-12-24T10:30"),
            "bullet_points": st.none() | st.lists(ENTRY, min_size=1, max_size=3).map("|".join),
            "sale_price": st.sampled_from([None, "0.005", "0.01"]),
            "sale_price_start": st.sampled_from([None, "2026-12-24"]),
            "sale_price_end": st.sampled_from([None, "2026-12-31", "2027-01-01T12:00+00:00"]),
        }
    ),
    min_size=1,
    max_size=6,
)
PARTS = {"sale_price_effective_date": ("sale_price_start", "sale_price_end")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"feedsync.yaml": PROJECT, "channel_specs/plain/1/channel.yaml": CHANNEL}
    return write(tmp_path_factory.mktemp("shop"), files)


def flat(item: dict[str, str]) -> dict[str, list[str]]:
    """An item as columns of a file: intervals in two, lists as their entries."""
    found: dict[str, list[str]] = {}
    for name, value in item.items():
        if name in PARTS:
            found |= dict(zip(PARTS[name], ([part] for part in value.split("/")), strict=True))
        else:
            found[name] = json.loads(value) if name in ("bullet_points", "additional_image_link") else [value]
    return found


def delimited(mark: str) -> Callable[[bytes], list[dict[str, list[str]]]]:
    def read(data: bytes) -> list[dict[str, list[str]]]:
        rows = csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=mark, strict=True)
        lists = ("bullet_points", "additional_image_link")
        return [{k: v.split("|") if k in lists else [v] for k, v in row.items() if v} for row in rows]

    return read


def xml(data: bytes) -> list[dict[str, list[str]]]:
    found = []
    for product in etree.fromstring(data):
        item: dict[str, list[str]] = {}
        for element in product:
            item.setdefault(str(element.tag), []).append(element.text or "")
        found.append(item)
    return found


def flat_json(data: bytes) -> list[dict[str, list[str]]]:
    def entries(value: Any) -> list[str]:
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    found = []
    for line in data.decode().splitlines():
        item: dict[str, list[str]] = {}
        for name, value in json.loads(line, parse_float=str, parse_int=str).items():
            if name in PARTS:
                start, _, end = str(value).partition("/")
                item |= {PARTS[name][0]: [start], PARTS[name][1]: [end]}
            else:
                item[name] = entries(value)
        found.append(item)
    return found


READERS = {"f.csv": delimited(","), "f.tsv": delimited("\t"), "f.xml": xml, "f.jsonl": flat_json}


@given(rows=ROWS)
@settings(max_examples=40, deadline=None)
def test_files_say_what_the_items_say(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    keyed = [
        {**row, "sku": f"S{n}", "title": row["title"] or "t", "image_link": "https://t.example/i.jpg"}
        for n, row in enumerate(rows)
    ]
    frame = pl.DataFrame(keyed, schema=dict.fromkeys(keyed[0], pl.String))
    wanted = [flat(item) for item in items(folder, "f", {"p": frame})]
    output = tmp_path_factory.mktemp("out")
    result = feedsync.load_project(folder, {"p": frame}, as_of=AS_OF, env={}).export(output=output)
    assert result.feeds[0].ready == len(wanted)
    for name, read in READERS.items():
        assert read((output / name).read_bytes()) == wanted, name
