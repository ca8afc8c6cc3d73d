"""The channels there are, and one of them put together from its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

from feedsync.errors import ConfigError, FeedsyncError, Place, SpecError, raise_all
from feedsync.specs import yaml
from feedsync.specs.channel import Attribute, Case, Channel, ChannelSpec, Mapping
from feedsync.specs.layers import Layers
from feedsync.specs.mistakes import shown, unknown_name
from feedsync.specs.validate import validate

FOLDER: Final = "channel_specs"
_MODELS: Final[dict[str, Any]] = {
    "channel.yaml": Channel,
    "attributes.yaml": dict[str, Attribute],
    "mapping.yaml": dict[str, Mapping],
    "cases.yaml": tuple[Case, ...],
}


class ChannelFolder(NamedTuple):
    """Where one version of a channel is written down."""

    name: str
    version: str
    folder: Path

    @property
    def full_name(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class ChannelListing:
    """What a list of channels shows: channel.yaml only."""

    name: str
    version: str
    folder: Path
    channel: Channel


@dataclass(frozen=True)
class LoadedChannel:
    """A channel with the places of what its files say."""

    spec: ChannelSpec
    documents: dict[str, Layers]
    """By file name: channel.yaml, attributes.yaml, mapping.yaml and, where there is one, cases.yaml."""

    def place(self, file: str, *path: str | int, key: bool = False) -> Place:
        """Where e.g. `attributes.yaml: price` is written."""
        layers = self.documents.get(file)
        if layers:
            return layers.place(path, key=key)
        return Place(f"{FOLDER}/{self.spec.name}/{self.spec.version}/{file}")

    def scalar_offset(self, file: str, *path: str | int) -> int:
        """The column of the first character inside that scalar; 0 where columns inside it do not count up."""
        layers = self.documents.get(file)
        return layers.scalar_offset(path) if layers else 0


def builtin_folder() -> Path:
    """The channel specs that come with feedsync: package data of a wheel, or the checkout's own folder."""
    package = Path(str(resources.files("feedsync")))
    shipped = package / f"_{FOLDER}"
    return shipped if shipped.is_dir() else package.parent / FOLDER


def channel_folders(project_root: Path | None) -> list[ChannelFolder]:
    """Every channel and version, by name and version; a project's own one replaces a built-in of the same version."""
    found = {(entry.name, entry.version): entry for entry in _everything(project_root)}
    return sorted(found.values(), key=lambda entry: (entry.name, _age(entry.version)))


def list_channels(project_root: Path | None) -> list[ChannelListing]:
    """Every channel and version with its channel.yaml; the mistakes of all of them are raised together."""
    listings: list[ChannelListing] = []
    errors: list[FeedsyncError] = []
    for entry in channel_folders(project_root):
        try:
            layers = Layers(tuple(document for _, document in _chain(entry, project_root)))
            channel = validate(Channel, layers.data, layers, error=SpecError)
            listings.append(ChannelListing(entry.name, entry.version, entry.folder, channel))
        except FeedsyncError as error:
            errors.append(error)
    raise_all(errors)
    return listings


def load_channel(name: str, project_root: Path | None, place: Place | None = None) -> LoadedChannel:
    """The channel `name` (its newest version) or `name@version`; `place` is where the name was written.

    All mistakes in its files are raised together.
    """
    entry = _find(name, _everything(project_root), place)
    chain = _chain(entry, project_root)
    documents = {"channel.yaml": Layers(tuple(document for _, document in chain))}
    for file in ("attributes.yaml", "mapping.yaml"):
        documents[file] = _layers(file, [link for link, _ in chain])
    if (entry.folder / "cases.yaml").is_file():
        documents["cases.yaml"] = Layers((_read(entry, "cases.yaml", list),))
    return LoadedChannel(_spec([link for link, _ in chain], documents), documents)


def _spec(chain: Sequence[ChannelFolder], documents: dict[str, Layers]) -> ChannelSpec:
    """The channel, which is the first of the chain."""
    entry = chain[0]
    parts: dict[str, Any] = {"cases.yaml": ()}
    errors: list[FeedsyncError] = []
    for file, layers in documents.items():
        data = layers.documents[0].data if file == "cases.yaml" else layers.data
        try:
            parts[file] = validate(_MODELS[file], data, layers, error=SpecError)
        except FeedsyncError as error:
            errors.append(error)
    if "attributes.yaml" in parts:
        errors.extend(_unknown_attributes(parts["attributes.yaml"], documents["mapping.yaml"]))
    raise_all(errors)
    return ChannelSpec(
        name=entry.name,
        version=entry.version,
        folder=str(entry.folder),
        folders=tuple(str(link.folder) for link in chain),
        channel=parts["channel.yaml"],
        attributes=parts["attributes.yaml"],
        mapping=parts["mapping.yaml"],
        cases=parts["cases.yaml"],
    )


