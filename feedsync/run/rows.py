"""Pass 1: sources are read, proved and staged as text, and the narrow tables that every batch needs are collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import polars as pl

from feedsync.catalog.aggregate import NUMERIC, JoinColumns, keyed
from feedsync.catalog.batch import BatchReader, CatalogContext, compile_reader
from feedsync.catalog.plan import RAW, FieldPlan, SourceColumns, bad_flag, plan_fields
from feedsync.catalog.rules import ORPHAN, PASSED_OVER, SHARED
from feedsync.catalog.shape import Shaper
from feedsync.catalog.side import KEY, PARENT, Joined, Parents, positions
from feedsync.errors import ConfigError, Place, nearest, raise_all
from feedsync.expressions.printing import text_of
from feedsync.frames import ROW
from feedsync.plugins.hooks import Chain
from feedsync.run.opened import Opened
from feedsync.run.staged import Staged
from feedsync.sources.base import Proof, Source
from feedsync.specs.preset import Preset
from feedsync.specs.project import VariantsSpec
from feedsync.specs.source import ColumnOf, FieldSpec, SourceSpec

PRODUCT = "__product"
AT_PARENT = "__at_parent"
NOWHERE = Place("")
Prepare = Callable[[FieldPlan], Sequence[str]]


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


def read_rows(spec: RowsSpec, prepare: Prepare) -> RowSet:
    """Read and prove all sources of a row set.

    `prepare` is told the fields before the rows are read and says which it wants, so that every mistake in a
    template shows before row 1 (formats whose columns grow are read first).
    """
    with ExitStack() as reading:  # a mistake leaves no database cursor open
        joined = [reading.enter_context(closing(one.opened())) for one in spec.sources[1:]]
        first = reading.enter_context(closing(spec.sources[0].opened()))
        return _rows_of(first, joined, spec, prepare)


def _rows_of(first: Opened, joined: Sequence[Opened], spec: RowsSpec, prepare: Prepare) -> RowSet:
    opened = [first, *joined]
    join_columns = ["", *(_join_column(index, one, spec) for index, one in enumerate(joined, 1))]
    columns = [
        SourceColumns(declared.declared.name or one.source.declared, one.headers, key, one.aliases)
        for declared, one, key in zip(spec.sources, opened, join_columns, strict=True)
    ]
    plan = plan_fields(spec.fields, columns, spec.place, spec.prefix)
    narrow_fields = _narrow_fields(spec, plan)
    context = replace(spec.context, numeric=_numeric(plan, opened, spec))
    narrow = compile_reader(plan, narrow_fields, context)
    _of_first_source(narrow, narrow_fields, spec)
    wanted = prepare(plan)
    hooks = spec.hooks(plan, wanted) if spec.hooks is not None else None
    wanted = [name for name in wanted if name in plan.fields] if hooks is None else hooks.needs
    reader = compile_reader(plan, list(dict.fromkeys([*wanted, *narrow_fields])), context)
    joins = [_join(index, one, join_columns[index], spec, reader) for index, one in enumerate(joined, 1)]
    staged, keys = _stage(first, reader, narrow, spec)
    shaped = [(one.source.name, one.shaper.left_out) for one in opened if one.shaper is not None]
    rows = RowSet(
        first.source.name,
        plan,
        reader,
        staged,
        keys,
        joins,
        [(one.source.declared, one.source.proof) for one in spec.sources],
        left_out={name: reasons for name, reasons in shaped if reasons},
        hooks=hooks,
    )
    _align(rows, spec)
    return rows


def _narrow_fields(spec: RowsSpec, plan: FieldPlan) -> list[str]:
    """The key, the parent and the fields that joins look up: what pass 1 reads of every row."""
    wanted = [(name, "key", spec.key_place) for name in spec.key]
    if spec.variants is not None:
        wanted.append((spec.variants.parent, "variants.parent", spec.variants_place))
        wanted += [(name, "variants.inherit", spec.variants_place) for name in spec.variants.inherit]
    wanted += [(one.declared.join or "", "join", one.place) for one in spec.sources[1:]]
    errors = []
    for name, role, place in wanted:
        if name not in plan.fields:
            near, known = nearest(name, plan.fields), ", ".join(plan.fields)
            errors.append(ConfigError("unknown_key_field", place, subject=role, name=name, near=near, known=known))
    raise_all(errors)
    return list(dict.fromkeys(name for name, role, _ in wanted if role != "variants.inherit"))


def _of_first_source(narrow: BatchReader, names: Sequence[str], spec: RowsSpec) -> None:
    """Keys, parents and what is joined on are known before anything is joined: only the first source can fill them."""
    others = {raw: index for (index, _), raw in narrow.plan.raw.items() if index > 0 and raw in narrow.raw}
    if not others:
        return
    later = sorted({spec.sources[index].source.name for index in others.values()})
    ours = [name for name in names if narrow.plan.fields[name].raw in others or narrow.plan.fields[name].raw is None]
    place = narrow.plan.fields[ours[0]].place
    place = place if place.line else spec.key_place
    first = spec.sources[0].source.name
    raise ConfigError(
        "key_of_joined_source", place, subject=ours[0], name=ours[0], sources=", ".join(later), first=first
    )


def _numeric(plan: FieldPlan, opened: Sequence[Opened], spec: RowsSpec) -> frozenset[str]:
    """Raw columns of cells that may be numbers with a point whatever their field's decimal mark says."""
    found = {plan.raw[index, header] for index, one in enumerate(opened) for header in one.numeric}
    for index, one in enumerate(spec.sources):
        reduced = [header for header, how in one.declared.aggregate.items() if how in NUMERIC]
        found |= {plan.raw[index, header] for header in reduced if index > 0 and (index, header) in plan.raw}
    return frozenset(found)


