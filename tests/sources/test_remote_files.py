"""Files by SFTP, from a server of the tests' own, and by fsspec."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import paramiko
import pytest
from reading import whole

from feedsync.errors import ConfigError, Exit, FeedsyncError, SourceError
from feedsync.sources import remote
from feedsync.sources.open import open_source
from feedsync.specs.source import SourceSpec

CSV = b"sku,title\n" + b"".join(b"A%04d,camisa\n" % n for n in range(5000))


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAUSES", (0.0, 0.0))


class Door(paramiko.ServerInterface):
    def __init__(self, known: paramiko.PKey) -> None:
        self.known = known

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == ("ana", "a@b:c") else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key == self.known else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class Files(paramiko.SFTPServerInterface):
    root = Path()
    cut = 0
    """So many bytes are read before the line breaks."""

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)

    def _at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        return [paramiko.SFTPAttributes.from_stat(one.stat(), one.name) for one in self._at(path).iterdir()]

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        if self._at(path).name == "mine.csv":
            return paramiko.SFTP_PERMISSION_DENIED
        handle = Handle(flags)
        handle.readfile = self._at(path).open("rb")  # type: ignore[attr-defined]  # how paramiko's handles read
        return handle


class Handle(paramiko.SFTPHandle):
    def read(self, offset: int, length: int) -> Any:
        if Files.cut and offset + length > Files.cut:
            return paramiko.SFTP_FAILURE
        return super().read(offset, length)

    def stat(self) -> Any:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]  # see above


class Server:
    def __init__(self, folder: Path) -> None:
        self.host_key = paramiko.ECDSAKey.generate()
        self.user_key = paramiko.ECDSAKey.generate()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.transports: list[paramiko.Transport] = []
        Files.root, Files.cut = folder, 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(line)
            transport.add_server_key(self.host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
            self.transports.append(transport)
            try:
                transport.start_server(server=Door(self.user_key), event=threading.Event())
            except (OSError, EOFError, paramiko.SSHException):
                continue

    def known_hosts(self, folder: Path, key: paramiko.PKey | None = None) -> str:
        key = key or self.host_key
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {key.get_name()} {key.get_base64()}\n")
        return "known_hosts"

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for transport in self.transports:
            transport.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "served"
    (folder / "out").mkdir(parents=True)
    for name, at in (("p-1.csv", 1_000), ("p-2.csv", 3_000), ("p-3.csv", 2_000), (".p-4.csv", 9_000), ("mine.csv", 1)):
        (folder / "out" / name).write_bytes(CSV if name == "p-2.csv" else b"sku,title\nX,x\n")
        os.utime(folder / "out" / name, (at, at))
    made = Server(folder)
    yield made
    made.close()


def read(server: Server, path: str, root: Path, user: str = "ana:${PW}@", **options: Any) -> Any:
    spec = SourceSpec(path=f"sftp://{user}127.0.0.1:{server.port}{path}", **options)
    source = open_source(spec, root, env={"PW": "a@b:c", "BAD": "geheim"})
    return whole(source), source.proof


def test_sftp_reads_and_proves(server: Server, tmp_path: Path) -> None:
    frame, proof = read(server, "/out/p-2.csv", tmp_path, known_hosts=server.known_hosts(tmp_path))
    assert (frame.height, proof.proved, proof.modified, proof.bytes) == (5000, ("length",), 3000.0, len(CSV))


def test_sftp_picks_the_newest(server: Server, tmp_path: Path) -> None:
    known = server.known_hosts(tmp_path)
    assert read(server, "/out/p-*.csv", tmp_path, known_hosts=known, pick="newest")[0].height == 5000
    with pytest.raises(SourceError) as caught:
        read(server, "/out/q-*.csv", tmp_path, known_hosts=known, pick="newest")
    assert caught.value.key == "source_none_found"


def test_sftp_by_key(server: Server, tmp_path: Path) -> None:
    server.user_key.write_private_key_file(str(tmp_path / "id"))
    known = server.known_hosts(tmp_path)
    assert read(server, "/out/p-2.csv", tmp_path, "ana@", key_file="id", known_hosts=known)[0].height == 5000


BAD: dict[str, tuple[dict[str, Any], Exit, str]] = {
    "/out/none.csv": ({}, Exit.CANNOT_RUN, "no such file there."),
    "/out": ({"format": "csv"}, Exit.CANNOT_RUN, "this is a folder, not a file."),
    "/out/mine.csv": ({}, Exit.AUTHENTICATION, "the server does not let this user read the file."),
    "/out/p-2.csv#password": ({"user": "ana:${BAD}@"}, Exit.AUTHENTICATION, "the server refuses the user."),
    "/out/p-2.csv#key": ({"user": "ana@", "key_file": "none"}, Exit.CANNOT_RUN, 'the file "none" is missing.'),
    "/out/p-2.csv#cut": ({}, Exit.TRANSIENT, "the connection broke off."),
}


@pytest.mark.parametrize("path", BAD)
def test_sftp_says_what_is_wrong(server: Server, tmp_path: Path, path: str) -> None:
    options, code, text = BAD[path]
    Files.cut = 40_000 if path.endswith("cut") else 0
    with pytest.raises(FeedsyncError) as caught:
        read(server, path, tmp_path, known_hosts=server.known_hosts(tmp_path), **options)
    assert f"sftp://127.0.0.1:{server.port}{path.partition('#')[0]}: " in caught.value.message()
    assert (text in caught.value.message(), caught.value.exit_code) == (True, code)
    assert "geheim" not in caught.value.message()


def test_sftp_trusts_no_unknown_server(server: Server, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    with pytest.raises(FeedsyncError, match="host key is not known") as caught:
        read(server, "/out/p-2.csv", tmp_path, known_hosts="empty")
    assert caught.value.exit_code == Exit.AUTHENTICATION
    other = server.known_hosts(tmp_path, paramiko.ECDSAKey.generate())
    with pytest.raises(FeedsyncError, match=r"another than the known one \(SHA256:") as caught:
        read(server, "/out/p-2.csv", tmp_path, known_hosts=other)
    assert caught.value.exit_code == Exit.AUTHENTICATION


@pytest.fixture
def store() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.pipe("/shop/p-1.csv", b"sku,title\nX,x\n")
    files.pipe("/shop/p-2.csv", CSV)
    yield files
    files.store.clear()


def test_fsspec_reads_proves_and_picks(store: Any) -> None:
    for path, pick in (("memory://shop/p-2.csv", None), ("memory://shop/p-*.csv", "newest")):
        source = open_source(SourceSpec(path=path, pick=pick), Path())
        assert (whole(source).height, source.proof.proved) == (5000, ("length",))
        assert source.proof.modified is not None


class Denied(Exception):
    """As a library of a store says it, which has errors of its own."""


class NoCredentialsError(Denied):
    pass


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (FileNotFoundError("x"), Exit.CANNOT_RUN, "no such file there."),
        (PermissionError("Forbidden"), Exit.AUTHENTICATION, "access is refused."),
        (NoCredentialsError("Unable to locate"), Exit.AUTHENTICATION, "access is refused."),
        (Denied("EndpointConnectionError"), Exit.TRANSIENT, "the connection broke off."),
        (TimeoutError(), Exit.TRANSIENT, "the connection broke off."),
    ],
)
def test_errors_of_a_store(
    store: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, code: Exit, text: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(type(store), "info", fails)
    with pytest.raises(FeedsyncError) as caught:
        whole(open_source(SourceSpec(path="memory://shop/p-2.csv"), Path()))
    assert caught.value.message().startswith(f"memory://shop/p-2.csv: error: {text}")
    assert caught.value.exit_code == code


def test_a_bug_stays_a_bug(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(store), "info", lambda *_, **__: {}["no"])
    with pytest.raises(KeyError):
        whole(open_source(SourceSpec(path="memory://shop/p-2.csv"), Path()))


@pytest.mark.parametrize("change", ["short", "other"])
def test_a_file_of_a_store_that_is_not_whole(store: Any, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    info = type(store).info
    seen: list[int] = []

    def told(self: Any, path: str, **more: Any) -> dict[str, Any]:
        seen.append(1)
        found: dict[str, Any] = info(self, path, **more)
        return found | ({"size": 99_999_999} if change == "short" else {"ETag": str(len(seen))})

    monkeypatch.setattr(type(store), "info", told)
    with pytest.raises(SourceError, match=r"bytes came of 99999999" if change == "short" else "changed while"):
        whole(open_source(SourceSpec(path="memory://shop/p-2.csv"), Path()))


@pytest.mark.parametrize(
    ("path", "options", "text"),
    [
        ("nosuch://x/p.csv", {}, 'no file is read from an address of "nosuch"'),
        ("sftp://b/*.csv", {}, "as a pattern this may find several files."),
        ("s3://b/*.csv", {"pick": "all"}, "no list of files is read from this address."),
        ("https://b/*.csv", {"pick": "newest"}, "no list of files is read from this address."),
    ],
)
def test_addresses_that_cannot_be(path: str, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError, match=text.replace("?", r"\?")):
        whole(open_source(SourceSpec(path=path, **options), Path()))
