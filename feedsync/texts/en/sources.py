"""English texts: sources."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
