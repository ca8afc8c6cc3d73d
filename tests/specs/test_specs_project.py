"""feedsync.yaml: what it means, and every mistake in it with its place, at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsync.errors import FeedsyncError, Place
from feedsync.specs.channel import Mapped
from feedsync.specs.load import LoadedProject, load_project
from feedsync.specs.market import MarketSpec
from feedsync.specs.project import LookupFile, RuleSpec
from feedsync.specs.source import ColumnOf

CHANNEL = """\
title: Kiosk
docs: https://kiosk.example/docs
engine_words: [kiosk]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
settings: {shop: {required: true}, tone: {required: true, default: plain}}
formats: {csv: {writer: delimited, suffix: csv}, tsv: {writer: delimited, suffix: tsv}}
"""
BY_TABLE = CHANNEL.replace("Kiosk", "Shelves") + "rows: table\n"
ATTRIBUTES = "id: {required: true}\ntitle: {max_characters: 20}\nprice: {type: money}\n"
MAPPING = 'id: "{{ sku }}"\ntitle: "{{ title }}"\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project's folder with two channels of its own: kiosk, and shelves, which takes rows of a table."""
    for name, channel in (("kiosk", CHANNEL), ("shelves", BY_TABLE)):
        folder = tmp_path / "channel_specs" / name / "1"
        folder.mkdir(parents=True)
        (folder / "channel.yaml").write_text(channel)
        (folder / "attributes.yaml").write_text(ATTRIBUTES)
        (folder / "mapping.yaml").write_text(MAPPING)
    return tmp_path


def load(shop: Path, text: str) -> LoadedProject:
    (shop / "feedsync.yaml").write_text(text)
    return load_project(shop)


def refusal(shop: Path, text: str) -> list[str]:
    with pytest.raises(FeedsyncError) as raised:
        load(shop, text)
    return str(raised.value).split("\n")


def test_the_shortest_project(shop: Path) -> None:
    project = load(
        shop,
        "catalog: {sources: [{path: products.csv}], currency: EUR}\n"
        "feeds: {kiosk_es: {channel: kiosk, settings: {shop: 7}, market: {country: ES, language: es, currency: EUR}}}\n",
    )
    assert project.root == shop
    assert project.spec.catalog.sources[0].path == "products.csv"
    assert project.spec.feeds["kiosk_es"].market == MarketSpec(country="ES", language="es", currency="EUR")
    assert project.spec.feeds["kiosk_es"].settings == {"shop": "7"}
    assert project.document.place(("feeds", "kiosk_es", "channel")) == Place("feedsync.yaml", 2, 29)
    assert list(project.channels) == ["kiosk"]
    assert list(project.channels["kiosk"].spec.attributes) == ["id", "title", "price"]


def test_the_shapes_of_a_key(shop: Path) -> None:
    spec = load(
        shop,
        """\
catalog:
  key: sku
  sources: [{path: a.csv}, {path: b.csv, join: sku, aggregate: {stock: sum}}]
  variants: {parent: parent, inherit: brand}
  fields:
    title: {from: Nombre}
    stock: {from: {source: b, column: Stock}, missing: "-"}
    sold: {type: boolean, true: "sí", false: [no, NO]}
tables: {stock: {path: stock.csv, key: [store, sku], catalog_key: sku}}
lookups:
  iva: {general: 21, reducido: 10}
  paths: {path: /a, other: /b}
  vat: {path: vat.csv, key: [tax, country], value: percent}
  cats: {path: c.csv, key: cat, value: id, match: prefix}
markets: {es: {country: ES, language: es, currency: EUR}, "no": {country: NO, language: no, currency: NOK}}
defaults:
  attributes: {title: "{{ title }}"}
  exclude:
feeds:
  kiosk_es:
    channel: kiosk@1
    market: es
    settings: {shop: a}
    formats: tsv
    attributes:
      title: {value: "{{ title }}", on_invalid: drop}
      price: ["{{ a }}", "{{ b }}"]
  shelves_no: {channel: shelves, market: no, rows: stock, settings: {shop: a}}
rules: {FS312: warning, FS341: {severity: "off", reason: nombres, until: 2027-01-31}}
guards: {shrink_percent: 20}
""",
    ).spec
    assert spec.catalog.variants is not None
    assert spec.catalog.variants.inherit == ("brand",)
    assert spec.catalog.fields["title"].from_ == "Nombre"
    assert spec.catalog.fields["stock"].from_ == ColumnOf(source="b", column="Stock")
    assert spec.catalog.fields["stock"].missing == ("-",)
    assert spec.catalog.fields["sold"].false == ("no", "NO")
    assert spec.tables["stock"].key == ("store", "sku")
    assert spec.lookups["iva"] == {"general": "21", "reducido": "10"}
    assert spec.lookups["paths"] == {"path": "/a", "other": "/b"}
    assert spec.lookups["vat"] == LookupFile(path="vat.csv", key=("tax", "country"), value="percent")
    assert spec.lookups["cats"] == LookupFile(path="c.csv", key=("cat",), value="id", match="prefix")
    assert spec.markets["no"].country == "NO"
    assert spec.defaults.exclude == ()
    assert spec.feeds["kiosk_es"].attributes == {
        "title": Mapped(value="{{ title }}", on_invalid="drop"),
        "price": ("{{ a }}", "{{ b }}"),
    }
    assert spec.feeds["kiosk_es"].formats == ("tsv",)
    assert spec.rules == {"FS312": "warning", "FS341": RuleSpec(severity="off", reason="nombres", until="2027-01-31")}
    assert spec.guards.shrink_percent == 20


