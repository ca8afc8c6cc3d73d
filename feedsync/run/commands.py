"""The jobs a user asks for. The command line and the Python API call these and nothing deeper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """What every job needs: the project and how it is to be read."""

    project: Path
    """A folder with feedsync.yaml, or the file."""
    as_of: date | None = None
    """The run's date; today in the catalog's time zone otherwise."""
    frames: Mapping[str, Any] = field(default_factory=dict)
    """Frames for sources declared with `frame: true`, by name."""
    env: Mapping[str, str] = field(default_factory=dict)
    progress: Any = None
    """Called with (stage: str, done: int, total: int | None) now and then; for progress bars."""
