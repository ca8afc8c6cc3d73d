"""A connection in one transaction: what all sources of one URL read, so that they agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from feedsync.errors import ConfigError, Place, SourceDenied, SourceError, SourceUnavailable
from feedsync.sources.base import clipped
from feedsync.sources.dialects import dialect_of, first_line
from feedsync.sources.records import DEPTH
from feedsync.sources.turns import Blocks, Turns


def parsed_url(written: str, subject: str) -> sa.URL:
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
    if url.drivername == "postgres":
        url = url.set(drivername="postgresql")
    driver = dialect_of(url).driver
    return url.set(drivername=f"{url.drivername}+{driver}") if driver and "+" not in url.drivername else url


class Database:
    """The session of one URL; see `sessions.Session`."""

    def __init__(self, url: sa.URL, root: Path, place: Place) -> None:
        """Connect and begin. `place` names the source that is read first."""
        self.failed = False
        self._url = url
        self._dialect = dialect_of(url)
        self._turns = Turns()
        self._connection = self._connected(root, place)
        self._raw = self._connection.connection.driver_connection
        try:
            with self._errors(place):
                self._connection.begin()
                self._dialect.begin(self._connection, url, root, place)
        except SourceError:
            self._connection.close()
            raise

    @contextmanager
    def result(self, query: str, rows: int, place: Place) -> Iterator[sa.CursorResult[Any]]:
        """The result of a query, which the server sends `rows` rows at a time."""
        self._dialect.check(query, place)
        # no_parameters: a % or : in the query is itself; yield_per: a server-side cursor
        options = {"no_parameters": True, "yield_per": rows}
        with self._errors(place), closing(self._connection.exec_driver_sql(query, execution_options=options)) as result:
            try:
                yield result
            except (GeneratorExit, sa.exc.DBAPIError):
                self.failed = self._dialect.give_up(self._connection, self._raw)
                raise

    def in_turn(self, blocks: Blocks) -> Iterator[pl.DataFrame]:
        """The blocks of a query, also where another query starts before they are taken."""
        return self._turns.take(blocks) if self._dialect.one_result else blocks

    @contextmanager
    def _errors(self, place: Place) -> Iterator[None]:
        """What the database says while it reads, as a SourceError. After any of them the transaction is over."""
        try:
            yield
        except RecursionError:  # JSON of the database, see canonical_json
            raise SourceError("json_deep", place, depth=DEPTH) from None
        except sa.exc.DBAPIError as error:
            self.failed = True
            raise self._failed(error, place) from None
        except sa.exc.SQLAlchemyError as error:
            self.failed = True
            raise SourceError("sql_failed", place, reason=self._reason(error)) from None

    def close(self) -> None:
        """See `Session`."""
        self._connection.close()

    def _connected(self, root: Path, place: Place) -> sa.Connection:
        shown = place.file
        backend = self._url.get_backend_name()
        try:
            options = self._dialect.options(self._url, root, place)
            engine = sa.create_engine(self._url, poolclass=sa.pool.NullPool, hide_parameters=True, **options)
            return engine.execution_options(**self._dialect.execution).connect()
        except ImportError:
            extra = self._dialect.extra
            key = "sql_driver_extra" if extra else "sql_driver"
            raise SourceError(key, place, backend=backend, extra=extra) from None
        except sa.exc.NoSuchModuleError:
            raise ConfigError("sql_dialect", subject=shown, backend=backend) from None
        except sa.exc.DBAPIError as error:
            reason = self._reason(error.orig)
            trouble = self._dialect.refused(error.orig, reason)
            raise _TROUBLES[trouble](
                "sql_down" if trouble == "unavailable" else _KEYS[trouble], place, reason=reason
            ) from None

    def _failed(self, error: sa.exc.DBAPIError, place: Place) -> SourceError:
        if ours := self._dialect.explained(error.orig, place):
            return ours
        reason = self._reason(error.orig)
        trouble = "unavailable" if error.connection_invalidated else self._dialect.failed(error.orig, reason)
        return _TROUBLES[trouble](_KEYS[trouble], place, reason=reason)

    def _reason(self, error: BaseException | None) -> str:
        """The first line of the driver's words, without the password."""
        words = first_line(self._dialect.reason(error))
        password = self._url.password
        return clipped(words.replace(str(password), "***") if password else words, 300).rstrip(".")


_TROUBLES: dict[str, Callable[..., SourceError]] = {
    "unavailable": SourceUnavailable,
    "denied": SourceDenied,
    "wrong": SourceError,
}
_KEYS = {"unavailable": "sql_lost", "denied": "sql_denied", "wrong": "sql_failed"}
