"""Bytes as they lie on disk -> proved UTF-8, block by block: fingerprint, gzip, byte order mark, encoding."""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import xxhash

from feedsync.errors import ConfigError, Place, SourceError, nearest
from feedsync.sources.base import clipped

BLOCK: Final = 4 << 20
GZIP: Final = b"\x1f\x8b"
# UTF-32 LE starts like UTF-16 LE, so it comes first.
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs of Python that are no encodings of files: escapes, host names, transports of bytes in seven bits.
NO_FILES: Final = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7")
# What files come in, for names that are mistyped.
ENCODINGS: Final = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "latin-1", "mac-roman", "koi8-r"),
    *(f"windows-125{n}" for n in range(9)),
    *(f"iso-8859-{n}" for n in (1, 2, 5, 7, 9, 13, 15, 16)),
    *("cp437", "cp850", "cp852", "shift_jis", "euc-jp", "euc-kr", "gb18030", "gbk", "big5"),
)
CONTEXT: Final = 120  # bytes before and after a damaged one that its message may quote
CELL_BORDER: Final = re.compile(r'[\x00-\x1f;,|"<>{}]')


class DecodedFile:
    """A file's content as UTF-8 without byte order mark, whatever it is stored as."""

    def __init__(self, path: Path, name: str, encoding: str | None = None, block: int = BLOCK) -> None:
        """`encoding` is a Python codec name; without it the byte order mark decides, else strict UTF-8."""
        self.name = name
        self.size = 0
        """Bytes on disk, known when blocks() is exhausted."""
        self.start = 0
        """Bytes of a UTF-8 byte order mark: what to add to an offset in the text to have one in the file."""
        self._path = path
        self._block = block
        self._declared = encoding
        self._hash = xxhash.xxh3_128()
        self._codec = "utf-8"
        self._mark = b""
        self._version: tuple[int, ...] | None = None
        if encoding is not None and not _is_encoding(encoding):
            near = nearest(encoding, ENCODINGS)
            raise ConfigError("source_encoding_unknown", subject=name, encoding=clipped(encoding), near=near)

    @property
    def fingerprint(self) -> str:
        """xxh3-128 in hex of the bytes on disk; whole when blocks() is exhausted."""
        return self._hash.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Blocks of valid UTF-8, each ending between two characters, about 4 MiB long.

        What is not in the encoding is a SourceError that comes only after all the text before it.
        """
        self.size = 0
        self._hash = xxhash.xxh3_128()
        content = self._content(counted=True)
        first = b""
        while len(first) < 4 and (more := next(content, b"")):
            first += more
        self._codec, self._mark = self._choose(first)
        self.start = len(self._mark) if self._codec == "utf-8" else 0
        chunks = _chain(first[len(self._mark) :], content)
        yield from self._proved(chunks) if self._codec == "utf-8" else self._converted(chunks)

    def _stored(self, *, counted: bool) -> Iterator[bytes]:
        """The bytes on disk."""
        try:
            with self._path.open("rb") as file:
                now = _version(file.fileno())
                if counted:
                    self._version = now
                self._prove_unchanged(now)
                while chunk := file.read(self._block):
                    if counted:
                        self._hash.update(chunk)
                        self.size += len(chunk)
                    yield chunk
                self._prove_unchanged(_version(file.fileno()))
        except FileNotFoundError:
            raise SourceError("source_missing", Place(self.name)) from None
        except IsADirectoryError:
            raise SourceError("source_folder", Place(self.name)) from None
        except OSError as error:
            raise SourceError("source_unreadable", Place(self.name), reason=error.strerror or str(error)) from error

    def _prove_unchanged(self, now: tuple[int, ...] | None) -> None:
        """A file that is written to while it is read is neither the old one nor the new one."""
        if now != self._version:
            raise SourceError("source_changed", Place(self.name))

    def _content(self, *, counted: bool) -> Iterator[bytes]:
        """The bytes on disk, unpacked where they are gzip."""
        stored = self._stored(counted=counted)
        first = b""
        while len(first) < 2 and (more := next(stored, b"")):
            first += more
        if first.startswith(GZIP):
            return _unpacked(_chain(first, stored), Place(self.name), self._block)
        if first and self._path.suffix.lower() == ".gz":
            raise SourceError("source_not_gzip", Place(self.name))
        return _chain(first, stored)

    def _choose(self, first: bytes) -> tuple[str, bytes]:
        """The codec, and the byte order mark to drop."""
        mark, marked = next(((m, codec) for m, codec in MARKS if first.startswith(m)), (b"", "utf-8"))
        if self._declared is None:
            return marked, mark
        declared = codecs.lookup(self._declared).name.removesuffix("-sig")
        if declared in ("utf-16", "utf-32") and not marked.startswith(declared):
            declared += "-le"  # Python would take the machine's own byte order
        if mark and not marked.startswith(declared):
            raise SourceError("source_mark", Place(self.name), marked=marked, declared=self._declared)
        return (marked, mark) if mark else (declared, b"")

    def _proved(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """UTF-8 as it is, once it is proved to be that."""
        rest = b""
        offset = self.start
        for chunk in _chain_end(chunks):
            data = rest + chunk if rest else chunk
            cut = _whole_characters(data) if chunk else len(data)
            whole, rest = (data, b"") if cut == len(data) else (data[:cut], data[cut:])
            if not _is_utf8(whole):
                try:
                    whole.decode()
                except UnicodeDecodeError as error:
                    if error.start:
                        yield whole[: error.start]
                    raise self._damage(offset + error.start, cut_off=_is_cut(error, chunk)) from None
            offset += len(whole)
            if whole:
                yield whole

    def _converted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Any other encoding, as UTF-8."""
        decoder = codecs.getincrementaldecoder(self._codec)()
        read = len(self._mark)
        for chunk in _chain_end(chunks):
            read += len(chunk)
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                good = len(chunk) - (len(error.object) - error.start)
                if good > 0:
                    yield decoder.decode(chunk[:good]).encode()
                offset = read - len(error.object) + error.start
                raise self._damage(offset, cut_off=_is_cut(error, chunk)) from None
            if text:
                yield text.encode()

    def _damage(self, offset: int, *, cut_off: bool) -> SourceError:
        """The error for the byte at `offset`, which is not in the encoding; the file is read again to say where."""
        before, after, line = b"", b"", 1
        lines = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(self._codec)("replace"), translate=True)
        left = offset
        for chunk in self._content(counted=False):
            line += lines.decode(chunk[:left]).count("\n")
            before = (before + chunk[:left])[-CONTEXT:]
            after += chunk[left : left + CONTEXT]
            left = max(0, left - len(chunk))
            if len(after) >= CONTEXT:
                break
        line += lines.decode(b"", final=True).count("\n")
        if not after and not cut_off:
            raise SourceError("source_changed", Place(self.name))
        place = Place(self.name, line)
        if cut_off:
            return SourceError("source_cut_character", place, offset=offset, encoding=self._codec.upper())
        byte = f"0x{after[0]:02X}"
        if self._codec != "utf-8":
            return SourceError(
                "source_encoding_wrong", place, offset=offset, byte=byte, encoding=self._declared or self._codec
            )
        try:
            says = CELL_BORDER.split(before.decode("cp1252"))[-1] + CELL_BORDER.split(after.decode("cp1252"))[0]
        except UnicodeDecodeError:
            return SourceError("source_not_utf8", place, offset=offset, byte=byte)
        return SourceError("source_windows", place, offset=offset, byte=byte, says=clipped(says.strip(), 80))


