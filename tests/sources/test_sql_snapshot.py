"""Sources of one URL see one state of the database, whatever is written between two of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builders import export, probe, write
from mariadb import mariadb
from postgres import postgres_url
from reading import whole

from feedsync.errors import ConfigError, Place, SourceError
from feedsync.sources.database import Database
from feedsync.sources.open import open_source
from feedsync.sources.sessions import Sessions
from feedsync.sources.sql import SqlSource
from feedsync.specs.source import SourceSpec

Run = Callable[[str], Any]


@contextmanager
def sqlite_shop(folder: Path) -> Iterator[tuple[str, Run]]:
    with closing(sqlite3.connect(folder / "shop.db", isolation_level=None)) as database:
        database.execute("pragma journal_mode = wal")
        yield "sqlite:///shop.db", database.execute


@contextmanager
def postgresql_shop(folder: Path) -> Iterator[tuple[str, Run]]:
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        yield postgres_url(), connection.execute


@contextmanager
def mariadb_shop(folder: Path) -> Iterator[tuple[str, Run]]:
    server = mariadb()
    with server.connect("shop") as connection, connection.cursor() as cursor:
        yield server.url, cursor.execute


SHOPS = [sqlite_shop, postgresql_shop, mariadb_shop]


@pytest.fixture(params=SHOPS, ids=lambda shop: shop.__name__)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Run]]:
    """A URL, and a connection that writes: 300 products, their stock, and stores."""
    with request.param(tmp_path) as (url, run):
        for table in ("products", "stock", "stores"):
            run(f"drop table if exists {table}")
        run("create table products (sku varchar(9), title varchar(20))")
        run("create table stock (sku varchar(9), units integer)")
        run("create table stores (store varchar(9), sku varchar(9), units integer)")
        rows = [f"A{n:03}" for n in range(300)]
        run("insert into products values " + ", ".join(f"('{sku}', 'old')" for sku in rows))
        run("insert into stock values " + ", ".join(f"('{sku}', 5)" for sku in rows))
        run("insert into stores values " + ", ".join(f"('S', '{sku}', 2)" for sku in rows))
        yield url, run


def overwrite(run: Run) -> None:
    run("update products set title = 'new'")
    run("update stock set units = 0")
    run("delete from stores")


def test_two_sources_one_state(shop: tuple[str, Run], tmp_path: Path) -> None:
    url, run = shop
    with closing(Sessions()) as sessions:
        first, second = (
            SqlSource(url, f"select {query}", tmp_path, rows=10, sessions=sessions)
            for query in ("title from products order by sku", "units from stock order by sku")
        )
        blocks = first.blocks()
        rows = next(blocks).rows()
        overwrite(run)
        assert whole(second)["units"].to_list() == ["5"] * 300
        rows += [row for block in blocks for row in block.rows()]
    assert rows == [("old", n) for n in range(1, 301)]
    assert whole(SqlSource(url, "select units from stock", tmp_path))["units"].to_list() == ["0"] * 300


PROJECT = """
catalog:
  sources:
    - {{url: "{url}", name: products, query: SELECT * FROM products ORDER BY sku}}
    - {{url: "{url}", name: stock, query_file: stock.sql, join: sku}}
  key: sku
  fields: {{sku: {{}}, title: {{}}, units: {{type: integer}}}}
tables:
  stores:
    url: "{url}"
    query: SELECT * FROM stores ORDER BY sku
    key: [store, sku]
    catalog_key: sku
    fields: {{store: {{}}, sku: {{}}, units: {{type: integer}}}}
feeds:
  products:
    channel: probe
    market: {{country: ES, language: es, currency: EUR}}
    attributes: {{title: "{{{{ title }}}} {{{{ units }}}}"}}
  stores:
    channel: probe
    market: {{country: ES, language: es, currency: EUR}}
    rows: stores
    id: "{{{{ store }}}}/{{{{ sku }}}}"
    attributes: {{id: "{{{{ store }}}}/{{{{ sku }}}}", title: "{{{{ title }}}} {{{{ units }}}}"}}
"""


def exported(folder: Path, url: str) -> dict[str, bytes]:
    query = "\ufeffSELECT sku, units\nFROM stock; \n"
    write(folder, {"feedsync.yaml": PROJECT.format(url=url), "stock.sql": query, **probe("title: {}\n")})
    files = export(folder, folder / "out")
    return {name: data for name, data in files.items() if name != "manifest.json"}


def test_the_catalog_its_joins_and_its_tables_are_of_one_moment(
    shop: tuple[str, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is read first, the shop's whole database changes right behind it."""
    url, run = shop
    asked: list[str] = []
    result = Database.result

    @contextmanager
    def then_written(self: Database, sql: str, rows: int, place: Place) -> Iterator[Any]:
        with result(self, sql, rows, place) as found:
            asked.append(place.file)
            if len(asked) == 1:
                overwrite(run)
            yield found

    monkeypatch.setattr(Database, "result", then_written)
    files = exported(tmp_path, url)
    assert len(asked) == 3
    skus = [f"A{n:03}" for n in range(300)]
    assert files == {
        "products.csv": csv("id,title", [f"{sku},old 5" for sku in skus]),
        "stores.csv": csv("id,title", [f"S/{sku},old 2" for sku in skus]),
    }


def csv(*rows: str | list[str]) -> bytes:
    lines = [line for row in rows for line in ([row] if isinstance(row, str) else row)]
    return "".join(f"{line}\n" for line in lines).encode()


def test_a_transaction_that_an_error_ended_is_not_used_again(shop: tuple[str, Run], tmp_path: Path) -> None:
    url, _ = shop
    with closing(Sessions()) as sessions:
        for query in ("select nope from products", "select nothing from products"):
            with pytest.raises(SourceError, match="nope" if "nope" in query else "nothing"):
                list(SqlSource(url, query, tmp_path, sessions=sessions).blocks())
        assert whole(SqlSource(url, "select sku from products", tmp_path, sessions=sessions)).height == 300


QUERY_FILES = {
    b"": "it is empty",
    b" ;\n": "it is empty",
    b"select '\xff'": "not UTF-8 at byte 8",
    None: "No such file or directory",
}


@pytest.mark.parametrize("content", QUERY_FILES)
def test_a_query_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "q.sql").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        open_source(SourceSpec(url="sqlite:///x.db", query_file="q.sql"), tmp_path, place=Place("feedsync.yaml", 3))
    assert caught.value.message() == (
        f'feedsync.yaml:3: error: the query file "q.sql" cannot be read: {QUERY_FILES[content]}.'
        " Correct query_file; it is UTF-8 with one SELECT."
    )


@pytest.mark.parametrize("given", [{"query": "select 1", "query_file": "q.sql"}, {}])
def test_one_query_belongs_to_a_url(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="config_source_query"):
        SourceSpec(url="sqlite:///x.db", **given)
