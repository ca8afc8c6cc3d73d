"""What a channel spec may say: the models of channel.yaml, attributes.yaml, mapping.yaml and cases.yaml.

Every scalar of the YAML arrives as text (feedsync.specs.yaml); pydantic reads numbers and booleans out of it where a
model says so. A template stays text here; it is compiled by feedsync.expressions when a feed is prepared.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from feedsync.semantics import Type, list_of
from feedsync.specs.formats import AnyFormat, Template
from feedsync.specs.model import (
    BY_SHAPE,
    Amount,
    Count,
    Currency,
    Language,
    Model,
    Texts,
    Word,
    mistake,
    text_list_or_records,
    text_or_mapping,
)

SomeTemplate = Word  # one that may not be empty
ScalarKind = Literal[
    "text", "url", "gtin", "enum", "integer", "decimal", "money", "boolean", "date", "datetime", "interval"
]
AttributeKind = Literal[
    "text",
    "url",
    "gtin",
    "enum",
    "integer",
    "decimal",
    "money",
    "boolean",
    "date",
    "datetime",
    "interval",
    "list",
    "group",
]
Localized = dict[str, Word]  # language -> sentence, e.g. {en: not on Google Shopping}


class Limits(Model):
    """What one value must satisfy, whatever it belongs to (an attribute, a list's entry, a group's field)."""

    type: ScalarKind = "text"
    """What the value is."""
    max_characters: Count | None = None
    """At most so many characters (Unicode code points)."""
    max_bytes: Count | None = None
    """At most so many bytes in UTF-8."""
    shown_characters: Count | None = None
    """The channel shows only so many; longer is a hint, never an error."""
    one_of: tuple[Word, ...] | None = Field(default=None, min_length=1)
    """Allowed values in canonical spelling; checked for type enum and for text."""
    spelling: dict[str, Word] = Field(default_factory=dict)
    """Canonical value -> what the channel wants to read; values not listed are spelled as they are."""
    pattern: Word | None = None
    """A regular expression (Rust syntax: no look-around) that the canonical text must match."""
    minimum: Amount | None = None
    """Numbers and money amounts must be at least this."""
    maximum: Amount | None = None
    """Numbers and money amounts must be at most this."""
    above: Amount | None = None
    """Numbers and money amounts must be greater than this."""
    currency: SomeTemplate | None = None
    """The currency that money must have, e.g. "{{ market.currency }}" where the channel's file names none."""

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.maximum is None:
            return self
        if self.minimum is not None and self.minimum > self.maximum:
            raise mistake("spec_no_number_between", at="maximum", low="minimum")
        if self.above is not None and self.above >= self.maximum:
            raise mistake("spec_no_number_between", at="maximum", low="above")
        return self


class GroupField(Limits):
    """One field of a group's record, e.g. shipping's `price`."""

    required: bool = False
    """A record without it is an error."""


