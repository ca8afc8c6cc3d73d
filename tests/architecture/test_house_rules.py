"""What the code must not hold: channels' names, row loops, floats, long modules, prints."""

from __future__ import annotations

import ast

import pytest
from sources import PACKAGE, calls, modules, text_of

from feedsync.specs.channels import list_channels
from feedsync.specs.presets import load_preset, preset_files

STAGES = ("catalog/", "mapping/", "checks/", "writers/", "expressions/")
ROW_WISE = {"map_elements", "iter_rows", "to_dicts", "map_rows", "to_list", "map_batches", "iter_slices", "by_python"}
# Python over values, and why it may: over *unique* values or a literal, where Polars has no expression
LOOPS = {
    ("catalog/reading.py", "by_python"): "numbers with an exponent, over unique texts",
    ("catalog/reading.py", "to_list"): "of unique texts",
    ("catalog/shape/nested.py", "by_python"): "lists of objects as JSON, over unique cells",
    ("catalog/shape/nested.py", "to_list"): "of unique cells",
    ("expressions/by_python.py", "map_batches"): "what by_python is made of",
    ("expressions/functions/clean.py", "by_python"): "mojibake, on suspicious texts only",
    ("expressions/functions/declare.py", "by_python"): "a step in Python, over unique texts",
    ("expressions/functions/declare.py", "to_list"): "of unique texts",
    ("expressions/functions/html.py", "by_python"): "one pass over many patterns, in Polars' own operations",
    ("expressions/functions/html.py", "to_list"): "of unique texts with entities that no table names",
    ("expressions/functions/text.py", "by_python"): "a table of replacements, in Polars' own operations",
    ("expressions/reading.py", "by_python"): "canonical JSON texts, over unique texts",
    ("expressions/reading.py", "to_list"): "of unique texts",
    ("writers/read_spelled.py", "map_batches"): "JSON texts read back, over unique texts",
}
FLOATS = {
    "sources/exact.py": "a number that came as a float is printed exactly, then it is text",
    "sources/dataframe.py": "the same, of a frame's column",
    "sources/parquet.py": "the same, of a file's column",
    "sources/workbook.py": "the same, of a sheet's cells",
    "sources/base.py": "the second in which a file was written",
    "sources/packed.py": "the same",
    "run/results.py": "the same",
    "sources/stored.py": "the same",
    "sources/remote.py": "the same, and pauses",
    "sources/remote_any.py": "the same",
    "sources/remote_http.py": "the same",
    "sources/remote_sftp.py": "the same",
    "errors.py": "how alike two names are",
    "run/misspelt.py": "the same",
    "specs/taxonomy.py": "the same, of categories",
    "writers/template_process.py": "seconds and MiB",
    "writers/template_sandbox.py": "a number that a template made itself is printed",
    "writers/template_worker.py": "seconds and MiB",
}


def engine_words() -> set[str]:
    """What channels and presets call their own."""
    channels = {word for listing in list_channels(None) for word in listing.channel.engine_words}
    return channels | {word for name in preset_files(None) for word in load_preset(name, None).spec.engine_words}


@pytest.mark.parametrize("module", [name for name in modules() if not name.startswith("texts/")])
def test_no_channel_is_named_in_the_engine(module: str) -> None:
    words = engine_words()
    assert {"amazon", "mirakl", "google_merchant", "meta_catalog", "generic_marketplace"} <= words
    assert {"shopify", "woocommerce"} <= words
    code = text_of(module).casefold()
    assert [word for word in sorted(words) if word.casefold() in code] == []


def test_texts_name_no_channel_either() -> None:
    words = engine_words()
    for module in modules():
        if module.startswith("texts/"):
            assert [word for word in sorted(words) if word.casefold() in text_of(module).casefold()] == [], module


def test_no_loop_over_rows_in_the_hot_path() -> None:
    met = {
        (module, name)
        for module, tree in modules().items()
        if module.startswith(STAGES)
        for name, _ in calls(tree)
        if name in ROW_WISE
    }
    assert met == set(LOOPS)


def test_no_float_holds_a_value() -> None:
    met = set()
    for module, tree in modules().items():
        for node in ast.walk(tree):
            named = isinstance(node, ast.Name) and node.id == "float"
            typed = isinstance(node, ast.Attribute) and node.attr in ("Float64", "Float32")
            number = isinstance(node, ast.Constant) and isinstance(node.value, float) and not module.startswith("cli/")
            if named or typed or number:
                met.add(module)
    assert met == set(FLOATS)


@pytest.mark.parametrize("module", modules())
def test_modules_and_functions_are_short(module: str) -> None:
    assert len(text_of(module).splitlines()) <= 400
    long = [
        (node.name, node.end_lineno - node.lineno + 1)
        for node in ast.walk(modules()[module])
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None and node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_nothing_is_printed_below_the_command_line() -> None:
    printing = {
        module
        for module, tree in modules().items()
        for name, call in calls(tree)
        if name == "print" and isinstance(call.func, ast.Name)
    }
    assert {module for module in printing if not module.startswith("cli/")} == set()
    streams = {module for module in modules() if "sys.stdout" in text_of(module) or "sys.stderr" in text_of(module)}
    # what the project's own Python prints goes to standard error, so that it does not mix with a report; the worker's
    # standard output is its pipe
    assert {module for module in streams if not module.startswith(("cli/", "reports/"))} == {
        "run/own.py",
        "writers/template_worker.py",
    }


def test_no_clock_and_no_chance_decide_a_result() -> None:
    """`as_of` is asked for once, in the session."""
    met = {
        (module, name)
        for module, tree in modules().items()
        for name, _ in calls(tree)
        if name in ("now", "today", "utcnow", "time", "random", "uuid4", "shuffle", "hash_rows")
    }
    assert {one for one in met if not one[0].startswith("cli/")} == {("run/session.py", "now")}


def test_the_scan_sees_the_package() -> None:
    assert len(modules()) > 100
    assert (PACKAGE / "run" / "kernel.py").is_file()
