"""Databases: exact values, one snapshot, bounded memory, messages without secrets."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from postgres import postgres_url
from reading import whole

from feedsync.errors import ConfigError, Exit, FeedsyncError, Place, SourceDenied, SourceError, SourceUnavailable
from feedsync.sources.open import open_source
from feedsync.sources.sql import SqlSource
from feedsync.specs.source import SourceSpec


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    database = sqlite3.connect(tmp_path / "shop.db")
    database.execute("create table items (sku text, price real, stock integer, note blob)")
    database.executemany(
        "insert into items values (?, ?, ?, ?)",
        [("007", 19.9, 5, b"caf\xc3\xa9"), ("A:b%c", 8412345678905.0, None, None), (" ", 1e22, -3, "")],
    )
    database.commit()
    database.close()
    return tmp_path


@pytest.fixture
def items() -> Iterator[psycopg.Connection]:
    """A table of 100 rows, and a connection beside the reader's."""
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        connection.execute("drop table if exists items")
        connection.execute("create table items as select n as id, 'old' as state from generate_series(1, 100) n")
        yield connection


def said(url: str, query: str, root: Path = Path()) -> str:
    with pytest.raises(FeedsyncError) as caught:
        list(SqlSource(url, query, root).blocks())
    return caught.value.message()


def test_sqlite_values_are_exact_text(shop: Path) -> None:
    source = SqlSource("sqlite:///shop.db", "select * from items where sku not like ':x%'", shop, rows=2)
    frame = whole(source)
    assert frame.rows(named=True) == [
        {"sku": "007", "price": "19.9", "stock": "5", "note": "café", "_row": 1},
        {"sku": "A:b%c", "price": "8412345678905", "stock": None, "note": None, "_row": 2},
        {"sku": None, "price": "10000000000000000000000", "stock": "-3", "note": None, "_row": 3},
    ]
    assert source.name == "sqlite:///shop.db"
    assert source.proof.complete


def test_the_fingerprint_depends_on_the_values_alone(shop: Path) -> None:
    def fingerprint(query: str, rows: int) -> str:
        source = SqlSource("sqlite:///shop.db", query, shop, rows=rows)
        list(source.blocks())
        return source.proof.fingerprint

    assert fingerprint("select * from items", 1) == fingerprint("select * from items where 1", 100)
    assert fingerprint("select * from items", 1) != fingerprint("select * from items order by sku desc", 1)
    assert fingerprint("select sku from items", 1) != fingerprint("select sku as id from items", 1)


def test_a_missing_sqlite_file_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    assert said("sqlite:///none.db", "select 1", tmp_path) == (
        "sqlite:///none.db: error: no such database file. Check url; a relative path is relative to feedsync.yaml."
    )
    assert list(tmp_path.iterdir()) == []


SQLITE_BAD = {
    "select nope from items": "the database says: no such column: nope. Check url and query of the source.",
    "select * from nope": "the database says: no such table: nope. Check url and query of the source.",
    "selec": 'the database says: near "selec": syntax error. Check url and query of the source.',
    "delete from items": "the query does more than read (write). Write a SELECT.",
    "with x as (select 1) insert into items(sku) select * from x": "the query does more than read (write)."
    " Write a SELECT.",
    "vacuum into 'copy.db'": "the database says: cannot VACUUM from within a transaction."
    " Check url and query of the source.",
    "attach 'copy.db' as other": "the query does more than read (attach). Write a SELECT.",
    "create table t as select * from items": "the query does more than read (create or drop). Write a SELECT.",
    "create temp table t as select 1": "the query does more than read (create or drop). Write a SELECT.",
    "pragma user_version = 5": "the query does more than read (pragma). Write a SELECT.",
    "pragma journal_mode = delete": "the query does more than read (pragma). Write a SELECT.",
    "select * from items where 0": "the query gives no rows. The last good files stay.",
    "select sku, sku from items": 'the header "sku" stands twice, in columns 1 and 2. Rename or remove one of them.',
    "select x'ff' as a": "record 1, column a: bytes that are not UTF-8. Convert the column to text.",
    "select cast(x'ff' as text) as a": "the database says: Could not decode to UTF-8 column 'a' with text '\ufffd'."
    " Check url and query of the source.",
    "select 'a' || char(0) as a": "record 1, column a: a NUL character. Remove it from the data.",
}


