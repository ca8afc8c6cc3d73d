"""Product taxonomies: searching them, and how a feed's categories stand in them."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    "help.taxonomy": Text("Find categories of a product taxonomy, and see which of them a feed has."),
    "help.taxonomy.search": Text("Find categories by words, in the taxonomy's own language."),
    "help.taxonomy.coverage": Text("Count a feed's products by category: known ones, unknown ones, none."),
    "help.taxonomy_words": Text("Words of the category, such as running shoes."),
    "help.taxonomy_name": Text("The taxonomy; needed where there are several."),
    "help.taxonomy_limit": Text("How many lines at most."),
    "config_unknown_taxonomy": Text('there is no taxonomy "{name}".', "There are: {known}."),
    "config_unknown_taxonomy_near": Text('there is no taxonomy "{name}"; did you mean "{near}"?'),
    "lint_taxonomy_text": Text("taxonomy belongs to an attribute of type text.", "Leave it out."),
    "taxonomy_unknown": Text('there is no taxonomy "{name}"{meant}', "There are: {known}."),
    "taxonomy_which": Text("there are several taxonomies: {known}.", "Name one with --taxonomy."),
    "taxonomy_nothing": Text(
        'no category of {title} has a word of "{words}"{meant}', "Search with words of its language."
    ),
    "taxonomy_no_feed": Text("none of these feeds has an attribute with a taxonomy.", "Name another feed."),
    "taxonomy_some_words": Text("No category has every word; these have most of them."),
    "taxonomy_more": Text("{count} more; --limit shows them."),
    "taxonomy_edition": Text("{title}, edition {edition}"),
    "taxonomy_feed": Text(
        "{feed} {attribute}: {products}, {known} with a known category, {unknown} with another, {none} without"
    ),
    "taxonomy_unknown_head": Text("not in the taxonomy"),
    "taxonomy_nearest": Text("{value}   nearest: {near}"),
}
