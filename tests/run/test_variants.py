"""Variants: children name their parent, which is not sold itself and gives them what they lack."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from builders import check, counts, found, items, lines, shop, write

import feedsync
from feedsync.errors import ConfigError

HEADER = "sku,parent_sku,title,brand,price,Peso"
PARENT = 'P,,Camiseta,Duero,10,"0,5 kg"'
FIRST = "A,P,,,12,"
SECOND = 'B,P,Camiseta B,,,"300 g"'
ALONE = "C,,Gorra,,5,"
CATALOG = """\
sources: [{path: p.csv}]
variants: {parent: parent_sku, inherit: [title, brand, price, weight]}
fields:
  weight: {template: "{{ field('Peso') | measure }}"}
"""
ATTRIBUTES = lines("title: {}", "brand: {}", "price: {type: money}", "weight: {}")
FEED = """\
attributes:
  title: "{{ title }}"
  brand: "{{ brand }}"
  price: "{{ price | money('EUR') }}"
  weight: "{{ weight }}"
"""
WANT = {
    "A": {"id": "A", "title": "Camiseta", "brand": "Duero", "price": "12.00 EUR", "weight": "0.5 kg"},
    "B": {"id": "B", "title": "Camiseta B", "brand": "Duero", "price": "10.00 EUR", "weight": "300 g"},
    "C": {"id": "C", "title": "Gorra", "price": "5.00 EUR"},
}


def variants(folder: Path, *rows: str, catalog: str = CATALOG) -> Path:
    return shop(folder, lines(HEADER, *rows), FEED, ATTRIBUTES, catalog=catalog)


@pytest.mark.parametrize("rows", list(permutations([PARENT, FIRST, SECOND, ALONE])))
def test_parents_stand_anywhere(rows: tuple[str, ...], tmp_path: Path) -> None:
    folder = variants(tmp_path, *rows)
    assert items(folder) == [WANT[row[0]] for row in rows if row is not PARENT]
    assert counts(check(folder)["f"]) == (3, 3, 0, {})


def test_a_missing_parent_is_said_and_sends_the_child_as_it_is(tmp_path: Path) -> None:
    folder = variants(tmp_path, PARENT, "A,Q,Suelta,,3,", SECOND)
    result = check(folder)["f"]
    assert found(result) == [("FS106", "warning", "parent_sku", ["A"])]
    assert result.findings[0].samples[0].value == "Q"
    assert items(folder)[0] == {"id": "A", "title": "Suelta", "price": "3.00 EUR"}


def test_a_childs_unreadable_cell_is_not_the_parents_value(tmp_path: Path) -> None:
    folder = variants(tmp_path, PARENT, "A,P,,,doce,", SECOND)
    result = check(folder)["f"]
    assert found(result) == [("FS103", "error", "price", ["A"])]
    assert counts(result) == (2, 1, 1, {})


def test_a_parents_unreadable_cell_is_said_where_it_is_inherited(tmp_path: Path) -> None:
    folder = variants(tmp_path, PARENT.replace("10", "diez"), FIRST, SECOND)
    result = check(folder)["f"]
    assert found(result) == [("FS103", "error", "price", ["B"])]
    assert result.findings[0].samples[0].value == "diez"
    assert counts(result) == (2, 1, 1, {})


def test_a_childs_failing_template_is_not_the_parents_value(tmp_path: Path) -> None:
    folder = variants(tmp_path, PARENT, 'A,P,,,12,"medio kilo"', SECOND)
    result = check(folder)["f"]
    assert [(one.code, one.attribute) for one in result.findings] == [("FS103", "weight")]
    assert counts(result) == (2, 1, 1, {})


def test_parents_may_be_products(tmp_path: Path) -> None:
    folder = variants(
        tmp_path, FIRST, PARENT, catalog=CATALOG.replace("variants: {", "variants: {parents_are_products: true, ")
    )
    assert [item["id"] for item in items(folder)] == ["A", "P"]


def test_parents_values_of_joined_sources_are_inherited(tmp_path: Path) -> None:
    catalog = CATALOG.replace("[{path: p.csv}]", "[{path: p.csv}, {path: b.csv, join: sku}]").replace(
        "inherit: [title, brand", "inherit: [title, maker"
    )
    folder = shop(
        tmp_path, lines(HEADER, FIRST, PARENT), FEED.replace("{{ brand", "{{ maker"), ATTRIBUTES, catalog=catalog
    )
    write(folder, {"b.csv": lines("sku,maker", "P,Ebro")})
    assert items(folder) == [
        {"id": "A", "title": "Camiseta", "brand": "Ebro", "price": "12.00 EUR", "weight": "0.5 kg"}
    ]


def test_two_rows_of_a_parents_key_and_a_row_that_is_its_own_parent(tmp_path: Path) -> None:
    """The first row of the key is the parent; nothing is repeated that is not sold."""
    folder = variants(tmp_path, FIRST, PARENT, PARENT.replace("Duero", "Ebro"))
    assert [(item["id"], item["brand"]) for item in items(folder)] == [("A", "Duero")]
    own = variants(tmp_path / "own", "S,S,Sola,,1,")
    assert counts(check(own)["f"]) == (1, 1, 0, {})


@pytest.mark.parametrize(
    ("variants_line", "message"),
    [
        (
            "{parent: parent, inherit: []}",
            'variants.parent: no field "parent"; did you mean "parent_sku"?',
        ),
        ("{parent: parent_sku, inherit: [brnd]}", 'variants.inherit: no field "brnd"; did you mean "brand"?'),
    ],
)
def test_fields_of_variants_that_are_not_there(variants_line: str, message: str, tmp_path: Path) -> None:
    catalog = CATALOG.replace("{parent: parent_sku, inherit: [title, brand, price, weight]}", variants_line)
    with pytest.raises(ConfigError) as error:
        check(variants(tmp_path, PARENT, catalog=catalog))
    assert message in str(error.value)


def test_a_childs_unreadable_cell_that_may_be_dropped_is_still_not_the_parents(tmp_path: Path) -> None:
    feed = FEED.replace("\"{{ price | money('EUR') }}\"", "{value: \"{{ price | money('EUR') }}\", on_invalid: drop}")
    folder = shop(tmp_path, lines(HEADER, PARENT, "A,P,,,doce,"), feed, ATTRIBUTES, catalog=CATALOG)
    assert items(folder) == [{"id": "A", "title": "Camiseta", "brand": "Duero", "weight": "0.5 kg"}]
    assert found(check(folder)["f"]) == [("FS103", "warning", "price", ["A"])]


def test_parents_in_a_circle_are_named_and_nothing_vanishes(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("sku,parent_sku\nA,B\nB,C\nC,A\nD,\nE,E\n")
    (tmp_path / "feedsync.yaml").write_text(
        "catalog: {sources: [{path: p.csv}], variants: {parent: parent_sku}}\n"
        "feeds: {f: {channel: generic_marketplace@2026-11, market: {country: ES, language: es, currency: EUR}}}\n"
    )
    (feed,) = feedsync.load_project(tmp_path).check().feeds
    assert feed.read == 5
    assert [
        (group.count, [sample.id for sample in group.samples]) for group in feed.findings if group.code == "FS106"
    ] == [(3, ["A", "B", "C"])]
