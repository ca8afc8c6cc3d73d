"""JSON documents and JSON lines: a record per item, built by expressions; numbers keep every digit."""

from __future__ import annotations

from typing import Final

import polars as pl

from feedsync.errors import SpecError, raise_all
from feedsync.specs.formats import JsonFormat
from feedsync.writers.base import Setup
from feedsync.writers.escape import json_object, json_string
from feedsync.writers.json_values import json_attribute
from feedsync.writers.record import Trees
from feedsync.writers.record_scope import NUMBER
from feedsync.writers.spelling import spell_part

_HERE: Final = "\x00"  # JSON text holds no bare control character, so this cannot stand in a value


class JsonWriter:
    """Writes one record per line: inside a document (json), or alone (jsonl).

    A `record` tree decides the form; without one a record is a flat object of the used attributes.
    """

    def __init__(self, setup: Setup) -> None:
        form = setup.format
        assert isinstance(form, JsonFormat)
        self.suffix, self.compress = form.suffix, form.compress
        self.split_at = form.split_at.records if form.split_at else None
        self._setup, self._lines = setup, form.writer == "jsonl"
        self._count = 0
        trees = Trees(setup)
        self._record = trees.record(form.record, "record") if form.record is not None else self._flat()
        self._stages = trees.stages()
        self._head, self._tail = self._document(form, trees)
        # a later milestone writes these; a mistake in them shows today
        for name, tree in (("delete", form.delete), ("patch", form.patch)):
            if tree is not None:
                trees.record(tree, name, {"changed": "{}"})
        raise_all(trees.errors)

    def begin(self) -> bytes:
        self._count = 0
        return self._head

    def items(self, frame: pl.DataFrame) -> bytes:
        if frame.is_empty():
            return b""
        numbers = pl.int_range(self._count + 1, self._count + frame.height + 1, dtype=pl.Int64)
        rows = frame.with_columns(numbers.alias(NUMBER))
        for stage in self._stages:
            rows = rows.with_columns(stage)
        between = "\n" if self._lines else ",\n"
        # with_columns, because a record of constants alone would be one row
        # as Binary, so that no Python text is made of it
        whole = pl.col("_record").str.join(between).cast(pl.Binary)
        data: bytes = rows.with_columns(self._record.alias("_record")).select(whole).item()
        before = "" if self._lines else between if self._count else "\n"
        self._count += frame.height
        return before.encode() + data + (b"\n" if self._lines else b"")

    def end(self) -> bytes:
        return self._tail

    def _flat(self) -> pl.Expr:
        setup = self._setup
        parts = {}
        for name, attribute in setup.attributes().items():
            for key, part in setup.parts(name):
                column = setup.column(name)
                parts[key] = (
                    json_string(spell_part(column, part, setup.spelling, setup.zone))
                    if part
                    else json_attribute(column, attribute, setup.spelling, setup.zone)
                )
        return json_object(parts)

    def _document(self, form: JsonFormat, trees: Trees) -> tuple[bytes, bytes]:
        """What comes before the first record and after the last."""
        if self._lines:
            if form.document is not None:
                trees.errors.append(SpecError("writer_lines_document", self._setup.place))
            return b"", b""
        text = _HERE if form.document is None else trees.constant(form.document, "document", {"records": _HERE})
        head, found, tail = text.partition(_HERE)
        if not found and not trees.errors:
            trees.errors.append(SpecError("writer_no_records", self._setup.place))
        return f"{head}[".encode(), f"\n]{tail}\n".encode()
