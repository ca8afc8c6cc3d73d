"""What a catalog's columns hold, and what changed since they were last looked at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from feedsync.catalog.shape import known_headers
from feedsync.errors import FeedsyncError
from feedsync.project import open_project
from feedsync.run.engine import Progress
from feedsync.run.profile import Column, Kind, Profile, kind_of, profile
from feedsync.run.remembered import Change, Remembered, changes, recall, remember
from feedsync.run.session import Job
from feedsync.run.starting.columns import choose
from feedsync.run.starting.form import form_of, read_file
from feedsync.run.starting.words import meanings
from feedsync.sources.open import open_source
from feedsync.specs.source import ColumnOf, FieldSpec

Harm = Literal[
    "spreadsheet", "check_digit", "mojibake", "mixed_decimals", "two_ways", "looks_net", "duplicates", "html", "spaces"
]
HARMS: Final[tuple[Harm, ...]] = (
    "spreadsheet", "check_digit", "mojibake", "mixed_decimals", "two_ways", "looks_net", "duplicates", "html", "spaces",
)  # fmt: skip
_PLAIN_FIELDS: Final = ("title", "brand", "color", "size", "material", "category", "sku")  # where HTML does harm
_ONCE: Final = ("sku", "gtin", "link")


@dataclass(frozen=True)
class Damage:
    """Cells that something happened to."""

    harm: Harm
    cells: int
    sample: str
    """The first such cell; '' where no single cell shows it."""
    percent: int | None = None
    """Of tax, for prices that look net."""


@dataclass(frozen=True)
class DescribedColumn:
    """One column as it stands in the source."""

    name: str
    field: str
    """The field that it fills, or that its header means; '' where there is none."""
    kind: Kind
    filled: int
    distinct: int
    exact: bool
    """Otherwise `distinct` is an estimate."""
    samples: tuple[str, ...]
    damage: tuple[Damage, ...]


@dataclass(frozen=True)
class Described:
    """One source: its columns, and what is different from the last time (None: the first time)."""

    name: str
    rows: int
    complete: bool
    columns: tuple[DescribedColumn, ...]
    drift: tuple[Change, ...] | None


@dataclass(frozen=True)
class Description:
    """All that was looked at. `unsaved`: why the next time cannot know of this one; '' where it can."""

    sources: list[Described] = field(default_factory=list)
    unsaved: str = ""


def describe(job: Job, file: Path | None = None) -> Description:
    """The columns of a file, or of all sources and tables of the project.

    What was found is kept in `.feedsync/describe.json` beside the project for the next time; nothing else is written.
    Raises FeedsyncError for what cannot be read whole.
    """
    root = job.project if job.project.is_dir() else job.project.parent
    found = [_of_file(root, file, job.progress)] if file is not None else _of_project(job)
    last = recall(root)
    now = {
        one.name: Remembered.of(one.rows, [(c.name, kind_of(c), c.filled) for c in one.columns.values()])
        for one, _ in found
    }
    described = [_described(one, fields, last.get(one.name), now[one.name]) for one, fields in found]
    return Description(described, remember(root, {**last, **now}))


def _of_file(root: Path, file: Path, progress: Progress | None) -> tuple[Profile, dict[str, str]]:
    declared = Path(os.path.relpath(root / file, root)).as_posix()
    _, found = read_file(form_of(root, declared), root, progress)
    columns = choose(found)
    fields = {one.column.name: one.field for one in columns.in_order()}
    return found, {name: fields.get(name, "") for name in found.columns}


def _meant(header: str) -> str:
    return next((one.field for one in meanings(header) if one.exact), "")


def _of_project(job: Job) -> list[tuple[Profile, dict[str, str]]]:
    """Sources of rows, joined ones, tables; frames of the Python API only where they are given."""
    project = open_project(job.project, job.env, job.target)
    spec, document = project.loaded.spec, project.loaded.document
    declared = [
        *(
            (one, ("catalog", "sources", number), spec.catalog.fields)
            for number, one in enumerate(spec.catalog.sources)
        ),
        *((one, ("tables", name), one.fields) for name, one in spec.tables.items()),
    ]
    found: list[tuple[Profile, dict[str, str]]] = []
    for one, path, fields in declared:
        place = document.place(path)
        try:
            source = open_source(one, project.root, job.frames, job.env, place)
            mine = profile(source, job.progress)
        except FeedsyncError as error:
            error.place = error.place or place
            raise
        preset = project.loaded.presets.preset(one)
        aliases = known_headers(list(mine.columns), preset.headers) if preset is not None else {}
        found.append((mine, _filled(mine, fields, aliases, one.name or one.path or "")))
    return found


def _filled(mine: Profile, fields: Mapping[str, FieldSpec], aliases: Mapping[str, str], source: str) -> dict[str, str]:
    """Column -> the field that it fills as it is."""
    by_column: dict[str, str] = {}
    for name, one in fields.items():
        column = one.from_ if one.from_ is not None else name
        if isinstance(column, ColumnOf):
            column = column.column if column.source == source else ""
        if one.template is None and column:
            by_column.setdefault(column, name)
    return {
        header: by_column.get(header) or by_column.get(aliases.get(header, header)) or "" for header in mine.columns
    }


def _described(found: Profile, fields: Mapping[str, str], before: Remembered | None, now: Remembered) -> Described:
    columns = tuple(_column(one, fields.get(name, "")) for name, one in found.columns.items())
    drift = None if before is None else tuple(changes(before, now))
    complete = found.proof is not None and found.proof.complete
    return Described(found.name, found.rows, complete, columns, drift)


def _column(one: Column, filled: str) -> DescribedColumn:
    kind = kind_of(one)
    damage = tuple(_damage(one, kind, filled or _meant(one.name)))
    return DescribedColumn(
        one.name, filled, kind, one.filled, one.distinct.count, one.distinct.exact, tuple(one.samples), damage
    )


def _damage(one: Column, kind: Kind, meant: str) -> list[Damage]:
    """What happened to cells, the worst first."""
    number = kind in ("decimal", "money", "integer")
    rate = one.taxless if number and meant in ("price", "sale_price", "") else None
    cells: dict[Harm, int] = {
        "spreadsheet": one.of("spreadsheet") if kind == "gtin" or meant in ("gtin", "sku") else 0,
        "check_digit": one.of("digits") - one.of("gtin") if kind == "gtin" else 0,
        "mojibake": one.of("mojibake"),
        "mixed_decimals": one.mixed,
        "two_ways": one.of("two_ways") if number and one.mark is None else 0,
        "looks_net": one.of("comma", "point", "integer") if rate is not None else 0,
        "duplicates": one.repeated if meant in _ONCE or (kind == "gtin") else 0,
        "html": one.of("html") if kind != "html" or meant in _PLAIN_FIELDS else 0,
        "spaces": one.of("spaces") if kind != "html" and meant != "description" else 0,
    }
    forms = {"mixed_decimals": "point" if one.mark == "," else "comma"}
    return [
        Damage(harm, cells[harm], one.shown.get(forms.get(harm, harm), ""), rate if harm == "looks_net" else None)
        for harm in HARMS
        if cells[harm] > 0
    ]
