"""How many different values a column has: exact up to a bound, estimated beyond it, in memory that does not grow."""

from __future__ import annotations

from typing import Final

import polars as pl

KEPT: Final = 50_000
"""Hashes that are kept. Up to so many values the count is exact; beyond, the smallest ones tell it within one percent."""
_SPACE: Final = 1 << 64
_ROUNDED: Final = 2  # digits of an estimate that are told


class Distinct:
    """The smallest hashes of the values met so far."""

    def __init__(self) -> None:
        self._kept = pl.Series(dtype=pl.UInt64)
        self._waiting: list[pl.Series] = []
        self._size = 0
        self._full = False

    def add(self, values: pl.Series) -> None:
        """Values without nulls; the same value may come often."""
        hashes = values.hash()
        if self._full:
            hashes = hashes.filter(hashes < self._kept[-1])
        self._waiting.append(hashes)
        self._size += len(hashes)
        if self._size > KEPT:
            self._merge()

    @property
    def exact(self) -> bool:
        """Whether `count` is no estimate."""
        self._merge()
        return not self._full

    @property
    def count(self) -> int:
        """How many different values; an estimate is told in two digits."""
        self._merge()
        if not self._full:
            return len(self._kept)
        estimate = (KEPT - 1) * _SPACE // (int(self._kept[-1]) + 1)
        unit: int = 10 ** max(len(str(estimate)) - _ROUNDED, 0)
        return (estimate + unit // 2) // unit * unit

    def shared(self, other: Distinct) -> int:
        """How many of its values the other has, too, as far as both keep them."""
        self._merge()
        other._merge()
        return int(self._kept.is_in(other._kept.implode()).sum())

    def _merge(self) -> None:
        if not self._waiting:
            return
        kept = pl.concat([self._kept, *self._waiting]).unique().sort()
        self._full = self._full or len(kept) > KEPT
        self._kept = kept.head(KEPT)
        self._waiting, self._size = [], 0
