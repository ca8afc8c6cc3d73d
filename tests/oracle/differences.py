"""Where the mapping language differs from Jinja: both are run on the same template and row, live.

`differences()` feeds the page *Where we differ from Jinja*; a test holds that each of them is one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from evaluator import evaluate
from jinja2 import Environment, TemplateError
from oracle_values import text_of


class Difference(NamedTuple):
    """One template on one row: what Jinja prints (or the error it raises), what we give (None: missing), and why."""

    template: str
    row: dict[str, object]
    jinja: str
    ours: str | None
    why: str


DAY = date(2026, 11, 20)
PROBES: list[tuple[str, dict[str, object], str]] = [
    ("{{ color }}", {"color": None}, "Missing prints nothing; a channel must never read the word None."),
    ("{{ brand ~ color }}", {"brand": "Acme", "color": None}, "`~` skips what is missing."),
    ("{{ color | default('blue') }}", {"color": ""}, "An empty text is missing, so `default` fills it."),
    ("{{ color | default('blue') }}", {"color": None}, "A missing value is missing however it came about."),
    ("{{ color == '' }}", {"color": None}, "Missing and '' are the same."),
    ("{{ color | length }}", {"color": None}, "A function of a missing value gives missing, not an error."),
    ("{{ color | upper }}", {"color": None}, "A function of a missing value gives missing."),
    ("{{ stock < 5 }}", {"stock": None}, "A missing value is never smaller or greater; the template does not stop."),
    ("{{ color in [''] }}", {"color": ""}, "A missing value is in no list."),
    ("{{ stock or 5 }}", {"stock": 0}, "`or` gives the first value that is there; 0 is a value."),
    (
        "{{ 'known' if stock else 'unknown' }}",
        {"stock": 0},
        "A condition that is no boolean asks whether a value is there; 0 is.",
    ),
    ("{{ not stock }}", {"stock": 0}, "`not` of a value asks whether it is missing; 0 is not."),
    ("{{ ready }}", {"ready": True}, "Booleans print as true and false."),
    (
        "{{ price }}",
        {"price": Decimal("19.90")},
        "Numbers print without trailing zeros; `money` adds a currency's own.",
    ),
    ("{{ 0.1 + 0.2 }}", {}, "Numbers are exact decimals."),
    ("{{ price * 1.1 }}", {"price": Decimal("19.90")}, "Decimals calculate with literals, which are decimals too."),
    ("{{ 1 / 3 }}", {}, "Quotients have 8 decimals."),
    ("{{ price / stock }}", {"price": Decimal("19.90"), "stock": 0}, "Division by zero is missing and a finding."),
    ("{{ 2.675 | round(2) }}", {}, "Rounding is of the decimal that is written, half away from zero."),
    ("{{ 2.5 | round }}", {}, "Rounding is half away from zero."),
    ("{{ 10 * 1.5 }}", {}, "A decimal without a fraction prints like an integer."),
    (" {{ brand }} ", {"brand": "Acme"}, "Both ends of a template are trimmed, and one value stays itself."),
    ("{{ brand }} {{ color }}", {"brand": "Acme", "color": ""}, "Both ends of a text are trimmed."),
    (r"{{ '\bSALE\b' }}", {}, r"Only \\ \' \" \n \t are escapes, so patterns are what they look like."),
    ("{{ name | title }}", {"name": "o'neil's"}, "`title` knows apostrophes."),
    ("{{ name | title }}", {"name": "chaqueta de montaña"}, "`title` keeps small words small."),
    (
        "{{ [brand, color] | join(', ') }}",
        {"brand": "Acme", "color": None},
        "A missing element prints nothing (`join_present` drops it).",
    ),
    ("{{ sizes | sort | join(' ') }}", {"sizes": ["b", "C", "a"]}, "`sort` is by exact case."),
    ("{{ sizes | unique | join(' ') }}", {"sizes": ["S", "s"]}, "`unique` is by exact case."),
    (
        "{{ [price, sale_price] | min }}",
        {"price": 5, "sale_price": None},
        "`min`, `max` and `sum` leave missing values out.",
    ),
    ("{{ day < '2026-12-24' }}", {"day": DAY}, "A date compares with a text that is written like one."),
    (
        "{% set x = 1 %}{% if x > 1 %}{{ x }}{% endif %}",
        {},
        "A path that prints nothing gives missing, so the attribute is left out.",
    ),
]


def differences() -> list[Difference]:
    """Every probe with both results, as they are today."""
    return [Difference(source, row, jinja(source, row), ours(source, row), why) for source, row, why in PROBES]


def jinja(source: str, row: dict[str, object]) -> str:
    """What Jinja's default environment prints, or the name of the error it stops with."""
    try:
        return Environment().from_string(source).render(row)  # the probes print no HTML
    except (TemplateError, TypeError, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"


def ours(source: str, row: dict[str, object]) -> str | None:
    """Our value as text; None is missing."""
    value = evaluate(source, row).value
    return None if value is None else text_of(value, ZoneInfo("UTC"))
