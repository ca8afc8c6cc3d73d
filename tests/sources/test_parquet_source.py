"""Parquet: exact text of every type, and as many rows as the footer says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from reading import whole

from feedsync.errors import FeedsyncError
from feedsync.sources import parquet
from feedsync.sources.parquet import ParquetSource
from feedsync.sources.parquet_footer import largest_group
from feedsync.sources.stored import StoredFile

MOMENT = dt.datetime.fromisoformat("2026-01-02T03:04:05")
COLUMNS: dict[str, tuple[pl.Series, list[str | None]]] = {
    "text": (pl.Series(["007", "", None]), ["007", None, None]),
    "integer": (pl.Series([2**63 - 1, -1, None]), ["9223372036854775807", "-1", None]),
    "unsigned": (pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64), ["18446744073709551615", "0", None]),
    "float": (pl.Series([19.9, 1e21, float("nan")]), ["19.9", "1000000000000000000000", None]),
    "single": (pl.Series([19.9, 8412.0, None], dtype=pl.Float32), ["19.9", "8412", None]),
    "decimal": (pl.Series([Decimal("19.90"), Decimal("-0.01"), None]), ["19.90", "-0.01", None]),
    "boolean": (pl.Series([True, False, None]), ["true", "false", None]),
    "date": (pl.Series([dt.date(2026, 1, 2), dt.date(1, 1, 1), None]), ["2026-01-02", "0001-01-01", None]),
    "moment": (pl.Series([MOMENT, MOMENT, None]), ["2026-01-02T03:04:05", "2026-01-02T03:04:05", None]),
    "zoned": (
        pl.Series([MOMENT, MOMENT, None]).dt.replace_time_zone("Europe/Madrid"),
        ["2026-01-02T03:04:05+01:00", "2026-01-02T03:04:05+01:00", None],
    ),
    "list": (pl.Series([["a", 'b"'], [], None]), ['["a","b\\""]', "[]", None]),
    "struct": (pl.Series([{"k": 1, "v": None}] * 3), ['{"k":1,"v":null}'] * 3),
    "category": (pl.Series(["u", "v", None], dtype=pl.Categorical), ["u", "v", None]),
    "bytes": (pl.Series([b"abc", "ñ".encode(), None]), ["abc", "ñ", None]),
    "nothing": (pl.Series([None, None, None]), [None, None, None]),
}


def source(folder: Path, frame: pl.DataFrame | bytes, rows: int = 10_000) -> ParquetSource:
    path = folder / "p.parquet"
    if isinstance(frame, bytes):
        path.write_bytes(frame)
    else:
        frame.write_parquet(path, row_group_size=2)
    return ParquetSource(StoredFile(path, "p.parquet"), rows=rows)


def message(folder: Path, frame: pl.DataFrame | bytes) -> str:
    with pytest.raises(FeedsyncError) as caught:
        whole(source(folder, frame))
    return caught.value.message()


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_every_type_as_text(tmp_path: Path, rows: int) -> None:
    given = pl.DataFrame([values.alias(name) for name, (values, _) in COLUMNS.items()])
    one = source(tmp_path, given, rows)
    assert whole(one).to_dict(as_series=False) == {
        **{name: texts for name, (_, texts) in COLUMNS.items()},
        "_row": [1, 2, 3],
    }
    assert (one.proof.rows, one.proof.proved, one.proof.complete) == (3, ("count",), True)


def test_numbers_with_fractions_are_marked(tmp_path: Path) -> None:
    (block,) = source(tmp_path, pl.DataFrame({"a": [1.5, None], "b": [1, 2], "c": [Decimal("1.0"), None]})).blocks()
    assert block.columns == ["a", "b", "c", "_number:a", "_number:c", "_row"]
    assert block["_number:a"].to_list() == [True, False]


def test_every_cut_is_an_error(tmp_path: Path) -> None:
    content = (source(tmp_path, pl.DataFrame({"sku": ["A", "B", "C"]})), (tmp_path / "p.parquet").read_bytes())[1]
    for size in range(len(content)):
        expected = "p.parquet: error: not a whole Parquet file: " if size else "p.parquet: error: the file is empty."
        assert message(tmp_path, content[:size]).startswith(expected), size


def test_bad_files(tmp_path: Path) -> None:
    assert message(tmp_path, b"sku,title\nA,x\n").startswith("p.parquet: error: not a whole Parquet file: ")
    assert message(tmp_path, pl.DataFrame({"sku": []}, {"sku": pl.String})) == (
        "p.parquet: error: no products. The last good files stay."
    )
    assert message(tmp_path, pl.DataFrame({"_row": ["A"]})).startswith('p.parquet: error: the column name "_row"')
    assert message(tmp_path, pl.DataFrame({"a": ["x", "y\0"]})) == (
        "p.parquet: error: record 2, column a: a NUL character. Remove it from the data."
    )
    assert message(tmp_path, pl.DataFrame({"a": [b"\xff"]})) == (
        "p.parquet: error: record 1, column a: bytes that are not UTF-8. Convert the column to text."
    )
    far = pl.DataFrame({"a": pl.Series([5_000_000]).cast(pl.Date)})
    assert message(tmp_path, far) == (
        "p.parquet: error: column a: a value of type Date has no one text. Write the column as text there."
    )


def test_a_footer_that_promises_more_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = source(tmp_path, pl.DataFrame({"sku": ["A", "B", "C"]}))
    real = pl.LazyFrame.collect_batches
    monkeypatch.setattr(pl.LazyFrame, "collect_batches", lambda frame, **options: list(real(frame, **options))[:-1])
    with pytest.raises(FeedsyncError) as caught:
        list(one.blocks())
    assert "rows were read, and the file says that it has 3" in caught.value.message()


def test_a_large_row_group_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("GROUP", "CELLS"):
        with monkeypatch.context() as patched:
            patched.setattr(parquet, bound, 1)
            said = message(tmp_path, pl.DataFrame({"sku": ["A", "B", "C"]}))
        assert said == (
            "p.parquet: error: a row group has 2 rows; 1 are read at once. Write smaller row groups, such as of 100000 rows."
        )


@pytest.mark.parametrize("size", [1, 7, 100, 70_000])
def test_the_largest_row_group(tmp_path: Path, size: int) -> None:
    """Of files with every type, statistics and many groups."""
    columns = [values.alias(name) for name, (values, _) in COLUMNS.items()]
    frame = pl.concat([pl.DataFrame(columns)] * 50)
    for writer in (False, True):
        if writer:
            pytest.importorskip("pyarrow")
        frame.write_parquet(tmp_path / "p.parquet", row_group_size=size, use_pyarrow=writer)
        assert largest_group(tmp_path / "p.parquet") == min(size, frame.height), writer
