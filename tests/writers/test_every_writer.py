"""What holds for every writer of the table, whatever its format."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writer_builders import ATTRIBUTES, EMPTY, FULL, INFO, MADRID, MARKET, ROWS, items, spec, writer_of, written

from feedsync.errors import SpecError
from feedsync.writers.open import WRITERS, open_writer

FORMATS: dict[str, dict[str, Any]] = {
    "delimited": {"suffix": "tsv", "delimiter": "\t", "escape": ["\\", ",", ":"]},
    "xml": {"suffix": "xml", "namespaces": {"g": "urn:g"}, "element": "g:{name}"},
    "json": {
        "suffix": "json",
        "record": {
            "n": "{{ record.number }}",
            "id": "{{ id }}",
            "offer": [{"c": "{{ price | currency }}", "m": "{{ market.country }}", "stock": "{{ stock }}"}],
            "images": {"each": "{{ images }}", "entry": {"url": "{{ entry }}"}},
        },
    },
    "jsonl": {"suffix": "jsonl"},
    "template": {
        "suffix": "txt",
        "escape": "xml",
        "header": "<shop lang='{{ market.language }}'>\n",
        "item": """\
<p n="{{ record.number }}" id="{{ id }}">{{ title }} {{ price or '-' }} {{ stock }} {{ availability }}
{% for image in images %}
<i>{{ image }}</i>
{% endfor %}
{% for one in shipping %}
<s to="{{ one.country }}">{{ one.service }}={{ one.price }}</s>
{% endfor %}
</p>
""",
        "footer": "</shop>\n",
    },
}


def channel_of(kind: str) -> Any:
    return spec({"f": {"writer": kind, **FORMATS[kind]}})


def test_the_table_is_covered() -> None:
    assert FORMATS.keys() == WRITERS.keys()


@pytest.mark.parametrize("kind", WRITERS)
@given(rows=st.lists(ROWS, max_size=6), cuts=st.lists(st.integers(0, 6), max_size=3))
@settings(max_examples=40, deadline=None)
def test_batches_do_not_show(kind: str, rows: list[dict[str, Any]], cuts: list[int]) -> None:
    made = channel_of(kind)
    writer, frame = writer_of(made), items(made, *rows)
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    batches = [frame[start:end] for start, end in pairwise(edges)]
    assert written(writer, *batches) == written(writer, frame)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_starts_anew(kind: str) -> None:
    made = channel_of(kind)
    writer, frame = writer_of(made), items(made, FULL, EMPTY)
    assert written(writer, frame) == written(writer, frame) == written(writer_of(made), frame)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_feed_that_fills_little(kind: str) -> None:
    """Attributes that are not used need not be in the frame."""
    made = channel_of(kind)
    few = [{name: row.get(name) for name in ("id", "title")} for row in (FULL, EMPTY)]
    want = written(writer_of(made, used=["title"]), items(made, *few))
    frame = items(made, FULL, EMPTY).select("id", "title")
    assert written(writer_of(made, used=["title"]), frame) == want
    assert b"EUR" not in want


@pytest.mark.parametrize("kind", WRITERS)
def test_other_columns_of_the_frame_do_not_matter(kind: str) -> None:
    made = channel_of(kind)
    frame = items(made, FULL)
    more = frame.select(*reversed(frame.columns)).with_row_index("_row", offset=1)
    assert written(writer_of(made), more) == written(writer_of(made), frame)


@pytest.mark.parametrize("kind", WRITERS)
def test_text_is_utf8_without_a_byte_order_mark(kind: str) -> None:
    made = channel_of(kind)
    data = written(writer_of(made), items(made, {**FULL, "id": "ñ€\U0001f600"}))
    assert "ñ€\U0001f600" in data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("kind", WRITERS)
def test_a_writer_travels_to_another_process(kind: str) -> None:
    made = channel_of(kind)
    writer = pickle.loads(pickle.dumps(writer_of(made)))
    assert written(writer, items(made, FULL)) == written(writer_of(made), items(made, FULL))


def test_a_format_that_is_not_there() -> None:
    made = spec({"xml": {"writer": "xml", "suffix": "xml"}})
    with pytest.raises(SpecError) as error:
        open_writer(made, "tsv", list(ATTRIBUTES), MARKET, {}, MADRID, INFO)
    assert str(error.value) == 'made_up/channel.yaml: error: the channel has no format "tsv". It has: xml.'
