"""Functions on text: what does not belong into a product text is removed or mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import polars as pl

from feedsync.expressions.by_python import by_python
from feedsync.expressions.functions.declare import applied, apply, on_unique, refuse
from feedsync.expressions.functions.html import without_markup
from feedsync.expressions.functions.patterns import whole_words
from feedsync.expressions.functions.text import BLANKS, collapse_spaces
from feedsync.expressions.registry import Call, Example, Function, Param

CONTROL_BLANKS: Final = r"[\t\n\v\f\r\x{85}\x{2028}\x{2029}]+"
# control, private use and format signs (zero-width, direction, soft hyphen, byte order mark), and what is no character
CONTROL: Final = (
    r"[\p{Cc}\p{Co}\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}\x{FFF9}-\x{FFFB}\x{FFFE}\x{FFFF}]"
)
# the only signs that NFC changes, and some more: marks, Korean parts, signs with a twin
LOOSE: Final = (
    r"[\p{M}\x{374}\x{37E}\x{387}\x{900}-\x{FFF}\x{1100}-\x{11FF}\x{1F00}-\x{1FFF}\x{2000}\x{2001}\x{2126}\x{212A}\x{212B}"
    r"\x{2329}\x{232A}\x{2ADC}\x{F900}-\x{FB4F}\x{11000}-\x{11FFF}\x{1D100}-\x{1D1FF}\x{2F800}-\x{2FAFF}]"
)
_ODD: Final = f"{CONTROL}|{LOOSE}"
# ©, ® and ™ count as pictures in Unicode, and arrows and quotes of numbers too; shops mean them as signs
EMOJI: Final = (
    r"[\p{Extended_Pictographic}&&[^©®™‼⁉ℹ↔-↪Ⓜ〰〽㊗㊙]]"
    r"|[\x{1F1E6}-\x{1F1FF}\x{1F3FB}-\x{1F3FF}\x{E0020}-\x{E007F}\x{FE0F}\x{20E3}\x{200D}]"
)


def strip_control(text: pl.Expr) -> pl.Expr:
    """Without control, private-use and zero-width signs; line breaks and tabs become a blank.

    "Jack" + U+0007 + "et" -> "Jacket"
    """
    return text.str.replace_all(CONTROL_BLANKS, " ").str.replace_all(CONTROL, "")


def nfc(text: pl.Expr) -> pl.Expr:
    """Letters and their marks put together (Unicode NFC).

    "u" + U+0308 -> "ü"
    """
    ascii_only = text.str.len_chars() == text.str.len_bytes()
    loose = pl.when(~ascii_only).then(text).str.contains(LOOSE).fill_null(False)
    return apply(
        lambda cell, changes: pl.when(changes).then(pl.when(changes).then(cell).str.normalize("NFC")).otherwise(cell),
        text,
        loose,
    )


def drop_emoji(text: pl.Expr) -> pl.Expr:
    """Without pictures; ©, ® and ™ stay.

    "Jacket 🔥" -> "Jacket"
    """
    return collapse_spaces(text.str.replace_all(EMOJI, ""))


def drop_brackets(text: pl.Expr) -> pl.Expr:
    """Without what stands in round or square brackets, also within one another.

    "Jacket (2024) [B-stock]" -> "Jacket"
    """
    for _ in range(3):
        text = text.str.replace_all(r"\([^()\[\]]*\)|\[[^()\[\]]*\]", " ")
    return collapse_spaces(text)


def drop_words(text: pl.Expr, pattern: str) -> pl.Expr:
    """Without the words and phrases that a pattern of whole words finds.

    "Jacket SALE free shipping", sale or free shipping -> "Jacket"
    """
    return collapse_spaces(text.str.replace_all(pattern, " "))


def dedupe_words(text: pl.Expr) -> pl.Expr:
    """Every word once, at its first place; capital letters do not make another word.

    "Acme Acme Jacket jacket Blue" -> "Acme Jacket Blue"
    """
    words = text.str.extract_all(r"\S+")
    first = pl.element().filter(pl.element().str.to_lowercase().is_first_distinct())
    return words.list.eval(first).list.join(" ")


def slug(text: pl.Expr) -> pl.Expr:
    """Small letters a to z and digits, with a hyphen for everything between them.

    "Trail Jacket – Größe M" -> "trail-jacket-groesse-m"
    """
    latin = nfc(text).str.to_lowercase().str.replace_many(list(SPELLED), list(SPELLED.values()))
    bare = latin.str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    return bare.str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")


SPELLED: Final = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "oe",
    "å": "aa",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "'": "",
    "’": "",
}

# The bytes by their signs in Latin-1, where 0x80 to 0x9F are control signs, and in Windows-1252, where most are not.
_SIGNS: Final = {bytes([code]).decode("latin-1"): code for code in range(0x80, 0x100)} | {
    bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_REST: Final = "[" + "".join(re.escape(sign) for sign, code in _SIGNS.items() if code < 0xC0) + "]"
# Western letters and signs come one at a time; Greek and Cyrillic words are taken only as two letters or more,
# because a healthy text may end in one such letter before a quote.
MOJIBAKE: Final = f"[ÂÃÄÅ]{_REST}|â{_REST}{_REST}|ï»¿|ð{_REST}{_REST}{_REST}|(?:[ÎÏÐÑ]{_REST}){{2,}}"
_MOJIBAKE: Final = re.compile(MOJIBAKE)


def mended(text: str) -> str:
    """UTF-8 that was read as windows-1252 or Latin-1, once or twice, read again as it is meant."""
    for _ in range(2):
        text = _MOJIBAKE.sub(_mend, text)
    return text


def _mend(match: re.Match[str]) -> str:
    data = bytes(_SIGNS[sign] for sign in match[0])
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    # a letter â before two signs is only meant as punctuation, an arrow or a symbol
    if match[0][0] == "â" and not ("\u2000" <= meant <= "\u24ff" or "\u25a0" <= meant <= "\u2bff"):
        return match[0]
    return "" if meant == "\ufeff" else meant


def fix_mojibake(text: pl.Expr) -> pl.Expr:
    """UTF-8 that somebody read as windows-1252 or Latin-1 is mended; healthy text stays.

    "KÃ¼hlschrank" -> "Kühlschrank"
    """
    return on_unique(text, mended, MOJIBAKE)


def clean_text(text: pl.Expr) -> pl.Expr:
    """The usual set: mojibake, control signs, HTML, NFC, blanks.

    " <p>Gr&ouml;&szlig;e&nbsp; M</p> " -> "Größe M"
    """
    return by_python(fix_mojibake(text), _cleaned, pl.String())


def _cleaned(texts: pl.Series) -> pl.Series:
    """Markup, entities and blanks everywhere; control signs and loose marks only in the few texts that have them."""
    plain = without_markup(texts).str.replace_all(r"\s{2,}|[^\S ]", " ")
    odd = plain.str.contains(_ODD)
    if odd.any():
        rest = plain.filter(odd).str.replace_all(CONTROL, "").str.normalize("NFC").str.replace_all("  +", " ")
        plain = plain.scatter(odd.arg_true(), rest)
    return plain.str.strip_chars(BLANKS)


def _drop_words(call: Call) -> pl.Expr:
    words = [word for word in call.args["words"] if isinstance(word, str) and word.strip()]
    if not words:
        raise refuse(call, "function_empty_list", name="words")
    return drop_words(call.input.expr, whole_words(words))


def _cleaning(
    name: str, function: Callable[[pl.Expr], pl.Expr], summary: str, *examples: Example, python: bool = False
) -> Function:
    return Function(name, applied(function), may_blank=True, python=python, summary=summary, examples=examples)


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        _cleaning(
            "strip_control",
            strip_control,
            "Removes control, private-use and zero-width signs; line breaks and tabs become a blank.",
            Example("{{ 'Jack\u0007et' | strip_control }}", {}, "Jacket"),
            Example("{{ 'a\u200bb\ufeff' | strip_control }}", {}, "ab"),
            Example("{{ 'a\\tb' | strip_control }}", {}, "a b"),
        ),
        _cleaning(
            "nfc",
            nfc,
            "Puts letters and their marks together (Unicode NFC).",
            Example("{{ 'u\u0308' | nfc }}", {}, "ü"),
        ),
        _cleaning(
            "fix_mojibake",
            fix_mojibake,
            "Mends UTF-8 that somebody read as windows-1252 or Latin-1; healthy text stays as it is.",
            Example("{{ title | fix_mojibake }}", {"title": "KÃ¼hlschrank"}, "Kühlschrank"),
            Example("{{ title | fix_mojibake }}", {"title": "GrÃ¶Ã\u009fe"}, "Größe"),
            Example("{{ title | fix_mojibake }}", {"title": "CafÃ© â€“ 3 m"}, "Café – 3 m"),
            Example("{{ title | fix_mojibake }}", {"title": "Bañador «CAFÉ» 20 €"}, "Bañador «CAFÉ» 20 €"),
            python=True,
        ),
        _cleaning(
            "drop_emoji",
            drop_emoji,
            "Removes emoji; ©, ® and ™ stay.",
            Example("{{ title | drop_emoji }}", {"title": "Jacket 🔥"}, "Jacket"),
            Example("{{ title | drop_emoji }}", {"title": "👨‍👩‍👧 Acme™ 1️⃣ 🇪🇸"}, "Acme™ 1"),
        ),
        _cleaning(
            "drop_brackets",
            drop_brackets,
            "Removes what stands in round or square brackets.",
            Example("{{ title | drop_brackets }}", {"title": "Jacket (2024) [B-stock]"}, "Jacket"),
            Example("{{ title | drop_brackets }}", {"title": "Jacket (a (b)) M"}, "Jacket M"),
        ),
        _cleaning(
            "dedupe_words",
            dedupe_words,
            "Keeps each word at its first place only; capital letters do not make another word.",
            Example("{{ title | dedupe_words }}", {"title": "Acme Acme Jacket jacket Blue"}, "Acme Jacket Blue"),
        ),
        Function(
            "drop_words",
            _drop_words,
            params=(Param("words", "list", literal=True),),
            may_blank=True,
            summary="Removes whole words and phrases, in capital or small letters.",
            examples=(
                Example(
                    "{{ title | drop_words(['sale', 'free shipping']) }}",
                    {"title": "Jacket SALE free  shipping"},
                    "Jacket",
                ),
                Example("{{ title | drop_words(['sale', '-50%']) }}", {"title": "Salem -50% sale!"}, "Salem !"),
            ),
        ),
        _cleaning(
            "slug",
            slug,
            "Small letters a to z, digits and hyphens, as in an address; ä becomes ae, ñ becomes n.",
            Example("{{ title | slug }}", {"title": "Trail Jacket – Größe M"}, "trail-jacket-groesse-m"),
            Example("{{ title | slug }}", {"title": "Bañador Niño / Çelik Ærø"}, "banador-nino-celik-aeroe"),
        ),
        _cleaning(
            "clean_text",
            clean_text,
            "The usual set in one step: fix_mojibake, strip_control, html_to_text, nfc, collapse_spaces, trim.",
            Example("{{ ' <p>Gr&ouml;&szlig;e&nbsp; M</p> ' | clean_text }}", {}, "Größe M"),
            Example("{{ text | clean_text }}", {"text": "<p>CafÃ©</p>\u200b<br/>3 &lt; 5"}, "Café 3 < 5"),
            python=True,
        ),
    )
}
