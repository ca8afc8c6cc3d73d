"""Functions of a project's own: what they are given, what they may give, and what is said when they do not."""

from __future__ import annotations

import pickle
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feedsync
from feedsync.errors import FeedsyncError, ManyErrors, Place
from feedsync.expressions import Hoisted, Scope, Value, compile_template
from feedsync.frames import DECIMAL_DTYPE
from feedsync.plugins.functions import load_functions, registered
from feedsync.plugins.trouble import Stopped, Troubles
from feedsync.semantics import DECIMAL, INTEGER, TEXT, list_of

HEAD = """\
from __future__ import annotations
from datetime import date, datetime
from decimal import Decimal
import polars as pl
import feedsync

"""
FRAME = pl.DataFrame(
    {
        "_row": [2, 3, 4, 5],
        "title": ["Bota", "Gorra", None, "Gafas"],
        "brand": ["Duero", None, "Tajo", None],
        "ean": ["0012345678905", "8412345678905", "8412345678912", None],
        "cost": [Decimal("10.10"), None, Decimal("3.00"), Decimal("7.77")],
        "stock": [3, 0, None, 9007199254740993],
        "colors": [["rojo", "azul"], None, ["verde"], []],
    },
    schema={
        "_row": pl.UInt64,
        "title": pl.String,
        "brand": pl.String,
        "ean": pl.String,
        "cost": DECIMAL_DTYPE,
        "stock": pl.Int64,
        "colors": pl.List(pl.String),
    },
)
TYPES = {"title": TEXT, "brand": TEXT, "ean": TEXT, "cost": DECIMAL, "stock": INTEGER, "colors": list_of(TEXT)}


def compiled(folder: Path, code: str, template: str) -> tuple[pl.Expr, Hoisted, Troubles]:
    """A template that calls functions of `code`."""
    (folder / "own.py").write_text(HEAD + code, encoding="utf-8")
    troubles = Troubles()
    own = registered(load_functions(["own.py"], folder, Place("feedsync.yaml", 1)), troubles, "p.csv")
    names = {name: Value(pl.col(name), kind) for name, kind in TYPES.items()}
    hoisted = Hoisted()
    scope = Scope(names=names, functions=own, hoisted=hoisted)
    return compile_template(template, scope, Place("feedsync.yaml", 7, 3)).value.expr, hoisted, troubles


def column(expr: pl.Expr, hoisted: Hoisted, frame: pl.DataFrame = FRAME) -> list[object]:
    for stage in hoisted.stages():
        frame = frame.with_columns(stage)
    found: list[object] = frame.select(expr.alias("value"))["value"].to_list()
    return found


def values(folder: Path, code: str, template: str) -> list[object]:
    expr, hoisted, troubles = compiled(folder, code, template)
    with troubles.raised():
        return column(expr, hoisted)
    raise AssertionError


SHOUT = """
@feedsync.function()
def shout(title):
    assert isinstance(title, pl.Series) and title.null_count() == 0
    return title.str.to_uppercase()
"""
WITH_BRAND = """
@feedsync.function(takes=["text", "text?"])
def branded(title, brand):
    return brand.fill_null("-") + " " + title
"""
PRICE = """
@feedsync.function(takes="decimal", returns="decimal", on="pandas")
def sold(cost, *, factor: Decimal = Decimal("2"), up: bool = False):
    assert str(cost.dtype) == "object" and all(type(one) is Decimal for one in cost)
    return cost * factor + (1 if up else 0)
"""
EXPRESSION = """
@feedsync.function(takes=["decimal", "integer"], returns="decimal", on="expression")
def each(cost, stock):
    return cost * stock.cast(pl.Decimal(38, 0))
"""
KEPT = """
@feedsync.function(takes="{kind}", returns="{kind}", on="pandas")
def kept(one):
    return one
"""


