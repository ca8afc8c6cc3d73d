"""Workbooks: cells as people see them, nothing passed over in silence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from making import Raw, ods, xlsx, zipped
from reading import whole

from feedsync.errors import FeedsyncError, Place
from feedsync.sources import packed, workbook_scan
from feedsync.sources.base import Remark
from feedsync.sources.stored import StoredFile
from feedsync.sources.workbook import WorkbookSource

MOMENT = dt.datetime.fromisoformat("2026-01-02T03:30:00")
VALUES: list[tuple[object, str | None]] = [
    ("007", "007"),
    (8412345678905, "8412345678905"),
    (9007199254740991, "9007199254740991"),
    (0.30000000000000004, "0.3"),
    (19.9, "19.9"),
    (Raw('<c r="{ref}"><v>1.0000000000000001E-5</v></c>'), "0.00001"),
    (Raw('<c r="{ref}"><v>10.0</v></c>'), "10"),
    (Raw('<c r="{ref}"><v>1E21</v></c>'), "1000000000000000000000"),
    (-0.5, "-0.5"),
    (True, "true"),
    (False, "false"),
    (dt.date(2026, 1, 2), "2026-01-02"),
    (MOMENT, "2026-01-02T03:30:00"),
    (" x ", " x "),
    ("a\nb", "a\nb"),
    ("  ", None),
    (None, None),
]


def source(folder: Path, content: bytes, kind: str = "xlsx", **options: Any) -> WorkbookSource:
    (folder / "p.xlsx").write_bytes(content)
    return WorkbookSource(StoredFile(folder / "p.xlsx", "p.xlsx"), kind=kind, **options)  # type: ignore[arg-type]  # one of its two


def message(folder: Path, content: bytes, kind: str = "xlsx", **options: Any) -> str:
    with pytest.raises(FeedsyncError) as caught:
        whole(source(folder, content, kind, **options))
    return caught.value.message()


def test_cells_as_text(tmp_path: Path) -> None:
    rows = [["k", "v"], *([str(number), value] for number, (value, _) in enumerate(VALUES))]
    frame = whole(source(tmp_path, xlsx({"Hoja": rows})))
    assert frame["v"].to_list() == [text for _, text in VALUES]


def test_cells_of_ods_as_text(tmp_path: Path) -> None:
    values = [(value, text) for value, text in VALUES if not isinstance(value, Raw)]
    rows = [["k", "v"], *([str(number), value] for number, (value, _) in enumerate(values))]
    frame = whole(source(tmp_path, ods(rows), "ods"))
    assert frame["v"].to_list() == [text for _, text in values]


@pytest.mark.parametrize("piece", [40, 1 << 20])
def test_tabs_and_breaks_of_ods_are_characters(tmp_path: Path, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_scan, "PIECE", piece)
    monkeypatch.setattr(workbook_scan, "OVERLAP", 60)
    text = "<text:p>a<text:tab/>b<text:line-break></text:line-break>c<text:s/>d</text:p>"
    cell = Raw(f'<table:table-cell office:value-type="string">{text}</table:table-cell>')
    assert whole(source(tmp_path, ods([["v"], [cell]]), "ods")).rows() == [("a\tb\nc d", 2)]


def test_where_the_table_stands(tmp_path: Path) -> None:
    """The first row with anything in it is the header; what is empty is nothing."""
    rows = [[], [None, None, "sku", " ", "título"], [None, " ", "A", None, "x"], [], [None, None, "B", None, None]]
    for size in (1, 100):
        frame = whole(source(tmp_path, xlsx({"Hoja": rows}, first=3), rows=size))
        assert frame.rows() == [("A", "x", 5), ("B", None, 7)]
        assert frame.columns == ["sku", "título", "_row"]


def test_numbers_are_marked(tmp_path: Path) -> None:
    (block,) = source(tmp_path, xlsx({"Hoja": [["a", "b"], [1.5, "x"], ["1,5", "y"]]})).blocks()
    assert block.columns == ["a", "b", "_number:a", "_row"]
    assert block["_number:a"].to_list() == [True, False]


def test_sheets(tmp_path: Path) -> None:
    book = xlsx({"Notas": [["n"], ["1"]], "Precios & más": [["a"], ["2"]], "C": [["c"], ["3"]]}, hidden=["Notas"])
    first = source(tmp_path, book)
    assert whole(first).rows() == [("2", 2)]
    said = Remark("hint", "workbook_sheets", (("sheet", "Precios & más"), ("others", "C")))
    assert first.proof.remarks == (said,)
    for name, value in (("Notas", "1"), ("Precios & más", "2"), ("C", "3")):
        named = source(tmp_path, book, sheet=name)
        assert whole(named).rows() == [(value, 2)]
        assert named.proof.remarks == ()
    assert message(tmp_path, book, sheet="precios & mas") == (
        'p.xlsx: error: there is no sheet "precios & mas"; did you mean "Precios & más"?'
        " Correct sheet on the source; there are Notas, Precios & más, C."
    )
    hidden = xlsx({"A": [["a"]]}, hidden=["A"])
    assert message(tmp_path, hidden) == "p.xlsx: error: no sheet is visible. Set sheet on the source: A."


ERROR = Raw('<c r="{ref}" t="e"><v>#N/A</v></c>')
ERROR_QUOTES = Raw("<c r='{ref}' t='e'><v>#N/A</v></c>")
UNKNOWN = Raw('<c r="{ref}"><f>SUM(A1:A2)</f></c>')
ERROR_ODS = Raw(
    '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
    "<text:p>#N/A</text:p></table:table-cell>"
)


@pytest.mark.parametrize("piece", [64, 1 << 20])
def test_formulas_without_a_value_are_said(tmp_path: Path, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_scan, "PIECE", piece)
    done = Raw('<c r="{ref}" t="str"><f>A1</f><v>x</v></c>')
    rows = [["a", "b"], ["1", ERROR], ["2", UNKNOWN], ["3", done], ["4", ERROR_QUOTES]]
    one = source(tmp_path, xlsx({"Hoja": rows, "Otra": [[ERROR]]}), sheet="Hoja")
    assert whole(one)["b"].to_list() == [None, None, "x", None]
    assert one.proof.remarks == (
        Remark("warning", "workbook_errors", (("count", 2), ("cell", "B2"))),
        Remark("warning", "workbook_unknown", (("count", 1), ("cell", "B3"))),
    )
    other = source(tmp_path, ods([["a", "b"], ["1", ERROR_ODS]]), "ods")
    assert whole(other).rows() == [("1", None, 2)]
    assert other.proof.remarks == (Remark("warning", "workbook_errors", (("count", 1), ("cell", "–"))),)


SOUND = xlsx({"Hoja": [["sku", "title"], ["A", "x"], ["B", "y"]]})
DAMAGED = "p.xlsx: error: this is no whole workbook: it is damaged, cut short or something else."
OLD = "p.xlsx: error: this is an old .xls workbook, or one with a password. Save it as .xlsx without a password"


def unnumbered(last_row: int, cells: int) -> bytes:
    """A cell in a row far below, and a row of cells that do not say where they stand."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = f'<row r="1">{"<c><v>1</v></c>" * cells}</row><row r="{last_row}"><c><v>1</v></c></row>'
    with zipfile.ZipFile(io.BytesIO(xlsx({"Hoja": [["a"]]}))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet1.xml"] = f"{head}{rows}</sheetData></worksheet>".encode()
    return zipped(parts)


BAD: dict[str, tuple[bytes, str]] = {
    "empty file": (b"", "p.xlsx: error: the file is empty."),
    "CSV": (b"sku,title\nA,x\n", DAMAGED),
    "another archive": (zipped({"p.csv": b"x"}), DAMAGED),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OLD),
    "empty sheet": (xlsx({"Hoja": []}), 'p.xlsx: error: the sheet "Hoja" is empty.'),
    "header only": (xlsx({"Hoja": [["sku", "title"]]}), "p.xlsx: error: a header and no products."),
    "header twice": (xlsx({"Hoja": [["a", "a"], ["1", "2"]]}), 'p.xlsx:1: error: the header "a" stands twice'),
    "no header": (
        xlsx({"Hoja": [["a", None, "b"], ["1", None, "2"], ["1", "x", "2"]]}),
        "p.xlsx:3: error: column B has a value here and no name in the header (row 1).",
    ),
    "merged": (
        xlsx({"Hoja": [["a", "b"], ["1", "x"], [None, "y"]]}, merged="A2:A3"),
        "p.xlsx:2: error: cell A2 is merged with the cells below it, to row 3; only the first row has the value.",
    ),
    "far away": (
        xlsx({"Hoja": [["a"], ["1", Raw('<c r="XFD1048576"><v>1</v></c>')]]}),
        "p.xlsx: error: the sheet spans more than 50 million cells.",
    ),
    "far away, other quotes": (
        xlsx({"Hoja": [["a"], ["1", Raw("<c r = 'XFD1048576'><v>1</v></c>")]]}),
        "p.xlsx: error: the sheet spans more than 50 million cells.",
    ),
    "far down, and cells that do not say where they stand": (
        unnumbered(1_048_576, 100),
        "p.xlsx: error: the sheet spans more than 50 million cells.",
    ),
}  # fmt: skip


