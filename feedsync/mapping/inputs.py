"""What a feed's mapping is compiled from: plain values, so that it can be tested with three literals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from feedsync.errors import Place
from feedsync.expressions.registry import Function
from feedsync.expressions.scope import Table
from feedsync.mapping.overrides import Override
from feedsync.mapping.stock import OwnField
from feedsync.semantics import Type
from feedsync.specs.channel import Attribute
from feedsync.specs.channel import Mapping as AttributeMapping

Path = tuple[str | int, ...]


class At(NamedTuple):
    """Where a template's text begins, and whether columns inside it count up (a scalar on one line)."""

    place: Place
    exact: bool = False


@dataclass(frozen=True)
class Source:
    """One attribute's mapping: what it says, where each of its templates is, and who wrote it."""

    mapping: AttributeMapping
    locate: Callable[[Path], At]
    """The place of a template inside the mapping, e.g. ("value",) or (0, "price"); () for the mapping itself."""
    shown: Place
    """The line that findings name: the merchant's own, the feed's line where the channel's default fills it."""
    standard: bool = False
    """The channel's default mapping: standard fields the catalog lacks are missing there, no mistakes."""


@dataclass(frozen=True)
class Condition:
    """A select or exclude template."""

    template: str
    at: At
    reason: str


@dataclass(frozen=True)
class FeedInputs:
    """Everything a feed's mapping depends on."""

    name: str
    fields: Mapping[str, Type]
    """The fields of the feed's rows by name."""
    attributes: Mapping[str, Attribute]
    mapping: Mapping[str, Source]
    id: Source
    """The item's key: the feed's own `id`, else the mapping of the attribute `id`."""
    market: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    """feed.<name>; the feed's own name is among them."""
    select: Condition | None = None
    exclude: tuple[Condition, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    standard_fields: frozenset[str] = frozenset()
    zone: str = "UTC"
    as_of: date = date(1970, 1, 1)
    functions: Mapping[str, Function] = field(default_factory=dict)
    """The project's own functions."""
    own: Mapping[str, OwnField] = field(default_factory=dict)
    """Fields in whose place this feed reads a column of its own."""
    needs: tuple[str, ...] = ()
    """Catalog fields behind such columns, also those that only other feeds name."""
    overrides: Mapping[str, Sequence[Override]] = field(default_factory=dict)
    """Attribute -> values for single products, one per product."""
    product: str = ""
    """The field with the product's key, by which overrides are joined; '' where the rows have none."""
