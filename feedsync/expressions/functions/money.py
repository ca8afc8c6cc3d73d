"""Functions on money: an amount with its currency, never one without the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

import polars as pl

from feedsync.expressions import currencies
from feedsync.expressions.functions.declare import all_present, apply, refuse
from feedsync.expressions.functions.number import decimal
from feedsync.expressions.numbers import money_struct
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.scope import Table
from feedsync.expressions.values import WIDEST, Value
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import DECIMAL, INTEGER, INTEGER_DIGITS, MINOR_UNITS, MONEY, SCALE, TEXT, minor_units

HALF_UP: Final = "half_away_from_zero"
RATE: Final = re.compile(rf"\d{{1,{INTEGER_DIGITS - 6}}}(?:\.\d{{1,{SCALE}}})?")


def to_minor(amount: pl.Expr, currency: pl.Expr | str) -> pl.Expr:
    """The amount rounded to what the currency's coins can pay, half away from zero.

    59.381, "EUR" -> 59.38; 1980.4, "JPY" -> 1980; 12.3456, "KWD" -> 12.346
    """
    if isinstance(currency, str):
        return amount.round(minor_units(currency), mode=HALF_UP)
    result: pl.Expr = amount.round(2, mode=HALF_UP)
    for digits, codes in _codes_by_digits().items():
        result = pl.when(currency.is_in(codes)).then(amount.round(digits, mode=HALF_UP)).otherwise(result)
    return result


def minor_count(amount: pl.Expr, currency: pl.Expr | str) -> pl.Expr:
    """How many of the currency's smallest unit the amount is.

    19.99, "USD" -> 1999; 1980, "JPY" -> 1980
    """
    if isinstance(currency, str):
        factor = decimal(10 ** minor_units(currency))
    else:
        factor = decimal(100)
        for digits, codes in _codes_by_digits().items():
            factor = pl.when(currency.is_in(codes)).then(decimal(10**digits)).otherwise(factor)
    return (amount * factor).round(0, mode=HALF_UP)


def _codes_by_digits() -> dict[int, list[str]]:
    """The currencies whose minor unit is not two decimals."""
    digits = sorted(set(MINOR_UNITS.values()))
    return {places: sorted(code for code, unit in MINOR_UNITS.items() if unit == places) for places in digits}


def _code(call: Call, code: object) -> str:
    if code not in currencies.CODES:
        raise refuse(call, "function_currency", value=code)
    return str(code)


def _money(call: Call) -> Outcome | Value:
    wanted: Value = call.args["currency"]
    code = _code(call, wanted.literal) if wanted.known and not wanted.missing else None
    if call.input.type == MONEY:
        return _same_money(call, wanted, code)
    amount = call.input.expr.cast(DECIMAL_DTYPE)
    if code is not None:
        value = apply(lambda number: _struct(to_minor(number, code), pl.lit(code)), amount)
        money = Value(value, MONEY, bound=call.input.bound, currency=code)
        return money if call.input.type == INTEGER or call.input.bound < WIDEST else _in_bounds(amount, money, code)
    value = apply(_money_in, amount, wanted.expr)
    return Outcome(Value(value, MONEY), all_present(call.input, wanted) & value.is_null())


def _in_bounds(amount: pl.Expr, money: Value, code: str) -> Outcome:
    """Without the amounts that round up to one digit more than a number may have."""
    last = WIDEST - Decimal("0.5").scaleb(-minor_units(code))
    value = once(lambda number, whole: pl.when(number.abs() < decimal(last)).then(whole), amount, money.expr)
    return Outcome(money.replaced(expr=value), (amount.abs() >= decimal(last)).fill_null(False), "FS205")


def _money_in(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """Money in a currency that each row says; null where it says no currency."""
    known = currency.is_in(currencies.CODES)
    return pl.when(known & amount.is_not_null()).then(money_struct(to_minor(amount, currency), currency))


def _struct(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    return pl.when(amount.is_not_null()).then(money_struct(amount, currency))


def _same_money(call: Call, wanted: Value, code: str | None) -> Outcome | Value:
    if code is not None and call.input.currency == code:
        return call.input
    value = apply(
        lambda money, currency: pl.when(money.struct.field("currency") == currency).then(money), call.input, wanted
    )
    return Outcome(Value(value, MONEY, currency=code), all_present(call.input, wanted) & value.is_null())


def _convert(call: Call) -> Outcome:
    table, code = call.args["rates"], _code(call, call.args["currency"])
    exchanged = _by_base(call, table, code) if table.base else _by_table(call, table, code)

    def convert(money: pl.Expr) -> pl.Expr:
        amount = to_minor(exchanged(money.struct.field("amount"), money.struct.field("currency")), code)
        return once(lambda part: pl.when(part.abs() < WIDEST).then(money_struct(part, pl.lit(code))), amount)

    value = apply(convert, call.input)
    return Outcome(Value(value, MONEY, currency=code), call.input.expr.is_not_null() & value.is_null())


Exchange = Callable[[pl.Expr, pl.Expr], pl.Expr]
"""(amount, currency) -> the amount in the wanted currency, unrounded; null without a rate."""


def _by_table(call: Call, table: Table, code: str) -> Exchange:
    """Each key is worth so much of the wanted currency."""
    rates = {key[0]: value for key, value in table.rows.items()}
    wrong = next((key for key, rate in rates.items() if not RATE.fullmatch(rate) or not Decimal(rate)), None)
    if wrong is not None or len(table.keys) != 1:
        raise refuse(call, "function_rate", table=table.name, currency=wrong or "", value=rates.get(wrong or "", ""))
    factors = {key: Decimal(rate) for key, rate in rates.items()} | {code: Decimal(1)}
    return lambda amount, currency: amount * _rate(currency, factors)


def _by_base(call: Call, table: Table, code: str) -> Exchange:
    """One of the base is worth so much of each key: from the base it is one product, between others a product and a
    quotient, so that nothing is rounded on the way."""
    rates = {key[0]: Decimal(value) for key, value in table.rows.items()} | {table.base: Decimal(1)}
    if code not in rates:
        raise refuse(call, "function_no_rate", currency=code, known=", ".join(rates))
    to = rates[code]
    if tiny := [one for one, rate in rates.items() if to / rate >= 10 ** (INTEGER_DIGITS - 6)]:
        raise refuse(call, "function_rate", table=table.name, currency=tiny[0], value=rates[tiny[0]])

    def exchanged(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
        other = amount * decimal(to) / _rate(currency, rates)
        return pl.when(currency == code).then(amount).otherwise(other)

    return exchanged


def _rate(currency: pl.Expr, rates: Mapping[str, Decimal]) -> pl.Expr:
    old = pl.Series(list(rates), dtype=pl.String)
    new = pl.Series(list(rates.values()), dtype=DECIMAL_DTYPE)
    return currency.replace_strict(old, new, default=None, return_dtype=DECIMAL_DTYPE)


def _whole(call: Call, number: pl.Expr) -> Outcome:
    """An integer, and where it has too many digits for one."""
    value = once(lambda part: pl.when(part.abs() < WIDEST).then(part), number).cast(pl.Int64)
    return Outcome(Value(value, INTEGER), call.input.expr.is_not_null() & value.is_null(), "FS205")


def _micros(call: Call) -> Outcome:
    amount = call.input.expr.struct.field("amount")
    return _whole(call, (amount * decimal(10**6)).round(0, mode=HALF_UP))


def _minor_units(call: Call) -> Outcome:
    amount, unit = call.input.expr.struct.field("amount"), call.input.expr.struct.field("currency")
    return _whole(call, minor_count(amount, call.input.currency or unit))


def _amount(call: Call) -> Value:
    return Value(call.input.expr.struct.field("amount"), DECIMAL, bound=call.input.bound)


PAID: Final = {"price": "33.45 USD"}

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "money",
            _money,
            takes=("integer", "decimal", "money"),
            returns=MONEY,
            params=(Param("currency"),),
            summary="A number as money, rounded to the currency's minor units, half away from zero. Money of another "
            "currency fails; convert changes currencies.",
            examples=(
                Example("{{ 59.381 | money('EUR') }}", {}, "59.38 EUR"),
                Example("{{ 1980.4 | money('JPY') }}", {}, "1980 JPY"),
                Example("{{ 12.3456 | money('KWD') }}", {}, "12.346 KWD"),
                Example("{{ 2.675 | money('EUR') }}", {}, "2.68 EUR"),
                Example("{{ price | money(unit) }}", {"price": "1980.5", "unit": "JPY"}, "1981 JPY"),
                Example("{{ price | money(unit) }}", {"price": "1980.5", "unit": "pieces"}, None),
                Example("{{ price | money('USD') }}", PAID, "33.45 USD"),
                Example("{{ price | money('EUR') }}", PAID, None),
            ),
        ),
        Function(
            "convert",
            _convert,
            takes=("money",),
            returns=MONEY,
            params=(Param("rates", "table", literal=True), Param("currency", literal=True)),
            summary="Money in another currency by a table of rates (a currency, and what one of it is worth in the "
            "wanted one), or by the project's `rates`, rounded to minor units.",
            examples=(
                Example("{{ price | convert({'EUR': '1.08'}, 'USD') }}", {"price": "100.00 EUR"}, "108.00 USD"),
                Example("{{ price | convert({'EUR': '161.455'}, 'JPY') }}", {"price": "9.99 EUR"}, "1613 JPY"),
                Example("{{ price | convert({'EUR': '1.08'}, 'USD') }}", PAID, "33.45 USD"),
                Example("{{ price | convert({'GBP': '1.3'}, 'USD') }}", {"price": "100.00 EUR"}, None),
            ),
        ),
        Function(
            "amount",
            _amount,
            takes=("money",),
            returns=DECIMAL,
            summary="The amount of money, as a number.",
            examples=(Example("{{ price | amount }}", PAID, "33.45"),),
        ),
        Function(
            "currency",
            lambda call: call.input.expr.struct.field("currency"),
            takes=("money",),
            returns=TEXT,
            summary="The currency of money, as text.",
            examples=(Example("{{ price | currency }}", PAID, "USD"),),
        ),
        Function(
            "micros",
            _micros,
            takes=("money",),
            returns=INTEGER,
            summary="The amount in millionths.",
            examples=(Example("{{ price | micros }}", PAID, "33450000"),),
        ),
        Function(
            "minor_units",
            _minor_units,
            takes=("money",),
            returns=INTEGER,
            summary="The amount in the currency's smallest unit.",
            examples=(
                Example("{{ price | minor_units }}", {"price": "19.99 USD"}, "1999"),
                Example("{{ price | minor_units }}", {"price": "1980 JPY"}, "1980"),
                Example("{{ (price | money('KWD')) | minor_units }}", {"price": "12.346"}, "12346"),
            ),
        ),
    )
}
