"""Tests: `x is name(...)`. A missing value passes none of them but `missing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from feedsync.expressions.functions.declare import apply, refuse, text_of
from feedsync.expressions.functions.patterns import groups_of
from feedsync.expressions.numbers import gtin_restricted, gtin_valid
from feedsync.expressions.registry import Call, Example, Function, Param
from feedsync.expressions.values import Value
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import BOOLEAN, MONEY, NONE

WEB: Final = r"(?i)^https?://[^\s/?#]+(?:[/?#]\S*)?$"


def _missing(call: Call) -> pl.Expr:
    return call.input.expr.is_null()


def _present(call: Call) -> pl.Expr:
    return call.input.expr.is_not_null()


def _matching(call: Call) -> pl.Expr:
    groups_of(call, call.args["pattern"])
    return call.input.expr.str.contains(call.args["pattern"]).fill_null(False)


def _any(call: Call, check: str) -> pl.Expr:
    """True where the check holds for one of the texts at least."""
    texts: tuple[Value, ...] = call.args["texts"]
    if not texts:
        raise refuse(call, "function_argument_missing", name="texts")
    parts = [text_of(call, text) for text in texts]
    return apply(
        lambda cell, *wanted: pl.any_horizontal([_holds(cell, text, check).fill_null(False) for text in wanted]),
        call.input,
        *parts,
    )


def _holds(cell: pl.Expr, text: pl.Expr, check: str) -> pl.Expr:
    match check:
        case "starting":
            return cell.str.starts_with(text)
        case "ending":
            return cell.str.ends_with(text)
        case "entry":
            return cell.list.contains(text)
        case _:
            return cell.str.contains(text, literal=True)


def _containing(call: Call) -> pl.Expr:
    kind = call.input.type
    if kind.kind == "list" and kind.of == NONE:
        return pl.lit(False)
    if kind.kind == "list" and not (kind.of and kind.of.textual):
        raise refuse(call, "function_list_of_texts")
    return _any(call, "entry" if kind.kind == "list" else "containing")


def _between(call: Call) -> pl.Expr:
    source = call.input
    number = source.expr.struct.field("amount") if source.type == MONEY else source.expr.cast(DECIMAL_DTYPE)
    low, high = (call.args[name].expr.cast(DECIMAL_DTYPE) for name in ("low", "high"))
    return number.is_between(low, high).fill_null(False)


def _divisible(call: Call) -> pl.Expr:
    number = call.args["number"]
    if number == 0:
        raise refuse(call, "function_number_range", name="number", value=0, minimum=1, maximum=10**9)
    return (call.input.expr % pl.lit(number) == 0).fill_null(False)


def _test(name: str, build: Callable[[Call], pl.Expr], summary: str, *examples: Example, **more: Any) -> Function:
    return Function(
        name,
        build,
        returns=BOOLEAN,
        sees_missing=True,
        test=True,
        summary=summary,
        examples=examples,
        **more,
    )


ANY: Final = ("any",)
TEXTS: Final = (Param("texts", "text", (), many=True),)
JACKET: Final = {"title": "Jacket"}

TESTS: dict[str, Function] = {
    function.name: function
    for function in (
        _test(
            "missing",
            _missing,
            "There is no value.",
            Example("{{ gtin is missing }}", {"gtin": ""}, "true"),
            Example("{{ gtin is not missing }}", {"gtin": "4006381333931"}, "true"),
            takes=ANY,
        ),
        _test(
            "present",
            _present,
            "There is a value.",
            Example("{{ gtin is present }}", {"gtin": ""}, "false"),
            takes=ANY,
        ),
        _test(
            "none",
            _missing,
            "The same as missing.",
            Example("{{ gtin is none }}", {"gtin": ""}, "true"),
            takes=ANY,
            jinja="True for every missing value.",
        ),
        _test(
            "defined",
            lambda call: pl.lit(True),
            "The catalog has a field of this name (its value may be missing).",
            Example("{{ title is defined }}", JACKET, "true"),
            Example("{{ nothing is defined }}", JACKET, "false"),
            takes=ANY,
            jinja="About the field, not about its value in a row; that is `is missing`.",
        ),
        _test(
            "matching",
            _matching,
            "A regular expression finds something in the text.",
            Example("{{ sku is matching('^A-[12]$') }}", {"sku": "A-1"}, "true"),
            Example("{{ sku is matching('^A-[12]$') }}", {"sku": "A-3"}, "false"),
            params=(Param("pattern", literal=True),),
        ),
        _test(
            "starting_with",
            lambda call: _any(call, "starting"),
            "The text starts with one of the texts.",
            Example("{{ title is starting_with('Ja') }}", JACKET, "true"),
            params=TEXTS,
        ),
        _test(
            "ending_with",
            lambda call: _any(call, "ending"),
            "The text ends with one of the texts.",
            Example("{{ title is ending_with('ap', 'et') }}", JACKET, "true"),
            Example("{{ title is ending_with('ap') }}", JACKET, "false"),
            params=TEXTS,
        ),
        _test(
            "containing",
            _containing,
            "The text holds one of the texts, or the list has one of them as an entry.",
            Example("{{ title is containing('ack', 'ent') }}", JACKET, "true"),
            Example("{{ title is containing('ACK') }}", JACKET, "false"),
            Example("{{ labels is containing('clearance') }}", {"labels": '["clearance","new"]'}, "true"),
            Example("{{ labels is containing('clear') }}", {"labels": '["clearance","new"]'}, "false"),
            takes=("text", "list"),
            params=TEXTS,
        ),
        _test(
            "between",
            _between,
            "The number is not below the first and not above the second.",
            Example("{{ price is between(50, 100) }}", {"price": "59.38"}, "true"),
            Example("{{ price is between(50, 59) }}", {"price": "59.38"}, "false"),
            takes=("integer", "decimal", "money"),
            params=(Param("low", "decimal"), Param("high", "decimal")),
        ),
        _test(
            "gtin",
            lambda call: gtin_valid(call.input.expr).fill_null(False),
            "8, 12, 13 or 14 digits with a right check digit.",
            Example("{{ ean is gtin }}", {"ean": "4006381333931"}, "true"),
            Example("{{ ean is gtin }}", {"ean": "4006381333932"}, "false"),
            Example("{{ ean is not gtin }}", {"ean": "4 006381 333931"}, "true"),
        ),
        _test(
            "restricted_gtin",
            lambda call: gtin_restricted(call.input.expr).fill_null(False),
            "A number from a prefix of in-store use or coupons, which no other shop knows.",
            Example("{{ ean is restricted_gtin }}", {"ean": "2000000000008"}, "true"),
            Example("{{ ean is restricted_gtin }}", {"ean": "4006381333931"}, "false"),
        ),
        _test(
            "url",
            lambda call: call.input.expr.str.contains(WEB).fill_null(False),
            "A whole address of http or https.",
            Example("{{ link is url }}", {"link": "https://shop.example/p/1?size=M"}, "true"),
            Example("{{ link is url }}", {"link": "www.shop.example"}, "false"),
            Example("{{ link is url }}", {"link": "https://shop.example/a b"}, "false"),
        ),
        _test(
            "even",
            lambda call: (call.input.expr % 2 == 0).fill_null(False),
            "The whole number is even.",
            Example("{{ stock is even }}", {"stock": "4"}, "true"),
            takes=("integer",),
        ),
        _test(
            "odd",
            lambda call: (call.input.expr % 2 == 1).fill_null(False),
            "The whole number is odd.",
            Example("{{ stock is odd }}", {"stock": "-3"}, "true"),
            takes=("integer",),
        ),
        _test(
            "divisibleby",
            _divisible,
            "The whole number can be divided by another without a rest.",
            Example("{{ stock is divisibleby(3) }}", {"stock": "9"}, "true"),
            takes=("integer",),
            params=(Param("number", "integer", literal=True),),
        ),
    )
}
