"""English texts: what the columns of a catalog hold."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "help.catalog": Text("Look at a catalog before anything is made of it."),
    "help.catalog.describe": Text(
        "Say what the columns hold: types, gaps, damage, and what changed since the last time."
    ),
    "help.describe_file": Text("A catalog file; all sources of the project otherwise."),
    "described_head": Text("{source}: {rows}, {columns} columns"),
    "described_row": Text("1 row"),
    "described_rows": Text("{count} rows"),
    "described_column": Text("column"),
    "described_field": Text("field"),
    "described_type": Text("type"),
    "described_filled": Text("filled"),
    "described_distinct": Text("distinct"),
    "described_samples": Text("samples"),
    "described_about": Text("≈ {count}"),
    "described_kind_empty": Text("empty"),
    "described_kind_gtin": Text("GTIN"),
    "described_kind_url": Text("address"),
    "described_kind_urls": Text("addresses"),
    "described_kind_boolean": Text("yes or no"),
    "described_kind_integer": Text("integer"),
    "described_kind_decimal": Text("decimal"),
    "described_kind_money": Text("money"),
    "described_kind_date": Text("date"),
    "described_kind_choice": Text("choice"),
    "described_kind_html": Text("HTML"),
    "described_kind_text": Text("text"),
    "described_spreadsheet": Text(
        "{column}: numbers damaged by a spreadsheet: {cells} ({sample}). Export the column as text again."
    ),
    "described_check_digit": Text("{column}: GTINs with a wrong check digit: {cells}."),
    "described_mojibake": Text(
        "{column}: texts with broken letters: {cells} ({sample}). Save the file in one encoding, or use fix_mojibake."
    ),
    "described_mixed_decimals": Text("{column}: numbers with another decimal mark than the rest: {cells} ({sample})."),
    "described_two_ways": Text(
        "{column}: numbers that read two ways: {cells} ({sample}). Say decimal_mark for the field."
    ),
    "described_looks_net": Text(
        "{column}: the prices look net: with {percent} % tax they end as prices for shoppers do. If so, use add_tax({percent})."
    ),
    "described_duplicates": Text("{column}: values that stand in an earlier row, too: {cells}."),
    "described_html": Text("{column}: cells with HTML: {cells} ({sample}). html_to_text takes it out."),
    "described_spaces": Text('{column}: cells with blanks too many: {cells} ("{sample}").'),
    "described_first": Text("Looked at for the first time; the next time says what changed."),
    "described_same": Text("Nothing has changed since the last time."),
    "described_since": Text("Since the last time"),
    "described_changed_rows": Text("rows: {before} → {after}"),
    "described_changed_column_new": Text("{column}: a new column"),
    "described_changed_column_gone": Text("{column}: the column is gone"),
    "described_changed_kind": Text("{column}: {before} → {after}"),
    "described_changed_filled": Text("{column}: filled {before} % → {after} %"),
    "described_unsaved": Text("what was found cannot be kept for the next time: {reason}."),
}