def _is_encoding(name: str) -> bool:
    """Whether Python reads text in it."""
    try:
        codec = codecs.lookup(name)
        b"a".decode(name, "ignore")  # refuses codecs that do not give text, such as base64
    except (LookupError, ValueError):  # ValueError: a NUL in the name, or a codec that reads nothing or not by bytes
        return False
    return codec.name.replace("_", "-") not in NO_FILES


def _version(file: int) -> tuple[int, ...] | None:
    """What differs when a file is written to or another one takes its name; None for what is no file (a pipe)."""
    now = os.fstat(file)
    return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns) if stat.S_ISREG(now.st_mode) else None


def _unpacked(chunks: Iterator[bytes], place: Place, block: int) -> Iterator[bytes]:
    """gzip of one or more members, each whole and with the right checksum; zeros after a member are padding.

    A member's checksum is its last input, so no output is left behind when a chunk of input is used up.
    """
    member = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        data = chunk
        while data:
            if member.eof:
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(wbits=31)
            try:
                out = member.decompress(data, block)
            except zlib.error:
                raise SourceError("source_gzip_damaged", place) from None
            data = member.unused_data if member.eof else member.unconsumed_tail
            if out:
                yield out
    if not member.eof:
        raise SourceError("source_gzip_cut", place)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _chain_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, and b"" as the end."""
    yield from chunks
    yield b""


def _is_utf8(data: bytes) -> bool:
    """Polars proves UTF-8 twenty times faster than Python decodes it."""
    if data.isascii():
        return True
    try:
        return pl.Series([data], dtype=pl.Binary).cast(pl.String, strict=False).null_count() == 0
    except pl.exceptions.ComputeError:
        return False


def _is_cut(error: UnicodeDecodeError, chunk: bytes) -> bool:
    """Whether the data end inside a character; the codecs say so in three ways."""
    return not chunk and error.reason.startswith(("unexpected end of data", "truncated data", "incomplete"))


def _whole_characters(data: bytes) -> int:
    """Up to where `data` holds whole UTF-8 characters: the start of a last one that may go on in the next block."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if length > back else len(data)
    return len(data)
