"""Six markets on four channels: what every one of the 24 feeds gets, and how many lines a market more takes."""

from __future__ import annotations

import difflib
import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from feedsync.project import open_project
from feedsync.run.commands import Job
from feedsync.run.session import session
from feedsync.writers.spelling import render

AS_OF = date(2026, 11, 21)
EXAMPLE = Path(__file__).parents[2] / "examples/markets"
CHANNELS = ("google", "meta", "amazon", "market")
SPANISH = {
    "LAM-01": "Lámpara de banco Faro 40",
    "LAM-02": "Lámpara de pie Vigía",
    "HER-01": "Formón de 12 mm",
    "HER-02": "Manual del carpintero",
    "HER-03": "Cepillo de mano",
}
TITLES = {
    "es": SPANISH,
    "fr": {
        "LAM-01": "Lampe d'établi Faro 40",
        "LAM-02": "Lampadaire Vigía",
        "HER-01": "Ciseau à bois 12 mm",
        "HER-03": "Rabot à main",
    },
    "it": {
        "LAM-01": "Lampada da banco Faro 40",
        "LAM-02": "Lampada da terra Vigía",
        "HER-01": "Scalpello da 12 mm",
        "HER-03": "Pialla a mano",
    },
    "de": {
        "LAM-01": "Werkbanklampe Faro 40",
        "LAM-02": "Stehlampe Vigía",
        "HER-01": "Stechbeitel 12 mm",
        "HER-03": "Handhobel",
    },
    "gb": {
        "LAM-01": "Faro 40 bench lamp",
        "LAM-02": "Vigía floor lamp",
        "HER-01": "12 mm chisel",
        "HER-03": "Hand plane",
    },
    "mx": SPANISH,
}
PRICES = {  # net price + tax of the class and country, at the rate of the day, up to the next .99
    "es": ("29.99", "74.99", "17.99", "19.99", "46.99"),
    "fr": ("29.99", "74.99", "17.99", "20.99", "46.99"),
    "it": ("30.99", "75.99", "17.99", "19.99", "46.99"),
    "de": ("29.99", "73.99", "16.99", "20.99", "45.99"),
    "gb": ("25.99", "64.99", "14.99", "16.99", "40.99"),
    "mx": ("614.99", "1537.99", "352.99", "406.99", "956.99"),
}
CURRENCIES = {"gb": "GBP", "mx": "MXN"}
PATHS = {"es": "", "gb": "en/"}
OVERRIDDEN = {
    ("google_es", "LAM-01", "price"): "29.00 EUR",
    ("google_de", "LAM-02", "title"): "Stehleuchte Vigía, Gusseisen",
}


def expected(channel: str, market: str) -> list[dict[str, str]]:
    rows = []
    for number, (sku, spanish) in enumerate(SPANISH.items()):
        if sku not in TITLES[market] and channel != "meta":
            continue  # not offered where nobody can read what it is
        amount = PRICES[market][number]
        row = {"id": sku, "title": TITLES[market].get(sku, spanish)}
        row["price"] = amount if channel == "market" else f"{amount} {CURRENCIES.get(market, 'EUR')}"
        if channel != "amazon":
            row["link"] = f"https://www.farotaller.example/{PATHS.get(market, f'{market}/')}{sku.lower()}"
        for name in list(row):
            row[name] = OVERRIDDEN.get((f"{channel}_{market}", sku, name), row[name])
        rows.append(row)
    return rows


def test_what_every_feed_gets() -> None:
    """And nothing is blocked: what is left out is counted, with its reason."""
    made: dict[str, list[dict[str, str]]] = {}
    with session(Job(EXAMPLE, AS_OF), []) as run:
        for group, _, batches in run.batches():
            for feed, kernel, batch in zip(group.feeds, group.kernels, batches, strict=True):
                assert batch.blocked == 0
                used = {name: feed.channel.spec.attributes[name] for name in kernel.attributes}
                frame = batch.items.select(render(used, feed.channel.spec.channel.spelling, "Europe/Madrid"))
                shown = frame.select(name for name in ("id", "title", "price", "link") if name in frame.columns)
                made.setdefault(feed.name, []).extend(pl.DataFrame(shown).rows(named=True))
    assert made == {f"{channel}_{market}": expected(channel, market) for channel in CHANNELS for market in TITLES}


@pytest.mark.parametrize(
    ("feed", "attribute", "skus"),
    [("google_es", "custom_label_0", ["HER-01"]), ("meta_es", "availability", ["HER-03"])],
)
def test_an_override_of_a_block_or_feed(feed: str, attribute: str, skus: list[str]) -> None:
    with session(Job(EXAMPLE, AS_OF), [feed]) as run:
        mapping = run.engine.groups[0].kernels[0].mapping
        assert list(mapping.overrides[attribute].by_key) == skus


def test_settings_by_market_and_target() -> None:
    here = open_project(EXAMPLE, {})
    assert here.feeds["amazon_mx"].settings["product_type"] == "HOME_LIGHTING"
    assert here.feeds["amazon_es"].settings == {**here.feeds["amazon_de"].settings, "name": "amazon_es"}
    there = open_project(EXAMPLE, {"AMAZON_SELLER_ID": "A9REAL"}, "prod")
    assert {feed.settings["seller_id"] for feed in there.chosen(["amazon"])} == {"A9REAL"}


def test_five_more_markets_are_five_more_lines(tmp_path: Path) -> None:
    shop = Path(shutil.copytree(EXAMPLE, tmp_path / "shop"))
    whole = (shop / "feedsync.yaml").read_text(encoding="utf-8").splitlines()
    one = [line for line in whole if not re.match(r"  (fr|it|de|gb|mx): ", line)]
    (shop / "feedsync.yaml").write_text("\n".join(one), encoding="utf-8")
    assert list(open_project(shop, {}).feeds) == [f"{channel}_es" for channel in CHANNELS]
    assert len([line for line in difflib.ndiff(one, whole) if line.startswith("+ ")]) == 5
    assert len(open_project(EXAMPLE, {}).feeds) == 24
    assert len(whole) <= 60  # a page
