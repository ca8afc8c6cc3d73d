"""Files on other machines: fetched whole, proved, into a temporary file, and read from there like any other.

What can pass by itself (a server that is busy, a line that breaks) is tried again a few times. No message shows the
user, the password or what stands behind a `?`: those are secrets.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Final

from feedsync.errors import ConfigError, Place, SourceError, SourceUnavailable
from feedsync.sources.base import How
from feedsync.sources.found import SIGNS
from feedsync.sources.stored import BLOCK, StoredFile
from feedsync.specs.source import SourceSpec

PAUSES: Final = (1.0, 4.0)  # seconds before the second and the third try
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_FETCHERS: Final = {
    "http": "feedsync.sources.remote_http:fetch",
    "https": "feedsync.sources.remote_http:fetch",
    "sftp": "feedsync.sources.remote_sftp:fetch",
}
_OTHER: Final = "feedsync.sources.remote_any:fetch"


@dataclass(frozen=True)
class Address:
    """Where a file is and how it is asked for, secrets filled in."""

    url: str = field(repr=False)
    name: str
    """As it is shown."""
    root: Path
    """Of paths to keys."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    key_file: str | None = None
    known_hosts: str | None = None
    newest: bool = False
    """The last part of the path is a pattern; the file written last is meant."""

    @property
    def place(self) -> Place:
        """For messages."""
        return Place(self.name)


@dataclass(frozen=True)
class Fetched:
    """What came."""

    proved: tuple[How, ...]
    """How it is known that nothing lacks; () where the server said nothing of it."""
    modified: float | None


Fetch = Callable[[Address, Path], Fetched]


def is_remote(path: str) -> bool:
    """Whether a source's path is an address."""
    return bool(_SCHEME.match(path))


def shown(declared: str) -> str:
    """An address without user, password and query."""
    whole = re.sub(r"\$\{[^}]*\}", lambda found: found.group().replace("?", "\0"), declared)
    start, slashes, rest = whole.partition("://")
    # a password may hold `#`, `?`, `/` and `@` as they are, so it goes first; a host alone has none
    if re.search("[:@]", re.split(r"[/?#]", rest)[0]):
        rest = rest.rpartition("@")[2]
    return re.split(r"[?#]", start + slashes + rest)[0].replace("\0", "?")


def remote_file(spec: SourceSpec, url: str, resolved: Callable[[str], str], root: Path) -> RemoteFile:
    """The file of a source whose path is an address; `resolved` fills in `${VAR}`."""
    name = shown(spec.path or "")
    scheme = url.partition(":")[0].lower()
    if spec.pick == "all" or (spec.pick and scheme in ("http", "https")):
        raise ConfigError("remote_pick", subject=name)
    if spec.pick is None and scheme not in ("http", "https") and any(sign in name for sign in SIGNS):
        raise ConfigError("remote_pattern", subject=name)
    address = Address(
        url, name, root,
        {header: resolved(value) for header, value in spec.headers.items()},
        {option: resolved(value) for option, value in spec.options.items()},
        spec.key_file, spec.known_hosts, newest=spec.pick is not None,
    )  # fmt: skip
    module, _, function = _FETCHERS.get(scheme, _OTHER).partition(":")
    return RemoteFile(address, lambda into: getattr(import_module(module), function)(address, into))


class RemoteFile:
    """See `stored.Bytes`. The file is fetched when it is first read, once; its copy goes with this object."""

    def __init__(self, address: Address, fetch: Callable[[Path], Fetched]) -> None:
        self.name = address.name
        self.proved: tuple[How, ...] = ()
        self.modified: float | None = None
        self._fetch = fetch
        self._copy: StoredFile | None = None

    @property
    def size(self) -> int:
        """See `Bytes`."""
        return self._copy.size if self._copy is not None else 0

    @property
    def fingerprint(self) -> str:
        """See `Bytes`."""
        return self._here().fingerprint

    def chunks(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        yield from self._here().chunks(block)

    def again(self, block: int = BLOCK) -> Iterator[bytes]:
        """See `Bytes`."""
        return self._here().again(block)

    @contextmanager
    def held(self) -> Iterator[Path]:
        """See `Bytes`."""
        with self._here().held() as path:
            yield path

    def _here(self) -> StoredFile:
        if self._copy is None:
            folder = Path(tempfile.mkdtemp(prefix="feedsync-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            fetched = self._tried(folder / "content")
            self.proved, self.modified = fetched.proved, fetched.modified
            self._copy = StoredFile(folder / "content", self.name)
        return self._copy

    def _tried(self, into: Path) -> Fetched:
        for pause in PAUSES:
            try:
                return self._fetch(into)
            except SourceUnavailable:
                time.sleep(pause)
        return self._fetch(into)


def newest_of(found: list[tuple[str, float]], address: Address) -> str:
    """The name that was written last, of several of one moment the last one by name."""
    if not found:
        raise SourceError("source_none_found", address.place)
    return max(found, key=lambda one: (one[1], one[0]))[0]


def matching(names: list[tuple[str, float]], pattern: str) -> list[tuple[str, float]]:
    """The files whose names match; what starts with a dot is half-written or hidden."""
    return [(name, at) for name, at in names if not name.startswith(".") and fnmatchcase(name, pattern)]
