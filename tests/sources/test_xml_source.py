"""XML: elements as rows, whatever stands around them; nothing fetched, nothing expanded, nothing cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import whole

from feedsync.errors import FeedsyncError
from feedsync.sources.stored import StoredFile
from feedsync.sources.xml import XmlSource
from feedsync.specs.source import TreeSpec

RSS = b"""<?xml version="1.0"?>
<!-- made by hand -->
<rss version="2.0" xmlns:g="http://example.org/1"><channel><title>T</title><item><title>no record</title></item>
</channel><channel>
<item><g:id>1</g:id><title><![CDATA[ A & <b> ]]></title>
  <g:shipping><g:country>ES</g:country><g:price>1</g:price></g:shipping>
  <g:shipping><g:country>PT</g:country></g:shipping>
  <g:shipping><g:country>FR</g:country><g:price>2</g:price></g:shipping>
</item>
<item><g:id>2</g:id><title>
   Botas &#38; m&#xE1;s
</title><g:image>a</g:image><g:image/><g:image>b
c</g:image><price c="EUR" xml:lang="es">3</price><note>one <i>two</i> three</note></item>
</channel></rss>
"""
YML = """<?xml version="1.0" encoding="windows-1251"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog><shop>
<categories><category id="1">Обувь</category><category id="3" parentId="2">Кеды</category>
<category id="2" parentId="1"> Спорт </category></categories>
<offers><offer id="9" available="true"><categoryId>3</categoryId><param name="Size">42</param><param name="C">r</param>
</offer><offer id="8"><categoryId>7</categoryId></offer></offers></shop></yml_catalog>""".encode("cp1251")
OFFERS: dict[str, Any] = {
    "records": "yml_catalog/shop/offers/offer",
    "tree": TreeSpec(path="yml_catalog/shop/categories/category", column="categoryId", into="category"),
}


def rows(folder: Path, content: bytes, **options: Any) -> list[dict[str, Any]]:
    (folder / "p.xml").write_bytes(content)
    frame = whole(XmlSource(StoredFile(folder / "p.xml", "p.xml"), **options))
    return [{key: value for key, value in row.items() if value is not None} for row in frame.iter_rows(named=True)]


def message(folder: Path, content: bytes, **options: Any) -> str:
    with pytest.raises(FeedsyncError) as caught:
        rows(folder, content, **options)
    return caught.value.message()


def test_elements_attributes_and_repeated_ones(tmp_path: Path) -> None:
    for block in (1, 7, 1 << 20):
        assert rows(tmp_path, RSS, block=block) == [
            {"title": "no record", "_row": 1},
            {
                "g:id": "1",
                "title": " A & <b> ",
                "g:shipping/g:country": "ES\nPT\nFR",
                "g:shipping/g:price": "1\n\n2",
                "_row": 2,
            },
            {
                "g:id": "2",
                "title": "Botas & más",
                "g:image": "a\n\nb c",
                "price": "3",
                "price@c": "EUR",
                "price@xml:lang": "es",
                "note": "one three",
                "note/i": "two",
                "_row": 3,
            },
        ]


def test_a_tree_of_categories(tmp_path: Path) -> None:
    assert rows(tmp_path, YML, **OFFERS) == [
        {
            "@id": "9",
            "@available": "true",
            "categoryId": "3",
            "param": "42\nr",
            "param@name": "Size\nC",
            "category": "Обувь >  Спорт  > Кеды",
            "_row": 1,
        },
        {"@id": "8", "categoryId": "7", "_row": 2},
    ]


@pytest.mark.parametrize("records", ["a/item", "item"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-15"])
def test_encodings(tmp_path: Path, records: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    content = f"{head}<a><item><b>Niño €</b></item></a>".encode(encoding)
    assert rows(tmp_path, content, records=records) == [{"b": "Niño €", "_row": 1}]
    bare = "<a><item><b>Niño €</b></item></a>".encode("iso-8859-15")
    assert rows(tmp_path, bare, records="item", encoding="iso-8859-15") == [{"b": "Niño €", "_row": 1}]


@pytest.mark.parametrize(("content", "options"), [(RSS.rstrip(), {}), (YML, OFFERS)])
def test_every_cut_is_an_error(tmp_path: Path, content: bytes, options: dict[str, Any]) -> None:
    declared = content.index(b">") + 1
    for size in range(len(content)):
        met = message(tmp_path, content[:size], **options)
        assert met.startswith("p.xml"), size
        if size > content.index(b">", declared):
            assert met.endswith("the document ends too early. It was cut short; export it again."), size


ITEM = b"<a><item><b>x</b></item></a>"
BAD: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "empty": (b"", {}, "p.xml: error: the file is empty."),
    "blank": (b" \n", {}, "p.xml: error: the file is empty."),
    "no XML": (b"sku,title\n1,x\n", {}, "p.xml:1:1: error: not XML: Start tag expected, '<' not found."),
    "wrong tag": (b"<a>\n<item>x</b></item></a>", {}, "p.xml:2:12: error: not XML: Opening and ending tag mismatch"),
    "rest": (ITEM + b"<b/>", {}, "p.xml:1:29: error: not XML: Extra content at the end of the document."),
    "records not said": (
        b"<s><n>1</n><ps><p><k>1</k></p><p><k>2</k></p></ps></s>", {"records": None},
        "p.xml: error: which elements are the products is not said. Set records on the source; likely are s/ps/p, s/ps/p/k.",
    ),
    "records elsewhere": (
        ITEM, {"records": "a/items/item"}, 'p.xml: error: there is no element at "a/items/item". Correct records',
    ),
    "no records": (b"<a><n/></a>", {"records": "a/item"}, "p.xml: error: no products. The last good files stay."),
    "no records in RSS": (b"<rss><channel/></rss>", {"records": None}, "p.xml: error: no products."),
    "encoding": (b"<a><item><b>Espa\xf1a</b></item></a>", {}, "p.xml:1: error: not UTF-8 at byte 16 (0xF1);"),
    "encoding unknown": (
        b'<?xml version="1.0" encoding="utf-99"?><a/>', {},
        'p.xml:1: error: the document names the encoding "utf-99", which is none. Set encoding on the source.',
    ),
    "entity of its own": (
        b'<!DOCTYPE a [<!ENTITY x "y">]><a><item><b>&x;</b></item></a>', {},
        "p.xml: error: the document declares elements, attributes or entities of its own, which are not read.",
    ),
    "entity of a file": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><item><b>&x;</b></item></a>', {},
        "p.xml: error: the document declares elements, attributes or entities of its own",
    ),
    "attribute of its own": (
        b'<!DOCTYPE a [<!ATTLIST b x CDATA "7">]><a><item><b>1</b></item></a>', {},
        "p.xml: error: the document declares elements, attributes or entities of its own",
    ),
    "columns without end": (
        b"<a>" + b"".join(b"<item><c%d/><d%d>x</d%d></item>" % (n, n, n) for n in range(5_001)) + b"</a>", {},
        "p.xml:5001: error: up to here the records have more than 5000 different columns.",
    ),
    "entity of an outer DTD": (
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a><item><b>1&nbsp;2</b></item></a>', {},
        'p.xml: error: an entity that is not of XML itself ("&nbsp;"). Write the character, or its number',
    ),
    "entity undeclared": (b"<a><item><b>1&nbsp;2</b></item></a>", {}, "p.xml:1:20: error: an entity that is not of XML"),
    "huge text": (
        b"<a><item><b>" + b"x" * 10_100_000 + b"</b></item></a>", {}, "error: more in one place than is read: Resource",
    ),
    "deep": (b"<a><item>" * 300, {}, "error: more in one place than is read: Excessive depth"),
    "record without end": (
        b"<a><item>" + b"<b/>" * 50_001 + b"</item></a>", {},
        "p.xml: error: record 1 has more than 50000 elements. Correct records on the source; it names one product.",
    ),
    "column of feedsync": (b"<a><item><_row>1</_row></item></a>", {}, 'p.xml:1: error: the column name "_row" is reserved.'),
    "tree behind": (
        YML.replace(b"categories>", b"x>").replace(b"</offers>", b'</offers><categories><category id="5"/></categories>'),
        OFFERS, "p.xml: error: yml_catalog/shop/categories/category stands behind the first record.",
    ),
    "tree without id": (YML.replace(b'<category id="1">', b"<category>"), OFFERS, 'node 1 of the tree has no "@id".'),
    "tree id twice": (YML.replace(b'id="3"', b'id="1"'), OFFERS, 'the tree has the id "1" twice.'),
    "tree in a circle": (
        YML.replace(b'id="1"', b'id="1" parentId="3"'), OFFERS, 'the parents of "3" in the tree lead in a circle.',
    ),
    "tree into a column": (
        YML.replace(b"</categoryId>", b"</categoryId><category>x</category>"), OFFERS,
        'the records have a column "category" already. Set another name in tree.into.',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_documents(tmp_path: Path, case: str) -> None:
    content, options, expected = BAD[case]
    assert expected in message(tmp_path, content, **{"records": "item", **options})


def test_a_document_of_any_size_is_forgotten_as_it_is_read(tmp_path: Path) -> None:
    """What stands beside and between the records goes, too."""
    import tracemalloc

    with (tmp_path / "p.xml").open("wb") as file:
        file.write(b"<a>" + b"<x><y>noise</y></x>" * 20_000 + b"<b>")
        for _ in range(200):
            file.write(b"<item><k>value</k></item>" * 100 + b"<x/>")
        file.write(b"</b></a>")
    source = XmlSource(StoredFile(tmp_path / "p.xml", "p.xml"), records="a/b/item")
    tracemalloc.start()
    count = sum(block.height for block in source.blocks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 60 << 20


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["a", "b", "ñ"]),
            st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
                min_size=1,
            ),
        ),
        min_size=1,
    ),
    st.sampled_from([1, 3, 64]),
)
def test_texts_survive(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]], block: int) -> None:
    from xml.sax.saxutils import escape

    items = "".join(
        "<i>" + "".join(f"<{key}>{escape(text)}</{key}>" for key, text in one.items()) + "</i>" for one in records
    )
    met = rows(tmp_path_factory.mktemp("x"), f"<x>{items}</x>".encode(), records="i", block=block)
    unprintable = "\ufeff￾￿"
    wanted = [{key: text for key, text in one.items() if text.strip() and text.strip(unprintable)} for one in records]
    assert [{key: value for key, value in row.items() if key != "_row"} for row in met] == wanted
