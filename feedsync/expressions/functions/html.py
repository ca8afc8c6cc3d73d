"""Functions on HTML: to plain text, or to the few tags that a channel takes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from html.entities import html5, name2codepoint
from typing import Final

import polars as pl

from feedsync.expressions.by_python import by_python
from feedsync.expressions.functions.declare import applied, refuse
from feedsync.expressions.functions.text import BLANKS, collapse_spaces
from feedsync.expressions.registry import Call, Example, Function, Param

HIDDEN: Final = r"(?is)<script\b.*?(?:</script\s*>|\z)|<style\b.*?(?:</style\s*>|\z)|<!--.*?(?:-->|\z)"
MAY_HIDE: Final = r"(?i)<(?:script|style|!--)"
# a closing tag before punctuation leaves no blank: <b>Cotton</b>, dry
CLOSED: Final = r"(?:</[A-Za-z][A-Za-z0-9]*\s*>)+([.,;:!?)])"
TAG: Final = r"""<[A-Za-z/!](?:"[^"]*"|'[^']*'|[^"'<>])*>|<[A-Za-z/!][^<>]*>"""
SHORTCODE: Final = r"""\[[A-Za-z][\w-]*(?:\s+[\w-]+=(?:"[^"]*"|'[^']*'|[^\s\]"']+))+\s*/?\]|\[/[A-Za-z][\w-]*\]"""
# the items of a list: the first follows its list's tag, before every other one stands a mark until the tags are gone
_INSIDE: Final = r"""(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*)?"""
ITEM: Final = rf"(?i)<li{_INSIDE}/?>"
FIRST_ITEM: Final = rf"(?i)(<[uo]l{_INSIDE}>\s*)<li{_INSIDE}/?>"
MAY_LIST: Final = r"(?i)<li[\s/>]"
MARK: Final = "\x00"  # never part of a text of the catalog
_MARKS: Final = r"\s*\x00[\s\x00]*"
_AFTER_SIGN: Final = rf"([.,;:!?…]){_MARKS}"
_AT_ENDS: Final = MARK + BLANKS
INLINE: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var"
)

ENTITY: Final = r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ENTITY: Final = re.compile(ENTITY)
# Entities that Polars replaces in one pass: those of HTML 4 by name, and the numbers of the signs shops write so.
_NUMBERED: Final = [*range(0x20, 0x180), *range(0x2000, 0x2070), 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193]
COMMON: Final = {f"&{name};": html5[f"{name};"] for name in (*name2codepoint, "apos")} | {
    f"&#{code};": html.unescape(f"&#{code};") for code in _NUMBERED
}


def unescape(texts: pl.Series) -> pl.Series:
    """Every entity decoded once; the rare ones by Python, in the texts that have one."""
    if not texts.str.contains("&", literal=True).any():
        return texts
    decoded = texts.str.replace_many(list(COMMON), list(COMMON.values()))
    left = decoded.str.contains(ENTITY)
    if not left.any():
        return decoded
    odd = texts.filter(left).unique(maintain_order=True)
    by_hand = [_ENTITY.sub(_sign, text) for text in odd.to_list()]
    chosen = pl.col("text").replace_strict(odd, pl.Series(by_hand, dtype=pl.String), default=decoded)
    return texts.to_frame("text").select(chosen)["text"]


def _sign(found: re.Match[str]) -> str:
    """What one entity stands for; a name that HTML does not have stays as it is written."""
    entity = found[0]
    return html.unescape(entity) if entity.startswith("&#") else html5.get(entity[1:], entity)


def decode_entities(text: pl.Expr) -> pl.Expr:
    """Entities as the signs they stand for, once: &amp;lt; becomes &lt;.

    "3 &lt; 5 &amp; dry" -> "3 < 5 & dry"
    """
    return by_python(text, unescape, pl.String())


def without_markup(texts: pl.Series) -> pl.Series:
    """Tags become blanks, "; " between the items of a list; scripts, styles, comments and shop shortcodes go with what they hold; entities are decoded.

    Each pattern runs only where a cheaper look says that it may find something.
    """
    if texts.str.contains("<", literal=True).any():
        if texts.str.contains(MAY_HIDE).any():
            texts = texts.str.replace_all(HIDDEN, " ")
        texts = _where(texts, texts.str.contains(MAY_LIST), _marked)
        texts = texts.str.replace_all(CLOSED, "$1").str.replace_all(TAG, " ")
    if texts.str.contains("[", literal=True).any():
        texts = texts.str.replace_all(SHORTCODE, " ")
    texts = unescape(texts)
    return _where(texts, texts.str.contains(MARK, literal=True), between_items)


