"""Functions that need all selected rows of a feed; the compiler records them and the mapping computes them first."""

from __future__ import annotations

from typing import NoReturn

from feedsync.expressions.registry import Call, Example, Function, Param
from feedsync.semantics import INTEGER


def _recorded(call: Call) -> NoReturn:
    raise AssertionError(f"{call.step} is computed before the batches")


FUNCTIONS: dict[str, Function] = {
    "collect_group": Function(
        "collect_group",
        _recorded,
        takes=("text", "integer", "decimal"),
        params=(Param("group", "any"),),
        whole_feed=True,
        summary="The different values of a field over all products of a group, in the catalog's order.",
        examples=(Example("{{ size | collect_group(parent_sku) }}", {"size": "S", "parent_sku": "P-77"}, '["S"]'),),
    ),
    "rank": Function(
        "rank",
        _recorded,
        takes=("integer", "decimal"),
        returns=INTEGER,
        params=(Param("first", "text", "highest", literal=True),),
        whole_feed=True,
        summary="The place of a number among all products of the feed: 1 is the highest, or with 'lowest' the lowest.",
        examples=(Example("{{ 'bestseller' if clicks | rank <= 100 }}", {"clicks": "12"}, "bestseller"),),
    ),
}
