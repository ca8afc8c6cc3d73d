"""Folders made and synced, and what the system says about them as errors with a place."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from feedsync.errors import OutputError, Place

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
    errno.EBUSY: "output_mounted",
    errno.EXDEV: "output_mounted",
}


def output_error(error: OSError, path: str, folder: str, written: int = 0) -> OutputError:
    """What a person reads of the system's error."""
    key = _KEYS.get(error.errno or 0, "output_failed")
    return OutputError(key, Place(path), folder=folder, bytes=written, reason=said(error))


def said(error: OSError) -> str:
    """The system's own words."""
    return error.strerror or type(error).__name__


@contextmanager
def reported(path: str) -> Iterator[None]:
    """An OSError in the block becomes an OutputError of that file."""
    try:
        yield
    except OSError as error:
        raise output_error(error, path, os.path.dirname(path)) from error


def make_folder(path: str) -> None:
    """The folder and those above it, where they are not there yet; OutputError where that cannot be."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise output_error(error, path, path) from error
    except RecursionError as error:
        raise OutputError("output_too_deep", Place(path)) from error


def sync_folder(path: str) -> None:
    """What was made, renamed and removed in the folder, on the disk; an OSError is the caller's."""
    folder = os.open(path or os.curdir, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot sync a folder
            raise
    finally:
        os.close(folder)
