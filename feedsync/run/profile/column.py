"""One column: how many of its cells have which form, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from feedsync.run.profile.distinct import Distinct
from feedsync.run.profile.forms import RATES, endings, forms

SAMPLES: Final = 3
VALUES: Final = 60  # different values up to which they are all kept
LENGTH: Final = 80  # characters of a value that is kept
MOSTLY: Final = 95  # percent of the cells that make a column what it is
Kind = Literal[
    "empty", "gtin", "url", "urls", "boolean", "integer", "decimal", "money", "date", "choice", "html", "text"
]
NUMBERS: Final = (
    "integer", "comma", "point", "comma_three", "point_three", "comma_groups", "point_groups", "two_ways",
)  # fmt: skip


@dataclass
class Column:
    """What was met in a column so far."""

    name: str
    filled: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    """Form (see `forms`) -> cells of it."""
    shown: dict[str, str] = field(default_factory=dict)
    """Form -> the first cell of it."""
    distinct: Distinct = field(default_factory=Distinct)
    samples: list[str] = field(default_factory=list)
    """The first different values."""
    values: dict[str, int] | None = field(default_factory=dict)
    """Value -> cells, in the order they were met; None where there are too many or too long ones."""

    def add(self, cells: pl.Series) -> None:
        """A block's cells; nulls are empty cells."""
        counted = cells.drop_nulls().to_frame("value").group_by("value", maintain_order=True).len("count")
        if counted.is_empty():
            return
        values, count = counted["value"], counted["count"]
        self.filled += int(count.sum())
        self.distinct.add(values)
        self._keep(values, count)
        met = counted.select(forms("value"))
        self._count(met, values, count)
        numeric = sum(int((met[form] * count).sum()) for form in NUMBERS)
        if numeric * 2 > int(count.sum()):
            self._count(counted.select(endings("value", self.mark or ".")), values, count)

    def of(self, *names: str) -> int:
        """Cells that have one of these forms."""
        return sum(self.forms.get(name, 0) for name in names)

    def mostly(self, *names: str, percent: int = MOSTLY) -> bool:
        """Whether nearly all filled cells have one of these forms."""
        return self.filled > 0 and self.of(*names) * 100 >= self.filled * percent

    @property
    def mark(self) -> Literal[".", ","] | None:
        """The decimal mark that most numbers speak for; None where they speak for none."""
        comma, point = self.of("comma", "comma_three", "point_groups"), self.of("point", "point_three", "comma_groups")
        return None if comma == point else "," if comma > point else "."

    @property
    def mixed(self) -> int:
        """Cells with the other decimal mark than most."""
        return min(self.of("comma", "comma_three", "point_groups"), self.of("point", "point_three", "comma_groups"))

    @property
    def repeated(self) -> int:
        """Cells whose value stands in an earlier cell, too; 0 where that is not known exactly."""
        return self.filled - self.distinct.count if self.distinct.exact else 0

    @property
    def taxless(self) -> int | None:
        """The percentage with which the prices end like prices for shoppers, where as they stand they do not."""
        numbers = self.of(*NUMBERS)
        if not numbers or self.of("comma", "point") * 2 < numbers or self.of("ends") * 100 > numbers * 40:
            return None
        best = max(RATES, key=lambda rate: (self.of(f"ends_{rate}"), -rate))
        return best if self.of(f"ends_{best}") * 100 >= numbers * 70 else None

    def _keep(self, values: pl.Series, count: pl.Series) -> None:
        for value in values.head(SAMPLES).to_list():
            if len(self.samples) < SAMPLES and value not in self.samples:
                self.samples.append(value)
        if self.values is None:
            return
        if len(values) > VALUES or int(values.str.len_chars().max() or 0) > LENGTH:  # type: ignore[arg-type]  # max() of a column of numbers is one
            self.values = None
            return
        for value, cells in zip(values.to_list(), count.to_list(), strict=True):
            self.values[value] = self.values.get(value, 0) + cells
        if len(self.values) > VALUES:
            self.values = None

    def _count(self, met: pl.DataFrame, values: pl.Series, count: pl.Series) -> None:
        for form in met.columns:
            cells = int((met[form] * count).sum())
            if cells:
                self.forms[form] = self.forms.get(form, 0) + cells
                if form not in self.shown:
                    self.shown[form] = str(values.filter(met[form])[0])


def kind_of(column: Column) -> Kind:
    """The type that nearly all of its cells read as."""
    if not column.filled:
        return "empty"
    if column.mostly("urls_comma", "urls_pipe", "urls_semicolon", "urls_blank", percent=5) and column.mostly(
        "url", "urls_blank"
    ):
        return "urls"
    if column.mostly("url"):
        return "url"
    if column.mostly("digits", "spreadsheet", percent=80) and column.of("gtin") * 2 >= column.of("digits"):
        return "gtin"
    if column.distinct.exact and column.distinct.count <= 2 and column.mostly("boolean"):
        return "boolean"
    if column.mostly("currency"):
        return "money"
    if column.mostly("integer"):
        return "integer"
    if column.mostly(*NUMBERS):
        return "decimal"
    if column.mostly("iso_date", "other_date"):
        return "date"
    if column.of("html") * 5 >= column.filled:
        return "html"
    if column.distinct.exact and column.distinct.count <= 20 and column.distinct.count * 5 <= column.filled:
        return "choice"
    return "text"