def _unknown_attributes(attributes: dict[str, Attribute], mapping: Layers) -> Iterator[SpecError]:
    for name in mapping.data:
        if name not in attributes:
            key, params = unknown_name("config_unknown_attribute", name, attributes)
            yield SpecError(key, mapping.place((name,), key=True), subject="", **params)


def _everything(project_root: Path | None) -> list[ChannelFolder]:
    """Built-in channels, then the project's own."""
    roots = [builtin_folder(), *([project_root / FOLDER] if project_root else [])]
    return [
        ChannelFolder(file.parent.parent.name, file.parent.name, file.parent)
        for root in dict.fromkeys(root.resolve() for root in roots)
        for file in sorted(root.glob("*/*/channel.yaml"))
    ]


def _find(wanted: str, entries: Sequence[ChannelFolder], place: Place | None) -> ChannelFolder:
    """The entry that `name` or `name@version` means: the newest version, the project's own before the built-in."""
    name, _, version = wanted.partition("@")
    versions = [entry for entry in entries if entry.name == name]
    if not versions:
        key, params = unknown_name("config_unknown_channel", name, sorted({entry.name for entry in entries}))
        raise ConfigError(key, place, subject="", **params)
    # the last of equals: the project's own come after the built-in
    matching = [entry for entry in versions if version in ("", entry.version)]
    if not matching:
        known = ", ".join(sorted({entry.version for entry in versions}, key=_age))
        raise ConfigError("config_unknown_version", place, name=name, version=version, known=known)
    return max(enumerate(matching), key=lambda numbered: (_age(numbered[1].version), numbered[0]))[1]


def _age(version: str) -> list[tuple[int, int, str]]:
    """Orders versions as people do: 2026-11 before 2027-04, 1.9 before 1.10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|[^\d.-]+", version)]


def _chain(entry: ChannelFolder, project_root: Path | None) -> list[tuple[ChannelFolder, yaml.Document]]:
    """The channel and what it extends, step by step, each with its channel.yaml."""
    entries = _everything(project_root)
    chain = [(entry, _read(entry, "channel.yaml", dict))]
    while wanted := (chain[-1][1].data or {}).get("extends"):
        document = chain[-1][1]
        place = document.place(("extends",))
        if not isinstance(wanted, str):
            raise SpecError("config_expected_text", place, subject="extends", value=shown(wanted))
        # never itself: an own google@1 may extend the built-in google@1, and google@2 what was newest before it
        seen = [link.folder for link, _ in chain]
        left = [candidate for candidate in entries if candidate.folder not in seen]
        try:
            base = _find(wanted, left, place)
        except ConfigError as error:
            if any(link.name == wanted.partition("@")[0] for link, _ in chain):
                names = " -> ".join([link.full_name for link, _ in chain] + [wanted])
                raise SpecError("spec_extends_itself", place, subject="extends", chain=names) from error
            error.subject = "extends"
            raise
        chain.append((base, _read(base, "channel.yaml", dict)))
    return chain


def _layers(file: str, chain: Sequence[ChannelFolder]) -> Layers:
    found = tuple(_read(entry, file, dict) for entry in chain if (entry.folder / file).is_file())
    if not found:
        raise SpecError("spec_no_file", Place(_shown(chain[0], "channel.yaml")), file=file)
    return Layers(found)


def _read(entry: ChannelFolder, file: str, kind: type[dict[Any, Any]] | type[list[Any]]) -> yaml.Document:
    """The file, whose top is a mapping or a list, or which says nothing."""
    document = yaml.read(entry.folder / file, _shown(entry, file))
    if document.data is not None and not isinstance(document.data, kind):
        raise SpecError("config_yaml_top" if kind is dict else "config_yaml_top_list", document.place(()))
    return document


def _shown(entry: ChannelFolder, file: str) -> str:
    return f"{FOLDER}/{entry.name}/{entry.version}/{file}"
