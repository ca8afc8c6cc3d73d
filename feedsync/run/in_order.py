"""Work on one batch after the other in threads, while the caller goes on with the next batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")
WORKERS: Final = 2  # rendering is mostly Polars, which lets go of the interpreter; more would only be more memory


class InOrder:
    """One batch waits while the next is made: more would only be more memory. What fails is raised at the next `do`, or
    at the end of the block; of several failures the first piece's, so that the message does not depend on the clock."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="feedsync")
        self._waiting: list[Future[object]] = []

    def do(self, work: Callable[[T], object], pieces: Iterable[T]) -> None:
        """Do `work(piece)` for the pieces of a batch, at the same time, after all pieces of the batches before."""
        self._finish()
        self._waiting = [self._pool.submit(work, piece) for piece in pieces]

    def _finish(self) -> None:
        for piece in self._waiting:
            piece.result()
        self._waiting = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """All done, or after an error nothing more begun; either way no work is running when the block has ended."""
        self._pool.shutdown(wait=True, cancel_futures=error is not None)
        if error is None:
            self._finish()
