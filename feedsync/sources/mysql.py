"""MySQL and MariaDB, by PyMySQL: one read-only transaction with a consistent snapshot, rows as they come.

The protocol gives one result at a time, and no second connection can join a snapshot: what is left of a result is read
onto the disk when another query needs the connection (`sources.turns`). Tables without transactions (MyISAM, Aria) have
no snapshot.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from feedsync.errors import Place, SourceError
from feedsync.sources.dialects import CONNECT_SECONDS, Dialect, Trouble
from feedsync.sources.exact import canonical_json

DENIED: Final = frozenset({1044, 1045, 1130, 1142, 1143, 1227, 1370, 1410, 1698, 1820})
"""Wrong user, password or host; no right to the database, the table, the column or the routine."""
UNAVAILABLE: Final = frozenset(
    {
        *(2002, 2003, 2006, 2012, 2013, 2014, 2055),  # nobody answers, or the line broke
        *(1040, 1203, 1226, 1152, 1158, 1159, 1160, 1161),  # too many connections, packets that do not come
        *(1053, 1077, 1079, 1317, 1927, 3024, 1969, 4031),  # shut down, killed, out of time
        *(1205, 1206, 1213, 1412, 1614),  # locks, a table that was altered since the snapshot
    }
)
READS: Final = frozenset({"select", "with", "values", "table", "show", "(", "describe", "explain"})
# Texts, names and comments say nothing about what a query does; what stands in /*! */ and /*M! */ is run.
_SILENT: Final = re.compile(
    r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`[^`]*`|/\*(?!m?!).*?\*/|--[\s].*?$|#.*?$",
    re.DOTALL | re.MULTILINE,
)
_WORDS: Final = re.compile(r"[a-z_]+|\(")
_WRITTEN: Final = re.compile(r"\binto\s+(outfile|dumpfile)\b")


class MySQL(Dialect):
    """See `Dialect`."""

    extra = "mysql"
    driver = "pymysql"
    one_result = True

    def options(self, url: sa.URL, root: Path, place: Place) -> dict[str, Any]:
        """The server converts whatever a table is encoded in; values that Python cannot hold come as their text."""
        if url.get_driver_name() != "pymysql":
            return {}
        from pymysql.constants import FIELD_TYPE
        from pymysql.converters import conversions

        conv = {**conversions, FIELD_TYPE.TIME: str, FIELD_TYPE.BIT: _bits, FIELD_TYPE.TIMESTAMP: _moment}
        conv |= {FIELD_TYPE.DATETIME: _time, FIELD_TYPE.DATE: str, FIELD_TYPE.JSON: canonical_json}
        arguments = {"conv": conv, "charset": "utf8mb4", "connect_timeout": CONNECT_SECONDS}
        return {"connect_args": {name: value for name, value in arguments.items() if name not in url.query}}

    def begin(self, connection: sa.Connection, url: sa.URL, root: Path, place: Place) -> None:
        """See `Dialect`. The server waits for a reader that is busy: rows stand in the line meanwhile."""
        for statement in (
            "SET SESSION time_zone = '+00:00', net_write_timeout = 3600",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ):
            connection.exec_driver_sql(statement)

    def check(self, query: str, place: Place) -> None:
        """A read-only transaction lets files be written on the server, settings be changed, and itself be ended."""
        code = _SILENT.sub(" '' ", query.lower())
        first = _WORDS.search(re.sub(r"/\*m?!\d*|''", " ", code))
        word = first.group() if first else ""
        if word and word not in READS:
            raise SourceError("sql_no_select", place, word=word)
        if _WRITTEN.search(code):
            raise SourceError("sql_not_reading", place, what="into outfile")

    def refused(self, error: BaseException | None, reason: str) -> Trouble:
        """See `Dialect`."""
        return "denied" if _code(error) in DENIED else "wrong" if _code(error) == 1049 else "unavailable"

    def failed(self, error: BaseException | None, reason: str) -> Trouble:
        """See `Dialect`."""
        if _code(error) in UNAVAILABLE or type(error).__name__ == "InterfaceError":
            return "unavailable"
        return "denied" if _code(error) in DENIED else "wrong"

    def reason(self, error: BaseException | None) -> str:
        """The words without the number that stands before them."""
        words = error.args[1:] if error is not None and len(error.args) > 1 else (error,)
        return str(words[0])

    def give_up(self, connection: sa.Connection, raw: Any) -> bool:
        """Closing a result would read the rest of it first, however much that is; the line is cut instead."""
        if getattr(raw, "_result", None) is not None:
            raw._result.unbuffered_active = False
        if not connection.invalidated:
            connection.invalidate()
        return True


def _code(error: BaseException | None) -> int:
    code = error.args[0] if error is not None and error.args else 0
    return code if isinstance(code, int) else 0


def _bits(value: bytes) -> str:
    return str(int.from_bytes(value, "big"))


def _time(value: str) -> str:
    """`2026-12-24 10:00:00` in ISO form. No datetime of Python: it has no 0000-00-00."""
    return value.replace(" ", "T", 1)


def _moment(value: str) -> str:
    """A TIMESTAMP, which the session has in UTC."""
    return f"{_time(value)}+00:00" if value[:4] != "0000" else _time(value)
