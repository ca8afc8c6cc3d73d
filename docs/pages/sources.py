"""sources.md: the formats that are read, how they are packed, and how each proves that nothing is missing."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Final

from docs.pages.markdown import page, table
from feedsync.sources.base import How, ProvedSource
from feedsync.sources.open import ADAPTERS, SUFFIXES
from feedsync.sources.packed import ENDS, MOST, RATIO, SMALL
from feedsync.sources.packed import SUFFIXES as PACKINGS

INTRO: Final = """`path` of a source is a file, relative to feedsync.yaml. Its last suffix says the format, or `format`
does; a suffix of a packing may follow. A packing is also seen by its first bytes, whatever the name says. The keys
are in [config.md](config.md)."""
WORDS: Final[dict[How, str]] = {
    "length": "a length that was sent before the content",
    "checksum": "a checksum behind the content",
    "end": "a mark that ends it",
    "count": "the number of its rows",
}
PROOF: Final = """A source that was cut short is an error wherever that can be seen, and the last good files stay. Where nothing
proves it, a file that was cut at the end of a row looks whole: only the comparison with the last export tells (the guard
`shrink`), or a packing around it. `sources[].proved` of a result names what proved each source."""
PATTERNS: Final = """With `pick`, `path` is a pattern: `*` and `?` within a name, `[...]` for one of several characters, `**` for
folders of any depth. Names that start with a dot are not found, so an export may write `.products.csv` and rename it.

- `pick: newest` reads the file written last; of several of one moment the last one by name.
- `pick: all` reads all files in the order of their names as one source. Their columns are the same. Findings name the
  file and its own line.

`max_age_hours` warns of a file that was written longer ago."""
XML: Final = """`records` names the elements that are products: a path from the root (`shop/offers/offer`), or a name wherever it
stands (`offer`). RSS and Atom need none. Names are as the document writes them, with their prefix (`g:id`).

| in the record | column |
| --- | --- |
| `<title>Cap</title>` | `title` |
| `<g:id>7</g:id>` | `g:id` |
| `<price currency="EUR">9</price>` | `price` and `price@currency` |
| `<offer id="7">` (the record itself) | `@id` |
| `<size><width>3</width></size>` | `size/width` |
| `<image>a</image><image>b</image>` | `image`, one line each |

Elements that repeat with others inside stay side by side: what one of them lacks is an empty line. Line ends around a text
are left out. A DOCTYPE may name a DTD, which is never read; one that declares anything is refused, and so are entities
but those of XML itself. The records of an XML or JSON file have at most 5,000 different columns.

`tree` turns the ids of a category tree that stands before the records into paths of names:

```yaml
sources:
  - path: offers.xml
    records: shop/offers/offer
    tree: {path: shop/categories/category, column: categoryId, into: category_path}
```"""
WORKBOOKS: Final = """The first visible sheet is read, or the one that `sheet` names. Its first row with anything in it is the
header. Empty rows are nothing.

Text cells stay as they are. A number has the digits that Excel shows: 15 of a fraction, all of a whole number up to
9007199254740992. Dates are ISO 8601. Cells with an error (`#N/A`) or with a formula that was never calculated count as
empty, and a warning counts them. Cells merged over several rows are an error: only the first row has the value.

A sheet is in memory as a whole: about 100 bytes a cell. Files of a million rows are better exported as CSV or Parquet.
One that spans more than 50 million cells, or whose cells hold more than 2 GiB of text, is refused. Amounts of an .ods
sheet that have a currency of their own give only their numbers, which is a warning.
Old `.xls` and `.xlsb` workbooks and those with a password are not read."""


def sources() -> str:
    """The page of sources."""
    return page(
        "Sources",
        INTRO,
        table(["format", "suffixes", "reads", "proved by"], _formats()),
        "## Packed files",
        table(
            ["suffix", "packing", "proved by"],
            [[f"`{one}`", kind, _proof(ENDS[kind])] for one, kind in PACKINGS.items()],
        ),
        f"A zip archive holds one file, or `member` names it, also by a pattern. What unpacks to more than {MOST >> 30} GiB, or"
        f" beyond {SMALL >> 20} MiB to more than {RATIO} times its size, is refused. Zstandard needs"
        ' `pip install "feedsync[zstd]"`.',
        "## What proves that nothing is missing",
        PROOF,
        "## Several files",
        PATTERNS,
        "## XML",
        XML,
        "## Workbooks",
        WORKBOOKS,
    )


def _formats() -> list[list[str]]:
    rows = []
    for kind, where in ADAPTERS.items():
        module, _, name = where.partition(":")
        adapter: type[ProvedSource] = getattr(import_module(module), name)
        suffixes = ", ".join(f"`{suffix}`" for suffix, one in SUFFIXES.items() if one == kind) or "–"
        about = (inspect.getdoc(adapter) or "").partition("\n\n")[0]
        rows.append([f"`{kind}`", suffixes, about, _proof(adapter.ends)])
    return rows


def _proof(ends: tuple[How, ...]) -> str:
    return ", ".join(WORDS[how] for how in ends) or "nothing"
