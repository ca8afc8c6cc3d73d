"""What the oracle once found wrong in the compiled expressions, each with its literal expectation."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from compiled_side import compiled_results
from oracle_values import Money

EUR = Money(Decimal("19.90"), "EUR")
CENT = Money(Decimal("0.01"), "EUR")
MENDED = [
    ("{{ t1 | parse_money(',', 'EUR') }}", {"t1": "12,5"}, Money(Decimal("12.5"), "EUR"), []),
    ("{{ t1 | parse_money(',', 'EUR') }}", {"t1": "1,290"}, Money(Decimal("1.29"), "EUR"), []),
    ("{{ t1 | parse_integer(',') }}", {"t1": "1,290"}, None, [("FS204", "parse_integer")]),
    ("{{ n1 | clamp(0, 99) }}", {"n1": None}, None, []),
    ("{{ n1 | clamp(0, 99) }}", {"n1": 1000}, 99, []),
    ("{{ d1 | money('EUR') }}", {"d1": Decimal("999999999999999.99999999")}, None, [("FS205", "money")]),
    ("{{ d1 | money('EUR') }}", {"d1": Decimal("999999999999999.99")}, Money(Decimal("999999999999999.99"), "EUR"), []),
    ("{{ a1 | format_date('d/m/yy') }}", {"a1": date(2026, 2, 9)}, "9/2/26", []),
    ("{{ n1 % 0 }}", {"n1": 5}, None, [("FS205", "n1 % 0")]),
    ("{{ t1 | truncate_bytes(4) | truncate_bytes(4) }}", {"t1": "日本語"}, "日", []),
    ("{{ [market.language, t1 | lookup('states')] | first_of }}", {"t1": "zz"}, "es", []),
    ("{{ market.language | default(t1 | lookup('states')) }}", {"t1": "zz"}, "es", []),
    ("{{ [none, ''] | sum }}", {}, None, []),
    ("{{ ([none] | max) or 2 }}", {}, 2, []),
    ("{{ ([none] | skip(1)) or [d1] }}", {"d1": Decimal("0.5")}, [Decimal("0.5")], []),
    ("{{ ([none] if b1 else [d1]) | sum }}", {"b1": True, "d1": Decimal("0.5")}, None, []),
    ("{{ ([none] if b1 else [d1]) | sum }}", {"b1": False, "d1": Decimal("0.5")}, Decimal("0.5"), []),
    ("{{ ([none] if b1 else [p1]) | first }}", {"b1": False, "p1": EUR}, EUR, []),
    ("{{ 5 in [none] }}", {}, False, []),
    ("{{ [none] is containing('x') }}", {}, False, []),
    ("{{ n1 | clamp(n2, 9) is odd }}", {"n1": 2, "n2": 3}, True, []),
    ("{{ '100+' | parse_money('.', 'USD') }}", {}, None, [("FS204", "parse_money")]),
    ("{{ t1 | parse_money('.', 'USD') }}", {"t1": "100−"}, None, [("FS204", "parse_money")]),
    ("{{ t1 | parse_money('.', 'USD') }}", {"t1": "-100.- $"}, Money(Decimal("-100"), "USD"), []),
    ("{{ ('x' | regex_extract('(\\d+)')) | append_present(t2, sep=', ') }}", {"t2": "x"}, None, []),
    ("{{ t1 | replace('a', 'bb') }}", {"t1": "a" * 50_001}, None, [("FS206", "replace")]),
    ("{{ t1 | regex_replace('^', 'b') }}", {"t1": "a" * 100_000}, None, [("FS206", "regex_replace")]),
    ("{{ t1 | regex_replace('^', '') | upper }}", {"t1": "a" * 100_001}, "A" * 100_001, []),
    ("{{ [t1, t1] | join_present('-') }}", {"t1": "a" * 50_000}, None, [("FS206", "join_present")]),
    ("{{ [none, ''] | limit(1) | first_of }}", {}, None, []),
    ("{{ p1 | money('EUR') | convert('rates', 'EUR') }}", {"p1": Money(Decimal("0.005"), "EUR")}, CENT, []),
    (
        "{{ ((market.language | parse_integer | string) | parse_date('yyyy-mm-dd hh:mm')) or m1 }}",
        {"m1": datetime(2026, 12, 1, 23, 0, tzinfo=UTC)},
        datetime(2026, 12, 1, 23, 0, tzinfo=UTC),
        [("FS204", "parse_integer")],
    ),
    (
        "{{ ('01.12.2026' | parse_date('dd.mm.yyyy', 'Europe/Berlin')) | add_days(n2) }}",
        {"n2": 1},
        datetime(2026, 12, 1, 23, 0, tzinfo=UTC),
        [],
    ),
]


@pytest.mark.parametrize(("template", "row", "value", "failures"), MENDED)
def test_stays_mended(template: str, row: dict[str, object], value: object, failures: list[tuple[str, str]]):
    rows = [row, row]
    assert [(r.value, r.failures) for r in compiled_results(template, rows)] == [(value, failures)] * 2
