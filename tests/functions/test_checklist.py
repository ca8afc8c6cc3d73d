"""The operations that feed systems offer their users: each is one template with its literal result.

A row's cells are typed by their canonical form (see one_row.py). What is no function (joins of sources, overrides,
parents, guards) is tested where it lives.
"""

from __future__ import annotations

import pytest
from one_row import run

from feedsync.expressions.scope import Table

A1 = {"sku": "A-1", "title": "Jacket", "price": "59.38", "qty": "3", "updated": "2026-11-19", "gtin": "4006381333931"}
A2 = {"sku": "A-2", "title": "Cap", "price": "9.90", "qty": "0", "updated": "2026-10-01", "gtin": "4006381333931"}
A3 = {"sku": "A-3", "title": "Tent", "price": "249.00", "qty": "1", "updated": "2026-10-15", "gtin": ""}

SELECT = [
    # condition, the products it selects
    ("{{ true }}", "A-1 A-2 A-3"),
    ("{{ title in ['Jacket', 'Tent'] }}", "A-1 A-3"),
    ("{{ title is containing('ack', 'ent') }}", "A-1 A-3"),
    ("{{ title is ending_with('ap') }}", "A-2"),
    ("{{ title is starting_with('Te', 'Ca') }}", "A-2 A-3"),
    ("{{ sku is matching('^A-[12]$') }}", "A-1 A-2"),
    ("{{ gtin is missing }}", "A-3"),
    ("{{ gtin is not missing }}", "A-1 A-2"),
    ("{{ price is between(50, 100) }}", "A-1"),
    ("{{ 50 <= price <= 100 }}", "A-1"),
    ("{{ updated >= '2026-11-01' }}", "A-1"),
    ("{{ updated | in_window('2026-10-01', '2026-10-31') }}", "A-2 A-3"),
    ("{{ updated < as_of | add_days(-30) }}", "A-2 A-3"),
    ("{{ title | length > 3 }}", "A-1 A-3"),
    ("{{ title | wordcount > 1 }}", ""),
    ("{{ gtin is gtin }}", "A-1 A-2"),
    ("{{ (qty > 0 or sku == 'A-2') and not title == 'Tent' }}", "A-1 A-2"),
    ("{{ true if qty > 0 else false }}", "A-1 A-3"),
]


@pytest.mark.parametrize(("condition", "selected"), SELECT)
def test_select(condition: str, selected: str) -> None:
    assert " ".join(row["sku"] for row in (A1, A2, A3) if run(condition, row)[0] == "true") == selected


TABLES = {
    "categories": Table("categories", {("Jackets",): "5598"}),
    "paths": Table("paths", {("Shop > Men > Jackets",): "5598", ("Shop",): "1"}, prefix=True),
    "iva": Table("iva", {("general",): "21", ("reducido",): "10"}),
    "vat": Table("vat", {("general", "ES"): "21", ("general", "PT"): "23"}, keys=("class", "country")),
    "seasons": Table("seasons", {("11",): "winter"}),
    "tiers": Table("tiers", {("0-20",): "low", ("20+",): "high"}),
}
TRAIL = {"title": "Trail Jacket Waterproof Navy"}
SALE = {"start": "2026-12-24", "end": "2026-12-31"}

