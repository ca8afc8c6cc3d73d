"""Fields made by templates over source columns and the fields above them."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, found, items, lines, shop, without

from feedsync.errors import ConfigError, FeedsyncError

PRODUCTS = lines("sku,Precio neto,Peso,Título", 'A,"10,50","0,5 kg",Gorra', "B,x,mucho,Bota", "C,,,")
FEED = 'attributes: {price: "{{ price | money(\'EUR\') }}", title: "{{ title }}", weight: "{{ weight }}"}\n'
ATTRIBUTES = lines("price: {type: money}", "title: {}", "weight: {}")


def fields(folder: Path, text: str, feed: str = FEED) -> Path:
    return shop(folder, PRODUCTS, feed, ATTRIBUTES, catalog="sources: [{path: p.csv}]\nfields:\n" + text)


GOOD = """\
  net: {from: Precio neto, type: decimal, decimal_mark: ","}
  gross: {template: "{{ net | add_tax(21) }}", type: decimal}
  price: {template: "{{ gross }}"}
  title: {template: "{{ field('Título') | slug }}-{{ field('Título') | upper }}"}
  weight: {template: "{{ field('Peso') | measure }}"}
"""


def test_templates_read_columns_and_fields_above(tmp_path: Path) -> None:
    folder = fields(tmp_path, GOOD)
    assert items(folder) == [
        {"id": "A", "price": "12.71 EUR", "title": "gorra-GORRA", "weight": "0.5 kg"},
        {"id": "C", "title": "-"},
    ]
    assert found(check(folder)["f"]) == [
        ("FS103", "error", "net", ["B"]),
        ("FS103", "error", "weight", ["B"]),
    ]


def test_a_field_that_nobody_reads_is_nobodys_problem(tmp_path: Path) -> None:
    feed = 'attributes: {title: "{{ title }}"}\n'
    assert found(check(fields(tmp_path, GOOD, feed))["f"]) == []


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("  price: {template: \"{{ later }}\"}\n  later: {from: Peso}\n", 27, "price: the template reads later, which is defined below it. Move later above it."),
        ("  price: {template: \"{{ field('Precio net') }}\"}\n", 27, 'price: unknown field "Precio net"; did you mean "field(\'Precio neto\')"?'),
        ("  price: {template: \"{{ sku + 1 }}\"}\n", 27, "price: "),
        ("  price: {template: hola}\n", 23, "price: "),
        ("  price: {template: \"{{ market.currency }}\"}\n", 27, "price: "),
        ("  price: {template: \"{{ sku | collect_group(sku) }}\"}\n", 33, "price: "),
    ],
)  # fmt: skip
def test_mistakes(line: str, column: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError) as error:
        check(fields(tmp_path, line + "  title: {from: Título}\n  weight: {from: Peso}\n"))
    assert isinstance(error.value, ConfigError)
    assert without(str(error.value), f"{tmp_path}/").startswith(f"feedsync.yaml:4:{column}: error: {message}")
