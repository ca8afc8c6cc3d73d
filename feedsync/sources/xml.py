"""XML: one record per element at a path, read through a window: a file of any size in bounded memory.

A document type may be named, but is never read, and one that declares anything is refused: nothing is fetched, no
entity is expanded. What is cut short has no closing root tag, which the parser says with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl
from lxml import etree

from feedsync.errors import Place, SourceError
from feedsync.frames import ROW
from feedsync.sources.base import ROWS_PER_BLOCK, ProvedSource, check_headers, clipped
from feedsync.sources.cells import Cells, blank_to_null
from feedsync.sources.decoding import DecodedFile, is_encoding
from feedsync.sources.stored import BLOCK, Bytes, proof_of
from feedsync.sources.xml_rows import Elements, Names, name_of
from feedsync.specs.source import TreeSpec

KNOWN: Final = {"rss": "rss/channel/item", "feed": "feed/entry"}
"""Where the records of documents that everybody writes alike stand, by the root's name."""
RECORD_ELEMENTS: Final = 50_000
TEXT_PER_BLOCK: Final = 8 << 20
CELLS_PER_BLOCK: Final = 5_000_000  # a missing one has its place in memory, too
PATHS: Final = 200  # beside the records, remembered for the message that there are none
NAMED: Final = 5
LIMITS: Final = ("ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP", "ERR_NAME_TOO_LONG")
DECLARED: Final = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"'>]{1,60})[\"']")

DECLARES: Final = re.compile(rb"<!(?:ATTLIST|NOTATION)")


class XmlSource(ProvedSource):
    """The elements at a path as rows; their child elements and attributes as columns."""

    columns_grow = True
    ends = ("end",)

    def __init__(
        self,
        file: Bytes,
        *,
        records: str | None = None,
        tree: TreeSpec | None = None,
        encoding: str | None = None,
        block: int = BLOCK,
    ) -> None:
        """`records` is e.g. rss/channel/item, or an element's name wherever it stands; `block` is bytes, for tests."""
        super().__init__(file.name)
        self._file = DecodedFile(file, encoding, block, self._declared)
        self._records = tuple(records.split("/")) if records else ()
        self._tree = tree

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the record's number in the document, from 1."""
        self._proof = None
        cells = Cells()
        rows: list[dict[str, str]] = []
        columns: dict[str, None] = {}
        count = size = 0
        for row in _Reading(self._file, self._records, self._tree).rows():
            if not row.keys() <= columns.keys():
                check_headers(row, Place(self.name, count + 1))
                cells.meet(row, Place(self.name, count + 1))
                columns.update(dict.fromkeys(row))
            rows.append(row)
            count += 1
            size += sum(map(len, row.values()))
            if len(rows) == ROWS_PER_BLOCK or size > TEXT_PER_BLOCK or len(rows) * len(columns) > CELLS_PER_BLOCK:
                yield _frame(rows, columns, count, cells)
                rows, columns, size = [], {}, 0
        if rows:
            yield _frame(rows, columns, count, cells)
        self._proof = proof_of(self._file.stored, count, self.ends, stripped=cells.stripped)

    def _declared(self, start: bytes) -> str | None:
        """The encoding that the document names in its first line."""
        match = DECLARED.match(start.lstrip())
        if match is None:
            return None
        encoding = match[1].decode("ascii", "replace")
        if not is_encoding(encoding):
            raise SourceError("xml_encoding_unknown", Place(self.name, 1), encoding=clipped(encoding))
        return encoding


def _frame(rows: list[dict[str, str]], columns: Mapping[str, None], last: int, cells: Cells) -> pl.DataFrame:
    numbers = pl.Series(ROW, range(last - len(rows) + 1, last + 1), dtype=pl.UInt64)
    if not columns:
        return numbers.to_frame()
    frame = pl.from_dicts(rows, schema=dict.fromkeys(columns, pl.String), strict=True)
    return cells.printable(blank_to_null(frame)).with_columns(numbers)


