"""The code blocks of the hand-written pages, read as a reader would use them: files are saved, commands are run.

```yaml file=feedsync.yaml     saved beside the other files of the page
```yaml fragment               a part of a file; it must be YAML
```console                     every `$ ` line is run, and what stands below is its output; `...` is any output
```python                      run in the page's folder
```jinja                       templates, each with a row and its result
```sh, ```text                 not run
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
HAND_WRITTEN = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
HAND_WRITTEN += sorted((ROOT / "examples").glob("*/README.md"))
HAND_WRITTEN += sorted((ROOT / "docs").glob("*.md"))
GENERATED = sorted((ROOT / "docs/reference").glob("*.md"))
KNOWN = {"yaml", "csv", "console", "python", "jinja", "sh", "text", "json", ""}


class Block(NamedTuple):
    """A fenced block: its language, what stands behind it, its text and the line where it begins."""

    language: str
    note: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The page's fenced blocks, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2].strip(), found[3], text.count("\n", 0, found.start()) + 1)
        for found in re.finditer(r"^```(\w*)([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def saved(block: Block, folder: Path) -> Path | None:
    """The file that the block is, written into the folder; None for a block that is no file."""
    if not block.note.startswith("file="):
        return None
    file = folder / block.note.removeprefix("file=")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block.text, encoding="utf-8")
    return file


class Said(NamedTuple):
    """A command of a console block and the output that the page gives it."""

    command: str
    output: str


def commands(block: Block) -> list[Said]:
    """The block's commands, each with the lines below it."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [Said(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def output_of(command: str, folder: Path) -> str:
    """What a command prints, both streams together, as on a pipe 80 columns wide."""
    words = shlex.split(command)
    assert words[0] in ("feedsync", "python"), f"only feedsync and the example's own programs are run here: {command}"
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *(["-m", "feedsync"] if words[0] == "feedsync" else []), *words[1:]],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode in (0, 1, 2, 3), done.stdout.decode()
    return done.stdout.decode("utf-8")


def fits(said: str, met: str) -> bool:
    """Whether the output is what the page says; `...` stands for any text."""
    pattern = ".*".join(re.escape(part) for part in said.strip().split("..."))
    return re.fullmatch(pattern, met.strip(), re.DOTALL) is not None


class Probe(NamedTuple):
    """One template of a jinja block."""

    template: str
    row: dict[str, str]
    gives: str | None


def probes(block: Block) -> list[Probe]:
    """The templates of a jinja block: a row's cells and the result are indented below their template."""
    found: list[Probe] = []
    for line in block.text.splitlines():
        if not line.startswith("    "):
            found.append(Probe(line, {}, None))
        elif line.startswith("    -> "):
            gives = line.removeprefix("    -> ")
            found[-1] = found[-1]._replace(gives=None if gives == "(missing)" else gives)
        else:
            name, _, cell = line.strip().partition(" = ")
            found[-1].row[name] = "" if cell == "(missing)" else cell
    return found
