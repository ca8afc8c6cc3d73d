"""`@feedsync.function`: how a file of the user's own says what a function takes and gives. Loads no engine."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar, get_args

from feedsync.errors import ConfigError, Place, nearest
from feedsync.semantics import TEXT, TEXTUAL, Type, list_of

On = Literal["polars", "pandas", "expression"]
KINDS: Final = (*TEXTUAL, "integer", "decimal", "boolean", "date", "datetime", "list")
"""What goes in and comes out of a function. Money goes as its amount, a decimal."""
MARK: Final = "__feedsync_function__"
_CONSTANTS: Final = {"str": "text", "int": "integer", "Decimal": "decimal", "bool": "boolean"}

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])  # her function comes back as it is


@dataclass(frozen=True)
class Taken:
    """A column that the function gets."""

    name: str
    type: Type
    optional: bool
    """Rows without it are given too."""
    omitted: bool = False
    """A template may leave it out."""


@dataclass(frozen=True)
class Constant:
    """A keyword-only parameter: a plain Python value that the template says."""

    name: str
    kind: str
    default: object
    required: bool


@dataclass(frozen=True)
class Declared:
    """A function as its decorator says."""

    name: str
    takes: tuple[Taken, ...]
    returns: Type
    constants: tuple[Constant, ...]
    on: On
    summary: str
    place: Place


def function(
    *, takes: str | Sequence[str] = "text", returns: str = "text", on: On = "polars", name: str | None = None
) -> Callable[[AnyFunction], AnyFunction]:
    """Make a function a filter of the mapping language: `{{ title | my_function(brand, places=2) }}`.

    `takes` names the type of each column it gets, its input first; a question mark behind the type ("decimal?") gives
    it the rows too in which that column is missing. `returns` is the type of what it gives. `on` says what it is
    given: Polars Series, pandas Series, or Polars expressions; it gives back the same, one value per row, each made of
    its own row alone. Keyword-only parameters are plain values that the template says; they are annotated with str,
    int, Decimal or bool. A function stays callable as it is.
    """

    def declare(given: AnyFunction) -> AnyFunction:
        declared = _declared(
            given, name or given.__name__, (takes,) if isinstance(takes, str) else tuple(takes), returns, on
        )
        setattr(given, MARK, declared)
        return given

    return declare


def _declared(given: Callable[..., Any], name: str, takes: Sequence[str], returns: str, on: On) -> Declared:
    code = given.__code__
    place = Place(code.co_filename, code.co_firstlineno)
    if on not in get_args(On):
        raise ConfigError("own_on", place, subject=name, on=on)
    if not name.isidentifier():
        raise ConfigError("own_name", place, subject=name, name=name)
    parameters = list(inspect.signature(given).parameters.values())
    columns = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters):
        raise ConfigError("own_star", place, subject=name)
    if len(columns) != len(takes) or not takes:
        raise ConfigError("own_takes_count", place, subject=name, takes=len(takes), parameters=len(columns))
    taken = tuple(
        Taken(one.name, _type(said.removesuffix("?"), name, place), said.endswith("?"), one.default is None)
        for one, said in zip(columns, takes, strict=True)
    )
    constants = tuple(_constant(one, name, place) for one in parameters if one.kind is one.KEYWORD_ONLY)
    summary = (inspect.getdoc(given) or "").partition("\n")[0]
    return Declared(name, taken, _type(returns, name, place), constants, on, summary, place)


def _type(said: str, name: str, place: Place) -> Type:
    if said not in KINDS:
        near, known = nearest(said, KINDS), ", ".join(KINDS)
        raise ConfigError("own_type", place, subject=name, type=said, near=near, known=known)
    return list_of(TEXT) if said == "list" else Type(said)


def _constant(parameter: inspect.Parameter, name: str, place: Place) -> Constant:
    annotation = parameter.annotation
    said = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    kind = _CONSTANTS.get(said.rpartition(".")[2])
    required = parameter.default is parameter.empty
    if kind is None:
        raise ConfigError("own_constant", place, subject=name, parameter=parameter.name)
    return Constant(parameter.name, kind, None if required else parameter.default, required)
