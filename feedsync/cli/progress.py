"""How far a run is: a bar on a terminal, a line every 30 seconds with -v, nothing otherwise. Always standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from feedsync.cli.settings import Settings
from feedsync.texts import catalogue, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

SECONDS: Final = 30.0
PATIENCE: Final = 0.5  # seconds before a bar appears: what is done at once needs none


class Progress:
    """Called with (stage, done, total); a context, so that a bar is gone before anything else is printed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bar: Bar | None = None
        self._tasks: dict[str, TaskID] = {}
        self._last = self._started = time.monotonic()
        self._bars = sys.stderr.isatty() and not settings.quiet and not settings.log_json

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if self._bars and now - self._started > PATIENCE:
            self._draw(_named(stage), done, total)
        elif self._settings.verbose and not self._bars and now - self._last >= SECONDS:
            self._last = now
            key = "progress_line" if total is None else "progress_line_of"
            self._settings.say(say(key, stage=_named(stage), done=done, total=total))
            self._settings.log("info", "progress", stage=stage, done=done, total=total)

    def _draw(self, stage: str, done: int, total: int | None) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)


def _named(stage: str) -> str:
    key = f"progress.{stage}"
    return say(key) if key in catalogue() else stage
