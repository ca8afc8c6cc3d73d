"""Any table written by csv.writer reads back equal, with csv.reader's own view of rows and lines, at any block size."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import message, read, whole

from feedsync.errors import ConfigError
from feedsync.semantics import printable
from feedsync.sources.csv import CsvSource
from feedsync.sources.decoding import ENCODINGS
from feedsync.sources.stored import StoredFile

DELIMITERS = [",", ";", "\t", "|", " ", "^", "\x1f", ":"]
QUOTES = ['"', "'", "~", "`"]
AWKWARD = st.sampled_from([*"\"'~`,;\t|^: \n\r\x1f\x0b\x85\u2028\ufeff\u00a0ñ日👟\\#0a", "\r\n", '""'])
CELLS = st.lists(AWKWARD | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6).map("".join)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


def missing(cell: str) -> str | None:
    """Without what no text has; null for blanks only, as Unicode's White_Space has it."""
    cell = printable(cell)
    return cell if cell.strip(" \t\n\x0b\x0c\r\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + SPACES) else None


SPACES = "".join(map(chr, range(0x2000, 0x200B)))


def written(table: list[list[str]], **dialect: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, **dialect)
    writer.writerow([f"column {n}" for n in range(len(table[0]))])
    writer.writerows(table)
    return out.getvalue()


def seen_by_csv(text: str, delimiter: str, quote: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    rows = []
    line = 1
    for row in reader:
        rows.append((line, row))
        line = reader.line_num + 1
    return rows


@settings(max_examples=300, deadline=None)
@given(
    table=TABLES,
    delimiter=st.sampled_from(DELIMITERS),
    quote=st.sampled_from(QUOTES),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(1, 64) | st.just(1 << 20),
    cut_last=st.booleans(),
    quote_all=st.booleans(),
)
def test_what_csv_writes_reads_back(
    table: list[list[str]], delimiter: str, quote: str, ending: str, block: int, cut_last: bool, quote_all: bool
) -> None:
    # Python before 3.13 leaves a line break unquoted that is not its own line end, so such tables are all quoted.
    own = quote_all or any(c in cell for row in table for cell in row for c in "\r\n")
    quoting = csv.QUOTE_ALL if own else csv.QUOTE_MINIMAL
    text = written(table, delimiter=delimiter, quotechar=quote, lineterminator=ending, quoting=quoting)
    text = text.removesuffix(ending) if cut_last else text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(text.encode())
        frame = whole(CsvSource(StoredFile(path, "t.csv"), delimiter=delimiter, quote=quote, block=block))
    cells = [row[:-1] for row in frame.rows()]
    assert cells == [tuple(map(missing, row)) for row in table]
    view = seen_by_csv(text, delimiter, quote)[1:]
    assert frame["_row"].to_list() == [line for line, _ in view]
    assert cells == [tuple(map(missing, row)) for _, row in view]


@settings(max_examples=150, deadline=None)
@given(table=TABLES, delimiter=st.sampled_from([",", ";", "\t", "|"]), block=st.integers(1, 64))
def test_lenient_reads_what_strict_reads(table: list[list[str]], delimiter: str, block: int) -> None:
    text = written(table, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(text.encode())
        strict = whole(CsvSource(StoredFile(path, "t.csv"), delimiter=delimiter, block=block))
        lenient = whole(CsvSource(StoredFile(path, "t.csv"), delimiter=delimiter, block=block, dialect="lenient"))
    assert lenient.rows() == [(*(c and (c.strip() or None) for c in row[:-1]), row[-1]) for row in strict.rows()]


@settings(max_examples=300, deadline=None)
@given(
    content=st.lists(st.sampled_from([b'"', b'""', b",", b"\n", b"\r\n", b"a", b"b", b" "]), max_size=14).map(b"".join),
    block=st.integers(1, 9),
)
def test_any_bytes_read_alike_at_any_block_size(content: bytes, block: int) -> None:
    """And what strict csv.reader takes with equal widths is what is read; nothing else is."""
    with tempfile.TemporaryDirectory() as folder:
        data = b"x,y\n" + content
        found = message(Path(folder), data)
        assert message(Path(folder), data, block=block) == found
        try:
            view = seen_by_csv(data.decode(), ",", '"')[1:]
        except csv.Error:
            assert not found.startswith("[")
            return
        while view and not view[-1][1]:
            view.pop()
        if "a quote inside a cell" in found:  # csv.reader takes 5" for text even when it is strict
            return
        if view and all(len(row) == 2 for _, row in view):
            assert found == str([(*map(missing, row), line) for line, row in view])
        else:
            assert not found.startswith("[")


GOOD: dict[str, tuple[bytes, dict[str, Any], list[tuple[Any, ...]]]] = {
    "text stays text": (
        b"sku,a,b,c,d,e\n007,NA,1e3,NO,012345678905,null\n",
        {},
        [("007", "NA", "1e3", "NO", "012345678905", "null", 2)],
    ),
    "blanks stay, blank-only is missing": (b'a,b,c,d\n x ," ",\t,""\n', {}, [(" x ", None, None, None, 2)]),
    "a mark inside is text": (b"\xef\xbb\xbfa,b\n\xef\xbb\xbf1,2\n", {}, [("\ufeff1", "2", 2)]),
    "blank lines at the end": (b"a,b\n1,2\n\r\n\n", {}, [("1", "2", 2)]),
    "blank line in one column is a missing cell": (b"a\n1\n\n3\n\n", {}, [("1", 2), (None, 3), ("3", 4)]),
    "CR alone": (b"a,b\r1,2\r3,4\r", {}, [("1", "2", 2), ("3", "4", 3)]),
    "CR alone around quoted line breaks": (b'a,b\r1,"x\ny"\r3,4', {}, [("1", "x\ny", 2), ("3", "4", 4)]),
    "LF and CRLF together": (b"a,b\n1,2\r\n3,4\n", {}, [("1", "2", 2), ("3", "4", 3)]),
    "no quoting": (b'a,b\n5" x,"y\n', {"quote": ""}, [('5" x', '"y', 2)]),
    "tab by name": (b"a\tb\n1\t2\n", {"delimiter": "\\t"}, [("1", "2", 2)]),
    "lenient: blanks around quotes": (
        b'"a" , "b"\n "1 " ,"2" \n3 , 4\n',
        {"dialect": "lenient"},
        [("1", "2", 2), ("3", "4", 3)],
    ),
    "lenient: stray quotes": (
        b'a,b\n5" x,6"\n"5" screen,7\n',
        {"dialect": "lenient"},
        [
            ('5" x', '6"', 2),
            ("5 screen", "7", 3),
        ],
    ),
    "lenient: a quoted cell of two lines with a tail of blanks": (
        b'a,b\n"x\ny" ,2\n3,4\n',
        {"dialect": "lenient"},
        [("x\ny", "2", 2), ("3", "4", 4)],
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_what_reads(tmp_path: Path, case: str) -> None:
    content, options, rows = GOOD[case]
    for block in (1, 2, 3, 16, 4096):
        assert read(tmp_path, content, block=block, **options).rows() == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_read_alike(tmp_path: Path, encoding: str) -> None:
    text = 'sku,título\r\nA,"Bañador, €5"\r\nB,niño\r\n'
    expected = [("A", "Bañador, €5", 2), ("B", "niño", 3)]
    for block in (1, 2, 3, 7, 4096):
        declared = None if encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32") else encoding
        frame = read(tmp_path, text.encode(encoding), encoding=declared, block=block)
        assert (frame.columns, frame.rows()) == (["sku", "título", "_row"], expected)
        assert read(tmp_path, text.encode(encoding), encoding=encoding, block=block).rows() == expected


def test_a_mark_before_a_declared_byte_order_is_dropped(tmp_path: Path) -> None:
    assert read(tmp_path, "a\n1\n".encode("utf-16"), encoding="utf-16-le").columns == ["a", "_row"]


def test_utf_16_without_a_mark_is_little_endian_on_any_machine(tmp_path: Path) -> None:
    assert read(tmp_path, "a\n1\n".encode("utf-16-le"), encoding="utf-16").columns == ["a", "_row"]


@pytest.mark.parametrize("options", [{"delimiter": ";;"}, {"delimiter": "§"}, {"delimiter": '"'}, {"quote": "\n"}])
def test_a_delimiter_or_quote_that_cannot_be(tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), **options)  # type: ignore[arg-type]  # mypy takes the dict for all


@pytest.mark.parametrize(
    ("encoding", "meant"),
    [
        ("utf-9", '; did you mean "utf-8"?'),
        ("windows1252x", '; did you mean "windows-1252"?'),
        ("isolatin", '; did you mean "latin-1"?'),
        *((name, ".") for name in ("base64", "rot13", "zip", "uu", "hex", "idna", "undefined", "x\0y", "")),
        *((name, None) for name in ("punycode", "unicode_escape", "raw_unicode_escape", "UTF-7", "bz2", "quopri")),
    ],
)
def test_what_is_no_encoding_of_files_is_a_config_error(tmp_path: Path, encoding: str, meant: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), encoding=encoding)
    said = caught.value.message()
    assert said.startswith('error: p.csv: no file is in the encoding "')
    if meant is not None:
        shown = encoding.replace("\0", " ")
        assert said == f'error: p.csv: no file is in the encoding "{shown}"{meant} ' + KNOWN_ENCODINGS


KNOWN_ENCODINGS = "Known names are utf-8, utf-16, windows-1252, iso-8859-15 and the like."


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_suggested_encoding_is_one(tmp_path: Path, encoding: str) -> None:
    text = "sku,title\n1,abc\n"
    (tmp_path / "p.csv").write_bytes(text.encode(encoding))
    assert whole(CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), encoding=encoding)).rows() == [("1", "abc", 2)]


def test_the_fingerprint_is_of_the_bytes_on_disk(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"a\n1\n")
    source = CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"))
    with pytest.raises(RuntimeError, match="only after its last block"):
        _ = source.proof
    list(source.blocks())
    assert (source.proof.fingerprint, source.proof.bytes) == ("88628656e70b863b619fa490c55d4bde", 4)
