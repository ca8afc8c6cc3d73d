"""Broken YAML never breaks feedsync: whatever is wrong in a file is a mistake with its place, or it is right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from broken_yaml import broken_texts, broken_trees

from feedsync.errors import FeedsyncError, ManyErrors
from feedsync.project import open_project
from feedsync.run.lint import lint
from feedsync.specs import yaml
from feedsync.specs.channels import builtin_folder, channel_folders, load_channel

SHOP = Path(__file__).parents[2] / "examples" / "quickstart" / "feedsync.yaml"
EVERY = {"feedsync.yaml": 61, "channel.yaml": 389, "attributes.yaml": 1999, "mapping.yaml": 97, "cases.yaml": 1999}
# of a whole file, or of the folder: there is no line
WITHOUT_LINE = {"config_yaml_empty", "config_missing_key", "config_yaml_character", "spec_no_file", "config_not_utf8"}


def judged(error: FeedsyncError) -> None:
    for one in error.errors if isinstance(error, ManyErrors) else [error]:
        assert one.place is not None, one.message()
        assert one.place.line or one.key in WITHOUT_LINE, one.message()


def written(path: Path, text: str | bytes) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("part", range(2))
def test_a_project(tmp_path: Path, part: int) -> None:
    text, file = SHOP.read_text(encoding="utf-8"), tmp_path / "feedsync.yaml"
    trees = [*broken_trees(yaml.parse(text, "x").data, part * EVERY["feedsync.yaml"], 2 * EVERY["feedsync.yaml"])]
    refused = 0
    for what, broken in [*trees, *(broken_texts(text) if part else ())]:
        written(file, broken)
        try:
            open_project(tmp_path, {})
        except FeedsyncError as error:
            judged(error)
            refused += 1
        except Exception as error:
            raise AssertionError(f"{what}: {error!r}") from error
    assert refused > len(trees) / 2


@pytest.mark.parametrize("name", [entry.full_name for entry in channel_folders(None)])
@pytest.mark.parametrize("file", ["channel.yaml", "attributes.yaml", "mapping.yaml", "cases.yaml"])
def test_a_channel(tmp_path: Path, name: str, file: str) -> None:
    folder = Path("channel_specs", *name.split("@"))
    shutil.copytree(
        builtin_folder().parent / folder if builtin_folder().name == "channel_specs" else folder, tmp_path / folder
    )
    path = tmp_path / folder / file
    text = path.read_text(encoding="utf-8")
    trees = [*broken_trees(yaml.parse(text, "x").data, every=EVERY[file])]
    assert trees
    for what, broken in trees:
        written(path, broken)
        try:
            lint(load_channel(name, tmp_path), cases=False)
        except FeedsyncError as error:
            judged(error)
        except Exception as error:
            raise AssertionError(f"{what}: {error!r}") from error
