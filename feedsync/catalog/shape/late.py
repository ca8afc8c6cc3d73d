"""Steps that need all rows of a source before the first one is whole: lists over a product's rows, references to other
rows, and parents that list their children.

Each collects narrow frames while the blocks pass, and gives a table: what a row's `ask` column says -> the answer.
"""

from __future__ import annotations

from typing import Protocol

import polars as pl

from feedsync.specs.shape import Children, Gather, Refer

ASK = "ask"
ANSWER = "answer"


class Late(Protocol):
    """A step whose column is known after the last block."""

    into: str
    reads: tuple[str, ...]
    """The columns it needs of every block."""

    def ask(self) -> pl.Expr:
        """What each row is looked up by."""
        ...

    def collect(self, frame: pl.DataFrame) -> None:
        """One more block, with all of its rows."""
        ...

    def table(self) -> pl.DataFrame:
        """ask, answer; each ask once."""
        ...

    def result(self) -> pl.Expr:
        """The new column, of `answer` and the row's own columns."""
        ...


class Gathering:
    """All values of a column in the rows of a product, as lines of one cell."""

    def __init__(self, step: Gather) -> None:
        self._step = step
        self.into = step.into
        self.reads: tuple[str, ...] = (step.column, step.group, *([step.order] if step.order else []))
        self._frames: list[pl.DataFrame] = []

    def ask(self) -> pl.Expr:
        return pl.col(self._step.group)

    def collect(self, frame: pl.DataFrame) -> None:
        order = pl.col(self._step.order).cast(pl.Int64, strict=False) if self._step.order else pl.lit(0, dtype=pl.Int64)
        value = pl.col(self._step.column).str.replace_all(r"\s*[\r\n]+\s*", " ")
        mine = frame.select(pl.col(self._step.group).alias(ASK), value.alias(ANSWER), order.alias("order"))
        self._frames.append(mine.drop_nulls([ASK, ANSWER]))

    def table(self) -> pl.DataFrame:
        together = pl.concat(self._frames).sort("order", nulls_last=True, maintain_order=True)
        once = together.unique([ASK, ANSWER], keep="first", maintain_order=True)
        return once.group_by(ASK, maintain_order=True).agg(pl.col(ANSWER).str.join("\n"))

    def result(self) -> pl.Expr:
        return pl.col(ANSWER)


class Referring:
    """A cell that names another row: what that row has instead."""

    def __init__(self, step: Refer) -> None:
        self._step = step
        self.into = step.into or step.column
        self.reads: tuple[str, ...] = (step.column, step.to, step.take)
        self._frames: list[pl.DataFrame] = []

    def ask(self) -> pl.Expr:
        cell = pl.col(self._step.column).str.strip_chars()
        return pl.when(cell.str.starts_with(self._step.prefix)).then(
            cell.str.strip_prefix(self._step.prefix).str.strip_chars()
        )

    def collect(self, frame: pl.DataFrame) -> None:
        to = pl.col(self._step.to).str.strip_chars()
        self._frames.append(frame.select(to.alias(ASK), pl.col(self._step.take).alias(ANSWER)).drop_nulls())

    def table(self) -> pl.DataFrame:
        return pl.concat(self._frames).unique(ASK, keep="first", maintain_order=True)

    def result(self) -> pl.Expr:
        own = pl.col(self._step.column) if self._step.into is None else pl.lit(None, dtype=pl.String)
        return pl.coalesce(pl.col(ANSWER), own)


class ListedChildren:
    """Which row lists this one."""

    def __init__(self, step: Children) -> None:
        self._step = step
        self.into = step.into
        self.reads: tuple[str, ...] = (step.column, step.key, *([step.take] if step.take else []))
        self._frames: list[pl.DataFrame] = []

    def ask(self) -> pl.Expr:
        return pl.col(self._step.key).str.strip_chars()

    def collect(self, frame: pl.DataFrame) -> None:
        step = self._step
        children = pl.col(step.column).str.split(step.between)
        listed = (
            frame.select(children.alias(ASK), pl.col(step.take or step.key).alias(ANSWER)).drop_nulls().explode(ASK)
        )
        if step.within is not None and step.name is not None:
            parts = pl.col(ASK).str.split(step.within)
            prefix = f"{step.name}="
            named = parts.list.eval(
                pl.element().filter(pl.element().str.strip_chars().str.starts_with(prefix)).str.strip_chars()
            )
            listed = listed.with_columns(named.list.first().str.strip_prefix(prefix).alias(ASK))
        listed = listed.with_columns(pl.col(ASK).str.strip_chars())
        self._frames.append(listed.filter(pl.col(ASK).is_not_null() & (pl.col(ASK) != "")))

    def table(self) -> pl.DataFrame:
        return pl.concat(self._frames).unique(ASK, keep="first", maintain_order=True)

    def result(self) -> pl.Expr:
        return pl.col(ANSWER)


def late_of(step: object) -> Late | None:
    """The collector of a step that needs all rows; None for any other step."""
    if isinstance(step, Gather):
        return Gathering(step)
    if isinstance(step, Refer):
        return Referring(step)
    if isinstance(step, Children):
        return ListedChildren(step)
    return None
