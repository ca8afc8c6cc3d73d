"""The file of overrides, as feedsync.yaml names it."""

from __future__ import annotations

from feedsync.specs.model import Mark, Model, Word


class OverridesSpec(Model):
    """Values for single products, in a file for people without YAML."""

    path: Word
    """A delimited text file with the columns sku, attribute and value, and perhaps reason, expires and feed."""
    delimiter: Mark | None = None
    """Between the columns; otherwise whichever of comma, semicolon, tab and | makes them of the header."""
    encoding: Word | None = None
    """A Python codec name; by default the byte order mark, else strict UTF-8."""


def as_overrides(value: object) -> object:
    """A file alone stands without a mapping."""
    return {"path": value} if isinstance(value, str) else value