CATALOG = "catalog: {sources: [{path: a.csv}]}\nmarkets: {es: {country: ES, language: es, currency: EUR}}\n"
FEED = "feeds: {k: {channel: kiosk, settings: {shop: a}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the top
        ("", ["feedsync.yaml: error: the file says nothing. It needs at least: catalog, feeds."]),
        (
            "- a",
            [
                "feedsync.yaml:1:1: error: the file is not a mapping at its top. Begin with keys at the left margin: key: value."
            ],
        ),
        (
            "{}",
            [
                'feedsync.yaml:1:1: error: the key "catalog" is missing. Add it.',
                'feedsync.yaml:1:1: error: the key "feeds" is missing. Add it.',
            ],
        ),
        (
            "catalog: {sources: []}\nfeeds: {}",
            [
                "feedsync.yaml:1:20: error: catalog.sources: too few entries. Write at least 1.",
                "feedsync.yaml:2:8: error: feeds: too few entries. Write at least 1.",
            ],
        ),
        # keys
        (
            CATALOG + "feeds: {k: {chanel: kiosk}}",
            ['feedsync.yaml:3:13: error: feeds.k: unknown key "chanel"; did you mean "channel"?'],
        ),
        (
            CATALOG + "feeds: {k: {market: es}}",
            ['feedsync.yaml:3:9: error: feeds.k: the key "channel" is missing. Add it.'],
        ),
        (
            FEED
            + "catalog: {sources: [{path: a.csv}]}\nmarkets: {es: {country: ES, language: es, currency: EUR, zz: 1}}",
            [
                'feedsync.yaml:3:58: error: markets.es: unknown key "zz". Known keys: country, language, currency, values.'
            ],
        ),
        (
            FEED + "catalog: {sources: [{path: a.csv}], fields: {a: {from: {source: b, colum: c}}}}",
            ['feedsync.yaml:2:68: error: catalog.fields.a.from: unknown key "colum"; did you mean "column"?'],
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosk, attributes: {title: {valu: x}}}}",
            ['feedsync.yaml:3:50: error: feeds.k.attributes.title: unknown key "valu"; did you mean "value"?'],
        ),
        (
            CATALOG + FEED + "lookups: {c: {pth: c.csv, key: [a], value: b}}",
            ['feedsync.yaml:4:15: error: lookups.c: unknown key "pth"; did you mean "path"?'],
        ),
        # values
        (
            CATALOG + FEED + "fail_on: errors",
            [
                'feedsync.yaml:4:10: error: fail_on: "errors" is not known here; did you mean "error"? Known: error, warning, hint.'
            ],
        ),
        (
            FEED + "catalog: {sources: [{path: a.csv}], fields: {a: {type: x}}}",
            [
                'feedsync.yaml:2:56: error: catalog.fields.a.type: "x" is not known here.'
                " Known: text, url, gtin, enum, integer, decimal, money, boolean, date, datetime, interval, list."
            ],
        ),
        (
            CATALOG + FEED + "guards: {shrink_percent: 101, max_errors_percent: -1, max_errors_points: diez}",
            [
                'feedsync.yaml:4:26: error: guards.shrink_percent: "101" is more than 100. Write 100 or less.',
                'feedsync.yaml:4:51: error: guards.max_errors_percent: "-1" is less than 0. Write 0 or more.',
                'feedsync.yaml:4:74: error: guards.max_errors_points: "diez" is not a whole number. Write digits only, e.g. 20.',
            ],
        ),
        (
            CATALOG + FEED + "tables: {t: {path: x, key: [a, {b: c}], frame: vielleicht}}\ndefaults: [a]\nlookups: x",
            [
                "feedsync.yaml:4:32: error: tables.t.key[1]: {...} stands where a text is expected. Write one text, in quotes if it holds brackets.",
                'feedsync.yaml:4:48: error: tables.t.frame: "vielleicht" is neither true nor false. Write true or false.',
                "feedsync.yaml:5:11: error: defaults: [...] stands where keys are expected. Write key: value, one a line, indented.",
                'feedsync.yaml:6:10: error: lookups: "x" stands where keys are expected. Write key: value, one a line, indented.',
            ],
        ),
        (
            FEED + "catalog: {sources: {path: a.csv}}",
            [
                "feedsync.yaml:2:20: error: catalog.sources: {...} stands where a list is expected. Write [a, b], or one entry a line after a hyphen."
            ],
        ),
        (
            FEED + "catalog: {sources: [{path: a.csv}]}\nmarkets: {es: {country: Spain, language: es, currency: EUR}}",
            [
                'feedsync.yaml:3:25: error: markets.es.country: "Spain" does not fit. Expected: Two capital letters (ISO 3166-1), e.g. ES.'
            ],
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosk, attributes: {title: , price: [{amount: ~}, x]}}}",
            [
                'feedsync.yaml:3:49: error: feeds.k.attributes.title: the key has no value. Write one, or remove the key; an empty text is "".',
                'feedsync.yaml:3:68: error: feeds.k.attributes.price[0].amount: the key has no value. Write one, or remove the key; an empty text is "".',
                'feedsync.yaml:3:72: error: feeds.k.attributes.price[1]: "x" stands where keys are expected. Write key: value, one a line, indented.',
            ],
        ),
        (
            CATALOG + FEED + "rules: {FS312: eror, FS341: {severity: of}}",
            [
                'feedsync.yaml:4:16: error: rules.FS312: "eror" is not known here; did you mean "error"? Known: error, warning, hint.',
                'feedsync.yaml:4:40: error: rules.FS341.severity: "of" is not known here; did you mean "off"? Known: error, warning, hint, off.',
            ],
        ),
        # a model's own rules
        (
            FEED
            + "catalog: {sources: [{path: a, url: b}, {url: c}], fields: {a: {from: x, template: y}, b: {true: x}}}",
            [
                "feedsync.yaml:2:21: error: catalog.sources[0]: a source has exactly one of path, url and frame. Keep one of them.",
                "feedsync.yaml:2:40: error: catalog.sources[1]: url and query go together. Write both; query_file names a file in place of query.",
                "feedsync.yaml:2:63: error: catalog.fields.a: a field has from or template, not both. Keep one of them.",
                "feedsync.yaml:2:90: error: catalog.fields.b: true and false go together. Write the texts of both.",
            ],
        ),
        # YAML that does not parse
        (
            CATALOG + "feeds:\n  k:\n    select: {{ stock > 0 }}\n",
            [
                "feedsync.yaml:5:13: error: feeds.k.select: a template without quotes loads as a mapping in YAML."
                ' Write select: "{{ stock > 0 }}".'
            ],
        ),
    ],
)
def test_mistakes_in_the_file(shop: Path, text: str, expected: list[str]) -> None:
    assert refusal(shop, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CATALOG + "feeds: {K-1: {channel: kiosk, settings: {shop: a}}}",
            [
                "feedsync.yaml:3:9: error: feeds.K-1: a feed's name also names files. Write small letters, digits and _, and begin with a letter."
            ],
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosko, settings: {shop: a}}}",
            None,
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosk@2, settings: {shop: a}}}",
            ['feedsync.yaml:3:22: error: feeds.k.channel: kiosk has no version "2". It has: 1.'],
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosk, market: ess, settings: {shop: a}}}",
            ['feedsync.yaml:3:37: error: feeds.k.market: no market "ess" under markets; did you mean "es"?'],
        ),
        (
            "catalog: {sources: [{path: a.csv}]}\n" + FEED,
            [
                "feedsync.yaml:2:9: error: feeds.k: the feed names no market, and the project has not exactly one."
                " Add market: a name under markets, or {country: ES, language: es, currency: EUR}."
            ],
        ),
        (
            CATALOG + "feeds: {k: {channel: shelves, settings: {shop: a}}}",
            [
                "feedsync.yaml:3:9: error: feeds.k: shelves takes one entry per row of a table. Add rows: the name of a table under tables."
            ],
        ),
        (
            CATALOG
            + "tables: {stock: {path: s.csv, key: sku}}\nfeeds: {k: {channel: shelves, rows: stok, settings: {shop: a}}}",
            ['feedsync.yaml:4:37: error: feeds.k.rows: no table "stok" under tables; did you mean "stock"?'],
        ),
        (
            CATALOG + "feeds: {k: {channel: kiosk, formats: [csv, tvs], settings: {tonne: a}, attributes: {titel: x}}}",
            [
                'feedsync.yaml:3:44: error: feeds.k.formats[1]: kiosk has no format "tvs"; did you mean "tsv"? It has: csv, tsv.',
                'feedsync.yaml:3:50: error: feeds.k.settings: kiosk needs the setting "shop". Add it under settings of the feed.',
                'feedsync.yaml:3:61: error: feeds.k.settings.tonne: kiosk asks for no setting "tonne"; did you mean "tone"?',
                'feedsync.yaml:3:85: error: feeds.k.attributes.titel: kiosk has no attribute "titel"; did you mean "title"?',
            ],
        ),
        (
            FEED + "catalog: {timezone: Madrid, currency: €, sources: [{path: a.csv}]}",
            [
                'feedsync.yaml:2:39: error: catalog.currency: "€" does not fit. Expected: Three capital letters (ISO 4217), e.g. EUR.'
            ],
        ),
        (
            CATALOG.replace("{sources", "{timezone: Europe, sources") + FEED,
            [
                'feedsync.yaml:1:21: error: catalog.timezone: "Europe" is no time zone.'
                " Write a name of the IANA list, e.g. Europe/Madrid."
            ],
        ),
        (
            CATALOG + FEED + "defaults: {attributes: {title: x, titel: y}}",
            [
                'feedsync.yaml:4:35: error: defaults.attributes.titel: no channel of the feeds has an attribute "titel"; did you mean "title"?'
            ],
        ),
        (
            "catalog: {sources: [{path: a, name: x}, {path: b, name: y, join: sku}, {path: c, join: sku, name: x}]}\n"
            "markets: {es: {country: ES, language: es, currency: EUR}}\n" + FEED,
            [
                'feedsync.yaml:1:99: error: catalog.sources[2].name: "x" is already the name of the source at feedsync.yaml:1:37.'
                " Name one of them differently."
            ],
        ),
        (
            CATALOG
            + FEED
            + 'rules: {FS999: hint, FS302: "off", FS303: {severity: "off", reason: x}, FS304: {severity: hint, until: 2027-02-30}}',
            [
                'feedsync.yaml:4:9: error: rules.FS999: no rule has the code "FS999"; did you mean "FS309"?',
                'feedsync.yaml:4:29: error: rules.FS302: a rule is switched off with a reason and an end. Write {severity: "off", reason: why, until: 2027-01-31}.',
                'feedsync.yaml:4:43: error: rules.FS303: a rule is switched off with a reason and an end. Write {severity: "off", reason: why, until: 2027-01-31}.',
                'feedsync.yaml:4:104: error: rules.FS304.until: "2027-02-30" is not a day. Write year-month-day, e.g. 2027-01-31.',
            ],
        ),
    ],
)
def test_mistakes_between_its_parts(shop: Path, text: str, expected: list[str] | None) -> None:
    found = refusal(shop, text)
    if expected is None:  # the list of channels grows with those that come with feedsync
        assert len(found) == 1
        assert found[0].startswith(
            'feedsync.yaml:3:22: error: feeds.k.channel: there is no channel "kiosko"; did you mean "kiosk"? There are: '
        )
    else:
        assert found == expected


