"""A compiled template goes to another process as it is: plain pickle, whatever functions are in it."""

from __future__ import annotations

import pickle
import sys

import polars as pl
import pytest
from one_row import AS_OF, ZONE, typed, whole_columns

from feedsync.errors import Place
from feedsync.expressions import Compiled, Hoisted, Scope, Value, WholeFeeds, compile_template
from feedsync.expressions.functions import FUNCTIONS, TESTS
from feedsync.expressions.printing import to_text
from feedsync.expressions.reading import read
from feedsync.expressions.registry import Example
from feedsync.frames import dtype
from feedsync.semantics import DECIMAL, TEXT, Type, list_of

EXAMPLES = [
    pytest.param(example, id=f"{function.name}-{at}")
    for function in (*FUNCTIONS.values(), *TESTS.values())
    for at, example in enumerate(function.examples)
]


@pytest.fixture(autouse=True)
def only_plain_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polars falls back to cloudpickle where that is installed."""
    monkeypatch.setitem(sys.modules, "cloudpickle", None)


def evaluated(compiled: Compiled, hoisted: Hoisted, frame: pl.DataFrame) -> tuple[str | None, list[str]]:
    """The value as text and what fails, the steps in columns of their own first."""
    for stage in hoisted.stages():
        frame = frame.with_columns(stage)
    text = frame.with_columns(to_text(compiled.value, ZONE).alias("text"))["text"].item()
    return text, [one.code for one in compiled.failures if frame.select(failed=one.failed)["failed"].any()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_function_can_be_sent(example: Example) -> None:
    cells = {name: typed(cell) for name, cell in example.row.items()}
    names = {name: Value(pl.col(name), kind) for name, (kind, _) in cells.items()}
    scope = Scope(names=names, zone=ZONE, as_of=AS_OF, whole=WholeFeeds())
    compiled = compile_template(example.template, scope, Place("feedsync.yaml", 1, 1))
    sent, hoisted = pickle.loads(pickle.dumps((compiled, scope.hoisted)))
    frame = pl.DataFrame({name: series for name, (_, series) in cells.items()} or {"row": [0]})
    assert scope.whole is not None
    frame = frame.with_columns(step.alias(name) for name, step in whole_columns(scope.whole))
    assert evaluated(sent, hoisted, frame) == evaluated(compiled, scope.hoisted, frame)
    assert evaluated(sent, hoisted, frame)[0] == example.gives
    assert (sent.value.known, sent.value.missing) == (compiled.value.known, compiled.value.missing)


RECORD = Type("group", fields=(("country", TEXT), ("price", DECIMAL)))


@pytest.mark.parametrize("kind", [list_of(TEXT), list_of(DECIMAL), RECORD, list_of(RECORD)], ids=str)
def test_reading_json_can_be_sent(kind: Type) -> None:
    value, misfit = pickle.loads(pickle.dumps(read(pl.col("cell"), kind, ZONE)))
    cells = ['["1.50"]', "[", '{"country": "ES", "price": 1.5}', '[{"country": "ES"}]', "7", None]
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    here, there = read(pl.col("cell"), kind, ZONE)
    found, wanted = frame.select(a=value, b=misfit), frame.select(a=here, b=there)
    assert found.schema["a"] == dtype(kind, ZONE)
    assert found.equals(wanted)
    assert found["a"].null_count() < len(cells)
