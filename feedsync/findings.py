"""The finding catalogue: one entry per code, complete or not at all.

Codes follow the flow: FS1xx catalog, FS2xx mapping, FS3xx item, FS4xx feed, FS5xx guards, FS6xx the channel's answer.
A code is never renumbered or reused. The texts of a code are `feedsync.texts` entries: `FS302` (what was met and how
to fix it, with named parameters), `FS302.title`, `FS302.why`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("error", "warning", "hint")


@dataclass(frozen=True)
class Code:
    """A finding's entry: its severity unless the project's `rules` say otherwise, and the parameters of its text."""

    code: str
    severity: str
    params: tuple[str, ...] = ()


CODES: Final[dict[str, Code]] = {
    entry.code: entry
    for entry in (
        # catalog
        Code("FS101", "error"),  # the same key in two rows
        Code("FS102", "error"),  # no key
        Code("FS103", "error", ("type",)),  # a value does not read as the field's type
        Code("FS104", "warning", ("source",)),  # rows of a joined source match no product
        Code("FS105", "hint", ("source",)),  # products that a joined source does not know
        Code("FS106", "warning"),  # a variant names a parent that is not there
        Code("FS107", "error"),  # a table's row names a product that is not in the catalog
        # mapping
        Code("FS201", "error", ("type",)),  # the value does not fit the attribute's type
        Code("FS202", "warning", ("step",)),  # a lookup finds nothing
        Code("FS203", "hint", ("field",)),  # a condition reads a field that is empty
        Code("FS204", "error", ("step",)),  # a step has an input and no output
        Code("FS205", "error", ("step",)),  # division by zero or a number out of bounds
        Code("FS206", "error", ("step", "limit")),  # a step would make a text that is too long
        # item
        Code("FS301", "error"),  # required attribute empty
        Code("FS302", "error", ("limit", "unit", "cut")),  # text too long
        Code("FS303", "error", ("known",)),  # not one of the allowed values
        Code("FS304", "error"),  # GTIN check digit wrong
        Code("FS305", "error"),  # not a URL of http or https
        Code("FS306", "error", ("pattern",)),  # does not match the pattern
        Code("FS307", "error"),  # a GTIN of the wrong length or with other characters
        Code("FS308", "error"),  # restricted or coupon GTIN prefix
        Code("FS309", "error", ("limit",)),  # price not above zero
        Code("FS310", "error", ("regular",)),  # sale price not below the price
        Code("FS311", "error"),  # interval ends before it starts
        Code("FS312", "warning"),  # neither GTIN nor MPN
        Code("FS313", "error", ("limit",)),  # more entries than the channel takes
        Code("FS314", "error", ("range",)),  # number outside its range
        Code("FS315", "error", ("currency",)),  # another currency than the market's
        Code("FS316", "error", ("rule", "advice")),  # a rule of the channel between attributes is broken
        Code("FS317", "warning", ("rule", "advice")),  # the same, as the channel only advises
        Code(
            "FS318", "warning", ("taxonomy", "title", "edition", "meant")
        ),  # a category that its taxonomy does not have
        Code("FS341", "hint", ("limit",)),  # longer than the channel shows
        Code("FS342", "hint"),  # several colours written in one value
        # feed
        Code("FS401", "error"),  # the same id twice
        Code("FS402", "warning", ("by", "groups")),  # variants of a group do not differ
        # guards
        Code("FS501", "error", ("before",)),  # empty_source
        Code("FS503", "error", ("what", "before", "now", "limit")),  # shrink
        Code("FS509", "error", ("blocked", "read", "before", "limit")),  # max_errors
    )
}
