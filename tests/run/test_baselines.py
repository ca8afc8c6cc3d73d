"""What the guard `shrink` compares with: for each feed, the last export of that feed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import MARKET, export, files_in, lines, probe, write

from feedsync.errors import ManyErrors, Refused

ATTRIBUTES = lines("title: {}", "stock: {type: integer}")
CHANNEL = f"channel: probe, market: {MARKET}"
PROJECT = f"""\
catalog:
  key: sku
  sources: [{{path: p.csv}}, {{path: stock.csv, join: sku}}]
tables:
  stores: {{path: stores.csv, key: [store, sku], catalog_key: sku}}
feeds:
  a: {{{CHANNEL}}}
  b: {{{CHANNEL}, attributes: {{title: "{{{{ title }}}}"}}}}
  s:
    {CHANNEL.replace(", market", chr(10) + "    market")}
    rows: stores
    id: "{{{{ store ~ '/' ~ sku }}}}"
"""
SHRINK = {"shrink": "so it is"}


def products(count: int, title: str = "x") -> str:
    return lines("sku,title", *(f"A{n:03},{title}" for n in range(count)))


def stock(count: int) -> str:
    return lines("sku,stock", *(f"A{n:03},1" for n in range(count)))


def stores(count: int) -> str:
    return lines("store,sku", *(f"M1,A{n:03}" for n in range(count)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hundred rows everywhere, exported once."""
    files = {"p.csv": products(100), "stock.csv": stock(100), "stores.csv": stores(100), "feedsync.yaml": PROJECT}
    channel = probe(ATTRIBUTES)
    write(tmp_path, {**files, **channel})
    export(tmp_path, tmp_path / "out")
    return tmp_path


def held(folder: Path, **options: Any) -> list[tuple[str, str, str, str]]:
    """(subject, what, before, now) of every guard that holds; nothing is replaced."""
    before = files_in(folder / "out")
    with pytest.raises(Refused) as met:
        export(folder, folder / "out", **options)
    assert files_in(folder / "out") == before
    errors = met.value.errors if isinstance(met.value, ManyErrors) else [met.value]
    assert {error.key for error in errors} == {"guard_shrink"}
    names = ("feed", "what", "before", "now")
    return sorted(tuple(str(error.params[name]) for name in names) for error in errors)  # type: ignore[misc]  four


def test_the_source_is_named_and_not_each_of_its_feeds(folder: Path) -> None:
    (folder / "p.csv").write_text(products(94))
    (folder / "stores.csv").write_text(stores(50))
    assert held(folder) == [("p.csv", "rows", "100", "94"), ("stores.csv", "rows", "100", "50")]


@pytest.mark.parametrize(
    ("source", "content", "first", "other"),
    [
        ("p.csv", products(50), "a", "b"),
        ("p.csv", products(50), "b", "a"),
        ("stock.csv", stock(50), "a", "b"),
        ("stock.csv", stock(50), "b", "a"),
        ("stores.csv", stores(50), "s", "a"),
    ],
)
def test_one_feed_that_was_allowed_is_no_baseline_for_the_others(
    folder: Path, source: str, content: str, first: str, other: str
) -> None:
    (folder / source).write_text(content)
    export(folder, folder / "out", feeds=[first], allow=SHRINK)
    export(folder, folder / "out", feeds=[first])
    if first == "s":  # the others are not made of stores.csv
        export(folder, folder / "out")
    else:
        assert held(folder, feeds=["a", "b"]) == held(folder, feeds=[other]) == [(source, "rows", "100", "50")]
        export(folder, folder / "out", feeds=[other], allow=SHRINK)
        export(folder, folder / "out", feeds=["a", "b"])


def test_a_source_with_another_name_is_seen_by_its_feeds(folder: Path) -> None:
    (folder / "new.csv").write_text(products(50))
    (folder / "feedsync.yaml").write_text(PROJECT.replace("path: p.csv", "path: new.csv"))
    assert held(folder, feeds=["a", "b"]) == [("a", "rows", "100", "50"), ("b", "rows", "100", "50")]


def test_a_feed_under_another_name_is_compared_by_its_sources(folder: Path) -> None:
    (folder / "feedsync.yaml").write_text(PROJECT.replace("\n  a:", "\n  c:"))
    (folder / "p.csv").write_text(products(50))
    assert held(folder, feeds=["c"]) == [("p.csv", "rows", "100", "50")]


@pytest.mark.parametrize(
    ("excluded", "is_held"),
    [(20, False), (21, True), (99, True)],
)
def test_exclusions_that_take_more_than_last_time(folder: Path, excluded: int, is_held: bool) -> None:
    select = f"select: \"{{{{ sku >= 'A{excluded:03}' }}}}\""
    (folder / "feedsync.yaml").write_text(PROJECT.replace("  a: {", f"  a: {{{select}, "))
    if is_held:
        assert held(folder) == [("a", "products", "100", str(100 - excluded))]
        export(folder, folder / "out", allow=SHRINK)
    export(folder, folder / "out")


@pytest.mark.parametrize(("excluded", "is_held"), [(50, False), (51, True)])
def test_exclusions_within_the_share_are_no_news(folder: Path, excluded: int, is_held: bool) -> None:
    (folder / "p.csv").write_text(products(1000))
    export(folder, folder / "out")
    select = f"select: \"{{{{ sku >= 'A{excluded:03}' }}}}\""
    (folder / "feedsync.yaml").write_text(PROJECT.replace("  a: {", f"  a: {{{select}, "))
    if is_held:
        assert held(folder) == [("a", "products", "1000", "949")]
    else:
        export(folder, folder / "out")


def test_blocked_products_are_not_gone(folder: Path) -> None:
    """They are max_errors' business: below its limit nothing holds."""
    write(folder, probe(lines("title: {max_characters: 3}", "stock: {type: integer}")))
    rows = products(100).replace("A001,x", "A001,xxxx")
    for n in range(2, 9):
        rows = rows.replace(f"A00{n},x", f"A00{n},xxxx")
    (folder / "p.csv").write_text(rows)
    export(folder, folder / "out")


def test_a_manifest_without_sources_of_feeds_still_guards(folder: Path) -> None:
    path = folder / "out" / "manifest.json"
    manifest = json.loads(path.read_text())
    for feed in manifest["feeds"]:
        del feed["sources"]
    path.write_text(json.dumps(manifest))
    (folder / "stock.csv").write_text(stock(50))
    assert held(folder) == [("stock.csv", "rows", "100", "50")]


def test_the_message_of_exclusions(folder: Path) -> None:
    (folder / "feedsync.yaml").write_text(PROJECT.replace("  a: {", "  a: {select: \"{{ sku == 'A000' }}\", "))
    with pytest.raises(Refused) as met:
        export(folder, folder / "out", feeds=["a"])
    assert str(met.value) == (
        "error: held by shrink (FS503): a has 1 products, it had 100 (more than 5 % less). Nothing was replaced. "
        f'If this is right: feedsync export a -o {folder}/out --allow shrink --reason "..."'
    )
