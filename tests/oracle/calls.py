"""How each function is called by the differential test: input type, result type, and argument lists as written.

Every function of the language must stand here: one that does not fails `test_every_function_is_compared`.
"""

from __future__ import annotations

from typing import NamedTuple


class Called(NamedTuple):
    """`input | name(args)` for each of `args`, or `input is name(args)` where it is a test."""

    name: str
    takes: str
    gives: str
    args: tuple[str, ...] = ("",)


def called(name: str, takes: str, gives: str, *args: str) -> list[Called]:
    return [Called(name, kind, gives if gives != "same" else kind, args or ("",)) for kind in takes.split()]


EVERY = "text integer decimal boolean date datetime money interval list"
PRINTED = "text integer decimal boolean date datetime money interval"
ORDERED = "integer decimal"
MEASURED = "integer decimal money"

FILTERS: list[Called] = [
    *called("abs", MEASURED, "same"),
    *called("add_days", "date datetime", "same", "14", "-1", "0", "n2"),
    *called("add_percent", ORDERED, "decimal", "10", "-100", "2.5", "d2"),
    *called("add_tax", ORDERED, "decimal", "21", "0", "19", "5.5", "d2"),
    *called("amount", "money", "decimal"),
    *called("append_present", "text", "text", "t2, sep=', '", "' | Acme'", "t2", "n1, sep=' x '"),
    *called("band", ORDERED, "text", "[0, 50, 100]", "[0.5]", "[-10, 0, 99.5]"),
    *called("capitalize", "text", "text"),
    *called("category", "text", "text", "'categories'"),
    *called("ceil", MEASURED, "same"),
    *called("clamp", MEASURED, "same", "n1, n2", "n2, n1", "max=n2", "0, 99", "-5, 5", "min=2", "max=2"),
    *called("clean_text", "text", "text"),
    *called("collapse_spaces", "text", "text"),
    *called("convert", "money", "money", "'rates', 'EUR'", "{'EUR': '1.08'}, 'USD'", "'rates', 'JPY'"),
    *called("convert_unit", "text", "text", "'kg'", "'g'", "'cm'", "'lb'", "'l'", "'sqm'"),
    *called("currency", "money", "text"),
    *called("day", "date datetime", "integer"),
    *called("decode_entities", "text", "text"),
    *called("dedupe", "list", "list"),
    *called("dedupe_words", "text", "text"),
    *called("default", "text", "text", "'multicolour'", "t2", "''"),
    *called("default", "integer", "integer", "5", "n2"),
    *called("default", "decimal", "decimal", "5", "d2", "0.5"),
    *called("default", "boolean", "boolean", "true", "b2"),
    *called("default", "date", "date", "a2", "as_of"),
    *called("default", "datetime", "datetime", "m2"),
    *called("default", "money", "money", "p2"),
    *called("default", "list", "list", "['x']", "l2"),
    *called("drop_brackets", "text", "text"),
    *called("drop_emoji", "text", "text"),
    *called("drop_words", "text", "text", "['sale', 'free shipping']", "['jacket']", "['(', 'a']"),
    *called("end", "interval", "datetime"),
    *called("first", "list", "text"),
    *called("first_of", "text", "text", "t2, t3", "'x'", "t2, 'x'"),
    *called("first_of", "integer", "integer", "n2", "n2, 5"),
    *called("first_of", "list", "text"),
    *called("fix_mojibake", "text", "text"),
    *called("floor", MEASURED, "same"),
    *called("format_date", "date datetime", "text", "'dd.mm.yyyy'", "'d/m/yy hh:mm'", "'yyyymmdd'"),
    *called("gtin", "text", "text"),
    *called("hash", "text", "text", "8", "1", "64"),
    *called("hash_bucket", "text", "integer", "2", "100"),
    *called("html_to_text", "text", "text"),
    *called("in_window", "date", "boolean", "'2026-11-01', '2026-12-24'", "a1, a2", "w1"),
    *called("in_window", "datetime", "boolean", "w1", "m1, m2"),
    *called("interval", "date", "interval", "a2", "'2026-12-31'"),
    *called("interval", "datetime", "interval", "m2", "a2"),
    *called("isbn_to_gtin", "text", "text"),
    *called("join", "list", "text", "', '", "''", "' '"),
    *called("join_present", "list", "text", "', '", "''", "' '"),
    *called("json_path", "text", "text", "'$.dims.w'", "'$.dims[1].w'", "'$.b'", "'$.n'"),
    *called("keep_tags", "text", "text", "['b', 'ul', 'li']", "['br']"),
    *called("last", "list", "text"),
    *called("length", "text list", "integer"),
    *called("limit", "list", "list", "2", "1", "100"),
    *called(
        "lookup", "text integer decimal", "text", "'iva'", "'iva', default='x'", "'two', market.country", "'states'"
    ),
    *called("lower", "text", "text"),
    *called("margin", ORDERED, "decimal", "30", "d2", "0.1"),
    *called("measure", "text", "text"),
    *called("measure", "text", "decimal", "'kg'", "'cm'"),
    *called("micros", "money", "integer"),
    *called("minor_units", "money", "integer"),
    *called("money", ORDERED, "money", "'EUR'", "'JPY'", "'KWD'", "market.currency"),
    *called("money", "money", "money", "'EUR'"),
    *called("month", "date datetime", "integer"),
    *called("nfc", "text", "text"),
    *called("nth", "list", "text", "1", "2", "99"),
    *called("pad_left", "text", "text", "12, '0'", "3, '-'"),
    *called("parse_boolean", "text", "boolean", "['Ja', 'yes', '1'], ['nein', '0']", "yes=['true'], no=['false']"),
    *called("parse_date", "text", "date", "'dd.mm.yyyy'", "'yyyy-mm-dd'"),
    *called(
        "parse_date",
        "text",
        "datetime",
        "'dd.mm.yyyy', 'Europe/Berlin'",
        "'yyyy-mm-dd hh:mm'",
        "'yyyy-mm-dd hh:mm', 'UTC'",
    ),
    *called("parse_decimal", "text", "decimal", "", "','", "'.'"),
    *called("parse_integer", "text", "integer"),
    *called("parse_money", "text", "money", "','", "'.'", "'.', 'USD'", "',', 'EUR'"),
    *called("regex_extract", "text", "text", r"'(\d+)'", r"'(\d+),(\d+)', 2", "'[A-Z][a-z]+'"),
    *called("regex_replace", "text", "text", r"'\s*\[.*?\]', ''", r"'(\d)', '<$1>'", "'a', '$$'", r"'[aeiou]', '\\'"),
    *called("remove_tax", ORDERED, "decimal", "19", "0", "d2", "-100"),
    *called("replace", "text", "text", "'a', ''", "'Jacket', '$1'", "' ', '-'", "'a', 'b', 1"),
    *called("replace_many", "text", "text", "'words'", "{'a': 'b', 'b': 'c'}"),
    *called("round", MEASURED, "same", "", "2", "8"),
    *called(
        "round_to",
        MEASURED,
        "same",
        *(f"{n}, '{m}'" for n in (0, 2) for m in ["half_up", "half_even", "up", "down", "ceil", "floor"]),
    ),
    *called("round_to_ending", ORDERED, "decimal", "0.99", "0", "0.5"),
    *called("select", "list", "list", r"'matching', '^[a-z]'", "'gtin'"),
    *called("sentence_case", "text", "text", "", "keep=['USB-C', 'Jacket']"),
    *called("skip", "list", "list", "1", "2", "99"),
    *called("slug", "text", "text"),
    *called("sort", "list", "list", "", "reverse=true", "order=['S', 'M', 'L']"),
    *called("split", "text", "list", "'|'", "' '", "'>'"),
    *called("start", "interval", "datetime"),
    *called("string", PRINTED, "text"),
    *called("strip_control", "text", "text"),
    *called("title", "text", "text", "", "keep=['USB-C', 'FOR']"),
    *called("trim", "text", "text"),
    *called("truncate_bytes", "text", "text", "4", "20", "1"),
    *called("truncate_chars", "text", "text", "4", "20", "1"),
    *called("truncate_words", "text", "text", "4", "20", "1"),
    *called("unique", "list", "list"),
    *called("upper", "text", "text"),
    *called("url_encode", "text", "text"),
    *called(
        "utm", "text", "text", "source='google', medium='cpc'", "campaign='a b&c'", "source=t2", "term='ü', content='x'"
    ),
    *called("value_map", "text", "text", "'states'", "{'a': 'b', 'food': 'c'}"),
    *called("where_url", "list", "list"),
    *called("with_base", "text", "text", "'https://shop.example/'", "'https://shop.example/de'"),
    *called("wordcount", "text", "integer"),
    *called("year", "date datetime", "integer"),
]
LISTED: list[Called] = [
    *called("min", ORDERED, "same"),
    *called("max", ORDERED, "same"),
    *called("sum", ORDERED, "same"),
]
"""Filters that take a list of numbers: [a, b] | name."""
TESTS: list[Called] = [
    *called("between", MEASURED, "boolean", "50, 100", "-1, 1", "d2, d3"),
    *called("containing", "text", "boolean", "'ack', 'ent'", "t2", "'ß'"),
    *called("containing", "list", "boolean", "'red', 'S'", "'a'"),
    *called("defined", EVERY, "boolean"),
    *called("divisibleby", "integer", "boolean", "3", "1", "7"),
    *called("ending_with", "text", "boolean", "'ap', 't'", "t2"),
    *called("even", "integer", "boolean"),
    *called("gtin", "text", "boolean"),
    *called("matching", "text", "boolean", r"'^\d+$'", "'[Jj]acket'", "'^$'"),
    *called("missing", EVERY, "boolean"),
    *called("none", EVERY, "boolean"),
    *called("odd", "integer", "boolean"),
    *called("present", EVERY, "boolean"),
    *called("restricted_gtin", "text", "boolean"),
    *called("starting_with", "text", "boolean", "'J', 'a'", "t2"),
    *called("url", "text", "boolean"),
]
WHOLE_FEED = {
    "collect_group": "reads every row of the feed; compared by the mapping stage's own tests",
    "rank": "reads every row of the feed; compared by the mapping stage's own tests",
}