class Attribute(Limits):
    """What the channel demands of one attribute (attributes.yaml)."""

    type: AttributeKind = "text"  # type: ignore[assignment]  # a wider choice than one value has
    """What the value is; `list` and `group` (a list of records) hold several."""
    of: (
        Annotated[
            Annotated[ScalarKind, Tag("text")] | Annotated[Limits, Tag("mapping")], Discriminator(text_or_mapping)
        ]
        | None
    ) = None
    """A list's element: a type, or a type with limits of its own."""
    fields: dict[str, GroupField] = Field(default_factory=dict)
    """A group's record, in the order of its compact form."""
    required: bool = False
    """A product without it is blocked."""
    required_when: SomeTemplate | None = None
    """A template over the attributes: a product for which it is true is blocked without a value."""
    repeat: Count | None = None
    """At most so many entries of a list or group."""
    total_characters: Count | None = None
    """A list's entries joined by the channel's separator have at most so many characters."""
    taxonomy: Word | None = None
    """The taxonomy that knows its ids and full paths; another value is a warning."""
    below: Word | None = None
    """Another money attribute that this one must be less than, e.g. sale_price below price."""
    header: Word | None = None
    """The column's name in delimited formats and the element's in XML; the attribute's own name otherwise."""
    headers: dict[str, Word] = Field(default_factory=dict)
    """Several columns for the parts of one value: {start, end} of an interval, {amount, currency} of money."""
    docs: Word | None = None
    """URL of the vendor's page that states these facts."""
    checked: Word | None = None
    """The day the facts were last compared with their source, ISO 8601."""
    verified: bool = True
    """False: nothing here may raise more than a warning."""
    unverified: Texts = ()
    """The keys above whose fact is unverified (e.g. [max_characters]); a broken one is only a warning."""

    @cached_property
    def semantic(self) -> Type:
        """The attribute's semantic type; a group is always a list of records, also where `repeat` is 1."""
        if self.type == "list":
            element = self.of.type if isinstance(self.of, Limits) else self.of or "text"
            return list_of(Type(element))
        if self.type == "group":
            return list_of(Type("group", fields=tuple((name, Type(one.type)) for name, one in self.fields.items())))
        return Type(self.type)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.type == "group") != bool(self.fields):
            raise mistake("spec_group_fields")
        if self.of is not None and self.type != "list":
            raise mistake("spec_list_of")
        if self.type == "enum" and not self.one_of:
            raise mistake("spec_enum_one_of")
        if unknown := [key for key in self.unverified if key not in type(self).model_fields]:
            raise mistake("spec_unverified", names=", ".join(unknown))
        return self


class Setting(Model):
    """What the channel asks of a merchant; read in templates as feed.<name>."""

    required: bool = False
    """A feed that does not give it is a mistake, unless it has a default."""
    default: str | None = None
    """What it is where the feed does not say."""
    description: str = ""
    """What it is, for people."""


class Rule(Model):
    """A demand between attributes: broken where `broken` is true. An error blocks, a warning and a hint advise."""

    attribute: Word
    """The attribute that the finding names."""
    broken: SomeTemplate
    """A template over the attributes, true where the rule is broken."""
    severity: Literal["error", "warning", "hint"] = "error"
    """error blocks the product."""
    code: Word | None = None
    """The finding's code where the catalogue has one for it (FS312); otherwise FS316 for an error, FS317 for advice."""
    text: Localized
    """What is wrong, by language."""
    fix: Localized = Field(default_factory=dict)
    """What to do, by language."""
    docs: Word | None = None
    """URL of the vendor's page that states the rule."""
    verified: bool = True
    """False: it may not be an error."""


class Spelling(Model):
    """How the channel writes semantic types. Two-way: tables of forms, never templates."""

    money: Word = "{amount} {currency}"
    """An amount, with {amount} and {currency}."""
    boolean: tuple[Word, Word] = ("true", "false")
    """The words for true and false."""
    interval: Word = "{start}/{end}"
    """Two moments, with {start} and {end}."""
    date: Word = "%Y-%m-%d"
    """A day, in the letters of strftime."""
    datetime: Word = "%Y-%m-%dT%H:%M%:z"
    """A moment, in the letters of strftime."""


class Variants(Model):
    """What makes a variant group: its attribute, and those of which at least one must differ within a group."""

    group: Word
    """The attribute that holds the group's id."""
    by: Texts = Field(min_length=1)
    """The attributes of which at least one differs within a group."""


