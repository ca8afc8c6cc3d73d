"""Copies a CSV file cell by cell with Python's reader and writer, the floor of row-by-row work: FROM TO."""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def main() -> None:
    """Copies the file."""
    source, target = (Path(argument) for argument in sys.argv[1:3])
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open(newline="", encoding="utf-8") as read, target.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows(csv.reader(read))


if __name__ == "__main__":
    main()
