"""Files that appear whole or not at all: written beside their place, synced, and renamed together at the end."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Final, Literal, Self, cast

import polars as pl

from feedsync.errors import OutputError, Place
from feedsync.writers.base import Writer

_KEYS: Final = {
    errno.ENOENT: "output_no_folder",
    errno.ENOTDIR: "output_not_a_folder",
    errno.EEXIST: "output_not_a_folder",
    errno.EISDIR: "output_is_a_folder",
    errno.EACCES: "output_no_permission",
    errno.EPERM: "output_no_permission",
    errno.EROFS: "output_no_permission",
    errno.ENOSPC: "output_disk_full",
    errno.EDQUOT: "output_disk_full",
    errno.EFBIG: "output_too_large",
}
_GZIP_LEVEL: Final = 6


@dataclass(frozen=True)
class Written:
    """A finished file: where it is, how many items it holds, and its bytes as they lie on the disk."""

    path: str
    items: int
    bytes: int
    sha256: str


def make_folder(path: str) -> None:
    """The folder and those above it, where they are not there yet; OutputError where that cannot be."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise _output_error(error, path, path) from error


class Staged:
    """A file being written under a temporary name in its final folder. Counts and hashes what reaches the disk."""

    def __init__(self, path: str, compress: Literal["gzip"] | None = None) -> None:
        self.path = path
        self.bytes = 0
        self._target = os.path.realpath(path)  # through a link, so that the link stays
        self._folder, name = os.path.split(self._target)
        self._temporary = ""
        self._hash = hashlib.sha256()
        if os.path.isdir(self._target):
            raise OutputError("output_is_a_folder", Place(path))
        with self._reported():
            self._descriptor = self._open(name)
        # no name and no time in the header, so that the same items give the same bytes
        raw = cast("IO[bytes]", _Sink(self))
        self._gzip = gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) if compress else None

    @property
    def open(self) -> bool:
        return self._descriptor >= 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        with self._reported():
            if self._gzip:
                self._gzip.write(data)
            else:
                self.write_through(data)

    def write_through(self, data: bytes | memoryview) -> int:
        """All of the data to the disk; an OSError is the caller's."""
        rest = memoryview(data)
        while rest:
            count = os.write(self._descriptor, rest)
            self._hash.update(rest[:count])
            self.bytes += count
            rest = rest[count:]
        return len(data)

    def finish(self) -> None:
        """Everything on the disk, still under the temporary name; a second call does nothing."""
        if self._descriptor < 0:
            return
        with self._reported():
            if self._gzip:
                self._gzip.close()
            os.fsync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def rename(self) -> None:
        """The temporary file becomes the file; `finish` was called."""
        with self._reported():
            os.replace(self._temporary, self._target)
            self._temporary = ""

    def sync_folder(self) -> None:
        """The rename itself on the disk."""
        with self._reported():
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            except OSError as error:
                if error.errno != errno.EINVAL:  # some network file systems cannot sync a folder
                    raise
            finally:
                os.close(folder)

    def discard(self) -> None:
        """No trace of the temporary file; may be called at any time, also after `rename`."""
        with suppress(OSError):
            if self._temporary:
                os.unlink(self._temporary)
                self._temporary = ""
        with suppress(OSError):
            if self._descriptor >= 0:
                descriptor, self._descriptor = self._descriptor, -1
                os.close(descriptor)
        if self._gzip:
            self._gzip.close()  # what it still holds goes nowhere

    def _open(self, name: str) -> int:
        # not tempfile: its files are private, and a web server or another user may have to read this one
        for number in range(100):
            temporary = os.path.join(self._folder, f".{name}.{os.getpid()}-{number}.tmp")
            with suppress(FileExistsError):
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
                self._temporary = temporary
                with suppress(OSError):  # a new file, or another user's: its mode is the default one
                    os.fchmod(descriptor, stat.S_IMODE(os.stat(self._target).st_mode))
                return descriptor
        raise FileExistsError(errno.EBUSY, os.strerror(errno.EBUSY))

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _output_error(error, self.path, self._folder, self.bytes) from error


class _Sink:
    """What GzipFile writes to."""

    def __init__(self, staged: Staged) -> None:
        self._staged = staged

    def write(self, data: bytes) -> int:
        return self._staged.write_through(data) if self._staged.open else len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


