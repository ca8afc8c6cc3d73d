"""A source that cannot be read whole never gives a shorter feed: the run stops with its place, old files stay."""

from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import pytest
from builders import MARKET, export, files_in, lines, probe, without, write
from making import xlsx, zipped
from postgres import postgres_url

from feedsync.errors import Exit, FeedsyncError
from feedsync.sources.csv import CsvSource

PROJECT = f"""\
catalog:
  sources:
    - {{MAIN}}
    - {{JOIN}}
tables:
  stores: {{TABLE}}
lookups:
  colours: {{path: colours.csv, key: [word], value: colour}}
feeds:
  f: {{channel: probe, market: {MARKET}, attributes: {{title: "{{{{ title }}}}", stock: "{{{{ stock }}}}"}}}}
  g: {{channel: probe, market: {MARKET}, rows: stores, id: "{{{{ store }}}}", attributes: {{id: "{{{{ sku }}}}", title: "{{{{ title }}}}"}}}}
"""
PLACES = {
    "MAIN": "path: p.csv",
    "JOIN": "path: q.csv, join: sku",
    "TABLE": "path: t.csv, key: [store, sku], catalog_key: sku",
}
GOOD = {
    "p.csv": lines("sku,title", "A,Gorra", "B,Bota"),
    "q.csv": lines("sku,stock", "A,1"),
    "t.csv": lines("store,sku", "M,A"),
    "colours.csv": lines("word,colour", "rojo,red"),
    **probe("title: {}\nstock: {}\n"),
}


def project(**sources: str) -> str:
    text = PROJECT
    for name, said in {**PLACES, **sources}.items():
        text = text.replace("{" + name + "}", "{" + said + "}")
    return text


def stopped(folder: Path, change: dict[str, str | bytes], code: int = 2) -> str:
    """The message of an export after the change, which is proved to have replaced nothing."""
    write(folder, {**GOOD, "feedsync.yaml": project()})
    export(folder, folder / "out")
    before = files_in(folder / "out")
    write(folder, change)
    with pytest.raises(FeedsyncError) as error:
        export(folder, folder / "out")
    assert error.value.exit_code == code
    assert files_in(folder / "out") == before
    return without(str(error.value), f"{folder}/")


BAD_CSV: list[tuple[str, bytes, str]] = [
    ("empty", b"", "{name}: error: the file is empty."),
    ("header only", b"sku,{column}\n", "{name}: error: a header and no products."),
    ("encoding", b"sku,{column}\nA,Ba\xf1ador\n", "{name}:2: error: not UTF-8 at byte"),
    ("ragged", b"sku,{column}\nA,x\nB\n", "{name}:3: error: 1 cell, the header has 2."),
    ("open quote", b'sku,{column}\nA,"x\nB,y\n', "{name}:2: error: the quote opened here is never closed"),
    ("header twice", b"sku,{column},sku\nA,x,y\n", "{name}:1: error: "),
    ("NUL", b"sku,{column}\nA,x\0\n", "{name}:2: error: "),
]


@pytest.mark.parametrize(
    ("name", "column"), [("p.csv", "title"), ("q.csv", "stock"), ("t.csv", "store"), ("colours.csv", "colour")]
)
@pytest.mark.parametrize(("data", "message"), [one[1:] for one in BAD_CSV], ids=[one[0] for one in BAD_CSV])
def test_bad_csv_wherever_it_stands(name: str, column: str, data: bytes, message: str, tmp_path: Path) -> None:
    data = data.replace(b"{column}", column.encode())
    if name == "colours.csv":
        data = data.replace(b"sku", b"word")
    assert stopped(tmp_path, {name: data}).startswith(message.replace("{name}", name))


@pytest.mark.parametrize("name", ["p.csv", "q.csv", "t.csv", "colours.csv"])
def test_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    changed = project().replace(name, "nope.csv")
    message = stopped(tmp_path, {"feedsync.yaml": changed})
    assert message.startswith("nope.csv: error: ")


PACKED = zipped({"p.csv": GOOD["p.csv"]})
CUT = gzip.compress(GOOD["p.csv"].encode() * 50)


