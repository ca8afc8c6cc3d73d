"""From a format's name to its writer; a writer's module is loaded when a feed needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, cast

from feedsync.errors import SpecError, nearest
from feedsync.specs.channel import ChannelSpec
from feedsync.writers.base import Document, Setup, Writer

WRITERS: Final = {
    "delimited": "feedsync.writers.delimited:DelimitedWriter",
    "xml": "feedsync.writers.xml:XmlWriter",
    "json": "feedsync.writers.json:JsonWriter",
    "jsonl": "feedsync.writers.json:JsonWriter",
    "template": "feedsync.writers.template:TemplateWriter",
}


def open_writer(
    channel: ChannelSpec,
    format_name: str,
    used: Sequence[str],
    market: Mapping[str, str],
    feed: Mapping[str, str],
    zone: str,
    info: Document,
) -> Writer:
    """The writer of a channel's format for one feed, ready to write; SpecError or TemplateError where it cannot be.

    `used` are the attributes that the mapping fills, `market` and `feed` what templates read as market.x and feed.x
    (with the channel's own names of the market and the settings), `zone` the catalog's time zone.
    """
    setup = Setup(channel, format_name, frozenset(used), market, feed, zone, info)
    if format_name not in channel.channel.formats:
        known = list(channel.channel.formats)
        raise SpecError(
            "writer_format", setup.place, name=format_name, known=", ".join(known), nearest=nearest(format_name, known)
        )
    module, _, name = WRITERS[setup.format.writer].partition(":")
    return cast(Writer, getattr(import_module(module), name)(setup))
