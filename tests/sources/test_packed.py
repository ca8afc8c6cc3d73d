"""Packed files: whole or an error, whatever is cut off or changed; never more than a product export can be."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from making import xlsx, zipped

from feedsync.errors import SourceError
from feedsync.sources import packed
from feedsync.sources.packed import Unpacked
from feedsync.sources.stored import StoredFile

TEXT = b"sku,title\nA,Gorra\nB,Botas\n"
ZSTD = zstandard.ZstdCompressor(write_checksum=True).compress(TEXT)
PACKED: dict[str, bytes] = {
    "p.gz": gzip.compress(TEXT, mtime=0),
    "p.bz2": bz2.compress(TEXT),
    "p.xz": lzma.compress(TEXT),
    "p.zst": ZSTD,
    "p.zip": zipped({"p.csv": TEXT}),
}


def unpacked(folder: Path, name: str, content: bytes, member: str | None = None, block: int = 7) -> bytes:
    (folder / name).write_bytes(content)
    return b"".join(Unpacked(StoredFile(folder / name, name), member=member).chunks(block))


def refused(folder: Path, name: str, content: bytes, member: str | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        unpacked(folder, name, content, member)
    return caught.value.message()


@pytest.mark.parametrize("name", PACKED)
def test_what_is_packed_is_unpacked(tmp_path: Path, name: str) -> None:
    assert unpacked(tmp_path, name, PACKED[name]) == TEXT
    assert unpacked(tmp_path, "p.csv", PACKED[name]) == TEXT


@pytest.mark.parametrize("name", PACKED)
def test_every_cut_is_an_error(tmp_path: Path, name: str) -> None:
    whole = PACKED[name]
    for size in range(1, len(whole)):
        met = refused(tmp_path, name, whole[:size])
        assert met.startswith(f"{name}: error: "), size
    assert unpacked(tmp_path, name, b"") == b""  # an empty file, which each format refuses


@pytest.mark.parametrize("name", PACKED)
def test_a_changed_byte_never_changes_the_text(tmp_path: Path, name: str) -> None:
    whole = PACKED[name]
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        try:
            assert unpacked(tmp_path, name, changed) == TEXT, at
        except SourceError:
            continue


@pytest.mark.parametrize("name", ["p.gz", "p.bz2", "p.xz", "p.zst"])
def test_members_one_after_the_other(tmp_path: Path, name: str) -> None:
    both = PACKED[name] + PACKED[name]
    for block in (1, 1000):
        assert unpacked(tmp_path, name, both, block=block) == TEXT + TEXT
    assert "damaged" in refused(tmp_path, name, PACKED[name] + b"and what is no member")


def test_another_packing_than_the_name_says(tmp_path: Path) -> None:
    assert refused(tmp_path, "p.zip", PACKED["p.gz"]) == (
        "p.zip: error: the name ends in .zip, but this is not zip. Rename or pack the file."
    )


@pytest.mark.parametrize("name", PACKED)
def test_packed_twice(tmp_path: Path, name: str) -> None:
    twice = gzip.compress(PACKED[name])
    assert refused(tmp_path, "p.gz", twice).endswith("packed once more. Pack the file once.")
    assert "packed once more" in refused(tmp_path, "p.zip", zipped({"p": PACKED[name]}))


def encrypted() -> bytes:
    """The flag of a member with a password, in both of its headers."""
    whole = bytearray(zipped({"p.csv": TEXT}))
    struct.pack_into("<H", whole, 6, 1)
    struct.pack_into("<H", whole, whole.index(b"PK\x01\x02") + 8, 1)
    return bytes(whole)


def longer() -> bytes:
    """A member that shall be a byte longer than what is there, with the right checksum of what is there."""
    whole = bytearray(zipped({"p.csv": TEXT}))
    struct.pack_into("<I", whole, whole.index(b"PK\x01\x02") + 24, len(TEXT) + 1)
    return bytes(whole)


ARCHIVES: dict[str, tuple[bytes, str | None, str]] = {
    "several": (
        zipped({"a.csv": TEXT, "b.csv": TEXT}),
        None,
        "p.zip: error: the zip archive holds 2 files that may be meant: a.csv, b.csv."
        " Name one in member; a pattern such as products-*.csv will do.",
    ),
    "several of a pattern": (zipped({"a.csv": TEXT, "b.csv": TEXT, "c": b""}), "*.csv", "holds 2 files"),
    "none of the name": (
        zipped({"a.csv": TEXT}),
        "b.csv",
        'p.zip: error: the zip archive has no file "b.csv". Correct member on the source; there are a.csv.',
    ),
    "empty": (zipped({}), None, "p.zip: error: the zip archive holds no file."),
    "folders only": (zipped({"a/": b""}), None, "p.zip: error: the zip archive holds no file."),
    "password": (
        encrypted(),
        None,
        'p.zip: error: "p.csv" in the zip archive is encrypted. Send it without a password.',
    ),
    "shorter than it says": (longer(), None, "p.zip: error:"),
    "workbook": (xlsx({"A": [["x"]]}), None, "p.zip: error: this is a workbook of Excel or LibreOffice"),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_archives_that_hold_something_else(tmp_path: Path, case: str) -> None:
    content, member, message = ARCHIVES[case]
    assert message in refused(tmp_path, "p.zip", content, member)


def test_a_member_by_name_or_pattern(tmp_path: Path) -> None:
    content = zipped({"x/a.csv": TEXT, "b.csv": b"", "*.csv": b"star"})
    assert unpacked(tmp_path, "p.zip", content, "x/a.csv") == TEXT
    assert unpacked(tmp_path, "p.zip", content, "x/*") == TEXT
    assert unpacked(tmp_path, "p.zip", content, "*.csv") == b"star"


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "p.gz": gzip.compress,
    "p.bz2": bz2.compress,
    "p.xz": lzma.compress,
    "p.zst": zstandard.compress,
    "p.zip": lambda content: zipped({"p": content}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_on_the_way(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SMALL", 1 << 20)
    (tmp_path / name).write_bytes(BOMBS[name](bytes(8 << 20)))
    out: list[bytes] = []
    chunks = Unpacked(StoredFile(tmp_path / name, name)).chunks(1 << 16)
    with pytest.raises(SourceError, match="which no product export does"):
        out.extend(chunks)
    assert sum(map(len, out)) < 4 << 20


def test_too_much_is_refused_however_well_it_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST", 20)
    assert "which no product export does" in refused(tmp_path, "p.gz", PACKED["p.gz"])


def test_zstandard_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    assert refused(tmp_path, "p.zst", ZSTD) == (
        'p.zst: error: what reads Zstandard is not installed. Install it: pip install "feedsync[zstd]".'
    )


def test_the_proof_is_of_the_stored_bytes(tmp_path: Path) -> None:
    for name, content in PACKED.items():
        (tmp_path / name).write_bytes(content)
        file = Unpacked(StoredFile(tmp_path / name, name))
        with file.held() as path:
            assert path.read_bytes() == TEXT
            assert (file.size, file.proved) == (len(content), ("end",) if name == "p.zst" else ("checksum",))
        assert not path.exists()


def test_a_method_that_is_not_read(tmp_path: Path) -> None:
    whole = bytearray(PACKED["p.zip"])
    struct.pack_into("<H", whole, 8, 9)  # deflate64, which Windows makes of large files
    struct.pack_into("<H", whole, whole.index(b"PK\x01\x02") + 10, 9)
    (tmp_path / "p.zip").write_bytes(whole)
    assert zipfile.is_zipfile(tmp_path / "p.zip")
    assert "is packed in a way that is not read" in refused(tmp_path, "p.zip", bytes(whole))
