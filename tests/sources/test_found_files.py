"""Files that a pattern finds: the newest one, or all as if they were one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from builders import export, write
from reading import whole

from feedsync.api import load_project
from feedsync.errors import FeedsyncError
from feedsync.sources.found import files_found
from feedsync.sources.open import open_source
from feedsync.specs.project import SourceSpec


def made(folder: Path, files: dict[str, tuple[str, float]]) -> None:
    """Name -> content and when it was written."""
    for name, (content, at) in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(content, encoding="utf-8")
        os.utime(folder / name, (at, at))


def message(folder: Path, **options: Any) -> str:
    with pytest.raises(FeedsyncError) as caught:
        whole(open_source(SourceSpec(**options), folder))
    return caught.value.message()


FILES = {
    "out/p-1.csv": ("sku,t\nA,x\nB,y\n", 1e9),
    "out/p-2.csv": ("sku,t\nC,z\n", 2e9),
    "out/p-3.csv": ("sku,t\nD,z\n", 2e9),
    "out/.p-4.csv": ("sku,t\nD,half", 3e9),
    "out/p-5.csv/x": ("", 3e9),
}


def test_the_newest_is_read(tmp_path: Path) -> None:
    made(tmp_path, FILES)
    source = open_source(SourceSpec(path="out/p-*.csv", pick="newest"), tmp_path)
    assert whole(source)["sku"].to_list() == ["D"]
    assert (source.name, source.declared, source.proof.modified) == ("out/p-3.csv", "out/p-*.csv", 2e9)
    assert [(one.severity, one.key, one.params) for one in source.proof.remarks] == [
        ("hint", "source_picked", (("name", "out/p-3.csv"), ("count", 3)))
    ]


def test_the_newest_is_half_written(tmp_path: Path) -> None:
    made(tmp_path, {"p-1.jsonl": ('{"sku": "A"}\n', 1e9), "p-2.jsonl": ('{"sku": "A"}\n{"sku": "B', 2e9)})
    assert message(tmp_path, path="p-*.jsonl", pick="newest").startswith("p-2.jsonl:2: error: the line ends inside")


def test_all_are_one(tmp_path: Path) -> None:
    made(tmp_path, FILES)
    source = open_source(SourceSpec(path="out/p-*.csv", pick="all"), tmp_path)
    assert whole(source).rows() == [("A", "x", 2), ("B", "y", 3), ("C", "z", 5), ("D", "z", 7)]
    proof = source.proof
    assert (source.name, proof.rows, proof.bytes, proof.modified) == ("out/p-*.csv", 4, 34, 2e9)
    assert proof.starts == ((0, "out/p-1.csv"), (3, "out/p-2.csv"), (5, "out/p-3.csv"))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("**/*.csv", ["a/b/2.csv", "a/1.csv", "0.csv"]),
        ("a/**/*.csv", ["a/b/2.csv", "a/1.csv"]),
        ("a/**/2.csv", ["a/b/2.csv"]),
        ("*/**/1.csv", ["a/1.csv"]),
        ("**/b/*.csv", ["a/b/2.csv"]),
    ],
)
def test_folders_below_and_no_links(tmp_path: Path, pattern: str, found: list[str]) -> None:
    """Two links that lead back up are an endless walk for whoever follows them."""
    made(tmp_path, dict.fromkeys(("0.csv", "a/1.csv", "a/b/2.csv", "a/.x/3.csv"), ("sku\nA\n", 1000000000.0)))
    for link in ("up", "again", "third"):
        (tmp_path / "a" / link).symlink_to("..")
    assert files_found(pattern, tmp_path) == sorted(found)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_columns_of_all(tmp_path: Path, suffix: str) -> None:
    texts = {"csv": ("a,b\n1,2\n", "b,a\n4,3\n"), "jsonl": ('{"a": 1, "b": 2}', '{"b": 4, "a": 3}')}[suffix]
    made(tmp_path, {f"{number}.{suffix}": (text, 1e9) for number, text in enumerate(texts)})
    frame = whole(open_source(SourceSpec(path=f"*.{suffix}", pick="all"), tmp_path))
    assert frame.select("a", "b").rows() == [("1", "2"), ("3", "4")]


def test_other_columns_are_an_error(tmp_path: Path) -> None:
    made(tmp_path, {"1.csv": ("a,b\n1,2\n", 1e9), "2.csv": ("a\n3\n", 1e9)})
    assert message(tmp_path, path="*.csv", pick="all") == (
        '2.csv: error: no column "b", which 1.csv has. Files that are read as one have the same header;'
        " export them alike."
    )
    made(tmp_path, {"2.csv": ("a,b,c\n3,4,5\n", 1e9)})
    assert message(tmp_path, path="*.csv", pick="all").startswith(
        '2.csv: error: a column "c", which 1.csv does not have.'
    )


def test_patterns_and_names(tmp_path: Path) -> None:
    made(tmp_path, {"a[1].csv": ("sku\nA\n", 1e9)})
    assert whole(open_source(SourceSpec(path="a[1].csv"), tmp_path)).rows() == [("A", 2)]
    assert message(tmp_path, path="b*.csv") == (
        "error: b*.csv: no file has this name; as a pattern it may find several."
        " Set pick: newest or pick: all on the source."
    )
    assert message(tmp_path, path="b.csv", pick="newest") == (
        "error: b.csv: pick chooses among the files that a pattern finds, and path is a name."
        " Remove pick, or write a pattern such as exports/*.csv in path."
    )
    for pick in ("newest", "all"):
        assert message(tmp_path, path="b*.csv", pick=pick) == (
            "b*.csv: error: no file matches. Check path of the source; it is relative to feedsync.yaml."
        )


PROJECT = """
catalog: {sources: [{path: "p-*.csv", pick: PICK, max_age_hours: 36}], currency: EUR}
feeds:
  f: {channel: google_merchant, market: {country: ES, language: es, currency: EUR}}
