"""What merchants call things, from the data in `feedsync/catalog/words`: columns, values of enumerations, markets."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.specs import yaml

ALIKE: Final = 86  # percent that a misspelt word has in common with the one that is meant
SHORTEST: Final = 5  # letters; shorter words (iva, vat, id, ean) are never taken for another
_BEHIND: Final = re.compile(r"[(\[](?P<unit>[^()\[\]]{1,20})[)\]]\s*$|\s(?P<code>[A-Z]{3}|[€$£])\s*$")
_INITIALS: Final = re.compile(r"(?<=\b[^\W\d]) (?=[^\W\d]\b)")
_HUMP: Final = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")


@dataclass(frozen=True)
class Meaning:
    """A field that a header may mean."""

    field: str
    rank: int
    """How sure the word is: 0 for the surest of its language."""
    languages: tuple[str, ...]
    exact: bool
    """Otherwise the word was nearly one of the words."""


@dataclass(frozen=True)
class MarketFacts:
    """What a shop in a country most likely has."""

    country: str
    language: str
    currency: str
    zone: str
    mark: str
    tax: str | None


def plain(text: str) -> str:
    """As headers and values are compared: no case, no accents, single blanks instead of all signs."""
    spaced = _HUMP.sub(" ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced.casefold()) if not unicodedata.combining(c))
    words = " ".join(re.sub(r"[^\w]|_", " ", bare).split())
    return _INITIALS.sub("", words)  # P.V.P. is pvp


def unit_of(header: str) -> str:
    """What stands in brackets at the end of a header: `Peso (kg)` -> kg."""
    found = _BEHIND.search(header.strip())
    return (found["unit"] or "").strip() if found else ""


def meanings(header: str) -> list[Meaning]:
    """The fields that a header may mean, the surest first."""
    names = [plain(header)]
    if (cut := plain(_BEHIND.sub("", header.strip()))) and cut != names[0]:
        names.append(cut)
    for name in names:
        if found := _words().get(name):
            return [Meaning(field, rank, languages, True) for field, (rank, languages) in found.items()]
    return _nearly(names[-1])


def _nearly(name: str) -> list[Meaning]:
    """Fields one of whose words differs in a letter or so; numbers and short words must be equal."""
    parts = name.split()
    for word, found in _words().items():
        if _is_nearly(parts, word.split()):
            return [Meaning(field, rank, languages, False) for field, (rank, languages) in found.items()]
    return []


def _is_nearly(parts: Sequence[str], others: Sequence[str]) -> bool:
    if len(parts) != len(others):
        return False
    return all(
        one == other
        or (
            min(len(one), len(other)) >= SHORTEST
            and one.isalpha()
            and one[0] == other[0]
            and difflib.SequenceMatcher(None, one, other).ratio() * 100 >= ALIKE
        )
        for one, other in zip(parts, others, strict=True)
    )


@cache
def _words() -> Mapping[str, dict[str, tuple[int, tuple[str, ...]]]]:
    """Word -> field -> (rank, languages)."""
    found: dict[str, dict[str, tuple[int, tuple[str, ...]]]] = {
        plain(name): {name: (0, ())} for name in STANDARD_FIELDS
    }
    for field, languages in _data("headers").items():
        for word in (field, field.replace("_", " ")):
            found.setdefault(plain(word), {}).setdefault(field, (0, ()))
        for language, words in languages.items():
            for rank, word in enumerate(words):
                fields = found.setdefault(plain(word), {})
                known = fields.get(field, (rank, ()))
                fields[field] = (min(rank, known[0]), (*known[1], language))
    return found


@cache
def values_of(field: str) -> Mapping[str, str]:
    """Word of a shop -> the value of the enumeration."""
    known = _data("values").get(field, {})
    return {plain(word): value for value, words in known.items() for word in (value, *words)}


@cache
def enumerations() -> tuple[str, ...]:
    """The fields whose values are words of an enumeration."""
    return tuple(_data("values"))


def market(country: str) -> MarketFacts | None:
    """What is known of a country."""
    known = _data("markets").get(country)
    if known is None:
        return None
    facts = (known["language"], known["currency"], known["zone"], known["mark"])
    return MarketFacts(country, *facts, known.get("tax"))


def countries(language: str) -> list[str]:
    """The countries of a language, the likeliest first."""
    return [country for country, facts in _data("markets").items() if facts["language"] == language]


@cache
def _data(name: str) -> dict[str, Any]:
    file = Path(str(resources.files("feedsync"))) / "catalog" / "words" / f"{name}.yaml"
    data: dict[str, Any] = yaml.read(file).data
    return data
