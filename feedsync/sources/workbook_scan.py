"""A workbook proved before it is read: every part's checksum, and what a reader of its cells would pass over."""

from __future__ import annotations

import re
import struct
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Final

from feedsync.errors import Place, SourceError
from feedsync.sources.packed import Gauge
from feedsync.sources.workbook_ods import Reach

CELLS: Final = 50_000_000  # from the first row and column to the last; the reader holds that many places
TEXT: Final = 2 << 30  # bytes of shared texts that the cells of a sheet are; the reader makes one of each for each cell
PIECE: Final = 1 << 20
OVERLAP: Final = 4096
TAG: Final = 100
OLD: Final = b"\xd0\xcf\x11\xe0"
_CELL: Final = rb"<(?:\w+:)?c\b[^>]*?"
_ERROR: Final = re.compile(_CELL + rb"""\bt\s*=\s*["']e["'][^>]*>""")
_NO_RESULT: Final = re.compile(_CELL + rb">\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>")
_ERROR_ODS: Final = re.compile(rb'<[^>]*:value-type="error"')
_MARK: Final = re.compile(rb"<text:(tab|line-break)\s*(?:/>|>\s*</text:(?:tab|line-break)>)")
_REF: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER: Final = re.compile(rb"""\br\s*=\s*["']([0-9]{1,7})["']""")
_ANY_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_BARE: Final = re.compile(rb"""<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)""")
_SHARED: Final = re.compile(
    rb"""\bt\s*=\s*["']s["'][^>]*>(?:\s*<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)?\s*<(?:\w+:)?v\b[^>]*>\s*([0-9]{1,9})"""
)
_STRING_END: Final = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_LINK: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


@dataclass
class Scan:
    """What stands in a sheet besides values."""

    errors: int = 0
    """Cells that hold an error of a formula, such as #N/A."""
    unknown: int = 0
    """Cells whose formula was never calculated."""
    marks: bool = False
    """An .ods file has tabs or line breaks inside a line, which are elements there."""
    currencies: dict[str, dict[str, int]] = field(default_factory=dict)
    """By sheet of an .ods file: currencies of its cells, with how many have each. The reader gives only the numbers."""
    first_error: str = ""
    first_unknown: str = ""


def prove(path: Path, place: Place) -> None:
    """Every part of the workbook read to its checksum. A SourceError for what is damaged, cut short, an old or a
    protected workbook, or unpacks to far too much."""
    with path.open("rb") as file:
        if file.read(len(OLD)) == OLD:
            raise SourceError("workbook_old", place)
    with _opened(path, place) as archive:
        gauge = Gauge(place, path.stat().st_size)
        for one in archive.infolist():
            with archive.open(one) as content:
                while piece := content.read(PIECE):
                    gauge.grown(piece)


def looked_through(path: Path, place: Place, sheet: str | None) -> Scan:
    """What a sheet holds besides values; None for an .ods file, which has one part for all sheets. A SourceError for
    one that spans far too many cells, or holds far too much text."""
    with _opened(path, place) as archive:
        looking = _Looking(place, array("Q") if sheet is None else _lengths(archive))
        reach = Reach(place, CELLS) if sheet is None else None
        part = "content.xml" if sheet is None else _part(archive, sheet)
        with archive.open(part) as content:
            while piece := content.read(PIECE):
                if reach:
                    reach.take(piece)
                looking.take(piece)
    looking.end()
    if reach:
        reach.take(b"", last=True)
        looking.scan.currencies = reach.currencies
    return looking.scan