@pytest.mark.parametrize(
    ("code", "template", "expected"),
    [
        (SHOUT, "{{ title | shout }}", ["BOTA", "GORRA", None, "GAFAS"]),
        (SHOUT, "{{ title | default('nada') | shout }}", ["BOTA", "GORRA", "NADA", "GAFAS"]),
        (SHOUT, "{{ 'hola' | shout }}", ["HOLA"]),
        (SHOUT, "{{ '' | shout }}", [None]),
        (WITH_BRAND, "{{ title | branded(brand) }}", ["Duero Bota", "- Gorra", None, "- Gafas"]),
        (WITH_BRAND, "{{ title | branded('X') | lower }}", ["x bota", "x gorra", None, "x gafas"]),
        (WITH_BRAND, "{{ title | branded(none) }}", ["- Bota", "- Gorra", None, "- Gafas"]),
        (PRICE, "{{ cost | sold }}", [Decimal("20.20"), None, Decimal("6.00"), Decimal("15.54")]),
        (PRICE, "{{ cost | sold(factor=1.5) }}", [Decimal("15.15"), None, Decimal("4.5"), Decimal("11.655")]),
        (PRICE, "{{ cost | sold(1.5, up=true) }}", [Decimal("16.15"), None, Decimal("5.5"), Decimal("12.655")]),
        (PRICE, "{{ 4 | sold }}", [Decimal("8")]),
        (EXPRESSION, "{{ cost | each(colors | length) }}", [Decimal("20.20"), None, Decimal("3.00"), Decimal("0.00")]),
        (KEPT.format(kind="text"), "{{ ean | kept }}", FRAME["ean"].to_list()),
        (KEPT.format(kind="decimal"), "{{ cost | kept }}", FRAME["cost"].to_list()),
        (KEPT.format(kind="list"), "{{ colors | kept }}", FRAME["colors"].to_list()),
    ],
)
def test_what_a_function_is_given_and_gives(tmp_path: Path, code: str, template: str, expected: list[object]) -> None:
    assert values(tmp_path, code, template) == expected


def test_a_number_beyond_what_numbers_can_be_stops(tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError) as met:
        values(tmp_path, EXPRESSION, "{{ cost | each(stock) }}")
    assert (met.value.key, met.value.params["where"]) == ("own_value_digits", ", at p.csv:5")


def test_whole_numbers_of_any_length_come_back_as_they_were(tmp_path: Path) -> None:
    """pandas makes floats of whole numbers with a missing one among them; 2 ** 53 + 1 is none."""
    code = KEPT.format(kind="integer").replace("integer", "integer?", 1)
    with pytest.raises(FeedsyncError) as met:
        values(tmp_path, code, "{{ stock | kept }}")
    assert met.value.params["value"] == "9007199254740993"  # 16 digits; as a float it would end in 2
    frame = FRAME.with_columns(stock=pl.Series([3, 0, None, 900719925474099], dtype=pl.Int64))
    expr, hoisted, _ = compiled(tmp_path, code, "{{ stock | kept }}")
    assert column(expr, hoisted, frame) == [3, 0, None, 900719925474099]


GIVES = """
@feedsync.function(takes="text?", returns="{returns}"{on})
def made(title):
    return {made}
"""
PANDAS = ', on="pandas"'


@pytest.mark.parametrize(
    ("returns", "on", "made", "expected"),
    [
        ("text", "", "pl.Series(['a', ' ', '', 'b\\x07c'])", ["a", None, None, "bc"]),
        ("text", "", "pl.Series(['a', 'a', None, 'b'], dtype=pl.Categorical)", ["a", "a", None, "b"]),
        ("text", PANDAS, "title.fillna('x')", ["Bota", "Gorra", "x", "Gafas"]),
        ("integer", "", "pl.Series([1, 2, None, 4], dtype=pl.UInt8)", [1, 2, None, 4]),
        ("integer", PANDAS, "title.str.len()", [4, 5, None, 5]),
        ("integer", "", "pl.Series([1.0, None, float('nan'), 4.0])", [1, None, None, 4]),
        ("decimal", "", "pl.Series([1, 2, 3, None])", [Decimal(1), Decimal(2), Decimal(3), None]),
        (
            "decimal",
            "",
            "pl.Series([0.1, 19.99, None, 1e-8])",
            [Decimal("0.1"), Decimal("19.99"), None, Decimal("1e-8")],
        ),
        ("decimal", "", "pl.Series([Decimal('1.50')] * 4, dtype=pl.Decimal(10, 2))", [Decimal("1.5")] * 4),
        ("boolean", PANDAS, "title.notna()", [True, True, False, True]),
        ("boolean", "", "pl.Series([None] * 4)", [None] * 4),
        ("list", "", "title.str.split('o')", [["B", "ta"], ["G", "rra"], None, ["Gafas"]]),
        ("list", "", "pl.Series([['a', '', None], [], None, ['b']])", [["a"], [], None, ["b"]]),
        ("gtin", "", "pl.Series(['0012345678905'] * 4)", ["0012345678905"] * 4),
    ],
)
def test_what_may_be_given(tmp_path: Path, returns: str, on: str, made: str, expected: list[object]) -> None:
    assert values(tmp_path, GIVES.format(returns=returns, on=on, made=made), "{{ title | made }}") == expected


