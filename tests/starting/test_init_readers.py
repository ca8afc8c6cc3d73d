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


def test_prices_of_two_spellings_are_compared(tmp_path: Path) -> None:
    rows = "SKU;Nombre;Precio;Precio oferta;Descripción;Enlace;Foto\nA1;Silla;12,50 €;9,90;x;{0};{0}.jpg\n"
    out, written = made(tmp_path, rows.format("https://x.example/1"))
    assert 'price: {from: Precio, type: money, decimal_mark: ","}' in written
    assert 'sale_price: {from: Precio oferta, type: money, decimal_mark: ","}' in written
    assert "google_es  1 read = 1 ready + 0 blocked + 0 excluded" in out


def test_one_strange_cell_among_many_is_a_finding(tmp_path: Path) -> None:
    rows = [f"A{n};Silla;1{n},50;12;x;https://x.example/{n};https://x.example/{n}.jpg" for n in range(9)]
    rows += ["B1;Silla;consultar;sí;x;https://x.example/b;https://x.example/b.jpg"]
    rows += ["B2;Silla;12,50;1.000;x;https://x.example/c;https://x.example/c.jpg"]
    catalog = "\n".join(["SKU;Nombre;Precio;Existencias;Descripción;Enlace;Foto", *rows, ""])
    flags = [one for one in ANSWERS if one != "--in-stock"]
    out, written = made(tmp_path, catalog, *flags)
    assert 'price: {from: Precio, decimal_mark: ","}' in written
    assert 'stock: {from: Existencias, decimal_mark: ","}' in written
    assert '"consultar" does not read' in out
    assert '"sí" does not read' in out
    assert "google_es  11 read = 10 ready + 1 blocked + 0 excluded" in out
    _, found, _ = run(tmp_path, "check")
    assert 'stock: "sí" does not read as a whole number' in found


def test_a_dropped_stock_blames_the_value_that_does_not_read(tmp_path: Path) -> None:
    rows = "".join(f"A{n};Silla;{n},50;{stock}\n" for n, stock in enumerate(["12", "mucho", "poco", "3"]))
    flags = [one for one in ANSWERS if one != "--in-stock"]
    out, written = made(tmp_path, "SKU;Nombre;Precio;Existencias\n" + rows, *flags)
    assert 'stays unmapped: "mucho" is no stock' in out
    assert 'The column "Existencias" is not taken for the stock: "mucho" does not read as that.' in " ".join(
        out.split()
    )
    assert 'looks like stock, but a value such as "mucho"' in written


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("1.jpg", "https://cdn.example/i/1.jpg"),
        ("img/1.jpg", "https://cdn.example/i/img/1.jpg"),
        ("/img/1.jpg", "https://cdn.example/i/img/1.jpg"),
    ],
)
def test_paths_of_pages_and_images(tmp_path: Path, path: str, address: str) -> None:
    flags = (*ANSWERS, "--shop-url", "https://x.example", "--image-url", "https://cdn.example/i")
    catalog = f"SKU;Nombre;Precio;Descripción;Enlace;Foto\nA1;Silla;12,50;x;/p/1;{path}\n"
    out, written = made(tmp_path, catalog, *flags)
    assert "unmapped" not in out
    assert "google_es  1 read = 1 ready + 0 blocked + 0 excluded" in out
    assert "no column fills image_link" not in written
    _, shown, _ = run(tmp_path, "preview", "google_es")
    assert address in shown
    assert "https://x.example/p/1" in shown


def test_why_nothing_is_ready(tmp_path: Path) -> None:
    out, written = made(tmp_path, PLAIN, *[one.replace("google_merchant", "meta_catalog") for one in ANSWERS])
    said = " ".join(out.split())
    assert "Nothing is ready for meta_es: required, and empty for all products: brand." in said
    assert 'under meta_es: attributes: {brand: "..."}' in said
    written += '    attributes: {brand: "Roble"}\n'
    (tmp_path / "feedsync.yaml").write_text(written, encoding="utf-8")
    _, found, _ = run(tmp_path, "check")
    assert "meta_es  1 read = 1 ready + 0 blocked + 0 excluded" in found
