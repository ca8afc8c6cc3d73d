"""Stock policies: mistakes in them, and the steps of a count as explain shows them."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "stock_percent": Text(
        "the percents of {field} add up to {total} ({feeds}).", "Lower them until they add up to 100 or less."
    ),
    "stock_field": Text(
        'no field "{name}" holds units here{meant}', "Name the fields that hold the units in of: {known}."
    ),
    "stock_field_type": Text(
        "{name} is of type {type}, and units are whole numbers.", "Declare it: fields: {{{name}: {{type: integer}}}}."
    ),
    "stock_field_twice": Text("{name} is named twice.", "Name each field once: its units are counted once."),
    "stock_on_hand": Text("on hand: {fields}"),
    "stock_reserved": Text("less the reserves of {feeds}"),
    "stock_allocated": Text("less the units of {feeds}"),
    "stock_buffer": Text("less the buffer of {units}"),
    "stock_percent_of": Text("{percent} % of it, rounded down"),
    "stock_reserve": Text("plus its reserve of {units}"),
    "stock_cap": Text("at most {units}"),
    "stock_minimum": Text("0 where fewer than {units}"),
    "stock_availability": Text("out_of_stock where nothing is offered"),
}
