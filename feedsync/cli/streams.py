"""The three standard streams as a program may be given them: closed, full, or with a reader that goes away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO, cast

from feedsync.errors import OutputError

NUMBERS: Final = {"stdin": 0, "stdout": 1, "stderr": 2}


def open_closed() -> None:
    """Open what the caller closed (`>&-`) on nothing: else the next file to be opened would be standard output."""
    for name, number in NUMBERS.items():
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False))  # noqa: SIM115  as long as the program


def forgive() -> None:
    """Let writing go on where nobody reads any more: a pipe that is closed, and any failure of standard error."""
    sys.stdout = cast(TextIO, Forgiving(sys.stdout, BrokenPipeError))
    sys.stderr = cast(TextIO, Forgiving(sys.stderr, OSError))  # of all streams this one has nobody to be told of it


@contextmanager
def writing() -> Iterator[None]:
    """Writes to standard output: a reader that has gone (| head) is nobody's mistake, anything else an OutputError."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout.fileno())
    except OSError as error:
        silence(sys.stdout.fileno())
        raise OutputError("output_stdout", reason=error.strerror or str(error)) from error


def silence(number: int) -> None:
    """Let what is still to be written go nowhere, at exit too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


class Forgiving:
    """A text stream; once writing failed in a forgiven way, the rest of the text goes nowhere."""

    def __init__(self, stream: TextIO, forgiven: type[OSError]) -> None:
        self._stream = stream
        self._forgiven = forgiven

    def write(self, text: str) -> int:
        """See io.TextIOBase."""
        try:
            return self._stream.write(text)
        except self._forgiven:
            silence(self._stream.fileno())
            return len(text)

    def flush(self) -> None:
        """See io.TextIOBase."""
        try:
            self._stream.flush()
        except self._forgiven:
            silence(self._stream.fileno())

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
