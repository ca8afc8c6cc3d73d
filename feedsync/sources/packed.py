"""Files unpacked as they are read: gzip, bzip2, xz, Zstandard, and the one file of a zip archive.

Whatever is cut short or damaged is a SourceError, never a shorter feed; each packing ends with a mark, and nearly all
with a checksum. What grows out of all proportion is an error before it fills the disk.
"""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Any, Final, Protocol

from feedsync.errors import Place, SourceError
from feedsync.sources.base import How, clipped
from feedsync.sources.stored import BLOCK, Bytes, chain, spooled

MOST: Final = 64 << 30  # bytes of one file unpacked
RATIO: Final = 200  # and so many times as large as packed,
SMALL: Final = 256 << 20  # once it is larger than this
MEMORY: Final = 128 << 20  # what a packing may ask for; the strongest setting of xz needs 65 MiB
SLICE: Final = 1 << 10  # packed bytes at once where nothing bounds what comes out: of Zstandard at most 32 MiB
MAGIC: Final = re.compile(
    rb"(?P<gzip>\x1f\x8b)|(?P<zstd>\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)|(?P<xz>\xfd7zXZ\x00)"
    rb"|(?P<bzip2>BZh[1-9](?:\x31\x41\x59\x26\x53\x59|\x17\x72\x45\x38\x50\x90))|(?P<zip>PK(?:\x03\x04|\x05\x06))"
)
ENDS: Final[dict[str, tuple[How, ...]]] = {
    **dict.fromkeys(("gzip", "bzip2", "xz", "zip"), ("checksum",)),
    "zstd": ("end",),  # a checksum is optional there
}
START: Final = 10  # bytes in which a packing shows
SUFFIXES: Final = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz", ".zip": "zip"}
NAMED: Final = 5  # files of an archive that a message names


