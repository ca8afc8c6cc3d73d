"""Functions on dates, moments and the spans between them. A moment is kept to the minute."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from feedsync.expressions import numbers
from feedsync.expressions.functions.declare import all_present, apply, refuse
from feedsync.expressions.numbers import in_zone
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import Value, literal
from feedsync.semantics import BOOLEAN, DATE, DATETIME, INTEGER, INTERVAL, TEXT

DAYS: Final = 100_000
LAST_MINUTE: Final = 23 * 60 + 59


def midnight(day: pl.Expr, zone: str) -> pl.Expr:
    """The first minute of a day in a zone, also where its midnight does not exist."""
    local = day.cast(pl.Datetime("us"))
    return pl.coalesce(in_zone(local, zone), in_zone(local + pl.duration(hours=1), zone))


def last_minute(day: pl.Expr, zone: str) -> pl.Expr:
    """The last minute of a day in a zone.

    2026-12-31, Europe/Berlin -> 2026-12-31T23:59+01:00
    """
    return in_zone(day.cast(pl.Datetime("us")) + pl.duration(minutes=LAST_MINUTE), zone)


def span(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """An interval of two moments; missing where one of them is."""
    both = start.is_not_null() & end.is_not_null()
    return pl.when(both).then(pl.struct(start.alias("start"), end.alias("end")))


def later(moment: pl.Expr, days: pl.Expr, zone: str) -> pl.Expr:
    """The same time of day so many days later; an hour later where the clock skips that time."""
    local = moment.dt.convert_time_zone(zone).dt.replace_time_zone(None) + pl.duration(days=days)
    return pl.coalesce(in_zone(local, zone), in_zone(local + pl.duration(hours=1), zone))


def _dated(call: Call, value: Value) -> Value:
    """A text that is written in the template and reads as a date is that date."""
    if not isinstance(value.literal, str):
        return value
    try:
        return literal(date.fromisoformat(value.literal))
    except ValueError:
        raise refuse(call, "function_no_date", met=f'"{value.literal}"') from None


def _moment(call: Call, value: Value, *, end: bool = False) -> pl.Expr:
    """A date or moment as a moment: the first minute of a date, as an end its last."""
    if value.type == DATETIME:
        return value.expr
    if value.type != DATE:
        raise refuse(call, "function_no_date", met=str(value.type))
    return last_minute(value.expr, call.zone) if end else midnight(value.expr, call.zone)


def _day(call: Call, value: Value) -> pl.Expr:
    """A date or moment as a date in the catalog's zone."""
    if value.type == DATE:
        return value.expr
    if value.type != DATETIME:
        raise refuse(call, "function_no_date", met=str(value.type))
    return value.expr.dt.convert_time_zone(call.zone).dt.date()


def _interval(call: Call) -> pl.Expr:
    return apply(span, _moment(call, call.input), _moment(call, call.args["end"], end=True))


def _edge(name: str) -> Function:
    def build(call: Call) -> pl.Expr:
        return call.input.expr.struct.field(name)

    first = {"start": "2026-12-24T00:00+01:00", "end": "2026-12-31T23:59+01:00"}[name]
    return Function(
        name,
        build,
        takes=("interval",),
        returns=DATETIME,
        summary=f"The {name} of an interval.",
        examples=(Example("{{ (first | interval(last)) | " + name + " }}", SPAN, first),),
    )


def _add_days(call: Call) -> Outcome:
    days: Value = call.args["n"]
    zone = call.zone
    if call.input.type == DATE:
        value = apply(
            lambda day, count: once(
                numbers.day_of_calendar,
                pl.when(count.abs() <= DAYS).then(day + pl.duration(days=count.clip(-DAYS, DAYS))),
            ),
            call.input,
            days,
        )
    else:
        value = apply(
            lambda moment, count: once(
                numbers.moment_of_calendar,
                pl.when(count.abs() <= DAYS).then(later(moment, count.clip(-DAYS, DAYS), zone)),
            ),
            call.input,
            days,
        )
    return Outcome(Value(value, call.input.type), all_present(call.input, days) & value.is_null(), "FS205")


