"""English texts: sources."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # any file
    "source_missing": Text("no such file.", "Check path of the source; it is relative to feedsync.yaml."),
    "source_folder": Text("this is a folder, not a file.", "Name the file in path."),
    "source_unreadable": Text("cannot be read: {reason}.", "Check the file's permissions and the disk."),
    "source_changed": Text(
        "the file changed while it was read.",
        "Run again when it is whole; an export that writes another name first and renames it never shows half a file.",
    ),
    "source_empty": Text("the file is empty.", "The export may have failed; run it again."),
    "source_no_rows": Text("a header and no products.", "The last good files stay."),
    "source_none_left": Text(
        "no row of the file is a product; left out: {reasons}.",
        "Export the products, or correct the steps that leave rows out. The last good files stay.",
    ),
    "source_no_products": Text("no products.", "The last good files stay."),
    "source_header_empty": Text("column {number} has no name in the header.", "Name it, or remove the column."),
    "source_header_twice": Text(
        'the header "{header}" stands twice, in columns {first} and {second}.', "Rename or remove one of them."
    ),
    "source_header_reserved": Text('the column name "{header}" is reserved.', "Rename the column."),
    "characters_stripped": Text(
        "{cells} cells held control characters, which were left out ({columns}).",
        "Such characters come with copied text; remove them in the shop where they disturb.",
    ),
    # bytes
    "source_encoding_unknown": Text(
        'no file is in the encoding "{encoding}"{meant}',
        "Known names are utf-8, utf-16, windows-1252, iso-8859-15 and the like.",
    ),
    "source_mark": Text(
        "the file starts with the byte order mark of {marked}, and its encoding is declared as {declared}.",
        "Remove encoding from the source, or correct it.",
    ),
    "source_windows": Text(
        'not UTF-8 at byte {offset} ({byte}); read as windows-1252 it says "{says}".',
        "Set encoding: windows-1252 on the source, or save the file as UTF-8.",
    ),
    "source_not_utf8": Text(
        "not UTF-8 at byte {offset} ({byte}).", "Set encoding on the source, or save the file as UTF-8."
    ),
    "source_encoding_wrong": Text(
        "not {encoding} at byte {offset} ({byte}).", "Correct encoding on the source, or save the file as UTF-8."
    ),
    "source_cut_character": Text(
        "the file ends inside a {encoding} character, at byte {offset}.", "It was cut short; export it again."
    ),
    "source_nul": Text(
        "a NUL character at byte {offset}.",
        "The file is damaged, or UTF-16 without a byte order mark (then set encoding: utf-16 on the source).",
    ),
    "source_nul_in_line": Text(
        "a NUL character, byte {offset} of the line.",
        "The file is damaged, or UTF-16 without a byte order mark (then set encoding: utf-16 on the source).",
    ),
    # CSV
    "csv_width": Text(
        "{cells} cells, the header has {columns}.", 'Look for a missing "{delimiter}" or a file cut short.'
    ),
    "csv_width_lines": Text(
        "{cells} cells, the header has {columns}; the row goes on to line {last} because of a quote opened in line {quote}.",
        'Look for a quote that is not closed, or a missing "{delimiter}".',
    ),
    "csv_width_one": Text(
        "1 cell, the header has {columns}.", 'Look for another delimiter than "{delimiter}" or a file cut short.'
    ),
    "csv_blank_line": Text("a blank line between rows; the header has {columns} columns.", "Remove the line."),
    "csv_open_quote": Text(
        "the quote opened here is never closed (column {column}).", "Close it, or write it twice inside the text."
    ),
    "csv_after_quote": Text(
        "text after the closing quote (column {column}).",
        "Write a quote inside the text twice, or set dialect: lenient on the source.",
    ),
    "csv_stray_quote": Text(
        "a quote inside a cell that does not start with one (column {column}).",
        "Put the cell in quotes and write the quote twice, or set dialect: lenient on the source.",
    ),
    "csv_mixed_ends": Text(
        "this line ends in another way than the first one (CR alone, against LF or CRLF).",
        "Put cells that hold line breaks in quotes, or save the file with one kind of line end.",
    ),
    "csv_record_long": Text(
        "the row that starts here is over {mebibytes} MiB long.",
        "Look for a quote that is not closed, or a wrong delimiter or line end.",
    ),
    "csv_quote_long": Text(
        "the quote opened here is not closed within {mebibytes} MiB.", "Close it, or write it twice inside the text."
    ),
    "csv_delimiter": Text(
        'delimiter "{delimiter}" cannot be used.', "It is one ASCII character, or tab, and no quote or line end."
    ),
    "csv_quote": Text('quote "{quote}" cannot be used.', "It is one ASCII character, or nothing for no quoting."),
    # JSON
    "json_broken": Text('not JSON at byte {offset}: "{text}".', "Correct it there, or export the file again."),
    "json_cut": Text("the document ends too early.", "It was cut short; export it again."),
    "json_rest": Text("more text follows after the end of the document.", "Remove it, or name the file .jsonl."),
    "json_deep": Text("lists and objects nested more than {depth} deep.", "Flatten the export."),
    "json_long": Text("the record that starts here is over {mebibytes} MiB long.", "Check the export."),
    "json_no_object": Text('record {number} is no object: "{value}".', 'Each product is an object: {{"sku": ...}}.'),
    "json_key_twice": Text('the key "{key}" stands twice in one object.', "Remove one of them."),
    "json_nul": Text("a NUL character (\\u0000) in a value.", "Remove it from the data."),
    "json_surrogate": Text("half a character (a lone surrogate \\uD800 to \\uDFFF) in a value.", "Correct the export."),
    "json_no_records": Text(
        "the document is an object, not a list of products.", "Set records on the source to the list's key: {lists}."
    ),
    "json_no_list": Text('there is no list of products at "{path}".', "Correct records on the source."),
    "json_no_path": Text('no key "{key}" on the way to "{path}".', "Correct records on the source; known: {known}."),
    "json_line_broken": Text('not JSON at column {column}: "{text}".', "Each line is one object; correct this one."),
    "json_line_cut": Text(
        "the line ends inside its JSON object.", "Each line is one object; the file may be cut short."
    ),
    # values of databases and frames
    "value_type": Text(
        "record {number}, column {column}: a value of type {type} has no one text.", "Convert it to text there."
    ),
    "value_bytes": Text("record {number}, column {column}: bytes that are not UTF-8.", "Convert the column to text."),
    "value_nul": Text("record {number}, column {column}: a NUL character.", "Remove it from the data."),
    "value_surrogate": Text("column {column}: half a character (a lone surrogate).", "Correct the data."),
    # databases
    "sql_url": Text(
        "url is no database URL.", "Write it as postgresql://user:${{PASSWORD}}@host/database or sqlite:///file.db."
    ),
    "sql_port": Text("the port in url is no number from 1 to 65535.", "Write it as host:5432, or leave it out."),
    "sql_url_sign": Text(
        'the user or the password in url holds an "@".', "Write it as %40, or take it from a variable: ${{PASSWORD}}."
    ),
    "sql_driver": Text("the driver of {backend} is not installed.", "Install it beside feedsync."),
    "sql_driver_extra": Text(
        "the driver of {backend} is not installed.", 'Install it: pip install "feedsync[{extra}]".'
    ),
    "sql_dialect": Text(
        'there is no kind of database "{backend}".', "Write postgresql://..., mysql://... or sqlite:///file.db."
    ),
    "sql_sqlite_missing": Text("no such database file.", "Check url; a relative path is relative to feedsync.yaml."),
    "sql_sqlite_memory": Text("a database in memory holds nothing to read.", "Write sqlite:///file.db."),
    "sql_sqlite_cut": Text(
        "the database file ends inside a page (after {size} bytes; its pages have {page}).",
        "It was cut short; copy it again.",
    ),
    "sql_not_reading": Text("the query does more than read ({what}).", "Write a SELECT."),
    "sql_file": Text(
        'the query file "{file}" cannot be read: {reason}.', "Correct query_file; it is UTF-8 with one SELECT."
    ),
    "sql_no_select": Text('the query starts with "{word}".', "Write a SELECT."),
    "sql_no_result": Text("the query gives no result.", "Write a SELECT."),
    "sql_no_rows": Text("the query gives no rows.", "The last good files stay."),
    "sql_failed": Text("the database says: {reason}.", "Check url and query of the source."),
    "sql_denied": Text("the database refuses access: {reason}.", "Check the user, its password and its rights."),
    "sql_down": Text("the database does not answer: {reason}.", "Run again later; nothing was changed."),
    "sql_lost": Text("the database broke off: {reason}.", "Run again later; nothing was changed."),
    # files on other machines
    "remote_missing": Text("no such file there.", "Correct path of the source."),
    "remote_status": Text("the server answers with status {status}.", "Correct path of the source, or ask its owner."),
    "remote_status_later": Text("the server answers with status {status}.", "Run again later; nothing was changed."),
    "remote_denied": Text(
        "the server refuses access (status {status}).", "Check the password or the headers of the source."
    ),
    "remote_refused": Text("access is refused.", "Check the credentials (options of the source) and their rights."),
    "remote_page": Text(
        "the server sent a web page, not a file.", "Open the address in a browser; it may ask for a login."
    ),
    "remote_cut": Text("{size} bytes came of {length}; the line broke.", "Run again later; nothing was changed."),
    "remote_down": Text("the server cannot be reached.", "Check the address and the network; run again later."),
    "remote_slow": Text("the server does not answer in time.", "Run again later; nothing was changed."),
    "remote_broken": Text("the connection broke off.", "Run again later; nothing was changed."),
    "remote_certificate": Text(
        "the server's certificate is not trusted.",
        "Ask its owner to renew it; a private authority goes into REQUESTS_CA_BUNDLE.",
    ),
    "remote_downgrade": Text("the server leads from https to http.", "Write the file's final address in path."),
    "remote_elsewhere": Text(
        'the server leads on to an address of "{scheme}", which is not followed.',
        "Write the file's final address in path.",
    ),
    "remote_nowhere": Text(
        "the server leads on to an address that does not read.", "Write the file's final address in path."
    ),
    "remote_redirects": Text("the server leads on more than {most} times.", "Write the file's final address in path."),
    "remote_address": Text(
        "the address or a header cannot be sent.", "Check path and headers of the source, and the variables in them."
    ),
    "remote_scheme": Text(
        'no file is read from an address of "{scheme}", or its options are wrong.',
        "Known are https, http, sftp, s3 and what fsspec knows.",
    ),
    "remote_driver": Text(
        'what reads addresses of "{scheme}" is not installed.',
        'Install it: pip install "feedsync[remote]", or the package that fsspec names for it.',
    ),
    "remote_pattern": Text("as a pattern this may find several files.", "Set pick: newest on the source."),
    "remote_pick": Text(
        "no list of files is read from this address.", "Name one file; sftp and s3 can pick the newest: pick: newest."
    ),
    "remote_keys": Text(
        "{keys} belongs to an address.", "Write path as https://..., sftp://... or s3://..., or remove it."
    ),
    "sftp_host_unknown": Text(
        "the server's host key is not known.",
        "Check it with the server's owner, then add it: ssh-keyscan HOST >> known_hosts; name the file in known_hosts.",
    ),
    "sftp_host_other": Text(
        "the server's host key is another than the known one ({fingerprint}).",
        "Ask the server's owner; somebody else may answer.",
    ),
    "sftp_denied": Text("the server refuses the user.", "Check the user, its password or key_file."),
    "sftp_forbidden": Text("the server does not let this user read the file.", "Check its rights there."),
    "sftp_file": Text('the file "{file}" is missing.', "Correct key_file or known_hosts of the source."),
    # declarations
    "frame_type": Text("a {type} is no DataFrame.", "Give a pandas or Polars DataFrame."),
    "frame_not_given": Text('no frame "{name}" was given.', 'Write load_project(..., sources={{"{name}": frame}}).'),
    "source_suffix": Text(
        'the suffix "{suffix}" tells no format.',
        "Known are {known}, each also packed (.gz, .zip, .zst, .bz2, .xz); or set format on the source.",
    ),
    "source_format": Text('a file of format "{format}" cannot be read.', "Known are the formats of {known}."),
    "csv_other_delimiter": Text(
        'the header is a single cell with "{found}" in it.', 'Set delimiter: "{found}" on the source.'
    ),
}
