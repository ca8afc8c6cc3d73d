"""The oracle's filters on numbers and money: exact fractions, rounded once at the end."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import wraps
from itertools import pairwise
from typing import Any

from declare import oracle_filter
from oracle_values import MISSING, Fail, Money, Run, bounded, decimal, minor_units, number, number_text, rounded


def fraction(value: Any) -> Fraction:
    return Fraction(number(value))


def result(exact: Fraction) -> Decimal:
    value: Decimal = bounded(rounded(exact))
    return value


def of_money(function: Any) -> Any:
    """The same of an amount of money, in its currency."""

    @wraps(function)
    def amount_wise(value: Any, *args: Any, **named: Any) -> Any:
        if isinstance(value, Money):
            return Money(decimal(function(value.amount, *args, **named)), value.currency)  # money stays money
        return function(value, *args, **named)

    return amount_wise


@oracle_filter(name="abs")
@of_money
def abs_(value: Any) -> Any:
    return abs(number(value))


@oracle_filter(name="round")
@of_money
def round_(value: Any, digits: int = 0) -> Any:
    return round_to(value, digits)


@oracle_filter()
@of_money
def round_to(value: Any, digits: int = 0, mode: str = "half_up") -> Any:
    if isinstance(value, int):
        return value
    whole = bounded(rounded(fraction(value), digits, str(mode)))
    return int(whole) if digits == 0 else whole


@oracle_filter()
@of_money
def round_to_ending(value: Any, ending: Any) -> Decimal:
    whole = fraction(value)
    candidate = (whole // 1) + fraction(ending)
    while candidate >= whole:
        candidate -= 1
    return result(candidate + 1)


@oracle_filter()
@of_money
def ceil(value: Any) -> Any:
    return int(bounded(-((-fraction(value)) // 1)))


@oracle_filter()
@of_money
def floor(value: Any) -> Any:
    return int(bounded(fraction(value) // 1))


@oracle_filter()
@of_money
def clamp(value: Any, min: Any = None, max: Any = None) -> Any:  # the language's own names
    value = number(value)
    if min is not None and value < number(min):
        value = number(min)
    if max is not None and value > number(max):
        value = number(max)
    return value


@oracle_filter()
@of_money
def add_tax(value: Any, percent: Any) -> Decimal:
    return result(fraction(value) * (1 + Fraction(rounded(fraction(percent) / 100))))


@oracle_filter()
@of_money
def remove_tax(value: Any, percent: Any) -> Decimal:
    share = 1 + fraction(percent) / 100
    if share == 0:
        raise Fail("FS205")
    return result(fraction(value) / share)


@oracle_filter()
@of_money
def add_percent(value: Any, percent: Any) -> Decimal:
    return result(fraction(value) * (1 + Fraction(rounded(fraction(percent) / 100))))


@oracle_filter()
def margin(value: Any, cost: Any) -> Decimal:
    if number(value) == 0:
        raise Fail("FS205")
    return result((fraction(value) - fraction(cost)) / fraction(value) * 100)


@oracle_filter()
def band(value: Any, edges: list[Any]) -> object:
    edges = [number(edge) for edge in edges]
    value = value.amount if isinstance(value, Money) else number(value)
    for low, high in pairwise(edges):
        if low <= value < high:
            return f"{number_text(Decimal(low))}-{number_text(Decimal(high))}"
    return f"{number_text(Decimal(edges[-1]))}+" if value >= edges[-1] else MISSING


@oracle_filter()
def money(value: Any, currency: str) -> Money:
    if isinstance(value, Money):
        if value.currency != str(currency):
            raise Fail
        return value
    amount = rounded(fraction(value), minor_units(str(currency)), "half_up")
    return Money(bounded(amount), str(currency))


@oracle_filter(run=True)
def convert(run: Run, value: Money, rates: Any, currency: str) -> Money:
    rows = {(str(k),): str(v) for k, v in rates.items()} if isinstance(rates, dict) else run.tables[str(rates)].rows
    if value.currency != str(currency) and (value.currency,) not in rows:
        raise Fail
    rate = Fraction(1) if value.currency == str(currency) else Fraction(rows[(value.currency,)])
    amount = rounded(fraction(value.amount) * rate, minor_units(str(currency)), "half_up")
    return Money(bounded(amount, "FS204"), str(currency))


@oracle_filter()
def amount(value: Money) -> Decimal:
    return value.amount


@oracle_filter()
def currency(value: Money) -> str:
    return value.currency


@oracle_filter()
def micros(value: Money) -> int:
    return int(bounded(rounded(fraction(value.amount) * 1_000_000, 0, "half_up")))


@oracle_filter(name="minor_units")
def minor_units_(value: Money) -> int:
    return int(bounded(rounded(fraction(value.amount) * 10 ** minor_units(value.currency), 0, "half_up")))


@oracle_filter(name="sum")
def sum_(values: list[Any]) -> Any:
    return fold(values, lambda a, b: bounded(a + b))


@oracle_filter(name="min")
def min_(values: list[Any]) -> Any:
    return fold(values, min)


@oracle_filter(name="max")
def max_(values: list[Any]) -> Any:
    return fold(values, max)


def fold(values: list[Any], join: Any) -> Any:
    from oracle_values import is_missing

    present = [number(value) for value in values if not is_missing(value)]
    if not present:
        return MISSING
    total = present[0]
    for value in present[1:]:
        total = join(total, value)
    return total if isinstance(total, int) else decimal(total)
