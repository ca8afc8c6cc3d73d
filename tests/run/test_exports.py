"""Exports: guards over the last manifest, its counts, partial exports, and old files that stay."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import MARKET, check, export, files_in, lines, probe, shop, write

import feedsync
from feedsync.errors import FeedsyncError, OutputError, Refused, UsageError
from feedsync.run import commands
from feedsync.run.commands import Job
from feedsync.run.manifest import manifest_bytes
from feedsync.run.results import SourceFact
from feedsync.version import __version__

ATTRIBUTES = lines("title: {max_characters: 9}")
FEED = 'attributes: {title: "{{ title }}"}\n'
TEN = [f"A{n},título {n}" for n in range(10)]


def products(*rows: str) -> str:
    return lines("sku,title", *rows)


def shop_of(folder: Path, rows: list[str], project: str = "", feed: str = FEED) -> Path:
    return shop(folder, products(*rows), feed, ATTRIBUTES, project)


def refused(folder: Path, rows: list[str], **options: Any) -> str:
    """The message of an export over the last one, which is proved to have replaced nothing."""
    (folder / "p.csv").write_text(products(*rows), encoding="utf-8")
    before = files_in(folder / "out")
    with pytest.raises(Refused) as error:
        export(folder, folder / "out", **options)
    assert error.value.exit_code == 3
    assert files_in(folder / "out") == before
    return str(error.value)


def test_the_manifest_says_what_was_written(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, [*TEN[:3], "B1,demasiado largo"], feed=FEED + "select: \"{{ sku != 'A0' }}\"\n")
    files = export(folder, tmp_path / "out")
    source = (tmp_path / "p.csv").read_bytes()
    assert files["f.csv"] == "id,title\nA1,título 1\nA2,título 2\n".encode()
    manifest = json.loads(files["manifest.json"])
    fingerprint = manifest["sources"][0].pop("fingerprint")
    assert len(fingerprint) == 32
    assert manifest == {
        "format_version": "1.0",
        "feedsync_version": __version__,
        "files": [
            {
                "feed": "f",
                "path": "f.csv",
                "items": 2,
                "bytes": len(files["f.csv"]),
                "sha256": hashlib.sha256(files["f.csv"]).hexdigest(),
                "channel": "probe",
                "version": "1",
            }
        ],
        "sources": [{"name": "p.csv", "rows": 4, "bytes": len(source), "complete": True}],
        "feeds": [
            {
                "feed": "f",
                "channel": "probe@1",
                "read": 4,
                "ready": 2,
                "blocked": 1,
                "excluded": 1,
                "sources": [{"name": "p.csv", "rows": 4, "bytes": len(source)}],
            }
        ],
    }


def test_an_export_again_writes_the_same(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    first = export(folder, tmp_path / "out")
    assert export(folder, tmp_path / "out") == first == export(folder, tmp_path / "other")


def test_an_export_is_held_by_shrink(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    assert refused(folder, TEN[:9]) == (
        "error: held by shrink (FS503): p.csv has 9 rows, it had 10 (more than 5 % less). Nothing was replaced. "
        f'If this is right: feedsync export -o {tmp_path / "out"} --allow shrink --reason "..."'
    )


def test_an_export_is_held_by_shrink_of_bytes(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    message = refused(folder, [f"A{n}," for n in range(10)])
    assert "p.csv has 50 bytes, it had 140 (more than 5 % less)" in message


@pytest.mark.parametrize(("percent", "kept"), [(5, 95), (50, 50), (100, 1)])
def test_shrink_within_its_limit(percent: int, kept: int, tmp_path: Path) -> None:
    rows = [f"A{n:03},x" for n in range(100)]
    folder = shop_of(tmp_path, rows, f"guards: {{shrink_percent: {percent}}}\n")
    export(folder, tmp_path / "out")
    if kept > 1:
        refused(folder, rows[: kept - 2])
    (folder / "p.csv").write_text(products(*rows[:kept]))
    assert b"A000" in export(folder, tmp_path / "out")["f.csv"]


def test_an_export_is_held_by_empty_source(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN, feed=FEED + "select: \"{{ title != 'ya no está' }}\"\n")
    export(folder, tmp_path / "out")
    assert refused(folder, [f"A{n},ya no está" for n in range(10)]) == (
        "error: f held by empty_source (FS501): it has no products left, it had 10. Nothing was replaced. "
        f'If this is right: feedsync export -o {tmp_path / "out"} --allow empty_source --reason "..."'
    )


def test_an_export_is_held_by_max_errors(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    assert refused(folder, [*TEN[:8], "A8,demasiado largo", "A9,demasiado largo"]) == (
        "error: f held by max_errors (FS509): 2 of 10 products are blocked, 0 were last time (limit 10 %). Nothing was "
        "replaced. See feedsync check f. "
        f'If this is right: feedsync export -o {tmp_path / "out"} --allow max_errors --reason "..."'
    )


LONG = "demasiado largo"


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        (0, 10, False),  # 10 % of 100 is not above 10 %
        (0, 11, True),
        (15, 15, False),  # always had them
        (15, 14, False),
        (15, 16, True),
        (1, 12, True),
    ],
)
def test_max_errors_is_of_what_is_new(before: int, after: int, held: bool, tmp_path: Path) -> None:
    def rows(blocked: int) -> list[str]:
        return [f"A{n:03},{LONG if n < blocked else 'x' * 15}" for n in range(100)]

    folder = shop(
        tmp_path, products(*rows(before)), FEED.replace("}}", "| replace('x', '') | default('y') }}"), ATTRIBUTES
    )
    export(folder, tmp_path / "out")
    (folder / "p.csv").write_text(products(*rows(after)))
    if held:
        refused(folder, rows(after))
    else:
        export(folder, tmp_path / "out")


def test_all_guards_speak_at_once_and_each_is_allowed_by_name(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    rows = [f"B,{LONG}"]
    message = refused(folder, rows)
    assert [name for name in ("empty_source", "shrink", "max_errors") if name in message] == [
        "empty_source", "shrink", "max_errors",
    ]  # fmt: skip
    assert "held by empty_source" not in refused(folder, rows, allow={"empty_source": "cerramos"})
    files = export(folder, folder / "out", allow={"empty_source": "cerramos", "shrink": "sí", "max_errors": "sí"})
    assert json.loads(files["manifest.json"])["allowed"] == [
        {"guard": "empty_source", "feed": "f", "reason": "cerramos"},
        {"guard": "shrink", "feed": "p.csv", "reason": "sí"},
        {"guard": "max_errors", "feed": "f", "reason": "sí"},
    ]
    assert files["f.csv"] == b"id,title\n"
    again = export(folder, folder / "out")
    assert "allowed" not in json.loads(again["manifest.json"])


def test_a_refused_export_is_no_baseline(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    refused(folder, TEN[:5])
    refused(folder, TEN[:5])


def test_a_first_export_is_never_held(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, [f"A,{LONG}"])
    assert export(folder, tmp_path / "out")["f.csv"] == b"id,title\n"


@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ({"shrnk": "x"}, 'error: no guard "shrnk"; did you mean "shrink"?'),
        ({"shrink": " "}, "error: --allow shrink needs a reason."),
    ],
)
def test_allowing_wrongly(allow: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        commands.export(Job(shop_of(tmp_path, TEN)), output=tmp_path / "out", allow=allow)
    assert str(error.value).startswith(message)
    assert not (tmp_path / "out").exists()


TWO = f"""\
catalog: {{sources: [{{path: p.csv}}]}}
feeds:
  a: {{channel: probe, market: {MARKET}}}
  b: {{channel: probe, market: {MARKET}, attributes: {{title: "{{{{ title }}}}"}}}}
