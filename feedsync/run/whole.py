"""What needs all rows of a feed before its first batch: repeated ids, values collected over a group, ranks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from feedsync.expressions.scope import WholeFeed
from feedsync.mapping.feed import carried
from feedsync.run.kernel import DUPLICATE, FeedKernel, excluded

_SELECTED = "__selected"
_ID = "__id"


def needs_whole(feed: FeedKernel) -> bool:
    """Whether the feed has anything that a batch alone cannot tell."""
    return bool(feed.mapping.whole.steps) or not feed.mapping.id_is_key


def whole_columns(feeds: Sequence[FeedKernel], batches: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """Per feed the columns aligned to all rows of the batches; a frame without columns where a feed needs none."""
    asking = [index for index, feed in enumerate(feeds) if needs_whole(feed)]
    narrow: dict[int, list[pl.DataFrame]] = {index: [] for index in asking}
    if asking:
        for batch in batches:
            for index in asking:
                narrow[index].append(_narrow(feeds[index], batch))
    return [
        _results(feed, pl.concat(narrow[index])) if index in narrow else pl.DataFrame()
        for index, feed in enumerate(feeds)
    ]


def _narrow(feed: FeedKernel, batch: pl.DataFrame) -> pl.DataFrame:
    lazy = batch.lazy()
    lazy = lazy.with_columns(feed.mapping.carries())
    known = {*batch.columns, *(carried(name) for name in feed.mapping.later_reads)}
    for registry in feed.mapping.hoisted:
        for stage in registry.stages():
            # steps over finished attributes are of no use here, and their columns are not there yet
            usable = [expr for expr in stage if known.issuperset(expr.meta.root_names())]
            known.update(expr.meta.output_name() for expr in usable)
            lazy = lazy.with_columns(usable)
    columns = [excluded(feed).is_null().alias(_SELECTED), feed.mapping.id.expr.alias(_ID)]
    for step in feed.mapping.whole.steps:
        columns.append(step.input.expr.alias(step.column))
        columns += [value.expr.alias(f"{step.column}_{name}") for name, value in step.args.items()]
    return lazy.select(columns).collect(engine="in-memory")


def _results(feed: FeedKernel, rows: pl.DataFrame) -> pl.DataFrame:
    columns = []
    if not feed.mapping.id_is_key:
        ids = pl.when(_SELECTED).then(pl.col(_ID))
        repeated = (ids.is_not_null() & ids.is_duplicated()).alias(f"{feed.name}{DUPLICATE}")
        columns.append(rows.select(repeated).to_series())
    for step in feed.mapping.whole.steps:
        columns.append(_COMPUTE[step.function](rows, step).alias(step.column))
    return pl.DataFrame(columns)


def _collect_group(rows: pl.DataFrame, step: WholeFeed) -> pl.Series:
    """The distinct values of the group over selected rows, in catalog order, on every row of the group."""
    (group,) = (f"{step.column}_{name}" for name in step.args)
    picked = rows.filter(pl.col(_SELECTED) & pl.col(group).is_not_null())
    if step.input.type.kind == "list":
        picked = picked.explode(step.column)
    collected = (
        picked.filter(pl.col(step.column).is_not_null())
        .group_by(group, maintain_order=True)
        .agg(pl.col(step.column).unique(maintain_order=True).alias("__values"))
    )
    return rows.join(collected, on=group, how="left", validate="m:1", maintain_order="left")["__values"]


def _rank(rows: pl.DataFrame, step: WholeFeed) -> pl.Series:
    """1 = highest (or lowest) among selected rows; rows of one value share the lowest number."""
    lowest = step.literals.get("first") == "lowest"
    value = pl.when(_SELECTED).then(pl.col(step.column))
    return rows.select(value.rank("min", descending=not lowest).cast(pl.Int64)).to_series()


_COMPUTE = {"collect_group": _collect_group, "rank": _rank}
