"""English texts: Python of the user's own."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # loading (plugins/load.py, functions.py, hooks.py)
    "own_no_file": Text('there is no file "{file}".', "Write its path relative to feedsync.yaml, or make it."),
    "own_syntax": Text("Python cannot read the file: {message}.", "Correct this line or the one above it."),
    "own_import": Text(
        'the module "{name}" is not installed.',
        "Install it into the environment that feedsync runs in, or leave it out.",
    ),
    "own_load": Text("loading the file failed: {type}: {message}.", "Run the file with Python alone, and correct it."),
    "own_no_functions": Text(
        'no function in "{file}" is declared.', 'Write @feedsync.function(takes="text", returns="text") above it.'
    ),
    "own_no_function": Text('"{file}" has no function "{name}"{meant}', "Write module:function."),
    "own_built_in": Text('"{name}" is a function of feedsync.', "Choose another name: @feedsync.function(name=...)."),
    "own_twice": Text('"{name}" is declared at {first} too.', "Rename one of them."),
    # declaring (plugins/declare.py)
    "own_on": Text('on="{on}" is not known.', 'Write on="polars", on="pandas" or on="expression".'),
    "own_name": Text('"{name}" is no name that a template can say.', "Use letters, digits and _."),
    "own_star": Text("* and ** say nothing of what the function takes.", "Name each parameter."),
    "own_takes_count": Text(
        "takes names {takes}, and the function has {parameters} positional parameters.",
        "Name one type for each column, in order; values that a template says are keyword-only (after *).",
    ),
    "own_type": Text('there is no type "{type}"{meant}', "Write one of: {known}."),
    "own_constant": Text(
        "the keyword-only parameter {parameter} has no type.", "Annotate it with str, int, Decimal or bool."
    ),
    # running
    "own_failed": Text("{type}: {message}{where}.", "Mend the code. A row for which there is no value may get None."),
    "own_at_product": Text(", at product {key} ({place})"),
    "own_at_row": Text(", at {place}"),
    "own_in_attribute": Text(", in {name}, {place}"),
    "own_in_place": Text(", in the template at {place}"),
    "own_gives": Text("it gave {gives}, and {wanted} is wanted{where}.", "Return the column itself."),
    "own_length": Text(
        "it got {got} rows and gave {gives}{where}.", "Give one value per row; None where there is none."
    ),
    "own_order": Text(
        "it gave the rows in another order or under another index{where}.", "Keep the index of what came in."
    ),
    "own_value": Text(
        '"{value}" ({met}) is no {kind}{where}.', "Give what returns= declares, or declare what is given."
    ),
    "own_value_digits": Text(
        '"{value}" ({met}) has more digits than a {kind} has{where}.',
        "Round it to what is meant; at most 15 digits stand before the point and 8 after it.",
    ),
    "own_value_shape": Text("what it gave is no {kind}{where}.", "Give what returns= declares."),
    # hooks
    "own_hook_unknown": Text('the catalog has no field "{name}"{meant}', "The fields are: {known}."),
    "own_hook_there": Text('adds: the field "{name}" is there already.', "Name it under changes, or choose another."),
    "own_hook_key": Text('changes: "{name}" is the key, and rows are known by it.', "Add a field instead."),
    "own_hook_gives": Text(
        "it gave {gives}, and a pandas or Polars DataFrame is wanted{where}.", "End it with: return frame."
    ),
    "own_hook_undeclared": Text(
        'it added the field "{field}", which is not declared{meant}',
        "Name it with its type under adds, or do not return it.",
    ),
    "own_hook_lacks": Text('it did not add the field "{field}"{where}.', "Return the field, or remove it from adds."),
    "own_hook_changed": Text(
        'it changed the field "{field}" to "{value}"{where}.', "Name the field under changes; the key never changes."
    ),
    "own_hook_no_row": Text("it gave a frame without _row{where}.", "Keep the column _row: rows are known by it."),
    "own_hook_columns_twice": Text("it gave a frame with a column twice{where}.", "Give each column once."),
    "own_hook_rows": Text(
        "it got {got} rows and gave {gives}{where}.", "Keep every row; leave products out with select or exclude."
    ),
    "own_hook_order": Text("it gave the rows in another order{where}.", "Keep their order: sort by _row at the end."),
    "own_field": Text(
        'field "{field}": "{value}" ({met}) is no {kind}{where}.', "Give values of the field's type, or None."
    ),
    "own_field_digits": Text(
        'field "{field}": "{value}" ({met}) has more digits than a {kind} has{where}.',
        "Round it to what is meant; at most 15 digits stand before the point and 8 after it.",
    ),
    "own_field_shape": Text('field "{field}": what it gave is no {kind}{where}.', "Give values of the field's type."),
    "own_hook_call": Text('"{call}" does not name a function.', "Write module:function, e.g. my_module:enrich."),
    # without plug-ins
    "own_off_function": Text(
        'no function "{name}" is built in, and --no-plugins keeps {files} from being loaded.',
        "Leave --no-plugins out where you trust the project's Python, or name feeds that do without it.",
    ),
    "own_off_hook": Text(
        "--no-plugins keeps this hook from running, and it fills {fields}.",
        "Leave --no-plugins out where you trust the project's Python, or name feeds that read none of these fields.",
    ),
    "own_off_hook_any": Text(
        "--no-plugins keeps this hook from running, and it may change {fields}.",
        "Leave --no-plugins out where you trust the project's Python, or say under changes which fields it changes.",
    ),
}