"""


def two(folder: Path) -> Path:
    return write(folder, {"feedsync.yaml": TWO, "p.csv": products(*TEN), **probe(ATTRIBUTES)})


def test_a_partial_export_keeps_the_rest_of_the_manifest(tmp_path: Path) -> None:
    folder = two(tmp_path)
    whole = export(folder, tmp_path / "out")
    (folder / "p.csv").write_text(products(*TEN, "B,otro"))
    part = export(folder, tmp_path / "out", feeds=["b"])
    assert part["a.csv"] == whole["a.csv"]
    assert part["b.csv"] != whole["b.csv"]
    old, new = json.loads(whole["manifest.json"]), json.loads(part["manifest.json"])
    assert [one for one in new["files"] if one["feed"] == "a"] == [one for one in old["files"] if one["feed"] == "a"]
    assert [(one["feed"], one["ready"]) for one in new["feeds"]] == [("a", 10), ("b", 11)]


def test_feeds_stand_in_the_projects_order(tmp_path: Path) -> None:
    folder = two(tmp_path)
    assert list(check(folder, feeds=["b", "a"])) == ["a", "b"]
    with pytest.raises(UsageError) as error:
        check(folder, feeds=["c", "a"])
    assert str(error.value) == 'error: no feed "c". The feeds are: a, b.'


FORMATS = """\
formats:
  csv: {writer: delimited, suffix: csv}
  tsv: {writer: delimited, suffix: tsv, delimiter: "\\t"}
  json: {writer: json, suffix: json.gz, compress: gzip}
