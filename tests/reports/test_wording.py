"""Numbers, values and texts as people read them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsync.errors import Place
from feedsync.reports import wording
from feedsync.reports.lines import cells, fitted, spelled_for, wrapped
from feedsync.run.results import FindingGroup, Sample


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (999, "999"), (12431, "12\u00a0431"), (1234567, "1\u00a0234\u00a0567")]
)
def test_thousands_by_a_no_break_space(count: int, shown: str) -> None:
    assert wording.number(count) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (412, 12431, "3.3 %"),
        (6, 12431, "< 0.1 %"),
        (12, 12431, "0.1 %"),
        (1, 1999, "0.1 %"),
        (1, 2001, "< 0.1 %"),
        (0, 12431, "0.0 %"),
        (0, 0, "0.0 %"),
        (1, 8, "12.5 %"),
        (1, 16, "6.3 %"),
        (7, 7, "100.0 %"),
    ],
)
def test_percent(part: int, whole: int, shown: str) -> None:
    assert wording.percent(part, whole) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (21_400_000, "21.4 MB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (1_500_000_000, "1.5 GB"),
        (12_345_000_000_000, "12\u00a0345 GB"),
    ],
)
def test_size(count: int, shown: str) -> None:
    assert wording.size(count) == shown


@pytest.mark.parametrize(
    ("count", "entries", "shown"),
    [(1, False, "1 product"), (2, False, "2 products"), (1, True, "1 entry"), (0, True, "0 entries")],
)
def test_products(count: int, entries: bool, shown: str) -> None:
    assert wording.products(count, entries) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Cañón 0,5 L", "Cañón 0,5 L"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_control_characters_are_shown_as_text(text: str, shown: str) -> None:
    assert wording.visible(text) == shown


@given(st.text())
def test_nothing_that_drives_a_terminal_is_left_and_showing_twice_changes_nothing(text: str) -> None:
    shown = wording.visible(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", shown)
    assert wording.visible(shown) == shown
    assert "\n" not in wording.clipped(text)
    assert len(wording.clipped(text)) <= wording.VALUE


@pytest.mark.parametrize(
    ("ids", "count", "shown"),
    [
        (["A-1"], 1, "A-1"),
        (["A-1", "A-2", "A-3"], 412, "A-1, A-2, A-3 and 409 more"),
        (["A-1", "A-1"], 2, "A-1"),
        ([None], 1, "row 7"),
        (["x\x1b"], 1, "x\\x1b"),
    ],
)
def test_samples(ids: list[str | None], count: int, shown: str) -> None:
    assert wording.ids([Sample(one, None, "p.csv", 7) for one in ids], count) == shown


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("añ", 2), ("日本", 4), ("e\u0301", 1)])
def test_columns_of_a_terminal(text: str, width: int) -> None:
    assert cells(text) == width


def test_a_text_is_cut_to_its_width_and_wrapped_at_words() -> None:
    assert fitted("日本語テキスト", 7) == "日本語…"
    assert fitted("short", 5) == "short"
    assert wrapped("one two three", 11, 2) == ["  one two", "  three"]
    assert wrapped("averylongword x", 6, 2) == ["  averylongword", "  x"]
    assert wrapped("", 10, 2) == []


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "12\u00a0431 → añ…"), ("ascii", "12 431 -> a\\xf1..."), ("latin-1", "12 431 -> añ..."), (None, "12\u00a0431 → añ…")],
)  # fmt: skip
def test_terminals_that_are_not_utf8_work(encoding: str | None, shown: str) -> None:
    assert spelled_for("12\u00a0431 → añ…", encoding) == shown


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("https://a.es/11 ñ.jpg", " has a blank in it, and web addresses have none"),
        ("/11 ñ.jpg", " is not an address that begins with http:// or https://"),
        ("https:///x", " is not an address that begins with http:// or https://"),
    ],
)
def test_what_is_wrong_with_an_address(value: str, said: str) -> None:
    group = FindingGroup("FS305", "error", "image", {}, Place("feedsync.yaml"))
    group.samples.append(Sample("A", value, "p", 1))
    assert wording.finding(group)[0] == f'"{value}"{said}'
