"""Everything that is settled about the first project, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from feedsync.catalog.shape import known_headers
from feedsync.run.profile import Column, Profile
from feedsync.run.profile.column import NUMBERS
from feedsync.run.starting.columns import MONEY, Chosen, Columns, Kept
from feedsync.run.starting.form import Form
from feedsync.run.starting.words import MarketFacts
from feedsync.specs.channel import ChannelSpec
from feedsync.specs.presets import LoadedPreset


@dataclass
class PlannedFeed:
    """A feed to be written."""

    name: str
    channel_name: str
    version: str
    channel: ChannelSpec
    settings: dict[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """What goes into feedsync.yaml."""

    form: Form
    preset: LoadedPreset | None
    columns: Columns
    market: MarketFacts
    feeds: list[PlannedFeed]
    shop_url: str | None = None
    image_url: str | None = None
    with_tax: bool = True
    in_stock: bool = False
    """Whether everything in the file is in stock, where no column says so."""
    live: bool = False
    mark: str | None = None
    """The decimal mark of the prices; None where they have no decimals and no groups, or are numbers."""
    prices: list[Column] = field(default_factory=list)
    """The columns that prices come from."""
    doubtful: Column | None = None
    """A column of prices that read two ways, where no other price says which."""
    variants: bool = False
    """Whether the parent column names rows of the file."""

    def take(self, name: str, chosen: Chosen) -> None:
        """Fill a field from a column; what it filled before stays unfilled."""
        for other, one in list(self.columns.chosen.items()):
            if one.column.name == chosen.column.name and other != name:
                del self.columns.chosen[other]
        before = self.columns.chosen.get(name)
        self.columns.chosen[name] = chosen
        self.columns.kept = [one for one in self.columns.kept if one.column.name != chosen.column.name]
        if before is not None and before.column.name != chosen.column.name:
            self.columns.kept.append(Kept(before.column))

    def read_prices(self, found: Profile) -> None:
        """Which columns hold prices, and what their decimals say; whether parents are rows."""
        names = MONEY if self.preset is None else self.preset.spec.local_decimals
        for name in names:
            column = self.columns.column(name) if self.preset is None else self._of_preset(name, found)
            if column is not None and column.of(*NUMBERS):
                self.prices.append(column)
        marks = [one.mark for one in self.prices if one.mark]
        self.mark = max(marks, key=marks.count) if marks else None
        if self.mark is None:
            self.doubtful = next((one for one in self.prices if one.of("two_ways")), None)
        if self.preset is None:
            parent, key = self.columns.column("parent_sku"), self.columns.column("sku")
            self.variants = bool(parent and key and parent.distinct.shared(key.distinct) * 2 >= parent.distinct.count)
        else:
            self.prices = [one for one in (self._of_preset("price", found),) if one is not None] or self.prices

    @property
    def sold_at(self) -> list[Column]:
        """The columns of prices that shoppers pay."""
        cost = self.columns.column("cost")
        return [one for one in self.prices if one is not cost]

    @property
    def looks_net(self) -> int | None:
        """The percentage of tax with which the prices would end as prices for shoppers do; None: they do already."""
        return next((one.taxless for one in self.sold_at if one.taxless is not None), None)

    def mark_of(self, column: Column) -> str | None:
        """The decimal mark to write for a column of numbers; None where nothing in it needs one."""
        if not column.of("comma", "point", "comma_three", "point_three", "comma_groups", "point_groups", "two_ways"):
            return None
        return column.mark or self.mark or self.market.mark

    def _of_preset(self, name: str, found: Profile) -> Column | None:
        """The column that fills a preset's field as it is."""
        assert self.preset is not None
        one = self.preset.spec.fields.get(name)
        header = (one.from_ or name) if one is not None and one.template is None else None
        if one is not None and header is None and f"{name}_now" in self.preset.spec.fields:
            header = self.preset.spec.fields[f"{name}_now"].from_
        aliases = known_headers(list(found.columns), self.preset.spec.headers)
        known = {aliases.get(column, column): column for column in found.columns}
        return found.columns.get(known.get(str(header), "")) if header is not None else None
