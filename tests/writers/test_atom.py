"""Atom 1.0: what RFC 4287 asks of a feed and an entry, read back by lxml."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from writer_builders import EMPTY, FULL, INFO, MADRID, MARKET, TEXTS, items, spec, writer_of, written

from feedsync.errors import SpecError
from feedsync.writers.base import Document
from feedsync.writers.open import open_writer

ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = {"title": "title", "link": "page", "summary": "text"}
FORM: dict[str, Any] = {
    "writer": "xml",
    "suffix": "atom.xml",
    "document": "atom",
    "entry": ENTRY,
    "namespaces": {"g": "urn:g"},
    "element": "g:{name}",
}
ATTRIBUTES: dict[str, Any] = {"id": {}, "title": {}, "page": {"type": "url"}, "text": {}, "price": {"type": "money"}}
UUID = "urn:uuid:4b14aa49-1766-55bd-a644-eea644f123ff"
ROW = {"id": "A 1/ñ", "title": "Sol & más", "page": 'https://x.es/?a=1&b="2"', "text": "<b>", "price": FULL["price"]}


def atom(form: dict[str, Any] | None = None, info: Document = INFO, *rows: dict[str, Any]) -> str:
    made = spec({"atom": {**FORM, **(form or {})}}, ATTRIBUTES)
    writer = open_writer(made, "atom", list(ATTRIBUTES), MARKET, {}, MADRID, info)
    return written(writer, items(made, *rows)).decode()


def test_a_whole_document() -> None:
    info = Document("Mi tienda", "https://mitienda.es", "Todo & más", dt.date(2026, 7, 1))
    assert atom(None, info, ROW, EMPTY) == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="urn:g">\n'
        f"<id>{UUID}</id>\n"
        "<title>Mi tienda</title>\n"
        "<updated>2026-07-01T00:00:00+02:00</updated>\n"
        "<author><name>Mi tienda</name></author>\n"
        '<link rel="alternate" href="https://mitienda.es"/>\n'
        "<subtitle>Todo &amp; más</subtitle>\n"
        "<entry>\n"
        f"<id>{UUID}#A%201%2Fñ</id>\n"
        "<title>Sol &amp; más</title>\n"
        "<updated>2026-07-01T00:00:00+02:00</updated>\n"
        '<link rel="alternate" href="https://x.es/?a=1&amp;b=&quot;2&quot;"/>\n'
        "<summary>&lt;b&gt;</summary>\n"
        "<g:id>A 1/ñ</g:id>\n"
        "<g:price>19.90 EUR</g:price>\n"
        "</entry>\n"
        "<entry>\n"
        f"<id>{UUID}#A-2</id>\n"
        "<title>A-2</title>\n"
        "<updated>2026-07-01T00:00:00+02:00</updated>\n"
        "<content>A-2</content>\n"
        "<g:id>A-2</g:id>\n"
        "</entry>\n"
        "</feed>\n"
    )


def test_the_bare_id_where_the_channel_wants_it() -> None:
    text = atom({"entry": {"id": "item"}}, INFO, {**ROW, "id": "A<1"})
    assert "<entry>\n<id>A&lt;1</id>\n<title>A&lt;1</title>\n" in text
    assert "<g:title>Sol &amp; más</g:title>\n" in text


def test_a_shop_without_an_address_and_a_description() -> None:
    head = atom(None, Document("f")).partition("<author>")[2]
    assert head == "<name>f</name></author>\n</feed>\n"


@given(rows=st.lists(st.fixed_dictionaries({"id": TEXTS, "title": st.none() | TEXTS, "page": st.none() | TEXTS})))
@settings(deadline=None, max_examples=50)
def test_every_entry_has_what_the_standard_asks(rows: list[dict[str, Any]]) -> None:
    root = etree.fromstring(atom(None, INFO, *rows).encode())
    for element in (root, *root.iterfind(f"{ATOM}entry")):
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
    ids = []
    for entry in root.iterfind(f"{ATOM}entry"):
        linked = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert len(linked) + len(entry.findall(f"{ATOM}content")) == 1
        mark = entry.findtext(f"{ATOM}id") or ""
        assert re.fullmatch(r"[^\x00-\x20<>\"{}|\\^`\x7f-\x9f]+", mark)
        ids.append(unquote(mark.partition("#")[2]))
    forbidden = re.compile("[\ufffe\uffff]")
    assert ids == [forbidden.sub("", row["id"]) for row in rows]


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({"element": "{name}"}, "writer_atom_prefix"),
        ({"plain": ["price"]}, "writer_atom_prefix"),
        ({"namespaces": {"": "urn:x", "g": "urn:g"}}, "writer_atom_namespace"),
        ({"entry": {"title": "price"}}, "writer_atom_entry"),
        ({"document": "rss"}, "writer_atom_only"),
    ],
)
def test_a_spec_that_cannot_be_written(form: dict[str, Any], key: str) -> None:
    with pytest.raises(SpecError) as error:
        atom(form)
    assert error.value.key == key


def test_the_same_items_give_the_same_bytes() -> None:
    made = spec({"atom": FORM}, ATTRIBUTES)
    assert written(writer_of(made), items(made, ROW)) == written(writer_of(made), items(made, ROW))
