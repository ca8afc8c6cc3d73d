"""The project's own Python on the command line: run, refused, and never loaded where nothing asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_project import PROJECT, run, shop

OWN = """
import feedsync

print("loaded")

@feedsync.function()
def loud(title):
    return title.str.to_uppercase()
"""
FUNCTIONS = PROJECT.replace("{{ title }}", "{{ title | loud }}") + "functions: own.py\n"
HOOK = PROJECT + "hooks: {call: 'own:enrich', changes: title}\n"
ENRICH = """
print("loaded")
def enrich(frame):
    return frame.with_columns(frame["title"].str.to_uppercase())
"""
COMMANDS = {
    "check": ["check"],
    "preview": ["preview", "shop"],
    "explain": ["explain", "A-1", "--feed", "shop"],
    "export": ["export", "-o", "out"],
}
BOTH = pytest.mark.parametrize(("project", "code"), [(FUNCTIONS, OWN), (HOOK, ENRICH)], ids=["functions", "hooks"])


def made(folder: Path, project: str, code: str) -> Path:
    shop(folder, project=project)
    (folder / "own.py").write_text(code, encoding="utf-8")
    return folder


@BOTH
@pytest.mark.parametrize("command", COMMANDS)
def test_own_code_runs(tmp_path: Path, project: str, code: str, command: str) -> None:
    status, out, err = run("-C", made(tmp_path, project, code), *COMMANDS[command])
    assert status == 0, err
    assert "loaded" not in out
    assert "loaded" in err
    if command != "check":
        shown = out if command != "export" else (tmp_path / "out" / "shop.csv").read_text(encoding="utf-8")
        assert "BOTA" in shown


@BOTH
@pytest.mark.parametrize("command", COMMANDS)
def test_no_plugins_refuses_what_needs_it(tmp_path: Path, project: str, code: str, command: str) -> None:
    first, *rest = COMMANDS[command]
    status, out, err = run("-C", made(tmp_path, project, code), first, "--no-plugins", *rest)
    assert (status, out) == (2, "")
    assert "loaded" not in err.splitlines()
    assert "--no-plugins" in err
    assert not (tmp_path / "out" / "shop.csv").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_no_plugins_does_what_needs_none(tmp_path: Path, command: str) -> None:
    project = PROJECT + "functions: own.py\nhooks: {call: 'own:enrich', adds: {margin: decimal}, changes: []}\n"
    first, *rest = COMMANDS[command]
    status, _, err = run("-C", made(tmp_path, project, "raise SystemExit(0)"), first, "--no-plugins", *rest)
    assert status == 0, err


@pytest.mark.parametrize("arguments", [["channels", "list"], ["channels", "show", "probe"], ["--help"]])
def test_nothing_else_loads_it(tmp_path: Path, arguments: list[str]) -> None:
    status, out, err = run("-C", made(tmp_path, FUNCTIONS, OWN), *arguments)
    assert status == 0
    assert "loaded" not in out + err


def test_an_error_of_hers_is_not_a_bug_of_ours(tmp_path: Path) -> None:
    code = OWN.replace("return title", "return titel")
    status, _, err = run("-C", made(tmp_path, FUNCTIONS, code), "check")
    assert status == 2
    assert (
        "own.py:8: error: loud: NameError: name 'titel' is not defined, at product A-1 (products.csv:2), in title"
        in err
    )
