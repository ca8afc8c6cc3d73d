"""item.<attribute>: finished values of other attributes, in levels; collect_group and rank over the whole feed."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, found, items, lines, shop

from feedsync.errors import ConfigError

PRODUCTS = lines("sku,title,g,price", "A,Gorra,1,5", "B,Gorra larga,1,7", "C,Bota,2,7", "D,Saco,,", "E,Gorra,1,1")
ATTRIBUTES = lines(
    "title: {max_characters: 6}", "short: {}", "long: {}", "n: {type: integer}", "all: {type: list, repeat: 9}"
)


def test_levels_follow_what_is_read_not_the_order(tmp_path: Path) -> None:
    feed = """\
attributes:
  long: "{{ item.short ~ '!' ~ sku }}"
  short: "{{ item.title | upper }}"
  title: "{{ title | truncate_words(6) }}"
"""
    assert items(shop(tmp_path, PRODUCTS, feed, ATTRIBUTES))[:2] == [
        {"id": "A", "title": "Gorra", "short": "GORRA", "long": "GORRA!A"},
        {"id": "B", "title": "Gorra", "short": "GORRA", "long": "GORRA!B"},
    ]


def test_a_dropped_value_is_missing_for_its_readers(tmp_path: Path) -> None:
    feed = """\
attributes:
  title: {value: "{{ title }}", on_invalid: drop}
  short: "{{ item.title | default('nada') }}"
"""
    folder = shop(tmp_path, PRODUCTS, feed, ATTRIBUTES)
    assert [item["short"] for item in items(folder)] == ["Gorra", "nada", "Bota", "Saco", "Gorra"]
    assert found(check(folder)["f"]) == [("FS302", "warning", "title", ["B"])]


def test_steps_that_fail_at_a_deeper_level(tmp_path: Path) -> None:
    feed = """\
attributes:
  title: "{{ title | truncate_words(6) }}"
  n: {value: "{{ item.title | parse_integer }}", on_invalid: drop}
  short: "{{ 'sí' if item.n is missing else 'no' }}"
"""
    folder = shop(tmp_path, lines("sku,title", "A,12", "B,doce"), feed, ATTRIBUTES)
    assert [(one.code, one.severity, one.samples[0].value) for one in check(folder)["f"].findings] == [
        ("FS204", "warning", "doce")
    ]
    assert items(folder) == [
        {"id": "A", "title": "12", "n": "12", "short": "no"},
        {"id": "B", "title": "doce", "short": "sí"},
    ]


def test_an_item_that_nothing_fills_is_missing(tmp_path: Path) -> None:
    feed = "attributes: {short: \"{{ item.long | default('vacío') }}\"}\n"
    assert items(shop(tmp_path, lines("sku", "A"), feed, ATTRIBUTES)) == [{"id": "A", "short": "vacío"}]


def test_a_circle_is_a_mistake(tmp_path: Path) -> None:
    feed = 'attributes:\n  title: "{{ item.long }}"\n  short: "{{ item.title }}"\n  long: "{{ item.short }}"\n'
    with pytest.raises(ConfigError) as error:
        check(shop(tmp_path, PRODUCTS, feed, ATTRIBUTES))
    assert str(error.value).replace(f"{tmp_path}/", "") == (
        "feedsync.yaml:8:15: error: title: the attributes read each other in a circle: title > long > short > title. "
        "Let one of them read the catalog's fields."
    )


def test_an_unknown_item(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        check(shop(tmp_path, PRODUCTS, 'attributes: {title: "{{ item.shrt }}"}\n', ATTRIBUTES))
    assert '"item" has no "shrt"; did you mean "item.short"?' in str(error.value)


WHOLE = """\
attributes:
  all: "{{ title | collect_group(g) }}"
  n: "{{ price | parse_decimal('.') | rank }}"
"""


def test_a_group_collects_and_a_rank_counts_over_the_whole_feed(tmp_path: Path) -> None:
    folder = shop(tmp_path, PRODUCTS, WHOLE.replace("price | parse_decimal('.')", "price"), ATTRIBUTES)
    assert items(folder) == [
        {"id": "A", "all": '["Gorra","Gorra larga"]', "n": "3"},
        {"id": "B", "all": '["Gorra","Gorra larga"]', "n": "1"},
        {"id": "C", "all": '["Bota"]', "n": "1"},
        {"id": "D"},
        {"id": "E", "all": '["Gorra","Gorra larga"]', "n": "4"},
    ]


def test_only_selected_rows_are_collected_and_ranked(tmp_path: Path) -> None:
    feed = "select: \"{{ sku not in ['B', 'C'] }}\"\n" + WHOLE.replace("price | parse_decimal('.')", "price")
    assert items(shop(tmp_path, PRODUCTS, feed, ATTRIBUTES)) == [
        {"id": "A", "all": '["Gorra"]', "n": "1"},
        {"id": "D"},
        {"id": "E", "all": '["Gorra"]', "n": "2"},
    ]


def test_a_whole_value_goes_on_through_steps_and_levels(tmp_path: Path) -> None:
    feed = """\
attributes:
  long: "{{ title | upper | collect_group(g) | join(' + ') }}"
  n: "{{ price | rank('lowest') }}"
  short: "{{ item.n ~ ':' ~ (title | slug | collect_group(g) | length) }}"
"""
    assert [(i.get("long"), i.get("short")) for i in items(shop(tmp_path, PRODUCTS, feed, ATTRIBUTES))] == [
        ("GORRA + GORRA LARGA", "2:2"),
        ("GORRA + GORRA LARGA", "3:2"),
        ("BOTA", "3:1"),
        (None, ":"),
        ("GORRA + GORRA LARGA", "1:2"),
    ]


def test_two_feeds_keep_their_whole_values_apart(tmp_path: Path) -> None:
    feed = 'attributes: {n: "{{ price | rank }}"}\n'
    folder = shop(tmp_path, PRODUCTS, feed, ATTRIBUTES)
    text = (folder / "feedsync.yaml").read_text()
    other = text.partition("  f:\n")[2].replace("rank", "rank('lowest')")
    (folder / "feedsync.yaml").write_text(text + "  g:\n" + other)
    assert [item.get("n") for item in items(folder, "f")] == ["3", "1", "1", None, "4"]
    assert [item.get("n") for item in items(folder, "g")] == ["2", "3", "3", None, "1"]
    result = check(folder)
    assert (result["f"].ready, result["g"].ready) == (5, 5)
