"""Overrides by file, end to end, and rules that say nothing any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from builders import export, found, items, probe, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import feedsync
from feedsync.errors import FeedsyncError
from feedsync.run.commands import Job, explain

AS_OF = date(2026, 11, 21)
ATTRIBUTES = """\
title: {required: true, max_characters: 9}
price: {type: money, above: 0}
tags: {type: list}
label: {}
deep: {}
kind: {}
"""
PRODUCTS = "sku,title,price,sort\nA,Bota,10,x\nB,Gorra,12.5,y\nC,Sol,nada,x\n"
PROJECT = """\
catalog: {sources: [{path: p.csv}]}
markets: {es: {country: ES, language: es, currency: EUR}, pt: {country: PT, language: pt, currency: EUR}}
lookups: {sorts: {x: uno}}
feeds:
  f:
    channel: probe@1
    markets: all
    attributes:
      title: "{{ title }}"
      price: "{{ price | money('EUR') }}"
      deep: "{{ item.title ~ '/' ~ item.label }}"
      kind: "{{ sort | lookup('sorts') }}"
  other: {channel: probe@1, market: es, attributes: {title: "{{ title }}"}}
overrides: o.csv
"""
HEAD = "sku,attribute,value,reason,expires,feed\n"


def shop(folder: Path, overrides: str, more: str = "", head: str = HEAD, project: str = PROJECT) -> Path:
    files = {"p.csv": PRODUCTS, "o.csv": head + overrides, "feedsync.yaml": project + more, **probe(ATTRIBUTES)}
    return write(folder, files)


def notes(folder: Path, feeds: tuple[str, ...] = ()) -> list[str]:
    """What a check says besides findings."""
    result = feedsync.load_project(folder, as_of=AS_OF, env={}).check(feeds)
    return [note.message() for note in result.notes if "o.csv" in note.message() or "rule" in note.key]


def values(folder: Path, attribute: str, feed: str = "f_es") -> dict[str, str | None]:
    return {item["id"]: item.get(attribute) for item in items(folder, feed)}


@pytest.mark.parametrize(
    ("line", "attribute", "feed", "expected"),
    [
        ("A,title,Botín,,,", "title", "f_es", {"A": "Botín", "B": "Gorra"}),
        ("A,title,Botín,,,f", "title", "f_pt", {"A": "Botín", "B": "Gorra"}),
        ("A,title,Botín,,,f_pt", "title", "f_es", {"A": "Bota", "B": "Gorra"}),
        ("A,title,Botín,,,f_pt", "title", "f_pt", {"A": "Botín", "B": "Gorra"}),
        ("A,title,Botín,,,f", "title", "other", {"A": "Bota", "B": "Gorra", "C": "Sol"}),
        (" A , title , Botín ,,,", "title", "f_es", {"A": "Botín", "B": "Gorra"}),
        ("B,price,9.99 EUR,,,", "price", "f_es", {"A": "10.00 EUR", "B": "9.99 EUR"}),
        ('B,tags,"[""a"",""b""]",,,', "tags", "f_es", {"A": None, "B": '["a","b"]'}),
        ("B,tags,a,,,", "tags", "f_es", {"A": None, "B": '["a"]'}),
        ("A,label,nuevo,,,", "label", "f_es", {"A": "nuevo", "B": None}),  # nothing else fills it
        ("A,label,nuevo,,,", "deep", "f_es", {"A": "Bota/nuevo", "B": "Gorra/"}),  # and other values read it
        ("A,title,Botín,,,", "deep", "f_es", {"A": "Botín/", "B": "Gorra/"}),
        ("A,deep,hondo,,,", "deep", "f_es", {"A": "hondo", "B": "Gorra/"}),
        ("B,price,,,,", "price", "f_es", {"A": "10.00 EUR", "B": None}),  # an empty value makes it missing
        ("C,price,5.00 EUR,,,", "price", "f_es", {"A": "10.00 EUR", "B": "12.50 EUR", "C": "5.00 EUR"}),
        ("A,title,Botín,,2026-11-21,", "title", "f_es", {"A": "Botín", "B": "Gorra"}),  # the last day counts
        ("A,title,Botín,,2026-11-20,", "title", "f_es", {"A": "Bota", "B": "Gorra"}),
        ("A,title,uno,,,\nA,title,dos,,,", "title", "f_es", {"A": "dos", "B": "Gorra"}),
        # a line that does not read silences none that does
        ("B,price,9.99 EUR,,,\nB,price,8;99,,,", "price", "f_es", {"A": "10.00 EUR", "B": "9.99 EUR"}),
        ("B,price,8;99,,,f_es\nB,price,9.99 EUR,,,", "price", "f_es", {"A": "10.00 EUR", "B": "9.99 EUR"}),
        ("A,title,uno,,,f_es\nA,title,dos,,,f\nA,title,tres,,,", "title", "f_es", {"A": "uno", "B": "Gorra"}),
        ("A,title,uno,,,f_es\nA,title,dos,,,f\nA,title,tres,,,", "title", "f_pt", {"A": "dos", "B": "Gorra"}),
        (
            "A,title,uno,,,f_es\nA,title,dos,,,f\nA,title,tres,,,",
            "title",
            "other",
            {"A": "tres", "B": "Gorra", "C": "Sol"},
        ),
    ],
)
def test_what_an_override_replaces(
    tmp_path: Path, line: str, attribute: str, feed: str, expected: dict[str, str | None]
) -> None:
    assert values(shop(tmp_path, line + "\n"), attribute, feed) == expected


def test_a_value_that_reads_only_what_an_override_fills(tmp_path: Path) -> None:
    project = PROJECT.replace("{{ item.title ~ '/' ~ item.label }}", "{{ item.label }}")
    assert values(shop(tmp_path, "A,label,nuevo,,,\n", project=project), "deep") == {"A": "nuevo", "B": None}


def test_rules_see_the_override_and_not_what_it_replaced(tmp_path: Path) -> None:
    """A cell that does not read and a lookup that finds nothing are no errors of a value that is not used."""
    lines = "A,title,Una bota muy larga,,,f\nB,kind,dos,,,f\nC,price,5.00 EUR,,,f\n"
    folder = shop(tmp_path, lines)
    (spain, *_) = feedsync.load_project(folder, as_of=AS_OF, env={}).check(["f_es"]).feeds
    assert found(spain) == [("FS302", "error", "title", ["A"])]
    (bare, *_) = feedsync.load_project(shop(tmp_path, ""), as_of=AS_OF, env={}).check(["f_es"]).feeds
    assert found(bare) == [("FS103", "error", "price", ["C"]), ("FS202", "warning", "kind", ["B"])]


def test_a_cell_blocks_where_only_some_of_its_readers_are_overridden(tmp_path: Path) -> None:
    project = PROJECT.replace('kind: "{{ sort', 'label: "{{ price }}"\n      kind: "{{ sort')
    folder = shop(tmp_path, "C,price,5.00 EUR,,,f\n", project=project)
    assert list(values(folder, "price")) == ["A", "B"]
    folder = shop(tmp_path, "C,price,5.00 EUR,,,f\nC,label,x,,,f\n", project=project)
    assert list(values(folder, "price")) == ["A", "B", "C"]


def test_by_the_product_of_a_tables_rows(tmp_path: Path) -> None:
    project = (
        "catalog: {sources: [{path: p.csv}]}\n"
        "tables: {stores: {path: s.csv, key: [store, item], catalog_key: item}}\n"
        "feeds: {f: {channel: probe@1, rows: stores, id: \"{{ store ~ '/' ~ item }}\", "
        "market: {country: ES, language: es, currency: EUR}, attributes: {id: \"{{ store ~ '/' ~ item }}\", "
        'title: "{{ title }}"}}}\noverrides: o.csv\n'
    )
    folder = shop(tmp_path, "A,title,Botín,,,\n", project=project)
    write(folder, {"s.csv": "store,item\nM,A\nM,B\nN,A\n"})
    assert values(folder, "title", "f") == {"M/A": "Botín", "M/B": "Gorra", "N/A": "Botín"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Z,title,x,,,\nY,title,x,,,", "o.csv:2: warning: overrides name products that are not in the catalog: Z, Y "
         "(2 in all). Correct or remove their lines."),
        ("A,titel,x,,,\nA,title,x,,,\nB,titel,y,,,", 'o.csv:2: warning: no channel of these feeds has an attribute '
         '"titel"; did you mean "title"? Overrides that do not count: 2 (line 2, 4). Name an attribute of the channel.'),
        ("A,title,x,,,g", 'o.csv:2: warning: there is no feed "g". Overrides that do not count: 1 (line 2). Name a feed '
         "of feedsync.yaml, or leave it empty for all feeds."),
        ("A,title,x,,2026-02-30,", 'o.csv:2: warning: "2026-02-30" is not a day. Overrides that do not count: 1 '
         "(line 2). Write year-month-day, e.g. 2027-01-31, or leave it empty."),
        ("A,title,x,,2026-01-01,", "o.csv:2: hint: overrides that ended before 2026-11-21: 1 (line 2). Remove them, or "
         "write a later day."),
        ("A,price,9.99,,,", 'o.csv:2: warning: "9.99" does not read as price (money), so that the override does not '
         "count. Write it in its canonical form, e.g. 19.90 EUR, 2027-01-31 or true."),
        ("A,id,x,,,", "o.csv:2: warning: the id tells one product from another. Overrides that do not count: 1 (line 2). "
         "Give the feed an id template instead."),
        ("A,title,x,,,\nA,title,y,,,", "o.csv:3: warning: line 2 says something else of the same product, attribute and "
         "feed; the later one that reads counts. Keep one."),
        (",title,x,,,", "o.csv:2: warning: no product or no attribute is named. Overrides that do not count: 1 (line 2). "
         "Fill sku and attribute."),
    ],
)  # fmt: skip
def test_what_does_not_count_is_said(tmp_path: Path, line: str, message: str) -> None:
    assert notes(shop(tmp_path, line + "\n")) == [message]


def test_an_expired_line_is_no_second_one(tmp_path: Path) -> None:
    assert notes(shop(tmp_path, "A,title,x,,2026-01-01,\nA,title,y,,,\n")) == [
        "o.csv:2: hint: overrides that ended before 2026-11-21: 1 (line 2). Remove them, or write a later day."
    ]


def test_a_column_that_is_misspelt(tmp_path: Path) -> None:
    head = "sku,attribute,value,expire,who\n"
    (said,) = notes(shop(tmp_path, "A,title,x,2020-01-01,Ana\n", head=head))
    assert said == ('o.csv:1: warning: the column "expire" means nothing here; did you mean "expires"? Rename it.')


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_as_a_spreadsheet_writes_it(tmp_path: Path, mark: str, encoding: str) -> None:
    text = mark.join(("sku", "attribute", "value")) + "\r\n" + mark.join(("A", "title", "Botín")) + "\r\n"
    folder = shop(tmp_path, "")
    write(folder, {"o.csv": text.encode(encoding)})
    assert values(folder, "title") == {"A": "Botín", "B": "Gorra"}


def test_a_declared_encoding(tmp_path: Path) -> None:
    project = PROJECT.replace("overrides: o.csv", "overrides: {path: o.csv, encoding: cp1252}")
    folder = shop(tmp_path, "", project=project)
    write(folder, {"o.csv": "sku;attribute;value\nA;title;Botín\n".encode("cp1252")})
    assert values(folder, "title") == {"A": "Botín", "B": "Gorra"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sku,value\nA,x\n", 'feedsync.yaml:14:12: error: overrides: the file has no column "attribute".'),
        ("sku,attribute,value\nA,title\n", "o.csv:2: error: "),
        (None, "o.csv: error: "),
    ],
)
def test_a_file_that_does_not_read(tmp_path: Path, content: str | None, message: str) -> None:
    folder = shop(tmp_path, "")
    (folder / "o.csv").unlink()
    if content is not None:
        write(folder, {"o.csv": content})
    with pytest.raises(FeedsyncError) as raised:
        feedsync.load_project(folder, as_of=AS_OF, env={}).check()
    assert str(raised.value).startswith(message)


def test_explain_says_why(tmp_path: Path) -> None:
    folder = shop(tmp_path, "A,title,Botín,se vende mejor,,\nB,title,,,,\n")
    (feed,) = explain(Job(folder, AS_OF), "A", feed="f_es", attribute="title").feeds
    (title,) = feed.attributes
    last = title.steps[-1]
    assert (last.text, last.output, str(last.place), title.value) == (
        "override (se vende mejor)",
        "Botín",
        "o.csv:2",
        "Botín",
    )
    (feed,) = explain(Job(folder, AS_OF), "B", feed="f_es", attribute="title").feeds
    assert [(one.text, one.output) for one in feed.attributes[0].steps[-1:]] == [("override (no reason given)", None)]
    (feed,) = explain(Job(folder, AS_OF), "C", feed="f_es", attribute="title").feeds
    assert [one.text for one in feed.attributes[0].steps] == ["title"]


def test_an_export_does_not_replace_the_file(tmp_path: Path) -> None:
    project = PROJECT.replace("o.csv", "out/other.csv")
    folder = write(tmp_path, {"p.csv": PRODUCTS, "out/other.csv": HEAD, "feedsync.yaml": project, **probe(ATTRIBUTES)})
    with pytest.raises(FeedsyncError):
        export(folder, folder / "out", feeds=["other"])
    assert (folder / "out/other.csv").read_text(encoding="utf-8") == HEAD


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.dictionaries(st.sampled_from([f"P{n}" for n in range(12)]), st.sampled_from("xyz"), max_size=12))
def test_only_the_products_named_change(tmp_path: Path, chosen: dict[str, str]) -> None:
    products = "sku,title,price,sort\n" + "".join(f"P{n},t{n},1,x\n" for n in range(12))
    folder = shop(tmp_path, "".join(f"{key},title,{value},,,\n" for key, value in chosen.items()))
    write(folder, {"p.csv": products})
    assert values(folder, "title") == {f"P{n}": chosen.get(f"P{n}", f"t{n}") for n in range(12)}


# rules that say nothing any more


def test_stale_rules(tmp_path: Path) -> None:
    rules = (
        "rules:\n"
        '  FS302: {severity: "off", reason: largos, until: 2026-11-20}\n'
        "  FS103: warning\n"
        "  FS401: warning\n"
        '  FS303: {severity: "off", reason: nuevos, until: 2026-11-21}\n'
    )
    folder = shop(tmp_path, "", rules)
    assert notes(folder) == [
        "feedsync.yaml:16:3: warning: the rule for FS302 ended on 2026-11-20, and FS302 has its own level again. Remove "
        "it, or write a later day.",
        "feedsync.yaml:18:3: hint: no product meets FS401, so that this rule changes nothing. Remove it.",
    ]
    assert [one for one in notes(folder, ("other",)) if "FS401" in one] == []  # a feed that is not run may meet it
