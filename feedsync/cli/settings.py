"""What the global options say, and where a command's words go."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The global options."""

    folder: Path = Path()
    quiet: bool = False
    verbose: bool = False
    log_json: bool = False
    debug: bool = False
    run: str = field(default_factory=lambda: os.urandom(2).hex())
    """Names the run in the log."""

    def log(self, level: str, event: str, **facts: object) -> None:
        """One JSON object on standard error, where the log is JSON; nothing otherwise."""
        if self.log_json:
            time = datetime.now().astimezone().isoformat(timespec="seconds")
            line = {"time": time, "level": level, "run": self.run, "event": event, **facts}
            sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")

    def say(self, text: str) -> None:
        """A line for people on standard error; nothing where the log is JSON."""
        if not self.log_json:
            from feedsync.reports.lines import spelled_for
            from feedsync.reports.wording import visible

            shown = "".join(visible(line) + "\n" for line in text.splitlines())
            sys.stderr.write(spelled_for(shown, sys.stderr.encoding))


def coloured_output() -> bool:
    """Whether standard output is a terminal that wants colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
