"""Same rows, same bytes: however the sources are written, read in blocks, staged or cut into batches."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import polars as pl
import psycopg
import pytest
from builders import export
from making import ods, xlsx, zipped
from mariadb import mariadb
from postgres import postgres_url

from feedsync.run.staged import Staged
from feedsync.sources.csv import CsvSource

SHOP = Path(__file__).parent.parent / "golden" / "shop"
Row = dict[str, Any]


def rows_of(name: str) -> list[Row]:
    """The rows of one of the shop's files; an empty cell is None."""
    with (SHOP / name).open(encoding="utf-8", newline="") as file:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(file, delimiter=";", strict=True)]


PRODUCTS, STORES = rows_of("productos.csv"), rows_of("tiendas.csv")
READABLE = [row for row in PRODUCTS if row["Precio"] != "diez"]


def native(rows: list[Row]) -> list[Row]:
    """The same rows with numbers as numbers."""
    return [
        {
            name: (Decimal(value.replace(".", "").replace(",", ".")) if name in ("Precio", "Rebajado") else int(value))
            if value is not None and name in ("Precio", "Rebajado", "Unidades")
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


def csv_bytes(rows: list[Row], delimiter: str = ";") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def json_text(rows: list[Row]) -> list[str]:
    """One JSON text per row; missing cells have no key; numbers as they are written, never by way of a float."""
    made = []
    for row in rows:
        cells = [
            f"{json.dumps(name)}: {value if isinstance(value, Decimal | int) else json.dumps(value)}"
            for name, value in row.items()
            if value is not None
        ]
        made.append("{" + ", ".join(cells) + "}")
    return made


Made = tuple[str, dict[str, Any]]


def as_csv(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.csv").write_bytes(csv_bytes(rows))
    return f'path: {name}.csv, delimiter: ";"', {}


def as_tsv(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.tsv").write_bytes(csv_bytes(rows, "\t"))
    return f"path: {name}.tsv", {}


def as_utf16(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.csv").write_bytes(csv_bytes(rows).decode().encode("utf-16"))
    return f'path: {name}.csv, delimiter: ";"', {}


def as_gzip(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + csv_bytes(rows, "|")))
    return f'path: {name}.csv.gz, delimiter: "|"', {}


def as_json(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.json").write_text('{"data": {"rows": [' + ",\n".join(json_text(rows)) + "]}}", encoding="utf-8")
    return f"path: {name}.json, records: data.rows", {}


def as_jsonl(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in json_text(rows)), encoding="utf-8")
    return f"path: {name}.jsonl", {}


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{one}"' for one in names)


def as_sqlite(folder: Path, name: str, rows: list[Row]) -> Made:
    connection = sqlite3.connect(folder / "shop.db")
    names = list(rows[0])
    connection.execute(f"CREATE TABLE {name} (n INTEGER PRIMARY KEY, {quoted(names)})")
    values = [tuple(float(v) if isinstance(v, Decimal) else v for v in row.values()) for row in rows]
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO {name} ({quoted(names)}) VALUES ({marks})", values)
    connection.commit()
    connection.close()
    return f'url: "sqlite:///shop.db", query: "SELECT * FROM {name} ORDER BY n"', {}


def kinds_of(rows: list[Row]) -> dict[str, str]:
    """Column -> its type in a database."""
    return {
        one: next(
            (
                kind
                for kind, sort in (("numeric", Decimal), ("integer", int))
                if any(isinstance(row[one], sort) for row in rows)
            ),
            "text",
        )
        for one in rows[0]
    }


def as_postgresql(folder: Path, name: str, rows: list[Row]) -> Made:
    names, kinds, table = list(rows[0]), kinds_of(rows), f"same_{name}"
    with psycopg.connect(postgres_url()) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        columns = ", ".join(f'"{one}" {kind}' for one, kind in kinds.items())
        connection.execute(f"CREATE TABLE {table} (n serial, {columns})")
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({quoted(names)}) VALUES ({marks})", [tuple(row.values()) for row in rows]
            )
    return f'url: "{postgres_url()}", query: "SELECT * FROM {table} ORDER BY n"', {}


def as_mariadb(folder: Path, name: str, rows: list[Row]) -> Made:
    server, table, kinds = mariadb(), f"same_{name}", kinds_of(rows)
    names = ", ".join(f"`{one}`" for one in kinds)
    with server.connect("shop") as connection, connection.cursor() as cursor:
        columns = ", ".join(f"`{one}` {'numeric(20, 2)' if kind == 'numeric' else kind}" for one, kind in kinds.items())
        cursor.execute(f"CREATE OR REPLACE TABLE {table} (n int PRIMARY KEY AUTO_INCREMENT, {columns})")
        marks = ", ".join(["%s"] * len(kinds))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])
    return f'url: "{server.url}", query: "SELECT * FROM {table} ORDER BY n"', {}


def as_pandas(folder: Path, name: str, rows: list[Row]) -> Made:
    frame = pd.DataFrame(rows, dtype=object)
    return f"name: {name}, frame: true", {name: frame}


def as_polars(folder: Path, name: str, rows: list[Row]) -> Made:
    return f"name: {name}, frame: true", {name: pl.DataFrame(rows, infer_schema_length=None)}


def tag(header: str) -> str:
    return header.replace(" ", "_")


def as_xml(folder: Path, name: str, rows: list[Row]) -> Made:
    items = (
        "".join(
            "<item>"
            + "".join(f"<{tag(key)}>{escape(value)}</{tag(key)}>" for key, value in row.items() if value)
            + "</item>"
            for row in rows
        )
        .replace("\r", "&#13;")
        .replace("\x0b", "")
    )  # which no document holds
    (folder / f"{name}.xml").write_text(f"<rss><channel><title>x</title>{items}</channel></rss>", encoding="utf-8")
    return f"path: {name}.xml", {}


