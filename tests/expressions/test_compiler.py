"""Every construct of the mapping language: a template, a full row and an empty one, what they give."""

from __future__ import annotations

import polars as pl
import pytest
from template_bench import AT, EMPTY, FULL, compiled, results, rows, scope

from feedsync.errors import TemplateError
from feedsync.expressions import WholeFeeds, compile_condition
from feedsync.expressions.registry import Function

VALUES = [
    # text outside {{ }} is itself
    ("new", "text", "new", "new"),
    ("  new ", "text", "new", "new"),
    ("", "none", None, None),
    ("{# why #}new", "text", "new", "new"),
    # one value keeps its type
    ("{{ sku }}", "text", "007", "B"),
    ("{{ price }}", "decimal", "49.9", None),
    (" {{ stock }}\n", "integer", "3", None),
    ("{{ tags }}", "list of text", '["a",null,"b"]', None),
    ("{% if stock %}{{ price }}{% endif %}", "decimal", "49.9", None),
    ("{% if stock %}{{ 1 }}{% else %}{{ price }}{% endif %}", "decimal", "1", None),
    ("{% if stock > 5 %}{{ 1 }}{% elif stock > 2 %}{{ 2 }}{% else %}{{ 3 }}{% endif %}", "integer", "2", "3"),
    # text
    ("{{ brand }} {{ title }}{% if size %}, {{ size }}{% endif %}", "text", "Acme Jacket, M", None),
    ("id_{{ sku }}", "text", "id_007", "id_B"),
    ("{{ brand }} ", "text", "Acme", None),
    ("{{ brand }}{% if size %} {% endif %}{{ title }}", "text", "Acme Jacket", None),
    ("{{ price }} / {{ cost }} / {{ active }}", "text", "49.9 / 5.00 EUR / true", "/  /"),
    ("{{ stock }}{{ day }}", "text", "32026-12-24", None),
    ("{% if stock %}a{% elif price %}b{% else %}c{% endif %}", "text", "a", "c"),
    ("{% raw %}{{ x }}{% endraw %}", "text", "{{ x }}", "{{ x }}"),
    # set
    ("{% set net = price * 2 %}{{ net }}", "decimal", "99.8", None),
    ("{% set x = 1 %}{% set x = x + 1 %}{{ x }}", "integer", "2", "2"),
    ("{% if stock %}{% set x = title %}{% endif %}{{ x }}", "text", "Jacket", None),
    ("{% if stock %}{% set x = 1 %}{% else %}{% set x = 2.5 %}{% endif %}{{ x }}", "decimal", "1", "2.5"),
    # literals
    ("{{ 21 }}", "integer", "21", "21"),
    ("{{ 1.10 }}", "decimal", "1.1", "1.1"),
    ("{{ '1e3' }}", "text", "1e3", "1e3"),
    ("{{ 'a\\d\\b' }}", "text", "a\\d\\b", "a\\d\\b"),
    ("{{ 'it\\'s \\\\ \\n1' }}", "text", "it's \\ \n1", "it's \\ \n1"),
    ("{{ true }}", "boolean", "true", "true"),
    ("{{ none }}", "none", None, None),
    ("{{ ' ' }}", "none", None, None),
    ("{{ as_of }}", "date", "2026-11-21", "2026-11-21"),
    # names
    ("{{ field('Precio normal') }}", "text", "49,90", None),
    ("{{ field('ti' ~ 'tle') }}", "text", "Jacket", None),
    ("{{ field('SKU' | lower) }}", "text", "007", "B"),
    ("{{ market.currency }}", "text", "EUR", "EUR"),
    ("{{ item.title }}", "text", "Jacket", None),
    ("{{ color }}", "none", None, None),
    ("{{ color or title }}", "text", "Jacket", None),
    # arithmetic
    ("{{ price * 1.5 + 2 }}", "decimal", "76.85", None),
    ("{{ stock + 1 }}", "integer", "4", None),
    ("{{ stock / 2 }}", "decimal", "1.5", None),
    ("{{ -stock // 2 }}", "integer", "-2", None),
    ("{{ -stock % 2 }}", "integer", "1", None),
    ("{{ price % 1 }}", "decimal", "0.9", None),
    ("{{ price // 1 }}", "decimal", "49", None),
    ("{{ +price - -price }}", "decimal", "99.8", None),
    ("{{ 0.1 + 0.2 }}", "decimal", "0.3", "0.3"),
    ("{{ 1 / 3 }}", "decimal", "0.33333333", "0.33333333"),
    ("{{ stock * color }}", "integer", None, None),
    # ~
    ("{{ title ~ ' ' ~ price }}", "text", "Jacket 49.9", None),
    ("{{ title ~ '!' }}", "text", "Jacket!", "!"),
    ("{{ ' ' ~ title }}", "text", " Jacket", None),
    # comparisons
    ("{{ stock > 2 }}", "boolean", "true", "false"),
    ("{{ not stock > 2 }}", "boolean", "false", "true"),
    ("{{ stock != 3 }}", "boolean", "false", "true"),
    ("{{ stock == 3.0 }}", "boolean", "true", "false"),
    ("{{ size == color }}", "boolean", "false", "true"),
    ("{{ size == brand }}", "boolean", "false", "true"),
    ("{{ size == '' }}", "boolean", "false", "true"),
    ("{{ size != none }}", "boolean", "true", "false"),
    ("{{ 1 < stock <= 3 }}", "boolean", "true", "false"),
    ("{{ title < 'K' }}", "boolean", "true", "false"),
    ("{{ day >= '2026-12-24' }}", "boolean", "true", "false"),
    ("{{ day > as_of }}", "boolean", "true", "false"),
    ("{{ cost == cost }}", "boolean", "true", "true"),
    ("{{ cost < cost }}", "boolean", "false", "false"),
    ("{{ cost != cost }}", "boolean", "false", "false"),
    ("{{ active == true }}", "boolean", "true", "false"),
    ("{{ tax | lookup('iva') > 20 }}", "boolean", "true", "false"),
    ("{{ brand in ['Acme', 'x', ''] }}", "boolean", "true", "false"),
    ("{{ brand not in ['Acme'] }}", "boolean", "false", "true"),
    ("{{ stock in [1, 3.0] }}", "boolean", "true", "false"),
    ("{{ size in [brand, size] }}", "boolean", "true", "false"),
    ("{{ 'a' in tags }}", "boolean", "true", "false"),
    ("{{ size in tags }}", "boolean", "false", "false"),
    ("{{ 'ack' in title }}", "boolean", "true", "false"),
    ("{{ brand in title }}", "boolean", "false", "false"),
    ("{{ brand in [] }}", "boolean", "false", "false"),
    # logic
    ("{{ active and stock > 2 }}", "boolean", "true", "false"),
    ("{{ active or stock > 2 }}", "boolean", "true", "false"),
    ("{{ not active }}", "boolean", "false", "true"),
    ("{{ not title }}", "boolean", "false", "true"),
    ("{{ size is missing }}", "boolean", "false", "true"),
    ("{{ size is not missing }}", "boolean", "true", "false"),
    ("{{ size is defined }}", "boolean", "true", "true"),
    ("{{ shoe is defined }}", "boolean", "false", "false"),
    ("{{ shoe if shoe is defined else title }}", "text", "Jacket", None),
    ("{{ shoe is defined and shoe > 3 }}", "boolean", "false", "false"),
    # if, or
    ("{{ 'y' if stock }}", "text", "y", None),
    ("{{ title if stock > 5 else sku }}", "text", "007", "B"),
    ("{{ '' if stock else sku }}", "text", None, "B"),
    ("{{ price if stock > 5 else 1 }}", "decimal", "1", "1"),
    ("{{ size or brand or sku }}", "text", "M", "B"),
    ("{{ stock or 0.5 }}", "decimal", "3", "0.5"),
    # functions
    ("{{ [brand, title, size] | join_present(' ') }}", "text", "Acme Jacket M", None),
    ("{{ price | add_tax(21) | money(market.currency) }}", "money", "60.38 EUR", None),
    ("{{ price | add_tax(tax | lookup('iva')) }}", "decimal", "60.379", None),
    ("{{ price | add_tax(stock) }}", "decimal", "51.397", None),
    ("{{ title | default(brand) | upper }}", "text", "JACKET", None),
    ("{{ 'x' | value_map({'x': 'y'}) }}", "text", "y", "y"),
]


