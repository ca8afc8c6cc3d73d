"""How a channel spells semantic values, both ways: value -> text the channel gets (`spell`), and back (`read_spelled`).

Both ways come from the same tables of forms (feedsync.specs.channel.Spelling), never from templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import MINOR_UNITS, SCALE
from feedsync.specs.channel import Attribute, Limits, Spelling
from feedsync.writers.escape import json_array, json_object, json_string

PARTS: Final = {"interval": ("start", "end"), "money": ("amount", "currency")}
"""What `headers` of an attribute may name, by type."""


def render(attributes: Mapping[str, Attribute], spelling: Spelling, zone: str) -> list[pl.Expr]:
    """One text column per attribute as the channel gets it, under the attribute's name."""
    return [spell(pl.col(name), attribute, spelling, zone).alias(name) for name, attribute in attributes.items()]


def spell(column: pl.Expr, attribute: Attribute, spelling: Spelling, zone: str) -> pl.Expr:
    """The text the channel gets; lists and groups as canonical JSON text of their spelled parts. Missing stays null."""
    if attribute.type == "list":
        return json_array(column, json_string(spell_scalar(pl.element(), entry_limits(attribute), spelling, zone)))
    if attribute.type == "group":
        record = {
            name: json_string(spell_scalar(pl.element().struct.field(name), field, spelling, zone))
            for name, field in attribute.fields.items()
        }
        return json_array(column, json_object(record))
    return spell_scalar(column, attribute, spelling, zone)


def entry_limits(attribute: Attribute) -> Limits:
    """A list's entry, as something with a type and a spelling table."""
    if isinstance(attribute.of, Limits):
        return attribute.of
    return Limits(type=attribute.of or "text", spelling=attribute.spelling)


def spell_scalar(column: pl.Expr, limits: Limits, spelling: Spelling, zone: str) -> pl.Expr:
    """The text of a value that is no list and no group; may be used on `pl.element()`."""
    kind = limits.type
    if kind == "money":
        return _filled(spelling.money, {part: spell_part(column, part, spelling, zone) for part in PARTS["money"]})
    if kind == "interval":
        return _filled(
            spelling.interval, {part: spell_part(column, part, spelling, zone) for part in PARTS["interval"]}
        )
    if kind == "boolean":
        yes, no = spelling.boolean
        return pl.when(column.is_not_null()).then(pl.when(column).then(pl.lit(yes)).otherwise(pl.lit(no)))
    if kind == "date":
        return column.dt.strftime(spelling.date)
    if kind == "datetime":
        return moment_text(column, spelling, zone)
    if kind == "integer":
        return column.cast(pl.String)
    if kind == "decimal":
        return decimal_text(column)
    return spelled_text(column, limits.spelling)


def spell_part(column: pl.Expr, part: str, spelling: Spelling, zone: str) -> pl.Expr:
    """The text of a part of money (amount, currency) or of an interval (start, end)."""
    if part == "amount":
        return amount_text(column.struct.field("amount"), column.struct.field("currency"))
    if part == "currency":
        return column.struct.field("currency")
    return moment_text(column.struct.field(part), spelling, zone)


def spelled_text(column: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Canonical values as the channel spells them; values the table does not name stay."""
    return column.replace(list(table), list(table.values())) if table else column


def decimal_text(number: pl.Expr) -> pl.Expr:
    """A decimal without exponent and without trailing zeros: 19.9, 10."""
    return number.cast(DECIMAL_DTYPE).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def amount_text(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """An amount with the decimals of its currency's minor unit (19.90; 100 yen), rounded half away from zero."""
    digits = currency.replace_strict(list(MINOR_UNITS), list(MINOR_UNITS.values()), default=2, return_dtype=pl.Int64)
    exact = amount.cast(DECIMAL_DTYPE)
    rounded = exact.round(2, mode="half_away_from_zero")
    for scale in sorted(set(MINOR_UNITS.values())):
        at_scale = pl.when(digits == scale).then(exact.round(scale, mode="half_away_from_zero"))
        rounded = at_scale.otherwise(rounded)
    return rounded.cast(pl.String).str.head(digits - SCALE).str.strip_chars_end(".")


def moment_text(moment: pl.Expr, spelling: Spelling, zone: str) -> pl.Expr:
    """A datetime in the channel's form, in the catalog's zone; in UTC where the form ends in the letter Z."""
    return moment.dt.convert_time_zone(shown_zone(spelling.datetime, zone)).dt.strftime(spelling.datetime)


def shown_zone(form: str, zone: str) -> str:
    """The zone a datetime form is written in: a form that ends in the letter Z says UTC."""
    return "UTC" if form.endswith("Z") and not form.endswith("%Z") else zone


def pieces(form: str) -> list[tuple[str, bool]]:
    """A form cut into (literal, False) and (name, True): "{amount} EUR" -> [("amount", True), (" EUR", False)]."""
    return [
        (part[1:-1], True) if part.startswith("{") and part.endswith("}") else (part, False)
        for part in re.split(r"(\{\w+\})", form)
        if part
    ]


def _filled(form: str, parts: Mapping[str, pl.Expr]) -> pl.Expr:
    """The form with its parts; missing as a whole where one of the value's parts is."""
    text = pl.concat_str([parts[piece] if named else pl.lit(piece) for piece, named in pieces(form)])
    unnamed = [part.is_not_null() for name, part in parts.items() if (name, True) not in pieces(form)]
    return pl.when(*unnamed).then(text) if unnamed else text
