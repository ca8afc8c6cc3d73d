"""Joined sources: one row per key or a way to make one, and unmatched keys counted on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, counts, found, indented, items, lines, shop, without, write

from feedsync.errors import ConfigError, SourceError

PRODUCTS = lines("sku,title", "A,Gorra", "B,Bota", "C,Saco")
ATTRIBUTES = lines("title: {}", "stock: {}", "note: {}")
FEED = lines("attributes:", '  title: "{{ title }}"', '  stock: "{{ units }}"')


def joined(folder: Path, stock: str, how: str = "", feed: str = FEED, fields: str = "", **more: str) -> Path:
    source = f"sources:\n  - {{path: p.csv}}\n  - {{path: stock.csv, join: sku{how}}}\n"
    if fields:
        source += "fields:\n" + indented(fields, 2)
    shop(folder, PRODUCTS, feed, ATTRIBUTES, catalog=source, **more)
    return write(folder, {"stock.csv": stock})


def stocks(folder: Path) -> dict[str, str | None]:
    return {item["id"]: item.get("stock") for item in items(folder)}


def test_one_row_per_key_adds_its_columns(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("sku,units", " B ,2", "A,5", "C,0"))
    assert items(folder) == [
        {"id": "A", "title": "Gorra", "stock": "5"},
        {"id": "B", "title": "Bota", "stock": "2"},
        {"id": "C", "title": "Saco", "stock": "0"},
    ]
    assert found(check(folder)["f"]) == []


def test_unmatched_keys_are_counted_on_both_sides(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("sku,units", "A,5", "Z,9", "Y,1", ",7"))
    result = check(folder)["f"]
    assert found(result) == [("FS104", "warning", "sku", ["Z", "Y"]), ("FS105", "hint", "sku", ["B", "C"])]
    assert {one.code: [(s.source, s.row) for s in one.samples] for one in result.findings} == {
        "FS104": [("stock.csv", 3), ("stock.csv", 4)],
        "FS105": [("p.csv", 3), ("p.csv", 4)],
    }
    assert counts(result) == (3, 3, 0, {})
    assert stocks(folder) == {"A": "5", "B": None, "C": None}


def test_a_feed_that_reads_nothing_of_a_source_does_not_hear_of_it(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("sku,units", "A,5", "Z,9"), feed='attributes: {title: "{{ title }}"}\n')
    assert found(check(folder)["f"]) == []


SEVERAL = lines("sku,units,place", "A,2,x", "B,1,y", "A,3,z", "A,,x", "C,7,")


def test_several_rows_of_a_key_without_a_way_to_make_one(tmp_path: Path) -> None:
    folder = joined(tmp_path, SEVERAL)
    with pytest.raises(SourceError) as error:
        check(folder)
    assert without(str(error.value), f"{tmp_path}/") == (
        'feedsync.yaml:4:7: error: stock.csv: keys in more than one row: 1, e.g. "A" in rows 2, 4, 5. '
        "Write aggregate: with the way several rows become one, e.g. aggregate: {stock: sum}."
    )


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("sum", {"A": "5", "B": "1", "C": "7"}),
        ("min", {"A": "2", "B": "1", "C": "7"}),
        ("max", {"A": "3", "B": "1", "C": "7"}),
        ("first", {"A": "2", "B": "1", "C": "7"}),
        ("last", {"A": "3", "B": "1", "C": "7"}),
        ("count", {"A": "2", "B": "1", "C": "1"}),
        ("join", {"A": "2,3", "B": "1", "C": "7"}),
    ],
)
def test_several_rows_become_one(how: str, expected: dict[str, str], tmp_path: Path) -> None:
    folder = joined(tmp_path, SEVERAL, f", aggregate: {{units: {how}}}")
    assert stocks(folder) == expected


def test_an_aggregation_is_of_all_keys_also_where_none_repeats(tmp_path: Path) -> None:
    """The number of rows today does not decide what a column means."""
    folder = joined(tmp_path, lines("sku,units", "A,2", "B,1"), ", aggregate: {units: count}")
    assert stocks(folder) == {"A": "1", "B": "1", "C": None}


def test_columns_that_aggregate_does_not_name_must_agree(tmp_path: Path) -> None:
    feed = FEED + '  note: "{{ place }}"\n'
    folder = joined(tmp_path, SEVERAL, ", aggregate: {units: sum}", feed)
    with pytest.raises(SourceError) as error:
        check(folder)
    assert without(str(error.value), f"{tmp_path}/") == (
        'feedsync.yaml:4:7: error: stock.csv: the rows of key "A" differ in column place, and aggregate '
        "does not name it. Add place to aggregate, e.g. place: first."
    )


@pytest.mark.parametrize("stock", [SEVERAL, lines("sku,units", "A,2")])
def test_aggregate_of_a_column_that_is_not_there(stock: str, tmp_path: Path) -> None:
    folder = joined(tmp_path, stock, ", aggregate: {unit: sum}")
    with pytest.raises(ConfigError) as error:
        check(folder)
    assert "feedsync.yaml:4" in str(error.value)
    assert 'aggregate names "unit", which stock.csv does not have; did you mean "units"?' in str(error.value)


def test_a_sum_of_what_is_no_number(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("sku,units", "A,2", "A,dos"), ", aggregate: {units: sum}")
    with pytest.raises(SourceError) as error:
        check(folder)
    assert 'stock.csv: "dos" in row 3 of column units is no number, and sum needs numbers.' in str(error.value)


def test_sums_are_exact_and_read_by_the_fields_decimal_mark(tmp_path: Path) -> None:
    stock = lines("sku;units", "A;1.290,25", "A;0,1", "B;0,125", "B;1,11", "C;1.500", "C;500")
    source = (
        "sources:\n  - {path: p.csv}\n"
        '  - {path: stock.csv, delimiter: ";", join: sku, aggregate: {units: sum}}\n'
        'fields:\n  units: {type: decimal, decimal_mark: ","}\n'
    )
    shop(tmp_path, PRODUCTS, FEED, "title: {}\nstock: {}\n", catalog=source)
    write(tmp_path, {"stock.csv": stock})
    assert stocks(tmp_path) == {"A": "1290.35", "B": "1.235", "C": "2000"}


def test_the_joined_sources_own_key_column(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("Artículo,units", "A,5", "B,1", "C,2"), ", on: Artículo")
    assert stocks(folder) == {"A": "5", "B": "1", "C": "2"}


def test_the_keys_column_stands_in_both_sources(tmp_path: Path) -> None:
    """`from: SKU` means the first source's, and the second is joined by its own."""
    source = (
        "sources: [{path: p.csv}, {path: stock.csv, join: sku}]\nfields: {sku: {from: SKU}, units: {from: Unidades}}\n"
    )
    shop(tmp_path, lines("SKU,title", "A,Gorra", "B,Bota"), FEED, ATTRIBUTES, catalog=source)
    write(tmp_path, {"stock.csv": lines("SKU,Unidades", "B,1", "A,5")})
    assert stocks(tmp_path) == {"A": "5", "B": "1"}


