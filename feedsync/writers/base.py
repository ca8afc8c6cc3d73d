"""What every writer is and what it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import polars as pl

from feedsync.errors import Place, SpecError
from feedsync.frames import dtype
from feedsync.specs.channel import Attribute, ChannelSpec, Spelling
from feedsync.specs.formats import AnyFormat
from feedsync.writers.spelling import PARTS


@dataclass(frozen=True)
class Document:
    """What a document says of itself where its form asks for that (RSS, Atom)."""

    title: str = ""
    link: str = ""
    description: str = ""
    day: date = date(1970, 1, 1)
    """The run's date."""


class Writer(Protocol):
    """Turns batches of items into the bytes of one feed's file; all its mistakes show when it is made.

    `begin` starts a file (and its numbering) anew, so one writer writes all parts of a feed one after the other.
    However the items are cut into batches, the bytes are the same.
    """

    suffix: str
    """The file's suffix without its leading dot and without that of a compression."""
    compress: Literal["gzip"] | None
    split_at: int | None
    """At most so many items in a file."""

    def begin(self) -> bytes: ...

    def items(self, frame: pl.DataFrame) -> bytes:
        """The bytes of a batch of items (frames.py), in the frame's order."""
        ...

    def end(self) -> bytes: ...


@dataclass(frozen=True)
class Setup:
    """All a writer is made from."""

    channel: ChannelSpec
    format_name: str
    used: frozenset[str]
    """The attributes that the mapping fills; others are missing in every row."""
    market: Mapping[str, str]
    feed: Mapping[str, str]
    zone: str
    info: Document

    @property
    def format(self) -> AnyFormat:
        return self.channel.channel.formats[self.format_name]

    @property
    def spelling(self) -> Spelling:
        return self.channel.channel.spelling

    @property
    def place(self) -> Place:
        return Place(f"{self.channel.folder}/channel.yaml")

    def attributes(self, all_of_them: bool = False) -> dict[str, Attribute]:
        """The attributes that are used, or all; `id` first, then in the spec's order."""
        known = self.channel.attributes
        names = sorted(known, key=lambda name: name != "id")  # sorted is stable
        return {name: known[name] for name in names if all_of_them or name == "id" or name in self.used}

    def column(self, name: str) -> pl.Expr:
        """The attribute's column, or missing where the mapping does not fill it."""
        if name == "id" or name in self.used:
            return pl.col(name)
        return pl.lit(None, dtype=dtype(self.channel.attributes[name].semantic, self.zone))

    def parts(self, name: str) -> list[tuple[str, str | None]]:
        """(name in the file, part of the value or None for all of it): several where the attribute has `headers`."""
        attribute = self.channel.attributes[name]
        if not attribute.headers:
            return [(attribute.header or name, None)]
        known = PARTS.get(attribute.type, ())
        for part in attribute.headers:
            if part not in known:
                place = Place(f"{self.channel.folder}/attributes.yaml")
                raise SpecError("writer_part", place, subject=name, part=part, known=", ".join(known) or "none")
        return [(attribute.headers[part], part) for part in known if part in attribute.headers]
