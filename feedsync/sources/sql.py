"""A query in a database: SQLite, and PostgreSQL through psycopg; other SQLAlchemy URLs where their driver is there.

One transaction, read-only and of one snapshot (REPEATABLE READ), read by a server-side cursor in bounded memory. The
values become text here, at the cursor, because a DataFrame reader would turn keys into floats.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from feedsync.errors import ConfigError, Place, SourceDenied, SourceError, SourceUnavailable
from feedsync.frames import ROW
from feedsync.sources.base import ROWS_PER_BLOCK, Proof, ProvedSource, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.exact import TextFingerprint, canonical_json, number_marks, text_column
from feedsync.sources.records import DEPTH
from feedsync.sources.sqlite import OnlyReading, open_file, prove_whole

CONNECT_SECONDS: Final = 10
EXTRAS: Final = {"postgresql": "postgresql"}  # dialect -> the extra of feedsync that brings its driver
# SQLSTATE classes of a server that cannot answer now: connection, resources, operator intervention, rollback, lock.
TRANSIENT: Final = ("08", "53", "57", "40", "55P03", "58")
DENIED: Final = re.compile(r"authentication failed|pg_hba\.conf|no password supplied|role .* (does not exist|is not)")
NO_DATABASE: Final = re.compile(r"database .* does not exist")


def _url(written: str, subject: str) -> sa.URL:
    """The parsed URL. No message shows what did not parse: it may hold a password, or the end of one."""
    try:
        url = sa.make_url(written)
    except sa.exc.ArgumentError:
        raise ConfigError("sql_url", subject=subject) from None
    except ValueError:
        raise ConfigError("sql_port", subject=subject) from None
    if "@" in (url.host or ""):
        raise ConfigError("sql_url_sign", subject=subject)
    if url.port is not None and not 0 < url.port < 65536:
        raise ConfigError("sql_port", subject=subject)
    return url


class SqlSource(ProvedSource):
    """The rows of one query."""

    typed_cells = True

    def __init__(
        self, url: str, query: str, root: Path, *, name: str | None = None, rows: int = ROWS_PER_BLOCK
    ) -> None:
        """A relative sqlite:///x.db is relative to `root`; `rows` per block is for tests."""
        self._url = _url(url, name or "")
        if self._url.drivername in ("postgres", "postgresql"):
            self._url = self._url.set(drivername="postgresql+psycopg")
        shown = self._url.set(drivername=self._url.get_backend_name(), query={})
        super().__init__(name or shown.render_as_string(hide_password=True))
        self._query = query
        self._root = root
        self._rows = rows

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the record's number, from 1."""
        self._proof = None
        place = Place(self.name)
        count = 0
        cells = Cells()
        with self._errors(), closing(self._connect()) as connection, connection.begin(), self._reading(connection):
            # no_parameters: a % or : in the query is itself; yield_per: a server-side cursor
            options = {"no_parameters": True, "yield_per": self._rows}
            with closing(connection.exec_driver_sql(self._query, execution_options=options)) as result:
                if not result.returns_rows:
                    raise SourceError("sql_no_result", place)
                header = [*map(str, result.keys())]
                check_headers(header, place)
                fingerprint = TextFingerprint(header)
                for rows in result.partitions(self._rows):
                    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
                    texts = [text_column(name, values, count + 1, place) for name, values in columns.items()]
                    frame = blank_to_null(pl.DataFrame(texts))
                    frame = cells.printable(frame, fingerprint.add(frame))
                    numbers = pl.Series(ROW, range(count + 1, count + frame.height + 1), dtype=pl.UInt64)
                    count += frame.height
                    yield frame.with_columns(*number_marks(columns), numbers)
        if not count:
            raise SourceError("sql_no_rows", place)
        self._proof = Proof(count, fingerprint.size, fingerprint.value, complete=True, stripped=cells.stripped)

    def _connect(self) -> sa.Connection:
        try:
            if self._url.get_backend_name() == "sqlite":
                return self._engine(creator=self._open_sqlite).connect()
            options: dict[str, Any] = {}
            if self._url.get_driver_name() == "psycopg" and "connect_timeout" not in self._url.query:
                options["connect_args"] = {"connect_timeout": CONNECT_SECONDS}
            return self._engine(**options).connect()
        except ImportError:
            backend = self._url.get_backend_name()
            key = "sql_driver_extra" if backend in EXTRAS else "sql_driver"
            raise SourceError(key, Place(self.name), backend=backend, extra=EXTRAS.get(backend, "")) from None
        except sa.exc.NoSuchModuleError:
            raise ConfigError("sql_dialect", subject=self.name, backend=self._url.get_backend_name()) from None
        except sa.exc.DBAPIError as error:
            raise self._refused(error) from None

    def _engine(self, **options: Any) -> sa.Engine:
        engine = sa.create_engine(self._url, poolclass=sa.pool.NullPool, hide_parameters=True, **options)
        if engine.dialect.name == "postgresql":
            return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return engine

    def _open_sqlite(self) -> sqlite3.Connection:
        """Read-only, so that a missing file is not made."""
        database = self._url.database or ""
        if not database or database == ":memory:":
            raise SourceError("sql_sqlite_memory", Place(self.name))
        return open_file(self._sqlite_path, Place(self.name))

    @property
    def _sqlite_path(self) -> Path:
        return (self._root / (self._url.database or "")).resolve()

    @contextmanager
    def _reading(self, connection: sa.Connection) -> Iterator[None]:
        """What a kind of database needs before it is read, and while it is."""
        if connection.dialect.name == "postgresql":
            self._prepare_postgresql(connection)
        if connection.dialect.name != "sqlite":
            yield
            return
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # whether it is a database at all
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        prove_whole(self._sqlite_path, page, Place(self.name))
        only = OnlyReading(connection.connection.driver_connection)  # type: ignore[arg-type]  # it is sqlite3's
        try:
            yield
        except sa.exc.DBAPIError as error:
            if what := only.why(error.orig):
                raise SourceError("sql_not_reading", Place(self.name), what=what) from None
            raise

    def _prepare_postgresql(self, connection: sa.Connection) -> None:
        """Values that Python would round or shift come as the server's own text."""
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        if connection.dialect.driver == "psycopg":
            from psycopg.types.string import TextLoader

            class JsonText(TextLoader):
                """JSON with its numbers as they are; psycopg would make floats of them."""

                def load(self, data: Any) -> str:
                    return canonical_json(bytes(data).decode())

            adapters = connection.connection.driver_connection.adapters  # type: ignore[union-attr]  # it is psycopg's
            for kind in ("json", "jsonb"):
                adapters.register_loader(kind, JsonText)
            for kind in ("interval", "money"):
                adapters.register_loader(kind, TextLoader)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What the database says while it reads, as a SourceError."""
        try:
            yield
        except RecursionError:  # JSON of the database, see canonical_json
            raise SourceError("json_deep", Place(self.name), depth=DEPTH) from None
        except sa.exc.DBAPIError as error:
            raise self._failed(error) from None
        except sa.exc.SQLAlchemyError as error:
            raise SourceError("sql_failed", Place(self.name), reason=self._reason(error)) from None

    def _failed(self, error: sa.exc.DBAPIError) -> SourceError:
        state = getattr(error.orig, "sqlstate", None) or ""
        reason = self._reason(error.orig)
        wire = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError) and not state
        lost = error.connection_invalidated or (wire and self._url.get_backend_name() != "sqlite")
        busy = isinstance(error.orig, sqlite3.OperationalError) and re.search(r"\b(locked|busy)\b", reason)
        if lost or busy or state.startswith(TRANSIENT):
            return SourceUnavailable("sql_lost", Place(self.name), reason=reason)
        if state == "42501":  # insufficient privilege
            return SourceDenied("sql_denied", Place(self.name), reason=reason)
        return SourceError("sql_failed", Place(self.name), reason=reason)

    def _refused(self, error: sa.exc.DBAPIError) -> SourceError:
        """The error of a connection that did not come about. libpq gives no SQLSTATE here, only words."""
        reason = self._reason(error.orig)
        if DENIED.search(reason):
            return SourceDenied("sql_denied", Place(self.name), reason=reason)
        if NO_DATABASE.search(reason) or self._url.get_backend_name() == "sqlite":
            return SourceError("sql_failed", Place(self.name), reason=reason)
        return SourceUnavailable("sql_down", Place(self.name), reason=reason)

    def _reason(self, error: BaseException | None) -> str:
        """The first line of the driver's words, without the password."""
        words = str(error).strip().partition("\n")[0]  # what follows quotes the query and the cursor's made-up name
        password = self._url.password
        return clipped(words.replace(str(password), "***") if password else words, 300).rstrip(".")
