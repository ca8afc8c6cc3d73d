"""Functions on text: capital and small letters."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from feedsync.expressions.functions.declare import apply
from feedsync.expressions.functions.patterns import whole_words
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Param

# Articles, prepositions and conjunctions that titles keep small: Spanish, Portuguese, French, Italian, German, English.
SMALL_WORDS = tuple(
    sorted(
        {"de", "del", "la", "las", "el", "los", "y", "e", "o", "u", "con", "en", "para", "por", "a"}
        | {"da", "do", "das", "dos", "com"}
        | {"du", "des", "le", "les", "et", "ou", "avec"}
        | {"di", "della", "il", "per"}
        | {"und", "mit", "für", "von", "der", "die", "das"}
        | {"of", "the", "and"}
    )
)
# words, with the apostrophes in them, and what is between
_PIECES = r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\p{L}\p{M}\p{N}]+"


def sentence_case(text: pl.Expr, keep: Sequence[str] = ()) -> pl.Expr:
    """The first character a capital, the rest small; the words of `keep` as they are written there.

    "TRAIL JACKET WITH USB-C", ["USB-C"] -> "Trail jacket with USB-C"
    """
    return kept(text.str.head(1).str.to_uppercase() + text.str.slice(1).str.to_lowercase(), keep)


def title(text: pl.Expr, keep: Sequence[str] = ()) -> pl.Expr:
    """Every word with a capital but the small ones inside (de, la, of, and); the words of `keep` as written there.

    "TRAIL JACKET FOR MEN" -> "Trail Jacket For Men"
    """
    words = text.str.to_lowercase().str.extract_all(_PIECES).list.eval(_capital(pl.element())).list.join("")
    return kept(once(_first_capital, words), keep)


def _capital(word: pl.Expr) -> pl.Expr:
    """A word with its capitals: o'neil and l'oréal have two, i'm and men's one, a small word none."""
    elided = word.str.contains(r"^\p{L}['’]\p{L}{3}")
    second = word.str.slice(1, 1) + word.str.slice(2, 1).str.to_uppercase() + word.str.slice(3)
    rest = pl.when(elided).then(second).otherwise(word.str.slice(1))
    return pl.when(word.is_in(SMALL_WORDS)).then(word).otherwise(word.str.head(1).str.to_uppercase() + rest)


def _first_capital(text: pl.Expr) -> pl.Expr:
    """The first letter of a text a capital, whatever stands before it."""
    before = text.str.extract(r"^([^\p{L}\p{N}]*)", 1)
    letter = text.str.extract(r"^[^\p{L}\p{N}]*(\p{L}?)", 1)
    return pl.concat_str([before, letter.str.to_uppercase(), text.str.replace(r"^[^\p{L}\p{N}]*\p{L}?", "")])


def kept(text: pl.Expr, keep: Sequence[str]) -> pl.Expr:
    """The words of `keep` as they are written there, wherever they stand as whole words."""
    for word in keep:
        text = text.str.replace_all(whole_words([word]), word.replace("$", "$$"))
    return text


def _keep(call: Call) -> list[str]:
    return [word for word in call.args["keep"] or () if isinstance(word, str) and word.strip()]


KEEP = (Param("keep", "list", None, literal=True),)
LOUD = {"title": "TRAIL JACKET FOR MEN"}

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "lower",
            lambda call: call.input.expr.str.to_lowercase(),
            summary="All letters small.",
            examples=(Example("{{ title | lower }}", LOUD, "trail jacket for men"),),
        ),
        Function(
            "upper",
            lambda call: call.input.expr.str.to_uppercase(),
            summary="All letters capital.",
            examples=(Example("{{ 'Größe' | upper }}", {}, "GRÖSSE"),),
        ),
        Function(
            "capitalize",
            lambda call: apply(sentence_case, call.input),
            summary="The first character a capital, the rest small.",
            examples=(Example("{{ title | capitalize }}", LOUD, "Trail jacket for men"),),
        ),
        Function(
            "sentence_case",
            lambda call: apply(lambda text: sentence_case(text, _keep(call)), call.input),
            params=KEEP,
            summary="The first character a capital, the rest small; the words of `keep` stay as they are written there.",
            examples=(
                Example("{{ title | sentence_case }}", LOUD, "Trail jacket for men"),
                Example("{{ title | sentence_case(keep=['USB-C']) }}", {"title": "CABLE USB-C"}, "Cable USB-C"),
            ),
        ),
        Function(
            "title",
            lambda call: apply(lambda text: title(text, _keep(call)), call.input),
            params=KEEP,
            summary="Every word with a capital, but small ones inside (de, la, of, and); the words of `keep` stay as "
            "they are written there.",
            examples=(
                Example("{{ title | title }}", LOUD, "Trail Jacket For Men"),
                Example("{{ title | title }}", {"title": "o'neil's bañador de NIÑO"}, "O'Neil's Bañador de Niño"),
                Example("{{ title | title(keep=['USB-C']) }}", {"title": "CABLE USB-C USB-C"}, "Cable USB-C USB-C"),
            ),
            jinja="Keeps apostrophes right (O'Neil's, not O'Neil'S), small words inside small, and the words of `keep`.",
        ),
    )
}
