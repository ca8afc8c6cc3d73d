"""English texts: catalog."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
