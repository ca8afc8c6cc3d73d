"""What feedsync.yaml may say. Every scalar arrives as text; a relative path is relative to feedsync.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from feedsync.specs.channel import Mapping, SomeTemplate
from feedsync.specs.market import MarketSpec, MissingTranslation, RatesSpec
from feedsync.specs.model import (
    Currency,
    Language,
    Mark,
    Model,
    Texts,
    Word,
    by_keys,
    mistake,
    text_or_mapping,
)
from feedsync.specs.overrides import OverridesSpec, as_overrides
from feedsync.specs.source import FieldKind, FieldSpec, SourceSpec, TableSpec
from feedsync.specs.stock import StockChoice, StockPolicy


class VariantsSpec(Model):
    """Child rows that name their parent."""

    parent: Word
    """The field that holds the parent's key."""
    inherit: Texts = ()
    """Fields a child takes from its parent where it has none of its own."""
    parents_are_products: bool = False
    """Whether a row that is somebody's parent is itself sold; otherwise it is not a row of the catalog."""


class CatalogSpec(Model):
    """The merchant's master data."""

    key: Word = "sku"
    """The field that tells one product from another."""
    timezone: Word = "UTC"
    """Of dates without an offset, e.g. Europe/Madrid."""
    currency: Currency | None = None
    """Of money that names none (ISO 4217, e.g. EUR)."""
    shop_url: Word | None = None
    """The shop's address: an RSS file names it as its link, presets build links from it (`catalog.shop_url`)."""
    language: Language | None = None
    """The language that the plain fields are written in, e.g. es; needed where fields are translated."""
    translated: Texts = ()
    """Fields that exist once per language: in a feed for a market whose language is pl, `title` means `title_pl`."""
    image_url: Word | None = None
    """What stands before image paths that are no addresses; presets that need it say so (`catalog.image_url`)."""
    sources: tuple[SourceSpec, ...] = Field(min_length=1)
    """The first one adds rows, the others add columns to them."""
    variants: VariantsSpec | None = None
    """For sources in which a product's variants name their parent's row."""
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    """Field -> how it is read; in templates a field is known by this name."""
    on_repeated_key: Literal["block", "first", "last"] = "block"
    """block: every row of a repeated key is an error; first, last: that row counts."""


class LookupFile(Model):
    """A lookup table with named columns, in a file or inline: which column is the key and which the value."""

    path: Word | None = None
    """A delimited text file with a header."""
    rows: tuple[dict[str, str], ...] = ()
    """Instead of `path`: the rows themselves, column -> value."""
    key: Texts = Field(min_length=1)
    """The column that is looked up; several columns for a lookup by several values."""
    value: Word
    """The column that is found."""
    match: Literal["exact", "prefix"] = "exact"
    """prefix: the longest key that is a leading path of the value ("Shop > Men" for "Shop > Men > Jackets")."""
    separator: Mark = ">"
    """Between the steps of a path, for match: prefix."""
    delimiter: Mark | None = None
    """Between the columns; otherwise whichever of comma, semicolon, tab and | makes them of the header."""
    encoding: Word | None = None
    """A Python codec name; by default the byte order mark, else strict UTF-8."""

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.path is None) != bool(self.rows):
            raise mistake("lookup_origin")
        if self.match == "prefix" and len(self.key) > 1:
            raise mistake("lookup_prefix_keys", at="key")
        for number, row in enumerate(self.rows, 1):
            for column in (*self.key, self.value):
                if column not in row:
                    raise mistake("lookup_row", at="rows", number=number, column=column)
        return self


class Exclusion(Model):
    """Rows left out, with the reason that is counted."""

    when: SomeTemplate
    """True for the rows to leave out."""
    reason: Word
    """The words under which they are counted."""


class Defaults(Model):
    """For every feed, where the channel has the attribute."""

    exclude: tuple[Exclusion, ...] = ()
    """Rows that no feed gets."""
    attributes: dict[str, Mapping] = Field(default_factory=dict)
    """Attribute -> mapping, over the channel's default mapping; a feed's own goes first."""
    stock_policy: StockPolicy | None = None
    """For feeds of the catalog's rows; a feed's own keys go first."""
    missing_translation: MissingTranslation = "block"
    """What a feed does with a product whose translated field is empty in the market's language: block: the value is
    missing, and a product that needs it is held back; fallback: the value in the catalog's language; drop: the product
    is left out and counted."""


class FeedSpec(Model):
    """The rows of the catalog, or of a table, for one channel and one market or several."""

    channel: Word
    """`name` or `name@version`; without a version the newest."""
    market: (
        Annotated[Annotated[str, Tag("text")] | Annotated[MarketSpec, Tag("mapping")], Discriminator(text_or_mapping)]
        | None
    ) = None
    """A name from `markets`, or the market itself."""
    markets: Texts = ()
    """Instead of `market`: several names from `markets`, or `all`. Each makes a feed of its own, named FEED_MARKET."""
    rows: Word | None = None
    """A table: one item per its row."""
    id: SomeTemplate | None = None
    """The item's id, instead of the channel's default mapping of `id`."""
    select: SomeTemplate | None = None
    """Only rows for which this is true."""
    exclude: tuple[Exclusion, ...] = ()
    """Rows that this feed leaves out, besides those of `defaults`."""
    attributes: dict[str, Mapping] = Field(default_factory=dict)
    """Over the channel's default mapping and over `defaults`."""
    settings: dict[str, str] = Field(default_factory=dict)
    """What the channel asks of a merchant; read in templates as feed.<name>."""
    formats: Texts = ()
    """The channel's formats to write; its first one otherwise."""
    stock_policy: StockChoice | None = None
    """How many of the units on hand the feed offers, or `whole`: all of them, whatever `defaults` says."""
    missing_translation: MissingTranslation | None = None
    """As in `defaults`, for this feed."""

    @model_validator(mode="after")
    def _market_or_markets(self) -> Self:
        if self.market is not None and self.markets:
            raise mistake("config_market_and_markets", at="markets")
        return self


