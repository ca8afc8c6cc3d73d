"""From the text a channel gets back to semantic values: the inverse of feedsync.writers.spelling.spell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from feedsync.frames import DECIMAL_DTYPE, dtype
from feedsync.semantics import INTEGER_DIGITS, SCALE
from feedsync.specs.channel import Attribute, Limits, Spelling
from feedsync.writers.spelling import entry_limits, pieces, shown_zone

_NUMBER: Final = rf"-?\d{{1,{INTEGER_DIGITS}}}(?:\.\d{{1,{SCALE}}})?"
_DIRECTIVES: Final = {
    "Y": r"\d{4}",
    **dict.fromkeys("mdHMSyI", r"\d{2}"),
    "j": r"\d{3}",
    "F": r"\d{4}-\d{2}-\d{2}",
    "T": r"\d{2}:\d{2}:\d{2}",
    "R": r"\d{2}:\d{2}",
    "z": r"[+-]\d{4}",
    ":z": r"[+-]\d{2}:\d{2}",
    "%": "%",
}


class Reading(NamedTuple):
    """A value read from a channel's text, and where there was a text that does not read."""

    value: pl.Expr
    misfit: pl.Expr


def read_spelled(
    column: pl.Expr, attribute: Attribute, spelling: Spelling, zone: str, currency: str | None = None
) -> Reading:
    """The semantic value of a spelled text, and `misfit`: true where a text does not read.

    `currency` is that of money whose form names none. An empty text is missing, not a misfit.
    """
    text = pl.when(column != "").then(column)
    if attribute.type not in ("list", "group"):
        return _scalar(text, attribute, spelling, zone, currency)
    if attribute.type == "list":
        raw = pl.List(pl.String)
        reading = _scalar(pl.element(), entry_limits(attribute), spelling, zone, currency)
        empty = pl.element().is_null()
    else:
        raw = pl.List(pl.Struct(dict.fromkeys(attribute.fields, pl.String)))
        fields = {
            name: _scalar(pl.element().struct.field(name), field, spelling, zone, currency)
            for name, field in attribute.fields.items()
        }
        reading = Reading(
            pl.struct([field.value.alias(name) for name, field in fields.items()]),
            pl.any_horizontal(field.misfit for field in fields.values()),
        )
        empty = pl.lit(False)
    decoded = text.map_batches(_Decode(attribute.type, tuple(attribute.fields)), return_dtype=raw)
    misfit = (text.is_not_null() & decoded.is_null()) | decoded.list.eval(reading.misfit | empty).list.any()
    misfit = misfit.fill_null(False)
    value = decoded.list.eval(reading.value).cast(dtype(attribute.semantic, zone))
    return Reading(pl.when(~misfit).then(value), misfit)


class _Decode:
    """JSON texts -> lists of texts, or of records of texts; what is no such JSON becomes null. Works on unique texts."""

    def __init__(self, kind: str, fields: tuple[str, ...]) -> None:
        self.kind, self.fields = kind, fields

    def __call__(self, texts: pl.Series) -> pl.Series:
        inner = pl.String() if self.kind == "list" else pl.Struct(dict.fromkeys(self.fields, pl.String))
        unique = texts.unique(maintain_order=True).drop_nulls()
        decoded = pl.Series([self._decode(text) for text in unique], dtype=pl.List(inner))
        table = pl.DataFrame({"text": unique, "decoded": decoded})
        return texts.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")["decoded"]

    def _decode(self, text: str) -> list[Any] | None:
        try:
            entries = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(entries, list) or not entries:
            return None
        return entries if all(self._is_entry(entry) for entry in entries) else None

    def _is_entry(self, entry: object) -> bool:
        if self.kind == "list":
            return isinstance(entry, str)
        return isinstance(entry, dict) and all(
            name in self.fields and isinstance(value, str) for name, value in entry.items()
        )


