"""select and exclude: rows that are left out are counted by reason, the first one that applies."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, counts, items, lines, shop, write

from feedsync.errors import ManyErrors, SourceError, TemplateError

PRODUCTS = lines("sku,status,stock", "A,active,1", "B,draft,0", "C,,0", "D,active,", "E,draft,2")
FEED = """\
select: "{{ status == 'active' or status is missing }}"
exclude:
  - {when: "{{ stock == 0 }}", reason: agotado}
  - {when: "{{ stock is missing }}", reason: sin dato}
"""


def test_reasons_are_counted_in_order(tmp_path: Path) -> None:
    folder = shop(tmp_path, PRODUCTS, FEED, "")
    result = check(folder)["f"]
    assert counts(result) == (5, 1, 0, {"agotado": 2, "sin dato": 1, "select": 1})
    assert [item["id"] for item in items(folder)] == ["A"]


def test_defaults_exclude_in_every_feed(tmp_path: Path) -> None:
    defaults = "defaults: {exclude: [{when: \"{{ sku == 'A' }}\", reason: prueba}]}\n"
    assert counts(check(shop(tmp_path, PRODUCTS, FEED, "", defaults))["f"]) == (
        5, 0, 0, {"prueba": 1, "agotado": 2, "sin dato": 1, "select": 1},
    )  # fmt: skip


def test_one_reason_written_twice_is_counted_once(tmp_path: Path) -> None:
    feed = FEED.replace("sin dato", "agotado")
    assert counts(check(shop(tmp_path, PRODUCTS, feed, ""))["f"])[3] == {"agotado": 3, "select": 1}


def test_an_excluded_row_has_no_findings(tmp_path: Path) -> None:
    feed = 'attributes: {title: demasiado}\nexclude: [{when: "{{ stock == 0 }}", reason: agotado}]\n'
    result = check(shop(tmp_path, PRODUCTS, feed, "title: {max_characters: 3}\n"))["f"]
    assert counts(result) == (5, 0, 3, {"agotado": 2})
    assert [(one.code, one.count) for one in result.findings] == [("FS302", 3)]


def test_all_rows_left_out(tmp_path: Path) -> None:
    folder = shop(tmp_path, PRODUCTS, "select: \"{{ sku == 'Z' }}\"\n", "")
    assert counts(check(folder)["f"]) == (5, 0, 0, {"select": 5})
    assert items(folder) == []


def test_a_condition_that_is_a_value_asks_for_presence(tmp_path: Path) -> None:
    assert counts(check(shop(tmp_path, PRODUCTS, 'select: "{{ stock }}"\n', ""))["f"]) == (5, 4, 0, {"select": 1})


def test_a_step_of_an_exclude_is_shared_with_attributes(tmp_path: Path) -> None:
    """Python-backed steps are columns of their own; conditions read them too."""
    feed = (
        'attributes: {title: "{{ status | slug }}"}\nexclude: [{when: "{{ status | slug == \'draft\' }}", reason: borrador}]\n'
        "select: \"{{ status | slug != '' }}\"\n"
    )
    folder = shop(tmp_path, PRODUCTS, feed, "title: {}\n")
    assert counts(check(folder)["f"]) == (5, 2, 0, {"borrador": 2, "select": 1})
    assert items(folder) == [{"id": "A", "title": "active"}, {"id": "D", "title": "active"}]


def test_mistakes_name_their_key(tmp_path: Path) -> None:
    feed = FEED.replace("stock == 0", "stok == 0").replace("status ==", "statuss ==")
    with pytest.raises(ManyErrors) as error:
        check(shop(tmp_path, PRODUCTS, feed, ""))
    assert str(error.value).replace(f"{tmp_path}/", "").splitlines() == [
        'feedsync.yaml:7:17: error: select (f): unknown field "statuss"; did you mean "status"?',
        'feedsync.yaml:9:20: error: exclude (f): unknown field "stok"; did you mean "stock"?',
    ]
    assert all(isinstance(one, TemplateError) for one in error.value.errors)


@pytest.mark.parametrize("more", ["", "{gather: {column: status, group: status, into: all}}, "])
def test_no_row_that_is_a_product(tmp_path: Path, more: str) -> None:
    """A file of nothing but rows that a step leaves out stops the run, as an empty one does."""
    steps = f"[{more}{{drop: {{missing: [stock, title], reason: further images}}}}]"
    source = f"catalog: {{sources: [{{path: p.csv, shape: {steps}}}]}}\n"
    feed = "feeds: {f: {channel: generic_marketplace@2026-11, market: {country: ES, language: es, currency: EUR}}}\n"
    write(tmp_path, {"feedsync.yaml": source + feed, "p.csv": lines("sku,status,stock,title", "A,x,,", "B,y,,")})
    with pytest.raises(SourceError) as raised:
        check(tmp_path)
    assert raised.value.message() == (
        "p.csv: error: no row of the file is a product; left out: further images (2). Export the products, or correct the "
        "steps that leave rows out. The last good files stay."
    )
