"""catalog describe: types, gaps, damage, drift; the same bytes for the same file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from feedsync.cli.app import app
from feedsync.run.profile import Column, kind_of
from feedsync.run.profile.distinct import KEPT, Distinct

CATALOG = """\
SKU;Nombre;EAN;Precio;PVP;URL;Nota
A-1;Ba\u00c3\u00b1ador;8412345678905;49,50;59,90;https://x.example/1;<b>x</b>
A-2;Gorro;8,41235E+12;16,53;20,00;https://x.example/2;
A-3; Bota ;8412345678906;41,24;49,90;https://x.example/3;
A-3;Guante;8412345678912;1.049.50;1.269,90;https://x.example/4;
A-5;Capa;;37.15;44.95;https://x.example/5;
"""


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments], prog_name="feedsync")
    return done.exit_code, done.stdout


def described(folder: Path, *more: str) -> dict[str, dict[str, object]]:
    code, out = run("-C", folder, "catalog", "describe", *more, "--format", "json")
    assert code == 0
    (source,) = json.loads(out)["sources"]
    return {"": source, **{one["column"]: one for one in source["columns"]}}


def damage(column: dict[str, object]) -> list[tuple[object, ...]]:
    harms = column["damage"]
    assert isinstance(harms, list)
    return [(one["harm"], one["cells"], one["sample"]) for one in harms]


def test_columns_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CATALOG, encoding="utf-8")
    found = described(tmp_path, "c.csv")
    facts = {name: (one["field"], one["type"], one["filled"], one["distinct"]) for name, one in found.items() if name}
    assert facts == {
        "SKU": ("sku", "text", 5, 4),
        "Nombre": ("title", "text", 5, 5),
        "EAN": ("gtin", "gtin", 4, 4),
        "Precio": ("price", "text", 5, 5),
        "PVP": (None, "decimal", 5, 5),
        "URL": ("link", "url", 5, 5),
        "Nota": (None, "html", 1, 1),
    }
    assert damage(found["SKU"]) == [("duplicates", 1, None)]
    assert damage(found["Nombre"]) == [("mojibake", 1, "Ba\u00c3\u00b1ador"), ("spaces", 1, " Bota ")]
    assert damage(found["EAN"]) == [("spreadsheet", 1, "8,41235E+12"), ("check_digit", 1, None)]
    assert damage(found["PVP"]) == [("mixed_decimals", 1, "44.95")]
    assert found[""]["drift"] is None


@pytest.mark.parametrize(
    ("prices", "percent"),
    [
        (["49,50", "16,53", "41,24", "37,15", "8,22"], 21),  # 59.90 20.00 49.90 44.95 9.95
        (["50,34", "16,81", "41,93", "37,77", "8,36"], 19),
        (["59,90", "20,00", "49,90", "44,95", "9,95"], None),
        (["13,37", "18,11", "42,42", "77,13", "8,88"], None),
    ],
)
def test_prices_that_look_net(prices: list[str], percent: int | None) -> None:
    column = Column("Precio")
    column.add(pl.Series(prices))
    assert (kind_of(column), column.mark, column.taxless) == ("decimal", ",", percent)


def test_drift_since_the_last_time(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("sku,price,old\n" + "A,1.50,x\n" * 10, encoding="utf-8")
    assert described(tmp_path, "c.csv")[""]["drift"] is None
    remembered = (tmp_path / ".feedsync" / "describe.json").read_bytes()
    assert described(tmp_path, "c.csv")[""]["drift"] == []
    assert (tmp_path / ".feedsync" / "describe.json").read_bytes() == remembered
    file.write_text("sku,price,new\n" + "A,uno,x\n" * 8 + "A,,\n" * 4, encoding="utf-8")
    assert described(tmp_path, "c.csv")[""]["drift"] == [
        {"what": "rows", "column": None, "before": "10", "after": "12"},
        {"what": "column_gone", "column": "old", "before": "", "after": ""},
        {"what": "kind", "column": "price", "before": "decimal", "after": "choice"},
        {"what": "filled", "column": "price", "before": "100", "after": "66"},
        {"what": "column_new", "column": "new", "before": "", "after": ""},
    ]
    assert [one.name for one in (tmp_path / ".feedsync").iterdir()] == ["describe.json"]


@pytest.mark.parametrize(
    "broken", [b"", b"{}", b"[1]", b'{"format_version": "1.0", "sources": {"c.csv": {}}}', b"\xff"]
)
def test_a_broken_memory_is_a_first_time(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "c.csv").write_text("sku\nA\n", encoding="utf-8")
    (tmp_path / ".feedsync").mkdir()
    (tmp_path / ".feedsync" / "describe.json").write_bytes(broken)
    assert described(tmp_path, "c.csv")[""]["drift"] is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sku\nA\n", encoding="utf-8")
    (tmp_path / ".feedsync").write_text("a file", encoding="utf-8")
    done = CliRunner().invoke(app, ["-C", str(tmp_path), "catalog", "describe", "c.csv"], prog_name="feedsync")
    assert done.exit_code == 0
    assert "what was found cannot be kept for the next time" in done.stderr


def test_the_table(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CATALOG, encoding="utf-8")
    code, out = run("-C", tmp_path, "catalog", "describe", "c.csv")
    assert code == 0
    assert out.splitlines()[:4] == [
        "c.csv: 5 rows, 7 columns",
        "  column field type     filled distinct samples",
        "! SKU    sku   text    100.0 %        4 A-1, A-2, A-3",
        "! Nombre title text    100.0 %        5 Ba\u00c3\u00b1ador, Gorro, Bota",
    ]
    assert max(map(len, out.splitlines())) <= 80


def test_a_project_names_the_fields(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Clave,Otro\nA,x\n", encoding="utf-8")
    market = "{country: ES, language: es, currency: EUR}"
    text = (
        "catalog: {sources: [{path: c.csv}], fields: {sku: {from: Clave}}}\n"
        f"feeds: {{f: {{channel: generic_marketplace@2026-11, market: {market}}}}}\n"
    )
    (tmp_path / "feedsync.yaml").write_text(text, encoding="utf-8")
    found = described(tmp_path)
    assert {name: one["field"] for name, one in found.items() if name} == {"Clave": "sku", "Otro": None}


def test_distinct_is_exact_up_to_a_bound_and_near_beyond() -> None:
    exact, about = Distinct(), Distinct()
    for start in range(0, 3 * KEPT, 10_000):
        block = pl.Series([f"v{number}" for number in range(start, start + 10_000)])
        about.add(block)
        about.add(block)
        if start < KEPT:
            exact.add(block)
    assert (exact.exact, exact.count) == (True, KEPT)
    assert not about.exact
    assert about.count == 150_000


def test_the_same_whatever_the_blocks_are() -> None:
    cells = pl.Series([None, "1,5", "2.5", "x", "1,5", "  ", "8412345678905"] * 50)
    whole, parts = Column("c"), Column("c")
    whole.add(cells)
    for start in range(0, len(cells), 7):
        parts.add(cells.slice(start, 7))
    facts = [
        (
            one.filled,
            {k: v for k, v in one.forms.items() if not k.startswith("ends")},
            one.samples,
            one.values,
            one.shown,
        )
        for one in (whole, parts)
    ]
    assert facts[0][:4] == facts[1][:4]
