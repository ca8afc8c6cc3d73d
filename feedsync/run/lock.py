"""One export at a time per folder: a lock of the kernel, which goes with its process, however that ends."""

from __future__ import annotations

import errno
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from feedsync.errors import Locked, OutputError, Place
from feedsync.writers.disk import output_error

NAME: Final = ".feedsync.lock"
_HELD: Final = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL)
_HOLDER_BYTES: Final = 4096


@contextmanager
def locked(folder: Path, command: str) -> Iterator[None]:
    """The folder is this run's until the block ends. `command` is what another run is told of this one.

    Raises Locked where another run has it, OutputError where the folder takes no lock.
    """
    path = str(folder / NAME)
    try:
        descriptor = _taken(path)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            raise OutputError("output_no_locks", Place(str(folder))) from error
        raise output_error(error, path, str(folder)) from error
    try:
        with suppress(OSError):  # it only tells another run who is here: a full disk shows where files are written
            os.ftruncate(descriptor, 0)
            holder = {"pid": os.getpid(), "host": platform.node(), "command": command}
            os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
    finally:
        with suppress(OSError):
            os.unlink(path)  # before it is released: whoever opened it in the meantime sees that it is gone
        os.close(descriptor)


def _taken(path: str) -> int:
    """The open lock file, locked. Raises Locked or OSError."""
    import fcntl  # not on every system, and check does without

    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                    return descriptor
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            if error.errno in _HELD:
                raise _locked(path, holder) from None
            raise
        os.close(descriptor)  # the lock of a run that has just ended and removed its file


def _locked(path: str, holder: dict[str, Any]) -> Locked:
    place = Place(os.path.dirname(path))
    match holder:
        case {"pid": int(pid), "host": str(host), "command": str(command)}:
            return Locked("output_locked", place, pid=pid, host=host[:100], command=command[:200])
    return Locked("output_locked_by_some", place)


def _holder(descriptor: int) -> dict[str, Any]:
    """What the holder says of itself; {} where it has not yet, or somebody else wrote there."""
    try:
        said = json.loads(os.pread(descriptor, _HOLDER_BYTES, 0))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
