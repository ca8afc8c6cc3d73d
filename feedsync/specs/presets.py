"""The presets there are, and a project's catalog with what its presets say filled in.

What the project says goes first: a field of its own replaces the preset's field of that name, keys of a source replace
the preset's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final, TypeVar

from feedsync.errors import ConfigError, FeedsyncError, Place, raise_all
from feedsync.specs import yaml
from feedsync.specs.mistakes import unknown_name
from feedsync.specs.preset import Preset
from feedsync.specs.project import CatalogSpec, ProjectSpec
from feedsync.specs.source import ColumnOf, FieldSpec, SourceSpec, TableSpec
from feedsync.specs.validate import validate

FOLDER: Final = "presets"
_Source = TypeVar("_Source", bound=SourceSpec)


@dataclass(frozen=True)
class LoadedPreset:
    """A preset with the places of what its file says."""

    name: str
    spec: Preset
    document: yaml.Document


@dataclass(frozen=True)
class Presets:
    """The presets of one project."""

    by_name: dict[str, LoadedPreset] = field(default_factory=dict)
    fields: dict[tuple[str, str], LoadedPreset] = field(default_factory=dict)
    """("" for the catalog or a table's name, field) -> the preset that declares it."""

    def preset(self, source: SourceSpec) -> Preset | None:
        """The preset of a source."""
        return self.by_name[source.preset].spec if source.preset else None

    def place(self, table: str, name: str) -> tuple[yaml.Document, yaml.Path_] | None:
        """Where a field that the project does not declare stands."""
        loaded = self.fields.get((table, name))
        return (loaded.document, ("fields", name)) if loaded else None


def preset_files(root: Path | None) -> dict[str, Path]:
    """Name -> file; those in a project's own folder `presets` replace the ones that come with feedsync."""
    shipped = Path(str(resources.files("feedsync"))) / "catalog" / FOLDER
    folders = [shipped, *([root / FOLDER] if root is not None else [])]
    return {file.stem: file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.yaml"))}


def load_preset(name: str, root: Path | None, place: Place | None = None) -> LoadedPreset:
    """The preset of that name; `place` is where the name was written. All mistakes of its file are raised together."""
    files = preset_files(root)
    if name not in files:
        key, params = unknown_name("config_unknown_value", name, files)
        raise ConfigError(key, place, subject="preset", **params)
    document = yaml.read(files[name], f"{FOLDER}/{name}.yaml")
    yaml.require_mapping(document, "title, needs, fields")
    return LoadedPreset(name, validate(Preset, document.data, document), document)


def with_presets(spec: ProjectSpec, document: yaml.Written, root: Path) -> tuple[ProjectSpec, Presets]:
    """The project with everything its presets say, and the presets. Mistakes are raised together."""
    sources: list[tuple[SourceSpec, yaml.Path_]] = [
        *((source, ("catalog", "sources", number)) for number, source in enumerate(spec.catalog.sources)),
        *((table, ("tables", name)) for name, table in spec.tables.items()),
    ]
    presets = Presets()
    errors: list[FeedsyncError] = []
    for source, path in sources:
        if source.preset and source.preset not in presets.by_name:
            try:
                place = document.place((*path, "preset"))
                presets.by_name[source.preset] = load_preset(source.preset, root, place)
            except FeedsyncError as error:
                errors.append(error)
    raise_all(errors)
    if not presets.by_name:
        return spec, presets
    catalog = _catalog(spec.catalog, presets)
    errors += _unanswered(spec, document, presets)
    raise_all(errors)
    tables = {name: _table(name, table, presets) for name, table in spec.tables.items()}
    return spec.model_copy(update={"catalog": catalog, "tables": tables}), presets


def _catalog(catalog: CatalogSpec, presets: Presets) -> CatalogSpec:
    fields: dict[str, FieldSpec] = {}
    update: dict[str, Any] = {"sources": tuple(_source(source, presets) for source in catalog.sources)}
    for number, source in enumerate(catalog.sources):
        preset = presets.preset(source)
        if preset is None or source.preset is None:
            continue
        for name, one in _fields(source, preset, beside=len(catalog.sources) > 1).items():
            # what is joined is there for its columns: a stock list's stock is meant, not that of the products' export
            if name not in catalog.fields:
                presets.fields["", name] = presets.by_name[source.preset]
            fields[name] = one
        if number == 0 and "key" not in catalog.model_fields_set:
            update["key"] = preset.key
        if number == 0 and preset.variants is not None and catalog.variants is None:
            update["variants"] = preset.variants
    return catalog.model_copy(update={**update, "fields": {**fields, **catalog.fields}})


def _table(name: str, table: TableSpec, presets: Presets) -> TableSpec:
    preset = presets.preset(table)
    if preset is None or table.preset is None:
        return table
    fields = _fields(table, preset, beside=False)
    for one in fields:
        if one not in table.fields:
            presets.fields[name, one] = presets.by_name[table.preset]
    filled = _source(table, presets)
    return filled.model_copy(update={"fields": {**fields, **table.fields}})


def _source(source: _Source, presets: Presets) -> _Source:
    """The source with what its preset says of the file."""
    preset = presets.preset(source)
    if preset is None:
        return source
    said = preset.source.model_dump(exclude_unset=True)
    key = preset.fields.get(source.join) if source.join else None
    if key is not None and isinstance(key.from_, str):
        said["on"] = key.from_
    return source.model_copy(update={key: value for key, value in said.items() if key not in source.model_fields_set})


def _fields(source: SourceSpec, preset: Preset, *, beside: bool) -> Mapping[str, FieldSpec]:
    """The preset's fields as this source fills them; beside other sources, with its own columns."""
    found: dict[str, FieldSpec] = {}
    for name, one in preset.fields.items():
        update: dict[str, Any] = {}
        if name in preset.local_decimals and source.decimal_mark and not one.decimal_mark and not one.locale:
            update["decimal_mark"] = source.decimal_mark
        known = source.name or source.path
        if beside and known and one.template is None and isinstance(one.from_ or name, str):
            update["from_"] = ColumnOf(source=known, column=str(one.from_ or name))
        found[name] = one.model_copy(update=update)
    if source.join:
        found.pop(source.join, None)  # the catalog has it; here it is what rows are joined by
    return found


def _unanswered(spec: ProjectSpec, document: yaml.Written, presets: Presets) -> list[FeedsyncError]:
    """What a preset asks for, where the project fills one of the fields that need it neither so nor otherwise."""
    errors: list[FeedsyncError] = []
    for number, source in enumerate(spec.catalog.sources):
        preset = presets.preset(source)
        for what, fields in preset.asks.items() if preset else ():
            needed = [name for name in fields if name not in spec.catalog.fields]
            if needed and getattr(spec.catalog, what) is None:
                place = document.place(("catalog", "sources", number, "preset"))
                said = {"preset": source.preset, "name": what, "fields": ", ".join(needed)}
                errors.append(ConfigError("preset_asks", place, subject=f"catalog.{what}", **said))
    return errors
