"""Lookup tables: mistakes in their files, and what a run says of their keys."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "lookup_unmatched": Text(
        "values that {lookup} does not have: {values} (in products: {rows}), first of all {top}.",
        "Add those that matter; for the others a default does.",
    ),
    "lookup_unused": Text(
        "keys of {lookup} that no product asks for: {unused} of {keys}, such as {top}.",
        "Correct those that are mistyped; the others do no harm.",
    ),
    "lookup_origin": Text("a lookup has either a path or rows.", "Keep one of them."),
    "lookup_row": Text('row {number} lacks "{column}".', "Every row has the columns of key and value."),
    "lookup_row_repeated": Text('row {row} gives the key "{key}" another value than row {line}.', "Keep one of them."),
    "lookup_prefix_keys": Text("match: prefix needs one key.", "Name the one column that holds the path."),
}
