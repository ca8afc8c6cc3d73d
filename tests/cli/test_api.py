"""The Python API: typed results, no printing, no exit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from cli_project import BAD, PROJECT, shop

import feedsync

FRAME_PROJECT = PROJECT.replace("path: products.csv", "name: products, frame: true")


def test_check_export_preview_explain(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    project = feedsync.load_project(shop(tmp_path, BAD))
    assert project.feeds == ("shop",)
    checked = project.check()
    assert (checked.ok, checked.feeds[0].read, checked.feeds[0].blocked) == (False, 3, 1)
    assert checked.to_polars().select("code", "severity", "feed", "id", "attribute", "value", "_row").rows() == [
        ("FS302", "error", "shop", "A-2", "title", "Gorra de lana gruesa", 3)
    ]
    exported = project.export(output=tmp_path / "out")
    assert [(file.path, file.items) for file in exported.files] == [("shop.csv", 1)]
    previewed = project.preview("shop", limit=1)
    assert previewed.to_polars()["price"].to_list() == ["10.00 EUR"]
    explained = project.explain("A-2", feed="shop", attribute="price")
    assert explained.to_polars().rows() == [("shop", "blocked", None, "price", "12.50 EUR")]
    assert project.explain("A-3").to_polars().rows() == [("shop", "excluded", "select", None, None)]
    assert capfd.readouterr() == ("", "")


def test_to_pandas_keeps_text_text_and_missing_missing(tmp_path: Path) -> None:
    project = feedsync.load_project(shop(tmp_path, "sku,title,price\n007,Bota,10\n1e3,NA,\n"))
    frame = project.preview("shop").to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["id"].tolist() == ["007", "1e3"]
    assert frame["title"].tolist() == ["Bota", "NA"]
    assert frame["price"].isna().tolist() == [False, True]
    assert (str(frame["_row"].dtype), str(frame["_blocked"].dtype)) == ("UInt64", "boolean")
    assert project.check().to_pandas().empty
    assert project.explain("007").to_pandas()["feed"].unique().tolist() == ["shop"]


@pytest.mark.parametrize("frame", [pl.DataFrame, pd.DataFrame])
def test_a_frame_is_a_source(tmp_path: Path, frame: type) -> None:
    rows = frame({"sku": ["A-1", "A-2"], "title": ["Bota", "Gorra"], "price": ["10", "12.50"]})
    project = feedsync.load_project(shop(tmp_path, project=FRAME_PROJECT), {"products": rows}, as_of=date(2026, 11, 21))
    assert project.check().feeds[0].ready == 2
    other = project.with_sources({"products": frame({"sku": ["B-1"], "title": ["Bota"], "price": ["1"]})})
    assert [other.check().feeds[0].read, project.check().feeds[0].read] == [1, 2]


def test_errors_are_exceptions(tmp_path: Path) -> None:
    with pytest.raises(feedsync.FeedsyncError, match=r"feedsync\.yaml"):
        feedsync.load_project(tmp_path)
    with pytest.raises(feedsync.FeedsyncError, match='no feed "x"'):
        feedsync.load_project(shop(tmp_path)).check(["x"])


def test_public_names() -> None:
    assert [name for name in feedsync.__all__ if not hasattr(feedsync, name)] == []
    assert dir(feedsync) == sorted(feedsync.__all__)
    with pytest.raises(AttributeError, match="nothing_such"):
        feedsync.nothing_such  # noqa: B018  the access is the test
