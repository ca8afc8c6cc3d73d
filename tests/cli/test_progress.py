"""Progress: bars on a terminal, lines every 30 seconds with -v, nothing otherwise."""

from __future__ import annotations

import io
import sys

import pytest

from feedsync.cli import progress
from feedsync.cli.progress import Progress
from feedsync.cli.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def drawn(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], stream: io.StringIO, settings: Settings, *times: float
) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(settings) as bar:
        for number, moment in enumerate(times, 1):
            clock[0] = moment
            bar("map", number * 1000, 12431)
    return stream.getvalue()


def test_verbose_without_a_terminal_says_a_line_every_30_seconds(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    said = drawn(monkeypatch, clock, io.StringIO(), Settings(verbose=True), 1, 31, 40, 62)
    assert said == "mapping: 2000 of 12431 rows\nmapping: 4000 of 12431 rows\n"


@pytest.mark.parametrize("settings", [Settings(), Settings(quiet=True)])
def test_nothing_without_a_terminal(monkeypatch: pytest.MonkeyPatch, clock: list[float], settings: Settings) -> None:
    assert drawn(monkeypatch, clock, io.StringIO(), settings, 1, 31, 62) == ""


@pytest.mark.parametrize(
    ("settings", "bar"), [(Settings(), True), (Settings(quiet=True), False), (Settings(log_json=True), False)]
)
def test_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], settings: Settings, bar: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    said = drawn(monkeypatch, clock, Terminal(), settings, 0.1, 1, 2)
    assert ("mapping" in said) is bar
    assert (said == "") is not bar


def test_no_bar_for_what_is_done_at_once(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    assert drawn(monkeypatch, clock, Terminal(), Settings(), 0.1, 0.4) == ""
