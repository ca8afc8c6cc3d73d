"""Feeds of several markets, and targets: what they mean, where each of their values stands, and every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import probe, write

from feedsync.errors import FeedsyncError, Place, UsageError
from feedsync.project import Project, open_project

MARKETS = """\
markets:
  es: {country: ES, language: es, currency: EUR, values: {seller: A1}}
  mx: {country: MX, language: es, currency: MXN, values: {seller: A2}}
"""
HEAD = "catalog: {sources: [{path: p.csv}]}\n" + MARKETS
SETTINGS = "settings: {seller: {required: true}}\n"


def opened(folder: Path, text: str, target: str | None = None, env: dict[str, str] | None = None) -> Project:
    files = probe("title: {}\nprice: {type: money}\n", SETTINGS if "seller:" in text.partition("feeds:")[2] else "")
    write(folder, {"p.csv": "sku,title\n", "feedsync.yaml": text, **files})
    return open_project(folder, env or {}, target)


def refusal(folder: Path, text: str, target: str | None = None) -> list[str]:
    with pytest.raises(FeedsyncError) as raised:
        opened(folder, text, target)
    return str(raised.value).split("\n")


# feeds of several markets


@pytest.mark.parametrize(
    ("markets", "feeds"),
    [
        ("all", ["shop_es", "shop_mx"]),
        ("[mx, es]", ["shop_mx", "shop_es"]),
        ("[mx]", ["shop_mx"]),
        ("mx", ["shop_mx"]),
    ],
)
def test_one_block_makes_a_feed_per_market(tmp_path: Path, markets: str, feeds: list[str]) -> None:
    project = opened(tmp_path, HEAD + f"feeds:\n  shop: {{channel: probe, markets: {markets}}}\n")
    assert list(project.feeds) == feeds
    assert [feed.block for feed in project.feeds.values()] == ["shop"] * len(feeds)
    assert project.feeds["shop_mx"].market == {"country": "MX", "language": "es", "currency": "MXN", "seller": "A2"}


def test_a_market_may_be_called_all(tmp_path: Path) -> None:
    head = HEAD.replace("  mx:", "  all:")
    assert list(opened(tmp_path, head + "feeds: {shop: {channel: probe, markets: all}}\n").feeds) == ["shop_all"]


def test_places_are_those_of_the_block(tmp_path: Path) -> None:
    text = HEAD + (
        "feeds:\n"
        "  shop:\n"
        "    channel: probe\n"
        "    markets: [es, mx]\n"
        '    select: "{{ title }}"\n'
        '    attributes: {title: "{{ title }}"}\n'
    )
    project = opened(tmp_path, text)
    document = project.loaded.document
    mexico = project.feeds["shop_mx"]
    assert mexico.place == Place("feedsync.yaml", 6, 3)
    assert mexico.select is not None
    assert mexico.select.at.place == Place("feedsync.yaml", 9, 14)
    assert mexico.mapping["title"].shown == Place("feedsync.yaml", 10, 18)
    assert document.place(("feeds", "shop_mx", "market")) == Place("feedsync.yaml", 8, 19)
    assert document.has(("feeds", "shop_mx", "select"))
    assert not document.has(("feeds", "shop_mx", "exclude"))


def test_a_block_is_chosen_by_its_name(tmp_path: Path) -> None:
    text = HEAD + "feeds:\n  a: {channel: probe, markets: all}\n  b: {channel: probe, market: es}\n"
    project = opened(tmp_path, text)
    assert [feed.name for feed in project.chosen(["a"])] == ["a_es", "a_mx"]
    assert [feed.name for feed in project.chosen(["b", "a_mx"])] == ["a_mx", "b"]
    with pytest.raises(UsageError) as raised:
        project.chosen(["a_m"])
    assert str(raised.value) == 'error: no feed "a_m"; did you mean "a_mx"? The feeds are: a_es, a_mx, b.'


MISTAKES = [
    (
        "shop: {channel: probe, market: es, markets: [mx]}",
        "feedsync.yaml:6:47: error: feeds.shop.markets: a feed has market or markets, not both. Keep one of them.",
    ),
    (
        "shop: {channel: probe, markets: [es, pt]}",
        'feedsync.yaml:6:40: error: feeds.shop.markets[1]: no market "pt" under markets. There are: es, mx.',
    ),
    (
        "shop: {channel: probe, markets: pt}",
        'feedsync.yaml:6:35: error: feeds.shop.markets: no market "pt" under markets. There are: es, mx.',
    ),
    (
        "shop: {channel: probe, markets: [es, mx, es]}",
        'feedsync.yaml:6:44: error: feeds.shop.markets[2]: the market "es" is already in this list. '
        "Remove one of them.",
    ),
    (
        "shop_mx: {channel: probe, market: es}\n  shop: {channel: probe, markets: [es, mx]}",
        'feedsync.yaml:7:40: error: feeds.shop.markets[1]: the feed of this market would be named "shop_mx", as is the '
        "one at feedsync.yaml:6:3. Rename one of the two, or take the market out of the list.",
    ),
    (
        "shop: {channel: probe, markets: [mx]}\n  shop_mx: {channel: probe, market: es}",
        'feedsync.yaml:6:36: error: feeds.shop.markets[0]: the feed of this market would be named "shop_mx", as is the '
        "one at feedsync.yaml:7:3. Rename one of the two, or take the market out of the list.",
    ),
]


@pytest.mark.parametrize(("feeds", "message"), MISTAKES)
def test_mistakes_of_blocks(tmp_path: Path, feeds: str, message: str) -> None:
    assert refusal(tmp_path, HEAD + f"feeds:\n  {feeds}\n") == [message]


def test_names_of_markets_and_their_values(tmp_path: Path) -> None:
    head = HEAD.replace("  mx:", "  M-X:").replace("{seller: A1}", '{"a b": 1}')
    assert refusal(tmp_path, head + "feeds: {shop: {channel: probe, markets: all}}\n") == [
        'feedsync.yaml:3:58: error: markets.es.values: "a b" cannot be read as market.a b. Write letters, digits and _, '
        "and begin with a letter."
    ]
    head = HEAD.replace("  mx:", "  M-X:")
    assert refusal(tmp_path, head + "feeds: {shop: {channel: probe, markets: all}}\n") == [
        "feedsync.yaml:4:3: error: markets.M-X: a market that makes feeds is part of their names, which also name "
        "files. Write small letters, digits and _."
    ]
    assert list(opened(tmp_path, head + "feeds: {shop: {channel: probe, market: M-X}}\n").feeds) == ["shop"]
    head = HEAD.replace("{seller: A1}", "{country: ES}")
    assert refusal(tmp_path, head + "feeds: {shop: {channel: probe, markets: all}}\n") == [
        'feedsync.yaml:3:58: error: markets.es.values: "country" is a key of the market itself. Name the value '
        "differently."
    ]
    no_markets = "catalog: {sources: [{path: p.csv}]}\nfeeds: {shop: {channel: probe, markets: all}}\n"
    assert refusal(tmp_path, no_markets) == [
        "feedsync.yaml:2:41: error: feeds.shop.markets: there are no markets to make feeds for. Add them under markets "
        "at the top level."
    ]


def test_settings_by_market(tmp_path: Path) -> None:
    text = HEAD + 'feeds: {shop: {channel: probe, markets: all, settings: {seller: "x-{{ market.seller }}"}}}\n'
    assert {name: feed.settings["seller"] for name, feed in opened(tmp_path, text).feeds.items()} == {
        "shop_es": "x-A1",
        "shop_mx": "x-A2",
    }
    secret = text.replace("x-{{ market.seller }}", "${SELLER_{{ market.country }}}")
    env = {"SELLER_ES": "one", "SELLER_MX": "{{ 2 }}"}  # what a variable holds is no template
    assert [feed.settings["seller"] for feed in opened(tmp_path, secret, env=env).feeds.values()] == ["one", "{{ 2 }}"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "{{ title }}",
            'feedsync.yaml:5:69: error: settings.seller (shop_es, shop_mx): unknown field "title". ',
        ),
        (
            "{{ as_of }}",
            "feedsync.yaml:5:66: error: settings.seller (shop_es, shop_mx): a setting is known before the first "
            "product: it may read market.* and constants only. Write a text, or a template such as "
            "{{ market.country }} that gives one.",
        ),
    ],
)
def test_a_setting_that_reads_products(tmp_path: Path, setting: str, message: str) -> None:
    text = HEAD + f'feeds: {{shop: {{channel: probe, markets: all, settings: {{seller: "{setting}"}}}}}}\n'
    (said,) = refusal(tmp_path, text)
    assert said.split(". ")[0] == message.split(". ")[0]


# targets

TARGETS = """\
feeds:
  shop: {channel: probe, market: es, attributes: {title: "{{ title }}"}, formats: [csv]}
