"""The oracle's filters that choose: defaults, tables, identity numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import wraps
from typing import Any

from declare import oracle_filter
from oracle_values import BLANKS, MISSING, Fail, NumericText, OracleTable, Run, is_missing, text_of

CANONICAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,8})?", re.ASCII)


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


def or_default(find: Any) -> Any:
    """A missing key is missing; what is not found is the default, where there is one."""

    @wraps(find)
    def asked(run: Run, value: Any, table: Any, *keys: Any, default: Any = ...) -> object:
        if is_missing(value) or any(map(is_missing, keys)):
            return MISSING
        try:
            return find(run, value, named(run, table), *keys)
        except Fail:
            if default is ...:
                raise
            return default

    return asked


@oracle_filter(run=True, sees_missing=True)
@or_default
def lookup(run: Run, value: Any, table: OracleTable, *keys: Any) -> object:
    return found(table, tuple(text_of(part, run.zone).strip(BLANKS) for part in (value, *keys)))


@oracle_filter(run=True, sees_missing=True)
@or_default
def value_map(run: Run, value: Any, table: OracleTable) -> object:
    return found(table, (text_of(value, run.zone).strip(BLANKS),))


@oracle_filter(run=True, sees_missing=True)
@or_default
def category(run: Run, value: str, table: OracleTable) -> object:
    paths = {steps(key[0], table.separator): entry for key, entry in table.rows.items()}
    path = steps(value, table.separator)
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
    return "".join(c for c in text if c not in BLANKS + "\u2212" and unicodedata.category(c) != "Pd")


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
