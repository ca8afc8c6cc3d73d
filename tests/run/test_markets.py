"""Several markets end to end: columns by market, translated fields, exchange rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import counts, items, probe, write
from typer.testing import CliRunner

import feedsync
from feedsync.cli.app import app
from feedsync.errors import FeedsyncError
from feedsync.run.commands import Job, explain

AS_OF = date(2026, 11, 21)
MARKETS = """\
markets:
  es: {country: ES, language: es, currency: EUR}
  pl: {country: PL, language: pl, currency: PLN}
  hu: {country: HU, language: hu, currency: HUF}
"""
ATTRIBUTES = "title: {required: true}\nnote: {}\nprice: {type: money}\n"
PRODUCTS = "sku,title,title_pl,note,note_pl,price,price_pl\nA,Bota,But,Nota,,10,49.9\nB,Gorra,,,,12.5,\nC,Sol,Słońce,Luz,Światło,0.01,1\n"


def shop(folder: Path, rest: str, products: str = PRODUCTS, catalog: str = "", **files: str) -> Path:
    text = "catalog:\n  sources: [{path: p.csv}]\n" + catalog + MARKETS + rest
    return write(folder, {"p.csv": products, "feedsync.yaml": text, **probe(ATTRIBUTES), **files})


def refusal(folder: Path) -> list[str]:
    with pytest.raises(FeedsyncError) as raised:
        feedsync.load_project(folder, as_of=AS_OF, env={}).check()
    return str(raised.value).split("\n")


def by_market(folder: Path, *feeds: str) -> dict[str, list[dict[str, str]]]:
    return {feed: items(folder, feed) for feed in feeds}


# columns by market


def test_a_column_per_market(tmp_path: Path) -> None:
    rest = (
        "feeds:\n  f:\n    channel: probe\n    markets: [pl]\n    attributes:\n"
        "      title: \"{{ field('title_' ~ market.language) or title }}\"\n"
        "      price: \"{{ field('price_' ~ market.country | lower) | parse_decimal('.') | money(market.currency) }}\"\n"
    )
    assert items(shop(tmp_path, rest), "f_pl") == [
        {"id": "A", "title": "But", "price": "49.90 PLN"},
        {"id": "B", "title": "Gorra"},
        {"id": "C", "title": "Słońce", "price": "1.00 PLN"},
    ]


def test_a_column_that_one_market_lacks(tmp_path: Path) -> None:
    """The feed in the message names the market; what is wrong in every market is said once."""
    rest = (
        "feeds:\n  f:\n    channel: probe\n    markets: [pl, hu]\n    attributes:\n"
        "      title: \"{{ field('title_' ~ market.language) }}\"\n"
        '      note: "{{ notes }}"\n'
    )
    assert refusal(shop(tmp_path, rest)) == [
        'feedsync.yaml:12:18: error: title (f_hu): unknown field "title_hu"; did you mean "title"?',
        'feedsync.yaml:13:17: error: note (f_pl, f_hu): unknown field "notes"; did you mean "note"?',
    ]


# translated fields

TRANSLATED = "  language: es\n  translated: [title, note]\n"
FEED = 'feeds: {f: {channel: probe, markets: [es, pl], attributes: {title: "{{ title }}", note: "{{ note }}"}%s}}\n'
SPANISH = [
    {"id": "A", "title": "Bota", "note": "Nota"},
    {"id": "B", "title": "Gorra"},
    {"id": "C", "title": "Sol", "note": "Luz"},
]


@pytest.mark.parametrize(
    ("policy", "polish", "counted"),
    [
        (
            "block",
            [{"id": "A", "title": "But"}, {"id": "C", "title": "Słońce", "note": "Światło"}],
            (3, 2, 1, {}),
        ),
        (
            "fallback",
            [
                {"id": "A", "title": "But", "note": "Nota"},
                {"id": "B", "title": "Gorra"},
                {"id": "C", "title": "Słońce", "note": "Światło"},
            ],
            (3, 3, 0, {}),
        ),
        (
            "drop",
            [{"id": "C", "title": "Słońce", "note": "Światło"}],
            (3, 1, 0, {"no translation (pl)": 2}),
        ),
    ],
)
@pytest.mark.parametrize("where", ["feed", "defaults"])
def test_what_becomes_of_a_product_without_translation(
    tmp_path: Path, policy: str, polish: list[Any], counted: Any, where: str
) -> None:
    own = f", missing_translation: {policy}" if where == "feed" else ""
    rest = FEED % own + (f"defaults: {{missing_translation: {policy}}}\n" if where == "defaults" else "")
    folder = shop(tmp_path, rest, catalog=TRANSLATED)
    assert by_market(folder, "f_es", "f_pl") == {"f_es": SPANISH, "f_pl": polish}
    results = feedsync.load_project(folder, as_of=AS_OF, env={}).check().feeds
    assert {one.feed: counts(one) for one in results} == {"f_es": (3, 3, 0, {}), "f_pl": counted}


def test_what_is_empty_in_both_languages_lacks_no_translation(tmp_path: Path) -> None:
    rest = FEED % ", missing_translation: drop"
    folder = shop(tmp_path, rest, "sku,title,title_pl,note,note_pl\nA,Bota,But,,\n", TRANSLATED)
    assert items(folder, "f_pl") == [{"id": "A", "title": "But"}]


def test_the_standard_mapping_and_deeper_levels_are_translated_too(tmp_path: Path) -> None:
    rest = (
        'feeds: {f: {channel: probe, markets: [pl], missing_translation: fallback, attributes: {title: "{{ title }}", '
        "note: \"{{ item.title ~ '/' ~ note }}\"}}}\n"
    )
    assert [item["note"] for item in items(shop(tmp_path, rest, catalog=TRANSLATED), "f_pl")] == [
        "But/Nota",
        "Gorra/",
        "Słońce/Światło",
    ]


def test_explain_shows_the_cells_of_both_languages(tmp_path: Path) -> None:
    folder = shop(tmp_path, FEED % ", missing_translation: fallback", catalog=TRANSLATED)
    (polish,) = explain(Job(folder, AS_OF), "B", feed="f_pl", attribute="title").feeds
    (title,) = polish.attributes
    assert [(cell.column, cell.value) for cell in title.cells] == [("title_pl", None), ("title", "Gorra")]
    assert title.value == "Gorra"
    dropped = shop(tmp_path, FEED % ", missing_translation: drop", catalog=TRANSLATED)
    (polish,) = explain(Job(dropped, AS_OF), "A", feed="f_pl").feeds
    assert (polish.status, polish.reason, str(polish.reason_place)) == (
        "excluded",
        "no translation (pl)",
        "feedsync.yaml:9:125",
    )


@pytest.mark.parametrize(
    ("catalog", "message"),
    [
        (
            "  translated: [title]\n",
            "feedsync.yaml:3:3: error: catalog.translated: fields are translated, and the language of the plain ones "
            "is not known. Add catalog.language, e.g. es.",
        ),
        (
            "  language: es\n  translated: [titel]\n",
            'feedsync.yaml:4:16: error: catalog.translated: the catalog has no field "titel"; did you mean "title"? '
            "It has: sku, title, title_pl, note, note_pl, price, price_pl.",
        ),
        (
            "  language: es\n  translated: [title, price]\n  fields: {price_pl: {type: date}}\n",
            'feedsync.yaml:4:23: error: catalog.translated: "price_pl" is date and "price" is decimal; a translation '
            "has the type of the field. Give price_pl the type of price under catalog.fields.",
        ),
    ],
)
def test_mistakes_of_translated(tmp_path: Path, catalog: str, message: str) -> None:
    assert refusal(shop(tmp_path, FEED % "", catalog=catalog)) == [message]


def test_a_market_whose_language_no_column_has(tmp_path: Path) -> None:
    folder = shop(tmp_path, (FEED % "").replace("[es, pl]", "all"), catalog=TRANSLATED)
    assert refusal(folder) == [
        'feedsync.yaml:4:16: error: catalog.translated: the catalog has no field "title_hu", and the feed f_hu is for a '
        "market in that language. Add the column or the field, take the market out, or take title out of "
        "catalog.translated."
    ]


def test_translations_of_products_in_a_feed_of_a_table(tmp_path: Path) -> None:
    rest = (
        "tables: {stores: {path: s.csv, key: [store, sku], catalog_key: sku}}\n"
        "feeds: {f: {channel: probe, rows: stores, id: \"{{ store ~ '/' ~ sku }}\", markets: [pl], "
        'missing_translation: fallback, attributes: {title: "{{ title }}"}}}\n'
    )
    folder = shop(tmp_path, rest, catalog=TRANSLATED, **{"s.csv": "store,sku\nM,A\nM,B\n"})
    assert [item["title"] for item in items(folder, "f_pl")] == ["But", "Gorra"]


# rates

RATES = "rates: {base: EUR, date: 2026-11-20, values: {PLN: 4.2415, HUF: 405.12345678}}\n"
PRICED = (
    "feeds: {f: {channel: probe, markets: all, attributes: {title: x, "
    "price: \"{{ price | money('%s') | convert('rates', market.currency)%s }}\"}}}\n"
)


@pytest.mark.parametrize(
    ("currency", "more", "expected"),
    [
        ("EUR", "", {"es": "10.00 EUR", "pl": "42.42 PLN", "hu": "4051.23 HUF"}),  # 42.415 is rounded away from zero
        ("PLN", "", {"es": "2.36 EUR", "pl": "10.00 PLN", "hu": "955.14 HUF"}),  # 10 / 4.2415 * 405.12345678 = 955.141
        ("EUR", " | round_to_ending(0.95)", {"es": "10.95 EUR", "pl": "42.95 PLN", "hu": "4051.95 HUF"}),
    ],
)
def test_prices_at_the_rates_of_the_project(tmp_path: Path, currency: str, more: str, expected: Any) -> None:
    folder = shop(tmp_path, RATES + PRICED % (currency, more))
    assert {name: items(folder, f"f_{name}")[0]["price"] for name in expected} == expected


def test_rates_of_a_file(tmp_path: Path) -> None:
    """As a Spanish spreadsheet writes it; the file says of which day it is."""
    rates = "date;currency;rate\n2026-11-20;PLN;4.2415\n2026-11-20;HUF;405\n"
    folder = shop(tmp_path, "rates: {path: r.csv, base: EUR}\n" + PRICED % ("EUR", ""), **{"r.csv": rates})
    assert items(folder, "f_hu")[0]["price"] == "4050.00 HUF"
    asked = ["-C", str(folder), "explain", "A", "--feed", "f_pl", "--attribute", "price", "--as-of", "2026-11-21"]
    done = CliRunner().invoke(app, asked)
    assert (done.exit_code, done.stderr) == (0, "")
    out = done.stdout
    assert "exchange rate of 2026-11-20" in out
    assert "1 EUR = 4.2415 PLN" in out


@pytest.mark.parametrize(
    ("as_of", "warnings"),
    [
        ("2026-11-27", []),
        (
            "2026-11-28",
            [
                "feedsync.yaml:7:1: warning: the exchange rates are of 2026-11-20, 8 days before 2026-11-28. "
                "Take newer ones, or raise rates.max_age_days (7)."
            ],
        ),
        (
            "2026-11-19",
            [
                "feedsync.yaml:7:1: warning: the exchange rates are of 2026-11-20, which is after 2026-11-19. "
                "Correct rates.date."
            ],
        ),
    ],
)
def test_rates_that_are_old(tmp_path: Path, as_of: str, warnings: list[str]) -> None:
    folder = shop(tmp_path, RATES + PRICED % ("EUR", ""))
    notes = feedsync.load_project(folder, as_of=as_of, env={}).check().notes
    assert [note.message() for note in notes if note.severity == "warning"] == warnings


RATE_MISTAKES = [
    ("{base: EUR, values: {PLN: 4}}", "the day of the rates is missing. Add date, e.g. date: 2026-11-20."),
    ("{base: EUR, date: 2026-11-20}", "rates have either a path or values. Keep one of them."),
    ("{base: EUR, date: 20-11-2026, values: {PLN: 4}}", '"20-11-2026" is not a day.'),
    ("{base: EUR, date: 2026-11-20, values: {PLX: 4}}", '"PLX" is no currency.'),
    ("{base: EUR, date: 2026-11-20, values: {PLN: 0}}", 'the rate "0" of PLN is no number above zero.'),
    ("{base: EUR, date: 2026-11-20, values: {PLN: '4,24'}}", 'the rate "4,24" of PLN is no number above zero.'),
    ("{base: EUR, date: 2026-11-20, values: {EUR: 1.1}}", "one EUR is worth 1.1 EUR."),
    ("{base: EUR, path: two.csv}", "the file has rates of 2026-11-20 and of 2026-11-19. Keep those of one day."),
    ("{base: EUR, path: none.csv}", "the file has no day of its rates."),
    ("{base: EUR, path: twice.csv, date: 2026-11-20}", "PLN has two rates. Keep one of them."),
    ("{base: EUR, path: other.csv}", 'has no column "rate"'),
    ("{base: EUR, date: 2026-11-20, values: {PLN: 4}}", "convert('rates', market.currency): there is no exchange rate"),
]
FILES = {
    "two.csv": "date,currency,rate\n2026-11-20,PLN,4\n2026-11-19,HUF,400\n",
    "none.csv": "currency,rate\nPLN,4\n",
    "twice.csv": "currency,rate\nPLN,4\nPLN,5\n",
    "other.csv": "currency,value\nPLN,4\n",
}


@pytest.mark.parametrize(("rates", "message"), RATE_MISTAKES)
def test_rates_that_are_none(tmp_path: Path, rates: str, message: str) -> None:
    (said,) = refusal(shop(tmp_path, f"rates: {rates}\n" + PRICED % ("EUR", ""), **FILES))
    assert message in said


def test_a_lookup_may_not_be_called_rates(tmp_path: Path) -> None:
    (said,) = refusal(shop(tmp_path, RATES + "lookups: {rates: {EUR: 1}}\n" + PRICED % ("EUR", "")))
    assert 'error: lookups.rates: "rates" is the name of the exchange rates. Name this lookup differently.' in said
