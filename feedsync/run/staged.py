"""Frames kept for a second pass: in memory while they are small, beyond that as Parquet files that go with the run."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

IN_MEMORY: Final = 48 << 20  # bytes of frames that stay in memory; a 10,000-product shop never touches the disk

FILE_BYTES: Final = 4 << 20
BATCH_ROWS: Final = 4_000


class Staged:
    """An append-only sequence of frames. Later frames may have more columns; all come back with all columns, as text."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._limit = in_memory
        self._size = 0
        self._frames: list[pl.DataFrame] = []
        self._files: list[Path] = []
        self._pending = 0  # bytes of the frames that a file does not hold yet
        self._folder: Path | None = None
        self._remove: Callable[[], object] = list
        self.columns: dict[str, pl.DataType] = {}
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Keep a frame; what no longer fits in memory is written out, lz4."""
        for name, dtype in frame.schema.items():
            self.columns.setdefault(name, dtype)
        self.rows += len(frame)
        self._size += int(frame.estimated_size())
        self._frames.append(frame)
        self._pending += int(frame.estimated_size())
        if self._folder is None and self._size <= self._limit:
            return
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="feedsync-"))
            # results keep findings after the run, and a run may end in an error: the files go when nobody holds them
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        if self._pending >= FILE_BYTES or self._limit == 0:
            self._write_pending()

    def _write_pending(self) -> None:
        """What waits in files of about FILE_BYTES: many small frames (findings) are not many small files, and what was
        in memory until now is not one large one."""
        together: list[pl.DataFrame] = []
        size = 0
        for frame in self._frames:
            together.append(frame)
            size += int(frame.estimated_size())
            if size >= FILE_BYTES:
                self._write(together)
                together, size = [], 0
        if together:
            self._write(together)
        self._frames.clear()
        self._pending = 0

    def _write(self, frames: list[pl.DataFrame]) -> None:
        assert self._folder is not None
        path = self._folder / f"{len(self._files):06d}.parquet"
        pl.concat(frames, how="diagonal").write_parquet(path, compression="lz4", statistics=False)
        self._files.append(path)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for path in self._files:
            yield self._whole(pl.read_parquet(path))
        for frame in self._frames:
            yield self._whole(frame)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """The frames put together to at least `rows` rows: what is mapped fastest is larger than what is read."""
        together: list[pl.DataFrame] = []
        count = 0
        for frame in self:
            together.append(frame)
            count += len(frame)
            if count >= rows:
                yield pl.concat(together)
                together, count = [], 0
        if together:
            yield pl.concat(together)

    def _whole(self, frame: pl.DataFrame) -> pl.DataFrame:
        lacking = [
            pl.lit(None, dtype=dtype).alias(name) for name, dtype in self.columns.items() if name not in frame.columns
        ]
        return frame.with_columns(lacking).select(list(self.columns)) if lacking else frame

    def close(self) -> None:
        """Remove the files."""
        self._frames.clear()
        self._remove()