def as_zip(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.zip").write_bytes(zipped({f"out/{name}.csv": csv_bytes(rows)}))
    return f'path: {name}.zip, format: csv, delimiter: ";"', {}


def as_files(folder: Path, name: str, rows: list[Row]) -> Made:
    """In three files; the rows go on from one to the next."""
    for number, part in enumerate((rows[:1], rows[1:4], rows[4:])):
        if part:
            (folder / f"{name}-{number}.csv").write_bytes(csv_bytes(part))
    return f'path: "{name}-*.csv", pick: all, delimiter: ";"', {}


def as_newest(folder: Path, name: str, rows: list[Row]) -> Made:
    for number, part in enumerate((rows, rows[:1])):
        (folder / f"{name}-{number}.csv").write_bytes(csv_bytes(part))
        os.utime(folder / f"{name}-{number}.csv", (1e9 - number, 1e9 - number))
    return f'path: "{name}-*.csv", pick: newest, delimiter: ";"', {}


def as_xlsx(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.xlsx").write_bytes(xlsx({"Hoja": [list(rows[0]), *(row.values() for row in rows)]}))
    return f"path: {name}.xlsx", {}


def as_ods(folder: Path, name: str, rows: list[Row]) -> Made:
    (folder / f"{name}.ods").write_bytes(ods([list(rows[0]), *(row.values() for row in rows)]))
    return f"path: {name}.ods", {}


def as_parquet(folder: Path, name: str, rows: list[Row]) -> Made:
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(folder / f"{name}.parquet", row_group_size=3)
    return f"path: {name}.parquet", {}


FORMS: list[Callable[[Path, str, list[Row]], Made]] = [
    as_csv, as_tsv, as_utf16, as_gzip, as_json, as_jsonl, as_sqlite, as_postgresql, as_mariadb, as_pandas,
    as_polars, as_xml, as_zip, as_files, as_newest, as_xlsx, as_ods, as_parquet,
]  # fmt: skip
TYPED = [
    as_json, as_jsonl, as_sqlite, as_postgresql, as_mariadb, as_pandas, as_polars, as_xlsx, as_ods, as_parquet,
]  # fmt: skip


def feeds(
    folder: Path, form: Callable[[Path, str, list[Row]], Made], products: list[Row], stores: list[Row]
) -> dict[str, bytes]:
    """Every feed's file of the shop over sources of a form."""
    folder.mkdir()
    text = (SHOP / "feedsync.yaml").read_text(encoding="utf-8")
    frames: dict[str, Any] = {}
    for declared, name, rows in (
        ('path: productos.csv, delimiter: ";"', "productos", products),
        ('path: tiendas.csv, delimiter: ";"', "tiendas", stores),
    ):
        said, given = form(folder, name, rows)
        assert declared in text
        text = text.replace(declared, said)
        frames |= given
        if form is as_xml:  # no element has a name with a blank
            for header in (one for one in rows[0] if " " in one):
                text = text.replace(header, tag(header))
    (folder / "feedsync.yaml").write_text(text, encoding="utf-8")
    files = export(folder, folder / "out", frames)
    return {name: data for name, data in files.items() if name != "manifest.json"}


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("wanted")
    return {
        "text": feeds(folder / "text", as_csv, PRODUCTS, STORES),
        "native": feeds(folder / "native", as_csv, READABLE, STORES),
    }


@pytest.mark.parametrize("form", FORMS)
def test_one_catalog_in_every_form(
    form: Callable[[Path, str, list[Row]], Made], wanted: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    assert len(wanted["text"]) == 12
    assert feeds(tmp_path / "shop", form, PRODUCTS, STORES) == wanted["text"]


@pytest.mark.parametrize("form", TYPED)
def test_numbers_as_numbers_or_as_texts_with_a_comma(
    form: Callable[[Path, str, list[Row]], Made], wanted: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """`decimal_mark: ","` is of text cells; a number of a database or of JSON is what it is."""
    assert feeds(tmp_path / "shop", form, native(READABLE), native(STORES)) == wanted["native"]


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """The shop with its parent behind its variants, and its files."""
    folder = tmp_path_factory.mktemp("turned") / "shop"
    shutil.copytree(SHOP, folder)
    (folder / "productos.csv").write_bytes(csv_bytes(sorted(PRODUCTS, key=lambda row: row["SKU"] == "P-1")))
    return folder, export(folder, folder.parent / "out")


@pytest.mark.parametrize(
    ("rows", "block", "in_memory"), [(1, 97, 0), (2, 97, 2000), (3, 1 << 20, 0), (7, 350, 0), (20, 97, 1 << 20)]
)
def test_blocks_staging_and_batches_do_not_show(
    rows: int,
    block: int,
    in_memory: int,
    turned: tuple[Path, dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parents after children, repeated keys, groups and ranks across every border; the manifest's counts too."""
    folder, plain = turned
    monkeypatch.setitem(CsvSource.__init__.__kwdefaults__, "block", block)
    monkeypatch.setattr(Staged.__init__, "__defaults__", (in_memory,))
    monkeypatch.setattr(Staged.batches, "__defaults__", (rows,))
    assert export(folder, tmp_path / "out") == plain
    assert len(plain) == 13


def test_staged_files_go_with_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setattr(Staged.__init__, "__defaults__", (0,))
    seen: list[int] = []
    real = pl.DataFrame.write_parquet

    def spy(frame: pl.DataFrame, *args: Any, **options: Any) -> None:
        seen.append(len(list(place.iterdir())))
        real(frame, *args, **options)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", spy)
    export(SHOP, tmp_path / "out")
    gc.collect()
    assert seen
    assert list(place.iterdir()) == []
