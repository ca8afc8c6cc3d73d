"""What a bad value does: block (default), drop or keep; and what the project's rules make of a code."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, counts, found, items, lines, shop

ATTRIBUTES = """\
title: {max_characters: 5}
gtin: {type: gtin}
price: {type: money, above: 0}
sale_price: {type: money, below: price}
note: {required_when: "{{ gtin is missing }}"}
images: {type: list, of: url, repeat: 2}
shipping: {type: group, fields: {country: {required: true}, price: {type: money, above: 0}}}
adult: {type: boolean}
"""


def one(folder: Path, feed: str, row: str = "", attributes: str = ATTRIBUTES, project: str = "") -> Path:
    products = lines("sku,title,ean,amount,offer,text", row or "A,Gorra,8412345678905,10,8,")
    feed = feed if feed.startswith("attributes") else "attributes:\n" + feed
    fields = "sources: [{path: p.csv}]\nfields: {amount: {type: decimal}, offer: {type: decimal}}\n"
    return shop(folder, products, feed, attributes, project, catalog=fields)


BAD = [
    ("title", "{{ 'demasiado' }}", "FS302"),
    ("gtin", "{{ '8412345678900' }}", "FS304"),
    ("price", "{{ 0 | money('EUR') }}", "FS309"),
    ("price", "{{ 'abc' | parse_money('.') }}", "FS204"),
    ("price", "{{ 'diez' ~ sku }}", "FS201"),
    ("images", "{{ ['https://a.es/1', 'ftp://x'] }}", "FS305"),
    ("images", "{{ ['https://a.es/1', 'https://a.es/2', 'https://a.es/3'] }}", "FS313"),
    ("adult", "{{ text | default('quizás') }}", "FS201"),
]


def mapping(attribute: str, template: str, on_invalid: str) -> str:
    return f'  {attribute}: {{value: "{template}", on_invalid: {on_invalid}}}\n'


@pytest.mark.parametrize(("attribute", "template", "code"), BAD)
def test_a_bad_value_blocks(attribute: str, template: str, code: str, tmp_path: Path) -> None:
    result = check(one(tmp_path, mapping(attribute, template, "block") + "  note: x\n"))["f"]
    assert found(result) == [(code, "error", attribute, ["A"])]
    assert counts(result) == (1, 0, 1, {})


@pytest.mark.parametrize(("attribute", "template", "code"), BAD)
def test_a_bad_value_is_dropped(attribute: str, template: str, code: str, tmp_path: Path) -> None:
    folder = one(tmp_path, mapping(attribute, template, "drop") + "  note: x\n")
    assert found(check(folder)["f"]) == [(code, "warning", attribute, ["A"])]
    assert items(folder) == [{"id": "A", "note": "x"}]


def test_a_bad_value_is_kept(tmp_path: Path) -> None:
    folder = one(tmp_path, mapping("gtin", "{{ '8412345678900' }}", "keep"))
    assert found(check(folder)["f"]) == [("FS304", "warning", "gtin", ["A"])]
    assert items(folder) == [{"id": "A", "gtin": "8412345678900"}]


def test_the_finding_of_a_dropped_value_shows_it(tmp_path: Path) -> None:
    (group,) = check(one(tmp_path, mapping("title", "{{ 'demasiado' }}", "drop") + "  note: x\n"))["f"].findings
    assert group.samples[0].value == "demasiado"


def test_a_dropped_value_may_make_another_required(tmp_path: Path) -> None:
    result = check(one(tmp_path, mapping("gtin", "{{ '8412345678900' }}", "drop")))["f"]
    assert found(result) == [("FS301", "error", "note", ["A"]), ("FS304", "warning", "gtin", ["A"])]


def test_a_required_attribute_that_is_dropped_blocks(tmp_path: Path) -> None:
    attributes = ATTRIBUTES.replace("title: {max_characters: 5}", "title: {max_characters: 5, required: true}")
    result = check(one(tmp_path, mapping("title", "{{ 'demasiado' }}", "drop") + "  note: x\n", "", attributes))["f"]
    assert found(result) == [("FS301", "error", "title", ["A"]), ("FS302", "warning", "title", ["A"])]


def test_a_sale_price_above_the_price(tmp_path: Path) -> None:
    prices = "  price: \"{{ amount | money('EUR') }}\"\n"
    sale = mapping("sale_price", "{{ offer | money('EUR') }}", "drop")
    folder = one(tmp_path, prices + sale + "  note: x\n", "A,Gorra,,10,10,")
    assert found(check(folder)["f"]) == [("FS310", "warning", "sale_price", ["A"])]
    assert items(folder) == [{"id": "A", "note": "x", "price": "10.00 EUR"}]


def test_prices_of_different_levels_are_compared(tmp_path: Path) -> None:
    """A sale price needs the price, whichever is known first."""
    prices = "  note: \"{{ sku }}\"\n  price: \"{{ '10 EUR' if item.note == 'A' }}\"\n  sale_price: \"{{ offer | money('EUR') }}\"\n"
    assert found(check(one(tmp_path / "a", prices, "A,,,10,10,"))["f"]) == [("FS310", "error", "sale_price", ["A"])]
    other = '  price: "{{ amount | money(\'EUR\') }}"\n  sale_price: "{{ item.price }}"\n  note: x\n'
    assert found(check(one(tmp_path / "b", other, "A,,,10,10,"))["f"]) == [("FS310", "error", "sale_price", ["A"])]


def test_a_price_that_is_dropped_leaves_its_sale_price(tmp_path: Path) -> None:
    prices = mapping("price", "{{ 0 | money('EUR') }}", "drop") + "  sale_price: \"{{ offer | money('EUR') }}\"\n"
    assert found(check(one(tmp_path, prices + "  note: x\n"))["f"]) == [("FS309", "warning", "price", ["A"])]


def test_a_bad_field_of_a_group_is_dropped_with_the_group(tmp_path: Path) -> None:
    group = '  shipping: {on_invalid: drop, value: [{country: "{{ text }}", price: "{{ amount | money(\'EUR\') }}"}]}\n'
    folder = one(tmp_path, group + "  note: x\n")
    assert found(check(folder)["f"]) == [("FS301", "warning", "shipping.country", ["A"])]
    assert items(folder) == [{"id": "A", "note": "x"}]


def test_the_default_mapping_never_weakens(tmp_path: Path) -> None:
    from feedsync.specs.channels import channel_folders, load_channel

    for entry in channel_folders(None):
        for name, said in load_channel(entry.full_name, None).spec.mapping.items():
            assert getattr(said, "on_invalid", "block") == "block", (entry.full_name, name)


@pytest.mark.parametrize(
    ("rule", "severity", "ready"),
    [
        ("FS304: warning", "warning", 1),
        ("FS304: hint", "hint", 1),
        ("FS304: error", "error", 0),
        ("FS304: {severity: 'off', reason: lotes, until: 2026-11-21}", None, 1),
        ("FS304: {severity: 'off', reason: lotes, until: 2026-11-20}", "error", 0),
        ("FS304: {severity: warning, until: 2026-11-20}", "error", 0),
    ],
)
def test_the_projects_rules(rule: str, severity: str | None, ready: int, tmp_path: Path) -> None:
    """As of 2026-11-21: a rule that has ended is none."""
    feed = "  gtin: \"{{ '8412345678900' }}\"\n"
    result = check(one(tmp_path, feed, project=f"rules: {{{rule}}}\n"))["f"]
    assert found(result) == ([("FS304", severity, "gtin", ["A"])] if severity else [])
    assert result.ready == ready


def test_rules_reach_findings_of_joins_and_groups(tmp_path: Path) -> None:
    catalog = "sources: [{path: p.csv}, {path: q.csv, join: sku}]\n"
    channel = "variants: {group: group, by: [color]}\n"
    feed = 'attributes: {group: "{{ g }}", color: "{{ c }}"}\n'
    rules = "rules: {FS104: error, FS105: warning, FS402: error}\n"
    shop(
        tmp_path,
        lines("sku,g", "A,1", "B,1"),
        feed,
        lines("group: {}", "color: {}"),
        rules,
        catalog=catalog,
        channel=channel,
    )
    (tmp_path / "q.csv").write_text(lines("sku,c", "A,rojo", "B,rojo", "Z,x"))
    assert [(code, severity) for code, severity, _, _ in found(check(tmp_path)["f"])] == [
        ("FS104", "error"),
        ("FS402", "error"),
    ]


def test_an_unreadable_cell_is_dropped_where_every_reader_says_so(tmp_path: Path) -> None:
    prices = mapping("sale_price", "{{ offer | money('EUR') }}", "drop") + "  note: x\n"
    folder = one(tmp_path / "a", prices, "A,Gorra,,10,rebajado,")
    assert found(check(folder)["f"]) == [("FS103", "warning", "offer", ["A"])]
    assert items(folder) == [{"id": "A", "note": "x"}]
    both = prices + "  price: \"{{ offer | money('EUR') }}\"\n"
    result = check(one(tmp_path / "b", both, "A,Gorra,,10,rebajado,"))["f"]
    assert found(result) == [("FS103", "error", "offer", ["A"])]


def test_a_cell_beneath_a_fields_template(tmp_path: Path) -> None:
    """A field made from another that does not read is missing: the cell is said, not the emptiness."""
    catalog = 'sources: [{path: p.csv}]\nfields: {net: {type: decimal}, gross: {template: "{{ net | add_tax(21) }}", type: decimal}}\n'
    feed = "attributes: {price: \"{{ gross | money('EUR') }}\"}\n"
    shop(tmp_path, lines("sku,net", "A,10", "B,diez"), feed, "price: {type: money, required: true}\n", catalog=catalog)
    assert found(check(tmp_path)["f"]) == [("FS103", "error", "net", ["B"])]
    assert items(tmp_path) == [{"id": "A", "price": "12.10 EUR"}]


def test_on_invalid_is_nearer_than_the_projects_rules(tmp_path: Path) -> None:
    folder = one(
        tmp_path, mapping("gtin", "{{ '8412345678900' }}", "drop") + "  note: x\n", project="rules: {FS304: error}\n"
    )
    assert found(check(folder)["f"]) == [("FS304", "warning", "gtin", ["A"])]
    assert items(folder) == [{"id": "A", "note": "x"}]