@pytest.mark.parametrize(("template", "kind", "full", "empty"), VALUES, ids=[case[0] for case in VALUES])
def test_gives(template: str, kind: str, full: str | None, empty: str | None) -> None:
    assert str(compiled(template).value.type) == kind
    values, failures, _ = results(template, FULL, EMPTY)
    assert values == [full, empty]
    assert failures == [[], []]


FAILURES = [
    ("{{ price / (stock - 3) }}", {}, ["FS205 price / (stock - 3)"]),
    ("{{ stock // 0 }}", {}, ["FS205 stock // 0"]),
    ("{{ stock / 0 }}", {"stock": None}, []),
    ("{{ price * price }}", {"price": 10**10}, ["FS205 price * price"]),
    ("{{ stock * stock }}", {"stock": 4 * 10**14}, ["FS205 stock * stock"]),
    ("{{ stock + 1 }}", {"stock": 10**15 - 1}, ["FS205 stock + 1"]),
    ("{{ stock - 1 }}", {"stock": 10**15 - 1}, []),
    ("{{ tax | lookup('iva') }}", {"tax": "x"}, ["FS202 lookup('iva')"]),
    ("{{ tax | lookup('iva', default='4') }}", {"tax": "x"}, []),
    # only on the path that is taken
    ("{{ tax | lookup('iva') if stock > 5 else '4' }}", {"tax": "x"}, []),
    ("{{ tax | lookup('iva') if stock < 5 else '4' }}", {"tax": "x"}, ["FS202 lookup('iva')"]),
    ("{{ '4' if stock > 5 else tax | lookup('iva') }}", {"tax": "x"}, ["FS202 lookup('iva')"]),
    ("{% if stock > 5 %}{{ tax | lookup('iva') }}{% endif %}", {"tax": "x"}, []),
    (
        "{% if stock > 5 %}a{% elif stock > 1 %}{{ tax | lookup('iva') }}{% endif %}",
        {"tax": "x"},
        ["FS202 lookup('iva')"],
    ),
    ("{{ title or (tax | lookup('iva')) }}", {"tax": "x"}, []),
    ("{{ size or (tax | lookup('iva')) }}", {"tax": "x", "size": None}, ["FS202 lookup('iva')"]),
    ("{{ title | default(tax | lookup('iva')) }}", {"tax": "x"}, []),
    ("{{ size | default(tax | lookup('iva')) }}", {"tax": "x", "size": None}, ["FS202 lookup('iva')"]),
    ("{{ [title, tax | lookup('iva')] | first_of }}", {"tax": "x"}, []),
    ("{{ [size, tax | lookup('iva')] | first_of }}", {"tax": "x", "size": None}, ["FS202 lookup('iva')"]),
    ("{{ 'a' if stock > 5 and 5 / (stock - 3) > 1 else 'b' }}", {}, []),
    ("{{ 'a' if stock < 5 and 5 / (stock - 3) > 1 else 'b' }}", {}, ["FS205 5 / (stock - 3)"]),
    ("{{ 'a' if stock < 5 or 5 / (stock - 3) > 1 else 'b' }}", {}, []),
    ("{{ 'a' if market.country == 'PT' and 5 / (stock - 3) > 1 else 'b' }}", {}, []),
]


