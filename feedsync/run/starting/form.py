"""How a file is written: its encoding, its delimiter, where its records stand."""

from __future__ import annotations

import codecs
import contextlib
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from feedsync.errors import FeedsyncError, SourceError
from feedsync.run.engine import Progress
from feedsync.run.profile import Profile, profile
from feedsync.run.starting.words import meanings
from feedsync.sources.decoding import MARKS
from feedsync.sources.open import open_source
from feedsync.sources.packed import Unpacked
from feedsync.sources.stored import StoredFile
from feedsync.sources.workbook import WorkbookSource
from feedsync.specs.source import SourceSpec

SAMPLE: Final = 1 << 18  # bytes whose cells tell the delimiter
DEEP: Final = 4  # objects inside objects in which the products are looked for
WHOLE: Final = 64 << 20  # bytes of a JSON document that is looked at as a whole
DELIMITERS: Final = (",", ";", "\t", "|")
ENCODINGS: Final = ("windows-1252", "mac-roman", "cp850")
"""What files of western languages come in that are not UTF-8; the first wins where they tell the same."""
LETTERS: Final = "áéíóúüñ¿¡ºªçàèìòùâêîôûäößœãõëïÁÉÍÓÚÜÑÇÀÈÂÊÔÄÖÃÕ€’“”–°"
RECORDS: Final = (
    "rss/channel/item", "feed/entry", "products/product", "catalog/product", "yml_catalog/shop/offers/offer",
    "items/item", "shop/shopitem", "catalogue/product", "root/product", "offers/offer", "articles/article",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """The keys of the source that say how the file is written, and what was told of it."""

    declared: str
    """The file as feedsync.yaml names it."""
    keys: dict[str, str] = field(default_factory=dict)

    def source(self, **more: str) -> SourceSpec:
        """As a source of a project."""
        return SourceSpec.model_validate({"path": self.declared, **self.keys, **more})


def read_file(form: Form, root: Path, progress: Progress | None = None, **more: str) -> tuple[Form, Profile]:
    """The file read whole, and its form; CSV that is not strictly written is read leniently, with the same proofs.

    Raises SourceError for what cannot be read whole.
    """
    try:
        return form, profile(open_source(form.source(**more), root), progress)
    except SourceError:
        if "delimiter" not in form.keys or "dialect" in form.keys:
            raise
        lenient = Form(form.declared, {**form.keys, "dialect": "lenient"})
        try:
            return lenient, profile(open_source(lenient.source(**more), root), progress)
        except SourceError:
            pass
        raise  # the strict reading says better what is wrong


def form_of(root: Path, declared: str) -> Form:
    """The form of a file in the folder `root`. Raises SourceError where it cannot be read, ConfigError for a suffix
    that says nothing."""
    source = open_source(SourceSpec(path=declared), root)
    kind = type(source).__name__
    if kind == "CsvSource":
        return Form(declared, _text_keys(root, declared))
    if kind == "JsonSource":
        return Form(declared, _json_keys(root, declared))
    if kind == "XmlSource":
        return Form(declared, _xml_keys(root, declared))
    if isinstance(source, WorkbookSource):
        return Form(declared, _sheet_keys(source.sheets(), root, declared))
    return Form(declared)


def _sheet_keys(names: list[str], root: Path, declared: str) -> dict[str, str]:
    """The first sheet with products, where that is not the one that is read anyway."""
    for name in names if len(names) > 1 else ():
        try:
            block = next(iter(open_source(SourceSpec(path=declared, sheet=name), root).blocks()))
        except SourceError:
            continue  # where none has products, reading the first one says what is wrong
        if _is_product(dict.fromkeys(block.columns)):
            return {} if name == names[0] else {"sheet": name}
    return {}


def _chunks(root: Path, declared: str) -> Iterator[bytes]:
    return Unpacked(StoredFile(root / declared, declared)).chunks()


def _text_keys(root: Path, declared: str) -> dict[str, str]:
    first, suspicious = b"", b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in _chunks(root, declared):
        first += chunk[: SAMPLE - len(first)]
        if suspicious:
            break
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            suspicious = chunk
    mark = next((codec for mark, codec in MARKS if first.startswith(mark)), None)
    encoding = mark or (_encoding(suspicious) if suspicious else "utf-8")
    if mark and mark.startswith("utf-16"):
        encoding = "utf-16"
    text = first.decode(encoding, "replace").removeprefix("\ufeff")
    return {"delimiter": _delimiter(text), "encoding": encoding}


def _encoding(data: bytes) -> str:
    """The encoding in which most letters beyond ASCII are letters that western languages write."""
    odd = bytes(byte for byte in data if byte >= 0x80)
    if data.count(0) * 4 > len(data):
        return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"

    def told(encoding: str) -> int:
        return sum(letter in LETTERS for letter in odd.decode(encoding, "replace"))

    best = max(ENCODINGS, key=lambda one: (told(one), -ENCODINGS.index(one)))
    try:
        data.decode(best)
    except UnicodeDecodeError:
        return "latin-1"
    return best


def _delimiter(text: str) -> str:
    """The delimiter under which most records have as many cells as the header, and the header the most."""
    best, fit = ",", (0, 0)
    whole = text[: text.rfind("\n") + 1] or text
    for delimiter in DELIMITERS:
        widths = _widths(whole, delimiter)
        if not widths or widths[0] < 2:
            continue
        same = sum(width == widths[0] for width in widths) * 10 // len(widths)
        if (same, widths[0]) > fit:
            best, fit = delimiter, (same, widths[0])
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    widths: list[int] = []
    with contextlib.suppress(csv.Error):  # what was read so far tells enough
        widths.extend(len(record) for record in reader if record)
    return widths


def _json_keys(root: Path, declared: str) -> dict[str, str]:
    """Where the longest list of objects stands, and the list of variants inside its objects."""
    data = b"".join(chunk for chunk, _ in zip(_chunks(root, declared), range(WHOLE >> 22), strict=False))
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {}  # reading it as a source says what is wrong, or that its list is the document itself
    if isinstance(document, list):
        return _with_rows({}, document)
    objects = [(path, value) for path, value in _objects(document, ()) if _is_product(value)]
    lists = sorted(_lists(document, ()), key=lambda one: (not _is_product(one[1][0]), len(one[0]), -len(one[1])))
    if lists and (_is_product(lists[0][1][0]) or not objects) and not any(not path for path, _ in objects):
        path, records = lists[0]
        return _with_rows({"records": ".".join(path)}, records)
    path, record = objects[0] if objects else ((), document)
    return _with_rows({"records": ".".join(path) + "."}, [record])


def _is_product(record: Any) -> bool:
    """Whether an object has two of the things that every product has."""
    if not isinstance(record, dict):
        return False
    fields = {one.field for key, value in record.items() if not isinstance(value, dict) for one in meanings(key)}
    return len(fields & {"sku", "title", "price", "description"}) > 1


def _objects(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(value, dict) and len(path) < DEEP:
        yield path, value
        for key, inner in value.items():
            yield from _objects(inner, (*path, key))


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    for above, record in _objects(value, path):
        for key, inner in record.items():
            if isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner):
                yield (*above, key), inner


def _with_rows(keys: dict[str, str], records: list[Any]) -> dict[str, str]:
    """`rows` where each record holds a list of objects with numbers of their own."""
    for key in records[0] if records and isinstance(records[0], dict) else ():
        lists = [record.get(key) for record in records if isinstance(record, dict)]
        inner = [one for entries in lists if isinstance(entries, list) for one in entries]
        if inner and all(isinstance(one, dict) and {"sku", "SKU"} & set(one) for one in inner):
            return {**keys, "rows": key}
    return keys


def _xml_keys(root: Path, declared: str) -> dict[str, str]:
    for records in RECORDS:
        try:
            next(iter(open_source(SourceSpec(path=declared, records=records), root).blocks()))
        except FeedsyncError:
            continue
        return {"records": records}
    return {}
