"""Fields that exist once per language: what a feed reads in its market's language, and what it does without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, Place, nearest
from feedsync.mapping.inputs import At, Condition
from feedsync.mapping.stock import OwnField
from feedsync.project import Feed, Project
from feedsync.run.stock import Batches
from feedsync.semantics import BOOLEAN, Type
from feedsync.texts import say

_PREFIX = "__translated"


@dataclass(frozen=True)
class Translated:
    """What the market's language changes in one feed."""

    own: Mapping[str, OwnField] = field(default_factory=dict)
    """Field -> the column that the feed reads in its place."""
    columns: Mapping[str, pl.Expr] = field(default_factory=dict)
    """Columns that the batches need for it."""
    drop: Condition | None = None
    """Which products are left out."""


def translated(project: Project, feed: Feed, fields: Mapping[str, Type]) -> Translated:
    """The feed's translations over rows with these fields. Raises ConfigError for a column that is not there."""
    catalog, language = project.loaded.spec.catalog, feed.market["language"]
    names = [name for name in catalog.translated if feed.spec.rows is None or name in fields]
    if not names or language == catalog.language:
        return Translated()
    pairs = [(name, f"{name}_{language}") for name in names]
    for error in _mistakes(project, feed, fields, pairs):
        raise error
    policy = feed.spec.missing_translation or project.loaded.spec.defaults.missing_translation
    if policy == "fallback":
        own, columns = {}, {}
        for name, other in pairs:
            column = f"{_PREFIX}_{other}"
            own[name] = OwnField(column, fields[name], (other, name))
            columns[column] = pl.coalesce(other, name)
        return Translated(own, columns)
    own = {name: OwnField(other, fields[name], (other,)) for name, other in pairs}
    if policy == "block":
        return Translated(own)
    lacking = f"{_PREFIX}_lacking_{language}"
    own[lacking] = OwnField(lacking, BOOLEAN, tuple(column for pair in pairs for column in pair))
    missing = [pl.col(name).is_not_null() & pl.col(other).is_null() for name, other in pairs]
    reason = say("translation_missing", name=language)
    drop = Condition(f"{{{{ {lacking} }}}}", At(_policy_place(project, feed)), reason)
    return Translated(own, {lacking: pl.any_horizontal(missing)}, drop)


def _mistakes(
    project: Project, feed: Feed, fields: Mapping[str, Type], pairs: Sequence[tuple[str, str]]
) -> Iterator[FeedsyncError]:
    document = project.loaded.document
    for index, (name, other) in enumerate(pairs):
        path = ("catalog", "translated", index)
        place = document.place(path if document.has(path) else path[:-1])
        if name not in fields:
            params = {"name": name, "near": nearest(name, fields), "known": ", ".join(fields)}
            yield ConfigError("translated_unknown", place, subject="catalog.translated", **params)
        elif other not in fields:
            params = {"name": other, "field": name, "feed": feed.name}
            yield ConfigError("translated_no_column", place, subject="catalog.translated", **params)
        elif fields[other] != fields[name] and not (fields[other].textual and fields[name].textual):
            params = {"name": other, "field": name, "met": str(fields[other]), "wanted": str(fields[name])}
            yield ConfigError("translated_type", place, subject="catalog.translated", **params)


def _policy_place(project: Project, feed: Feed) -> Place:
    """Where it is written what happens to a product without translation."""
    own = feed.spec.missing_translation is not None
    path = ("feeds", feed.name) if own else ("defaults",)
    return project.loaded.document.place((*path, "missing_translation"))


def with_translations(batches: Batches, wanted: Sequence[Translated]) -> Batches:
    """The batches with the columns that the feeds' translations need, as far as somebody reads them."""
    columns = {name: expr for one in wanted for name, expr in one.columns.items()}
    if not columns:
        return batches

    def more() -> Iterator[pl.DataFrame]:
        for typed in batches():
            there = set(typed.columns)
            yield typed.with_columns(
                expr.alias(name) for name, expr in columns.items() if there.issuperset(expr.meta.root_names())
            )

    return more
