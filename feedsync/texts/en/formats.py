"""English texts: packed files, and formats that are more than text."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "extra_missing": Text("what reads {what} is not installed.", 'Install it: pip install "feedsync[{extra}]".'),
    # files that a pattern finds
    "pattern_without_pick": Text(
        "no file has this name; as a pattern it may find several.", "Set pick: newest or pick: all on the source."
    ),
    "pick_without_pattern": Text(
        "pick chooses among the files that a pattern finds, and path is a name.",
        "Remove pick, or write a pattern such as exports/*.csv in path.",
    ),
    "source_none_found": Text("no file matches.", "Check path of the source; it is relative to feedsync.yaml."),
    "source_picked": Text("{name} was read, the newest of {count} files."),
    "source_stale": Text("written {hours} hours ago; max_age_hours is {limit}.", "Look whether the export still runs."),
    "several_lacking": Text(
        'no column "{column}", which {first} has.',
        "Files that are read as one have the same header; export them alike.",
    ),
    "several_added": Text(
        'a column "{column}", which {first} does not have.',
        "Files that are read as one have the same header; export them alike.",
    ),
    # packed files
    "packed_not": Text("the name ends in {suffix}, but this is not {packing}.", "Rename or pack the file."),
    "packed_damaged": Text("the {packing} data are damaged.", "Fetch or export the file again."),
    "packed_cut": Text("the {packing} data end too early.", "The file was cut short; fetch or export it again."),
    "packed_twice": Text("what was unpacked is {packing}, packed once more.", "Pack the file once."),
    "packed_bomb": Text(
        "{packed} KiB have unpacked to more than {mebibytes} MiB, which no product export does.",
        "Unpack the file and look at it; path can name the unpacked file.",
    ),
    "zip_damaged": Text("the zip archive is damaged or cut short.", "Fetch or export the file again."),
    "zip_empty": Text("the zip archive holds no file.", "The export may have failed; run it again."),
    "zip_several": Text(
        "the zip archive holds {count} files that may be meant: {names}.",
        "Name one in member; a pattern such as products-*.csv will do.",
    ),
    "zip_no_member": Text(
        'the zip archive has no file "{member}".', "Correct member on the source; there are {names}."
    ),
    "zip_encrypted": Text('"{member}" in the zip archive is encrypted.', "Send it without a password."),
    "zip_method": Text(
        "the zip archive is packed in a way that is not read.", "Pack it anew with the usual method (deflate)."
    ),
    "zip_workbook": Text(
        "this is a workbook of Excel or LibreOffice, not a packed text.",
        "Name it .xlsx or .ods, or set format on the source.",
    ),
    "source_columns": Text(
        "up to here the records have more than {columns} different columns.",
        "Names that are values, such as an id, belong in a column; correct the export.",
    ),
    # XML
    "xml_broken": Text("not XML: {reason}.", "Correct it there, or export the file again."),
    "xml_cut": Text("the document ends too early.", "It was cut short; export it again."),
    "xml_large": Text("more in one place than is read: {reason}.", "Check the export."),
    "xml_entity": Text(
        'an entity that is not of XML itself ("{reason}").', "Write the character, or its number such as &#160;."
    ),
    "xml_doctype": Text(
        "the document declares elements, attributes or entities of its own, which are not read.",
        "Leave the DOCTYPE out of the export.",
    ),
    "xml_encoding_unknown": Text(
        'the document names the encoding "{encoding}", which is none.', "Set encoding on the source."
    ),
    "xml_record_large": Text(
        "record {number} has more than {elements} elements.", "Correct records on the source; it names one product."
    ),
    "xml_no_records": Text(
        "which elements are the products is not said.", "Set records on the source; likely are {known}."
    ),
    "xml_no_path": Text('there is no element at "{path}".', "Correct records on the source; likely are {known}."),
    "xml_tree_behind": Text(
        "{path} stands behind the first record.", "A tree is read where it stands before the records; move it."
    ),
    "xml_tree_id": Text('node {number} of the tree has no "{id}".', "Correct tree.id on the source."),
    "xml_tree_twice": Text('the tree has the id "{id}" twice.', "Correct the export."),
    "xml_tree_large": Text("the tree has more than {nodes} nodes.", "Correct tree.path on the source."),
    "xml_tree_circle": Text('the parents of "{id}" in the tree lead in a circle.', "Correct the export."),
    "xml_tree_into": Text('the records have a column "{column}" already.', "Set another name in tree.into."),
    # Parquet
    "parquet_damaged": Text("not a whole Parquet file: {reason}.", "Fetch or export the file again."),
    "parquet_rows": Text(
        "{rows} rows were read, and the file says that it has {promised}.", "Fetch or export the file again."
    ),
    "parquet_group": Text(
        "a row group has {rows} rows; {limit} are read at once.", "Write smaller row groups, such as of 100000 rows."
    ),
    "parquet_value": Text(
        "column {column}: a value of type {kind} has no one text.", "Write the column as text there."
    ),
    # workbooks
    "workbook_old": Text(
        "this is an old .xls workbook, or one with a password.", "Save it as .xlsx without a password, or as CSV UTF-8."
    ),
    "workbook_format": Text(
        "workbooks of the kind {suffix} are not read.", "Save it as .xlsx, or as CSV UTF-8 (comma delimited)."
    ),
    "workbook_damaged": Text(
        "this is no whole workbook: it is damaged, cut short or something else.", "Save or fetch it again."
    ),
    "workbook_large": Text(
        "the sheet spans more than {millions} million cells.",
        "Delete what stands far to the right or below, or export CSV.",
    ),
    "workbook_outside": Text(
        "a sheet holds something below row {rows} or right of column {columns}, where no sheet reaches.",
        "Delete it, or export CSV.",
    ),
    "workbook_text": Text(
        "the cells of the sheet hold more than {mebibytes} MiB of text.",
        "Look for a long text that is in many cells, or export CSV.",
    ),
    "workbook_currency": Text(
        "{count} cells are amounts with a currency of their own ({currencies}); only their numbers are read.",
        "Put the currency in a column of its own, or export CSV.",
    ),
    "workbook_sheet": Text('there is no sheet "{sheet}"{meant}', "Correct sheet on the source; there are {known}."),
    "workbook_no_rows": Text(
        'the sheet "{sheet}" has a header and no products; there are also {others}.', "Set sheet on the source."
    ),
    "workbook_hidden": Text("no sheet is visible.", "Set sheet on the source: {names}."),
    "workbook_sheet_empty": Text(
        'the sheet "{sheet}" is empty.', "Set sheet on the source, or save the workbook again."
    ),
    "workbook_no_header": Text(
        "column {column} has a value here and no name in the header (row {line}).",
        "Name it, or remove what stands there.",
    ),
    "workbook_merged": Text(
        "cell {cell} is merged with the cells below it, to row {last}; only the first row has the value.",
        "Unmerge the cells and fill each row.",
    ),
    "workbook_sheets": Text('the sheet "{sheet}" was read, and not {others}.', "Set sheet on the source."),
    "workbook_errors": Text(
        "{count} cells hold the error of a formula, such as #N/A (the first is {cell}); they count as empty.",
        "Correct the formulas.",
    ),
    "workbook_unknown": Text(
        "{count} cells hold a formula that was never calculated (the first is {cell}); they count as empty.",
        "Open the workbook and save it, or export CSV.",
    ),
}
