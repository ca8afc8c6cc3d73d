"""What the columns of a source were like the last time: one small file beside the project."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

FILE: Final = Path(".feedsync") / "describe.json"
VERSION: Final = "1.0"
POINTS: Final = 5  # of a hundred by which more or fewer cells are filled before it is told
_LIMIT: Final = 64 << 20  # bytes; a larger file is none of ours
What = Literal["rows", "column_new", "column_gone", "kind", "filled"]


@dataclass(frozen=True)
class Change:
    """Something that is not as it was. `before` and `after` are counts, percentages or kinds; '' for a column."""

    what: What
    column: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Remembered:
    """A source as it was: its rows, and for each column its kind and how many hundredths of the rows it fills."""

    rows: int
    columns: dict[str, tuple[str, int]]

    @classmethod
    def of(cls, rows: int, columns: Sequence[tuple[str, str, int]]) -> Remembered:
        """From (name, kind, filled cells)."""
        return cls(rows, {name: (kind, filled * 100 // max(rows, 1)) for name, kind, filled in columns})


def changes(before: Remembered, now: Remembered) -> Iterator[Change]:
    """What is different now."""
    if before.rows != now.rows:
        yield Change("rows", "", str(before.rows), str(now.rows))
    for name in before.columns:
        if name not in now.columns:
            yield Change("column_gone", name)
    for name, (kind, filled) in now.columns.items():
        if name not in before.columns:
            yield Change("column_new", name)
            continue
        old_kind, old_filled = before.columns[name]
        if old_kind != kind:
            yield Change("kind", name, old_kind, kind)
        if abs(old_filled - filled) >= POINTS:
            yield Change("filled", name, str(old_filled), str(filled))


def recall(root: Path) -> dict[str, Remembered]:
    """Source -> what it was like; nothing where the file is not there or not readable: then this is the first time."""
    try:
        if (root / FILE).stat().st_size > _LIMIT:
            return {}
        data = json.loads((root / FILE).read_bytes())
        return (
            {str(name): _read(one) for name, one in data["sources"].items()}
            if data["format_version"] == VERSION
            else {}
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def remember(root: Path, sources: Mapping[str, Remembered]) -> str:
    """Replace the file in one step; why it could not be written, or ''."""
    data = {
        "format_version": VERSION,
        "sources": {
            name: {"rows": one.rows, "columns": {column: list(facts) for column, facts in one.columns.items()}}
            for name, one in sorted(sources.items())
        },
    }
    file = root / FILE
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(exist_ok=True)
        with new.open("wb") as stream:
            stream.write((json.dumps(data, ensure_ascii=True, indent=1) + "\n").encode())
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        return error.strerror or str(error)
    return ""


def _read(one: Any) -> Remembered:
    columns = {str(name): (str(kind), int(filled)) for name, (kind, filled) in one["columns"].items()}
    return Remembered(int(one["rows"]), columns)