rules: {FS302: warning}
targets:
  prod:
    feeds:
      shop: {attributes: {title: "{{ brand }}"}}
    rules: {FS302: }
  more:
    feeds: {other: {channel: probe, market: mx}}
"""


def test_a_target_lies_over_the_project(tmp_path: Path) -> None:
    bare = opened(tmp_path, HEAD + TARGETS)
    assert bare.feeds["shop"].spec.attributes == {"title": "{{ title }}"}
    assert list(bare.loaded.spec.rules) == ["FS302"]
    prod = opened(tmp_path, HEAD + TARGETS, "prod")
    assert prod.feeds["shop"].spec.attributes == {"title": "{{ brand }}"}
    assert prod.feeds["shop"].spec.formats == ("csv",)
    assert prod.loaded.spec.rules == {}
    assert prod.feeds["shop"].mapping["title"].shown == Place("feedsync.yaml", 11, 27)
    assert prod.loaded.document.place(("feeds", "shop", "formats")) == Place("feedsync.yaml", 6, 83)
    assert list(opened(tmp_path, HEAD + TARGETS, "more").feeds) == ["shop", "other"]


@pytest.mark.parametrize(
    ("targets", "target", "message"),
    [
        ("{}", "prod", 'feedsync.yaml: error: there is no target "prod". There are: (none).'),
        (
            "{prod: {fail_on: hint}}",
            "pro",
            'feedsync.yaml: error: there is no target "pro"; did you mean "prod"? There are: prod.',
        ),
        (
            "{prod: {fail_on: never}}",
            "prod",
            'feedsync.yaml:6:27: error: fail_on: "never" is not known here. Known: error, warning, hint.',
        ),
        (
            "{prod: {fail_on: never}}",
            None,
            'feedsync.yaml:6:27: error: fail_on: "never" is not known here. Known: error, warning, hint.',
        ),
        (
            "{prod: {feeds: {shop: {formats: xml}}}}",
            "prod",
            'feedsync.yaml:6:42: error: feeds.shop.formats: probe has no format "xml". It has: csv.',
        ),
        (
            "{prod: {targets: {}}}",
            "prod",
            'feedsync.yaml:6:18: error: targets.prod: a target has no key "targets". Remove it; it belongs to the whole '
            "file.",
        ),
    ],
)
def test_mistakes_in_targets(tmp_path: Path, targets: str, target: str | None, message: str) -> None:
    text = HEAD + f"feeds: {{shop: {{channel: probe, market: es}}}}\ntargets: {targets}\n"
    assert refusal(tmp_path, text, target) == [message]
