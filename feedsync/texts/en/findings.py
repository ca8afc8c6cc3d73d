"""English texts: findings.

`FSnnn` says what was met and how to mend it, `FSnnn.title` is the code's short name, `FSnnn.why` why it matters.
Every text may use {attribute} and what was met in the first product, as {value} or {quoted}, besides the parameters
that `feedsync.findings.CODES` names. A finding that a channel's own rule made says the rule's own text instead.
"""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # catalog
    "FS101": Text(
        "several rows have this key: {value}; none of them is sent",
        "Give each row its own key, or set catalog.on_repeated_key to first or last.",
    ),
    "FS101.title": Text("The same key in several rows"),
    "FS101.why": Text("Nothing says which of the rows is the product, and a guess could sell it at the wrong price."),
    "FS102": Text("the row has no key", "Fill {attribute}, or exclude such rows with a reason."),
    "FS102.title": Text("A row without a key"),
    "FS102.why": Text("Channels and later runs know a product by its key alone."),
    "FS103": Text(
        "{quoted} does not read as {type}",
        "Correct the cell, or tell the field how it is written (decimal_mark, type: money, format, missing), or exclude "
        "such products with a reason.",
    ),
    "FS103.title": Text("A value that does not read as its field's type"),
    "FS103.why": Text("A price or date that is guessed from a broken cell is worse than none."),
    "FS104": Text(
        "rows of {source} belong to no product, the first to {quoted}",
        "Correct the key in {source}, or remove the rows.",
    ),
    "FS104.title": Text("Joined rows without a product"),
    "FS104.why": Text("What they say (stock, prices) reaches no product; often the keys are written differently."),
    "FS105": Text("{source} knows nothing of these products", "Add their rows to {source} where they are wanted."),
    "FS105.title": Text("Products that a joined source does not know"),
    "FS105.why": Text("The fields from that source are empty for them."),
    "FS106": Text("no row is the parent {quoted}", "Correct {attribute}, or add the parent's row."),
    "FS106.title": Text("A variant whose parent is not there"),
    "FS106.why": Text("What the variant should take from its parent stays empty."),
    "FS107": Text(
        "the catalog has no product {quoted}", "Correct {attribute} in the table, or add the product to the catalog."
    ),
    "FS107.title": Text("A table's row without a product"),
    "FS107.why": Text("The entry would say something of a product that the channel does not get."),
    # mapping
    "FS201": Text("{quoted} is not {type}", "Correct the value, or turn it into {type} in the mapping of {attribute}."),
    "FS201.title": Text("A value that does not fit the attribute"),
    "FS201.why": Text("The channel expects another kind of value there and would reject the product or misread it."),
    "FS202": Text(
        "{step} finds nothing for {quoted}", "Add the value to the lookup's table, or write default= in the lookup."
    ),
    "FS202.title": Text("A lookup that finds nothing"),
    "FS202.why": Text("The attribute stays empty, although the catalog says something."),
    "FS203": Text(
        "{field} is empty; sent as {quoted}",
        "Fill {field}, or say in the mapping what an empty one means: {field} is missing.",
    ),
    "FS203.title": Text("A condition that reads an empty field"),
    "FS203.why": Text("An empty field makes the condition false, which may not be what is meant."),
    "FS204": Text(
        "{step} gives nothing for {quoted}",
        "Correct the value, or give the mapping of {attribute} another way for such values.",
    ),
    "FS204.title": Text("A step that gives nothing"),
    "FS204.why": Text("The catalog says something, and the mapping loses it."),
    "FS205": Text(
        "division by zero, or a number that is too large, in {step} ({quoted})",
        "Correct the number, or ask for zero before the division.",
    ),
    "FS205.title": Text("Division by zero, or a number out of bounds"),
    "FS205.why": Text("There is no right result, and a wrong price is worse than none."),
    "FS206": Text(
        "{step} would make more than {limit} bytes of {quoted}",
        "Cut the text before that step, e.g. | truncate_words(5000), or look for a replacement that puts in again "
        "what it replaces.",
    ),
    "FS206.title": Text("A step that makes a text too long"),
    "FS206.why": Text("No channel takes such a text, and a few such steps in a row fill any memory."),
    # item
    "FS301": Text("required, and empty", "Fill what the mapping of {attribute} reads, or map it to something else."),
    "FS301.title": Text("A required attribute is empty"),
    "FS301.why": Text("The channel refuses a product without it."),
    "FS302": Text("longer than {limit} {unit}", "Shorten it in the catalog, or cut it in the mapping, e.g. | {cut}."),
    "FS302.title": Text("A text that is too long"),
    "FS302.why": Text("The channel refuses the product, or cuts the text wherever it likes."),
    "FS303": Text(
        "{quoted} is not an allowed value",
        "Allowed: {known}. Translate the catalog's words in the mapping, e.g. | lookup.",
    ),
    "FS303.title": Text("Not one of the allowed values"),
    "FS303.why": Text("The channel knows a closed list of values and refuses every other."),
    "FS304": Text(
        "{quoted} has a wrong check digit",
        "Correct the values that fill {attribute}, or write on_invalid: drop to send the products without it.",
    ),
    "FS304.title": Text("GTIN check digit wrong"),
    "FS304.why": Text("A wrong number ties your product to someone else's, or to none."),
    "FS305": Text(
        "{quoted} is not an address that begins with http:// or https://",
        "Write the whole address; | with_base completes a path.",
    ),
    "address_blank": Text(
        "{quoted} has a blank in it, and web addresses have none",
        "Write it as %20 in the catalog, or let the mapping of {attribute} do it: | url_encode.",
    ),
    "FS305.title": Text("Not a web address"),
    "FS305.why": Text("Shoppers, and the channel that fetches the page or image, cannot open it."),
    "FS306": Text("{quoted} does not have the form {pattern}", "Correct the value, or reshape it in the mapping."),
    "FS306.title": Text("A value of another form than the channel wants"),
    "FS306.why": Text("The channel reads the value by its form and refuses others."),
    "FS307": Text(
        "{quoted} is no GTIN: those have 8, 12, 13 or 14 digits",
        "Correct the number (as text, so that a spreadsheet keeps its zeros), or send the products without it: "
        "{attribute} with value: ... and on_invalid: drop, under the feed's attributes.",
    ),
    "FS307.title": Text("Not a GTIN"),
    "FS307.why": Text("Something else stands in place of the number: an internal code, a number cut by a spreadsheet."),
    "FS308": Text(
        "{quoted} is a number for internal use or for coupons",
        "Use the maker's GTIN, or send the products without it: {attribute} with value: ... and on_invalid: drop, under the "
        "feed's attributes.",
    ),
    "FS308.title": Text("A restricted GTIN"),
    "FS308.why": Text("Shops give such numbers themselves, so that they mean different things to different shops."),
    "FS309": Text("{value} is not above {limit}", "Write a price, or exclude such products with a reason."),
    "FS309.title": Text("A price that is not above zero"),
    "FS309.why": Text("The channel would offer the product for nothing, or refuse it."),
    "FS310": Text(
        "{value} is not below {regular}",
        "Correct one of the two prices, or leave {attribute} out where it is no offer.",
    ),
    "FS310.title": Text("An offer that is not below the price"),
    "FS310.why": Text("The channel takes no offer that costs as much as before, or more."),
    "FS311": Text("ends before it begins: {value}", "Exchange or correct the two dates."),
    "FS311.title": Text("A time that ends before it begins"),
    "FS311.why": Text("The offer would never be shown."),
    "FS312": Text("neither a GTIN nor an MPN with its brand", "Fill the GTIN; where there is none, brand and MPN."),
    "FS312.title": Text("Nothing identifies the product"),
    "FS312.why": Text("The channel cannot tell which product it is and shows it less, or not at all."),
    "FS313": Text("{value} entries, and the channel takes {limit}", "Keep the best {limit}, e.g. | limit({limit})."),
    "FS313.title": Text("More entries than the channel takes"),
    "FS313.why": Text("The channel refuses the product, or drops entries wherever it likes."),
    "FS314": Text("{value} is outside {range}", "Correct the number, or its unit."),
    "FS314.title": Text("A number outside its range"),
    "FS314.why": Text("Such a number is usually a slip or another unit, and the channel refuses it."),
    "FS315": Text(
        "{value} is not in {currency}",
        "Map a price in {currency}, e.g. | convert, or sell in a market of its currency.",
    ),
    "FS315.title": Text("Money in another currency than the market's"),
    "FS315.why": Text("The channel would refuse the price, or show the figure in the wrong currency."),
    "FS316": Text("{rule}", "{advice}"),
    "FS316.title": Text("A rule of the channel is broken"),
    "FS316.why": Text("The channel refuses a product whose attributes contradict each other."),
    "FS317": Text("{rule}", "{advice}"),
    "FS317.title": Text("A rule that the channel advises"),
    "FS317.why": Text("The channel takes the product, but ignores a part of it or shows it less."),
    "FS318": Text(
        "{quoted} is no category of {title}, edition {edition}{meant}",
        "Find one with feedsync taxonomy search, and write its id or its full path. A newer edition may have it.",
    ),
    "FS318.title": Text("A category that the taxonomy does not have"),
    "FS318.why": Text(
        "The channel sorts the product itself, and shows it to the wrong shoppers or asks for the wrong facts."
    ),
    "FS341": Text("longer than the {limit} characters that the channel shows", "Put what matters most at the front."),
    "FS341.title": Text("Longer than the channel shows"),
    "FS341.why": Text("Shoppers see only the beginning."),
    "FS342": Text("several colours in one value: {quoted}", "Write them as azul/blanco, the main one first."),
    "FS342.title": Text("Several colours written in one value"),
    "FS342.why": Text("The channel reads them as one colour that nobody looks for."),
    # feed
    "FS401": Text(
        "several products have the id {quoted}; none of them is sent", "Map {attribute} so that each has its own."
    ),
    "FS401.title": Text("The same id twice"),
    "FS401.why": Text("The channel would keep one of them, and nobody knows which."),
    "FS402": Text(
        "variants of one group do not differ in {by}; groups: {groups}, the first {quoted}",
        "Fill the attribute in which they differ, or give them different groups.",
    ),
    "FS402.title": Text("Variants that do not differ"),
    "FS402.why": Text("Shoppers cannot choose between them, and the channel may show only one."),
    # guards
    "FS501": Text("the feed had {before} products and has none left", "Look at what excludes or blocks them."),
    "FS501.title": Text("empty_source"),
    "FS501.why": Text("An empty file would take every product off the channel."),
    "FS503": Text("{now} {what} now, {before} last time; at most {limit} % less may be", "Is the source whole?"),
    "FS503.title": Text("shrink"),
    "FS503.why": Text("A source that lost many rows at once is more often cut short than true."),
    "FS509": Text(
        "{blocked} of {read} products are blocked, {before} were last time (limit {limit} %)", "See feedsync check."
    ),
    "FS509.title": Text("max_errors"),
    "FS509.why": Text("Many blocked products at once point to a broken source or mapping, not to bad products."),
}
