"""Steps that bring the rows of an export into one row per product, before its columns become fields.

Presets are made of them; a source of a project may have its own under `shape`. A text is compared without regard to
case and to blanks around it. Where a step makes a list in one cell, its entries stand on lines of their own.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from feedsync.specs.model import Mark, Model, Texts, Word, mistake


class FillDown(Model):
    """A product's rows follow each other, and only the first says what they share."""

    group: Word | None = None
    """The column that is equal in rows of one product."""
    starts: Word | None = None
    """Instead of `group`: the column that is filled where a product begins."""
    columns: Texts
    """What is filled down inside a product, where a row has no value of its own."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.group is None) == (self.starts is None):
            raise mistake("shape_fill_down")
        return self


class Drop(Model):
    """Rows that are no products."""

    missing: Texts = ()
    """A row in which none of these columns has a value is left out."""
    filled: Texts = ()
    """Instead of `missing`: a row in which one of these columns has a value is left out."""
    reason: Word
    """The words under which they are counted."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.missing) == bool(self.filled):
            raise mistake("shape_drop")
        return self


class Gather(Model):
    """The values of a column in all rows of a product, as a list in each of them."""

    column: Word
    """Whose values are gathered, each once."""
    group: Word
    """The column that is equal in rows of one product."""
    order: Word | None = None
    """A column of numbers that orders them; the order of the rows otherwise."""
    into: Word
    """The name of the new column."""


class Pairs(Model):
    """Names in one column, values in another: `Attribute 1 name`, `Attribute 1 value(s)`."""

    names: Word
    """The column of names; `{n}` stands for 1, 2, 3, ... as far as there are columns."""
    values: Word
    """The column of values."""
    separator: Mark | None = None
    """Where one cell holds several names, and the other their values in the same order."""
    code: Mark | None = None
    """What stands behind this in a name or a value is no part of it: `size:shoe-size`."""
    into: dict[str, Texts] = Field(min_length=1)
    """New column -> the names it is taken from; the first that is there counts."""


class Entries(Model):
    """`color=Red,size=L` in one cell."""

    column: Word
    """The cell's column."""
    between: Mark
    """Between one entry and the next."""
    within: Mark
    """Between an entry's name and its value; a value may hold `between`, but not with a name behind it."""
    into: dict[str, Texts] = Field(min_length=1)
    """New column -> the names it is taken from; the first that is there counts."""


class SplitLists(Model):
    """Lists in one cell, one entry a line from here on."""

    columns: Texts
    """The cells' columns."""
    separator: Mark
    """Between the entries."""
    escape: Mark | None = None
    """Before a separator that belongs to an entry."""


class Unescape(Model):
    """Escapes of the export turned back into what they stand for."""

    columns: Texts
    """The cells' columns."""
    texts: dict[str, str] = Field(min_length=1)
    """Escape -> the text it stands for."""


class Values(Model):
    """Words of the export in place of others: a shop's own words for yes, in stock, and so on."""

    columns: Texts
    """The cells' columns."""
    texts: dict[str, str] = Field(min_length=1)
    """What the whole cell says -> what it shall say; an empty text makes it missing."""


class Refer(Model):
    """A cell that names another row by something else than its key: `id:44`."""

    column: Word
    """The cell's column."""
    prefix: str = ""
    """Only cells that begin so; all of them otherwise."""
    to: Word
    """The column of the other row that holds what stands behind the prefix."""
    take: Word
    """The other row's column whose value replaces the cell; a cell that no row answers to stays."""
    into: Word | None = None
    """A new column for the result; the cell's own column otherwise."""


class Children(Model):
    """A parent's row lists its children: `sku=A-1,size=S|sku=A-2,size=M`."""

    column: Word
    """The list's column."""
    key: Word
    """The column that names a row; the parent's value is what the children get."""
    between: Mark
    """Between one child and the next."""
    within: Mark | None = None
    """Between the parts of one child's entry, of which one is `name=key`; an entry is a key alone otherwise."""
    name: Word | None = None
    """The name of the part that holds the child's key."""
    take: Word | None = None
    """The column of the listing row whose value its children get; its `key` otherwise."""
    into: Word
    """The new column: what this row gets of the row that lists it."""


class JsonList(Model):
    """One value of each object in a JSON list."""

    column: Word
    """The column that holds the list."""
    path: Word
    """The key in each object, e.g. src."""
    order: Word | None = None
    """A key of numbers that orders the objects; their order in the list otherwise."""
    nth: int | None = Field(default=None, ge=1)
    """Only the object at this place, from 1; all of them otherwise."""
    where: Word | None = None
    """Only objects whose value under this key is the row's value in the column `equals`."""
    equals: Word | None = None
    """The column that belongs to `where`."""
    into: Word
    """The new column."""

    @model_validator(mode="after")
    def _where_equals(self) -> Self:
        if (self.where is None) != (self.equals is None):
            raise mistake("shape_where_equals")
        return self


class Without(Model):
    """A list without one of its entries: the further images of a product beside its main one."""

    column: Word
    """The list, one entry a line."""
    entry: Word
    """The column whose value is taken out of the list; the list's first entry is, where that has no value."""
    into: Word
    """The new column."""


class Unit(Model):
    """A unit that stands in the header, written behind the value: `Weight (kg)`."""

    column: Word
    """The column; `{unit}` stands for what differs between files."""
    into: Word
    """The new column: `0.5 kg`."""


class Step(Model):
    """One step; exactly one key."""

    fill_down: FillDown | None = None
    """A product's rows follow each other, and only the first says what they share: the others get it, too."""
    drop: Drop | None = None
    """Rows that are no products are left out, and counted."""
    gather: Gather | None = None
    """The values of a column in all rows of a product become a list in each of them."""
    pairs: Pairs | None = None
    """Names in one column and values in another become columns."""
    entries: Entries | None = None
    """`color=Red,size=L` in one cell becomes columns."""
    split: SplitLists | None = None
    """A list in one cell gets one entry a line."""
    unescape: Unescape | None = None
    """Escapes of the export become what they stand for."""
    values: Values | None = None
    """Words of the export are replaced by others."""
    refer: Refer | None = None
    """A cell that names another row, such as `id:44`, gets that row's value."""
    children: Children | None = None
    """A parent's row lists its children: they get its value."""
    json_list: JsonList | None = None
    """One value of each object in a JSON list."""
    without: Without | None = None
    """A list loses one of its entries."""
    unit: Unit | None = None
    """A unit that stands in the header is written behind the values."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise mistake("shape_one_key", known=", ".join(type(self).model_fields))
        return self

    @property
    def name(self) -> str:
        """What the step is called, e.g. fill_down."""
        (name,) = self.model_fields_set
        return name

    @property
    def what(self) -> Model:
        """The step itself."""
        step: Model = getattr(self, self.name)
        return step
