"""Text made safe for a format, as expressions: one pass per text (Aho-Corasick), never row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import polars as pl

# Control characters but tab, line feed and carriage return; and what XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets).
FORBIDDEN: Final = [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF)]
_XML: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",  # also because of "]]>"
    "\r": "&#13;",  # a parser would read it as a line feed
    **dict.fromkeys(FORBIDDEN, ""),
}
_JSON: Final = {
    '"': '\\"',
    "\\": "\\\\",
    **{chr(code): f"\\u{code:04x}" for code in range(32)},
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def printable(text: pl.Expr) -> pl.Expr:
    """The text without control characters (tab and line ends stay) and without noncharacters."""
    return text.str.replace_many(FORBIDDEN, [""] * len(FORBIDDEN))


def xml_text(text: pl.Expr) -> pl.Expr:
    """The text as XML element content; characters that XML cannot hold are left out."""
    return text.str.replace_many(list(_XML), list(_XML.values()))


def json_string(text: pl.Expr) -> pl.Expr:
    """The text as a JSON string with its quotes; missing stays missing."""
    quote = pl.lit('"')
    return pl.concat_str(quote, text.str.replace_many(list(_JSON), list(_JSON.values())), quote)


def json_object(parts: Mapping[str, pl.Expr]) -> pl.Expr:
    """An object of the parts (JSON texts) that are there; null where none is."""
    pairs = [pl.concat_str(pl.lit(json.dumps(name, ensure_ascii=False) + ":"), text) for name, text in parts.items()]
    body = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.concat_str(pl.lit("{"), body, pl.lit("}")).replace("{}", None)


def json_array(column: pl.Expr, entry: pl.Expr) -> pl.Expr:
    """A list of the entries (a JSON text of `pl.element()`) that are there; null where none is."""
    body = column.list.eval(entry).list.drop_nulls().list.join(",")
    return pl.concat_str(pl.lit("["), body, pl.lit("]")).replace("[]", None)
