"""A channel's patterns are compiled by the engine that will match them: what it refuses is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import AS_OF, MARKET, lines, shop

import feedsync
from feedsync.checks.patterns import pattern_errors
from feedsync.errors import FeedsyncError
from feedsync.run.lint import template_errors
from feedsync.specs.channels import channel_folders, load_channel

FIX = (
    "Write a regular expression without look-around, back-references and large repeat counts; in single quotes a "
    "backslash is itself."
)


def refused(folder: Path, attributes: str) -> list[str]:
    shop(folder, lines("sku", "A"), "", attributes)
    with pytest.raises(FeedsyncError) as caught:
        feedsync.load_project(folder, as_of=AS_OF, env={}).check()
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "unclosed group"),
        ("[a", "unclosed character class"),
        ("a{2,1}", "invalid repetition count range, the start must be <= the end"),
        ("\\", "incomplete escape sequence, reached end of pattern prematurely"),
        (r"\p{Foo}", "Unicode property not found"),
        ("a(?=b)", "look-around, including look-ahead and look-behind, is not supported"),
        ("(?<!a)b", "look-around, including look-ahead and look-behind, is not supported"),
        (r"(a)\1", "backreferences are not supported"),
        ("(a{1000}){1000}", "Compiled regex exceeds size limit of 10485760 bytes"),
    ],
)
def test_a_pattern_that_does_not_compile_stops_the_run_at_its_place(tmp_path: Path, pattern: str, reason: str) -> None:
    assert refused(tmp_path, f"a: {{pattern: '{pattern}'}}\n") == [
        f'channel_specs/probe/1/attributes.yaml:2:14: error: a.pattern: "{pattern}" is no pattern: {reason}. {FIX}'
    ]


@pytest.mark.parametrize(
    "pattern", ["^[A-Z]{2}$", r"\p{L}+|\pN|[\p{Lu}\x{1F600}]\z", "[(?=)]", r"\(\?=", "(?i:c)(?P<n>d)", "a**"]
)
def test_a_pattern_that_compiles(tmp_path: Path, pattern: str) -> None:
    shop(tmp_path, lines("sku", "A"), "", f"a: {{pattern: '{pattern}'}}\n")
    assert pattern_errors(load_channel("probe", tmp_path)) == []


def test_every_wrong_pattern_is_named_at_once_wherever_it_stands(tmp_path: Path) -> None:
    attributes = """\
a: {pattern: "("}
b: {type: list, of: {type: text, pattern: "[" }}
c: {type: group, fields: {x: {type: text}, y: {type: url, pattern: "*"}}}
"""
    found = refused(tmp_path, attributes)
    assert [one.partition(" is no")[0] for one in found] == [
        'channel_specs/probe/1/attributes.yaml:2:14: error: a.pattern: "("',
        'channel_specs/probe/1/attributes.yaml:3:43: error: b.of.pattern: "["',
        'channel_specs/probe/1/attributes.yaml:4:68: error: c.fields.y.pattern: "*"',
    ]
    assert [error.message() for error in template_errors(load_channel("probe", tmp_path))] == found


def test_two_feeds_of_one_channel_name_its_pattern_once(tmp_path: Path) -> None:
    shop(tmp_path, lines("sku", "A"), "", "a: {pattern: '('}\n")
    text = (tmp_path / "feedsync.yaml").read_text()
    (tmp_path / "feedsync.yaml").write_text(text + f"  g: {{channel: probe, market: {MARKET}}}\n")
    with pytest.raises(FeedsyncError) as caught:
        feedsync.load_project(tmp_path, as_of=AS_OF, env={}).check()
    assert len(str(caught.value).split("\n")) == 1


@pytest.mark.parametrize("name", [entry.full_name for entry in channel_folders(None)])
def test_the_patterns_of_the_channels_that_come_with_feedsync(name: str) -> None:
    assert pattern_errors(load_channel(name, None)) == []
