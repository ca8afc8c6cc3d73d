"""Compiled and slow must agree on every value, type and failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import pytest
from calls import FILTERS, LISTED, TESTS, WHOLE_FEED
from compiled_side import compiled_results, same
from declare import FILTERS as ORACLE_FILTERS
from declare import TESTS as ORACLE_TESTS
from evaluator import evaluate
from hypothesis import HealthCheck, given, settings
from nasty import AS_OF, FEED, FIELDS, MARKET, TABLES, VALUES, ZONE
from templates import rows, template

from feedsync.expressions import functions

QUIET = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def disagreements(source: str, given_rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The rows in which the two differ, for people to read."""
    fast = compiled_results(source, given_rows)
    found = []
    for row, compiled in zip(given_rows, fast, strict=True):
        oracle = evaluate(source, row, market=MARKET, feed=FEED, tables=TABLES, zone=ZONE, as_of=AS_OF)
        if not same(compiled, oracle):
            read = {name: value for name, value in row.items() if name in source}
            found.append(f"{source}\n  row      {read}\n  compiled {tuple(compiled)}\n  oracle   {tuple(oracle)}")
    return found


@settings(QUIET, max_examples=400)
@given(template(3), rows())
def test_compiled_and_slow_agree(source: str, given_rows: list[dict[str, object]]):
    assert disagreements(source, given_rows) == []


@pytest.mark.slow
@settings(QUIET, max_examples=20_000)
@given(template(4), rows())
def test_compiled_and_slow_agree_at_length(source: str, given_rows: list[dict[str, object]]):
    assert disagreements(source, given_rows) == []


KNOWN = {"text": "'24.12.2026'", "integer": "7", "decimal": "-2.675", "boolean": "true", "date": "as_of"}


def grid() -> list[tuple[str, str]]:
    """Each way to call each function: on a field of its input type, on a literal, on a list with missing entries."""
    inputs = {kind: [next(name for name, of in FIELDS.items() if of == kind)] for kind in VALUES}
    for kind, literal in KNOWN.items():
        inputs[kind].append(literal)
    inputs["list"] += ["[t1, t2, 'S', t1]", "[none, '']"]
    sources = [
        (f"{{{{ {given} {sign} {c.name}{f'({a})' if a else ''} }}}}", c.takes)
        for sign, calls in (("|", FILTERS), ("is", TESTS))
        for c in calls
        for given in inputs[c.takes][: 1 if c.name == "defined" else None]
        for a in c.args
    ]
    pairs = [
        ("d1", "d2"),
        ("n1", "n2"),
        ("d1", "n2"),
        ("n1", "d2"),
        ("n1", "0"),
        ("d1", "0.5"),
        ("7", "n2"),
        ("none", "''"),
    ]
    folds = [(f"{{{{ [{a}, {b}] | {c.name} }}}}", "decimal") for c in LISTED for a, b in pairs]
    signs = [
        (f"{{{{ {a} {sign} {b} }}}}", "decimal")
        for sign in ("+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=")
        for a, b in pairs[:-1]
    ]
    return [*sources, *folds, *signs, *(("x {{ " + inputs[kind][0] + " }}", kind) for kind in VALUES if kind != "list")]


def crossed(kind: str, source: str) -> list[dict[str, object]]:
    """Every nasty value of the type beside others; for two numbers every pair; each field gone; nothing at all."""
    full = {name: VALUES[of][1] for name, of in FIELDS.items()}
    beside = [
        {
            name: VALUES[of][(row * (1 if of == kind else 5) + at * 7) % len(VALUES[of])]
            for at, (name, of) in enumerate(FIELDS.items())
        }
        for row in range(max(len(VALUES[kind]), 60))
    ]
    two = "d2" in source or "n2" in source
    pairs = [
        full | {"d1": decimal, "d2": other, "n1": integer, "n2": whole}
        for decimal, integer in zip(VALUES["decimal"], cycle(VALUES["integer"]))
        for other, whole in zip(VALUES["decimal"], cycle(VALUES["integer"]))
    ]
    gone = [full | {name: None} for name in FIELDS]
    return [*beside, *(pairs if two else []), *gone, dict.fromkeys(FIELDS)]


@pytest.mark.parametrize(("source", "kind"), grid(), ids=lambda part: part)
def test_every_call_of_every_function(source: str, kind: str):
    assert disagreements(source, crossed(kind, source)) == []


def test_every_function_is_compared():
    ours = {c.name for c in (*FILTERS, *LISTED)}, {c.name for c in TESTS}
    registered = registry()
    assert sorted(registered[0] - ours[0] - set(WHOLE_FEED)) == []
    assert sorted(registered[1] - ours[1]) == []
    assert sorted(ours[0] - set(ORACLE_FILTERS)) == []
    assert sorted(ours[1] - set(ORACLE_TESTS)) == []


def registry() -> tuple[set[str], set[str]]:
    return set(functions.FUNCTIONS), set(functions.TESTS)
