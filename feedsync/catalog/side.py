"""The narrow tables that a batch needs besides its own rows: parents and joined sources."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from feedsync.catalog.plan import bad_flag
from feedsync.frames import ROW

KEY = "__key"
PARENT = "__parent"


def positions(keys: pl.Series, of: pl.Series) -> pl.Series:
    """For each key, the index of its first occurrence in `of`, as UInt32; null where it does not occur or is missing.

    Computed once for all rows, so that a batch only gathers.
    """
    index = pl.DataFrame({KEY: of}).with_row_index("at").unique(KEY, keep="first", maintain_order=True)
    asked = pl.DataFrame({KEY: keys})
    return asked.join(index, on=KEY, how="left", validate="m:1", maintain_order="left")["at"]


def gathered(frame: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    """The rows of `frame` at the positions; null for a null position."""
    return frame.select(pl.all().gather(at)) if len(frame) else frame.clear(len(at))


@dataclass(frozen=True)
class Parents:
    """Parents' typed fields, from which children take what they lack."""

    frame: pl.DataFrame
    """The inherited fields, their flags and the raw columns of those that can fail, one row per parent, in the order
    that `positions` points into."""
    fields: tuple[tuple[str, str | None], ...]
    """(field, raw column) of the inherited fields; None for a template's."""

    def inherited(self, typed: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
        """The batch with every inherited field filled from the parent where the child has none of its own.

        `at` holds each row's parent position. A child's cell that did not read (its flag is set) is not filled: a
        wrong price is not the parent's price. Where the parent's cell did not read, the child has no value either,
        and is flagged with the parent's cell: a product must not lose its price in silence.
        """
        if not len(self.frame) or at.null_count() == len(at):
            return typed
        theirs = gathered(self.frame, at)
        filled = []
        for name, raw in self.fields:
            lacking = typed[name].is_null()
            flag = bad_flag(name)
            if flag in typed.columns:
                lacking = lacking & ~typed[flag]
                unread = lacking & theirs[flag].fill_null(False)
                filled.append(typed[flag] | unread)
                if raw is not None:
                    filled.append(typed[raw].zip_with(~unread, theirs[raw]))
            filled.append(typed[name].zip_with(~lacking, theirs[name]))
        return typed.with_columns(filled)


@dataclass(frozen=True)
class Joined:
    """A further source's columns, one row per key."""

    name: str
    frame: pl.DataFrame
    """__key, the raw columns under their raw names, and _row of the first row of each key."""

    def positions(self, keys: pl.Series) -> pl.Series:
        """Where each key stands in `frame`; blanks around a key do not count."""
        return positions(keys.str.strip_chars(), self.frame[KEY])

    def onto(self, raw: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
        """The batch with this source's columns; null where the key is not known."""
        return raw.hstack(gathered(self.frame.drop(KEY, ROW), at))

    def strangers(self, at: pl.Series) -> pl.DataFrame:
        """Rows of this source that no product points at: __key, _row."""
        known = at.drop_nulls().unique()
        index = pl.int_range(pl.len(), dtype=pl.UInt32)
        return self.frame.filter(~index.is_in(known.implode())).select(KEY, ROW)
