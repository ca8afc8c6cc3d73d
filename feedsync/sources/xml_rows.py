"""An XML element as a row: child elements, nested ones and attributes as columns; and names out of a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from feedsync.errors import ConfigError, Place, SourceError
from feedsync.sources.base import clipped
from feedsync.specs.source import TreeSpec

if TYPE_CHECKING:
    from lxml import etree

NODES: Final = 1_000_000
XML: Final = "http://www.w3.org/XML/1998/namespace"


def name_of(element: etree._Element) -> str:
    """An element's name as the document writes it, with its prefix: g:id."""
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


class Elements:
    """Rows out of elements."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def row(self, element: etree._Element) -> dict[str, str]:
        """Column -> text.

        A child `title` is the column `title`, the child of a child `shipping/price`, an attribute `price@currency`,
        one of the element itself `@id`, its own text has its name. Elements that repeat are one text of several
        lines; what one of them lacks is an empty line, so that the columns of a group stay side by side.
        """
        found = self._cells(element, "")
        own = found.pop("", None)
        return found if own is None else {**found, name_of(element): own}

    def _cells(self, element: etree._Element, name: str) -> dict[str, str]:
        attributes = {f"{name}@{_attribute(element, str(key))}": str(value) for key, value in element.attrib.items()}
        if not len(element):
            text = _unindented(element.text or "")
            return {name: text, **attributes} if text else attributes
        found = attributes
        groups: dict[str, list[etree._Element]] = {}
        texts = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                raise SourceError("xml_entity", self._place, reason=clipped(child.text or ""))
            groups.setdefault(name_of(child), []).append(child)
            texts.append(child.tail or "")
        if mixed := " ".join("".join(texts).split()):
            found[name] = mixed
        for key, ones in groups.items():
            column = f"{name}/{key}" if name else key
            if len(ones) == 1:
                found.update(self._cells(ones[0], column))
            else:
                found.update(_several([self._cells(one, column) for one in ones]))
        return found


def _unindented(text: str) -> str:
    """Without the line ends and the indentation around it; blanks that stand beside it are its own."""
    if "\n" not in text:
        return text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return text[start if "\n" in text[:start] else 0 : end if "\n" in text[end:] else None]


def _several(parts: list[dict[str, str]]) -> dict[str, str]:
    columns = dict.fromkeys(column for part in parts for column in part)
    return {column: "\n".join(" ".join(part.get(column, "").split()) for part in parts) for column in columns}


def _attribute(element: etree._Element, key: str) -> str:
    """The attribute's name as the document writes it."""
    if not key.startswith("{"):
        return key
    space, _, local = key[1:].partition("}")
    prefix = "xml" if space == XML else next((p for p, uri in element.nsmap.items() if uri == space and p), "")
    return f"{prefix}:{local}" if prefix else local


class Names:
    """A tree of names, such as categories, by the ids that records give."""

    def __init__(self, spec: TreeSpec, place: Place) -> None:
        self._spec = spec
        self._place = place
        self._nodes: dict[str, tuple[str | None, str]] = {}
        self._paths: dict[str, str] = {}

    def add(self, row: dict[str, str], own: str) -> None:
        """Take a node; `own` is the column of its text."""
        key = row.get(self._spec.id)
        if key is None:
            raise SourceError("xml_tree_id", self._place, id=self._spec.id, number=len(self._nodes) + 1)
        if key in self._nodes:
            raise SourceError("xml_tree_twice", self._place, id=clipped(key))
        if len(self._nodes) == NODES:
            raise SourceError("xml_tree_large", self._place, nodes=NODES)
        self._nodes[key] = (row.get(self._spec.parent), row.get(self._spec.name or own, ""))

    def fill(self, row: dict[str, str]) -> None:
        """Put the path of names where the record's ids lead; an id that the tree does not have leads nowhere."""
        if self._spec.into in row:
            raise ConfigError("xml_tree_into", self._place, column=self._spec.into)
        ids = row.get(self._spec.column, "").split("\n")
        if text := "\n".join(filter(None, map(self._path, ids))):
            row[self._spec.into] = text

    def _path(self, key: str) -> str:
        if key not in self._paths:
            names: list[str] = []
            passed: dict[str, None] = {}
            at: str | None = key
            while at is not None and at in self._nodes:
                if at in passed:
                    raise SourceError("xml_tree_circle", self._place, id=clipped(key))
                passed[at] = None
                at, name = self._nodes[at]
                names.append(name)
            self._paths[key] = self._spec.separator.join(reversed([name for name in names if name]))
        return self._paths[key]
