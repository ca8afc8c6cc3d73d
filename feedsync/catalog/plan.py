"""Which column fills which field: names resolved once, before any row is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.errors import ConfigError, FeedsyncError, Place, nearest, raise_all
from feedsync.frames import ROW
from feedsync.semantics import TEXT, Type, list_of
from feedsync.specs.source import ColumnOf, FieldSpec

RAW = "__raw"  # raw columns travel as __raw0, __raw1, ... so that no header can collide with a field


@dataclass(frozen=True)
class SourceColumns:
    """A source's name and its headers, in order."""

    name: str
    headers: tuple[str, ...]
    key: str = ""
    """The column that is joined on; a header of that name in the first source is the one that is meant."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """The file's own header -> the header it goes by, where a preset knows it under another name; both may be asked for."""


@dataclass(frozen=True)
class Field:
    """One field of the catalog: a raw column or a template, with its type and reading options."""

    name: str
    type: Type
    raw: str | None
    """The raw column's name in frames; None for a template."""
    origin: str
    """The header it comes from, for messages."""
    options: FieldSpec
    source: int
    """Which source the raw column belongs to; 0 adds the rows."""
    place: Place


@dataclass(frozen=True)
class FieldPlan:
    """All fields by name, and the raw column of every (source, header)."""

    fields: dict[str, Field]
    raw: dict[tuple[int, str], str]
    aliases: dict[str, str] = field(default_factory=dict)
    """A file's own header -> the raw column that goes by another name."""

    def raw_by_header(self) -> dict[str, str]:
        """Header -> raw column, as `field('...')` in a field's template sees them; the first source wins."""
        found: dict[str, str] = {}
        for (_, header), column in self.raw.items():
            found.setdefault(header, column)
        for header, column in self.aliases.items():
            found.setdefault(header, column)
        return found

    def of_source(self, source: int) -> dict[str, str]:
        """Header -> raw column of one source."""
        return {header: column for (index, header), column in self.raw.items() if index == source}


def plan_fields(
    fields: Mapping[str, FieldSpec],
    sources: Sequence[SourceColumns],
    place: Callable[[str], Place],
    prefix: str = RAW,
) -> FieldPlan:
    """Resolve `fields` against the sources' headers; columns nobody maps pass through under their own header.

    `place(field)` says where the field is declared, `prefix` begins the raw columns' names. Raises all unknown and
    ambiguous columns together.
    """
    raw = {
        (index, header): f"{prefix}{index}_{position}"
        for index, source in enumerate(sources)
        for position, header in enumerate(source.headers)
        if header != ROW
    }
    errors: list[FeedsyncError] = []
    planned: dict[str, Field] = {}
    claimed: set[tuple[int, str]] = set()
    for name, spec in fields.items():
        at = place(name)
        if spec.template is not None:
            planned[name] = Field(name, field_type(name, spec), None, "", spec, 0, at)
            continue
        try:
            key = _column(name, spec, sources, at)
        except ConfigError as error:
            errors.append(error)
            continue
        claimed.add(key)
        planned[name] = Field(name, field_type(name, spec), raw[key], key[1], spec, key[0], at)
    raise_all(errors)
    for key, column in raw.items():
        if key not in claimed and key[1] not in planned:
            spec = FieldSpec()
            planned[key[1]] = Field(key[1], field_type(key[1], spec), column, key[1], spec, key[0], place(key[1]))
    aliases = {
        header: raw[index, name] for index, source in enumerate(sources) for header, name in source.aliases.items()
    }
    return FieldPlan(planned, raw, aliases)


def field_type(name: str, spec: FieldSpec) -> Type:
    """The declared type, else the standard field's, else text."""
    if spec.type == "list":
        return list_of(TEXT)
    if spec.type is not None:
        return Type(spec.type)
    return STANDARD_FIELDS[name].type if name in STANDARD_FIELDS else TEXT


def _column(name: str, spec: FieldSpec, sources: Sequence[SourceColumns], at: Place) -> tuple[int, str]:
    if isinstance(spec.from_, ColumnOf):
        for index, source in enumerate(sources):
            if source.name == spec.from_.source:
                named = _named(spec.from_.column, source)
                if named in source.headers:
                    return index, named
                raise _unknown(name, spec.from_.column, source.headers, at)
        known = [source.name for source in sources]
        raise ConfigError(
            "unknown_source",
            at,
            subject=name,
            name=spec.from_.source,
            known=", ".join(known),
            near=nearest(spec.from_.source, known),
        )
    wanted = spec.from_ if spec.from_ is not None else name
    having = [index for index, source in enumerate(sources) if _named(wanted, source) in source.headers]
    having = [index for index in having if wanted != sources[index].key] or having
    if len(having) == 1 or (having and spec.from_ is None):
        return having[0], _named(wanted, sources[having[0]])
    if having:
        names = ", ".join(sources[index].name for index in having)
        raise ConfigError("ambiguous_column", at, subject=name, column=wanted, sources=names)
    raise _unknown(name, wanted, [header for source in sources for header in source.headers], at)


def _named(header: str, source: SourceColumns) -> str:
    """The header as the source's columns are called."""
    return header if header in source.headers else source.aliases.get(header, header)


def _unknown(name: str, column: str, headers: Sequence[str], at: Place) -> ConfigError:
    near = nearest(column, headers)
    known = ", ".join(header for header in headers if header != ROW)
    return ConfigError("unknown_column", at, subject=name, column=column, near=near, known=known)


def bad_flag(name: str) -> str:
    """The column that is true where the field `name` did not read as its type."""
    return f"__bad_{name}"


def number_flag(raw: str) -> str:
    """The Boolean column that is true where the raw cell was a number in its source, not a text."""
    return f"{raw}_number"
