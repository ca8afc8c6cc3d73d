"""Data of a file as a model, with all mistakes at once."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from feedsync.errors import ConfigError, raise_all
from feedsync.specs.mistakes import Places, explain
from feedsync.specs.yaml import Path_

T = TypeVar("T")


def validate(
    model: type[T], data: Any, places: Places, prefix: Path_ = (), error: type[ConfigError] = ConfigError
) -> T:
    """The data as the model. All mistakes are raised together, each with its place in the file.

    `model` may be any type that pydantic reads, e.g. dict[str, Attribute]; `prefix` is where `data` stands in the file.
    """
    key: Any = model  # a type is hashable, which the signature of `cache` cannot know
    adapter: TypeAdapter[T] = _adapter(key)
    try:
        return adapter.validate_python(data)
    except ValidationError as found:
        mistakes = explain(found.errors(include_url=False), model, places, prefix, error)
    raise_all(mistakes)
    raise AssertionError("pydantic refused the data and named no mistake")


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)
