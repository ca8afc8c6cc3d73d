"""Functions on text: case, cutting, replacing, putting together."""

from __future__ import annotations

import polars as pl

from feedsync.expressions.functions.declare import apply, applied, on_unique, refuse, text_of
from feedsync.expressions.functions.patterns import groups_of, replacement
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Param
from feedsync.expressions.values import Value, literal
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


def capitalize(text: pl.Expr) -> pl.Expr:
    """The first character a capital, the rest small.

    "TRAIL JACKET" -> "Trail jacket"
    """
    return text.str.head(1).str.to_uppercase() + text.str.slice(1).str.to_lowercase()


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
        """True where the byte at this place continues a character."""
        return data.bin.get(at, null_on_oob=True).is_between(0x80, 0xBF) if at >= 0 else pl.lit(False)

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


def replace_many(text: pl.Expr, pairs: dict[str, str]) -> pl.Expr:
    """Each text by another, one pair after the other.

    "w/ hood & belt", {"w/": "with", "&": "and"} -> "with hood and belt"
    """
    for old, new in pairs.items():
        text = text.str.replace_all(old, new, literal=True)
    return text


def append_present(text: pl.Expr, addition: pl.Expr, separator: str) -> pl.Expr:
    """The addition behind the text, where there is one.

    "Jacket", "M", ", " -> "Jacket, M"
    """
    return pl.concat_str([text, (pl.lit(separator) + addition).fill_null("")])


def json_text(document: object) -> str | None:
    """A value out of JSON as text; lists and objects as canonical JSON."""
    import json

    if document is None or isinstance(document, str):
        return document
    if isinstance(document, bool):
        return "true" if document else "false"
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _constant(call: Call, build: pl.Expr, value: str | None) -> pl.Expr | Value:
    """A result that is known before row 1 stays known: names of fields are written with such functions."""
    return build if value is None else literal(value).replaced(type=TEXT)


def _trim(call: Call) -> pl.Expr | Value:
    known = call.input.literal
    return _constant(call, trim(call.input.expr), known.strip(BLANKS) if isinstance(known, str) else None)


def _lower(call: Call) -> pl.Expr | Value:
    known = call.input.literal
    return _constant(call, call.input.expr.str.to_lowercase(), known.lower() if isinstance(known, str) else None)


def _upper(call: Call) -> pl.Expr | Value:
    known = call.input.literal
    return _constant(call, call.input.expr.str.to_uppercase(), known.upper() if isinstance(known, str) else None)


def _replace(call: Call) -> pl.Expr | Value:
    old, new, count = call.args["old"], call.args["new"] or "", call.args["count"]
    if not old:
        raise refuse(call, "function_empty_text", name="old")
    known = call.input.literal
    if isinstance(known, str):
        return _constant(call, call.input.expr, known.replace(old, new, -1 if count is None else count))
    if count is None:
        return call.input.expr.str.replace_all(old, new, literal=True)
    return call.input.expr.str.replace(old, new, literal=True, n=count) if count > 0 else call.input.expr


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


def _replace_many(call: Call) -> pl.Expr:
    table = call.args["table"]
    if len(table.keys) != 1 or any(not key for (key,) in table.rows):
        raise refuse(call, "function_one_key", table=table.name)
    return replace_many(call.input.expr, {key: value for (key,), value in table.rows.items()})


def _regex_replace(call: Call) -> pl.Expr:
    groups = groups_of(call, call.args["pattern"])
    return call.input.expr.str.replace_all(
        call.args["pattern"], replacement(call, call.args["with"] or "", groups)
    )


def _regex_extract(call: Call) -> pl.Expr:
    groups, group = groups_of(call, call.args["pattern"]), call.args["group"]
    if group is None:
        group = min(groups, 1)
    if not 0 <= group <= groups:
        raise refuse(call, "function_no_group", group=group, groups=groups)
    return call.input.expr.str.extract(call.args["pattern"], group)


def _append_present(call: Call) -> pl.Expr:
    separator = call.args["sep"] or ""
    return append_present(call.input.expr, text_of(call, call.args["text"]), separator)


def _json_path(call: Call) -> object:
    from feedsync.expressions.functions.json_path import build_json_path

    return build_json_path(call)


FUNCTIONS: dict[str, Function] = {}
