"""Batches one after the other, the pieces of one batch at the same time."""

import threading
import time

import pytest

from feedsync.run.in_order import InOrder


def test_pieces_of_a_batch_come_after_all_pieces_of_the_batch_before() -> None:
    done: list[str] = []

    def work(piece: str) -> None:
        time.sleep(0.01 if piece.startswith("slow") else 0)
        done.append(piece)

    with InOrder() as writing:
        writing.do(work, ["slow 1", "1"])
        writing.do(work, ["2", "slow 2"])
        writing.do(work, ["3"])
    assert sorted(done[:2]) == ["1", "slow 1"]
    assert sorted(done[2:4]) == ["2", "slow 2"]
    assert done[4:] == ["3"]


def test_pieces_of_a_batch_are_worked_on_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)
    with InOrder() as writing:
        writing.do(lambda _: both.wait(), [1, 2])


def test_the_first_piece_that_fails_is_told_whichever_fails_first() -> None:
    second_failed = threading.Event()

    def work(piece: int) -> None:
        if piece == 1:
            second_failed.wait(10)
        else:
            second_failed.set()
        raise OSError(piece)

    with pytest.raises(OSError, match="1"), InOrder() as writing:
        writing.do(work, [1, 2])


def test_after_an_error_of_the_caller_nothing_is_begun_and_nothing_runs() -> None:
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        time.sleep(0.05)

    def caller() -> None:
        with InOrder(workers=1) as writing:
            writing.do(work, [1, 2, 3])
            time.sleep(0.02)
            raise KeyError

    with pytest.raises(KeyError):
        caller()
    assert begun == [1]
