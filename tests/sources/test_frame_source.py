"""DataFrames as sources: exact text from pandas and Polars alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reading import whole

from feedsync.errors import ConfigError, FeedsyncError
from feedsync.sources.dataframe import FrameSource

PANDAS: dict[str, tuple[Any, list[str | None]]] = {
    "text": (pd.Series(["007", " x ", None, "", " "]), ["007", " x ", None, None, None]),
    "integers": (pd.Series([8412345678905, -1]), ["8412345678905", "-1"]),
    "integers with a gap": (pd.Series([8412345678905, None]), ["8412345678905", None]),
    "nullable integers": (pd.Series([2**60 + 1, None], dtype="Int64"), ["1152921504606846977", None]),
    "floats": (pd.Series([19.9, 0.1, 1e22, 1e-7, np.nan]), ["19.9", "0.1", "1" + "0" * 22, "0.0000001", None]),
    "single floats": (pd.Series([19.9, 8412345.0, np.nan], dtype="float32"), ["19.9", "8412345", None]),
    "nullable floats": (pd.Series([19.9, None], dtype="Float64"), ["19.9", None]),
    "decimals": (pd.Series([Decimal("19.90"), Decimal("1E+3"), None, Decimal("NaN")]), ["19.90", "1000", None, None]),
    "booleans": (pd.Series([True, False]), ["true", "false"]),
    "nullable booleans": (pd.Series([True, None], dtype="boolean"), ["true", None]),
    "moments": (
        pd.Series(pd.to_datetime(["2026-12-24 10:00", None])),
        ["2026-12-24T10:00:00", None],
    ),
    "moments of a zone": (
        pd.Series(pd.to_datetime(["2026-12-24 10:00"])).dt.tz_localize("Europe/Madrid"),
        ["2026-12-24T10:00:00+01:00"],
    ),
    "dates": (pd.Series([dt.date(2026, 12, 24), None]), ["2026-12-24", None]),
    "categories": (pd.Series(["a", None, "a"], dtype="category"), ["a", None, "a"]),
    "mixed": (
        pd.Series([1, 1.5, "x", None, pd.NA, np.int64(7), np.float64(2.0), True, b"caf\xc3\xa9"], dtype=object),
        ["1", "1.5", "x", None, None, "7", "2", "true", "café"],
    ),
    "lists": (
        pd.Series([["a", 1, None, 1.0], {"b": [True]}, np.array([1, 2]), [np.int64(7)]]),
        ['["a",1,null,1]', '{"b":[true]}', "[1,2]", "[7]"],
    ),
}


@pytest.mark.parametrize("case", PANDAS)
def test_pandas_values_are_exact_text(case: str) -> None:
    column, expected = PANDAS[case]
    frame = whole(FrameSource(pd.DataFrame({"a": column}), "shop", rows=2))
    assert frame["a"].to_list() == expected
    assert frame["_row"].to_list() == list(range(1, len(expected) + 1))


POLARS: dict[str, tuple[pl.Series, list[str | None]]] = {
    "text": (pl.Series(["007", " ", None]), ["007", None, None]),
    "integers": (pl.Series([8412345678905, None]), ["8412345678905", None]),
    "floats": (pl.Series([19.9, 2.0, float("nan"), None]), ["19.9", "2", None, None]),
    "single floats": (pl.Series([19.9, None, 2.0], dtype=pl.Float32), ["19.9", None, "2"]),
    "decimals": (pl.Series([Decimal("19.90"), None], dtype=pl.Decimal(10, 2)), ["19.90", None]),
    "booleans": (pl.Series([True, None]), ["true", None]),
    "dates": (pl.Series([dt.date(2026, 12, 24)]), ["2026-12-24"]),
    "moments": (
        pl.Series([dt.datetime(2026, 12, 24, 10, tzinfo=dt.UTC)], dtype=pl.Datetime("us", "UTC")),
        ["2026-12-24T10:00:00+00:00"],
    ),
    "enums": (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", None]),
    "lists": (pl.Series([["a", None], None]), ['["a",null]', None]),
    "records": (pl.Series([{"b": 1, "a": "ñ"}]), ['{"b":1,"a":"ñ"}']),
    "nothing": (pl.Series([None, None]), [None, None]),
}


@pytest.mark.parametrize("case", POLARS)
def test_polars_values_are_exact_text(case: str) -> None:
    column, expected = POLARS[case]
    assert whole(FrameSource(pl.DataFrame({"a": column}), "shop", rows=2))["a"].to_list() == expected
    assert whole(FrameSource(pl.LazyFrame({"a": column}), "shop"))["a"].to_list() == expected


def test_a_named_index_becomes_columns_and_a_bare_one_does_not() -> None:
    frame = pd.DataFrame({"sku": ["007", "A"], "title": ["Cap", "Hat"]})
    assert whole(FrameSource(frame.set_index("sku"), "shop")).rows() == [("007", "Cap", 1), ("A", "Hat", 2)]
    assert whole(FrameSource(frame[frame["sku"] == "A"], "shop")).rows() == [("A", "Hat", 1)]


def test_the_fingerprint_is_the_same_for_any_block_size_and_kind_of_frame() -> None:
    data = {"sku": ["a", None, "c"], "n": [1, 2, 3]}
    prints = set()
    for frame in (pd.DataFrame(data), pl.DataFrame(data)):
        for rows in (1, 2, 100):
            source = FrameSource(frame, "shop", rows=rows)
            list(source.blocks())
            prints.add(source.proof)
    assert len(prints) == 1


DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]

BAD: dict[str, tuple[Any, str]] = {
    "no rows": (pd.DataFrame({"a": []}), "shop: error: no products. The last good files stay."),
    "a header twice": (
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        'shop: error: the header "a" stands twice, in columns 1 and 2. Rename or remove one of them.',
    ),
    "no frame": ([1], "error: shop: a list is no DataFrame. Give a pandas or Polars DataFrame."),
    "a value without text": (
        pd.DataFrame({"a": ["x", object()]}),
        "shop: error: record 2, column a: a value of type object has no one text. Convert it to text there.",
    ),
    "a moment of numpy": (
        pd.DataFrame({"a": pd.Series([np.datetime64("2026-12-24", "ns"), "x"], dtype=object)}),
        "shop: error: record 1, column a: a value of type datetime64 has no one text. Convert it to text there.",
    ),
    "too deep": (
        pd.DataFrame({"a": [DEEP]}),
        "shop: error: lists and objects nested more than 64 deep. Flatten the export.",
    ),
    "bytes": (
        pd.DataFrame({"a": [b"\xff"]}),
        "shop: error: record 1, column a: bytes that are not UTF-8. Convert the column to text.",
    ),
    "half a character": (
        pd.DataFrame({"a": pd.Series(["\ud800"], dtype=object)}),
        "shop: error: column a: half a character (a lone surrogate). Correct the data.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said(case: str) -> None:
    frame, expected = BAD[case]
    with pytest.raises(FeedsyncError) as caught:
        list(FrameSource(frame, "shop").blocks())
    assert caught.value.message() == expected
    assert isinstance(caught.value, ConfigError) == (case == "no frame")
