"""Exports that are ended from outside, and the exports after them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import AS_OF, export, files_in, lines, shop

import feedsync
from feedsync.errors import Refused
from feedsync.writers import replace as replacing
from feedsync.writers.files import Staged

FEED = 'attributes: {title: "{{ title }}"}\n'
FEEDSYNC = [sys.executable, "-m", "feedsync"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def shop_of(folder: Path, count: int = 3, end: str = "\n") -> Path:
    products = lines("sku,title", *(f"A{n},título {n}" for n in range(count - 1))) + f"Z,último{end}"
    return shop(folder, products, FEED, lines("title: {}"))


def started(folder: Path, *wrapper: str) -> subprocess.Popen[bytes]:
    """An export under way: its files are being written."""
    process = subprocess.Popen(
        [*wrapper, *FEEDSYNC, "-C", str(folder), "export", "-o", "out"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not list((folder / "out").glob(".*.new")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    return process


@pytest.fixture
def long_shop(tmp_path: Path) -> Path:
    folder = shop_of(tmp_path, 400_000)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "f.csv").write_text("the last good file\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_last_files_and_no_others(long_shop: Path, number: signal.Signals) -> None:
    with started(long_shop) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (143, b"")
    assert err.decode().splitlines()[-1].endswith("The last good files stay.")
    assert files_in(long_shop / "out") == {"f.csv": b"the last good file\n"}


def test_under_nohup_the_run_outlives_its_terminal(long_shop: Path) -> None:
    with started(long_shop, "nohup") as process:
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert sorted(files_in(long_shop / "out")) == ["f.csv", "manifest.json"]


def test_what_a_killed_run_left_goes_with_the_next(long_shop: Path) -> None:
    with started(long_shop) as process:
        with pytest.raises(feedsync.FeedsyncError) as met:
            export(long_shop, long_shop / "out")
        assert met.value.exit_code == 7
        process.kill()
        process.communicate(timeout=30)
    out = long_shop / "out"
    assert sorted(name.partition(".feedsync")[0] for name in files_in(out)) == ["", ".f.csv", "f.csv"]
    assert (out / "f.csv").read_text(encoding="utf-8") == "the last good file\n"
    shop_of(long_shop, 3)
    assert sorted(export(long_shop, out)) == ["f.csv", "manifest.json"]


class Died(BaseException):
    """As kill -9: nothing is cleaned up."""


def cut_short(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that dies when its feed is in place and its manifest is not."""
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith("manifest.json"):
            raise Died
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        patch.setattr(replacing, "_undo", lambda *_: None)
        patch.setattr(Staged, "discard", lambda self: None)
        with pytest.raises(Died):
            export(folder, folder / "out")


def test_an_export_after_one_that_was_cut_short_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop_of(tmp_path, 3)
    export(folder, folder / "out")
    shop_of(tmp_path, 4)
    cut_short(folder, monkeypatch)
    result = feedsync.load_project(folder, as_of=AS_OF, env={}).export(output=folder / "out")
    assert result.notes[0].message() == (
        f"{folder}/out: warning: the last export was cut short while it replaced files. "
        "These were put back as they were before it: f.csv."
    )
    files = files_in(folder / "out")
    assert sorted(files) == ["f.csv", "manifest.json"]
    again = feedsync.load_project(folder, as_of=AS_OF, env={}).export(output=folder / "out")
    assert [note.key for note in again.notes] == ["newest_version"]
    assert files_in(folder / "out") == files


def test_a_refused_export_after_one_that_was_cut_short_leaves_the_last_good_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shop_of(tmp_path, 30)
    good = export(folder, folder / "out")
    shop_of(tmp_path, 31)
    cut_short(folder, monkeypatch)
    assert files_in(folder / "out") != good
    shop_of(tmp_path, 3)
    with pytest.raises(Refused):
        export(folder, folder / "out")
    assert files_in(folder / "out") == good
    assert json.loads(good["manifest.json"])["feeds"][0]["read"] == 30


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_export_says_that_the_last_line_has_no_end(tmp_path: Path, end: str) -> None:
    """In a cron job, too: it may be cut, and this file replaces a whole one."""
    folder = shop_of(tmp_path, 3, end)
    for command in (["check"], ["export", "-o", "out"]):
        done = subprocess.run(
            [*FEEDSYNC, "-C", str(folder), *command], capture_output=True, env=ENVIRONMENT, check=True
        )
        assert ("the last line has no line end" in done.stderr.decode()) == (not end), command
