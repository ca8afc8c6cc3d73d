"""Functions that read values from text. What does not read, or reads two ways, fails; nothing is guessed."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedsync.expressions import currencies, numbers
from feedsync.expressions.functions.declare import refuse
from feedsync.expressions.numbers import Reading
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import Value
from feedsync.semantics import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, MONEY, Type

YES: Final = ["true", "yes", "1"]
NO: Final = ["false", "no", "0"]


def _outcome(reading: Reading, kind: Type, currency: str | None = None) -> Outcome:
    return Outcome(Value(reading.value, kind, currency=currency), reading.failed)


def decimal_mark(call: Call) -> str | None:
    """The `mark` of a call: a point, a comma or none."""
    mark: str | None = call.args["mark"]
    if mark not in (None, ".", ","):
        raise refuse(call, "function_choice", name="mark", value=mark, known="'.', ','")
    return mark


def _parse_decimal(call: Call) -> Outcome:
    return _outcome(numbers.decimal_from_text(call.input.expr, decimal_mark(call)), DECIMAL)


def _parse_integer(call: Call) -> Outcome:
    return _outcome(numbers.integer_from_text(call.input.expr, decimal_mark(call)), INTEGER)


def _parse_money(call: Call) -> Outcome:
    code = call.args["currency"]
    if code is not None and code not in currencies.CODES:
        raise refuse(call, "function_currency", value=code)
    return _outcome(numbers.money_from_text(call.input.expr, decimal_mark(call), code), MONEY, code)


def _parse_boolean(call: Call) -> Outcome:
    yes, no = ([str(word) for word in call.args[name] or ()] for name in ("yes", "no"))
    both = {word.strip().lower() for word in yes} & {word.strip().lower() for word in no}
    if both:
        raise refuse(call, "function_yes_and_no", value=min(both))
    return _outcome(numbers.boolean_from_text(call.input.expr, yes, no), BOOLEAN)


def _parse_date(call: Call) -> Outcome:
    format, zone = call.args["format"], call.args["zone"]
    known = None if format is None else numbers.date_format(format)
    if format is not None and known is None:
        raise refuse(call, "function_date_format", value=format)
    if zone is None and known is not None and known.has_time:
        zone = call.zone
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise refuse(call, "function_zone", value=zone) from None
    reading = numbers.date_from_text(call.input.expr, format, zone)
    if zone is None:
        return _outcome(reading, DATE)
    shown = reading.value.dt.convert_time_zone(call.zone)
    return Outcome(Value(shown, DATETIME), reading.failed)


MARK: Final = Param("mark", "text", None, literal=True)
CURRENCY: Final = Param("currency", "text", None, literal=True)

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "parse_decimal",
            _parse_decimal,
            returns=DECIMAL,
            params=(MARK,),
            summary="A number written with this decimal mark; without one, only what reads one way.",
            examples=(
                Example("{{ '49,9' | parse_decimal(',') }}", {}, "49.9"),
                Example("{{ '1.234,56' | parse_decimal(',') }}", {}, "1234.56"),
                Example("{{ '1,290' | parse_decimal('.') }}", {}, "1290"),
                Example("{{ '1.290,50' | parse_decimal }}", {}, "1290.5"),
                Example("{{ '12.345' | parse_decimal }}", {}, None),
                Example("{{ '12,5 kg' | parse_decimal(',') }}", {}, None),
            ),
        ),
        Function(
            "parse_integer",
            _parse_integer,
            returns=INTEGER,
            params=(MARK,),
            summary="A whole number, with or without a word after it.",
            examples=(
                Example("{{ '12 pcs' | parse_integer }}", {}, "12"),
                Example("{{ '12.5' | parse_integer }}", {}, None),
            ),
        ),
        Function(
            "parse_money",
            _parse_money,
            returns=MONEY,
            params=(MARK, CURRENCY),
            summary="Money from text; a sign of several currencies ($, kr, ¥) needs the currency, and another currency "
            "than that fails.",
            examples=(
                Example("{{ '1.299,00 €' | parse_money(',') }}", {}, "1299.00 EUR"),
                Example("{{ '$15.00' | parse_money }}", {}, None),
                Example("{{ '$15.00' | parse_money('.', currency='CAD') }}", {}, "15.00 CAD"),
                Example("{{ 'EUR 49,9' | parse_money }}", {}, "49.90 EUR"),
                Example("{{ '49,9 EUR' | parse_money(currency='USD') }}", {}, None),
            ),
        ),
        Function(
            "parse_boolean",
            _parse_boolean,
            returns=BOOLEAN,
            params=(Param("yes", "list", YES, literal=True), Param("no", "list", NO, literal=True)),
            summary="True or false by two lists of words, in capital or small letters; a word in neither fails.",
            examples=(
                Example("{{ 'Ja' | parse_boolean(yes=['Ja', 'yes', '1'], no=['Nein']) }}", {}, "true"),
                Example("{{ 'NEIN' | parse_boolean(yes=['Ja'], no=['Nein']) }}", {}, "false"),
                Example("{{ 'vielleicht' | parse_boolean(yes=['Ja'], no=['Nein']) }}", {}, None),
            ),
        ),
        Function(
            "parse_date",
            _parse_date,
            params=(Param("format", "text", None, literal=True), Param("zone", "text", None, literal=True)),
            returns=DATE,
            summary="A date from text in a format of yyyy, yy, mm, m, dd, d, hh, h and ss (mm after hh is minutes); "
            "with hours or a zone a moment. Without a format ISO 8601.",
            examples=(
                Example("{{ '24.12.2026' | parse_date('dd.mm.yyyy') }}", {}, "2026-12-24"),
                Example("{{ '24.12.2026' | parse_date('dd.mm.yyyy', 'Europe/Berlin') }}", {}, "2026-12-24T00:00+01:00"),
                Example("{{ '24.12.2026 10:05' | parse_date('dd.mm.yyyy hh:mm') }}", {}, "2026-12-24T10:05+01:00"),
                Example("{{ '31.02.2026' | parse_date('dd.mm.yyyy') }}", {}, None),
                Example("{{ '29.03.2026 02:30' | parse_date('dd.mm.yyyy hh:mm') }}", {}, None),
            ),
        ),
    )
}
