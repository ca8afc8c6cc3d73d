"""The project's lookup tables: inline, or read from files by the strict CSV reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, Place, nearest, raise_all
from feedsync.expressions.scope import Table
from feedsync.frames import ROW
from feedsync.sources.open import open_source
from feedsync.specs.load import LoadedProject
from feedsync.specs.project import LookupFile, SourceSpec


def read_lookups(loaded: LoadedProject, env: Mapping[str, str]) -> dict[str, Table]:
    """Every lookup of the project; all mistakes are raised together. A repeated key is one of them."""
    tables: dict[str, Table] = {}
    errors: list[FeedsyncError] = []
    for name, lookup in loaded.spec.lookups.items():
        place = loaded.document.place(("lookups", name), key=True)
        try:
            if isinstance(lookup, LookupFile):
                tables[name] = _file(name, lookup, loaded.root, env, place)
            else:
                tables[name] = Table(name, {(key.strip(),): value for key, value in lookup.items()})
        except FeedsyncError as error:
            errors.append(error)
    raise_all(errors)
    return tables


def _file(name: str, lookup: LookupFile, root: Path, env: Mapping[str, str], place: Place) -> Table:
    declared = SourceSpec(path=lookup.path, delimiter=lookup.delimiter, encoding=lookup.encoding)
    frame = pl.concat(list(open_source(declared, root, None, env, place).blocks()), how="diagonal")
    for column in (*lookup.key, lookup.value):
        if column not in frame.columns:
            known = ", ".join(header for header in frame.columns if header != ROW)
            near = nearest(column, frame.columns)
            raise ConfigError("lookup_column", place, subject=f"lookups.{name}", column=column, near=near, known=known)
    keys = [pl.col(column).str.strip_chars() for column in lookup.key]
    rows = frame.filter(pl.all_horizontal(key.is_not_null() for key in keys) & pl.col(lookup.value).is_not_null())
    table: dict[tuple[str, ...], str] = {}
    lines: dict[tuple[str, ...], int] = {}
    picked = rows.select(
        *(key.alias(f"k{i}") for i, key in enumerate(keys)), pl.col(lookup.value).str.strip_chars().alias("v"), ROW
    )
    for *key, value, row in picked.iter_rows():
        if tuple(key) in table and table[tuple(key)] != value:
            first = lines[tuple(key)]
            raise ConfigError(
                "lookup_repeated", Place(lookup.path, row), subject=f"lookups.{name}", key=", ".join(key), line=first
            )
        table[tuple(key)] = value
        lines[tuple(key)] = row
    prefix = lookup.match == "prefix"
    return Table(name, table, keys=lookup.key, prefix=prefix, separator=lookup.separator)
