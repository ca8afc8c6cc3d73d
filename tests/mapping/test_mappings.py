"""What a mapping may say: templates, lists, records; whose mapping counts; values that do not fit their attribute."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import MARKET, check, found, items, lines, probe, shop, write

from feedsync.errors import FeedsyncError

ATTRIBUTES = """\
title: {}
price: {type: money}
n: {type: integer}
images: {type: list, of: url}
boxes: {type: group, fields: {zone: {type: text}, fee: {type: money}, days: {type: integer}}}
flag: {type: boolean}
"""
PRODUCTS = lines("sku,title,a,b,stock", "A,Gorra,http://a.es,http://b.es,3", "B,Bota,http://a.es,,", "C,,,,0")


def feed(text: str) -> str:
    return "attributes:\n" + text


def sent(folder: Path, text: str) -> list[dict[str, str]]:
    fields = "sources: [{path: p.csv}]\nfields: {stock: {type: integer}}\n"
    return items(shop(folder, PRODUCTS, feed(text), ATTRIBUTES, catalog=fields))


@pytest.mark.parametrize(
    ("mapping", "values"),
    [
        ('images: ["{{ a }}", "{{ b }}"]', ['["http://a.es","http://b.es"]', '["http://a.es"]', None]),
        ("images: http://c.es", ['["http://c.es"]'] * 3),
        ('images: {value: ["{{ b }}"], on_invalid: drop}', ['["http://b.es"]', None, None]),
        ('images: "{{ [b, a] }}"', ['["http://b.es","http://a.es"]', '["http://a.es"]', None]),
        ('title: ""', [None, None, None]),
        ("title: hola", ["hola"] * 3),
        ("title: {value: '{{ stock }}'}", ["3", None, "0"]),  # a number is text where text is wanted
        ("n: '{{ stock }}'", ["3", None, "0"]),
        ("n: '5'", ["5"] * 3),
        ("price: 5 EUR", ["5.00 EUR"] * 3),
        ("flag: 'true'", ["true"] * 3),
        ("flag: '{{ stock > 0 }}'", ["true", "false", "false"]),
        ("flag: '{{ stock }}'", None),
        ("boxes: [{zone: ES, days: '2'}]", ['[{"zone":"ES","days":"2"}]'] * 3),
        ('boxes: [{zone: "{{ title }}", days: "2"}]', ['[{"zone":"Gorra","days":"2"}]', '[{"zone":"Bota","days":"2"}]', None]),
        (
            'boxes: [{zone: ES, days: "{{ stock }}"}, {zone: PT, fee: 1 EUR}]',
            ['[{"zone":"ES","days":"3"},{"zone":"PT","fee":"1.00 EUR"}]', '[{"zone":"PT","fee":"1.00 EUR"}]', '[{"zone":"ES","days":"0"},{"zone":"PT","fee":"1.00 EUR"}]'],
        ),
    ],
)  # fmt: skip
def test_a_mapping(mapping: str, values: list[str | None] | None, tmp_path: Path) -> None:
    name = mapping.partition(":")[0]
    if values is None:
        with pytest.raises(FeedsyncError):
            sent(tmp_path, f"  {mapping}\n")
        return
    assert [item.get(name) for item in sent(tmp_path, f"  {mapping}\n")] == values


@pytest.mark.parametrize(
    ("mapping", "column", "message"),
    [
        ('title: ["{{ a }}"]', 16, "title (f): a list of values, and the attribute is one value of type text. Write one template."),
        ('images: [{url: "{{ a }}"}]', 23, "images (f): records, and the attribute is a list of values. Write a list of templates."),
        ('boxes: ["{{ a }}"]', 16, "boxes (f): the attribute is a list of records. Give each entry as {field: template}, with the fields zone, fee, days."),
        ('boxes: [{zon: "{{ a }}"}]', 22, 'boxes (f): the record has no field "zon"; did you mean "zone"? The fields are: zone, fee, days.'),
        ("n: cinco", 10, "n (f): "),
        ('boxes: [{zone: ES, fee: "{{ stock }}"}]', 32, "boxes (f): "),
    ],
)  # fmt: skip
def test_a_mapping_of_the_wrong_shape(mapping: str, column: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError) as error:
        sent(tmp_path, f"  {mapping}\n")
    text = str(error.value).replace(f"{tmp_path}/", "")
    assert text.startswith(f"feedsync.yaml:9:{column}: error: {message}")


def test_a_text_that_does_not_fit_is_a_finding_with_the_text(tmp_path: Path) -> None:
    folder = shop(tmp_path, PRODUCTS, feed("  n: \"{{ sku | replace('A', '7') }}\"\n"), ATTRIBUTES)
    result = check(folder)["f"]
    assert found(result) == [("FS201", "error", "n", ["B", "C"])]
    assert (result.findings[0].samples[0].value, result.findings[0].details) == ("B", {"type": "integer"})


LAYERS = f"""\
catalog: {{sources: [{{path: p.csv}}]}}
defaults: {{attributes: {{title: "d {{{{ title }}}}", nowhere: x}}}}
feeds:
  plain: {{channel: probe, market: {MARKET}}}
  own: {{channel: probe, market: {MARKET}, attributes: {{title: "o {{{{ title }}}}"}}}}
  none: {{channel: probe, market: {MARKET}, attributes: {{title: ""}}}}
