"""A list or object is no key, from whichever source it comes."""

from __future__ import annotations

import polars as pl
import pytest

from feedsync.catalog.rules import SHARED, key_rules
from feedsync.errors import Place
from feedsync.semantics import INTEGER, TEXT


def broken(key: str | None) -> list[str]:
    frame = pl.DataFrame({"sku": [key], SHARED: [None]}, schema={"sku": pl.String, SHARED: pl.List(pl.UInt64)})
    rules = key_rules("sku", TEXT, "UTC", Place("f.yaml"))
    return [rule.code for rule in rules if frame.select(rule.broken).item()]


@pytest.mark.parametrize(
    "key", ['["A","B"]', "[1]", "[-1.5e3,2]", "[null]", "[true]", "[]", "{}", '{"id":1}', "[[]]", "[{}]"]
)
def test_a_list_or_object_is_no_key(key: str) -> None:
    assert broken(key) == ["FS103"]


@pytest.mark.parametrize("key", ["A-1", "[A]", "[nullity]", "{A}", "[1", "1]", "A[1]", "[] ", "007", "-", "[A-1],[2]"])
def test_other_texts_are_keys(key: str) -> None:
    assert broken(key) == []


def test_no_key_is_what_it_was() -> None:
    assert broken(None) == ["FS102"]


def test_the_finding_shows_the_key() -> None:
    (rule,) = [rule for rule in key_rules("sku", TEXT, "UTC", Place("f.yaml"), "store/sku") if rule.code == "FS103"]
    assert (rule.attribute, rule.severity, rule.details, rule.at_row) == ("store/sku", "error", {"type": "text"}, True)
    assert pl.DataFrame({"sku": ["[1]"]}).select(rule.value).item() == "[1]"
    numbers = pl.DataFrame({"sku": [1]})
    assert not numbers.select(key_rules("sku", INTEGER, "UTC", Place("f.yaml"))[0].broken).item()
