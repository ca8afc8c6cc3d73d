"""Equal columns of several feeds are computed once."""

import polars as pl

from feedsync.run.shared import Shared


def values(shared: Shared, frame: pl.DataFrame, feed: int, names: list[str]) -> dict[str, list[object]]:
    wide = frame.with_columns(shared.columns)
    return wide.select(shared.renamed(feed, names)).to_dict(as_series=False)


def test_equal_expressions_are_one_column_whatever_they_are_called() -> None:
    price, title = pl.col("price") * 2, pl.col("title").str.to_uppercase()
    shared = Shared([{"price": price, "title": title}, {"cost": (pl.col("price") * 2).alias("x"), "title": title}])
    assert len(shared.columns) == 2
    frame = pl.DataFrame({"price": [1, 2], "title": ["a", "b"]})
    assert values(shared, frame, 0, ["price", "title"]) == {"price": [2, 4], "title": ["A", "B"]}
    assert values(shared, frame, 1, ["cost"]) == {"cost": [2, 4]}


def test_expressions_that_look_alike_stay_apart() -> None:
    many = [f"k{number}" for number in range(1000)]
    one = pl.col("a").replace(many, [*many[:-1], "x"])
    other = pl.col("a").replace(many, [*many[:-1], "y"])
    text, number = pl.lit("1"), pl.lit(1)
    shared = Shared([{"a": one, "b": text}, {"a": other, "b": number}])
    assert len(shared.columns) == 4
    frame = pl.DataFrame({"a": ["k999"]})
    assert values(shared, frame, 0, ["a"]) == {"a": ["x"]}
    assert values(shared, frame, 1, ["a"]) == {"a": ["y"]}


def test_a_python_function_in_an_expression_does_no_harm() -> None:
    mine = {"a": pl.col("a").map_batches(lambda column: column + 1, return_dtype=pl.Int64)}
    shared = Shared([mine, {"a": pl.col("a").map_batches(lambda column: column + 2, return_dtype=pl.Int64)}])
    frame = pl.DataFrame({"a": [1]})
    assert values(shared, frame, 0, ["a"]) == {"a": [2]}
    assert values(shared, frame, 1, ["a"]) == {"a": [3]}
