"""Delimited text files that feedsync.yaml names besides its sources: read as they come, as text."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from feedsync.errors import ConfigError, Place, SourceError, nearest
from feedsync.frames import ROW
from feedsync.sources.open import open_source
from feedsync.specs.source import SourceSpec

DELIMITERS: Final = (",", ";", "\t", "|")
HEADER_BYTES: Final = 64 * 1024
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_delimited(
    path: str,
    wanted: Collection[str],
    root: Path,
    env: Mapping[str, str],
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    may_be_empty: bool = False,
) -> pl.DataFrame:
    """The file's rows as texts, with `_row`. Without a delimiter the one that makes the wanted columns is taken.

    `may_be_empty`: a header alone is no mistake, as where exceptions are written down and there are none today.
    """
    declared = SourceSpec(
        path=path, delimiter=delimiter or found_delimiter(root / path, wanted, encoding), encoding=encoding
    )
    source = open_source(declared, root, None, env)
    try:
        frame: pl.DataFrame = pl.concat(list(source.blocks()), how="diagonal")
    except SourceError as error:
        if not may_be_empty or error.key != "source_no_rows":
            raise
        frame = _header(root / path, declared)
    return frame


def _header(file: Path, declared: SourceSpec) -> pl.DataFrame:
    """No rows, with the columns of the file's first line."""
    names = next(csv.reader([_first_line(file, declared.encoding)], delimiter=declared.delimiter or ","), [])
    return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), ROW: pl.UInt64})


def need_columns(frame: pl.DataFrame, wanted: Collection[str], place: Place, subject: str) -> None:
    """Raises ConfigError for a column that the file does not have."""
    for column in wanted:
        if column not in frame.columns:
            known = ", ".join(header for header in frame.columns if header != ROW)
            near = nearest(column, frame.columns)
            raise ConfigError("lookup_column", place, subject=subject, column=column, near=near, known=known)


def found_delimiter(file: Path, wanted: Collection[str], encoding: str | None) -> str | None:
    """The one mark that makes most of the wanted columns of the file's first line; None where several do as well, or
    where the file is none of delimited text."""
    suffixes = [suffix.lower() for suffix in file.suffixes if suffix.lower() != ".gz"]
    if not suffixes or suffixes[-1] not in (".csv", ".tsv", ".txt") or not file.is_file():
        return None
    line = _first_line(file, encoding)
    found = {mark: len(set(wanted).intersection(next(csv.reader([line], delimiter=mark), []))) for mark in DELIMITERS}
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
