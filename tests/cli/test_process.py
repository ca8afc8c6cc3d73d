"""What only a real process shows: signals, pipes, terminals, start-up."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
import typer
from cli_project import BAD, shop

from feedsync.cli.running import running
from feedsync.cli.settings import Settings
from feedsync.cli.signals import Terminated, stop
from feedsync.errors import SourceError

LONG = "Bota " * 50  # with many of it more than any pipe holds
FEEDSYNC = [sys.executable, "-m", "feedsync"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return {**kept, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2]), **more}


def on_a_terminal(arguments: list[str | Path], **env: str) -> str:
    """What the command prints to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([*FEEDSYNC, *arguments], stdout=theirs, stdin=theirs, env=environment(**env)) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the other side is closed
                break
            if not part:
                break
            parts.append(part)
        os.close(ours)
        process.wait(30)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_gets_blocks_in_colour_and_no_color_is_honoured(tmp_path: Path) -> None:
    shop(tmp_path, BAD.replace("lana", "[red]\x1b[2J"))
    text = on_a_terminal(["-C", tmp_path, "check"])
    assert "\x1b[1;31merror   \x1b[0m" in text
    assert "\x1b[2J" not in text
    bare = on_a_terminal(["-C", tmp_path, "check"], NO_COLOR="1")
    assert "\x1b" not in bare
    assert bare.startswith("shop\n error    FS302  title  1  33.3 %  longer than 12 characters\n")
    assert "\x1b" not in on_a_terminal(["-C", tmp_path, "check"], TERM="dumb")


def test_a_pipe_that_closes_early_is_quiet(tmp_path: Path) -> None:
    shop(tmp_path, "sku,title,price\n" + "".join(f"A-{n},{LONG},1\n" for n in range(20_000)))
    arguments = ["-C", str(tmp_path), "preview", "shop", "--limit", "20000"]
    with subprocess.Popen(
        [*FEEDSYNC, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"A-0 (blocked): FS302 title\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_raised_once_so_that_cleaning_up_is_not_cut(number: signal.Signals) -> None:
    with pytest.raises((KeyboardInterrupt, Terminated)):
        stop(number, None)
    cleaned = False
    try:
        try:
            raise KeyboardInterrupt
        finally:
            stop(number, None)  # Polars has raised it already, now Python delivers the same signal
            cleaned = True
    except KeyboardInterrupt:
        pass
    assert cleaned


def stop_inside(number: signal.Signals, error: BaseException) -> None:
    """The signal arrives while a library is at work, which ends with an error of its own."""
    try:
        stop(number, None)
    except (KeyboardInterrupt, Terminated):
        raise error from None


class PanicError(BaseException):
    """As Polars raises it: no Exception."""


@pytest.mark.parametrize(
    "error", [RuntimeError("a column failed"), PanicError("a capsule"), SourceError("source_empty")]
)
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGTERM, 143, "terminated. "),
        (signal.SIGHUP, 143, "terminated. "),
        (signal.SIGINT, 130, "interrupted. "),
    ],
)
def test_a_signal_inside_a_library_is_a_signal_still(
    number: signal.Signals, code: int, said: str, error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    context = typer.Context(click.Command("export"), obj=Settings())
    with pytest.raises(typer.Exit) as ended, running(context, "export"):
        stop_inside(number, error)
    assert ended.value.exit_code == code
    assert capsys.readouterr().err.startswith(said)


def test_a_panic_is_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    context = typer.Context(click.Command("export"), obj=Settings())
    with pytest.raises(typer.Exit) as ended, running(context, "export"):
        raise PanicError("a capsule")
    assert ended.value.exit_code == 70
    assert "PanicError: a capsule" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_and_leaves_the_last_files(tmp_path: Path, number: signal.Signals, code: int) -> None:
    shop(tmp_path, "sku,title,price\n" + "".join(f"A-{n},Bota,10\n" for n in range(400_000)))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "shop.csv").write_text("the last good file\n", encoding="utf-8")
    with subprocess.Popen(
        [*FEEDSYNC, "-C", str(tmp_path), "export", "-o", "out"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 30
        while len(list((tmp_path / "out").iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, b"")
    assert err.decode().splitlines()[-1].endswith("The last good files stay.")
    assert [(file.name, file.read_text(encoding="utf-8")) for file in (tmp_path / "out").iterdir()] == [
        ("shop.csv", "the last good file\n")
    ]


def test_standard_output_that_is_full_is_said(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*FEEDSYNC, "-C", str(shop(tmp_path)), "check"],
            stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.decode() == "error: standard output cannot be written: No space left on device.\n"


def test_a_terminal_that_is_not_utf8_works(tmp_path: Path) -> None:
    shop(tmp_path, BAD.replace("lana", "cañón"))
    done = subprocess.run(
        [*FEEDSYNC, "-C", str(tmp_path), "preview", "shop"],
        capture_output=True, env=environment(PYTHONIOENCODING="ascii"), check=True,
    )  # fmt: skip
    assert b"A-2 title: Gorra de ca\\xf1\\xf3n gruesa\n" in done.stdout


def test_help_and_import_load_nothing_heavy() -> None:
    heavy = ("polars", "pydantic", "rich", "yaml", "numpy", "jinja2", "lxml", "sqlalchemy", "pandas")
    program = (
        "import json, sys, runpy, io, contextlib\n"
        "import feedsync\n"
        "light = sorted(name for name in sys.modules if name.startswith('feedsync'))\n"
        "sys.argv = ['feedsync', '--help']\n"
        "with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):\n"
        "    runpy.run_module('feedsync', run_name='__main__')\n"
        f"print(json.dumps([light, [name for name in {heavy!r} if name in sys.modules], shown.getvalue()[:15]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment(), check=True, text=True
    )
    assert json.loads(done.stdout) == [["feedsync", "feedsync.version"], [], "Usage: feedsync"]


def test_a_report_in_colour_loads_no_rich() -> None:
    program = (
        "import io, sys\n"
        "from feedsync.reports import lines, plain, table\n"
        "stream = io.StringIO()\n"
        "lines.coloured([[('x', 'error')]], stream)\n"
        "print([stream.getvalue(), 'rich' in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment(), check=True, text=True
    )
    assert done.stdout == "['\\x1b[1;31mx\\x1b[0m\\n', False]\n"
