"""Values out of JSON lists in cells: what each distinct cell gives, and what no cell may do."""

from __future__ import annotations

import pickle

import polars as pl
import pytest

from feedsync.catalog.shape.nested import json_list
from feedsync.specs.shape import JsonList

IMAGES = '[{"src": "b", "position": 2}, {"src": "a", "position": 1}, {"src": "c"}]'


@pytest.mark.parametrize(
    ("keys", "cell", "value"),
    [
        ({}, IMAGES, "b\na\nc"),
        ({"order": "position"}, IMAGES, "a\nb\nc"),
        ({"order": "position", "nth": 1}, IMAGES, "a"),
        ({"nth": 4}, IMAGES, None),
        ({}, '[{"src": 007}]', None),
        ({}, '[{"src": 1.50}, {"src": null}, "x"]', "1.50"),
        ({}, '{"src": "a"}', None),
        ({}, None, None),
        ({}, "[" * 100_000, None),
        ({"order": "position"}, '[{"src": "b", "position": 2' + "0" * 5000 + '}, {"src": "a", "position": 1}]', "a\nb"),
    ],
)
def test_a_cell(keys: dict[str, object], cell: str | None, value: str | None) -> None:
    step = JsonList(column="list", path="src", into="made", **keys)
    frame = pl.DataFrame({"list": [cell]}, schema={"list": pl.String})
    assert frame.select(json_list(step).alias("made"))["made"].to_list() == [value]


def test_the_object_that_belongs_to_the_row() -> None:
    step = JsonList(column="list", path="src", where="id", equals="image", into="made")
    cells = '[{"src": "a", "id": 1}, {"src": "b", "id": 2}]'
    frame = pl.DataFrame({"list": [cells] * 4, "image": ["2", "1", None, "9"]})
    made = pickle.loads(pickle.dumps(json_list(step)))
    assert frame.select(made.alias("made"))["made"].to_list() == ["b", "a", None, None]