@pytest.mark.parametrize(("template", "changes", "failed"), FAILURES, ids=[case[0] + str(case[1]) for case in FAILURES])
def test_failures_of_the_path_taken(template: str, changes: dict[str, object], failed: list[str]) -> None:
    _, failures, _ = results(template, {**FULL, **changes}, EMPTY)
    assert failures == [failed, []]


HINTS = [
    ("{{ 'in_stock' if stock > 0 else 'out_of_stock' }}", ["stock"]),
    ("{% if stock > 0 %}a{% else %}b{% endif %}", ["stock"]),
    ("{% if stock > 0 %}a{% elif price > 1 %}b{% else %}c{% endif %}", ["stock", "price"]),
    ("{{ 'a' if title is matching('J') else 'b' }}", ["title"]),
    ("{{ 'a' if brand in ['Acme'] else 'b' }}", ["brand"]),
    ("{{ 'a' if stock * 2 > price else 'b' }}", ["stock", "price"]),
    ("{% set n = stock %}{{ 'a' if n > 0 else 'b' }}", ["stock"]),
    # no else, or nothing printed: nothing is claimed
    ("{{ 'a' if stock > 0 }}", []),
    ("{{ price if stock > 0 else price }}", []),
    ("{% if stock > 0 %}a{% endif %}", []),
    # the condition has asked for it
    ("{{ 'a' if stock is missing or stock > 0 else 'b' }}", []),
    ("{{ 'a' if stock is not missing and stock > 0 else 'b' }}", []),
    ("{% if stock is missing %}a{% elif stock > 0 %}b{% else %}c{% endif %}", []),
    ("{{ 'a' if stock and stock > 0 else 'b' }}", []),
    ("{{ 'a' if stock else 'b' }}", []),
    ("{{ 'a' if stock == '' else 'b' }}", []),
    ("{{ 'a' if stock | default(0) > 0 else 'b' }}", []),
    ("{{ stock > 0 }}", []),
    ("{{ 'a' if stock == 0 else 'b' }}", ["stock"]),
    ("{{ 'a' if color == 'red' else 'b' }}", ["color"]),
]


@pytest.mark.parametrize(("template", "fields"), HINTS, ids=[case[0] for case in HINTS])
def test_conditions_that_read_a_missing_field(template: str, fields: list[str]) -> None:
    always = [name for name in fields if name == "color"]
    _, _, unknowns = results(template, FULL, EMPTY)
    assert unknowns == [always, fields]


