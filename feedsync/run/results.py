"""What check, export, preview and explain give: typed values, printed by reports, returned by the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from feedsync.errors import Place, meant
from feedsync.frames import ROW, no_findings
from feedsync.run.staged import Staged
from feedsync.sources.base import How
from feedsync.sources.dataframe import to_pandas
from feedsync.texts import fix, say

if TYPE_CHECKING:
    from feedsync.sources.dataframe import PandasFrame


@dataclass(frozen=True)
class Sample:
    """One row a finding was met in."""

    id: str | None
    value: str | None
    """What was met, clipped."""
    source: str
    row: int


@dataclass
class FindingGroup:
    """All findings of one rule of one feed."""

    code: str
    severity: str
    attribute: str
    details: Mapping[str, str]
    """Parameters of the finding's text besides the value."""
    place: Place
    """The mapping line that fills the attribute; for FS1xx the source row of the first sample."""
    count: int = 0
    samples: list[Sample] = field(default_factory=list)
    """The first three, in source order."""
    at_row: bool = False
    """`place` is the source row of the first sample."""


@dataclass
class FeedResult:
    """One feed's counts and findings. read = ready + blocked + sum of excluded."""

    feed: str
    channel: str
    """name@version"""
    not_shown: str
    """What a shopper loses when a product is blocked, e.g. "not on Google Shopping"."""
    entries: bool
    """The rows are a table's: people read "entries", not "products"."""
    read: int = 0
    ready: int = 0
    blocked: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    """Reason -> rows."""
    findings: list[FindingGroup] = field(default_factory=list)
    """Errors first, then by count, then by code and attribute."""


@dataclass(frozen=True)
class SourceFact:
    """What was read of one source."""

    name: str
    rows: int
    bytes: int
    fingerprint: str
    complete: bool
    proved: tuple[How, ...] = ()
    """How the source proves that it was not cut short; () where a part of it looks like the whole."""
    modified: float | None = field(default=None, compare=False)
    """When the file was written, in seconds since 1970; no output holds it."""


@dataclass(frozen=True)
class Note:
    """Something about the run that is no finding of a product: `key` names the text."""

    severity: str
    key: str
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)
    always: bool = False
    """A hint that is told where nobody reads along, too: the file that is written may be wrong for it."""

    def message(self, language: str = "en") -> str:
        """`PLACE: LEVEL: what. How to fix.` on one line."""
        params = {"meant": meant(self.params.get("near"), language), **self.params}
        said = (say(self.key, language, **params), fix(self.key, language, **params))
        return f"{self.place}: {self.severity}: " + " ".join(part for part in said if part)


@dataclass(frozen=True)
class LookupResult:
    """What the checked products asked a lookup table for."""

    lookup: str
    keys: int
    """How many the table has."""
    unmatched_values: int
    """Different values that no key matches."""
    unmatched_rows: int
    """Products with such a value, in the template that met most of them."""
    top: tuple[tuple[str, int], ...]
    """The unmatched values that most products have, with their number; several keys are joined by a slash."""
    unused: tuple[str, ...]
    """Keys that no product asked for, in the table's order."""
    more: bool = False
    """There are more unmatched values than are told apart."""


@dataclass
class CheckResult:
    """What is wrong, by feed. `ok`: nothing at or above `fail_on`."""

    feeds: list[FeedResult]
    sources: list[SourceFact]
    fail_on: str
    notes: list[Note] = field(default_factory=list)
    """Rows that a source left out, channels without a version."""
    found: Staged = field(default_factory=Staged, repr=False)
    """Every finding as it was found; `details` puts them in order."""
    lookups: list[LookupResult] = field(default_factory=list)
    """The lookup tables that were asked; what a selection of products asks for says nothing of their keys."""

    @cached_property
    def details(self) -> pl.DataFrame:
        """Every finding, one row each (feedsync.frames.FINDINGS), sorted by feed, code and row."""
        frame: pl.DataFrame = pl.concat([no_findings(), *self.found])
        return frame.sort("feed", "code", ROW, "attribute", maintain_order=True, nulls_last=True)

    @property
    def ok(self) -> bool:
        order = ("error", "warning", "hint")
        failing = order[: order.index(self.fail_on) + 1]
        return not any(group.severity in failing for feed in self.feeds for group in feed.findings)

    def to_polars(self) -> pl.DataFrame:
        """All findings as a Polars frame."""
        return self.details

    def to_pandas(self) -> PandasFrame:
        """All findings as a pandas DataFrame."""
        return to_pandas(self.details)