OPERATIONS = [
    # read values
    ("{{ '  Trail Jacket ' | trim }}", {}, "Trail Jacket"),
    ("{{ '49,9' | parse_decimal(',') }}", {}, "49.9"),
    ("{{ '1.234,56' | parse_decimal(',') }}", {}, "1234.56"),
    ("{{ '1,290' | parse_decimal('.') }}", {}, "1290"),
    ("{{ '1.299,00 €' | parse_money(',') | amount }}", {}, "1299"),
    ("{{ '1.299,00 €' | parse_money(',') | currency }}", {}, "EUR"),
    ("{{ '$15.00' | parse_money('.', 'USD') }}", {}, "15.00 USD"),
    ("{{ '12 pcs' | parse_integer }}", {}, "12"),
    ("{{ 'Ja' | parse_boolean(yes=['Ja', 'yes', '1']) }}", {}, "true"),
    ("{{ '0,57 kg' | measure }}", {}, "0.57 kg"),
    ("{{ '570 g' | convert_unit('kg') }}", {}, "0.57 kg"),
    ("{{ '24.12.2026' | parse_date('dd.mm.yyyy', 'Europe/Berlin') }}", {}, "2026-12-24T00:00+01:00"),
    ("{{ text | fix_mojibake }}", {"text": "KÃ¼hlschrank"}, "Kühlschrank"),
    ("{{ text | fix_mojibake }}", {"text": "CafÃ© â€“ 3 m"}, "Café – 3 m"),
    ("{{ text | nfc }}", {"text": "u\u0308"}, "ü"),
    ("{{ text | json_path('$.dims.w') }}", {"text": '{"dims":{"w":30}}'}, "30"),
    ("{{ text | split('|') }}", {"text": "a.jpg|b.jpg"}, '["a.jpg","b.jpg"]'),
    # text
    ("Acme", {}, "Acme"),
    ("{{ title ~ ' | Acme' }}", {"title": "Jacket"}, "Jacket | Acme"),
    ("New: {{ title }}", {"title": "Jacket"}, "New: Jacket"),
    ("{{ title | append_present(size, sep=', ') }}", {"title": "Jacket", "size": ""}, "Jacket"),
    ("{{ title | append_present(size, sep=', ') }}", {"title": "Jacket", "size": "M"}, "Jacket, M"),
    ("{{ ['Acme', none, 'Jacket'] | join_present(' - ') }}", {}, "Acme - Jacket"),
    (
        "{{ brand }} {{ name }}{% if size %}, {{ size }}{% endif %}",
        {"brand": "Acme", "name": "Trail Jacket", "size": "M"},
        "Acme Trail Jacket, M",
    ),
    ("{{ 'Trail Jckt' | replace('Jckt', 'Jacket') }}", {}, "Trail Jacket"),
    ("{{ 'w/ hood & belt' | replace_many({'w/': 'with', '&': 'and'}) }}", {}, "with hood and belt"),
    (r"{{ 'Size: 42 EU' | regex_extract('(\d+)') }}", {}, "42"),
    (r"{{ 'Jacket [old]' | regex_replace('\s*\[.*?\]', '') }}", {}, "Jacket"),
    ("{{ title | truncate_chars(20) }}", TRAIL, "Trail Jacket Waterpr"),
    ("{{ title | truncate_words(20) }}", TRAIL, "Trail Jacket"),
    ("{{ 'Größe' | truncate_bytes(4) }}", {}, "Grö"),
    ("{{ '12345678905' | pad_left(12, '0') }}", {}, "012345678905"),
    ("{{ 'TRAIL JACKET FOR MEN' | sentence_case }}", {}, "Trail jacket for men"),
    ("{{ 'TRAIL JACKET FOR MEN' | title }}", {}, "Trail Jacket For Men"),
    ("{{ 'CABLE USB-C' | title(keep=['USB-C']) }}", {}, "Cable USB-C"),
    ("{{ text | collapse_spaces }}", {"text": "Trail   Jacket"}, "Trail Jacket"),
    ("{{ text | collapse_spaces }}", {"text": "Trail\u00a0\r\nJacket"}, "Trail Jacket"),
    ("{{ text | html_to_text }}", {"text": "<p>Cotton</p><p>Blue<br>Red</p>"}, "Cotton Blue Red"),
    ("{{ text | html_to_text }}", {"text": "3 &lt; 5 &amp; dry"}, "3 < 5 & dry"),
    ("{{ text | html_to_text }}", {"text": "3 < 5"}, "3 < 5"),
    ("{{ text | html_to_text }}", {"text": '[gallery id="3"]Warm<script>x()</script>'}, "Warm"),
    ("{{ text | keep_tags(['b', 'ul', 'li']) }}", {"text": "<b>Warm</b><i>x</i>"}, "<b>Warm</b>x"),
    ("{{ 'Acme Acme Jacket jacket Blue' | dedupe_words }}", {}, "Acme Jacket Blue"),
    ("{{ 'Jacket (2024) [B-stock]' | drop_brackets }}", {}, "Jacket"),
    ("{{ text | strip_control }}", {"text": "Jack\u0007et"}, "Jacket"),
    ("{{ 'Jacket 🔥' | drop_emoji }}", {}, "Jacket"),
    ("{{ 'Jacket SALE free shipping' | drop_words(['sale', 'free shipping']) }}", {}, "Jacket"),
    ("{{ 'Trail Jacket – Größe M' | slug }}", {}, "trail-jacket-groesse-m"),
    (
        "{{ 'https://shop.example/img/bild ü.jpg' | url_encode }}",
        {},
        "https://shop.example/img/bild%20%C3%BC.jpg",
    ),
    ("{{ 'https://shop.example/a%20b' | url_encode }}", {}, "https://shop.example/a%20b"),
    ("{{ 'img/1.jpg' | with_base('https://shop.example/') }}", {}, "https://shop.example/img/1.jpg"),
    (
        "{{ 'https://shop.example/p/1?size=M#top' | utm(source='google', medium='cpc') }}",
        {},
        "https://shop.example/p/1?size=M&utm_source=google&utm_medium=cpc#top",
    ),
    ("{{ 'A-1001' | hash(8) }}", {}, "0b1336d9"),
    ("{{ text | clean_text }}", {"text": " <p>Gr&ouml;&szlig;e&nbsp; M</p> "}, "Größe M"),
    # number and money
    ("{{ price * 1.5 + 2 }}", {"price": "10"}, "17"),
    ("{{ 100 | add_percent(10) }}", {}, "110"),
    ("{{ 49.9 | add_tax(19) }}", {}, "59.381"),
    ("{{ 59.38 | remove_tax(19) | money('EUR') }}", {}, "49.90 EUR"),
    ("{{ 59.381 | round_to(2, 'half_up') }}", {}, "59.38"),
    ("{{ 2.665 | round_to(2, 'half_even') }}", {}, "2.66"),
    ("{{ 2.675 | round(2) }}", {}, "2.68"),
    ("{{ 17.30 | round_to_ending(0.99) }}", {}, "17.99"),
    ("{{ 17.30 | ceil }}", {}, "18"),
    ("{{ 17.30 | floor }}", {}, "17"),
    ("{{ [19.90, 24.90] | max }}", {}, "24.9"),
    ("{{ [19.90, 24.90] | min }}", {}, "19.9"),
    ("{{ qty | clamp(max=99) }}", {"qty": "1000"}, "99"),
    ("{{ 100 | money('EUR') | convert({'EUR': '1.08'}, 'USD') }}", {}, "108.00 USD"),
    ("{{ 59.381 | money('EUR') }}", {}, "59.38 EUR"),
    ("{{ 1980.4 | money('JPY') }}", {}, "1980 JPY"),
    ("{{ 12.3456 | money('KWD') }}", {}, "12.346 KWD"),
    ("{{ 33.45 | money('USD') | micros }}", {}, "33450000"),
    ("{{ 19.99 | money('USD') | minor_units }}", {}, "1999"),
    ("{{ 1980 | money('JPY') | minor_units }}", {}, "1980"),
    ("{{ price | margin(cost) }}", {"price": "50", "cost": "30"}, "40"),
    ("{{ [a, b] | sum - 1 }}", {"a": "2", "b": "3"}, "4"),
    ("{{ (9 * 0.5) | floor }}", {}, "4"),
    # data, lookup and choice
    ("{{ sku }}", {"sku": "A-1001"}, "A-1001"),
    ("{{ [ean, upc] | first_of }}", {"ean": "", "upc": "012345678905"}, "012345678905"),
    ("{{ color | default('multicolour') }}", {"color": ""}, "multicolour"),
    ("{{ s | value_map({'InStock': 'in_stock', 'SoldOut': 'out_of_stock'}) }}", {"s": "InStock"}, "in_stock"),
    ("{{ category | lookup('categories') }}", {"category": "Jackets"}, "5598"),
    ("{{ category | lookup('categories', default='1') }}", {"category": "Hats"}, "1"),
    ("{{ path | category('paths') }}", {"path": "Shop > Men > Jackets > Rain"}, "5598"),
    ("{{ path | lookup('paths') }}", {"path": "Shop>Women"}, "1"),
    ("{{ 100 | add_tax(tax | lookup('iva')) }}", {"tax": "general"}, "121"),
    ("{{ tax | lookup('vat', country) }}", {"tax": "general", "country": "PT"}, "23"),
    ("{{ 'in_stock' if qty > 0 else 'out_of_stock' }}", {"qty": "3"}, "in_stock"),
    ("{{ mpn if mpn != sku }}", {"mpn": "A-1", "sku": "A-1"}, None),
    # lists
    ("{{ ['a.jpg', 'b.jpg'] | nth(1) }}", {}, "a.jpg"),
    ("{{ l | limit(2) }}", {"l": '["a","b","c"]'}, '["a","b"]'),
    ("{{ ['a', 'b', 'a'] | dedupe }}", {}, '["a","b"]'),
    ("{{ ['L', 'S', 'M'] | sort(order=['S', 'M', 'L']) }}", {}, '["S","M","L"]'),
    ("{{ l | where_url }}", {"l": '["a.jpg","https://x/b.jpg"]'}, '["https://x/b.jpg"]'),
    ("{{ ['red', 'white'] | join('/') }}", {}, "red/white"),
    ("{{ size | collect_group(parent) }}", {"size": "S", "parent": "P-77"}, '["S"]'),
    # identity
    ("{{ ean | gtin }}", {"ean": "4 006381-333931"}, "4006381333931"),
    ("{{ ean is gtin }}", {"ean": "4006381333932"}, "false"),
    ("{{ ean is restricted_gtin }}", {"ean": "2000000000008"}, "true"),
    ("{{ isbn | isbn_to_gtin }}", {"isbn": "0-306-40615-2"}, "9780306406157"),
    ("{{ 'no' if gtin is missing and mpn is missing }}", {"gtin": "", "mpn": ""}, "no"),
    # dates
    ("{{ day | parse_date(zone='Europe/Berlin') }}", {"day": "2026-12-24 00:00"}, "2026-12-24T00:00+01:00"),
    ("{{ start | interval(end) }}", SALE, "2026-12-24T00:00+01:00/2026-12-31T23:59+01:00"),
    ("{{ start | interval(end) | end }}", SALE, "2026-12-31T23:59+01:00"),
    ("{{ as_of | add_days(14) }}", {}, "2026-12-04"),
    ("{{ day | in_window(start, end) }}", {"day": "2026-12-26", **SALE}, "true"),
    # labels and statistics
    ("{{ price | band([0, 50, 100]) }}", {"price": "59.38"}, "50-100"),
    ("{{ price | margin(cost) | band([0, 20]) | lookup('tiers') }}", {"price": "50", "cost": "30"}, "high"),
    ("{{ as_of | month | lookup('seasons') }}", {}, "winter"),
    ("{{ 'bestseller' if clicks | rank <= 100 }}", {"clicks": "12"}, "bestseller"),
    ("{{ ['A', 'B'] | nth(1) if sku | hash_bucket(2) == 0 else 'B' }}", {"sku": "A-1001"}, "B"),
]