def test_a_mistake_in_a_channel_of_ones_own_is_told_with_the_others(shop: Path) -> None:
    (shop / "channel_specs/kiosk/1/attributes.yaml").write_text(
        "id: {requird: true}\nprice: {type: monee}\ntitle: {}\n"
    )
    assert refusal(shop, CATALOG + FEED + "rules: {FS999: hint}\ndefaults: {attributes: {titel: x}}") == [
        'channel_specs/kiosk/1/attributes.yaml:1:6: error: id: unknown key "requird"; did you mean "required"?',
        'channel_specs/kiosk/1/attributes.yaml:2:15: error: price.type: "monee" is not known here; did you mean "money"?'
        " Known: text, url, gtin, enum, integer, decimal, money, boolean, date, datetime, interval, list, group.",
        'feedsync.yaml:4:9: error: rules.FS999: no rule has the code "FS999"; did you mean "FS309"?',
    ]


def test_which_file_is_the_project(shop: Path) -> None:
    text = CATALOG + FEED
    (shop / "feedsync.yml").write_text(text)
    assert load_project(shop).document.file == "feedsync.yml"
    (shop / "feedsync.yaml").write_text(text)
    assert load_project(shop).document.file == "feedsync.yaml"
    (shop / "other.yaml").write_text(text)
    assert load_project(shop / "other.yaml").document.file == "other.yaml"
    assert load_project(shop / "other.yaml").root == shop


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError) as raised:
        load_project(tmp_path)
    assert str(raised.value) == (
        f'error: no feedsync.yaml in "{tmp_path}". Go to the project\'s folder, or start one: feedsync init FILE, or feedsync demo.'
    )
    with pytest.raises(FeedsyncError) as raised:
        load_project(tmp_path / "gone.yaml")
    assert str(raised.value) == f"{tmp_path}/gone.yaml: error: there is no such file."
