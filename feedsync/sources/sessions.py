"""What stays open while the sources of a run are read, so that all sources of one address see one state of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast


class Session(Protocol):
    """A connection with its transaction."""

    @property
    def failed(self) -> bool:
        """It cannot be used any more."""

    def close(self) -> None:
        """Let go of the connection; nothing is ever committed."""


S = TypeVar("S", bound=Session)


class Sessions:
    """One session per address, opened when the first source needs it."""

    def __init__(self) -> None:
        self._open: dict[Hashable, Session] = {}

    def of(self, address: Hashable, opened: Callable[[], S]) -> S:
        """The address's session; a new one where there is none, or where an error broke it: the run only goes on to
        find more mistakes then."""
        known = self._open.get(address)
        if known is not None and not known.failed:
            return cast(S, known)
        if known is not None:
            known.close()
        session = opened()
        self._open[address] = session
        return session

    def close(self) -> None:
        """Close all of them, in the order in which they were opened."""
        while self._open:
            self._open.pop(next(iter(self._open))).close()
