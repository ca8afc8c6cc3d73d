"""How the export of a shop system is read: a YAML file that a source names as `preset`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from feedsync.specs.model import Mark, Model, Texts, Word
from feedsync.specs.project import Exclusion, VariantsSpec
from feedsync.specs.shape import Step
from feedsync.specs.source import Aggregation, FieldSpec

Asked = Literal["shop_url", "image_url"]


class PresetSource(Model):
    """What the source says unless the project says otherwise."""

    format: Literal["csv", "tsv", "json", "jsonl", "xml"] | None = None
    """What the file is, whatever its suffix."""
    delimiter: Mark | None = None
    """Between columns."""
    quote: str | None = None
    """Around cells."""
    encoding: Word | None = None
    """A Python codec name."""
    dialect: Literal["strict", "lenient"] | None = None
    """How strictly the file keeps to CSV."""
    records: Word | None = None
    """Where the records stand."""
    rows: Word | None = None
    """The key of a list inside each record whose entries are the rows."""
    aggregate: dict[str, Aggregation] = Field(default_factory=dict)
    """How several rows of one key become one, where the source is joined."""


class Preset(Model):
    """A well-known export: its columns, its rows, and the standard fields they fill."""

    title: Word
    """What people call the export."""
    about: Word
    """Where it comes from, and what to know of it."""
    sources: Texts
    """Public pages or files that the facts come from."""
    engine_words: Texts
    """Names that must not occur in the engine's code."""
    source: PresetSource = PresetSource()
    headers: dict[str, dict[str, Texts]] = Field(default_factory=dict)
    """Column -> language -> what the export calls it there; `{n}` stands for a number. Columns that are missing in a file
    count as empty, but for those of `needs`."""
    needs: Texts
    """Columns without which this is another export; they recognise it, too."""
    shape: tuple[Step, ...] = ()
    """Steps that make rows of products."""
    key: Word = "sku"
    """The key's field."""
    fields: dict[str, FieldSpec] = Field(min_length=1)
    """Field -> how it is read, in terms of `headers` and of the columns that `shape` makes."""
    local_decimals: Texts = ()
    """Fields whose decimal mark is the shop's: the source's `decimal_mark`."""
    variants: VariantsSpec | None = None
    exclude: tuple[Exclusion, ...] = ()
    """Rows that no shop sells."""
    asks: dict[Asked, Annotated[Texts, Field(min_length=1)]] = Field(default_factory=dict)
    """A key of the catalog -> the fields that need it."""
