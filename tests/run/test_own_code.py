"""A project's own functions and hooks in whole runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from builders import check, codes, counts, export, found, items, lines, shop, write

import feedsync
from feedsync.errors import FeedsyncError, ManyErrors
from feedsync.run import staged

PRODUCTS = lines(
    "sku,title,brand,cost,stock,ean",
    "A-1,Bota,Duero,10.10,3,0012345678905",
    "A-2,Gorra,,7.00,0,8412345678905",
    "A-3,Gafas,Tajo,,5,",
)
CATALOG = "sources: [{path: p.csv}]\nfields: {cost: {type: decimal}, stock: {type: integer}}\n"
ATTRIBUTES = "title: {}\nmargin: {type: decimal}\nunits: {type: integer}\nean: {}\n"
MARGIN = """
def enrich(frame):
    frame["margin"] = frame["cost"] * 2
    return frame
"""
POLARS = """
import polars as pl
def enrich(frame):
    return frame.with_columns(margin=pl.col("cost") * 2)
"""


def project(folder: Path, code: str, hook: str, feed: str, products: str = PRODUCTS, catalog: str = CATALOG) -> Path:
    """A project with the hook `enrich` of mine.py."""
    shop(folder, products, f"attributes:\n{feed}", ATTRIBUTES, f"hooks: {hook}\n", catalog=catalog)
    return write(folder, {"mine.py": code})


def error_of(folder: Path, **options: object) -> str:
    with pytest.raises(FeedsyncError) as met:
        feedsync.load_project(folder, env={}, **options).check()
    assert met.value.exit_code == 2
    return met.value.message()


@pytest.mark.parametrize(
    ("code", "hook"),
    [
        (MARGIN, "{call: 'mine:enrich', frame: pandas, reads: cost, adds: {margin: decimal}}"),
        (MARGIN, "{call: 'mine:enrich', frame: pandas, adds: {margin: decimal}, changes: []}"),
        (POLARS, "[{call: 'mine:enrich', reads: [cost], adds: {margin: decimal}}]"),
        (
            "def enrich(frame):\n    return frame.assign(margin=frame['cost'] * 2)[['margin', '_row']]\n",
            "{call: 'mine:enrich', frame: pandas, reads: cost, adds: {margin: decimal}}",
        ),
        (
            "import pandas\ndef enrich(frame):\n    return pandas.DataFrame(frame.to_dict(as_series=False)).assign(margin=[20.2, 14, None])[['_row', 'margin']]\n",
            "{call: 'mine:enrich', adds: {margin: decimal}}",
        ),
    ],
)
def test_a_hook_adds_a_field(tmp_path: Path, code: str, hook: str) -> None:
    folder = project(tmp_path, code, hook, "  margin: '{{ margin }}'\n  ean: '{{ ean }}'\n")
    assert items(folder) == [
        {"id": "A-1", "margin": "20.2", "ean": "0012345678905"},
        {"id": "A-2", "margin": "14", "ean": "8412345678905"},
        {"id": "A-3"},
    ]


def test_pandas_gets_values_as_they_are(tmp_path: Path) -> None:
    """EANs stay texts, money stays decimal, and a whole number beside a missing one stays whole."""
    code = """
from decimal import Decimal
def enrich(frame):
    assert list(frame.columns) == ["_row", "ean", "cost", "stock"]
    assert frame["ean"].tolist()[:2] == ["0012345678905", "8412345678905"] and frame["ean"].isna()[2]
    assert frame["cost"].tolist() == [Decimal("10.10"), Decimal("7.00"), None]
    assert str(frame["stock"].dtype) == "Int64" and str(frame["_row"].dtype) == "UInt64"
    return frame
