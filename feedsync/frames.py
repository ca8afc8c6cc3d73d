"""The schema of every frame that crosses a stage border, and the Polars type of every semantic type.

Missing is null everywhere; there is no NaN. Money is `Struct(amount Decimal(38, 8), currency String)` and is null
as a whole when it is missing. A datetime is an instant shown in the catalog's time zone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from feedsync.errors import Place
from feedsync.semantics import SCALE, Type

DECIMAL_DTYPE = pl.Decimal(38, SCALE)
ROW = "_row"  # physical line (CSV) or record number (other formats), 1-based, the header counts as a line
SOURCE = "_source"  # the source's name as people read it in places
REASON = "_reason"  # why a row is excluded; null when it is not

FINDINGS = {
    "code": pl.String,  # FS302; never renumbered
    "severity": pl.String,  # error, warning or hint
    "feed": pl.String,
    "id": pl.String,  # the item's id, or the catalog key where there is no id yet
    "attribute": pl.String,
    "value": pl.String,  # clipped to VALUE_CHARACTERS
    "details": pl.String,  # what the message needs besides, as canonical JSON; equal for all rows of one rule
    SOURCE: pl.String,
    ROW: pl.UInt64,
}
VALUE_CHARACTERS = 120


@cache
def dtype(kind: Type, zone: str = "UTC") -> pl.DataType:
    """The Polars type that holds a semantic type; `zone` is the catalog's time zone."""
    if kind.textual or kind.kind == "none":
        return pl.String()
    if kind.kind == "list":
        return pl.List(dtype(kind.of, zone) if kind.of else pl.String())
    if kind.kind == "group":
        return pl.Struct({name: dtype(inner, zone) for name, inner in kind.fields})
    moment = pl.Datetime("us", zone)
    simple: dict[str, pl.DataType] = {
        "integer": pl.Int64(),
        "decimal": DECIMAL_DTYPE,
        "money": pl.Struct({"amount": DECIMAL_DTYPE, "currency": pl.String}),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "datetime": moment,
        "interval": pl.Struct({"start": moment, "end": moment}),
    }
    return simple[kind.kind]


def no_findings() -> pl.DataFrame:
    """An empty findings frame."""
    return pl.DataFrame(schema=FINDINGS)


@dataclass(frozen=True)
class Rule:
    """One way a row can be wrong, as data: `broken` is true (never null) in the rows it applies to."""

    code: str
    attribute: str
    """The attribute, or the catalog field for FS1xx."""
    broken: pl.Expr
    value: pl.Expr
    """What was met, as text; clipped when a finding is made of it."""
    severity: str
    place: Place
    """The mapping line that fills the attribute, or the field's declaration."""
    details: dict[str, str] = field(default_factory=dict)
    """Parameters of the finding's text besides the value; equal for all rows."""
    at_row: bool = False
    """People are sent to the source row, not to `place`: the cell is wrong, not the mapping."""


def finding_columns(rule: Rule, feed: str, source: str, identity: pl.Expr) -> list[pl.Expr]:
    """The columns of a findings frame, over the rows that break the rule; `identity` is their id, `source` theirs."""
    details = json.dumps(rule.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    cells = {
        "code": pl.lit(rule.code),
        "severity": pl.lit(rule.severity),
        "feed": pl.lit(feed),
        "id": identity,
        "attribute": pl.lit(rule.attribute),
        "value": rule.value.cast(pl.String).str.slice(0, VALUE_CHARACTERS),
        "details": pl.lit(details),
        SOURCE: pl.lit(source),
        ROW: pl.col(ROW),
    }
    return [cells[name].cast(dtype).alias(name) for name, dtype in FINDINGS.items()]
