"""What holds for every preset in the folder, and for every step: found, not listed by hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_shopify import INVENTORY, OLD, ROWS
from test_woocommerce import SPANISH

from feedsync.catalog.shape import Shaper
from feedsync.errors import ConfigError
from feedsync.specs.presets import load_preset, preset_files
from feedsync.specs.shape import Step

PRESETS = sorted(preset_files(None))
FILES_OF_TESTS = sorted(set(Path(__file__).parent.glob("test_*.py")) - {Path(__file__)})
TESTS = "".join(file.read_text(encoding="utf-8") for file in FILES_OF_TESTS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_whole(name: str) -> None:
    preset = load_preset(name, None).spec
    assert preset.engine_words
    assert preset.sources
    assert set(preset.needs) <= set(preset.headers)
    assert preset.key in preset.fields
    assert set(preset.local_decimals) <= set(preset.fields)
    assert {field for fields in preset.asks.values() for field in fields} <= set(preset.fields)
    inherited = preset.variants.inherit if preset.variants else ()
    assert set(inherited) <= set(preset.fields)
    assert name in TESTS


def headers_of(name: str) -> list[str]:
    return [known.replace("{n}", "1").replace("{unit}", "kg") for known in load_preset(name, None).spec.headers]


@pytest.mark.parametrize("name", PRESETS)
def test_every_step_and_field_of_a_preset_finds_its_columns(name: str) -> None:
    preset = load_preset(name, None).spec
    shaper = Shaper(headers_of(name), preset.headers, preset.shape)
    from_columns = {str(one.from_) for one in preset.fields.values() if one.from_ is not None}
    assert from_columns - set(shaper.headers) == set()


# the same rows, however they come in blocks

Rows = list[tuple[str | None, ...]]
COLUMNS = ("a", "b", "c", "Size (cm)", "name 1", "value 1", "name 2", "value 2", "objects")
STEPS: dict[str, str | dict[str, object]] = {
    "fill_down": {"group": "a", "columns": ["b", "c"]},
    "drop": {"missing": ["b", "c"], "reason": "x"},
    "gather": {"column": "b", "group": "a", "order": "c", "into": "new"},
    "pairs": {"names": "name {n}", "values": "value {n}", "into": {"new": ["1", "x"], "other": ["y"]}},
    "entries": {"column": "b", "between": ",", "within": "=", "into": {"new": ["x"]}},
    "split": {"columns": ["b"], "separator": ",", "escape": "\\"},
    "unescape": {"columns": ["b"], "texts": {"x": "y", "y": ""}},
    "values": {"columns": ["b"], "texts": {"x": "1", "1": ""}},
    "refer": {"column": "a", "to": "b", "take": "c", "into": "new"},
    "children": {"column": "b", "key": "a", "between": ",", "into": "new"},
    "json_list": {"column": "objects", "path": "p", "order": "o", "where": "w", "equals": "a", "into": "new"},
    "without": {"column": "b", "entry": "a", "into": "new"},
    "unit": {"column": "Size ({unit})", "into": "new"},
}
MORE = [
    {"fill_down": {"starts": "a", "columns": ["a", "b"]}},
    {"refer": {"column": "a", "prefix": "x", "to": "b", "take": "c"}},
    {"gather": {"column": "b", "group": "a", "into": "new"}},
    {"drop": {"filled": ["b", "c"], "reason": "x"}},
    {"pairs": {"names": "b", "values": "c", "separator": ",", "code": "=", "into": {"new": ["x"], "other": ["y"]}}},
    {"children": {"column": "b", "key": "a", "between": ",", "take": "c", "into": "new"}},
]
CELL = st.sampled_from([None, "1", "2", "10", "x", "y", "x1", "x,y", "x=1,y=2", "x\ny", "\\,x"])
OBJECTS = st.sampled_from([None, "no", "[]", '[{"p":"x","o":2,"w":"1"},{"p":"y","o":1,"w":"1"},{"p":1.50,"w":"x"}]'])
ROW = st.tuples(*[CELL] * (len(COLUMNS) - 1), OBJECTS)


def test_every_step_has_a_case() -> None:
    assert set(STEPS) == set(Step.model_fields)


def shaped(frame: pl.DataFrame, cuts: Sequence[int], shaper: Shaper) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame in blocks that end at the cuts."""
    ends = sorted({min(cut, len(frame)) for cut in cuts} | {len(frame)})
    blocks = [frame.slice(start, end - start) for start, end in zip([0, *ends], ends, strict=False) if end > start]
    made = [shaper.block(block) for block in blocks]
    whole, offset, parts = shaper.whole(), 0, []
    for block in made:
        parts.append(whole.onto(block, offset))
        offset += len(block)
    return pl.concat(parts).select(shaper.headers), shaper.left_out


