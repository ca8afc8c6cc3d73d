"""A source whose columns are known: its first block is taken, or all of them where later ones may bring columns.

Where the export's rows are not yet rows of products, they are brought into that shape on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from feedsync.catalog.plan import number_flag
from feedsync.catalog.shape import Shaper
from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.run.staged import Staged
from feedsync.sources.base import NUMBER_MARK, Source


class Opened:
    """A source, its headers, and its blocks (once). `shaping` makes the steps for the source's own headers."""

    def __init__(self, source: Source, shaping: Callable[[Sequence[str]], Shaper | None] = lambda _: None) -> None:
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
        own = tuple(name for name in columns if name != ROW and not name.startswith(NUMBER_MARK))
        self.shaper = shaping(own)
        self.headers = own if self.shaper is None else self.shaper.headers
        self.aliases: Mapping[str, str] = {} if self.shaper is None else self.shaper.aliases
        self._own = {name: header for header, name in self.aliases.items()}
        self.numeric = frozenset(
            name for name in self.headers if source.typed_cells and self._own.get(name, name) in own
        )

    def blocks(self, columns: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        """The blocks with the wanted headers renamed to raw columns, the flags of number cells, and `_row`."""
        marks = [header for header in columns if header in self.numeric]
        for block in self._shaped([*columns, ROW, *(NUMBER_MARK + self._own.get(name, name) for name in marks)]):
            flags = [
                _mark(block, self._own.get(header, header)).alias(number_flag(columns[header])) for header in marks
            ]
            yield block.select(*(pl.col(header).alias(raw) for header, raw in columns.items()), *flags, ROW)
        self._staged.close()

    def _shaped(self, wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The blocks as rows of products; where a column needs all rows, they wait for the last one."""
        if self.shaper is None:
            yield from self._blocks
            return
        some = False
        for block in (
            self._whole(self.shaper, wanted) if self.shaper.needs_all_rows else map(self.shaper.block, self._blocks)
        ):
            if len(block):
                some = True
                yield block
        if not some:  # a file of nothing but further images is no empty catalog
            reasons = ", ".join(f"{reason} ({rows})" for reason, rows in self.shaper.left_out.items())
            raise SourceError("source_none_left", Place(self.source.name), reasons=reasons)

    def _whole(self, shaper: Shaper, wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Shaped blocks with the columns that need all rows."""
        waiting = Staged()
        try:
            for block in self._blocks:
                shaped = shaper.block(block)
                kept = [name for name in shaped.columns if name in wanted or name in shaper.kept]
                waiting.add(shaped.select(kept))
            whole, offset = shaper.whole(), 0
            for block in waiting:
                yield whole.onto(block, offset)
                offset += len(block)
        finally:
            waiting.close()

    def close(self) -> None:
        """Let go of the file or the cursor, also where its blocks were not taken to the end."""
        if isinstance(self._read, Generator):
            self._read.close()
        self._staged.close()


def _mark(block: pl.DataFrame, header: str) -> pl.Expr:
    """Whether each cell was a number; no cell was where the block has no mark for the column."""
    name = NUMBER_MARK + header
    return pl.col(name).fill_null(False) if name in block.columns else pl.lit(False)
