"""The project's lookup tables: inline, or read from files by the strict CSV reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, Place, raise_all
from feedsync.expressions.scope import Table
from feedsync.frames import ROW
from feedsync.run.delimited import need_columns, read_delimited
from feedsync.specs.load import LoadedProject
from feedsync.specs.project import LookupFile


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
                tables[name] = _inline(loaded, name, lookup)
        except FeedsyncError as error:
            errors.append(error)
    raise_all(errors)
    return tables


def _inline(loaded: LoadedProject, name: str, lookup: Mapping[str, str]) -> Table:
    """A table of `key: value`; blanks around a key do not count, and two keys that differ by them alone are one."""
    table: dict[tuple[str, ...], str] = {}
    for key, value in lookup.items():
        plain = (key.strip(),)
        if plain in table and table[plain] != value:
            first = next(other for other in lookup if (other.strip(),) == plain)
            line = loaded.document.place(("lookups", name, first), key=True).line
            at = loaded.document.place(("lookups", name, key), key=True)
            raise ConfigError("lookup_repeated", at, subject=f"lookups.{name}", key=plain[0], line=line)
        table[plain] = value
    return Table(name, table)


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
    wanted = (*lookup.key, lookup.value)
    frame = read_delimited(path, wanted, root, env, delimiter=lookup.delimiter, encoding=lookup.encoding)
    need_columns(frame, wanted, place, f"lookups.{name}")
    return frame


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
