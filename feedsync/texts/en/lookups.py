"""Lookup tables: mistakes in their files, and what a run says of their keys."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
