"""How many rows are mapped at once: memory is rows times feeds, and a batch costs something by itself."""

import polars as pl
import pytest

from feedsync.run.engine import batch_rows, parts


@pytest.mark.parametrize(("feeds", "rows"), [(0, 4000), (1, 4000), (10, 4000), (16, 2500), (20, 2000), (500, 2000)])
def test_more_feeds_fewer_rows(feeds: int, rows: int) -> None:
    assert batch_rows(feeds) == rows


@pytest.mark.parametrize(
    ("rows", "cut"), [(0, [0]), (1, [1]), (5400, [5400]), (6000, [3000, 3000]), (9001, [4501, 4500])]
)
def test_equal_parts_and_no_small_rest(rows: int, cut: list[int]) -> None:
    frame = pl.DataFrame({"a": range(rows)})
    found = list(parts(frame, 4000))
    assert [len(part) for part in found] == cut
    assert pl.concat(found)["a"].to_list() == list(range(rows))
