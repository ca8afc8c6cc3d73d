"""A channel's templates as they are written down: in channel.yaml or in files beside it, with their places."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from feedsync.errors import FeedsyncError, Place, SpecError
from feedsync.specs import yaml
from feedsync.specs.formats import TemplateFile, TemplateFormat
from feedsync.writers.base import Setup

NAMES: Final = ("header", "item", "footer")
MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True)
class TemplateText:
    """One template of a format."""

    name: str
    """header, item or footer."""
    format_name: str
    text: str
    folders: tuple[str, ...]
    file: Path | None = None
    """The file that holds nothing else; None for a text in channel.yaml."""

    @property
    def subject(self) -> str:
        """The key in channel.yaml."""
        return f"formats.{self.format_name}.{self.name}"

    def place(self, line: int, column: int = 0) -> Place:
        """Where a line of the template stands (1-based; column 0 where it is not known)."""
        if self.file is not None:
            return Place(shown(self.file), line, column)
        at, inside, block = self._written
        if block and line:
            return Place(at.file, at.line + line, column and column + block)
        return Place(at.file, at.line, inside + column - 1 if inside and column else at.column)

    def at(self, offset: int) -> Place:
        """Where a character of the text stands."""
        offset = min(offset, len(self.text))
        start = self.text.rfind("\n", 0, offset) + 1
        return self.place(self.text.count("\n", 0, offset) + 1, offset - start + 1)

    @cached_property
    def _written(self) -> tuple[Place, int, int]:
        """The value's place in channel.yaml; the column of its first character where it stands on one line as it
        reads; and how far a block is indented. Looked for only when there is something to say."""
        path = ("formats", self.format_name, self.name)
        for folder in self.folders:
            file = Path(folder) / "channel.yaml"
            try:
                document = yaml.read(file, shown(file))
            except FeedsyncError:
                continue
            if not document.has(path):
                continue
            at = document.place(path)
            lines = file.read_text(encoding="utf-8-sig").splitlines()
            first = self.text.partition("\n")[0]
            below = lines[at.line] if at.line < len(lines) else ""
            block = lines[at.line - 1][at.column - 1 :].startswith("|") and below.endswith(first) and bool(first)
            return at, document.scalar_offset(path), len(below) - len(first) if block else 0
        return Place(shown(Path(self.folders[0]) / "channel.yaml")), 0, 0


def shown(file: Path) -> str:
    """A channel's file as messages name it: channel_specs/NAME/VERSION/FILE."""
    return "/".join(file.parts[-4:])


def template_texts(setup: Setup) -> list[TemplateText]:
    """The header, the item and the footer of a format. SpecError for a file that cannot be read."""
    form = setup.format
    assert isinstance(form, TemplateFormat)
    folders = setup.channel.folders or (setup.channel.folder,)
    texts = []
    for name in NAMES:
        said = getattr(form, name)
        empty = TemplateText(name, setup.format_name, "", folders)
        if isinstance(said, TemplateFile):
            texts.append(_read(empty, said.file))
        else:
            texts.append(TemplateText(name, setup.format_name, said, folders))
    return texts


def _read(empty: TemplateText, name: str) -> TemplateText:
    """The file in the channel's folder, or in that of the nearest channel it extends that has one."""
    found = [file for folder in empty.folders if (file := Path(folder) / name).is_file()]
    if not found:
        raise SpecError("writer_template_no_file", empty.place(0), subject=empty.subject, file=name)
    try:
        with found[0].open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            place = Place(shown(found[0]))
            raise SpecError("writer_template_long", place, subject=empty.subject, limit=MAX_BYTES // 1024)
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SpecError(
            "config_file_unreadable", Place(shown(found[0])), subject=empty.subject, reason=reason
        ) from error
    except UnicodeDecodeError as error:
        byte = f"0x{data[error.start]:02X}"
        place = Place(shown(found[0]), data.count(b"\n", 0, error.start) + 1)
        raise SpecError("config_not_utf8", place, subject=empty.subject, byte=byte) from error
    return TemplateText(empty.name, empty.format_name, text, empty.folders, found[0])
