"""The measured mapping written by hand as Polars expressions: the yardstick for the engine's overhead.

    python -m benchmarks.kernel DATA OUT             bare: Polars' own CSV reader, nothing proved, nothing staged
    python -m benchmarks.kernel DATA OUT --strict    feedsync's strict reader, staged as text Parquet, then mapped

`expressions.py` has the mapping and the checks; this module reads, stages, writes the XML and the TSV.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, TextIO

import polars as pl

from benchmarks.contract import ATTRIBUTES, FINDINGS_HEADER, FINDINGS_NAME, HEAD, TAIL, TSV_NAME, VARIANT_BY, XML_NAME
from benchmarks.expressions import BLOCKS, CHECKS, cleaned, items, judged, selected, tsv, xml
from benchmarks.texts import FORBIDDEN
from feedsync.frames import ROW

BATCH_ROWS: Final = 10_000
BLOCKS_TOGETHER: Final = 4  # the reader's blocks of 4 MiB are smaller than the batch that is mapped fastest


def bare_batches(products: Path) -> Iterator[pl.DataFrame]:
    """The rows as Polars reads them; row numbers are record numbers."""
    reader = pl.scan_csv(products, infer_schema=False).with_row_index(ROW, 2)
    yield from reader.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)


def strict_batches(products: Path, stage: Path) -> Iterator[pl.DataFrame]:
    """The rows as feedsync's reader proves them: all are staged before the first one is mapped."""
    from feedsync.sources.csv import CsvSource
    from feedsync.sources.stored import StoredFile

    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    source = CsvSource(StoredFile(products, products.name))
    count = 0
    for block in source.blocks():
        block.write_parquet(stage / f"{count:06d}.parquet", compression="lz4")
        count += 1
    assert source.proof.complete
    for start in range(0, count, BLOCKS_TOGETHER):
        stop = min(start + BLOCKS_TOGETHER, count)
        yield pl.read_parquet([stage / f"{number:06d}.parquet" for number in range(start, stop)])
    shutil.rmtree(stage)


class Feed:
    """The files of the feed and the narrow columns that checks of the whole feed need."""

    def __init__(self, categories: pl.DataFrame, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._categories = categories.lazy()
        self._xml = (out / XML_NAME).open("wb")
        self._tsv = (out / TSV_NAME).open("wb")
        self._findings = (out / FINDINGS_NAME).open("w", encoding="utf-8", newline="")
        self._keys: list[pl.DataFrame] = []
        self._variants: list[pl.DataFrame] = []
        self._xml.write(HEAD.encode())
        self._tsv.write(("\t".join(ATTRIBUTES) + "\n").encode())
        csv.writer(self._findings, lineterminator="\n").writerow(FINDINGS_HEADER)

    def take(self, batch: pl.DataFrame) -> None:
        """Maps, checks and writes one batch."""
        self._keys.append(batch.select("sku", ROW))
        rows = judged(cleaned(selected(batch.lazy()), self._categories)).collect(engine="in-memory")
        for check in CHECKS:
            found = rows.filter(pl.col(check.key)).select(*check.cells(), ROW)
            found.write_csv(self._findings, include_header=False)
        ready = rows.lazy().filter(~pl.any_horizontal(BLOCKS)).select(items()).collect(engine="in-memory")
        document, table = BytesIO(), BytesIO()
        ready.select(xml()).write_csv(document, include_header=False, quote_style="never")
        ready.select(tsv()).write_csv(table, include_header=False, separator="\t")
        self._xml.write(document.getvalue().translate(None, FORBIDDEN).replace(b"\r", b"&#13;"))
        self._tsv.write(table.getvalue().translate(None, FORBIDDEN))
        self._variants.append(ready.filter(pl.col("item_group_id").is_not_null()).select(*_VARIANT))

    def close(self) -> None:
        """The checks of the whole feed, and the ends of the files."""
        keys = pl.concat(self._keys)
        repeated = keys.filter(pl.col("sku").is_duplicated())
        _write(self._findings, "FS101", "error", "sku", repeated.rename({"sku": "id"}))
        variants = pl.concat(self._variants)
        alike = variants.filter(pl.struct("item_group_id", *VARIANT_BY).is_duplicated())
        _write(self._findings, "FS402", "warning", "item_group_id", alike)
        self._xml.write(TAIL.encode())
        self._xml.close()
        self._tsv.close()
        self._findings.close()


_VARIANT: Final = ("id", "item_group_id", *VARIANT_BY, ROW)


def _write(out: TextIO, code: str, severity: str, attribute: str, found: pl.DataFrame) -> None:
    constant = [pl.lit(code).alias("code"), pl.lit(severity).alias("severity")]
    cells = [*constant, "id", pl.lit(attribute).alias("attribute"), pl.lit(None, pl.String).alias("value"), ROW]
    found.select(cells).write_csv(out, include_header=False)


def main() -> None:
    """Writes the feed and its findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--strict", action="store_true")
    arguments = parser.parse_args()
    feed = Feed(pl.read_csv(arguments.data / "categories.csv", infer_schema=False), arguments.out)
    products = arguments.data / "products.csv"
    stage = arguments.out / "stage"
    for batch in strict_batches(products, stage) if arguments.strict else bare_batches(products):
        feed.take(batch)
    feed.close()


if __name__ == "__main__":
    main()
