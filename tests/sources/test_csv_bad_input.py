"""CSV that must stop the run: each kind with its exact message and place, at several block sizes."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from reading import message, read

from feedsync.errors import Exit, SourceError
from feedsync.sources.csv import CsvSource
from feedsync.sources.stored import StoredFile

OPEN = "error: the quote opened here is never closed (column {}). Close it, or write it twice inside the text."
NUL_FIX = "The file is damaged, or UTF-16 without a byte order mark (then set encoding: utf-16 on the source)."

BAD: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "empty": (b"", {}, "products.csv: error: the file is empty. The export may have failed; run it again."),
    "only a byte order mark": (
        b"\xef\xbb\xbf",
        {},
        "products.csv: error: the file is empty. The export may have failed; run it again.",
    ),
    "only blank lines": (
        b"\n\r\n",
        {},
        "products.csv: error: the file is empty. The export may have failed; run it again.",
    ),
    "header only": (b"sku,title\n", {}, "products.csv: error: a header and no products. The last good files stay."),
    "header without line end": (
        b"sku,title",
        {},
        "products.csv: error: a header and no products. The last good files stay.",
    ),
    "row too short": (
        b"sku,title,price\nA,Cap,1\nB,Hat\nC,Tie,3\n",
        {},
        'products.csv:3: error: 2 cells, the header has 3. Look for a missing "," or a file cut short.',
    ),
    "last row cut": (
        b"sku;title;price\r\nA;Cap;1\r\nB;Ha",
        {"delimiter": ";"},
        'products.csv:3: error: 2 cells, the header has 3. Look for a missing ";" or a file cut short.',
    ),
    "row too long": (
        b"sku\ttitle\nA\tCap\t1\n",
        {"delimiter": "tab"},
        'products.csv:2: error: 3 cells, the header has 2. Look for a missing "tab" or a file cut short.',
    ),
    "another delimiter": (
        b"sku,title\nA;Cap\n",
        {},
        'products.csv:2: error: 1 cell, the header has 2. Look for another delimiter than "," or a file cut short.',
    ),
    "wrong width after cells with line breaks": (
        b'sku,title\nA,"Cap\nred\r\nsoft"\nB\n',
        {},
        'products.csv:5: error: 1 cell, the header has 2. Look for another delimiter than "," or a file cut short.',
    ),
    "wrong width over lines": (
        b'sku,title\nA,"Cap\nB",Hat\n',
        {},
        "products.csv:2: error: 3 cells, the header has 2; the row goes on to line 3 because of a quote opened in"
        ' line 2. Look for a quote that is not closed, or a missing ",".',
    ),
    "blank line inside": (
        b"sku,title\nA,Cap\n\nB,Hat\n",
        {},
        "products.csv:3: error: a blank line between rows; the header has 2 columns. Remove the line.",
    ),
    "quote never closed": (b'sku,title\nA,Cap\nB,"Hat\nC,Tie\n', {}, "products.csv:3: " + OPEN.format("title")),
    "quote never closed, with later quotes": (
        b'sku,title,color\nA,"Cap,red\nB,"Hat",blue\nC,"""x""",green\n',
        {},
        "products.csv:2: " + OPEN.format("title"),
    ),
    "quote never closed after doubled ones": (
        b'sku,title\nA,"""Cap"" hat\nB,"x"\n',
        {},
        "products.csv:2: " + OPEN.format("title"),
    ),
    "quote opened on a cell's second line": (
        b'sku,title,color\nA,"Cap\nred","blue\nB,x,y\n',
        {},
        "products.csv:3: " + OPEN.format("color"),
    ),
    "text after the closing quote": (
        b'sku,title\nA,"Cap" red\n',
        {},
        "products.csv:2: error: text after the closing quote (column title). Write a quote inside the text twice,"
        " or set dialect: lenient on the source.",
    ),
    "stray quote": (
        b'sku,title\nA,5" screen\n',
        {},
        "products.csv:2: error: a quote inside a cell that does not start with one (column title). Put the cell in"
        " quotes and write the quote twice, or set dialect: lenient on the source.",
    ),
    "mixed line ends": (
        b"sku,title\r\nA,Cap\rB,Hat\r\n",
        {},
        "products.csv:2: error: this line ends in another way than the first one (CR alone, against LF or CRLF)."
        " Put cells that hold line breaks in quotes, or save the file with one kind of line end.",
    ),
    "the same header twice": (
        b"sku,title,sku\nA,B,C\n",
        {},
        'products.csv:1: error: the header "sku" stands twice, in columns 1 and 3. Rename or remove one of them.',
    ),
    "a header without a name": (
        b"sku, \nA,B\n",
        {},
        "products.csv:1: error: column 2 has no name in the header. Name it, or remove the column.",
    ),
    "a reserved header": (
        b"sku,_row\nA,B\n",
        {},
        'products.csv:1: error: the column name "_row" is reserved. Rename the column.',
    ),
    "NUL": (
        b"\xef\xbb\xbfsku,title\nA,Cap\nB,\0at\n",
        {},
        f"products.csv:3: error: a NUL character at byte 21. {NUL_FIX}",
    ),
    "UTF-16 without a byte order mark": (
        '"sku","title"\n'.encode("utf-16-le"),
        {},
        f"products.csv:1: error: a NUL character at byte 1. {NUL_FIX}",
    ),
    "windows-1252": (
        'sku;title\nA;Cap\nB;"Bañador niño"\n'.encode("cp1252"),
        {"delimiter": ";"},
        'products.csv:3: error: not UTF-8 at byte 21 (0xF1); read as windows-1252 it says "Bañador niño".'
        " Set encoding: windows-1252 on the source, or save the file as UTF-8.",
    ),
    "neither UTF-8 nor windows-1252": (
        b"sku,title\nA,\x81\xff\n",
        {},
        "products.csv:2: error: not UTF-8 at byte 12 (0x81). Set encoding on the source, or save the file as UTF-8.",
    ),
    "cut inside a character": (
        "sku,title\nA,niñ".encode()[:-1],
        {},
        "products.csv:2: error: the file ends inside a UTF-8 character, at byte 14. It was cut short; export it again.",
    ),
    "UTF-16 cut inside a character": (
        "sku,title\nA,Cap\n".encode("utf-16")[:-1],
        {},
        "products.csv:2: error: the file ends inside a UTF-16-LE character, at byte 32."
        " It was cut short; export it again.",
    ),
    "the declared encoding does not fit": (
        "sku,title\r\nA,Cap\r\nB,ñ\r\n".encode(),
        {"encoding": "ascii"},
        "products.csv:3: error: not ascii at byte 20 (0xC3)."
        " Correct encoding on the source, or save the file as UTF-8.",
    ),
    "the mark contradicts the encoding": (
        "sku,title\nA,Cap\n".encode("utf-8-sig"),
        {"encoding": "windows-1252"},
        "products.csv: error: the file starts with the byte order mark of utf-8, and its encoding is declared as"
        " windows-1252. Remove encoding from the source, or correct it.",
    ),
    "a record without end": (
        b"sku,title\nA,Cap\nB," + b"x" * (3 << 20),
        {"limit": 1 << 20},
        "products.csv:3: error: the row that starts here is over 1 MiB long."
        " Look for a quote that is not closed, or a wrong delimiter or line end.",
    ),
    "a record over the limit that ends": (
        b"sku,title\nA,Cap\nB," + b"x" * (1 << 20) + b"\nC,d\n",
        {"limit": 1 << 20},
        "products.csv:3: error: the row that starts here is over 1 MiB long."
        " Look for a quote that is not closed, or a wrong delimiter or line end.",
    ),
    "an open quote in a long file": (
        b'sku,title\nA,"Cap\n' + b"B,x\n" * (1 << 19),
        {"limit": 1 << 20},
        "products.csv:2: error: the quote opened here is not closed within 1 MiB."
        " Close it, or write it twice inside the text.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_the_message_says_what_and_where(tmp_path: Path, case: str) -> None:
    content, options, expected = BAD[case]
    blocks = [1, 2, 3, 7, 64] if len(content) <= 1000 else [1 << 18, 1 << 20]
    assert [message(tmp_path, content, block=n, **options) for n in blocks] == [expected] * len(blocks)
    assert message(tmp_path, content, **options) == expected


LENIENT_TOO = [
    "empty",
    "header only",
    "row too short",
    "last row cut",
    "row too long",
    "another delimiter",
    "wrong width after cells with line breaks",
    "blank line inside",
    "quote never closed",
    "quote never closed, with later quotes",
    "quote opened on a cell's second line",
    "the same header twice",
    "a header without a name",
    "windows-1252",
    "cut inside a character",
    "a record without end",
]


@pytest.mark.parametrize("case", LENIENT_TOO)
def test_the_lenient_dialect_proves_the_same(tmp_path: Path, case: str) -> None:
    content, options, expected = BAD[case]
    assert message(tmp_path, content, dialect="lenient", **options) == expected


def test_lenient_nul(tmp_path: Path) -> None:
    assert message(tmp_path, b"sku,title\nA,\0\n", dialect="lenient") == (
        f"products.csv:2: error: a NUL character, byte 3 of the line. {NUL_FIX}"
    )


def test_the_first_of_several_problems_is_named(tmp_path: Path) -> None:
    content = b'sku,title\nA\nB,\xff\nC,\0\nD,"x'
    for block in (1, 5, 4096):
        assert message(tmp_path, content, block=block).startswith("products.csv:2: error: 1 cell, the header has 2.")


def test_a_blank_line_before_an_open_quote_is_the_first_problem(tmp_path: Path) -> None:
    for block in (1, 5, 4096):
        found = message(tmp_path, b'sku,title\nA,Cap\n\nB,"x\n', block=block)
        assert found.startswith("products.csv:3: error: a blank line between rows")


def test_gzip_that_unpacks_to_much_more_than_a_block(tmp_path: Path) -> None:
    content = b"sku,title\n" + b"A,Cap\n" * 100_000
    for level in (1, 9):
        for block in (1 << 10, 1 << 16, 1 << 20):
            frame = read(tmp_path, gzip.compress(content, level), "products.csv.gz", block=block)
            assert frame.height == 100_000


def test_a_quote_that_closes_by_chance_cannot_be_told_from_a_cell_of_two_lines(tmp_path: Path) -> None:
    assert read(tmp_path, b'sku,title\nA,"Cap,1\nB,"\nC,x\n').rows() == [("A", "Cap,1\nB,", 2), ("C", "x", 4)]


def test_a_message_about_a_huge_cell_is_short(tmp_path: Path) -> None:
    assert len(message(tmp_path, b"sku,title\nA,Cap\n\xf1" + b"x" * 5_000_000)) < 300


@pytest.mark.parametrize("make", ["missing", "folder", "unreadable"])
def test_a_file_that_cannot_be_read(tmp_path: Path, make: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "products.csv"
    if make == "folder":
        path.mkdir()
    if make == "unreadable":

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError) as caught:
        list(CsvSource(StoredFile(path, "products.csv")).blocks())
    assert caught.value.exit_code == Exit.CANNOT_RUN
    assert (
        caught.value.message()
        == {
            "missing": "products.csv: error: no such file. Check path of the source; it is relative to feedsync.yaml.",
            "folder": "products.csv: error: this is a folder, not a file. Name the file in path.",
            "unreadable": "products.csv: error: cannot be read: Permission denied."
            " Check the file's permissions and the disk.",
        }[make]
    )


def test_gzip_that_is_cut_at_any_byte_is_an_error(tmp_path: Path) -> None:
    packed = gzip.compress(b"sku,title\n" + b"".join(b"A-%d,Cap\n" % n for n in range(50)), mtime=0)
    cut = "products.csv.gz: error: the gzip data end too early. The file was cut short; fetch or export it again."
    assert {message(tmp_path, packed[:n], "products.csv.gz") for n in range(2, len(packed))} == {cut}
    assert message(tmp_path, packed[:1], "products.csv.gz").endswith("but this is not gzip. Rename or pack the file.")


def test_gzip_with_a_flipped_byte_is_an_error(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"sku,title\nA,Cap\n", mtime=0))
    packed[-6] ^= 1  # in the checksum
    assert message(tmp_path, bytes(packed), "products.csv.gz") == (
        "products.csv.gz: error: the gzip data are damaged. Fetch or export the file again."
    )


