"""Every example of every function is its test, and every function has one."""

from __future__ import annotations

import pytest
from jinja2.defaults import DEFAULT_FILTERS
from one_row import run, run_rows, typed

from feedsync.expressions.functions import FUNCTIONS, JINJA_REFUSED, TESTS
from feedsync.expressions.registry import Example, Function

ALL = [*FUNCTIONS.values(), *TESTS.values()]
EXAMPLES = [
    pytest.param(example, id=f"{'is ' if function.test else ''}{function.name}-{at}")
    for function in ALL
    for at, example in enumerate(function.examples)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: Example) -> None:
    assert run(example.template, example.row)[0] == example.gives


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_row_knows_nothing_of_its_neighbours(example: Example) -> None:
    """A batch of rows gives what each row gives alone, also between rows without values."""
    cells = {name: typed(cell) for name, cell in example.row.items()}
    alone, empty = (run_rows(example.template, cells, [row])[0][0] for row in (0, None))
    assert run_rows(example.template, cells, [0, None, 0, 0, None])[0] == [alone, empty, alone, alone, empty]
    assert run_rows(example.template, cells, [])[0] == []


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
def test_a_function_is_documented(function: Function) -> None:
    assert function.examples
    assert any(function.name in example.template for example in function.examples)
    assert function.summary.endswith(".")
    assert FUNCTIONS.get(function.name) is function or TESTS.get(function.name) is function


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
def test_without_input_there_is_nothing(function: Function) -> None:
    """A missing input gives missing and no failure, but where a function is about what is missing."""
    if (
        function.test
        or function.whole_feed
        or function.name in ("default", "first_of", "lookup", "join_present", "min", "max", "sum")
    ):
        return
    example = function.examples[0]
    if example.row:
        assert run(example.template, example.row, missing=True) == (None, [])


def test_every_filter_of_jinja_is_here_or_refused() -> None:
    assert set(DEFAULT_FILTERS) == (set(FUNCTIONS) & set(DEFAULT_FILTERS)) | set(JINJA_REFUSED)
    assert not set(FUNCTIONS) & set(JINJA_REFUSED)


def test_what_differs_from_jinja_is_said() -> None:
    """A sentence for each filter of the same name that differs, none for our own."""
    same = {name for name in FUNCTIONS if name in DEFAULT_FILTERS and not FUNCTIONS[name].jinja}
    assert same == {"abs", "capitalize", "join", "length", "lower", "replace", "upper"}
    assert [name for name in FUNCTIONS if FUNCTIONS[name].jinja and name not in DEFAULT_FILTERS] == []
