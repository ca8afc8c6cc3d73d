"""Fields that were declared and that nothing reads, because a standard field's name was meant."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.errors import nearest
from feedsync.run.results import Note
from feedsync.run.row_set import RowSet
from feedsync.specs.yaml import Written

ALIKE: Final = 0.8  # prise and price; a field of the merchant's own that no feed reads is nobody's business


def misspelt_fields(catalog: RowSet, document: Written) -> Iterator[Note]:
    """A hint for each entry of catalog.fields that nothing reads and that is spelled nearly as a standard field is.

    Not where the catalog has that standard field besides. The catalog must have been read for all feeds.
    """
    for name, field in catalog.plan.fields.items():
        path = ("catalog", "fields", name)
        near = nearest(name, STANDARD_FIELDS)
        if name in catalog.reader.wanted or not near or near in catalog.plan.fields or not document.has(path):
            continue
        if SequenceMatcher(None, name.casefold(), near).ratio() >= ALIKE:
            params = {"field": name, "near": near}
            yield Note("hint", "field_misspelt", field.place, params)
