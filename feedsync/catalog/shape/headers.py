"""An export's headers in many languages -> the names a preset knows them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

NUMBER = "{n}"
UNIT = "{unit}"
PLACEHOLDERS = (NUMBER, UNIT)


class _Alias(NamedTuple):
    """One way to write a header."""

    known: str
    """What the preset calls it; may hold {n} or {unit}."""
    language: str
    """"" for the preset's own name."""
    pattern: re.Pattern[str]


def known_headers(headers: Sequence[str], names: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, str]:
    """Header -> the preset's name for it, for headers that have one under another name.

    A header that several names could mean is taken in the language in which most of the file's headers are written;
    the preset's own names come first. One name is given to one header, the first.
    """
    aliases = list(_aliases(names))
    votes: dict[str, int] = {}
    for alias in aliases:
        if any(alias.pattern.fullmatch(_plain(header)) for header in headers):
            votes[alias.language] = votes.get(alias.language, 0) + 1
    # a header in its own words beats every translation; then the language that most headers speak
    ranked = sorted(aliases, key=lambda alias: (alias.language != "", -votes.get(alias.language, 0)))
    given: set[str] = set()
    found: dict[str, str] = {}
    for alias in ranked:
        for header in headers:
            match = alias.pattern.fullmatch(_plain(header)) if header not in found else None
            if match is None:
                continue
            name = _named(alias.known, match)
            if name not in given and (name == header or name not in headers):
                given.add(name)
                found[header] = name
    return {header: name for header, name in found.items() if name != header}


def with_unit(pattern: str, headers: Sequence[str]) -> tuple[str, str] | None:
    """The first header that a name with {unit} stands for, and its unit."""
    compiled = _pattern(pattern)
    return next(
        ((header, match["unit"].strip()) for header in headers if (match := compiled.fullmatch(_plain(header)))), None
    )


def numbered(pattern: str, headers: Sequence[str]) -> dict[str, str]:
    """Number -> header, for the headers that a name with {n} stands for, in the order of the numbers."""
    compiled = _pattern(pattern)
    found = {match["n"]: header for header in headers if (match := compiled.fullmatch(_plain(header)))}
    return {number: found[number] for number in sorted(found, key=int)}


def _aliases(names: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[_Alias]:
    for known, translations in names.items():
        yield _Alias(known, "", _pattern(known))
        for language, texts in translations.items():
            for text in texts:
                yield _Alias(known, language, _pattern(text))


def _named(known: str, match: re.Match[str]) -> str:
    """The preset's name with what the header has in place of {n} or {unit}."""
    name = known.replace(NUMBER, match["n"]) if NUMBER in known else known
    return name.replace(UNIT, match["unit"].strip()) if UNIT in known else name


def _pattern(name: str) -> re.Pattern[str]:
    number = re.escape(_plain(name)).replace(re.escape(NUMBER), r"(?P<n>\d{1,4})")
    return re.compile(number.replace(re.escape(UNIT), r"(?P<unit>[^()]{1,20})"))


def _plain(header: str) -> str:
    """As headers are compared: case and blanks around and between words do not count."""
    return " ".join(header.split()).casefold()
