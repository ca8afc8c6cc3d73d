"""What the templates of a channel's record see: the item's attributes, market, feed and the record's number."""

from __future__ import annotations

from typing import Final

import polars as pl

from feedsync.expressions.scope import Scope
from feedsync.expressions.values import Value, literal
from feedsync.semantics import INTEGER, TEXT
from feedsync.specs.channel import Attribute, Limits
from feedsync.writers.base import Setup
from feedsync.writers.spelling import spelled_text

NUMBER: Final = "_number"
"""The column of `record.number`: 1 for the first record of a file."""


def item_scope(setup: Setup) -> Scope:
    """All attributes of the channel by name, also those that this feed's mapping does not fill (they are missing).

    Enums and other texts with a `spelling` are seen as the channel spells them; everything else is semantic.
    """
    names = {"id": Value(pl.col("id"), TEXT)}
    for name, attribute in setup.channel.attributes.items():
        names[name] = Value(_spelled(setup.column(name), attribute), attribute.semantic)
    spaces = {
        "market": {name: literal(text) for name, text in setup.market.items()},
        "feed": {name: literal(text) for name, text in setup.feed.items()},
        "record": {"number": Value(pl.col(NUMBER), INTEGER)},
    }
    return Scope(names=names, spaces=spaces, zone=setup.zone, side="channel")


def _spelled(column: pl.Expr, attribute: Attribute) -> pl.Expr:
    if attribute.type == "group":
        if not any(field.spelling for field in attribute.fields.values()):
            return column
        one = pl.element()
        fields = [spelled_text(one.struct.field(name), field.spelling) for name, field in attribute.fields.items()]
        return column.list.eval(
            pl.struct([text.alias(name) for name, text in zip(attribute.fields, fields, strict=True)])
        )
    if attribute.type == "list":
        table = attribute.of.spelling if isinstance(attribute.of, Limits) else attribute.spelling
        return column.list.eval(spelled_text(pl.element(), table)) if table else column
    return spelled_text(column, attribute.spelling)
