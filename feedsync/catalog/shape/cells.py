"""Steps that look at one row alone: each gives the columns it makes or replaces, as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from feedsync.catalog.shape.headers import NUMBER, numbered, with_unit
from feedsync.catalog.shape.nested import json_list
from feedsync.specs.model import Model
from feedsync.specs.shape import Entries, JsonList, Pairs, SplitLists, Unescape, Unit, Values, Without

Cells = Mapping[str, pl.Expr]
"""Column -> what it holds from here on."""

_HELD = "\ue000"  # stands for an escaped separator while a list is split; a private-use character that no text needs


def entries(step: Entries, headers: Sequence[str]) -> Cells:
    """`k=v,k=v`: a value ends where `between` and a further name begin."""
    between, within = re.escape(step.between), re.escape(step.within)
    name = f"[^{re.escape(step.between + step.within)}]+"
    cell = pl.col(step.column)
    return {
        column: _filled(
            cell.str.extract(rf"(?is)(?:^|{between})\s*(?:{_any(names)})\s*{within}(.*?)(?:{between}{name}{within}|$)")
        )
        for column, names in step.into.items()
    }


def pairs(step: Pairs, headers: Sequence[str]) -> Cells:
    """Names beside values; the first pair whose name is asked for counts."""
    if step.separator is not None:
        return {column: _by_position(step, _folded(names)) for column, names in step.into.items()}
    if NUMBER in step.names:
        names, values = numbered(step.names, headers), numbered(step.values, headers)
        columns = [(name, values[number]) for number, name in names.items() if number in values]
    else:
        columns = [(step.names, step.values)]
    made: dict[str, pl.Expr] = {}
    for column, asked in step.into.items():
        known = _folded(asked)
        found = [
            pl.when(_fold(_plain(pl.col(name), step.code)).is_in(known)).then(_plain(pl.col(value), step.code))
            for name, value in columns
        ]
        made[column] = pl.coalesce(found) if found else pl.lit(None, dtype=pl.String)
    return made


def split(step: SplitLists, headers: Sequence[str]) -> Cells:
    """Lists in one cell, one entry a line."""
    return {column: _lines(pl.col(column), step) for column in _there(step.columns, headers)}


def unescape(step: Unescape, headers: Sequence[str]) -> Cells:
    """Escapes turned back, all at once, so that none makes another."""
    old, new = list(step.texts), list(step.texts.values())
    return {
        column: _something(pl.col(column).str.replace_many(old, new, leftmost=True))
        for column in _there(step.columns, headers)
    }


def values(step: Values, headers: Sequence[str]) -> Cells:
    """Whole cells in other words."""
    said = {key.strip().lower(): text or None for key, text in step.texts.items()}
    made: dict[str, pl.Expr] = {}
    for column in _there(step.columns, headers):
        plain = _fold(pl.col(column))
        other = plain.replace_strict(list(said), list(said.values()), default=None, return_dtype=pl.String)
        made[column] = pl.when(plain.is_in(list(said))).then(other).otherwise(pl.col(column))
    return made


def without(step: Without, headers: Sequence[str]) -> Cells:
    """A list less one of its entries, the first where none is named."""
    entries = pl.col(step.column).str.split("\n")
    taken = pl.coalesce(pl.col(step.entry).str.strip_chars(), entries.list.first())
    # what is taken stands in front of its list, where list.eval can see it; a set difference would not keep the order
    others = pl.element().slice(1).filter(pl.element().slice(1) != pl.element().first())
    left = pl.concat_list(taken, entries).list.eval(others)
    return {step.into: pl.when(pl.col(step.column).is_not_null()).then(_filled(left.list.join("\n")))}


def unit(step: Unit, headers: Sequence[str]) -> Cells:
    """The value with the unit of its header; missing where no header has one."""
    found = with_unit(step.column, headers)
    value = pl.lit(None, dtype=pl.String)
    return {step.into: value if found is None else pl.col(found[0]).str.strip_chars() + f" {found[1]}"}


CELLS: Mapping[type[Model], Callable[..., Cells]] = {
    Entries: entries,
    Pairs: pairs,
    SplitLists: split,
    Unescape: unescape,
    Values: values,
    JsonList: lambda step, headers: {step.into: json_list(step)},
    Without: without,
    Unit: unit,
}


def _there(columns: Iterable[str], headers: Sequence[str]) -> list[str]:
    """The named columns; one with {n} stands for all of them."""
    found: list[str] = []
    for column in columns:
        found += numbered(column, headers).values() if NUMBER in column else [column]
    return found


def _by_position(step: Pairs, known: list[str]) -> pl.Expr:
    """One cell of names, one of values in the same order."""
    assert step.separator is not None
    name = _fold(_plain(pl.element(), step.code))
    asked = pl.col(step.names).str.split(step.separator).list.eval(name.is_in(known).cast(pl.UInt8))
    value = pl.col(step.values).str.split(step.separator).list.get(asked.list.arg_max(), null_on_oob=True)
    return pl.when(asked.list.max() == 1).then(_filled(_plain(value, step.code)))


def _lines(cell: pl.Expr, step: SplitLists) -> pl.Expr:
    mark = step.separator.strip() or step.separator
    held = cell.str.replace_all(step.escape + mark, _HELD, literal=True) if step.escape else cell
    one_line = held.str.replace_all(r"\s*[\r\n]+\s*", " ") if mark != "\n" else held
    parts = one_line.str.split(mark).list.eval(pl.element().str.strip_chars())
    kept = parts.list.eval(pl.element().filter(pl.element().str.len_bytes() > 0))
    return _filled(kept.list.join("\n").str.replace_all(_HELD, mark, literal=True))


def _plain(text: pl.Expr, code: str | None) -> pl.Expr:
    """Without the code behind it."""
    return text.str.split(code).list.first() if code else text


def _filled(text: pl.Expr) -> pl.Expr:
    """Without blanks around; nothing left is missing."""
    return text.str.strip_chars().replace("", None)


def _something(text: pl.Expr) -> pl.Expr:
    """As it is; blanks alone are missing."""
    return pl.when(text.str.contains(r"\S")).then(text)


def _fold(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.to_lowercase()


def _folded(names: Iterable[str]) -> list[str]:
    return [name.strip().lower() for name in names]


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name.strip()) for name in names)
