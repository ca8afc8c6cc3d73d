"""feedsync init of a workbook: the sheet with the products."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import xlsx
from typer.testing import CliRunner

from feedsync.cli.app import app

HEADER = ["SKU", "Nombre", "Precio", "Enlace"]
PRODUCTS = [HEADER, ["A1", "Silla", "12,50", "https://x.example/1"]]


def started(folder: Path, sheets: dict[str, list[list[str]]]) -> tuple[int, str, str]:
    (folder / "c.xlsx").write_bytes(xlsx(sheets))
    flags = ("--yes", "--country", "ES", "--channel", "google_merchant", "--in-stock")
    done = CliRunner().invoke(app, ["-C", str(folder), "init", "c.xlsx", *flags], prog_name="feedsync")
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("first", [[["Notas"], ["Precios de mayo"]], [HEADER], []])
def test_the_first_sheet_with_products(tmp_path: Path, first: list[list[str]]) -> None:
    code, out, err = started(tmp_path, {"Portada": first, "Productos": PRODUCTS})
    assert (code, err) == (0, "")
    assert "1 read = " in out
    assert "{path: c.xlsx, sheet: Productos}" in (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")


def test_the_first_sheet_needs_no_name(tmp_path: Path) -> None:
    assert started(tmp_path, {"Productos": PRODUCTS, "Notas": [["Notas"], ["x"]]})[0] == 0
    assert "{path: c.xlsx}" in (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")


def test_no_sheet_with_products(tmp_path: Path) -> None:
    code, _, err = started(tmp_path, {"Portada": [HEADER], "Notas": [["Notas"], ["x"]]})
    assert code != 0
    said = 'c.xlsx: error: the sheet "Portada" has a header and no products; there are also Notas.'
    assert said in " ".join(err.split())
    assert "good files" not in err


def test_nothing_is_said_of_files_that_are_not_there(tmp_path: Path) -> None:
    code, _, err = started(tmp_path, {"Productos": [HEADER]})
    assert (code, err) == (
        2,
        "c.xlsx: error: there are no products in it. Export the products with it, or name another file.\n",
    )
