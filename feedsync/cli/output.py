"""Data to standard output."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable

from feedsync.cli.settings import coloured_output
from feedsync.cli.streams import writing
from feedsync.reports.lines import WIDEST, Line, as_text, coloured, spelled_for


def width() -> int:
    """Columns for a report: the terminal's, 80 elsewhere, and never so many that lines read badly."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def show(lines: Iterable[Line]) -> None:
    """Print a report, in colour on a terminal that wants it."""
    with writing():
        if coloured_output():
            coloured(lines, sys.stdout)
        else:
            for line in lines:
                sys.stdout.write(spelled_for(as_text([line]), sys.stdout.encoding))


def write_utf8(text: str) -> None:
    """Print a document for programs: UTF-8, whatever the terminal speaks."""
    write_bytes(text.encode("utf-8"))


def write_bytes(data: bytes) -> None:
    """Print bytes as they are."""
    with writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
