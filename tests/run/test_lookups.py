"""Lookup tables end to end: inline and in files as they come, and what a run says of their keys."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from feedsync.cli.app import app
from feedsync.errors import FeedsyncError
from feedsync.run.commands import Job, check, preview
from feedsync.run.results import LookupResult

MARKET = {"country": "ES", "language": "es", "currency": "EUR"}
CHANNEL = {
    "title": "Probe",
    "docs": "https://channel.example",
    "not_shown": {"en": "not in the shop"},
    "delete_mode": "absence",
    "write_mode": "replace",
    "formats": {"csv": {"writer": "delimited", "suffix": "csv"}},
}
ATTRIBUTES: dict[str, Any] = {"id": {"required": True}, "category": {}, "tax": {}, "again": {}}
PRODUCTS = (
    "sku,cat,tax,status\n"
    "A,Ropa > Chaquetas > Lluvia,general,on\n"
    "B,Ropa,reducido,on\n"
    "C,Zapatos,general,on\n"
    "D,Zapatos,nada,off\n"
    "E,Bolsos,,on\n"
)


def shop(folder: Path, lookups: dict[str, Any], *feeds: dict[str, Any], **catalog: Any) -> Path:
    """A project over a made-up channel; a feed is its attributes and other keys."""
    specs = folder / "channel_specs" / "probe" / "1"
    specs.mkdir(parents=True)
    for file, content in (("channel", CHANNEL), ("attributes", ATTRIBUTES), ("mapping", {"id": "{{ sku }}"})):
        (specs / f"{file}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    named = {f"f{number}": {"channel": "probe@1", "market": MARKET, **feed} for number, feed in enumerate(feeds)}
    project = {"catalog": {"sources": [{"path": "p.csv"}], **catalog}, "lookups": lookups, "feeds": named}
    (folder / "feedsync.yaml").write_text(yaml.safe_dump(project, sort_keys=False, width=1000), encoding="utf-8")
    (folder / "p.csv").write_text(PRODUCTS, encoding="utf-8")
    return folder


def mapped(folder: Path, attribute: str) -> list[str | None]:
    return list(preview(Job(folder), "f0").frame[attribute])


PATHS = {"key": "from", "value": "to", "match": "prefix"}


@pytest.mark.parametrize(
    ("lookup", "template", "gives"),
    [
        ({"general": 21, "reducido": 10}, "{{ tax | lookup('t') }}", ["21", "10", "21", None, None]),
        (
            {"key": ["tax", "status"], "value": "v", "rows": [{"tax": "general", "status": "on", "v": 21}]},
            "{{ tax | lookup('t', status) }}",
            ["21", None, "21", None, None],
        ),
        (
            {**PATHS, "rows": [{"from": "Ropa", "to": 166}, {"from": "Ropa>Chaquetas", "to": 5598}]},
            "{{ cat | lookup('t') }}",
            ["5598", "166", None, None, None],
        ),
        (
            {**PATHS, "rows": [{"from": "Ropa", "to": 166}]},
            "{{ cat | lookup('t', default='0') }}",
            ["166", "166", "0", "0", "0"],
        ),
    ],
)  # fmt: skip
def test_tables_in_feedsync_yaml(
    lookup: dict[str, Any], template: str, gives: list[str | None], tmp_path: Path
) -> None:
    folder = shop(tmp_path, {"t": lookup}, {"attributes": {"category": template}})
    assert mapped(folder, "category") == gives


@pytest.mark.parametrize(
    ("file", "content", "options"),
    [
        ("t.csv", b"from,to\nBolsos,1\n", {}),
        ("t.csv", b"from;to\nBolsos;1\n", {}),
        ("t.csv", b"note;from;to\na,b;Bolsos;1\n", {}),
        ("t.csv", b'"from"\t"to"\nBolsos\t1\n', {}),
        ("t.txt", b"from|to\nBolsos|1\n", {}),
        ("t.tsv", b"from\tto\nBolsos\t1\n", {}),
        ("t.csv", b"\xef\xbb\xbffrom;to\nBolsos;1\n", {}),
        ("t.csv", "from;to\nBolsos;1\n".encode("utf-16"), {}),
        ("t.csv", "from;to;año\nBolsos;1;2\n".encode("cp1252"), {"encoding": "cp1252"}),
        ("t.csv.gz", gzip.compress(b"from;to\nBolsos;1\n", mtime=0), {}),
        ("t.csv", b"from:to\nBolsos:1\n", {"delimiter": ":"}),
        ("t.jsonl", b'{"from": "Bolsos", "to": "1"}\n', {}),
    ],
)
def test_files_as_they_come(file: str, content: bytes, options: dict[str, str], tmp_path: Path) -> None:
    lookup = {"path": file, "key": "from", "value": "to", **options}
    folder = shop(tmp_path, {"t": lookup}, {"attributes": {"category": "{{ cat | lookup('t', default='-') }}"}})
    (folder / file).write_bytes(content)
    assert mapped(folder, "category") == ["-", "-", "-", "-", "1"]


@pytest.mark.parametrize(
    ("lookup", "message"),
    [
        (
            {"path": "t.csv", "key": "from", "value": "ot"},
            'feedsync.yaml:5:3: error: lookups.t: the file has no column "ot". Its columns are: from, to.',
        ),
        (
            {"path": "t.csv", "key": "from", "value": "to", "match": "prefix"},
            't.csv:3: error: lookups.t: the key "A > B" has another value in line 2. Keep one of them.',
        ),
        (
            {"key": "from", "value": "to", "rows": [{"from": "a", "to": 1}, {"from": "a ", "to": 2}]},
            'feedsync.yaml:5:3: error: lookups.t: row 2 gives the key "a" another value than row 1. Keep one of them.',
        ),
        (
            {"key": "from", "value": "to", "rows": [{"from": "a"}]},
            'feedsync.yaml:9:5: error: lookups.t.rows: row 1 lacks "to". Every row has the columns of key and value.',
        ),
        (
            {"key": ["from", "b"], "value": "to", "path": "t.csv", "match": "prefix"},
            "feedsync.yaml:7:5: error: lookups.t.key: match: prefix needs one key. Name the one column that holds the path.",
        ),
        (
            {"key": "from", "value": "to", "path": "t.csv", "rows": [{"from": "a", "to": 1}]},
            "feedsync.yaml:6:5: error: lookups.t: a lookup has either a path or rows. Keep one of them.",
        ),
    ],
)
def test_mistakes_in_tables(lookup: dict[str, Any], message: str, tmp_path: Path) -> None:
    folder = shop(tmp_path, {"t": lookup}, {"attributes": {"category": "{{ cat | lookup('t') }}"}})
    (folder / "t.csv").write_text("from;to\nA>B;1\nA > B;2\n")
    with pytest.raises(FeedsyncError) as met:
        check(Job(folder))
    assert str(met.value) == message


CATEGORIES = {
    **PATHS,
    "rows": [{"from": "Ropa", "to": 166}, {"from": "Ropa > Chaquetas", "to": 1}, {"from": "Rpoa", "to": 2}],
}
VAT = {"general": 21, "reducido": 10, "superreducido": 4}
BOTH = {"categories": CATEGORIES, "vat": VAT}
ASKING = {
    "attributes": {
        "category": "{{ cat | lookup('categories', default='0') }}",
        "tax": "{{ tax | lookup('vat') }}",
        "again": "{{ item.category | lookup('vat') }}",
    },
}


def test_unmatched_values_and_unused_keys_are_counted(tmp_path: Path) -> None:
    """Of two feeds over the same products a product counts once; levels beyond the first count too."""
    folder = shop(tmp_path, BOTH, ASKING, {**ASKING, "select": "{{ status == 'on' }}"})
    result = check(Job(folder))
    assert result.lookups == [
        LookupResult("categories", 3, 2, 3, (("Zapatos", 2), ("Bolsos", 1)), ("Rpoa",)),
        LookupResult("vat", 3, 4, 5, (("0", 3), ("1", 1), ("166", 1), ("nada", 1)), ("superreducido",)),
    ]
    assert [note.message() for note in result.notes if "lookup" in note.key] == [
        "feedsync.yaml:5:3: hint: values that categories does not have: 2 (in products: 3), first of all Zapatos (2), "
        "Bolsos (1). Add those that matter; for the others a default does.",
        "feedsync.yaml:5:3: hint: keys of categories that no product asks for: 1 of 3, such as Rpoa. "
        "Correct those that are mistyped; the others do no harm.",
        "feedsync.yaml:16:3: hint: values that vat does not have: 4 (in products: 5), first of all 0 (3), 1 (1), 166 (1), "
        "nada (1). Add those that matter; for the others a default does.",
        "feedsync.yaml:16:3: hint: keys of vat that no product asks for: 1 of 3, such as superreducido. "
        "Correct those that are mistyped; the others do no harm.",
    ]


@pytest.mark.parametrize(
    ("feed", "catalog", "unused"),
    [
        ({"attributes": {"tax": "{{ tax | lookup('vat', default='') }}"}}, {}, ("superreducido",)),
        # what a path does not reach is not asked for
        ({"attributes": {"tax": "{{ tax | lookup('vat') if status == 'off' }}"}}, {}, ("general", "reducido", "superreducido")),
        # keys that only excluded rows have are used
        ({"exclude": [{"when": "{{ tax | lookup('vat') == '10' }}", "reason": "r"}]}, {}, ("superreducido",)),
        ({"select": "{{ (tax | lookup('vat') | default('')) != '10' }}"}, {}, ("superreducido",)),
        ({"attributes": {"tax": "{{ percent }}"}}, {"fields": {"percent": {"template": "{{ tax | lookup('vat') }}"}}}, ("superreducido",)),
        ({"id": "{{ sku ~ (tax | lookup('vat', default='x')) }}"}, {}, ("superreducido",)),
        ({"attributes": {"tax": "{{ tax | html_to_text | lookup('vat', default='x') }}"}}, {}, ("superreducido",)),
        # a table written in the template is another one, whatever its name
        ({"attributes": {"tax": "{{ tax | lookup({'general': '1'}) }}"}}, {}, None),
    ],
)  # fmt: skip
def test_where_a_table_may_be_asked(
    feed: dict[str, Any], catalog: dict[str, Any], unused: tuple[str, ...] | None, tmp_path: Path
) -> None:
    (result,) = check(Job(shop(tmp_path, {"vat": VAT, "lookup": {"x": 1}}, feed, **catalog))).lookups or [None]
    assert (result and result.unused) == unused


def test_a_selection_says_nothing_of_unused_keys(tmp_path: Path) -> None:
    folder = shop(tmp_path, BOTH, ASKING)
    assert [one.unused for one in check(Job(folder), skus=["A"]).lookups] == [(), ()]


def test_keys_of_one_table_that_differ_in_blanks(tmp_path: Path) -> None:
    """Two keys that are one when their blanks are gone: the price of one of them would be wrong."""
    folder = shop(
        tmp_path, {"vat": {"general": 21, "general ": 4}}, {"attributes": {"tax": "{{ tax | lookup('vat') }}"}}
    )
    with pytest.raises(FeedsyncError) as raised:
        check(Job(folder))
    assert raised.value.message() == (
        'feedsync.yaml:7:5: error: lookups.vat: the key "general" has another value in line 6. Keep one of them.'
    )
    folder.joinpath("feedsync.yaml").write_text(
        folder.joinpath("feedsync.yaml").read_text("utf-8").replace("general ': 4", "general ': 21"), "utf-8"
    )
    assert check(Job(folder)).feeds


def test_some_of_the_feeds_say_nothing_of_unused_keys(tmp_path: Path) -> None:
    """The feed that is not run may ask for them."""
    folder = shop(tmp_path, BOTH, ASKING, ASKING)
    first = check(Job(folder)).feeds[0].feed
    assert [one.unused for one in check(Job(folder), [first]).lookups] == [(), ()]


def test_any_batch_size_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedsync.run import asked, staged

    folder = shop(tmp_path, BOTH, ASKING)
    monkeypatch.setattr(asked, "KEPT", 1)
    whole = check(Job(folder)).lookups
    assert (whole[0].top, whole[0].unmatched_values, whole[0].unmatched_rows, whole[0].more) == (
        (("Zapatos", 2),),
        1,
        3,
        True,
    )
    assert staged.BATCH_ROWS > 2
    monkeypatch.setattr(staged, "BATCH_ROWS", 2)
    assert check(Job(folder)).lookups == whole


def test_json_has_the_counts(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["-C", str(shop(tmp_path, BOTH, ASKING)), "check", "--format", "json"])
    assert json.loads(said.stdout)["lookups"][0] == {
        "lookup": "categories",
        "keys": 3,
        "unmatched": {
            "values": 2,
            "rows": 3,
            "more": False,
            "top": [{"value": "Zapatos", "rows": 2}, {"value": "Bolsos", "rows": 1}],
        },
        "unused": {"count": 1, "keys": ["Rpoa"]},
    }
