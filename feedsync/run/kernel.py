"""Pass 2: typed batches -> items and findings, for several feeds at once. Preview, check and export use the same kernel.

The level-0 columns of all feeds are one select, so that Polars shares equal sub-expressions; then each feed goes on
alone: rules, dropped values, deeper levels, rules between attributes, requirements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from feedsync.catalog.rules import PASSED_OVER
from feedsync.frames import ROW, Rule, finding_columns
from feedsync.mapping.feed import FeedMapping
from feedsync.run.asked import AskedCounts
from feedsync.run.shared import Shared

ID = "_id"
DUPLICATE = "__duplicate"  # the item's id is another item's too
REPEATED_KEY = "on_repeated_key"  # the reason counted for rows that another row of the key stands for
OF_SENT = ("FS203",)  # says what is sent: nothing of a product that is blocked
_REASON = "reason"
_NOTHING = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True)
class Step:
    """One step of a feed after the shared select: columns first, then flags, then values that flags drop."""

    columns: tuple[tuple[pl.Expr, ...], ...] = ()
    flags: tuple[tuple[str, Rule], ...] = ()
    """(flag column, rule) over the columns that are there now."""
    drops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Attribute -> the flags that make its value missing (on_invalid: drop)."""
    kept: tuple[tuple[str, pl.Expr], ...] = ()
    """(column, what was met) of the flags that drop: their findings show the value before it went."""


@dataclass(frozen=True)
class FeedKernel:
    """A compiled feed with everything that can be found in it."""

    name: str
    mapping: FeedMapping
    source: str
    """The name of the source its rows come from, for places."""
    first_flags: tuple[tuple[str, Rule], ...]
    """Rules over typed batches: FS1xx, FS2xx of level 0, FS401."""
    steps: tuple[Step, ...]
    attributes: tuple[str, ...]
    """The filled attributes, in the channel's order."""

    def flags(self) -> list[tuple[str, Rule]]:
        """Every flag column of the feed with its rule."""
        return [*self.first_flags, *(pair for step in self.steps for pair in step.flags)]


@dataclass
class FeedBatch:
    """What a feed made of one batch."""

    items: pl.DataFrame
    """Ready items: _id, _row, the filled attributes."""
    findings: list[tuple[Rule, pl.DataFrame]]
    """One FINDINGS frame per broken rule."""
    read: int
    blocked: int
    excluded: dict[str, int]
    """Reason -> rows, in the order in which the feed asks."""
    everything: pl.DataFrame
    """All rows that are not excluded, ready or not, with _blocked; for preview and explain."""


def level_zero(feeds: Sequence[FeedKernel]) -> Shared:
    """Every feed's level-0 columns: its ids, attributes and flags."""
    return Shared(
        [
            {
                ID: feed.mapping.id.expr,
                **{one.name: one.value.expr for one in feed.mapping.at_level(0)},
                **{flag: rule.broken for flag, rule in feed.first_flags},
            }
            for feed in feeds
        ]
    )


def run_batch(
    feeds: Sequence[FeedKernel],
    shared: Shared,
    typed: pl.DataFrame,
    side: Sequence[pl.DataFrame],
    asked: AskedCounts | None = None,
) -> list[FeedBatch]:
    """Every feed's items and findings of one typed batch. `shared` is `level_zero` of the feeds, `side[i]` holds feed
    i's columns aligned to the batch's rows (whole-feed results, __duplicate); empty where it has none. `asked` counts
    what lookup tables are asked for."""
    rows = typed.hstack([column for frame in side for column in frame.get_columns()])
    rows = _with_steps_of_exclusions(feeds, rows)
    reasons = rows.select(excluded(feed).alias(_own(index, _REASON)) for index, feed in enumerate(feeds))
    rows = rows.hstack(reasons)
    if asked is not None:
        for feed in feeds:
            asked.count(feed.name, [one for each in feed.mapping.exclusions for one in each.compiled.asked], rows)
    if any(reasons.null_count().row(0)[index] < len(rows) for index in range(len(feeds))):
        rows = rows.filter(pl.any_horizontal(pl.col(name).is_null() for name in reasons.columns))
    wide = _shared_select(feeds, shared, rows)
    batches = []
    for index, feed in enumerate(feeds):
        counts = _counted(feed, reasons[_own(index, _REASON)])
        batches.append(_feed_batch(index, feed, shared, wide, len(typed), counts))
        if asked is not None:
            _count_asked(index, feed, wide, batches[-1].everything, asked)
    return batches


def _count_asked(index: int, feed: FeedKernel, wide: pl.DataFrame, done: pl.DataFrame, asked: AskedCounts) -> None:
    """What the feed's rows ask lookup tables for: level 0 over the shared frame, deeper levels over finished items."""
    mine = wide.filter(pl.col(_own(index, _REASON)).is_null())
    asked.count(feed.name, feed.mapping.asked_at(0), mine)
    for level in range(1, feed.mapping.levels):
        asked.count(feed.name, feed.mapping.asked_at(level), done)


def _own(index: int, name: str) -> str:
    """A feed's own column in the shared frame; the separator cannot stand in a field's name."""
    return f"{index}\x1f{name}"


