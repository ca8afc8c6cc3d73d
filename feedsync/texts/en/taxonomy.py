"""Product taxonomies: searching them, and how a feed's categories stand in them."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {}
