"""feedsync taxonomy search and coverage, and channels that name a taxonomy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_project import ATTRIBUTES, run, shop

CATEGORY = 'category: {taxonomy: google_product, docs: "https://channel.example", checked: 2026-11-21}\n'
PROJECT = """\
catalog: {sources: [{path: products.csv}]}
feeds:
  shop:
    channel: probe@1
    market: {country: ES, language: es, currency: EUR}
    select: "{{ title != 'Oculto' }}"
    attributes: {title: "{{ title }}", category: "{{ cat }}"}
  bare:
    channel: probe@1
    market: {country: ES, language: es, currency: EUR}
"""
PRODUCTS = """\
sku,title,cat
1,Bota,187
2,Bota,Apparel & Accessories > Shoes
3,Saco,1020
4,Gorra,Clothes > Hats
5,Gorra,Clothes > Hats
6,Cosa,Cosas
7,Nada,
8,Oculto,187
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = shop(tmp_path, PRODUCTS, PROJECT)
    (made / "channel_specs" / "probe" / "1" / "attributes.yaml").write_text(ATTRIBUTES + CATEGORY, encoding="utf-8")
    return made


def test_search_ranks_and_names_the_edition() -> None:
    assert run("taxonomy", "search", "sleeping", "bags", "--limit", "2") == (
        0,
        "1020  Sporting Goods > Outdoor Recreation > Camping & Hiking > Sleeping Bags\n"
        "5881  Sporting Goods > Outdoor Recreation > Camping & Hiking > Sleeping Bag Liners\n"
        "Google's product taxonomy in English, edition 2019-07-10\n",
        "",
    )


def test_search_as_json() -> None:
    code, out, _ = run("taxonomy", "search", "running shoes", "--limit", "1", "--format", "json")
    assert code == 0
    assert json.loads(out) == {
        "format_version": "1.0",
        "command": "taxonomy search",
        "taxonomy": "google_product",
        "edition": "2019-07-10",
        "language": "en",
        "every_word": False,
        "matched": 22,
        "categories": [{"id": "187", "path": "Apparel & Accessories > Shoes"}],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["search", "zapatillas"],
            'error: no category of Google\'s product taxonomy in English has a word of "zapatillas". '
            "Search with words of its language.\n",
        ),
        (
            ["search", "shose"],
            'error: no category of Google\'s product taxonomy in English has a word of "shose"; did you mean "shoe"? '
            "Search with words of its language.\n",
        ),
        (
            ["search", "x", "--taxonomy", "google"],
            'error: there is no taxonomy "google"; did you mean "google_product"? There are: google_product.\n',
        ),
    ],
)
def test_what_finds_nothing(arguments: list[str], message: str) -> None:
    assert run("taxonomy", *arguments) == (2, "", message)


def test_coverage_counts_add_up(folder: Path) -> None:
    assert run("-C", folder, "taxonomy", "coverage", "shop", "--limit", "1") == (
        0,
        "shop category: 7 products, 3 with a known category, 3 with another, 1 without\n"
        " 2  Apparel & Accessories > Shoes (187)\n"
        " 1 more; --limit shows them.\n"
        " not in the taxonomy\n"
        " 2  Clothes > Hats   nearest: Apparel & Accessories > Clothing Accessories > Hats\n"
        " 1 more; --limit shows them.\n"
        "Google's product taxonomy in English, edition 2019-07-10\n",
        "",
    )


def test_coverage_as_json(folder: Path) -> None:
    code, out, _ = run("-C", folder, "taxonomy", "coverage", "--format", "json")
    assert code == 0
    one, other = json.loads(out)["feeds"]
    assert one == {
        "feed": "shop",
        "attribute": "category",
        "taxonomy": "google_product",
        "edition": "2019-07-10",
        "products": 7,
        "known": 3,
        "unknown": 3,
        "without": 1,
        "categories": [
            {"id": "187", "path": "Apparel & Accessories > Shoes", "products": 2},
            {
                "id": "1020",
                "path": "Sporting Goods > Outdoor Recreation > Camping & Hiking > Sleeping Bags",
                "products": 1,
            },
        ],
        "unknown_values": [
            {
                "value": "Clothes > Hats",
                "products": 2,
                "nearest": "Apparel & Accessories > Clothing Accessories > Hats",
            },
            {"value": "Cosas", "products": 1, "nearest": None},
        ],
    }
    assert [other[key] for key in ("feed", "products", "known", "unknown", "without")] == ["bare", 8, 0, 0, 8]


def test_coverage_wants_a_feed_with_a_taxonomy(tmp_path: Path) -> None:
    assert run("-C", shop(tmp_path), "taxonomy", "coverage") == (
        2,
        "",
        "error: none of these feeds has an attribute with a taxonomy. Name another feed.\n",
    )


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        (
            "category: {taxonomy: google_products, docs: x, checked: 2026-11-21}\n",
            'channel_specs/probe/1/attributes.yaml:4:22: error: category.taxonomy: there is no taxonomy "google_products"; '
            'did you mean "google_product"?',
        ),
        (
            "category: {type: list, taxonomy: google_product, docs: x, checked: 2026-11-21}\n",
            "channel_specs/probe/1/attributes.yaml:4:34: error: category.taxonomy: taxonomy belongs to an attribute of type "
            "text. Leave it out.",
        ),
    ],
)
def test_a_channel_names_a_taxonomy_that_there_is(attribute: str, message: str, folder: Path) -> None:
    (folder / "channel_specs" / "probe" / "1" / "attributes.yaml").write_text(ATTRIBUTES + attribute, encoding="utf-8")
    assert message in run("-C", folder, "channels", "lint", ".")[1]
    code, _, said = run("-C", folder, "check")
    assert code == 2
    assert message in said
