"""A set of files takes its place whole, whatever fails or dies in between."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsync.errors import OutputError
from feedsync.writers import replace as replacing
from feedsync.writers.files import FileSet, Staged
from feedsync.writers.replace import JOURNAL, beside, recover, sweep

OLD = {"a.xml": "old a", "a.2.xml": "old part", "manifest.json": "old manifest"}
NEW = {"a.xml": "new a", "b.csv": "new b", "manifest.json": "new manifest"}
MOVES = ["a.xml", "b.csv", "a.2.xml", "manifest.json"]  # in this order; the part goes


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="latin-1") for path in sorted(folder.iterdir())}


def lay_out(folder: Path) -> None:
    for name, text in OLD.items():
        (folder / name).write_text(text)


def export(folder: Path) -> None:
    with FileSet(str(folder)) as files:
        for name, text in NEW.items():
            files.open(str(folder / name)).write(text.encode())
        files.remove(str(folder / "a.2.xml"))
        files.remove(str(folder / "a.3.xml"))  # never there


def stop_at(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> None:
    """The error when the file at that place of MOVES takes its place or goes."""
    real, moved = os.replace, os.unlink

    def replace(source: str, target: str) -> None:
        if os.path.basename(target) == MOVES[number] and source.endswith(".new"):
            raise error
        real(source, target)

    def unlink(path: str) -> None:
        if os.path.basename(path) == MOVES[number] == "a.2.xml":
            raise error
        moved(path)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "unlink", unlink)


def test_all_take_their_places(tmp_path: Path) -> None:
    lay_out(tmp_path)
    export(tmp_path)
    assert contents(tmp_path) == NEW


def test_what_is_synced_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut, too: nothing is renamed before all of it is on the disk, and nothing old goes before."""
    (tmp_path / "a").write_text("old")
    events: list[str] = []
    sync, replace, unlink = os.fsync, os.replace, os.unlink
    mine = f".feedsync-{os.getpid()}-0"

    def shown(name: str) -> str:
        return name.replace(mine, "").replace(JOURNAL, "journal")

    def fsync(descriptor: int) -> None:
        names = {path.stat().st_ino: path.name for path in tmp_path.iterdir()}
        events.append("sync " + shown(names.get(os.fstat(descriptor).st_ino, "folder")))
        sync(descriptor)

    def renamed(source: str, target: str) -> None:
        events.append("rename " + shown(os.path.basename(target)))
        replace(source, target)

    def removed(path: str) -> None:
        unlink(path)
        events.append("remove " + shown(os.path.basename(path)))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", renamed)
    monkeypatch.setattr(os, "unlink", removed)
    with FileSet(str(tmp_path)) as files:
        for name in ("a", "b"):
            files.open(str(tmp_path / name)).write(b"new")
    assert events == [
        "sync .a.new", "sync .b.new",
        "sync .journal.new", "rename journal", "sync folder",
        "rename a", "rename b", "sync folder",
        "remove journal", "sync folder",
        "remove .a.old",
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(len(MOVES)))
@pytest.mark.parametrize(
    ("error", "raised", "key"),
    [
        (OSError(errno.EPERM, "no"), OutputError, "output_no_permission"),
        (OSError(errno.EISDIR, "no"), OutputError, "output_is_a_folder"),
        (OSError(errno.EBUSY, "no"), OutputError, "output_mounted"),
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
)
def test_where_one_cannot_all_stay(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: BaseException,
    raised: type[BaseException],
    key: str,
) -> None:
    lay_out(tmp_path)
    stop_at(monkeypatch, number, error)
    with pytest.raises(raised) as met:
        export(tmp_path)
    assert getattr(met.value, "key", "") == key
    monkeypatch.undo()
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_failing_sync_of_the_folder_is_no_half_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    lay_out(tmp_path)
    real, calls = replacing.sync_folder, []

    def fail(path: str) -> None:
        calls.append(path)
        if len(calls) == number:
            raise OSError(errno.EIO, "Input/output error")
        real(path)

    monkeypatch.setattr(replacing, "sync_folder", fail)
    with pytest.raises(OutputError) as met:
        export(tmp_path)
    assert met.value.key == "output_failed"
    assert contents(tmp_path) == OLD


def test_a_file_that_became_a_folder_is_seen_before_any_is_replaced(tmp_path: Path) -> None:
    lay_out(tmp_path)

    def write() -> None:
        with FileSet(str(tmp_path)) as files:
            for name in NEW:
                files.open(str(tmp_path / name)).write(b"new")
            (tmp_path / "b.csv").mkdir()

    with pytest.raises(OutputError) as met:
        write()
    assert met.value.key == "output_is_a_folder"
    (tmp_path / "b.csv").rmdir()
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_without_hard_links_the_old_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    lay_out(tmp_path)

    def no_links(source: str, target: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_links)
    stop_at(monkeypatch, 3, OSError(errno.EIO, "no"))
    with pytest.raises(OutputError):
        export(tmp_path)
    monkeypatch.undo()
    assert contents(tmp_path) == OLD
    monkeypatch.setattr(os, "link", no_links)
    synced, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(os.fstat(descriptor).st_ino), real(descriptor)))
    kept = []
    monkeypatch.setattr(replacing, "_forget", lambda step: kept.append(os.stat(step.old).st_ino) if step.old else None)
    export(tmp_path)
    assert len(kept) == 3
    assert set(kept) <= set(synced)
    sweep(str(tmp_path))
    assert contents(tmp_path) == NEW


