"""A project's feeds prepared over their rows, and run batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import polars as pl

from feedsync.catalog.batch import CatalogContext
from feedsync.catalog.plan import FieldPlan
from feedsync.errors import FeedsyncError, Place, raise_all
from feedsync.expressions.registry import Function
from feedsync.expressions.scope import Table
from feedsync.expressions.values import Asked
from feedsync.mapping.feed import FeedMapping
from feedsync.mapping.stock import Allocation
from feedsync.plugins.hooks import Chain
from feedsync.project import Feed, Project
from feedsync.run.asked import AskedCounts
from feedsync.run.kernel import FeedBatch, FeedKernel, level_zero, run_batch
from feedsync.run.overrides import Overrides
from feedsync.run.own import OwnCode
from feedsync.run.prepare import Rows, build_kernel, compile_feeds
from feedsync.run.row_set import DeclaredSource, RowSet, RowsSpec
from feedsync.run.rows import read_rows
from feedsync.run.selection import Picker, Selection, compile_selection
from feedsync.run.staged import BATCH_ROWS
from feedsync.run.stock import Batches, allocation_of, place_of_units, read_as_units, with_units
from feedsync.run.tables import TableRows, read_table
from feedsync.run.translations import translated, with_translations
from feedsync.run.whole import whole_columns
from feedsync.semantics import TEXT, Type
from feedsync.sources.open import open_source
from feedsync.sources.sessions import Sessions
from feedsync.specs.source import FieldSpec, SourceSpec
from feedsync.specs.yaml import Path_, Written

LEAST_ROWS: Final = 2_000  # below, what a batch costs by itself counts more than its rows
ROWS_TIMES_FEEDS: Final = 40_000
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Inputs:
    """What a run is about."""

    project: Project
    feeds: Sequence[Feed]
    tables: Mapping[str, Table]
    as_of: date
    frames: Mapping[str, Any] = field(default_factory=dict)
    selection: Selection = field(default_factory=Selection)
    own: OwnCode = field(default_factory=OwnCode)
    overrides: Overrides = field(default_factory=Overrides)
    sessions: Sessions | None = None
    """What is open while the sources are read."""


def batch_rows(feeds: int) -> int:
    """How many rows are mapped at once: every feed's items of them are in memory together."""
    return max(LEAST_ROWS, min(BATCH_ROWS, ROWS_TIMES_FEEDS // max(1, feeds)))


def parts(batch: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The batch in equal parts of about `rows` rows; a small rest would cost as much as a whole one."""
    count = max(1, round(len(batch) / rows))
    each = -(-len(batch) // count)
    return batch.iter_slices(each) if each else iter([batch])


@dataclass
class Group:
    """Feeds over the same rows, ready to run."""

    feeds: list[Feed]
    kernels: list[FeedKernel]
    batches: Callable[[], Iterator[pl.DataFrame]]
    rows: int
    side: list[pl.DataFrame]
    """Per feed the columns aligned to all rows."""
    picker: Picker | None = None
    stock: Allocation = field(default_factory=lambda: Allocation({}))

    asked_by_fields: tuple[Asked, ...] = ()
    """The lookup tables that the templates of these rows' fields ask."""

    def run(self, asked: AskedCounts | None = None) -> Iterator[tuple[pl.DataFrame, list[FeedBatch]]]:
        """Each typed batch with what every feed made of it; `asked` counts what lookup tables are asked for."""
        offset = 0
        most, shared = batch_rows(len(self.kernels)), level_zero(self.kernels)
        for typed in (part for batch in self.batches() for part in parts(batch, most)):
            side = [frame.slice(offset, len(typed)) if frame.width else frame for frame in self.side]
            offset += len(typed)
            if self.picker is not None:
                picked = self.picker.mask(typed)
                typed = typed.filter(picked)
                side = [frame.filter(picked) if frame.width else frame for frame in side]
            if asked is not None:
                asked.count("", self.asked_by_fields, typed)
            yield typed, run_batch(self.kernels, shared, typed, side, asked)


@dataclass
class Engine:
    """All groups of a run over one reading of the sources."""

    catalog: RowSet
    groups: list[Group]
    tables: list[TableRows]

    def close(self) -> None:
        self.catalog.close()
        for table in self.tables:
            table.rows.close()


def prepare(inputs: Inputs) -> Engine:
    """Read and prove the sources, compile every feed. Mistakes in templates show before the catalog's row 1."""
    with closing(Sessions()) as sessions:  # all that is read of one database is of one moment
        return _prepared(replace(inputs, sessions=sessions))


def _prepared(inputs: Inputs) -> Engine:
    spec = inputs.project.loaded.spec
    of_catalog = [feed for feed in inputs.feeds if feed.spec.rows is None]
    of_table = {
        name: feeds for name in spec.tables if (feeds := [feed for feed in inputs.feeds if feed.spec.rows == name])
    }
    mappings: list[FeedMapping] = []
    tables: list[TableRows] = []
    pickers: list[Picker | None] = []

    def wanted(plan: FieldPlan) -> list[str]:
        fields = {name: one.type for name, one in plan.fields.items()} | inputs.own.adds
        known = inputs.own.known(declared.name)
        errors: list[FeedsyncError] = []
        try:
            stock = allocation_of(inputs.project, None, of_catalog, fields, fields)
            key = spec.catalog.key
            mappings.extend(_compiled(inputs, of_catalog, fields, key, stock, known))
            pickers.append(_picker(inputs, fields, (spec.catalog.key,), known))
        except FeedsyncError as error:
            errors.append(error)
        for name, feeds in of_table.items():
            try:
                tables.append(_read_table(inputs, name, feeds, fields))
            except FeedsyncError as error:
                errors.append(error)
        raise_all(errors)
        reads = [name for mapping in mappings for name in (*mapping.reads, *mapping.needs)]
        reads += [name for picker in pickers if picker is not None for name in picker.reads]
        return list(dict.fromkeys([*reads, *(name for table in tables for name in table.catalog_reads)]))

    rows = _catalog_spec(inputs)
    declared = rows.sources[0].source
    catalog = read_rows(rows, wanted)
    for one in (catalog, *(table.rows for table in tables)):
        inputs.own.troubles.keys[one.name] = one.aligned
    inputs.own.used_by([*mappings, *(mapping for table in tables for mapping in table.mappings)])
    groups = [_catalog_group(inputs, of_catalog, mappings, catalog, pickers[0])] if of_catalog else []
    groups += [_table_group(inputs, of_table[table.name], table, catalog) for table in tables]
    return Engine(catalog, groups, tables)


def _compiled(
    inputs: Inputs,
    feeds: Sequence[Feed],
    fields: Mapping[str, Type],
    key: str,
    stock: Allocation,
    known: Mapping[str, Function],
) -> list[FeedMapping]:
    project, tables, as_of = inputs.project, inputs.tables, inputs.as_of
    return compile_feeds(project, feeds, fields, key, tables, as_of, stock, known, inputs.overrides)


def _whole_batches(
    inputs: Inputs, batches: Batches, feeds: Sequence[Feed], fields: Mapping[str, Type], stock: Allocation
) -> Batches:
    """The batches with everything that feeds read besides the rows' own fields."""
    languages = [translated(inputs.project, feed, fields) for feed in feeds]
    return with_translations(with_units(batches, stock), languages)


def context_of(inputs: Inputs, source: str) -> CatalogContext:
    catalog = inputs.project.loaded.spec.catalog
    said = {"shop_url": catalog.shop_url, "image_url": catalog.image_url, "currency": catalog.currency}
    known = {name: text.rstrip("/") for name, text in said.items() if text is not None}
    return CatalogContext(
        catalog.key, catalog.timezone, catalog.currency, inputs.tables, said=known, functions=inputs.own.known(source)
    )


def declared_source(inputs: Inputs, spec: SourceSpec, place: Place) -> DeclaredSource:
    source = open_source(spec, inputs.project.root, inputs.frames, inputs.project.env, place, inputs.sessions)
    return DeclaredSource(spec, source, place, inputs.project.loaded.presets.preset(spec))


def _catalog_spec(inputs: Inputs) -> RowsSpec:
    project = inputs.project
    document = project.loaded.document
    catalog = project.loaded.spec.catalog
    sources = [
        declared_source(inputs, one, document.place(("catalog", "sources", index)))
        for index, one in enumerate(catalog.sources)
    ]

    def place(name: str) -> Place:
        of_preset = inputs.project.loaded.presets.place("", name)
        at: tuple[Written, Path_] = of_preset or (document, ("catalog", "fields", name))
        return _field_place(*at, catalog.fields.get(name))

    def hooks(plan: FieldPlan, wanted: Sequence[str]) -> Chain | None:
        return inputs.own.chain(plan, catalog.key, wanted, catalog.timezone)

    return RowsSpec(
        tuple(sources), read_as_units(project, None, catalog.fields),
        place_of_units(project, None, catalog.fields, place), (catalog.key,), document.place(("catalog",), key=True),
        context_of(inputs, sources[0].source.name), catalog.variants, document.place(("catalog", "variants"), key=True), catalog.on_repeated_key,
        hooks=hooks if project.loaded.spec.hooks else None,
    )  # fmt: skip


def _field_place(document: Written, path: Path_, spec: FieldSpec | None) -> Place:
    """Where a field is declared: its template's text where it has one (without a column where columns inside it do
    not count up), the file alone for a column that passes through."""
    if spec is None:
        return Place(document.file)
    if spec.template is None:
        return document.place(path, key=True)
    template = (*path, "template")
    return document.place(template)._replace(column=document.scalar_offset(template))


def _read_table(inputs: Inputs, name: str, feeds: list[Feed], catalog: Mapping[str, Type]) -> TableRows:
    """The table read, with its feeds compiled over its own fields and the catalog's."""
    document = inputs.project.loaded.document
    spec = inputs.project.loaded.spec.tables[name]

    def place(field_name: str) -> Place:
        of_preset = inputs.project.loaded.presets.place(name, field_name)
        at: tuple[Written, Path_] = of_preset or (document, ("tables", name, "fields", field_name))
        return _field_place(*at, spec.fields.get(field_name))

    keys = (spec.catalog_key,) if spec.catalog_key else spec.key

    def compiled(fields: Mapping[str, Type], own: Iterable[str]) -> tuple[list[FeedMapping], Picker | None]:
        stock = allocation_of(inputs.project, name, feeds, fields, own)
        mappings = _compiled(inputs, feeds, fields, "", stock, known)
        return mappings, _picker(inputs, fields, keys, known)

    at = document.place(("tables", name), key=True)
    source = declared_source(inputs, spec, at)
    known = inputs.own.known(source.source.name)
    context = context_of(inputs, source.source.name)
    units = spec.model_copy(update={"fields": read_as_units(inputs.project, name, spec.fields)})
    where = place_of_units(inputs.project, name, spec.fields, place)
    return read_table(name, units, source, where, context, catalog, compiled)


def _picker(
    inputs: Inputs, fields: Mapping[str, Type], keys: tuple[str, ...], known: Mapping[str, Function]
) -> Picker | None:
    zone = inputs.project.loaded.spec.catalog.timezone
    return compile_selection(inputs.selection, fields, keys, inputs.tables, zone, known)


def _catalog_group(
    inputs: Inputs, feeds: list[Feed], mappings: list[FeedMapping], rows: RowSet, picker: Picker | None
) -> Group:
    catalog = inputs.project.loaded.spec.catalog
    fields = {name: one.type for name, one in rows.plan.fields.items()} | inputs.own.adds
    known = Rows(
        fields=fields,
        plans=(rows.plan,),
        key=catalog.key,
        key_type=fields[catalog.key],
        key_place=rows.plan.fields[catalog.key].place,
        parent=catalog.variants.parent if catalog.variants else None,
        source=rows.name,
        beneath=rows.reader.beneath,
    )
    kernels = [
        build_kernel(inputs.project, feed, mapping, known, rows.reader.flags, inputs.as_of)
        for feed, mapping in zip(feeds, mappings, strict=True)
    ]
    stock = allocation_of(inputs.project, None, feeds, fields, fields)
    batches = _whole_batches(inputs, rows.batches, feeds, fields, stock)
    return Group(
        feeds, kernels, batches, rows.products, whole_columns(kernels, batches()), picker, stock, rows.reader.asked
    )


def _table_group(inputs: Inputs, feeds: list[Feed], table: TableRows, catalog: RowSet) -> Group:
    table.attach(catalog, inputs.project.loaded.spec.catalog.key)
    known = Rows(
        fields=table.fields,
        plans=(table.rows.plan, *([catalog.plan] if table.spec.catalog_key else [])),
        key="__key",
        key_type=TEXT,
        key_place=inputs.project.loaded.document.place(("tables", table.name), key=True),
        parent=None,
        source=table.rows.name,
        beneath={**catalog.reader.beneath, **table.rows.reader.beneath},
        key_label="/".join(table.spec.key),
        extra=table.rules(),
    )
    flags = (*table.rows.reader.flags, *catalog.reader.flags)
    kernels = [
        build_kernel(inputs.project, feed, mapping, known, flags, inputs.as_of)
        for feed, mapping in zip(feeds, table.mappings, strict=True)
    ]
    stock = allocation_of(inputs.project, table.name, feeds, table.fields, table.rows.plan.fields)
    batches = _whole_batches(inputs, table.batches, feeds, table.fields, stock)
    whole = whole_columns(kernels, batches())
    return Group(
        feeds,
        kernels,
        batches,
        table.rows.products,
        whole,
        table.picker,
        stock,
        (*table.rows.reader.asked, *catalog.reader.asked),
    )
