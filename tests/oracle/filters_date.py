"""The oracle's filters on dates, moments and intervals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from declare import oracle_filter
from oracle_values import Fail, Interval, Run


def moment(value: Any, zone: ZoneInfo, at: time) -> datetime:
    """A date as a moment of that day in the zone; a moment as it is."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        parsed = datetime.fromisoformat(value)
        if len(value) > 10:
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
        value = parsed.date()
    return datetime.combine(value, at, tzinfo=zone)


@oracle_filter(run=True)
def interval(run: Run, start: Any, end: Any) -> Interval:
    return Interval(moment(start, run.zone, time(0, 0)), moment(end, run.zone, time(23, 59)))


@oracle_filter(name="start")
def start_(value: Interval) -> datetime:
    return value.start


@oracle_filter(name="end")
def end_(value: Interval) -> datetime:
    return value.end


@oracle_filter()
def add_days(value: date, days: int) -> date:
    """So many days later on the calendar: a moment keeps its local time. Beyond the years 1 to 9999 it fails."""
    try:
        return value + timedelta(days=days)
    except OverflowError as error:
        raise Fail from error


@oracle_filter(run=True)
def in_window(run: Run, value: Any, start: Any, end: Any = None) -> bool:
    if isinstance(start, Interval):
        start, end = start
    first, last = moment(start, run.zone, time(0, 0)), moment(end, run.zone, time(23, 59))
    if isinstance(value, datetime):
        return first <= value <= last
    return first.astimezone(run.zone).date() <= value <= last.astimezone(run.zone).date()


@oracle_filter()
def year(value: date) -> int:
    return value.year


@oracle_filter()
def month(value: date) -> int:
    return value.month


@oracle_filter()
def day(value: date) -> int:
    return value.day
