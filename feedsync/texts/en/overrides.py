"""English texts: the file of overrides."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "override_no_reason": Text("no reason given"),
    "override_step": Text("override ({reason})"),
    "override_column": Text('the column "{name}" means nothing here; did you mean "{near}"?', "Rename it."),
    "override_incomplete": Text(
        "no product or no attribute is named. Overrides that do not count: {count} (line {lines}).",
        "Fill sku and attribute.",
    ),
    "override_expires": Text(
        '"{value}" is not a day. Overrides that do not count: {count} (line {lines}).',
        "Write year-month-day, e.g. 2027-01-31, or leave it empty.",
    ),
    "override_expired": Text(
        "overrides that ended before {as_of}: {count} (line {lines}).", "Remove them, or write a later day."
    ),
    "override_feed": Text(
        'there is no feed "{name}"{meant} Overrides that do not count: {count} (line {lines}).',
        "Name a feed of feedsync.yaml, or leave it empty for all feeds.",
    ),
    "override_id": Text(
        "the id tells one product from another. Overrides that do not count: {count} (line {lines}).",
        "Give the feed an id template instead.",
    ),
    "override_attribute": Text(
        'no channel of these feeds has an attribute "{name}"{meant} Overrides that do not count: {count} (line {lines}).',
        "Name an attribute of the channel.",
    ),
    "override_twice": Text(
        "line {first} says something else of the same product, attribute and feed; the later one that reads counts.",
        "Keep one.",
    ),
    "override_value": Text(
        '"{value}" does not read as {attribute} ({type}), so that the override does not count.',
        "Write it in its canonical form, e.g. 19.90 EUR, 2027-01-31 or true.",
    ),
    "override_product": Text(
        "overrides name products that are not in the catalog: {keys} ({count} in all).",
        "Correct or remove their lines.",
    ),
}