"""


@pytest.mark.parametrize(
    ("declared", "asked", "names"),
    [
        ("", [], ["f.csv"]),
        ("formats: [tsv, json]\n", [], ["f.json.gz", "f.tsv"]),
        ("formats: [tsv]\n", ["csv", "tsv"], ["f.csv", "f.tsv"]),
    ],
)
def test_formats(declared: str, asked: list[str], names: list[str], tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN, feed=FEED + declared)
    spec = folder / "channel_specs/probe/1/channel.yaml"
    text = spec.read_text()
    spec.write_text(text[: text.index("formats:")] + FORMATS)
    assert sorted(export(folder, tmp_path / "out", formats=asked)) == [*names, "manifest.json"]


def test_an_unknown_format(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    with pytest.raises(UsageError) as error:
        export(folder, tmp_path / "out", formats=["cvs"])
    assert str(error.value) == 'error: f: the channel has no format "cvs"; did you mean "csv"? Its formats are: csv.'
    with pytest.raises(FeedsyncError) as error:
        export(shop_of(tmp_path / "b", TEN, feed=FEED + "formats: [cvs]\n"), tmp_path / "out")
    assert 'did you mean "csv"?' in str(error.value)


def test_as_of_is_the_runs_date(tmp_path: Path) -> None:
    feed = 'attributes: {title: "{{ as_of | string }}"}\nselect: "{{ as_of < \'2027-01-01\' }}"\n'
    folder = shop_of(tmp_path, TEN[:1], feed=feed.replace("{title", "{kind").replace("title", "kind"))
    write(folder, probe(lines("kind: {}")))
    assert export(folder, tmp_path / "out")["f.csv"] == b"id,kind\nA0,2026-11-21\n"
    later = feedsync.load_project(folder, as_of=date(2027, 1, 1), env={}).check().feeds[0]
    assert (later.ready, later.excluded) == (0, {"select": 1})


def manifest_with(**parts: Any) -> str:
    return json.dumps({"format_version": "1.0", "files": [], "sources": [], "feeds": [], **parts})


COUNTS = {"feed": "f", "read": 1, "ready": 1, "blocked": 0}


@pytest.mark.parametrize(
    "damage",
    [
        "", "{", "[]", "null", "7", '"x"', "\xff", "\0", "[" * 100_000, '{"a":' * 100_000, '{"format_version": "1.0"}',
        manifest_with(sources=[{}], feeds=[{}]),
        manifest_with(format_version=1),
        manifest_with(format_version="1.0\n\x1b[2J"),
        manifest_with(format_version="x" * 10_000_000),
        manifest_with(files=7),
        manifest_with(files={"feed": "f"}),
        manifest_with(files=["f"]),
        manifest_with(files=[{"feed": "f", "path": ["f.csv"]}]),
        manifest_with(files=[{"feed": "f", "path": "\ud800"}]),
        manifest_with(files=[{"feed": "f", "path": "f.csv", "items": "7"}]),
        manifest_with(sources=[{"name": "p.csv", "rows": 1.0, "bytes": 1}]),
        manifest_with(sources=[{"name": "p.csv", "rows": True, "bytes": 1}]),
        manifest_with(sources=[{"name": "p.csv", "rows": -1, "bytes": 1}]),
        manifest_with(sources=[{"name": "p.csv", "rows": float("nan"), "bytes": 1}]),
        manifest_with(feeds=[{**COUNTS, "blocked": 10**400}]),
        manifest_with(feeds=[{**COUNTS, "blocked": 10**20}]),
        manifest_with(feeds=[{**COUNTS, "sources": {}}]),
        manifest_with(feeds=[{**COUNTS, "sources": [7]}]),
        manifest_with(feeds=[{**COUNTS, "sources": [{"name": "p.csv", "rows": None}]}]),
        '{"format_version": "1.0", "files": [], "sources": [], "feeds": [{"feed": "f", "read": ' + "9" * 5000 + "}]}",
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_read_is_no_first_export(damage: str, tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    (tmp_path / "out" / "manifest.json").write_text(damage, encoding="latin-1")
    before = files_in(tmp_path / "out")
    with pytest.raises(OutputError) as error:
        export(folder, tmp_path / "out")
    assert error.value.key == "manifest_damaged"
    assert str(error.value).startswith(f"{tmp_path}/out/manifest.json: error: ")
    assert len(str(error.value)) < 1000
    assert files_in(tmp_path / "out") == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "huge"])
def test_a_manifest_that_is_no_file_of_text(kind: str, tmp_path: Path) -> None:
    folder, path = shop_of(tmp_path, TEN), tmp_path / "out" / "manifest.json"
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(10 << 30)
    with pytest.raises(OutputError) as error:
        export(folder, tmp_path / "out")
    assert error.value.key == "manifest_damaged"


def test_what_another_hand_wrote_into_the_manifest_goes(tmp_path: Path) -> None:
    """A nest that can just be read could not be written again; names of files that cannot be are not looked for."""
    folder, path = two(tmp_path), tmp_path / "out" / "manifest.json"
    first = export(folder, tmp_path / "out")
    manifest = json.loads(path.read_text())
    nest: list[Any] = []
    for _ in range(400):
        nest = [nest]
    manifest["files"][0]["nest"] = nest
    manifest["files"] += [{"feed": "b", "path": path} for path in ("\0", "x" * 5000, "../../p.csv", "/")]
    path.write_text(json.dumps(manifest))
    assert export(folder, tmp_path / "out", feeds=["b"]) == first


def test_a_manifest_of_a_later_format(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, TEN)
    export(folder, tmp_path / "out")
    path = tmp_path / "out" / "manifest.json"
    path.write_text(path.read_text().replace('"format_version": "1.0"', '"format_version": "2.0"'))
    with pytest.raises(OutputError) as error:
        export(folder, tmp_path / "out")
    assert "the manifest is of format 2.0" in str(error.value)


def test_results_are_typed(tmp_path: Path) -> None:
    result = feedsync.load_project(shop_of(tmp_path, TEN), env={}).export(output=tmp_path / "out")
    assert (result.ok, result.folder, [file.path for file in result.files]) == (True, str(tmp_path / "out"), ["f.csv"])


@pytest.mark.parametrize("name", ["p", "q"])
def test_an_export_never_replaces_what_the_project_reads(name: str, tmp_path: Path) -> None:
    """A feed called like the catalog, exported beside it, would be the end of the catalog."""
    folder = shop_of(tmp_path, TEN)
    text = (folder / "feedsync.yaml").read_text().replace("  f:", f"  {name}:")
    (folder / "feedsync.yaml").write_text(text)
    before = (folder / "p.csv").read_bytes()
    if name == "p":
        with pytest.raises(OutputError) as met:
            feedsync.load_project(folder).export(output=folder)
        assert "the export would write over p.csv, which the project reads" in met.value.message()
    else:
        feedsync.load_project(folder).export(output=folder)
    assert (folder / "p.csv").read_bytes() == before


def test_a_feed_called_manifest_does_not_replace_the_manifest(tmp_path: Path) -> None:
    market = "{country: ES, language: es, currency: EUR}"
    (tmp_path / "p.csv").write_text(products(*TEN))
    feed = f"{{channel: generic_marketplace@2026-11, formats: [json], market: {market}}}"
    (tmp_path / "feedsync.yaml").write_text(f"catalog: {{sources: [{{path: p.csv}}]}}\nfeeds: {{manifest: {feed}}}\n")
    with pytest.raises(OutputError) as met:
        feedsync.load_project(tmp_path).export(output=tmp_path / "out")
    assert "two files of this export would have this name" in met.value.message()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_partial_export_keeps_what_the_manifest_knows_of_other_sources() -> None:
    """Without it, the shrink guard would have nothing to compare another feed's source with."""
    other = {"name": "tiendas.csv", "rows": 9, "bytes": 90, "fingerprint": "f", "complete": True}
    last = {"files": [], "feeds": [], "sources": [other, {**other, "name": "p.csv"}]}
    now = SourceFact("p.csv", 5, 50, "g", True)
    written = json.loads(manifest_bytes(last, [], [now], [], {}, []))
    assert [(one["name"], one["rows"]) for one in written["sources"]] == [("p.csv", 5), ("tiendas.csv", 9)]


def test_a_first_export_without_a_product_warns(tmp_path: Path) -> None:
    for rows, told in ((["B1,demasiado largo"], ["export_empty"]), (TEN[:1], [])):
        folder = shop_of(tmp_path / f"s{len(told)}", rows)
        project = feedsync.load_project(folder, as_of=date(2026, 11, 21), env={})
        result = project.export(output=folder / "out")
        assert [note.key for note in result.notes if note.key.startswith("export_")] == told