def test_a_file_mounted_on_its_own_is_said_before_any_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path)

    def other_device(source: str, target: str) -> None:
        if source.endswith("manifest.json"):
            raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_device)
    monkeypatch.setattr(replacing, "_take", lambda step: pytest.fail("nothing may be replaced"))
    with pytest.raises(OutputError) as met:
        export(tmp_path)
    assert str(met.value) == (
        f"{tmp_path}/manifest.json: error: the file is mounted on its own, so nothing can take its place. "
        "The last good files stay. Mount its folder instead of the file."
    )
    assert contents(tmp_path) == OLD


def test_what_cannot_be_put_back_is_named_and_put_back_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path)
    stop_at(monkeypatch, 3, OSError(errno.EIO, "Input/output error"))
    stopping = os.replace

    def replace(source: str, target: str) -> None:
        if source.endswith(".old"):
            raise OSError(errno.EROFS, "Read-only file system")
        stopping(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OutputError) as met:
        export(tmp_path)
    assert str(met.value) == (
        f"{tmp_path}: error: a.2.xml, a.xml could not be put back and may be new; the other files are the last good "
        "ones: Read-only file system. Make the folder writable and export again: the next export puts the old files "
        "back first."
    )
    monkeypatch.undo()
    assert recover(str(tmp_path)) == ["a.2.xml", "a.xml"]
    sweep(str(tmp_path))
    assert contents(tmp_path) == OLD


