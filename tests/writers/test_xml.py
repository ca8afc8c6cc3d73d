"""XML, byte by byte, and that lxml reads back what was written."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from writer_builders import ATTRIBUTES, EMPTY, FULL, MADRID, ROWS, items, spec, writer_of, written

from feedsync.errors import SpecError
from feedsync.writers.spelling import spell

G = "http://base.google.com/ns/1.0"
RSS = {"writer": "xml", "suffix": "xml", "namespaces": {"g": G}, "element": "g:{name}", "plain": ["title", "link"]}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def test_a_whole_rss_document() -> None:
    made = spec({"xml": RSS})
    assert written(writer_of(made), items(made, FULL, EMPTY)).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">\n'
        "<channel>\n<title>Mi tienda</title>\n"
        "<link>https://mitienda.es</link>\n"
        "<description>Todo &amp; más</description>\n"
        "<item>\n"
        "<g:id>A-1</g:id>\n"
        '<title>Lámpara "Sol" &amp; más</title>\n'
        "<g:price>19.90 EUR</g:price>\n"
        "<g:stock>5</g:stock>\n"
        "<g:weight>0.57</g:weight>\n"
        "<g:adult>false</g:adult>\n"
        "<g:availability>in stock</g:availability>\n"
        "<g:sale_dates>2026-12-24T12:00+01:00/2026-12-31T12:00+01:00</g:sale_dates>\n"
        "<g:images>https://x.es/1.jpg</g:images>\n"
        "<g:images>https://x.es/2.jpg</g:images>\n"
        "<g:shipping><g:country>ES</g:country><g:service>Standard</g:service><g:price>4.90 EUR</g:price></g:shipping>\n"
        "<g:shipping><g:country>PT</g:country><g:price>0.00 EUR</g:price></g:shipping>\n"
        "</item>\n"
        "<item>\n"
        "<g:id>A-2</g:id>\n"
        "</item>\n"
        "</channel>\n"
        "</rss>\n"
    )


@pytest.mark.parametrize(
    ("form", "head", "tail"),
    [
        ({"document": {"root": "offers", "item": "offer"}}, "<offers>\n<offer>", "</offer>\n</offers>\n"),
        (
            {"document": {"root": "feed", "item": "entry"}, "namespaces": {"": "http://www.w3.org/2005/Atom"}},
            '<feed xmlns="http://www.w3.org/2005/Atom">\n<entry>',
            "</entry>\n</feed>\n",
        ),
        (
            {"document": {"root": "s:shop", "item": "s:offer"}, "namespaces": {"s": "urn:s"}},
            '<s:shop xmlns:s="urn:s">\n<s:offer>',
            "</s:offer>\n</s:shop>\n",
        ),
    ],
)
def test_other_documents(form: dict[str, Any], head: str, tail: str) -> None:
    made = spec({"xml": {"writer": "xml", "suffix": "xml", **form}}, {"id": {"header": "sku"}})
    text = written(writer_of(made), items(made, {"id": "A"})).decode()
    assert text == f"<?xml version='1.0' encoding='UTF-8'?>\n{head}\n<sku>A</sku>\n{tail}"


def test_parts_of_a_value_under_names_of_their_own() -> None:
    attributes = {
        "id": {},
        "price": {"type": "money", "headers": {"amount": "amount", "currency": "currency"}},
        "sale_dates": {"type": "interval", "headers": {"end": "until"}},
    }
    made = spec({"xml": RSS}, attributes)
    text = written(writer_of(made), items(made, FULL)).decode()
    assert (
        "<g:id>A-1</g:id>\n<g:amount>19.90</g:amount>\n<g:currency>EUR</g:currency>\n"
        "<g:until>2026-12-31T12:00+01:00</g:until>\n</item>\n"
    ) in text


def test_missing_entries_and_empty_records() -> None:
    made = spec({"xml": {**RSS, "plain": ["id"]}}, {name: ATTRIBUTES[name] for name in ("id", "images", "shipping")})
    nothing = dict.fromkeys(("country", "service", "price"))
    rows = ({"id": "1", "images": ["a", None], "shipping": [nothing, {"country": "ES"}]}, {"id": "2", "images": []})
    text = written(writer_of(made), items(made, *rows)).decode()
    assert "".join(text.partition("<item>")[1:]).partition("</channel>")[0] == (
        "<item>\n<id>1</id>\n<g:images>a</g:images>\n<g:shipping><g:country>ES</g:country></g:shipping>\n</item>\n"
        "<item>\n<id>2</id>\n</item>\n"
    )


def test_no_items() -> None:
    made = spec({"xml": {"writer": "xml", "suffix": "xml", "document": {"root": "offers", "item": "offer"}}})
    assert written(writer_of(made), items(made)) == b"<?xml version='1.0' encoding='UTF-8'?>\n<offers>\n</offers>\n"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("]]>", "]]&gt;"),
        ("&amp;", "&amp;amp;"),
        ("a\r\nb\tc", "a&#13;\nb\tc"),
        ("a\x00\x0b\x1f\x7f\ufffe\uffffb", "ab"),
        ("\U0001f600 é", "\U0001f600 é"),
    ],
)
def test_content(value: str, content: str) -> None:
    made = spec({"xml": RSS}, {"id": {}})
    text = written(writer_of(made), items(made, {"id": value})).decode()
    assert f"<g:id>{content}</g:id>\n" in text


@pytest.mark.parametrize(
    ("form", "attributes", "key"),
    [
        ({"element": "h:{name}"}, {"id": {}}, "writer_prefix"),
        ({}, {"id": {"header": "my sku"}}, "writer_xml_name"),
        ({}, {"id": {"header": "a><b"}}, "writer_xml_name"),
        ({"document": {"root": "1", "item": "x"}}, {"id": {}}, "writer_xml_name"),
        ({"namespaces": {"x:y": "urn:s"}}, {"id": {}}, "writer_xml_name"),
    ],
)
def test_a_spec_that_cannot_be_written(form: dict[str, Any], attributes: dict[str, Any], key: str) -> None:
    made = spec({"xml": {**RSS, **form}}, attributes)
    with pytest.raises(SpecError) as error:
        writer_of(made)
    assert error.value.key == key


def values_of(element: etree._Element) -> dict[str, list[Any]]:
    """Name -> values of an item's elements; a record is a dict of its own."""
    read: dict[str, list[Any]] = {}
    for child in element:
        name = etree.QName(child).localname
        value = {etree.QName(field).localname: field.text or "" for field in child} if len(child) else child.text or ""
        read.setdefault(name, []).append(value)
    return read


