"""The forms that a cell may have, each an expression over a column of texts."""

from __future__ import annotations

from typing import Final

import polars as pl

from feedsync.expressions import numbers

SHORT: Final = 40  # bytes; no number, date or code is longer
_SIGNS: Final = r"[€$£¥]|zł|Kč|kr\.?|(?:^|\s)[A-Z]{3}(?:\s|$)"
_SIGN: Final = r"^[+\-−]?"
_GROUPED: Final = r"\d{1,3}(?:[.,]\d{3})"
_PATTERNS: Final = {
    "integer": _SIGN + r"\d+$",
    "comma": _SIGN + r"(?:\d+|\d{1,3}(?:[. '’]\d{3})+)?,(?:\d{1,2}|\d{4,})$",
    "point": _SIGN + r"(?:\d+|\d{1,3}(?:[, '’]\d{3})+)?\.(?:\d{1,2}|\d{4,})$",
    "comma_three": rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|0|\d{{4,}}),\d{{3}}$",
    "point_three": rf"{_SIGN}(?:\d{{1,3}}(?:,\d{{3}})+|0|\d{{4,}})\.\d{{3}}$",
    "comma_groups": _SIGN + r"\d{1,3}(?:,\d{3}){2,}$",
    "point_groups": _SIGN + r"\d{1,3}(?:\.\d{3}){2,}$",
    "two_ways": _SIGN + r"[1-9]\d{0,2}[.,]\d{3}$",
}
_SHORT_PATTERNS: Final = {
    "iso_date": r"^\d{4}-\d{2}-\d{2}(?:[T ].*)?$",
    "other_date": r"^\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})(?:[T ].*)?$",
    "spreadsheet": r"^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$",
    "digits": r"^(?:\d{8}|\d{12,14})$",
    "measure": r"(?i)^\d+(?:[.,]\d+)?\s?(?:kg|gr?|mg|lbs?|oz|mm|cm|m|in|ft)\.?$",
}
_LONG_PATTERNS: Final = {
    "url": r"^https?://\S+$",
    "urls_comma": r"^https?://.*,\s*https?://",
    "urls_pipe": r"^https?://.*\|\s*https?://",
    "urls_semicolon": r"^https?://.*;\s*https?://",
    "urls_blank": r"^https?://\S+\s+https?://",
    "path": r"^/[^\s/][^\s]*$|^(?:\./)?[^\s:,;|?#]+\.(?i:jpe?g|png|gif|webp|avif|html?|php)$",
    "mojibake": r"[ÃÂ][\x{80}-\x{bf}]|â€|â‚¬|ï»¿|\x{fffd}",
    "html": r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d+);",
    "spaces": r"^\s|\s$|[^\S\r\n]{2,}",
}
BOOLEANS: Final = frozenset(
    ["0", "1", "true", "false", "yes", "no", "si", "sí", "oui", "non", "ja", "nein", "sì", "não", "sim", "y", "n"]
)
RATES: Final = (19, 20, 21, 22, 23)
"""Percent: the standard taxes under which prices are looked at; a fact of where they come from is not needed."""
ENDINGS: Final = (0, 50, 90, 95, 99)
"""Cents that prices for shoppers end in."""


def forms(name: str) -> list[pl.Expr]:
    """Boolean columns, one per form, of the text column `name` without nulls."""
    whole = pl.col(name).str.strip_chars()
    short = pl.when(whole.str.len_bytes() <= SHORT).then(whole)
    bare = bare_number(short)
    found = [bare.str.contains(pattern).alias(form) for form, pattern in _PATTERNS.items()]
    found += [short.str.contains(pattern).alias(form) for form, pattern in _SHORT_PATTERNS.items()]
    found += [pl.col(name).str.contains(pattern).alias(form) for form, pattern in _LONG_PATTERNS.items()]
    found.append((short.str.contains(_SIGNS) & short.str.contains(r"\d")).alias("currency"))
    found.append(short.str.to_lowercase().is_in(sorted(BOOLEANS)).alias("boolean"))
    found.append(numbers.gtin_valid(short.str.replace_all(r"[\s-]", "")).fill_null(False).alias("gtin"))
    return [one.fill_null(False) for one in found]


def bare_number(text: pl.Expr) -> pl.Expr:
    """The text without signs and codes of currencies, and blanks around it."""
    return text.str.replace_all(_SIGNS, " ").str.strip_chars()


def endings(name: str, mark: str) -> list[pl.Expr]:
    """Boolean columns: whether the price ends as prices for shoppers do, as it stands (`ends`) and with each tax."""
    text = pl.when(pl.col(name).str.len_bytes() <= SHORT).then(pl.col(name))
    amount = numbers.decimal_from_text(bare_number(text), mark).value
    # ten-thousandths, so that net prices with four decimals keep them
    units = pl.when((amount > 0) & (amount < 10**9)).then((amount * 10_000).cast(pl.Int64, strict=False))
    found = [_ends(units, 100, "ends")]
    return [*found, *(_ends(units, 100 + rate, f"ends_{rate}") for rate in RATES)]


def _ends(units: pl.Expr, percent: int, name: str) -> pl.Expr:
    cents = (units * percent + 5_000) // 10_000
    return (cents % 100).is_in(list(ENDINGS)).fill_null(False).alias(name)
