"""A query in a database: SQLite, PostgreSQL, MySQL and MariaDB; other SQLAlchemy URLs where their driver is there.

All sources of one URL are read in one transaction, read-only and of one snapshot, by cursors on the server in bounded
memory. The values become text here, at the cursor, because a DataFrame reader would turn keys into floats.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import ROWS_PER_BLOCK, Proof, ProvedSource, check_headers
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.database import Database, parsed_url
from feedsync.sources.exact import TextFingerprint, number_marks, text_column
from feedsync.sources.sessions import Sessions
from feedsync.sources.turns import Blocks


class SqlSource(ProvedSource):
    """The rows of one query."""

    typed_cells = True
    ends = ("end",)

    def __init__(
        self,
        url: str,
        query: str,
        root: Path,
        *,
        name: str | None = None,
        rows: int = ROWS_PER_BLOCK,
        sessions: Sessions | None = None,
    ) -> None:
        """A relative sqlite:///x.db is relative to `root`; `rows` per block is for tests. Sources of one URL that
        share `sessions` share a snapshot; the one who made those closes them."""
        self._url = parsed_url(url, name or "")
        shown = self._url.set(drivername=self._url.get_backend_name(), query={})
        super().__init__(name or shown.render_as_string(hide_password=True))
        self._query = query
        self._root = root
        self._rows = rows
        self._sessions = sessions

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the record's number, from 1."""
        self._proof = None
        with ExitStack() as own:
            sessions = self._sessions or own.enter_context(closing(Sessions()))
            database = sessions.of(self._url, lambda: Database(self._url, self._root, Place(self.name)))
            yield from database.in_turn(self._read(database))

    def _read(self, database: Database) -> Blocks:
        place = Place(self.name)
        count = 0
        cells = Cells()
        with database.result(self._query, self._rows, place) as result:
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
        self._proof = Proof(
            count, fingerprint.size, fingerprint.value, complete=True, proved=self.ends, stripped=cells.stripped
        )
