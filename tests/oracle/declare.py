"""How the oracle's filters and tests are declared: plain functions on plain values, wrapped for missing and failures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from oracle_values import MISSING, Fail, Literal, Run, is_missing, settled

FILTERS: dict[str, Callable[..., object]] = {}
TESTS: dict[str, Callable[..., bool]] = {}


def absent(argument: object) -> bool:
    """A missing argument. A literal '' or ' ' is a text an author wrote, e.g. what to replace something with."""
    if isinstance(argument, (tuple, list, dict)):
        return False
    return is_missing(argument) and not isinstance(argument, Literal)


def oracle_filter(
    *, sees_missing: bool = False, run: bool = False, name: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a filter. It gets the run first where `run`; missing in gives missing out unless it `sees_missing`."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        called = name or function.__name__

        @pass_context
        def step(context: Context, value: object, *args: object, **named: object) -> object:
            if not sees_missing and (is_missing(value) or any(map(absent, (*args, *named.values())))):
                return MISSING
            state: Run = context["_run"]
            try:
                given = function(*((state,) if run else ()), value, *args, **named)
            except Fail as failure:
                state.failures.append((failure.code, called))
                return MISSING
            return settled(given)

        FILTERS[called] = step
        return function

    return declare


def oracle_test(*, sees_missing: bool = False, name: str | None = None) -> Callable[..., Callable[..., bool]]:
    """Declare a test; of a missing value it is false unless it `sees_missing`."""

    def declare(function: Callable[..., bool]) -> Callable[..., bool]:
        def asked(value: object, *args: object, **named: object) -> bool:
            return (sees_missing or not is_missing(value)) and bool(function(value, *args, **named))

        TESTS[name or function.__name__] = asked
        return function

    return declare