@dataclass(frozen=True)
class FileFact:
    """One written file."""

    feed: str
    path: str
    """Relative to the output folder."""
    items: int
    bytes: int
    sha256: str
    channel: str
    version: str


@dataclass(frozen=True)
class GuardResult:
    """A guard that tripped."""

    name: str
    """empty_source, shrink or max_errors."""
    code: str
    feed: str
    """The feed, or the source for a source's guard."""
    details: Mapping[str, str]
    allowed_because: str | None = None
    """The recorded reason of --allow; None: it holds the run."""


@dataclass
class ExportResult(CheckResult):
    """What was written."""

    folder: str = ""
    files: list[FileFact] = field(default_factory=list)
    guards: list[GuardResult] = field(default_factory=list)


@dataclass
class PreviewResult:
    """Items of one feed as the channel gets them."""

    feed: str
    channel: str
    frame: pl.DataFrame
    """`id` and one text column per filled attribute, `_row`, `_blocked` (Boolean), `_problems` (codes, comma-joined)."""
    written: bytes
    """The file as it would be written for these items alone (--raw)."""
    more: bool
    """There are more items than `limit` let through."""

    def to_polars(self) -> pl.DataFrame:
        """The items as a Polars frame of texts."""
        return self.frame

    def to_pandas(self) -> PandasFrame:
        """The items as a pandas DataFrame of texts."""
        return to_pandas(self.frame)


@dataclass(frozen=True)
class ExplainedStep:
    """One step of one attribute."""

    text: str
    """As it is written, e.g. lookup('iva')."""
    input: str | None
    output: str | None
    place: Place


@dataclass(frozen=True)
class ExplainedCell:
    """A source cell that went in."""

    field: str
    column: str
    value: str | None
    source: str
    row: int
    inherited_from: str | None
    """The parent's key where the value is the parent's."""


@dataclass(frozen=True)
class ExplainedAttribute:
    """One attribute of one product in one feed, from the source cells to the value the channel gets."""

    attribute: str
    cells: tuple[ExplainedCell, ...]
    steps: tuple[ExplainedStep, ...]
    value: str | None
    """As the channel gets it."""
    place: Place


@dataclass(frozen=True)
class ExplainedFeed:
    """What becomes of a product in one feed."""

    feed: str
    channel: str
    not_shown: str
    status: str
    """ready, blocked or excluded"""
    reason: str | None
    """Of an exclusion."""
    reason_place: Place | None
    findings: tuple[FindingGroup, ...]
    attributes: tuple[ExplainedAttribute, ...]
    id: str | None = None
    """The item's id in this feed; a table's feed may hold the product several times."""


@dataclass(frozen=True)
class Explanation:
    """A product in every feed asked for."""

    key: str
    title: str | None
    source: str
    row: int
    feeds: tuple[ExplainedFeed, ...]

    def to_polars(self) -> pl.DataFrame:
        """One row per feed and attribute; a feed that excludes the product has one row without attribute."""
        rows = [
            (feed.feed, feed.status, feed.reason, one.attribute if one else None, one.value if one else None)
            for feed in self.feeds
            for one in feed.attributes or (None,)
        ]
        names = ("feed", "status", "reason", "attribute", "value")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")

    def to_pandas(self) -> PandasFrame:
        """As to_polars, as a pandas DataFrame."""
        return to_pandas(self.to_polars())