def _join_column(index: int, opened: Opened, spec: RowsSpec) -> str:
    """The joined source's own key column: what `on` says, else the one named like the field, else like the column
    that fills the field."""
    declared, source, place, _ = spec.sources[index]
    assert declared.join is not None
    field_spec = spec.fields.get(declared.join)
    origin = field_spec.from_ if field_spec is not None else None
    if isinstance(origin, ColumnOf):
        origin = origin.column
    asked = [declared.on] if declared.on else [declared.join, origin or declared.join]
    for column in asked:
        if column in opened.headers:
            return column
    near, known = nearest(asked[0], opened.headers), ", ".join(opened.headers)
    raise ConfigError("join_column_missing", place, source=source.name, column=asked[-1], near=near, known=known)


def _join(index: int, opened: Opened, column: str, spec: RowsSpec, reader: BatchReader) -> Joined:
    """The joined source read, one row per key."""
    declared, source, place, _ = spec.sources[index]
    of_source = reader.plan.of_source(index)
    wanted = {**reader.raw_columns(index), column: of_source[column]}
    wanted |= {header: of_source[header] for header in declared.aggregate if header in of_source}
    frame = pl.concat(list(opened.blocks(wanted)), how="diagonal")
    fields = {one.raw: one for one in reversed(reader.plan.fields.values()) if one.raw is not None}
    columns = JoinColumns(source.name, column, wanted, fields, declared.aggregate, place)
    return Joined(source.name, keyed(frame, columns))


def _stage(first: Opened, reader: BatchReader, narrow: BatchReader, spec: RowsSpec) -> tuple[Staged, pl.DataFrame]:
    """The staged text of all rows, and per row its key, parent and join keys."""
    wanted = {**reader.raw_columns(0), **narrow.raw_columns(0)}
    kinds = {name: one.type for name, one in reader.plan.fields.items()}
    zone = spec.context.zone
    parts = [text_of(pl.col(name), kinds[name], zone) for name in spec.key]
    columns = [(parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="/")).alias(KEY)]
    if spec.variants is not None:
        columns.append(text_of(pl.col(spec.variants.parent), kinds[spec.variants.parent], zone).alias(PARENT))
    for index, one in enumerate(spec.sources[1:]):
        columns.append(
            text_of(pl.col(one.declared.join or ""), kinds[one.declared.join or ""], zone).alias(f"__join_{index}")
        )
    staged = Staged()
    keys: list[pl.DataFrame] = []
    for block in first.blocks(wanted):
        staged.add(block)
        keys.append(narrow.typed(block).select(*columns, ROW))
    return staged, pl.concat(keys)


