"""What is installed from a wheel is whole: channels, the example shop, the command. Needs the package registry."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from doc_blocks import ROOT

from feedsync.cli.demo import PROJECT_FILES
from feedsync.specs.channels import channel_folders

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("feedsync-*.whl")
    return built


def done(*arguments: str, python: str = sys.executable, folder: Path = ROOT) -> str:
    """What the program prints; it must end well."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [python, *arguments], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert run.returncode == 0, run.stdout.decode()
    return run.stdout.decode("utf-8")


def test_a_wheel_holds_what_a_user_needs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for entry in channel_folders(None):
        for file in ("channel.yaml", "attributes.yaml", "mapping.yaml"):
            assert f"feedsync/_channel_specs/{entry.name}/{entry.version}/{file}" in names
    assert {f"feedsync/_taxonomies/google_product/{file}" for file in ("tree.txt", "LICENSE", "NOTICE")} <= names
    shop = ROOT / "examples/quickstart"
    project = {file.relative_to(shop).as_posix() for pattern in PROJECT_FILES for file in shop.glob(pattern)}
    prefix = "feedsync/_examples/quickstart/"
    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == project
    data = {file.relative_to(ROOT).as_posix() for file in (ROOT / "feedsync/catalog").rglob("*.yaml")}
    assert len(data) > 10  # presets, and the words that headers are known by
    assert data <= names
    assert "feedsync/py.typed" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"feedsync"}
    assert [name for name in names if name.endswith(".pyc")] == []


def test_the_demo_runs_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    done("-m", "venv", str(tmp_path / "venv"))
    python = str(tmp_path / "venv/bin/python")
    done("-m", "pip", "install", "--quiet", str(wheel), python=python)
    shown = done("-m", "feedsync", "demo", python=python, folder=tmp_path)
    assert "google_es" in shown
    assert (tmp_path / "feedsync-demo/google_es.xml").is_file()
    assert "google_merchant" in done("-m", "feedsync", "channels", "list", python=python, folder=tmp_path)
