"""JSON Lines: one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from feedsync.errors import Place, SourceError
from feedsync.sources.base import RECORD_LIMIT, ROWS_PER_BLOCK, ProvedSource, clipped
from feedsync.sources.cells import Cells
from feedsync.sources.decoding import DecodedFile
from feedsync.sources.nested import rows_of
from feedsync.sources.records import DECODER, DEPTH, Constant, RecordBlock
from feedsync.sources.stored import BLOCK, Bytes, proof_of


class JsonLinesSource(ProvedSource):
    """A file with one JSON object per line; blank lines are nothing."""

    columns_grow = True
    typed_cells = True

    def __init__(
        self,
        file: Bytes,
        *,
        rows: str | None = None,
        encoding: str | None = None,
        block: int = BLOCK,
        limit: int = RECORD_LIMIT,
    ) -> None:
        """`rows` is the key of a list inside each record (see `nested.rows_of`); `block` and `limit` are bytes, for
        tests."""
        super().__init__(file.name)
        self._file = DecodedFile(file, encoding, block)
        self._rows = rows
        self._limit = limit

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the line (with `rows`, the row's number)."""
        self._proof = None
        count = 0
        cells = Cells()
        block = RecordBlock(cells)
        for lines in self._lines():
            for number, line in lines:
                if len(line) > self._limit:
                    raise self._too_long(number)
                text = line.decode()
                if not text.strip(" \t\r"):
                    continue
                for row in rows_of(self._decode(text, number), self._rows):
                    count += 1
                    block.add(row, number if self._rows is None else count, Place(self.name, number), text)
                if len(block) >= ROWS_PER_BLOCK:
                    yield block.frame()
                    block = RecordBlock(cells)
            if len(block) >= ROWS_PER_BLOCK // 2:
                yield block.frame()
                block = RecordBlock(cells)
        if len(block):
            yield block.frame()
        if not count:
            raise SourceError("source_no_products" if self._file.stored.size else "source_empty", Place(self.name))
        self._proof = proof_of(self._file.stored, count, stripped=cells.stripped)

    def _lines(self) -> Iterator[Iterator[tuple[int, bytes]]]:
        """The numbered lines of each block of the file."""
        number = 1
        rest: list[bytes] = []
        held = 0
        for chunk in self._file.blocks():
            head, found, tail = chunk.rpartition(b"\n")
            if found:
                lines = b"".join((*rest, head)).split(b"\n")
                yield iter(enumerate(lines, start=number))
                number += len(lines)
                rest, held = [], 0
            rest.append(tail)
            held += len(tail)
            if held > self._limit:
                raise self._too_long(number)
        yield iter(enumerate([b"".join(rest)], start=number))

    def _too_long(self, number: int) -> SourceError:
        return SourceError("json_long", Place(self.name, number), mebibytes=self._limit >> 20)

    def _decode(self, text: str, number: int) -> object:
        place = Place(self.name, number)
        try:
            return DECODER.decode(text)
        except json.JSONDecodeError as error:
            at, unfinished = error.pos, error.msg.startswith("Unterminated string")
        except Constant as error:
            at, unfinished = text.find(str(error)), False
        except RecursionError:
            raise SourceError("json_deep", place, depth=DEPTH) from None
        if not text[at:].strip() or unfinished:
            raise SourceError("json_line_cut", place)
        raise SourceError("json_line_broken", place, column=at + 1, text=clipped(text[at : at + 40], 30))
