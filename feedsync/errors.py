"""The exception tree: what cannot go on, where, and how to mend it.

Problems in the data are findings (rows), never exceptions. An exception here is a mistake of the user or of the
world (config, a damaged source, a full disk); anything else that is raised is a bug and keeps its traceback.
Texts are catalogue entries (`feedsync.texts`), so an error is a key, a place and named parameters.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from feedsync import texts


class Exit(IntEnum):
    """Exit codes of the command line; each has one meaning."""

    DONE = 0
    FOUND = 1
    CANNOT_RUN = 2
    REFUSED = 3
    AUTHENTICATION = 4
    REJECTED = 5
    TRANSIENT = 6
    LOCKED = 7
    CHANGES = 10
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class Place(NamedTuple):
    """Where something is: a file, a 1-based line and column (0: unknown)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column if self.line else 0) if n)]
        return ":".join(parts)


class FeedsyncError(Exception):
    """Something stops the run: `key` names the text, `place` where, the rest are the text's parameters."""

    exit_code = Exit.CANNOT_RUN

    def __init__(self, key: str, place: Place | None = None, /, *, subject: str = "", **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.place = place
        self.subject = subject
        self.params = params

    def message(self, language: str = "en") -> str:
        """`PLACE: error: SUBJECT: what. How to fix.` on one line."""
        params = {"meant": meant(self.params.get("near"), language), **self.params}
        what = texts.say(self.key, language, **params)
        fix = texts.fix(self.key, language, **params)
        head = f"{self.place}: error: " if self.place else "error: "
        return head + (f"{self.subject}: " if self.subject else "") + " ".join(part for part in (what, fix) if part)

    def __str__(self) -> str:
        return self.message()


def meant(near: object, language: str) -> str:
    """The end of a sentence about an unknown name: `; did you mean "X"?`, or a full stop where nothing is near."""
    return texts.say("did_you_mean", language, near=near) if near else "."


class UsageError(FeedsyncError):
    """A wrong argument, feed name or selection."""


class ConfigError(FeedsyncError):
    """A mistake in feedsync.yaml, in a template or in a file it names."""


class SpecError(ConfigError):
    """A mistake in a channel spec."""


class TemplateError(ConfigError):
    """A template that does not parse, type or compile."""


class SourceError(FeedsyncError):
    """A source that is missing, empty, damaged or not whole."""


class SourceUnavailable(SourceError):
    """The server behind a source does not answer: safe to run again."""

    exit_code = Exit.TRANSIENT


class SourceDenied(SourceError):
    """The server behind a source refuses the user, the password or the right to read."""

    exit_code = Exit.AUTHENTICATION


class OutputError(FeedsyncError):
    """The output cannot be written: folder unreachable, disk full."""


class Locked(FeedsyncError):
    """Another run writes into the same folder."""

    exit_code = Exit.LOCKED


class Refused(FeedsyncError):
    """A guard holds the run; nothing was replaced."""

    exit_code = Exit.REFUSED


class ManyErrors(FeedsyncError):
    """Several mistakes found in one pass, shown together; never nested."""

    def __init__(self, errors: Sequence[FeedsyncError]) -> None:
        super().__init__("many_errors", count=len(errors))
        flat: list[FeedsyncError] = []
        for error in errors:
            flat.extend(error.errors if isinstance(error, ManyErrors) else [error])
        self.errors: list[FeedsyncError] = sorted(flat, key=lambda e: (e.place or Place(""), e.key))
        self.exit_code = self.errors[0].exit_code

    def message(self, language: str = "en") -> str:
        return "\n".join(error.message(language) for error in self.errors)


def raise_all(errors: Sequence[FeedsyncError]) -> None:
    """Raise nothing for none, the error itself for one, `ManyErrors` for more."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ManyErrors(errors)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to a mistyped one, or ''."""
    folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    close = difflib.get_close_matches(name.casefold(), sorted(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else ""
