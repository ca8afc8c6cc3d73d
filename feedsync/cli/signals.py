"""Signals that end a run: everything is unwound, so that no half file stays."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Final

_arrived: Final[list[int]] = []


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived."""


def listen() -> None:
    """Let SIGINT, SIGTERM and SIGHUP unwind what is under way."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup the run outlives its terminal
        signal.signal(signal.SIGHUP, stop)


def stop(number: int, frame: FrameType | None) -> None:
    """Unwind once. Polars raises KeyboardInterrupt too, for the same signal: a second one would cut the cleaning up."""
    _arrived.append(number)
    if not isinstance(sys.exc_info()[1], (KeyboardInterrupt, Terminated)):
        raise _ending(number)


def forget() -> None:
    """A run begins: signals before it are none of its own."""
    _arrived.clear()


def cause(error: BaseException) -> BaseException:
    """What ended the run: the signal where one arrived. In the middle of a library it comes out as that library's own
    error: a panic, a computation that failed."""
    return _ending(_arrived[0]) if _arrived else error


def _ending(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated()
