"""preview: items of one feed as the channel gets them, ready or not."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from feedsync.catalog.side import KEY
from feedsync.frames import ROW
from feedsync.project import Feed
from feedsync.run.export import chosen_formats, feed_writer
from feedsync.run.kernel import ID, FeedKernel
from feedsync.run.results import PreviewResult
from feedsync.run.selection import Selection, nothing_selected
from feedsync.run.session import Job, session
from feedsync.writers.spelling import render


def preview(
    job: Job, feed: str, *, limit: int = 10, skus: Sequence[str] = (), where: str | None = None
) -> PreviewResult:
    """The first `limit` items of a feed that match the selection, blocked ones too; excluded rows are no items.

    Raises UsageError for a feed or a selection that matches nothing, FeedsyncError where it cannot run.
    """
    selection = Selection(tuple(skus), where)
    with session(job, [feed], selection, one=True) as run:
        (chosen,) = run.feeds
        (group,) = run.engine.groups
        (kernel,) = group.kernels
        zone = run.project.loaded.spec.catalog.timezone
        frames: list[pl.DataFrame] = []
        ready: list[pl.DataFrame] = []
        count = matched = 0
        more = False
        for _, _, (batch,) in run.batches():
            matched += batch.read
            here = batch.everything.head(min(limit - count, len(batch.everything)))
            more = len(here) < len(batch.everything)
            count += len(here)
            frames.append(_shown(chosen, kernel, here, zone))
            ready.append(here.filter(~pl.col("_blocked")).select(ID, ROW, *kernel.attributes))
            if more:
                break
        if selection and not matched:
            raise nothing_selected(selection, run.engine.catalog.products, run.engine.catalog.aligned[KEY])
        writer = feed_writer(run, chosen, kernel, chosen_formats(chosen, ())[0], zone)
        written = b"".join([writer.begin(), *(writer.items(items) for items in ready if len(items)), writer.end()])
        spec = chosen.channel.spec
        return PreviewResult(chosen.name, f"{spec.name}@{spec.version}", pl.concat(frames), written, more)


def _shown(feed: Feed, kernel: FeedKernel, items: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The items as texts, with what is wrong with each."""
    attributes = {name: feed.channel.spec.attributes[name] for name in kernel.attributes}
    texts = [
        expr.alias(f"={name}")
        for name, expr in zip(attributes, render(attributes, feed.channel.spec.channel.spelling, zone), strict=True)
    ]
    shown = items.select(pl.col(ID).alias("id"), *texts, ROW, "_blocked", problems(kernel).alias("_problems"))
    keep = {f"={name}": name for name in kernel.attributes if name != "id"}
    return shown.drop("=id", strict=False).rename(keep)


def problems(kernel: FeedKernel) -> pl.Expr:
    """The codes of an item's errors and warnings, comma-joined, in order; null for none."""
    codes = [
        pl.when(flag).then(pl.lit(f"{rule.code} {rule.attribute}"))
        for flag, rule in kernel.flags()
        if rule.severity != "hint"
    ]
    if not codes:
        return pl.lit(None, dtype=pl.String)
    found = pl.concat_list(codes).list.drop_nulls()
    return pl.when(found.list.len() > 0).then(found.list.unique(maintain_order=True).list.join(", "))
