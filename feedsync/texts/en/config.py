"""English texts: config."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
