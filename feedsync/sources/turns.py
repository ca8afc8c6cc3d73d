"""Blocks of several results over a connection that gives one result at a time (MySQL)."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Generator, Iterator
from pathlib import Path

import polars as pl

Blocks = Generator[pl.DataFrame, None, None]


class Turn:
    """The blocks of one result. Where another one needs the connection, what is left is read onto the disk first."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._parked: list[Path] = []

    def __iter__(self) -> Iterator[pl.DataFrame]:
        yield from self._streamed()
        for path in self._parked:
            block = pl.read_ipc(path)
            path.unlink()
            yield block

    def _streamed(self) -> Iterator[pl.DataFrame]:
        for block in self._blocks:  # noqa: UP028  # park() may take the rest between two of them; `yield from` has no room
            yield block

    def park(self) -> None:
        """Read what is left onto the disk."""
        for block in self._blocks:
            if not self._parked:
                folder = tempfile.mkdtemp(prefix="feedsync-")
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._parked.append(Path(folder) / str(len(self._parked)))
            block.write_ipc(self._parked[-1], compression="lz4")

    def close(self) -> None:
        """Let go of the result."""
        self._blocks.close()


class Turns:
    """Whose turn it is."""

    def __init__(self) -> None:
        self._now: Turn | None = None

    def take(self, blocks: Blocks) -> Iterator[pl.DataFrame]:
        """The blocks, whoever else takes a turn meanwhile."""
        if self._now is not None:
            self._now.park()
        turn = self._now = Turn(blocks)
        try:
            yield from turn
        finally:
            turn.close()
            if self._now is turn:
                self._now = None
