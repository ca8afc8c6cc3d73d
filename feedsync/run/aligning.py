"""Where a row stands among the others: who shares its key, where its parent and its joined rows are."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from feedsync.catalog.plan import bad_flag
from feedsync.catalog.rules import ORPHAN, PASSED_OVER, SHARED
from feedsync.catalog.side import KEY, PARENT, Joined, Parents, positions
from feedsync.frames import ROW
from feedsync.run.row_set import AT_PARENT, PRODUCT, JoinFindings, RowSet, RowsSpec
from feedsync.specs.project import VariantsSpec


def align(rows: RowSet, spec: RowsSpec) -> None:
    """Fill the aligned columns: which rows are products, who shares a key, where parents and joined rows stand."""
    keys = rows.aligned
    # a row that names itself is nobody's parent: some shops write a product's own key there
    others = (
        keys.filter(pl.col(PARENT).is_not_null() & pl.col(PARENT).ne_missing(pl.col(KEY)))
        if PARENT in keys.columns
        else keys
    )
    named = others[PARENT].unique(maintain_order=True) if PARENT in keys.columns else None
    product = pl.repeat(True, len(keys), eager=True)
    circular = _circular(keys) if PARENT in keys.columns else product
    if named is not None and spec.variants is not None and not spec.variants.parents_are_products:
        product = ~keys[KEY].is_in(named.implode()).fill_null(False) | circular
    columns = [keys[KEY], keys[ROW], product.alias(PRODUCT), *([keys[PARENT]] if named is not None else [])]
    columns += _repeated(keys.with_columns(product.alias(PRODUCT)), spec.on_repeated_key)
    for index, join in enumerate(rows.joins):
        at = join.positions(keys[f"__join_{index}"])
        columns.append(at.alias(f"__at_{index}"))
        rows.joining += _joining(rows, index, join, keys.with_columns(at=at), product)
    if named is not None and spec.variants is not None:
        at = positions(keys[PARENT], keys[KEY])
        columns.append((keys[PARENT].is_not_null() & (at.is_null() | circular)).alias(ORPHAN))
        parent_rows = at.unique().drop_nulls().sort()
        columns.append(positions(at.cast(pl.String), parent_rows.cast(pl.String)).alias(AT_PARENT))
        rows.aligned = pl.DataFrame(columns)
        rows.parents = _parents(rows, parent_rows, spec.variants)
    rows.aligned = pl.DataFrame(columns)


def _circular(keys: pl.DataFrame) -> pl.Series:
    """Rows whose parents lead in a circle: nobody is on top, so all of them stay products, and FS106 names them."""
    above = positions(keys[PARENT], keys[KEY])
    own = pl.int_range(len(keys), dtype=pl.UInt32, eager=True)
    above = pl.select(pl.when(above != own).then(above)).to_series()  # a row that names itself is on top
    for _ in range(len(keys).bit_length()):  # each step looks twice as far up
        if above.null_count() == len(above):
            break
        above = above.gather(above)
    return above.is_not_null()


def _repeated(keys: pl.DataFrame, policy: str) -> list[pl.Series]:
    """Per row the rows that share its key (__shared; null where it is alone), or, where the policy takes the first or
    the last of them, whether the row is one of the others (__passed_over)."""
    products = keys.filter(pl.col(PRODUCT) & pl.col(KEY).is_not_null())
    several = products.filter(pl.col(KEY).is_duplicated())
    shared = pl.repeat(None, len(keys), dtype=pl.List(pl.UInt64), eager=True).alias(SHARED)
    passed_over = pl.repeat(False, len(keys), dtype=pl.Boolean, eager=True).alias(PASSED_OVER)
    if several.is_empty():
        return [shared, passed_over]
    if policy != "block":
        taken = several.unique(KEY, keep="first" if policy == "first" else "last", maintain_order=True)[ROW]
        others = several[ROW].filter(~several[ROW].is_in(taken.implode()))
        return [shared, keys[ROW].is_in(others.implode()).alias(PASSED_OVER)]
    rows = several.group_by(KEY, maintain_order=True).agg(pl.col(ROW).alias(SHARED))
    both = keys.join(rows, on=KEY, how="left", validate="m:1", maintain_order="left")
    return [both.select(pl.when(PRODUCT).then(pl.col(SHARED)).alias(SHARED)).to_series(), passed_over]


def _joining(rows: RowSet, index: int, join: Joined, keys: pl.DataFrame, product: pl.Series) -> Iterator[JoinFindings]:
    """A row that only a parent of variants points at is no stranger: the variants inherit from it."""
    fields = frozenset(name for name, one in rows.plan.fields.items() if one.source == index + 1)
    strangers = join.strangers(keys["at"])
    unknown = (
        keys.filter(product).filter(pl.col("at").is_null() & pl.col(f"__join_{index}").is_not_null()).select(KEY, ROW)
    )
    for code, found in (("FS104", strangers), ("FS105", unknown)):
        if len(found):
            yield JoinFindings(code, join.name, fields, found)


def _parents(rows: RowSet, parent_rows: pl.Series, variants: VariantsSpec) -> Parents:
    """The parents' typed fields, in the order of their rows."""
    inherit = tuple(name for name in dict.fromkeys(variants.inherit) if name in rows.reader.wanted)
    fields = tuple((name, rows.plan.fields[name].raw) for name in inherit)
    flagged = [name for name in inherit if name in rows.reader.flags]
    raws = {raw for name, raw in fields if raw is not None and name in flagged}
    columns = [*inherit, *(bad_flag(name) for name in flagged), *sorted(raws)]
    frames: list[pl.DataFrame] = []
    offset = 0
    for raw in rows.staged:
        here = parent_rows.filter((parent_rows >= offset) & (parent_rows < offset + len(raw))) - offset
        if len(here):
            picked = raw.hstack(rows.aligned.slice(offset, len(raw)).drop(ROW)).select(pl.all().gather(here))
            frames.append(rows.typed(picked).select(columns))
        offset += len(raw)
    return Parents(pl.concat(frames) if frames else pl.DataFrame(), fields)
