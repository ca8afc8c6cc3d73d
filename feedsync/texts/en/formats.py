"""English texts: packed files, and formats that are more than text."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "extra_missing": Text("what reads {what} is not installed.", 'Install it: pip install "feedsync[{extra}]".'),
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
}
