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

from feedsync.cli.settings import Settings
from feedsync.errors import Exit, FeedsyncError, ManyErrors, UsageError
from feedsync.texts import fix, say

if TYPE_CHECKING:
    from feedsync.cli.progress import Progress
    from feedsync.run.commands import Job
    from feedsync.run.results import Note


class Terminated(BaseException):
    """SIGTERM arrived: everything is unwound, so that no half file stays."""


@dataclass
class Running:
    """A command under way. `code` is what it exits with when nothing stops it."""

    settings: Settings
    progress: Progress
    code: int = Exit.DONE
    hints: bool = False
    """Whether hints about the project are told too."""

    def job(self, as_of: str | None = None) -> Job:
        """What the run functions need to know."""
        from feedsync.run.commands import Job

        return Job(self.project(), as_of=_day(as_of), env=os.environ, progress=self.progress)

    def tell(self, notes: Sequence[Note]) -> None:
        """Notes of a run, one line each on standard error; hints only where somebody reads along, never in a cron job."""
        for note in notes:
            if note.severity != "hint" or (self.hints and not self.settings.quiet):
                typer.echo(note.message(), err=True)

    def project(self) -> Any:
        """The project's folder. Raises UsageError where there is none."""
        folder = self.settings.folder
        if not folder.exists():
            raise UsageError("usage_no_folder", folder=str(folder))
        return folder


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("usage_as_of", value=text) from None


@contextmanager
def running(ctx: typer.Context, command: str) -> Iterator[Running]:
    """The body of a command; whatever ends it becomes an exit code and, where it went wrong, one message."""
    from feedsync.cli.progress import Progress

    settings: Settings = ctx.obj
    started = time.monotonic()
    settings.log("info", "run_started", command=command)
    run = Running(settings, Progress(settings))
    try:
        with run.progress:
            yield run
        code = run.code
    except typer.Exit as end:
        code = end.exit_code
    except FeedsyncError as error:
        code = _stopped(settings, error)
    except KeyboardInterrupt:
        code = _cut_short(settings, "interrupted", Exit.INTERRUPTED)
    except Terminated:
        code = _cut_short(settings, "terminated", Exit.TERMINATED)
    except Exception as error:  # noqa: BLE001  the last boundary: anything else is a bug, and its code says so
        code = _bug(settings, error)
    seconds = round(time.monotonic() - started, 3)
    level = "info" if code in (Exit.DONE, Exit.FOUND) else "error"
    settings.log(level, "run_finished", command=command, seconds=seconds, exit=int(code))
    raise typer.Exit(int(code))


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


def _bug(settings: Settings, error: Exception) -> int:
    if settings.debug:
        traceback.print_exc(file=sys.stderr)
    params = {"type": type(error).__name__, "message": " ".join(str(error).split())[:300].rstrip(".")}
    text = f"{say('bug', **params)} {fix('bug', **params)}"
    settings.say(text)
    settings.log("error", "bug", message=text)
    return int(Exit.BUG)