@settings(deadline=None)  # the first frames of a process take their time
@pytest.mark.parametrize("said", [{name: one} for name, one in STEPS.items()] + MORE, ids=str)
@given(rows=st.lists(ROW, min_size=1, max_size=12), cuts=st.lists(st.integers(1, 12), max_size=4))
def test_blocks_of_any_size_give_the_same_rows(said: dict[str, object], rows: Rows, cuts: list[int]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    step = Step.model_validate(said)
    at_once = shaped(frame, [], Shaper(COLUMNS, {}, [step]))
    in_blocks = shaped(frame, cuts, Shaper(COLUMNS, {}, [step]))
    assert in_blocks[0].rows() == at_once[0].rows()
    assert in_blocks[1] == at_once[1]


FILES = {"shopify_csv": OLD + ROWS, "shopify_inventory_csv": INVENTORY, "woocommerce_csv": SPANISH}


@pytest.mark.parametrize("name", FILES)
def test_a_whole_export_in_blocks_of_any_size(name: str) -> None:
    """Images of one product in several blocks, rows filled down over their borders, parents behind their variations."""
    preset = load_preset(name, None).spec
    records = list(csv.DictReader(StringIO(FILES[name])))
    rows = [{header: text or None for header, text in record.items()} for record in records]
    headers = list(rows[0])
    frame = pl.DataFrame(rows, schema=dict.fromkeys(headers, pl.String))
    wanted = shaped(frame, [], Shaper(headers, preset.headers, preset.shape))
    for size in range(1, len(rows)):
        cuts = range(size, len(rows), size)
        found = shaped(frame, cuts, Shaper(headers, preset.headers, preset.shape))
        assert found[0].rows() == wanted[0].rows()
        assert found[1] == wanted[1]


def test_the_rest_of_a_list_keeps_its_order() -> None:
    entries = [f"{n}.jpg" for n in range(40, 0, -1)]
    frame = pl.DataFrame({"all": ["\n".join(entries)] * 2 + ["a", None], "main": ["17.jpg", None, "b", "c"]})
    step = Step.model_validate({"without": {"column": "all", "entry": "main", "into": "rest"}})
    rest = Shaper(("all", "main"), {}, [step]).block(frame)["rest"]
    assert rest.to_list() == [
        "\n".join(one for one in entries if one != "17.jpg"),
        "\n".join(entries[1:]),
        "a",
        None,
    ]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"split": {"columns": "z", "separator": ","}}], 'the step "split" reads the column "z", which is not there.'),
        ([{"drop": {"missing": "z", "reason": "x"}}], 'the step "drop" reads the column "z", which is not there.'),
        (
            [
                {"gather": {"column": "b", "group": "a", "into": "all"}},
                {"refer": {"column": "all", "to": "a", "take": "b"}},
            ],
            'the step "refer" reads the column "all", which is known only when all rows are read.',
        ),
    ],
)
def test_a_step_that_reads_what_there_is_not(steps: list[dict[str, object]], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Shaper(("a", "b"), {}, [Step.model_validate(step) for step in steps])
    assert message in str(caught.value)


def test_steps_behind_a_late_column_wait_for_it() -> None:
    frame = pl.DataFrame({"a": ["1", "1", "2"], "b": ["x", "y", "z"]})
    steps = [
        {"gather": {"column": "b", "group": "a", "into": "all"}},
        {"without": {"column": "all", "entry": "b", "into": "others"}},
        {"unescape": {"columns": "others", "texts": {"x": "X"}}},
    ]
    shaper = Shaper(("a", "b"), {}, [Step.model_validate(step) for step in steps])
    assert shaped(frame, [1], shaper)[0]["others"].to_list() == ["y", "X", None]
