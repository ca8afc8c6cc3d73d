"""The templates a mapping is made of, and how their values become one attribute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from feedsync.errors import ConfigError, nearest
from feedsync.expressions import Compiled, Value, canonical
from feedsync.frames import dtype
from feedsync.mapping.inputs import At, Path, Source
from feedsync.semantics import Type
from feedsync.specs.channel import Attribute, Mapped


class Part(NamedTuple):
    """One template of a mapping: the entry it belongs to, the group field it fills ('' for none), where it is."""

    entry: int
    field: str
    template: str
    at: At


def parts_of(source: Source) -> list[Part]:
    """The templates of a mapping in order: one, one per list entry, or one per field of each group entry."""
    mapping = source.mapping
    prefix: Path = ()
    if isinstance(mapping, Mapped):
        mapping, prefix = mapping.value, ("value",)
    if isinstance(mapping, str):
        return [Part(-1, "", mapping, source.locate(prefix))]
    parts: list[Part] = []
    entries: Sequence[str | dict[str, str]] = mapping
    for index, entry in enumerate(entries):
        at: Path = (*prefix, index)
        if isinstance(entry, str):
            parts.append(Part(index, "", entry, source.locate(at)))
        else:
            parts += [Part(index, field, text, source.locate((*at, field))) for field, text in entry.items()]
    return parts


def put_together(
    parts: Sequence[Part], compiled: Sequence[Compiled], attribute: Attribute, zone: str
) -> tuple[Value, pl.Expr | None]:
    """The attribute's value at its type, and where that can fail, an expression true where a part does not fit."""
    target = attribute.semantic
    if len(parts) == 1 and parts[0].entry < 0:
        return canonical.border(compiled[0].value, target, zone, parts[0].at.place)
    if target.kind != "list" or target.of is None:
        raise ConfigError("mapping_is_list", parts[0].at.place, type=str(target))
    if any(part.field for part in parts) != (target.of.kind == "group"):
        key = "mapping_wants_group" if target.of.kind == "group" else "mapping_wants_values"
        raise ConfigError(key, parts[0].at.place, fields=", ".join(name for name, _ in target.of.fields))
    if target.of.kind == "group":
        return _groups(parts, compiled, target.of, zone)
    return _list(parts, compiled, target, zone)


def _list(parts: Sequence[Part], compiled: Sequence[Compiled], target: Type, zone: str) -> tuple[Value, pl.Expr | None]:
    assert target.of is not None
    misfits: list[pl.Expr] = []
    elements: list[pl.Expr] = []
    for part, one in zip(parts, compiled, strict=True):
        value, misfit = canonical.border(one.value, target.of, zone, part.at.place)
        elements.append(value.expr)
        if misfit is not None:
            misfits.append(misfit)
    entries = pl.concat_list(elements).list.drop_nulls()
    return Value(pl.when(entries.list.len() > 0).then(entries), target), _any(misfits)


def _groups(
    parts: Sequence[Part], compiled: Sequence[Compiled], group: Type, zone: str
) -> tuple[Value, pl.Expr | None]:
    """Records in order. A record lives while one of its templates that is no constant has a value (or all are
    constants); a field that is missing is null in it."""
    fields = dict(group.fields)
    misfits: list[pl.Expr] = []
    count = max(part.entry for part in parts) + 1
    records: list[dict[str, pl.Expr]] = [{} for _ in range(count)]
    alive: list[list[pl.Expr]] = [[] for _ in range(count)]
    for part, one in zip(parts, compiled, strict=True):
        if part.field not in fields:
            near = nearest(part.field, fields)
            known = ", ".join(fields)
            raise ConfigError("unknown_group_field", part.at.place, name=part.field, near=near, known=known)
        value, misfit = canonical.border(one.value, fields[part.field], zone, part.at.place)
        records[part.entry][part.field] = value.expr
        if not one.value.known:
            alive[part.entry].append(value.expr.is_not_null())
        if misfit is not None:
            misfits.append(misfit)
    built = []
    for record, conditions in zip(records, alive, strict=True):
        columns = [record.get(name, pl.lit(None)).cast(dtype(kind, zone)).alias(name) for name, kind in group.fields]
        whole = pl.struct(columns)
        built.append(pl.when(pl.any_horizontal(conditions)).then(whole) if conditions else whole)
    entries = pl.concat_list(built).list.drop_nulls()
    target = Type("list", of=group)
    return Value(pl.when(entries.list.len() > 0).then(entries), target), _any(misfits)


def _any(misfits: Sequence[pl.Expr]) -> pl.Expr | None:
    return pl.any_horizontal([misfit.fill_null(False) for misfit in misfits]) if misfits else None
