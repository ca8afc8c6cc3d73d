"""A file at any address that fsspec knows (s3://, gs://, abfs://, ...): its length is proved by the store's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from feedsync.errors import ConfigError, SourceDenied, SourceError, SourceUnavailable
from feedsync.sources.remote import Address, Fetched, matching, newest_of
from feedsync.sources.stored import BLOCK

VERSION: Final = ("size", "ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")
WRITTEN: Final = ("LastModified", "mtime", "last_modified", "updated", "created")
# Of boto, of Google and of Azure: their errors have no common parent, and importing them would need all of them.
DENIED: Final = re.compile(
    r"Credential|AccessDenied|Forbidden|Unauthori[sz]ed|InvalidAccessKey|SignatureDoesNotMatch|DefaultCredentials|Authenticat"
)


def fetch(address: Address, into: Path) -> Fetched:
    """The file at the address."""
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # it has no types
    except ImportError:
        raise SourceError("extra_missing", address.place, what="this kind of address", extra="remote") from None
    scheme = address.url.partition(":")[0].lower()
    try:
        files, path = url_to_fs(address.url, **{name: _typed(value) for name, value in address.options.items()})
    except ImportError:
        raise SourceError("remote_driver", address.place, scheme=scheme) from None
    except (ValueError, TypeError):
        raise ConfigError("remote_scheme", subject=address.name, scheme=scheme) from None
    with _errors(address):
        files.invalidate_cache()
        if address.newest:
            found = files.glob(path, detail=True)
            entries = [
                (PurePosixPath(name).name, _written(one) or 0.0) for name, one in found.items() if one["type"] == "file"
            ]
            folder = PurePosixPath(path).parent
            path = str(folder / newest_of(matching(entries, PurePosixPath(path).name), address))
        before = files.info(path)
        if before.get("type") == "directory":
            raise SourceError("source_folder", address.place)
        with files.open(path, "rb", cache_type="none") as stored, into.open("wb") as file:
            while chunk := stored.read(BLOCK):
                file.write(chunk)
        files.invalidate_cache()
        if _version(before) != _version(files.info(path)):
            raise SourceError("source_changed", address.place)
    size, length = into.stat().st_size, before.get("size")
    if length is not None and size != length:
        raise SourceUnavailable("remote_cut", address.place, size=size, length=length)
    return Fetched(("length",) if length is not None else (), _written(before))


def _typed(value: str) -> str | bool:
    """YAML's scalars arrive as text; a switch must not be on because it says `false`."""
    return {"true": True, "false": False}.get(value.lower(), value)


def _version(info: dict[str, Any]) -> dict[str, str]:
    return {name: str(info[name]) for name in VERSION if name in info}


def _written(info: dict[str, Any]) -> float | None:
    value = next((info[name] for name in WRITTEN if info.get(name) is not None), None)
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).timestamp()
    return float(value) if isinstance(value, int | float) else None


@contextmanager
def _errors(address: Address) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except FileNotFoundError:
        raise SourceError("remote_missing", address.place) from None
    except PermissionError:
        raise SourceDenied("remote_refused", address.place) from None
    except Exception as error:  # each store's library has errors of its own, see DENIED
        if type(error).__module__ == "builtins" and not isinstance(error, OSError | EOFError):
            raise  # a bug, not the store
        if DENIED.search(f"{type(error).__name__} {error}"):
            raise SourceDenied("remote_refused", address.place) from None
        raise SourceUnavailable("remote_broken", address.place) from None
