"""Hypothesis strategies: typed templates, and rows for them."""

from __future__ import annotations

from functools import cache

from calls import FILTERS, LISTED, TESTS, Called
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from nasty import FIELDS, VALUES
from oracle_values import is_missing

LITERALS = {
    "text": [
        "'x'",
        "'a b'",
        "'food'",
        "'Größe'",
        r"'\d'",
        "market.country",
        "market.language",
        "feed.name",
        "field('t' ~ '1')",
    ],
    "integer": ["0", "1", "2", "-3", "1000000"],
    "decimal": ["0.5", "1.21", "100.0", "-0.00000001", "33333333.33333333"],
    "boolean": ["true", "false"],
    "date": ["as_of"],
    "datetime": ["m1"],
    "money": ["p1", "(19.90 | money('EUR'))"],
    "interval": ["w1"],
    "list": ["['x', 'y']", "[t1, t2, 'z']", "[t1, none]", "[none, '']"],
}
ORDER = ["<", "<=", ">", ">="]
EQUAL = ["==", "!="]
TEXT_AROUND = ["", " ", "gla_", " - ", ", ", "é\n", " | "]


def names(kind: str) -> list[str]:
    return [name if " " not in name else f"field('{name}')" for name, of in FIELDS.items() if of == kind]


def leaf(kind: str) -> SearchStrategy[str]:
    fields = names(kind)
    return st.sampled_from([*fields, *fields, *LITERALS[kind]])


def applied(call: Called, depth: int, operator: str = "|") -> SearchStrategy[str]:
    """`(input) | name(args)`."""
    return st.tuples(expression(call.takes, depth), st.sampled_from(call.args)).map(
        lambda drawn: f"({drawn[0]} {operator} {call.name}{f'({drawn[1]})' if drawn[1] else ''})"
    )


def pair(kind: str, other: str, operators: list[str], depth: int) -> SearchStrategy[str]:
    return st.tuples(expression(kind, depth), st.sampled_from(operators), expression(other, depth)).map(
        lambda drawn: f"({drawn[0]} {drawn[1]} {drawn[2]})"
    )


def either(kind: str, depth: int) -> list[SearchStrategy[str]]:
    """What every type has: inline if, or."""
    value, test = expression(kind, depth), expression("boolean", depth)
    shapes = [
        st.tuples(value, test, value).map(lambda d: f"({d[0]} if {d[1]} else {d[2]})"),
        st.tuples(value, test).map(lambda d: f"({d[0]} if {d[1]})"),
        st.tuples(value, test).map(lambda d: f"({d[0]} if {d[1]} else none)"),
        st.tuples(value, condition(depth), value).map(lambda d: f"({d[0]} if {d[1]} else {d[2]})"),
    ]
    return shapes if kind == "boolean" else [*shapes, st.tuples(value, value).map(lambda d: f"({d[0]} or {d[1]})")]


def condition(depth: int) -> SearchStrategy[str]:
    """Anything can be asked for presence."""
    kinds = st.sampled_from(["text", "integer", "decimal", "date", "money"])
    asked = kinds.flatmap(lambda kind: expression(kind, depth))
    return st.one_of(
        asked, asked.map(lambda e: f"(not {e})"), st.tuples(asked, asked).map(lambda d: f"({d[0]} and {d[1]})")
    )


def calls_giving(kind: str, depth: int) -> list[SearchStrategy[str]]:
    filters = [applied(call, depth) for call in FILTERS if call.gives == kind]
    lists = [
        st.lists(expression(call.takes, depth), min_size=1, max_size=3).map(
            lambda parts, name=call.name: f"([{', '.join(parts)}] | {name})"
        )
        for call in LISTED
        if call.gives == kind
    ]
    return [*filters, *lists]


@cache
def expression(kind: str, depth: int) -> SearchStrategy[str]:
    """An expression of this type, nested at most so deep."""
    if depth <= 0:
        return leaf(kind)
    inner = depth - 1
    shapes = [
        st.deferred(lambda: st.one_of(calls_giving(kind, inner))),
        *either(kind, inner),
        *OWN.get(kind, nothing)(inner),
    ]
    return st.one_of(leaf(kind), *shapes)


def nothing(depth: int) -> list[SearchStrategy[str]]:
    return []


def of_text(depth: int) -> list[SearchStrategy[str]]:
    printed = st.one_of(
        *(expression(kind, depth) for kind in ("text", "integer", "decimal", "money", "date", "boolean"))
    )
    piece = st.one_of(printed, st.sampled_from(["' '", "', '", "'x'"]))
    return [
        st.lists(piece, min_size=2, max_size=4).map(lambda parts: f"({' ~ '.join(parts)})"),
        st.lists(expression("text", depth), min_size=1, max_size=4).map(
            lambda p: f"([{', '.join(p)}] | join_present(' - '))"
        ),
        st.lists(expression("text", depth), min_size=1, max_size=4).map(lambda p: f"([{', '.join(p)}] | first_of)"),
    ]


def of_integer(depth: int) -> list[SearchStrategy[str]]:
    return [
        pair("integer", "integer", ["+", "-", "*", "//", "%"], depth),
        expression("integer", depth).map(lambda e: f"(-{e})"),
    ]