def test_rubbish_after_gzip_is_an_error_and_padding_is_not(tmp_path: Path) -> None:
    packed = gzip.compress(b"sku\nA\n", mtime=0)
    assert message(tmp_path, packed + b"rubbish", "products.csv.gz").startswith("products.csv.gz: error: the gzip")
    assert read(tmp_path, packed + bytes(100), "products.csv.gz").rows() == [("A", 2)]


CUT_SAMPLE = b'sku,title\r\nA,"Cap, ""red""\r\nsoft"\r\nB,5\xc3\xb1\r\n"C",""\r\n'
CUT_ROWS = [("A", 'Cap, "red"\r\nsoft', 2), ("B", "5\u00f1", 4), ("C", None, 5)]


@pytest.mark.parametrize("block", [1, 5, 4096])
def test_a_file_cut_at_any_byte_is_an_error_or_a_prefix_of_whole_rows(tmp_path: Path, block: int) -> None:
    """A cut exactly between two records cannot be noticed; one inside the last cell only where a quote is open.

    The proof says when the last record has no line end, so all cuts that change a value are flagged.
    """
    path = tmp_path / "p.csv"
    ends = [11, 35, 42, 50]
    unnoticed = []
    for length in range(len(CUT_SAMPLE) + 1):
        path.write_bytes(CUT_SAMPLE[:length])
        source = CsvSource(StoredFile(path, "p.csv"), block=block)
        try:
            rows = [row for frame in source.blocks() for row in frame.rows()]
        except SourceError:
            assert length not in ends[1:]
            continue
        assert source.proof.line_end == (length in ends)
        if rows != CUT_ROWS[: len(rows)]:
            assert rows[:-1] == CUT_ROWS[: len(rows) - 1]
            unnoticed.append((CUT_SAMPLE[:length].rpartition(b"\n")[2], rows[-1]))
    assert unnoticed == [
        (b"A,", ("A", None, 2)),
        (b'A,"Cap, "', ("A", "Cap, ", 2)),
        (b'A,"Cap, ""red"', ("A", 'Cap, "red', 2)),
        (b"B,", ("B", None, 4)),
        (b"B,5", ("B", "5", 4)),
    ]


