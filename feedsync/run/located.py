"""Rows of several files that were read as one, in the file and on the line where people find them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from feedsync.frames import ROW, SOURCE
from feedsync.sources.base import Proof

Files = Mapping[str, tuple[tuple[int, str], ...]]
"""Source -> the row after which each of its files begins, and the file's name."""


def files_of(proofs: Iterable[tuple[str, Proof]]) -> Files:
    """The sources that are several files."""
    return {name: proof.starts for name, proof in proofs if proof.starts}


def located(frame: pl.DataFrame, files: Files) -> pl.DataFrame:
    """Findings with the file and its own row, where their source is several files."""
    for name, starts in files.items():
        if not (frame[SOURCE] == name).any():
            continue
        after = pl.Series([start for start, _ in starts], dtype=pl.UInt64)
        at = after.search_sorted(frame[ROW], side="left").cast(pl.Int64) - 1
        at = pl.select(pl.when(frame[SOURCE] == name).then(at).otherwise(None)).to_series()
        names = pl.Series([one for _, one in starts])
        frame = frame.with_columns(
            names.gather(at).fill_null(frame[SOURCE]).alias(SOURCE),
            (frame[ROW] - after.gather(at).fill_null(0)).alias(ROW),
        )
    return frame
