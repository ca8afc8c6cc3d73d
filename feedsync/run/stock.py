"""The stock policies of a project over one row set: their fields found and read as numbers, their columns made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import polars as pl

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.errors import ConfigError, FeedsyncError, Place, nearest, raise_all
from feedsync.mapping.stock import Allocation
from feedsync.project import Feed, Project, stock_place
from feedsync.semantics import Type
from feedsync.specs.source import FieldSpec
from feedsync.specs.stock import OF_CATALOG, OF_TABLE

Batches = Callable[[], Iterator[pl.DataFrame]]


def allocation_of(
    project: Project, rows: str | None, chosen: Sequence[Feed], fields: Mapping[str, Type], own: Iterable[str]
) -> Allocation:
    """The policies of all feeds over the catalog, or over the table `rows`, whichever of them are chosen: what one
    feed offers does not hang on which feeds a run is about. Empty where no chosen feed has a policy.

    `own` are the fields of these rows themselves. Raises ConfigError for a field that is not there or no number.
    """
    feeds = _with_policy(project, rows)
    if not any(feed.stock is not None for feed in chosen):
        return Allocation({})
    errors: list[FeedsyncError] = []
    for feed in feeds:
        errors += _mistakes(project, feed, fields, list(own))
    raise_all(errors)
    offered = OF_CATALOG if rows is None else OF_TABLE
    available = "availability" in fields and fields["availability"].textual
    return Allocation({feed.name: feed.stock for feed in feeds if feed.stock is not None}, offered, available)


def _with_policy(project: Project, rows: str | None) -> list[Feed]:
    return [feed for feed in project.feeds.values() if feed.spec.rows == rows and feed.stock is not None]


def _mistakes(project: Project, feed: Feed, fields: Mapping[str, Type], own: Sequence[str]) -> Iterator[ConfigError]:
    assert feed.stock is not None
    place = stock_place(project.loaded, feed)
    subject = f"stock_policy.of ({feed.name})"
    for index, name in enumerate(feed.stock.of):
        if name not in own:
            known = [field for field in own if fields[field].numeric] or list(own)
            near = nearest(name, own)
            yield ConfigError("stock_field", place, subject=subject, name=name, near=near, known=", ".join(known))
        elif not fields[name].numeric:
            yield ConfigError("stock_field_type", place, subject=subject, name=name, type=fields[name])
        elif name in feed.stock.of[:index]:
            yield ConfigError("stock_field_twice", place, subject=subject, name=name)


def read_as_units(project: Project, rows: str | None, declared: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """The declared fields, and those that policies name and nobody gives a type: whole numbers."""
    fields = dict(declared)
    for name in _named(project, rows):
        one = fields.get(name, FieldSpec())
        if one.type is None and name not in STANDARD_FIELDS:
            fields[name] = one.model_copy(update={"type": "integer"})
    return fields


def place_of_units(
    project: Project, rows: str | None, declared: Mapping[str, FieldSpec], place: Callable[[str], Place]
) -> Callable[[str], Place]:
    """Where a field is declared, for those that only a policy names as well."""
    named = {name: at for name, at in _named(project, rows).items() if name not in declared}
    return lambda name: named[name] if name in named and name not in STANDARD_FIELDS else place(name)


def _named(project: Project, rows: str | None) -> dict[str, Place]:
    """Every field that a policy names, and the first place that does."""
    found: dict[str, Place] = {}
    for feed in _with_policy(project, rows):
        for name in feed.stock.of if feed.stock is not None else ():
            found.setdefault(name, stock_place(project.loaded, feed))
    return found


def with_units(batches: Batches, allocation: Allocation) -> Batches:
    """The batches with the columns that the policies make."""
    if not allocation.policies:
        return batches

    def counted() -> Iterator[pl.DataFrame]:
        for typed in batches():
            yield allocation.onto(typed)

    return counted
