"""One thread that does things in the order they were asked for, while the caller goes on with the next batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")
AHEAD: Final = 1  # one batch is written while the next is mapped; more would only be more memory


class InOrder:
    """A window of waiting work. What fails is raised at the next `do`, or at the end of the block."""

    def __init__(self, ahead: int = AHEAD) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="feedsync")
        self._waiting: deque[Future[object]] = deque()
        self._ahead = ahead

    def do(self, work: Callable[[T], object], value: T) -> None:
        """Do `work(value)` after everything asked for before; waits while too much is waiting."""
        while len(self._waiting) >= self._ahead:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(work, value))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """All done, or after an error nothing more begun; either way no work is running when the block has ended."""
        self._pool.shutdown(wait=True, cancel_futures=error is not None)
        if error is None:
            while self._waiting:
                self._waiting.popleft().result()
