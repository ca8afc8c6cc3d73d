"""The files that a pattern finds: the newest, or all of them in the order of their names."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Final

from feedsync.errors import ConfigError, Place, SourceError
from feedsync.specs.source import SourceSpec

SIGNS: Final = "*?["


def is_pattern(spec: SourceSpec, root: Path) -> bool:
    """Whether the path stands for what it finds. A file of just that name goes before the pattern."""
    declared = spec.path or ""
    if not any(sign in declared for sign in SIGNS):
        if spec.pick is not None:
            raise ConfigError("pick_without_pattern", subject=declared)
        return False
    if spec.pick is not None:
        return True
    if (root / declared).exists():
        return False
    raise ConfigError("pattern_without_pick", subject=declared)


def files_found(declared: str, root: Path) -> list[str]:
    """The names of the files, in order, as the pattern writes them; a SourceError where it finds none. Names that start
    with a dot are half-written or hidden files."""
    names = [name for name in _found(declared, root) if (root / name).is_file()]
    if not names:
        raise SourceError("source_none_found", Place(declared))
    return sorted(names)


def _found(declared: str, root: Path) -> set[str]:
    """What the pattern matches. `**` goes into the folders below, but through no link: one that leads back up would be
    walked for ever, and glob follows them."""
    before, deep, after = declared.partition("**/")
    if not deep or "**" in after:
        return set(glob.glob(declared, root_dir=root))  # without recursive, ** is one folder or name, as * is
    found: set[str] = set()
    for top in glob.glob(before, root_dir=root) if before else [""]:
        for folder, below, _ in os.walk(root / top):
            below[:] = [name for name in below if not name.startswith(".")]
            inside = os.path.join(top, os.path.relpath(folder, root / top), "")
            found.update(os.path.normpath(inside + name) for name in glob.glob(after, root_dir=folder))
    return found


def newest(names: list[str], root: Path) -> str:
    """The file written last; of several of one moment the last one by name."""
    try:
        return max(names, key=lambda name: ((root / name).stat().st_mtime_ns, name))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError("source_unreadable", Place(str(error.filename or "")), reason=reason) from error
