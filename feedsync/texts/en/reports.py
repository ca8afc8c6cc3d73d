"""English texts: reports."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
