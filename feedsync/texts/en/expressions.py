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
}
