"""The process that runs a channel's templates: texts in, bytes out, within limits it cannot lift again.

It is started by template_process.py with nothing but pipes, and it knows no frames and no files. A message is its
kind (one byte), its length (eight bytes), and its data; an answer is `O` and bytes, or `E` and a JSON record of what
went wrong. It ends when its input does.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType, TracebackType
from typing import IO, Any, Final

from jinja2 import Template, TemplateError

from feedsync.writers.template_sandbox import SPACES, Missing, NoText, Sandbox, sandbox

MIB: Final = 1024 * 1024
_GRACE: Final = 10  # seconds of processor time after which a step that does not come back is ended by the system


class TimeIsUp(BaseException):
    """The answer took too long; nothing of Jinja catches it."""


class TooLong(Exception):  # becomes an answer
    """One item's text is over the limit."""


def main() -> None:
    """Answer until the input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that feeds this one says when it is over
    signal.signal(signal.SIGALRM, _time_is_up)
    job: dict[str, Any] = {}
    feed: Feed | None = None
    while (message := read_message(requests)) is not None:
        kind, data = message
        if kind == b"B":
            job = json.loads(data)
            feed = Feed(job)
            _limit_memory(job["memory_mib"])
        if feed is not None:
            answer = _answered(feed, kind, data, job["seconds"])
            write_message(answers, *answer)


def read_message(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """(kind, data), or None where the input has ended."""
    head = stream.read(9)
    if len(head) < 9:
        return None
    return head[:1], stream.read(int.from_bytes(head[1:], "big"))


def write_message(stream: IO[bytes], kind: bytes, data: bytes) -> None:
    """The counterpart of read_message."""
    stream.write(kind + len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


class Feed:
    """One file's templates. `step` says where the work is when it fails: the template's name and the item's id."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self.step = ("header", "")
        self._job = job
        self._environment: Sandbox = sandbox(job["escape"])
        self._templates: dict[str, Template] = {}
        self._limit = int(job["item_mib"] * MIB)
        self._count = 0
        spaces = {"market": job["market"], "feed": job["feed"]}
        self._whole = {**self._environment.globals, **spaces}
        # an attribute named like a space stays behind it, as in the mapping language
        known = {name: Missing(name=name) for name in job["names"] if name not in SPACES}
        fields = {name: {one: Missing(name=f"{name}.{one}") for one in job["fields"][name]} for name in job["fields"]}
        self._fields = {name: record for name, record in fields.items() if name not in SPACES}
        self._known = {**self._environment.globals, **known}
        self._spaces = spaces

    def begin(self) -> bytes:
        """All templates compiled, and the header."""
        for name, source in self._job["templates"].items():
            self.step = (name, "")
            self._templates[name] = self._environment.from_string(source)
        return self._one("header")

    def end(self) -> bytes:
        """The footer."""
        return self._one("footer")

    def items(self, data: bytes) -> bytes:
        """The items of a JSON list of records, one after the other."""
        rows = json.loads(data)
        template = self._templates["item"]
        texts = []
        for row in rows:
            self._count += 1
            self.step = ("item", row["id"])
            for name, record in self._fields.items():
                if name in row:
                    row[name] = [{**record, **entry} for entry in row[name]]
            values = {**self._known, **row, **self._spaces, "record": {"number": self._count}}
            texts.append(self._text(template, values))
        return "".join(texts).encode()

    def _one(self, name: str) -> bytes:
        self.step = (name, "")
        return self._text(self._templates[name], self._whole).encode()

    def _text(self, template: Template, values: dict[str, Any]) -> str:
        pieces = []
        left = self._limit
        # shared: the values are the template's own, and it cannot change them
        for piece in template.root_render_func(template.new_context(values, shared=True)):
            left -= len(piece)
            if left < 0:
                raise TooLong
            pieces.append(piece)
        text = "".join(pieces)
        if len(text) * 4 > self._limit and len(text.encode()) > self._limit:
            raise TooLong
        return text


def _answered(feed: Feed, kind: bytes, data: bytes, seconds: float) -> tuple[bytes, bytes]:
    """The answer to a message, within its time. What a template does wrong is an answer, too."""
    work: Mapping[bytes, Callable[[], bytes]] = {b"B": feed.begin, b"I": lambda: feed.items(data), b"F": feed.end}
    _limit_processor(seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return b"O", work[kind]()
    except TimeIsUp as error:
        found = _found("time", feed, error)
    except MemoryError as error:
        found = _found("memory", feed, error)
    except RecursionError as error:
        found = _found("recursion", feed, error)
    except TooLong as error:
        found = _found("size", feed, error)
    except NoText as error:
        found = _found("no_text", feed, error)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        found = _found("failed", feed, error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return b"E", json.dumps(found).encode()


def _found(what: str, feed: Feed, error: BaseException) -> dict[str, object]:
    template, item = feed.step
    return {"what": what, "template": template, "id": item, "line": _line(error), "reason": str(error)}


def _line(error: BaseException) -> int:
    """The template's line on which it failed; 0 where it was on none."""
    line = int(getattr(error, "lineno", 0) or 0)
    step: TracebackType | None = error.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            line = template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    return line


def _time_is_up(number: int, frame: FrameType | None) -> None:
    raise TimeIsUp


def _limit_memory(mib: float) -> None:
    """So much more address space than the process has now, and no files. Where the system keeps no count, its own."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(OSError, ValueError), open("/proc/self/statm", encoding="ascii") as counts:
        size = int(counts.read().split()[0]) * resource.getpagesize()
        limit = size + int(mib * MIB)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_processor(seconds: float) -> None:
    """A step of C code hears no alarm: the system ends it, also when nobody waits for the answer any more."""
    with suppress(OSError, ValueError):
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + _GRACE, most))
