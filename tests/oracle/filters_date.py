"""The oracle's filters on dates, moments and intervals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from declare import oracle_filter
from oracle_values import Fail, Interval, Run


def moment(value: Any, zone: ZoneInfo, at: time) -> datetime:
    """A date as a moment of that day in the zone; a moment as it is. All of the oracle's moments are in UTC."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        parsed = datetime.fromisoformat(value)
        if len(value) > 10:
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
        value = parsed.date()
    return datetime.combine(value, at, tzinfo=zone).astimezone(UTC)


@oracle_filter(run=True)
def interval(run: Run, start: Any, end: Any) -> Interval:
    return Interval(moment(start, run.zone, time(0, 0)), moment(end, run.zone, time(23, 59)))


@oracle_filter(name="start")
def start_(value: Interval) -> datetime:
    return value.start


@oracle_filter(name="end")
def end_(value: Interval) -> datetime:
    return value.end


@oracle_filter(run=True)
def add_days(run: Run, value: date, days: int) -> date:
    """So many days later on the calendar: a moment keeps its local time. Beyond the years 1 to 9999 it fails."""
    try:
        if isinstance(value, datetime):
            return (value.astimezone(run.zone) + timedelta(days=days)).astimezone(UTC)
        return value + timedelta(days=days)
    except OverflowError as error:
        raise Fail("FS205") from error


@oracle_filter(run=True)
def in_window(run: Run, value: Any, start: Any, end: Any = None) -> bool:
    if isinstance(start, Interval):
        start, end = start
    first, last = moment(start, run.zone, time(0, 0)), moment(end, run.zone, time(23, 59))
    if isinstance(value, datetime):
        return first <= value <= last
    return first.astimezone(run.zone).date() <= value <= last.astimezone(run.zone).date()


def local(run: Run, value: date) -> date:
    return value.astimezone(run.zone) if isinstance(value, datetime) else value


@oracle_filter(run=True)
def year(run: Run, value: date) -> int:
    return local(run, value).year


@oracle_filter(run=True)
def month(run: Run, value: date) -> int:
    return local(run, value).month


@oracle_filter(run=True)
def day(run: Run, value: date) -> int:
    return local(run, value).day


@oracle_filter(run=True)
def format_date(run: Run, value: date, format: str) -> str:
    at = moment(value, run.zone, time(0, 0)).astimezone(run.zone)
    parts = {"yyyy": f"{at.year:04}", "yy": f"{at.year % 100:02}", "mm": f"{at.month:02}", "dd": f"{at.day:02}"}
    parts |= {"m": str(at.month), "d": str(at.day), "hh": f"{at.hour:02}", "h": str(at.hour), "ss": "00"}
    printed, hour = "", False
    for piece in re.split("(yyyy|yy|mm|m|dd|d|hh|h|ss)", str(format)):
        printed += f"{at.minute:02}" if piece == "mm" and hour else parts.get(piece, piece)
        hour = hour or piece in ("hh", "h")
    return printed
