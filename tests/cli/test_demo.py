"""feedsync demo: the example shop, for someone who has nothing yet."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli_project import run

from feedsync.cli import demo


def test_demo_exports_and_brings_the_project_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("demo")
    assert (code, err) == (0, "")
    folder = tmp_path / "feedsync-demo"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        assert f"feedsync-demo/{file['path']} " in out
        assert (folder / file["path"]).stat().st_size == file["bytes"]
    for feed in manifest["feeds"]:
        assert feed["ready"] + feed["blocked"] + feed["excluded"] == feed["read"]
    assert {feed["feed"] for feed in manifest["feeds"] if feed["blocked"]}, "the shop is wrong on purpose"
    example = demo.example_folder()
    for name in ("feedsync.yaml", "productos.csv"):
        assert (folder / name).read_bytes() == (example / name).read_bytes()
    assert sorted(path.name for path in folder.glob("maps/*")) == sorted(path.name for path in example.glob("maps/*"))


def test_what_a_newcomer_is_told_to_type_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, _ = run("demo", "--output", "shop")
    commands = [line.split()[1:] for line in out.partition("Next\n")[2].splitlines()]
    assert [command[2] for command in commands] == ["check", "explain", "preview"]
    for command in commands:
        code, said, err = run(*command)
        assert (code in (0, 1), bool(said)) == (True, True)
        assert [line for line in err.splitlines() if ": hint: " not in line] == []


def test_demo_again_keeps_what_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = run("demo")
    mine = tmp_path / "feedsync-demo" / "feedsync.yaml"
    mine.write_text(mine.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert run("demo") == first
    assert mine.read_text(encoding="utf-8").endswith("# mine\n")


def test_demo_into_the_example_itself_copies_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = tmp_path / "examples" / "quickstart"
    shutil.copytree(demo.example_folder(), example, ignore=shutil.ignore_patterns("out"))
    monkeypatch.setattr(demo, "example_folder", lambda: example)
    monkeypatch.chdir(tmp_path)
    code, out, err = run("demo", "--output", "examples/quickstart/out")
    assert (code, err) == (0, "")
    assert not (example / "out" / "feedsync.yaml").exists()
    assert "feedsync -C examples/quickstart check google_es\n" in out
    assert "The project, to play with:  examples/quickstart/feedsync.yaml\n" in out
