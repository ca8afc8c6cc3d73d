"""YAML as text with places: what a file says, and where it says it.

Every scalar is text, quoted or not: `NO`, `012`, `1e3` and `12:30` survive, and the models read numbers and booleans
where they want them. Only an empty value, `~` and `null` without quotes are None. The parser is libyaml's (through
PyYAML), the tree is built here from its events, so that keys are checked and nothing recurses.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import yaml
from yaml import events

from feedsync.errors import ConfigError, FeedsyncError, Place, raise_all
from feedsync.semantics import printable
from feedsync.specs.yaml_problems import broken, template_on

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_ALIASED: Final = 10_000  # nodes that all aliases of a file may add together
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_PLAIN: Final = (None, "")

Path_ = tuple[str | int, ...]


@dataclass(slots=True)
class Spot:
    """Where one value stands (1-based) and those inside it; `inside` is the column of its first character, or 0."""

    line: int
    column: int
    inside: int = 0
    size: int = 1
    children: dict[str | int, Spot] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class Written(Protocol):
    """A document, or several put together: where what they say is written."""

    @property
    def file(self) -> str: ...

    def place(self, path: Path_, *, key: bool = False) -> Place: ...

    def has(self, path: Path_) -> bool: ...

    def scalar_offset(self, path: Path_) -> int: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file's data (dicts, lists, texts, None) and its places."""

    data: Any
    file: str
    root: Spot

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Where the value of the path stands, or its key; of a path that is not there, the nearest thing above it."""
        spot, at = self.root, (self.root.line, self.root.column)
        for step in path:
            child = spot.children.get(step)
            if child is None:
                break
            at = (child.line, child.column)
            if key and isinstance(step, str):
                at = spot.keys[step]
            spot = child
        return Place(self.file, *at)

    def has(self, path: Path_) -> bool:
        """Whether the file has a value there."""
        return self._spot(path) is not None

    def scalar_offset(self, path: Path_) -> int:
        """The column of the first character inside a scalar on one line; 0 where columns inside it do not count up."""
        spot = self._spot(path)
        return spot.inside if spot else 0

    def _spot(self, path: Path_) -> Spot | None:
        spot: Spot | None = self.root
        for step in path:
            if spot is None:
                return None
            spot = spot.children.get(step)
        return spot


def read(path: Path, name: str | None = None) -> Document:
    """The YAML file as a document; `name` is how messages call it."""
    shown = name or path.name
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError("config_file_unreadable", Place(shown), reason=error.strerror) from error
    if len(content) > MAX_BYTES:
        raise ConfigError("config_too_large", Place(shown), limit=MAX_BYTES // 1024 // 1024)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        place = Place(shown, line, column)
        raise ConfigError("config_not_utf8", place, byte=f"0x{content[error.start]:02X}") from error
    return parse(text, shown)


def parse(text: str, name: str) -> Document:
    """The YAML text as a document. All mistakes that can be found in one pass are raised together."""
    text = text.removeprefix("\ufeff")
    tree = _Tree(text, name)
    try:
        for event in _events(text):
            tree.take(event)
    except yaml.YAMLError as error:
        problem = broken(error, text, name)
        # a template without quotes, already reported, is often what broke the line
        if not any(e.place and problem.place and e.place.line == problem.place.line for e in tree.errors):
            tree.errors.append(problem)
    raise_all(tree.errors)
    return Document(tree.top, name, tree.spot)


def _events(text: str) -> Iterator[events.Event]:
    loader = LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    data: dict[str, Any] | list[Any]
    spot: Spot
    anchor: str | None
    start: int
    path: Path_
    key: str | None = None
    key_at: tuple[int, int] = (0, 0)


class _Tree:
    """Builds data and spots from events, with a stack of its own: depth is a bound, not a crash."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.errors: list[FeedsyncError] = []
        self.top: Any = None
        self.spot = Spot(1, 1)
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, Spot]] = {}
        self._aliased = 0
        self._documents = 0
        self._skipping = 0  # depth inside a key that is no text

    def take(self, event: events.Event) -> None:
        """One more event of the parser."""
        if isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._stop("config_yaml_documents", event)
        elif self._skipping:
            self._skipping += isinstance(event, events.CollectionStartEvent)
            self._skipping -= isinstance(event, events.CollectionEndEvent)
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, events.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, events.CollectionEndEvent):
            self._end()

    def _scalar(self, event: events.ScalarEvent) -> None:
        self._refuse_tag(event)
        if self._key_wanted():
            self._begin_key(str(event.value), event)
            return
        plain = event.style in _PLAIN
        data = None if plain and event.value in _NULLS else str(event.value)
        self._refuse_control(data or "", event)
        spot = self._spot_of(event)
        spot.inside = self._inside(event, plain)
        if event.anchor:
            self._anchors[event.anchor] = (data, spot)
        self._put(data, spot)

    def _refuse_control(self, text: str, event: events.ScalarEvent) -> None:
        """An escape such as "\\x01" may be a delimiter, and nothing else: no text of a feed has such a character."""
        if len(text) > 1 and printable(text) != text:
            code = next(f"U+{ord(character):04X}" for character in text if not printable(character))
            self._report("config_yaml_character", self._at(event), self._path(), code=code)

    def _inside(self, event: events.ScalarEvent, plain: bool) -> int:
        """Columns count up inside a scalar that stands in the file as it reads: on one line and without escapes."""
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        if start.line != end.line or event.style in ("|", ">"):
            return 0
        quote = 0 if plain else 1
        raw = self.text[start.index + quote : end.index - quote]
        return int(start.column) + 1 + quote if raw == event.value else 0

    def _begin(self, event: events.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if self._key_wanted():
            self._key_is_no_text(event)
            return
        if len(self._stack) == MAX_DEPTH:
            self._stop("config_yaml_depth", event, limit=MAX_DEPTH)
        data: dict[str, Any] | list[Any] = {} if isinstance(event, events.MappingStartEvent) else []
        assert event.start_mark is not None
        opened = _Open(data, self._spot_of(event), event.anchor, event.start_mark.index, self._path())
        self._stack.append(opened)

    def _end(self) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.data, done.spot)
        self._put(done.data, done.spot)

    def _alias(self, event: events.AliasEvent) -> None:
        if self._key_wanted() or event.anchor not in self._anchors:
            self._stop("config_yaml_alias", event, name=event.anchor)
        data, spot = self._anchors[str(event.anchor)]
        self._aliased += spot.size
        if self._aliased > MAX_ALIASED:
            self._stop("config_yaml_aliases", event, limit=MAX_ALIASED)
        self._put(data, spot)

    def _put(self, data: Any, spot: Spot) -> None:
        """The value goes into the mapping or list that is open, or is the whole document."""
        if not self._stack:
            self.top, self.spot = data, spot
            return
        parent = self._stack[-1]
        parent.spot.size += spot.size
        if isinstance(parent.data, list):
            parent.spot.children[len(parent.data)] = spot
            parent.data.append(data)
            return
        assert parent.key is not None
        if parent.key not in parent.data:  # the second of two equal keys is already an error
            parent.data[parent.key] = data
            parent.spot.children[parent.key] = spot
            parent.spot.keys[parent.key] = parent.key_at
        parent.key = None

    def _key_wanted(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].data, dict) and self._stack[-1].key is None

    def _begin_key(self, key: str, event: events.Event) -> None:
        parent = self._stack[-1]
        at = self._at(event)
        if key in parent.spot.keys:
            first = Place(self.file, *parent.spot.keys[key])
            self._report("config_yaml_duplicate_key", at, (*parent.path, key), first=first, key=key)
        elif key == "<<":
            self._report("config_yaml_merge", at, parent.path)
        parent.key, parent.key_at = key, (at.line, at.column)

    def _key_is_no_text(self, event: events.CollectionStartEvent) -> None:
        """`{{ price }}` without quotes is, to YAML, a mapping whose key is a mapping."""
        parent = self._stack[-1]
        in_flow = any(self.text[opened.start] in "{[" for opened in self._stack[:-1])
        if template := template_on(self.text, parent.start, in_flow):
            place = Place(self.file, parent.spot.line, parent.spot.column)
            name = f"{parent.path[-1]}: " if parent.path and isinstance(parent.path[-1], str) else ""
            self._report("config_yaml_template", place, parent.path, name=name, template=template)
        else:
            self._report("config_yaml_key", self._at(event), parent.path)
        self._skipping = 1
        parent.key, parent.key_at = "", (parent.spot.line, parent.spot.column)

    def _path(self) -> Path_:
        """The path of the value that begins now."""
        if not self._stack:
            return ()
        parent = self._stack[-1]
        return (*parent.path, len(parent.data) if isinstance(parent.data, list) else parent.key or "")

    def _refuse_tag(self, event: events.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._report("config_yaml_tag", self._at(event), self._path(), tag=tag)

    def _spot_of(self, event: events.Event) -> Spot:
        assert event.start_mark is not None
        return Spot(event.start_mark.line + 1, event.start_mark.column + 1)

    def _at(self, event: events.Event) -> Place:
        spot = self._spot_of(event)
        return Place(self.file, spot.line, spot.column)

    def _report(self, key: str, place: Place, path: Path_, /, **params: object) -> None:
        self.errors.append(ConfigError(key, place, subject=dotted(path), **params))

    def _stop(self, key: str, event: events.Event, /, **params: object) -> None:
        """What cannot be read on from: raised at once, with what was found before."""
        self._report(key, self._at(event), self._path(), **params)
        raise_all(self.errors)


def require_mapping(document: Document, needed: str) -> None:
    """Refuse a file whose top is no mapping; `needed` names the keys that an empty one lacks."""
    if document.data is None:
        raise ConfigError("config_yaml_empty", Place(document.file), needed=needed)
    if not isinstance(document.data, dict):
        raise ConfigError("config_yaml_top", document.place(()))


def dotted(path: Path_) -> str:
    """A path as messages show it: `catalog.sources[0].path`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
