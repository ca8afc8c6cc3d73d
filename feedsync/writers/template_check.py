"""What is wrong with a channel's templates before any of them runs: syntax, names, filters, what the sandbox bars."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NoReturn

from jinja2 import TemplateSyntaxError, nodes
from jinja2.compiler import Frame
from jinja2.lexer import TokenStream
from jinja2.meta import TrackingCodeGenerator
from jinja2.parser import Parser

from feedsync.errors import FeedsyncError, TemplateError, nearest
from feedsync.expressions.lexing import LEXER, Mistake, Tok, jinja_token
from feedsync.writers.template_sandbox import REFUSED, Sandbox, sandbox
from feedsync.writers.template_text import TemplateText

_Found = tuple[int, str, dict[str, object]]
_Mistake = Callable[..., TemplateError]  # (key, offset, **params)


def template_errors(
    text: TemplateText, escape: str, names: Collection[str], spaces: Mapping[str, Collection[str]]
) -> list[FeedsyncError]:
    """Every mistake of one template. `names` are the attributes it sees, `spaces` market, feed and what they hold."""
    environment = sandbox(escape)

    def mistake(key: str, offset: int, **params: object) -> TemplateError:
        return TemplateError(key, text.at(offset), subject=text.subject, **params)

    try:
        tree = _parsed(text, environment, mistake)
        found = [
            *_constructs(tree, environment),
            *_members(tree, spaces),
            *_unknown(tree, environment, [*names, *spaces]),
        ]
    except TemplateError as error:
        return [error]
    except RecursionError:
        return [mistake("writer_template_deep", 0)]
    return [mistake(key, offset, **params) for offset, key, params in sorted(found, key=lambda one: one[:2])]


def _parsed(text: TemplateText, environment: Sandbox, mistake: _Mistake) -> nodes.Template:
    """The syntax tree, in which a node's line number is its offset in the text."""
    toks: list[Tok] = []
    try:
        toks.extend(LEXER.toks(text.text))
        parser = Parser(environment, "")
        parser.stream = TokenStream((jinja_token(tok) for tok in toks), None, None)
        return parser.parse()
    except Mistake as error:
        raise mistake(error.key, error.at, **error.params) from None
    except TemplateSyntaxError as error:
        raise _syntax(mistake, toks, error) from None


def _syntax(mistake: _Mistake, toks: list[Tok], error: TemplateSyntaxError) -> TemplateError:
    met = next((tok for tok in toks if tok.at == error.lineno), None)
    at = met.at if met else toks[-1].end if toks else 0
    return mistake("writer_template_syntax", at, reason=(error.message or "").rstrip("."))


def _constructs(tree: nodes.Template, environment: Sandbox) -> Iterator[_Found]:
    """What is not there, or may not be used."""
    for refused in tree.find_all(tuple(REFUSED)):
        yield _offset(refused), "writer_template_refused", {"name": REFUSED[type(refused)]}
    for kind, known, found in (
        ("filter", environment.filters, tree.find_all(nodes.Filter)),
        ("test", environment.tests, tree.find_all(nodes.Test)),
    ):
        for node in found:
            if node.name not in known:
                params: dict[str, object] = {"kind": kind, "name": node.name, "near": nearest(node.name, known)}
                yield _offset(node), "writer_template_unknown", params
    for access in tree.find_all(nodes.Getattr):
        if access.attr.startswith("_"):
            yield _offset(access) + 1, "writer_template_private", {"name": access.attr}


def _members(tree: nodes.Template, spaces: Mapping[str, Collection[str]]) -> Iterator[_Found]:
    """`market.contry`."""
    for access in tree.find_all(nodes.Getattr):
        space = access.node.name if isinstance(access.node, nodes.Name) else ""
        if space in spaces and access.attr not in spaces[space] and not access.attr.startswith("_"):
            near = nearest(access.attr, spaces[space])
            params: dict[str, object] = {"kind": "name", "name": f"{space}.{access.attr}"}
            yield _offset(access) + 1, "writer_template_unknown", {**params, "near": near and f"{space}.{near}"}


def _unknown(tree: nodes.Template, environment: Sandbox, names: Collection[str]) -> Iterator[_Found]:
    """Names that are neither attributes nor set in the template."""
    known = [*names, *environment.globals]
    try:
        names_read = _NamesRead(environment)
        names_read.visit(tree)
    except TemplateSyntaxError:
        return  # a filter that is not there, which has been said
    for name in sorted(names_read.undeclared_identifiers - set(known)):
        first = min((_offset(node) for node in tree.find_all(nodes.Name) if node.name == name), default=0)
        yield first, "writer_template_unknown", {"kind": "name", "name": name, "near": nearest(name, known)}


class _NamesRead(TrackingCodeGenerator):
    """Jinja's own scopes, without its computing of what is constant: `{{ "%999999999s" % 1 }}` would be computed in
    this process, which has no limits."""

    def __init__(self, environment: Sandbox) -> None:
        super().__init__(environment)
        self.optimizer = None  # Jinja's tracking makes one, whatever the environment says

    def _output_child_to_const(self, *_: object) -> NoReturn:
        raise nodes.Impossible

    def visit_EvalContextModifier(self, node: nodes.EvalContextModifier, frame: Frame) -> None:
        for option in node.options:
            self.visit(option.value, frame)


def _offset(node: nodes.Node) -> int:
    """Of its own token: of an access that is the point."""
    return node.lineno or 0