@pytest.mark.parametrize("query", SQLITE_BAD)
def test_sqlite_says_what_is_wrong(shop: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    before = (shop / "shop.db").read_bytes()
    assert said("sqlite:///shop.db", query, shop) == f"sqlite:///shop.db: error: {SQLITE_BAD[query]}"
    assert [path.name for path in shop.iterdir()] == ["shop.db"]
    assert (shop / "shop.db").read_bytes() == before


SQLITE_READS = {
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select max(i) as m from n": [("3", 1)],
    "select value as v from json_each('[1, 2]') order by 1": [("1", 1), ("2", 2)],
    "select upper(sku) as u from shown where price = 19.9": [("007", 1)],
    "select title as t from found where found match 'azul'": [("camisa azul", 1)],
    "values (1)": [("1", 1)],
}


@pytest.mark.parametrize("query", SQLITE_READS)
def test_sqlite_reads_whatever_only_reads(shop: Path, query: str) -> None:
    with sqlite3.connect(shop / "shop.db") as database:
        database.execute("create view shown as select * from items")
        database.execute("create virtual table found using fts5(title)")
        database.execute("insert into found values ('camisa azul'), ('camisa roja')")
    database.close()
    assert whole(SqlSource("sqlite:///shop.db", query, shop)).rows() == SQLITE_READS[query]


@pytest.mark.parametrize("missing", [1, 100, 2000, 4095])
def test_a_sqlite_file_cut_in_its_last_page_is_an_error(tmp_path: Path, missing: int) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("create table items (sku text, title text)")
        database.executemany("insert into items values (?, ?)", [(f"A-{n}", "camisa " * 20) for n in range(100)])
    database.close()
    size = (tmp_path / "shop.db").stat().st_size
    assert whole(SqlSource("sqlite:///shop.db", "select * from items", tmp_path)).height == 100
    os.truncate(tmp_path / "shop.db", size - missing)
    assert said("sqlite:///shop.db", "select * from items", tmp_path) == (
        f"sqlite:///shop.db: error: the database file ends inside a page (after {size - missing} bytes; its pages"
        " have 4096). It was cut short; copy it again."
    )


def test_a_sqlite_file_whose_pages_stand_in_its_log_is_whole(shop: Path) -> None:
    writer = sqlite3.connect(shop / "shop.db")
    writer.execute("pragma journal_mode = wal")
    writer.executemany("insert into items (sku) values (?)", [(f"{n:0500}",) for n in range(1000)])
    writer.commit()
    assert (shop / "shop.db-wal").stat().st_size > (shop / "shop.db").stat().st_size
    blocks = SqlSource("sqlite:///shop.db", "select sku from items", shop, rows=100).blocks()
    read = next(blocks).height
    writer.execute("delete from items")  # the reader has its snapshot
    writer.commit()
    assert read + sum(block.height for block in blocks) == 1003
    writer.close()


def test_nobody_changes_a_sqlite_file_that_is_being_read(shop: Path) -> None:
    blocks = SqlSource("sqlite:///shop.db", "select sku from items", shop, rows=1).blocks()
    next(blocks)
    writer = sqlite3.connect(shop / "shop.db", timeout=0.01)
    writer.execute("delete from items")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        writer.commit()
    writer.close()
    assert sum(block.height for block in blocks) == 2


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"sku,title\n" * 200)
    assert "the database says: file is not a database." in said("sqlite:///x.db", "select 1 from items", tmp_path)


def test_a_locked_sqlite_file_is_transient(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{**k, "timeout": 0.01}))
    holder = connect(shop / "shop.db", isolation_level=None)
    holder.execute("begin exclusive")
    with pytest.raises(SourceUnavailable, match="database is locked"):
        list(SqlSource("sqlite:///shop.db", "select * from items", shop).blocks())
    holder.close()


def test_urls_that_cannot_be(tmp_path: Path) -> None:
    assert said_config("u:geheim@host/x") == (
        "error: url is no database URL. Write it as postgresql://user:${PASSWORD}@host/database or sqlite:///file.db."
    )
    assert said("foo://u:geheim@host/x", "select 1") == (
        'error: foo://u:***@host/x: there is no kind of database "foo". Write postgresql://..., mysql://... or sqlite:///file.db.'
    )
    assert said("sqlite://", "select 1") == (
        "sqlite://: error: a database in memory holds nothing to read. Write sqlite:///file.db."
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:geheim@host:abc/db", "PORT"),
        ("postgresql://u:ge@heim:geheim@host:geheim/db", "PORT"),
        ("postgresql://u:geheim@host:0/db", "PORT"),
        ("postgresql://u:geheim@host:65536/db", "PORT"),
        ("postgresql://u:geheim@[::1/db", "PORT"),
        ("postgresql://u:ge@heim@host:1/db", "SIGN"),
        ("u:geheim@host", "is no database URL"),
    ],
)
def test_a_url_that_does_not_parse_is_never_shown(url: str, said: str) -> None:
    texts = {
        "PORT": "the port in url is no number from 1 to 65535. Write it as host:5432, or leave it out.",
        "SIGN": 'the user or the password in url holds an "@". Write it as %40, or take it from a variable: ${PASSWORD}.',
    }
    with pytest.raises(ConfigError) as caught:
        open_source(SourceSpec(url=url, query="select 1"), Path(), place=Place("feedsync.yaml", 4, 7))
    message = caught.value.message()
    assert message.startswith("feedsync.yaml:4:7: error: ")
    assert texts.get(said, said) in message
    assert "heim" not in message


