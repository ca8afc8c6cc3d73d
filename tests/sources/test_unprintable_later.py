"""Characters that no text has do not come in later either: not by escapes of JSON texts, not by those of YAML."""

from __future__ import annotations

import polars as pl
import pytest

from feedsync.errors import ConfigError
from feedsync.expressions.functions.json_path import parse_path
from feedsync.expressions.reading import read
from feedsync.semantics import TEXT, list_of
from feedsync.specs.yaml import parse


def test_not_by_a_path_into_json() -> None:
    path = parse_path("$.a")
    assert path is not None
    assert path('{"a": "A-1\\u0001\\b"}') == "A-1"
    assert path('{"a": ""}') == ""
    assert path('{"a": null}') is None


def test_not_by_a_list_written_as_json() -> None:
    value, misfit = read(pl.col("t"), list_of(TEXT), "UTC")
    frame = pl.DataFrame({"t": ['["A\\u0001", "b"]']}).select(value.alias("v"), misfit.alias("m"))
    assert frame.rows() == [(["A", "b"], False)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (r"a\x01", "U+0001"),
        (r"\u0000b", "U+0000"),
        (r"{{ sku ~ '\x7f' }}", "U+007F"),
        (r"\uFFFE1", "U+FFFE"),
    ],
)
def test_not_by_an_escape_of_yaml(written: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f'feeds:\n  g: {{title: "{written}"}}', "f.yaml")
    assert caught.value.message() == (
        f"f.yaml:2:14: error: feeds.g.title: the file holds the control character {code}. Delete it."
    )


def test_a_delimiter_may_be_one() -> None:
    assert parse(r'delimiter: "\x01"', "f.yaml").data == {"delimiter": "\x01"}
    assert parse(r'text: "a\tb\nc"', "f.yaml").data == {"text": "a\tb\nc"}
