"""read = ready + blocked + excluded, whatever the rows are; every finding is in the details, every blocked row has one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from builders import AS_OF, MARKET, probe, write
from hypothesis import given, settings
from hypothesis import strategies as st

import feedsync
from feedsync.errors import SourceError
from feedsync.frames import FINDINGS

PROJECT = f"""\
catalog:
  sources: [{{name: p, frame: true}}, {{name: q, frame: true, join: sku, aggregate: {{stock: sum}}}}]
  variants: {{parent: parent_sku, inherit: [title, price]}}
  fields: {{stock: {{type: integer}}}}
tables:
  stores: {{name: t, frame: true, key: [store, sku], catalog_key: sku}}
feeds:
  f:
    channel: probe
    market: {MARKET}
    select: "{{{{ title != 'x' }}}}"
    exclude: [{{when: "{{{{ stock == 0 }}}}", reason: agotado}}]
    attributes: &attributes
      title: {{value: "{{{{ title }}}}", on_invalid: drop}}
      price: "{{{{ price | money('EUR') }}}}"
      gtin: "{{{{ gtin }}}}"
      kin: "{{{{ title | collect_group(parent_sku) | join(',') }}}}"
      stock: "{{{{ stock }}}}"
  short: {{channel: probe, market: {MARKET}, attributes: {{id: "{{{{ sku | truncate_chars(1) }}}}", title: "{{{{ item.kin }}}}", kin: "{{{{ sku }}}}"}}}}
  stores:
    channel: probe
    market: {MARKET}
    rows: stores
    id: "{{{{ store }}}}"
    attributes: {{id: "{{{{ sku }}}}", title: "{{{{ title }}}}", price: "{{{{ price | money('EUR') }}}}"}}
"""
ATTRIBUTES = """\
title: {max_characters: 3, required: true}
price: {type: money, above: 0}
gtin: {type: gtin}
kin: {}
stock: {type: integer, minimum: 0}
"""
KEYS = st.sampled_from(["A", "B", "C", "AA", "P", None, " "])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sku": KEYS,
            "parent_sku": st.sampled_from([None, "P", "B", "Q", "A"]),
            "title": st.sampled_from([None, "x", "uno", "demasiado"]),
            "price": st.sampled_from([None, "1", "0", "uno", "9.995"]),
            "gtin": st.sampled_from([None, "73513537", "73513538"]),
        }
    ),
    min_size=1,
    max_size=12,
)
STOCK = st.lists(
    st.fixed_dictionaries({"sku": KEYS, "stock": st.sampled_from([None, "0", "-1", "5", "n/d"])}),
    min_size=1,
    max_size=6,
)
STORES = st.lists(
    st.fixed_dictionaries({"store": st.sampled_from(["M", "N", None]), "sku": KEYS}), min_size=1, max_size=6
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("shop"), {"feedsync.yaml": PROJECT.replace("&attributes", ""), **probe(ATTRIBUTES)}
    )


def in_circle(row: dict[str, str | None], products: list[dict[str, str | None]]) -> bool:
    """Whether the row's parents lead in a circle: then nobody is on top, and all of them stay products."""
    first = {one["sku"]: one for one in reversed(products) if one["sku"] and one["sku"].strip()}
    for _ in range(len(products) + 1):
        above = first.get(row["parent_sku"])
        if above is None or above is row:  # a row that names itself is on top
            return False
        row = above
    return True


def frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


@given(products=ROWS, stock=STOCK, stores=STORES)
@settings(max_examples=25, deadline=None)
def test_counts_reconcile(folder: Path, products: list, stock: list, stores: list) -> None:
    frames = {"p": frame(products), "q": frame(stock), "t": frame(stores)}
    result = feedsync.load_project(folder, frames, as_of=AS_OF, env={}).check()
    details = result.details
    assert dict(details.schema) == FINDINGS
    for feed in result.feeds:
        assert feed.read == feed.ready + feed.blocked + sum(feed.excluded.values())
        mine = details.filter(feed=feed.feed)
        assert len(mine) == sum(group.count for group in feed.findings)
        errors = mine.filter(pl.col("severity") == "error")
        assert errors["_row"].n_unique() == feed.blocked
        assert all(0 < len(group.samples) <= min(3, group.count) for group in feed.findings)
    read = {feed.feed: feed.read for feed in result.feeds}
    named = {row["parent_sku"] for row in products if row["parent_sku"] != row["sku"]}
    sold = [row["sku"] not in named or row["sku"] is None or in_circle(row, products) for row in products]
    assert read["f"] == read["short"] == sum(sold)
    assert read["stores"] == len(stores)
    assert result.ok == (not any(group.severity == "error" for feed in result.feeds for group in feed.findings))


def test_a_source_without_rows_is_no_empty_catalog(folder: Path) -> None:
    frames = {
        "p": frame([{"sku": "A"}]).clear(),
        "q": frame([{"sku": "A", "stock": "1"}]),
        "t": frame([{"store": "M", "sku": "A"}]),
    }
    with pytest.raises(SourceError):
        feedsync.load_project(folder, frames, as_of=AS_OF, env={}).check()
