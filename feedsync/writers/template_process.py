"""The other end of template_worker.py: starts it, asks it, waits no longer than it may take, and ends it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, Any, Final

_START: Final = "import sys; sys.path[:] = sys.argv[1:]; from feedsync.writers.template_worker import main; main()"
_NEEDED: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # what starts a Python; nothing else is handed on
GRACE = 5  # seconds by which the process may be late with saying that it is late
_LONGEST: Final = 1024 * 1024 * 1024  # an answer that says it is longer is none of ours
_HEAD: Final = 9


@dataclass(frozen=True)
class Allowance:
    """What the templates of one file may take."""

    seconds: float = 20
    """For the header, the footer, or a batch of items."""
    memory_mib: float = 256
    """More than the process has when it begins."""
    item_mib: float = 1
    """The text of the header, the footer, or one item."""


class Failed(Exception):  # the writer says it in words
    """The work ended without an answer: `what` is start, died, time, memory, size, no_text, recursion or failed."""

    def __init__(self, what: str, template: str = "", id: str = "", line: int = 0, reason: str = "") -> None:
        super().__init__(what)
        self.what, self.template, self.id, self.line, self.reason = what, template, id, line, reason


class TemplateProcess:
    """One worker process. It ends with `close`, with an error, and at the latest with this object."""

    def __init__(self, job: Mapping[str, Any], limits: Allowance) -> None:
        """`job`: escape, templates (name -> text), names, fields, market, feed."""
        self._limits = limits
        self._job = {**job, **asdict(limits)}
        paths = [os.path.abspath(path) for path in sys.path]
        self._process = _started(paths)
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)
        self._ended = weakref.finalize(self, _end, self._process)

    def begin(self) -> bytes:
        """The header; the templates are compiled."""
        return self._ask(b"B", json.dumps(self._job).encode())

    def items(self, rows: bytes) -> bytes:
        """The items of a JSON list of records."""
        return self._ask(b"I", rows)

    def end(self) -> bytes:
        """The footer."""
        return self._ask(b"F", b"")

    def close(self) -> None:
        """No process is left; may be called twice."""
        self._ended()

    def _ask(self, kind: bytes, data: bytes) -> bytes:
        try:
            answer, text = self._exchange(kind, data)
        except BaseException:  # a signal, too: an answer half read would be taken for the next one's
            self.close()
            raise
        if answer == b"O":
            return text
        self.close()
        raise Failed(**json.loads(text))

    def _exchange(self, kind: bytes, data: bytes) -> tuple[bytes, bytes]:
        # the worker keeps the time itself and knows the item; this is for one that does not come back
        until = time.monotonic() + self._limits.seconds + GRACE
        try:
            self._write(kind + len(data).to_bytes(8, "big") + data, until)
            head = self._read(_HEAD, until)
            length = int.from_bytes(head[1:], "big")
            if head[:1] not in (b"O", b"E") or length > _LONGEST:
                raise Failed("died")
            return head[:1], self._read(length, until)
        except (BrokenPipeError, EOFError) as error:
            raise Failed("died") from error

    def _write(self, data: bytes, until: float) -> None:
        rest = memoryview(data)
        while rest:
            _wait(self._in, select.POLLOUT, until)
            with suppress(BlockingIOError):
                rest = rest[os.write(self._in.fileno(), rest) :]

    def _read(self, length: int, until: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            _wait(self._out, select.POLLIN, until)
            piece = os.read(self._out.fileno(), min(length - len(data), 1024 * 1024))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)


def _started(paths: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  our own interpreter and our own text
            [sys.executable, "-I", "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _NEEDED if name in os.environ},
            cwd=os.sep,
            start_new_session=True,  # an interrupt is for the process that feeds it, which ends it then
        )
    except OSError as error:
        raise Failed("start", reason=error.strerror or type(error).__name__) from error


def _wait(stream: IO[bytes], event: int, until: float) -> None:
    """Until the stream is ready; Failed where that takes too long."""
    poll = select.poll()  # not select.select, which knows no descriptor above 1023
    poll.register(stream, event)
    if not poll.poll(max(0, (until - time.monotonic()) * 1000)):
        raise Failed("time")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):
                stream.close()
