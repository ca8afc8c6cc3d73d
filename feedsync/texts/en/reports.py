"""English texts: reports."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # writers
    "output_twice": Text("two files of this export would have this name.", "Rename the feed, or choose other formats."),
    "output_no_folder": Text('the folder "{folder}" does not exist.', "Create it, or name another one."),
    "output_not_a_folder": Text('"{folder}" is a file, not a folder.', "Name a folder, or move the file away."),
    "output_too_deep": Text("the path has too many folders.", "Name a shorter one."),
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
    "output_mounted": Text(
        "the file is mounted on its own, so nothing can take its place. The last good files stay.",
        "Mount its folder instead of the file.",
    ),
    "output_mixed": Text(
        "{files} could not be put back and may be new; the other files are the last good ones: {reason}.",
        "Make the folder writable and export again: the next export puts the old files back first.",
    ),
    "journal_damaged": Text(
        "an export was cut short while it replaced files, and its record does not read.",
        "Look whether the files in this folder are whole, remove this one, and export again.",
    ),
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
    "writer_xml_name": Text(
        "an element cannot have this name: {reason}.", 'Correct "header", "element" or "document".'
    ),
    # reports: what people read of check, export, preview, explain, channels and demo
    "kind.text": Text("a text"),
    "kind.url": Text("a web address"),
    "kind.gtin": Text("a GTIN"),
    "kind.enum": Text("one of the allowed values"),
    "kind.integer": Text("a whole number"),
    "kind.decimal": Text("a number"),
    "kind.money": Text("an amount of money"),
    "kind.boolean": Text("true or false"),
    "kind.date": Text("a date"),
    "kind.datetime": Text("a date and time"),
    "kind.interval": Text("a time from one moment to another"),
    "kind.list": Text("a list"),
    "kind.group": Text("a list of records"),
    "report_no_value": Text("the value"),
    "report_empty": Text("(empty)"),
    "report_no_id": Text("row {row}"),
    "report_small": Text("< 0.1 %"),
    "report_percent": Text("{percent} %"),
    "report_products": Text("{count} products"),
    "report_product": Text("{count} product"),
    "report_entries": Text("{count} entries"),
    "report_entry": Text("{count} entry"),
    "report_more": Text("{ids} and {count} more"),
    "report_lost": Text("{lost}: {ids}"),
    "report_above": Text("as above"),
    "report_above_lost": Text("as above; {lost}"),
    "report_line": Text("{place}: {severity} {code} {subject}: {what}; {products} ({percent}){lost}, e.g. {ids}.{fix}"),
    "report_counts": Text("{read} read = {ready} ready + {blocked} blocked + {excluded} excluded"),
    "report_reason": Text("{reason} {count}"),
    "report_no_problems": Text("No problems."),
    "report_file": Text("{path}  {products}, {size}"),
    "report_todays": Text("The files hold today's products only."),
    "report_allowed": Text("{subject}: {name} ({code}) was allowed: {reason}. {what}."),
    "preview_of": Text("{feed}  {channel}   {products}"),
    "preview_first": Text("{feed}  {channel}   the first {count}; --limit shows more"),
    "preview_none": Text('{feed}  {channel}   all of them are excluded; "feedsync explain SKU" says why'),
    "status.ready": Text("ready"),
    "status.blocked": Text("blocked"),
    "status.excluded": Text("excluded"),
    "explain_ready": Text("{key}  ready for {feed}"),
    "explain_blocked": Text("{key}  blocked on {feed}: {lost}"),
    "explain_excluded": Text("{key}  excluded from {feed}: {reason}"),
    "explain_reason_at": Text("{reason} ({place})"),
    "explain_met": Text("{what} (here {quoted})"),
    "explain_finding": Text("{code} {attribute}: {what}"),
    "explain_attribute": Text("{key}  {attribute} on {feed}"),
    "explain_source": Text("source"),
    "explain_value": Text("value"),
    "explain_inherited": Text("{cell}, inherited from the parent {parent}"),
    "explain_template": Text("{field} (made by a template)"),
    "channels_needed": Text("required"),
    "channels_optional": Text("optional"),
    "channels_conditional": Text("required when {condition}"),
    "channels_docs": Text("rules from {docs}"),
    "channels_formats": Text("formats: {names}"),
    "channels_delete.absence": Text("a product that is not in the file is gone (delete_mode: absence)"),
    "channels_delete.explicit": Text("a product is gone when a file says so (delete_mode: explicit)"),
    "channels_delete.status": Text("a product is gone when its status in a file says so (delete_mode: status)"),
    "channels_delete.none": Text("no file removes a product (delete_mode: none)"),
    "channels_setting": Text("setting {name} ({need}): {description}"),
    "channels_attributes": Text("{count} attributes:"),
    "channels_clean": Text("{count} channels, no problems."),
    "demo_shop": Text(
        "The example shop: {products}, {feeds} feeds. It is made up, and some of its products are wrong."
    ),
    "demo_blocked": Text("Not sent, and why"),
    "demo_problem": Text("{attribute}: {what}"),
    "demo_where": Text("{code}, {feeds}"),
    "demo_nothing": Text("Every product is sent."),
    "demo_files": Text("The feeds"),
    "demo_project": Text("The project, to play with:  {path}"),
    "demo_next": Text("Next"),
}
