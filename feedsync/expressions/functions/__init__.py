"""All functions and tests of the mapping language, and what is said of Jinja's filters that it does not have."""

from __future__ import annotations

from typing import Final

from feedsync.expressions.functions import (
    case,
    choice,
    clean,
    dates,
    html,
    identity,
    json_path,
    lists,
    measure,
    money,
    number,
    parse,
    tests,
    text,
    url,
    whole,
)
from feedsync.expressions.registry import Function

FUNCTIONS: Final[dict[str, Function]] = {
    **text.FUNCTIONS,
    **case.FUNCTIONS,
    **clean.FUNCTIONS,
    **html.FUNCTIONS,
    **json_path.FUNCTIONS,
    **url.FUNCTIONS,
    **number.FUNCTIONS,
    **money.FUNCTIONS,
    **parse.FUNCTIONS,
    **measure.FUNCTIONS,
    **choice.FUNCTIONS,
    **lists.FUNCTIONS,
    **identity.FUNCTIONS,
    **dates.FUNCTIONS,
    **whole.FUNCTIONS,
}
TESTS: Final[dict[str, Function]] = tests.TESTS

# Jinja's own filters that are errors here -> what to write instead.
JINJA_REFUSED: Final[dict[str, str]] = {
    "attr": "a field's own name, or market.x, feed.x and item.x",
    "batch": "limit(n), skip(n) or nth(n)",
    "center": "pad_left(n)",
    "count": "length",
    "d": "default(...)",
    "dictsort": "sort(order=[...])",
    "e": "the text itself: a feed's writer escapes what its format needs",
    "escape": "the text itself: a feed's writer escapes what its format needs",
    "filesizeformat": "round(n) and ~ with the unit",
    "float": "parse_decimal(mark), or the field's type: decimal in the catalog",
    "forceescape": "the text itself: a feed's writer escapes what its format needs",
    "format": "~ or {{ }} inside the text; money(currency) for prices and format_date(format) for dates",
    "groupby": "collect_group(field)",
    "indent": "the text itself: a feed's writer lays it out",
    "int": "parse_integer, or round, floor and ceil for a decimal",
    "items": "lookup(table)",
    "list": "split(separator) for a text, or [a, b]",
    "map": "a function on each field, or select(test) on a list",
    "pprint": "string",
    "random": "hash_bucket(n): the same in every run",
    "reject": "select(test)",
    "rejectattr": "select(test)",
    "reverse": "sort(reverse=true)",
    "safe": "the text itself: a feed's writer escapes what its format needs",
    "selectattr": "select(test)",
    "slice": "limit(n), skip(n) or nth(n)",
    "striptags": "html_to_text",
    "tojson": "the value itself: a feed's writer makes JSON",
    "truncate": "truncate_words(n), or truncate_chars(n) to cut inside a word",
    "urlencode": "url_encode",
    "urlize": "the text itself",
    "wordwrap": "truncate_words(n)",
    "xmlattr": "the text itself: a feed's writer escapes what its format needs",
}
