"""A Python function over a whole column, as a part of an expression that can be pickled.

`Expr.map_batches` wraps its function in a closure, which only cloudpickle can send to another process. What is given
here is a module's function or an instance of a module's class, and plain pickle is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class OnColumn:
    """The function on the one column that Polars hands over."""

    function: Callable[[pl.Series], pl.Series]

    def __call__(self, columns: Sequence[pl.Series]) -> pl.Series:
        return self.function(columns[0])


def by_python(expr: pl.Expr, function: Callable[[pl.Series], pl.Series], gives: pl.DataType) -> pl.Expr:
    """`function` on the expression's column; it gives a column of `gives`, each row out of the same row only."""
    return pl.map_batches([expr], OnColumn(function), return_dtype=gives, is_elementwise=True)
