"""Semantic values as JSON, as expressions: numbers and booleans bare, texts in quotes, lists and groups nested."""

from __future__ import annotations

import polars as pl

from feedsync.semantics import TEXT, Type
from feedsync.specs.channel import Attribute, Limits, Spelling
from feedsync.writers.escape import json_array, json_object, json_string
from feedsync.writers.spelling import decimal_text, entry_limits, spell_scalar


class NoJson(Exception):  # not an error of the program: the caller says where the template stands
    """A type that JSON has no value for."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def json_value(value: pl.Expr, kind: Type, spelling: Spelling, zone: str) -> pl.Expr:
    """A value of a type; dates in the channel's form. Null where it is missing. NoJson for money, which needs a part."""
    if kind.kind == "none":
        return pl.lit(None, dtype=pl.String)
    if kind.kind == "list":
        return json_array(value, json_value(pl.element(), kind.of or TEXT, spelling, zone))
    if kind.kind == "group":
        parts = {name: json_value(value.struct.field(name), inner, spelling, zone) for name, inner in kind.fields}
        return json_object(parts)
    if kind.kind == "money":
        raise NoJson(kind.kind)
    if kind.kind == "boolean":
        return _boolean(value)
    return json_scalar(value, Limits.model_validate({"type": kind.kind}), spelling, zone)


def json_attribute(column: pl.Expr, attribute: Attribute, spelling: Spelling, zone: str) -> pl.Expr:
    """An attribute as a flat record holds it: as the channel spells it, integers and decimals as JSON numbers."""
    if attribute.type == "list":
        return json_array(column, json_scalar(pl.element(), entry_limits(attribute), spelling, zone))
    if attribute.type == "group":
        one = pl.element().struct
        parts = {name: json_scalar(one.field(name), field, spelling, zone) for name, field in attribute.fields.items()}
        return json_array(column, json_object(parts))
    return json_scalar(column, attribute, spelling, zone)


def json_scalar(column: pl.Expr, limits: Limits, spelling: Spelling, zone: str) -> pl.Expr:
    """A value that is no list and no group. A boolean is JSON's own where the channel spells it true and false."""
    if limits.type == "integer":
        return column.cast(pl.String)
    if limits.type == "decimal":
        return decimal_text(column)
    if limits.type == "boolean" and spelling.boolean == ("true", "false"):
        return _boolean(column)
    return json_string(spell_scalar(column, limits, spelling, zone))


def _boolean(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_not_null()).then(pl.when(value).then(pl.lit("true")).otherwise(pl.lit("false")))
