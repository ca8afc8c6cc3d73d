"""The usual mistakes of people who come from spreadsheets, other languages or a word processor.

Each is seen in the tokens before Jinja's parser runs, because its own message would be about something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from feedsync.errors import nearest
from feedsync.expressions.lexing import BEGINS, ENDS, Mistake, Tok

KEYWORDS: Final = ("and", "or", "not", "if", "else", "in", "is")
BLOCKS: Final = ("if", "elif", "else", "endif", "set")
_JINJA_BLOCKS: Final = {
    "for": "endfor",
    "macro": "endmacro",
    "call": "endcall",
    "filter": "endfilter",
    "block": "endblock",
    "with": "endwith",
    "autoescape": "endautoescape",
    "import": "",
    "from": "",
    "include": "",
    "extends": "",
    "print": "",
    "do": "",
}
_IFS: Final = ("IF", "SI", "WENN", "SE", "IIF", "IFS", "IFERROR", "SWITCH")  # as spreadsheets write them
_COMPARING: Final = ("==", "!=", "<", "<=", ">", ">=")
_SINGLE_BRACE: Final = re.compile(r"(?<!\{)\{\s*\w[^{}]*\}\}")
_EDGE: Final = Tok(-1, "edge", "")


def look_for_mistakes(toks: Sequence[Tok]) -> None:
    """Raise the first usual mistake among the tokens."""
    opened_ifs: list[Tok] = []
    calls: list[bool] = []
    for i, tok in enumerate(toks):
        before, after = (toks[i - 1] if i else _EDGE), (toks[i + 1] if i + 1 < len(toks) else _EDGE)
        further = toks[i + 2] if i + 2 < len(toks) else _EDGE
        if tok.kind == "data":
            _data(tok)
        elif tok.kind == "block_begin":
            _block(tok, after, further, opened_ifs)
            if after.text == "set" and "block_end" in [later.kind for later in toks[i + 2 : i + 4]]:
                raise Mistake("template_block_set", after.at)
        elif tok.kind == "operator" and tok.text in "([{":
            calls.append(tok.text == "(" and before.kind == "name" and before.text not in KEYWORDS)
        elif tok.kind == "operator" and tok.text in ")]}" and calls:
            calls.pop()
        if tok.kind not in ("data", *BEGINS, *ENDS):
            for look in _LOOKS:
                look(tok, before, after)
            if tok.text == "=" and tok.kind == "operator":
                _single_equals(tok, toks[max(i - 2, 0) : i], after, in_call=bool(calls) and calls[-1])
            if tok.kind == "name" and after.kind == "name":
                _two_names(toks, i)
    if opened_ifs:
        raise Mistake("template_missing_endif", opened_ifs[-1].at)


def _data(tok: Tok) -> None:
    single = _SINGLE_BRACE.search(tok.text)
    if single:
        raise Mistake("template_single_brace", tok.at + single.start(), text=single[0])


def _block(tok: Tok, word: Tok, second: Tok, opened_ifs: list[Tok]) -> None:
    name = word.text
    if name in ("elseif", "elsif") or (name == "else" and second.text == "if"):
        raise Mistake("template_elif", word.at)
    if name == "end" or (name in ("fi", "end_if")):
        raise Mistake("template_endif", word.at)
    stem = name.removeprefix("end")
    if name in _JINJA_BLOCKS or (name != stem and stem in _JINJA_BLOCKS):
        raise Mistake("template_statement", word.at, name=name)
    if word.kind != "name" or name not in BLOCKS:
        raise Mistake("template_block_word", word.at, name=name, near=nearest(name, BLOCKS) or "if")
    if name == "if":
        opened_ifs.append(tok)
    elif name != "set" and not opened_ifs:
        raise Mistake("template_without_if", word.at, name=name)
    elif name == "endif":
        opened_ifs.pop()


def _two_characters(tok: Tok, before: Tok, after: Tok) -> None:
    if tok.kind != "operator" or after.kind != "operator" or after.at != tok.end:
        return
    pair = tok.text + after.text
    if pair == "||":
        raise Mistake("template_or", tok.at)
    if pair == "<>":
        raise Mistake("template_unequal", tok.at)
    if pair in ("=>", "=<"):
        raise Mistake("template_order_operator", tok.at, wrong=pair, right=pair[::-1])
    if pair in ("===", "!=="):
        raise Mistake("template_triple_equals", tok.at, wrong=pair, right=pair[:2])
    if pair == "{{":
        raise Mistake("template_nested_braces", tok.at)


def _half_comparison(tok: Tok, before: Tok, after: Tok) -> None:
    if tok.kind == "name" and tok.text in ("and", "or") and after.kind == "operator" and after.text in _COMPARING:
        raise Mistake("template_half_comparison", after.at, word=tok.text, operator=after.text)


def _literals(tok: Tok, before: Tok, after: Tok) -> None:
    if tok.kind == "string" and after.kind == "string":
        key = "template_doubled_quote" if tok.end == after.at and tok.text[0] == after.text[0] else "template_two_texts"
        raise Mistake(key, after.at, quote=tok.text[0])
    number = tok.kind in ("integer", "float")
    if number and after.kind in ("integer", "float") and tok.end == after.at:
        raise Mistake("template_leading_zero", tok.at, number=tok.text + after.text)
    if number and after.kind == "name" and tok.end == after.at:
        raise Mistake("template_number_word", tok.at, word=tok.text + after.text)
    starts = before.kind in BEGINS or (before.kind == "operator" and before.text not in ")]}")
    if tok.text == "." and tok.kind == "operator" and after.kind == "integer" and (starts or before.text in KEYWORDS):
        raise Mistake("template_point", tok.at, number=after.text)


def _spreadsheet(tok: Tok, before: Tok, after: Tok) -> None:
    if tok.kind == "name" and after.text == "(" and tok.text.upper() in _IFS:
        if tok.text != "if" or before.kind == "variable_begin":
            raise Mistake("template_if_function", tok.at, name=tok.text)
    elif tok.kind == "operator" and tok.text == ";":
        raise Mistake("template_semicolon", tok.at)
    elif tok.kind == "name" and tok.text not in KEYWORDS and tok.text.lower() in KEYWORDS and after.kind != "edge":
        raise Mistake("template_keyword_case", tok.at, word=tok.text, right=tok.text.lower())


def _filter_argument(tok: Tok, before: Tok, after: Tok) -> None:
    if tok.kind != "name" or before.text != "|" or before.kind != "operator":
        return
    if after.kind in ("string", "integer", "float") or (after.kind == "name" and after.text not in KEYWORDS):
        shown = f"'{after.text}'" if after.kind == "name" else after.text
        raise Mistake("template_filter_argument", after.at, call=f"{tok.text}({shown})")
    if after.text == ":" and after.kind == "operator":
        raise Mistake("template_filter_argument", after.at, call=f"{tok.text}(...)")


_LOOKS: Final[Sequence[Callable[[Tok, Tok, Tok], None]]] = (
    _two_characters,
    _half_comparison,
    _literals,
    _spreadsheet,
    _filter_argument,
)


def _single_equals(tok: Tok, before: Sequence[Tok], after: Tok, *, in_call: bool) -> None:
    left = before[-1] if before else _EDGE
    further = before[-2] if len(before) > 1 else _EDGE
    if left.kind == "name" and (further.text == "set" or (in_call and further.text in ("(", ","))):
        return
    raise Mistake("template_single_equals", tok.at, left=left.text, right=after.text)


def _two_names(toks: Sequence[Tok], i: int) -> None:
    if toks[i].text.lower() in KEYWORDS or toks[i + 1].text.lower() in KEYWORDS:
        return
    behind = [tok.text for tok in toks[max(i - 2, 0) : i]]
    if behind[-1:] in (["is"], ["|"]) or behind == ["is", "not"] or toks[i - 1].kind == "block_begin":
        return
    last = i + 1
    while last + 1 < len(toks) and toks[last + 1].kind == "name" and toks[last + 1].text not in KEYWORDS:
        last += 1
    raise Mistake("template_name_space", toks[i].at, name=" ".join(tok.text for tok in toks[i : last + 1]))
