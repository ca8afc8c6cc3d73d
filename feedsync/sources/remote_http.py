"""A file by http or https: its length is proved, redirects are few and never lead out of https."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import requests
import urllib3

from feedsync.errors import ConfigError, SourceDenied, SourceError, SourceUnavailable
from feedsync.sources.base import How, clipped
from feedsync.sources.packed import SUFFIXES as PACKINGS
from feedsync.sources.packed import Unpacked
from feedsync.sources.remote import Address, Fetched
from feedsync.sources.stored import BLOCK, StoredFile

CONNECT_SECONDS: Final = 10
SILENT_SECONDS: Final = 60  # between two pieces
REDIRECTS: Final = 5
DENIED: Final = (401, 403, 407)
LATER: Final = (408, 425, 429)
TEXTS: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml")  # sent gzipped where the server can


def fetch(address: Address, into: Path) -> Fetched:
    """The file at the address."""
    with _errors(address), _Session() as session, _answer(address, session) as answer:
        _check(answer, address)
        gzipped = answer.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip")
        raw = into.with_name("raw")
        proved = _saved(answer, raw, address)
        if gzipped and PurePath(urlsplit(address.url).path).suffix.lower() not in PACKINGS:
            with into.open("wb") as file:
                file.writelines(Unpacked(StoredFile(raw, address.name)).chunks())
            raw.unlink()
            proved = (*proved, "checksum")
        else:  # a packed file that the server sends as it lies there
            raw.replace(into)
        return Fetched(proved, _modified(answer))


class _Session(requests.Session):
    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        """None: requests looks at the next address, and fails at it, even where it is told not to follow."""
        return iter(())


@contextmanager
def _answer(address: Address, session: requests.Session) -> Iterator[requests.Response]:
    """The answer at the end of the redirects. What proves who asks is sent to the declared server only."""
    start = at = _parsed(address)
    packed = PurePath(start.path).suffix.lower() not in TEXTS
    for _ in range(REDIRECTS + 1):
        own = (at.scheme, at.hostname, at.port) == (start.scheme, start.hostname, start.port)
        headers = {"Accept-Encoding": "identity" if packed else "gzip", **(address.headers if own else {})}
        auth = (unquote(start.username), unquote(start.password or "")) if own and start.username else _nobody
        answer = session.get(
            at._replace(netloc=_host(at)).geturl(), headers=headers, auth=auth, stream=True, allow_redirects=False,
            timeout=(CONNECT_SECONDS, SILENT_SECONDS),
        )  # fmt: skip
        with answer:
            if not answer.is_redirect:
                yield answer
                return
            there = _led(at, answer.headers["Location"], address)
        if there.scheme not in ("http", "https"):
            raise SourceError("remote_elsewhere", address.place, scheme=clipped(there.scheme))
        if (at.scheme, there.scheme) == ("https", "http"):
            raise SourceError("remote_downgrade", address.place)
        at = there
    raise SourceError("remote_redirects", address.place, most=REDIRECTS)


def _parsed(address: Address) -> SplitResult:
    try:
        at = urlsplit(address.url)
        _ = at.port
    except ValueError:
        raise ConfigError("remote_address", subject=address.name) from None
    return at


def _led(at: SplitResult, location: str, address: Address) -> SplitResult:
    """Where a redirect leads."""
    try:
        there = urlsplit(urljoin(at.geturl(), location))
        _ = there.port
    except ValueError:
        raise SourceError("remote_nowhere", address.place) from None
    return there


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password of the machine's .netrc is sent."""
    return request


def _host(at: SplitResult) -> str:
    return at.netloc.rpartition("@")[2]


def _check(answer: requests.Response, address: Address) -> None:
    """The server's own words are not told: they may repeat the password."""
    status = answer.status_code
    if status in DENIED:
        raise SourceDenied("remote_denied", address.place, status=status)
    if status >= 500 or status in LATER:
        raise SourceUnavailable("remote_status_later", address.place, status=status)
    if status in (404, 410):
        raise SourceError("remote_missing", address.place)
    if status != 200:
        raise SourceError("remote_status", address.place, status=status)
    if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise SourceError("remote_page", address.place)


def _saved(answer: requests.Response, path: Path, address: Address) -> tuple[How, ...]:
    """The bytes as they were sent, and how they prove that they are all. A line that ends early is an error of urllib3
    where a length or an end was promised."""
    size = 0
    with path.open("wb") as file:
        for chunk in answer.raw.stream(BLOCK, decode_content=False):
            size += len(chunk)
            file.write(chunk)
    if "chunked" in answer.headers.get("Transfer-Encoding", "").lower():
        return ("end",)
    if (length := answer.headers.get("Content-Length")) is None:
        return ()
    if length != str(size):
        raise SourceUnavailable("remote_cut", address.place, size=size, length=clipped(length))
    return ("length",)


def _modified(answer: requests.Response) -> float | None:
    try:
        return parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp()
    except (KeyError, ValueError):
        return None


@contextmanager
def _errors(address: Address) -> Iterator[None]:
    """What goes wrong on the line. The libraries' own words hold the address with its secrets, so they are not told."""
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        raise SourceError("remote_certificate", address.place) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidHeader):
        raise ConfigError("remote_address", subject=address.name) from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise SourceUnavailable("remote_slow", address.place) from None
    except (urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError) as error:
        raise _cut(error, address) from None
    except requests.ConnectionError:
        raise SourceUnavailable("remote_down", address.place) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError):
        raise SourceUnavailable("remote_broken", address.place) from None
    except UnicodeError:  # a host name or a header that cannot be sent
        raise ConfigError("remote_address", subject=address.name) from None
    except OSError as error:  # behind requests' own, which are OSErrors too: the disk
        raise SourceError("source_unreadable", address.place, reason=error.strerror or "no room") from error


def _cut(error: BaseException, address: Address) -> SourceError:
    inner: Any = error.args[1] if len(error.args) > 1 else None
    if isinstance(inner, urllib3.exceptions.IncompleteRead) and inner.expected is not None:
        size, length = inner.partial, int(inner.partial or 0) + int(inner.expected)
        return SourceUnavailable("remote_cut", address.place, size=size, length=length)
    return SourceUnavailable("remote_broken", address.place)
