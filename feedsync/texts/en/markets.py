"""English texts: markets, translations, rates and targets."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # feeds of several markets (specs/expansion.py, specs/market.py)
    "config_market_and_markets": Text("a feed has market or markets, not both.", "Keep one of them."),
    "config_all_of_none": Text("there are no markets to make feeds for.", "Add them under markets at the top level."),
    "config_market_twice": Text('the market "{name}" is already in this list.', "Remove one of them."),
    "config_market_name": Text(
        "a market that makes feeds is part of their names, which also name files.",
        "Write small letters, digits and _.",
    ),
    "config_feed_twice": Text(
        'the feed of this market would be named "{name}", as is the one at {first}.',
        "Rename one of the two, or take the market out of the list.",
    ),
    "config_market_value": Text(
        '"{name}" cannot be read as market.{name}.', "Write letters, digits and _, and begin with a letter."
    ),
    "config_market_value_taken": Text('"{name}" is a key of the market itself.', "Name the value differently."),
    "several_feeds": Text('"{name}" makes several feeds.', "Name one of them: {known}."),
    "setting_not_constant": Text(
        "a setting is known before the first product: it may read market.* and constants only.",
        "Write a text, or a template such as {{{{ market.country }}}} that gives one.",
    ),
    # translations (specs/consistency.py, run/translations.py)
    "config_translated_language": Text(
        "fields are translated, and the language of the plain ones is not known.", "Add catalog.language, e.g. es."
    ),
    "translated_unknown": Text('the catalog has no field "{name}"{meant}', "It has: {known}."),
    "translated_no_column": Text(
        'the catalog has no field "{name}", and the feed {feed} is for a market in that language.',
        "Add the column or the field, take the market out, or take {field} out of catalog.translated.",
    ),
    "translated_type": Text(
        '"{name}" is {met} and "{field}" is {wanted}; a translation has the type of the field.',
        "Give {name} the type of {field} under catalog.fields.",
    ),
    "translation_missing": Text("no translation ({name})"),
    # rates (specs/market.py, run/rates.py)
    "rates_origin": Text("rates have either a path or values.", "Keep one of them."),
    "rates_date_needed": Text("the day of the rates is missing.", "Add date, e.g. date: 2026-11-20."),
    "rates_name_taken": Text('"rates" is the name of the exchange rates.', "Name this lookup differently."),
    "rates_currency": Text('"{value}" is no currency.', "Write three capital letters (ISO 4217), e.g. PLN."),
    "rates_rate": Text(
        'the rate "{value}" of {currency} is no number above zero.',
        "Write digits with a decimal point, at most 8 behind it, e.g. 4.2415.",
    ),
    "rates_base": Text("one {currency} is worth {value} {currency}.", "Write 1, or remove it."),
    "rates_twice": Text("{currency} has two rates.", "Keep one of them."),
    "rates_file_date": Text(
        "the file has no day of its rates.", "Add date under rates, or a column date with days such as 2026-11-20."
    ),
    "rates_two_dates": Text("the file has rates of {first} and of {other}.", "Keep those of one day."),
    "rates_old": Text(
        "the exchange rates are of {date}, {days} days before {as_of}.",
        "Take newer ones, or raise rates.max_age_days ({limit}).",
    ),
    "rates_ahead": Text("the exchange rates are of {date}, which is after {as_of}.", "Correct rates.date."),
    "rates_step": Text("exchange rate of {date}"),
    "rates_worth": Text("1 {base} = {rate} {currency}"),
    "function_no_rate": Text(
        "{step}: there is no exchange rate of {currency}.", "Add it to rates; there are: {known}."
    ),
    # targets (specs/laid_over.py)
    "unknown_target": Text('there is no target "{name}"{meant}', "There are: {known}."),
    "config_target_keys": Text("a target holds keys of this file.", "Write them indented below its name."),
    "config_target_key": Text('a target has no key "{name}".', "Remove it; it belongs to the whole file."),
    # rules that say nothing any more (run/stale.py)
    "rule_over": Text(
        "the rule for {code} ended on {until}, and {code} has its own level again.", "Remove it, or write a later day."
    ),
    "rule_unused": Text("no product meets {code}, so that this rule changes nothing.", "Remove it."),
}