@pytest.mark.parametrize(
    ("returns", "on", "made", "key", "said"),
    [
        ("text", "", "title.head(3)", "own_length", {"got": 4, "gives": 3}),
        ("text", "", "pl.lit('a')", "own_gives", {"gives": "Expr", "wanted": "polars.Series"}),
        ("text", "", "None", "own_gives", {"gives": "NoneType", "wanted": "polars.Series"}),
        ("text", PANDAS, "title.to_list()", "own_gives", {"gives": "list", "wanted": "pandas.Series"}),
        ("text", PANDAS, "title.sort_values()", "own_order", {}),
        ("text", ', on="expression"', "pl.col('title').first()", "own_length", {"got": 4, "gives": 1}),
        ("text", "", "pl.Series([1, 2, 3, 4])", "own_value", {"value": "1", "met": "int", "where": ", at p.csv:2"}),
        ("text", PANDAS, "title.str.len()", "own_value", {"value": "4", "met": "int", "where": ", at p.csv:2"}),
        ("decimal", "", "pl.Series([1.0, 2.0, 0.1 + 0.2, 4.0])", "own_value_digits", {"where": ", at p.csv:4"}),
        ("decimal", "", "title", "own_value", {"value": "Bota", "where": ", at p.csv:2"}),
        ("decimal", "", "pl.Series([1, 2, 3, 10**15])", "own_value_digits", {"where": ", at p.csv:5"}),
        ("decimal", "", "pl.Series([1.0, float('inf'), 1.0, 1.0])", "own_value_digits", {"where": ", at p.csv:3"}),
        ("integer", "", "pl.Series([1.0, 2.5, 3.0, 4.0])", "own_value", {"value": "2.5", "where": ", at p.csv:3"}),
        ("boolean", "", "pl.Series([1, 0, 1, 0])", "own_value", {"met": "int"}),
        ("date", "", "title", "own_value", {"value": "Bota"}),
        ("datetime", "", "pl.Series([datetime(2026, 1, 1)] * 4)", "own_value", {"met": "datetime"}),
        ("list", "", "title", "own_value", {"met": "str"}),
    ],
)  # fmt: skip
def test_what_must_not_be_given(
    tmp_path: Path, returns: str, on: str, made: str, key: str, said: dict[str, object]
) -> None:
    with pytest.raises(FeedsyncError) as met:
        values(tmp_path, GIVES.format(returns=returns, on=on, made=made), "{{ title | made }}")
    assert met.value.key == key
    assert {name: met.value.params[name] for name in said} == said
    assert met.value.message().startswith("own.py:8: error: made: ")


RAISES = """
@feedsync.function(on="{on}")
def mended(title):
    for one in {each}:
        if one.startswith("Ga"):
            raise KeyError(one)
    return title
"""


@pytest.mark.parametrize(("on", "each"), [("polars", "title"), ("pandas", "title")])
def test_the_row_that_fails_is_named(tmp_path: Path, on: str, each: str) -> None:
    expr, hoisted, troubles = compiled(tmp_path, RAISES.format(on=on, each=each), "{{ title | mended }}")
    troubles.keys["p.csv"] = FRAME.select("_row", __key=pl.Series(["A", "B", "C", "D"]))
    with pytest.raises(FeedsyncError) as met, troubles.raised():
        column(expr, hoisted)
    assert met.value.message() == (
        "own.py:12: error: mended: KeyError: 'Gafas', at product D (p.csv:5). "
        "Mend the code. A row for which there is no value may get None."
    )


def test_polars_errors_of_an_expression_are_hers(tmp_path: Path) -> None:
    code = """
@feedsync.function(returns="integer", on="expression")
def counted(title):
    return title.cast(pl.Int64)
"""
    with pytest.raises(FeedsyncError) as met:
        values(tmp_path, code, "{{ title | counted }}")
    assert (met.value.key, met.value.params["type"], met.value.params["where"]) == (
        "own_failed",
        "InvalidOperationError",
        ", at p.csv:2",
    )


def test_rows_that_fail_only_together_have_no_row(tmp_path: Path) -> None:
    code = "\n@feedsync.function()\ndef few(title):\n    assert len(title) < 2\n    return title\n"
    with pytest.raises(FeedsyncError) as met:
        values(tmp_path, code, "{{ title | few }}")
    assert (met.value.key, met.value.params["where"]) == ("own_failed", "")


def test_what_stops_a_query_is_not_lost_without_a_run(tmp_path: Path) -> None:
    expr, hoisted, _ = compiled(tmp_path, RAISES.format(on="polars", each="title"), "{{ title | mended }}")
    with pytest.raises(Stopped):
        column(expr, hoisted)