def test_no_error_on_the_way_holds_parameters_or_the_password(items: psycopg.Connection) -> None:
    """What --debug or a crash reporter would print of the chain of errors below the one that is told."""
    url = postgres_url().replace("postgres:@", "postgres:geheim@")
    with pytest.raises(SourceError) as caught:
        list(SqlSource(url, "select 1/0 from items", Path()).blocks())
    chain: list[BaseException] = [caught.value]
    while below := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(below)
    assert not any("geheim" in f"{one!s} {one!r} {vars(one)!r}" for one in chain)
    told = [one for one in chain if isinstance(one, sqlalchemy.exc.DBAPIError)]
    assert told
    assert all(one.hide_parameters for one in told)
    assert "SQL parameters hidden" in str(
        sqlalchemy.exc.StatementError("m", "q", {"a": 1}, None, told[0].hide_parameters)
    )


def said_config(url: str) -> str:
    with pytest.raises(ConfigError) as caught:
        SqlSource(url, "select 1", Path())
    return caught.value.message()


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert said("postgresql://u:geheim@host/x", "select 1") == (
        "postgresql://u:***@host/x: error: the driver of postgresql is not installed."
        ' Install it: pip install "feedsync[postgresql]".'
    )


def test_a_server_that_is_down_is_transient_and_the_password_stays_secret() -> None:
    with pytest.raises(SourceUnavailable) as caught:
        list(SqlSource("postgresql://u:geheim@127.0.0.1:1/x?application_name=geheim", "select 1", Path()).blocks())
    assert caught.value.exit_code == Exit.TRANSIENT
    assert caught.value.message() == (
        "postgresql://u:***@127.0.0.1:1/x: error: the database does not answer: connection failed: connection to"
        ' server at "127.0.0.1", port 1 failed: Connection refused. Run again later; nothing was changed.'
    )


def test_a_refused_user_is_an_authentication_error() -> None:
    with pytest.raises(SourceDenied, match='role "nobody" does not exist') as caught:
        list(SqlSource(postgres_url().replace("postgres:@", "nobody:@"), "select 1", Path()).blocks())
    assert caught.value.exit_code == Exit.AUTHENTICATION


POSTGRES_BAD = {
    "copy (select 1) to '/tmp/copied'": 'the database says: syntax error at or near "copy".'
    " Check url and query of the source.",
    "with x as (insert into items values (1) returning id) select * from x": "the database says: DECLARE CURSOR must not"
    " contain data-modifying statements in WITH. Check url and query of the source.",
    "select 1; drop table items": "the database says: cannot insert multiple commands into a prepared statement."
    " Check url and query of the source.",
    "select lo_create(0)": "the database says: cannot execute lo_create() in a read-only transaction."
    " Check url and query of the source.",
    "select * from nope": 'the database says: relation "nope" does not exist. Check url and query of the source.',
    "selec": 'the database says: syntax error at or near "selec". Check url and query of the source.',
    "select 1 where false": "the query gives no rows. The last good files stay.",
    "select 1/0": "the database says: division by zero. Check url and query of the source.",
    "select 'infinity'::date": "the database says: date too large (after year 10K): 'infinity'."
    " Check url and query of the source.",
    "select (repeat('[', 100) || repeat(']', 100))::jsonb": "lists and objects nested more than 64 deep."
    " Flatten the export.",
    "select int4range(1, 2) as r": "record 1, column r: a value of type Range has no one text."
    " Convert it to text there.",
}


@pytest.mark.parametrize("query", POSTGRES_BAD)
def test_postgresql_says_what_is_wrong(items: psycopg.Connection, query: str) -> None:
    assert said(postgres_url(), query) == f"postgresql://postgres:***@/postgres: error: {POSTGRES_BAD[query]}"


