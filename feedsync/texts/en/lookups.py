"""Lookup tables: mistakes in their files, and what a run says of their keys."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "lookup_unmatched": Text(
        "{lookup} has no key for {values} values that {rows} products have, first of all {top}.",
        "Add them to the lookup; a default does for those that shall not matter.",
    ),
    "lookup_unused": Text(
        "no product asks for {unused} of the {keys} keys of {lookup}, such as {top}.",
        "Correct those that are mistyped; the others do no harm.",
    ),
    "lookup_origin": Text("a lookup has either a path or rows.", "Keep one of them."),
    "lookup_row": Text('row {number} lacks "{column}".', "Every row has the columns of key and value."),
    "lookup_row_repeated": Text('row {row} gives the key "{key}" another value than row {line}.', "Keep one of them."),
    "lookup_prefix_keys": Text("match: prefix needs one key.", "Name the one column that holds the path."),
}
