"""One export at a time per folder."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders import check, export, files_in, lines, shop

from feedsync.errors import Exit, Locked, OutputError
from feedsync.run.lock import NAME, locked

SHOP = lines("sku,title", "A,uno")
FEED = 'attributes: {title: "{{ title }}"}\n'


def shop_of(folder: Path) -> Path:
    return shop(folder, SHOP, FEED, lines("title: {}"))


def test_a_second_run_is_told_who_is_there(tmp_path: Path) -> None:
    with locked(tmp_path, "feedsync export google_es"):
        with pytest.raises(Locked) as met, locked(tmp_path, "feedsync export"):
            pytest.fail("the folder is taken")
        assert (tmp_path / NAME).exists()
    assert met.value.exit_code == Exit.LOCKED == 7
    assert str(met.value) == (
        f"{tmp_path}: error: another run writes into this folder: process {os.getpid()} on {os.uname().nodename} "
        "(feedsync export google_es). Nothing was replaced. Run again when it has ended."
    )
    with locked(tmp_path, "feedsync export"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said", ["", "{", "[1]", '{"pid": "7"}', "\xff", "[" * 4000, '{"pid": 7, "host": "h", "command": 7}']
)
def test_a_holder_that_says_nothing_holds_too(tmp_path: Path, said: str) -> None:
    (tmp_path / NAME).write_text(said, encoding="latin-1")
    with open(tmp_path / NAME, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Locked) as met, locked(tmp_path, "feedsync export"):
            pytest.fail("the folder is taken")
    assert met.value.key == "output_locked_by_some"


def test_what_a_dead_run_left_holds_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from feedsync.run.lock import locked\n"
        "with locked(Path(sys.argv[1]), 'feedsync export'):\n"
        "    print('mine', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mine\n"
        with pytest.raises(Locked) as met, locked(tmp_path, "feedsync export"):
            pytest.fail("the folder is taken")
        assert met.value.params["pid"] == process.pid
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert (tmp_path / NAME).exists()
    with locked(tmp_path, "feedsync export"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_never_two_at_once(tmp_path: Path) -> None:
    """Also while the lock's file goes and comes: whoever locked one that was removed must not think it is in."""
    inside: list[int] = []

    def enter(number: int) -> bool:
        try:
            with locked(tmp_path, "feedsync export"):
                inside.append(number)
                assert inside == [number]
                inside.remove(number)
        except Locked:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert any(pool.map(enter, range(2_000)))
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_was_removed_meanwhile_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, locks = fcntl.flock, []

    def flock(descriptor: int, operation: int) -> None:
        if not locks:  # its run ends between our opening and our locking it
            (tmp_path / NAME).unlink()
        locks.append(descriptor)
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with locked(tmp_path, "feedsync export"):
        assert (tmp_path / NAME).exists()
        with pytest.raises(Locked), locked(tmp_path, "feedsync export"):
            pytest.fail("the folder is taken")
    assert len(locks) == 3


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OutputError) as met, locked(tmp_path, "feedsync export"):
        pytest.fail("there is no lock")
    assert str(met.value).startswith(f"{tmp_path}: error: this file system knows no locks")


def test_a_folder_that_takes_no_lock_file(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError) as met, locked(tmp_path, "feedsync export"):
        pytest.fail("a link is no lock")
    assert met.value.place is not None
    assert met.value.place.file == str(tmp_path / NAME)
    assert not (tmp_path / "elsewhere").exists()


def test_an_export_into_a_taken_folder_replaces_nothing_and_a_check_goes_on(tmp_path: Path) -> None:
    folder = shop_of(tmp_path)
    export(folder, tmp_path / "out")
    before = files_in(tmp_path / "out")
    (folder / "p.csv").write_text("not even looked at: the sources are read when the folder is ours")
    with locked(tmp_path / "out", "feedsync export"):
        with pytest.raises(Locked):
            export(folder, tmp_path / "out")
        (folder / "p.csv").write_text(SHOP)
        assert check(folder)["f"].ready == 1
        assert export(folder, tmp_path / "other") == before
    assert files_in(tmp_path / "out") == before


def test_an_export_into_a_new_folder_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out, seen = shop_of(tmp_path), tmp_path / "out", []
    real = os.fsync

    def look(descriptor: int) -> None:
        with pytest.raises(Locked), locked(out, "feedsync export"):
            pytest.fail("the folder is taken")
        seen.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    assert sorted(export(folder, out)) == ["f.csv", "manifest.json"]
    assert seen
