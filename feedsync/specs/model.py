"""The base of all spec models, and how a key that takes several shapes (a text, a list, a mapping) is read.

A union's branch is chosen by the shape of the value before it is validated, so that a mistake inside it is reported
once, in the terms of the shape the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, model_validator
from pydantic_core import PydanticCustomError

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Model(BaseModel):
    """The base of all spec models: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _a_key_without_value_is_absent(cls, data: Any) -> Any:
        """`attributes:` with every line under it commented out says nothing."""
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


Word = Annotated[str, Field(pattern=r"\S")]
"""A text that says something: blanks alone do not."""

Mark = Annotated[str, Field(min_length=1)]
"""Characters that stand between others; blanks may."""

Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
"""How many there may be of something; none at all is never meant."""

Amount = Annotated[Decimal, Field(gt=-(10**15), lt=10**15, decimal_places=8)]
"""A number within what values can be."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="Three capital letters (ISO 4217), e.g. EUR.")]

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="Two small letters (ISO 639-1), e.g. es.")]


def mistake(key: str, /, at: str = "", **params: object) -> PydanticCustomError:
    """What a model's own validator raises: the key of a text of `feedsync.texts`, the key of the model where it shows
    (the model as a whole otherwise), and the text's parameters."""
    return PydanticCustomError(key, key, {**params, "at": at})


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Word, ...], BeforeValidator(_listed, json_schema_input_type=tuple[Word, ...] | Word)]
"""A list of texts, of which one alone may stand without brackets: `key: sku`."""

Cells = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=tuple[str, ...] | str)]
"""The same of what may stand in a source's cell, also nothing."""


def shape(value: Any) -> str:
    """`text`, `list`, `records` (a list of mappings) or `mapping`: what the author wrote."""
    if isinstance(value, dict | BaseModel):
        return "mapping"
    if isinstance(value, list | tuple):
        return "records" if any(isinstance(entry, dict) for entry in value) else "list"
    return "text"


BY_SHAPE = Discriminator(shape)


def text_or_mapping(value: Any) -> str:
    """For a key that takes no list: a list is refused as no text."""
    return "mapping" if shape(value) == "mapping" else "text"


def text_list_or_records(value: Any) -> str:
    """For a key that takes no mapping: a mapping is refused as no text."""
    met = shape(value)
    return "text" if met == "mapping" else met


def by_keys(file_keys: frozenset[str]) -> Callable[[Any], str]:
    """For a key that takes an inline table (`table`) or a description of a file (`file`), which has a `path`."""

    def pick(value: Any) -> str:
        if isinstance(value, BaseModel):
            return "file"
        if not isinstance(value, dict):
            return "table"
        described = "path" in value and (len(value) == 1 or bool(file_keys & set(value)))
        nested = any(isinstance(entry, dict | list) for entry in value.values())
        return "file" if described or nested else "table"

    return pick


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar in ISO 8601."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
