"""Files that appear whole or not at all: written beside their place, synced, and renamed together at the end."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Final, Literal, Self, cast

import polars as pl

from feedsync.errors import OutputError, Place
from feedsync.writers.base import Writer
from feedsync.writers.disk import output_error
from feedsync.writers.replace import Step, beside, replace

_GZIP_LEVEL: Final = 6


@dataclass(frozen=True)
class Written:
    """A finished file: where it is, how many items it holds, and its bytes as they lie on the disk."""

    path: str
    items: int
    bytes: int
    sha256: str


class Staged:
    """A file being written under a temporary name in its final folder. Counts and hashes what reaches the disk."""

    def __init__(self, path: str, compress: Literal["gzip"] | None = None) -> None:
        self.path = path
        self.bytes = 0
        self.temporary = ""
        self._target = os.path.realpath(path)  # through a link, so that the link stays
        self._folder, self._name = os.path.split(self._target)
        self._descriptor = -1
        self._hash = hashlib.sha256()
        self._compress = compress
        self._gzip: gzip.GzipFile | None = None

    @property
    def open(self) -> bool:
        return self._descriptor >= 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def begin(self) -> None:
        """Make the temporary file. Until then nothing is on the disk; OutputError where the folder cannot take it."""
        if os.path.isdir(self._target):
            raise OutputError("output_is_a_folder", Place(self.path))
        with self._reported():
            self._descriptor = self._create()
            if self._compress:
                # no name and no time in the header, so that the same items give the same bytes
                self._gzip = gzip.GzipFile("", "wb", _GZIP_LEVEL, cast("IO[bytes]", _Sink(self)), mtime=0)

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

    def discard(self) -> None:
        """No trace of the temporary file; may be called at any time, also when it has taken its place."""
        with suppress(OSError):
            if self.temporary:
                os.unlink(self.temporary)
                self.temporary = ""
        with suppress(OSError):
            if self._descriptor >= 0:
                descriptor, self._descriptor = self._descriptor, -1
                os.close(descriptor)
        if self._gzip:
            self._gzip.close()  # what it still holds goes nowhere

    def _create(self) -> int:
        # not tempfile: its files are private, and a web server or another user may have to read this one
        for number in range(100):
            # named before it is made: a signal in between must not leave it behind. Nobody else has this name: a file
            # that has it is of a process that died and had our number
            self.temporary = os.path.join(self._folder, beside(self._name, number, "new"))
            with suppress(FileExistsError):
                descriptor = os.open(self.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
                with suppress(OSError):  # a new file, or another user's: its mode is the default one
                    os.fchmod(descriptor, stat.S_IMODE(os.stat(self._target).st_mode))
                return descriptor
            self.temporary = ""
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise output_error(error, self.path, self._folder, self.bytes) from error


class _Sink:
    """What GzipFile writes to."""

    def __init__(self, staged: Staged) -> None:
        self._staged = staged

    def write(self, data: bytes) -> int:
        return self._staged.write_through(data) if self._staged.open else len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


class FileSet:
    """Files of one folder that replace their forerunners together: `with FileSet(folder) as files: files.open(...)`.

    At the end of the block all are synced, then they take their places in the order in which they were opened, and
    what is removed goes before the last. After an error none has, and the temporary files are gone.
    """

    def __init__(self, folder: str, inputs: Mapping[str, str] | None = None) -> None:
        """`inputs`: real paths that are never replaced or removed -> what a person knows them as."""
        self._folder = folder
        self._inputs = inputs or {}
        self._staged: list[Staged] = []
        self._leftovers: list[str] = []
        self._targets: set[str] = set()

    def check(self, path: str) -> None:
        """Raises OutputError where a file of the set would replace what is read."""
        if (what := self._inputs.get(os.path.realpath(path))) is not None:
            raise OutputError("output_is_input", Place(path), what=what)

    def open(self, path: str, compress: Literal["gzip"] | None = None) -> Staged:
        """A new file of the set; OutputError where its folder cannot take it."""
        self.check(path)
        target = os.path.realpath(path)
        if target in self._targets:
            raise OutputError("output_twice", Place(path))
        staged = Staged(path, compress)
        self._targets.add(target)
        self._staged.append(staged)  # known before it is on the disk, so that no signal leaves it behind
        staged.begin()
        return staged

    def remove(self, path: str) -> None:
        """A file that goes when the set takes its place, e.g. a part that today's feed no longer has."""
        self.check(path)
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
        steps = [Step(staged.path, staged.temporary) for staged in self._staged]
        steps[-1:-1] = [Step(path, "") for path in self._leftovers]
        if steps:
            replace(steps, self._folder)


@contextmanager
def atomic(path: str, compress: Literal["gzip"] | None = None) -> Iterator[Staged]:
    """One file that appears whole at the end of the block, or not at all; `write` takes bytes."""
    with FileSet(os.path.dirname(path)) as files:
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
