"""A file by SFTP: only from a server whose host key is known, its length proved by the server's own."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from feedsync.errors import ConfigError, SourceDenied, SourceError, SourceUnavailable
from feedsync.sources.base import clipped
from feedsync.sources.remote import Address, Fetched, matching, newest_of

SECONDS: Final = 15
REQUESTS: Final = 64  # on their way at once


def fetch(address: Address, into: Path) -> Fetched:
    """The file at the address; `/~/x.csv` starts in the user's folder."""
    try:
        import paramiko
    except ImportError:
        raise SourceError("extra_missing", address.place, what="SFTP", extra="remote") from None
    logging.getLogger("paramiko").addHandler(logging.NullHandler())  # what it logs is told by errors
    with _errors(address, paramiko), _client(address, paramiko) as client, client.open_sftp() as files:
        path = unquote(urlsplit(address.url).path).removeprefix("/~/")
        if address.newest:
            pattern = PurePosixPath(path)
            folder = str(pattern.parent)
            entries = [(one.filename, float(one.st_mtime or 0)) for one in files.listdir_attr(folder) if _is_file(one)]
            path = f"{folder}/{newest_of(matching(entries, pattern.name), address)}"
        before = files.stat(path)
        if not _is_file(before):
            raise SourceError("source_folder", address.place)
        with into.open("wb") as file:
            files.getfo(path, file, max_concurrent_prefetch_requests=REQUESTS)
        after = files.stat(path)
        if (before.st_size, before.st_mtime) != (after.st_size, after.st_mtime):
            raise SourceError("source_changed", address.place)
        if (size := into.stat().st_size) != before.st_size:
            raise SourceUnavailable("remote_cut", address.place, size=size, length=before.st_size)
        return Fetched(("length",), None if before.st_mtime is None else float(before.st_mtime))


@contextmanager
def _client(address: Address, paramiko: Any) -> Iterator[Any]:
    """A connection to a server that is whom it says."""
    at = urlsplit(address.url)
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        if address.known_hosts is None:
            client.load_system_host_keys()
        else:
            client.load_host_keys(str(address.root / address.known_hosts))
        password = unquote(at.password) if at.password else None
        asked = password is None and address.key_file is None  # else no other key is offered, nor an agent asked
        client.connect(
            at.hostname, at.port or 22, unquote(at.username) if at.username else None, password,
            key_filename=str(address.root / address.key_file) if address.key_file else None,
            timeout=SECONDS, banner_timeout=SECONDS, auth_timeout=SECONDS, allow_agent=asked, look_for_keys=asked,
        )  # fmt: skip
        client.get_transport().set_keepalive(SECONDS)
        yield client


def _is_file(entry: Any) -> bool:
    return entry.st_mode is None or stat.S_ISREG(entry.st_mode)


@contextmanager
def _errors(address: Address, paramiko: Any) -> Iterator[None]:
    try:
        yield
    except paramiko.BadHostKeyException as error:
        raise SourceDenied("sftp_host_other", address.place, fingerprint=error.key.fingerprint) from None
    except paramiko.AuthenticationException:
        raise SourceDenied("sftp_denied", address.place) from None
    except paramiko.SSHException as error:
        if "not found in known_hosts" in str(error):
            raise SourceDenied("sftp_host_unknown", address.place) from None
        raise SourceUnavailable("remote_broken", address.place) from None
    except FileNotFoundError as error:
        if error.filename is not None:  # of this machine: the key, or the known hosts
            raise ConfigError("sftp_file", subject=address.name, file=clipped(Path(error.filename).name)) from None
        raise SourceError("remote_missing", address.place) from None
    except PermissionError as error:
        raise SourceDenied("sftp_forbidden", address.place) from error
    except (OSError, EOFError):
        raise SourceUnavailable("remote_broken", address.place) from None
    except ValueError:  # the port
        raise ConfigError("remote_address", subject=address.name) from None
