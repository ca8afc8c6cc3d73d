"""Jinja in its sandbox, as a channel's templates meet it: what they may call, and how values become text.

Loaded by the process that checks templates and by the one that runs them; it knows nothing of feeds and frames.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from markupsafe import escape as html_escape

MAX_REPEATED: Final = 10_000_000  # characters or entries that one multiplication may make
MAX_BITS: Final = 10_000  # of a power
SPACES: Final = ("market", "feed", "record")
REFUSED: Final[dict[type[nodes.Node], str]] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""What a template may not hold: it stands alone, and its texts are always escaped."""
_CELL: Final = re.compile('[",;\t|\r\n]|^ | $')


class NoText(TypeError):
    """Something printed that is no text, such as a list."""


class Missing(Undefined):
    """An attribute without a value: prints as nothing, is false and not defined, has no entries."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return f"{self._undefined_name} has no value"


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one format; the same texts give the same output, and nothing reaches the system."""

    intercepted_binops = frozenset({"*", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A record's own entry before a method of that name."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuses what would take the memory or the time of the process before a limit is met."""
        if operator == "*":
            for one, times in ((left, right), (right, left)):
                if isinstance(one, (str, list, tuple)) and isinstance(times, int) and len(one) * times > MAX_REPEATED:
                    raise OverflowError(f"a product of more than {MAX_REPEATED} characters or entries")
        elif isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > MAX_BITS:
            raise OverflowError(f"a power of more than {MAX_BITS} bits")
        return super().call_binop(context, operator, left, right)


def sandbox(escape: str) -> Sandbox:
    """The environment for templates whose values are escaped for `none`, `xml`, `html`, `json` or `csv`."""
    safe = ESCAPES[escape]
    marked = _plain if escape == "none" else _marked

    def printed(value: Any) -> str:
        """What `{{ value }}` writes."""
        if type(value) is str:
            return marked(safe(value))
        if hasattr(value, "__html__"):
            return str(value.__html__()) if escape == "none" else Markup(value)  # noqa: S704  escaped, or called safe
        if isinstance(value, (str, Undefined)) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            return marked(safe(str(value)))
        if value is None:
            return ""
        raise NoText(type(value).__name__)

    environment = Sandbox(
        autoescape=escape != "none",
        finalize=printed,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        optimized=False,  # only what is printed and constant is computed while a template is compiled
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.pop("lipsum")  # random
    markup = ("urlize", "xmlattr") if escape in ("json", "csv") else ()
    for name in ("random", "pprint", *markup):
        environment.filters.pop(name)
    environment.filters |= {"e": printed, "escape": printed, "forceescape": printed, "tojson": _tojson(escape)}
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _marked(escaped: str) -> str:
    """The text as one that is not escaped again; without Markup's own look at what it is given, which takes as long as
    all the rest."""
    return str.__new__(Markup, escaped)


def _xml(text: str) -> str:
    return str(html_escape(text)).replace("\r", "&#13;")  # a parser would read it as a line feed


def _html(text: str) -> str:
    return str(html_escape(text))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _csv(text: str) -> str:
    """A cell, in quotes where it must be: for any of the usual delimiters."""
    return '"' + text.replace('"', '""') + '"' if _CELL.search(text) else text


def _plain(text: str) -> str:
    return text


ESCAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "none": _plain,
    "xml": _xml,
    "html": _html,
    "json": _json,
    "csv": _csv,
}


def _tojson(escape: str) -> Callable[..., str]:
    """The value as JSON: marked as safe where that is so."""

    def tojson(value: Any, indent: int | None = None) -> str:
        options = {"ensure_ascii": False, "default": _null, "indent": indent}
        if escape in ("xml", "html"):
            return htmlsafe_json_dumps(value, dumps=json.dumps, **options)
        text = json.dumps(value, **options)  # type: ignore[arg-type]  # options of several types
        return Markup(text) if escape == "json" else text  # noqa: S704  JSON in JSON needs no escape

    return tojson


def _null(value: object) -> None:
    if isinstance(value, Missing):
        return
    raise NoText(type(value).__name__)
