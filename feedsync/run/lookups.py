"""The project's lookup tables: inline, or read from files by the strict CSV reader."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, Place, nearest, raise_all
from feedsync.expressions.scope import Table
from feedsync.frames import ROW
from feedsync.sources.open import open_source
from feedsync.specs.load import LoadedProject
from feedsync.specs.project import LookupFile, SourceSpec

DELIMITERS: Final = (",", ";", "\t", "|")
HEADER_BYTES: Final = 64 * 1024
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_lookups(loaded: LoadedProject, env: Mapping[str, str]) -> dict[str, Table]:
    """Every lookup of the project; all mistakes are raised together. A repeated key is one of them."""
    tables: dict[str, Table] = {}
    errors: list[FeedsyncError] = []
    for name, lookup in loaded.spec.lookups.items():
        place = loaded.document.place(("lookups", name), key=True)
        try:
            if isinstance(lookup, LookupFile):
                frame = (
                    _rows(lookup) if lookup.path is None else _file(name, lookup, lookup.path, loaded.root, env, place)
                )
                tables[name] = _table(name, lookup, frame, place)
            else:
                tables[name] = Table(name, {(key.strip(),): value for key, value in lookup.items()})
        except FeedsyncError as error:
            errors.append(error)
    raise_all(errors)
    return tables


def _rows(lookup: LookupFile) -> pl.DataFrame:
    """The rows that stand in feedsync.yaml; their numbers count from 1."""
    columns = (*lookup.key, lookup.value)
    rows = pl.DataFrame(
        {column: [row[column] for row in lookup.rows] for column in columns}, dict.fromkeys(columns, pl.String)
    )
    blank = pl.all().str.strip_chars() == ""
    return rows.select(pl.when(~blank).then(pl.all())).with_row_index(ROW, 1)


def _file(name: str, lookup: LookupFile, path: str, root: Path, env: Mapping[str, str], place: Place) -> pl.DataFrame:
    """The file's rows as text."""
    declared = SourceSpec(
        path=path, delimiter=lookup.delimiter or _delimiter(root / path, lookup), encoding=lookup.encoding
    )
    frame = pl.concat(list(open_source(declared, root, None, env).blocks()), how="diagonal")
    for column in (*lookup.key, lookup.value):
        if column not in frame.columns:
            known = ", ".join(header for header in frame.columns if header != ROW)
            near = nearest(column, frame.columns)
            raise ConfigError("lookup_column", place, subject=f"lookups.{name}", column=column, near=near, known=known)
    return frame


def _delimiter(file: Path, lookup: LookupFile) -> str | None:
    """The one mark that makes most of the wanted columns of the file's first line; None where several do as well, or
    where the file is none of delimited text."""
    suffixes = [suffix.lower() for suffix in file.suffixes if suffix.lower() != ".gz"]
    if not suffixes or suffixes[-1] not in (".csv", ".tsv", ".txt") or not file.is_file():
        return None
    line = _first_line(file, lookup.encoding)
    wanted = {*lookup.key, lookup.value}
    found = {mark: len(wanted.intersection(next(csv.reader([line], delimiter=mark), []))) for mark in DELIMITERS}
    best = [mark for mark, columns in found.items() if columns == max(found.values())]
    return best[0] if len(best) == 1 else None


def _first_line(file: Path, encoding: str | None) -> str:
    """The header as text; what does not decode is the reader's to say."""
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as stream:
            start = stream.read(HEADER_BYTES)
    except (OSError, EOFError, zlib.error):
        return ""
    mark = next((name for bom, name in _MARKS if start.startswith(bom)), None)
    try:
        text = start.decode(mark or encoding or "utf-8", "replace")
    except LookupError:
        return ""
    return text.replace("\x00", "").lstrip("\ufeff").splitlines()[0] if text.strip() else ""


def _table(name: str, lookup: LookupFile, frame: pl.DataFrame, place: Place) -> Table:
    """The table; a key with two values is a mistake."""
    keys = [pl.col(column).str.strip_chars() for column in lookup.key]
    rows = frame.filter(pl.all_horizontal(key.is_not_null() for key in keys) & pl.col(lookup.value).is_not_null())
    table: dict[tuple[str, ...], str] = {}
    lines: dict[tuple[str, ...], int] = {}
    picked = rows.select(
        *(key.alias(f"k{i}") for i, key in enumerate(keys)), pl.col(lookup.value).str.strip_chars().alias("v"), ROW
    )
    prefix = lookup.match == "prefix"
    for *parts, value, row in picked.iter_rows():
        key = tuple(parts)
        if prefix:  # blanks around the steps of a path do not count
            key = (f" {lookup.separator} ".join(step.strip() for step in parts[0].split(lookup.separator)),)
        if key in table and table[key] != value:
            said = {"key": ", ".join(parts), "line": lines[key]}
            if lookup.path is None:
                raise ConfigError("lookup_row_repeated", place, subject=f"lookups.{name}", row=row, **said)
            raise ConfigError("lookup_repeated", Place(lookup.path, row), subject=f"lookups.{name}", **said)
        table[key] = value
        lines.setdefault(key, row)
    return Table(name, table, keys=lookup.key, prefix=prefix, separator=lookup.separator)
