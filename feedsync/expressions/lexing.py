"""Jinja's lexer with three changes: tokens know their offset, backslashes stay, numbers are exact.

Jinja hands a token's line number on to every node. Here that number is the token's offset in the source, so a node
knows its column too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple, NoReturn

from jinja2 import Environment, TemplateSyntaxError
from jinja2.lexer import Lexer, Token, operators

from feedsync.semantics import INTEGER_DIGITS, SCALE

MAX_STRING: Final = 10 * 1024
SKIPPED: Final = ("whitespace", "comment_begin", "comment", "comment_end", "raw_begin", "raw_end")
BEGINS: Final = ("variable_begin", "block_begin")
ENDS: Final = ("variable_end", "block_end")
CURLY_QUOTES: Final = "“”„‟‘’‚‛«»‹›´`"
_ESCAPES: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_CHARACTERS: Final = {"&": "template_and", "?": "template_ternary", "!": "template_not"}


class Tok(NamedTuple):
    """A token as it is written; `kind` is Jinja's, operators are `operator`."""

    at: int
    kind: str
    text: str

    @property
    def end(self) -> int:
        return self.at + len(self.text)


class Mistake(Exception):  # internal: parse.py turns it into a TemplateError
    """Something wrong at an offset: the text's key and its parameters."""

    def __init__(self, key: str, at: int, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.at = at
        self.params = params


class RawLexer(Lexer):
    """The lexer of the mapping language."""

    def toks(self, source: str) -> Iterator[Tok]:
        """Every token but blanks and comments; a Mistake where the text is not made of tokens."""
        position = 0
        opened: list[Tok] = []
        begin: Tok | None = None
        stream = self.tokeniter(source, None)
        while True:
            try:
                _, kind, text = next(stream)
            except StopIteration:
                break
            except TemplateSyntaxError:
                _explain(source, position, opened, begin)
            at = source.find(text, position)
            position = at + len(text)
            tok = Tok(at, kind, text)
            if kind in BEGINS:
                begin, opened = tok, []
            elif kind in ENDS:
                begin = None
            elif kind == "operator" and text in _CLOSING:
                opened.append(tok)
            elif kind == "operator" and opened and text == _CLOSING[opened[-1].text]:
                opened.pop()
            if kind not in SKIPPED:
                yield tok
        if begin is not None:
            _explain(source, len(source), opened, begin)


def _explain(source: str, at: int, opened: list[Tok], begin: Tok | None) -> NoReturn:
    """Why the lexer stopped at an offset."""
    character = source[at : at + 1]
    if begin is None:
        raise Mistake("template_comment", at)
    if character in ("'", '"') and character:
        raise Mistake("template_open_quote", at, quote=character)
    if opened and character in (*_CLOSING.values(), ""):
        raise Mistake("template_open_bracket", opened[-1].at, bracket=opened[-1].text)
    if character in ("}", ""):
        raise Mistake("template_open_braces", begin.at, begin=begin.text[:2], end=_ends(begin))
    if character in _CLOSING.values():
        raise Mistake("template_extra_bracket", at, bracket=character)
    if character in CURLY_QUOTES:
        raise Mistake("template_curly_quotes", at, quote=character)
    raise Mistake(_CHARACTERS.get(character, "template_character"), at, character=character)


def _ends(begin: Tok) -> str:
    return "}}" if begin.kind == "variable_begin" else "%}"


def jinja_token(tok: Tok) -> Token:
    """The token as Jinja's parser takes it: strings unescaped, numbers exact."""
    match tok.kind:
        case "string":
            return Token(tok.at, "string", _unescaped(tok))
        case "integer" | "float":
            return Token(tok.at, tok.kind, _number(tok))  # type: ignore[arg-type]  # Jinja passes numbers here too
        case "operator":
            return Token(tok.at, operators[tok.text], tok.text)
        case "name" if not tok.text.isidentifier():
            raise Mistake("template_name_characters", tok.at, name=tok.text)
        case _:
            return Token(tok.at, tok.kind, tok.text)


def _unescaped(tok: Tok) -> str:
    if len(tok.text) > MAX_STRING:
        raise Mistake("template_long_text", tok.at, limit=MAX_STRING // 1024)
    return re.sub(r"\\([\\'\"nt])", lambda found: _ESCAPES[found[1]], tok.text[1:-1])


def _number(tok: Tok) -> int | Decimal:
    whole, point, fraction = tok.text.partition(".")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        raise Mistake("template_number", tok.at, number=tok.text)
    if len(whole.lstrip("0")) > INTEGER_DIGITS or len(fraction) > SCALE:
        raise Mistake("template_number_digits", tok.at, number=tok.text, before=INTEGER_DIGITS, after=SCALE)
    return Decimal(tok.text) if point else int(whole)


ENVIRONMENT: Final = Environment(keep_trailing_newline=True, autoescape=True)  # for the parser; nothing is rendered
LEXER: Final = RawLexer(ENVIRONMENT)
