"""The semantic types of values: what a field, an attribute or an expression holds. No frames here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEXTUAL: Final = ("text", "url", "gtin", "enum")
SCALARS: Final = (*TEXTUAL, "integer", "decimal", "money", "boolean", "date", "datetime", "interval")
KINDS: Final = (*SCALARS, "list", "group")
INTEGER_DIGITS: Final = 15  # a decimal or integer has at most this many digits before the point
SCALE: Final = 8  # and this many after it
UNPRINTABLE: Final = tuple(chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF))
"""Control characters but tab and line ends, and what XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets). No text
has them: sources leave them out before keys, ids and requirements are looked at, and no file gets them."""
_WITHOUT: Final = str.maketrans(dict.fromkeys(UNPRINTABLE, ""))


@dataclass(frozen=True)
class Type:
    """A semantic type; `of` is a list's element, `fields` a group's record. Kind `none` is a bare missing value."""

    kind: str
    of: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()

    def __str__(self) -> str:
        return f"list of {self.of}" if self.kind == "list" and self.of else self.kind

    @property
    def textual(self) -> bool:
        """Text and its refinements: one representation, checked differently."""
        return self.kind in TEXTUAL

    @property
    def numeric(self) -> bool:
        return self.kind in ("integer", "decimal")


NONE = Type("none")
TEXT = Type("text")
URL = Type("url")
GTIN = Type("gtin")
ENUM = Type("enum")
INTEGER = Type("integer")
DECIMAL = Type("decimal")
MONEY = Type("money")
BOOLEAN = Type("boolean")
DATE = Type("date")
DATETIME = Type("datetime")
INTERVAL = Type("interval")


def printable(text: str) -> str:
    """The text without the characters that no text has (`UNPRINTABLE`)."""
    return text if text.isprintable() else text.translate(_WITHOUT)


def list_of(element: Type) -> Type:
    """The type of a list whose elements are all `element`."""
    return Type("list", of=element)


# ISO 4217 currencies whose minor unit is not two decimals. https://www.iso.org/iso-4217-currency-codes.html
MINOR_UNITS: Final = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def minor_units(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217); two unless the table says otherwise."""
    return MINOR_UNITS.get(currency, 2)
