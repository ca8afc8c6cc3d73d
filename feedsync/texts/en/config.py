"""English texts: config."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # values from outside (specs/secrets.py)
    "config_variable_not_set": Text("{name} is not set.", "Put it into the environment."),
    "config_bad_reference": Text(
        '"{reference}" is no reference to a variable or file.',
        "Write ${{NAME}}, ${{NAME:-default}} or ${{file:secrets/name}}; a plain ${{ is written $${{.",
    ),
    "config_secret_file": Text('the file "{file}" cannot be read: {reason}.', "Correct the path or the file."),
    # files (specs/yaml.py)
    "config_file_unreadable": Text("the file cannot be read: {reason}."),
    "config_too_large": Text("the file is larger than {limit} MiB.", "Configuration is smaller; is the path right?"),
    "config_not_utf8": Text("not UTF-8 (byte {byte}).", "Save the file as UTF-8."),
    "config_yaml_empty": Text("the file says nothing.", "It needs at least: {needed}."),
    "config_yaml_top": Text("the file is not a mapping at its top.", "Begin with keys at the left margin: key: value."),
    "config_yaml_documents": Text(
        'a second document begins here ("---" or "...").', "Keep one document in a file; remove the line."
    ),
    "config_yaml_duplicate_key": Text(
        '"{key}" is also at {first}; YAML would silently keep one of them.', "Remove or rename one."
    ),
    "config_yaml_template": Text("a template without quotes loads as a mapping in YAML.", "Write {name}{template}."),
    "config_yaml_key": Text(
        "a key must be a text, and this is a mapping or list.", "Quote the text, or look for a stray bracket."
    ),
    "config_yaml_merge": Text(
        '"<<" does not merge mappings here.', "Write the keys out, or alias the whole value (*name)."
    ),
    "config_yaml_alias": Text(
        'no anchor "&{name}" stands above this alias.', 'Quote the text if it only begins with "*".'
    ),
    "config_yaml_aliases": Text(
        "the aliases up to here repeat more than {limit} values.", "Write fewer aliases of large values."
    ),
    "config_yaml_depth": Text("nested deeper than {limit} levels.", "Look for brackets that are never closed."),
    "config_yaml_tag": Text(
        'the tag "{tag}" means nothing here; every value is read as text.',
        'Quote the text if it begins with "!", or remove the tag.',
    ),
    "config_yaml_escape": Text(
        "a backslash in double quotes begins an escape, and this one does not exist.",
        "Write the text in single quotes, where a backslash is itself: '\\d'.",
    ),
    "config_yaml_colon": Text(
        'a second ":" in a text without quotes, or a line that is indented too far.',
        "Quote the text, or indent the line like the one above.",
    ),
    "config_yaml_open_quote": Text(
        "the quote or bracket opened here is never closed.",
        "Close it; a quote inside a text in single quotes is written twice.",
    ),
    "config_yaml_bracket": Text(
        'the bracket opened here is not closed, or a "," is missing in it.',
        "Close it, separate the entries by commas, and quote texts that hold brackets, commas or quotes.",
    ),
    "config_yaml_no_colon": Text(
        'a key without ":".', "Write key: value, or quote and indent a text of several lines."
    ),
    "config_yaml_after_quote": Text(
        "the text goes on after its closing quote.",
        "Put it all between the quotes; a single quote inside single quotes is written twice.",
    ),
    "config_yaml_indentation": Text(
        "this line is neither beside nor inside what stands above it.", "Indent it like its neighbours, with spaces."
    ),
    "config_yaml_tab": Text("a tab where YAML wants spaces.", "Indent with spaces."),
    "config_yaml_start": Text('a text without quotes cannot begin with "{character}".', "Quote it."),
    "config_yaml_character": Text("the file holds the control character {code}.", "Delete it."),
    "config_yaml_broken": Text("this is not YAML: {problem}."),
    # keys and values (specs/mistakes.py)
    "config_unknown_key": Text('unknown key "{name}".', "Known keys: {known}."),
    "config_unknown_key_near": Text('unknown key "{name}"; did you mean "{near}"?'),
    "config_missing_key": Text('the key "{name}" is missing.', "Add it."),
    "config_unknown_value": Text('"{name}" is not known here.', "Known: {known}."),
    "config_unknown_value_near": Text('"{name}" is not known here; did you mean "{near}"?', "Known: {known}."),
    "config_expected_text": Text(
        "{value} stands where a text is expected.", "Write one text, in quotes if it holds brackets."
    ),
    "config_expected_list": Text(
        "{value} stands where a list is expected.", "Write [a, b], or one entry a line after a hyphen."
    ),
    "config_expected_mapping": Text(
        "{value} stands where keys are expected.", "Write key: value, one a line, indented."
    ),
    "config_expected_integer": Text("{value} is not a whole number.", "Write digits only, e.g. 20."),
    "config_expected_number": Text("{value} is not a number.", "Write digits with a decimal point, e.g. 19.99."),
    "config_expected_boolean": Text("{value} is neither true nor false.", "Write true or false."),
    "config_no_value": Text("the key has no value.", 'Write one, or remove the key; an empty text is "".'),
    "config_at_least": Text("{value} is less than {limit}.", "Write {limit} or more."),
    "config_at_most": Text("{value} is more than {limit}.", "Write {limit} or less."),
    "config_above": Text("{value} is not above {limit}.", "Write more than {limit}."),
    "config_below": Text("{value} is not below {limit}.", "Write less than {limit}."),
    "config_too_few": Text("too few entries.", "Write at least {limit}."),
    "config_too_many": Text("too many entries.", "Write at most {limit}."),
    "config_decimals": Text("{value} has more than {limit} digits after the point.", "Round it."),
    "config_blank": Text("the text is empty.", "Write one, or remove the key."),
    "config_pattern": Text("{value} does not fit.", "Expected: {wanted}"),
    "config_other": Text("{problem}."),
    # presets and shapes (specs/presets.py, specs/shape.py)
    "shape_where_equals": Text(
        "`where` and `equals` belong together.",
        "Say the key of the objects in `where` and the column it is compared with in `equals`.",
    ),
    "shape_unknown_column": Text(
        'the step "{step}" reads the column "{column}", which is not there.',
        "Check the spelling, or put the step behind the one that makes the column. There are: {known}.",
    ),
    "shape_late_column": Text(
        'the step "{step}" reads the column "{column}", which is known only when all rows are read.',
        "Put the step in front of the one that makes the column, or let it read another column.",
    ),
    "preset_asks": Text(
        'the preset "{preset}" needs it for: {fields}.',
        "Write {name} under catalog, or give these fields a mapping of your own under catalog.fields.",
    ),
    "preset_other_file": Text(
        'this is not the export that the preset "{preset}" knows; it lacks: {columns}.',
        "Export all columns, choose another preset, or map the columns by hand. The file has: {known}.",
    ),
    "shape_one_key": Text("a step has exactly one key.", "Write one of: {known}."),
    "shape_fill_down": Text("fill_down has either group or starts.", "Keep one of them."),
    "shape_drop": Text("drop has either missing or filled.", "Keep one of them."),
    # feedsync.yaml (specs/project.py, specs/load.py)
    "config_source_origin": Text("a source has exactly one of path, url and frame.", "Keep one of them."),
    "config_source_query": Text("url and query go together.", "Write both; query_file names a file in place of query."),
    "config_field_from_template": Text("a field has from or template, not both.", "Keep one of them."),
    "config_field_true_false": Text("true and false go together.", "Write the texts of both."),
    "config_no_file": Text("there is no such file."),
    "config_no_project": Text(
        'no feedsync.yaml in "{folder}".',
        "Go to the project's folder, or start one: feedsync init FILE, or feedsync demo.",
    ),
    # between the parts of a project (specs/consistency.py)
    "config_feed_name": Text(
        "a feed's name also names files.", "Write small letters, digits and _, and begin with a letter."
    ),
    "config_unknown_market": Text('no market "{name}" under markets.', "There are: {known}."),
    "config_unknown_market_near": Text('no market "{name}" under markets; did you mean "{near}"?'),
    "config_no_market": Text(
        "the feed names no market, and the project has not exactly one.",
        "Add market: a name under markets, or {{country: ES, language: es, currency: EUR}}.",
    ),
    "config_unknown_table": Text('no table "{name}" under tables.', "There are: {known}."),
    "config_unknown_table_near": Text('no table "{name}" under tables; did you mean "{near}"?'),
    "config_rows_needed": Text(
        "{channel} takes one entry per row of a table.", "Add rows: the name of a table under tables."
    ),
    "config_channel_attribute": Text('{channel} has no attribute "{name}".', "It has: {known}."),
    "config_channel_attribute_near": Text('{channel} has no attribute "{name}"; did you mean "{near}"?'),
    "config_unknown_format": Text('{channel} has no format "{name}".', "It has: {known}."),
    "config_unknown_format_near": Text('{channel} has no format "{name}"; did you mean "{near}"?', "It has: {known}."),
    "config_unknown_setting": Text('{channel} asks for no setting "{name}".', "It asks for: {known}."),
    "config_unknown_setting_near": Text('{channel} asks for no setting "{name}"; did you mean "{near}"?'),
    "config_setting_needed": Text('{channel} needs the setting "{setting}".', "Add it under settings of the feed."),
    "config_default_attribute": Text('no channel of the feeds has an attribute "{name}".', "They have: {known}."),
    "config_default_attribute_near": Text('no channel of the feeds has an attribute "{name}"; did you mean "{near}"?'),
    "config_unknown_code": Text('no rule has the code "{name}".', "There are: {known}."),
    "config_unknown_code_near": Text('no rule has the code "{name}"; did you mean "{near}"?'),
    "config_off_needs": Text(
        "a rule is switched off with a reason and an end.", 'Write {{severity: "off", reason: why, until: 2027-01-31}}.'
    ),
    "config_not_a_day": Text('"{value}" is not a day.', "Write year-month-day, e.g. 2027-01-31."),
    "config_timezone": Text('"{name}" is no time zone.', "Write a name of the IANA list, e.g. Europe/Madrid."),
    "config_source_name": Text(
        '"{name}" is already the name of the source at {first}.', "Name one of them differently."
    ),
    # channel specs (specs/channel.py)
    "spec_group_fields": Text("a group needs fields, and only a group has them.", "Add fields, or write another type."),
    "spec_list_of": Text('only a list has "of".', "Write type: list, or remove of."),
    "spec_enum_one_of": Text("an enum needs one_of.", "List its values."),
    "spec_no_number_between": Text("no number fits: {low} leaves nothing up to maximum.", "Swap or correct them."),
    "spec_pattern": Text(
        '"{pattern}" is no pattern: {reason}.',
        "Write a regular expression without look-around, back-references and large repeat counts; in single quotes a "
        "backslash is itself.",
    ),
    "spec_unverified": Text("unverified names no key of an attribute: {names}.", "Name keys such as max_characters."),
    "config_yaml_top_list": Text("the file is not a list at its top.", 'Begin each entry with "- ".'),
    "config_unknown_attribute": Text('no attribute "{name}".', "The channel has: {known}."),
    "config_unknown_attribute_near": Text('no attribute "{name}"; did you mean "{near}"?'),
    "config_unknown_channel": Text('there is no channel "{name}".', "There are: {known}."),
    "config_unknown_channel_near": Text('there is no channel "{name}"; did you mean "{near}"?', "There are: {known}."),
    "config_unknown_version": Text('{name} has no version "{version}".', "It has: {known}."),
    "spec_extends_itself": Text(
        "a channel cannot extend itself: {chain}.", "Name a channel or version that does not lead back here."
    ),
    "spec_no_file": Text("there is no {file} beside this file.", "Write it, or extend a channel that has one."),
    # linting a channel (specs/lint.py, specs/lint_attributes.py)
    "lint_no_id": Text('there is no attribute "id".', "Add one; it names the item."),
    "lint_snake_case": Text(
        "names are written in snake_case.",
        "Write small letters, digits and _, and name the vendor's own spelling by header.",
    ),
    "lint_no_docs": Text("docs is missing.", "Name the vendor's page that states this."),
    "lint_no_checked": Text("checked is missing.", "Write the day on which docs was read, e.g. 2026-11-21."),
    "lint_does_not_apply": Text("means nothing to type {type}.", "It belongs to {types}."),
    "lint_value_twice": Text('"{value}" is listed twice.', "Remove one."),
    "lint_spelled_alike": Text(
        'spelled "{spelled}", as is {first}; a file that is read back cannot tell them apart.',
        "Spell them differently, or say so in a comment and drop one.",
    ),
    "lint_header_twice": Text(
        'the column "{header}" is already that of {first}.', "Name one of them differently by header."
    ),
    "lint_unknown_part": Text('"{name}" is no part of such a value.', "Parts: {known}."),
    "lint_unknown_part_near": Text('"{name}" is no part of such a value; did you mean "{near}"?', "Parts: {known}."),
    "lint_required_twice": Text("the attribute is required in any case.", "Remove required_when or required."),
    "lint_required_without_mapping": Text(
        "required, and the default mapping leaves it empty.", "Map it from a standard field if there is one."
    ),
    "lint_no_engine_words": Text(
        "engine_words is missing.", "List the words that tell this channel in code, e.g. its name and its hosts."
    ),
    "lint_no_english": Text("the English text is missing.", "Add en."),
    "lint_unverified_error": Text(
        "an error that is not verified would block products by a guess.", "Verify it, or write severity: warning."
    ),
    "lint_suffix_twice": Text(
        "the format {first} writes files of the same name.", "Give one of them another suffix, e.g. atom.xml."
    ),
    "lint_escape": Text("the first character of escape is the backslash itself.", "Write escape: ['\\', ',', ':']."),
    "lint_unknown_prefix": Text('no namespace has the prefix "{name}".', "There are: {known}."),
    "lint_unknown_prefix_near": Text('no namespace has the prefix "{name}"; did you mean "{near}"?'),
    "lint_spelling_form": Text("the form does not name its parts.", "Use {known}; a plain brace is doubled."),
    "lint_moment_form": Text(
        "letters that stand for no part of it.",
        "Use those of strftime: %Y %m %d, and for a moment also %H %M %S %z; a plain percent sign is doubled.",
    ),
    "lint_same_words": Text("true and false are spelled alike.", "Spell them differently."),
    "lint_below_money": Text("{other} is no money to compare with.", "Name a money attribute."),
    "lint_case_twice": Text('"{name}" is also the name of the case at {first}.', "Name one of them differently."),
    "lint_case_expects_nothing": Text(
        "the case expects neither an item nor findings.", "Add item, or the findings that block it."
    ),
    # running a channel's cases (run/cases.py)
    "case_value": Text(
        '"{name}" expects {expected} and gives {actual}.', "Correct the case, the mapping or the rules."
    ),
    "case_findings": Text(
        '"{name}" expects the findings {expected} and gives {actual}.', "Correct the case, the mapping or the rules."
    ),
    "case_blocked": Text(
        '"{name}" expects an item, and the product is blocked by {actual}.',
        "Correct the case, the mapping or the rules; or remove item and list the findings.",
    ),
    "case_not_blocked": Text(
        '"{name}" expects that the product is blocked, and it gives {actual}.',
        "Write that as item, or correct the product or the rules.",
    ),
    "case_nothing": Text("nothing"),
    "case_cannot_run": Text('"{name}" cannot run: {reason}'),
}
