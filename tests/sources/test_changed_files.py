"""A file that changes while it is read is an error: it is neither the old export nor the new one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from reading import ADAPTERS, whole

from feedsync.errors import Exit, SourceError
from feedsync.sources.csv import CsvSource
from feedsync.sources.stored import StoredFile

CONTENT = {
    ".csv": b"sku,title\n" + b"1,abc\n" * 100,
    ".jsonl": b'{"sku": 1}\n' * 100,
    ".json": b"[" + b'{"sku": 1},\n' * 100 + b'{"sku": 1}]',
}


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def rewritten(path: Path) -> None:
    at = path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(at, at + 1_000_000_000))


@pytest.mark.parametrize("change", [appended, cut, rewritten])
@pytest.mark.parametrize("suffix", CONTENT)
def test_a_file_that_changes_is_an_error(tmp_path: Path, suffix: str, change: Callable[[Path], None]) -> None:
    path = tmp_path / f"p{suffix}"
    path.write_bytes(CONTENT[suffix])
    source = ADAPTERS[suffix](StoredFile(path, path.name), block=64)
    file = source._file.blocks()
    next(file)
    change(path)
    with pytest.raises(SourceError) as caught:
        list(file)
    assert caught.value.message() == (
        f"p{suffix}: error: the file changed while it was read. Run again when it is whole; an export that writes"
        " another name first and renames it never shows half a file."
    )
    assert caught.value.exit_code == Exit.CANNOT_RUN


def test_such_a_source_gives_no_proof(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(CONTENT[".csv"])
    source = CsvSource(StoredFile(path, "p.csv"), block=64)
    blocks = source.blocks()
    next(blocks)
    appended(path)
    with pytest.raises(SourceError, match="changed while it was read"):
        list(blocks)
    with pytest.raises(RuntimeError):
        _ = source.proof
    assert whole(source).height == 100  # and what is there afterwards reads


def test_another_file_of_the_name_does_not_disturb(tmp_path: Path) -> None:
    """Whoever renames a whole file over the old one gives readers the old one to its end."""
    path = tmp_path / "p.csv"
    path.write_bytes(CONTENT[".csv"])
    source = CsvSource(StoredFile(path, "p.csv"), block=64)
    blocks = source.blocks()
    read = next(blocks).height
    (tmp_path / "new.csv").write_bytes(b"sku,title\n2,x\n")
    (tmp_path / "new.csv").replace(path)
    assert read + sum(block.height for block in blocks) == 100


@pytest.mark.parametrize("new", [b"sku\n", CONTENT[".csv"] * 2])
def test_damage_is_not_looked_for_in_another_file(tmp_path: Path, new: bytes) -> None:
    """The place of a damaged byte is found by a second reading; there may be another file by then."""
    path = tmp_path / "p.csv"
    path.write_bytes(CONTENT[".csv"] + b"2,\xff\n")
    blocks = CsvSource(StoredFile(path, "p.csv"), block=64).blocks()
    next(blocks)
    (tmp_path / "new.csv").write_bytes(new)
    (tmp_path / "new.csv").replace(path)
    with pytest.raises(SourceError, match="changed while it was read"):
        list(blocks)


def test_a_pipe_is_no_file_that_changes(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            for line in CONTENT[".csv"].splitlines(keepends=True)[:3]:
                time.sleep(0.02)  # its time of change moves on
                pipe.write(line)

    writer = threading.Thread(target=write)
    writer.start()
    assert whole(CsvSource(StoredFile(path, "p.csv"), block=64)).height == 2
    writer.join()
