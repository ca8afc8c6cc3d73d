"""Functions on measures: a number with a unit, as shops write it. Factors are exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

import polars as pl

from feedsync.expressions import numbers
from feedsync.expressions.functions.declare import refuse
from feedsync.expressions.functions.number import decimal
from feedsync.expressions.functions.parse import MARK, decimal_mark
from feedsync.expressions.once import once
from feedsync.expressions.printing import text_of
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import WIDEST, Value
from feedsync.frames import DECIMAL_DTYPE
from feedsync.semantics import DECIMAL, TEXT


class Unit(NamedTuple):
    """A unit: what it measures, how many of the smallest unit it is, and other ways to write it (in small letters)."""

    measures: str
    factor: Decimal
    spellings: tuple[str, ...] = ()


# International yard and pound of 1959, US liquid measures: https://www.nist.gov/pml/owm/metric-si/unit-conversion
# Weight in milligrams, length in millimetres, volume in microlitres, area in square centimetres: the smallest of each,
# so that every factor is exact in eight decimals.
UNITS: Final[dict[str, Unit]] = {
    "mg": Unit("weight", Decimal(1)),
    "g": Unit("weight", Decimal(1000), ("gr", "gram", "grams")),
    "kg": Unit("weight", Decimal(10**6), ("kgs", "kilo", "kilos")),
    "t": Unit("weight", Decimal(10**9)),
    "oz": Unit("weight", Decimal("28349.523125"), ("ounce", "ounces")),
    "lb": Unit("weight", Decimal("453592.37"), ("lbs", "pound", "pounds")),
    "mm": Unit("length", Decimal(1)),
    "cm": Unit("length", Decimal(10)),
    "m": Unit("length", Decimal(1000)),
    "in": Unit("length", Decimal("25.4"), ("inch", "inches", '"', "″", "''")),
    "ft": Unit("length", Decimal("304.8"), ("foot", "feet", "'", "′")),
    "yd": Unit("length", Decimal("914.4"), ("yard", "yards")),
    "ml": Unit("volume", Decimal(1000)),
    "cl": Unit("volume", Decimal(10**4)),
    "l": Unit("volume", Decimal(10**6), ("ltr", "liter", "litre", "litro", "litros")),
    "cbm": Unit("volume", Decimal(10**9), ("m3", "m³")),
    "floz": Unit("volume", Decimal("29573.5295625"), ("fl oz", "fl. oz", "fl. oz.")),
    "pt": Unit("volume", Decimal("473176.473"), ("pint", "pints")),
    "qt": Unit("volume", Decimal("946352.946"), ("quart", "quarts")),
    "gal": Unit("volume", Decimal("3785411.784"), ("gallon", "gallons")),
    "sqcm": Unit("area", Decimal(1), ("cm2", "cm²")),
    "sqm": Unit("area", Decimal(10**4), ("m2", "m²", "qm")),
    "sqft": Unit("area", Decimal("929.0304"), ("ft2", "ft²", "sq ft")),
}
SPELLED: Final = {spelling: name for name, unit in UNITS.items() for spelling in (name, *unit.spellings)}
_NUMBER: Final = r"^\s*([+\-−]?[0-9.,'’\s]*[0-9])\s*"


def number_of(text: pl.Expr, mark: str | None) -> pl.Expr:
    """The number that a measure begins with."""
    return numbers.decimal_from_text(text.str.extract(_NUMBER + r"\D", 1), mark).value


def unit_of(text: pl.Expr) -> pl.Expr:
    """The unit behind the number, in its own spelling; null where it is none of UNITS.

    "0,57 KG" -> "kg"
    """
    written = text.str.replace(_NUMBER, "").str.strip_chars().str.to_lowercase().str.strip_chars_end(".")
    return written.replace_strict(list(SPELLED), list(SPELLED.values()), default=None, return_dtype=pl.String)


def converted(number: pl.Expr, unit: pl.Expr, wanted: str) -> pl.Expr:
    """The number in another unit of the same kind, to eight decimals; null from another kind.

    570, "g", "kg" -> 0.57
    """
    kin = {name: entry.factor for name, entry in UNITS.items() if entry.measures == UNITS[wanted].measures}
    factor = unit.replace_strict(
        pl.Series(list(kin)),
        pl.Series(list(kin.values()), dtype=DECIMAL_DTYPE),
        default=None,
        return_dtype=DECIMAL_DTYPE,
    )
    other = number * factor / decimal(kin[wanted])
    return once(lambda found: pl.when(found.abs() < WIDEST).then(found), other)


def measure(text: pl.Expr, mark: str | None) -> pl.Expr:
    """A measure with its number and unit in canonical form.

    "0,57 KG" -> "0.57 kg"
    """
    return once(lambda cell: written(number_of(cell, mark), unit_of(cell)), text)


def measure_in(text: pl.Expr, unit: str, mark: str | None) -> pl.Expr:
    """The number of a measure in a unit.

    "570 g", "kg" -> 0.57
    """
    return once(lambda cell: once(lambda n, u: converted(n, u, unit), number_of(cell, mark), unit_of(cell)), text)


def written(number: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """A measure as text; null where either part is missing."""
    return pl.concat_str([text_of(number, DECIMAL, "UTC"), unit], separator=" ")


def _unit(call: Call) -> str:
    name: str = call.args["unit"]
    if name not in UNITS:
        raise refuse(call, "function_choice", name="unit", value=name, known=", ".join(UNITS))
    return name


def _failing(call: Call, value: Value) -> Outcome:
    return Outcome(value, call.input.expr.is_not_null() & value.expr.is_null())


def _measure(call: Call) -> Outcome:
    mark = decimal_mark(call)
    if call.args["unit"] is None:
        return _failing(call, Value(measure(call.input.expr, mark), TEXT))
    return _failing(call, Value(measure_in(call.input.expr, _unit(call), mark), DECIMAL))


def _convert_unit(call: Call) -> Outcome:
    unit = _unit(call)
    number = measure_in(call.input.expr, unit, decimal_mark(call))
    return _failing(call, Value(written(number, pl.lit(unit)), TEXT))


FUNCTIONS: dict[str, Function] = {
    "measure": Function(
        "measure",
        _measure,
        returns=TEXT,
        params=(Param("unit", "text", None, literal=True), MARK),
        summary="A measure in canonical form (0.57 kg), or with a unit its number in that unit.",
        examples=(
            Example("{{ '0,57 kg' | measure }}", {}, "0.57 kg"),
            Example("{{ '0,57 kg' | measure('kg') }}", {}, "0.57"),
            Example("{{ '570 gr.' | measure('kg') }}", {}, "0.57"),
            Example("{{ '12\"' | measure('cm') }}", {}, "30.48"),
            Example("{{ '1.500 g' | measure('kg', mark=',') }}", {}, "1.5"),
            Example("{{ '1.500 g' | measure('kg') }}", {}, None),
            Example("{{ '570 g' | measure('cm') }}", {}, None),
            Example("{{ '570' | measure('g') }}", {}, None),
        ),
    ),
    "convert_unit": Function(
        "convert_unit",
        _convert_unit,
        returns=TEXT,
        params=(Param("unit", literal=True), MARK),
        summary="A measure in another unit of the same kind, as text.",
        examples=(
            Example("{{ '570 g' | convert_unit('kg') }}", {}, "0.57 kg"),
            Example("{{ '1 lb' | convert_unit('g') }}", {}, "453.59237 g"),
            Example("{{ '2 gal' | convert_unit('l') }}", {}, "7.57082357 l"),
        ),
    ),
}
