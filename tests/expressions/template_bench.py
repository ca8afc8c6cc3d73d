"""A small scope and two rows (one full, one with nothing but a key) for the compiler's tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from feedsync.errors import Place
from feedsync.expressions import Compiled, Scope, Table, Value, WholeFeeds, compile_template, literal
from feedsync.expressions.printing import to_text
from feedsync.frames import dtype
from feedsync.semantics import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, MONEY, TEXT, Type, list_of

ZONE = "Europe/Madrid"
AT = Place("feedsync.yaml", 3, 10)
FIELDS: dict[str, Type] = {
    "sku": TEXT,
    "brand": TEXT,
    "title": TEXT,
    "size": TEXT,
    "tax": TEXT,
    "Precio normal": TEXT,
    "price": DECIMAL,
    "stock": INTEGER,
    "cost": MONEY,
    "tags": list_of(TEXT),
    "active": BOOLEAN,
    "day": DATE,
    "moment": DATETIME,
}
FULL: dict[str, object] = {
    "sku": "007",
    "brand": "Acme",
    "title": "Jacket",
    "size": "M",
    "tax": "general",
    "Precio normal": "49,90",
    "price": Decimal("49.90"),
    "stock": 3,
    "cost": {"amount": Decimal(5), "currency": "EUR"},
    "tags": ["a", None, "b"],
    "active": True,
    "day": date(2026, 12, 24),
    "moment": None,
}
EMPTY: dict[str, object] = {"sku": "B"}


def scope(**changes: object) -> Scope:
    names = {name: Value(pl.col(name), kind) for name, kind in FIELDS.items()}
    spaces = {
        "market": {"country": literal("ES"), "language": literal("es"), "currency": literal("EUR")},
        "item": {"title": Value(pl.col("title"), TEXT)},
    }
    tables = {"iva": Table("iva", {("general",): "21", ("reducido",): "10"})}
    settings: dict[str, object] = {
        "names": names,
        "spaces": spaces,
        "tables": tables,
        "zone": ZONE,
        "as_of": date(2026, 11, 21),
        "optional": frozenset({"color"}),
        **changes,
    }
    return Scope(**settings)  # type: ignore[arg-type]  # tests change any part


def rows(*given: dict[str, object]) -> pl.DataFrame:
    columns = {name: [row.get(name) for row in given] for name in FIELDS}
    return pl.DataFrame(columns, schema={name: dtype(kind, ZONE) for name, kind in FIELDS.items()})


def compiled(template: str, names: Scope | None = None) -> Compiled:
    return compile_template(template, names or scope(whole=WholeFeeds()), AT)


def results(template: str, *given: dict[str, object]) -> tuple[list[str | None], list[list[str]], list[list[str]]]:
    """Per row: the value as text, the failures `code step`, the fields of FS203."""
    names = scope()
    found = compile_template(template, names, AT)
    frame = rows(*given)
    for stage in names.hoisted.stages():
        frame = frame.with_columns(stage)
    frame = frame.with_columns(
        result=to_text(found.value, ZONE),
        **{f"failure {at}": failure.failed for at, failure in enumerate(found.failures)},
        **{f"unknown {unknown.field}": unknown.missing for unknown in found.unknowns},
    )
    failures: list[list[str]] = [[] for _ in given]
    unknowns: list[list[str]] = [[] for _ in given]
    for at, failure in enumerate(found.failures):
        for row, failed in enumerate(frame[f"failure {at}"].to_list()):
            failures[row] += [f"{failure.code} {failure.step}"] if failed else []
    for unknown in found.unknowns:
        for row, missing in enumerate(frame[f"unknown {unknown.field}"].to_list()):
            unknowns[row] += [unknown.field] if missing else []
    return frame["result"].to_list(), failures, unknowns