"""
    hook = "{call: 'mine:enrich', frame: pandas, reads: [ean, cost, stock]}"
    folder = project(tmp_path, code, hook, "  ean: '{{ ean }}'\n  units: '{{ stock }}'\n")
    assert items(folder)[0] == {"id": "A-1", "ean": "0012345678905", "units": "3"}


def test_the_short_form_may_change_any_field(tmp_path: Path) -> None:
    code = "def enrich(frame):\n    return frame.with_columns(frame['title'].str.to_uppercase(), stock=frame['stock'] + 1)\n"
    folder = project(tmp_path, code, "mine:enrich", "  title: '{{ title }}'\n  units: '{{ stock }}'\n")
    assert [(one["title"], one["units"]) for one in items(folder)] == [("BOTA", "4"), ("GORRA", "1"), ("GAFAS", "6")]


def test_hooks_run_in_order_and_only_where_something_needs_them(tmp_path: Path) -> None:
    code = """
def first(frame):
    return frame.assign(margin=frame["cost"] * 2)
def second(frame):
    return frame.assign(title=frame["title"] + " " + frame["margin"].astype(str))
def unused(frame):
    raise AssertionError
"""
    hooks = """
  - {call: "mine:first", frame: pandas, reads: cost, adds: {margin: decimal}, changes: []}
  - {call: "mine:second", frame: pandas, reads: margin, changes: title}
  - {call: "mine:unused", adds: {idle: text}, changes: []}