def test_a_missing_database_is_an_error() -> None:
    assert 'database "nodb" does not exist. Check url' in said(
        postgres_url().replace("/postgres?", "/nodb?"), "select 1"
    )


POSTGRES_VALUES = {
    "19.90::numeric(10,2)": "19.90",
    "1e10::numeric": "10000000000",
    "'NaN'::numeric": None,
    "8412345678905::bigint": "8412345678905",
    "8412345678905::float8": "8412345678905",
    "0.1::float8": "0.1",
    "1e300::float8": "1" + "0" * 300,
    "19.9::real": "19.9",
    "true": "true",
    "null::text": None,
    "'  '::text": None,
    "' x '::text": " x ",
    "'a%b:c'::text": "a%b:c",
    "date '2026-12-24'": "2026-12-24",
    "timestamp '2026-12-24 10:00'": "2026-12-24T10:00:00",
    "timestamptz '2026-12-24 10:00:00.5+02'": "2026-12-24T08:00:00.500000+00:00",
    "interval '1 day'": "1 day",
    """'{"b": 1.50, "a": [1,  2]}'::jsonb""": '{"a":[1,2],"b":1.50}',
    """'{"b": 1.50, "a": "\u00f1"}'::json""": '{"b":1.50,"a":"ñ"}',
    "array['a', null, 'b\"']": '["a",null,"b\\""]',
    "'abc'::bytea": "abc",
    "'6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
}


def test_postgresql_values_are_exact_text() -> None:
    query = "select " + ", ".join(f"{value} as c{n}" for n, value in enumerate(POSTGRES_VALUES))
    row = whole(SqlSource(postgres_url(), query, Path())).row(0)
    assert dict(zip(POSTGRES_VALUES, row[:-1], strict=True)) == POSTGRES_VALUES


def test_the_reader_sees_one_snapshot(items: psycopg.Connection) -> None:
    source = SqlSource(postgres_url(), "select id, state from items order by id", Path(), rows=10)
    blocks = source.blocks()
    rows = next(blocks).rows()
    items.execute("update items set state = 'new'")
    items.execute("delete from items where id > 50")
    rows += [row for block in blocks for row in block.rows()]
    assert rows == [(str(n), "old", n) for n in range(1, 101)]
    assert source.proof.complete


def test_the_transaction_is_read_only_and_repeatable(items: psycopg.Connection) -> None:
    query = "select current_setting('transaction_isolation') as a, current_setting('transaction_read_only') as b"
    assert whole(SqlSource(postgres_url(), query, Path())).rows() == [("repeatable read", "on", 1)]
    items.execute("create sequence if not exists numbers")
    assert "cannot execute nextval() in a read-only transaction" in said(postgres_url(), "select nextval('numbers')")


def test_a_server_that_breaks_off_gives_no_proof(items: psycopg.Connection) -> None:
    source = SqlSource(postgres_url(), "select id from items", Path(), rows=10)
    blocks = source.blocks()
    next(blocks)
    items.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
    with pytest.raises(SourceUnavailable, match="the database broke off"):
        list(blocks)
    with pytest.raises(RuntimeError):
        _ = source.proof


def test_a_reader_that_is_given_up_leaves_no_connection(items: psycopg.Connection) -> None:
    blocks = SqlSource(postgres_url(), "select id as given_up from items", Path(), rows=10).blocks()
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]  # it is a generator
    left = items.execute(
        "select count(*) from pg_stat_activity where query like '%given_up%' and state <> 'idle'"
        " and pid <> pg_backend_pid()"
    ).fetchone()
    assert left == (0,)


PEAK = """
import resource, sys
from pathlib import Path
from feedsync.sources.sql import SqlSource
query = f"select n, repeat('x', 1000) as filler from generate_series(1, {sys.argv[2]}) n"
rows = sum(block.height for block in SqlSource(sys.argv[1], query, Path()).blocks())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_is_bounded() -> None:
    def peak(rows: int) -> int:
        run = subprocess.run(
            [sys.executable, "-c", PEAK, postgres_url(), str(rows)], capture_output=True, text=True, check=True
        )
        read, mebibytes = map(int, run.stdout.split())
        assert read == rows
        return mebibytes

    assert peak(200_000) - peak(20_000) < 60  # 200 MB against 20 MB of values


def test_a_source_error_is_what_callers_catch() -> None:
    assert issubclass(SourceUnavailable, SourceError)
    assert issubclass(SourceDenied, SourceError)
