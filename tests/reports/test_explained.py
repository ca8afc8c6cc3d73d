"""What becomes of one product, word for word."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from feedsync.errors import Place
from feedsync.reports import as_json, explained
from feedsync.reports.lines import as_text
from feedsync.run.results import (
    ExplainedAttribute,
    ExplainedCell,
    ExplainedFeed,
    ExplainedStep,
    Explanation,
    FindingGroup,
    Sample,
)

LINE = Place("feedsync.yaml", 22, 12)
PRICE = ExplainedAttribute(
    "price",
    (
        ExplainedCell("price", "Precio", " 49,50 ", "productos.csv", 842, None),
        ExplainedCell("tax_class", "IVA", "general", "productos.csv", 839, "P-77"),
        ExplainedCell("weight", "Peso", None, "productos.csv", 842, None),
    ),
    (
        ExplainedStep("price", " 49,50 ", "49.5", Place("feedsync.yaml", 13, 3)),
        ExplainedStep("tax_class | lookup('iva')", "general", "21", LINE),
        ExplainedStep("price | add_tax(tax_class | lookup('i|va'))", "49.5", "59.895", LINE),
        ExplainedStep("price | add_tax(21) | money(market.currency)", "59.895", "59.90 EUR", LINE),
    ),
    "59.90 EUR",
    LINE,
)
WRONG = FindingGroup(
    "FS304", "error", "gtin", {}, Place("feedsync.yaml", 31, 7), 1, [Sample("A-1", "8412345678906", "p.csv", 1108)]
)
LONG = FindingGroup(
    "FS341", "hint", "title", {"limit": "70"}, Place("feedsync.yaml", 30, 7), 1, [Sample("A-1", "T", "p.csv", 1108)]
)
GOOGLE = ExplainedFeed(
    "google_es", "google_merchant@2026-11", "not on Google Shopping", "blocked", None, None, (WRONG, LONG), (PRICE,),
    "A-1",
)  # fmt: skip
META = ExplainedFeed("meta_es", "meta_catalog@2026-11", "not in Meta's shops", "ready", None, None, (), (), "A-1")
AMAZON = ExplainedFeed(
    "amazon_es",
    "amazon_listings@2026-11",
    "not on Amazon",
    "excluded",
    "select",
    Place("feedsync.yaml", 43, 13),
    (),
    (),
)
PRODUCT = Explanation("A-1", "Cantimplora 0,5 L", "productos.csv", 842, (GOOGLE, META, AMAZON))


def test_overview() -> None:
    assert as_text(explained.overview(PRODUCT, 100)) == (
        "A-1  Cantimplora 0,5 L   productos.csv:842\n"
        ' google_es  blocked   FS304 gtin: "8412345678906" has a wrong check digit; not on Google Shopping\n'
        "                      hint FS341 title: longer than the 70 characters that the channel shows\n"
        "                      feedsync.yaml:30\n"
        " meta_es    ready\n"
        " amazon_es  excluded  select   feedsync.yaml:43\n"
    )


def test_entries_of_one_feed_are_told_apart_and_rows_that_fare_alike_are_one_line() -> None:
    stores = replace(PRODUCT, feeds=(META, replace(META, id="S-2"), replace(META, id="S-2")))
    assert as_text(explained.overview(stores, 100)).splitlines()[1:] == [
        " meta_es  ready  A-1",
        " meta_es  ready  S-2",
    ]


def test_one_feed() -> None:
    assert as_text(explained.one_feed(PRODUCT, GOOGLE, 60)) == (
        "A-1  blocked on google_es: not on Google Shopping\n"
        ' error FS304  gtin: "8412345678906" has a wrong check digit\n'
        "  feedsync.yaml:31\n"
        "  Correct the values that fill gtin, or write on_invalid:\n"
        "  drop to send the products without it.\n"
        " hint FS341  title: longer than the 70 characters that the\n"
        '  channel shows (here "T")   feedsync.yaml:30\n'
        "  Put what matters most at the front.\n"
        " price  59.90 EUR                          feedsync.yaml:22\n"
    )


@pytest.mark.parametrize(
    ("feed", "text"),
    [
        (AMAZON, "A-1  excluded from amazon_es: select (feedsync.yaml:43)\n"),
        (replace(AMAZON, reason_place=None), "A-1  excluded from amazon_es: select\n"),
        (META, "A-1  ready for meta_es\n"),
    ],
)
def test_one_feed_that_has_nothing_to_tell(feed: ExplainedFeed, text: str) -> None:
    assert as_text(explained.one_feed(PRODUCT, feed, 80)) == text


def test_one_attribute_step_by_step() -> None:
    assert as_text(explained.one_attribute(PRODUCT, GOOGLE, PRICE, 100)) == (
        "A-1  price on google_es\n"
        ' source  productos.csv:842  Precio " 49,50 "\n'
        '         productos.csv:839  IVA "general", inherited from the parent P-77\n'
        "         productos.csv:842  Peso (empty)\n"
        " 1  price                                 49,50   → 49.5       feedsync.yaml:13\n"
        " 2  lookup('iva')                        general  → 21         feedsync.yaml:22\n"
        " 3  add_tax(tax_class | lookup('i|va'))  49.5     → 59.895     feedsync.yaml:22\n"
        " 4  money(market.currency)               59.895   → 59.90 EUR  feedsync.yaml:22\n"
        " value   59.90 EUR   feedsync.yaml:22\n"
    )


def test_json() -> None:
    document = json.loads(as_json.encoded(as_json.explain(PRODUCT)))
    assert [document[key] for key in ("command", "id", "title", "source", "row")] == [
        "explain",
        "A-1",
        "Cantimplora 0,5 L",
        "productos.csv",
        842,
    ]
    google, _, amazon = document["feeds"]
    assert (amazon["status"], amazon["reason"], amazon["reason_place"]["line"]) == ("excluded", "select", 43)
    assert google["findings"][0]["code"] == "FS304"
    (price,) = google["attributes"]
    assert price["value"] == "59.90 EUR"
    assert price["cells"][1] == {
        "field": "tax_class",
        "column": "IVA",
        "value": "general",
        "source": "productos.csv",
        "row": 839,
        "inherited_from": "P-77",
    }
    assert price["steps"][3] == {
        "text": "price | add_tax(21) | money(market.currency)",
        "input": "59.895",
        "output": "59.90 EUR",
        "place": {"file": "feedsync.yaml", "line": 22, "column": 12},
    }
