"""English texts: what the columns of a catalog hold."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "help.catalog": Text("Look at a catalog before anything is made of it."),
}
