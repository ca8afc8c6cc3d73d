"""--as-of takes a day as its help says, and nothing else that Python would read as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from builders import write
from typer.testing import CliRunner

from feedsync.cli.app import app
from feedsync.cli.running import _day
from feedsync.errors import UsageError

PROJECT = """\
catalog: {sources: [{path: p.csv, max_age_hours: 24}]}
feeds: {f: {channel: generic_marketplace@2026-11, market: {country: ES, language: es, currency: EUR}}}
"""


@pytest.mark.parametrize(
    "text",
    [
        "20260101",
        "2026-W01-1",
        "2026-1-1",
        "2026-02-30",
        "2026-01-01T00:00",
        " 2026-01-01",
        "",
        "٢٠٢٦-٠١-٠١",
        "0000-01-01",
    ],
)
def test_what_is_no_day_is_said(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        _day(text)
    assert caught.value.message() == (f'error: --as-of "{text}" is not a day. Write year-month-day, e.g. 2026-11-21.')


def test_a_day_is_taken() -> None:
    assert _day("2026-02-28") == date(2026, 2, 28)
    assert _day(None) is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar(tmp_path: Path, day: str) -> None:
    """Files have an age on every day; the day after the last one is none."""
    write(tmp_path, {"feedsync.yaml": PROJECT, "p.csv": "sku,title\nA,x\n"})
    result = CliRunner().invoke(app, ["-C", str(tmp_path), "check", "--as-of", day])
    assert result.exit_code in (0, 1), result.output