def _where(texts: pl.Series, some: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts with `work` done on some of them: most have no lists, and the patterns for lists are slow."""
    if not some.any():
        return texts
    rows = some.arg_true()
    return texts.clone().scatter(rows, work(texts.gather(rows)))  # scatter changes the series it is asked of


def _marked(texts: pl.Series) -> pl.Series:
    """A mark before every item of a list but the first."""
    return texts.str.replace_all(FIRST_ITEM, "$1").str.replace_all(ITEM, MARK)


def between_items(texts: pl.Series) -> pl.Series:
    """Each mark as "; "; as a blank behind a sign that ends a sentence or a part of one; as nothing at both ends."""
    inside = texts.str.strip_chars(_AT_ENDS)
    return inside.str.replace_all(_AFTER_SIGN, "$1 ").str.replace_all(_MARKS, "; ")


def html_to_text(text: pl.Expr) -> pl.Expr:
    """Plain text of HTML, words kept apart; text without tags stays, also 3 < 5.

    "<p>Cotton</p><p>Blue<br>Red</p>" -> "Cotton Blue Red"
    """
    return collapse_spaces(by_python(text, without_markup, pl.String()))


def keep_tags(text: pl.Expr, tags: Sequence[str]) -> pl.Expr:
    """HTML with the tags of the list only, without their attributes.

    "<b>Warm</b><i>x</i>", ["b", "ul", "li"] -> "<b>Warm</b>x"
    """
    names = "|".join(re.escape(tag) for tag in tags)
    # private-use signs stand for the brackets of the tags that stay
    marked = text.str.replace_all("[\ue000\ue001]", "").str.replace_all(HIDDEN, " ").str.replace_all(SHORTCODE, " ")
    marked = marked.str.replace_all(rf"(?i)<(/?)({names})(?:\s[^<>]*|/)?>", "\ue000$1$2\ue001")
    bare = marked.str.replace_all(rf"(?i)</?(?:{INLINE})(?:\s[^<>]*|/)?>", "").str.replace_all(TAG, " ")
    return collapse_spaces(bare.str.replace_many(["\ue000", "\ue001"], ["<", ">"]))


def _keep_tags(call: Call) -> pl.Expr:
    tags = [tag for tag in call.args["tags"] if isinstance(tag, str)]
    wrong = next((tag for tag in tags if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", tag)), None)
    if wrong is not None or not tags:
        raise refuse(call, "function_tag_names", name=wrong or "")
    return keep_tags(call.input.expr, tags)


FUNCTIONS: dict[str, Function] = {
    "html_to_text": Function(
        "html_to_text",
        applied(html_to_text),
        may_blank=True,
        python=True,
        summary='Plain text of HTML: tags become blanks, the items of a list have "; " between them, scripts, styles, comments and shortcodes go, entities become '
        "signs, blanks are collapsed.",
        examples=(
            Example("{{ text | html_to_text }}", {"text": "<p>Cotton</p><p>Blue<br>Red</p>"}, "Cotton Blue Red"),
            Example(
                "{{ text | html_to_text }}",
                {"text": "<ul><li>Cotton</li><li>Dry clean!</li><li>Blue</li></ul>"},
                "Cotton; Dry clean! Blue",
            ),
            Example("{{ text | html_to_text }}", {"text": '[gallery id="3"]Warm<script>x()</script>'}, "Warm"),
            Example("{{ text | html_to_text }}", {"text": "3 < 5 [new] <!-- a > b -->"}, "3 < 5 [new]"),
            Example("{{ text | html_to_text }}", {"text": '<b title="a>b">Wool</b>, 3 &lt; 5'}, "Wool, 3 < 5"),
        ),
    ),
    "decode_entities": Function(
        "decode_entities",
        applied(decode_entities),
        may_blank=True,
        python=True,
        summary="Entities as the signs they stand for, decoded once; tags stay.",
        examples=(
            Example("{{ text | decode_entities }}", {"text": "3 &lt; 5 &amp; dry"}, "3 < 5 & dry"),
            Example(
                "{{ text | decode_entities }}", {"text": "&amp;lt; &#8211; &#x1F525; &foo; R&D"}, "&lt; – 🔥 &foo; R&D"
            ),
        ),
    ),
    "keep_tags": Function(
        "keep_tags",
        _keep_tags,
        params=(Param("tags", "list", literal=True),),
        may_blank=True,
        summary="HTML with only the listed tags, without their attributes; everything else is dropped.",
        examples=(
            Example("{{ text | keep_tags(['b', 'ul', 'li']) }}", {"text": "<b>Warm</b><i>x</i>"}, "<b>Warm</b>x"),
            Example(
                "{{ text | keep_tags(['b']) }}",
                {"text": '<p>A</p><B class="x">C</B><br/>3 < 5<script>x</script>'},
                "A <B>C</B> 3 < 5",
            ),
        ),
    ),
}
