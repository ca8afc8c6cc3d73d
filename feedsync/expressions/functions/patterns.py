"""Regular expressions that people write: checked before row 1, and the signs that would surprise them."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from feedsync.errors import TemplateError
from feedsync.expressions.functions.declare import refuse
from feedsync.expressions.registry import Call


def groups_of(call: Call, pattern: str) -> int:
    """How many groups the pattern has; a pattern that does not compile is a TemplateError."""
    try:
        return len(pl.Series([""]).str.extract_groups(pattern).struct.fields) if "(" in pattern else checked(pattern)
    except pl.exceptions.ComputeError as error:
        raise bad_regex(call, pattern, str(error)) from None


def checked(pattern: str) -> int:
    """Compile a pattern without groups; raises ComputeError."""
    pl.Series([""]).str.contains(pattern)
    return 0


@cache
def regex_problem(pattern: str) -> str:
    """Why the pattern does not compile, in the compiler's words; '' where it does."""
    try:
        checked(pattern)
    except pl.exceptions.ComputeError as error:
        return _reason(str(error))
    return ""


def bad_regex(call: Call, pattern: str, answer: str) -> TemplateError:
    """The error with what the compiler's answer gives as the reason."""
    return refuse(call, "function_bad_regex", pattern=pattern, reason=_reason(answer))


def _reason(answer: str) -> str:
    """The one line of the compiler's answer that says why."""
    said = [line.removeprefix("error: ") for line in answer.splitlines() if line.startswith("error: ")]
    first = answer.partition("\n")[0].removeprefix("regex error: ").rstrip(".")  # of a size limit, the only one
    return said[-1] if said else first


def replacement(call: Call, written: str, groups: int) -> str:
    """`$1` is a group, `$$` a dollar, every other dollar itself; a group that is not there is a TemplateError."""
    if re.search(r"\\\d", written):
        raise refuse(call, "function_backslash_group", written=written)

    def one(match: re.Match[str]) -> str:
        sign = match[0]
        if sign == "$$":
            return "$$"
        if sign == "$":
            return "$$"
        if int(match[1]) > groups:
            raise refuse(call, "function_no_group", group=match[1], groups=groups)
        return "${" + match[1] + "}"

    return re.sub(r"\$(\d+)|\$\$|\$", lambda match: one(match), written)


def escaped(text: str) -> str:
    """A pattern that matches the text itself, blanks of any kind and number between its words."""
    return r"\s+".join(re.escape(word) for word in text.split())


def whole_words(texts: list[str]) -> str:
    """A pattern for any of the texts as whole words, in any case; the longest first."""
    phrases = []
    for text in sorted(filter(str.strip, texts), key=len, reverse=True):
        word = text.strip()
        before = r"\b" if word[0].isalnum() else ""
        after = r"\b" if word[-1].isalnum() else ""
        phrases.append(f"{before}{escaped(word)}{after}")
    return f"(?i)(?:{'|'.join(phrases)})"
