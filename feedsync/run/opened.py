"""A source whose columns are known: its first block is taken, or all of them where later ones may bring columns."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import chain

import polars as pl

from feedsync.catalog.plan import number_flag
from feedsync.frames import ROW
from feedsync.run.staged import Staged
from feedsync.sources.base import NUMBER_MARK, Source


class Opened:
    """A source, its headers, and its blocks (once)."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._staged = Staged()
        blocks = source.blocks()
        self._read = blocks
        if source.columns_grow:
            for block in blocks:
                self._staged.add(block)
            self._blocks: Iterator[pl.DataFrame] = iter(self._staged)
            columns = list(self._staged.columns)
        else:
            first = next(blocks)
            self._blocks = chain([first], blocks)
            columns = first.columns
        self.headers = tuple(name for name in columns if name != ROW and not name.startswith(NUMBER_MARK))
        self.numeric = frozenset(self.headers if source.typed_cells else ())

    def blocks(self, columns: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        """The blocks with the wanted headers renamed to raw columns, the flags of number cells, and `_row`."""
        for block in self._blocks:
            flags = [
                _mark(block, header).alias(number_flag(raw))
                for header, raw in columns.items()
                if header in self.numeric
            ]
            yield block.select(*(pl.col(header).alias(raw) for header, raw in columns.items()), *flags, ROW)
        self._staged.close()

    def close(self) -> None:
        """Let go of the file or the cursor, also where its blocks were not taken to the end."""
        if isinstance(self._read, Generator):
            self._read.close()
        self._staged.close()


def _mark(block: pl.DataFrame, header: str) -> pl.Expr:
    """Whether each cell was a number; no cell was where the block has no mark for the column."""
    name = NUMBER_MARK + header
    return pl.col(name).fill_null(False) if name in block.columns else pl.lit(False)