def _scalar(text: pl.Expr, limits: Limits, spelling: Spelling, zone: str, currency: str | None) -> Reading:
    kind = limits.type
    if kind == "money":
        value = _money(text, spelling.money, currency)
    elif kind == "interval":
        value = _interval(text, spelling, zone)
    elif kind == "boolean":
        yes, no = spelling.boolean
        value = pl.when(text == yes).then(True).when(text == no).then(False)
    elif kind == "date":
        value = pl.when(_whole(text, form_pattern(spelling.date))).then(
            text.str.strptime(pl.Date, spelling.date, strict=False)
        )
    elif kind == "datetime":
        value = _moment(text, spelling.datetime, zone)
    elif kind == "integer":
        digits = _whole(text, rf"-?\d{{1,{INTEGER_DIGITS}}}")
        value = pl.when(digits).then(text).cast(pl.Int64, strict=False)
    elif kind == "decimal":
        value = _decimal(text)
    else:
        value = _canonical(text, limits.spelling)
    return Reading(value, text.is_not_null() & value.is_null())


def _canonical(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Canonical values for spelled ones. A canonical value that the channel spells otherwise is not one of its own."""
    if not table:
        return text
    foreign = [name for name in table if name not in table.values()]
    read = text.replace(list(table.values()), list(table))
    return pl.when(~text.is_in(foreign)).then(read) if foreign else read


def _decimal(text: pl.Expr) -> pl.Expr:
    return pl.when(_whole(text, _NUMBER)).then(text).cast(DECIMAL_DTYPE, strict=False)


def _money(text: pl.Expr, form: str, currency: str | None) -> pl.Expr:
    found = _parts(text, form, {"amount": _NUMBER, "currency": "[A-Z]{3}"})
    amount = found["amount"].cast(DECIMAL_DTYPE, strict=False)
    named = found.get("currency", pl.lit(currency, dtype=pl.String))
    whole = amount.is_not_null() & named.is_not_null()
    return pl.when(whole).then(pl.struct(amount=amount, currency=named))


def _interval(text: pl.Expr, spelling: Spelling, zone: str) -> pl.Expr:
    pattern = form_pattern(spelling.datetime)
    found = _parts(text, spelling.interval, {"start": pattern, "end": pattern})
    start, end = (_moment(found[part], spelling.datetime, zone) for part in ("start", "end"))
    return pl.when(start.is_not_null() & end.is_not_null()).then(pl.struct(start=start, end=end))


def _moment(text: pl.Expr, form: str, zone: str) -> pl.Expr:
    fits = pl.when(_whole(text, form_pattern(form))).then(text)
    if re.search("%:?z", form):
        return fits.str.strptime(pl.Datetime("us", "UTC"), form, strict=False).dt.convert_time_zone(zone)
    local = fits.str.strptime(pl.Datetime("us"), form, strict=False)
    shown = local.dt.replace_time_zone(shown_zone(form, zone), ambiguous="earliest", non_existent="null")
    return shown.dt.convert_time_zone(zone)


def _parts(text: pl.Expr, form: str, patterns: Mapping[str, str]) -> dict[str, pl.Expr]:
    """The parts a form names, each null where the whole text is not of the form."""
    named = [piece for piece, is_name in pieces(form) if is_name]
    pattern = "".join(f"({patterns[piece]})" if is_name else re.escape(piece) for piece, is_name in pieces(form))
    return {name: text.str.extract(rf"\A{pattern}\z", number) for number, name in enumerate(named, start=1)}


def _whole(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(rf"\A(?:{pattern})\z")


def form_pattern(form: str) -> str:
    """A regular expression (no groups) for texts of a strftime form; a directive it does not know takes any text."""
    cut = re.split(r"%(:?[A-Za-z%])", form)
    return "".join(_DIRECTIVES.get(piece, ".+?") if n % 2 else re.escape(piece) for n, piece in enumerate(cut))
