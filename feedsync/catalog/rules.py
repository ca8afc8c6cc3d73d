"""What can be wrong with a catalog row: its key, its cells, its parent. Rules over the columns of a typed batch."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from feedsync.catalog.plan import FieldPlan, bad_flag
from feedsync.errors import Place
from feedsync.expressions.printing import text_of
from feedsync.findings import CODES
from feedsync.frames import Rule
from feedsync.semantics import Type

SHARED = "__shared"  # List(UInt64): the rows that share this row's key; null where it is the only one
PASSED_OVER = "__passed_over"  # another row of the same key is taken (on_repeated_key: first, last)
ORPHAN = "__orphan"  # the row names a parent that is not there
# a list or object of JSON, as a source writes one into a cell
_LINES = r"[\r\n]"
_NESTED = r"^(?:\{(?:\".*)?\}|\[(?:(?:[\"\[{]|-?[0-9]|true\b|false\b|null\b).*)?\])$"


def key_rules(key: str, kind: Type, zone: str, place: Place, label: str = "") -> list[Rule]:
    """FS101, FS102 and FS103 on the rows' key, the column `key`; people know it as `label`.

    A list or object is text for other fields, which templates take apart. As a key it would go to the channel as an
    id that no other export of the same shop has. A line break in a key is no part of it for anybody, and formats that
    know no line breaks would change it in silence.
    """
    text = text_of(pl.col(key), kind, zone)
    others = pl.col(SHARED).list.head(4).cast(pl.List(pl.String)).list.join(", ")
    met = pl.concat_str([text, pl.lit(" ("), others, pl.lit(")")])
    unfit = (text.str.contains(_NESTED) | text.str.contains(_LINES)).fill_null(False)
    return [
        Rule("FS103", label or key, unfit, text, "error", place, {"type": str(kind)}, at_row=True),
        Rule("FS101", label or key, pl.col(SHARED).is_not_null(), met, "error", place, at_row=True),
        Rule("FS102", label or key, pl.col(key).is_null(), pl.lit(None, dtype=pl.String), "error", place, at_row=True),
    ]


def field_rules(plan: FieldPlan, flags: Sequence[str], fields: Sequence[str]) -> list[Rule]:
    """FS103 for those of `fields` that can fail to read."""
    rules = []
    for name in fields:
        if name not in flags:
            continue
        one = plan.fields[name]
        details, severity = {"type": str(one.type)}, CODES["FS103"].severity
        if one.raw is None:  # a template: the mistake may be in it as well as in a cell
            met = pl.lit(one.options.template)
            rules.append(Rule("FS103", name, pl.col(bad_flag(name)), met, severity, one.place, details))
            continue
        met = pl.col(one.raw)
        rules.append(Rule("FS103", name, pl.col(bad_flag(name)), met, severity, one.place, details, at_row=True))
    return rules


def orphan_rule(parent: str, place: Place) -> Rule:
    """FS106: the parent that a variant names is not in the catalog."""
    return Rule("FS106", parent, pl.col(ORPHAN), pl.col(parent), CODES["FS106"].severity, place, at_row=True)
