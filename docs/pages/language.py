"""functions.md and jinja.md: the functions of the mapping language with examples that are their tests."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import polars as pl

from docs.pages.markdown import anchor, block, code, page, table
from feedsync.errors import Place
from feedsync.expressions import Scope, Value, WholeFeeds, compile_template, functions
from feedsync.expressions.functions import FUNCTIONS, JINJA_REFUSED, TESTS
from feedsync.expressions.registry import REQUIRED, Example, Function, Param

TESTS_FOLDER: Final = Path(__file__).parents[2] / "tests"
ORACLE: Final = TESTS_FOLDER / "oracle"
FUNCTION_TESTS: Final = TESTS_FOLDER / "functions"
KINDS: Final = {
    "Text": ("text", "case", "clean", "html"),
    "Structured data in a text": ("json_path",),
    "Addresses": ("url",),
    "Numbers": ("number",),
    "Money": ("money",),
    "Reading what a text says": ("parse", "measure"),
    "Choosing": ("choice",),
    "Lists": ("lists",),
    "Numbers of trade": ("identity",),
    "Dates": ("dates",),
    "Over the whole feed": ("whole",),
}
INTRO = """A function stands behind a bar: `{{ title | truncate_words(150) }}`. A test stands behind `is`:
`{{ gtin is gtin }}`. Arguments go in order or by name; those with `=` may be left out.
A missing value goes in and comes out as missing, unless the function is about what is missing.
Every example on this page is run as a test. [mapping.md](../mapping.md) shows how they are put together."""
JINJA_INTRO = """Templates are parsed by Jinja's own parser. Values are not Jinja's: they are typed, exact, and missing is
not `None`. Every row of the first table is run in both, and the page is made from what they gave."""
NOT_HERE = """Loops, macros, imports, block `{% set %}`, tuples, attribute access (but `market.`, `feed.` and `item.`) and
calls (but `field('...')`) are errors with their place. So is every test of Jinja that is not among
[ours](functions.md#tests)."""


def function_groups() -> dict[str, list[Function]]:
    """The functions by heading, each once."""
    made: dict[str, list[Function]] = {}
    for heading, modules in KINDS.items():
        tables = [getattr(functions, module).FUNCTIONS for module in modules]
        made[heading] = [function for named in tables for function in named.values()]
    return made


def functions_page() -> str:
    """The page of functions and tests."""
    groups = {**function_groups(), "Tests": list(TESTS.values())}
    listed = sorted(one.name for named in groups.values() for one in named if not one.test)
    assert listed == sorted(FUNCTIONS), "a module of functions has no heading in KINDS"
    index = [[heading, ", ".join(_link(one) for one in named)] for heading, named in groups.items()]
    parts = [part for heading, named in groups.items() for part in [f"## {heading}", *map(_described, named)]]
    return page("Functions", INTRO, table(["kind", "functions"], index), *parts)


def heading_of(function: Function) -> str:
    """The heading under which a function stands."""
    return f"is {function.name}" if function.test else function.name


def _link(function: Function) -> str:
    return f"[{function.name}](#{anchor(heading_of(function))})"


def signature(function: Function) -> str:
    """As it is written, with the arguments that may be left out shown by their default."""
    arguments = ", ".join(_argument(param) for param in function.params)
    named = heading_of(function) + (f"({arguments})" if arguments else "")
    return f"{{{{ x {named} }}}}" if function.test else f"{{{{ x | {named} }}}}"


def _argument(param: Param) -> str:
    if param.many:
        return f"{param.name}, ..."
    if param.default is REQUIRED:
        return param.name
    shown = {None: "none", True: "true", False: "false"}.get(param.default) if _simple(param.default) else None  # type: ignore[call-overload]  # any key may be asked for
    return f"{param.name}={shown if shown is not None else repr(param.default)}"


def _simple(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _described(function: Function) -> str:
    takes = " or ".join(function.takes)
    kinds = f", gives {' or '.join(gives(function))}" if gives(function) else ""
    lines = [f"### {heading_of(function)}", f"{code(signature(function))} · takes {takes}{kinds}"]
    lines.append(function.summary)
    literal = [param.name for param in function.params if param.literal]
    if literal:
        lines.append(f"Written out in the template, not read from a field: {', '.join(map(code, literal))}.")
    lines.append(block("\n".join(_example(example) for example in function.examples)))
    if function.jinja:
        lines.append(f"Differs from Jinja: {function.jinja}")
    return "\n\n".join(lines)


def gives(function: Function) -> list[str]:
    """What it is declared to give, and what else those of its examples give that end with it (it may hang on arguments).

    Nothing for a function whose result hangs on its input.
    """
    if function.test:
        return ["true or false"]
    if function.returns is None:
        return []
    whole = re.compile(rf"\{{\{{ (?:'[^']*'|[^|{{}}'])*\| {function.name}(?:\([^|]*\))? \}}\}}")
    ends_with_it = [example for example in function.examples if whole.fullmatch(example.template)]
    return list(dict.fromkeys([str(function.returns), *map(_type_of, ends_with_it)]))


def _type_of(example: Example) -> str:
    """The type that the compiler gives an example; its cells are typed as in the examples' test."""
    typed = _module(FUNCTION_TESTS, "one_row").typed
    names = {name: Value(pl.col(name), typed(cell)[0]) for name, cell in example.row.items()}
    scope = Scope(names=names, whole=WholeFeeds())
    return str(compile_template(example.template, scope, Place("feedsync.yaml", 1, 1)).value.type)


def _module(folder: Path, name: str) -> Any:
    """A module of the tests."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return import_module(name)


def _example(example: Example) -> str:
    cells = "".join(f"\n    {name} = {cell or '(missing)'}" for name, cell in example.row.items())
    return f"{example.template}{cells}\n    -> {'(missing)' if example.gives is None else example.gives}"


def jinja_page() -> str:
    """The page *Where we differ from Jinja*."""
    rows = [[code(one.template), _row(one.row), _jinja(one.jinja), _ours(one.ours), one.why] for one in _differences()]
    same_name = [[_from_here(one), one.jinja] for one in [*FUNCTIONS.values(), *TESTS.values()] if one.jinja]
    refused = [[code(name), instead] for name, instead in JINJA_REFUSED.items()]
    return page(
        "Where we differ from Jinja",
        JINJA_INTRO,
        "## Values",
        table(["template", "row", "Jinja gives", "feedsync gives", "why"], rows),
        "## Filters and tests of the same name",
        table(["filter or test", "difference"], same_name),
        "## Filters that are errors",
        table(["filter", "write instead"], refused),
        "## Statements that are errors",
        NOT_HERE,
    )


def _from_here(function: Function) -> str:
    return f"[{heading_of(function)}](functions.md#{anchor(heading_of(function))})"


def _differences() -> list[Any]:
    """What the tests' own slow evaluator and Jinja give, live."""
    return list(_module(ORACLE, "differences").differences())


def _row(row: dict[str, object]) -> str:
    return ", ".join(
        f"{name}: {'missing' if cell is None else code(str(cell)) if cell != '' else code(repr(''))}"
        for name, cell in row.items()
    )


def _jinja(given: str) -> str:
    """The words of an error belong to Jinja and Python and change with them; its name is enough."""
    name, colon, _ = given.partition(": ")
    return f"an error ({name})" if colon and name.isidentifier() else code(given) if given else "an empty text"


def _ours(given: str | None) -> str:
    return "missing" if given is None else code(given)
