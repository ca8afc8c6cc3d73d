"""Measures feedsync against its yardsticks: `python -m benchmarks.run --rows 100000 1000000 --write docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.contract import DATA, TSV_NAME, XML_NAME
from benchmarks.measure import Measured, Program, interleaved
from benchmarks.report import BARE, CHECK, COPY, EXPORT, FIVE, HELP, ROWS, STRICT, Part, page, table, targets

SMALL: Final = 1000
ROW_BY_ROW_UP_TO: Final = 200_000  # beyond, it takes minutes and says nothing new
COMPARE_UP_TO: Final = 200_000
FEEDSYNC: Final = str(Path(sys.executable).parent / "feedsync")
COUNTS: Final = "read = "  # of the line that ends every run


def programs(rows: int) -> list[Program]:
    """What is measured with a catalog of that many rows."""
    data, out = DATA / str(rows), DATA / "out" / str(rows)

    def module(title: str, name: str, *arguments: str) -> Program:
        folder = out / name
        command = (sys.executable, "-m", f"benchmarks.{arguments[0]}", str(data), str(folder), *arguments[1:])
        return Program(title, command, out / f"{name}.log", folder)

    def export(title: str, project: str) -> Program:
        command = (FEEDSYNC, "-C", str(data / project), "export", "-o", str(out / project))
        return Program(title, command, out / f"{project}.log", out / project, says=COUNTS)

    copied = (str(data / "products.csv"), str(out / "copy" / "products.csv"))
    chosen = [
        export(EXPORT, "one"),
        module(STRICT, "strict", "kernel", "--strict"),
        module(BARE, "bare", "kernel"),
        Program(COPY, (sys.executable, "-m", "benchmarks.copy_csv", *copied), out / "copy.log", out / "copy"),
        export(FIVE, "five"),
    ]
    if rows <= ROW_BY_ROW_UP_TO:
        chosen.append(module(ROWS, "rows", "row_by_row"))
    return chosen


def small_programs() -> list[Program]:
    """What a person waits for."""
    project, out = DATA / str(SMALL) / "one", DATA / "out" / str(SMALL)
    return [
        Program(HELP, (FEEDSYNC, "--help"), out / "help.log"),
        Program(CHECK, (FEEDSYNC, "-C", str(project), "check"), out / "check.log", good=(0, 1), says=COUNTS),
    ]


def equal(measured: list[Measured]) -> bool:
    """Whether all programs that write the feed wrote the same items, in both files."""
    names = (EXPORT, STRICT, BARE, ROWS)
    folders = [one.program.fresh for one in measured if one.program.name in names and one.program.fresh]
    good = True
    for name in (XML_NAME, TSV_NAME):
        feeds = [str(folder / name) for folder in folders]
        good &= subprocess.run((sys.executable, "-m", "benchmarks.compare", *feeds), check=False).returncode == 0
    return good


def main() -> None:
    """Measures, prints the tables, and writes the page where it is asked to. Exit code 1 where
    a program failed or the feeds differ.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    sizes = [str(rows) for rows in (*arguments.rows, SMALL)]
    subprocess.run((sys.executable, "-m", "benchmarks.generate", *sizes), check=True, stdout=subprocess.DEVNULL)
    parts: list[Part] = []
    good = True
    for rows in arguments.rows:
        print(f"{rows:,} products", flush=True)
        chosen = programs(rows)
        measured = interleaved(chosen, arguments.repeat)
        parts.append((f"{rows:,} products", rows, measured))
        good &= len(measured) == len(chosen) and (rows > COMPARE_UP_TO or equal(measured))
    small = interleaved(small_programs(), max(arguments.repeat, 5))
    parts.append((f"{SMALL:,} products", SMALL, small))
    for heading, rows, measured in parts:
        print(f"\n{heading}\n{table(measured, rows)}\n" + "\n".join(targets(measured, rows)))
    if arguments.write:
        arguments.write.write_text(page(parts), encoding="utf-8")
    sys.exit(0 if good and len(small) == 2 else 1)


if __name__ == "__main__":
    main()
