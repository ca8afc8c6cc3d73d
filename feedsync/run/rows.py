"""Pass 1: sources are read, proved and staged as text, and the narrow tables that every batch needs are collected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

import polars as pl

from feedsync.catalog.aggregate import NUMERIC, JoinColumns, keyed
from feedsync.catalog.batch import BatchReader, compile_reader
from feedsync.catalog.plan import FieldPlan, SourceColumns, plan_fields
from feedsync.catalog.side import KEY, PARENT, Joined
from feedsync.errors import ConfigError, nearest, raise_all
from feedsync.expressions.printing import text_of
from feedsync.frames import ROW
from feedsync.run.aligning import align
from feedsync.run.opened import Opened
from feedsync.run.row_set import RowSet, RowsSpec
from feedsync.run.staged import Staged
from feedsync.specs.source import ColumnOf

Prepare = Callable[[FieldPlan], Sequence[str]]


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
    align(rows, spec)
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