"""


@pytest.mark.parametrize(("name", "title"), [("plain", "d Gorra"), ("own", "o Gorra"), ("none", None)])
def test_whose_mapping_counts(name: str, title: str | None, tmp_path: Path) -> None:
    """The feed's own, else the project's default (where the channel has such an attribute), else the channel's."""
    write(
        tmp_path,
        {
            "p.csv": PRODUCTS,
            "feedsync.yaml": LAYERS.replace(", nowhere: x", ""),
            **probe(ATTRIBUTES, mapping="title: c\n"),
        },
    )
    assert items(tmp_path, name)[0].get("title") == title


def test_a_standard_field_that_the_catalog_lacks(tmp_path: Path) -> None:
    """Missing for the channel's mapping, a mistake in the merchant's own."""
    files = probe("title: {}\nbrand: {}\n", mapping='brand: "{{ brand }}"\n')
    shop(tmp_path, PRODUCTS, 'attributes: {title: "{{ title }}"}\n', "")
    write(tmp_path, files)
    assert items(tmp_path)[0] == {"id": "A", "title": "Gorra"}
    text = (tmp_path / "feedsync.yaml").read_text()
    (tmp_path / "feedsync.yaml").write_text(text.replace("{{ title }}", "{{ brand }}"))
    with pytest.raises(FeedsyncError) as error:
        items(tmp_path)
    assert 'unknown field "brand"' in str(error.value)
    (tmp_path / "feedsync.yaml").write_text(text.replace("{{ title }}", "{{ brand if brand is defined else sku }}"))
    assert items(tmp_path)[0] == {"id": "A", "title": "A"}


def test_a_hint_where_a_condition_reads_an_empty_field(tmp_path: Path) -> None:
    """FS203 for the merchant's own templates; the channel's defaults test first."""
    own = feed("  title: \"{{ 'in' if stock > 0 else 'out' }}\"\n")
    fields = "sources: [{path: p.csv}]\nfields: {stock: {type: integer}}\n"
    result = check(shop(tmp_path, PRODUCTS, own, ATTRIBUTES, catalog=fields))["f"]
    assert found(result) == [("FS203", "hint", "title", ["B"])]
    assert (result.findings[0].details, result.findings[0].samples[0].value) == ({"field": "stock"}, "out")


def test_a_hint_of_what_is_sent_is_not_said_of_what_is_not(tmp_path: Path) -> None:
    """Neither of an excluded product nor of one that something else blocks, at any level; errors are all said."""
    own = feed("  title: \"{{ 'in' if stock > 0 else 'out' }}\"\n  n: \"{{ a }}\"\n")
    own += "  images: \"{{ 'http://c.es' if stock > 0 else 'http://' ~ item.title }}\"\n"
    own += "exclude: [{when: \"{{ sku == 'D' }}\", reason: old}]\n"
    fields = "sources: [{path: p.csv}]\nfields: {stock: {type: integer}}\n"
    rows = lines("sku,a,stock", "A,5,1", "B,five,", "C,5,", "D,five,", "E,six,")
    result = check(shop(tmp_path, rows, own, ATTRIBUTES, catalog=fields))["f"]
    assert found(result) == [
        ("FS201", "error", "n", ["B", "E"]),
        ("FS203", "hint", "images", ["C"]),
        ("FS203", "hint", "title", ["C"]),
    ]
    own = own.replace("{{ a }}", "{{ sku }}")  # all are blocked: nothing is sent, and nothing is said of it
    assert {one[0] for one in found(check(shop(tmp_path, rows, own, ATTRIBUTES, catalog=fields))["f"])} == {"FS201"}


def test_findings_name_the_mapping_line(tmp_path: Path) -> None:
    own = feed('  title: x\n  n:\n    value: "{{ title }}"\n    on_invalid: keep\n')
    (group,) = check(shop(tmp_path, PRODUCTS, own, ATTRIBUTES))["f"].findings
    assert (group.code, group.place.line) == ("FS201", 9)
