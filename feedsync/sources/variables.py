"""Secrets and settings in texts of the project: ${VAR}, ${VAR:-default}, ${file:path}; read when they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from feedsync.errors import ConfigError

REFERENCE = re.compile(r"\$\{(?:file:(?P<file>[^}]+)|(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?)\}")


def resolve_variables(text: str, env: Mapping[str, str], root: Path, *, subject: str = "") -> str:
    """The text with its references filled in; a ConfigError when one is not set. A file loses its last line end.

    As in a shell, `:-` also takes the default when the variable is set and empty.
    """

    def value(match: re.Match[str]) -> str:
        if match["file"]:
            try:
                return (root / match["file"]).read_text("utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError):
                raise ConfigError("variable_file", subject=subject, file=match["file"]) from None
        found = env.get(match["name"])
        if match["default"] is not None:
            return found or match["default"]
        if found is None:
            raise ConfigError("variable_not_set", subject=subject, name=match["name"])
        return found

    return REFERENCE.sub(value, text)
