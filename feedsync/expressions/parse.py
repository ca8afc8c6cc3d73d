"""Template source -> Jinja's syntax tree, within limits, with places and with messages for the usual mistakes.

Nothing is executed and nothing is folded here; the tree is data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from feedsync.errors import Place, TemplateError
from feedsync.expressions.lexing import ENVIRONMENT, LEXER, Mistake, Tok, jinja_token
from feedsync.expressions.mistakes import look_for_mistakes

MAX_SOURCE: Final = 64 * 1024
MAX_NODES: Final = 1000
SHOWN: Final = 60  # characters of a template that is named in a finding
MAX_DEPTH: Final = 100


@dataclass(frozen=True)
class Source:
    """A template's text and where its first character stands."""

    text: str
    at: Place
    exact: bool = True
    """Columns inside the text can be counted from `at` (a scalar on one line, or a block whose lines all begin in
    the column of the first)."""

    def place(self, offset: int) -> Place:
        """The place of an offset; the template's own where columns inside it are not known."""
        if not self.exact or not self.at.line:
            return self.at
        offset = min(offset, len(self.text))
        line = self.text.count("\n", 0, offset)
        start = self.text.rfind("\n", 0, offset) + 1
        return Place(self.at.file, self.at.line + line, self.at.column + offset - start)

    def shown(self) -> str:
        """The text on one line, clipped: how a step is named that is the whole template."""
        line = " ".join(self.text.split())
        return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"

    def error(self, key: str, offset: int, **params: Any) -> TemplateError:
        """A TemplateError at an offset."""
        return TemplateError(key, self.place(offset), **params)


def offset_of(node: nodes.Node) -> int:
    """Where a node begins: its own token or that of its leftmost part, whichever is first."""
    offset = NOWHERE if node.lineno is None else node.lineno
    current: nodes.Node | None = node
    while current is not None:
        offset = offset if current.lineno is None else min(offset, current.lineno)
        current = next(current.iter_child_nodes(), None) if not isinstance(current, _LEAVES) else None
    return 0 if offset == NOWHERE else offset


NOWHERE: Final = MAX_SOURCE + 1  # some nodes, such as the operands of a comparison, have no token of their own
_LEAVES: Final = (nodes.Const, nodes.Name, nodes.List, nodes.Dict, nodes.TemplateData)


def parse(source: Source) -> nodes.Template:
    """The syntax tree. A TemplateError says what does not read, and where."""
    if len(source.text.encode("utf-8", "surrogatepass")) > MAX_SOURCE:
        raise source.error("template_long", 0, limit=MAX_SOURCE // 1024)
    try:
        toks = list(LEXER.toks(source.text))
        _bracket_depth(toks)
        look_for_mistakes(toks)
        parser = Parser(ENVIRONMENT, "")
        parser.stream = TokenStream((jinja_token(tok) for tok in toks), None, None)
        tree = parser.parse()
    except Mistake as mistake:
        raise source.error(mistake.key, mistake.at, **mistake.params) from None
    except TemplateSyntaxError as error:
        raise _syntax(source, toks, error) from None
    except RecursionError:
        raise source.error("template_deep", 0, limit=MAX_DEPTH) from None
    _limits(source, tree)
    return tree


def _bracket_depth(toks: list[Tok]) -> None:
    depth = 0
    for tok in toks:
        if tok.kind == "operator":
            depth += (tok.text in "([{") - (tok.text in ")]}")
        if depth > MAX_DEPTH:
            raise Mistake("template_deep", tok.at, limit=MAX_DEPTH)


def _limits(source: Source, tree: nodes.Template) -> None:
    count = 0
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > MAX_NODES:
            raise source.error("template_nodes", 0, limit=MAX_NODES)
        if depth > MAX_DEPTH:
            raise source.error("template_deep", 0, limit=MAX_DEPTH)
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())


def _syntax(source: Source, toks: list[Tok], error: TemplateSyntaxError) -> TemplateError:
    """What Jinja's parser did not expect, in words of a merchant; its line numbers are offsets here."""
    met = next((tok for tok in toks if tok.at == error.lineno), None)
    if met is None:
        return source.error("template_syntax_end", len(source.text))
    if met.kind in ("variable_end", "block_end"):
        return source.error("template_syntax_missing", met.at, token=met.text.strip("-+"))
    return source.error("template_syntax", met.at, token=met.text)