@pytest.mark.parametrize(("template", "row", "gives"), OPERATIONS)
def test_operation(template: str, row: dict[str, str], gives: str | None) -> None:
    assert run(template, row, TABLES) == (gives, [])


FAILING = [
    # a step that fails gives nothing and says so
    ("{{ '12.345' | parse_decimal }}", {}, ["FS204"]),
    ("{{ '$15.00' | parse_money }}", {}, ["FS204"]),
    ("{{ 'maybe' | parse_boolean(yes=['Ja'], no=['Nein']) }}", {}, ["FS204"]),
    ("{{ text | measure('kg') }}", {"text": "heavy"}, ["FS204"]),
    ("{{ text | json_path('$.a') }}", {"text": "no JSON"}, ["FS204"]),
    ("{{ price | money('USD') }}", {"price": "5.00 EUR"}, ["FS204"]),
    ("{{ price | convert({'GBP': '1.3'}, 'USD') }}", {"price": "5.00 EUR"}, ["FS204"]),
    ("{{ isbn | isbn_to_gtin }}", {"isbn": "0-306-40615-3"}, ["FS204"]),
    ("{{ s | value_map({'InStock': 'in_stock'}) }}", {"s": "Gone"}, ["FS202"]),
    ("{{ s | lookup('iva') }}", {"s": "Gone"}, ["FS202"]),
    ("{{ s | category('paths') }}", {"s": "Home > Men"}, ["FS202"]),
    ("{{ price | margin(cost) }}", {"price": "0", "cost": "30"}, ["FS205"]),
    ("{{ price | remove_tax(rate) }}", {"price": "5.5", "rate": "-100"}, ["FS205"]),
    ("{{ price | micros }}", {"price": "1000000000.00 EUR"}, ["FS205"]),
    ("{{ [a, a] | sum }}", {"a": "600000000000000.5"}, ["FS205"]),
    ("{{ day | add_days(n) }}", {"day": "2026-01-01", "n": "999999"}, ["FS205"]),
]
QUIET = [
    # nothing found is no failure
    (r"{{ text | regex_extract('\d') }}", {"text": "none"}),
    ("{{ text | json_path('$.b') }}", {"text": '{"a":1}'}),
    ("{{ price | band([100]) }}", {"price": "5"}),
    ("{{ l | nth(5) }}", {"l": '["a"]'}),
    ("{{ text | html_to_text }}", {"text": "<br>"}),
    ("{{ text | slug }}", {"text": "—"}),
    ("{{ s | lookup('iva') }}", {"s": ""}),
    ("{{ s | lookup('iva', default='4') }}", {"s": ""}),
]


@pytest.mark.parametrize(("template", "row", "codes"), FAILING)
def test_failure(template: str, row: dict[str, str], codes: list[str]) -> None:
    assert run(template, row, TABLES) == (None, codes)


@pytest.mark.parametrize(("template", "row"), QUIET)
def test_nothing_and_no_failure(template: str, row: dict[str, str]) -> None:
    assert run(template, row, TABLES) == (None, [])
