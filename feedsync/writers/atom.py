"""What Atom 1.0 (RFC 4287) asks of a feed and its entries, and what they are made from without a clock."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import polars as pl

from feedsync.errors import SpecError
from feedsync.specs.formats import AtomEntry
from feedsync.writers.base import Setup
from feedsync.writers.escape import xml_text
from feedsync.writers.spelling import spell_scalar

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_UNRESERVED: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
# what RFC 3987 does not let stand bare in an address: ASCII but letters, digits and four signs; C1 controls
_ENCODED: Final = {
    chr(code): "".join(f"%{byte:02X}" for byte in chr(code).encode()) for code in range(0xA0) if code not in _UNRESERVED
}
_TEXTUAL: Final = ("text", "url", "gtin", "enum")
_MARKS: Final = {'"': "&quot;"}


def feed_id(setup: Setup) -> str:
    """The same for the same shop and feed, for ever."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{setup.info.link}#{setup.info.title}')}"


def updated(setup: Setup) -> str:
    """The run's day, at its beginning in the catalog's zone: the day for which the prices and stocks were computed."""
    return datetime.combine(setup.info.day, time.min, ZoneInfo(setup.zone)).isoformat()


def entry_lines(setup: Setup, entry: AtomEntry) -> list[pl.Expr]:
    """Atom's own elements of an entry, a line each: id, title, updated, and link or content; null where one may be
    missing and is."""
    item = pl.col("id")
    mark = item if entry.id == "item" else pl.lit(f"{feed_id(setup)}#") + _iri_part(item)
    title = xml_text(pl.coalesce(_text(setup, entry.title), item) if entry.title else item)
    lines = [
        _line("<id>", xml_text(mark), "</id>"),
        _line("<title>", title, "</title>"),
        pl.lit(f"<updated>{updated(setup)}</updated>\n"),
    ]
    # an entry has a page, or it says what it holds
    content = _line("<content>", title, "</content>")
    if entry.link:
        address = xml_text(_text(setup, entry.link)).str.replace_many(list(_MARKS), list(_MARKS.values()))
        content = pl.coalesce(_line('<link rel="alternate" href="', address, '"/>'), content)
    lines.append(content)
    if entry.summary:
        lines.append(_line("<summary>", xml_text(_text(setup, entry.summary)), "</summary>"))
    return lines


def _text(setup: Setup, name: str) -> pl.Expr:
    """A text attribute as the channel spells it."""
    attribute = setup.channel.attributes.get(name)
    if attribute is None or attribute.type not in _TEXTUAL:
        subject = f"formats.{setup.format_name}.entry"
        raise SpecError("writer_atom_entry", setup.place, subject=subject, name=name)
    return spell_scalar(setup.column(name), attribute, setup.spelling, setup.zone)


def _iri_part(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_ENCODED), list(_ENCODED.values()))


def _line(begin: str, text: pl.Expr, end: str) -> pl.Expr:
    return pl.concat_str(pl.lit(begin), text, pl.lit(f"{end}\n"))
