"""English texts: findings."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
