"""What a shell, a script or an attacker may call feedsync with: one message that names the argument, never a bug's code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_project import BAD, run, shop

from feedsync.errors import Exit

BYTES = os.fsdecode(b"\xff\xfe")  # as Python gives a program what is not UTF-8
NOT_UTF8 = 'error: {} "\\xff\\xfe" is not UTF-8.'
BLANK = "error: {} is empty. Give it a value; a shell variable that is not set gives none."
LONG = "x" * 300
DEEP = "x/" * 3000
FEEDSYNC = [sys.executable, "-m", "feedsync"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", BYTES], NOT_UTF8.format("SKU")),
        (["check", BYTES], NOT_UTF8.format("FEED")),
        (["check", "--sku", "A-1", "--sku", BYTES], NOT_UTF8.format("--sku")),
        (["check", "--where", BYTES], NOT_UTF8.format("--where")),
        (["check", "--as-of", BYTES], NOT_UTF8.format("--as-of")),
        (["preview", BYTES], NOT_UTF8.format("FEED")),
        (["preview", "shop", "--where", "{{ title == '\udcff' }}"], "error: --where \"{{ title == '\\xff' }}\" is not"),
        (["explain", "A-1", "--feed", BYTES], NOT_UTF8.format("--feed")),
        (["explain", "A-1", "--attribute", BYTES], NOT_UTF8.format("--attribute")),
        (["export", "-o", "out", "--formats", BYTES], NOT_UTF8.format("--formats")),
        (["export", "-o", "out", "--allow", "shrink", "--reason", BYTES], NOT_UTF8.format("--reason")),
        (["channels", "show", BYTES], NOT_UTF8.format("NAME")),
        (["channels", "lint", BYTES], "error: no channel.yaml in"),
        (["check", "--format", BYTES], "--format"),
        (["check", f"--{BYTES}"], "No such option"),
        ([BYTES], "No such command"),
        (["explain", ""], BLANK.format("SKU")),
        (["check", ""], BLANK.format("FEED")),
        (["check", "--sku", " "], BLANK.format("--sku")),
        (["check", "--where", ""], BLANK.format("--where")),
        (["export", "-o", ""], BLANK.format("--output")),
        (["export", "-o", "out", "--formats", ""], BLANK.format("--formats")),
        (["demo", "-o", ""], BLANK.format("--output")),
        (["preview", "shop", "--limit", "9" * 5000], "--limit"),
        (["preview", "shop", "--limit", "-1"], "--limit"),
        (["preview", "shop", "--limit", "ten"], "--limit"),
        (["export", "-o", LONG], f"{LONG}: error: the file cannot be written: File name too long."),
        (["demo", "-o", LONG], "error: the file cannot be written: File name too long."),
        (["demo", "-o", DEEP], "error: the file cannot be written: "),
        (["channels", "lint", LONG], "cannot be looked at: File name too long."),
        (["export", "-o", "/dev/null"], 'error: "/dev/null" is a file, not a folder.'),
        (["export", "-o", "products.csv/x"], "is a file, not a folder."),
        (["check", "--where", "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"], "--where: error: nested deeper"),
        (["check", "--where", "{{ " + " ~ ".join(["title"] * 3000) + " }}"], "--where: error: the template has more"),
        (["check", "--where", "{{ title is matching('(a{1000}){1000}') }}"], "--where: error: "),
        (["channels", "show", "../../etc"], 'error: there is no channel "../../etc".'),
        (["explain", "\x1b[2J"], 'error: no product "\\x1b[2J".'),
    ],
)
def test_arguments(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, out, err = run("-C", shop(tmp_path), *arguments)
    assert (code, out) == (Exit.CANNOT_RUN, "")
    assert message in err
    assert "Traceback" not in err
    assert "\x1b" not in err
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize("limit", [2**32, 2**63, 10**30])
def test_any_limit_is_a_limit(tmp_path: Path, limit: int) -> None:
    code, out, _ = run("-C", shop(tmp_path), "preview", "shop", "--limit", limit)
    assert (code, out.count("id: ")) == (Exit.DONE, 2)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = os.fsdecode(b"o\xff")
    code, _, err = run("-C", shop(tmp_path), "export", "-o", folder)
    assert (code, err) == (Exit.DONE, "")
    assert (tmp_path / folder / "shop.csv").exists()
    document = json.loads(run("-C", tmp_path, "export", "-o", folder, "--format", "json")[1])
    assert [file["path"] for file in document["files"]] == ["shop.csv"]


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (BYTES, "there is no folder"),
        (LONG, "cannot be looked at: File name too long. Name another one."),
        (DEEP, "cannot be looked at: File name too long. Name another one."),
        ("products.csv/x", "there is no folder"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["channels", "list"], ["demo"]])
def test_folders(tmp_path: Path, folder: str, message: str, command: list[str]) -> None:
    shop(tmp_path)
    code, out, err = run("-C", f"{tmp_path}/{folder}", *command)
    assert (code, out) == (Exit.CANNOT_RUN, "")
    assert message in err


def called(shell: str, folder: Path, **env: str) -> tuple[int, str]:
    """What a shell line ends with and says on both streams; $F is the command."""
    program = " ".join(["exec", *FEEDSYNC]) if "|" not in shell else " ".join(FEEDSYNC)
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "LC_ALL", "LANG")}
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[2]), "F": program, **env},
    )  # fmt: skip
    return done.returncode, done.stdout.decode()


LINE = "feedsync.yaml:12: error FS302 title: longer than 12 characters"
FULL = "error: standard output cannot be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$F check | head -1; exit ${PIPESTATUS[0]}", 1, LINE),
        ("$F channels show google_merchant | head -1; exit ${PIPESTATUS[0]}", 0, "google_merchant@"),
        ("$F check --help | true; exit ${PIPESTATUS[0]}", 0, ""),
        ("$F nothing 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}", 2, ""),
        ("$F check >&-", 1, ""),
        ("$F check 2>&-", 1, LINE),
        ("$F check --format json <&- >&- 2>&-", 1, ""),
        ("$F preview shop --raw >&-", 0, ""),
        ("$F check nothing >&- 2>&-", 2, ""),
        ("$F nothing >&- 2>&-", 2, ""),
        ("$F --version <&- >&-", 0, ""),
        ("$F check >/dev/full", 2, FULL),
        ("$F check --format json >/dev/full", 2, FULL),
        ("$F --help >/dev/full", 2, FULL),
        ("$F check 2>/dev/full", 1, LINE),
        ("$F check nothing 2>/dev/full", 2, ""),
        ("$F nothing 2>/dev/full", 2, ""),
        ("$F --log-format json check nothing 2>/dev/full", 2, ""),
        ("mkdir gone; cd gone; rmdir ../gone; $F demo", 2, 'error: the folder "." cannot be looked at'),
        ("mkdir gone; cd gone; rmdir ../gone; $F channels list", 2, 'error: the folder "." cannot be looked at'),
    ],
)
def test_streams_and_places(tmp_path: Path, line: str, code: int, said: str) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    got, text = called(line, shop(tmp_path, BAD))
    assert "Traceback" not in text
    assert (got, text[: len(said) or None]) == (code, said)


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": "/nonexistent", "LANG": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LANG": "nonsense", "TZ": "nonsense", "TERM": "dumb"},
        {"PYTHONIOENCODING": "ascii", "COLUMNS": "garbage"},
        {"COLUMNS": "0", "LINES": "-1"},
        {"COLUMNS": "10"},
        {"COLUMNS": str(10**30)},
    ],
)
def test_environments(tmp_path: Path, env: dict[str, str]) -> None:
    code, text = called("$F check --format table", shop(tmp_path, BAD), **env)
    assert (code, text.splitlines()[0]) == (1, "shop")
    assert "error    FS302  title" in text


def test_what_is_opened_next_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """A file would else be standard output or error, and whatever is printed would stand in it."""
    code, text = called("$F -v export -o out <&- >&- 2>&-", shop(tmp_path, BAD))
    assert (code, text) == (0, "")
    assert (tmp_path / "out" / "shop.csv").read_text(encoding="utf-8") == "id,title,price\nA-1,Bota,10.00 EUR\n"
