"""What a program passes wrongly: a TypeError or ValueError that names the parameter, never an error from deep inside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from cli_project import BAD, PROJECT, shop

import feedsync

FRAME_PROJECT = PROJECT.replace("path: products.csv", "name: products, frame: true")
ROWS = {"sku": ["A-1"], "title": ["Bota"], "price": ["10"]}
Call = Callable[[Any], object]  # Any: a project that is called wrongly on purpose


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: p.check(7), TypeError, "feeds takes a text or a list of texts, and this is of type int."),
        (lambda p: p.check(None), TypeError, "feeds takes a text or a list of texts, and this is of type NoneType."),
        (lambda p: p.check([b"shop"]), TypeError, "feeds takes a text, and this is of type bytes."),
        (lambda p: p.check(skus=[7]), TypeError, "skus takes a text, and this is of type int."),
        (
            lambda p: p.check(skus={"A-1": 1}),
            TypeError,
            "skus takes a text or a list of texts, and this is of type dict.",
        ),
        (lambda p: p.check(skus="\udcff"), ValueError, "skus holds a text that is no Unicode: '\\udcff'."),
        (lambda p: p.check(where=True), TypeError, "where takes a text, and this is of type bool."),
        (lambda p: p.check(fail_on="x"), ValueError, "fail_on takes one of error, warning, hint, and this is 'x'."),
        (lambda p: p.check(fail_on=["error"]), ValueError, "fail_on takes one of error, warning, hint, "),
        (
            lambda p: p.export(output=None),
            TypeError,
            "output takes a path (a text or pathlib.Path), and this is of type",
        ),
        (lambda p: p.export(output=b"out"), TypeError, "output takes a path (a text or pathlib.Path), and this is of"),
        (lambda p: p.export(output=""), ValueError, "output takes a path, and '' is none."),
        (lambda p: p.export(output="a\0b"), ValueError, "output takes a path, and 'a\\x00b' is none."),
        (lambda p: p.export(output="o", formats=[1]), TypeError, "formats takes a text, and this is of type int."),
        (lambda p: p.export(output="o", allow=["shrink"]), TypeError, "allow takes a mapping with texts as its keys"),
        (lambda p: p.export(output="o", allow={"shrink": None}), TypeError, "allow takes a text, and this is of type"),
        (
            lambda p: p.export(output="o", allow={"shrink": " "}),
            ValueError,
            'for each guard, and that of "shrink" is blank.',
        ),
        (lambda p: p.preview(["shop"]), TypeError, "feed takes a text, and this is of type list."),
        (lambda p: p.preview("shop", limit="3"), TypeError, "limit takes a whole number, and this is of type str."),
        (lambda p: p.preview("shop", limit=True), TypeError, "limit takes a whole number, and this is of type bool."),
        (lambda p: p.preview("shop", limit=0), ValueError, "limit takes 1 or more, and this is 0."),
        (lambda p: p.explain(7), TypeError, "key takes a text, and this is of type int."),
        (lambda p: p.explain("A-1", feed=7), TypeError, "feed takes a text, and this is of type int."),
        (lambda p: p.explain("A-1", attribute=7), TypeError, "attribute takes a text, and this is of type int."),
        (lambda p: p.with_sources([1]), TypeError, "sources takes a mapping with texts as its keys, e.g. a dict, and"),
        (lambda p: p.with_sources({"x": 1}), ValueError, 'sources has a frame "x", and the project declares no source'),
    ],
)
def test_calls(tmp_path: Path, call: Call, error: type[Exception], message: str) -> None:
    project = feedsync.load_project(shop(tmp_path))
    with pytest.raises(error) as raised:
        call(project)
    assert message in str(raised.value)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"as_of": "21.11.2026"}, ValueError, "as_of takes a day as YYYY-MM-DD, and this is '21.11.2026'."),
        ({"as_of": datetime(2026, 11, 21, tzinfo=UTC)}, TypeError, "as_of takes a day (a datetime.date or YYYY-MM-DD)"),
        ({"as_of": 20261121}, TypeError, "as_of takes a day (a datetime.date or YYYY-MM-DD), and this is of type int."),
        (
            {"env": ["A=1"]},
            TypeError,
            "env takes a mapping with texts as its keys, e.g. a dict, and this is of type list.",
        ),
        ({"progress": 1}, TypeError, "progress takes a function, and this is of type int."),
        ({"sources": pd.DataFrame(ROWS)}, TypeError, "sources takes a mapping with texts as its keys, e.g. a dict"),
        ({"sources": {1: pd.DataFrame(ROWS)}}, TypeError, "sources takes a text, and this is of type int."),
        ({"sources": {"prodcts": 1}}, ValueError, 'sources has a frame "prodcts"'),
    ],
)
def test_loading(tmp_path: Path, arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        feedsync.load_project(shop(tmp_path), **arguments)
    assert message in str(raised.value)


@pytest.mark.parametrize("path", [None, 7, b"."])
def test_a_path_is_a_path(path: Any) -> None:
    with pytest.raises(TypeError, match=r"^path takes a path \(a text or pathlib\.Path\), and this is of type "):
        feedsync.load_project(path)


def test_one_text_is_one_value(tmp_path: Path) -> None:
    project = feedsync.load_project(shop(tmp_path, BAD))
    assert [feed.feed for feed in project.check("shop").feeds] == ["shop"]
    with pytest.raises(feedsync.FeedsyncError, match='no feed "sh"'):
        project.check("sh")
    assert project.check(skus="A-2").feeds[0].read == 1
    assert [file.path for file in project.export("shop", output=tmp_path / "out", formats="tsv").files] == ["shop.tsv"]


@pytest.mark.parametrize(
    "skus", [("A-1", "A-2"), {"A-1", "A-2"}, pd.Series(["A-1", "A-2"]), pl.Series(["A-1", "A-2"]), iter(["A-1", "A-2"])]
)
def test_skus_come_as_any_list(tmp_path: Path, skus: Any) -> None:
    assert feedsync.load_project(shop(tmp_path)).check(skus=skus).feeds[0].read == 2


@pytest.mark.parametrize("day", [date(2026, 2, 28), "2026-02-28"])
def test_as_of_is_a_date_or_its_text(tmp_path: Path, day: date | str) -> None:
    shop(tmp_path, project=PROJECT.replace('"{{ title }}"', '"{{ as_of | string }}"'))
    assert feedsync.load_project(tmp_path, as_of=day).preview("shop").to_polars()["title"][0] == "2026-02-28"


def test_frames_are_known_by_name(tmp_path: Path) -> None:
    shop(tmp_path, project=FRAME_PROJECT)
    project = feedsync.load_project(tmp_path, {"products": pl.DataFrame(ROWS)})
    assert project.frames == ("products",)
    with pytest.raises(feedsync.FeedsyncError, match="products: a list is no DataFrame"):
        project.with_sources({"products": [ROWS]}).check()
    with pytest.raises(feedsync.FeedsyncError, match='no frame "products" was given'):
        feedsync.load_project(tmp_path).check()


def test_a_preview_knows_whether_there_is_more(tmp_path: Path) -> None:
    project = feedsync.load_project(shop(tmp_path))
    assert [project.preview("shop", limit=limit).more for limit in (1, 2, 3)] == [True, False, False]
