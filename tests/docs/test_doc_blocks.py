"""Every block of every hand-written page: files load, commands give what is printed, Python runs, templates hold."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from doc_blocks import GENERATED, HAND_WRITTEN, KNOWN, ROOT, Block, blocks, commands, fits, output_of, probes, saved

from feedsync.project import open_project
from feedsync.specs import yaml
from feedsync.specs.channels import load_channel
from feedsync.specs.lint import lint_channel

sys.path.append(str(ROOT / "tests/functions"))  # where the functions' own examples are run
from one_row import run

PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in HAND_WRITTEN]


@pytest.mark.parametrize("page", PAGES)
def test_blocks_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in one folder, as a reader would do it."""
    if page.parents[1].name == "examples":
        shutil.copytree(page.parent, tmp_path, dirs_exist_ok=True)  # its commands are run beside its files
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        file = saved(block, tmp_path)
        if block.language == "yaml":
            _yaml(block, file, tmp_path, where)
        elif block.language == "console":
            for said in commands(block):
                met = output_of(said.command, tmp_path)
                assert fits(said.output, met), f"{where}: {said.command} gave:\n{met}"
        elif block.language == "python":
            exec(compile(block.text, where, "exec"), {})
        elif block.language == "jinja":
            for probe in probes(block):
                assert run(probe.template, probe.row)[0] == probe.gives, f"{where}: {probe.template}"
    _whole_channels(tmp_path)


def _yaml(block: Block, file: Path | None, folder: Path, where: str) -> None:
    if file is None:
        assert block.note == "fragment", f"{where}: name the file, or mark a fragment"
        (folder / "fragment.yaml").write_text(block.text, encoding="utf-8")
        assert yaml.read(folder / "fragment.yaml", where).data
    elif file.name == "feedsync.yaml":
        assert open_project(folder, {}).feeds


def _whole_channels(folder: Path) -> None:
    """A channel that a page wrote, once all its files are there."""
    for file in sorted(folder.glob("channel_specs/*/*/channel.yaml")):
        loaded = load_channel(f"{file.parts[-3]}@{file.parts[-2]}", folder)
        assert [problem.message() for problem in lint_channel(loaded)] == []


@pytest.mark.parametrize("page", [*PAGES, *(pytest.param(page, id=page.name) for page in GENERATED)])
def test_no_block_is_of_an_unknown_kind(page: Path) -> None:
    assert {block.language for block in blocks(page)} <= KNOWN


def test_ellipsis_is_any_output_and_nothing_else_is() -> None:
    assert fits("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not fits("a\n...\nd\n", "a\nb\nc\n")
    assert not fits("a.c\n", "abc\n")
