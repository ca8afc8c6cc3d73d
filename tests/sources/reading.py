"""What the tests of sources share: read a source whole, or its message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from feedsync.errors import FeedsyncError
from feedsync.sources.base import NUMBER_MARK, Source
from feedsync.sources.csv import CsvSource
from feedsync.sources.json import JsonSource
from feedsync.sources.jsonl import JsonLinesSource
from feedsync.sources.packed import Unpacked
from feedsync.sources.stored import StoredFile

ADAPTERS: dict[str, Any] = {".csv": CsvSource, ".json": JsonSource, ".jsonl": JsonLinesSource}


def whole(source: Source) -> pl.DataFrame:
    """All blocks as one frame, `_row` last, without the marks of numbers."""
    frame = pl.concat(list(source.blocks()), how="diagonal")
    assert source.proof.rows == frame.height
    marks = [name for name in frame.columns if name.startswith(NUMBER_MARK)]
    return frame.select(pl.exclude("_row", *marks), "_row")


def read(folder: Path, content: bytes, name: str = "products.csv", **options: Any) -> pl.DataFrame:
    """What a file of this content reads as."""
    path = folder / name
    path.write_bytes(content)
    suffix = next(s for s in path.suffixes if s in ADAPTERS)
    return whole(ADAPTERS[suffix](Unpacked(StoredFile(path, name)), **options))


def message(folder: Path, content: bytes, name: str = "products.csv", **options: Any) -> str:
    """The message a file of this content gives, or its rows where it gives none."""
    try:
        return str(read(folder, content, name, **options).rows())
    except FeedsyncError as error:
        return error.message()
