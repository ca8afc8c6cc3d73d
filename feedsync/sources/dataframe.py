"""A pandas or Polars DataFrame given to the Python API, as exact text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from feedsync.errors import ConfigError, Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import ROWS_PER_BLOCK, Proof, ProvedSource, check_headers
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.exact import TextFingerprint, number_marks, single_floats, text_column

if TYPE_CHECKING:
    import pandas as pd

    PandasFrame = pd.DataFrame  # for annotations elsewhere: pandas is imported here alone


class FrameSource(ProvedSource):
    """The rows of a DataFrame. A pandas index with names becomes columns; one without names is left out."""

    typed_cells = True
    ends = ("count",)

    def __init__(self, frame: Any, name: str, *, rows: int = ROWS_PER_BLOCK) -> None:
        """`frame` is a pandas or Polars DataFrame; anything else is a ConfigError."""
        super().__init__(name)
        self._rows = rows
        self._polars: pl.DataFrame | None = None
        self._pandas: pd.DataFrame | None = None
        if isinstance(frame, pl.LazyFrame):
            frame = frame.collect()
        if isinstance(frame, pl.DataFrame):
            self._polars = frame
        elif type(frame).__module__.partition(".")[0] == "pandas" and type(frame).__name__ == "DataFrame":
            self._pandas = frame.reset_index() if any(level is not None for level in frame.index.names) else frame
        else:
            raise ConfigError("frame_type", subject=name, type=type(frame).__name__)

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the row's position, from 1."""
        self._proof = None
        place = Place(self.name)
        given = self._polars if self._polars is not None else self._pandas
        assert given is not None, "the constructor took one of the two"
        header = [str(label) for label in given.columns]
        check_headers(header, place)
        if not len(given):
            raise SourceError("source_no_products", place)
        fingerprint = TextFingerprint(header)
        cells = Cells()
        for start in range(0, len(given), self._rows):
            columns = dict(zip(header, self._values(start), strict=True))
            texts = [text_column(name, values, start + 1, place) for name, values in columns.items()]
            block = blank_to_null(pl.DataFrame(texts))
            block = cells.printable(block, fingerprint.add(block))
            numbers = pl.Series(ROW, range(start + 1, start + block.height + 1), dtype=pl.UInt64)
            yield block.with_columns(*number_marks(columns), numbers)
        self._proof = Proof(len(given), fingerprint.size, fingerprint.value, True, self.ends, stripped=cells.stripped)

    def _values(self, start: int) -> Iterator[Sequence[object]]:
        """The Python values of each column from row `start` on, missing ones as None."""
        if self._polars is not None:
            for column in self._polars.slice(start, self._rows):
                yield single_floats(column.to_numpy()) if column.dtype == pl.Float32 else column.to_list()
        if self._pandas is not None:
            part = self._pandas.iloc[start : start + self._rows]
            for position in range(part.shape[1]):
                yield _pandas_values(part.iloc[:, position])


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The frame as a pandas DataFrame that keeps what is text text and what is missing missing (no NaN for a number)."""
    import pandas as pd

    kinds = {pl.String: "string", pl.Boolean: "boolean", pl.Int64: "Int64", pl.UInt64: "UInt64"}
    columns = {
        column.name: pd.Series(column.to_list(), dtype=kinds.get(type(column.dtype), "object")) for column in frame
    }
    return pd.DataFrame(columns)


def _pandas_values(column: pd.Series[Any]) -> Sequence[object]:
    if column.dtype in ("float32", "float16"):
        return single_floats(column.to_numpy())
    missing = column.isna().tolist()
    return [None if gone else value for gone, value in zip(missing, column.tolist(), strict=True)]
