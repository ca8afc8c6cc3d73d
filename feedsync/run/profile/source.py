"""A source read once, each of its columns looked at."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

import polars as pl

from feedsync.frames import ROW
from feedsync.run.engine import Progress
from feedsync.run.profile.column import Column
from feedsync.sources.base import NUMBER_MARK, Proof, Source


@dataclass
class Profile:
    """A source as it stands: its columns in their order, and what was read."""

    name: str
    rows: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    proof: Proof | None = None


def profile(source: Source, progress: Progress | None = None) -> Profile:
    """Read the source to its end. Raises SourceError for what cannot be read whole."""
    found = Profile(source.name)
    with closing(cast(Generator[pl.DataFrame, None, None], source.blocks())) as blocks:
        for block in blocks:
            found.rows += len(block)
            for name in block.columns:
                if name != ROW and not name.startswith(NUMBER_MARK):
                    found.columns.setdefault(name, Column(name)).add(block[name])
            if progress is not None:
                progress("read", found.rows, None)
    found.proof = source.proof
    return found
