"""What feedsync.yaml says of a source: where rows come from, and how their columns are read."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from feedsync.specs.channel import SomeTemplate
from feedsync.specs.model import Cells, Currency, Mark, Model, Texts, Word, mistake, text_or_mapping
from feedsync.specs.shape import Step

FieldKind = Literal[
    "text", "url", "gtin", "enum", "integer", "decimal", "money", "boolean", "date", "datetime", "interval", "list"
]
Aggregation = Literal["sum", "min", "max", "first", "last", "count", "join"]


class TreeSpec(Model):
    """A tree of names in an XML document, before its records, such as the categories of a shop."""

    path: Word
    """Where its nodes stand, e.g. catalog/categories/category."""
    id: Word = "@id"
    """The node's column with its id: an attribute with @ before it, or a child element."""
    parent: Word = "@parentId"
    """The node's column with the id of the node above it."""
    name: Word | None = None
    """The node's column with its name; its own text otherwise."""
    column: Word
    """The record's column with a node's id."""
    into: Word
    """The column that is added to the record: the names from the top of the tree down to that node."""
    separator: Mark = " > "
    """Between the names."""


class SourceSpec(Model):
    """Where rows come from: a file (`path`), a database (`url` and `query`), or a frame given to the Python API."""

    name: Word | None = None
    """The name in `{source, column}`, messages and load_project(sources={...}); the file's name otherwise."""
    path: Word | None = None
    """A file: csv, tsv, txt, json, jsonl, ndjson, xml, xlsx, ods or parquet, also packed (.gz, .zip, .zst, .bz2, .xz); a pattern such as exports/*.csv with `pick`; or an address: https://..., sftp://user:${PASSWORD}@host/..., s3://..."""
    url: Word | None = None
    """SQLAlchemy URL; `${VAR}` is read from the environment when it is used. sqlite:///x.db is relative to the project."""
    query: Word | None = None
    """The SELECT whose rows are read; it belongs to `url`."""
    query_file: Word | None = None
    """Instead of `query`: a file with it, UTF-8, relative to feedsync.yaml."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent with the request for an https:// path; `${VAR}` keeps secrets out of the file."""
    options: dict[str, str] = Field(default_factory=dict)
    """For the fsspec library behind an s3:// path and the like: key, secret, endpoint_url, ..., also with `${VAR}`."""
    key_file: Word | None = None
    """The private key for an sftp:// path, relative to feedsync.yaml; otherwise the password in the address, an agent, or the keys in ~/.ssh."""
    known_hosts: Word | None = None
    """The file with the host keys of an sftp:// server, relative to feedsync.yaml; ~/.ssh/known_hosts otherwise."""
    frame: bool = False
    """The rows come from load_project(..., sources={name: frame})."""
    preset: Word | None = None
    """A well-known export, by name: it says how the file is read and which columns fill which fields."""
    shape: tuple[Step, ...] = ()
    """Steps that make one row per product of the file's rows, after those of the preset."""
    decimal_mark: Literal[".", ","] | None = None
    """How the shop writes prices, for the fields whose preset says that they follow the shop."""
    format: Literal["csv", "tsv", "json", "jsonl", "xml", "xlsx", "ods", "parquet", "sql"] | None = None
    """By the suffix otherwise."""
    pick: Literal["newest", "all"] | None = None
    """Of the files that `path` as a pattern (*, ?, [...], **) finds: the one written last, or all of them in the order of their names."""
    max_age_hours: int | None = Field(default=None, ge=1)
    """A file that was written longer ago is warned of."""
    member: Word | None = None
    """The one file of a zip archive that holds several, by its name or a pattern."""
    sheet: Word | None = None
    """The sheet of a workbook; the first visible one otherwise."""
    tree: TreeSpec | None = None
    """Of an XML document: ids of its records become paths of names."""
    delimiter: Mark | None = None
    """Between the columns of a CSV file; a comma for csv, a tab for tsv otherwise."""
    quote: str = '"'
    """Around cells that hold delimiters or line breaks."""
    encoding: Word | None = None
    """A Python codec name; by default the byte order mark, else strict UTF-8."""
    dialect: Literal["strict", "lenient"] = "strict"
    """lenient: blanks around quotes and stray quotes are read, with the same proofs."""
    records: Word | None = None
    """Where the records stand: the path of the list inside a JSON document (data.products), of the elements of an XML document (rss/channel/item). In JSON, with a dot at its end, of one object that is the only record (`.` is the document itself)."""
    rows: Word | None = None
    """The key of a list inside each JSON record whose entries are the rows, e.g. variants: their keys become columns such as `variants.sku`, beside the record's own."""
    on_ragged: Literal["stop", "skip"] = "stop"
    """A row with more or fewer cells than the header: stop ends the run; skip leaves the row out, and the source counts as incomplete."""
    join: Word | None = None
    """The catalog field whose value this source's column of the same name or header must equal; `columns` are added."""
    on: Word | None = None
    """The source's own column for `join`, where it has another name."""
    aggregate: dict[str, Aggregation] = Field(default_factory=dict)
    """Column -> how several rows of one key become one. Columns not named must agree or be left out."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [bool(self.path), bool(self.url), self.frame]
        if sum(origins) != 1:
            raise mistake("config_source_origin")
        if bool(self.url) != bool(self.query or self.query_file) or (self.query and self.query_file):
            raise mistake("config_source_query")
        extra = [name for name in ("headers", "options", "key_file", "known_hosts") if getattr(self, name)]
        if extra and not ("://" in (self.path or "") or (self.path or "").startswith("${")):
            raise mistake("remote_keys", at=extra[0], keys=extra[0])
        return self


class ColumnOf(Model):
    """A column of one source, where two sources have one of that name."""

    source: Word
    """The source's name."""
    column: Mark
    """The column's header."""


class FieldSpec(Model):
    """How one catalog field is read."""

    from_: (
        Annotated[Annotated[str, Tag("text")] | Annotated[ColumnOf, Tag("mapping")], Discriminator(text_or_mapping)]
        | None
    ) = Field(default=None, alias="from")
    """The source's column, by its header; the field's own name otherwise."""
    template: SomeTemplate | None = None
    """Instead of `from`: a template over source columns (`field('...')`) and the fields above this one."""
    type: FieldKind | None = None
    """A field with a standard name has that field's type unless this says otherwise; a custom field is text."""
    decimal_mark: Literal[".", ","] | None = None
    """Between units and fraction in text cells; without it only numbers that read one way are read."""
    locale: Word | None = None
    """es_ES, es_MX, de_DE, ...: the decimal mark of text cells by country."""
    currency: Currency | None = None
    """Of money cells that name none; catalog.currency otherwise."""
    separator: Mark | None = None
    """Between the entries of a list in one cell."""
    missing: Cells = ()
    """Texts that mean missing, e.g. ["-", "n/a"]."""
    true: Cells = ()
    """Texts that mean true for type boolean, besides true and false; needs `false`."""
    false: Cells = ()
    """Texts that mean false; needs `true`."""
    format: Word | None = None
    """How dates are written, e.g. dd.mm.yyyy; ISO 8601 otherwise."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.from_ is not None and self.template is not None:
            raise mistake("config_field_from_template")
        if bool(self.true) != bool(self.false):
            raise mistake("config_field_true_false")
        return self


class TableSpec(SourceSpec):
    """Rows that are not catalog rows: stock by store, promotions."""

    key: Texts = Field(min_length=1)
    """The columns that together tell one row from another."""
    catalog_key: Word | None = None
    """The table's column that holds the catalog key; the catalog's fields are then in scope too."""
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    """Field -> how it is read, as in the catalog."""