class _Reading:
    """One pass over a document."""

    def __init__(self, file: DecodedFile, records: tuple[str, ...], tree: TreeSpec | None) -> None:
        self._file = file
        self._records = records
        self._place = Place(file.name)
        self._elements = Elements(self._place)
        self._tree = tuple(tree.path.split("/")) if tree else ()
        self._names = Names(tree, self._place) if tree else None
        self._met: dict[str, int] = {}  # paths beside the records, with their number
        self._count = 0

    def rows(self) -> Iterator[dict[str, str]]:
        """Column -> text of each record."""
        reader = _Reader(self._file.blocks())
        events = etree.iterparse(
            reader, events=("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True,
            load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False,
        )  # fmt: skip
        try:
            yield from self._walked(events)
        except etree.XMLSyntaxError:
            if not reader.any:
                raise SourceError("source_empty", self._place) from None
            raise self._broken(events.error_log[0], reader) from None
        if not self._count:
            raise self._no_records()

    def _walked(self, events: Iterator[tuple[str, etree._Element]]) -> Iterator[dict[str, str]]:
        path: list[str] = []
        kept = inside = 0  # how deep the record or node of the tree at hand stands, and its elements so far
        for event, element in events:
            if event == "start":
                if not path:
                    self._begin(element)
                path.append(name_of(element))
                inside += 1
                if not kept and (_at(path, self._records) or _at(path, self._tree)):
                    kept, inside = len(path), 0
                elif kept and inside > RECORD_ELEMENTS:
                    raise SourceError("xml_record_large", self._place, number=self._count + 1, elements=RECORD_ELEMENTS)
                continue
            if not kept or len(path) == kept:
                if kept:
                    yield from self._taken(path, element)
                else:
                    self._beside(path)
                kept = 0
                _forget(element)
            path.pop()

    def _taken(self, path: list[str], element: etree._Element) -> Iterator[dict[str, str]]:
        """The record; a node of the tree is remembered."""
        row = self._elements.row(element)
        if self._names is not None and _at(path, self._tree):
            if self._count:
                raise SourceError("xml_tree_behind", self._place, path="/".join(self._tree))
            self._names.add(row, path[-1])
            return
        self._count += 1
        if self._names is not None:
            self._names.fill(row)
        yield row

    def _begin(self, root: etree._Element) -> None:
        """What the root says: declarations are refused, well-known documents need no path."""
        declared = root.getroottree().docinfo.internalDTD
        if declared is not None and (any(declared.iterentities()) or any(declared.iterelements()) or _declares(root)):  # type: ignore[attr-defined]  # the stubs lack them
            raise SourceError("xml_doctype", self._place)
        known = KNOWN.get(name_of(root))
        if not self._records and known:
            self._records = tuple(known.split("/"))

    def _beside(self, path: list[str]) -> None:
        joined = "/".join(path)
        if joined in self._met or len(self._met) < PATHS:
            self._met[joined] = self._met.get(joined, 0) + 1

    def _no_records(self) -> SourceError:
        holding = {path.rpartition("/")[0] for path in self._met}
        likely = sorted(self._met, key=lambda path: (path not in holding, -self._met[path], path.count("/")))
        known = ", ".join(clipped(path) for path in likely[:NAMED] if self._met[path] > 1) or "–"
        if not self._records:
            return SourceError("xml_no_records", self._place, known=known)
        parents = ["/".join(self._records[:-1])]
        if len(self._records) > 1 and parents[0] in self._met:
            return SourceError("source_no_products", self._place)
        return SourceError("xml_no_path", self._place, path="/".join(self._records), known=known)

    def _broken(self, error: etree._LogEntry, reader: _Reader) -> SourceError:
        """What the parser says first, with its line and column."""
        said = clipped(error.message, 120)
        place = Place(self._file.name, error.line, max(error.column, 0))
        if error.type_name in LIMITS:
            return SourceError("xml_large", place, reason=said)
        if error.type_name == "ERR_UNDECLARED_ENTITY":
            return SourceError("xml_entity", place, reason=said)
        if (error.line, error.column) > reader.last_tag > (1, 0):
            return SourceError("xml_cut", place)
        return SourceError("xml_broken", place, reason=said)


class _Reader:
    """The blocks as what the parser reads from."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.any = False
        """Anything but blanks was read."""
        self.last_tag = (1, 0)
        """Line and column of the last > read: what is broken behind it was cut off."""
        self._line, self._column = 1, 0
        self._blocks = blocks
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Some bytes, `size` at most; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        taken = bytes(self._rest[:size] if size > 0 else self._rest)
        self._rest = self._rest[len(taken) :]
        self.any = self.any or bool(taken.strip())
        self._follow(taken)
        return taken

    def _follow(self, taken: bytes) -> None:
        tag = taken.rfind(b">")
        if tag >= 0:
            self._count(taken[: tag + 1])
            self.last_tag = (self._line, self._column)
        self._count(taken[tag + 1 :])

    def _count(self, taken: bytes) -> None:
        head, found, last = taken.rpartition(b"\n")
        self._line += head.count(b"\n") + len(found)
        self._column = len(last.decode("utf-8", "ignore")) + (0 if found else self._column)


def _at(path: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether the path is the wanted one; one name alone is an element wherever it stands."""
    return path[-1:] == [*wanted] if len(wanted) == 1 else len(path) == len(wanted) and tuple(path) == wanted


def _declares(root: etree._Element) -> bool:
    """Whether the DOCTYPE declares attributes or notations, which the parser keeps and lists nowhere."""
    return DECLARES.search(etree.tostring(root.getroottree())) is not None


def _forget(element: etree._Element) -> None:
    """Let go of what was read, and of all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
