"""The WooCommerce shop: its project is what init writes, and its feeds hold what the shop sells."""

import csv
import shutil
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from feedsync.cli.app import app

EXAMPLE = Path(__file__).parents[2] / "examples/woocommerce"
G = "{http://base.google.com/ns/1.0}"
ASKED = (
    "--channel", "google_merchant", "--channel", "meta_catalog", "--country", "ES",
    "--shop-url", "https://colmenanandu.example", "--yes",
)  # fmt: skip


def run(folder: Path, *arguments: str) -> None:
    result = CliRunner().invoke(app, ["-C", str(folder), *arguments])
    assert result.exit_code == 0, result.output


def test_the_project_is_what_init_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(EXAMPLE / "wc-productos.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["init", "wc-productos.csv", *ASKED])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "feedsync.yaml").read_text("utf-8") == (EXAMPLE / "feedsync.yaml").read_text("utf-8")


def test_its_feeds(tmp_path: Path) -> None:
    shop = Path(shutil.copytree(EXAMPLE, tmp_path / "shop"))
    run(shop, "export", "--as-of", "2026-11-22", "-o", str(shop / "out"))
    items = list(etree.parse(shop / "out/google_es.xml").iter("item"))
    found = {
        item.findtext(f"{G}id"): (item.findtext(f"{G}price"), item.findtext(f"{G}sale_price"), item.findtext("link"))
        for item in items
    }
    page = "https://colmenanandu.example/?p="
    assert found == {
        "MIEL-500": ("9.90 EUR", None, f"{page}210"),
        "MIEL-1000": ("17.50 EUR", "15.90 EUR", f"{page}210"),
        "POLEN-250": ("8.40 EUR", None, f"{page}230"),
        "VELA-01": ("12.00 EUR", None, f"{page}240"),
        "JABON-01": ("4.95 EUR", "3.95 EUR", f"{page}250"),
    }
    honey = next(item for item in items if item.findtext(f"{G}id") == "MIEL-500")
    assert honey.findtext(f"{G}image_link") == "https://colmenanandu.example/img/miel.jpg"
    assert honey.findtext(f"{G}item_group_id") == "MIEL"
    with (shop / "out/meta_es.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == list(found)
