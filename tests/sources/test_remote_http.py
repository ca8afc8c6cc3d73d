"""Files by http and https, from servers of the tests' own that fail in every way."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from reading import whole

from feedsync.errors import ConfigError, Exit, FeedsyncError, Place
from feedsync.sources import remote, remote_http
from feedsync.sources.open import open_source
from feedsync.specs.source import SourceSpec

CSV = b"sku,title\n" + b"".join(b"A%04d,camisa\n" % n for n in range(2000))


class Server(ThreadingHTTPServer):
    """Answers by path; keeps the requests it got."""

    def __init__(self, answers: dict[str, Callable[[Any], None]]) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.answers = answers

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server: Server

            def do_GET(self) -> None:
                self.close_connection = True
                self.server.seen.append((self.path, dict(self.headers)))
                self.server.answers[self.path.partition("?")[0]](self)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def sends(body: bytes, length: int | None = None, status: int = 200, **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(status)
        given = {"Content-Length": str(len(body) if length is None else length), **headers}
        for name, value in given.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> Callable[[Any], None]:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end
    return sends(framed, Transfer_Encoding="chunked", **{"Content-Length": ""})


def slow(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "99")
    handler.end_headers()
    handler.wfile.flush()
    time.sleep(1)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({}) as server:
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAUSES", (0.0, 0.0))


def read(url: str, env: dict[str, str] | None = None, **options: Any) -> tuple[pl.DataFrame, Any]:
    source = open_source(SourceSpec(path=url, **options), Path(), env=env, place=Place("feedsync.yaml", 3))
    frame = whole(source)
    return frame, source.proof


PACKED = gzip.compress(CSV, mtime=0)
GOOD = {
    "/p.csv": (sends(CSV, Last_Modified="Sun, 22 Nov 2026 03:00:00 GMT"), ("length",), 1795316400.0),
    "/chunked.csv": (chunked(CSV[:99], CSV[99:]), ("end",), None),
    "/closed.csv": (sends(CSV, **{"Content-Length": ""}), (), None),
    "/encoded.csv": (sends(PACKED, Content_Encoding="gzip"), ("length", "checksum"), None),
    "/stored.csv.gz": (sends(PACKED), ("length", "checksum"), None),
    "/both.csv.gz": (sends(PACKED, Content_Encoding="gzip"), ("length", "checksum"), None),
}


@pytest.mark.parametrize("path", GOOD)
def test_a_file_is_read_and_proved(server: Server, path: str) -> None:
    answer, proved, modified = GOOD[path]
    server.answers[path] = answer
    frame, proof = read(server.url + path)
    assert (frame.height, frame.row(1999), proof.proved, proof.modified) == (
        2000,
        ("A1999", "camisa", 2001),
        proved,
        modified,
    )
    assert len(server.seen) == 1
    assert server.seen[0][1]["Accept-Encoding"] == ("identity" if path.endswith(".gz") else "gzip")


def test_the_fingerprint_is_of_the_content_and_not_of_how_it_was_sent(server: Server) -> None:
    server.answers |= {path: GOOD[path][0] for path in ("/p.csv", "/encoded.csv", "/chunked.csv")}
    found = {read(server.url + path)[1].fingerprint for path in ("/p.csv", "/encoded.csv", "/chunked.csv")}
    assert len(found) == 1


LATER = "Run again later; nothing was changed."
BAD: dict[str, tuple[Callable[[Any], None], Exit, str, int]] = {
    "/cut.csv": (sends(CSV[:5000], len(CSV)), Exit.TRANSIENT, f"5000 bytes came of {len(CSV)}; the line broke. {LATER}", 3),
    "/cutchunk.csv": (chunked(CSV[:5000], end=b""), Exit.TRANSIENT, f"the connection broke off. {LATER}", 3),
    "/inchunk.csv": (chunked(end=b"ffff\r\nsku,title\n"), Exit.TRANSIENT, f"the connection broke off. {LATER}", 3),
    # a length that is no number: urllib3 goes without one, and the end of the line would pass for the end of the file
    "/nolength.csv": (sends(CSV[:5000], **{"Content-Length": "x"}), Exit.TRANSIENT, f"5000 bytes came of x; the line broke. {LATER}", 3),
    "/nothing.csv": (lambda _: None, Exit.TRANSIENT, "the server cannot be reached.", 3),
    "/500.csv": (sends(b"", status=500), Exit.TRANSIENT, f"the server answers with status 500. {LATER}", 3),
    "/429.csv": (sends(b"", status=429), Exit.TRANSIENT, f"the server answers with status 429. {LATER}", 3),
    "/slow.csv": (slow, Exit.TRANSIENT, f"the server does not answer in time. {LATER}", 3),
    "/404.csv": (sends(b"", status=404), Exit.CANNOT_RUN, "no such file there. Correct path of the source.", 1),
    "/403.csv": (
        sends(b"", status=403), Exit.AUTHENTICATION,
        "the server refuses access (status 403). Check the password or the headers of the source.", 1,
    ),
    "/401.csv": (sends(b"", status=401), Exit.AUTHENTICATION, "the server refuses access (status 401).", 1),
    "/204.csv": (sends(b"", status=204), Exit.CANNOT_RUN, "the server answers with status 204.", 1),
    "/page.csv": (
        sends(b"<html>", Content_Type="text/html; charset=utf-8"), Exit.CANNOT_RUN,
        "the server sent a web page, not a file. Open the address in a browser; it may ask for a login.", 1,
    ),
    "/round.csv": (
        sends(b"", status=302, Location="/round.csv"), Exit.CANNOT_RUN,
        "the server leads on more than 5 times. Write the file's final address in path.", 6,
    ),
    "/ftp.csv": (
        sends(b"", status=302, Location="ftp://x/p.csv"), Exit.CANNOT_RUN,
        'the server leads on to an address of "ftp", which is not followed.', 1,
    ),
    "/host.csv": (
        sends(b"", status=302, Location="http://[bad"), Exit.CANNOT_RUN,
        "the server leads on to an address that does not read. Write the file's final address in path.", 1,
    ),
    "/port.csv": (
        sends(b"", status=302, Location="http://127.0.0.1:99999/x"), Exit.CANNOT_RUN,
        "the server leads on to an address that does not read.", 1,
    ),
    "/gzcut.csv": (sends(PACKED[:-4], Content_Encoding="gzip"), Exit.CANNOT_RUN, "the gzip data end too early.", 1),
}  # fmt: skip


@pytest.mark.parametrize("path", BAD)
def test_what_goes_wrong_stops_with_its_exit_code(server: Server, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_http, "SILENT_SECONDS", 0.3)
    answer, code, text, asked = BAD[path]
    server.answers[path] = answer
    with pytest.raises(FeedsyncError) as caught:
        read(f"{server.url.replace('//', '//ana:geheim@')}{path}?token=geheim")
    assert caught.value.message().startswith(f"{server.url}{path}: error: {text}")
    assert (caught.value.exit_code, len(server.seen)) == (code, asked)
    chain: list[BaseException] = [caught.value]
    while below := chain[-1].__cause__:
        chain.append(below)
    assert not any("geheim" in f"{one!s} {one!r} {vars(one)!r}" for one in chain)


def test_what_passes_by_itself_is_tried_again(server: Server) -> None:
    left = [sends(b"", status=503), sends(CSV[:9], len(CSV)), sends(CSV)]
    server.answers["/p.csv"] = lambda handler: left.pop(0)(handler)
    assert read(server.url + "/p.csv")[0].height == 2000


def test_nobody_there() -> None:
    with pytest.raises(FeedsyncError) as caught:
        read("http://127.0.0.1:1/p.csv")
    assert caught.value.exit_code == Exit.TRANSIENT
    assert caught.value.message() == (
        "http://127.0.0.1:1/p.csv: error: the server cannot be reached. Check the address and the network; run again later."
    )


def test_secrets_go_to_the_declared_server_only(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login n password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Server({"/p.csv": sends(CSV)}) as other:
        server.answers["/p.csv"] = sends(b"", status=307, Location="/q.csv")
        server.answers["/q.csv"] = sends(b"", status=302, Location=other.url + "/p.csv")
        env = {"PW": "a@b/c", "KEY": "K1"}
        url = server.url.replace("//", "//ana:${PW}@") + "/p.csv?t=${KEY}"
        assert read(url, env, headers={"X-Key": "${KEY}"})[0].height == 2000
        other.shutdown()
    asked = [(path, head.get("Authorization"), head.get("X-Key")) for path, head in server.seen]
    assert asked == [("/p.csv?t=K1", "Basic YW5hOmFAYi9j", "K1"), ("/q.csv", "Basic YW5hOmFAYi9j", "K1")]
    assert [("Authorization" in head, "X-Key" in head) for _, head in other.seen] == [(False, False)]


@pytest.mark.parametrize(
    ("path", "options", "text"),
    [
        ("http://x:abc/p.csv", {}, "http://x:abc/p.csv: the address or a header cannot be sent."),
        ("http://ana:geheim]@h/p.csv", {}, "http://h/p.csv: the address or a header cannot be sent."),
        ("http://ana:geheim#b@h/ok.csv", {}, "http://h/ok.csv: the address or a header cannot be sent."),
        ("http://ana:geheim?b@h/ok.csv", {}, "http://h/ok.csv: the address or a header cannot be sent."),
        ("http://ana:geheim/b@h/ok.csv", {}, "http://h/ok.csv: the address or a header cannot be sent."),
        ("http:///p.csv", {}, "http:///p.csv: the address or a header cannot be sent."),
        ("http://127.0.0.1:1/p.csv", {"headers": {"X": "${BAD}"}}, "the address or a header cannot be sent."),
        ("http://h/p.csv?x=${NONE}", {}, "NONE is not set."),
        ("http://h/export?format=csv", {}, 'http://h/export: the suffix "" tells no format'),
    ],
)
def test_what_is_declared_wrongly(path: str, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(path, {"BAD": "geheim\r\nX: y"}, **options)
    assert text in caught.value.message()
    assert "geheim" not in caught.value.message()


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("http://u:a@b#c@h:81/p.csv", "http://h:81/p.csv"),
        ("http://u:12/c@h/p.csv?t=1", "http://h/p.csv"),
        ("http://u:${PW:-a?b}@h/p.csv", "http://h/p.csv"),
        ("http://h/a@b.csv?mail=a@b", "http://h/a@b.csv"),
    ],
)
def test_no_part_of_a_password_is_shown(declared: str, said: str) -> None:
    assert remote.shown(declared) == said


def test_the_servers_own_words_are_not_told(server: Server) -> None:
    server.answers["/p.csv"] = lambda handler: handler.send_response(418, "you sent geheim") or handler.end_headers()
    with pytest.raises(FeedsyncError) as caught:
        read(server.url + "/p.csv")
    assert "the server answers with status 418." in caught.value.message()
    assert "geheim" not in caught.value.message()


def test_keys_of_addresses_belong_to_addresses() -> None:
    with pytest.raises(ValueError, match="remote_keys"):
        SourceSpec(path="p.csv", headers={"a": "b"})


def test_an_address_may_be_a_variable_whole(server: Server) -> None:
    server.answers["/geheim"] = sends(CSV[:-1])
    spec = SourceSpec(path="${EXPORT}", format="csv")
    source = open_source(spec, Path(), env={"EXPORT": server.url + "/geheim"})
    assert whole(source).height == 2000
    assert source.name == "${EXPORT}"


@pytest.fixture
def secure(tmp_path: Path) -> tuple[Server, Path]:
    """A server of https, and the certificate that it signed itself."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = Server({"/p.csv": sends(CSV)})
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server, pem


def test_https_is_never_left(server: Server, secure: tuple[Server, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    there, pem = secure
    url = there.url.replace("http:", "https:")
    server.answers["/p.csv"] = sends(b"", status=302, Location=url + "/p.csv")
    there.answers["/down.csv"] = sends(b"", status=302, Location=server.url + "/p.csv")
    with there:
        with pytest.raises(FeedsyncError, match="certificate is not trusted"):
            read(url + "/p.csv")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
        assert read(url + "/p.csv")[0].height == 2000
        assert read(server.url + "/p.csv")[0].height == 2000
        with pytest.raises(FeedsyncError, match="leads from https to http"):
            read(url + "/down.csv")
        there.shutdown()


def test_no_copy_is_left(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gc

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    server.answers |= {"/p.csv": sends(CSV), "/404.csv": sends(b"", status=404)}
    read(server.url + "/p.csv")
    with pytest.raises(FeedsyncError):
        read(server.url + "/404.csv")
    gc.collect()
    assert list(tmp_path.iterdir()) == []
