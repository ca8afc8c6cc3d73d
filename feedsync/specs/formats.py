"""How a channel's files look: the models of `formats` in channel.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from feedsync.specs.model import Count, Mark, Model, Texts, Word, text_or_mapping

Template = str  # a value of the mapping language, e.g. "{{ price | money(market.currency) }}"


class ListForm(Model):
    """How a list stands in one cell."""

    join: Mark = ","
    """Stands between the entries."""


class GroupForm(Model):
    """How a group's record stands in one cell: fields joined; `header` may name them."""

    join: Mark = ":"
    """Stands between the fields of a record."""
    header: Word = "{name}"
    """The column's header, with {name} and {fields}."""


class Split(Model):
    """When a document is continued in another file."""

    records: Count
    """A file holds at most so many records."""


OneCharacter = Annotated[str, Field(pattern=r"^(?s:.)$", description="One character.")]


class Format(Model):
    """What all formats share."""

    suffix: str = Field(pattern=r"^[a-z0-9]+(\.[a-z0-9]+)*$")
    """Of the file, without a leading dot."""
    compress: Literal["gzip"] | None = None
    """gzip: the file is packed and its name ends in .gz."""


class DelimitedFormat(Format):
    """One row per item: CSV, TSV."""

    writer: Literal["delimited"]
    """Rows of cells."""
    delimiter: str = Field(
        default=",", pattern=r"^[\t\x20\x21\x23-\x7e]$", description='One character, e.g. ; or "\\t".'
    )
    """Between the cells."""
    quote: Literal["needed", "all"] = "needed"
    """needed: only cells that must be; all: every cell."""
    line_end: str = Field(default="\n", pattern=r"^\r?\n$", description='A line end: "\\n" or "\\r\\n".')
    """Ends every row."""
    list: ListForm = ListForm()
    """How a list stands in one cell."""
    group: GroupForm = GroupForm()
    """How a record stands in one cell."""
    escape: tuple[OneCharacter, ...] = ()
    """Characters that get a backslash inside the parts of a list or group; the first is the backslash itself."""
    columns: Literal["used", "all"] = "used"
    """`used`: the columns that the mapping fills, decided before row 1; `all`: every attribute, in the spec's order."""
    delete: dict[str, Template] | None = None
    """The row that deletes a product; checked, and not written yet."""


class Tree(Model):
    """A document's frame: its root element and the element of an item."""

    root: Word
    """The document's element."""
    item: Word
    """The element of one product."""


class AtomEntry(Model):
    """What an Atom entry's own elements are filled from. These attributes are not written a second time."""

    id: Literal["iri", "item"] = "iri"
    """iri: an address made of the feed's and the item's id, as RFC 4287 asks; item: the bare id, where the channel does."""
    title: Word | None = None
    """The attribute of its title; the id where that is missing, or where none is named."""
    link: Word | None = None
    """The attribute that holds the address of the product's page."""
    summary: Word | None = None
    """The attribute that describes the product."""


class XmlFormat(Format):
    """One element per item."""

    writer: Literal["xml"]
    """Elements."""
    document: Annotated[
        Annotated[Literal["rss", "atom"], Tag("text")] | Annotated[Tree, Tag("mapping")],
        Discriminator(text_or_mapping),
    ] = "rss"
    """rss: RSS 2.0; atom: Atom 1.0; or the names of the elements."""
    entry: AtomEntry | None = None
    """Of document: atom."""
    namespaces: dict[str, Word] = Field(default_factory=dict)
    """Prefix -> URI."""
    element: Word = "{name}"
    """An attribute's element, with {name}."""
    plain: Texts = ()
    """Attributes written without the namespace of `element`."""
    list: Literal["repeat"] = "repeat"
    """A list is its element once per entry."""
    group: Literal["nested"] = "nested"
    """A record is an element with an element per field."""


class JsonFormat(Format):
    """A document (json) or one record per line (jsonl)."""

    writer: Literal["json", "jsonl"]
    """json: one document; jsonl: one record per line."""
    document: dict[str, Any] | None = None
    """The document around the records; the list of records is the value `{records: here}`. None: a bare list."""
    record: dict[str, Any] | None = None
    """The item's tree: leaves are templates over attributes. None: a flat object of all attributes."""
    split_at: Split | None = None
    """Where a further file begins."""
    delete: dict[str, Any] | None = None
    """The record that deletes a product; checked, and not written yet."""
    patch: dict[str, Any] | None = None
    """The record that changes a product in part; checked, and not written yet."""


class TemplateFile(Model):
    """A template in a file of its own."""

    file: str = Field(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
        description="A file's name, without folders; it lies beside channel.yaml.",
    )
    """A file's name, without folders; it lies beside channel.yaml."""


TextOrFile = Annotated[
    Annotated[str, Tag("text")] | Annotated[TemplateFile, Tag("mapping")], Discriminator(text_or_mapping)
]


class TemplateFormat(Format):
    """Any other text: Jinja templates, run in their sandbox."""

    writer: Literal["template"]
    """Templates."""
    header: TextOrFile = ""
    """What the file begins with."""
    item: TextOrFile
    """What is written for each product: the attributes by name, as the channel spells them."""
    footer: TextOrFile = ""
    """What the file ends with."""
    escape: Literal["none", "xml", "html", "json", "csv"]
    """How every printed value is made safe. json: for the inside of a JSON text; csv: as a whole cell."""
    encoding: Literal["utf-8"] = "utf-8"
    """Of the file."""


AnyFormat = Annotated[DelimitedFormat | XmlFormat | JsonFormat | TemplateFormat, Field(discriminator="writer")]
