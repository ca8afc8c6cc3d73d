"""PostgreSQL, by psycopg: one REPEATABLE READ transaction, several server-side cursors in it, values as exact text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from feedsync.errors import Place
from feedsync.sources.dialects import CONNECT_SECONDS, Dialect, Trouble
from feedsync.sources.exact import canonical_json

# SQLSTATE classes of a server that cannot answer now: connection, resources, operator intervention, rollback, lock.
TRANSIENT: Final = ("08", "53", "57", "40", "55P03", "58")
DENIED: Final = re.compile(r"authentication failed|pg_hba\.conf|no password supplied|role .* (does not exist|is not)")
NO_DATABASE: Final = re.compile(r"database .* does not exist")


class PostgreSQL(Dialect):
    """See `Dialect`."""

    extra = "postgresql"
    driver = "psycopg"
    execution: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def options(self, url: sa.URL, root: Path, place: Place) -> dict[str, Any]:
        """See `Dialect`."""
        if url.get_driver_name() == "psycopg" and "connect_timeout" not in url.query:
            return {"connect_args": {"connect_timeout": CONNECT_SECONDS}}
        return {}

    def begin(self, connection: sa.Connection, url: sa.URL, root: Path, place: Place) -> None:
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

    def refused(self, error: BaseException | None, reason: str) -> Trouble:
        """libpq gives no SQLSTATE here, only words."""
        if DENIED.search(reason):
            return "denied"
        return "wrong" if NO_DATABASE.search(reason) else "unavailable"

    def failed(self, error: BaseException | None, reason: str) -> Trouble:
        """See `Dialect`."""
        state = getattr(error, "sqlstate", None) or ""
        wire = type(error).__name__ in ("OperationalError", "InterfaceError") and not state
        if wire or state.startswith(TRANSIENT):
            return "unavailable"
        return "denied" if state == "42501" else "wrong"  # insufficient privilege
