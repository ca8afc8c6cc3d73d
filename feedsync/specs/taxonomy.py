"""The product taxonomies that come with feedsync: categories by id and path, found by words.

`taxonomies/NAME/tree.txt`: lines `# key: value`, then a line per category with a tab per level, its id and its name.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = "taxonomies"
SEPARATOR: Final = " > "
_WORD: Final = re.compile(r"\w+")


class Category(NamedTuple):
    """One category: its id and its full path."""

    id: str
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition(SEPARATOR)[2]

    @property
    def depth(self) -> int:
        return self.path.count(SEPARATOR)


class Found(NamedTuple):
    """What a search found: the first categories, how many there are, and whether they have every word."""

    categories: tuple[Category, ...]
    matched: int
    every_word: bool


@dataclass(frozen=True)
class Taxonomy:
    """A taxonomy of one edition and language."""

    name: str
    title: str
    edition: str
    language: str
    categories: tuple[Category, ...]
    """In the order of the tree: a category before those beneath it."""

    @cached_property
    def by_value(self) -> dict[str, Category]:
        """Id or full path -> category."""
        return {value: one for one in self.categories for value in one}

    def search(self, text: str, limit: int) -> Found:
        """Categories whose path has every word, or words that begin so; accents, case and a plural s do not count.

        Those whose own name has the words come first, then the higher ones, then the tree's order. Where no category
        has all the words, those that have most of them.
        """
        wanted = [_stem(word) for word in dict.fromkeys(_words(text))]
        found = []
        for order, (one, all_words, own) in enumerate(self._worded):
            met = sum(any(word.startswith(part) for word in all_words) for part in wanted)
            exact = sum(part in own for part in wanted)
            begun = sum(any(word.startswith(part) for word in own) for part in wanted)
            if met:
                # of two names with the words, the one that says less besides is nearer
                found.append(((-met, -exact, -begun, len(own), one.depth, order), one))
        most = max((-rank[0] for rank, _ in found), default=0)
        best = sorted(entry for entry in found if -entry[0][0] == most)
        return Found(tuple(one for _, one in best[:limit]), len(best), most == len(wanted))

    def near_word(self, text: str) -> str:
        """A word of the taxonomy that is like the first word of the text which it does not have, or ''."""
        known = sorted({word for _, words, _ in self._worded for word in words})
        for word in _words(text):
            if not any(one.startswith(_stem(word)) for one in known):
                return next(iter(difflib.get_close_matches(_stem(word), known, n=1, cutoff=0.7)), "")
        return ""

    def nearest(self, value: str) -> str:
        """The path that a wrong one most likely means, or '': the one that shares most words, those of its last step
        first. An unknown id means nothing."""
        last = {_stem(word) for word in _words(value.rpartition(">")[2])}
        if not last or value.strip().isdecimal():
            return ""
        asked = {_stem(word) for word in _words(value)}
        best = min(
            self._worded,
            key=lambda one: (
                *(-len(last & set(one[2])), len(set(one[2]) - last)),
                *(-len(asked & set(one[1])), len(set(one[1]) - asked), one[0].depth),
            ),
        )
        if last & set(best[2]):
            return best[0].path
        names = {one.name.casefold(): one.path for one in reversed(self.categories)}
        close = difflib.get_close_matches(value.rpartition(">")[2].strip().casefold(), names, n=1, cutoff=0.75)
        return names[close[0]] if close else ""

    @cached_property
    def _worded(self) -> list[tuple[Category, tuple[str, ...], tuple[str, ...]]]:
        """Each category with the words of its path and those of its own name."""
        stems = {step: tuple(_stem(word) for word in _words(step)) for one in self.categories for step in (one.name,)}
        return [
            (one, tuple(word for step in one.path.split(SEPARATOR) for word in stems[step]), stems[one.name])
            for one in self.categories
        ]


def taxonomy_names() -> list[str]:
    """The taxonomies there are."""
    return sorted(folder.name for folder in _root().iterdir() if (folder / "tree.txt").is_file())


@cache
def load_taxonomy(name: str) -> Taxonomy:
    """The taxonomy of that name, one of `taxonomy_names()`."""
    head: dict[str, str] = {}
    steps: list[str] = []
    categories = []
    for line in (_root() / name / "tree.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            key, _, text = line[2:].partition(": ")
            head[key] = text
            continue
        entry = line.lstrip("\t")
        number, _, own = entry.partition(" ")
        del steps[len(line) - len(entry) :]
        steps.append(own)
        categories.append(Category(number, SEPARATOR.join(steps)))
    return Taxonomy(name, head["title"], head["edition"], head["language"], tuple(categories))


def _root() -> Path:
    """Package data of a wheel, or the checkout's own folder."""
    package = Path(str(resources.files("feedsync")))
    shipped = package / f"_{FOLDER}"
    return shipped if shipped.is_dir() else package.parent / FOLDER


def _words(text: str) -> list[str]:
    """The words without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _stem(word: str) -> str:
    """The word without a plural s."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
