"""Files that tests read: workbooks written by hand, part by part, so that every cell is as a program stores it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

Cells = Sequence[object]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
EXCEL_DAY = dt.date(1899, 12, 30).toordinal()


class Raw(str):
    """A cell's XML as it is; {ref} stands for its place."""

    __slots__ = ()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def xlsx(sheets: Mapping[str, Iterable[Cells]], hidden: Sequence[str] = (), first: int = 1, merged: str = "") -> bytes:
    """A workbook; `first` is the number of the first row."""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
        for n, name in enumerate(sheets, 1)
    )
    parts: dict[str, str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}<Relationship Id="s" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }
    for n, rows in enumerate(sheets.values(), 1):
        lines = "".join(
            f'<row r="{number}">{"".join(_excel(cell, f"{_letters(at)}{number}") for at, cell in enumerate(row))}</row>'
            for number, row in enumerate(rows, first)
        )
        merge = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{merge}</worksheet>'
        )
    return zipped(parts)


def _excel(cell: object, ref: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Raw):
        return cell.replace("{ref}", ref)
    if isinstance(cell, bool):
        return f'<c r="{ref}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float | Decimal):
        return f'<c r="{ref}"><v>{cell!s}</v></c>'
    if isinstance(cell, dt.datetime):
        return f'<c r="{ref}" s="2"><v>{cell.toordinal() - EXCEL_DAY + (cell.hour * 60 + cell.minute) / 1440!r}</v></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{ref}" s="1"><v>{cell.toordinal() - EXCEL_DAY}</v></c>'
    text = escape(str(cell)).replace("\r", "_x000D_")
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def ods(rows: Iterable[Cells]) -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Hoja1">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, Raw):
        return str(cell)
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float | Decimal):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    if isinstance(cell, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    lines = "".join(
        f"<text:p>{escape(line).replace(chr(9), '<text:tab/>')}</text:p>"
        for line in str(cell).replace("\r", "").split("\n")
    )
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
