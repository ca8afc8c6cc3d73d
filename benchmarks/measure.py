"""Runs a program as a whole process and says what it took."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

LOG_TAIL: Final = 2000


@dataclass(frozen=True)
class Program:
    """One command line; `fresh` is a folder that is emptied before each run, `says` must occur in its output."""

    name: str
    command: tuple[str, ...]
    log: Path
    fresh: Path | None = None
    good: tuple[int, ...] = (0,)
    says: str = ""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall clock and of all cores together, and the largest resident set in bytes."""

    wall: float
    cpu: float
    peak: int


class ProgramFailed(Exception):
    """A measured program did not end well; the text is its name, exit code and the end of its output."""


@dataclass
class Measured:
    """All runs of one program."""

    program: Program
    costs: list[Cost] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        return median(cost.cpu for cost in self.costs)

    @property
    def peak(self) -> int:
        """The largest of all runs: memory is a promise, not an average."""
        return max(cost.peak for cost in self.costs)


def run(program: Program) -> Cost:
    """One run, its output in the program's log file. Raises ProgramFailed.

    A child's largest resident set is never less than this process's own at the fork (Linux counts what it shared), so
    whatever needs memory here (generating, comparing) is a process of its own too.
    """
    if program.fresh:
        shutil.rmtree(program.fresh, ignore_errors=True)
        program.fresh.mkdir(parents=True)
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(program.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait again
    said = program.log.read_bytes().decode("utf-8", "replace")
    if process.returncode not in program.good or program.says not in said:
        raise ProgramFailed(f"{program.name}: exit code {process.returncode}\n{said[-LOG_TAIL:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def interleaved(programs: Sequence[Program], repeat: int) -> list[Measured]:
    """Every program in turn, `repeat` times, so that a slow minute of the machine hits all; failed ones are left out."""
    measured = {program.name: Measured(program) for program in programs}
    for turn in range(1, repeat + 1):
        for program in programs:
            if program.name not in measured:
                continue
            try:
                cost = run(program)
            except (ProgramFailed, OSError) as error:
                print(f"failed: {error}", flush=True)
                del measured[program.name]
                continue
            measured[program.name].costs.append(cost)
            print(f"  {turn}/{repeat} {program.name}: {cost.wall:.2f} s, {cost.peak / 1e6:.0f} MB", flush=True)
    return list(measured.values())
