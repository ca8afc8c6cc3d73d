"""Bytes as they lie somewhere: read once with their fingerprint, again for the place of a damage, or by seeking."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import xxhash

from feedsync.errors import Place, SourceError
from feedsync.sources.base import How, Proof

BLOCK: Final = 4 << 20


class Bytes(Protocol):
    """A file, wherever it lies and however it is packed. An adapter reads it and knows neither."""

    @property
    def name(self) -> str:
        """As people read it in places: the path or the address as declared, without secrets."""

    @property
    def size(self) -> int:
        """Bytes as they are stored (packed where they are); known when they were read."""

    @property
    def fingerprint(self) -> str:
        """xxh3-128 in hex of the stored bytes; whole when they were read."""

    @property
    def modified(self) -> float | None:
        """When the file was last written, in seconds since 1970; known once it is open, None where nobody says."""

    @property
    def proved(self) -> tuple[How, ...]:
        """How it was proved that no byte is missing, known when they were read; () where nothing proves it."""

    def chunks(self, block: int = BLOCK) -> Iterator[bytes]:
        """The content, some `block` bytes at a time. A SourceError for what is missing, changed or not whole."""

    def again(self, block: int = BLOCK) -> Iterator[bytes]:
        """The same content once more, to find a place in it; a SourceError where it is another by now."""

    def held(self) -> AbstractContextManager[Path]:
        """A local file with the content, for formats that seek. Size and fingerprint are known inside; a file that
        changes meanwhile is a SourceError at the end."""


class StoredFile:
    """A file on this machine."""

    proved: tuple[How, ...] = ()

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.size = 0
        self.modified: float | None = None
        self._path = path
        self._hash = xxhash.xxh3_128()
        self._version: tuple[int, ...] | None = None

    @property
    def fingerprint(self) -> str:
        """See `Bytes`."""
        return self._hash.hexdigest()

    def chunks(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        self.size = 0
        self._hash = xxhash.xxh3_128()
        for chunk in self._read(block, first=True):
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    def again(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        return self._read(block, first=False)

    @contextmanager
    def held(self) -> Iterator[Path]:
        """See `Bytes`; a pipe is copied into a temporary file first."""
        chunks = self.chunks()
        first = next(chunks, b"")
        if self._version is None:
            with spooled(chain(first, chunks)) as path:
                yield path
            return
        for _ in chunks:
            pass
        yield self._path
        for _ in self._read(BLOCK, first=False):
            break  # opening it proves that it is the file that was read

    def _read(self, block: int, *, first: bool) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                now = _version(file.fileno())
                if first:
                    self._version = now
                    self.modified = os.fstat(file.fileno()).st_mtime if now else None
                self._prove_unchanged(now)
                while chunk := file.read(block):
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


def proof_of(file: Bytes, rows: int, ends: tuple[How, ...] = (), **more: Any) -> Proof:
    """The proof of a file that was read; `ends` is how its own format proves that it is whole."""
    return Proof(
        rows, file.size, file.fingerprint, proved=(*file.proved, *ends), modified=file.modified,
        **{"complete": True, **more},
    )  # fmt: skip


def chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """The first bytes, if there are any, and the rest."""
    if first:
        yield first
    yield from rest


@contextmanager
def spooled(chunks: Iterable[bytes]) -> Iterator[Path]:
    """The bytes in a temporary file, which goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="feedsync-") as folder:
        path = Path(folder) / "content"
        with path.open("wb") as file:
            file.writelines(chunks)
        yield path


def _version(file: int) -> tuple[int, ...] | None:
    """What differs when a file is written to or another one takes its name; None for what is no file (a pipe)."""
    now = os.fstat(file)
    return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns) if stat.S_ISREG(now.st_mode) else None
