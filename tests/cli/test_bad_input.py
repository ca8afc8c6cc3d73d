"""A source that cannot be read whole stops the run: exit 2, its place, and the last good files stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_project import run, shop

HEAD = b"sku,title,price\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "products.csv: error: "),
        (b"", "products.csv: error: "),
        (HEAD, "products.csv: error: a header and no products."),
        (HEAD + "A-1,Bañador,10\n".encode("cp1252"), "products.csv:2: error: not UTF-8 at byte 22 (0xF1)"),
        (HEAD + b"A-1,Bota,10\nA-2,Gorra\n", "products.csv:3: error: 2 cells, the header has 3."),
        (HEAD + b'A-1,"Bota,10\nA-2,Gorra,1\n', "products.csv:2: error: the quote opened here is never closed"),
        (b"sku,title,title\nA-1,Bota,10\n", "products.csv:1: error: "),
        (HEAD + b"A-1,Bo\x00ta,10\n", "products.csv:2: error: "),
    ],
    ids=["missing", "empty", "header only", "encoding", "ragged", "open quote", "duplicate header", "NUL"],
)
def test_bad_csv(tmp_path: Path, data: bytes | None, message: str) -> None:
    shop(tmp_path)
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    if data is None:
        (tmp_path / "products.csv").unlink()
    else:
        (tmp_path / "products.csv").write_bytes(data)
    for command in (["check"], ["export", "-o", "out"], ["preview", "shop"], ["explain", "A-1"]):
        code, out, err = run("-C", tmp_path, *command)
        assert (code, out) == (2, "")
        assert err.startswith(message)
        assert len(err.splitlines()) == 1
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ title }}", "{{ titel }}", 'feedsync.yaml:12:18: error: title (shop): unknown field "titel"'),
        ("money('EUR')", "mony('EUR')", "feedsync.yaml:13:26: error: price (shop): "),
        (
            "channel: probe@1",
            "channel: prob",
            'feedsync.yaml:7:14: error: feeds.shop.channel: there is no channel "prob"',
        ),
        ("      title:", "      titel:", "feedsync.yaml:12:7: error: "),
        (
            "      price:",
            "      title:",
            'feedsync.yaml:13:7: error: feeds.shop.attributes.title: "title" is also at feedsync.yaml:12',
        ),
        (
            '"{{ title }}"',
            "{{ title }}",
            "feedsync.yaml:12:14: error: feeds.shop.attributes.title: a template without quotes",
        ),
        ("catalog:", "catalogue:", "feedsync.yaml:1:1: error: "),
    ],
)
def test_bad_project(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = shop(tmp_path) / "feedsync.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    code, out, err = run("-C", tmp_path, "check")
    assert (code, out) == (2, "")
    assert message in err


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (shop(tmp_path) / "out").write_text("a file, not a folder", encoding="utf-8")
    code, out, err = run("-C", tmp_path, "export", "-o", "out")
    assert (code, out) == (2, "")
    assert '"' in err
    assert "error: " in err