def test_skip_quarantines_ragged_rows_and_says_so(tmp_path: Path) -> None:
    content = b'sku,title\nA,Cap\nB\n\nC,"H\nat"\nD,x,y\nE,Tie\n'
    for block in (1, 9, 4096):
        for dialect in ("strict", "lenient"):
            (tmp_path / "p.csv").write_bytes(content)
            source = CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), on_ragged="skip", block=block, dialect=dialect)
            rows = [row for frame in source.blocks() for row in frame.rows()]
            assert rows == [("A", "Cap", 2), ("C", "H\nat", 5), ("E", "Tie", 8)]
            assert (source.proof.complete, source.proof.skipped, source.proof.quarantined) == (False, (3, 4, 7), 3)


def test_skip_names_at_most_a_hundred_lines(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"sku,title\nA,Cap\n" + b"B\n" * 150)
    source = CsvSource(StoredFile(tmp_path / "p.csv", "p.csv"), on_ragged="skip", block=64)
    assert sum(frame.height for frame in source.blocks()) == 1
    assert (source.proof.skipped, source.proof.quarantined) == (tuple(range(3, 103)), 150)


def test_skip_still_stops_at_an_open_quote(tmp_path: Path) -> None:
    assert message(tmp_path, b'sku,title\nA\nB,"x\n', on_ragged="skip") == "products.csv:3: " + OPEN.format("title")