@pytest.mark.parametrize(
    ("source", "files", "message"),
    [
        ("path: p.csv.gz", {"p.csv.gz": CUT[: len(CUT) // 2]}, "p.csv.gz: error: "),
        ("path: p.csv.gz", {"p.csv.gz": b"sku,title\nA,x\n"}, "p.csv.gz: error: "),
        ("path: p.json", {"p.json": b'[{"sku": "A", "title": "x"}, {"sku": '}, "p.json:1: error: the document ends too early."),
        ("path: p.json", {"p.json": b'[{"sku": "A"} {"sku": "B"}]'}, "p.json:1: error: not JSON at byte 14"),
        ("path: p.json, records: data.rows", {"p.json": b'{"data": {"filas": []}}'}, 'p.json:1: error: no key "rows"'),
        ("path: p.json", {"p.json": b"[]"}, "p.json: error: "),
        ("path: p.jsonl", {"p.jsonl": b'{"sku": "A", "title": "x"}\n{"sku": "B"\n'}, "p.jsonl:2: error: "),
        ("path: p.zip, format: csv", {"p.zip": PACKED[:-30]}, "p.zip: error: the zip archive is damaged"),
        ("path: p.zip, format: csv", {"p.zip": zipped({"a.csv": b"", "b.csv": b""})}, "p.zip: error: the zip archive holds 2"),
        ("path: p.xml, records: p", {"p.xml": b"<s><p><sku>A</sku></p>"}, "p.xml:1:23: error: the document ends too early."),
        ("path: p.xml", {"p.xml": b""}, "p.xml: error: the file is empty."),
        ("path: p.xml, records: p", {"p.xml": b"<s/>"}, 'p.xml: error: there is no element at "p".'),
        ("path: p.xlsx", {"p.xlsx": xlsx({"H": [["sku", "title"]]})}, "p.xlsx: error: a header and no products."),
        ("path: p.xlsx", {"p.xlsx": xlsx({"H": [["sku"], ["A"]]})[:-9]}, "p.xlsx: error: this is no whole workbook"),
        ("path: p.ods", {"p.ods": b"sku"}, "p.ods: error: this is no whole workbook"),
        ("path: p.parquet", {"p.parquet": b"PAR1"}, "p.parquet: error: not a whole Parquet file: "),
        ("path: p.parquet", {}, "p.parquet: error: no such file."),
        ('path: "p-*.csv", pick: newest', {}, "p-*.csv: error: no file matches."),
        ('path: "p-*.csv"', {}, "feedsync.yaml:"),
        ('url: "sqlite:///nope.db", query: select 1', {}, "sqlite:///nope.db: error: "),
        ('path: p.csv, delimiter: ";"', {}, 'p.csv:1: error: the header is a single cell with "," in it.'),
        ('path: p.csv, encoding: utf-99', {}, ""),
        ("path: p.xyz", {"p.xyz": b"x"}, ""),
    ],
    ids=["gzip cut", "no gzip", "json cut", "json broken", "json path", "json empty", "jsonl", "zip cut", "zip of two", "xml cut", "xml empty", "xml path", "xlsx header", "xlsx cut", "ods", "parquet", "parquet missing", "no match", "no pick", "no database", "delimiter", "codec", "suffix"],
)  # fmt: skip
def test_other_bad_sources(source: str, files: dict[str, bytes], message: str, tmp_path: Path) -> None:
    met = stopped(tmp_path, {**files, "feedsync.yaml": project(MAIN=source)})
    assert met.startswith(message)
    assert "error: " in met


def test_a_field_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CsvSource.__init__.__kwdefaults__, "limit", 1000)
    monkeypatch.setitem(CsvSource.__init__.__kwdefaults__, "block", 256)
    assert stopped(tmp_path, {"p.csv": b'sku,title\nA,"' + b"x" * 5000 + b'"\nB,y\n'}).startswith("p.csv:2: error: ")


def test_a_database_that_is_down_is_worth_another_run(tmp_path: Path) -> None:
    source = 'url: "postgresql://nobody@127.0.0.1:1/none", query: "select 1"'
    met = stopped(tmp_path, {"feedsync.yaml": project(MAIN=source)}, Exit.TRANSIENT)
    assert met.startswith("postgresql://nobody@127.0.0.1:1/none: error: ")


def test_a_query_that_does_not_run(tmp_path: Path) -> None:
    source = f'name: erp, url: "{postgres_url()}", query: "select sku from productos_que_no_hay"'
    met = stopped(tmp_path, {"feedsync.yaml": project(MAIN=source)})
    assert met.startswith("erp: error: ")
    assert "productos_que_no_hay" in met


def test_a_mistake_in_a_template_leaves_the_database_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The query runs, then the mapping turns out wrong: no cursor stays open, nothing is logged."""
    source = f'name: erp, url: "{postgres_url()}", query: "select n::text as sku, n as title from generate_series(1, 50000) n"'
    changed = project(MAIN=source).replace("{{ title }}", "{{ titel }}")
    assert 'unknown field "titel"' in stopped(tmp_path, {"feedsync.yaml": changed})
    assert capfd.readouterr() == ("", "")


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**GOOD, "feedsync.yaml": project()})
    before = export(tmp_path, tmp_path / "out")
    (tmp_path / "p.csv").write_text(lines("sku,title", "A,Gorra", "B,Botas"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FeedsyncError) as error:
        export(tmp_path, tmp_path / "out")
    monkeypatch.undo()
    assert error.value.exit_code == 2
    assert str(tmp_path / "out") in str(error.value)
    assert files_in(tmp_path / "out") == before


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    changed = (
        project()
        .replace("{{ stock }}", "{{ stok }}")
        .replace('id: "{{ store }}"', 'id: "{{ stor }}"')
        .replace('title: "{{ title }}"', 'title: "{{ title | trucate_words(5) }}"')
    )
    met = stopped(tmp_path, {"feedsync.yaml": changed})
    assert [line.split(": error: ")[1].partition(";")[0].partition(".")[0] for line in met.splitlines()] == [
        'title (f): unknown function "trucate_words"',
        'stock (f): unknown field "stok"',
        'id (g): unknown field "stor"',
        'title (g): unknown function "trucate_words"',
    ]
    assert all(line.startswith("feedsync.yaml:1") for line in met.splitlines())


def test_names_in_the_project_that_nobody_knows(tmp_path: Path) -> None:
    changed = project().replace("channel: probe", "channel: prob").replace("rows: stores", "rows: store")
    met = stopped(tmp_path, {"feedsync.yaml": changed})
    assert [line.partition("; ")[2].partition("?")[0] for line in met.splitlines()] == [
        'did you mean "probe"',
        'did you mean "stores"',
    ]


def test_an_attribute_that_the_channel_does_not_have(tmp_path: Path) -> None:
    met = stopped(tmp_path, {"feedsync.yaml": project().replace("stock:", "stok:")})
    assert met.startswith("feedsync.yaml:10:")
    assert 'has no attribute "stok"; did you mean "stock"?' in met


def test_a_channels_own_mistake_is_placed_in_its_file(tmp_path: Path) -> None:
    files = probe('title: {required_when: "{{ stok is missing }}"}\nstock: {}\n')
    met = stopped(tmp_path, {**files})
    assert met.startswith("channel_specs/probe/1/attributes.yaml:2")
    assert 'did you mean "stock"?' in met
