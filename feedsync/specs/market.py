"""Markets, and the rates between their currencies."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from feedsync.specs.channel import Market
from feedsync.specs.model import Currency, Mark, Model, Word, is_day, mistake

MissingTranslation = Literal["block", "fallback", "drop"]


class MarketSpec(Market):
    """The market a feed is for, with values of your own."""

    values: dict[str, str] = Field(default_factory=dict)
    """Read in templates as market.NAME, e.g. the shop's address or a seller's number in that country."""

    @model_validator(mode="after")
    def _own_names(self) -> Self:
        for name in self.values:
            if not name.isidentifier():
                raise mistake("config_market_value", at="values", name=name)
            if name in Market.model_fields:
                raise mistake("config_market_value_taken", at="values", name=name)
        return self


class RatesSpec(Model):
    """Exchange rates of one day."""

    base: Currency
    """The currency of which one unit is worth RATE units of each other one."""
    values: dict[str, str] = Field(default_factory=dict)
    """Currency -> rate, e.g. PLN: 4.2415."""
    path: Word | None = None
    """Instead of `values`: a delimited text file with the columns currency and rate, and perhaps date."""
    date: Word | None = None
    """The day of the rates, ISO 8601; needed where the file has no column `date`."""
    max_age_days: Annotated[int, Field(ge=0, le=36_500)] = 7
    """From how many days on their age is a warning."""
    delimiter: Mark | None = None
    """Between the columns; otherwise whichever of comma, semicolon, tab and | makes them of the header."""
    encoding: Word | None = None
    """A Python codec name; by default the byte order mark, else strict UTF-8."""

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.path is None) != bool(self.values):
            raise mistake("rates_origin")
        if self.date is None and self.path is None:
            raise mistake("rates_date_needed")
        if self.date is not None and not is_day(self.date):
            raise mistake("config_not_a_day", at="date", value=self.date)
        return self
