"""explain: one product in every feed, from its source cells through each step to what the channel gets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from feedsync.catalog.rules import PASSED_OVER
from feedsync.catalog.side import KEY
from feedsync.errors import Place, UsageError, nearest
from feedsync.expressions import Compiled, Value
from feedsync.expressions.printing import text_of
from feedsync.frames import ROW
from feedsync.mapping.feed import MappedAttribute
from feedsync.project import Feed, stock_place
from feedsync.run.cells import Cells
from feedsync.run.engine import Group
from feedsync.run.kernel import ID, FeedBatch, FeedKernel
from feedsync.run.rates import NAME as RATES
from feedsync.run.results import ExplainedAttribute, ExplainedFeed, ExplainedStep, Explanation, FindingGroup, Sample
from feedsync.run.row_set import PRODUCT
from feedsync.run.selection import Selection
from feedsync.run.session import Job, Session, session
from feedsync.texts import say
from feedsync.writers.spelling import render

_USES_RATES = re.compile(rf"\bconvert\s*\(\s*(rates\s*=\s*)?['\"]{RATES}['\"]")
MOST_ROWS = 20  # a table may hold one product many times


def explain(job: Job, key: str, *, feed: str | None = None, attribute: str | None = None) -> Explanation:
    """What becomes of the product `key`, by feed; `feed` and `attribute` narrow it.

    Raises UsageError for a product, feed or attribute that is not there, FeedsyncError where it cannot run.
    """
    with session(job, [feed] if feed else [], Selection((key,))) as run:
        explained: list[ExplainedFeed] = []
        first: dict[str, object] = {}
        for group, typed, batches in run.batches():
            # of rows that share the key, those that another one stands for say nothing (on_repeated_key)
            kept = typed.filter(~pl.col(PASSED_OVER))
            for position in range(min(len(kept), MOST_ROWS)):
                row = kept.slice(position, 1)
                first = first or {"row": row[ROW][0], "title": _title(row, run)}
                for chosen, kernel, batch in zip(group.feeds, group.kernels, batches, strict=True):
                    if attribute is not None and feed is None and attribute not in kernel.attributes:
                        continue
                    explained.append(_explained(run, group, chosen, kernel, batch, row, attribute))
        if not first:
            raise _no_such_product(run, key)
        if not explained:
            known = {
                name: None for group in run.engine.groups for kernel in group.kernels for name in kernel.attributes
            }
            raise UsageError("attribute_no_feed_fills", name=attribute, near=nearest(attribute or "", known))
        title = first["title"]
        return Explanation(
            key,
            None if title is None else str(title),
            run.engine.catalog.name,
            int(str(first["row"])),
            tuple(explained),
        )


def _no_such_product(run: Session, key: str) -> UsageError:
    rows = run.engine.catalog.aligned
    if len(rows.filter((pl.col(KEY) == key) & ~pl.col(PRODUCT))):
        parents = rows["__parent"]
        child = rows.filter(parents == key)[KEY][0]
        return UsageError("is_a_parent", key=key, child=child)
    keys = rows.filter(PRODUCT)[KEY].drop_nulls().head(20_000).to_list()
    return UsageError("no_such_product", key=key, near=nearest(key, keys))


def _title(row: pl.DataFrame, run: Session) -> str | None:
    return str(row["title"][0]) if "title" in row.columns and row["title"][0] is not None else None


def _explained(
    run: Session,
    group: Group,
    feed: Feed,
    kernel: FeedKernel,
    batch: FeedBatch,
    row: pl.DataFrame,
    attribute: str | None,
) -> ExplainedFeed:
    spec = feed.channel.spec
    here = batch.everything.filter(pl.col(ROW) == row[ROW][0])
    findings = tuple(_findings(batch, row[ROW][0]))
    reason = place = None
    if here.is_empty():
        reason, place = _reason(kernel, row)
        status = "excluded"
    else:
        status = "blocked" if here["_blocked"][0] else "ready"
    names = _chosen_attributes(feed, kernel, attribute)
    attributes = [] if here.is_empty() else [_attribute(run, feed, kernel, one, row, here) for one in names]
    not_shown = spec.channel.not_shown.get("en", "")
    return ExplainedFeed(
        feed.name, f"{spec.name}@{spec.version}", not_shown, status, reason, place, findings, tuple(attributes),
        None if here.is_empty() else here[ID][0],
    )  # fmt: skip


def _chosen_attributes(feed: Feed, kernel: FeedKernel, attribute: str | None) -> Sequence[MappedAttribute]:
    mapped = kernel.mapping.attributes
    if attribute is None:
        return mapped
    chosen = [one for one in mapped if one.name == attribute]
    if not chosen:
        near = nearest(attribute, kernel.attributes)
        raise UsageError("attribute_not_filled", feed=feed.name, name=attribute, near=near)
    return chosen


def _reason(kernel: FeedKernel, row: pl.DataFrame) -> tuple[str | None, Place | None]:
    """The first exclusion that applies, and where it is written."""
    lazy = row.lazy()
    for stage in kernel.mapping.hoisted[0].stages():
        lazy = lazy.with_columns(stage)
    flags = lazy.select(one.excluded.alias(str(i)) for i, one in enumerate(kernel.mapping.exclusions)).collect()
    for one, met in zip(kernel.mapping.exclusions, flags.row(0) if flags.width else (), strict=True):
        if met:
            return one.reason, one.at.place
    return "on_repeated_key", None


def _findings(batch: FeedBatch, row: int) -> Iterator[FindingGroup]:
    for rule, frame in batch.findings:
        for found in frame.filter(pl.col(ROW) == row).iter_rows(named=True):
            sample = Sample(found["id"], found["value"], found["_source"], found[ROW])
            place = Place(found["_source"], found[ROW]) if rule.at_row else rule.place
            yield FindingGroup(rule.code, rule.severity, rule.attribute, rule.details, place, 1, [sample])


def _attribute(
    run: Session, feed: Feed, kernel: FeedKernel, one: MappedAttribute, row: pl.DataFrame, here: pl.DataFrame
) -> ExplainedAttribute:
    """The attribute's cells and steps, evaluated on the one row by the same compiled trees."""
    spec = feed.channel.spec
    zone = run.project.loaded.spec.catalog.timezone
    frame = row if one.level == 0 else here
    group = next(group for group in run.engine.groups if feed in group.feeds)
    read = list(dict.fromkeys(name for compiled in one.compiled for name in compiled.reads))
    own = kernel.mapping.own
    behind = [name for field in read for name in (own[field].reads if field in own else (field,))]
    cells = Cells(run.engine, row).of(behind)
    counted = group.stock.own_fields(feed.name).keys() & set(read)
    steps = [*_counted(run, group, feed, row, read)] if counted else []
    steps += [step for compiled in one.compiled for step in _steps(compiled, frame, zone, run, feed, one.level)]
    steps += _rate(run, feed, steps)
    steps += _override(kernel, one.name, row)
    attributes = {one.name: spec.attributes[one.name]}
    (value,) = here.select(render(attributes, spec.channel.spelling, zone)).row(0)
    return ExplainedAttribute(one.name, tuple(cells), tuple(steps), value, one.source.shown)


