"""The ERP with markets and shops, whole: database, files, prices, units."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

import feedsync

EXAMPLE = Path(__file__).parents[2] / "examples/erp"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("erp") / "shop"))
    subprocess.run([sys.executable, "make_erp.py"], cwd=shop, check=True)
    result = feedsync.load_project(shop, env={}).export(output=shop / "out")
    counts = {feed.feed: (feed.read, feed.ready, feed.blocked, dict(feed.excluded)) for feed in result.feeds}
    products = [f"google_{m}" for m in ("es", "pt", "fr", "it", "de", "nl")] + ["meta_es", "meta_pt"]
    products += [f"amazon_{m}" for m in ("es", "fr", "it", "de")] + ["mirakl_es"]
    assert counts == {
        **dict.fromkeys(products, (8, 7, 0, {"descatalogado": 1})),
        "google_local_es": (12, 12, 0, {}),
    }
    return shop / "out"


def test_prices_with_the_tax_of_class_and_country(out: Path) -> None:
    prices = {}
    for market in ("es", "pt", "fr", "de"):
        items = etree.parse(out / f"google_{market}.xml").iter("item")
        found = {item.findtext(f"{G}id"): item.findtext(f"{G}price") for item in items}
        prices[market] = (found["0001007"], found["0002004"])
    assert prices == {
        "es": ("145.00 EUR", "22.00 EUR"),
        "pt": ("147.40 EUR", "22.42 EUR"),
        "fr": ("143.80 EUR", "22.32 EUR"),
        "de": ("142.60 EUR", "22.63 EUR"),
    }


def test_units_promised_never_exceed_the_shelves(out: Path) -> None:
    """0001007: 6 + 4 on hand. The marketplace holds 2; each Amazon shop has a tenth of the other eight, less one."""
    with (out / "mirakl_es.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["sku"]: row["quantity"] for row in csv.DictReader(file, delimiter=";")}
    amazon = {}
    for market in ("es", "fr", "it", "de"):
        messages = json.loads((out / f"amazon_{market}.json").read_text(encoding="utf-8"))["messages"]
        amazon[market] = {one["sku"]: one["attributes"]["fulfillment_availability"][0]["quantity"] for one in messages}
    on_hand = {
        "0001007": 10,
        "0001014": 11,
        "0001021": 65,
        "0002004": 9,
        "0002011": 14,
        "0002028": 3,
        "0003001": 3,
    }
    for sku, units in on_hand.items():
        assert int(rows[sku]) + sum(shop[sku] for shop in amazon.values()) <= units
    assert rows["0001021"] == "2"
    assert {market: shop["0001021"] for market, shop in amazon.items()} == dict.fromkeys(amazon, 6)


def test_shops_have_their_own_entries(out: Path) -> None:
    with (out / "google_local_es.tsv").open(encoding="utf-8", newline="") as file:
        rows = [(row["store_code"], row["id"], row["quantity"]) for row in csv.DictReader(file, delimiter="\t")]
    assert len(rows) == 12
    assert ("MAD", "0001007", "6") in rows
    assert ("ZAZ", "0001007", "4") in rows
