"""What counts where a value is said in several places: flag > FEEDSYNC_* > target > project > defaults > the channel."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_project import BAD, PROJECT, run, shop

TARGETS = """\
fail_on: warning
targets:
  strict: {fail_on: hint}
  loose: {fail_on: error}
  named:
    feeds: {shop: {attributes: {title: "{{ as_of }} N"}}}
"""
LAYERS = """\
catalog: {sources: [{path: products.csv}], fields: {price: {type: decimal}}}
defaults: {attributes: {title: by default}}
feeds:
  shop: {channel: probe@1, market: {country: ES, language: es, currency: EUR}%s}
"""


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROJECT", "TARGET", "AS_OF", "FAIL_ON", "LOG_FORMAT", "NO_PLUGINS"):
        monkeypatch.delenv(f"FEEDSYNC_{name}", raising=False)


def title(folder: Path, *more: str) -> str:
    """What the only product's title is."""
    code, out, err = run("-C", folder, "preview", "shop", "--limit", "1", "--format", "plain", *more)
    assert (code, err) == (0, "")
    return next(line.partition("title: ")[2] for line in out.splitlines() if "title: " in line)


def test_the_layers_of_a_mapping(tmp_path: Path) -> None:
    """Target over feed over defaults over the channel's own mapping."""
    folder = shop(tmp_path, project=LAYERS % "")
    assert title(folder) == "by default"
    (folder / "channel_specs/probe/1/mapping.yaml").write_text('id: "{{ sku }}"\ntitle: by spec\n', encoding="utf-8")
    assert title(folder) == "by default"
    (folder / "feedsync.yaml").write_text((LAYERS % "").replace("defaults: {attributes: {title: by default}}\n", ""))
    assert title(folder) == "by spec"
    (folder / "feedsync.yaml").write_text(LAYERS % ", attributes: {title: by feed}")
    assert title(folder) == "by feed"
    target = "targets: {prod: {feeds: {shop: {attributes: {title: by target}}}}}\n"
    (folder / "feedsync.yaml").write_text(LAYERS % ", attributes: {title: by feed}" + target)
    assert title(folder, "-t", "prod") == "by target"


def test_a_target_by_flag_and_by_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path, project=PROJECT + TARGETS + "  other: {feeds: {shop: {attributes: {title: other}}}}\n")
    assert title(folder) == "Bota"
    monkeypatch.setenv("FEEDSYNC_TARGET", "other")
    assert title(folder) == "other"
    assert title(folder, "--target", "named", "--as-of", "2026-11-21") == "2026-11-21 N"
    monkeypatch.setenv("FEEDSYNC_TARGET", "")  # set to nothing is not set
    assert title(folder) == "Bota"
    monkeypatch.setenv("FEEDSYNC_TARGET", "gone")
    assert run("-C", folder, "check") == (
        2,
        "",
        'feedsync.yaml: error: there is no target "gone". There are: strict, loose, named, other.\n',
    )


def test_a_day_by_flag_and_by_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path, project=PROJECT + TARGETS)
    monkeypatch.setenv("FEEDSYNC_AS_OF", "2026-01-31")
    assert title(folder, "-t", "named") == "2026-01-31 N"
    assert title(folder, "-t", "named", "--as-of", "2026-02-28") == "2026-02-28 N"
    monkeypatch.setenv("FEEDSYNC_AS_OF", "tomorrow")
    assert run("-C", folder, "check")[2].startswith('error: --as-of "tomorrow" is not a day.')


def test_a_level_by_flag_variable_target_and_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A product with a warning: it fails from the level `warning` on."""
    warned = "sku,title,price\nA-1,Bota,10\nA-2,Gorra de lana gruesa,12.50\n"
    project = PROJECT + "rules: {FS302: warning}\n" + TARGETS
    folder = shop(tmp_path, warned, project)

    def code(*more: str) -> int:
        return run("-C", folder, "check", *more)[0]

    assert code() == 1  # the project
    assert code("-t", "loose") == 0  # the target over it
    monkeypatch.setenv("FEEDSYNC_FAIL_ON", "hint")
    assert code("-t", "loose") == 1  # the variable over it
    assert code("-t", "loose", "--fail-on", "error") == 0  # the flag over it
    monkeypatch.delenv("FEEDSYNC_FAIL_ON")
    (folder / "feedsync.yaml").write_text(project.replace("fail_on: warning\n", ""))
    assert code() == 0  # error, where nobody says anything


def test_the_folder_by_flag_and_by_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = shop(tmp_path / "good"), shop(tmp_path / "bad", BAD)
    monkeypatch.setenv("FEEDSYNC_PROJECT", str(bad))
    assert run("check")[0] == 1
    assert run("-C", good, "check")[0] == 0


def test_the_log_and_the_code_by_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path, project=PROJECT + "functions: own.py\n")
    (folder / "own.py").write_text("raise SystemError\n", encoding="utf-8")
    assert run("-C", folder, "check")[0] == 2
    monkeypatch.setenv("FEEDSYNC_NO_PLUGINS", "1")
    assert run("-C", folder, "check")[0] == 0
    monkeypatch.setenv("FEEDSYNC_LOG_FORMAT", "json")
    assert run("-C", folder, "check")[2].startswith('{"time": ')