def _lengths(archive: zipfile.ZipFile) -> array[int]:
    """How many bytes each shared text of an .xlsx file is, at most."""
    lengths = array("Q")
    for part in (name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"):
        with archive.open(part) as content:
            before = 0  # bytes of the text at hand that are read and no longer held
            rest = b""
            while piece := content.read(PIECE):
                data = rest + piece
                start = 0
                for match in _STRING_END.finditer(data):
                    lengths.append(before + match.end() - start)
                    before, start = 0, match.end()
                cut = max(start, len(data) - TAG)
                before += cut - start
                rest = data[cut:]
    return lengths


@contextmanager
def spelled_out(path: Path) -> Iterator[Path]:
    """A copy of an .ods file in which tabs and line breaks are characters: the reader of cells passes over the elements
    and would join the words beside them."""
    with tempfile.TemporaryDirectory(prefix="feedsync-") as folder:
        copy = Path(folder) / "content.ods"
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as written:
            for one in ("mimetype", "META-INF/manifest.xml"):
                if one in archive.namelist():
                    written.writestr(one, archive.read(one))
            with archive.open("content.xml") as content, written.open("content.xml", "w", force_zip64=True) as out:
                rest = b""
                while piece := content.read(PIECE):
                    data = rest + piece
                    end = data.rfind(b"<text:", max(0, len(data) - OVERLAP))
                    out.write(_MARK.sub(_character, data[: end if end > 0 else None]))
                    rest = data[end:] if end > 0 else b""
                out.write(_MARK.sub(_character, rest))
        yield copy


def _character(mark: re.Match[bytes]) -> bytes:
    return b"&#9;" if mark[1] == b"tab" else b"&#10;"


@contextmanager
def _opened(path: Path, place: Place) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except NotImplementedError:
        raise SourceError("workbook_damaged", place) from None
    except RuntimeError:  # zipfile's word for a part with a password
        raise SourceError("workbook_old", place) from None
    except (zipfile.BadZipFile, EOFError, zlib.error, KeyError, OSError, ValueError, struct.error):
        raise SourceError("workbook_damaged", place) from None


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The file of a sheet; a KeyError where the workbook has none."""
    book = archive.read("xl/workbook.xml")
    links = archive.read("xl/_rels/workbook.xml.rels")
    ids = {_said(one, rb"name"): _said(one, rb"\w+:id") for one in _SHEET.findall(book)}
    targets = {_said(one, rb"Id"): _said(one, rb"Target") for one in _LINK.findall(links)}
    target = targets[ids[sheet]]
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _said(tag: bytes, attribute: bytes) -> str:
    match = re.search(rb"\s" + attribute + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape((match[1] or match[2] or b"").decode()) if match else ""


class _Looking:
    """A sheet's XML, piece by piece."""

    def __init__(self, place: Place, lengths: array[int]) -> None:
        self.scan = Scan()
        self._lengths = lengths
        self._text = 0
        self._place = place
        self._rest = b""
        self._columns: dict[bytes, None] = {}
        self._rows = self._width = 1
        self._in_row = 0  # cells of the row at hand, where some do not say where they stand

    def take(self, piece: bytes) -> None:
        """The next piece; a cell that it ends in waits for the one after it."""
        data = self._rest + piece
        end = data.rfind(b"<c ")
        end = end if end > 0 else max(0, len(data) - OVERLAP)
        self._look(data[:end])
        self._rest = data[end:]

    def end(self) -> None:
        """What waited."""
        self._look(self._rest)

    def _look(self, data: bytes) -> None:
        scan = self.scan
        scan.marks = scan.marks or _MARK.search(data) is not None
        for match in (*_ERROR.finditer(data), *_ERROR_ODS.finditer(data)):
            scan.errors += 1
            scan.first_error = scan.first_error or _cell(match)
        for match in _NO_RESULT.finditer(data):
            scan.unknown += 1
            scan.first_unknown = scan.first_unknown or _cell(match)
        if self._lengths:
            known = len(self._lengths)
            self._text += sum(self._lengths[at] for at in map(int, _SHARED.findall(data)) if at < known)
            if self._text > TEXT:
                raise SourceError("workbook_text", self._place, mebibytes=TEXT >> 20)
        if refs := _REF.findall(data):
            self._columns.update(dict.fromkeys(column for column, _ in refs))
            self._rows = max(self._rows, *(int(row) for _, row in (refs[0], refs[-1])))
            self._width = max(self._width, *map(_number, self._columns))
        self._unnumbered(data)
        if self._rows * self._width > CELLS:
            raise SourceError("workbook_large", self._place, millions=CELLS // 1_000_000)

    def _unnumbered(self, data: bytes) -> None:
        """Rows say where they stand; cells may follow each other without saying so."""
        first, *rest = _ROW.split(data)
        numbers = [int(number[1]) for said in rest[::2] if (number := _ROW_NUMBER.search(said))]
        self._rows = max(self._rows, *numbers, 1)
        if not self._in_row and not _BARE.search(data):
            return
        for more, cells in ((True, first), *((False, part) for part in rest[1::2])):
            self._in_row = (self._in_row if more else 0) + len(_ANY_CELL.findall(cells))
            self._width = max(self._width, self._in_row)


def _cell(match: re.Match[bytes]) -> str:
    ref = _REF.search(match[0])
    return f"{ref[1].decode()}{ref[2].decode()}" if ref else ""


def _number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
