"""Files appear whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from writer_builders import items, spec, writer_of

from feedsync.errors import Exit, OutputError
from feedsync.writers.disk import make_folder
from feedsync.writers.files import FeedFile, FileSet, Written, atomic, file_suffix, write_feed


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_all(*paths: str) -> None:
    with FileSet(os.path.dirname(paths[0])) as files:
        for path in paths:
            files.open(path).write(b"new")


def test_a_file_replaces_its_forerunner_whole(tmp_path: Path) -> None:
    target = tmp_path / "feed.xml"
    target.write_bytes(b"yesterday")
    target.chmod(0o640)
    with atomic(str(target)) as out:
        out.write(b"to")
        assert target.read_bytes() == b"yesterday"
        out.write(b"day")
    assert target.read_bytes() == b"today"
    assert (out.bytes, out.sha256) == (5, hashlib.sha256(b"today").hexdigest())
    assert target.stat().st_mode & 0o777 == 0o640
    assert listing(tmp_path) == ["feed.xml"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic(str(tmp_path / "new")) as out:
        out.write(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "feed.xml").symlink_to(tmp_path / "real" / "feed.xml")
    with atomic(str(tmp_path / "feed.xml")) as out:
        out.write(b"x")
    assert (tmp_path / "feed.xml").is_symlink()
    assert (tmp_path / "real" / "feed.xml").read_bytes() == b"x"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("compress", [None, "gzip"])
def test_nothing_remains_of_a_broken_block(tmp_path: Path, error: type[BaseException], compress: Any) -> None:
    (tmp_path / "feed").write_bytes(b"yesterday")

    def broken() -> None:
        with atomic(str(tmp_path / "feed"), compress) as out:
            out.write(b"half")
            raise error

    with pytest.raises(error):
        broken()
    assert listing(tmp_path) == ["feed"]
    assert (tmp_path / "feed").read_bytes() == b"yesterday"


def test_gzip_is_the_same_every_time(tmp_path: Path) -> None:
    packed = []
    for name in ("a.gz", "b.gz"):
        with atomic(str(tmp_path / name), "gzip") as out:
            out.write(b"feed " * 100_000)
        data = (tmp_path / name).read_bytes()
        assert (out.bytes, out.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        packed.append(data)
    assert packed[0] == packed[1]
    assert packed[0][3:8] == b"\0" * 5  # no name, no time
    assert gzip.decompress(packed[0]) == b"feed " * 100_000


def test_a_set_appears_together_or_not_at_all(tmp_path: Path) -> None:
    one, two, old = (str(tmp_path / name) for name in ("one", "two", "old"))
    Path(old).touch()
    with FileSet(str(tmp_path)) as files:
        for path in (one, two):
            files.open(path).write(path.encode())
        files.remove(old)
        files.remove(str(tmp_path / "never there"))
        assert not os.path.exists(one)
    assert listing(tmp_path) == ["one", "two"]
    with pytest.raises(OutputError):
        write_all(one, str(tmp_path / "no" / "folder"))
    assert Path(one).read_bytes() == one.encode()
    assert listing(tmp_path) == ["one", "two"]


def test_a_failing_sync_of_the_last_replaces_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.fsync, []

    def full_at_the_second(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OutputError) as error:
        write_all(str(tmp_path / "one"), str(tmp_path / "two"))
    assert error.value.key == "output_disk_full"
    assert listing(tmp_path) == []


FULL = (
    "feed.xml: error: the disk is full, or a quota is used up. The last good files stay. Free some space and run again."
)


@pytest.mark.parametrize("compress", [None, "gzip"])
def test_disk_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compress: Any) -> None:
    room = 1000
    real = os.write

    def write(descriptor: int, data: memoryview) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = min(len(data), room)
        room -= count
        return real(descriptor, data[:count])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "write", write)

    def fill() -> None:
        with atomic("feed.xml", compress) as out:
            out.write(os.urandom(500))
            assert out.bytes in (500, 10)  # gzip has only written its header yet
            out.write(os.urandom(100_000))

    with pytest.raises(OutputError) as error:
        fill()
    assert str(error.value) == FULL
    assert error.value.exit_code == Exit.CANNOT_RUN
    assert listing(tmp_path) == []


def test_a_limit_of_the_system(tmp_path: Path) -> None:
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from feedsync.errors import OutputError\n"
        "from feedsync.writers.files import atomic\n"
        "try:\n"
        "    with atomic('feed.xml') as out:\n"
        "        out.write(b'x' * 10000)\n"
        "except OutputError as error:\n"
        "    print(error.key, error.params['bytes'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "output_too_large 4096\n"
    assert listing(tmp_path) == []


def a_file(folder: Path) -> str:
    (folder / "out").touch()
    return "out/feed.xml"


def a_folder(folder: Path) -> str:
    (folder / "feed.xml").mkdir()
    return "feed.xml"


@pytest.mark.parametrize(
    ("prepare", "key"),
    [
        (lambda folder: "out/feed.xml", "output_no_folder"),
        (a_file, "output_not_a_folder"),
        (a_folder, "output_is_a_folder"),
        (lambda folder: "x" * 300, "output_failed"),
    ],
)
def test_a_place_that_takes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[Path], str], key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = prepare(tmp_path)
    with pytest.raises(OutputError) as error, atomic(path):
        pytest.fail("the file must not open")
    assert error.value.key == key
    assert str(error.value).startswith(f"{path}: error: ")


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.EACCES, "output_no_permission"),
        (errno.EROFS, "output_no_permission"),
        (errno.EDQUOT, "output_disk_full"),
        (errno.EIO, "output_failed"),
    ],
)
def test_what_the_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, key: str) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError) as error, atomic(str(tmp_path / "feed.xml")):
        pytest.fail("the file must not open")
    assert error.value.key == key
    assert error.value.message()


def test_make_folder(tmp_path: Path) -> None:
    make_folder(str(tmp_path / "a" / "b"))
    make_folder(str(tmp_path / "a" / "b"))
    (tmp_path / "file").touch()
    for path in ("file", "file/b"):
        with pytest.raises(OutputError) as error:
            make_folder(str(tmp_path / path))
        assert error.value.key == "output_not_a_folder"


LINES = {"writer": "delimited", "suffix": "csv"}


def test_a_feed_into_one_file(tmp_path: Path) -> None:
    made = spec({"csv": {**LINES, "compress": "gzip"}}, {"id": {}})
    writer = writer_of(made)
    path = str(tmp_path / f"shop.{file_suffix(writer)}")
    with FileSet(str(tmp_path)) as files:
        report = write_feed(writer, [items(made, {"id": "A"}), items(made), items(made, {"id": "B"})], files, path)
    data = Path(path).read_bytes()
    assert path.endswith("shop.csv.gz")
    assert gzip.decompress(data) == b"id\nA\nB\n"
    assert report == [Written(path, 2, len(data), hashlib.sha256(data).hexdigest())]


class Lines:
    """A writer that splits: <id id id>."""

    suffix, compress, split_at = "txt", None, 2

    def begin(self) -> bytes:
        return b"<"

    def items(self, frame: pl.DataFrame) -> bytes:
        return "".join(frame["id"]).encode()

    def end(self) -> bytes:
        return b">"


@pytest.mark.parametrize(
    ("batches", "parts"),
    [
        ([""], ["<>"]),
        (["ab"], ["<ab>"]),
        (["abc"], ["<ab>", "<c>"]),
        (["a", "bcdef", "g"], ["<ab>", "<cd>", "<ef>", "<g>"]),
        (["ab", "", "cd"], ["<ab>", "<cd>"]),
    ],
)
def test_a_feed_in_parts(tmp_path: Path, batches: list[str], parts: list[str]) -> None:
    with FileSet(str(tmp_path)) as files:
        feed = FeedFile(Lines(), files, str(tmp_path / "feed.txt"))
        for batch in batches:
            feed.add(pl.DataFrame({"id": list(batch)}, schema={"id": pl.String}))
        report = feed.close()
    names = ["feed.txt", *(f"feed.{number}.txt" for number in range(2, len(parts) + 1))]
    assert [(os.path.basename(part.path), part.items) for part in report] == [
        (name, len(text) - 2) for name, text in zip(names, parts, strict=True)
    ]
    assert {name: (tmp_path / name).read_text() for name in listing(tmp_path)} == dict(zip(names, parts, strict=True))


def test_parts_that_the_feed_no_longer_has_go(tmp_path: Path) -> None:
    for name in ("feed.2.txt", "feed.3.txt", "feed.4.txt", "feed.6.txt", "feed.old.txt"):
        (tmp_path / name).touch()
    with FileSet(str(tmp_path)) as files:
        write_feed(Lines(), [pl.DataFrame({"id": ["a", "b", "c"]})], files, str(tmp_path / "feed.txt"))
        assert "feed.3.txt" in listing(tmp_path)
    # 6 does not follow on them, so it may be somebody else's
    assert listing(tmp_path) == ["feed.2.txt", "feed.6.txt", "feed.old.txt", "feed.txt"]
