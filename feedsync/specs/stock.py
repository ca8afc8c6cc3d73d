"""What a feed may say about the units it offers, and which policies cannot stand side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Discriminator, Field, Tag

from feedsync.specs.model import Model, Texts, text_or_mapping

OF_CATALOG: Final = "stock"
OF_TABLE: Final = "quantity"
Units = Annotated[int, Field(ge=0, le=1_000_000_000)]


class StockPolicy(Model):
    """How many of the units on hand a feed offers; all in whole units."""

    of: Texts = ()
    """The fields that hold the units, one per warehouse; stock otherwise (quantity for a feed with `rows`)."""
    buffer: Units = 0
    """So many units on hand are never offered."""
    reserve: Units = 0
    """So many units are kept for this feed; no other feed with a policy offers them."""
    percent: int | None = Field(default=None, ge=0, le=100)
    """Of what is left when every feed's reserve is taken: the feed's share, rounded down."""
    cap: Units | None = None
    """At most so many are offered."""
    minimum: Units = 0
    """Fewer than this are offered as 0."""

    @property
    def takes(self) -> bool:
        """The feed has units of its own; otherwise it shows what the others leave."""
        return self.percent is not None or self.reserve > 0


StockChoice = Annotated[
    Annotated[StockPolicy, Tag("mapping")] | Annotated[Literal["whole"], Tag("text")],
    Discriminator(text_or_mapping),
]
"""A policy, or `whole`: the stock as it is, whatever `defaults` says."""


def effective(shared: StockPolicy | None, own: StockPolicy | str | None, *, of_table: bool) -> StockPolicy | None:
    """The policy that counts for a feed, with its fields: its own keys over those of `defaults`.

    None: the feed shows the whole stock. `defaults` speaks of the catalog's fields, so not to feeds over a table.
    """
    if isinstance(own, str) or (own is None and (shared is None or of_table)):
        return None
    said = {} if shared is None or of_table else shared.model_dump(exclude_unset=True)
    said |= {} if own is None else own.model_dump(exclude_unset=True)
    policy = StockPolicy.model_validate(said)
    return policy.model_copy(update={"of": policy.of or (OF_TABLE if of_table else OF_CATALOG,)})


def overdrawn(policies: Mapping[str, StockPolicy]) -> dict[str, tuple[list[str], int]]:
    """Field -> the feeds whose percents of it add up to more than 100, and the sum. All feeds are over the same rows."""
    found: dict[str, tuple[list[str], int]] = {}
    for field in dict.fromkeys(name for policy in policies.values() for name in policy.of):
        shares = {feed: policy.percent for feed, policy in policies.items() if field in policy.of and policy.percent}
        if sum(shares.values()) > 100:
            found[field] = (list(shares), sum(shares.values()))
    return found