def test_cells_that_do_not_say_where_they_stand(tmp_path: Path) -> None:
    """They follow each other, also across the pieces in which a sheet is looked at; a row is as wide as it has cells."""
    (tmp_path / "p.xlsx").write_bytes(unnumbered(40, 200_000))
    with zipfile.ZipFile(tmp_path / "p.xlsx") as whole_file:
        assert whole_file.getinfo("xl/worksheets/sheet1.xml").file_size > 2 * workbook_scan.PIECE
    workbook_scan.looked_through(tmp_path / "p.xlsx", Place("p.xlsx"), "Hoja")
    (tmp_path / "p.xlsx").write_bytes(unnumbered(251, 200_000))
    with pytest.raises(FeedsyncError, match="50 million"):
        workbook_scan.looked_through(tmp_path / "p.xlsx", Place("p.xlsx"), "Hoja")


@pytest.mark.parametrize("case", BAD)
def test_bad_workbooks(tmp_path: Path, case: str) -> None:
    content, expected = BAD[case]
    assert message(tmp_path, content).startswith(expected)


@pytest.mark.parametrize(("kind", "content"), [("xlsx", SOUND), ("ods", ods([["sku", "título"], ["A", "x"]]))])
def test_every_cut_is_an_error(tmp_path: Path, kind: str, content: bytes) -> None:
    for size in range(1, len(content)):
        assert message(tmp_path, content[:size], kind).startswith(DAMAGED), size