@given(rows=st.lists(ROWS, max_size=4))
@settings(deadline=None)
def test_lxml_reads_what_was_written(rows: list[dict[str, Any]]) -> None:
    made = spec({"xml": RSS})
    frame = items(made, *rows)
    root = etree.fromstring(written(writer_of(made), frame))
    read = [values_of(item) for item in root.iterfind("channel/item")]
    names = [name for name in ATTRIBUTES if name not in ("images", "shipping")]
    spelled = frame.select(
        spell(pl.col(name), made.attributes[name], made.channel.spelling, MADRID).alias(name) for name in names
    )
    want = []
    for row, texts in zip(rows, spelled.to_dicts(), strict=True):
        one = {name: [FORBIDDEN.sub("", text)] for name, text in texts.items() if text is not None}
        if row["images"]:
            one["images"] = [FORBIDDEN.sub("", url) for url in row["images"]]
        want.append(one)
    assert [{name: values for name, values in one.items() if name != "shipping"} for one in read] == want
    countries = [[FORBIDDEN.sub("", entry["country"]) for entry in row["shipping"] or []] for row in rows]
    assert [[entry["country"] for entry in one.get("shipping", [])] for one in read] == countries
    services = [
        [entry["service"] and FORBIDDEN.sub("", entry["service"]) for entry in row["shipping"] or []] for row in rows
    ]
    assert [[entry.get("service") for entry in one.get("shipping", [])] for one in read] == services
