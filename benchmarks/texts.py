r"""How a product text is cleaned, as a row-by-row program does it, and the patterns that the Polars kernel shares.

The patterns are written so that Python's `re` and Polars read them alike (no \p{...}, no \x{...}, no \z).
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5
from typing import Final

MAY_HIDE: Final = r"(?i)<(?:script|style|!--)"
HIDDEN: Final = r"(?is)<(?:script\b.*?(?:</script\s*>|$)|style\b.*?(?:</style\s*>|$)|!--.*?(?:-->|$))"
TAGS_BEFORE_POINT: Final = r"(?:</[A-Za-z][A-Za-z0-9]*\s*>)+([.,;:!?)])"
TAG: Final = r"""<[A-Za-z/!][^"'<>]*(?:(?:"[^"]*"|'[^']*')[^"'<>]*)*>|<[A-Za-z/!][^<>]*>"""
_ARGUMENT: Final = r"""[\w-]+=(?:"[^"]*"|'[^']*'|[^\s\]"']+)"""
SHORTCODE: Final = rf"\[[A-Za-z][\w-]*(?:\s+{_ARGUMENT})+\s*/?\]|\[/[A-Za-z][\w-]*\]"
ENTITY: Final = "&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"

# Control signs but the blanks among them, signs without a width, private use, and what is no character.
_CONTROL_SIGNS: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
CONTROL: Final = f"[{_CONTROL_SIGNS}]"
# What XML cannot hold and no table should.
FORBIDDEN: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])

# The sign of each byte in windows-1252; its five unused bytes are the control signs of the same number.
_BYTES: Final = {
    bytes([code]).decode("latin-1" if code in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252"): code
    for code in range(0x80, 0x100)
}
_TAIL: Final = "[" + "".join(re.escape(sign) for sign, code in _BYTES.items() if code < 0xC0) + "]"
MOJIBAKE: Final = f"[ÂÃÄÅ]{_TAIL}|â{_TAIL}{{2}}|ï»¿|ð{_TAIL}{{3}}|(?:[ÎÏÐÑ]{_TAIL}){{2,}}"


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for Python's `re`, whose digits are then ASCII as in Polars."""
    return re.compile(pattern.replace(r"\d", "[0-9]"))


_MAY_HIDE, _HIDDEN, _TAG, _BEFORE_POINT = map(compiled, (MAY_HIDE, HIDDEN, TAG, TAGS_BEFORE_POINT))
_SHORTCODE, _ENTITY, _CONTROL, _MOJIBAKE = map(compiled, (SHORTCODE, ENTITY, CONTROL, MOJIBAKE))


def _meant(found: re.Match[str]) -> str:
    text = found[0]
    try:
        meant = bytes(map(_BYTES.__getitem__, text)).decode("utf-8")
    except UnicodeDecodeError:
        return text
    if text[0] == "â" and not ("\u2000" <= meant <= "\u24ff" or "\u25a0" <= meant <= "\u2bff"):
        return text  # a French word before a quote, for example
    return meant.replace("\ufeff", "")


def mended(text: str) -> str:
    """UTF-8 that was read as windows-1252, once or twice, as it was meant."""
    return _MOJIBAKE.sub(_meant, _MOJIBAKE.sub(_meant, text))


def _sign(found: re.Match[str]) -> str:
    entity = found[0]
    return html.unescape(entity) if entity[1] == "#" else html5.get(entity[1:], entity)


def unescaped(text: str) -> str:
    """Entities decoded once; a name that HTML does not have stays."""
    return _ENTITY.sub(_sign, text)


def clean(text: str | None) -> str | None:
    """Text without mojibake, markup, entities, control signs and needless blanks, in NFC; missing where nothing is left."""
    if text is None:
        return None
    text = mended(text)
    if "<" in text:
        if _MAY_HIDE.search(text):
            text = _HIDDEN.sub(" ", text)
        text = _TAG.sub(" ", _BEFORE_POINT.sub(r"\1", text))
    if "[" in text:
        text = _SHORTCODE.sub(" ", text)
    if "&" in text:
        text = unescaped(text)
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    return " ".join(text.split()) or None
