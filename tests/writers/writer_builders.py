"""Channels and items for the tests of writers: each starts from one literal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import strategies as st

from feedsync.frames import dtype
from feedsync.semantics import minor_units
from feedsync.specs.channel import Attribute, Channel, ChannelSpec
from feedsync.writers.base import Document, Writer
from feedsync.writers.open import open_writer

MADRID = "Europe/Madrid"
INFO = Document("Mi tienda", "https://mitienda.es", "Todo & más")
MARKET = {"country": "ES", "language": "es", "currency": "EUR"}
NOON = dt.datetime(2026, 12, 24, 12, 0, tzinfo=ZoneInfo(MADRID))

ATTRIBUTES: dict[str, Any] = {
    "title": {},
    "id": {"required": True},
    "price": {"type": "money"},
    "stock": {"type": "integer"},
    "weight": {"type": "decimal"},
    "adult": {"type": "boolean"},
    "availability": {"type": "enum", "one_of": ["in_stock", "preorder"], "spelling": {"in_stock": "in stock"}},
    "sale_dates": {"type": "interval"},
    "images": {"type": "list", "of": "url"},
    "shipping": {"type": "group", "fields": {"country": {}, "service": {}, "price": {"type": "money"}}},
}
FULL: dict[str, Any] = {
    "id": "A-1",
    "title": 'Lámpara "Sol" & más',
    "price": {"amount": Decimal("19.9"), "currency": "EUR"},
    "stock": 5,
    "weight": Decimal("0.570"),
    "adult": False,
    "availability": "in_stock",
    "sale_dates": {"start": NOON, "end": NOON + dt.timedelta(days=7)},
    "images": ["https://x.es/1.jpg", "https://x.es/2.jpg"],
    "shipping": [
        {"country": "ES", "service": "Standard", "price": {"amount": Decimal("4.9"), "currency": "EUR"}},
        {"country": "PT", "service": None, "price": {"amount": Decimal(0), "currency": "EUR"}},
    ],
}
EMPTY: dict[str, Any] = {"id": "A-2"}


def money(amount: str, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": currency}


def spec(
    formats: Mapping[str, Any], attributes: Mapping[str, Any] = ATTRIBUTES, folder: str = "made_up", **channel: Any
) -> ChannelSpec:
    """A made-up channel with these formats and attributes."""
    base = {"title": "Made up", "docs": "x", "not_shown": {"en": "x"}, "delete_mode": "none", "write_mode": "replace"}
    return ChannelSpec(
        name="made_up",
        version="1",
        folder=folder,
        channel=Channel.model_validate({**base, "formats": formats, **channel}),
        attributes={name: Attribute.model_validate(said) for name, said in attributes.items()},
        mapping={},
    )


def items(channel: ChannelSpec, *rows: Mapping[str, Any]) -> pl.DataFrame:
    """Items with every attribute of the channel, missing where a row does not say."""
    kinds = {name: dtype(attribute.semantic, MADRID) for name, attribute in channel.attributes.items()}
    kinds = {"id": pl.String(), **kinds}
    columns = {name: pl.Series(name, [row.get(name) for row in rows], dtype=kind) for name, kind in kinds.items()}
    return pl.DataFrame(columns)


def writer_of(
    channel: ChannelSpec,
    used: Sequence[str] | None = None,
    market: Mapping[str, str] = MARKET,
    feed: Mapping[str, str] | None = None,
) -> Writer:
    """The writer of the channel's first format, for all attributes unless `used` says which."""
    name = next(iter(channel.channel.formats))
    return open_writer(
        channel, name, list(channel.attributes) if used is None else used, market, feed or {}, MADRID, INFO
    )


def written(writer: Writer, *batches: pl.DataFrame) -> bytes:
    return b"".join([writer.begin(), *(writer.items(batch) for batch in batches), writer.end()])


PRESENT = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() != "")
HOSTILE = st.sampled_from(
    ["]]>", "<b>&amp;", "a\r\nb", "\x00\x0b", "x\ufffe\uffff", '"', "\\", "a,b;c\td", "\u2028", "'\n"]
)
TEXTS = st.one_of(PRESENT, HOSTILE, st.builds(lambda a, b, c: a + b + c, PRESENT, HOSTILE, PRESENT))
MONEY = st.sampled_from(["EUR", "JPY", "KWD"]).flatmap(
    lambda code: st.builds(money, st.decimals(0, 10**9, places=minor_units(code)).map(str), st.just(code))
)
ROWS = st.fixed_dictionaries(
    {
        "id": TEXTS,
        "title": st.none() | TEXTS,
        "price": st.none() | MONEY,
        "stock": st.none() | st.integers(-(10**15) + 1, 10**15 - 1),
        "weight": st.none() | st.decimals(-(10**15) + 1, 10**15 - 1, places=8),
        "adult": st.none() | st.booleans(),
        "availability": st.none() | st.sampled_from(["in_stock", "preorder"]),
        "images": st.none() | st.lists(TEXTS, min_size=1, max_size=3),
        "shipping": st.none()
        | st.lists(
            st.fixed_dictionaries({"country": TEXTS, "service": st.none() | TEXTS, "price": st.none() | MONEY}),
            min_size=1,
            max_size=3,
        ),
    }
)
