"""References to the environment and to files."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsync.errors import ConfigError, Place
from feedsync.specs.secrets import resolve

ENV = {"HOST": "db.example", "EMPTY": "", "ODD": "a${HOST}b"}
AT = Place("feedsync.yaml", 7, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("costs 5 $ {x}", "costs 5 $ {x}"),
        ("${HOST}", "db.example"),
        ("sqlite://${HOST}/${HOST}", "sqlite://db.example/db.example"),
        ("${EMPTY}", ""),
        ("${EMPTY:-other}", "other"),
        ("${NONE:-other}", "other"),
        ("${NONE:-}", ""),
        ("${HOST:-other}", "db.example"),
        ("${ODD}", "a${HOST}b"),
        ("$${HOST}", "${HOST}"),
        ("a$${b ${HOST}", "a${b db.example"),
        ("${file:key.txt}", "geheim ${HOST}"),
        ("${file: sub/two.txt}", "one\ntwo"),
    ],
)
def test_references(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "key.txt").write_bytes(b"\xef\xbb\xbfgeheim ${HOST}\r\n")
    (tmp_path / "sub" / "two.txt").write_bytes(b"one\ntwo\n")
    assert resolve(text, ENV, tmp_path, AT) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x${NONE}",
            "feedsync.yaml:7:12: error: NONE is not set. Put it into the environment.",
        ),
        (
            "${HOST",
            'feedsync.yaml:7:12: error: "${HOST" is no reference to a variable or file.'
            " Write ${NAME}, ${NAME:-default} or ${file:secrets/name}; a plain ${ is written $${.",
        ),
        (
            "${my host}",
            'feedsync.yaml:7:12: error: "${my host}" is no reference to a variable or file.'
            " Write ${NAME}, ${NAME:-default} or ${file:secrets/name}; a plain ${ is written $${.",
        ),
        (
            "${file:gone.txt}",
            'feedsync.yaml:7:12: error: the file "gone.txt" cannot be read: No such file or directory.'
            " Correct the path or the file.",
        ),
        (
            "${file:latin.txt}",
            'feedsync.yaml:7:12: error: the file "latin.txt" cannot be read: not UTF-8 text.'
            " Correct the path or the file.",
        ),
        (
            "${file:large.txt}",
            'feedsync.yaml:7:12: error: the file "large.txt" cannot be read: larger than 64 KiB.'
            " Correct the path or the file.",
        ),
    ],
)
def test_a_reference_that_leads_nowhere(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "latin.txt").write_bytes("contraseña".encode("latin-1"))
    (tmp_path / "large.txt").write_bytes(b"x" * 70_000)
    with pytest.raises(ConfigError) as raised:
        resolve(text, ENV, tmp_path, AT)
    assert str(raised.value) == message


def test_no_place_and_no_secret_in_the_traceback(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("contraseña".encode("latin-1"))
    with pytest.raises(ConfigError) as raised:
        resolve("${file:latin.txt}", ENV, tmp_path, None)
    assert raised.value.__suppress_context__
    assert str(raised.value).startswith("error: ")