def test_a_column_of_two_sources_must_be_said(tmp_path: Path) -> None:
    source = "sources: [{path: p.csv}, {path: stock.csv, join: sku}]\nfields: {name: {from: title}}\n"
    shop(tmp_path, PRODUCTS, 'attributes: {title: "{{ name }}"}\n', ATTRIBUTES, catalog=source)
    write(tmp_path, {"stock.csv": lines("sku,title", "A,Otra")})
    with pytest.raises(ConfigError) as error:
        check(tmp_path)
    assert 'the column "title" stands in several sources (p.csv, stock.csv).' in str(error.value)
    text = (tmp_path / "feedsync.yaml").read_text()
    (tmp_path / "feedsync.yaml").write_text(text.replace("{from: title}", "{from: {source: stock.csv, column: title}}"))
    assert [item.get("title") for item in items(tmp_path)] == ["Otra", None, None]


def test_a_join_column_that_is_not_there(tmp_path: Path) -> None:
    folder = joined(tmp_path, lines("skuu,units", "A,5"))
    with pytest.raises(ConfigError) as error:
        check(folder)
    assert without(str(error.value), f"{tmp_path}/") == (
        'feedsync.yaml:4:7: error: the joined source stock.csv has no column "sku"; did you mean "skuu"? '
        "Write on: with the name of its column, one of: skuu, units."
    )


