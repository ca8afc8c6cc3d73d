"""Which well-known export a file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from feedsync.catalog.shape import known_headers
from feedsync.catalog.shape.headers import PLACEHOLDERS
from feedsync.errors import FeedsyncError
from feedsync.run.profile import Profile
from feedsync.run.starting.form import Form, read_file
from feedsync.specs.presets import LoadedPreset, load_preset, preset_files

_FIELD: Final = re.compile(r"field\('([^']+)'\)")


def recognised(form: Form, found: Profile | None, root: Path) -> tuple[LoadedPreset, Form, Profile] | None:
    """The preset most of whose columns the file has, and the file as the preset reads it; None where it is none of them.

    `found` is the file read in its own form; None where that cannot be.
    """
    best: tuple[int, LoadedPreset, Form, Profile] | None = None
    for name in preset_files(root):
        preset = load_preset(name, root)
        for mine, read in _ways(form, found, preset, root):
            score = _score(preset, list(read.columns))
            if score and (best is None or score > best[0]):
                best = (score, preset, mine, read)
    return best[1:] if best else None


def _ways(form: Form, found: Profile | None, preset: LoadedPreset, root: Path) -> Iterator[tuple[Form, Profile]]:
    """The file as it is; where its records are nested, with the preset's own way to them, then with the file's own."""
    said = preset.spec.source
    if (said.format not in (None, "csv", "tsv")) == ("delimiter" in form.keys):
        return
    if "delimiter" in form.keys:
        if found is not None:
            yield form, found
        return
    own = {name: text for name in ("records", "rows") if (text := getattr(said, name))}
    for keys in dict.fromkeys((tuple(own.items()), tuple({**own, **form.keys}.items()))):
        if found is not None and dict(keys) == form.keys:
            yield form, found
            continue
        try:
            yield read_file(Form(form.declared, dict(keys)), root)
        except FeedsyncError:
            continue


def _score(preset: LoadedPreset, headers: list[str]) -> int:
    """How many of the preset's columns the file has; 0 where it lacks one that the preset needs."""
    aliases = known_headers(headers, preset.spec.headers)
    columns = {aliases.get(header, header) for header in headers}
    if not set(preset.spec.needs) <= columns or not _names_products(preset, columns):
        return 0
    named = [name for name in preset.spec.headers if not any(one in name for one in PLACEHOLDERS)]
    return len({*named, *preset.spec.needs} & columns)


def _names_products(preset: LoadedPreset, columns: set[str]) -> bool:
    """Whether a column is there that the preset's sku comes from: titles and prices alone are those of any shop."""
    sku = preset.spec.fields.get("sku")
    if sku is None:
        return True
    named = {sku.from_} if sku.from_ else set(_FIELD.findall(sku.template or ""))
    return not named or bool(named & columns)
