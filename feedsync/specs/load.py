"""feedsync.yaml as a checked project, with its places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from feedsync.errors import ConfigError, Place, raise_all
from feedsync.specs import yaml
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.consistency import check_project
from feedsync.specs.presets import Presets, with_presets
from feedsync.specs.project import ProjectSpec
from feedsync.specs.validate import validate

FILES = ("feedsync.yaml", "feedsync.yml")


@dataclass(frozen=True)
class LoadedProject:
    """A project whose file is read and consistent in itself; templates, sources and lookups are not opened yet."""

    spec: ProjectSpec
    document: yaml.Document
    root: Path
    """The folder to which the project's paths are relative."""
    channels: dict[str, LoadedChannel]
    """By what feeds write: `name` or `name@version`."""
    presets: Presets = Presets()
    """What `spec` holds already; for places."""


def load_project(path: Path) -> LoadedProject:
    """The project in a folder or file. All mistakes found in one pass are raised together."""
    file = _project_file(path)
    document = yaml.read(file)
    yaml.require_mapping(document, "catalog, feeds")
    spec, presets = with_presets(validate(ProjectSpec, document.data, document), document, file.parent)
    channels, errors = check_project(spec, document, file.parent)
    raise_all(errors)
    return LoadedProject(spec, document, file.parent, channels, presets)


def _project_file(path: Path) -> Path:
    if not path.is_dir():
        if path.exists():
            return path
        raise ConfigError("config_no_file", Place(str(path)))
    for name in FILES:
        if (path / name).is_file():
            return path / name
    raise ConfigError("config_no_project", folder=str(path))
