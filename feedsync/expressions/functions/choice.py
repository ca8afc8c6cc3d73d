"""Functions that choose: the first that is there, and what a table says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import polars as pl

from feedsync.expressions.functions.declare import all_present, apply, one_type, refuse, text_of
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.scope import Table
from feedsync.expressions.values import Asked, Value, literal
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import DECIMAL, NONE, TEXT

BETWEEN: Final = "\x1f"  # between the parts of a key; never part of a text of the catalog
NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,8})?")


def looked_up(key: pl.Expr, rows: Mapping[str, str]) -> pl.Expr:
    """What a table says of each key; null where it has no such key.

    "Jackets", {"Jackets": "5598"} -> "5598"
    """
    old, new = pl.Series(list(rows), dtype=pl.String), pl.Series(list(rows.values()), dtype=pl.String)
    return key.replace_strict(old, new, default=None, return_dtype=pl.String)


def number_looked_up(key: pl.Expr, rows: Mapping[str, str]) -> pl.Expr:
    """The same as numbers."""
    old = pl.Series(list(rows), dtype=pl.String)
    new = pl.Series([Decimal(value) for value in rows.values()], dtype=DECIMAL_DTYPE)
    return key.replace_strict(old, new, default=None, return_dtype=DECIMAL_DTYPE)


def category(path: pl.Expr, rows: Mapping[str, str], separator: str) -> pl.Expr:
    """What a table says of the longest leading part of a path.

    "Shop > Men > Jackets > Rain", {"Shop > Men > Jackets": "5598"}, ">" -> "5598"
    """
    steps = path.str.split(separator).list.eval(pl.element().str.strip_chars())
    known = {BETWEEN.join(_steps(key, separator)): value for key, value in rows.items()}
    depths = sorted({key.count(BETWEEN) + 1 for key in known}, reverse=True)

    def longest(parts: pl.Expr) -> pl.Expr:
        return pl.coalesce(
            looked_up(
                parts.list.head(depth).list.join(BETWEEN),
                {key: value for key, value in known.items() if key.count(BETWEEN) + 1 == depth},
            )
            for depth in depths
        )

    return apply(longest, steps) if depths else pl.lit(None, dtype=pl.String)


def _steps(path: str, separator: str) -> list[str]:
    return [step.strip() for step in path.split(separator)]


def _lookup(call: Call) -> Outcome:
    table: Table = call.args["table"]
    keys: tuple[Value, ...] = (call.input, *call.args["keys"])
    if len(keys) != len(table.keys):
        raise refuse(call, "function_table_keys", table=table.name, wanted=len(table.keys), given=len(keys))
    if table.prefix and len(keys) == 1:
        return _category(call)
    key = pl.concat_str([text_of(call, part).str.strip_chars() for part in keys], separator=BETWEEN)
    rows = {BETWEEN.join(part.strip() for part in parts): value for parts, value in table.rows.items()}
    found = looked_up(key, rows)
    number = None
    if rows and all(NUMBER.fullmatch(value) for value in rows.values()):
        bound = max(abs(Decimal(value)) for value in rows.values())
        number = Value(number_looked_up(key, rows), DECIMAL, bound=bound)
    return _found(call, found, number, Asked(table.name, table.rows, key, all_present(*keys)))


def _value_map(call: Call) -> Outcome:
    table: Table = call.args["table"]
    if len(table.keys) != 1:
        raise refuse(call, "function_one_key", table=table.name)
    rows = {key.strip(): value for (key,), value in table.rows.items()}
    key = text_of(call, call.input).str.strip_chars()
    return _found(
        call, looked_up(key, rows), None, Asked(table.name, table.rows, key, call.input.expr.is_not_null()), "value_map"
    )


def _category(call: Call) -> Outcome:
    table: Table = call.args["table"]
    if len(table.keys) != 1:
        raise refuse(call, "function_one_key", table=table.name)
    rows = {key: value for (key,), value in table.rows.items()}
    path = text_of(call, call.input)
    found = category(path, rows, table.separator)
    return _found(
        call, found, None, Asked(table.name, table.rows, path, call.input.expr.is_not_null(), table.separator)
    )


def _found(call: Call, found: pl.Expr, number: Value | None, look: Asked, shown: str = "") -> Outcome:
    """The outcome of a lookup: with a default nothing fails, and without input nothing is asked."""
    default, asked = call.args.get("default"), look.asked
    if not isinstance(default, Value):
        details = {"table": shown or look.table}
        return Outcome(Value(found, TEXT, number=number), asked & found.is_null(), "FS202", details, look)
    wanted = default.number or default
    if number is not None and wanted.type.numeric:
        number = Value(
            apply(_or_default, number.expr, wanted.expr.cast(DECIMAL_DTYPE), asked),
            DECIMAL,
            bound=max(number.bound, wanted.bound),
        )
    else:
        number = None
    text = apply(_or_default, found, text_of(call, default), asked)
    return Outcome(Value(text, TEXT, number=number), asked=look)


def _or_default(found: pl.Expr, default: pl.Expr, asked: pl.Expr) -> pl.Expr:
    return pl.when(asked).then(pl.coalesce(found, default))


def _first(call: Call, values: list[Value]) -> Value:
    kind, parts = one_type(call, values)
    if not parts:
        return values[0]
    return Value(parts[0] if len(parts) == 1 else pl.coalesce(parts), kind)


def _default(call: Call) -> Value:
    return _first(call, [call.input, call.args["value"]])


def _first_of(call: Call) -> Value:
    if call.args["others"]:
        return _first(call, [call.input, *call.args["others"]])
    if call.input.parts:
        return _first(call, list(call.input.parts))
    kind = call.input.type
    if kind == NONE:
        return call.input
    if kind.kind != "list":
        raise refuse(call, "function_first_of")
    if kind.of == NONE:
        return literal(None)
    return Value(call.input.expr.list.drop_nulls().list.first(), kind.of or TEXT)


MAPPED: Final = "{'InStock': 'in_stock', 'SoldOut': 'out_of_stock'}"
DEFAULT: Final = Param("default", "any", None)

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "default",
            _default,
            takes=("any",),
            params=(Param("value", "any"),),
            sees_missing=True,
            summary="The value, or another one where it is missing.",
            examples=(
                Example("{{ color | default('multicolour') }}", {"color": ""}, "multicolour"),
                Example("{{ color | default('multicolour') }}", {"color": "red"}, "red"),
                Example("{{ stock | default(0.5) }}", {"stock": "5"}, "5"),
            ),
            jinja="Also for empty and blank text; there is no second argument.",
        ),
        Function(
            "first_of",
            _first_of,
            takes=("any",),
            params=(Param("others", "any", (), many=True),),
            sees_missing=True,
            summary="The first value that is there, of a list or of the input and the arguments.",
            examples=(
                Example("{{ [ean, upc] | first_of }}", {"ean": "", "upc": "012345678905"}, "012345678905"),
                Example("{{ ean | first_of(upc, 'none') }}", {"ean": "", "upc": ""}, "none"),
            ),
        ),
        Function(
            "lookup",
            _lookup,
            takes=("text", "integer", "decimal"),
            returns=TEXT,
            params=(Param("table", "table", literal=True), Param("keys", "any", (), many=True), DEFAULT),
            sees_missing=True,
            summary="What a table of the project says of the value (and of further keys); missing and a warning where it "
            "says nothing, unless there is a default.",
            examples=(
                Example("{{ tax | lookup({'general': '21', 'reducido': '10'}) }}", {"tax": "general "}, "21"),
                Example("{{ tax | lookup({'general': '21'}, default='4') }}", {"tax": "x"}, "4"),
                Example("{{ tax | lookup({'general': '21'}, default='4') }}", {"tax": ""}, None),
                Example("{{ tax | lookup({'general': '21'}) }}", {"tax": "x"}, None),
                Example("{{ 100 | add_tax(tax | lookup({'general': '21'})) }}", {"tax": "general"}, "121"),
            ),
        ),
        Function(
            "value_map",
            _value_map,
            takes=("text", "integer", "decimal", "boolean"),
            returns=TEXT,
            params=(Param("table", "table", literal=True), DEFAULT),
            sees_missing=True,
            summary="One of a few values for another; missing and a warning where the value is not listed.",
            examples=(
                Example("{{ status | value_map(" + MAPPED + ") }}", {"status": "InStock"}, "in_stock"),
                Example("{{ status | value_map(" + MAPPED + ") }}", {"status": "Unknown"}, None),
            ),
        ),
        Function(
            "category",
            _category,
            returns=TEXT,
            params=(Param("table", "table", literal=True), DEFAULT),
            sees_missing=True,
            summary="What a table says of the longest leading part of a category path, such as Shop > Men > Jackets.",
            examples=(
                Example(
                    "{{ path | category({'Shop': 'x', 'Shop>Men > Jackets': '5598'}) }}",
                    {"path": "Shop > Men > Jackets > Rain"},
                    "5598",
                ),
                Example("{{ path | category({'Shop > Men': '1604'}) }}", {"path": "Shop > Menswear"}, None),
            ),
        ),
    )
}
