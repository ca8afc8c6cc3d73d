"""English texts: expressions."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
