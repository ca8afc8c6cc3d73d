"""Findings and counts of one feed, batch by batch: grouped by rule at once, so that 50,000 bad rows are one line."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from feedsync.catalog.side import KEY
from feedsync.errors import Place
from feedsync.findings import CODES
from feedsync.frames import ROW, SOURCE, Rule, finding_columns
from feedsync.project import Feed
from feedsync.run.kernel import FeedBatch
from feedsync.run.located import Files, located
from feedsync.run.results import FeedResult, FindingGroup, Sample
from feedsync.run.staged import Staged

SAMPLES = 3
_ORDER = {"error": 0, "warning": 1, "hint": 2}


class Tally:
    """What one feed's run adds up to."""

    def __init__(
        self, feed: Feed, found: Staged, severities: Mapping[str, str], language: str = "en", files: Files | None = None
    ) -> None:
        spec = feed.channel.spec
        not_shown = spec.channel.not_shown
        self.result = FeedResult(
            feed=feed.name,
            channel=f"{spec.name}@{spec.version}",
            not_shown=not_shown.get(language) or not_shown.get("en", ""),
            entries=feed.spec.rows is not None,
        )
        self._found = found
        self._severities = severities
        self._files = files or {}
        self._groups: dict[tuple[str, str, str, str], FindingGroup] = {}

    def batch(self, batch: FeedBatch) -> None:
        """Add one batch."""
        result = self.result
        result.read += batch.read
        result.blocked += batch.blocked
        result.ready += len(batch.items)
        for reason, count in batch.excluded.items():
            result.excluded[reason] = result.excluded.get(reason, 0) + count
        for rule, frame in batch.findings:
            self.findings(rule, frame)

    def findings(self, rule: Rule, frame: pl.DataFrame) -> None:
        """Add the findings of one rule: a FINDINGS frame in row order."""
        frame = located(frame, self._files)
        self._found.add(frame)
        details = json.dumps(rule.details, ensure_ascii=False, sort_keys=True)
        group = self._groups.setdefault(
            (rule.code, rule.attribute, details, str(rule.place)),
            FindingGroup(rule.code, rule.severity, rule.attribute, rule.details, rule.place, at_row=rule.at_row),
        )
        group.count += len(frame)
        for row in frame.head(SAMPLES - len(group.samples)).iter_rows(named=True):
            group.samples.append(Sample(row["id"], row["value"], row[SOURCE], row[ROW]))

    def joined(self, code: str, field: str, joined: str, source: str, rows: pl.DataFrame, place: Place) -> None:
        """Add what joining the source `joined` found: columns __key and _row, rows of `source`."""
        severity = self._severities.get(code, CODES[code].severity)
        if severity == "off":
            return
        rule = Rule(code, field, pl.lit(True), pl.col(KEY), severity, place, {"source": joined}, at_row=True)
        self.findings(rule, rows.select(finding_columns(rule, self.result.feed, source, pl.col(KEY))))

    def done(self) -> FeedResult:
        """The result: excluded reasons by count as they came, findings errors first, then by count."""
        groups = sorted(
            self._groups.values(), key=lambda g: (_ORDER[g.severity], -g.count, g.code, g.attribute, g.place)
        )
        for group in groups:
            if group.at_row and group.samples:
                group.place = Place(group.samples[0].source, group.samples[0].row)
        self.result.findings = groups
        return self.result
