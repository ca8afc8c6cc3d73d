"""Columns that several feeds compute alike, made once per batch.

Polars finds equal parts of expressions by itself, but each column costs planning in each batch, about a third of a
millisecond. Thirty feeds of the benchmarks' catalog have 1,300 columns, of which 115 differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl
from polars.exceptions import ComputeError

_PREFIX: Final = "\x1f"  # cannot stand in a field's name


class Shared:
    """Each feed's own columns (name -> expression), and under which column the batch holds each of them."""

    def __init__(self, feeds: Sequence[Mapping[str, pl.Expr]]) -> None:
        self.columns: list[pl.Expr] = []
        """To be computed over a batch, each under its own name."""
        self._names: list[dict[str, str]] = []
        held: dict[object, str] = {}
        for feed in feeds:
            mine: dict[str, str] = {}
            for name, expr in feed.items():
                key = _key(expr)
                if key not in held:
                    held[key] = f"{_PREFIX}{len(self.columns)}"
                    self.columns.append(expr.alias(held[key]))
                mine[name] = held[key]
            self._names.append(mine)

    def column(self, feed: int, name: str) -> str:
        """The column that holds it."""
        return self._names[feed][name]

    def renamed(self, feed: int, names: Iterable[str]) -> list[pl.Expr]:
        """The feed's columns under its own names."""
        return [pl.col(self._names[feed][name]).alias(name) for name in names]


def _key(expr: pl.Expr) -> object:
    """Equal for expressions that are equal. One that holds a Python function does not serialize, and is its own."""
    try:
        return hashlib.sha256(expr.meta.undo_aliases().meta.serialize()).digest()
    except (ComputeError, TypeError):
        return object()
