"""One suite for every registered adapter: the same catalog from each gives the same frame, and a proof."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import psycopg
import pytest
import zstandard
from making import ods, xlsx, zipped
from mariadb import mariadb
from postgres import postgres_url
from reading import whole

from feedsync.errors import SourceError
from feedsync.sources.base import Source
from feedsync.sources.csv import CsvSource
from feedsync.sources.open import ADAPTERS, open_source
from feedsync.sources.stored import StoredFile
from feedsync.specs.source import SourceSpec

HEADER = ["sku", "título", "price", "ean", "note"]
ROWS: list[list[str | None]] = [
    ["007", 'Café\r\n"Niño", 5\'; x', "19.90", "0012345678905", None],
    ["NA", " a\tb ", "1e3", "8412345678905", "null"],
    ["true", "日本 👟", None, None, "{}"],
    ["-0", None, None, None, None],
]
EXPECTED = [(*row, number) for number, row in enumerate(ROWS, 1)]


def csv_text(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    return out.getvalue()


def records() -> list[dict[str, str | None]]:
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def declared(name: str, **options: Any) -> Callable[[Path, bytes], Source]:
    def make(folder: Path, content: bytes) -> Source:
        (folder / name).write_bytes(content)
        return open_source(SourceSpec(path=name, **options), folder)

    return make


def sqlite_source(folder: Path, _: bytes) -> Source:
    database = sqlite3.connect(folder / "shop.db")
    database.execute("create table items (" + ", ".join(f'"{name}" text' for name in HEADER) + ")")
    database.executemany("insert into items values (?, ?, ?, ?, ?)", ROWS)
    database.commit()
    database.close()
    return open_source(
        SourceSpec(url="sqlite:///${NAME}", query="select * from items"), folder, env={"NAME": "shop.db"}
    )


def postgres_source(folder: Path, _: bytes) -> Source:
    with psycopg.connect(postgres_url()) as connection:
        connection.execute("drop table if exists conformance")
        columns = ", ".join(f'"{name}" text' for name in HEADER)
        connection.execute(f"create table conformance (n serial, {columns})".encode())
        names = ", ".join(f'"{name}"' for name in HEADER)
        with connection.cursor() as cursor:
            cursor.executemany(f"insert into conformance ({names}) values (%s, %s, %s, %s, %s)".encode(), ROWS)
    spec = SourceSpec(url=postgres_url(), query=f"select {names} from conformance order by n")
    return open_source(spec, folder)


def mariadb_source(folder: Path, _: bytes) -> Source:
    server = mariadb()
    names = ", ".join(f"`{name}`" for name in HEADER)
    with server.connect("shop") as connection, connection.cursor() as cursor:
        columns = ", ".join(f"`{name}` text" for name in HEADER)
        cursor.execute(f"create or replace table conformance (n int primary key auto_increment, {columns})")
        cursor.executemany(f"insert into conformance ({names}) values (%s, %s, %s, %s, %s)", ROWS)
    (folder / "q.sql").write_text(f"select {names}\nfrom conformance order by n;\n", encoding="utf-8")
    return open_source(SourceSpec(url=server.url, query_file="q.sql"), folder)


def pandas_source(folder: Path, _: bytes) -> Source:
    return open_source(SourceSpec(frame=True, name="f"), folder, {"f": pd.DataFrame(records())})


def polars_source(folder: Path, _: bytes) -> Source:
    return open_source(SourceSpec(frame=True, name="f"), folder, {"f": pl.DataFrame(records())})


def xml_text(records_in: str, encoding: str = "utf-8") -> bytes:
    outer = records_in.split("/")
    items = "".join(
        f"<{outer[-1]}>"
        + "".join(f"<{name}>{escaped(cell)}</{name}>" for name, cell in zip(HEADER, row, strict=True) if cell)
        + f"</{outer[-1]}>"
        for row in ROWS
    )
    text = "".join(f"<{one}>" for one in outer[:-1]) + items + "".join(f"</{one}>" for one in reversed(outer[:-1]))
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}\n'.encode(encoding, "xmlcharrefreplace")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")


def parquet_bytes() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(records(), schema=dict.fromkeys(HEADER, pl.String)).write_parquet(out, row_group_size=3)
    return out.getvalue()


def in_parts(folder: Path, _: bytes) -> Source:
    """The same rows in two files."""
    rows = csv_text(",").encode().split(b"\n")
    header = rows[0]
    (folder / "p-1.csv").write_bytes(COMMA[: COMMA.index(b"\r\nNA,") + 2])
    (folder / "p-2.csv").write_bytes(header + b"\n" + COMMA[COMMA.index(b"NA,") :])
    return open_source(SourceSpec(path="p-*.csv", pick="all"), folder)


COMMA = csv_text(",").encode()
LINES = "\n".join(json.dumps(record, ensure_ascii=False) for record in records()).encode()
SUBJECTS: dict[str, tuple[str, Callable[[Path, bytes], Source], bytes]] = {
    "CSV": ("csv", declared("p.csv"), COMMA),
    "CSV, lenient": ("csv", declared("p.csv", dialect="lenient"), COMMA),
    "CSV, UTF-16": ("csv", declared("p.csv"), csv_text(",").encode("utf-16")),
    "CSV, gzip": ("csv", declared("p.csv.gz"), gzip.compress(COMMA[:50]) + gzip.compress(COMMA[50:])),
    "CSV, semicolon": ("csv", declared("p.csv", delimiter=";"), csv_text(";").encode("utf-8-sig")),
    "CSV, two files": ("csv", in_parts, b""),
    "TSV": ("tsv", declared("p.tsv"), csv_text("\t").encode()),
    "JSON": ("json", declared("p.json"), json.dumps(records()).encode()),
    "JSON, nested": ("json", declared("p.json", records="a.b"), json.dumps({"a": {"b": records()}}).encode()),
    "JSON, UTF-16": ("json", declared("p.json"), json.dumps(records(), ensure_ascii=False).encode("utf-16")),
    "JSON Lines": ("jsonl", declared("p.jsonl"), LINES),
    "JSON Lines, gzip": ("jsonl", declared("p.ndjson.gz"), gzip.compress(LINES)),
    "XML": ("xml", declared("p.xml", records="item"), xml_text("rss/channel/item")),
    "XML, RSS, windows-1252": ("xml", declared("p.xml"), xml_text("rss/channel/item", "windows-1252")),
    "XML, UTF-16": ("xml", declared("p.xml", records="a/b"), xml_text("a/b", "utf-16")),
    "XML, xz": ("xml", declared("p.xml.xz"), lzma.compress(xml_text("rss/channel/item"))),
    "CSV, zip": ("csv", declared("p.csv.zip"), zipped({"x/": b"", "x/p.csv": COMMA, "__MACOSX/x/._p.csv": b"x"})),
    "CSV, zip, one of two": ("csv", declared("p.csv.zip", member="p*"), zipped({"p.csv": COMMA, "q.csv": b""})),
    "CSV, bzip2": ("csv", declared("p.csv.bz2"), bz2.compress(COMMA[:50]) + bz2.compress(COMMA[50:])),
    "TSV, Zstandard": ("tsv", declared("p.tsv.zst"), zstandard.compress(csv_text("\t").encode())),
    "Excel": ("xlsx", declared("p.xlsx"), xlsx({"Hoja1": [HEADER, *ROWS]})),
    "Excel, zip": (
        "xlsx",
        declared("p.xlsx.zip"),
        zipped({"p.xlsx": xlsx({"A": [["x"]], "B": [HEADER, *ROWS]}, hidden=["A"])}),
    ),
    "ODS": ("ods", declared("p.ods"), ods([HEADER, *ROWS])),
    "Parquet": ("parquet", declared("p.parquet"), parquet_bytes()),
    "Parquet, gzip": ("parquet", declared("p.parquet.gz"), gzip.compress(parquet_bytes())),
    "SQLite": ("sql", sqlite_source, b""),
    "PostgreSQL": ("sql", postgres_source, b""),
    "MariaDB": ("sql", mariadb_source, b""),
    "pandas": ("frame", pandas_source, b""),
    "Polars": ("frame", polars_source, b""),
}


def test_every_registered_adapter_is_a_subject() -> None:
    assert {kind for kind, _, _ in SUBJECTS.values()} == set(ADAPTERS)


PROVED: dict[str, tuple[str, ...]] = {
    "csv": (),
    "tsv": (),
    "json": ("end",),
    "jsonl": (),
    "xml": ("end",),
    "xlsx": ("checksum",),
    "ods": ("checksum",),
    "parquet": ("count",),
    "sql": ("end",),
    "frame": ("count",),
}
PACKED = {"gzip": "checksum", "zip": "checksum", "bzip2": "checksum", "xz": "checksum", "Zstandard": "end"}


def expected(subject: str, cell: str) -> str:
    """What a form of file cannot hold."""
    if subject == "ODS":  # a paragraph per line
        return cell.replace("\r", "")
    return cell.strip() if "lenient" in subject else cell


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_same_catalog_gives_the_same_frame(tmp_path: Path, subject: str) -> None:
    kind, make, content = SUBJECTS[subject]
    source = make(tmp_path, content)
    blocks = list(source.blocks())
    for block in blocks:
        assert block.height
        assert block.columns[-1] == "_row"
        assert block.schema == {**dict.fromkeys(block.columns[:-1], pl.String), "_row": pl.UInt64}
    frame = pl.concat(blocks, how="diagonal")
    physical = kind in ("csv", "tsv")
    numbers = [2, 4, 5, 6] if physical else [1, 2, 3, 4]
    if kind in ("xlsx", "ods"):
        numbers = [2, 3, 4, 5]
    cells = [tuple(cell if not cell else expected(subject, cell) for cell in row) for row in ROWS]
    assert frame.columns == [*HEADER, "_row"]
    assert frame.rows() == [(*row, number) for row, number in zip(cells, numbers, strict=True)]
    proof = source.proof
    assert (proof.rows, proof.complete, proof.skipped, len(proof.fingerprint)) == (4, True, (), 32)
    assert proof.bytes == len(content) if content else proof.bytes > 100
    packed = next((how for name, how in PACKED.items() if name in subject), None)
    assert proof.proved == ((packed,) if packed else ()) + PROVED[kind]
    again = make_again(make, tmp_path, content, subject)
    assert again.proof == proof


def make_again(make: Callable[[Path, bytes], Source], folder: Path, content: bytes, subject: str) -> Source:
    (folder / "again").mkdir()
    source = make(folder / "again", content)
    list(source.blocks())
    return source


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_proof_before_the_last_block(tmp_path: Path, subject: str) -> None:
    _, make, content = SUBJECTS[subject]
    source = make(tmp_path, content)
    with pytest.raises(RuntimeError):
        _ = source.proof


def catalogs() -> Iterator[Path]:
    root = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("FEEDSYNC_CATALOGS", root.parent / "shared" / "catalogs"))
    yield from sorted(folder.glob("*/*.csv"))


@pytest.mark.parametrize("path", list(catalogs()) or [None], ids=lambda path: path.parent.name if path else "none")
def test_real_exports_read_as_python_reads_them(path: Path | None) -> None:
    if path is None:
        pytest.skip("no real catalogs here; FEEDSYNC_CATALOGS names their folder")
    with path.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file))
    if path.parent.name == "vendure_sample":  # blanks after closing quotes: the strict dialect says so
        with pytest.raises(SourceError, match="text after the closing quote"):
            whole(CsvSource(StoredFile(path, path.name)))
        header = [name.strip() for name in header]
        rows = [[cell.strip() for cell in row] for row in rows]
        frame = whole(CsvSource(StoredFile(path, path.name), dialect="lenient"))
    else:
        frame = whole(CsvSource(StoredFile(path, path.name)))
    assert frame.columns == [*header, "_row"]
    assert [row[:-1] for row in frame.rows()] == [tuple(cell if cell.strip() else None for cell in row) for row in rows]
