"""Parquet, row group by row group; the number of rows in its footer is the proof that none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import NUMBER_MARK, ROWS_PER_BLOCK, ProvedSource, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.exact import single_floats, text_column, without_nul
from feedsync.sources.parquet_footer import largest_group
from feedsync.sources.stored import Bytes, proof_of

GROUP: Final = 10_000_000  # rows of one row group; equal ones cost the file nothing, and memory each its place
CELLS: Final = 200_000_000  # of one row group
PLAIN: Final = (pl.String, pl.Boolean, pl.Null, pl.Categorical, pl.Enum)  # what Polars itself writes as one exact text


class ParquetSource(ProvedSource):
    """A Parquet file. Its numbers, dates and lists become text as those of frames do."""

    typed_cells = True
    ends = ("count",)

    def __init__(self, file: Bytes, *, rows: int = ROWS_PER_BLOCK) -> None:
        """`rows` per block is for tests."""
        super().__init__(file.name)
        self._file = file
        self._rows = rows

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the record's number, from 1."""
        self._proof = None
        place = Place(self.name)
        cells = Cells()
        count = 0
        with self._file.held() as path, self._errors():
            if not self._file.size:
                raise SourceError("source_empty", place)
            frame = pl.scan_parquet(path, hive_partitioning=False, glob=False)
            headers = frame.collect_schema().names()
            check_headers(headers, place)
            self._refuse_large(path, len(headers))
            promised = int(frame.select(pl.len()).collect().item())
            for batch in frame.collect_batches(chunk_size=self._rows, maintain_order=True):
                for part in batch.iter_slices(self._rows):
                    yield self._texts(part, count, cells)
                    count += part.height
        if count != promised:
            raise SourceError("parquet_rows", place, rows=count, promised=promised)
        if not count:
            raise SourceError("source_no_products", place)
        self._proof = proof_of(self._file, count, self.ends, stripped=cells.stripped)

    def _refuse_large(self, path: Path, columns: int) -> None:
        """A row group that would not go into memory: the footer tells before it is read."""
        try:
            rows = largest_group(path)
        except (IndexError, ValueError) as error:
            raise SourceError("parquet_damaged", Place(self.name), reason=f"{error}") from None
        limit = min(GROUP, CELLS // max(columns, 1))
        if rows > limit:
            raise SourceError("parquet_group", Place(self.name), rows=rows, limit=limit)

    def _texts(self, part: pl.DataFrame, before: int, cells: Cells) -> pl.DataFrame:
        place = Place(self.name)
        columns = [_text(column, before + 1, place) for column in part]
        marks = [
            column.is_not_null().alias(NUMBER_MARK + column.name)
            for column in part
            if column.dtype.is_float() or column.dtype.is_decimal()
        ]
        numbers = pl.Series(ROW, range(before + 1, before + part.height + 1), dtype=pl.UInt64)
        return cells.printable(blank_to_null(pl.DataFrame(columns))).with_columns(*marks, numbers)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What Polars says of a file that it cannot read; a damaged page can make it panic."""
        try:
            yield
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            reason = clipped(str(error).partition("\n")[0], 200).rstrip(".")
            raise SourceError("parquet_damaged", Place(self.name), reason=reason) from None


def _text(column: pl.Series, first: int, place: Place) -> pl.Series:
    if column.dtype in PLAIN or column.dtype.is_integer():
        return without_nul(column.cast(pl.String), first, place)
    try:
        values = single_floats(column.to_numpy()) if column.dtype == pl.Float32 else column.to_list()
    except (ValueError, OverflowError):  # a date before the year 1 or after 9999
        raise SourceError("parquet_value", place, column=clipped(column.name), kind=str(column.dtype)) from None
    return text_column(column.name, values, first, place)
