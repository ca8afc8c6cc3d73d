"""JSON and JSON Lines: exact values, exact messages, bounded windows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import message, read

from feedsync.semantics import printable
from feedsync.sources.json import JsonSource
from feedsync.sources.stored import StoredFile

BLOCKS = (1, 2, 5, 17, 1 << 20)


def test_values_keep_their_source_text(tmp_path: Path) -> None:
    content = (
        b'[{"sku": "007", "price": 19.90, "big": 1e3, "ean": 8412345678905, "neg": -0.0, "long": 0.1000000000000000001,'
        b' "yes": true, "no": false, "none": null, "empty": "", "blank": " \\t", "text": " a\\u00f1\\n ",'
        b' "list": [1.0, "x", null, true], "map": {"b": {"c": 1E5}, "a": []}}]'
    )
    for block in BLOCKS:
        for name in ("p.json", "p.jsonl"):
            frame = read(tmp_path, content if name == "p.json" else content[1:-1], name, block=block)
            assert frame.rows(named=True) == [
                {
                    "sku": "007",
                    "price": "19.90",
                    "big": "1e3",
                    "ean": "8412345678905",
                    "neg": "-0.0",
                    "long": "0.1000000000000000001",
                    "yes": "true",
                    "no": "false",
                    "none": None,
                    "empty": None,
                    "blank": None,
                    "text": " añ\n ",
                    "list": '[1.0,"x",null,true]',
                    "map": '{"b":{"c":1E5},"a":[]}',
                    "_row": 1,
                }
            ]


def test_columns_are_the_union_over_all_records(tmp_path: Path) -> None:
    frame = read(tmp_path, b'[{"a": 1}, {"b": 2, "a": 3}, {}]', "p.json")
    assert (frame.columns, frame.rows()) == (["a", "b", "_row"], [("1", None, 1), ("3", "2", 2), (None, None, 3)])


@pytest.mark.parametrize("name", ["p.json", "p.jsonl"])
def test_columns_have_an_end(tmp_path: Path, name: str) -> None:
    """Over all blocks: a block of 10,000 records has 4,000 columns here, and the next one others."""
    lines = [f'{{"k{number % 4000 + number // 10_000 * 2000}": 1}}' for number in range(20_000)]
    content = "[" + ",\n".join(lines) + "]" if name == "p.json" else "\n".join(lines)
    said = message(tmp_path, content.encode(), name)
    assert "up to here the records have more than 5000 different columns." in said


def test_a_later_block_may_have_more_columns(tmp_path: Path) -> None:
    records = [{"a": "x"}] * 10_000 + [{"b": "y"}]
    (tmp_path / "p.json").write_text(json.dumps(records), "utf-8")
    frames = list(JsonSource(StoredFile(tmp_path / "p.json", "p.json")).blocks())
    assert [frame.columns for frame in frames] == [["a", "_row"], ["b", "_row"]]
    assert frames[1].rows() == [("y", 10_001)]


def test_the_list_is_found_under_a_path(tmp_path: Path) -> None:
    other = json.dumps([[{"x": ["y" * 50] * 100}] * 500] * 3)  # over 1 MiB each: stepped over member by member
    content = f'\ufeff {{"other": {other}, "data": {{"n": 1, "products": [{{"a": 1}}, {{"a": 2}}], "z": {{}}}}}} \n'
    for block in (4096, 1 << 20):
        frame = read(tmp_path, content.encode(), "p.json", records="data.products", block=block)
        assert frame.rows() == [("1", 1), ("2", 2)]


def test_values_beside_the_list_may_end_with_any_window(tmp_path: Path) -> None:
    content = b'{"n": 12345, "t": true, "s": "a,b]", "p": [{"a": 1}], "m": -1.5e10}'
    for block in range(1, len(content) + 1):
        assert read(tmp_path, content, "p.json", records="p", block=block).rows() == [("1", 1)]


def test_lines_count_and_blank_lines_are_nothing(tmp_path: Path) -> None:
    content = b'{"a": 1}\r\n\n  \n{"a": "\xe2\x80\xa8"}'
    for block in BLOCKS:
        assert read(tmp_path, content, "p.jsonl", block=block).rows() == [("1", 1), (None, 4)]


BAD: dict[str, tuple[bytes, str | None, str]] = {
    "empty": (b"", None, "p.json: error: the file is empty. The export may have failed; run it again."),
    "blank": (b" \n", None, "p.json: error: the file is empty. The export may have failed; run it again."),
    "no products": (b"[ ]", None, "p.json: error: no products. The last good files stay."),
    "cut between records": (
        b'[{"a": 1},\n{"a": 2}',
        None,
        "p.json:2: error: the document ends too early. It was cut short; export it again.",
    ),
    "cut inside a record": (
        b'[{"a": 1},\n{"a": "x',
        None,
        "p.json:2: error: the document ends too early. It was cut short; export it again.",
    ),
    "broken": (
        '[{"ñ": 1},\n{"a": 1 "b": 2}]'.encode(),
        None,
        'p.json:2: error: not JSON at byte 20: ""b": 2}]". Correct it there, or export the file again.',
    ),
    "no comma": (
        b'[{"a": 1} {"a": 2}]',
        None,
        'p.json:1: error: not JSON at byte 10: "{"a": 2}]". Correct it there, or export the file again.',
    ),
    "comma at the end": (
        b'[{"a": 1},\n]',
        None,
        'p.json:2: error: not JSON at byte 11: "]". Correct it there, or export the file again.',
    ),
    "NaN": (
        b'[{"a": NaN}]',
        None,
        'p.json:1: error: not JSON at byte 7: "NaN}]". Correct it there, or export the file again.',
    ),
    "more after the end": (
        b'[{"a": 1}]\n[]',
        None,
        "p.json:2: error: more text follows after the end of the document. Remove it, or name the file .jsonl.",
    ),
    "the same key twice": (
        b'[{"a": 1},\n {"a": 1, "b": 2, "a": 1}]',
        None,
        'p.json:2: error: the key "a" stands twice in one object. Remove one of them.',
    ),
    "no object": (
        b'[{"a": 1},\n 7]',
        None,
        'p.json:2: error: record 2 is no object: "7". Each product is an object: {"sku": ...}.',
    ),
    "too deep": (
        b'[{"a": ' + b"[" * 70 + b"]" * 70 + b"}]",
        None,
        "p.json:1: error: lists and objects nested more than 64 deep. Flatten the export.",
    ),
    "far too deep": (
        b'[{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        None,
        "p.json:1: error: lists and objects nested more than 64 deep. Flatten the export.",
    ),
    "far too deep beside the list": (
        b'{"x": ' + b"[" * 2_000_000 + b"]" * 2_000_000 + b', "a": []}',
        "a",
        "p.json:1: error: lists and objects nested more than 64 deep. Flatten the export.",
    ),
    "NUL in a value": (
        b'[{"a": "x\\u0000"}]',
        None,
        "p.json:1: error: a NUL character (\\u0000) in a value. Remove it from the data.",
    ),
    "half a character": (
        b'[{"a": ["\\ud83d"]}]',
        None,
        "p.json:1: error: half a character (a lone surrogate \\uD800 to \\uDFFF) in a value. Correct the export.",
    ),
    "a key without a name": (
        b'[{"": 1}]',
        None,
        "p.json:1: error: column 1 has no name in the header. Name it, or remove the column.",
    ),
    "not UTF-8": (
        b'[{"a": "x"},\n{"a": "ni\xf1o"}]',
        None,
        'p.json:2: error: not UTF-8 at byte 22 (0xF1); read as windows-1252 it says "niño".'
        " Set encoding: windows-1252 on the source, or save the file as UTF-8.",
    ),
    "an object without records": (
        b'{"count": 1, "products": [{"a": 1}], "other": []}',
        None,
        "p.json:1: error: the document is an object, not a list of products."
        " Set records on the source to the list's key: products, other.",
    ),
    "a wrong path": (
        b'{"data": {"products": []}}',
        "data.product",
        'p.json:1: error: no key "product" on the way to "data.product".'
        " Correct records on the source; known: products.",
    ),
    "a path to no list": (
        b'{"data": {"a": 1}}',
        "data",
        'p.json:1: error: there is no list of products at "data". Correct records on the source.',
    ),
    "a path through a list": (
        b'{"data": [{"a": 1}]}',
        "data.a",
        'p.json:1: error: there is no list of products at "data.a". Correct records on the source.',
    ),
    "a key of the path twice": (
        b'{"p": [{"a": 1}], "p": [{"a": 2}]}',
        "p",
        'p.json:1: error: the key "p" stands twice in one object. Remove one of them.',
    ),
    "a bare value": (b"7", None, 'p.json:1: error: not JSON at byte 0: "7".'),
}


@pytest.mark.parametrize("case", BAD)
def test_the_message_says_what_and_where(tmp_path: Path, case: str) -> None:
    content, records, expected = BAD[case]
    for block in BLOCKS if len(content) < 1000 else (1 << 16, 1 << 22):
        found = message(tmp_path, content, "p.json", records=records, block=block)
        assert found == expected or (case == "a bare value" and found.startswith(expected))


BAD_LINES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "p.jsonl: error: the file is empty. The export may have failed; run it again."),
    "blank": (b"\n\n", "p.jsonl: error: no products. The last good files stay."),
    "broken": (
        b'{"a": 1}\n\n{"a": 1 2}\n',
        'p.jsonl:3: error: not JSON at column 9: "2}". Each line is one object; correct this one.',
    ),
    "cut": (
        b'{"a": 1}\n{"a": ',
        "p.jsonl:2: error: the line ends inside its JSON object. Each line is one object; the file may be cut short.",
    ),
    "cut in a text": (
        b'{"a": 1}\n{"a": "x',
        "p.jsonl:2: error: the line ends inside its JSON object. Each line is one object; the file may be cut short.",
    ),
    "two on a line": (
        b'{"a": 1} {"a": 2}\n',
        'p.jsonl:1: error: not JSON at column 10: "{"a": 2}". Each line is one object; correct this one.',
    ),
    "no object": (
        b'{"a": 1}\n[1]\n',
        'p.jsonl:2: error: record 2 is no object: "[1]". Each product is an object: {"sku": ...}.',
    ),
    "key twice": (
        b'{"a": 1, "a": 2}\n',
        'p.jsonl:1: error: the key "a" stands twice in one object. Remove one of them.',
    ),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_lines_say_what_and_where(tmp_path: Path, case: str) -> None:
    content, expected = BAD_LINES[case]
    for block in BLOCKS:
        assert message(tmp_path, content, "p.jsonl", block=block) == expected


def test_a_huge_record_is_never_read_whole(tmp_path: Path) -> None:
    content = b'[{"a": 1},\n{"a": "' + b"x" * (3 << 20) + b'"}]'
    expected = "error: the record that starts here is over 1 MiB long. Check the export."
    for block in (1 << 16, 1 << 20, 1 << 23):
        assert message(tmp_path, content, "p.json", limit=1 << 20, block=block) == f"p.json:2: {expected}"
        lines = content[1:-1].replace(b",\n", b"\n")
        assert message(tmp_path, lines, "p.jsonl", limit=1 << 20, block=block) == f"p.jsonl:2: {expected}"


def test_a_document_cut_at_any_byte_is_an_error(tmp_path: Path) -> None:
    content = (
        '{"n": [1, {"x": "y"}], "data": [{"a": "ñ", "b": -1.5e3},\r\n {"a": "\\u00f1", "b": null}], "z": true}'.encode()
    )
    for length in range(len(content)):
        for block in (1, 1 << 20):
            found = message(tmp_path, content[:length], "p.json", records="data", block=block)
            assert found.startswith("p.json"), length


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.text(min_size=1, max_size=4).filter(
    lambda key: key.strip() and key not in ("_row", "_source") and "\0" not in key
)


def dumped(value: Any, text: Callable[[str], str] = str) -> str:
    """JSON by hand, with decimals as they print and each text as `text` has it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumped(k, text)}:{dumped(v, text)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumped(one, text) for one in value) + "]"
    return json.dumps(text(value) if isinstance(value, str) else value, ensure_ascii=False)


def expected_cell(value: Any) -> str | None:
    text = printable(value) if isinstance(value, str) else None if value is None else dumped(value, printable)
    if text is None:
        return None
    return text if pl.Series([text]).str.contains(r"\S")[0] else None


@settings(max_examples=150, deadline=None)
@given(
    records=st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=5),
    block=st.integers(1, 40) | st.just(1 << 20),
    lines=st.booleans(),
)
def test_any_records_read_back(records: list[dict[str, Any]], block: int, lines: bool) -> None:
    text = "\n".join(map(dumped, records)) if lines else " " + dumped(records) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        if any(isinstance(value, str) and "\0" in value for record in records for value in record.values()):
            assert "a NUL character" in message(
                Path(folder), text.encode(), "p.jsonl" if lines else "p.json", block=block
            )
            return
        frame = read(Path(folder), text.encode(), "p.jsonl" if lines else "p.json", block=block)
    columns = list(dict.fromkeys(key for record in records for key in record))
    assert frame.rows() == [
        (*(expected_cell(record.get(name)) for name in columns), number) for number, record in enumerate(records, 1)
    ]
