"""The oracle itself against literal expectations, so that two wrongs never agree."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from evaluator import evaluate
from oracle_values import Interval, Money, OracleTable, text_of

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = date(2026, 11, 20)
WINDOW = Interval(datetime(2026, 12, 24, 0, 0, tzinfo=BERLIN), datetime(2026, 12, 31, 23, 59, tzinfo=BERLIN))
TABLES = {
    "iva": OracleTable({("food",): "10", ("books",): "4"}),
    "states": OracleTable({("InStock",): "in_stock", ("SoldOut",): "out_of_stock"}),
    "categories": OracleTable({("Shop > Men > Jackets",): "5598", ("Shop",): "Apparel"}),
    "rates": OracleTable({("EUR",): "1.08"}),
    "words": OracleTable({("w/",): "with", ("&",): "and"}),
    "two": OracleTable({("a", "es"): "ropa", ("a", "en"): "clothes"}),
}
ROW: dict[str, object] = {
    "sku": "007",
    "e": "1e3",
    "name": "Trail Jacket Waterproof Navy",
    "brand": "Acme",
    "price": Decimal("19.90"),
    "big": Decimal("999999999999999"),
    "stock": 3,
    "none_left": 0,
    "images": ["a.jpg", "https://x/b.jpg", "a.jpg"],
    "paid": Money(Decimal("100"), "EUR"),
    "dollars": Money(Decimal("100"), "USD"),
    "yes": True,
    "no": False,
    "made": date(2026, 11, 19),
    "window": WINDOW,
    "empty": None,
    "blank": " \t",
    "type": "Jacket",
    "path": "Shop > Men > Jackets > Rain",
    "Precio normal": "59,90",
}

# template -> canonical text (a list as Python's list), None for missing
LANGUAGE = {
    "new": "new",
    "{{ sku }}": "007",
    "{{ e }}": "1e3",
    "gla_{{ sku }}": "gla_007",
    "{{ field('Precio normal') }}": "59,90",
    "{{ field('na' ~ 'me') }}": "Trail Jacket Waterproof Navy",
    "{{ 'in_stock' if stock > 0 else 'out_of_stock' }}": "in_stock",
    "{{ price if price < 5 }}": None,
    "{% if none_left %}{{ price }}{% endif %}": "19.9",
    "{% if empty %}{{ price }}{% endif %}": None,
    "{% set x = price * 1.1 %}\n{{ x }}": "21.89",
    "{% if no %}{% set x = 1 %}{% endif %}{{ x }}": None,
    "{{ stock }}-{{ empty }}": "3-",
    "{{ empty }} {{ blank }}": None,
    "{{ blank }}": None,
    " {{ name }} - {{ brand }} ": "Trail Jacket Waterproof Navy - Acme",
    "{{ price }} {{ paid }} {{ yes }} {{ made }}": "19.9 100.00 EUR true 2026-11-19",
    "{{ window }} ": "2026-12-24T00:00+01:00/2026-12-31T23:59+01:00",
    "{{ 0.1 + 0.2 }}": "0.3",
    "{{ 7 // 2 }}": "3",
    "{{ -7 // 2 }}": "-4",
    "{{ -7 % 3 }}": "2",
    "{{ 7 / 2 }}": "3.5",
    "{{ 1 / 3 }}": "0.33333333",
    "{{ price / none_left }}": None,
    "{{ big * 10 }}": None,
    "{{ 0.00000005 * 0.5 }}": "0.00000002",
    "{{ empty == empty }}": "true",
    "{{ empty == '' }}": "true",
    "{{ empty == none }}": "true",
    "{{ empty != 'a' }}": "true",
    "{{ empty < 5 }}": "false",
    "{{ not empty < 5 }}": "true",
    "{{ 1 < stock < 3 }}": "false",
    "{{ empty in ['a', ''] }}": "false",
    "{{ empty not in ['a'] }}": "true",
    "{{ type in ['Jacket', 'Tent'] }}": "true",
    "{{ 'ack' in type }}": "true",
    "{{ 'a.jpg' in images }}": "true",
    "{{ empty or none_left or 5 }}": "0",
    "{{ empty or blank or 'x' }}": "x",
    "{{ yes and stock > 5 }}": "false",
    "{{ 'x' if stock and brand }}": "x",
    "{{ not brand }}": "false",
    "{{ brand ~ ' ' ~ empty ~ stock }}": "Acme 3",
    "{{ empty ~ ' ' }}": None,
    "{{ empty | default('multicolour') }}": "multicolour",
    "{{ blank | default('x') }}": "x",
    "{{ name | length }}": "28",
    "{{ empty | length }}": None,
    "{{ made > '2026-11-01' }}": "true",
    "{{ made <= '2026-11-01' }}": "false",
    "{{ as_of > made }}": "true",
    "{{ paid < dollars }}": "false",
    "{{ paid >= dollars }}": "false",
    "{{ paid == dollars }}": "false",
    "{{ sku is missing }}": "false",
    "{{ blank is missing }}": "true",
    r"{{ sku is matching('^\d+$') }}": "true",
    r"{{ 'a\\b\d\'' }}": "a\\b\\d'",
    "{{ '4006381333931' is gtin }}": "true",
    "{{ '4006381333932' is gtin }}": "false",
    "{{ [empty, price, 5] | min }}": "5",
    "{{ market.country ~ '-' ~ feed.name }}": "ES-main",
    "{{ 'iva' if type | lookup('iva', default=7) < 8 }}": "iva",
    "{{ 'books' | lookup('iva') + 1 }}": "5",
    "{{ 'a' | lookup('two', market.country | lower) }}": "ropa",
}

CHECKLIST = {
    "{{ '  Trail Jacket ' | trim }}": "Trail Jacket",
    "{{ '49,9' | parse_decimal }}": "49.9",
    "{{ '1.234,56' | parse_decimal(',') }}": "1234.56",
    "{{ '1,290' | parse_decimal('.') }}": "1290",
    "{{ '12.345' | parse_decimal }}": None,
    "{{ '1.299,00 €' | parse_money(',') }}": "1299.00 EUR",
    "{{ '$15.00' | parse_money('.') }}": None,
    "{{ '$15.00' | parse_money('.', 'USD') }}": "15.00 USD",
    "{{ '12 pcs' | parse_integer }}": "12",
    "{{ '12.5' | parse_integer }}": None,
    "{{ 'Ja' | parse_boolean(['ja', 'yes', '1'], ['nein']) }}": "true",
    "{{ 'vielleicht' | parse_boolean(['ja'], ['nein']) }}": None,
    "{{ '0,57 kg' | measure }}": "0.57 kg",
    "{{ '570 g' | convert_unit('kg') }}": "0.57 kg",
    "{{ '24.12.2026' | parse_date('dd.mm.yyyy', 'Europe/Berlin') }}": "2026-12-24T00:00+01:00",
    "{{ '24.12.2026' | parse_date('dd.mm.yyyy') }}": "2026-12-24",
    "{{ '2026-03-29 02:30' | parse_date('yyyy-mm-dd hh:mm') }}": None,
    "{{ 'KÃ¼hlschrank' | fix_mojibake }}": "Kühlschrank",
    "{{ 'CafÃ© â€“ 3 m' | fix_mojibake }}": "Café – 3 m",
    "{{ 'Kühlschrank' | fix_mojibake }}": "Kühlschrank",
    "{{ 'u\u0308' | nfc }}": "ü",
    """{{ '{"dims":{"w":30}}' | json_path('$.dims.w') }}""": "30",
    "{{ 'a.jpg|b.jpg' | split('|') }}": ["a.jpg", "b.jpg"],
    "{{ 'Jacket' | append_present(empty, sep=', ') }}": "Jacket",
    "{{ 'Jacket' | append_present('M', sep=', ') }}": "Jacket, M",
    "{{ [brand, empty, type] | join_present(' - ') }}": "Acme - Jacket",
    "{{ brand }} {{ type }}{% if empty %}, {{ empty }}{% endif %}": "Acme Jacket",
    "{{ 'Trail Jckt' | replace('Jckt', 'Jacket') }}": "Trail Jacket",
    "{{ 'w/ hood & belt' | replace_many('words') }}": "with hood and belt",
    r"{{ 'Size: 42 EU' | regex_extract('(\d+)') }}": "42",
    r"{{ 'Jacket [old]' | regex_replace('\s*\[.*?\]', '') }}": "Jacket",
    "{{ name | truncate_chars(20) }}": "Trail Jacket Waterpr",
    "{{ name | truncate_words(20) }}": "Trail Jacket",
    "{{ 'Größe' | truncate_bytes(4) }}": "Grö",
    "{{ '12345678905' | pad_left(12, '0') }}": "012345678905",
    "{{ 'TRAIL JACKET FOR MEN' | sentence_case }}": "Trail jacket for men",
    "{{ 'TRAIL JACKET FOR MEN' | title }}": "Trail Jacket For Men",
    "{{ 'USB-C CABLE' | title(keep=['USB-C']) }}": "USB-C Cable",
    "{{ 'Trail \xa0\n Jacket' | collapse_spaces }}": "Trail Jacket",
    "{{ '<p>Cotton</p><p>Blue<br>Red</p>' | html_to_text }}": "Cotton Blue Red",
    "{{ '3 &lt; 5 &amp; dry' | decode_entities }}": "3 < 5 & dry",
    "{{ '3 < 5' | html_to_text }}": "3 < 5",
    """{{ '[gallery id="3"]Warm<script>x()</script>' | clean_text }}""": "Warm",
    "{{ '<b>Warm</b><i>x</i>' | keep_tags(['b', 'ul', 'li']) }}": "<b>Warm</b>x",
    "{{ 'Acme Acme Jacket jacket Blue' | dedupe_words }}": "Acme Jacket Blue",
    "{{ 'Jacket (2024) [B-stock]' | drop_brackets }}": "Jacket",
    "{{ 'Jack\u0007et' | strip_control }}": "Jacket",
    "{{ 'Jacket 🔥' | drop_emoji }}": "Jacket",
    "{{ 'Jacket SALE free shipping' | drop_words(['sale', 'free shipping']) }}": "Jacket",
    "{{ 'Trail Jacket – Größe M' | slug }}": "trail-jacket-groesse-m",
    "{{ 'https://shop.example/img/bild ü%20.jpg' | url_encode }}": "https://shop.example/img/bild%20%C3%BC%20.jpg",
    "{{ 'img/1.jpg' | with_base('https://shop.example/') }}": "https://shop.example/img/1.jpg",
    "{{ 'https://shop.example/p/1?size=M#top' | utm(source='google', medium='cpc') }}": (
        "https://shop.example/p/1?size=M&utm_source=google&utm_medium=cpc#top"
    ),
    "{{ 'A-1001' | hash(8) }}": "0b1336d9",
    "{{ ' <p>Gr&ouml;&szlig;e&nbsp; M</p> ' | clean_text }}": "Größe M",
    "{{ 10 * 1.5 + 2 }}": "17",
    "{{ 100 | add_percent(10) }}": "110",
    "{{ 49.9 | add_tax(19) }}": "59.381",
    "{{ 59.38 | remove_tax(19) | round(2) }}": "49.9",
    "{{ 59.381 | round_to(2) }}": "59.38",
    "{{ 2.675 | round(2) }}": "2.68",
    "{{ 2.665 | round_to(2, 'half_even') }}": "2.66",
    "{{ 17.30 | round_to_ending(0.99) }}": "17.99",
    "{{ 17.995 | round_to_ending(0.99) }}": "18.99",
    "{{ 17.30 | ceil }} {{ 17.30 | floor }}": "18 17",
    "{{ [19.90, 24.90] | max }}": "24.9",
    "{{ 1000 | clamp(0, 99) }}": "99",
    "{{ paid | convert('rates', 'USD') }}": "108.00 USD",
    "{{ 59.381 | money('EUR') }}": "59.38 EUR",
    "{{ 1980.4 | money('JPY') }}": "1980 JPY",
    "{{ 12.3456 | money('KWD') }}": "12.346 KWD",
    "{{ dollars | money('EUR') }}": None,
    "{{ 33.45 | money('USD') | micros }}": "33450000",
    "{{ 19.99 | money('USD') | minor_units }}": "1999",
    "{{ 1980 | money('JPY') | minor_units }}": "1980",
    "{{ 50 | margin(30) }}": "40",
    "{{ (9 * 50 / 100) | floor }}": "4",
    "{{ [empty, '012345678905'] | first_of }}": "012345678905",
    "{{ 'InStock' | value_map('states') }}": "in_stock",
    "{{ 'Gone' | value_map('states') }}": None,
    "{{ path | category('categories') }}": "5598",
    "{{ images | nth(1) }}": "a.jpg",
    "{{ images | limit(2) }}": ["a.jpg", "https://x/b.jpg"],
    "{{ images | dedupe }}": ["a.jpg", "https://x/b.jpg"],
    "{{ images | where_url }}": ["https://x/b.jpg"],
    "{{ ['L', 'S', 'M'] | sort(order=['S', 'M', 'L']) }}": ["S", "M", "L"],
    "{{ ['red', 'white'] | join('/') }}": "red/white",
    "{{ '4 006381-333931' | gtin }}": "4006381333931",
    "{{ '0-306-40615-2' | isbn_to_gtin }}": "9780306406157",
    "{{ made | interval('2026-12-31') }}": "2026-11-19T00:00+01:00/2026-12-31T23:59+01:00",
    "{{ as_of | add_days(14) }}": "2026-12-04",
    "{{ as_of | in_window(window) }}": "false",
    "{{ 59.38 | band([0, 50, 100]) }}": "50-100",
    "{{ 100 | band([0, 50, 100]) }}": "100+",
}

FAILURES = {
    "{{ price / none_left }}": ["FS205"],
    "{{ big * 10 }}": ["FS205"],
    "{{ '12.345' | parse_decimal }}": ["FS204"],
    "{{ '$15.00' | parse_money('.') }}": ["FS204"],
    "{{ 'Gone' | value_map('states') }}": ["FS202"],
    "{{ 'Gone' | lookup('states', default='x') }}": [],
    "{{ empty | lookup('states') }}": [],
    "{{ 1 / none_left if stock > 5 else 2 }}": [],
    "{{ brand or ('x' | lookup('states')) }}": [],
    "{{ 'x' if yes or 1 / none_left > 1 }}": [],
    "{{ 'x' if no and 1 / none_left > 1 }}": [],
    "{{ 1 / none_left if stock > 1 else 2 }}": ["FS205"],
}


def result(template: str):
    return evaluate(
        template,
        ROW,
        market={"country": "ES", "language": "es", "currency": "EUR"},
        feed={"name": "main"},
        tables=TABLES,
        zone="Europe/Berlin",
        as_of=AS_OF,
    )


@pytest.mark.parametrize(("template", "expected"), [*LANGUAGE.items(), *CHECKLIST.items()])
def test_a_template_gives(template: str, expected: object):
    value = result(template).value
    printed = value if value is None or isinstance(value, list) else text_of(value, BERLIN)

    assert printed == expected


@pytest.mark.parametrize(("template", "codes"), FAILURES.items())
def test_only_steps_that_ran_fail(template: str, codes: list[str]):
    assert [code for code, _ in result(template).failures] == codes


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{{ stock }}", "integer"),
        ("{{ stock + 1.5 }}", "decimal"),
        ("{{ stock / 1 }}", "decimal"),
        ("\n{% if yes %}\n  {{ price }}\n{% else %}{{ stock }}{% endif %}\n", "decimal"),
        ("{{ stock }} {{ price }}", "text"),
        ("x {{ price }}", "text"),
        ("{{ images }}", "list"),
        ("{{ paid }}", "money"),
        ("{{ made }}", "date"),
        ("{{ '24.12.2026' | parse_date('dd.mm.yyyy', 'UTC') }}", "datetime"),
        ("{{ made | interval(made) }}", "interval"),
        ("{{ yes }}", "boolean"),
        ("{{ '1' }}", "text"),
        ("{{ 'food' | lookup('iva') }}", "text"),
        ("{{ empty }}", None),
    ],
)
def test_one_value_keeps_its_type(template: str, name: str | None):
    assert result(template).type == name
