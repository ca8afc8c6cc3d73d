"""The mapping language: templates -> typed Polars expressions.

A template is parsed by Jinja's own parser (parse.py), walked once (compiler.py, template.py) and becomes a `Compiled`:
an expression with its type, what can fail in it, what it reads, and its steps.
"""

from feedsync.expressions import canonical
from feedsync.expressions.scope import Hoisted, Scope, Table, WholeFeed, WholeFeeds
from feedsync.expressions.template import compile_condition, compile_template
from feedsync.expressions.values import Compiled, Failure, Step, Unknown, Value, literal

__all__ = [
    "Compiled",
    "Failure",
    "Hoisted",
    "Scope",
    "Step",
    "Table",
    "Unknown",
    "Value",
    "WholeFeed",
    "WholeFeeds",
    "canonical",
    "compile_condition",
    "compile_template",
    "literal",
]
