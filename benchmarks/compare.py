"""Whether feeds hold the same items: `python -m benchmarks.compare FEED.xml OTHER.xml ...`, or `FEED.tsv OTHER.tsv ...`.

In XML, elements are compared by local name and text, so that a program may choose its own layout and prefixes; in a
table, rows by column and cell, however they are quoted. Exit code 1 and the first differences where they are not the
same.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

from lxml import etree

SHOWN: Final = 5
Item = dict[str, list[str]]


def items(feed: Path) -> Iterator[Item]:
    """The items of a feed: element or column -> its texts in their order."""
    return rows(feed) if feed.suffix == ".tsv" else elements(feed)


def rows(feed: Path) -> Iterator[Item]:
    """The rows of a table, its header first; cells beyond the header or short of it show as columns of their own."""
    with feed.open(newline="", encoding="utf-8") as source:
        reader = csv.reader(source, delimiter="\t", strict=True)
        header = next(reader)
        yield {"header": header}
        for cells in reader:
            yield dict(zip(header, ([cell] for cell in cells), strict=False)) | {"cells": [str(len(cells))]}


def elements(feed: Path) -> Iterator[Item]:
    """The items of an RSS feed: element -> its texts in their order."""
    for _, node in etree.iterparse(feed, tag="item"):
        item: Item = {}
        for child in node:
            item.setdefault(etree.QName(child).localname, []).append(child.text or "")
        yield item
        node.clear()
        while node.getprevious() is not None:
            del node.getparent()[0]


def differences(first: Path, second: Path) -> Iterator[str]:
    """One line per item that differs."""
    for number, (one, other) in enumerate(zip_longest(items(first), items(second), fillvalue=Item()), 1):
        if one != other:
            names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
            cells = "; ".join(f"{name}: {one.get(name)} | {other.get(name)}" for name in names)
            yield f"item {number} ({one.get('id')} | {other.get('id')}): {cells}"


def same(first: Path, second: Path) -> bool:
    """Compares two feeds and prints the first differences."""
    count = 0
    for line in differences(first, second):
        count += 1
        if count <= SHOWN:
            print(line[:2000])
    print(f"{first} and {second}: {'the same items' if not count else f'{count} items differ'}")
    return not count


def main() -> None:
    """Compares the first feed with each other one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", type=Path, nargs="+")
    first, *others = parser.parse_args().feeds
    results = [same(first, other) for other in others]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
