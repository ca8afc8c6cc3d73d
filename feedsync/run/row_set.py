"""What pass 1 reads rows from, and what it makes of them: rows that can be read in batches as often as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from feedsync.catalog.batch import BatchReader, CatalogContext
from feedsync.catalog.plan import RAW, FieldPlan
from feedsync.catalog.shape import Shaper
from feedsync.catalog.side import Joined, Parents
from feedsync.errors import ConfigError, Place
from feedsync.frames import ROW
from feedsync.plugins.hooks import Chain
from feedsync.run.opened import Opened
from feedsync.run.staged import Staged
from feedsync.sources.base import Proof, Source
from feedsync.specs.preset import Preset
from feedsync.specs.project import VariantsSpec
from feedsync.specs.source import FieldSpec, SourceSpec

PRODUCT = "__product"
AT_PARENT = "__at_parent"
NOWHERE = Place("")


class DeclaredSource(NamedTuple):
    """A source as it is declared, opened, and where it stands in feedsync.yaml."""

    declared: SourceSpec
    source: Source
    place: Place
    preset: Preset | None = None

    def opened(self) -> Opened:
        """Its columns known, its rows in the shape of products."""
        return Opened(self.source, self._shaping)

    def _shaping(self, headers: Sequence[str]) -> Shaper | None:
        names = self.preset.headers if self.preset else {}
        steps = (*(self.preset.shape if self.preset else ()), *self.declared.shape)
        if not names and not steps:
            return None
        try:
            shaper = Shaper(headers, names, steps)
        except ConfigError as error:
            error.place = error.place or self.place
            raise
        lacking = [name for name in (self.preset.needs if self.preset else ()) if name in shaper.lacking]
        if lacking:
            at = {"preset": self.declared.preset, "columns": ", ".join(lacking), "known": ", ".join(headers)}
            raise ConfigError("preset_other_file", self.place, subject=self.source.name, **at)
        return shaper


@dataclass(frozen=True)
class RowsSpec:
    """What a row set is made from: the catalog, or one table."""

    sources: tuple[DeclaredSource, ...]
    """The first adds rows, the others join columns."""
    fields: dict[str, FieldSpec]
    place: Callable[[str], Place]
    """Where a field is declared; a place without a line for a column that passes through."""
    key: tuple[str, ...]
    """Fields that name a row; several are joined by a slash."""
    key_place: Place
    context: CatalogContext
    variants: VariantsSpec | None = None
    variants_place: Place = NOWHERE
    on_repeated_key: str = "block"
    prefix: str = RAW
    """Of raw columns; a table's rows carry the catalog's columns too."""
    hooks: Callable[[FieldPlan, Sequence[str]], Chain | None] | None = None
    """The hooks that fill some of the wanted fields."""


class JoinFindings(NamedTuple):
    """What joining a source found: its rows without a product (FS104), or products it does not know (FS105)."""

    code: str
    source: str
    fields: frozenset[str]
    """The catalog fields that come from this source: feeds that read one of them hear of it."""
    rows: pl.DataFrame
    """__key, _row"""


@dataclass
class RowSet:
    """Rows after pass 1, ready to be read in batches as often as needed."""

    name: str
    """The first source's name, for places."""
    plan: FieldPlan
    reader: BatchReader
    staged: Staged
    aligned: pl.DataFrame
    """Per staged row: __key, __product, __shared, __passed_over, __orphan, __at_parent, __at_0, __at_1, ... (positions in joins)."""
    joins: list[Joined]
    proofs: list[tuple[str, Proof]]
    parents: Parents | None = None
    joining: list[JoinFindings] = field(default_factory=list)
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)
    """Source -> reason -> rows of it that its shape says are no products."""
    hooks: Chain | None = None

    @property
    def products(self) -> int:
        """Rows that are products: all but parents of variants."""
        return int(self.aligned[PRODUCT].sum())

    def batches(self) -> Iterator[pl.DataFrame]:
        """Typed batches of products in source order: fields, flags, `_row`, __key, __shared, __orphan."""
        offset = 0
        for raw in self.staged.batches():
            here = self.aligned.slice(offset, len(raw))
            offset += len(raw)
            rows = raw.hstack(here.drop(ROW))
            typed = self.typed(rows if here[PRODUCT].all() else rows.filter(PRODUCT))
            yield typed if self.hooks is None else self.hooks.applied(typed, self.name)

    def typed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of `staged` beside their row of `aligned`, typed, joined and inherited."""
        for index, join in enumerate(self.joins):
            rows = join.onto(rows, rows[f"__at_{index}"])
        typed = self.reader.typed(rows)
        return self.parents.inherited(typed, typed[AT_PARENT]) if self.parents is not None else typed

    def close(self) -> None:
        self.staged.close()