class Unpacked:
    """The content of a file, unpacked where it is packed; see `stored.Bytes`. Size and fingerprint are the file's."""

    def __init__(self, file: Bytes, *, member: str | None = None, workbook: bool = False) -> None:
        """`member` names the one file of a zip archive, also by a pattern. `workbook`: what is read is a zip archive
        itself, so that one is unpacked only where the file's name ends in a packing's suffix."""
        self._file = file
        self._member = member
        self._workbook = workbook
        self._suffix = PurePath(file.name).suffix.lower()
        self._ends: tuple[How, ...] = ()

    @property
    def name(self) -> str:
        """See `Bytes`."""
        return self._file.name

    @property
    def size(self) -> int:
        """See `Bytes`."""
        return self._file.size

    @property
    def fingerprint(self) -> str:
        """See `Bytes`."""
        return self._file.fingerprint

    @property
    def modified(self) -> float | None:
        """See `Bytes`."""
        return self._file.modified

    @property
    def proved(self) -> tuple[How, ...]:
        """See `Bytes`."""
        return (*self._file.proved, *self._ends)

    def chunks(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        return self._content(self._file.chunks(block), block)

    def again(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        return self._content(self._file.again(block), block)

    @contextmanager
    def held(self) -> Iterator[Path]:
        """See `Bytes`; what is packed is unpacked into a temporary file."""
        if self._suffix in SUFFIXES:
            with spooled(self.chunks()) as path:
                yield path
        else:
            with self._file.held() as path:
                yield path

    def _content(self, stored: Iterator[bytes], block: int) -> Iterator[bytes]:
        first, stored = _started(stored)
        packing = self._packing(first)
        if packing is None:
            self._ends = ()
            yield from stored
            return
        if packing == "zip":
            with spooled(stored) as path:
                yield from self._within(self._of_archive(path, block))
        else:
            yield from self._within(self._of_stream(packing, stored, block))

    def _packing(self, first: bytes) -> str | None:
        expected = SUFFIXES.get(self._suffix)
        match = MAGIC.match(first)
        found = match.lastgroup if match else None
        if first and expected is not None and found != expected:
            raise SourceError("packed_not", self._place, suffix=self._suffix, packing=expected)
        return None if self._workbook and expected is None else found

    def _within(self, content: Iterator[bytes]) -> Iterator[bytes]:
        """The content, refused where it is packed once more."""
        first, content = _started(content)
        match = MAGIC.match(first)
        if match and not (self._workbook and match.lastgroup == "zip"):
            raise SourceError("packed_twice", self._place, packing=match.lastgroup)
        return content

    def _of_stream(self, packing: str, stored: Iterator[bytes], block: int) -> Iterator[bytes]:
        """One or more members, each whole and with the right checksum; zeros after a member are padding.

        A member's end is its last input, so no output is left behind when a chunk of input is used up.
        """
        self._ends = ENDS[packing]
        make = _zstd(self._place) if packing == "zstd" else _MEMBERS[packing]
        member = make()
        gauge = Gauge(self._place)
        for chunk in stored:
            gauge.packed += len(chunk)
            data = chunk
            while data:
                if member.eof:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    member = make()
                try:
                    out, data = member.take(data, block)
                except _DAMAGE:
                    raise SourceError("packed_damaged", self._place, packing=packing) from None
                if out:
                    yield gauge.grown(out)
        if not member.eof:
            raise SourceError("packed_cut", self._place, packing=packing)

    def _of_archive(self, path: Path, block: int) -> Iterator[bytes]:
        self._ends = ENDS["zip"]
        try:
            with zipfile.ZipFile(path) as archive:
                one = self._chosen(archive)
                gauge = Gauge(self._place, max(one.compress_size, 1))
                read = 0
                with archive.open(one) as content:
                    while chunk := content.read(block):
                        read += len(chunk)
                        yield gauge.grown(chunk)
                if read != one.file_size:
                    raise SourceError("packed_damaged", self._place, packing="zip")
        except NotImplementedError:
            raise SourceError("zip_method", self._place) from None
        except (zipfile.BadZipFile, EOFError, ValueError, struct.error, *_DAMAGE):
            raise SourceError("zip_damaged", self._place) from None

    def _chosen(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        """The one file to read; folders and what macOS adds beside each file are none."""
        files = [one for one in archive.infolist() if not one.is_dir() and not _of_macos(one.filename)]
        names = [one.filename for one in files]
        if "[Content_Types].xml" in names or "content.xml" in names:
            raise SourceError("zip_workbook", self._place)
        if not files:
            raise SourceError("zip_empty", self._place)
        if self._member is not None:
            files = [one for one in files if one.filename == self._member] or [
                one for one in files if fnmatchcase(one.filename, self._member)
            ]
        if len(files) != 1:
            shown = [one.filename for one in files] or names
            listed = ", ".join(clipped(name) for name in shown[:NAMED]) + (", …" if len(shown) > NAMED else "")
            key = "zip_several" if files else "zip_no_member"
            raise SourceError(key, self._place, count=len(files), member=clipped(self._member or ""), names=listed)
        if files[0].flag_bits & 0x1:
            raise SourceError("zip_encrypted", self._place, member=clipped(files[0].filename))
        return files[0]

    @property
    def _place(self) -> Place:
        return Place(self.name)


def _started(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all of them."""
    first = b""
    while len(first) < START and (more := next(chunks, b"")):
        first += more
    return first, chain(first, chunks)


def _of_macos(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePath(name).name == ".DS_Store"


class Gauge:
    """How much came out of how much."""

    def __init__(self, place: Place, packed: int = 0) -> None:
        self.packed = packed
        self._place = place
        self._out = 0

    def grown(self, out: bytes) -> bytes:
        """What came out, if it is not too much."""
        self._out += len(out)
        if self._out > MOST or (self._out > SMALL and self._out > RATIO * self.packed):
            raise SourceError("packed_bomb", self._place, mebibytes=self._out >> 20, packed=-(-self.packed // 1024))
        return out


class _Member(Protocol):
    """One compressed stream."""

    @property
    def eof(self) -> bool:
        """It is whole."""

    def take(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """What comes out of the input, about `most` bytes of it, and the input that is left."""


class _Zlib:
    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._member.eof

    def take(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        out = self._member.decompress(data, most)
        return out, self._member.unused_data if self._member.eof else self._member.unconsumed_tail


class _Sliced:
    """A decompressor that keeps what it does not use, or does not bound what comes out: it gets a little at a time."""

    def __init__(self, member: Any) -> None:
        self._member = member

    @property
    def eof(self) -> bool:
        return bool(self._member.eof)

    def take(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        outs, size, at = [], 0, 0
        while at < len(data) and size < most and not self._member.eof:
            outs.append(self._member.decompress(data[at : at + SLICE]))
            at += SLICE
            size += len(outs[-1])
        rest = data[at:]
        return b"".join(outs), (self._member.unused_data + rest if self._member.eof else rest)


def _zstd(place: Place) -> Callable[[], _Member]:
    """The maker of Zstandard's members, which Python has from 3.14 on only."""
    try:
        import zstandard
    except ImportError:
        raise SourceError("extra_missing", place, what="Zstandard", extra="zstd") from None

    class Member(_Sliced):
        def take(self, data: bytes, most: int) -> tuple[bytes, bytes]:
            try:
                return super().take(data, most)
            except zstandard.ZstdError as error:
                raise OSError from error

    return lambda: Member(zstandard.ZstdDecompressor(max_window_size=MEMORY).decompressobj())


_MEMBERS: Final[dict[str, Callable[[], _Member]]] = {
    "gzip": _Zlib,
    "bzip2": lambda: _Sliced(bz2.BZ2Decompressor()),
    "xz": lambda: _Sliced(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)),
}
_DAMAGE: Final = (zlib.error, lzma.LZMAError, OSError)  # bz2 and our Zstandard say OSError
