"""What a run says besides its findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsync.run.commands import Job, check

PROJECT = """
catalog: {sources: [{path: p.csv, on_ragged: skip}], fields: {stock: {type: integer}}}
feeds:
  f:
    channel: generic_marketplace
    market: {country: ES, language: es, currency: EUR}
    attributes: {availability: "{{ 'in_stock' if stock else 'out_of_stock' }}"}
"""


def test_notes_name_places_and_ways(tmp_path: Path) -> None:
    (tmp_path / "feedsync.yaml").write_text(PROJECT)
    (tmp_path / "p.csv").write_bytes(b"sku,stock\nA,1\nB\nC,0")
    assert [note.message() for note in check(Job(tmp_path)).notes] == [
        "feedsync.yaml:5:14: hint: f takes the newest version of generic_marketplace, 2026-11. "
        "Write channel: generic_marketplace@2026-11 to keep it when a newer one comes.",
        "feedsync.yaml:7:50: hint: stock alone asks whether there is a number, and 0 is one. "
        "Write stock > 0, or stock is not missing.",
        "p.csv: hint: the last line has no line end. Many exports end so; but if the file was cut there, its last cell "
        "is cut too: compare it with the shop.",
        "p.csv:3: warning: 1 rows of another width than the header were left out (lines 3). "
        "Correct them; products in them are in no feed.",
    ]


RSS = """
catalog: {{sources: [{{path: p.csv}}]{shop}}}
feeds:
  f: {{channel: google_merchant@2026-11, market: &es {{country: ES, language: es, currency: EUR}}{more}}}
  g: {{channel: meta_catalog@2026-11, market: *es}}
"""


@pytest.mark.parametrize(
    ("shop", "more", "said"),
    [
        ("", "", ["feedsync.yaml:2:1: hint: the RSS of f has an empty link, which RSS 2.0 wants to be the shop's address. Write shop_url: https://... under catalog."]),
        ("", ", formats: [tsv]", []),
        (", shop_url: https://tienda.es", "", []),
    ],
)  # fmt: skip
def test_rss_without_the_shops_address(tmp_path: Path, shop: str, more: str, said: list[str]) -> None:
    (tmp_path / "feedsync.yaml").write_text(RSS.format(shop=shop, more=more))
    (tmp_path / "p.csv").write_bytes(b"sku\nA\n")
    assert [note.message() for note in check(Job(tmp_path)).notes if note.key == "rss_without_link"] == said


MISSPELT = """
catalog: {{sources: [{{path: p.csv}}], fields: {{prise: {{type: decimal}}, farbe: {{from: colour}}, {more}}}}}
feeds:
  f: {{channel: generic_marketplace@2026-11, market: &es {{country: ES, language: es, currency: EUR}}}}
  g: {{channel: generic_marketplace@2026-11, market: *es, attributes: {{brand: "{{{{ {brand} }}}}"}}}}
"""


def misspelt(folder: Path, more: str = "", brand: str = "brand", header: str = "", feeds: tuple[str, ...] = ()) -> list:
    (folder / "feedsync.yaml").write_text(MISSPELT.format(more=more, brand=brand))
    (folder / "p.csv").write_bytes(f"sku,prise,colour,brand{header}\nA,1,x,y{',1' if header else ''}\n".encode())
    return [note.message() for note in check(Job(folder), list(feeds)).notes]


def test_a_field_that_nothing_reads_and_that_looks_like_a_standard_one(tmp_path: Path) -> None:
    hint = "feedsync.yaml:2:46: hint: no feed reads the field prise, and the catalog has no price. "
    hint += "If price is meant, name the field price."
    assert misspelt(tmp_path) == [hint]
    assert misspelt(tmp_path, header=",price") == []  # a column that is the standard field
    assert misspelt(tmp_path, brand="prise | string") == []  # read by a feed
    assert (
        misspelt(tmp_path, brand="b", more="b: {template: \"{{ field('prise') }}\"}") == []
    )  # by a field that is read
    assert misspelt(tmp_path, feeds=("f",)) == []  # the other feed may read it
