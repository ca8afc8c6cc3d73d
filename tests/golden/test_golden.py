"""A small shop with awkward texts, exported to all channels in all formats, byte by byte."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from builders import export

import feedsync
from feedsync.specs.channels import list_channels

HERE = Path(__file__).parent
SHOP = HERE / "shop"
FILES = {
    "google_merchant": ["google_es.xml", "google_es.tsv", "google_es.atom.xml"],
    "google_local_inventory": ["google_local_es.tsv", "google_local_es.xml"],
    "meta_catalog": ["meta_es.csv", "meta_es.tsv"],
    "amazon_listings": ["amazon_es.json"],
    "mirakl_offers": ["market_es.csv"],
    "generic_marketplace": ["generico_es.csv", "generico_es.json", "generico_es.xml"],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return export(SHOP, tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize(("channel", "name"), [(channel, name) for channel, names in FILES.items() for name in names])
def test_a_file_is_as_it_was(
    channel: str, name: str, written: dict[str, bytes], request: pytest.FixtureRequest
) -> None:
    golden = HERE / channel / name
    if request.config.getoption("update_golden", False):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written[name])
    wanted = golden.read_bytes()
    if written[name] != wanted:
        lines = [data.decode(errors="backslashreplace").splitlines() for data in (wanted, written[name])]
        shown = "\n".join(difflib.unified_diff(*lines, f"golden/{channel}/{name}", "written", lineterm="", n=1))
        pytest.fail(
            f"{shown or 'the files differ in line ends only'}\nIf this is right: pytest -n 0 tests/golden --update-golden"
        )


def test_every_channel_and_format_has_a_golden_file(written: dict[str, bytes]) -> None:
    assert written.keys() == {"manifest.json", *(name for names in FILES.values() for name in names)}
    assert {(one.name, len(one.channel.formats)) for one in list_channels(None)} == {
        (channel, len(names)) for channel, names in FILES.items()
    }


def test_the_shop_has_every_kind_of_row(written: dict[str, bytes]) -> None:
    feeds = feedsync.load_project(SHOP, env={}).check().feeds
    assert {feed.feed: (feed.read, feed.ready, feed.blocked, feed.excluded) for feed in feeds} == {
        "google_es": (13, 7, 5, {"de baja": 1}),
        "google_local_es": (7, 4, 3, {}),
        "meta_es": (13, 8, 4, {"de baja": 1}),
        "amazon_es": (13, 8, 4, {"de baja": 1}),
        "market_es": (13, 8, 4, {"de baja": 1}),
        "generico_es": (13, 6, 6, {"de baja": 1}),
    }