def _align(rows: RowSet, spec: RowsSpec) -> None:
    """Fill the aligned columns: which rows are products, who shares a key, where parents and joined rows stand."""
    keys = rows.aligned
    # a row that names itself is nobody's parent: some shops write a product's own key there
    others = (
        keys.filter(pl.col(PARENT).is_not_null() & pl.col(PARENT).ne_missing(pl.col(KEY)))
        if PARENT in keys.columns
        else keys
    )
    named = others[PARENT].unique(maintain_order=True) if PARENT in keys.columns else None
    product = pl.repeat(True, len(keys), eager=True)
    circular = _circular(keys) if PARENT in keys.columns else product
    if named is not None and spec.variants is not None and not spec.variants.parents_are_products:
        product = ~keys[KEY].is_in(named.implode()).fill_null(False) | circular
    columns = [keys[KEY], keys[ROW], product.alias(PRODUCT), *([keys[PARENT]] if named is not None else [])]
    columns += _repeated(keys.with_columns(product.alias(PRODUCT)), spec.on_repeated_key)
    for index, join in enumerate(rows.joins):
        at = join.positions(keys[f"__join_{index}"])
        columns.append(at.alias(f"__at_{index}"))
        rows.joining += _joining(rows, index, join, keys.with_columns(at=at), product)
    if named is not None and spec.variants is not None:
        at = positions(keys[PARENT], keys[KEY])
        columns.append((keys[PARENT].is_not_null() & (at.is_null() | circular)).alias(ORPHAN))
        parent_rows = at.unique().drop_nulls().sort()
        columns.append(positions(at.cast(pl.String), parent_rows.cast(pl.String)).alias(AT_PARENT))
        rows.aligned = pl.DataFrame(columns)
        rows.parents = _parents(rows, parent_rows, spec.variants)
    rows.aligned = pl.DataFrame(columns)


def _circular(keys: pl.DataFrame) -> pl.Series:
    """Rows whose parents lead in a circle: nobody is on top, so all of them stay products, and FS106 names them."""
    above = positions(keys[PARENT], keys[KEY])
    own = pl.int_range(len(keys), dtype=pl.UInt32, eager=True)
    above = pl.select(pl.when(above != own).then(above)).to_series()  # a row that names itself is on top
    for _ in range(len(keys).bit_length()):  # each step looks twice as far up
        if above.null_count() == len(above):
            break
        above = above.gather(above)
    return above.is_not_null()


def _repeated(keys: pl.DataFrame, policy: str) -> list[pl.Series]:
    """Per row the rows that share its key (__shared; null where it is alone), or, where the policy takes the first or
    the last of them, whether the row is one of the others (__passed_over)."""
    products = keys.filter(pl.col(PRODUCT) & pl.col(KEY).is_not_null())
    several = products.filter(pl.col(KEY).is_duplicated())
    shared = pl.repeat(None, len(keys), dtype=pl.List(pl.UInt64), eager=True).alias(SHARED)
    passed_over = pl.repeat(False, len(keys), dtype=pl.Boolean, eager=True).alias(PASSED_OVER)
    if several.is_empty():
        return [shared, passed_over]
    if policy != "block":
        taken = several.unique(KEY, keep="first" if policy == "first" else "last", maintain_order=True)[ROW]
        others = several[ROW].filter(~several[ROW].is_in(taken.implode()))
        return [shared, keys[ROW].is_in(others.implode()).alias(PASSED_OVER)]
    rows = several.group_by(KEY, maintain_order=True).agg(pl.col(ROW).alias(SHARED))
    both = keys.join(rows, on=KEY, how="left", validate="m:1", maintain_order="left")
    return [both.select(pl.when(PRODUCT).then(pl.col(SHARED)).alias(SHARED)).to_series(), passed_over]


def _joining(rows: RowSet, index: int, join: Joined, keys: pl.DataFrame, product: pl.Series) -> Iterator[JoinFindings]:
    """A row that only a parent of variants points at is no stranger: the variants inherit from it."""
    fields = frozenset(name for name, one in rows.plan.fields.items() if one.source == index + 1)
    strangers = join.strangers(keys["at"])
    unknown = (
        keys.filter(product).filter(pl.col("at").is_null() & pl.col(f"__join_{index}").is_not_null()).select(KEY, ROW)
    )
    for code, found in (("FS104", strangers), ("FS105", unknown)):
        if len(found):
            yield JoinFindings(code, join.name, fields, found)


def _parents(rows: RowSet, parent_rows: pl.Series, variants: VariantsSpec) -> Parents:
    """The parents' typed fields, in the order of their rows."""
    inherit = tuple(name for name in dict.fromkeys(variants.inherit) if name in rows.reader.wanted)
    fields = tuple((name, rows.plan.fields[name].raw) for name in inherit)
    flagged = [name for name in inherit if name in rows.reader.flags]
    raws = {raw for name, raw in fields if raw is not None and name in flagged}
    columns = [*inherit, *(bad_flag(name) for name in flagged), *sorted(raws)]
    frames: list[pl.DataFrame] = []
    offset = 0
    for raw in rows.staged:
        here = parent_rows.filter((parent_rows >= offset) & (parent_rows < offset + len(raw))) - offset
        if len(here):
            picked = raw.hstack(rows.aligned.slice(offset, len(raw)).drop(ROW)).select(pl.all().gather(here))
            frames.append(rows.typed(picked).select(columns))
        offset += len(raw)
    return Parents(pl.concat(frames) if frames else pl.DataFrame(), fields)
