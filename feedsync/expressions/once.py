"""Compute a part of an expression once, however often the expression mentions it.

Polars finds shared parts only one level deep: a chain of steps that each mention their input twice is computed 2 to
the power of its length times. A struct with a field per part, and `pl.field` in its place, makes it linear.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def once(build: Callable[..., pl.Expr], *parts: pl.Expr) -> pl.Expr:
    """`build(*parts)`, each part computed once.

    `build` may mention its arguments, columns and literals, and no argument of another `once` around it: what it
    needs is passed as a part.
    """
    named = {f"part_{at}": part for at, part in enumerate(parts) if not _cheap(part)}
    if not named:
        return build(*parts)
    body = build(*(pl.field(f"part_{at}") if f"part_{at}" in named else part for at, part in enumerate(parts)))
    bound = pl.struct([part.alias(name) for name, part in named.items()] + _rows(body, list(named.values())))
    return bound.struct.with_fields(body.alias("whole")).struct.field("whole")


def _rows(body: pl.Expr, parts: list[pl.Expr]) -> list[pl.Expr]:
    """A column of the frame beside parts that are constants, so that the struct has as many rows as the body."""
    if any(part.meta.root_names() for part in parts):
        return []
    return [pl.col(name).alias("rows") for name in body.meta.root_names()[:1]]


def _cheap(part: pl.Expr) -> bool:
    return part.meta.is_column() or part.meta.is_literal()
