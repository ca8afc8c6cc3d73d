"""feedsync.yaml as a checked project, with its places."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from feedsync.errors import ConfigError, FeedsyncError, Place, raise_all
from feedsync.specs import yaml
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.consistency import check_project
from feedsync.specs.expansion import expanded
from feedsync.specs.laid_over import ProjectDocument, in_target
from feedsync.specs.presets import Presets, with_presets
from feedsync.specs.project import ProjectSpec
from feedsync.specs.validate import validate

FILES = ("feedsync.yaml", "feedsync.yml")


@dataclass(frozen=True)
class LoadedProject:
    """A project whose file is read and consistent in itself; templates, sources and lookups are not opened yet."""

    spec: ProjectSpec
    document: ProjectDocument
    root: Path
    """The folder to which the project's paths are relative."""
    channels: dict[str, LoadedChannel]
    """By what feeds write: `name` or `name@version`."""
    presets: Presets = field(default_factory=Presets)
    """What `spec` holds already; for places."""


def load_project(path: Path, target: str | None = None) -> LoadedProject:
    """The project in a folder or file, with the keys of a target laid over it. All mistakes found in one pass are raised
    together."""
    file = _project_file(path)
    whole = yaml.read(file)
    yaml.require_mapping(whole, "catalog, feeds")
    document = in_target(whole, target)
    spec, presets = with_presets(validate(ProjectSpec, document.data, document), document, file.parent)
    channels, errors = check_project(spec, document, file.parent)
    raise_all([*errors, *_of_other_targets(whole, spec, target)])
    spec, document = expanded(spec, document)
    return LoadedProject(spec, document, file.parent, channels, presets)


def _of_other_targets(whole: yaml.Document, spec: ProjectSpec, target: str | None) -> list[FeedsyncError]:
    """Mistakes in the keys of targets that are not chosen, so that they show before the night they are."""
    errors: list[FeedsyncError] = []
    for name in spec.targets:
        if name != target:
            try:
                document = in_target(whole, name)
                validate(ProjectSpec, document.data, document)
            except FeedsyncError as error:
                errors.append(error)
    return errors


def _project_file(path: Path) -> Path:
    if not path.is_dir():
        if path.exists():
            return path
        raise ConfigError("config_no_file", Place(str(path)))
    for name in FILES:
        if (path / name).is_file():
            return path / name
    raise ConfigError("config_no_project", folder=str(path))
