"""Functions on text: case, cutting, replacing, putting together."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from feedsync.expressions.by_python import by_python
from feedsync.expressions.functions.declare import applied, apply, grown, refuse, text_of
from feedsync.expressions.functions.patterns import groups_of, replacement
from feedsync.expressions.lengths import beside, growing, length, size
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.semantics import INTEGER, TEXT

# Blanks of every kind, and the signs without width that Unicode does not count among them.
BLANKS = " \t\n\r\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
PAD_LIMIT = 1000


def trim(text: pl.Expr) -> pl.Expr:
    """Without blanks at both ends, also no-break and zero-width ones.

    "  Trail Jacket " -> "Trail Jacket"
    """
    return text.str.strip_chars(BLANKS)


def collapse_spaces(text: pl.Expr) -> pl.Expr:
    """Every run of blanks, line breaks and no-break spaces is one blank; none at the ends.

    "Trail   Jacket" -> "Trail Jacket"
    """
    return text.str.replace_all(r"\s{2,}|[^\S ]", " ").str.strip_chars(BLANKS)


def truncate_chars(text: pl.Expr, max_characters: int) -> pl.Expr:
    """The first max_characters characters.

    "Trail Jacket Waterproof Navy", 20 -> "Trail Jacket Waterpr"
    """
    return text.str.head(max_characters).str.strip_chars_end()


def truncate_words(text: pl.Expr, max_characters: int) -> pl.Expr:
    """Cut at the last whole word within max_characters; text that fits stays as it is.

    "Trail Jacket Waterproof Navy", 20 -> "Trail Jacket"
    """
    head = text.str.head(max_characters)
    at_a_gap = text.str.slice(max_characters, 1).str.contains(r"^\s$")
    whole = pl.when(at_a_gap).then(head).otherwise(head.str.replace(r"\s+\S*$", ""))
    return pl.when(text.str.len_chars() <= max_characters).then(text).otherwise(whole.str.strip_chars_end())


def truncate_bytes(text: pl.Expr, max_bytes: int) -> pl.Expr:
    """As many whole characters as fit into max_bytes of UTF-8.

    "Größe", 4 -> "Grö"
    """
    data = text.cast(pl.Binary)

    def inside(at: int) -> pl.Expr:
        """True where the byte at this place continues a character; not where the text has ended before it."""
        if at < 0:
            return pl.lit(False)
        return data.bin.get(at, null_on_oob=True).is_between(0x80, 0xBF).fill_null(False)

    cut = pl.lit(max(max_bytes - 3, 0))
    for back in (2, 1, 0):
        cut = pl.when(~inside(max_bytes - back)).then(pl.lit(max(max_bytes - back, 0))).otherwise(cut)
    short = data.bin.slice(0, cut).cast(pl.String)
    return pl.when(text.str.len_bytes() <= max_bytes).then(text).otherwise(short.str.strip_chars_end())


def pad_left(text: pl.Expr, characters: int, sign: str) -> pl.Expr:
    """Filled up in front with a sign; never cut. Not for GTINs, unless you know that a zero is missing.

    "12345678905", 12, "0" -> "012345678905"
    """
    return text.str.pad_start(characters, sign)


def replaced(text: pl.Expr, old: str, new: str, count: int | None = None) -> pl.Expr:
    """One text by another, wherever it stands or the first `count` times; null where that grows beyond the limit.

    "a.b.c", ".", "$1", 1 -> "a$1b.c"
    """

    def build(cell: pl.Expr) -> pl.Expr:
        if count is None:
            return cell.str.replace_all(old, new, literal=True)
        return cell.str.replace(old, new, literal=True, n=count)

    def longer(cell: pl.Expr) -> pl.Expr:
        found = cell.str.count_matches(old, literal=True).cast(pl.Int64)
        return (found if count is None else found.clip(upper_bound=count)) * (size(new) - size(old))

    if size(new) <= size(old):
        return build(text)
    return growing(build, longer, -(-size(new) // size(old)), text)


@dataclass(frozen=True)
class ReplaceMany:
    """Each text by another, one pair after the other; null where that grows beyond the limit.

    "w/ hood & belt", (("w/", "with"), ("&", "and")) -> "with hood and belt"
    """

    pairs: tuple[tuple[str, str], ...]

    def __call__(self, texts: pl.Series) -> pl.Series:
        # a table may have thousands of rows, and Polars does not survive an expression that is thousands deep
        frame = texts.alias("text").to_frame()
        for old, new in self.pairs:
            frame = frame.select(replaced(pl.col("text"), old, new).alias("text"))
        return frame["text"].alias(texts.name)


def regex_replaced(text: pl.Expr, pattern: str, new: str) -> pl.Expr:
    """What a pattern matches, by `new` with `${1}` for its groups; null where that grows beyond the limit.

    "30cm", r"(\\d+)cm", "${1} cm" -> "30 cm"
    """
    groups = re.findall(r"\$\{\d+\}", new.replace("$$", ""))
    own = size(re.sub(r"\$\{\d+\}", "", new.replace("$$", "\0")))

    def build(cell: pl.Expr) -> pl.Expr:
        return cell.str.replace_all(pattern, new)

    def longer(cell: pl.Expr) -> pl.Expr:
        """Per match what the replacement holds itself and what its groups hold, without what was matched."""
        rest = length(cell.str.replace_all(pattern, ""))
        added = cell.str.count_matches(pattern).cast(pl.Int64) * own + rest - length(cell)
        for group in groups:
            added = added + length(cell.str.replace_all(pattern, group)) - rest
        return added

    if own == 0 and len(groups) <= 1:
        return build(text)
    return growing(build, longer, 2 * own + len(groups) + 1, text)  # a text of n signs has n + 1 empty matches


def append_present(text: pl.Expr, addition: pl.Expr, separator: str) -> pl.Expr:
    """The addition behind the text, where there is one; null where that grows beyond the limit.

    "Jacket", "M", ", " -> "Jacket, M"
    """
    return pl.when(text.is_not_null()).then(beside([text, addition], separator))


def _replace(call: Call) -> Outcome | pl.Expr:
    old, new, count = call.args["old"], call.args["new"] or "", call.args["count"]
    if not old:
        raise refuse(call, "function_empty_text", name="old")
    if count is not None and count < 1:
        return call.input.expr
    return grown(call, replaced(call.input.expr, old, new, count))


def _positive(call: Call, name: str, limit: int = 10**9) -> int:
    number: int = call.args[name]
    if not 1 <= number <= limit:
        raise refuse(call, "function_number_range", name=name, value=number, minimum=1, maximum=limit)
    return number


def _truncate_chars(call: Call) -> pl.Expr:
    return truncate_chars(call.input.expr, _positive(call, "n"))


def _truncate_words(call: Call) -> pl.Expr:
    return apply(truncate_words, call.input, _positive(call, "n"))


def _truncate_bytes(call: Call) -> pl.Expr:
    return apply(truncate_bytes, call.input, _positive(call, "n"))


def _pad_left(call: Call) -> pl.Expr:
    sign = call.args["sign"]
    if not isinstance(sign, str) or len(sign) != 1:
        raise refuse(call, "function_one_character", name="sign")
    return pad_left(call.input.expr, _positive(call, "n", PAD_LIMIT), sign)


def _replace_many(call: Call) -> Outcome:
    table = call.args["table"]
    if len(table.keys) != 1 or any(not key for (key,) in table.rows):
        raise refuse(call, "function_one_key", table=table.name)
    pairs = tuple((key, value) for (key,), value in table.rows.items())
    return grown(call, by_python(call.input.expr, ReplaceMany(pairs), pl.String()))


def _regex_replace(call: Call) -> Outcome:
    groups = groups_of(call, call.args["pattern"])
    new = replacement(call, call.args["with"] or "", groups)
    return grown(call, regex_replaced(call.input.expr, call.args["pattern"], new))


def _regex_extract(call: Call) -> pl.Expr:
    groups, group = groups_of(call, call.args["pattern"]), call.args["group"]
    if group is None:
        group = min(groups, 1)
    if not 0 <= group <= groups:
        raise refuse(call, "function_no_group", group=group, groups=groups)
    return call.input.expr.str.extract(call.args["pattern"], group)


def _append_present(call: Call) -> Outcome:
    return grown(call, apply(append_present, call.input, text_of(call, call.args["text"]), call.args["sep"] or ""))


LENGTH = (Param("n", "integer", literal=True),)
TITLE = {"title": "Trail Jacket Waterproof Navy"}

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "trim",
            applied(trim),
            may_blank=True,
            summary="Removes blanks at both ends, also no-break spaces and zero-width ones.",
            examples=(Example("{{ '  Trail Jacket ' | trim }}", {}, "Trail Jacket"),),
            jinja="Also removes no-break and zero-width spaces; takes no other characters.",
        ),
        Function(
            "collapse_spaces",
            applied(collapse_spaces),
            may_blank=True,
            summary="Makes every run of blanks, line breaks and no-break spaces one blank, and removes those at the ends.",
            examples=(
                Example("{{ title | collapse_spaces }}", {"title": "Trail   Jacket"}, "Trail Jacket"),
                Example("{{ 'Trail\\n\u00a0Jacket ' | collapse_spaces }}", {}, "Trail Jacket"),
            ),
        ),
        Function(
            "string",
            lambda call: text_of(call, call.input),
            takes=("any",),
            returns=TEXT,
            summary="The value as text in its canonical form: 19.9, 19.90 EUR, true, 2026-12-24.",
            examples=(
                Example("{{ price | string }}", {"price": "19.90"}, "19.9"),
                Example("{{ (price | money('EUR')) | string }}", {"price": "19.9"}, "19.90 EUR"),
            ),
            jinja="Canonical form instead of Python's: true, 19.9.",
        ),
        Function(
            "wordcount",
            lambda call: call.input.expr.str.count_matches(r"\S+").cast(pl.Int64),
            returns=INTEGER,
            summary="How many words the text has; words are what stands between blanks.",
            examples=(Example("{{ title | wordcount }}", TITLE, "4"),),
            jinja="Counts what stands between blanks: USB-C is one word.",
        ),
        Function(
            "truncate_words",
            _truncate_words,
            params=LENGTH,
            may_blank=True,
            summary="Cuts at the last whole word within n characters; text that fits stays as it is.",
            examples=(
                Example("{{ title | truncate_words(20) }}", TITLE, "Trail Jacket"),
                Example("{{ title | truncate_words(12) }}", TITLE, "Trail Jacket"),
                Example("{{ title | truncate_words(3) }}", TITLE, "Tra"),
                Example("{{ title | truncate_words(28) }}", TITLE, "Trail Jacket Waterproof Navy"),
            ),
        ),
        Function(
            "truncate_chars",
            _truncate_chars,
            params=LENGTH,
            may_blank=True,
            summary="Cuts after n characters, wherever that is.",
            examples=(Example("{{ title | truncate_chars(20) }}", TITLE, "Trail Jacket Waterpr"),),
        ),
        Function(
            "truncate_bytes",
            _truncate_bytes,
            params=LENGTH,
            may_blank=True,
            summary="Cuts to n bytes of UTF-8, never inside a character.",
            examples=(
                Example("{{ 'Größe' | truncate_bytes(4) }}", {}, "Grö"),
                Example("{{ 'Größe' | truncate_bytes(3) }}", {}, "Gr"),
                Example("{{ 'ab🔥' | truncate_bytes(5) }}", {}, "ab"),
                Example("{{ '🔥' | truncate_bytes(3) }}", {}, None),
            ),
        ),
        Function(
            "pad_left",
            _pad_left,
            params=(Param("n", "integer", literal=True), Param("sign", "text", "0", literal=True)),
            summary="Fills the text up to n characters in front, with 0 or another sign. It makes no GTIN right.",
            examples=(Example("{{ '12345678905' | pad_left(12) }}", {}, "012345678905"),),
        ),
        Function(
            "replace",
            _replace,
            params=(
                Param("old", literal=True),
                Param("new", literal=True),
                Param("count", "integer", None, literal=True),
            ),
            may_blank=True,
            summary="Replaces one text by another wherever it occurs, or only the first `count` times.",
            examples=(
                Example("{{ title | replace('Jckt', 'Jacket') }}", {"title": "Trail Jckt"}, "Trail Jacket"),
                Example("{{ 'a.b.c' | replace('.', '$1', 1) }}", {}, "a$1b.c"),
                Example("{{ 'abc' | replace('b', '') }}", {}, "ac"),
            ),
        ),
        Function(
            "replace_many",
            _replace_many,
            params=(Param("table", "table", literal=True),),
            may_blank=True,
            python=True,
            summary="Replaces each text of a table by another, in the table's order.",
            examples=(
                Example(
                    "{{ title | replace_many({'w/': 'with', '&': 'and'}) }}",
                    {"title": "w/ hood & belt"},
                    "with hood and belt",
                ),
            ),
        ),
        Function(
            "regex_replace",
            _regex_replace,
            params=(Param("pattern", literal=True), Param("with", default="", literal=True)),
            may_blank=True,
            summary="Replaces what a regular expression matches; $1 is its first group, $$ a dollar.",
            examples=(
                Example(r"{{ title | regex_replace('\s*\[.*?\]', '') }}", {"title": "Jacket [old]"}, "Jacket"),
                Example(r"{{ title | regex_replace('(\d+)cm', '$1 cm') }}", {"title": "30cm"}, "30 cm"),
                Example(r"{{ 'a' | regex_replace('(a)', '$1x $$ $') }}", {}, "ax $ $"),
            ),
        ),
        Function(
            "regex_extract",
            _regex_extract,
            params=(Param("pattern", literal=True), Param("group", "integer", None, literal=True)),
            may_blank=True,
            summary="What the first group of a regular expression matches (or the whole of it, without groups); "
            "missing where nothing does.",
            examples=(
                Example(r"{{ size | regex_extract('(\d+)') }}", {"size": "Size: 42 EU"}, "42"),
                Example(r"{{ size | regex_extract('[A-Z]{2}') }}", {"size": "Size: 42 EU"}, "EU"),
                Example(r"{{ size | regex_extract('(\d+) (\w+)', 2) }}", {"size": "Size: 42 EU"}, "EU"),
                Example(r"{{ size | regex_extract('(\d+)') }}", {"size": "one size"}, None),
            ),
        ),
        Function(
            "append_present",
            _append_present,
            params=(Param("text", "any"), Param("sep", default="", literal=True)),
            sees_missing=True,
            summary="Puts a text behind the input, with `sep` between them, where there is one; missing without input.",
            examples=(
                Example("{{ title | append_present(size, sep=', ') }}", {"title": "Jacket", "size": "M"}, "Jacket, M"),
                Example("{{ title | append_present(size, sep=', ') }}", {"title": "Jacket", "size": ""}, "Jacket"),
                Example("{{ title | append_present(size, sep=', ') }}", {"title": "", "size": "M"}, None),
            ),
        ),
    )
}
