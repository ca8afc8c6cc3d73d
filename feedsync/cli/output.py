"""Data to standard output. A pipe that is closed early is nobody's mistake."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from feedsync.cli.settings import coloured_output
from feedsync.errors import OutputError
from feedsync.reports.lines import WIDEST, Line, as_text, coloured, spelled_for


def width() -> int:
    """Columns for a report: the terminal's, 80 elsewhere, and never so many that lines read badly."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def show(lines: Iterable[Line]) -> None:
    """Print a report, in colour on a terminal that wants it."""
    with _writing():
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
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has gone (| head); what is left to write goes nowhere, at exit too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise OutputError("output_stdout", reason=error.strerror or str(error)) from error
