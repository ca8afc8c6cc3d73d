"""Whatever a template says, compiling it ends quickly, and in a TemplateError or a value that runs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from template_bench import AT, EMPTY, FULL, rows, scope

from feedsync.errors import TemplateError
from feedsync.expressions import compile_condition, compile_template
from feedsync.expressions.functions import FUNCTIONS, TESTS

DEEP = {
    "parentheses": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "ifs": "{% if 1 %}" * 2500 + "{% endif %}" * 2500,
    "not": "{{ " + "not " * 5000 + "price }}",
    "minus": "{{ " + "-" * 5000 + "price }}",
    "brackets": "{{ " + "[" * 5000 + " }}",
    "filters": "{{ title" + " | upper" * 5000 + " }}",
    "parts": "{{ 1" + " ~ 1" * 1000 + " }}",
    "length": "x" * (64 * 1024 + 1),
    "text": "{{ '" + "x" * (10 * 1024) + "' }}",
    "doubling": "{% set a0 = title %}"
    + "".join(f"{{% set a{i + 1} = a{i} ~ a{i} %}}" for i in range(40))
    + "{{ a40 }}",
}


@pytest.mark.parametrize("template", DEEP.values(), ids=DEEP.keys())
def test_beyond_the_limits(template: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(TemplateError):
        compile_template(template, scope(), AT)
    assert time.perf_counter() - begun < 2


WITHIN = {
    "steps": "{{ title" + " | truncate_words(20) | trim" * 40 + " }}",
    "defaults": "{{ title" + " | default(brand)" * 80 + " }}",
    "products": "{{ price" + " * 1.1" * 80 + " }}",
    "quotients": "{{ " + "1 / (" * 40 + "price" + ")" * 40 + " }}",
    "choices": "{{ " + "('a' if price > 1 else " * 30 + "'b'" + ")" * 30 + " }}",
    "conditions": "{{ 'a' if " + " and ".join(["price > stock"] * 80) + " else 'b' }}",
    "elifs": "{% if stock == 0 %}0" + "".join(f"{{% elif stock == {i} %}}{i}" for i in range(100)) + "{% endif %}",
    "sets": "{% set a0 = title %}"
    + "".join(
        f"{{% if price > {i} %}}{{% set a{i + 1} = a{i} %}}{{% else %}}{{% set a{i + 1} = brand %}}{{% endif %}}"
        for i in range(30)
    )
    + "{{ a30 }}",
}


@pytest.mark.parametrize("template", WITHIN.values(), ids=WITHIN.keys())
def test_no_tree_doubles(template: str) -> None:
    begun = time.perf_counter()
    names = scope()
    found = compile_template(template, names, AT)
    frame = rows(FULL, EMPTY)
    for stage in names.hoisted.stages():
        frame = frame.lazy().with_columns(stage).collect()
    failed = {f"failure {at}": failure.failed for at, failure in enumerate(found.failures)}
    assert frame.lazy().with_columns(result=found.value.expr, **failed).collect().height == 2
    assert time.perf_counter() - begun < 5


FRAGMENTS = [
    *("{{ ", " }}", "{% if ", " %}", "{% else %}", "{% endif %}", "{% set x = ", "{#", "#}", "{%- ", "{", "}"),
    *("title", "price", "stock", "cost", "tags", "active", "day", "color", "x", "market", "market.country", "as_of"),
    *("'a'", '"', "'", "' '", "1", "2.5", "0", "1e5", "007", "none", "true", "field('sku')", "lookup('iva')", "é", "“"),
    *"+-*/%~()[],.:|=;?\\\n ",
    *("//", "**", "==", "!=", "<", ">", "in", "not in", "and", "or", "not", "if", "else", "is missing", "is defined"),
    *(f"| {name}" for name in FUNCTIONS),
    *(f"is {name}" for name in TESTS),
    *("(2)", "('a')", "('EUR')", "(1, 2)", "(x=1)", "(none)", "(title)", "(price)", "(tags)", "(-1)", "(['a'])"),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14), st.booleans(), st.booleans())
def test_any_words_compile_or_are_refused(words: list[str], inside: bool, condition: bool) -> None:
    text = " ".join(words)
    names = scope()
    try:
        build = compile_condition if condition else compile_template
        found = build("{{ " + text + " }}" if inside else text, names, AT)
    except TemplateError as error:
        assert str(error).startswith("feedsync.yaml:")  # noqa: PT017  # what is raised is the subject
        return
    frame = rows(FULL, EMPTY)
    for stage in names.hoisted.stages():
        frame = frame.with_columns(stage)
    failed = {f"failure {at}": failure.failed for at, failure in enumerate(found.failures)}
    assert frame.with_columns(result=found.value.expr, **failed).height == 2


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    for template in (text, "{{" + text + "}}", "{{ '" + text + "' }}"):
        try:
            compile_template(template, scope(), AT)
        except TemplateError as error:
            assert str(error)  # noqa: PT017  # its text can be written