def _rate(run: Session, feed: Feed, steps: Sequence[ExplainedStep]) -> Iterator[ExplainedStep]:
    """The day and the rate, where the project's exchange rates were used."""
    table, currency = run.tables.get(RATES), feed.market["currency"]
    if table is None or not table.base or not any(_USES_RATES.search(step.text) for step in steps):
        return
    rate = table.rows.get((currency,), "1")
    worth = say("rates_worth", base=table.base, rate=rate, currency=currency)
    yield ExplainedStep(say("rates_step", date=table.day), None, worth, run.project.loaded.document.place((RATES,)))


def _override(kernel: FeedKernel, attribute: str, row: pl.DataFrame) -> Iterator[ExplainedStep]:
    """What the file of overrides says of this product."""
    if attribute in kernel.mapping.overrides:
        one = kernel.mapping.overrides[attribute].by_key.get(row.select(kernel.mapping.product).item())
        if one is not None:
            yield ExplainedStep(say("override_step", reason=one.reason), None, one.value, one.place)


def _counted(run: Session, group: Group, feed: Feed, row: pl.DataFrame, read: Sequence[str]) -> Iterator[ExplainedStep]:
    """How the units that the feed offers come about; unknown units say nothing."""
    place = stock_place(run.project.loaded, feed)
    for step in group.stock.counted(feed.name, read):
        given = row.select(step.gives.cast(pl.String)).item()
        yield ExplainedStep(say(step.key, **step.params), None, given, place)


def _steps(
    compiled: Compiled, frame: pl.DataFrame, zone: str, run: Session, feed: Feed, level: int
) -> Iterator[ExplainedStep]:
    kernel = next(k for group in run.engine.groups for k in group.kernels if k.name == feed.name)
    lazy = frame.lazy()
    for stage in kernel.mapping.hoisted[level].stages():
        lazy = lazy.with_columns(stage)
    columns = []
    for number, step in enumerate(compiled.steps):
        columns.append(_text(step.value, zone).alias(f"o{number}"))
        if step.input is not None:
            columns.append(_text(step.input, zone).alias(f"i{number}"))
        if step.taken is not None:
            columns.append(step.taken.fill_null(False).alias(f"t{number}"))
    if not columns:
        return
    values = lazy.select(columns).collect().row(0, named=True)
    for number, step in enumerate(compiled.steps):
        if not values.get(f"t{number}", True) or (step.value.missing and step.input is None):
            continue  # a branch that this product does not take, a standard field that the catalog lacks
        yield ExplainedStep(step.text, values.get(f"i{number}"), values[f"o{number}"], step.place)


def _text(value: Value, zone: str) -> pl.Expr:
    if value.type.kind == "none":
        return pl.lit(None, dtype=pl.String)
    return text_of(value.expr, value.type, zone).cast(pl.String)
