"""Taxonomies: as they are shipped, made from their source, searched, and the path that a wrong one means."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from feedsync.specs.taxonomy import SEPARATOR, Category, Taxonomy, load_taxonomy, taxonomy_names

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Taxonomy:
    return load_taxonomy("google_product")


def test_the_shipped_tree_is_whole(shipped: Taxonomy) -> None:
    assert taxonomy_names() == ["google_product"]
    assert (shipped.title, shipped.edition) == ("Google's product taxonomy in English", "2019-07-10")
    assert len(shipped.categories) == 5582
    assert len({one.id for one in shipped.categories}) == len({one.path for one in shipped.categories}) == 5582
    above = {one.path for one in shipped.categories}
    assert all(one.path.rpartition(SEPARATOR)[0] in above for one in shipped.categories if one.depth)
    assert "Ã" not in "".join(above)
    assert shipped.by_value["3994"] == Category(
        "3994", "Arts & Entertainment > Party & Celebration > Party Supplies > Piñatas"
    )
    assert shipped.by_value["Apparel & Accessories > Clothing > Outerwear > Coats & Jackets"].id == "5598"


def test_its_licence_is_beside_it() -> None:
    folder = ROOT / "taxonomies" / "google_product"
    assert "Apache License" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "github.com/google/shoptimizer" in (folder / "NOTICE").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("taxonomies_build", ROOT / "taxonomies" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tree_is_made_from_the_flat_list(builder: ModuleType) -> None:
    twice = "Ropa > Piñatas".encode().decode("latin-1")
    made = builder.tree({twice: 3, "Ropa": 1, "Ropa > Ñu": "12", "Ropa > Ñu > Gorra": 4})
    assert made.removeprefix(builder.HEAD) == "1 Ropa\n\t3 Piñatas\n\t12 Ñu\n\t\t4 Gorra\n"


@pytest.mark.parametrize(
    ("mapping", "said"), [({"A > B": 1}, "no parent: A > B"), ({"A": 1, "B": 1}, "two categories have one id")]
)
def test_a_list_that_is_no_tree_is_refused(builder: ModuleType, mapping: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        builder.tree(mapping)


SMALL = Taxonomy(
    "small",
    "Small",
    "1",
    "en",
    tuple(
        Category(str(number), path)
        for number, path in enumerate(
            [
                "Sport",
                "Sport > Running Shoes & Boots",
                "Sport > Shoes",
                "Sport > Shoes > Shoe Laces",
                "Food",
                "Food > Purées",
                "Food > Purées > Dog Food",
                "Glass",
            ],
            1,
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "ids", "every_word"),
    [
        ("shoes", ["3", "4", "2"], True),
        ("SHOE", ["3", "4", "2"], True),
        ("running shoes", ["2"], True),
        ("shoes running", ["2"], True),
        ("sport sho", ["3", "4", "2"], True),
        ("puree", ["6", "7"], True),
        ("Purées!", ["6", "7"], True),
        ("dog food", ["7"], True),
        ("food", ["5", "7", "6"], True),
        ("glass", ["8"], True),
        ("running gloves", ["2"], False),
        ("zapatos", [], False),
        ("&", [], True),
    ],
)
def test_search(text: str, ids: list[str], every_word: bool) -> None:
    found = SMALL.search(text, 9)
    assert ([one.id for one in found.categories], found.matched, found.every_word) == (ids, len(ids), every_word)


def test_search_is_cut_and_says_how_many_there_are() -> None:
    found = SMALL.search("shoes", 1)
    assert ([one.id for one in found.categories], found.matched) == (["3"], 3)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("sport>SHOES", "Sport > Shoes"),
        ("Deporte > Shoes", "Sport > Shoes"),
        ("Shoes > Laces", "Sport > Shoes > Shoe Laces"),
        ("Sport > Shose", "Sport > Shoes"),
        ("Food > Puree", "Food > Purées"),
        ("Ropa > Gorras", ""),
        ("99", ""),
        (" > ", ""),
    ],
)
def test_the_nearest_path(value: str, path: str) -> None:
    assert SMALL.nearest(value) == path


@pytest.mark.parametrize(("text", "word"), [("sheos", "shoe"), ("shoes", ""), ("zzz", ""), ("Fodo", "food")])
def test_a_word_like_it(text: str, word: str) -> None:
    assert SMALL.near_word(text) == word
