"""Keys: one row per key, or every row that has it is said and blocked, and the others go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, counts, export, found, items, lines, shop

from feedsync.errors import ConfigError

ATTRIBUTES = lines("title: {}")
FEED = 'attributes: {title: "{{ title }}"}\n'
PRODUCTS = lines("sku,title", "A,uno", "B,dos", "A,tres", ",cuatro", "B,cinco", "A,seis", "C,siete")


def keyed(folder: Path, policy: str = "", feed: str = FEED) -> Path:
    return shop(folder, PRODUCTS, feed, ATTRIBUTES, catalog="sources: [{path: p.csv}]\n" + policy)


def test_repeated_and_missing_keys_are_blocked_with_their_rows(tmp_path: Path) -> None:
    result = check(keyed(tmp_path))["f"]
    assert [(one.code, one.count, [(s.row, s.value) for s in one.samples]) for one in result.findings] == [
        ("FS101", 5, [(2, "A (2, 4, 7)"), (3, "B (3, 6)"), (4, "A (2, 4, 7)")]),
        ("FS102", 1, [(5, None)]),
    ]
    assert counts(result) == (7, 1, 6, {})
    assert items(tmp_path) == [{"id": "C", "title": "siete"}]


@pytest.mark.parametrize(
    ("policy", "titles"), [("first", ["uno", "dos", "siete"]), ("last", ["cinco", "seis", "siete"])]
)
def test_one_row_may_stand_for_its_key(policy: str, titles: list[str], tmp_path: Path) -> None:
    folder = keyed(tmp_path, f"on_repeated_key: {policy}\n")
    result = check(folder)["f"]
    assert counts(result) == (7, 3, 1, {"on_repeated_key": 3})
    assert found(result) == [("FS102", "error", "sku", [None])]
    assert [item["title"] for item in items(folder)] == titles


def test_the_key_may_be_another_field_and_a_number(tmp_path: Path) -> None:
    catalog = "key: number\nsources: [{path: p.csv}]\nfields: {number: {type: integer}}\n"
    feed = 'id: "{{ number }}"\nattributes: {id: "{{ number }}", title: "{{ title }}"}\n'
    shop(tmp_path, lines("number,title", "7,uno", "07,dos", "8,tres"), feed, ATTRIBUTES, catalog=catalog)
    assert found(check(tmp_path)["f"]) == [("FS101", "error", "number", ["7", "7"])]
    assert items(tmp_path) == [{"id": "8", "title": "tres"}]


def test_ids_from_a_template_that_repeat(tmp_path: Path) -> None:
    feed = 'attributes: {id: "{{ sku | truncate_chars(1) }}", title: "{{ title }}"}\n'
    shop(tmp_path, lines("sku,title", "A1,uno", "B1,dos", "A2,tres"), feed, ATTRIBUTES)
    result = check(tmp_path)["f"]
    assert found(result) == [("FS401", "error", "id", ["A", "A"])]
    assert items(tmp_path) == [{"id": "B", "title": "dos"}]


def test_an_id_of_an_excluded_row_is_nobodys(tmp_path: Path) -> None:
    feed = (
        'select: "{{ title != \'tres\' }}"\nattributes: {id: "{{ sku | truncate_chars(1) }}", title: "{{ title }}"}\n'
    )
    shop(tmp_path, lines("sku,title", "A1,uno", "B1,dos", "A2,tres"), feed, ATTRIBUTES)
    assert counts(check(tmp_path)["f"]) == (3, 2, 0, {"select": 1})


def test_an_excluded_row_of_a_repeated_key_still_blocks_the_other(tmp_path: Path) -> None:
    """Which of two rows is right is not for a filter to say."""
    feed = "select: \"{{ title != 'tres' }}\"\n" + FEED
    shop(tmp_path, lines("sku,title", "A,uno", "B,dos", "A,tres"), feed, ATTRIBUTES)
    result = check(tmp_path)["f"]
    assert counts(result) == (3, 1, 1, {"select": 1})
    assert found(result) == [("FS101", "error", "sku", ["A"])]


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        check(shop(tmp_path, lines("skuu,title", "A,uno"), FEED, ATTRIBUTES))
    assert 'key: no field "sku"; did you mean "skuu"?' in str(error.value)


def test_variants_that_do_not_differ(tmp_path: Path) -> None:
    channel = "variants: {group: group, by: [color, size]}\n"
    feed = 'attributes: {group: "{{ g }}", color: "{{ color }}"}\n'
    products = lines("sku,g,color", "A,1,rojo", "B,1,azul", "C,1,rojo", "D,2,rojo", "E,,rojo", "F,3,", "G,3,")
    shop(tmp_path, products, feed, lines("group: {}", "color: {}", "size: {}"), channel=channel)
    result = check(tmp_path)["f"]
    assert found(result) == [("FS402", "warning", "group", ["A", "C", "F"])]
    assert (result.findings[0].count, result.ready) == (4, 7)
    assert result.findings[0].details == {"by": "color, size", "groups": "2"}


def test_only_ready_variants_are_compared(tmp_path: Path) -> None:
    channel = "variants: {group: group, by: [color]}\n"
    feed = 'attributes: {group: "{{ g }}", color: "{{ color }}"}\n'
    attributes = lines("group: {}", "color: {max_characters: 4}", "size: {}")
    shop(tmp_path, lines("sku,g,color", "A,1,naranja", "B,1,naranja", "C,1,azul"), feed, attributes, channel=channel)
    assert found(check(tmp_path)["f"]) == [("FS302", "error", "color", ["A", "B"])]


def test_a_feeds_own_id_is_what_the_channel_gets(tmp_path: Path) -> None:
    folder = shop(tmp_path, "sku,number\nA,1\nB,2\n", 'id: "{{ number }}"\n', "")
    assert items(folder) == [{"id": "1"}, {"id": "2"}]
    assert export(folder, tmp_path / "out")["f.csv"] == b"id\n1\n2\n"
