"""Runs one command: its job, its progress, and the exit code that its end means."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from feedsync.cli.arguments import check_texts
from feedsync.cli.settings import Settings
from feedsync.cli.signals import Terminated, cause, forget
from feedsync.errors import Exit, FeedsyncError, ManyErrors, UsageError
from feedsync.texts import fix, say

if TYPE_CHECKING:
    from feedsync.cli.progress import Progress
    from feedsync.run.commands import Job
    from feedsync.run.results import Note


@dataclass
class Running:
    """A command under way. `code` is what it exits with when nothing stops it."""

    settings: Settings
    progress: Progress
    code: int = Exit.DONE
    hints: bool = False
    """Whether hints about the project are told too."""

    def job(self, as_of: str | None = None, target: str | None = None, *, plugins: bool = True) -> Job:
        """What the run functions need to know."""
        from feedsync.run.commands import Job

        return Job(self.project(), _day(as_of), env=os.environ, progress=self.progress, plugins=plugins, target=target)

    def tell(self, notes: Sequence[Note]) -> None:
        """Notes of a run, one line each on standard error; in a cron job no hints but those that always matter."""
        for note in notes:
            if not self.settings.quiet and (note.severity != "hint" or self.hints or note.always):
                self.settings.say(note.message())
                self.settings.log(
                    note.severity, "note", note=note.key, message=note.message(), place=note.place._asdict()
                )

    def project(self) -> Any:
        """The project's folder. Raises UsageError where there is none, or where it cannot be looked at."""
        folder = self.settings.folder
        try:
            there = folder.exists()
            folder.resolve()  # the folder one is in may be gone
        except OSError as error:
            raise UsageError("usage_folder_closed", folder=str(folder), reason=error.strerror or str(error)) from None
        if not there:
            raise UsageError("usage_no_folder", folder=str(folder))
        return folder


def _day(text: str | None) -> date | None:
    from feedsync.specs.model import is_day

    if text is None:
        return None
    if not is_day(text):  # Python also reads 20260101 and 2026-W01-1
        raise UsageError("usage_as_of", value=text)
    return date.fromisoformat(text)


@contextmanager
def running(ctx: typer.Context, command: str) -> Iterator[Running]:
    """The body of a command; whatever ends it becomes an exit code and, where it went wrong, one message."""
    from feedsync.cli.progress import Progress

    settings: Settings = ctx.obj
    started = time.monotonic()
    settings.log("info", "run_started", command=command)
    run = Running(settings, Progress(settings))
    forget()
    try:
        with run.progress:
            check_texts(ctx)
            yield run
        code = run.code
    except typer.Exit as end:
        code = end.exit_code
    except BaseException as error:  # noqa: BLE001  the last boundary: every end has its exit code
        code = _ended(settings, cause(error))
    seconds = round(time.monotonic() - started, 3)
    level = "info" if code in (Exit.DONE, Exit.FOUND) else "error"
    settings.log(level, "run_finished", command=command, seconds=seconds, exit=int(code))
    raise typer.Exit(int(code))


def _ended(settings: Settings, error: BaseException) -> int:
    """Say why a run ended before its time; what is no error of a run goes on."""
    if isinstance(error, FeedsyncError):
        return _stopped(settings, error)
    if isinstance(error, typer.Abort):  # the input ended at a question
        return _cut_short(settings, "init_no_answer", Exit.INTERRUPTED)
    if isinstance(error, KeyboardInterrupt):
        return _cut_short(settings, "interrupted", Exit.INTERRUPTED)
    if isinstance(error, Terminated):
        return _cut_short(settings, "terminated", Exit.TERMINATED)
    if isinstance(error, (SystemExit, GeneratorExit)):
        raise error
    return _bug(settings, error)  # a panic of a library is no Exception, but a bug all the same


def _stopped(settings: Settings, error: FeedsyncError) -> int:
    if settings.debug:
        traceback.print_exc(file=sys.stderr)
    settings.say(error.message())
    for one in error.errors if isinstance(error, ManyErrors) else [error]:
        place = None if one.place is None else one.place._asdict()
        settings.log("error", "error", error=one.key, message=one.message(), place=place)
    return int(error.exit_code)


def _cut_short(settings: Settings, key: str, code: Exit) -> int:
    settings.say(say(key))
    settings.log("error", key, message=say(key))
    return int(code)


def _bug(settings: Settings, error: BaseException) -> int:
    if settings.debug:
        traceback.print_exc(file=sys.stderr)
    params = {"type": type(error).__name__, "message": " ".join(str(error).split())[:300].rstrip(".")}
    text = f"{say('bug', **params)} {fix('bug', **params)}"
    settings.say(text)
    settings.log("error", "bug", message=text)
    return int(Exit.BUG)
