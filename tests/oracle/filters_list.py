"""The oracle's list filters."""

from __future__ import annotations

from typing import Any

from declare import TESTS, oracle_filter
from filters_text import LOOSE
from oracle_values import MISSING, Run, grown, is_missing, text_of


@oracle_filter()
def split(text: str, sep: str) -> list[str]:
    return [part for part in (part.strip(LOOSE) for part in text.split(str(sep))) if part]


@oracle_filter(run=True)
def join(run: Run, values: list[Any], sep: str = "") -> str:
    return grown(str(sep).join(text_of(value, run.zone) for value in values))


@oracle_filter()
def first(values: Any) -> object:
    return values[0]


@oracle_filter()
def last(values: Any) -> object:
    return values[-1]


@oracle_filter()
def nth(values: list[Any], n: int) -> object:
    return values[n - 1] if 0 < n <= len(values) else MISSING


@oracle_filter()
def limit(values: list[Any], n: int) -> list[Any]:
    return [value for value in values if not is_missing(value)][:n]


@oracle_filter()
def skip(values: list[Any], n: int) -> list[Any]:
    return [value for value in values if not is_missing(value)][n:]


@oracle_filter()
def length(value: Any) -> int:
    return len(value)


@oracle_filter()
def dedupe(values: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if not is_missing(value) and value not in kept:
            kept.append(value)
    return kept


@oracle_filter()
def unique(values: list[Any]) -> list[Any]:
    return dedupe(values)


@oracle_filter()
def where_url(values: list[Any]) -> list[Any]:
    return [value for value in values if TESTS["url"](value)]


@oracle_filter()
def sort(values: list[Any], reverse: bool = False, order: list[str] | None = None) -> list[Any]:
    present = [value for value in values if not is_missing(value)]
    if order is None:
        return sorted(present, reverse=reverse)
    wanted = [str(entry) for entry in order]
    return sorted(present, key=lambda value: wanted.index(value) if value in wanted else len(wanted))


@oracle_filter()
def select(values: list[Any], test: str, *args: Any) -> list[Any]:
    return [value for value in values if TESTS[str(test)](value, *args)]