def test_a_changed_byte_never_changes_a_cell(tmp_path: Path) -> None:
    wanted = whole(source(tmp_path, SOUND))
    for at in range(len(SOUND)):
        changed = SOUND[:at] + bytes([SOUND[at] ^ 0x10]) + SOUND[at + 1 :]
        try:
            met = whole(source(tmp_path, changed))
        except FeedsyncError:
            continue
        assert met.equals(wanted), at


def test_merged_titles_and_headers_do_not_disturb(tmp_path: Path) -> None:
    rows = [["a", "b"], ["1", "x"]]
    assert whole(source(tmp_path, xlsx({"Hoja": rows}, merged="A1:B1"))).height == 1
    assert whole(source(tmp_path, xlsx({"Hoja": rows}, merged="A2:B2"))).height == 1


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SMALL", 1 << 20)
    (tmp_path / "bomb.xlsx").write_bytes(SOUND)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", bytes(8 << 20))
    assert "which no product export does" in message(tmp_path, (tmp_path / "bomb.xlsx").read_bytes())


def test_a_part_with_a_password(tmp_path: Path) -> None:
    changed = bytearray(SOUND)
    at = changed.rindex(b"PK\x01\x02")
    changed[at + 8] |= 1
    start = int.from_bytes(changed[at + 42 : at + 46], "little")
    changed[start + 6] |= 1
    assert message(tmp_path, bytes(changed)).startswith(OLD)


