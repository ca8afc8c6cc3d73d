"""Any other text format: a channel's own Jinja templates, run in their sandbox by a process of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from feedsync.errors import FeedsyncError, TemplateError, raise_all
from feedsync.specs.channel import Attribute, Limits
from feedsync.specs.formats import TemplateFormat
from feedsync.specs.mistakes import clipped
from feedsync.writers.base import Setup
from feedsync.writers.escape import json_array, json_object, json_string, printable
from feedsync.writers.spelling import entry_limits, spell_scalar
from feedsync.writers.template_check import template_errors
from feedsync.writers.template_process import Allowance, Failed, TemplateProcess
from feedsync.writers.template_text import template_texts

LIMITS: Final = Allowance()
BATCH: Final = 1000  # items that are asked for at once: they share a time limit
_KEYS: Final = {
    "died": "writer_template_died",
    "failed": "writer_template_failed",
    "memory": "writer_template_memory",
    "no_text": "writer_template_no_text",
    "recursion": "writer_template_recursion",
    "size": "writer_template_size",
    "start": "writer_template_start",
    "time": "writer_template_time",
}


class TemplateWriter:
    """Writes the header, each item by its template, and the footer.

    A template sees an item's attributes as texts in the channel's spelling (lists of texts, lists of records), and
    `market`, `feed`, `record.number`. Control characters but tab and line ends are left out, but for JSON, which has
    an escape for them.
    """

    split_at = None

    def __init__(self, setup: Setup) -> None:
        form = setup.format
        assert isinstance(form, TemplateFormat)
        self.suffix, self.compress = form.suffix, form.compress
        self._setup, self._escape = setup, form.escape
        self._texts = {text.name: text for text in template_texts(setup)}
        self._check()
        parts = {name: self._value(name, attribute) for name, attribute in setup.attributes().items()}
        self._row = json_object(parts)
        self._process: TemplateProcess | None = None

    def __getstate__(self) -> dict[str, Any]:
        """A process stays where it is."""
        return {**self.__dict__, "_process": None}

    def begin(self) -> bytes:
        self._close()
        return self._asked(self._begun)

    def _begun(self) -> bytes:
        self._process = TemplateProcess(self._job(), LIMITS)
        return self._process.begin()

    def items(self, frame: pl.DataFrame) -> bytes:
        return b"".join(self._batch(frame.slice(start, BATCH)) for start in range(0, frame.height, BATCH))

    def end(self) -> bytes:
        assert self._process
        data = self._asked(self._process.end)
        self._close()
        return data

    def _check(self) -> None:
        """All mistakes that show without a product are raised together."""
        setup = self._setup
        spaces: dict[str, tuple[str, ...]] = {"market": tuple(setup.market), "feed": tuple(setup.feed)}
        errors: list[FeedsyncError] = []
        for text in self._texts.values():
            item = text.name == "item"
            names = ["id", *setup.channel.attributes] if item else []
            known = {**spaces, "record": ("number",)} if item else spaces
            errors.extend(template_errors(text, self._escape, names, known))
        raise_all(errors)

    def _job(self) -> dict[str, Any]:
        """What the process is told once."""
        attributes = self._setup.channel.attributes
        return {
            "escape": self._escape,
            "templates": {name: text.text for name, text in self._texts.items()},
            "names": list(attributes),
            "fields": {name: list(one.fields) for name, one in attributes.items() if one.type == "group"},
            "market": dict(self._setup.market),
            "feed": dict(self._setup.feed),
        }

    def _value(self, name: str, attribute: Attribute) -> pl.Expr:
        """The attribute as JSON: a text, a list of texts, or a list of records of texts; null where it is missing."""
        column = self._setup.column(name)
        if attribute.type == "list":
            return json_array(column, self._text(pl.element(), entry_limits(attribute)))
        if attribute.type == "group":
            one = pl.element().struct
            record = {field: self._text(one.field(field), limits) for field, limits in attribute.fields.items()}
            return json_array(column, json_object(record))
        return self._text(column, attribute)

    def _text(self, column: pl.Expr, limits: Limits) -> pl.Expr:
        text = spell_scalar(column, limits, self._setup.spelling, self._setup.zone)
        return json_string(text if self._escape == "json" else printable(text))

    def _batch(self, frame: pl.DataFrame) -> bytes:
        rows = frame.select(self._row.str.join(",").cast(pl.Binary)).item()
        process = self._process
        assert process
        return self._asked(lambda: process.items(b"[" + rows + b"]"), frame["id"][0])

    def _asked(self, question: Callable[[], bytes], first: str = "") -> bytes:
        """The answer, or what kept the process from giving one; `first` is the batch's first item."""
        try:
            return question()
        except Failed as failed:
            self._process = None
            raise self._error(failed, first) from None

    def _error(self, failed: Failed, first: str) -> TemplateError:
        text = self._texts[failed.template or ("item" if first else "header")]
        # a process that did not come back cannot name the item
        late = failed.what == "time" and first and not failed.template
        return TemplateError(
            "writer_template_late" if late else _KEYS[failed.what],
            text.place(failed.line or 1),
            subject=f"{text.subject} ({clipped(failed.id)})" if failed.id else text.subject,
            first=clipped(first),
            reason=clipped(failed.reason, 200).rstrip("."),
            seconds=f"{LIMITS.seconds:g}",
            memory=f"{LIMITS.memory_mib:g}",
            size=f"{LIMITS.item_mib:g}",
        )

    def _close(self) -> None:
        if self._process:
            self._process.close()
            self._process = None