"""
HEADER = "sku,title,description,link,image_link,price,availability,gtin\n"
GOOD = ",T,D,https://x.es/1,https://x.es/1.jpg,1.00,in_stock,"


def project(folder: Path, pick: str) -> None:
    write(folder, {"feedsync.yaml": PROJECT.replace("PICK", pick)})
    made(
        folder,
        {
            "p-1.csv": (f"{HEADER}A{GOOD}4006381333931\nB{GOOD}1\n", 1_760_000_000),
            "p-2.csv": (f"{HEADER}C{GOOD}4006381333931\nD{GOOD}2\n", 1_770_000_000),
        },
    )


def test_findings_stand_in_the_file_and_on_its_line(tmp_path: Path) -> None:
    project(tmp_path, "all")
    details = load_project(tmp_path).check().details
    assert details.filter(code="FS307").select("id", "_source", "_row").rows() == [
        ("B", "p-1.csv", 3),
        ("D", "p-2.csv", 3),
    ]


def test_an_old_file_is_warned_of(tmp_path: Path) -> None:
    project(tmp_path, "newest")
    day = "2026-02-05"  # p-2.csv was written on 2026-02-02 at 02:40 UTC
    notes = [note.message() for note in load_project(tmp_path, as_of=day).check().notes]
    assert "p-*.csv: warning: written 93 hours ago; max_age_hours is 36. Look whether the export still runs." in notes
    assert "p-*.csv: hint: p-2.csv was read, the newest of 2 files." in notes
    fresh = [note.key for note in load_project(tmp_path, as_of="2026-02-02").check().notes]
    assert "source_stale" not in fresh


def test_the_time_of_a_file_is_no_part_of_an_export(tmp_path: Path) -> None:
    project(tmp_path, "newest")
    before = export(tmp_path, tmp_path / "out")
    os.utime(tmp_path / "p-2.csv", (1_771_000_000, 1_771_000_000))
    assert export(tmp_path, tmp_path / "again") == before
    (fact,) = load_project(tmp_path).check().sources
    assert (fact.name, fact.modified, fact.proved) == ("p-*.csv", 1_771_000_000, ())
