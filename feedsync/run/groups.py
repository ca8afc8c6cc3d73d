"""FS402: variants of one group that do not differ in any of the attributes that tell variants apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from feedsync.checks.attributes import text_value
from feedsync.findings import CODES
from feedsync.frames import ROW, Rule, finding_columns
from feedsync.project import Feed
from feedsync.run.kernel import ID, FeedKernel

_GROUP, _LOOKS = "__group", "__looks"


class VariantGroups:
    """Collects, batch by batch, each ready item's group and what tells it apart."""

    def __init__(self, feed: Feed, kernel: FeedKernel, severities: Mapping[str, str], zone: str) -> None:
        variants = feed.channel.spec.channel.variants
        self._severity = severities.get("FS402", CODES["FS402"].severity)
        self._asked = variants is not None and variants.group in kernel.attributes and self._severity != "off"
        self._parts: list[pl.DataFrame] = []
        if variants is None or not self._asked:
            return
        self._feed, self._kernel, self._variants = feed, kernel, variants
        attributes = feed.channel.spec.attributes
        by = [
            text_value(name, attributes[name], zone).fill_null("") for name in variants.by if name in kernel.attributes
        ]
        looks = pl.concat_str(by, separator="\x1f") if by else pl.lit("")
        self._columns = [
            text_value(variants.group, attributes[variants.group], zone).alias(_GROUP),
            looks.alias(_LOOKS),
        ]

    def batch(self, items: pl.DataFrame) -> None:
        """Add the ready items of one batch."""
        if self._asked:
            self._parts.append(items.select(*self._columns, ID, ROW).filter(pl.col(_GROUP).is_not_null()))

    def findings(self) -> Iterator[tuple[Rule, pl.DataFrame]]:
        """The items that look like another item of their group."""
        if not self._parts:
            return
        items = pl.concat(self._parts)
        same = items.filter(pl.struct(_GROUP, _LOOKS).is_duplicated())
        if same.is_empty():
            return
        place = self._feed.mapping[self._variants.group].shown
        details = {"by": ", ".join(self._variants.by), "groups": str(same[_GROUP].n_unique())}
        rule = Rule("FS402", self._variants.group, pl.lit(True), pl.col(_GROUP), self._severity, place, details)
        yield rule, same.select(finding_columns(rule, self._feed.name, self._kernel.source, pl.col(ID)))
