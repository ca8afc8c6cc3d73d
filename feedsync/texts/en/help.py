"""English texts: help."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
