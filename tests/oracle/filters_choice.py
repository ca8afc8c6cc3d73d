"""The oracle's filters that choose: defaults, tables, identity numbers."""

from __future__ import annotations

import re
from typing import Any

from declare import oracle_filter, oracle_test
from oracle_values import BLANKS, MISSING, Fail, NumericText, OracleTable, Run, is_missing, text_of

CANONICAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,8})?", re.ASCII)
IN_STORE = re.compile(r"0*2")


@oracle_filter(sees_missing=True)
def default(value: object, other: object = MISSING) -> object:
    return other if is_missing(value) else value


@oracle_filter(sees_missing=True)
def first_of(value: Any, *others: object) -> object:
    chain = value if isinstance(value, list) else [value, *others]
    return next((entry for entry in chain if not is_missing(entry)), MISSING)


def named(run: Run, table: Any) -> OracleTable:
    if isinstance(table, dict):
        return OracleTable({(str(key),): str(value) for key, value in table.items()})
    return run.tables[str(table)]


def found(table: OracleTable, key: tuple[str, ...]) -> str:
    """The row of the key; a number where all of the table's values are numbers."""
    rows = {tuple(part.strip(BLANKS) for part in k): value for k, value in table.rows.items()}
    if key not in rows:
        raise Fail("FS202")
    numeric = all(CANONICAL.fullmatch(value) for value in rows.values())
    return NumericText(rows[key]) if numeric else rows[key]


@oracle_filter(run=True, sees_missing=True)
def lookup(run: Run, value: Any, table: Any, *keys: Any, default: Any = ...) -> object:
    if is_missing(value) or any(map(is_missing, keys)):
        return MISSING
    try:
        return found(named(run, table), tuple(text_of(part, run.zone).strip(BLANKS) for part in (value, *keys)))
    except Fail:
        if default is ...:
            raise
        return default


@oracle_filter(run=True)
def value_map(run: Run, value: Any, table: Any) -> object:
    return found(named(run, table), (text_of(value, run.zone).strip(BLANKS),))


@oracle_filter(run=True)
def category(run: Run, value: str, table: Any) -> object:
    rows = named(run, table)
    paths = {steps(key[0], rows.separator): entry for key, entry in rows.rows.items()}
    path = steps(value, rows.separator)
    for length in range(len(path), 0, -1):
        if path[:length] in paths:
            return paths[path[:length]]
    raise Fail("FS202")


def steps(path: str, separator: str) -> tuple[str, ...]:
    return tuple(step.strip(BLANKS) for step in path.split(separator))


def check_digit(digits: str) -> int:
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return -total % 10


@oracle_filter(name="gtin")
def gtin_filter(text: str) -> str:
    return re.sub(f"[{BLANKS}-]", "", text)


@oracle_test(name="gtin")
def gtin_test(text: str) -> bool:
    right = re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", text) is not None
    return right and check_digit(text[:-1]) == int(text[-1])


@oracle_filter()
def isbn_to_gtin(text: str) -> str:
    digits = re.sub(f"[{BLANKS}-]", "", text).upper()
    if re.fullmatch(r"97[89][0-9]{10}", digits) and check_digit(digits[:-1]) == int(digits[-1]):
        return digits
    if not re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        raise Fail
    weighted = sum((10 - at) * (10 if d == "X" else int(d)) for at, d in enumerate(digits))
    if weighted % 11:
        raise Fail
    body = "978" + digits[:9]
    return body + str(check_digit(body))