FOLDED = [
    ("{{ 'a' if market.country == 'ES' else title }}", "a"),
    ("{{ title if market.country in ['PT', 'FR'] else 'a' }}", "a"),
    ("{% if market.country == 'ES' %}a{% else %}{{ title }}{% endif %}", "a"),
    ("{{ field('price_pt') if market.country == 'PT' else 'a' }}", "a"),
    ("{{ market.country | lower ~ '-' ~ market.language }}", "es-es"),
    ("{{ 'general' | lookup('iva') }}", "21"),
]


@pytest.mark.parametrize(("template", "known"), FOLDED, ids=[case[0] for case in FOLDED])
def test_what_is_known_before_row_one_is_folded(template: str, known: str) -> None:
    found = compiled(template)
    assert (found.value.literal, found.reads, found.failures) == (known, (), ())


def test_equal_python_steps_share_a_column() -> None:
    names = scope()
    one = compiled("{{ title | fix_mojibake | upper }}", names)
    two = compiled("{% set t = title %}{{ t | fix_mojibake | lower }}", names)
    other = compiled("{{ brand | fix_mojibake }}", names)
    assert len(names.hoisted.names()) == 2
    frame = rows(FULL)
    for stage in names.hoisted.stages():
        frame = frame.with_columns(stage)
    assert frame.select(a=one.value.expr, b=two.value.expr, c=other.value.expr).row(0) == ("JACKET", "jacket", "Acme")


def test_a_branch_never_taken_hoists_nothing() -> None:
    names = scope()
    compiled("{{ title | fix_mojibake if market.country == 'PT' else title }}", names)
    assert names.hoisted.names() == []


def test_what_a_template_reads() -> None:
    found = compiled("{{ title or field('Precio normal') ~ item.title if price > 1 else title }}")
    assert (found.reads, found.items) == (("price", "title", "Precio normal"), ("title",))


def test_steps() -> None:
    found = compiled("{{ price | add_tax(tax | lookup('iva')) | money(market.currency) }}")
    assert [step.text for step in found.steps] == [
        "price",
        "tax",
        "tax | lookup('iva')",
        "price | add_tax(tax | lookup('iva'))",
        "market.currency",
        "price | add_tax(tax | lookup('iva')) | money(market.currency)",
    ]
    assert [step.place.column for step in found.steps] == [13, 29, 35, 21, 64, 52]


def test_whole_feed_steps_are_recorded_once() -> None:
    names = scope(whole=WholeFeeds())
    first = compiled("{{ size | collect_group(brand) }}", names)
    second = compiled("{{ size | collect_group(brand) | join('/') }}", names)
    rank = compiled("{{ price | rank }}", names)
    assert names.whole is not None
    assert [(step.column, step.function, list(step.args)) for step in names.whole.steps] == [
        ("__w0", "collect_group", ["group"]),
        ("__w1", "rank", []),
    ]
    assert [str(found.value.type) for found in (first, second, rank)] == ["list of text", "text", "integer"]


CONDITIONS = [
    ("{{ stock > 0 }}", [True, False]),
    ("{{ title }}", [True, False]),
    ("{{ active }}", [True, False]),
    ("{{ title and stock > 0 }}", [True, False]),
    ("{{ not (title and size) }}", [False, True]),
    ("{{ stock > 5 or color or size }}", [True, False]),
    ("{% set n = stock %}{{ n > 0 }}", [True, False]),
    ("{{ market.country == 'ES' }}", [True, True]),
]


@pytest.mark.parametrize(("template", "kept"), CONDITIONS, ids=[case[0] for case in CONDITIONS])
def test_conditions(template: str, kept: list[bool]) -> None:
    found = compile_condition(template, scope(), AT)
    assert rows(FULL, EMPTY).with_columns(kept=found.value.expr)["kept"].to_list() == kept


@pytest.mark.parametrize(
    "template", ["stock > 0", "{{ stock }} {{ price }}", "{{ stock }}!", "{% if stock %}{{ 1 }}{% endif %}"]
)
def test_a_condition_is_one_pair_of_braces(template: str) -> None:
    with pytest.raises(TemplateError) as raised:
        compile_condition(template, scope(), AT)
    assert raised.value.key == "template_condition"


def test_a_users_function_gives_nothing_for_nothing() -> None:
    own = Function("shout", lambda call: pl.concat_str([call.input.expr, pl.lit("!")], ignore_nulls=True))
    names = scope(functions={"shout": own})
    found = compiled("{{ title | shout }}", names)
    frame = rows(FULL, EMPTY).with_columns(result=found.value.expr)
    assert frame["result"].to_list() == ["Jacket!", None]
