"""What the kinds of databases differ in: how they are connected to, begun, and what their errors mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa

from feedsync.errors import Place, SourceError

CONNECT_SECONDS: Final = 10
Trouble = Literal["unavailable", "denied", "wrong"]
"""Nobody answers, or not now; the user may not; anything that running again does not mend."""


class Dialect:
    """A kind of database that SQLAlchemy knows and this project knows nothing about."""

    extra = ""
    """The extra of feedsync that brings its driver."""
    driver = ""
    """The driver where the URL names none."""
    execution: Mapping[str, Any] = {}
    """For `Engine.execution_options`."""
    one_result = False
    """A connection gives one result at a time."""

    def options(self, url: sa.URL, root: Path, place: Place) -> dict[str, Any]:
        """For `sqlalchemy.create_engine`."""
        return {}

    def begin(self, connection: sa.Connection, url: sa.URL, root: Path, place: Place) -> None:
        """Start a transaction that only reads, all of it from one moment."""

    def check(self, query: str, place: Place) -> None:
        """Refuse a query that does more than read, where the transaction would let it."""

    def refused(self, error: BaseException | None, reason: str) -> Trouble:
        """Why there is no connection."""
        return "unavailable"

    def failed(self, error: BaseException | None, reason: str) -> Trouble:
        """Why a query ended, when the connection is there still."""
        return "wrong"

    def explained(self, error: BaseException | None, place: Place) -> SourceError | None:
        """A message of our own for an error of the driver."""
        return None

    def reason(self, error: BaseException | None) -> str:
        """The driver's own words."""
        return str(error)

    def give_up(self, connection: sa.Connection, raw: Any) -> bool:
        """Called with the driver's connection, before a result is let go whose rows were not all taken; whether the connection went with it."""
        return False


_KNOWN: Final = {
    "postgresql": "feedsync.sources.postgresql:PostgreSQL",
    "sqlite": "feedsync.sources.sqlite:SQLite",
    "mysql": "feedsync.sources.mysql:MySQL",
    "mariadb": "feedsync.sources.mysql:MySQL",
}


def dialect_of(url: sa.URL) -> Dialect:
    """The dialect of a URL."""
    module, _, name = _KNOWN.get(url.get_backend_name(), f"{__name__}:Dialect").partition(":")
    dialect: Dialect = getattr(import_module(module), name)()
    return dialect


def first_line(words: str) -> str:
    """What follows the first line quotes the query and the cursor's made-up name."""
    return re.split(r"[\r\n]", words.strip(), maxsplit=1)[0]