"""
    folder = project(tmp_path, code, hooks, "  title: '{{ title }}'\n")
    assert items(folder)[0]["title"] == "Bota 20.20000000"


def test_a_hook_mends_a_cell_that_did_not_read(tmp_path: Path) -> None:
    code = "def enrich(frame):\n    return frame.with_columns(frame['stock'].fill_null(7))\n"
    products = PRODUCTS.replace(",5,", ",cinco,")
    folder = project(tmp_path, code, "{call: 'mine:enrich', changes: stock}", "  units: '{{ stock }}'\n", products)
    assert items(folder)[2] == {"id": "A-3", "units": "7"}
    write(folder, {"mine.py": "def enrich(frame):\n    return frame\n"})
    assert found(check(folder)["f"]) == [("FS103", "error", "stock", ["A-3"])]


def test_a_hook_sees_variants_with_what_they_inherit(tmp_path: Path) -> None:
    products = lines("sku,parent,brand,title", "P,,Duero,Padre", "P-1,P,,Uno", "P-2,P,Tajo,Dos")
    catalog = "sources: [{path: p.csv}]\nvariants: {parent: parent, inherit: [brand]}\n"
    code = "def enrich(frame):\n    return frame.with_columns(title=frame['brand'] + ' ' + frame['title'])\n"
    folder = project(
        tmp_path,
        code,
        "{call: 'mine:enrich', changes: title, reads: brand}",
        "  title: '{{ title }}'\n",
        products,
        catalog,
    )
    assert [one["title"] for one in items(folder)] == ["Duero Uno", "Tajo Dos"]


def test_feeds_over_a_table_read_what_hooks_add(tmp_path: Path) -> None:
    tables = "tables: {stores: {path: s.csv, key: [store, code], catalog_key: code}}\n"
    shop(tmp_path, PRODUCTS, "rows: stores\nid: '{{ store }}-{{ code }}'\nattributes: {id: '{{ code }}', margin: '{{ margin }}'}", ATTRIBUTES,
         tables + "hooks: {call: 'mine:enrich', adds: {margin: decimal}, reads: cost}\n", catalog=CATALOG)  # fmt: skip
    write(tmp_path, {"mine.py": POLARS, "s.csv": lines("store,code", "M,A-2", "B,A-1")})
    assert items(tmp_path) == [{"id": "A-2", "margin": "14"}, {"id": "A-1", "margin": "20.2"}]


@pytest.mark.parametrize(
    ("code", "hook", "said"),
    [
        ("def enrich(frame): pass", "adds: {margin: decimal}", "mine.py:1: error: mine:enrich: it gave NoneType, and a pandas or Polars"),
        ("def enrich(frame): return frame", "adds: {margin: decimal}", 'it did not add the field "margin"'),
        (MARGIN.replace('"margin"', '"margn"'), "adds: {margin: decimal}, frame: pandas", 'it added the field "margn", which is not declared; did you mean "margin"?'),
        ("def enrich(frame): return frame.drop('_row')", "changes: title", "it gave a frame without _row"),
        ("def enrich(frame): return frame.head(2)", "changes: title", "it got 3 rows and gave 2, at product A-3 (p.csv:4)"),
        ("def enrich(frame): return frame.reverse()", "changes: title", "it gave the rows in another order, at product A-1 (p.csv:2)"),
        ("def enrich(frame): return frame.vstack(frame)", "changes: title", "it got 3 rows and gave 6. Keep every row"),
        ("def enrich(frame): return frame.with_columns(brand=frame['sku'])", "changes: title, reads: [brand, sku]", 'it changed the field "brand" to "A-1", at product A-1 (p.csv:2). Name'),
        ("def enrich(frame): return frame.with_columns(sku='title')", "{}", 'it changed the field "sku" to "Bota", at product A-1 (p.csv:2)'),
        ("def enrich(frame): return frame.with_columns(stock=frame['stock'] / 3)", "changes: stock", 'field "stock": "1.6666666666666665" (float) is no integer, at product A-3 (p.csv:4)'),
        ("def enrich(frame): return frame.with_columns(margin=0.1 + 0.2)", "adds: {margin: decimal}", 'field "margin": "0.30000000000000004" (float) has more digits than a decimal has, at product A-1'),
        ("def enrich(frame):\n    if 'A-2' in frame['sku']: raise ValueError('x')\n    return frame", "changes: title, reads: sku", "mine.py:2: error: mine:enrich: ValueError: x, at product A-2 (p.csv:3). Mend"),
        ("def enrich(frame):\n    return frame.no_such()", "changes: title", "mine.py:2: error: mine:enrich: AttributeError: 'DataFrame' object has no attribute 'no_such'"),
        ("def enrich(frame): return frame", "reads: titel", 'feedsync.yaml:11:8: error: mine:enrich: the catalog has no field "titel"; did you mean "title"?'),
        ("def enrich(frame): return frame", "adds: {title: text}", 'adds: the field "title" is there already'),
        ("def enrich(frame): return frame", "changes: sku", 'changes: "sku" is the key'),
        ("def enrih(frame): return frame", "changes: title", '"mine.py" has no function "enrich"; did you mean "enrih"?'),
        ("import nowhere_at_all", "changes: title", 'mine.py:1: error: the module "nowhere_at_all" is not installed'),
    ],
)  # fmt: skip
def test_what_a_hook_must_not_do(tmp_path: Path, code: str, hook: str, said: str) -> None:
    reads = "{{ title }}{{ stock }}" + ("{{ margin }}" if "margin" in hook else "")
    hook = "{call: 'mine:enrich'" + (f", {hook}" if hook != "{}" else "") + "}"
    folder = project(tmp_path, code, hook, f"  title: '{reads}'\n  ean: '{{{{ sku }}}}'\n")
    assert said in error_of(folder)


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        ("nothing", '"nothing" does not name a function'),
        ("{call: 'mine.py:enrich'}", '"mine.py:enrich" does not name a function'),
        ("{call: '../mine:enrich'}", "does not name a function"),
        ("{call: 'other:enrich'}", 'there is no file "other.py"'),
        ("{call: 'mine:enrich', adds: {margin: float}}", "float"),
        ("[{calls: 'mine:enrich'}]", 'did you mean "call"?'),
    ],
)
def test_mistakes_of_the_key_hooks(tmp_path: Path, hooks: str, said: str) -> None:
    folder = project(tmp_path, MARGIN, hooks, "  title: '{{ title }}'\n")
    assert said in error_of(folder)


FUNCTIONS = """
import feedsync
@feedsync.function(takes=["text", "text?"])
def named(title, brand):
    if "Gafas" in title:
        print("Gafas")
    return title + " " + brand.fill_null("sin marca")
@feedsync.function(takes="integer", returns="integer", on="pandas")
def twice(stock):
    return stock * 2
