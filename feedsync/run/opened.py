"""A source whose columns are known: its first block is taken, or all of them where later ones may bring columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

import polars as pl

from feedsync.catalog.plan import number_flag
from feedsync.frames import ROW
from feedsync.run.staged import Staged
from feedsync.sources.base import Source

NUMBER_MARK: Final = "_number:"  # a source's Boolean column `_number:<header>`: the cell was a number there, not a text


class Opened:
    """A source, its headers, and its blocks (once)."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._staged = Staged()
        blocks = source.blocks()
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
        self.numeric = frozenset(name.removeprefix(NUMBER_MARK) for name in columns if name.startswith(NUMBER_MARK))

    def blocks(self, columns: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        """The blocks with the wanted headers renamed to raw columns, the flags of number cells, and `_row`."""
        for block in self._blocks:
            flags = [
                pl.col(NUMBER_MARK + header).alias(number_flag(raw))
                for header, raw in columns.items()
                if header in self.numeric
            ]
            yield block.select(*(pl.col(header).alias(raw) for header, raw in columns.items()), *flags, ROW)
        self._staged.close()
