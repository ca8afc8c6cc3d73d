"""Functions on numbers. On money they change the amount and keep the currency."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import polars as pl

from feedsync.expressions.functions.declare import all_present, apply, refuse
from feedsync.expressions.numbers import money_struct
from feedsync.expressions.once import once
from feedsync.expressions.printing import literal_text
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import WIDEST, Value
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import DECIMAL, INTEGER, MONEY, SCALE, TEXT, Type

HUNDREDTH: Final = Decimal("0.01")
MODES: Final = ("half_up", "half_even", "up", "down", "ceil", "floor")


def decimal(value: Decimal | int) -> pl.Expr:
    """A constant in the type of every decimal."""
    return pl.lit(Decimal(value), dtype=DECIMAL_DTYPE)


def rounded(number: pl.Expr, digits: int, mode: str) -> pl.Expr:
    """To so many decimals; half_up is half away from zero, up away from zero, down towards zero.

    59.381, 2, "half_up" -> 59.38; 2.665, 2, "half_even" -> 2.66; 17.301, 2, "up" -> 17.31
    """
    if mode in ("half_up", "half_even"):
        return number.round(digits, mode="half_away_from_zero" if mode == "half_up" else "half_to_even")
    moved = number * decimal(10**digits)
    low, high = moved.floor(), moved.ceil()
    outer, inner = pl.when(number < 0).then(low).otherwise(high), pl.when(number < 0).then(high).otherwise(low)
    return {"floor": low, "ceil": high, "up": outer, "down": inner}[mode] * decimal(Decimal(1).scaleb(-digits))


def add_percent(number: pl.Expr, percent: pl.Expr) -> pl.Expr:
    """So much percent more; a negative percent takes off.

    49.9, 19 -> 59.381
    """
    return number * (percent * decimal(HUNDREDTH) + decimal(1))


def remove_percent(number: pl.Expr, percent: pl.Expr) -> pl.Expr:
    """What a number was before the percent came upon it; null for -100 percent.

    59.38, 19 -> 49.89915966
    """
    whole = percent + decimal(100)
    return number * decimal(100) / pl.when(whole != 0).then(whole)


def margin(price: pl.Expr, cost: pl.Expr) -> pl.Expr:
    """The percent of the price that the cost leaves; null where the price is 0.

    50, 30 -> 40
    """
    return (price - cost) * decimal(100) / pl.when(price != 0).then(price)


def round_to_ending(number: pl.Expr, ending: Decimal) -> pl.Expr:
    """The smallest number that ends so and is not below it.

    17.30, 0.99 -> 17.99; 17.995, 0.99 -> 18.99; 123, 9 -> 129
    """
    step = Decimal(10) ** len(str(int(ending))) if ending >= 1 else Decimal(1)
    return ((number - decimal(ending)) / decimal(step)).ceil() * decimal(step) + decimal(ending)


def band(number: pl.Expr, bounds: list[Decimal]) -> pl.Expr:
    """The band a number lies in, its lower bound with it; null below the first.

    59.38, [0, 50, 100] -> "50-100"
    """
    names = [f"{literal_text(low)}-{literal_text(high)}" for low, high in pairwise(bounds)]
    names.append(f"{literal_text(bounds[-1])}+")
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for low, name in zip(bounds, names, strict=True):
        found = pl.when(number >= decimal(low)).then(pl.lit(name)).otherwise(found)
    return found


def numeric(
    call: Call, function: Callable[..., pl.Expr], *arguments: Any, kind: Type = DECIMAL, sure: bool = False
) -> Outcome:
    """`function(number, ...)` as the given type; on money as money.

    Out of bounds, or null, is a failure; `sure` says that neither can be.
    """
    source = call.input
    money = source.type == MONEY
    number = source.expr.struct.field("amount") if money else source.expr.cast(DECIMAL_DTYPE)
    values = [value for value in arguments if isinstance(value, Value)]
    exprs = [value.expr.cast(DECIMAL_DTYPE) if isinstance(value, Value) else value for value in arguments]
    result = apply(function, number, *exprs)
    if not sure:
        result = once(lambda found: pl.when(found.abs() < WIDEST).then(found), result)
    failed = None if sure else all_present(source, *values) & result.is_null()
    if money:
        whole = apply(_same_currency, result, source.expr.struct.field("currency"))
        return Outcome(Value(whole, MONEY, currency=source.currency), failed, "FS205")
    return Outcome(Value(result.cast(pl.Int64) if kind == INTEGER else result, kind), failed, "FS205")


def _same_currency(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    return pl.when(amount.is_not_null()).then(money_struct(amount, currency))


def _rounding(call: Call, digits: int, mode: str) -> Outcome | Value:
    if not 0 <= digits <= SCALE:
        raise refuse(call, "function_number_range", name="digits", value=digits, minimum=0, maximum=SCALE)
    if mode not in MODES:
        raise refuse(call, "function_choice", name="mode", value=mode, known=", ".join(MODES))
    if call.input.type == INTEGER:
        return call.input
    return numeric(call, lambda number: rounded(number, digits, mode), kind=DECIMAL if digits else INTEGER)


def _round_to_ending(call: Call) -> Outcome:
    ending = Decimal(call.args["ending"])
    if not 0 <= ending < 10**6:
        raise refuse(call, "function_number_range", name="ending", value=ending, minimum=0, maximum=10**6 - 1)
    return numeric(call, lambda number: round_to_ending(number, ending))


def _clamp(call: Call) -> Outcome | Value:
    low, high = (call.args[name] if isinstance(call.args[name], Value) else None for name in ("min", "max"))
    bounds = [value for value in (low, high) if value is not None and not value.missing]
    if not bounds:
        raise refuse(call, "function_argument_missing", name="min or max")
    whole = call.input.type == INTEGER and all(bound.type == INTEGER for bound in bounds)

    def clamp(number: pl.Expr, *limits: pl.Expr) -> pl.Expr:
        rest = list(limits)
        if low is not None and not low.missing:
            number = pl.when(number < rest[0]).then(rest.pop(0)).otherwise(number)
        return pl.when(number > rest[0]).then(rest[0]).otherwise(number) if rest else number

    return numeric(call, clamp, *bounds, kind=INTEGER if whole else DECIMAL, sure=True)


def _abs(call: Call) -> Outcome | Value:
    return numeric(
        call, lambda number: number.abs(), kind=INTEGER if call.input.type == INTEGER else DECIMAL, sure=True
    )


def _band(call: Call) -> pl.Expr:
    given = call.args["bounds"] if isinstance(call.args["bounds"], list) else []
    bounds = [Decimal(bound) for bound in given if isinstance(bound, int | Decimal)]
    if not bounds or len(bounds) < len(given) or bounds != sorted(set(bounds)):
        raise refuse(call, "function_bounds")
    source = call.input
    number = source.expr.struct.field("amount") if source.type == MONEY else source.expr.cast(DECIMAL_DTYPE)
    return apply(lambda part: band(part, bounds), number)


NUMBERS: Final = ("integer", "decimal", "money")
PERCENT: Final = (Param("percent", "decimal"),)
DIGITS: Final = Param("digits", "integer", 0, literal=True)
NET: Final = {"price": "49.9"}

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "round",
            lambda call: _rounding(call, call.args["digits"], "half_up"),
            takes=NUMBERS,
            params=(DIGITS,),
            summary="Rounds to so many decimals, half away from zero; without digits to a whole number.",
            examples=(
                Example("{{ 2.675 | round(2) }}", {}, "2.68"),
                Example("{{ (-2.5) | round }}", {}, "-3"),
                Example("{{ price | round(2) }}", {"price": "59.381"}, "59.38"),
            ),
            jinja="Exact decimals, half away from zero; other modes are round_to, ceil and floor.",
        ),
        Function(
            "round_to",
            lambda call: _rounding(call, call.args["digits"], call.args["mode"]),
            takes=NUMBERS,
            params=(Param("digits", "integer", literal=True), Param("mode", "text", "half_up", literal=True)),
            summary="Rounds to so many decimals by half_up, half_even, up, down, ceil or floor.",
            examples=(
                Example("{{ 59.381 | round_to(2, 'half_up') }}", {}, "59.38"),
                Example("{{ 2.665 | round_to(2, 'half_even') }}", {}, "2.66"),
                Example("{{ (-17.301) | round_to(2, 'up') }}", {}, "-17.31"),
                Example("{{ (-17.309) | round_to(2, mode='down') }}", {}, "-17.3"),
                Example("{{ (-17.301) | round_to(1, mode='ceil') }}", {}, "-17.3"),
            ),
        ),
        Function(
            "round_to_ending",
            _round_to_ending,
            takes=NUMBERS,
            params=(Param("ending", "decimal", literal=True),),
            summary="Rounds up to the next number that ends so: 0.99, 0.5 or 9.",
            examples=(
                Example("{{ 17.30 | round_to_ending(0.99) }}", {}, "17.99"),
                Example("{{ 17.995 | round_to_ending(0.99) }}", {}, "18.99"),
                Example("{{ 17.99 | round_to_ending(0.99) }}", {}, "17.99"),
                Example("{{ 123 | round_to_ending(9) }}", {}, "129"),
            ),
        ),
        Function(
            "ceil",
            lambda call: _rounding(call, 0, "ceil"),
            takes=NUMBERS,
            summary="The next whole number above.",
            examples=(Example("{{ 17.30 | ceil }}", {}, "18"), Example("{{ (-17.30) | ceil }}", {}, "-17")),
        ),
        Function(
            "floor",
            lambda call: _rounding(call, 0, "floor"),
            takes=NUMBERS,
            summary="The next whole number below.",
            examples=(Example("{{ 17.30 | floor }}", {}, "17"), Example("{{ (-17.30) | floor }}", {}, "-18")),
        ),
        Function(
            "abs",
            _abs,
            takes=NUMBERS,
            summary="The number without its sign.",
            examples=(Example("{{ (-3) | abs }}", {}, "3"), Example("{{ -3.50 | abs }}", {}, "3.5")),
        ),
        Function(
            "clamp",
            _clamp,
            takes=NUMBERS,
            params=(Param("min", "number", None), Param("max", "number", None)),
            summary="Not below `min` and not above `max`; either may be left out. A whole number between whole numbers "
            "stays one.",
            examples=(
                Example("{{ stock | clamp(0, 99) }}", {"stock": "1000"}, "99"),
                Example("{{ stock | clamp(max=99) }}", {"stock": "-5"}, "-5"),
                Example("{{ stock | clamp(min=0) }}", {"stock": "-5"}, "0"),
                Example("{{ stock | clamp(0.5, 9) }}", {"stock": "0"}, "0.5"),
            ),
        ),
        Function(
            "add_percent",
            lambda call: numeric(call, add_percent, call.args["percent"]),
            takes=NUMBERS,
            params=PERCENT,
            summary="So much percent more; a negative percent takes off.",
            examples=(
                Example("{{ 100 | add_percent(10) }}", {}, "110"),
                Example("{{ 100 | add_percent(-10) }}", {}, "90"),
            ),
        ),
        Function(
            "add_tax",
            lambda call: numeric(call, add_percent, call.args["percent"]),
            takes=NUMBERS,
            params=PERCENT,
            summary="A net price with so much percent of tax; rounding is a step of its own.",
            examples=(
                Example("{{ price | add_tax(19) }}", NET, "59.381"),
                Example("{{ price | add_tax(19) | money('EUR') }}", NET, "59.38 EUR"),
            ),
        ),
        Function(
            "remove_tax",
            lambda call: numeric(call, remove_percent, call.args["percent"]),
            takes=NUMBERS,
            params=PERCENT,
            summary="The net price of a price with so much percent of tax in it; rounding is a step of its own.",
            examples=(
                Example("{{ price | remove_tax(19) | money('EUR') }}", {"price": "59.38"}, "49.90 EUR"),
                Example("{{ price | remove_tax(-100) }}", {"price": "59.38"}, None),
            ),
        ),
        Function(
            "margin",
            lambda call: numeric(call, margin, call.args["cost"]),
            takes=("integer", "decimal"),
            params=(Param("cost", "decimal"),),
            summary="The percent of the price that the cost leaves.",
            examples=(
                Example("{{ price | margin(cost) }}", {"price": "50", "cost": "30"}, "40"),
                Example("{{ price | margin(cost) }}", {"price": "0", "cost": "30"}, None),
            ),
        ),
        Function(
            "band",
            _band,
            takes=NUMBERS,
            returns=TEXT,
            params=(Param("bounds", "list", literal=True),),
            summary="The band a number lies in, such as 50-100 or 100+; a lower bound belongs to its band.",
            examples=(
                Example("{{ price | band([0, 50, 100]) }}", {"price": "59.38"}, "50-100"),
                Example("{{ price | band([0, 50, 100]) }}", {"price": "50"}, "50-100"),
                Example("{{ price | band([0, 50, 100]) }}", {"price": "250"}, "100+"),
                Example("{{ price | band([10, 50.5]) }}", {"price": "9"}, None),
            ),
        ),
    )
}