"""


def with_functions(
    folder: Path, feed: str, code: str = FUNCTIONS, products: str = PRODUCTS, catalog: str = CATALOG
) -> Path:
    shop(folder, products, feed, ATTRIBUTES, "functions: own/mine.py\n", catalog=catalog)
    return write(folder, {"own/mine.py": code})


def test_functions_work_wherever_templates_are(tmp_path: Path) -> None:
    """In attributes, beneath other attributes, in field templates, select, exclude, the id, and --where."""
    catalog = CATALOG.replace("stock:", "label: {template: '{{ title | named(brand) }}'}, stock:")
    feed = """
id: "{{ sku | named('x') }}"
select: "{{ stock | twice < 9 }}"
exclude: [{when: "{{ title | named(brand) == 'Gorra sin marca' }}", reason: gorra}]
attributes:
  title: "{{ label | upper }}"
  units: "{{ stock | twice }}"
  ean: "{{ item.title | named(none) }}"
"""
    folder = with_functions(tmp_path, feed, catalog=catalog)
    first = {"id": "A-1 x", "title": "BOTA DUERO", "units": "6", "ean": "BOTA DUERO sin marca"}
    assert items(folder) == [first]
    assert counts(check(folder)["f"]) == (3, 1, 0, {"gorra": 1, "select": 1})
    assert counts(check(folder, where="{{ sku | named('y') == 'A-1 y' }}")["f"]) == (1, 1, 0, {})


def test_explain_shows_a_function_as_a_step(tmp_path: Path) -> None:
    folder = with_functions(tmp_path, "attributes: {title: '{{ title | named(brand) | upper }}'}")
    story = feedsync.load_project(folder, env={}).explain("A-1", feed="f", attribute="title")
    steps = [(one.text, one.input, one.output) for one in story.feeds[0].attributes[0].steps]
    assert steps[2:] == [
        ("title | named(brand)", "Bota", "Bota Duero"),
        ("title | named(brand) | upper", "Bota Duero", "BOTA DUERO"),
    ]


@pytest.mark.parametrize(
    ("feed", "catalog", "where"),
    [
        ("attributes: {title: '{{ title | bad }}'}", "", "in title (f), feedsync.yaml:8:37"),
        ("id: '{{ sku }}-{{ title | bad }}'", "", "in id (f), feedsync.yaml:8:31"),
        ("exclude: [{when: \"{{ title | bad == 'x' }}\", reason: r}]", "", "in r (f), feedsync.yaml:8:34"),
        ("attributes: {title: '{{ label }}'}", "label: {template: '{{ title | bad }}'}, ", "in the template at feedsync.yaml:3:42"),
    ],
)  # fmt: skip
def test_an_error_names_function_feed_attribute_and_product(
    tmp_path: Path, feed: str, catalog: str, where: str
) -> None:
    code = "import feedsync\n@feedsync.function()\ndef bad(title):\n    assert 'Gorra' not in title, 'no gorras'\n    return title\n"
    folder = with_functions(tmp_path, feed, code, catalog=CATALOG.replace("cost:", f"{catalog}cost:"))
    assert error_of(folder) == (
        f"own/mine.py:4: error: bad: AssertionError: no gorras, at product A-2 (p.csv:3), {where}. "
        "Mend the code. A row for which there is no value may get None."
    )


def test_what_her_code_prints_does_not_mix_with_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = with_functions(tmp_path, "attributes: {title: '{{ title | named(brand) }}'}")
    check(folder)
    met = capsys.readouterr()
    assert (met.out, met.err) == ("", "Gafas\n")
    assert sys.stdout is not sys.stderr


MANY = lines(
    "sku,title,brand,cost,stock,ean",
    *(f"A-{n},T{n},{'B' if n % 3 else ''},{n}.05,{n % 7},E{n:03}" for n in range(1, 90)),
)


@pytest.mark.parametrize(("batch", "memory"), [(1, 0), (7, 1 << 20), (40, 0), (4000, 1 << 20)])
def test_batches_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int, memory: int) -> None:
    """Code that makes each row of its own row alone gives the same bytes however rows are cut."""
    feed = """
attributes:
  title: "{{ title | named(brand) }}"
  units: "{{ stock | twice }}"
  margin: "{{ margin }}"
