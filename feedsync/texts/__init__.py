"""Every sentence a person reads, by key, with named parameters.

An entry is a `Text`: what happened and how to mend it. Code raises or reports by key and never writes sentences
itself, so that another language is another folder beside `en/`. Entries live in one module per area
(`en/sources.py`, `en/config.py`, ...), each a literal `TEXTS` table.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import NamedTuple

AREAS = (
    "sources",
    "formats",
    "catalog",
    "config",
    "expressions",
    "plugins",
    "findings",
    "reports",
    "writers",
    "help",
    "stock",
    "lookups",
    "markets",
    "overrides",
    "taxonomy",
    "init",
    "describe",
)


class Text(NamedTuple):
    """One human text: `what` happened, `fix` says what to do (may be empty)."""

    what: str
    fix: str = ""


@cache
def catalogue(language: str = "en") -> dict[str, Text]:
    """All texts of a language by key. Two areas with one key are a bug (KeyError)."""
    merged: dict[str, Text] = {}
    for area in AREAS:
        for key, entry in import_module(f"feedsync.texts.{language}.{area}").TEXTS.items():
            if key in merged:
                raise KeyError(f"text key {key!r} is in two areas")
            merged[key] = entry
    return merged


def say(key: str, /, language: str = "en", **params: object) -> str:
    """The `what` of an entry, with its parameters filled in."""
    return catalogue(language)[key].what.format(**params)


def fix(key: str, /, language: str = "en", **params: object) -> str:
    """The `fix` of an entry, with its parameters filled in; '' where there is none."""
    return catalogue(language)[key].fix.format(**params)