@pytest.mark.parametrize(
    ("code", "key", "line"),
    [
        ("@feedsync.function(takes='texto')\ndef f(a): ...", "own_type", 7),
        ("@feedsync.function(returns='money')\ndef f(a): ...", "own_type", 7),
        ("@feedsync.function(takes=['text', 'text'])\ndef f(a): ...", "own_takes_count", 7),
        ("@feedsync.function(takes=[])\ndef f(): ...", "own_takes_count", 7),
        ("@feedsync.function()\ndef f(*a): ...", "own_star", 7),
        ("@feedsync.function()\ndef f(a, **more): ...", "own_star", 7),
        ("@feedsync.function()\ndef f(a, *, b): ...", "own_constant", 7),
        ("@feedsync.function()\ndef f(a, *, b: float = 1.0): ...", "own_constant", 7),
        ("@feedsync.function(on='numpy')\ndef f(a): ...", "own_on", 7),
        ("@feedsync.function(name='mi precio')\ndef f(a): ...", "own_name", 7),
        ("\n@feedsync.function()\ndef lower(a): ...", "own_built_in", 8),
        ("def f(a): ...", "own_no_functions", 1),
        ("def f(a)\n    ...", "own_syntax", 7),
        ("\nprecio = pricio", "own_load", 8),
        ("\nimport nowhere_to_be_found", "own_import", 8),
        ("raise SystemExit(0)", "own_load", 7),
        (
            "@feedsync.function(name='x')\ndef f(a): ...\n@feedsync.function(name='x')\ndef g(a): ...",
            "own_twice",
            9,
        ),
    ],
)
def test_mistakes_of_a_file(tmp_path: Path, code: str, key: str, line: int) -> None:
    (tmp_path / "own.py").write_text(HEAD + code, encoding="utf-8")
    with pytest.raises(FeedsyncError) as met:
        load_functions(["own.py"], tmp_path, Place("feedsync.yaml", 1))
    file = "feedsync.yaml" if key == "own_no_functions" else "own.py"
    assert (met.value.key, met.value.place and met.value.place[:2]) == (key, (file, line))
    assert met.value.message()


def test_mistakes_of_all_files_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = ", encoding="utf-8")
    with pytest.raises(ManyErrors) as met:
        load_functions(["a.py", "b.py"], tmp_path, Place("feedsync.yaml", 3))
    assert [(one.key, one.place and one.place[:2]) for one in met.value.errors] == [
        ("own_syntax", ("a.py", 1)),
        ("own_no_file", ("feedsync.yaml", 3)),
    ]


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("{{ cost | shout }}", "template_input_text"),
        ("{{ title | shout(brand) }}", "template_arguments_none"),
        ("{{ title | shot }}", "template_unknown_filter_near"),
        ("{{ shout(title) }}", "template_call"),
    ],
)
def test_mistakes_of_a_template_show_before_row_1(tmp_path: Path, template: str, key: str) -> None:
    with pytest.raises(FeedsyncError) as met:
        compiled(tmp_path, SHOUT, template)
    assert met.value.key == key


def test_what_is_installed_comes_before_what_stands_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sched", raising=False)
    (tmp_path / "sched.py").write_text("raise ValueError('the wrong one')\n", encoding="utf-8")
    assert values(tmp_path, f"import sched\n{SHOUT}", "{{ 'a' | shout }}") == ["A"]


def test_loading_leaves_no_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside the project is found, and afterwards no other code can see it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "prices.py").write_text("FACTOR = '!'\n", encoding="utf-8")
    code = """
import prices
@feedsync.function()
def loud(title):
    return title + prices.FACTOR
"""
    path = list(sys.path)
    assert values(tmp_path, code, "{{ title | loud }}") == ["Bota!", "Gorra!", None, "Gafas!"]
    assert sys.path == path
    assert "prices" not in sys.modules
    assert sorted(one.name for one in tmp_path.iterdir()) == ["own.py", "prices.py"]
    (tmp_path / "prices.py").write_text("FACTOR = '?'\n", encoding="utf-8")
    assert values(tmp_path, code, "{{ title | loud }}") == ["Bota?", "Gorra?", None, "Gafas?"]


def test_a_declared_function_can_still_be_called() -> None:
    @feedsync.function(takes="integer", returns="integer")
    def doubled(number: pl.Series) -> pl.Series:
        return number * 2

    assert doubled(pl.Series([1, 2])).to_list() == [2, 4]


def test_a_compiled_template_with_own_functions_can_be_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    expr, hoisted, troubles = compiled(tmp_path, PRICE, "{{ cost | sold(factor=3) }}")
    troubles.users = lambda step, place: ""  # as a run sets it; it stays here
    sent, steps = pickle.loads(pickle.dumps((expr, hoisted)))
    assert column(sent, steps) == column(expr, hoisted) == [Decimal("30.3"), None, Decimal(9), Decimal("23.31")]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=12), st.integers(1, 5))
def test_how_rows_are_cut_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str | None], size: int
) -> None:
    folder = tmp_path_factory.mktemp("own")
    expr, hoisted, _ = compiled(folder, WITH_BRAND, "{{ title | branded(brand) }}")
    title = pl.Series("title", cells, dtype=pl.String)
    frame = pl.DataFrame({"_row": range(len(cells)), "title": title, "brand": title.reverse()})
    whole = column(expr, hoisted, frame)
    assert [one for part in frame.iter_slices(size) for one in column(expr, hoisted, part)] == whole
