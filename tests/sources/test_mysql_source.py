"""MySQL and MariaDB: exact values, statements that only read, outages, several results over one connection."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from builders import export, probe, write
from mariadb import Server, mariadb
from reading import whole

from feedsync.errors import Exit, FeedsyncError, Place, SourceDenied, SourceUnavailable
from feedsync.sources.database import Database
from feedsync.sources.sessions import Sessions
from feedsync.sources.sql import SqlSource


@pytest.fixture
def server() -> Server:
    return mariadb()


@pytest.fixture
def shop(server: Server) -> Iterator[Any]:
    """A cursor beside the reader's, and a table of 100 rows."""
    with server.connect("shop") as connection, connection.cursor() as cursor:
        cursor.execute("set sql_mode = ''")
        cursor.execute("create or replace table items (id int primary key, state varchar(9)) engine = innodb")
        cursor.execute("insert into items select seq, 'old' from seq_1_to_100")
        yield cursor


def said(url: str, query: str) -> str:
    with pytest.raises(FeedsyncError) as caught:
        list(SqlSource(url, query, Path()).blocks())
    return caught.value.message()


VALUES = {
    "numeric(10,2)": ("19.90", "19.90"),
    "numeric(30,0)": ("123456789012345678901234567890", "123456789012345678901234567890"),
    "bigint unsigned": ("18446744073709551615", "18446744073709551615"),
    "double": ("8412345678905", "8412345678905"),
    "float": ("19.9", "19.9"),
    "boolean": ("true", "1"),
    "tinyint": ("-1", "-1"),
    "bit(3)": ("b'101'", "5"),
    "year": ("2026", "2026"),
    "date": ("'0000-00-00'", "0000-00-00"),
    "date null": ("'2026-02-00'", "2026-02-00"),
    "datetime": ("'2026-12-24 10:00:00'", "2026-12-24T10:00:00"),
    "datetime(3)": ("'2026-12-24 10:00:00.500'", "2026-12-24T10:00:00.500"),
    "timestamp": ("'2026-12-24 10:00:00'", "2026-12-24T10:00:00+00:00"),
    "timestamp null": ("'0000-00-00 00:00:00'", "0000-00-00T00:00:00"),
    "time": ("'-25:00:01'", "-25:00:01"),
    "varchar(20)": ("'0012345678905'", "0012345678905"),
    "varchar(21)": ("' a%b:c '", " a%b:c "),
    "varchar(22)": ("'  '", None),
    "varchar(23)": ("null", None),
    "varchar(24) character set latin1": ("'Café ñ €'", "Café ñ €"),
    "varchar(25) character set utf8mb3": ("'日本'", "日本"),
    "text character set utf16": ("'ÿ 👟'", "ÿ 👟"),
    "json": ("""'{"b": 1.50}'""", '{"b": 1.50}'),
    "enum('1', '2')": ("'2'", "2"),
    "set('a', 'b')": ("'a,b'", "a,b"),
    "blob": ("'abc'", "abc"),
}


def test_values_are_exact_text(server: Server, shop: Any) -> None:
    kinds = ", ".join(f"c{n} {kind}" for n, kind in enumerate(VALUES))
    shop.execute("set time_zone = '+00:00'")
    shop.execute(f"create or replace table kinds ({kinds}) engine = innodb character set utf8mb4")
    shop.execute("insert into kinds values (" + ", ".join(value for value, _ in VALUES.values()) + ")")
    row = whole(SqlSource(server.url, "select * from kinds", Path())).row(0)
    assert dict(zip(VALUES, row[:-1], strict=True)) == {kind: text for kind, (_, text) in VALUES.items()}


BAD = {
    "select * from nope": "the database says: Table 'shop.nope' doesn't exist. Check url and query of the source.",
    "insert into items values (0, 'x')": 'the query starts with "insert". Write a SELECT.',
    "commit": 'the query starts with "commit". Write a SELECT.',
    "-- of today\n set global max_connections = 1": 'the query starts with "set". Write a SELECT.',
    "/*! delete */ from items": 'the query starts with "delete". Write a SELECT.',
    "/*M!100100 delete */ from items": 'the query starts with "delete". Write a SELECT.',
    "select 1 /*! INTO  OUTFILE '/tmp/x' */": "the query does more than read (into outfile). Write a SELECT.",
    "select 1 into dumpfile '/tmp/x'": "the query does more than read (into outfile). Write a SELECT.",
    "with x as (select 1) delete from items": "the database says: You have an error in your SQL syntax; check the manual"
    " that corresponds to your MariaDB server version for the right syntax to use near 'delete from items' at line 1."
    " Check url and query of the source.",
    "select 1; select 2": "the database says: You have an error in your SQL syntax; check the manual that corresponds to"
    " your MariaDB server version for the right syntax to use near 'select 2' at line 1. Check url and query of the"
    " source.",
    "select nextval(numbers)": "the database says: Cannot execute statement in a READ ONLY transaction."
    " Check url and query of the source.",
    "select id from items where id > 100": "the query gives no rows. The last good files stay.",
    "select x'ff' as a": "record 1, column a: bytes that are not UTF-8. Convert the column to text.",
    "select 1 as a, 2 as a": 'the header "a" stands twice, in columns 1 and 2. Rename or remove one of them.',
}


@pytest.mark.parametrize("query", BAD)
def test_it_says_what_is_wrong(server: Server, shop: Any, query: str) -> None:
    shop.execute("create sequence if not exists numbers")
    assert said(server.url, query) == f"mysql://root@localhost/shop: error: {BAD[query]}"
    shop.execute("select count(*) from items")
    assert shop.fetchone() == (100,)


