"""Several files of one export as one source: one after the other, under one header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
import xxhash

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import NUMBER_MARK, Proof, ProvedSource, Source, clipped


class SeveralFiles(ProvedSource):
    """The rows of all files; those of the second file are counted on from the last row of the first one."""

    def __init__(self, sources: Sequence[Source], declared: str) -> None:
        super().__init__(declared)
        self.columns_grow = sources[0].columns_grow
        self.typed_cells = sources[0].typed_cells
        self._sources = sources

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` goes on from file to file, the proof says where each one begins."""
        self._proof = None
        starts: list[tuple[int, str]] = []
        before = 0
        header: list[str] = []
        for source in self._sources:
            last = before
            starts.append((before, source.name))
            for block in source.blocks():
                if not self.columns_grow:
                    header = header or _named(block)
                    block = self._alike(block, header, source.name)
                if before:
                    block = block.with_columns(pl.col(ROW) + before)
                last = int(block[ROW][-1])
                yield block
            before = last
        self._proof = self._summed([source.proof for source in self._sources], tuple(starts))

    def _alike(self, block: pl.DataFrame, header: list[str], name: str) -> pl.DataFrame:
        """The block with its columns in the first file's order; a SourceError where they are others."""
        own = _named(block)
        if own == header:
            return block
        lacking = next((column for column in header if column not in own), "")
        added = next((column for column in own if column not in header), "")
        if lacking or added:
            key = "several_lacking" if lacking else "several_added"
            raise SourceError(key, Place(name), column=clipped(lacking or added), first=self._sources[0].name)
        marks = [column for column in block.columns if column.startswith(NUMBER_MARK)]
        return block.select(*header, *marks, ROW)

    def _summed(self, proofs: Sequence[Proof], starts: tuple[tuple[int, str], ...]) -> Proof:
        digest = xxhash.xxh3_128()
        for proof in proofs:
            digest.update(bytes.fromhex(proof.fingerprint))
        stripped: dict[str, int] = {}
        for column, cells in (pair for proof in proofs for pair in proof.stripped):
            stripped[column] = stripped.get(column, 0) + cells
        more: dict[str, Any] = {
            "proved": tuple(how for how in proofs[0].proved if all(how in proof.proved for proof in proofs)),
            "modified": max((proof.modified for proof in proofs if proof.modified is not None), default=None),
            "skipped": tuple(
                start + line for (start, _), proof in zip(starts, proofs, strict=True) for line in proof.skipped
            ),
            "starts": starts,
            "line_end": all(proof.line_end for proof in proofs),
            "remarks": tuple(remark for proof in proofs for remark in proof.remarks),
        }
        return Proof(
            rows=sum(proof.rows for proof in proofs),
            bytes=sum(proof.bytes for proof in proofs),
            fingerprint=digest.hexdigest(),
            complete=all(proof.complete for proof in proofs),
            quarantined=sum(proof.quarantined for proof in proofs),
            stripped=tuple(stripped.items()),
            **more,
        )


def _named(block: pl.DataFrame) -> list[str]:
    return [name for name in block.columns if name != ROW and not name.startswith(NUMBER_MARK)]
