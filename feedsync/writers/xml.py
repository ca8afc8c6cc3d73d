"""XML feeds: lxml builds the document around the items, expressions build the items (8 times faster than lxml)."""

from __future__ import annotations

from typing import Final, NamedTuple, cast

import polars as pl
from lxml import etree

from feedsync.errors import SpecError
from feedsync.specs.channel import Attribute, Limits, XmlFormat
from feedsync.writers.base import Setup
from feedsync.writers.escape import FORBIDDEN, xml_legal, xml_text
from feedsync.writers.spelling import entry_limits, spell_part, spell_scalar

_PLAIN = str.maketrans(dict.fromkeys(FORBIDDEN, ""))
_SAFE = ("integer", "decimal")  # their text holds nothing to escape
# a value of these types that is there always has a text; money and intervals are records with parts of their own
_PLAIN_TYPES: Final = frozenset({"text", "url", "gtin", "enum", "integer", "decimal", "boolean", "date", "datetime"})


class XmlWriter:
    """Writes RSS 2.0 or root/item documents: every element on a line of its own, missing values left out.

    Characters that XML cannot hold are left out; a carriage return becomes a character reference, because a parser
    would read it as a line feed.
    """

    def __init__(self, setup: Setup) -> None:
        form = setup.format
        assert isinstance(form, XmlFormat)
        self.suffix, self.compress, self.split_at = form.suffix, form.compress, None
        self._setup, self._format = setup, form
        self._item = "item" if form.document == "rss" else form.document.item
        self._head, self._tail = self._envelope()
        self._elements = [
            element for name, attribute in setup.attributes().items() for element in self._of(name, attribute)
        ]

    def begin(self) -> bytes:
        return self._head

    def items(self, frame: pl.DataFrame) -> bytes:
        if frame.is_empty():
            return b""
        item = pl.concat_str(self._parts(frame), ignore_nulls=True)
        # as Binary, so that no Python text is made of it
        data: bytes = frame.select(item.str.join("").cast(pl.Binary)).item()
        return xml_legal(data)

    def _parts(self, frame: pl.DataFrame) -> list[pl.Expr]:
        """What an item is put together from: an element as a whole where it may be missing, its tags and text where
        no row of the frame lacks it, which is three times as fast."""
        lacking = frame.null_count().row(0, named=True)
        parts = [pl.lit(f"<{self._item}>\n")]
        for element in self._elements:
            if element.column is None or lacking[element.column]:
                parts.append(element.whole)
            else:
                parts += [pl.lit(element.begin), element.text, pl.lit(element.end)]
        return [*parts, pl.lit(f"</{self._item}>\n")]

    def end(self) -> bytes:
        return self._tail

    def _envelope(self) -> tuple[bytes, bytes]:
        """What comes before the first item and after the last."""
        form, info = self._format, self._setup.info
        # lxml's name for the default namespace is None, which its stubs do not know
        namespaces = cast("dict[str, str]", {prefix or None: uri for prefix, uri in form.namespaces.items()})
        try:
            if form.document == "rss":
                root = etree.Element("rss", {"version": "2.0"}, nsmap=namespaces)
                parent = etree.SubElement(root, "channel")
                for name, text in (("title", info.title), ("link", info.link), ("description", info.description)):
                    etree.SubElement(parent, name).text = text.translate(_PLAIN)
                    parent[-1].tail = "\n"
                root.text = parent.text = parent.tail = "\n"
            else:
                root = parent = etree.Element(self._qualified(form.document.root), nsmap=namespaces)
                root.text = "\n"
            mark = etree.SubElement(parent, self._qualified(self._item))
            mark.tail = "\n"
        except ValueError as error:
            raise SpecError("writer_xml_name", self._setup.place, reason=error) from error
        document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
        head, _, tail = document.partition(f"<{self._item}/>\n".encode())
        return head, tail

    def _qualified(self, name: str) -> str:
        """A name with its prefix as lxml wants it: {uri}name."""
        prefix, _, local = name.rpartition(":")
        if prefix and prefix not in self._format.namespaces:
            raise SpecError("writer_prefix", self._setup.place, subject=self._setup.format_name, prefix=prefix)
        uri = self._format.namespaces.get(prefix)
        return f"{{{uri}}}{local}" if uri else local

    def _name(self, header: str, plain: bool = False) -> str:
        """An element's name in the file; SpecError where it is none."""
        name = header if plain else self._format.element.replace("{name}", header)
        try:
            etree.QName(self._qualified(name))
        except ValueError as error:
            raise SpecError("writer_xml_name", self._setup.place, reason=error) from error
        return name

    def _of(self, name: str, attribute: Attribute) -> list[_Element]:
        """The attribute's lines in an item; each null where the value is missing."""
        setup, column = self._setup, self._setup.column(name)
        plain = name in self._format.plain
        if attribute.type == "list":
            element = self._name(attribute.header or name, plain)
            return [_Element(_lines(column, _element(element, self._text(pl.element(), entry_limits(attribute)))))]
        if attribute.type == "group":
            element = self._name(attribute.header or name, plain)
            fields = [
                _element(self._name(field), self._text(pl.element().struct.field(field), limits))
                for field, limits in attribute.fields.items()
            ]
            inner = pl.concat_str(fields, ignore_nulls=True)
            return [_Element(_lines(column, _element(element, inner.replace("", None))))]
        elements = []
        for header, part in setup.parts(name):
            element = self._name(header, plain)
            if part:
                text = xml_text(spell_part(column, part, setup.spelling, setup.zone))
                elements.append(_Element(_element(element, text, "\n")))
                continue
            text = self._text(column, attribute)
            filled = name if name in setup.used and attribute.type in _PLAIN_TYPES else None
            elements.append(_Element(_element(element, text, "\n"), filled, f"<{element}>", text, f"</{element}>\n"))
        return elements

    def _text(self, column: pl.Expr, limits: Limits) -> pl.Expr:
        text = spell_scalar(column, limits, self._setup.spelling, self._setup.zone)
        return text if limits.type in _SAFE else xml_text(text)


class _Element(NamedTuple):
    """One element of an item: as a whole, null where it is missing; and in pieces, for frames where it never is."""

    whole: pl.Expr
    column: str | None = None
    """The column whose nulls say where it is missing; None where only the whole can tell."""
    begin: str = ""
    text: pl.Expr = pl.lit("")
    end: str = ""


def _element(name: str, content: pl.Expr, end: str = "") -> pl.Expr:
    return pl.concat_str(pl.lit(f"<{name}>"), content, pl.lit(f"</{name}>{end}"))


def _lines(column: pl.Expr, entry: pl.Expr) -> pl.Expr:
    """One line per entry of a list."""
    lines = column.list.eval(entry).list.drop_nulls().list.join("\n")
    return pl.concat_str(lines, pl.lit("\n")).replace("\n", None)
