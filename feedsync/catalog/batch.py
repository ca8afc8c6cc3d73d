"""Raw batches -> typed catalog batches: fields are read, joined and inherited; what does not read is flagged.

A typed batch has one column per wanted field, `_row`, and a flag column per field that did not read (`bad_flag`).
The raw columns stay in the frame, so that a finding can show the cell as it was met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from feedsync.catalog.plan import Field, FieldPlan, bad_flag, number_flag
from feedsync.catalog.reading import read_field
from feedsync.errors import ConfigError, FeedsyncError, raise_all
from feedsync.expressions import Compiled, Scope, Value, canonical, compile_template
from feedsync.expressions.registry import Function
from feedsync.expressions.scope import Hoisted, Table
from feedsync.expressions.values import Asked, literal
from feedsync.frames import dtype
from feedsync.semantics import TEXT


@dataclass(frozen=True)
class CatalogContext:
    """What reading fields depends on besides the columns."""

    key: str
    zone: str
    currency: str | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    numeric: frozenset[str] = frozenset()
    """Raw columns that carry a flag of cells that were numbers in their source (`number_flag`)."""
    functions: Mapping[str, Function] = field(default_factory=dict)
    """The project's own functions."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What templates of fields read as catalog.<name>."""


@dataclass(frozen=True)
class BatchReader:
    """The compiled way from a raw batch to a typed one, for the wanted fields only."""

    plan: FieldPlan
    wanted: tuple[str, ...]
    """Fields that are read: those asked for and what their templates read, in the plan's order."""
    raw: frozenset[str]
    """Raw columns that are needed."""
    stages: tuple[tuple[pl.Expr, ...], ...]
    flags: tuple[str, ...]
    """Fields that can fail to read."""
    beneath: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The fields that the template of a field reads, and what those read: where one of them does not read, this
    field is missing."""
    asked: tuple[Asked, ...] = ()
    """The lookup tables that templates of fields ask, over the columns of typed batches."""

    def raw_columns(self, source: int) -> dict[str, str]:
        """Header -> raw column of one source, as far as wanted fields need it."""
        return {header: raw for header, raw in self.plan.of_source(source).items() if raw in self.raw}

    def typed(self, raw: pl.DataFrame) -> pl.DataFrame:
        """The typed batch: raw columns, fields and flags; without inheritance."""
        lazy = raw.lazy()
        for stage in self.stages:
            lazy = lazy.with_columns(stage)
        return lazy.collect(engine="in-memory")


def compile_reader(plan: FieldPlan, wanted: Sequence[str], context: CatalogContext) -> BatchReader:
    """Compile the wanted fields; mistakes in their templates and options are raised together."""
    errors: list[FeedsyncError] = []
    templates: dict[str, tuple[Compiled, Hoisted]] = {}
    needed = set(wanted)
    headers = plan.raw_by_header()
    raw: set[str] = set()
    for name in reversed(plan.fields):
        one = plan.fields[name]
        if name not in needed:
            continue
        if one.raw is not None:
            raw.add(one.raw)
            continue
        try:
            templates[name] = _compile_template(plan, one, context)
        except FeedsyncError as error:
            errors.append(error)
            continue
        for read in templates[name][0].reads:
            if _is_above(plan, read, name):
                needed.add(read)
            else:
                raw.add(headers[read])
    beneath: dict[str, tuple[str, ...]] = {}
    for name in plan.fields:
        if name in templates:
            direct = [read for read in templates[name][0].reads if _is_above(plan, read, name)]
            beneath[name] = tuple(dict.fromkeys(f for read in direct for f in (read, *beneath.get(read, ()))))
    stages: list[tuple[pl.Expr, ...]] = [(), ()]
    flags: list[str] = []
    names = [name for name in plan.fields if name in needed]
    for name in names:
        try:
            if name in templates:
                stages.extend(_template_stages(plan.fields[name], *templates[name], context.zone, flags))
            elif plan.fields[name].raw is not None:
                value, flag = _plain_field(plan.fields[name], context)
                stages[0] += (value,)
                if flag is not None:
                    stages[1] += (flag,)
                    flags.append(name)
        except FeedsyncError as error:
            error.subject = error.subject or name
            errors.append(error)
    raise_all(errors)
    filled = tuple(stage for stage in stages if stage)
    asked = tuple(one for compiled, _ in templates.values() for one in compiled.asked)
    return BatchReader(plan, tuple(names), frozenset(raw), filled, tuple(flags), beneath, asked)


def _is_above(plan: FieldPlan, name: str, below: str) -> bool:
    order = list(plan.fields)
    return name in plan.fields and order.index(name) < order.index(below)


def _plain_field(one: Field, context: CatalogContext) -> tuple[pl.Expr, pl.Expr | None]:
    """A field's column, and its flag, which reads that column so that nothing is read twice."""
    assert one.raw is not None
    is_number = pl.col(number_flag(one.raw)).fill_null(False) if one.raw in context.numeric else None
    value, text = read_field(one, pl.col(one.raw), is_number, context.zone, context.currency)
    if text is None:
        return value.alias(one.name), None
    failed = (text.is_not_null() & pl.col(one.name).is_null()).alias(bad_flag(one.name))
    return value.alias(one.name), failed


def _compile_template(plan: FieldPlan, one: Field, context: CatalogContext) -> tuple[Compiled, Hoisted]:
    above = {header: Value(pl.col(raw), TEXT) for header, raw in plan.raw_by_header().items()}
    for name, other in plan.fields.items():
        if name == one.name:
            break
        above[name] = Value(pl.col(name), other.type)
    hoisted = Hoisted(prefix=f"__t_{one.name}_")
    spaces = {"catalog": {name: literal(text) for name, text in context.said.items()}}
    scope = Scope(
        names=above,
        spaces=spaces,
        tables=context.tables,
        zone=context.zone,
        hoisted=hoisted,
        functions=context.functions,
    )
    assert one.options.template is not None
    try:
        return compile_template(one.options.template, scope, one.place, one.place.column > 0), hoisted
    except FeedsyncError as error:
        below = str(error.params.get("name", ""))
        if below in plan.fields and below not in above:
            raise ConfigError("template_cycle", error.place, subject=one.name, field=below) from None
        error.subject = error.subject or one.name
        raise


def _template_stages(
    one: Field, compiled: Compiled, hoisted: Hoisted, zone: str, flags: list[str]
) -> list[tuple[pl.Expr, ...]]:
    value, misfit = canonical.border(compiled.value, one.type, zone, one.place)
    failed = [failure.failed for failure in compiled.failures] + ([misfit] if misfit is not None else [])
    stage = [value.expr.cast(dtype(one.type, zone)).alias(one.name)]
    if failed:
        flags.append(one.name)
        stage.append(pl.any_horizontal(failed).fill_null(False).alias(bad_flag(one.name)))
    return [*(tuple(exprs) for exprs in hoisted.stages()), tuple(stage)]