def _in_window(call: Call) -> pl.Expr:
    start, last = _dated(call, call.args["start"]), call.args["end"]
    if start.type == INTERVAL:
        if isinstance(last, Value):
            raise refuse(call, "function_window")
        start, last = (Value(start.expr.struct.field(name), DATETIME) for name in ("start", "end"))
    elif not isinstance(last, Value):
        raise refuse(call, "function_argument_missing", name="end")
    last = _dated(call, last)
    if call.input.type == DATE:
        low, high = _day(call, start), _day(call, last)
    else:
        low, high = _moment(call, start), _moment(call, last, end=True)
    return call.input.expr.is_between(low, high)


def _part(name: str, example: str) -> Function:
    def build(call: Call) -> pl.Expr:
        part: pl.Expr = getattr(_day(call, call.input).dt, name)()
        return part.cast(pl.Int64)

    return Function(
        name,
        build,
        takes=("date", "datetime"),
        returns=INTEGER,
        summary=f"The {name} of a date, as a number.",
        examples=(Example("{{ as_of | " + name + " }}", {}, example),),
    )


def _format_date(call: Call) -> pl.Expr:
    known = numbers.date_format(call.args["format"])
    if known is None:
        raise refuse(call, "function_date_format", value=call.args["format"])
    if call.input.type == DATE and known.has_time:
        return midnight(call.input.expr, call.zone).dt.strftime(known.strptime)
    shown = call.input.expr if call.input.type == DATE else call.input.expr.dt.convert_time_zone(call.zone)
    return shown.dt.strftime(known.strptime)


SPAN: Final = {"first": "2026-12-24", "last": "2026-12-31"}
MOMENTS: Final = ("date", "datetime")

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "interval",
            _interval,
            takes=MOMENTS,
            returns=INTERVAL,
            params=(Param("end", "date"),),
            summary="The time from a date or moment to another; a date begins at 00:00 and ends at 23:59.",
            examples=(Example("{{ first | interval(last) }}", SPAN, "2026-12-24T00:00+01:00/2026-12-31T23:59+01:00"),),
        ),
        _edge("start"),
        _edge("end"),
        Function(
            "add_days",
            _add_days,
            takes=MOMENTS,
            params=(Param("n", "integer"),),
            summary="So many days later, at the same time of day; a negative number goes back.",
            examples=(
                Example("{{ as_of | add_days(14) }}", {}, "2026-12-04"),
                Example("{{ first | add_days(-24) }}", SPAN, "2026-11-30"),
                Example("{{ moment | add_days(1) }}", {"moment": "2026-03-28T02:30+01:00"}, "2026-03-29T03:30+02:00"),
            ),
        ),
        Function(
            "in_window",
            _in_window,
            takes=MOMENTS,
            returns=BOOLEAN,
            params=(Param("start", "any"), Param("end", "date", None)),
            summary="Whether a date or moment lies from a start to an end, both with it, or in an interval.",
            examples=(
                Example("{{ day | in_window(first, last) }}", {"day": "2026-12-26", **SPAN}, "true"),
                Example("{{ day | in_window(first, last) }}", {"day": "2026-12-31", **SPAN}, "true"),
                Example("{{ day | in_window(first | interval(last)) }}", {"day": "2027-01-01", **SPAN}, "false"),
                Example("{{ moment | in_window(first, last) }}", {"moment": "2026-12-31T23:59+01:00", **SPAN}, "true"),
            ),
        ),
        _part("year", "2026"),
        _part("month", "11"),
        _part("day", "20"),
        Function(
            "format_date",
            _format_date,
            takes=MOMENTS,
            returns=TEXT,
            params=(Param("format", literal=True),),
            summary="A date or moment as text in a format of yyyy, mm, dd, hh and ss, in the catalog's time zone.",
            examples=(
                Example("{{ first | format_date('dd.mm.yyyy') }}", SPAN, "24.12.2026"),
                Example("{{ first | format_date('dd/mm/yy hh:mm') }}", SPAN, "24/12/26 00:00"),
                Example("{{ day | format_date('d.m.yy') }}", {"day": "2026-03-04"}, "4.3.26"),
            ),
        ),
    )
}
