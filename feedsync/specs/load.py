"""feedsync.yaml as a checked project, with its places."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from feedsync.errors import ConfigError, Place, raise_all
from feedsync.specs import yaml
from feedsync.specs.mistakes import Places, explain
from feedsync.specs.project import ProjectSpec

T = TypeVar("T")
FILES = ("feedsync.yaml", "feedsync.yml")


def validate(
    model: type[T], data: Any, places: Places, prefix: yaml.Path_ = (), error: type[ConfigError] = ConfigError
) -> T:
    """The data as the model. All mistakes are raised together, each with its place in the file.

    `model` may be any type that pydantic reads, e.g. dict[str, Attribute]; `prefix` is where `data` stands in the file.
    """
    try:
        adapter: TypeAdapter[T] = _adapter(model)
        return adapter.validate_python(data)
    except ValidationError as found:
        raise_all(explain(found.errors(include_url=False), model, places, prefix, error))
        raise


@cache
def _adapter(model: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(model)


@dataclass(frozen=True)
class LoadedProject:
    """A project whose file is read and consistent in itself; templates and files it names are not looked at yet."""

    spec: ProjectSpec
    document: yaml.Document
    root: Path
    """The folder to which the project's paths are relative."""


def load_project(path: Path) -> LoadedProject:
    """The project in a folder or file. All mistakes found are raised together."""
    file = _project_file(path)
    document = yaml.read(file)
    yaml.require_mapping(document, "catalog, feeds")
    spec = validate(ProjectSpec, document.data, document)
    return LoadedProject(spec, document, file.parent)


def _project_file(path: Path) -> Path:
    if not path.is_dir():
        if path.exists():
            return path
        raise ConfigError("config_no_file", Place(str(path)))
    for name in FILES:
        if (path / name).is_file():
            return path / name
    raise ConfigError("config_no_project", folder=str(path))
