"""English texts: the catalog."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "did_you_mean": Text('; did you mean "{near}"?'),
    "many_errors": Text("{count} mistakes."),
    "unknown_column": Text('no column "{column}"{meant}', "The columns are: {known}."),
    "unknown_source": Text('no source "{name}"{meant}', "The sources are: {known}."),
    "ambiguous_column": Text(
        'the column "{column}" stands in several sources ({sources}).',
        "Say which: from: {{source: NAME, column: {column}}}.",
    ),
    "unknown_key_field": Text('the catalog has no field "{name}", which {role}{meant}', "The fields are: {known}."),
    "source_without_join": Text(
        "the first source adds rows, and this further one does not say how its columns are joined.",
        "Write join: {key} on it.",
    ),
    "join_column_missing": Text(
        'the joined source {source} has no column "{column}"{meant}',
        "Write on: with the name of its column, one of: {known}.",
    ),
    "join_many_rows": Text(
        '{source} has {count} keys in more than one row, e.g. "{key}" in rows {rows}.',
        "Write aggregate: with the way several rows become one, e.g. aggregate: {{stock: sum}}.",
    ),
    "aggregate_unknown": Text('aggregate names "{column}", which {source} does not have{meant}'),
    "aggregate_number": Text('{source}: "{value}" in row {row} of column {column} is no number, and {how} needs numbers.'),
    "aggregate_disagree": Text(
        '{source}: the rows of key "{key}" differ in column {column}, and aggregate does not name it.',
        "Add {column} to aggregate, e.g. {column}: first.",
    ),
    "unknown_locale": Text('no decimal mark is known for locale "{locale}".', "Write decimal_mark: instead."),
    "boolean_lists": Text("a boolean with own words needs both true: and false:."),
    "template_cycle": Text("the template reads {field}, which is defined below it.", "Move {field} above it."),
    "unknown_date_format": Text(
        '"{format}" is no date format.', "Write it with yyyy, mm, dd, hh, mm, ss, e.g. dd.mm.yyyy hh:mm."
    ),
}
