"""The project's exchange rates: read, checked, and how old they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import polars as pl

from feedsync.errors import ConfigError, Place
from feedsync.expressions.currencies import CODES
from feedsync.expressions.functions.money import RATE
from feedsync.expressions.scope import Table
from feedsync.frames import ROW
from feedsync.project import Project
from feedsync.run.delimited import need_columns, read_delimited
from feedsync.run.results import Note
from feedsync.specs.market import RatesSpec
from feedsync.specs.model import is_day

NAME = "rates"  # as templates know the table
_COLUMNS = ("currency", "rate")


def read_rates(project: Project) -> dict[str, Table]:
    """The table `rates`, where the project has rates. Raises ConfigError for a rate or day that is none."""
    spec = project.loaded.spec.rates
    if spec is None:
        return {}
    if spec.path is None:
        document = project.loaded.document
        given = [(code, rate, document.place((NAME, "values", code))) for code, rate in spec.values.items()]
        return {NAME: Table(NAME, _checked(spec, given), base=spec.base, day=spec.date or "")}
    wanted = (*_COLUMNS, "date")
    frame = read_delimited(
        spec.path, wanted, project.root, project.env, delimiter=spec.delimiter, encoding=spec.encoding
    )
    need_columns(frame, _COLUMNS, project.loaded.document.place((NAME, "path")), NAME)
    frame = frame.with_columns(pl.selectors.string().str.strip_chars())
    rows = frame.select(*_COLUMNS, ROW).iter_rows()
    given = [(code or "", rate or "", Place(spec.path, row)) for code, rate, row in rows]
    return {NAME: Table(NAME, _checked(spec, given), base=spec.base, day=spec.date or _day(project, spec.path, frame))}


def _checked(spec: RatesSpec, given: list[tuple[str, str, Place]]) -> dict[tuple[str, ...], str]:
    rates: dict[tuple[str, ...], str] = {}
    for code, rate, place in given:
        if code not in CODES:
            raise ConfigError("rates_currency", place, subject=NAME, value=code)
        if not RATE.fullmatch(rate) or not Decimal(rate):
            raise ConfigError("rates_rate", place, subject=NAME, value=rate, currency=code)
        if code == spec.base and Decimal(rate) != 1:
            raise ConfigError("rates_base", place, subject=NAME, value=rate, currency=code)
        if rates.setdefault((code,), rate) != rate:
            raise ConfigError("rates_twice", place, subject=NAME, currency=code)
    return rates


def _day(project: Project, path: str, frame: pl.DataFrame) -> str:
    """The one day of the file's rates."""
    days = frame["date"].drop_nulls().unique(maintain_order=True).to_list() if "date" in frame.columns else []
    if not days or not all(is_day(day) for day in days):
        raise ConfigError("rates_file_date", project.loaded.document.place((NAME, "path")), subject=NAME)
    if len(days) > 1:
        raise ConfigError("rates_two_dates", Place(path), subject=NAME, first=days[0], other=days[1])
    return str(days[0])


def rates_notes(project: Project, tables: Mapping[str, Table], as_of: date) -> Iterator[Note]:
    """A warning where the rates are too old, or not yet."""
    spec = project.loaded.spec.rates
    if spec is None or NAME not in tables:
        return
    day = date.fromisoformat(tables[NAME].day)
    age = (as_of - day).days
    place = project.loaded.document.place((NAME,), key=True)
    params = {"date": day.isoformat(), "as_of": as_of.isoformat(), "days": age, "limit": spec.max_age_days}
    if age > spec.max_age_days:
        yield Note("warning", "rates_old", place, params)
    elif age < 0:
        yield Note("warning", "rates_ahead", place, params)
