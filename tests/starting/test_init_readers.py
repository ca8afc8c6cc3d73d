"""feedsync init: what its first readers stumbled over."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from feedsync.cli import init as init_command
from feedsync.cli.app import app

ANSWERS = ("--yes", "--country", "ES", "--channel", "google_merchant", "--in-stock")
PLAIN = """\
Código;title;Precio;Descripción;link;image_link
A1;Silla;12,50;De roble.;https://x.example/1;https://x.example/1.jpg
"""


def run(folder: Path, *arguments: str, typed: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["-C", str(folder), *arguments], prog_name="feedsync", input=typed)
    return done.exit_code, done.stdout, done.stderr


def made(folder: Path, catalog: str, *flags: str) -> tuple[str, str]:
    """What init says of a catalog, and the file it writes."""
    (folder / "c.csv").write_text(catalog, encoding="utf-8")
    code, out, err = run(folder, "init", "c.csv", *(flags or ANSWERS))
    assert (code, err) == (0, "")
    return out, (folder / "feedsync.yaml").read_text(encoding="utf-8")


def test_a_feed_is_only_what_has_a_feeds_id(tmp_path: Path) -> None:
    out, written = made(tmp_path, PLAIN)
    assert "sku: {from: Código}" in written
    assert "It is:" not in out
    assert "google_es  1 read = 1 ready + 0 blocked + 0 excluded" in out


@pytest.mark.parametrize("header", ["id", "g:id"])
def test_a_feed_with_its_id_is_a_feed(tmp_path: Path, header: str) -> None:
    _, written = made(tmp_path, PLAIN.replace("Código", header).replace("12,50", "12.50 EUR"))
    assert "preset: google_feed" in written


def test_the_input_ends_at_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init_command, "_somebody_is_there", lambda: True)
    (tmp_path / "c.csv").write_text(PLAIN, encoding="utf-8")
    flags = [one for one in ANSWERS if one != "--yes"]
    code, _, err = run(tmp_path, "init", "c.csv", *flags, typed="quizá\n")
    assert code == 130
    assert "Please answer y or n. Is the tax in the prices (Precio)?" in err
    assert "stopped at a question. Nothing was written." in err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.csv"]