"""
    hooks = (
        "functions: own/mine.py\nhooks: {call: 'mine:enrich', frame: pandas, adds: {margin: decimal}, reads: cost}\n"
    )
    shop(tmp_path, MANY, feed, ATTRIBUTES, hooks, catalog=CATALOG)
    write(tmp_path, {"mine.py": MARGIN, "own/mine.py": FUNCTIONS})
    whole = export(tmp_path, tmp_path / "whole")
    monkeypatch.setattr(staged.Staged.batches, "__defaults__", (batch,))
    monkeypatch.setattr(staged, "IN_MEMORY", memory)
    monkeypatch.setattr("feedsync.sources.csv.BLOCK_BYTES", 97, raising=False)
    cut = export(tmp_path, tmp_path / "cut")
    assert cut["f.csv"] == whole["f.csv"]
    assert whole["f.csv"].splitlines()[1].startswith(b"A-1,T1 B,")


def test_an_output_never_replaces_her_code(tmp_path: Path) -> None:
    folder = with_functions(tmp_path, "attributes: {title: '{{ title | named(brand) }}'}")
    (folder / "own" / "mine.py").rename(folder / "f.csv")
    text = (folder / "feedsync.yaml").read_text().replace("own/mine.py", "f.csv")
    write(folder, {"feedsync.yaml": text})
    with pytest.raises(FeedsyncError) as met:
        feedsync.load_project(folder, env={}).export(output=folder)
    assert met.value.key == "output_is_input"


class TestWithoutPlugins:
    """--no-plugins: none of the project's Python runs; a feed that needs it is refused, another one is made."""

    BOMB = "raise SystemExit('loaded')\n"

    def test_functions(self, tmp_path: Path) -> None:
        folder = with_functions(tmp_path, "attributes: {title: '{{ title | named(brand) }}'}", self.BOMB)
        assert error_of(folder, plugins=False) == (
            'feedsync.yaml:8:37: error: title (f): no function "named" is built in, and --no-plugins keeps own/mine.py '
            "from being loaded. Leave --no-plugins out where you trust the project's Python, or name feeds that do "
            "without it."
        )

    def test_a_feed_that_does_without(self, tmp_path: Path) -> None:
        folder = with_functions(tmp_path, "attributes: {title: '{{ title }}'}", self.BOMB)
        result = feedsync.load_project(folder, env={}, plugins=False).check()
        assert result.feeds[0].ready == 3

    @pytest.mark.parametrize(
        ("hook", "said"),
        [
            ("{call: 'mine:enrich', adds: {margin: decimal}, changes: []}", "and it fills margin."),
            ("{call: 'mine:enrich', adds: {margin: decimal}, changes: title}", "and it fills title, margin."),
            ("{call: 'mine:enrich', adds: {margin: decimal}}", "and it may change"),
        ],
    )
    def test_hooks(self, tmp_path: Path, hook: str, said: str) -> None:
        folder = project(tmp_path, self.BOMB, hook, "  title: '{{ title }}'\n  margin: '{{ margin }}'\n")
        message = error_of(folder, plugins=False)
        assert message.startswith("feedsync.yaml:")
        assert said in message

    def test_hooks_that_fill_nothing_a_feed_reads(self, tmp_path: Path) -> None:
        hook = "{call: 'mine:enrich', adds: {margin: decimal}, changes: []}"
        folder = project(tmp_path, self.BOMB, hook, "  title: '{{ title }}'\n")
        result = feedsync.load_project(folder, env={}, plugins=False).check()
        assert (codes(result.feeds[0]), result.feeds[0].ready) == ([], 3)


def test_mistakes_of_functions_and_hooks_are_said_together(tmp_path: Path) -> None:
    shop(
        tmp_path,
        PRODUCTS,
        "attributes: {title: '{{ title }}'}",
        ATTRIBUTES,
        "functions: [a.py]\nhooks: b:c\n",
        catalog=CATALOG,
    )
    with pytest.raises(ManyErrors) as met:
        check(tmp_path)
    assert [one.key for one in met.value.errors] == ["own_no_file", "own_no_file"]
