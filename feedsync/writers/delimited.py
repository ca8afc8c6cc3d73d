"""CSV and TSV: one row per item. Polars quotes the cells (measured equal to RFC 4180 for every delimiter we use)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Literal

import polars as pl

from feedsync.errors import SpecError, raise_all
from feedsync.specs.channel import Attribute
from feedsync.specs.formats import DelimitedFormat
from feedsync.writers.base import Setup
from feedsync.writers.escape import printable
from feedsync.writers.spelling import entry_limits, spell_part, spell_scalar

_TEXTUAL = ("text", "url", "gtin", "enum")


class DelimitedWriter:
    """Writes a header and one row per item; control characters but tab and line ends are left out of cells."""

    def __init__(self, setup: Setup) -> None:
        form = setup.format
        assert isinstance(form, DelimitedFormat)
        self.suffix, self.compress, self.split_at = form.suffix, form.compress, None
        self._setup, self._format = setup, form
        self._quote: Literal["necessary", "always"] = "always" if form.quote == "all" else "necessary"
        attributes = setup.attributes(form.columns == "all")
        cells = [cell for name, attribute in attributes.items() for cell in self._cells(name, attribute)]
        self._header = [header for header, _ in cells]
        if repeated := sorted({header for header in self._header if self._header.count(header) > 1}):
            raise SpecError("writer_same_header", setup.place, subject=setup.format_name, header=repeated[0])
        if form.delete is not None:
            self._prove_delete(form.delete)
        self._select = [cell.alias(str(number)) for number, (_, cell) in enumerate(cells)]

    def _prove_delete(self, delete: Mapping[str, str]) -> None:
        """Rows that delete are written by a later milestone; a mistake in their templates shows today."""
        from feedsync.writers.record import Trees  # loads the template compiler, which most tables do without

        trees = Trees(self._setup)
        trees.record(dict(delete), "delete")
        raise_all(trees.errors)

    def begin(self) -> bytes:
        return self._rows(
            pl.DataFrame([self._header], schema=[e.meta.output_name() for e in self._select], orient="row")
        )

    def items(self, frame: pl.DataFrame) -> bytes:
        return self._rows(frame.select(self._select))

    def end(self) -> bytes:
        return b""

    def _rows(self, texts: pl.DataFrame) -> bytes:
        out = BytesIO()
        texts.write_csv(
            out,
            include_header=False,
            separator=self._format.delimiter,
            quote_style=self._quote,
            line_terminator=self._format.line_end,
        )
        return out.getvalue()

    def _cells(self, name: str, attribute: Attribute) -> list[tuple[str, pl.Expr]]:
        """(header, cell) of an attribute: one, or one per part."""
        setup, column = self._setup, self._setup.column(name)
        if attribute.type == "list":
            cell = self._list(column, attribute)
            return [(attribute.header or name, printable(cell))]
        if attribute.type == "group":
            fields = self._format.group.join.join(attribute.fields)
            header = self._format.group.header.replace("{name}", attribute.header or name).replace("{fields}", fields)
            return [(header, printable(self._group(column, attribute)))]
        cells = []
        for header, part in setup.parts(name):
            if part:
                cells.append((header, spell_part(column, part, setup.spelling, setup.zone)))
            else:
                text = spell_scalar(column, attribute, setup.spelling, setup.zone)
                cells.append((header, printable(text) if attribute.type in _TEXTUAL else text))
        return cells

    def _list(self, column: pl.Expr, attribute: Attribute) -> pl.Expr:
        entry = spell_scalar(pl.element(), entry_limits(attribute), self._setup.spelling, self._setup.zone)
        # only what parts the entries: an address in a list keeps its colon
        marks = [mark for mark in self._format.escape if mark == "\\" or mark in self._format.list.join]
        return self._joined(column.list.eval(self._escaped(entry, marks)))

    def _group(self, column: pl.Expr, attribute: Attribute) -> pl.Expr:
        """Records with all fields in their places; a missing field is an empty place."""
        fields = []
        for name, field in attribute.fields.items():
            text = spell_scalar(pl.element().struct.field(name), field, self._setup.spelling, self._setup.zone)
            fields.append(self._escaped(text, self._format.escape).fill_null(""))
        return self._joined(column.list.eval(pl.concat_str(fields, separator=self._format.group.join)))

    def _joined(self, texts: pl.Expr) -> pl.Expr:
        return texts.list.drop_nulls().list.join(self._format.list.join).replace("", None)

    def _escaped(self, text: pl.Expr, marks: Sequence[str]) -> pl.Expr:
        return text.str.replace_many(list(marks), ["\\" + mark for mark in marks]) if marks else text