class Died(BaseException):
    """As kill -9: nothing is cleaned up."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(replacing, "_undo", lambda *_: None)
    monkeypatch.setattr(Staged, "discard", lambda self: None)
    return monkeypatch


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    ("number", "back"),
    [
        (0, []),
        (1, ["a.xml"]),
        (2, ["a.xml", "b.csv"]),
        (3, ["a.2.xml", "a.xml", "b.csv"]),
    ],
)
def test_after_a_death_between_two_files_the_next_puts_the_old_ones_back(
    tmp_path: Path, dying: pytest.MonkeyPatch, number: int, back: list[str], again: bool
) -> None:
    lay_out(tmp_path)
    stop_at(dying, number, Died())
    with pytest.raises(Died):
        export(tmp_path)
    dying.undo()
    assert (tmp_path / JOURNAL).exists()
    if again:  # a recovery that dies, too
        with dying.context() as patch:
            patch.setattr(replacing, "_close", lambda *_: (_ for _ in ()).throw(Died()))
            with pytest.raises(Died):
                recover(str(tmp_path))
    assert set(recover(str(tmp_path))) <= set(back) if again else recover(str(tmp_path)) == back
    assert recover(str(tmp_path)) == []
    sweep(str(tmp_path))
    assert contents(tmp_path) == OLD


def test_after_a_death_when_all_were_in_place_they_stay(tmp_path: Path, dying: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    dying.setattr(replacing, "_forget", lambda step: (_ for _ in ()).throw(Died()))
    with pytest.raises(Died):
        export(tmp_path)
    assert recover(str(tmp_path)) == []
    sweep(str(tmp_path))
    assert contents(tmp_path) == NEW


def test_recovery_goes_through_links(tmp_path: Path, dying: pytest.MonkeyPatch) -> None:
    web, out = tmp_path / "web", tmp_path / "out"
    web.mkdir()
    out.mkdir()
    (web / "a.xml").write_text("old a")
    (out / "a.xml").symlink_to(web / "a.xml")
    stop_at(dying, 1, Died())
    with pytest.raises(Died):
        export(out)
    dying.undo()
    assert (web / "a.xml").read_text() == "new a"
    assert recover(str(out)) == ["a.xml"]
    assert (out / "a.xml").is_symlink()
    assert contents(web) == {"a.xml": "old a"}


def journal(**entry: Any) -> str:
    return json.dumps({"files": [{"path": "a.xml", "new": "", "old": "", **entry}]})


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"files": 1}', '{"files": ["a"]}', "\xff", "[" * 100_000, '{"files": [{"path": "\\ud800"}]}',
        journal(),
        journal(new=1),
        journal(path=["a.xml"], old=".a.xml.feedsync-1-0.old"),
        journal(old="b.csv"),
        journal(old=".b.csv.feedsync-1-0.old"),
        journal(old=".a.xml.feedsync-1-0.old/../b.csv"),
        journal(path="../a.xml", old=".a.xml.feedsync-1-0.old"),
        journal(path="..", new=".out.feedsync-1-0.new"),
        journal(path="", new="..feedsync-1-0.new"),
        journal(path="a.xml\0", new=".a.xml\0.feedsync-1-0.new"),
    ],
)  # fmt: skip
def test_a_journal_that_is_none_of_ours_moves_nothing(tmp_path: Path, text: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "a.xml").write_text("not ours")
    lay_out(out)
    (out / JOURNAL).write_text(text, encoding="latin-1")
    before = contents(out)
    with pytest.raises(OutputError) as met:
        recover(str(out))
    assert str(met.value).startswith(f"{out}/{JOURNAL}: error: an export was cut short")
    assert contents(out) == before
    assert (tmp_path / "a.xml").read_text() == "not ours"


def test_only_our_own_left_files_are_swept(tmp_path: Path) -> None:
    ours = [".a.xml.feedsync-1-0.new", ".a.xml.feedsync-123456-17.old", ".ñ.json.gz.feedsync-7-0.new"]
    others = [
        ".a.xml.1-0.tmp", "a.xml.feedsync-1-0.new", ".a.xml.feedsync-1-0.new.bak", ".a.xml.feedsync-x-0.new",
        ".a.xml.feedsync-1.old", ".feedsync-1-0.new", ".a.xml.tmp", "a.xml", ".feedsync.lock", JOURNAL,
    ]  # fmt: skip
    for name in (*ours, *others):
        (tmp_path / name).touch()
    folder = tmp_path / ".b.feedsync-1-0.new"
    folder.mkdir()
    (tmp_path / ".c.feedsync-1-0.new").symlink_to(tmp_path / "a.xml")
    sweep(str(tmp_path))
    kept = [*others, folder.name, ".c.feedsync-1-0.new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    sweep(str(tmp_path / "no folder"))


def test_a_dead_process_with_our_number_is_not_in_the_way(tmp_path: Path) -> None:
    lay_out(tmp_path)
    for number in range(4):
        for kind in ("new", "old"):
            (tmp_path / beside("a.xml", number, kind)).write_text("dead")
    export(tmp_path)
    sweep(str(tmp_path))
    assert contents(tmp_path) == NEW


@pytest.mark.parametrize("act", [FileSet.open, FileSet.remove, FileSet.check])
def test_what_is_read_is_never_replaced_or_removed(tmp_path: Path, act: Callable[[FileSet, str], object]) -> None:
    (tmp_path / "p.csv").write_text("catalog")
    (tmp_path / "link.csv").symlink_to(tmp_path / "p.csv")

    def run() -> None:
        with FileSet(str(tmp_path), {os.path.realpath(tmp_path / "p.csv"): "p.csv"}) as files:
            act(files, str(tmp_path / "link.csv"))

    with pytest.raises(OutputError) as met:
        run()
    assert met.value.key == "output_is_input"
    assert (tmp_path / "p.csv").read_text() == "catalog"


def test_a_signal_while_a_file_is_opened_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is on the disk, and the signal comes before anybody has its descriptor."""
    real = os.open

    def interrupted(path: str, *rest: Any) -> int:
        os.close(real(path, *rest))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path)
    assert contents(tmp_path) == {}


def test_files_of_several_folders_by_links_stay_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web, out = tmp_path / "web", tmp_path / "out"
    web.mkdir()
    out.mkdir()
    lay_out(out)
    shutil.move(out / "a.xml", web / "a.xml")
    (out / "a.xml").symlink_to(web / "a.xml")
    stop_at(monkeypatch, 3, OSError(errno.EIO, "no"))
    with pytest.raises(OutputError):
        export(out)
    monkeypatch.undo()
    assert contents(web) == {"a.xml": "old a"}
    assert contents(out) == OLD
