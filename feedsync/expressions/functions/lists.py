"""Functions on lists. An empty list is missing, and all but join, length, nth, first and last drop missing entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from feedsync.expressions.functions.declare import all_present, apply, grown, refuse
from feedsync.expressions.functions.declare import text_of as value_text
from feedsync.expressions.functions.tests import TESTS, WEB
from feedsync.expressions.functions.text import trim
from feedsync.expressions.lengths import DETAILS, TOO_LONG, beside, fits, length, size, unbounded
from feedsync.expressions.once import once
from feedsync.expressions.printing import text_of
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import UNKNOWN, WIDEST, Value, literal
from feedsync.semantics import INTEGER, NONE, TEXT, Type, list_of


def filled(entries: pl.Expr) -> pl.Expr:
    """A list with at least one entry; an empty one is missing."""
    return once(lambda part: pl.when(part.list.len() > 0).then(part), entries)


def split(text: pl.Expr, separator: str | pl.Expr) -> pl.Expr:
    """The parts between separators, trimmed, without blank ones.

    "a.jpg| b.jpg|", "|" -> ["a.jpg", "b.jpg"]
    """
    entry = trim(pl.element())
    return filled(text.str.split(separator).list.eval(entry.filter(entry != "")))


def dedupe(entries: pl.Expr) -> pl.Expr:
    """Every entry once, at its first place.

    ["a", "b", "a"] -> ["a", "b"]
    """
    return filled(entries.list.drop_nulls().list.unique(maintain_order=True))


def in_order(entries: pl.Expr, order: list[str]) -> pl.Expr:
    """Sorted as `order` lists them; what it does not list comes last, as it was.

    ["L", "S", "M"], ["S", "M", "L"] -> ["S", "M", "L"]
    """
    place = pl.element().replace_strict(order, list(range(len(order))), default=len(order), return_dtype=pl.Int64)
    return entries.list.drop_nulls().list.eval(pl.element().sort_by(place, maintain_order=True))


def where_url(entries: pl.Expr) -> pl.Expr:
    """The entries that are whole addresses.

    ["a.jpg", "https://x/b.jpg"] -> ["https://x/b.jpg"]
    """
    return filled(entries.list.eval(pl.element().filter(pl.element().str.contains(WEB).fill_null(False))))


def _element(call: Call) -> Type:
    return call.input.type.of or TEXT


def _of_entries(build: Callable[[Call], Outcome | Value]) -> Callable[[Call], Outcome | Value]:
    """The build; a list whose entries are all known to be missing gives missing, whatever type they would have."""
    return lambda call: literal(None) if _element(call) == NONE else build(call)


def _texts(call: Call) -> pl.Expr:
    """The entries as canonical text."""
    kind = _element(call)
    if kind.kind in ("list", "group"):
        raise refuse(call, "function_text_of_list")
    if kind.textual:
        return call.input.expr
    return call.input.expr.list.eval(text_of(pl.element(), kind, call.zone))


def joined(entries: pl.Expr, separator: str) -> pl.Expr:
    """The entries as one text; null where that grows beyond the limit.

    ["red", "white"], "/" -> "red/white"
    """
    total = entries.list.eval(length(pl.element())).list.sum() + (entries.list.len().cast(pl.Int64) - 1) * size(
        separator
    )
    return pl.when(fits(total)).then(entries.list.join(separator, ignore_nulls=True))


def _join(call: Call) -> Outcome:
    texts = _texts(call).list.eval(pl.element().fill_null(""))
    return grown(call, apply(joined, texts, call.args["sep"] or ""))


def _join_present(call: Call) -> Outcome:
    separator = call.args["sep"] or ""
    if not call.input.parts:
        return grown(call, apply(joined, _texts(call).list.drop_nulls(), separator))
    texts = [value_text(call, part) for part in call.input.parts]  # [brand, title] needs no list

    if sum(map(unbounded, call.input.parts)) < 2:
        return Outcome(Value(pl.concat_str(texts, separator=separator, ignore_nulls=True), TEXT))
    text = once(lambda *parts: beside(parts, separator), *texts)
    return Outcome(Value(text, TEXT), text.is_null(), TOO_LONG, DETAILS)


def _split(call: Call) -> Value:
    if not call.args["sep"]:
        raise refuse(call, "function_empty_text", name="sep")
    return Value(split(call.input.expr, call.args["sep"]), list_of(TEXT))


def _nth(call: Call) -> Value:
    return Value(call.input.expr.list.get(_count(call) - 1, null_on_oob=True), _element(call))


def _limit(call: Call) -> Value:
    return Value(filled(call.input.expr.list.drop_nulls().list.head(_count(call))), call.input.type)


def _skip(call: Call) -> Value:
    return Value(filled(call.input.expr.list.drop_nulls().list.slice(_count(call))), call.input.type)


def _count(call: Call) -> int:
    count: int = call.args["n"]
    if not 1 <= count <= 10**6:
        raise refuse(call, "function_number_range", name="n", value=count, minimum=1, maximum=10**6)
    return count


def _length(call: Call) -> pl.Expr:
    entries = call.input.expr.list.len() if call.input.type.kind == "list" else call.input.expr.str.len_chars()
    return entries.cast(pl.Int64)


def _sort(call: Call) -> Value:
    order = call.args["order"]
    if order is not None:
        if not _element(call).textual or not all(isinstance(entry, str) for entry in order):
            raise refuse(call, "function_sort_order")
        entries = in_order(call.input.expr, list(dict.fromkeys(order)))
    else:
        entries = call.input.expr.list.drop_nulls().list.sort(descending=call.args["reverse"])
    return Value(filled(entries), call.input.type)


def _where_url(call: Call) -> Value:
    if not _element(call).textual:
        raise refuse(call, "function_list_of_texts")
    return Value(where_url(call.input.expr), call.input.type)


def _select(call: Call) -> Value:
    test = TESTS.get(call.args["test"])
    if test is None:
        raise refuse(call, "function_choice", name="test", value=call.args["test"], known=", ".join(TESTS))
    kind = _element(call)
    given = dict(zip((param.name for param in test.params), call.args["args"], strict=False))
    args: dict[str, Any] = {}
    for param in test.params:
        value = given.get(param.name, param.default)
        if value is UNKNOWN:
            raise refuse(call, "function_argument_missing", name=param.name)
        args[param.name] = value if param.literal or param.many or value is None else literal(value)
    if test.params and test.params[-1].many:
        args[test.params[-1].name] = tuple(map(literal, call.args["args"][len(test.params) - 1 :]))
    outcome = test.build(Call(Value(pl.element(), kind), args, call.zone, call.as_of, call.step))
    keep = (
        outcome.expr if isinstance(outcome, Value) else outcome.value.expr if isinstance(outcome, Outcome) else outcome
    )
    return Value(filled(call.input.expr.list.eval(pl.element().filter(keep.fill_null(False)))), call.input.type)


def _over(function: Callable[[pl.Expr], pl.Expr]) -> Callable[[Call], Outcome]:
    """A number out of a list of numbers; missing entries do not count, and none at all is missing."""

    def build(call: Call) -> Outcome:
        kind = _element(call)
        if not kind.numeric and kind.kind not in ("date", "datetime"):
            raise refuse(call, "function_list_of_numbers", met=str(call.input.type))
        value = once(lambda part: pl.when(part.list.drop_nulls().list.len() > 0).then(function(part)), call.input.expr)
        return Outcome(Value(value, kind), None)

    return build


def _sum(call: Call) -> Outcome:
    if not _element(call).numeric:
        raise refuse(call, "function_list_of_numbers", met=str(call.input.type))
    total = _over(lambda part: part.list.sum())(call).value
    value = once(lambda part: pl.when(part.abs() < WIDEST).then(part), total.expr)
    failed = all_present(total) & value.is_null()
    return Outcome(Value(value, total.type), failed, "FS205")


def _unique(call: Call) -> Value:
    return Value(dedupe(call.input.expr), call.input.type)


LIST: Final = ("list",)
SEP: Final = (Param("sep", default="", literal=True),)
N: Final = (Param("n", "integer", literal=True),)
SIZES: Final = {"sizes": '["L","S","M"]'}
COLORS: Final = {"colors": '["red","white"]'}
IMAGES: Final = {"images": '["a.jpg","https://x/b.jpg"]'}

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "join",
            _join,
            takes=LIST,
            returns=TEXT,
            params=SEP,
            may_blank=True,
            summary="The entries of a list as one text, with a separator between them.",
            examples=(Example("{{ colors | join('/') }}", COLORS, "red/white"),),
        ),
        Function(
            "join_present",
            _join_present,
            takes=LIST,
            returns=TEXT,
            params=SEP,
            may_blank=True,
            sees_missing=True,
            summary="The entries that are there as one text, with a separator between them.",
            examples=(
                Example(
                    "{{ [brand, color, title] | join_present(' - ') }}",
                    {"brand": "Acme", "color": "", "title": "Jacket"},
                    "Acme - Jacket",
                ),
                Example("{{ [brand, color] | join_present(' ') }}", {"brand": "", "color": ""}, None),
            ),
        ),
        Function(
            "split",
            _split,
            returns=list_of(TEXT),
            params=(Param("sep", literal=True),),
            summary="The parts of a text between separators, trimmed, without blank ones.",
            examples=(
                Example("{{ images | split('|') }}", {"images": "a.jpg|b.jpg"}, '["a.jpg","b.jpg"]'),
                Example("{{ images | split('|') }}", {"images": "| a.jpg ||"}, '["a.jpg"]'),
            ),
        ),
        Function(
            "first",
            _of_entries(lambda call: Value(call.input.expr.list.first(), _element(call))),
            takes=LIST,
            summary="The first entry of a list.",
            examples=(Example("{{ colors | first }}", COLORS, "red"),),
            jinja="Of a list only; a text has no first entry.",
        ),
        Function(
            "last",
            _of_entries(lambda call: Value(call.input.expr.list.last(), _element(call))),
            takes=LIST,
            summary="The last entry of a list.",
            examples=(Example("{{ colors | last }}", COLORS, "white"),),
            jinja="Of a list only; a text has no last entry.",
        ),
        Function(
            "nth",
            _of_entries(_nth),
            takes=LIST,
            params=N,
            summary="The n-th entry of a list, counted from 1; missing where the list is shorter.",
            examples=(
                Example("{{ images | nth(1) }}", IMAGES, "a.jpg"),
                Example("{{ images | nth(3) }}", IMAGES, None),
            ),
        ),
        Function(
            "limit",
            _of_entries(_limit),
            takes=LIST,
            params=N,
            summary="The first n entries of a list; missing ones do not count.",
            examples=(Example("{{ sizes | limit(2) }}", SIZES, '["L","S"]'),),
        ),
        Function(
            "skip",
            _of_entries(_skip),
            takes=LIST,
            params=N,
            summary="A list without its first n entries; missing ones do not count.",
            examples=(
                Example("{{ sizes | skip(1) }}", SIZES, '["S","M"]'),
                Example("{{ images | skip(1) | limit(10) }}", IMAGES, '["https://x/b.jpg"]'),
                Example("{{ ['', 'a', 'b'] | skip(1) }}", {}, '["b"]'),
                Example("{{ images | skip(2) }}", IMAGES, None),
            ),
        ),
        Function(
            "length",
            _length,
            takes=("text", "list"),
            returns=INTEGER,
            summary="How many characters a text has, or how many entries a list.",
            examples=(
                Example("{{ 'Größe' | length }}", {}, "5"),
                Example("{{ sizes | length }}", SIZES, "3"),
                Example("{{ title | length > 3 }}", {"title": "Cap"}, "false"),
            ),
        ),
        Function(
            "dedupe",
            _of_entries(_unique),
            takes=LIST,
            summary="Each entry of a list once, at its first place.",
            examples=(Example("{{ ['a', 'b', 'a'] | dedupe }}", {}, '["a","b"]'),),
        ),
        Function(
            "unique",
            _of_entries(_unique),
            takes=LIST,
            summary="The same as dedupe.",
            examples=(Example("{{ ['a', 'A', 'a'] | unique }}", {}, '["a","A"]'),),
            jinja="Capital letters make another entry; there are no arguments.",
        ),
        Function(
            "sort",
            _of_entries(_sort),
            takes=LIST,
            params=(Param("reverse", "boolean", False, literal=True), Param("order", "list", None, literal=True)),
            summary="The entries in their order, backwards with `reverse`, or as `order` lists them.",
            examples=(
                Example("{{ sizes | sort(order=['S', 'M', 'L']) }}", SIZES, '["S","M","L"]'),
                Example("{{ sizes | sort }}", SIZES, '["L","M","S"]'),
                Example("{{ ['b', 'B', 'a'] | sort(reverse=true) }}", {}, '["b","a","B"]'),
            ),
            jinja="Capital letters sort before small ones; `order` lists the entries in a given order; no attribute.",
        ),
        Function(
            "where_url",
            _of_entries(_where_url),
            takes=LIST,
            summary="The entries that are whole addresses of http or https.",
            examples=(Example("{{ images | where_url }}", IMAGES, '["https://x/b.jpg"]'),),
        ),
        Function(
            "select",
            _of_entries(_select),
            takes=LIST,
            params=(Param("test", literal=True), Param("args", "any", (), literal=True, many=True)),
            summary="The entries that pass a test, given by its name and its arguments.",
            examples=(
                Example("{{ images | select('matching', '^a') }}", IMAGES, '["a.jpg"]'),
                Example("{{ images | select('url') }}", IMAGES, '["https://x/b.jpg"]'),
                Example("{{ images | select('containing', 'x/', 'y/') }}", IMAGES, '["https://x/b.jpg"]'),
            ),
            jinja="Only with the tests named here, and the test must be given.",
        ),
        Function(
            "min",
            _of_entries(_over(lambda part: part.list.min())),
            takes=LIST,
            summary="The smallest number of a list; missing ones do not count.",
            examples=(Example("{{ [price, 24.90] | min }}", {"price": "19.90"}, "19.9"),),
            jinja="Of numbers and dates only; missing entries do not count, and a list of them is missing.",
        ),
        Function(
            "max",
            _of_entries(_over(lambda part: part.list.max())),
            takes=LIST,
            summary="The largest number of a list; missing ones do not count.",
            examples=(Example("{{ [price, 24.90] | max }}", {"price": "19.90"}, "24.9"),),
            jinja="Of numbers and dates only; missing entries do not count, and a list of them is missing.",
        ),
        Function(
            "sum",
            _of_entries(_sum),
            takes=LIST,
            summary="The numbers of a list added up; missing ones do not count.",
            examples=(
                Example("{{ [stock, 3] | sum - 1 }}", {"stock": "2"}, "4"),
                Example("{{ [price, 0.1] | sum }}", {"price": "0.2"}, "0.3"),
            ),
            jinja="Of numbers only; missing entries do not count, and a list of them is missing; no attribute.",
        ),
    )
}
