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
    "unknown_key_field": Text('no field "{name}"{meant}', "The fields are: {known}."),
    "key_of_joined_source": Text(
        "{name} is a key, a parent or joined on, and comes from a joined source ({sources}).",
        "Take it from a column of {first}, whose rows are there before anything is joined.",
    ),
    "source_without_join": Text(
        "the first source adds rows, and this further one does not say how its columns are joined.",
        "Write join: {key} on it.",
    ),
    "first_source_joined": Text(
        "the first source adds the rows; there is nothing yet to join it to.",
        "Remove join, on and aggregate from it, or put the source that adds rows above it.",
    ),
    "join_column_missing": Text(
        'the joined source {source} has no column "{column}"{meant}',
        "Write on: with the name of its column, one of: {known}.",
    ),
    "join_many_rows": Text(
        'keys in more than one row: {count}, e.g. "{key}" in rows {rows}.',
        "Write aggregate: with the way several rows become one, e.g. aggregate: {{stock: sum}}.",
    ),
    "aggregate_unknown": Text('aggregate names "{column}", which {source} does not have{meant}'),
    "aggregate_number": Text(
        '"{value}" in row {row} of column {column} is no number, and {how} needs numbers.',
        "Write type: integer or decimal on the field {field}: then such cells are findings of their products.",
    ),
    "aggregate_disagree": Text(
        'the rows of key "{key}" differ in column {column}, and aggregate does not name it.',
        "Add {column} to aggregate, e.g. {column}: first.",
    ),
    "unknown_locale": Text('no decimal mark is known for locale "{locale}".', "Write decimal_mark: instead."),
    "boolean_lists": Text("a boolean with own words needs both true: and false:."),
    "template_cycle": Text("the template reads {field}, which is defined below it.", "Move {field} above it."),
    "unknown_date_format": Text(
        '"{format}" is no date format.', "Write it with yyyy, mm, dd, hh, mm, ss, e.g. dd.mm.yyyy hh:mm."
    ),
    # mapping
    "item_cycle": Text(
        "the attributes read each other in a circle: {cycle}.", "Let one of them read the catalog's fields."
    ),
    "mapping_is_list": Text("a list of values, and the attribute is one value of type {type}.", "Write one template."),
    "mapping_wants_group": Text(
        "the attribute is a list of records.", "Give each entry as {{field: template}}, with the fields {fields}."
    ),
    "mapping_wants_values": Text("records, and the attribute is a list of values.", "Write a list of templates."),
    "unknown_group_field": Text('the record has no field "{name}"{meant}', "The fields are: {known}."),
    # project
    "unknown_feed": Text('no feed "{name}"{meant}', "The feeds are: {known}."),
    "feed_without_market": Text(
        "the feed has no market.", "Write market: with country, language and currency, or the name of one of markets."
    ),
    "market_not_of_channel": Text("the channel knows no market for {country}.", "Its countries are: {known}."),
    "unknown_setting": Text('the channel asks for no setting "{name}"{meant}', "Its settings are: {known}."),
    "setting_required": Text("{channel} needs the setting {name}.", "Write it under settings."),
    "no_such_attribute": Text('{channel} has no attribute "{name}"{meant}'),
    "feed_without_id": Text(
        "nothing says what names an entry.", "Write id: with a template, e.g. id: \"{{{{ store_code ~ '/' ~ sku }}}}\"."
    ),
    "lookup_column": Text('the file has no column "{column}"{meant}', "Its columns are: {known}."),
    "lookup_repeated": Text('the key "{key}" has another value in line {line}.', "Keep one of them."),
    "unknown_table_field": Text('the table has no field "{name}"{meant}', "Its fields are: {known}."),
    # export
    "manifest_version": Text(
        "the manifest is of format {version}, which this feedsync does not read.",
        "Update feedsync, or export into another folder.",
    ),
    "manifest_damaged": Text(
        "the manifest of the last export does not read: {reason}.",
        "Restore it, or export into another folder; without it no guard can compare.",
    ),
    "output_locked": Text(
        "another run writes into this folder: process {pid} on {host} ({command}). Nothing was replaced.",
        "Run again when it has ended.",
    ),
    "output_locked_by_some": Text(
        "another run writes into this folder. Nothing was replaced.", "Run again when it has ended."
    ),
    "output_no_locks": Text(
        "this file system knows no locks, so two runs could mix their files.",
        "Export into a folder on a local disk, and copy the files from there.",
    ),
    "unknown_format": Text('the channel has no format "{name}"{meant}', "Its formats are: {known}."),
    "unknown_timezone": Text('no time zone "{name}".', "Write one of the IANA names, e.g. Europe/Madrid."),
    "unknown_guard": Text('no guard "{name}"{meant}', "The guards of an export are: {known}."),
    "guard_without_reason": Text("--allow {name} needs a reason.", 'Write --reason "why this is right".'),
    "guard_empty_source": Text(
        "{feed} held by empty_source ({code}): it has no products left, it had {before}. Nothing was replaced.",
        "If this is right: {command}",
    ),
    "guard_shrink": Text(
        "held by shrink ({code}): {feed} has {now} {what}, it had {before} (more than {limit} % less). Nothing was replaced.",
        "If this is right: {command}",
    ),
    "guard_max_errors": Text(
        "{feed} held by max_errors ({code}): {blocked} of {read} products are blocked, {before} were last time (limit {limit} %). Nothing was replaced.",
        "See feedsync check {feed}. If this is right: {command}",
    ),
    "nothing_selected": Text("the selection {asked} matches 0 of {read} products{meant}"),
    "no_such_product": Text('no product "{key}"{meant}'),
    "is_a_parent": Text(
        "{key} is the parent of variants and not sold itself.", "Ask for one of its variants, e.g. {child}."
    ),
    "attribute_not_filled": Text('{feed} does not fill "{name}"{meant}'),
    # notes of a run
    "newest_version": Text(
        "{feed} takes the newest version of {channel}, {version}.",
        "Write channel: {channel}@{version} to keep it when a newer one comes.",
    ),
    "rows_left_out": Text(
        "{count} rows of another width than the header were left out (lines {lines}).",
        "Correct them; products in them are in no feed.",
    ),
    "rows_and_parents": Text("{rows} rows: {products} products and {parents} parents of variants."),
    "rows_of_no_product": Text("{count} rows are no products: {reason}."),
    "rss_without_link": Text(
        "the RSS of {feeds} has an empty link, which RSS 2.0 wants to be the shop's address.",
        "Write shop_url: https://... under catalog.",
    ),
    "no_line_end": Text(
        "the last line has no line end.",
        "Many exports end so; but if the file was cut there, its last cell is cut too: compare it with the shop.",
    ),
    "attribute_no_feed_fills": Text('no feed fills "{name}"{meant}'),
    "output_is_input": Text(
        "the export would write over {what}, which the project reads.",
        "Name another folder with -o, or rename the feed.",
    ),
    "catalog_currency": Text(
        "the catalog's prices are in {catalog} and the market's in {market}, and nothing converts them.",
        "Map {attributes} with | convert(...), or correct catalog.currency.",
    ),
    "export_recovered": Text(
        "the last export was cut short while it replaced files. These were put back as they were before it: {files}."
    ),
    "export_empty": Text(
        "{feed} has no product that can be sent: its files are empty, and uploading them can take every product off "
        "the channel.",
        "Look at what excludes or blocks them with feedsync check before you upload.",
    ),
    "files_left": Text(
        "{files} of an earlier export of {feed} are not written now and were left there.",
        "Remove them if nothing reads them.",
    ),
    "field_misspelt": Text(
        "no feed reads the field {field}, and the catalog has no {near}.", "If {near} is meant, name the field {near}."
    ),
    "bare_number": Text(
        "{field} alone asks whether there is a number, and 0 is one.", "Write {field} > 0, or {field} is not missing."
    ),
}
