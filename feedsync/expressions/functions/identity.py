"""Functions on numbers and names that say which product it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import polars as pl

from feedsync.expressions.functions.declare import apply, on_unique, refuse
from feedsync.expressions.numbers import weighted_sum
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import Value
from feedsync.semantics import GTIN, INTEGER, TEXT

BUCKETS: Final = 10**6


def gtin(text: pl.Expr) -> pl.Expr:
    """Without blanks and hyphens; nothing else changes, so a wrong number stays as it is.

    "4 006381-333931" -> "4006381333931"
    """
    return text.str.replace_all(r"[\s\-‐‑–]+", "")


def isbn_to_gtin(text: pl.Expr) -> pl.Expr:
    """The GTIN-13 of an ISBN with 10 or 13 digits; null where it is none.

    "0-306-40615-2" -> "9780306406157"
    """
    return once(_isbn, text.str.replace_all(r"(?i)^\s*isbn[:\s]*|[\s\-‐‑–]+", ""))


def _isbn(bare: pl.Expr) -> pl.Expr:
    long = bare.str.extract(r"^97[89][0-9]{10}$", 0)
    nine = bare.str.extract(r"^([0-9]{9})[0-9Xx]$", 1).cast(pl.Int64)
    return once(_longer, long, nine, bare)


def _longer(long: pl.Expr, nine: pl.Expr, bare: pl.Expr) -> pl.Expr:
    """Ten digits become thirteen with 978 in front, where the check digit of the ten is right."""
    check = (
        pl.when(bare.str.contains("[Xx]$"))
        .then(pl.lit(10))
        .otherwise(bare.str.slice(9, 1).cast(pl.Int64, strict=False))
    )
    ten = pl.sum_horizontal([(nine // 10**place) % 10 * (place + 2) for place in range(9)], ignore_nulls=False) + check
    body = (nine + 978 * 10**9) * 10
    missing_digit = (-weighted_sum(body)) % 10
    made = pl.when(ten % 11 == 0).then(body + missing_digit).cast(pl.String)
    right = pl.when(weighted_sum(long.cast(pl.Int64)) % 10 == 0).then(long)
    return pl.coalesce(right, made)


@dataclass(frozen=True)
class Digest:
    """The first hexadecimal digits of a text's SHA-256."""

    digits: int

    def __call__(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[: self.digits]


@dataclass(frozen=True)
class Bucket:
    """One of so many buckets, always the same for a text."""

    count: int

    def __call__(self, text: str) -> str:
        return str(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.count)


def _isbn_to_gtin(call: Call) -> Outcome:
    value = isbn_to_gtin(call.input.expr)
    return Outcome(Value(value, GTIN), call.input.expr.is_not_null() & value.is_null())


def _hash(call: Call) -> pl.Expr:
    digits = call.args["n"]
    if not 1 <= digits <= 64:
        raise refuse(call, "function_number_range", name="n", value=digits, minimum=1, maximum=64)
    return on_unique(call.input.expr, Digest(digits))


def _hash_bucket(call: Call) -> pl.Expr:
    count = call.args["n"]
    if not 1 <= count <= BUCKETS:
        raise refuse(call, "function_number_range", name="n", value=count, minimum=1, maximum=BUCKETS)
    return on_unique(call.input.expr, Bucket(count)).cast(pl.Int64)


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "gtin",
            lambda call: apply(gtin, call.input),
            returns=GTIN,
            may_blank=True,
            summary="Removes blanks and hyphens from a GTIN; a wrong number stays as it is and is reported.",
            examples=(
                Example("{{ ean | gtin }}", {"ean": "4 006381-333931"}, "4006381333931"),
                Example("{{ ean | gtin }}", {"ean": "4.00638E+12"}, "4.00638E+12"),
            ),
        ),
        Function(
            "isbn_to_gtin",
            _isbn_to_gtin,
            returns=GTIN,
            summary="The GTIN-13 of an ISBN-10 or ISBN-13 whose check digit is right.",
            examples=(
                Example("{{ isbn | isbn_to_gtin }}", {"isbn": "0-306-40615-2"}, "9780306406157"),
                Example("{{ isbn | isbn_to_gtin }}", {"isbn": "ISBN 0-8044-2957-X"}, "9780804429573"),
                Example("{{ isbn | isbn_to_gtin }}", {"isbn": "978-0-306-40615-7"}, "9780306406157"),
                Example("{{ isbn | isbn_to_gtin }}", {"isbn": "0-306-40615-3"}, None),
            ),
        ),
        Function(
            "hash",
            _hash,
            returns=TEXT,
            params=(Param("n", "integer", 8, literal=True),),
            python=True,
            summary="The first n hexadecimal digits of the text's SHA-256: the same in every run.",
            examples=(Example("{{ sku | hash(8) }}", {"sku": "A-1001"}, "0b1336d9"),),
        ),
        Function(
            "hash_bucket",
            _hash_bucket,
            returns=INTEGER,
            params=(Param("n", "integer", literal=True),),
            python=True,
            summary="A number from 0 to n - 1, always the same for a text: for a stable A/B split.",
            examples=(
                Example("{{ sku | hash_bucket(2) }}", {"sku": "A-1002"}, "1"),
                Example("{{ 'A' if sku | hash_bucket(2) == 0 else 'B' }}", {"sku": "A-1001"}, "B"),
            ),
        ),
    )
}