def _row(cells: str, repeat: int = 1) -> Raw:
    """A row of an .ods file, in place of the cell of the row before."""
    return Raw(f'</table:table-row><table:table-row a=">" table:number-rows-repeated="{repeat}">{cells}')


X = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
WIDE = X.replace("<table:table-cell", "<table:table-cell table:number-columns-repeated='{}'")
OUTSIDE = "p.xlsx: error: a sheet holds something below row 1048576 or right of column 16384, where no sheet reaches."
REPEATS: dict[str, tuple[list[str], str]] = {
    "below a gap": ([_row("<table:table-cell/>", 1_048_575), _row(X)], OUTSIDE),
    "many products": ([_row(X, 1_000_000_000)], OUTSIDE),
    "beyond numbers": ([_row(X, 10**30)], OUTSIDE),
    "far right": ([_row("<table:table-cell table:number-columns-repeated='16384'/>" + X)], OUTSIDE),
    "large": ([_row(WIDE.format(100), 600_000)], "p.xlsx: error: the sheet spans more than 50 million cells."),
}


@pytest.mark.parametrize("case", REPEATS)
def test_repeats_of_ods_are_bounded(tmp_path: Path, case: str) -> None:
    rows, expected = REPEATS[case]
    assert message(tmp_path, ods([["a"], rows]), "ods").startswith(expected)


def test_repeats_of_ods_are_read(tmp_path: Path) -> None:
    """As LibreOffice writes it: what is empty reaches to the end of the sheet."""
    end = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = [_row(X, 2), _row(end, 2), _row(X), _row(end, 1_048_569)]
    assert whole(source(tmp_path, ods([["a"], rows]), "ods")).rows() == [("x", 3), ("x", 4), ("x", 7)]


def test_currencies_of_ods_are_said(tmp_path: Path) -> None:
    amount = '<table:table-cell office:value-type="currency" office:currency="{}" office:value="1234.5"/>'
    one = source(tmp_path, ods([["a", "b"], [Raw(amount.format("USD")), Raw(amount.format("EUR"))]]), "ods")
    assert whole(one).rows() == [("1234.5", "1234.5", 2)]
    said = Remark("warning", "workbook_currency", (("count", 2), ("currencies", "EUR, USD")))
    assert one.proof.remarks == (said,)


@pytest.mark.parametrize("piece", [64, 1 << 20])
def test_a_long_text_in_many_cells_is_bounded(tmp_path: Path, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_scan, "PIECE", piece)
    monkeypatch.setattr(workbook_scan, "TEXT", 1 << 20)
    cells = [[Raw(f"<c r='A{row}' t='s'><v>{row % 2}</v></c>")] for row in range(2, 200)]
    (tmp_path / "long.xlsx").write_bytes(xlsx({"Hoja": [["a"], *cells]}))
    with zipfile.ZipFile(tmp_path / "long.xlsx", "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>x</t></si><si><t>{'y' * 20_000}</t></si></sst>")
    content = (tmp_path / "long.xlsx").read_bytes()
    assert message(tmp_path, content).startswith("p.xlsx: error: the cells of the sheet hold more than 1 MiB of text.")
    monkeypatch.setattr(workbook_scan, "TEXT", 2 << 20)
    assert whole(source(tmp_path, content)).height == 198
