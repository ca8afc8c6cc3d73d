"""Bytes -> proved UTF-8, block by block: byte order mark, encoding, and where what is not in it stands."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from feedsync.errors import ConfigError, Place, SourceError, nearest
from feedsync.sources.base import clipped
from feedsync.sources.stored import BLOCK, Bytes, chain

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
LOOKED: Final = 512  # bytes in which a document names its encoding
CONTEXT: Final = 120  # bytes before and after a damaged one that its message may quote
CELL_BORDER: Final = re.compile(r'[\x00-\x1f;,|"<>{}]')
Says = Callable[[bytes], str | None]


class DecodedFile:
    """A file's content as UTF-8 without byte order mark, whatever it is stored as."""

    def __init__(self, file: Bytes, encoding: str | None = None, block: int = BLOCK, says: Says | None = None) -> None:
        """`encoding` is a Python codec name; without it the byte order mark decides, then what the content `says` of
        itself in its first bytes, else strict UTF-8."""
        self.name = file.name
        self.stored = file
        self.start = 0
        """Bytes of a UTF-8 byte order mark: what to add to an offset in the text to have one in the file."""
        self._block = block
        self._declared = encoding
        self._says = says
        self._codec = "utf-8"
        self._mark = b""
        if encoding is not None and not is_encoding(encoding):
            near = nearest(encoding, ENCODINGS)
            raise ConfigError("source_encoding_unknown", subject=file.name, encoding=clipped(encoding), near=near)

    def blocks(self) -> Iterator[bytes]:
        """Blocks of valid UTF-8, each ending between two characters, about 4 MiB long.

        What is not in the encoding is a SourceError that comes only after all the text before it.
        """
        content = self.stored.chunks(self._block)
        first = b""
        while len(first) < (4 if self._says is None else LOOKED) and (more := next(content, b"")):
            first += more
        self._codec, self._mark = self._choose(first)
        self.start = len(self._mark) if self._codec == "utf-8" else 0
        chunks = chain(first[len(self._mark) :], content)
        yield from self._proved(chunks) if self._codec == "utf-8" else self._converted(chunks)

    def _choose(self, first: bytes) -> tuple[str, bytes]:
        """The codec, and the byte order mark to drop."""
        mark, marked = next(((m, codec) for m, codec in MARKS if first.startswith(m)), (b"", "utf-8"))
        said = self._declared or (self._says(first) if self._says is not None and not mark else None)
        if said is None:
            return marked, mark
        declared = codecs.lookup(said).name.removesuffix("-sig")
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
        for chunk in self.stored.again(self._block):
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


def is_encoding(name: str) -> bool:
    """Whether Python reads text in it."""
    try:
        codec = codecs.lookup(name)
        b"a".decode(name, "ignore")  # refuses codecs that do not give text, such as base64
    except (LookupError, ValueError):  # ValueError: a NUL in the name, or a codec that reads nothing or not by bytes
        return False
    return codec.name.replace("_", "-") not in NO_FILES


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
