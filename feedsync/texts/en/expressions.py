"""English texts: expressions."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # a value meets its attribute's type (canonical.py)
    "template_border": Text("this gives {met}, and {wanted} is wanted.", "Write a template that gives {wanted}."),
    "template_border_money": Text(
        "this gives {met}, and money is wanted.", "Say in which currency: | money(market.currency)."
    ),
    "template_border_integer": Text(
        "this gives decimal, and integer is wanted.", "Say how it is rounded: | round, | floor or | ceil."
    ),
    "template_border_list": Text("this gives {met}, and {wanted} is wanted.", "Join it: | join(', ')."),
    "template_border_text": Text("this gives {met}, and {wanted} is wanted.", "Print it as text: | string."),
    "template_border_literal": Text('the text "{value}" does not read as {wanted}.', "Write it in its canonical form."),
    # limits (parse.py)
    "template_long": Text("the template is longer than {limit} KiB.", "Move its tables into lookups."),
    "template_nodes": Text("the template has more than {limit} parts.", "Split it over fields with a template."),
    "template_deep": Text("nested deeper than {limit} levels.", "Write fewer brackets, or split the template."),
    "template_large": Text("the template computes too much in one step.", "Split it over fields with a template."),
    "template_long_text": Text("a text longer than {limit} KiB.", "Put it into a lookup."),
    "template_number": Text('"{number}" is no plain number.', "Write it out in digits, with a point: 1200.5."),
    "template_number_digits": Text(
        "{number} has too many digits.", "A number has up to {before} digits before the point and {after} after it."
    ),
    # what the lexer refuses
    "template_comment": Text(
        'a comment or raw block that begins with "{{#" or "{{% raw" is never closed.', "Close it."
    ),
    "template_open_quote": Text("the text opened here with {quote} is never closed.", "Close it with {quote}."),
    "template_open_bracket": Text('the "{bracket}" opened here is never closed.', "Close it."),
    "template_open_braces": Text('"{begin}" is not closed by "{end}".', 'Write "{end}" at its end.'),
    "template_extra_bracket": Text('a "{bracket}" that nothing has opened.', "Remove it, or open it before."),
    "template_curly_quotes": Text("{quote} is a typographic quote.", "Write straight quotes: ' or \"."),
    "template_and": Text('"{character}" is not used here.', 'Write "and" between conditions, "~" between texts.'),
    "template_ternary": Text('"?" does not choose.', "Write: a if condition else b."),
    "template_not": Text('"!" does not negate.', 'Write "not".'),
    "template_character": Text('"{character}" means nothing here.', "Put texts between quotes."),
    "template_name_characters": Text('"{name}" is no name that can stand alone.', "Write field('{name}')."),
    # usual mistakes (mistakes.py)
    "template_single_brace": Text('"{text}" begins with one brace.', 'Write two: "{{{{ ... }}}}".'),
    "template_nested_braces": Text('"{{{{" inside "{{{{" or "{{%".', "Write the name alone, without braces."),
    "template_missing_endif": Text("this if is never closed.", "Write {{% endif %}} after it."),
    "template_without_if": Text('"{name}" without an if before it.', "Open it: {{% if condition %}}."),
    "template_elif": Text("a further condition is written elif.", "Write {{% elif condition %}}."),
    "template_endif": Text("an if is closed by endif.", "Write {{% endif %}}."),
    "template_statement": Text(
        '"{name}" is not part of the mapping language.', "Use functions such as join_present, lookup or select."
    ),
    "template_block_word": Text(
        '"{name}" is no statement.', "There are if, elif, else, endif and set: {{% {near} %}}."
    ),
    "template_or": Text('"||" does not mean or.', 'Write "or".'),
    "template_unequal": Text('"<>" does not compare.', 'Write "!=".'),
    "template_order_operator": Text('"{wrong}" does not compare.', 'Write "{right}".'),
    "template_triple_equals": Text('"{wrong}" does not compare.', 'Write "{right}".'),
    "template_single_equals": Text('"=" does not compare;', 'write "==": {left} == {right}'),
    "template_half_comparison": Text(
        '"{word} {operator}" compares nothing.', "Name the field again: price > 10 and price < 20."
    ),
    "template_doubled_quote": Text(
        "a doubled quote ends the text and begins another.", "Write \\{quote} inside it, or use the other quotes."
    ),
    "template_two_texts": Text("two texts side by side.", 'Join them with "~".'),
    "template_leading_zero": Text(
        "{number} begins with a zero.", "A number has none; a text needs quotes: '{number}'."
    ),
    "template_number_word": Text('"{word}" is neither number nor name.', "A text needs quotes: '{word}'."),
    "template_point": Text(".{number} begins with its point.", "Write 0.{number}."),
    "template_if_function": Text("{name}(...) is a spreadsheet's.", "Write: a if condition else b."),
    "template_semicolon": Text('";" separates nothing here.', 'Separate arguments with ",".'),
    "template_keyword_case": Text('"{word}" is written small.', 'Write "{right}".'),
    "template_filter_argument": Text("arguments stand in parentheses.", "Write {call}."),
    "template_name_space": Text('"{name}" has a blank in it.', "Write field('{name}')."),
    # what Jinja's parser refuses
    "template_syntax": Text('"{token}" cannot stand here.', "Look for a missing operator, comma or quote before it."),
    "template_syntax_missing": Text('something is missing before "{token}".', "Complete the expression."),
    "template_syntax_end": Text("the template ends too early.", "Complete the expression and close it."),
    # constructs that do not exist
    "template_construct": Text('"{construct}" is not part of the mapping language.', "Remove it."),
    "template_tuple": Text("a comma separates two values here.", "Write a list in brackets: [a, b]."),
    "template_comma": Text('"{written}" is two values;', "write decimals with a point: {right}"),
    "template_dict": Text("a table can only be an argument.", "Write value_map({{'a': 'b'}})."),
    "template_subscript": Text(
        "[...] after a value takes no part of it.",
        "Of a list use | first, | nth(2), | skip(1) or | limit(10); of a row field('...').",
    ),
    "template_call": Text('"{name}(...)" is no call; there is only field(...).', "Functions follow a bar: x | {name}."),
    "template_attribute_access": Text(
        '".{name}" takes a part of something that has none.', "Parts exist of market, feed and item: market.country."
    ),
    "template_power": Text("powers are not supported.", "Multiply instead."),
    "template_condition": Text(
        "a condition is one {{{{ }}}} and nothing else.", 'Write for example: "{{{{ stock > 0 }}}}".'
    ),
    "template_set_target": Text("set takes one name.", "Write {{% set name = value %}}."),
    "template_block_set": Text("set needs a value.", "Write {{% set name = value %}}."),
    "template_set_hides": Text('"{name}" exists already and would be hidden.', "Choose another name."),
    # names
    "template_unknown_field": Text('unknown field "{name}".', "Look at the header of the catalog."),
    "template_unknown_field_near": Text('unknown field "{name}";', 'did you mean "{near}"?'),
    "template_unknown_attribute": Text('unknown attribute "{name}".', "Look at the channel's attributes."),
    "template_unknown_attribute_near": Text('unknown attribute "{name}";', 'did you mean "{near}"?'),
    "template_unknown_part": Text('"{space}" has no "{name}".', "Look at its definition."),
    "template_unknown_part_near": Text('"{space}" has no "{name}";', 'did you mean "{space}.{near}"?'),
    "template_constant": Text('"{name}" is unknown here.', 'Write "{right}".'),
    "template_space_alone": Text('"{name}" has parts and is no value.', "Name one: {name}.{names}."),
    "template_field_arguments": Text("field takes one name.", "Write field('Name of the column')."),
    "template_field_unknown": Text(
        "the name of a field must be known before the first row.", "Build it of texts, market.* and feed.*."
    ),
    "template_defined": Text('"is defined" asks for a name.', 'For a value ask "is not missing".'),
    # types
    "template_two_types": Text("one way gives {first}, the other {second}.", "Make both the same type."),
    "template_or_types": Text("or joins {left} and {right}.", "Compare the other side too, or use default(...)."),
    "template_and_values": Text("and joins {left} and {right}.", "Write: a if condition; and joins conditions."),
    "template_list_types": Text("a list of {first} and {second}.", "Make them one type, for example with | string."),
    "template_nested_list": Text("a {met} inside a list.", "Lists hold single values."),
    "template_print_list": Text("a {met} cannot be printed as text.", "Join it: | join(', ')."),
    "template_add_text": Text('"{sign}" joins {met} and {other}; texts are not added.', 'Join them with "~".'),
    "template_money_arithmetic": Text(
        '"{sign}" takes numbers, and this is money.', "Calculate with | amount, and make money of it afterwards."
    ),
    "template_date_arithmetic": Text('"{sign}" takes numbers, and this is {met}.', "Use | add_days(n)."),
    "template_arithmetic": Text(
        '"{sign}" takes numbers, and this is {met}.', "Make it a number, for example in the field's type."
    ),
    "template_compare_types": Text('"{sign}" compares {left} with {right}.', "Make both the same type."),
    "template_compare_money": Text('"{sign}" compares {left} with {right}.', "Compare the number: | amount."),
    "template_compare_quotes": Text(
        '"{sign}" compares {left} with {right}.', "Compare with a text: '{number}', or give the field a number's type."
    ),
    "template_compare_date": Text('"{text}" is no {wanted}.', "Write it as 2026-12-24."),
    "template_unordered": Text('"{sign}" does not compare values of type {met}.', "Compare a part of it."),
    "template_in_types": Text(
        "{left} cannot be in {right}.", "Look for a text in a text, or for an element of a list."
    ),
    # functions
    "template_unknown_filter": Text('unknown function "{name}".', "See the list of functions."),
    "template_unknown_filter_near": Text('unknown function "{name}";', 'did you mean "{near}"?'),
    "template_filter_instead": Text('"{name}" is not part of the mapping language.', "Use {instead}."),
    "template_unknown_test": Text('unknown test "is {name}".', 'There are "is missing", "is defined" and others.'),
    "template_unknown_test_near": Text('unknown test "is {name}";', 'did you mean "is {near}"?'),
    "template_test_instead": Text('"is {name}" is not part of the mapping language.', "Write: is {instead}."),
    "template_input": Text("{name} takes {takes}, and this is {met}.", "Apply it to another value."),
    "template_input_money": Text("{name} takes numbers, and this is money.", "Take its number first: | amount."),
    "template_input_number": Text(
        "{name} takes a number, and this is {met}.", "Read it first: | parse_decimal, or give the field a type."
    ),
    "template_input_text": Text("{name} takes text, and this is {met}.", "Print it first: | string."),
    "template_arguments": Text("{name} has too many arguments.", "It takes: {takes}."),
    "template_arguments_none": Text('"{name}" takes no arguments.', "Remove them."),
    "template_argument_missing": Text('{name} needs the argument "{argument}".', "Write it in the parentheses."),
    "template_argument_unknown": Text('{name} has no argument "{argument}".', "Remove it."),
    "template_argument_unknown_near": Text('{name} has no argument "{argument}";', 'did you mean "{near}"?'),
    "template_argument_twice": Text('{name} gets "{argument}" twice.', "Write it once."),
    "template_argument_star": Text("{name} takes no starred arguments.", "Write them out."),
    "template_argument_literal": Text(
        '"{argument}" of {name} must be known before the first row.', "Write it out, or use market.* or feed.*."
    ),
    "template_argument_type": Text('"{argument}" of {name} is {wanted}, and this is {met}.', "Give it {wanted}."),
    "template_table_twice": Text('the key "{key}" stands twice in the table.', "Remove one."),
    "template_table_literal": Text("the table of {name} must be known before the first row.", "Write its name."),
    "template_table_constant": Text('"{text}" is no constant.', "A table holds texts and numbers."),
    "template_unknown_table": Text('unknown lookup "{name}".', "Define it under lookups."),
    "template_unknown_table_near": Text('unknown lookup "{name}";', 'did you mean "{near}"?'),
    "template_whole_feed": Text("{name} needs all rows of a feed, and there are none here.", "Use it in attributes."),
    "template_whole_feed_item": Text("{name} reads fields, and item.* is not one.", "Name the fields themselves."),
    # functions
    "function_bad_regex": Text(
        '{step}: the pattern "{pattern}" is no regular expression: {reason}.',
        "Patterns are Rust's, without look-ahead and look-behind; a sign meant as itself has a backslash before it.",
    ),
    "function_backslash_group": Text(
        '{step}: the replacement "{written}" has a group written with a backslash.', "Write $1 for the first group."
    ),
    "function_no_group": Text(
        "{step}: group {group} is asked for, and the pattern has {groups}.",
        "Put what you want into round brackets, or name another group; a dollar is written $$.",
    ),
    "function_empty_text": Text("{step}: {name} is empty.", "Write the text that is looked for."),
    "function_empty_list": Text("{step}: {name} is an empty list.", "Write at least one text."),
    "function_number_range": Text(
        "{step}: {name} is {value}, and it lies between {minimum} and {maximum}.", "Write a number between them."
    ),
    "function_one_character": Text("{step}: {name} is not one character.", "Write one, such as '0'."),
    "function_one_key": Text(
        "{step}: the table {table} has several keys, or an empty one.", "Use a table with one key per row."
    ),
    "function_table_keys": Text(
        "{step}: the table {table} has {wanted} keys, and {given} are given.",
        "Give the input for the first key and one argument for each further one.",
    ),
    "function_choice": Text('{step}: {name} is "{value}".', "Write one of {known}."),
    "function_argument_missing": Text("{step}: {name} is not given.", "Write it between the brackets."),
    "function_two_types": Text(
        "{step}: the values are {first} and {second}.", "Make them one type, for example with | string."
    ),
    "function_text_of_list": Text("{step}: a list has no text.", "Join it: | join(', ')."),
    "function_list_of_numbers": Text("{step}: this is a {met}.", "Give it a list of numbers, such as [price, 24.90]."),
    "function_list_of_texts": Text("{step}: the entries are no texts.", "Give it a list of texts."),
    "function_sort_order": Text("{step}: an order sorts a list of texts.", "List the texts: order=['S', 'M', 'L']."),
    "function_first_of": Text(
        "{step}: this is one value and nothing else.", "Write [a, b] | first_of, or a | first_of(b)."
    ),
    "function_bounds": Text("{step}: the bounds do not rise.", "Write numbers from low to high: [0, 50, 100]."),
    "function_currency": Text('{step}: "{value}" is no currency.', "Write its ISO 4217 code, such as EUR."),
    "function_rate": Text(
        '{step}: the table {table} is no table of rates ("{currency}" has "{value}").',
        "Give each currency the value of one of it in the wanted currency, above 0 and with a point: EUR: 1.08.",
    ),
    "function_yes_and_no": Text('{step}: "{value}" is in both lists.', "Leave it in one of them."),
    "function_date_format": Text(
        '{step}: "{value}" is no date format.',
        "Write it with yyyy or yy, mm, dd, hh and ss, for example dd.mm.yyyy hh:mm.",
    ),
    "function_zone": Text('{step}: there is no time zone "{value}".', "Write one such as Europe/Madrid."),
    "function_no_date": Text("{step}: this is {met}, and a date or moment is wanted.", "Read it: | parse_date."),
    "function_window": Text("{step}: an interval has its own end.", "Give the interval alone, or a start and an end."),
    "function_base_url": Text('{step}: "{url}" is no base.', "Write a whole address, such as https://shop.example/."),
    "function_utm_empty": Text("{step}: no parameter is given.", "Write at least one: utm(source='google')."),
    "function_tag_names": Text('{step}: "{name}" is no name of a tag.', "List names: ['b', 'ul', 'li']."),
    "function_json_path": Text('{step}: "{path}" is no path.', "Write it as $.dims.w or $.images[0]['src']."),
}