class Channel(Model):
    """channel.yaml: what the channel is and how its files look."""

    extends: Word | None = None
    """Another channel or version (`name` or `name@version`) of which this one says only what differs."""
    title: Word
    """What people call it."""
    docs: Word
    """URL of the vendor's pages."""
    engine_words: Texts = ()
    """Words that must not occur in the engine's code."""
    not_shown: Localized
    """What a shopper loses when a product is blocked, e.g. {en: not on Google Shopping}."""
    delete_mode: Literal["absence", "explicit", "status", "none"]
    """How the channel lets go of a product: absence from the file, explicit, by a status, or not at all."""
    write_mode: Literal["replace", "merge"]
    """replace: what is sent takes the product's place; merge: it is laid over it."""
    refresh_after_days: Count | None = None
    """The channel forgets a product that is not sent again within so many days."""
    limits: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """The channel's limits on files and calls; shown, and not checked yet."""
    settings: dict[str, Setting] = Field(default_factory=dict)
    """Name -> what the channel asks of a merchant."""
    markets: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Country -> the channel's own names for it, read in templates as market.<name>."""
    rows: Literal["catalog", "table"] = "catalog"
    """`table`: a feed of this channel needs `rows:`, one item per row of a table."""
    variants: Variants | None = None
    """What makes a group of variants."""
    spelling: Spelling = Spelling()
    """How the channel writes amounts, moments and the like."""
    rules: tuple[Rule, ...] = ()
    """Demands between attributes."""
    shapes: dict[str, Any] = Field(default_factory=dict)
    """Named pieces of `record` trees; `{shape: name, ...}` inserts one."""
    formats: dict[str, AnyFormat] = Field(min_length=1)
    """The first format is the one that is written when a feed names none."""


Record = Annotated[dict[str, Template], Field(min_length=1)]


class Mapped(Model):
    """A mapping with its say on bad values."""

    value: Annotated[
        Annotated[Template, Tag("text")]
        | Annotated[tuple[Template, ...], Field(min_length=1), Tag("list")]
        | Annotated[tuple[Record, ...], Tag("records")],
        Discriminator(text_list_or_records),
    ]
    """A template; a list of templates; or a list of groups of templates."""
    on_invalid: Literal["block", "drop", "keep"] = "block"
    """A bad value: block keeps the product out, drop leaves the value out, keep sends it. The last two warn."""


Mapping = Annotated[
    Annotated[Template, Tag("text")]
    | Annotated[tuple[Template, ...], Field(min_length=1), Tag("list")]
    | Annotated[tuple[Record, ...], Tag("records")]
    | Annotated[Mapped, Tag("mapping")],
    BY_SHAPE,
]
"""A template; a list of templates; a list of groups of templates; or one of these with its say on bad values."""


class Market(Model):
    """The market a feed is for."""

    country: str = Field(pattern=r"^[A-Z]{2}$", description="Two capital letters (ISO 3166-1), e.g. ES.")
    language: Language
    currency: Currency


class Case(Model):
    """One test of a channel: a product in standard fields, and the item or findings it must give."""

    name: Word
    """What it shows."""
    market: Market = Market(country="ES", language="es", currency="EUR")
    """The feed's market."""
    settings: dict[str, str] = Field(default_factory=dict)
    """The feed's settings."""
    as_of: str = "2026-11-21"
    """The run's date."""
    timezone: str = "Europe/Madrid"
    """The catalog's time zone, in which dates without an offset are read and written."""
    product: dict[str, str]
    """Standard field -> cell."""
    table: dict[str, str] = Field(default_factory=dict)
    """For channels with `rows: table`: the table's row."""
    attributes: dict[str, Mapping] = Field(default_factory=dict)
    """A merchant's own mapping over the default."""
    item: dict[str, str] | None = None
    """Attribute -> the text the channel gets, whole. None: the item is blocked."""
    findings: tuple[tuple[str, str], ...] = ()
    """(code, attribute) of every finding, in order of code and attribute."""


class ChannelSpec(Model):
    """A whole channel: its files put together, `extends` resolved."""

    name: str
    version: str
    folder: str
    folders: tuple[str, ...] = ()
    """The folder, and those of the channels it extends, in that order."""
    channel: Channel
    attributes: dict[str, Attribute]
    mapping: dict[str, Mapping]
    cases: tuple[Case, ...] = ()