def of_decimal(depth: int) -> list[SearchStrategy[str]]:
    every = ["+", "-", "*", "/", "//", "%"]
    return [
        pair("decimal", "decimal", every, depth),
        pair("decimal", "integer", every, depth),
        pair("integer", "decimal", every, depth),
        pair("integer", "integer", ["/"], depth),
        expression("decimal", depth).map(lambda e: f"(-{e})"),
        expression("text", depth).map(lambda e: f"(({e} | lookup('iva')) * 2)"),
    ]


def of_boolean(depth: int) -> list[SearchStrategy[str]]:
    numbers = [pair(a, b, [*ORDER, *EQUAL], depth) for a in ("integer", "decimal") for b in ("integer", "decimal")]
    same = [pair(kind, kind, [*ORDER, *EQUAL], depth) for kind in ("text", "date", "datetime", "money")]
    boolean, text, number = expression("boolean", depth), expression("text", depth), expression("decimal", depth)
    return [
        *numbers,
        *same,
        pair("boolean", "boolean", ["and", "or", "==", "!="], depth),
        boolean.map(lambda e: f"(not {e})"),
        st.tuples(text, st.sampled_from(["in", "not in"])).map(lambda d: f"({d[0]} {d[1]} ['x', 'food', 'Shop'])"),
        st.tuples(number, st.sampled_from(["in", "not in"])).map(lambda d: f"({d[0]} {d[1]} [0, 1.5, 100])"),
        pair("text", "text", ["in", "not in"], depth),
        pair("text", "list", ["in", "not in"], depth),
        st.tuples(number, st.sampled_from(ORDER), number, st.sampled_from(ORDER), number).map(
            lambda d: f"({' '.join(d)})"
        ),
        expression("date", depth).map(lambda e: f"({e} >= '2026-11-20')"),
        expression("date", depth).map(lambda e: f"({e} == '2026-12-24')"),
        expression("datetime", depth).map(lambda e: f"({e} < '2026-12-24T00:00+01:00')"),
        pair("datetime", "datetime", ORDER, depth),
        text.map(lambda e: f"({e} == '')"),
        text.map(lambda e: f"({e} != none)"),
        *(applied(call, depth, "is") for call in TESTS if call.name != "defined"),
        *(applied(call, depth, "is not") for call in TESTS if call.name != "defined"),
        st.sampled_from(sorted(FIELDS)[1:]).map(lambda name: f"({name} is defined)"),
        text.map(lambda e: f"(({e} | lookup('iva')) > 5)"),
    ]


def of_list(depth: int) -> list[SearchStrategy[str]]:
    return [st.lists(expression("text", depth), min_size=1, max_size=4).map(lambda parts: f"[{', '.join(parts)}]")]


OWN = {"text": of_text, "integer": of_integer, "decimal": of_decimal, "boolean": of_boolean, "list": of_list}
PRINTABLE = ["text", "integer", "decimal", "boolean", "date", "datetime", "money", "interval"]


@cache
def body(kind: str, depth: int) -> SearchStrategy[str]:
    """A template body that is one value of this type."""
    value, test = expression(kind, depth), st.one_of(expression("boolean", depth - 1), condition(depth - 1))
    plain = value.map(lambda e: f"{{{{ {e} }}}}")
    one_if = st.tuples(test, plain).map(lambda d: f"{{% if {d[0]} %}}{d[1]}{{% endif %}}")
    one_else = st.tuples(test, plain, plain).map(lambda d: f"{{% if {d[0]} %}}{d[1]}{{% else %}}{d[2]}{{% endif %}}")
    elif_else = st.tuples(test, plain, test, plain, plain).map(
        lambda d: f"{{% if {d[0]} %}}{d[1]}{{% elif {d[2]} %}}{d[3]}{{% else %}}\n {d[4]}{{% endif %}}"
    )
    set_first = st.tuples(value, test).map(
        lambda d: f"{{% set x_{kind} = {d[0]} %}}\n{{{{ x_{kind} if {d[1]} else x_{kind} }}}}"
    )
    set_within = st.tuples(test, value).map(
        lambda d: f"{{% if {d[0]} %}}{{% set x_{kind} = {d[1]} %}}{{% endif %}}{{{{ x_{kind} }}}}"
    )
    return st.one_of(plain, plain, one_if, one_else, elif_else, set_first, set_within)


def template(depth: int = 3) -> SearchStrategy[str]:
    """A whole template: one value of any type, or text with values in it."""
    value = st.sampled_from([*PRINTABLE, "list"]).flatmap(lambda kind: body(kind, depth))
    printed = st.sampled_from(PRINTABLE).flatmap(lambda kind: body(kind, depth - 1))
    around = st.sampled_from(TEXT_AROUND)
    text = st.lists(st.tuples(around, printed), min_size=1, max_size=3).flatmap(
        lambda parts: around.map(lambda end: "".join(a + b for a, b in parts) + end)
    )
    return st.one_of(value, value, text)


def value_of(kind: str) -> SearchStrategy[object]:
    picked: SearchStrategy[object] = st.sampled_from(VALUES[kind])
    if kind == "text":
        free = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).filter(
            lambda t: not is_missing(t)
        )
        picked = st.one_of(picked, picked, free)
    if kind == "decimal":
        free_number = st.decimals(-(10**15) + 1, 10**15 - 1, places=8, allow_nan=False, allow_infinity=False)
        picked = st.one_of(picked, picked, free_number)
    return st.one_of(picked, picked, picked, picked, st.none())


def rows() -> SearchStrategy[list[dict[str, object]]]:
    return st.lists(
        st.fixed_dictionaries({name: value_of(kind) for name, kind in FIELDS.items()}), min_size=1, max_size=5
    )
