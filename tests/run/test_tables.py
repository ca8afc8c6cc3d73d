"""Feeds whose rows are a table's: one entry per store and product, with the product's fields beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import MARKET, check, counts, found, items, lines, probe, write

from feedsync.errors import ConfigError

PRODUCTS = lines("sku,title,price", "A,Gorra,9.90", "B,Bota,abc", "C,Saco,3", "D,Otro,1", "D,Otra,2")
STOCK = lines("store,article,quantity", "M1,A,3", "M2,A,0", "M1,B,1", "M1,Z,4", "M1,C,x", "M1,C,2", ",C,1", "M2,D,1")
PROJECT = f"""\
catalog: {{sources: [{{path: p.csv}}]}}
tables:
  stores: {{path: stock.csv, key: [store, article], catalog_key: article}}
feeds:
  f:
    channel: probe
    market: {MARKET}
    rows: stores
    id: "{{{{ store ~ '/' ~ article }}}}"
    attributes: {{id: "{{{{ article }}}}", store: "{{{{ store }}}}", quantity: "{{{{ quantity }}}}", price: "{{{{ price | money('EUR') }}}}", title: "{{{{ title }}}}"}}
"""
ATTRIBUTES = lines("store: {required: true}", "quantity: {type: integer}", "price: {type: money}", "title: {}")


def stores(folder: Path, stock: str = STOCK, project: str = PROJECT, products: str = PRODUCTS) -> Path:
    files = {"p.csv": products, "stock.csv": stock, "feedsync.yaml": project}
    return write(folder, {**files, **probe(ATTRIBUTES, "rows: table\n")})


def test_an_entry_per_row_with_the_products_fields(tmp_path: Path) -> None:
    folder = stores(tmp_path, lines("store,article,quantity", "M1,A,3", "M2,A,0", "M1,C,2"))
    assert items(folder) == [
        {"id": "A", "store": "M1", "quantity": "3", "price": "9.90 EUR", "title": "Gorra"},
        {"id": "A", "store": "M2", "quantity": "0", "price": "9.90 EUR", "title": "Gorra"},
        {"id": "C", "store": "M1", "quantity": "2", "price": "3.00 EUR", "title": "Saco"},
    ]
    assert counts(check(folder)["f"]) == (3, 3, 0, {})


def test_what_is_wrong_with_an_entry(tmp_path: Path) -> None:
    """Repeated and missing keys of the table, unknown and repeated products, unreadable cells of both sides."""
    result = check(stores(tmp_path))["f"]
    assert found(result) == [
        ("FS101", "error", "article", ["M2/D"]),  # two catalog rows have this key
        ("FS101", "error", "store/article", ["M1/C", "M1/C"]),
        ("FS102", "error", "store/article", ["/C"]),
        ("FS103", "error", "price", ["M1/B"]),
        ("FS103", "error", "quantity", ["M1/C"]),
        ("FS107", "error", "article", ["M1/Z"]),
        ("FS301", "error", "store", ["/C"]),
    ]
    assert {(one.code, one.attribute): (one.samples[0].source, one.samples[0].row) for one in result.findings}[
        "FS107", "article"
    ] == ("stock.csv", 5)
    assert counts(result) == (8, 2, 6, {})


def test_a_table_without_the_catalog(tmp_path: Path) -> None:
    project = PROJECT.replace(", catalog_key: article", "").replace("{{ title }}", "x")
    project = project.replace("{{ price | money('EUR') }}", "1 EUR")
    folder = stores(tmp_path, lines("store,article,quantity", "M1,Z,3"), project)
    assert items(folder) == [{"id": "Z", "store": "M1", "quantity": "3", "price": "1.00 EUR", "title": "x"}]


def test_the_tables_own_field_is_meant_where_both_have_one(tmp_path: Path) -> None:
    folder = stores(tmp_path, lines("store,article,quantity,title", "M1,A,3,Propia", "M2,A,3,"))
    assert [item.get("title") for item in items(folder)] == ["Propia", None]


def test_rows_that_are_excluded_are_counted(tmp_path: Path) -> None:
    project = PROJECT + '    select: "{{ quantity > 0 and price > 3 }}"\n'
    folder = stores(tmp_path, lines("store,article,quantity", "M1,A,3", "M2,A,0", "M1,C,2"), project)
    assert counts(check(folder)["f"]) == (3, 1, 0, {"select": 2})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("catalog_key: article", "catalog_key: artcle", 'tables.stores: the table has no field "artcle"; did you mean "article"?'),
        ("key: [store,", "key: [stor,", 'key: no field "stor"; did you mean "store"?'),
        ("{{ title }}", "{{ titel }}", 'title (f): unknown field "titel"; did you mean "title"?'),
        ("rows: stores", "rows: store", 'did you mean "stores"?'),
    ],
)  # fmt: skip
def test_mistakes(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        check(stores(tmp_path, project=PROJECT.replace(old, new)))
    assert message in str(error.value)


def test_a_catalog_feed_and_a_table_feed_in_one_run(tmp_path: Path) -> None:
    project = PROJECT + f"  g: {{channel: plain, market: {MARKET}}}\n"
    folder = stores(tmp_path, lines("store,article,quantity", "M1,A,3"), project)
    plain = {name.replace("probe", "plain"): text for name, text in probe("").items()}
    write(folder, plain)
    assert {name: counts(feed) for name, feed in check(folder).items()} == {"f": (1, 1, 0, {}), "g": (5, 3, 2, {})}