class FileSet:
    """Files that replace their forerunners together: `with FileSet() as files: files.open(...)`.

    At the end of the block all are synced, then renamed; after an error in the block, or while they are written or
    synced, none is, and the temporary files are gone.
    """

    def __init__(self) -> None:
        self._staged: list[Staged] = []
        self._leftovers: list[str] = []
        self._targets: set[str] = set()

    def open(self, path: str, compress: Literal["gzip"] | None = None) -> Staged:
        """A new file of the set; OutputError where its folder cannot take it."""
        target = os.path.realpath(path)
        if target in self._targets:
            raise OutputError("output_twice", Place(path))
        staged = Staged(path, compress)
        self._targets.add(target)
        self._staged.append(staged)
        return staged

    def remove(self, path: str) -> None:
        """A file that goes when the set is renamed, e.g. a part that today's feed no longer has."""
        self._leftovers.append(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            for staged in self._staged:
                staged.discard()

    def _commit(self) -> None:
        for staged in self._staged:
            staged.finish()
        for staged in self._staged:
            staged.rename()
        for path in self._leftovers:
            try:
                os.unlink(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _output_error(error, path, os.path.dirname(path)) from error
        for staged in self._staged:
            staged.sync_folder()


@contextmanager
def atomic(path: str, compress: Literal["gzip"] | None = None) -> Iterator[Staged]:
    """One file that appears whole at the end of the block, or not at all; `write` takes bytes."""
    with FileSet() as files:
        yield files.open(path, compress)


class FeedFile:
    """One feed's file, or files where the format splits, written batch by batch into a file set."""

    def __init__(self, writer: Writer, files: FileSet, path: str) -> None:
        """`path` ends in the writer's suffix; further parts are numbered before it: x.json, x.2.json."""
        self._writer, self._files, self._path = writer, files, path
        self._parts: list[tuple[Staged, int]] = []
        self._begin()

    def add(self, items: pl.DataFrame) -> None:
        """A batch of items, in order; may be empty."""
        limit = self._writer.split_at
        while limit and self._parts[-1][1] + items.height > limit:
            room = limit - self._parts[-1][1]
            self._write(items.head(room))
            items = items.slice(room)
            self._end()
            self._begin()
        self._write(items)

    def close(self) -> list[Written]:
        """The files, in order. They are whole when the file set is renamed; call it before that."""
        self._end()
        number = len(self._parts) + 1
        while self._writer.split_at and os.path.exists(self._part(number)):
            self._files.remove(self._part(number))
            number += 1
        return [Written(staged.path, items, staged.bytes, staged.sha256) for staged, items in self._parts]

    def _begin(self) -> None:
        staged = self._files.open(self._part(len(self._parts) + 1), self._writer.compress)
        self._parts.append((staged, 0))
        staged.write(self._writer.begin())

    def _write(self, items: pl.DataFrame) -> None:
        if items.height:
            staged, count = self._parts[-1]
            staged.write(self._writer.items(items))
            self._parts[-1] = (staged, count + items.height)

    def _end(self) -> None:
        staged, _ = self._parts[-1]
        staged.write(self._writer.end())
        staged.finish()

    def _part(self, number: int) -> str:
        if number == 1:
            return self._path
        suffix = file_suffix(self._writer)
        stem = self._path.removesuffix(f".{suffix}")
        return f"{stem}.{number}.{suffix}" if stem != self._path else f"{self._path}.{number}"


def file_suffix(writer: Writer) -> str:
    """The suffix of the writer's files without the leading dot, e.g. xml or xml.gz."""
    return f"{writer.suffix}.gz" if writer.compress and not writer.suffix.endswith(".gz") else writer.suffix


def write_feed(writer: Writer, frames: Iterable[pl.DataFrame], files: FileSet, path: str) -> list[Written]:
    """All batches of a feed into its file or files; they appear when the file set's block ends."""
    feed = FeedFile(writer, files, path)
    for items in frames:
        feed.add(items)
    return feed.close()


def _output_error(error: OSError, path: str, folder: str, written: int = 0) -> OutputError:
    key = _KEYS.get(error.errno or 0, "output_failed")
    reason = error.strerror or type(error).__name__
    return OutputError(key, Place(path), folder=folder, bytes=written, reason=reason)
