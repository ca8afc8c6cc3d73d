"""What linting a channel spec reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from feedsync import texts
from feedsync.errors import Place
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.mistakes import unknown_name
from feedsync.specs.yaml import dotted

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Problem:
    """One problem of a spec: `key` names its text, `subject` the key of the file."""

    place: Place
    severity: Severity
    key: str
    subject: str = ""
    params: dict[str, object] = field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """`PLACE: SEVERITY: SUBJECT: what. How to fix.` on one line."""
        said = (texts.say(self.key, language, **self.params), texts.fix(self.key, language, **self.params))
        subject = f"{self.subject}: " if self.subject else ""
        return f"{self.place}: {self.severity}: {subject}{' '.join(part for part in said if part)}"


@dataclass(frozen=True)
class File:
    """One file of the channel, as lint points into it."""

    loaded: LoadedChannel
    name: str

    def problem(
        self, severity: Severity, text: str, /, *path: str | int, at_key: bool = False, **params: object
    ) -> Problem:
        """A problem of the value of the path, or of its key."""
        place = self.loaded.place(self.name, *path, key=at_key)
        return Problem(place, severity, text, dotted(path), params)

    def unknown(self, text: str, name: str, known: Iterable[str], /, *path: str | int, at_key: bool = False) -> Problem:
        """A name that is none of the known ones, with the nearest of them."""
        key, params = unknown_name(text, name, known)
        return Problem(self.loaded.place(self.name, *path, key=at_key), "error", key, dotted(path), params)