class RuleSpec(Model):
    """A finding code's severity in this project."""

    severity: Literal["error", "warning", "hint", "off"]
    """Its level in this project; off: it is not looked for."""
    reason: str = ""
    """Why; `off` needs it."""
    until: Word | None = None
    """The last day of this rule, ISO 8601; `off` needs it."""


def _bare_off(value: object) -> object:
    """`FS302: "off"` lacks the reason and the end that switching off needs, and shall be told so."""
    return {"severity": "off"} if value == "off" else value


class ExportGuards(Model):
    """When an export is refused over an existing manifest."""

    shrink_percent: int = Field(default=5, ge=0, le=100)
    """A source, or what a feed reads or keeps of it, has more than this share less than last time."""
    max_errors_percent: int = Field(default=10, ge=0, le=100)
    """More than this share of the rows read is blocked."""
    max_errors_points: int = Field(default=10, ge=0, le=100)
    """The blocked share is more than this many points above last time's."""


class HookSpec(Model):
    """A function of your own that gets every batch of the catalog as a frame and gives it back."""

    call: Word
    """module:function; the module is a file beside feedsync.yaml (my_module:enrich is enrich in my_module.py)."""
    frame: Literal["polars", "pandas"] = "polars"
    """What it gets; it may give back either."""
    reads: Texts = ()
    """The fields it gets besides _row; all fields of the catalog otherwise."""
    adds: dict[str, FieldKind] = Field(default_factory=dict)
    """Field -> type of the fields that it adds."""
    changes: Texts | None = None
    """The fields whose values it changes ([] for none); any field it gets otherwise, but never the key."""

    @model_validator(mode="after")
    def _a_function(self) -> Self:
        module, colon, name = self.call.partition(":")
        parts = [*module.split("."), name]
        if not colon or module.endswith(".py") or not all(part.isidentifier() for part in parts):
            raise mistake("own_hook_call", at="call", call=self.call)
        return self

    @property
    def file(self) -> str:
        """The module's file, relative to feedsync.yaml."""
        return self.call.partition(":")[0].replace(".", "/") + ".py"


def _as_hooks(value: object) -> object:
    """One hook alone stands without a list, and a hook may be its call alone."""
    entries = list(value) if isinstance(value, list | tuple) else [value]
    return [{"call": entry} if isinstance(entry, str) else entry for entry in entries]


class ProjectSpec(Model):
    """feedsync.yaml."""

    version: Literal["1", 1] = "1"
    """Of this file's format."""
    language: Literal["en"] = "en"
    """Of messages to people."""
    catalog: CatalogSpec
    """Where the products come from, and how their columns are read."""
    tables: dict[str, TableSpec] = Field(default_factory=dict)
    """Name -> rows that are not products; a feed takes them with `rows`."""
    lookups: dict[
        str,
        Annotated[
            Annotated[LookupFile, Tag("file")] | Annotated[dict[str, str], Tag("table")],
            Discriminator(by_keys(frozenset({"key", "value"}))),
        ],
    ] = Field(default_factory=dict)
    """Tables of values: inline, or in a file."""
    markets: dict[str, MarketSpec] = Field(default_factory=dict)
    """Name -> market; a feed names one in `market`, or several in `markets`."""
    rates: RatesSpec | None = None
    """Exchange rates, for `price | convert('rates', market.currency)`."""
    defaults: Defaults = Defaults()
    """What all feeds share."""
    feeds: dict[str, FeedSpec] = Field(min_length=1)
    """Name -> feed; the name is the file's, too."""
    rules: dict[
        str,
        Annotated[
            Annotated[RuleSpec, Tag("mapping")] | Annotated[Literal["error", "warning", "hint"], Tag("text")],
            Discriminator(text_or_mapping),
            BeforeValidator(_bare_off),
        ],
    ] = Field(default_factory=dict)
    """Finding code -> its severity in this project."""
    overrides: Annotated[
        OverridesSpec | None, BeforeValidator(as_overrides, json_schema_input_type=OverridesSpec | Word | None)
    ] = None
    """A file of values for single products, which replace what the mapping gives."""
    targets: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Name -> keys of this file that `--target NAME` lays over the others; a key without a value takes one away."""
    fail_on: Literal["error", "warning", "hint"] = "error"
    """`check` exits with 1 from this level on."""
    guards: ExportGuards = ExportGuards()
    """What holds an export."""
    functions: Texts = ()
    """Python files with functions of your own for templates; --no-plugins loads none."""
    hooks: Annotated[
        tuple[HookSpec, ...],
        BeforeValidator(_as_hooks, json_schema_input_type=tuple[HookSpec | Word, ...] | HookSpec | Word),
    ] = ()
    """Functions of your own that get every batch of the catalog: module:function, or a mapping that says more."""
