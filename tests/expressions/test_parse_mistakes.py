"""What people write by mistake: the message, and the column it points at."""

from __future__ import annotations

import pytest
from template_bench import AT, scope

from feedsync.errors import FeedsyncError, Place, TemplateError
from feedsync.expressions import compile_template

# the template stands in column 10 of line 3
MISTAKES = [
    ("{{ stok }}", 13, 'unknown field "stok"; did you mean "stock"?'),
    ("{{ wholesale_code }}", 13, 'unknown field "wholesale_code". Look at the header of the catalog.'),
    ("{{ precio_normal }}", 13, 'unknown field "precio_normal"; did you mean "field(\'Precio normal\')"?'),
    ("{{ market.land }}", 13, '"market" has no "land". Look at its definition.'),
    ("{{ market.langage }}", 13, '"market" has no "langage"; did you mean "market.language"?'),
    ("{{ market }}", 13, '"market" has parts and is no value. Name one: market.country, language, currency.'),
    ("{{ field('stok') }}", 13, 'unknown field "stok"; did you mean "stock"?'),
    (
        "{{ field(title) }}",
        19,
        "the name of a field must be known before the first row. Build it of texts, market.* and feed.*.",
    ),
    ("{{ stock = 3 }}", 19, '"=" does not compare; write "==": stock == 3'),
    ("{% if stock = 3 %}a{% endif %}", 22, '"=" does not compare; write "==": stock == 3'),
    ("{{ stock === 3 }}", 19, '"===" does not compare. Write "==".'),
    ("{{ stock => 3 }}", 19, '"=>" does not compare. Write ">=".'),
    ("{{ stock <> 3 }}", 19, '"<>" does not compare. Write "!=".'),
    ("{{ stock && price }}", 19, '"&" is not used here. Write "and" between conditions, "~" between texts.'),
    ("{{ stock || price }}", 19, '"||" does not mean or. Write "or".'),
    ("{{ !stock }}", 13, '"!" does not negate. Write "not".'),
    ("{{ stock AND price }}", 19, '"AND" is written small. Write "and".'),
    ("{{ stock > 1 and < 5 }}", 27, '"and <" compares nothing. Name the field again: price > 10 and price < 20.'),
    ("{{ “new” }}", 13, "“ is a typographic quote. Write straight quotes: ' or \"."),
    ("{{ price * 1,21 }}", 21, '"1,21" is two values; write decimals with a point: 1.21'),
    ("{{ price | add_tax(1,21) }}", 29, '"1,21" is two values; write decimals with a point: 1.21'),
    ("{{ price * .99 }}", 21, ".99 begins with its point. Write 0.99."),
    ("{{ 007 }}", 13, "007 begins with a zero. A number has none; a text needs quotes: '007'."),
    ("{{ 2XL }}", 13, "\"2XL\" is neither number nor name. A text needs quotes: '2XL'."),
    ("{{ 1e5 }}", 13, '"1e5" is no plain number. Write it out in digits, with a point: 1200.5.'),
    (
        "{{ 1234567890123456 }}",
        13,
        "1234567890123456 has too many digits. A number has up to 15 digits before the point and 8 after it.",
    ),
    ("{{ IF(stock;1;2) }}", 13, "IF(...) is a spreadsheet's. Write: a if condition else b."),
    ("{{ SI(stock, 1, 2) }}", 13, "SI(...) is a spreadsheet's. Write: a if condition else b."),
    ("{{ stock ? 1 : 2 }}", 19, '"?" does not choose. Write: a if condition else b.'),
    ("{{ title | replace('a'; 'b') }}", 32, '";" separates nothing here. Separate arguments with ",".'),
    ("{{ Precio normal }}", 13, "\"Precio normal\" has a blank in it. Write field('Precio normal')."),
    ("{{ price | money EUR }}", 27, "arguments stand in parentheses. Write money('EUR')."),
    ("{{ title | truncate_words 3 }}", 36, "arguments stand in parentheses. Write truncate_words(3)."),
    ("{{ title | truncate_words: 3 }}", 35, "arguments stand in parentheses. Write truncate_words(...)."),
    (
        "{{ 'it''s' }}",
        17,
        "a doubled quote ends the text and begins another. Write \\' inside it, or use the other quotes.",
    ),
    ("{{ 'a' 'b' }}", 17, 'two texts side by side. Join them with "~".'),
    ("{{ 'a }}", 13, "the text opened here with ' is never closed. Close it with '."),
    ("{{ (title }}", 13, 'the "(" opened here is never closed. Close it.'),
    ("{{ title) }}", 18, 'a ")" that nothing has opened. Remove it, or open it before.'),
    ("{{ title }", 10, '"{{" is not closed by "}}". Write "}}" at its end.'),
    ("{{ title", 10, '"{{" is not closed by "}}". Write "}}" at its end.'),
    ("{% if title }}x{% endif %}", 10, '"{%" is not closed by "%}". Write "%}" at its end.'),
    ("a { title }}", 12, '"{ title }}" begins with one brace. Write two: "{{ ... }}".'),
    ("{% if {{ title }} %}x{% endif %}", 16, '"{{" inside "{{" or "{%". Write the name alone, without braces.'),
    ("a{% if title %}b", 11, "this if is never closed. Write {% endif %} after it."),
    (
        "{% if title %}a{% else if size %}b{% endif %}",
        28,
        "a further condition is written elif. Write {% elif condition %}.",
    ),
    ("{% if title %}a{% end %}", 28, "an if is closed by endif. Write {% endif %}."),
    ("a{% endif %}", 14, '"endif" without an if before it. Open it: {% if condition %}.'),
    (
        "{% for t in tags %}{{ t }}{% endfor %}",
        13,
        '"for" is not part of the mapping language. Use functions such as join_present, lookup or select.',
    ),
    (
        "{% macro x() %}{% endmacro %}",
        13,
        '"macro" is not part of the mapping language. Use functions such as join_present, lookup or select.',
    ),
    ("{% fi stock %}", 13, "an if is closed by endif. Write {% endif %}."),
    ("{% unless stock %}", 13, '"unless" is no statement. There are if, elif, else, endif and set: {% if %}.'),
    ("{% set title = 1 %}", 17, '"title" exists already and would be hidden. Choose another name.'),
    ("{% set x %}a{% endset %}", 13, "set needs a value. Write {% set name = value %}."),
    (
        "{{ title.upper() }}",
        13,
        '"upper(...)" is no call; there is only field(...). Functions follow a bar: x | upper.',
    ),
    (
        "{{ title.size }}",
        13,
        '".size" takes a part of something that has none. Parts exist of market, feed and item: market.country.',
    ),
    (
        "{{ title[0] }}",
        13,
        "[...] after a value takes no part of it. Of a list use | first, | nth(2), | skip(1) or | limit(10); of a row field('...').",
    ),
    ("{{ (title, size) }}", 14, "a comma separates two values here. Write a list in brackets: [a, b]."),
    ("{{ price ** 2 }}", 13, "powers are not supported. Multiply instead."),
    ("{{ {'a': 'b'} }}", 13, "a table can only be an argument. Write value_map({'a': 'b'})."),
    ("{{ title | }}", 21, 'something is missing before "}}". Complete the expression.'),
    ("{{ title ~ * }}", 21, '"*" cannot stand here. Look for a missing operator, comma or quote before it.'),
    ("{{ title | uper }}", 21, 'unknown function "uper"; did you mean "upper"?'),
    ("{{ title | truncate(3) }}", 21, '"truncate" is not part of the mapping language. Use truncate_words.'),
    ("{{ title is null }}", 19, '"is null" is not part of the mapping language. Write: is missing.'),
    ("{{ title is gtinn }}", 19, 'unknown test "is gtinn"; did you mean "is gtin"?'),
    ("{{ tax | lookup('ivva') }}", 26, 'unknown lookup "ivva"; did you mean "iva"?'),
    ("{{ title | truncate_words }}", 21, 'truncate_words needs the argument "n". Write it in the parentheses.'),
    ("{{ title | truncate_words(3, 4, 5) }}", 21, "truncate_words has too many arguments. It takes: n."),
    ("{{ title | truncate_words(m=3) }}", 38, 'truncate_words has no argument "m". Remove it.'),
    (
        "{{ title | truncate_words(stock) }}",
        36,
        '"n" of truncate_words must be known before the first row. Write it out, or use market.* or feed.*.',
    ),
    ("{{ title | truncate_words('3') }}", 36, '"n" of truncate_words is integer, and this is text. Give it integer.'),
    (
        "{{ title | money('EUR') }}",
        21,
        "money takes a number, and this is text. Read it first: | parse_decimal, or give the field a type.",
    ),
    ("{{ price | upper }}", 21, "upper takes text, and this is decimal. Print it first: | string."),
    ("{{ title + 'x' }}", 13, '"+" joins text and text; texts are not added. Join them with "~".'),
    ("{{ title * 2 }}", 13, '"*" takes numbers, and this is text. Make it a number, for example in the field\'s type.'),
    (
        "{{ cost * 2 }}",
        13,
        '"*" takes numbers, and this is money. Calculate with | amount, and make money of it afterwards.',
    ),
    ("{{ day + 14 }}", 13, '"+" takes numbers, and this is date. Use | add_days(n).'),
    ("{{ cost > 3 }}", 20, '">" compares money with integer. Compare the number: | amount.'),
    (
        "{{ sku == 7 }}",
        20,
        "\"==\" compares text with integer. Compare with a text: '7', or give the field a number's type.",
    ),
    ("{{ title < price }}", 21, '"<" compares text with decimal. Make both the same type.'),
    ("{{ day > 'soon' }}", 19, '"soon" is no date. Write it as 2026-12-24.'),
    ("{{ active < active }}", 22, '"<" does not compare values of type boolean. Compare a part of it.'),
    ("{{ 3 in title }}", 18, "integer cannot be in text. Look for a text in a text, or for an element of a list."),
    ("{{ price if stock else title }}", 13, "one way gives decimal, the other text. Make both the same type."),
    ("{{ active or title }}", 13, "or joins boolean and text. Compare the other side too, or use default(...)."),
    ("{{ title and size }}", 13, "and joins text and text. Write: a if condition; and joins conditions."),
    ("{{ [title, price] | first }}", 21, "a list of text and decimal. Make them one type, for example with | string."),
    ("{{ title }} {{ tags }}", 25, "a list of text cannot be printed as text. Join it: | join(', ')."),
    (
        "{{ size | collect_group(brand) }}",
        20,
        "collect_group needs all rows of a feed, and there are none here. Use it in attributes.",
    ),
]


@pytest.mark.parametrize(("template", "column", "message"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_mistakes(template: str, column: int, message: str) -> None:
    with pytest.raises(FeedsyncError) as raised:
        compile_template(template, scope(), AT)
    assert isinstance(raised.value, TemplateError)
    assert str(raised.value) == f"feedsync.yaml:3:{column}: error: {message}"


def test_places_in_a_block_of_lines() -> None:
    with pytest.raises(TemplateError) as raised:
        compile_template("{{ title }}\n  {{ stok }}", scope(), AT)
    assert raised.value.place == Place("feedsync.yaml", 4, 15)


def test_places_where_columns_cannot_be_counted() -> None:
    with pytest.raises(TemplateError) as raised:
        compile_template("{{ title }}\n  {{ stok }}", scope(), AT, exact=False)
    assert raised.value.place == AT