def excluded(feed: FeedKernel) -> pl.Expr:
    """Why a row is excluded, at its first reason; null where it is not."""
    chain: pl.Expr = _NOTHING
    for one in reversed(feed.mapping.exclusions):
        chain = pl.when(one.excluded).then(pl.lit(one.reason)).otherwise(chain)
    return pl.when(pl.col(PASSED_OVER)).then(pl.lit(REPEATED_KEY)).otherwise(chain)


def _counted(feed: FeedKernel, reasons: pl.Series) -> dict[str, int]:
    if reasons.null_count() == len(reasons):
        return {}
    counted = dict(reasons.drop_nulls().value_counts().iter_rows())
    order = dict.fromkeys([REPEATED_KEY, *(one.reason for one in feed.mapping.exclusions)])
    return {reason: counted[reason] for reason in order if reason in counted}


def _shared_select(feeds: Sequence[FeedKernel], shared: Shared, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every feed's level-0 columns: ids, attributes, flags, carried fields."""
    lazy = rows.lazy()
    for stage in _hoisted_stages(feeds):
        lazy = lazy.with_columns(expr for expr in stage if expr.meta.output_name() not in rows.columns)
    return lazy.with_columns(shared.columns).collect(engine="in-memory")


def _with_steps_of_exclusions(feeds: Sequence[FeedKernel], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the Python-backed steps that select and exclude hang on; the others wait until rows are left out."""
    known = set(rows.columns)
    wanted = {name for feed in feeds for name in excluded(feed).meta.root_names()} - known
    if not wanted:
        return rows
    stages: list[list[pl.Expr]] = []
    for stage in reversed(list(_hoisted_stages(feeds))):
        stages.append([expr for expr in stage if expr.meta.output_name() in wanted])
        wanted.update(name for expr in stages[-1] for name in expr.meta.root_names())
    lazy = rows.lazy()
    for stage in reversed(stages):
        lazy = lazy.with_columns(stage)
    return lazy.collect(engine="in-memory")


def _hoisted_stages(feeds: Sequence[FeedKernel]) -> Iterator[list[pl.Expr]]:
    """Level-0 hoisted steps of all feeds, one registry once."""
    registries = {id(feed.mapping.hoisted[0]): feed.mapping.hoisted[0] for feed in feeds}
    for registry in registries.values():
        yield from registry.stages()


def _feed_batch(
    index: int, feed: FeedKernel, shared: Shared, wide: pl.DataFrame, read: int, excluded: dict[str, int]
) -> FeedBatch:
    mine = wide.lazy()
    if wide[_own(index, _REASON)].null_count() < len(wide):
        mine = mine.filter(pl.col(_own(index, _REASON)).is_null())
    names = [ID, *(one.name for one in feed.mapping.at_level(0)), *(flag for flag, _ in feed.first_flags)]
    lazy = mine.select(
        ROW,
        *shared.renamed(index, names),
        *feed.mapping.carries(),
        *(pl.col(step.column) for step in feed.mapping.whole.steps),
    )
    for step in feed.steps:
        for columns in step.columns:
            lazy = lazy.with_columns(columns)
        lazy = lazy.with_columns(rule.broken.alias(flag) for flag, rule in step.flags)
        lazy = lazy.with_columns(met.alias(name) for name, met in step.kept)
        lazy = lazy.with_columns(
            pl.when(~pl.any_horizontal(flags)).then(pl.col(name)).alias(name) for name, flags in step.drops.items()
        )
    errors = [flag for flag, rule in feed.flags() if rule.severity == "error"]
    lazy = lazy.with_columns(pl.any_horizontal(errors).alias("_blocked") if errors else pl.lit(False).alias("_blocked"))
    done = lazy.collect(engine="in-memory")
    findings = list(_found(index, feed, shared, done, wide))
    blocked = int(done["_blocked"].sum())
    ready = done.select(ID, ROW, *feed.attributes)
    if blocked:
        ready = ready.filter(~done["_blocked"])
    return FeedBatch(ready, findings, read, blocked, excluded, done)


def _found(
    index: int, feed: FeedKernel, shared: Shared, done: pl.DataFrame, wide: pl.DataFrame
) -> Iterator[tuple[Rule, pl.DataFrame]]:
    """One findings frame per rule that some row breaks."""
    flags = feed.flags()
    if not flags:
        return
    blocked = pl.col("_blocked")
    some = done.select(
        (pl.col(flag) & ~blocked if rule.code in OF_SENT else pl.col(flag)).any() for flag, rule in flags
    )
    first = {flag for flag, _ in feed.first_flags}
    for (flag, rule), broken in zip(flags, some.row(0), strict=True):
        if not broken:
            continue
        if flag in first:
            mine = pl.col(_own(index, _REASON)).is_null() & pl.col(shared.column(index, flag))
            if rule.code in OF_SENT:
                here = wide[_own(index, _REASON)].is_null()
                mine &= pl.lit(here.scatter(here.arg_true().filter(done["_blocked"]), False))
            rows = wide.lazy().filter(mine)
            identity = pl.col(shared.column(index, ID))
        else:
            rows = done.lazy().filter(pl.col(flag) & ~blocked if rule.code in OF_SENT else pl.col(flag))
            identity = pl.col(ID)
        # lazy, so that only the columns a finding shows are filtered
        yield rule, rows.select(finding_columns(rule, feed.name, feed.source, identity)).collect(engine="in-memory")
