"""Values that stand outside feedsync.yaml: `${VAR}`, `${VAR:-default}` and `${file:secrets/password}`.

They are read when they are used, so that checking a project needs no password. What was read is never read again
(a password may hold `${`), and no message shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from feedsync.errors import ConfigError, Place

_REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*)\}?")
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)
_MAX_BYTES = 64 * 1024  # a secret is a line or a key, never a catalog


def resolve(text: str, env: Mapping[str, str], root: Path, place: Place | None) -> str:
    """The text with every reference replaced; `$${` stays as a plain `${`. Relative files are relative to `root`."""

    def value(found: re.Match[str]) -> str:
        whole, inside = found.group(), found.group(1)
        if whole == "$${":
            return "${"
        if whole.endswith("}") and inside.startswith("file:"):
            return _file(inside.removeprefix("file:").strip(), root, place)
        variable = _VARIABLE.fullmatch(inside)
        if not whole.endswith("}") or not variable:
            raise ConfigError("config_bad_reference", place, reference=whole)
        name, default = variable.groups()
        if default is not None:
            return env.get(name) or default
        if name not in env:
            raise ConfigError("config_variable_not_set", place, name=name)
        return env[name]

    return _REFERENCE.sub(value, text)


def _file(name: str, root: Path, place: Place | None) -> str:
    """The text of a secret's file without the line end that editors add."""
    try:
        with (root / name).open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ConfigError("config_secret_file", place, file=name, reason=reason) from error
    if len(content) > _MAX_BYTES:
        raise ConfigError("config_secret_file", place, file=name, reason="larger than 64 KiB")
    try:
        return content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        # "from None": the original exception carries the secret's bytes
        raise ConfigError("config_secret_file", place, file=name, reason="not UTF-8 text") from None
