"""Records that hold a list of rows: products with their variants become one row per variant."""

from __future__ import annotations

from feedsync.sources.records import Pairs


def rows_of(record: object, name: str | None) -> list[object]:
    """One record per entry of the list under `name`, its keys behind `NAME.`, with the record's own keys beside them.

    A record whose list is empty or not there stays one row, so that none is lost in silence. Anything else that is no
    record with such a list comes back as it is.

    {"a": 1, "v": [{"b": 2}, {"b": 3}]}, "v" -> {"a": 1, "v.b": 2}, {"a": 1, "v.b": 3}
    """
    if name is None or not isinstance(record, Pairs):
        return [record]
    found = [value for key, value in record if key == name]
    if len(found) != 1 or not (found[0] is None or isinstance(found[0], list)):
        return [record]
    shared = tuple(pair for pair in record if pair[0] != name)
    rows: list[object] = [
        Pairs((*shared, *((f"{name}.{key}", value) for key, value in entry))) if isinstance(entry, Pairs) else entry
        for entry in found[0] or ()
    ]
    return rows or [Pairs(shared)]