def test_joins_by_another_field_and_chains_of_sources(tmp_path: Path) -> None:
    source = "sources:\n  - {path: p.csv}\n  - {path: stock.csv, join: sku}\n  - {path: brands.csv, join: brand_id}\n"
    feed = lines("attributes:", '  title: "{{ brand }}"', '  stock: "{{ units }}"')
    shop(tmp_path, lines("sku,brand_id", "A,7", "B,8", "C,7"), feed, ATTRIBUTES, catalog=source)
    write(tmp_path, {"stock.csv": lines("sku,units", "C,1"), "brands.csv": lines("brand_id,brand", "7,Duero")})
    assert items(tmp_path) == [
        {"id": "A", "title": "Duero"},
        {"id": "B"},
        {"id": "C", "title": "Duero", "stock": "1"},
    ]


def test_what_is_joined_on_comes_from_the_first_source(tmp_path: Path) -> None:
    source = "sources:\n  - {path: p.csv}\n  - {path: stock.csv, join: sku}\n  - {path: brands.csv, join: brand_id}\n"
    shop(tmp_path, lines("sku", "A"), FEED, ATTRIBUTES, catalog=source)
    write(tmp_path, {"stock.csv": lines("sku,units,brand_id", "A,1,7"), "brands.csv": lines("brand_id,title", "7,D")})
    with pytest.raises(ConfigError) as error:
        check(tmp_path)
    assert without(str(error.value), f"{tmp_path}/") == (
        "feedsync.yaml:1:1: error: brand_id: brand_id is a key, a parent or joined on, and comes from a joined source "
        "(stock.csv). Take it from a column of p.csv, whose rows are there before anything is joined."
    )


def test_an_unreadable_cell_blocks_its_product_and_no_other(tmp_path: Path) -> None:
    fields = 'units: {type: decimal, decimal_mark: ","}'
    folder = joined(
        tmp_path, lines("sku,units", "A,2", "A,dos", "B,4", "B,1"), ", aggregate: {units: sum}", fields=fields
    )
    result = check(folder)["f"]
    assert found(result) == [("FS103", "error", "units", ["A"]), ("FS105", "hint", "sku", ["C"])]
    assert stocks(folder) == {"B": "5", "C": None}


def test_a_row_of_a_parent_is_no_stranger(tmp_path: Path) -> None:
    catalog = "sources: [{path: p.csv}, {path: stock.csv, join: sku}]\nvariants: {parent: parent, inherit: [units]}\n"
    shop(tmp_path, lines("sku,parent,title", "A,P,Gorra", "P,,"), FEED, ATTRIBUTES, catalog=catalog)
    write(tmp_path, {"stock.csv": lines("sku,units", "P,4", "A,", "Z,1")})
    assert found(check(tmp_path)["f"]) == [("FS104", "warning", "sku", ["Z"])]
    assert stocks(tmp_path) == {"A": "4"}


def test_a_further_source_without_join(tmp_path: Path) -> None:
    shop(tmp_path, PRODUCTS, FEED, ATTRIBUTES, catalog="sources:\n  - {path: p.csv}\n  - {path: stock.csv}\n")
    write(tmp_path, {"stock.csv": lines("sku,units", "A,1")})
    with pytest.raises(ConfigError) as error:
        check(tmp_path)
    assert without(str(error.value), f"{tmp_path}/") == (
        "feedsync.yaml:4:7: error: catalog.sources[1]: the first source adds rows, and this further one does not say how "
        "its columns are joined. Write join: sku on it."
    )


def test_a_first_source_with_join(tmp_path: Path) -> None:
    shop(
        tmp_path,
        PRODUCTS,
        'attributes: {title: "{{ title }}"}\n',
        ATTRIBUTES,
        catalog="sources: [{path: p.csv, join: sku}]\n",
    )
    with pytest.raises(ConfigError) as error:
        check(tmp_path)
    assert without(str(error.value), f"{tmp_path}/") == (
        "feedsync.yaml:2:13: error: catalog.sources[0]: the first source adds the rows; there is nothing yet to join it "
        "to. Remove join, on and aggregate from it, or put the source that adds rows above it."
    )
