"""Mistakes in the arguments of functions: found when the template is compiled, with what to write instead."""

from __future__ import annotations

import pytest
from one_row import run

from feedsync.errors import TemplateError
from feedsync.expressions.scope import Table

TABLES = {
    "vat": Table("vat", {("general", "ES"): "21"}, keys=("class", "country")),
    "rates": Table("rates", {("EUR",): "1,08"}),
}
ROW = {"t": "text", "n": "5", "d": "1.5", "m": "5.00 EUR", "day": "2026-12-24", "l": '["a"]', "a": "x", "b": "y"}

MISTAKES = [
    ("{{ t | regex_replace('(', '') }}", "function_bad_regex", "unclosed group"),
    ("{{ t | regex_replace('(?=a)', '') }}", "function_bad_regex", "look-ahead"),
    ("{{ t is matching('[') }}", "function_bad_regex", "unclosed character class"),
    (r"{{ t | regex_replace('(a)', '\1') }}", "function_backslash_group", "Write $1"),
    ("{{ t | regex_replace('a', '$1') }}", "function_no_group", "the pattern has 0"),
    ("{{ t | regex_extract('(a)', 2) }}", "function_no_group", "group 2"),
    ("{{ t | replace('', 'x') }}", "function_empty_text", "old is empty"),
    ("{{ t | split('') }}", "function_empty_text", "sep is empty"),
    ("{{ t | truncate_words(0) }}", "function_number_range", "n is 0"),
    ("{{ t | pad_left(100000) }}", "function_number_range", "between 1 and 1000"),
    ("{{ t | pad_left(5, 'ab') }}", "function_one_character", "sign"),
    ("{{ t | hash(65) }}", "function_number_range", "64"),
    ("{{ t | hash_bucket(0) }}", "function_number_range", "n is 0"),
    ("{{ d | round(9) }}", "function_number_range", "digits is 9"),
    ("{{ d | round_to(2, 'bankers') }}", "function_choice", "half_even"),
    ("{{ d | clamp }}", "function_argument_missing", "min or max"),
    ("{{ d | band([100, 50]) }}", "function_bounds", "do not rise"),
    ("{{ d | money('euro') }}", "function_currency", '"euro" is no currency'),
    ("{{ m | convert('rates', 'USD') }}", "function_rate", '"1,08"'),
    ("{{ t | parse_decimal(';') }}", "function_choice", "mark"),
    ("{{ t | parse_money('.', 'euros') }}", "function_currency", "euros"),
    ("{{ t | parse_boolean(yes=['Ja'], no=['ja']) }}", "function_yes_and_no", '"ja" is in both'),
    ("{{ t | parse_date('%d.%m.%Y') }}", "function_date_format", "dd.mm.yyyy"),
    ("{{ t | parse_date('dd.mm.yyyy', 'Berlin') }}", "function_zone", "Europe/Madrid"),
    ("{{ t | measure('stone') }}", "function_choice", "kg"),
    ("{{ t | json_path('dims.w') }}", "function_json_path", "$.dims.w"),
    ("{{ t | keep_tags(['<b>']) }}", "function_tag_names", "<b>"),
    ("{{ t | with_base('shop.example') }}", "function_base_url", "https://"),
    ("{{ t | utm }}", "function_utm_empty", "source"),
    ("{{ t | drop_words([]) }}", "function_empty_list", "words"),
    ("{{ t | lookup('vat') }}", "function_table_keys", "has 2 keys, and 1 are given"),
    ("{{ t | default(n) }}", "function_two_types", "text and integer"),
    ("{{ t | first_of }}", "function_first_of", "[a, b] | first_of"),
    ("{{ l | sum }}", "function_list_of_numbers", "list of text"),
    ("{{ [n, d] | where_url }}", "function_list_of_texts", "texts"),
    ("{{ [n, d] | sort(order=['1']) }}", "function_sort_order", "order=["),
    ("{{ l | select('urls') }}", "function_choice", "url"),
    ("{{ l | nth(0) }}", "function_number_range", "n is 0"),
    ("{{ day | in_window('christmas', day) }}", "function_no_date", "christmas"),
    ("{{ day | in_window(day | interval(day), day) }}", "function_window", "interval"),
    ("{{ l | string }}", "function_text_of_list", "join"),
]


@pytest.mark.parametrize(("template", "key", "said"), MISTAKES)
def test_mistake(template: str, key: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        run(template, ROW, TABLES)
    assert caught.value.key == key
    assert str(caught.value.place).startswith("feedsync.yaml:1")
    assert said in str(caught.value)


def test_a_message_reads_as_the_others() -> None:
    with pytest.raises(TemplateError) as caught:
        run("{{ t | regex_replace('(', '') }}", ROW)
    assert str(caught.value) == (
        "feedsync.yaml:1:8: error: regex_replace('(', ''): the pattern \"(\" is no regular expression: unclosed group. "
        "Patterns are Rust's, without look-ahead and look-behind; a sign meant as itself has a backslash before it."
    )
