"""SQLite as a source: the file is proved whole, and a query does nothing but read.

`mode=ro` alone keeps neither: a file cut inside its last page reads as rows of nulls, and `attach` and `vacuum into`
write other files.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from feedsync.errors import Place, SourceError
from feedsync.sources.dialects import Dialect, Trouble

READING: Final = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
# Virtual tables (full text, JSON) ask for these when they are only read; `mode=ro` refuses them where they write.
ASKED_BY_TABLES: Final = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
ASKED_BY_PYTHON: Final = (sqlite3.SQLITE_TRANSACTION,)
ALLOWED: Final = frozenset((*READING, *ASKED_BY_TABLES, *ASKED_BY_PYTHON))
PRAGMAS: Final = ("data_version", "page_size")  # and for these
NAMES: Final = {
    sqlite3.SQLITE_ATTACH: "attach",
    sqlite3.SQLITE_DETACH: "detach",
    sqlite3.SQLITE_PRAGMA: "pragma",
    sqlite3.SQLITE_SAVEPOINT: "savepoint",
}


class SQLite(Dialect):
    """See `Dialect`. Several results of one connection are read side by side, in one read transaction."""

    def __init__(self) -> None:
        self._only: OnlyReading | None = None

    def options(self, url: sa.URL, root: Path, place: Place) -> dict[str, Any]:
        """See `Dialect`. Read-only, so that a missing file is not made."""
        if not url.database or url.database == ":memory:":
            raise SourceError("sql_sqlite_memory", place)
        path = (root / url.database).resolve()
        return {"creator": lambda: open_file(path, place)}

    def begin(self, connection: sa.Connection, url: sa.URL, root: Path, place: Place) -> None:
        """The snapshot is of the first reading, which shows whether it is a database at all."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        prove_whole((root / (url.database or "")).resolve(), page, place)
        self._only = OnlyReading(connection.connection.driver_connection)  # type: ignore[arg-type]  # it is sqlite3's

    def refused(self, error: BaseException | None, reason: str) -> Trouble:
        """See `Dialect`."""
        return "wrong"

    def failed(self, error: BaseException | None, reason: str) -> Trouble:
        """See `Dialect`."""
        busy = isinstance(error, sqlite3.OperationalError) and re.search(r"\b(locked|busy)\b", reason)
        return "unavailable" if busy else "wrong"

    def explained(self, error: BaseException | None, place: Place) -> SourceError | None:
        """See `Dialect`."""
        what = self._only.why(error) if self._only is not None else ""
        return SourceError("sql_not_reading", place, what=what) if what else None


def open_file(path: Path, place: Place) -> sqlite3.Connection:
    """A connection that cannot write, so that a missing file is not made."""
    if not path.is_file():
        raise SourceError("source_folder" if path.is_dir() else "sql_sqlite_missing", place)
    # isolation_level: Python begins no transactions of its own, which would end between two queries
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)


def prove_whole(path: Path, page: int, place: Place) -> None:
    """Raise a SourceError where the file ends inside a page of `page` bytes.

    SQLite itself notices whole pages that lack; a part of one it reads as zeros, which are rows of nulls.
    """
    size = path.stat().st_size  # not opened: closing a second handle would drop SQLite's lock
    if size % page:
        raise SourceError("sql_sqlite_cut", place, size=size, page=page)


class OnlyReading:
    """Refuses every statement that does more than read, and that `mode=ro` would let through."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.refused = ""
        """What the refused statement wanted to do; empty while none was refused."""
        database.set_authorizer(self._allow)

    def why(self, error: BaseException | None) -> str:
        """What the statement wanted to do that failed with `error`; empty where it failed for another reason."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return self.refused or ("write" if code == sqlite3.SQLITE_READONLY else "")

    def _allow(self, action: int, first: str | None, *_: str | None) -> int:
        if action in ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first in PRAGMAS):
            return sqlite3.SQLITE_OK
        self.refused = self.refused or NAMES.get(action, "create or drop")
        return sqlite3.SQLITE_DENY
