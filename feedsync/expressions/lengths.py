"""How long the texts that steps make may become.

A step that multiplies a text (`replace('a', 'aaaa')`, `x ~ x`), put behind itself a few times, fills any memory. What
a step would make is therefore counted before it is made, and beyond TEXT_LIMIT it gives nothing: a row's failure, as
other failed steps. Steps that only cut or clean take texts of any length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from feedsync.expressions.once import once
from feedsync.expressions.values import Value

# Ten times the longest text that the channels take, and 400 MB where a whole batch of 4,000 rows is full of them.
TEXT_LIMIT: Final = 100_000
"""Bytes of UTF-8 of a text that a step makes."""
TOO_LONG: Final = "FS206"
DETAILS: Final = {"limit": f"{TEXT_LIMIT:,}"}


def unbounded(value: Value) -> bool:
    """Whether the value's text may be of any length; that of a number, a date or a constant may not."""
    return value.type.textual and not value.known


def beside(texts: Sequence[pl.Expr], separator: str = "") -> pl.Expr:
    """The texts that are there, one behind the other; null where that would be longer than the limit."""
    total = pl.sum_horizontal([length(text) for text in texts])
    if separator:
        total = total + (pl.sum_horizontal([text.is_not_null().cast(pl.Int64) for text in texts]) - 1) * size(separator)
    return pl.when(fits(total)).then(pl.concat_str(texts, separator=separator, ignore_nulls=True))


def fits(total: pl.Expr) -> pl.Expr:
    """True where a text of so many bytes may be made."""
    return total <= TEXT_LIMIT


def growing(
    build: Callable[[pl.Expr], pl.Expr], longer: Callable[[pl.Expr], pl.Expr], factor: int, text: pl.Expr
) -> pl.Expr:
    """`build(text)`; null where that would be longer than the text, and than the limit.

    `longer(text)` counts the bytes that the step adds. It is asked only of texts that, `factor` times as long, would
    pass the limit: most never would.
    """

    def guarded(cell: pl.Expr) -> pl.Expr:
        doubtful = pl.when(length(cell) > TEXT_LIMIT // factor).then(cell)
        added = longer(doubtful)
        return pl.when((fits(length(doubtful) + added) | (added <= 0)).fill_null(True)).then(cell)

    return build(once(guarded, text))


def length(text: pl.Expr) -> pl.Expr:
    """Bytes of UTF-8, as a number that can be calculated with."""
    return text.str.len_bytes().cast(pl.Int64)


def size(text: str) -> int:
    """Bytes of UTF-8 of a constant."""
    return len(text.encode("utf-8", "surrogatepass"))
