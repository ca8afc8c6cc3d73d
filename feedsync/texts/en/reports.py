"""English texts: reports."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # writers
    "output_no_folder": Text('the folder "{folder}" does not exist.', "Create it, or name another one."),
    "output_not_a_folder": Text('"{folder}" is a file, not a folder.', "Name a folder, or move the file away."),
    "output_is_a_folder": Text("there is a folder of this name, and a file is to be written.", "Rename the folder."),
    "output_no_permission": Text(
        'no permission to write in "{folder}". The last good files stay.',
        "Give the user who runs this the right to create files there.",
    ),
    "output_disk_full": Text(
        "the disk is full, or a quota is used up. The last good files stay.", "Free some space and run again."
    ),
    "output_too_large": Text(
        "the file is larger than this system allows ({bytes} bytes written). The last good files stay.",
        "Raise the limit for file sizes (ulimit -f), or write to another disk.",
    ),
    "output_failed": Text("the file cannot be written: {reason}. The last good files stay.", "Is the disk healthy?"),
    "writer_format": Text('the channel has no format "{name}".', "It has: {known}."),
    "writer_part": Text('"headers" names the part "{part}", which this type does not have.', "Its parts: {known}."),
    "writer_same_header": Text('two columns have the header "{header}".', "Give one of them a header of its own."),
    "writer_prefix": Text('the prefix "{prefix}" has no namespace.', 'Add it to "namespaces".'),
    "writer_leaf_type": Text(
        "{type} is no JSON value.", "Write its parts, e.g. {{{{ price | amount }}}} and {{{{ price | currency }}}}."
    ),
    "writer_each": Text(
        '"each" wants a list or group, and this is {type}.', "Name an attribute of type list or group."
    ),
    "writer_each_nested": Text('an "each" inside another one.', "Write one per list; a list has no lists inside."),
    "writer_each_step": Text(
        "a step inside {{entry: ...}} cannot run there.",
        "Do it in the mapping, so that the attribute holds its result.",
    ),
    "writer_shape": Text('there is no shape "{name}".', "Known shapes: {known}."),
    "writer_shape_circle": Text('the shape "{name}" contains itself.', "Write the inner part out."),
    "writer_shape_argument": Text(
        'the shape "{name}" has no place for "{argument}".',
        "Write {{{{ {argument} }}}} as a value in the shape, or remove it here.",
    ),
    "writer_mark": Text("{{{name}: here}} does not belong here.", "records stands in document, changed in patch."),
    "writer_no_records": Text(
        "the document has no place for the records.", "Write {{records: here}} where their list belongs."
    ),
    "writer_lines_document": Text(
        "JSON lines have no document around the records.", "Remove document, or choose writer: json."
    ),
    "writer_delimiter": Text('"{delimiter}" cannot separate columns.', "Choose one character, e.g. a comma or a tab."),
    "writer_xml_name": Text(
        "an element cannot have this name: {reason}.", 'Correct "header", "element" or "document".'
    ),
}
