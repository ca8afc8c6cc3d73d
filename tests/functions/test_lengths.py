"""No step makes a text beyond the limit, and what is too long is counted, not made."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_row import ZONE, run

import feedsync.expressions.lengths as lengths
from feedsync.errors import Place
from feedsync.expressions import Scope, Table, Value, compile_template
from feedsync.expressions.functions.text import ReplaceMany, regex_replaced, replaced
from feedsync.semantics import TEXT

LIMIT = 100_000
MANY = {"pairs": Table("pairs", {("a",): "bb", ("b",): "ccc"})}
# template, the text, and how many bytes come out (None: too long)
GROWING = [
    ("{{ t | replace('a', 'bb') }}", "a" * 50_000, 100_000),
    ("{{ t | replace('a', 'bb') }}", "a" * 50_001, None),
    ("{{ t | replace('a', 'bb') }}", "a" * 50_000 + "x", None),
    ("{{ t | replace('a', 'bb', 1) }}", "a" * 99_999, 100_000),
    ("{{ t | replace('a', 'bb', 1) }}", "a" * 100_000, None),
    ("{{ t | replace('a', 'é') }}", "a" * 50_001, None),
    ("{{ t | replace('é', 'oe') }}", "é" * 150_000, 300_000),
    ("{{ t | replace('a', 'bb') }}", "c" * 200_000, 200_000),
    ("{{ t | replace('ab', 'b') }}", "ab" * 200_000, 200_000),
    ("{{ t | replace_many('pairs') }}", "a" * 16_666 + "b", 99_999),
    ("{{ t | replace_many('pairs') }}", "a" * 16_667, None),
    ("{{ t | regex_replace('a', '$$$$') }}", "a" * 50_000, 100_000),
    ("{{ t | regex_replace('a', '$$$$') }}", "a" * 50_001, None),
    ("{{ t | regex_replace('(a)(b)', '$1$2$2') }}", "ab" * 33_333, 99_999),
    ("{{ t | regex_replace('(a)(b)', '$1$2$2') }}", "ab" * 33_334, None),
    ("{{ t | regex_replace('', '-') }}", "a" * 49_999, 99_999),
    ("{{ t | regex_replace('', '-') }}", "a" * 50_000, None),
    ("{{ t | regex_replace('(a+)b', '$1') }}", "aab" * 100_000, 200_000),
    ("{{ t ~ t }}", "a" * 50_000, 100_000),
    ("{{ t ~ t }}", "a" * 50_001, None),
    ("{{ t }} {{ t }}", "a" * 49_999, 99_999),
    ("{{ t }}, {{ t }}", "a" * 50_000, None),
    ("{{ t ~ 'x' }}", "a" * 150_000, 150_001),
    ("{{ [t, none, t] | join_present('--') }}", "a" * 49_999, 100_000),
    ("{{ [t, none, t] | join_present('--') }}", "a" * 50_000, None),
    ("{{ [t, none, t] | join('--') }}", "a" * 49_998, 100_000),
    ("{{ [t, none, t] | join('--') }}", "a" * 49_999, None),
    ("{{ t | split(' ') | join_present(' -- ') }}", "a " * 20_000, 99_996),
    ("{{ t | split(' ') | join(' -- ') }}", "a " * 20_002, None),
    ("{{ t | append_present(t, ' ') }}", "a" * 49_999, 99_999),
    ("{{ t | append_present(t, ' ') }}", "a" * 50_000, None),
    ("{{ 'https://x/' | utm(t, t) }}", "a" * 60_000, None),
    ("{{ t | utm(source=t) }}", "a" * 60_000, None),
]


@pytest.mark.parametrize(("template", "text", "size"), GROWING, ids=lambda part: str(part)[:45])
def test_a_text_grows_up_to_the_limit(template: str, text: str, size: int | None) -> None:
    found, failed = run(template, {"t": text}, MANY)
    assert (found and len(found.encode()), failed) == (size, [] if size else ["FS206"])


def test_a_chain_of_steps_ends_where_it_grows_too_long() -> None:
    chain = " | ".join(["t", *["replace('a', 'aaaaaaaaaa')"] * 30])
    assert run("{{ " + chain + " | default('none') }}", {"t": "a" * 1_000}) == ("none", ["FS206"])
    doubled = "".join(f"{{% set x{n + 1} = x{n} ~ x{n} %}}" for n in range(8))
    assert run("{% set x0 = t %}" + doubled + "{{ x8 }}", {"t": "a" * 1_000}) == (None, ["FS206"])


def test_a_constant_that_grows_too_long_is_a_failure_of_every_row() -> None:
    chain = " | ".join(["'a'", *["replace('a', 'aaaaaaaaaa')"] * 6])
    assert run("{{ " + chain + " }}", {"t": "x"}) == (None, ["FS206"])


def test_a_part_of_a_template_that_grows_too_long_prints_nothing() -> None:
    assert run("{% if t %}{{ t }} {{ t }}{% endif %}!", {"t": "a" * 50_000}) == ("!", ["FS206"])


def test_the_step_that_grows_too_long_is_named() -> None:
    names = {name: Value(pl.col(name), TEXT) for name in ("t", "u")}
    for template, step in [
        ("{{ t | replace('a', 'aa') | upper }}", "replace('a', 'aa')"),
        ("{{ t ~ u | upper }}", "t ~ u | upper"),
        ("{{ [t, u] | join_present(' ') }}", "join_present(' ')"),
        ("{{ t }} and\n {{ u }}", "{{ t }} and {{ u }}"),
        ("{{ t }}" + " and so on" * 9 + "{{ u }}", "{{ t }} and so on and so on and so on and so on and so on a…"),
    ]:
        failures = compile_template(template, Scope(names=names, zone=ZONE), Place("feedsync.yaml", 1, 1)).failures
        assert [(one.code, one.step, one.details) for one in failures] == [("FS206", step, {"limit": "100,000"})]


WRITTEN = st.text(alphabet=st.sampled_from("aab-é"), max_size=24)
PATTERNS = ["a", "a+", "", "b?", "(a)(b)?", "(a|b)-", "(?:a|(é))", "(é)|(-)"]
NEWS = ["", "x", "éé", "$1", "$1$1", "$1x$1", "<$1>", "$$1"]


@given(WRITTEN, st.sampled_from(PATTERNS), st.sampled_from(NEWS), WRITTEN, WRITTEN)
def test_what_is_counted_is_what_would_be_made(cell: str, pattern: str, new: str, old: str, other: str) -> None:
    """With a small limit: the text as without one, or nothing where that is longer than the limit."""
    spelled = new.replace("$1", "${1}") if "(" in pattern and "(?:" not in pattern else new.replace("$1", "")
    frame = pl.DataFrame({"cell": [cell]})
    made = frame.select(
        regex=pl.col("cell").str.replace_all(pattern, spelled),
        text=pl.col("cell").str.replace_all(old or "a", other, literal=True),
        once=pl.col("cell").str.replace(old or "a", other, literal=True, n=2),
    ).row(0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lengths, "TEXT_LIMIT", 20)
        found = frame.select(
            regex=regex_replaced(pl.col("cell"), pattern, spelled),
            text=replaced(pl.col("cell"), old or "a", other),
            once=replaced(pl.col("cell"), old or "a", other, 2),
        ).row(0)
    size = len(cell.encode())
    assert found == tuple(text if len(text.encode()) <= max(20, size) else None for text in made)


def test_a_table_of_thousands_of_replacements() -> None:
    pairs = tuple((f"<{n}>", f"[{n + 1}]") for n in range(5_000))
    texts = pl.Series("t", ["<1> <4999>", None, "x"])
    assert ReplaceMany(pairs)(texts).to_list() == ["[2] [5000]", None, "x"]
    assert not re.search("<", ReplaceMany(pairs)(texts)[0])