READS = {
    "select 'into outfile /*! delete */' as a -- into outfile": "into outfile /*! delete */",
    "select \"it''s # 'x'\" as a # into outfile": "it''s # 'x'",
    "/* insert */ (select '%s %(a)s' as a)": "%s %(a)s",
    "with x as (select 1 as a) select a from x": "1",
    "select `id` as `into outfile` from items where id = 7": "7",
}


@pytest.mark.parametrize("query", READS)
def test_it_reads_whatever_only_reads(server: Server, shop: Any, query: str) -> None:
    assert whole(SqlSource(server.url, query, Path())).rows() == [(READS[query], 1)]


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        (("root@", "nobody:geheim@"), SourceDenied, "refuses access: Access denied for user 'nobody'@'localhost'"),
        (("/shop", "/nodb"), FeedsyncError, "the database says: Unknown database 'nodb'. Check url"),
        (
            ("localhost", "127.0.0.1:1"),
            SourceUnavailable,
            "the database does not answer: Can't connect to MySQL server",
        ),
    ],
)
def test_a_connection_that_does_not_come_about(
    server: Server, change: tuple[str, str], kind: type[FeedsyncError], text: str
) -> None:
    url = server.url.replace(*change)
    with pytest.raises(kind) as caught:
        list(SqlSource(url.partition("?")[0] if ":1/" in url else url, "select 1", Path()).blocks())
    assert text in caught.value.message()
    assert "geheim" not in caught.value.message()


def test_a_right_that_lacks_is_said(server: Server, shop: Any) -> None:
    shop.execute("create or replace user narrow identified by 'x'")
    shop.execute("create table if not exists nothing_here (a int)")
    shop.execute("grant select on shop.nothing_here to narrow")
    url = server.url.replace("root@", "narrow:x@")
    with pytest.raises(SourceDenied, match="SELECT command denied to user") as caught:
        list(SqlSource(url, "select * from items", Path()).blocks())
    assert caught.value.exit_code == Exit.AUTHENTICATION


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    assert said("mariadb://u:geheim@host/x", "select 1") == (
        "mariadb://u:***@host/x: error: the driver of mariadb is not installed."
        ' Install it: pip install "feedsync[mysql]".'
    )


def test_a_server_that_breaks_off_gives_no_proof(server: Server, shop: Any) -> None:
    source = SqlSource(server.url, "select seq, repeat('x', 1000) as x from seq_1_to_100000", Path(), rows=10)
    blocks = source.blocks()
    next(blocks)
    shop.execute(
        "select id from information_schema.processlist where info like '%seq_1_to_100000' and id <> connection_id()"
    )
    shop.execute(f"kill {shop.fetchone()[0]}")
    with pytest.raises(SourceUnavailable, match="the database broke off") as caught:
        list(blocks)
    assert caught.value.exit_code == Exit.TRANSIENT
    with pytest.raises(RuntimeError):
        _ = source.proof


def test_an_outage_stops_the_export_and_nothing_is_written(
    server: Server, shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "SELECT CONCAT('A', seq) AS sku, REPEAT('x', 500) AS title FROM seq_1_to_200000"
    write(tmp_path, {"feedsync.yaml": PROJECT.format(url=server.url, rows=rows), **probe("title: {}\n")})
    result = Database.result

    @contextmanager
    def killed(self: Database, query: str, count: int, place: Place) -> Iterator[Any]:
        with result(self, query, count, place) as found:
            shop.execute("select id from information_schema.processlist where info like '%seq_1_to_200000'")
            shop.execute(f"kill {shop.fetchone()[0]}")
            yield found

    monkeypatch.setattr(Database, "result", killed)
    with pytest.raises(SourceUnavailable) as caught:
        export(tmp_path, tmp_path / "out")
    assert caught.value.exit_code == Exit.TRANSIENT
    assert [one.name for one in (tmp_path / "out").glob("*") if not one.name.startswith(".")] == []


PROJECT = """
catalog:
  sources: [{{url: "{url}", query: "{rows}"}}]
  key: sku
feeds:
  f:
    channel: probe
    market: {{country: ES, language: es, currency: EUR}}
    attributes: {{title: "{{{{ title }}}}"}}
"""


def test_a_reader_that_is_given_up_leaves_no_connection(server: Server, shop: Any) -> None:
    """And does not read the other 10 million rows first."""
    blocks = SqlSource(
        server.url, "select seq as given_up, repeat('x', 100) as x from seq_1_to_10000000", Path(), rows=10
    ).blocks()
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]  # it is a generator
    gc.collect()
    for _ in range(200):
        shop.execute(
            "select count(*) from information_schema.processlist where info like '%given_up%' and id <> connection_id()"
        )
        if (left := shop.fetchone()) == (0,):
            break
        time.sleep(0.05)
    assert left == (0,)


def test_results_over_one_connection_take_turns(server: Server, shop: Any) -> None:
    """Three queries read in steps; each is whole, in order, and proved."""
    with closing(Sessions()) as sessions:
        sources = [
            SqlSource(server.url, f"select id * {n} as v from items order by id", Path(), rows=7, sessions=sessions)
            for n in (1, 2, 3)
        ]
        left = {n: source.blocks() for n, source in enumerate(sources, 1)}
        got: dict[int, list[tuple[str, int]]] = {1: [], 2: [], 3: []}
        while left:
            for n in list(left):
                block = next(left[n], None)
                if block is None:
                    del left[n]
                else:
                    got[n] += block.rows()
    assert got == {n: [(str(i * n), i) for i in range(1, 101)] for n in (1, 2, 3)}
    assert [source.proof.rows for source in sources] == [100, 100, 100]
