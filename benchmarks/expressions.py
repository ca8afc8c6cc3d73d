"""The measured mapping and its checks as Polars expressions, written by hand for these columns."""

from __future__ import annotations

from decimal import Decimal
from html.entities import html5, name2codepoint
from typing import Final, NamedTuple

import polars as pl

from benchmarks import texts
from benchmarks.contract import (
    AGE_GROUPS,
    ATTRIBUTES,
    CONDITIONS,
    DESCRIPTION_CHARACTERS,
    GENDERS,
    KNOWN_CONDITIONS,
    LIST_ESCAPES,
    MOMENT,
    NUMBER,
    REPEATED,
    SEVERAL_COLORS,
    TITLE_CHARACTERS,
    TITLE_SHOWN,
    VAT_FACTOR,
    WEB,
    element,
)
from feedsync.frames import DECIMAL_DTYPE, ROW

# Entities that Polars decodes in one pass; the few texts with others go to Python.
_ENTITIES: Final = {f"&{name};": html5[f"{name};"] for name in (*name2codepoint, "apos")} | {
    f"&#{code};": chr(code)
    for code in (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2030), 0x20AC, 0x2122)
}
# Marks and what else NFC may change: signs with a twin, parts of Korean, Indic and Hebrew letters, music.
_LOOSE: Final = (
    r"\p{M}\x{374}\x{37E}\x{387}\x{900}-\x{FFF}\x{1100}-\x{11FF}\x{1F00}-\x{1FFF}\x{2000}\x{2001}\x{2126}\x{212A}\x{212B}"
    r"\x{2329}\x{232A}\x{2ADC}\x{F900}-\x{FB4F}\x{11000}-\x{11FFF}\x{1D100}-\x{1D1FF}\x{2F800}-\x{2FAFF}"
)
_ODD: Final = f"{texts.CONTROL}|[{_LOOSE}]"
IMAGES: Final = ("image_2", "image_3", "image_4")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
col = pl.col


def mended(column: pl.Series) -> pl.Series:
    """UTF-8 read as windows-1252 mended, in Python, in the few texts that have some."""
    rows = column.str.contains(texts.MOJIBAKE).fill_null(False).arg_true()
    return column if rows.is_empty() else column.scatter(rows, [texts.mended(text) for text in column.gather(rows)])


def unescaped(column: pl.Series) -> pl.Series:
    """Entities decoded once: common ones by Polars, a text with any other one by Python."""
    decoded = column.str.replace_many(list(_ENTITIES), list(_ENTITIES.values()))
    rows = decoded.str.contains(texts.ENTITY).fill_null(False).arg_true()
    return (
        decoded if rows.is_empty() else decoded.scatter(rows, [texts.unescaped(text) for text in column.gather(rows)])
    )


def clean(column: pl.Series) -> pl.Series:
    """`texts.clean` of a whole column; a costly step runs only where a cheap look finds something for it."""
    column = mended(column)
    if column.str.contains("<", literal=True).any():
        if column.str.contains(texts.MAY_HIDE).any():
            column = column.str.replace_all(texts.HIDDEN, " ")
        column = column.str.replace_all(texts.TAGS_BEFORE_POINT, "$1").str.replace_all(texts.TAG, " ")
    if column.str.contains("[", literal=True).any():
        column = column.str.replace_all(texts.SHORTCODE, " ")
    if column.str.contains("&", literal=True).any():
        column = unescaped(column)
    column = column.str.replace_all(r"\s{2,}|[^\S ]", " ")
    rows = column.str.contains(_ODD).fill_null(False).arg_true()
    if not rows.is_empty():
        odd = column.gather(rows).str.replace_all(texts.CONTROL, "").str.normalize("NFC").str.replace_all(" {2,}", " ")
        column = column.scatter(rows, odd)
    return column.str.strip_chars(" ")


def plain(text: pl.Expr) -> pl.Expr:
    """The cleaned text; missing where nothing is left."""
    text = text.map_batches(clean, return_dtype=pl.String, is_elementwise=True)
    return pl.when(text != "").then(text)


def cut(text: pl.Expr, most: int) -> pl.Expr:
    """The text up to the last whole word within `most` characters."""
    head = text.str.slice(0, most)
    whole = pl.when(text.str.slice(most, 1) == " ").then(head).otherwise(head.str.replace(r" [^ ]*$", ""))
    return pl.when(text.str.len_chars() <= most).then(text).otherwise(whole.str.strip_chars_end())


def number(name: str) -> pl.Expr:
    """A column's exact decimals; missing where it holds something else."""
    return pl.when(col(name).str.contains(NUMBER)).then(col(name)).cast(DECIMAL_DTYPE, strict=False)


def rounded(value: pl.Expr) -> pl.Expr:
    """Two decimals, half away from zero, as text."""
    return value.round(2, mode="half_away_from_zero").cast(pl.Decimal(38, 2)).cast(pl.String)


def with_vat(name: str) -> pl.Expr:
    return rounded(col(name) * pl.lit(Decimal(VAT_FACTOR))) + " " + col("currency")


def gtin_digits_agree() -> pl.Expr:
    """Whether the GTIN has a legal length and the right check digit."""
    text = col("gtin")
    legal = text.str.contains(r"^([0-9]{8}|[0-9]{12,14})$")
    value = pl.when(legal).then(text).cast(pl.Int64)
    weighted = [(value // 10**place % 10) * (3 if place % 2 else 1) for place in range(14)]
    return (legal & (pl.sum_horizontal(weighted) % 10 == 0)).fill_null(False)


def selected(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.filter((col("status") == "active") & col("image_link").is_not_null())


def cleaned(rows: pl.LazyFrame, categories: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with what several attributes need."""
    condition = col("condition").str.to_lowercase().replace_strict(CONDITIONS, default=col("condition"))
    rows = rows.join(categories, on="category_path", how="left", maintain_order="left").with_columns(
        _title=plain(col("title")),
        _description=plain(col("description")),
        _price=number("price"),
        _sale=number("sale_price"),
        _stock=col("stock_qty").cast(pl.Int64),
        _gtin_ok=gtin_digits_agree(),
        _condition=condition.fill_null("new"),
    )
    new_brand = col("brand").is_not_null() & ~col("_title").str.contains(col("brand"), literal=True)
    named = pl.when(new_brand).then(col("brand") + " " + col("_title")).otherwise(col("_title"))
    full = pl.concat_str([named, "color", "size"], separator=" - ", ignore_nulls=True)
    return rows.with_columns(
        _full=pl.when(col("_title").is_not_null()).then(cut(full, TITLE_CHARACTERS)),
        _gtin=pl.when("_gtin_ok").then("gtin"),
        _on_sale=(col("_sale") < col("_price")).fill_null(False),
        _preorder=(col("_stock") <= 0) & (col("custom_4") == "preorder").fill_null(False),
    )


class Check(NamedTuple):
    """One finding: true in `broken` where it applies."""

    code: str
    severity: str
    attribute: str
    broken: pl.Expr
    value: pl.Expr

    @property
    def key(self) -> str:
        return f"!{self.code}.{self.attribute}"

    def cells(self) -> list[pl.Expr]:
        """The columns of a finding, without its row."""
        known = {"code": pl.lit(self.code), "severity": pl.lit(self.severity)}
        cells = known | {"id": col("sku"), "attribute": pl.lit(self.attribute), "value": self.value.cast(pl.String)}
        return [value.alias(name) for name, value in cells.items()]


_NOTHING: Final = pl.lit(None, pl.String)
_UNREADABLE: Final = col("price").is_not_null() & col("_price").is_null()
_BELOW: Final = col("_sale").is_not_null() & col("_price").is_not_null() & ~col("_on_sale")
_ANONYMOUS: Final = col("_gtin").is_null() & (col("brand").is_null() | col("mpn").is_null())
_UNBRANDED: Final = col("brand").is_null() & col("_gtin").is_not_null() & (col("_condition") == "new")
_LENGTH: Final = col("gtin").str.contains(r"^([0-9]{8}|[0-9]{12,14})$")
CHECKS: Final = (
    Check("FS103", "error", "price", _UNREADABLE, col("price")),
    Check("FS202", "warning", "google_product_category", col("google_id").is_null(), col("category_path")),
    Check("FS301", "error", "title", col("_title").is_null(), _NOTHING),
    Check("FS301", "error", "description", col("_description").is_null(), _NOTHING),
    Check("FS301", "error", "price", col("price").is_null(), _NOTHING),
    Check("FS301", "error", "availability_date", col("_preorder"), _NOTHING),
    Check("FS303", "error", "condition", ~col("_condition").is_in(KNOWN_CONDITIONS), col("condition")),
    Check("FS303", "warning", "gender", ~col("gender").is_in(GENDERS), col("gender")),
    Check("FS303", "warning", "age_group", ~col("age_group").is_in(AGE_GROUPS), col("age_group")),
    Check("FS304", "warning", "gtin", _LENGTH & ~col("_gtin_ok"), col("gtin")),
    Check("FS305", "error", "link", ~col("link").str.contains(WEB).fill_null(False), col("link")),
    Check("FS307", "warning", "gtin", ~_LENGTH, col("gtin")),
    Check("FS309", "error", "price", col("_price") <= 0, col("price")),
    Check("FS310", "warning", "sale_price", _BELOW, col("sale_price")),
    Check("FS312", "warning", "gtin", _ANONYMOUS, _NOTHING),
    Check("FS317", "warning", "brand", _UNBRANDED, _NOTHING),
    Check("FS341", "hint", "title", col("_full").str.len_chars() > TITLE_SHOWN, col("_full").str.slice(0, 120)),
    Check("FS342", "hint", "color", col("color").str.contains(SEVERAL_COLORS), col("color")),
)
BLOCKS: Final = [check.key for check in CHECKS if check.severity == "error"]


def judged(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with one flag per check."""
    return rows.with_columns(check.broken.fill_null(False).alias(check.key) for check in CHECKS)


def _campaign() -> pl.Expr:
    sign = pl.when(col("link").str.contains("?", literal=True)).then(pl.lit("&")).otherwise(pl.lit("?"))
    return pl.concat_str(col("link"), sign, pl.lit("utm_source=google_es&utm_medium=feed&utm_campaign="), col("sku"))


def _moment(name: str) -> pl.Expr:
    return pl.when(col(name).str.contains(MOMENT)).then(col(name).str.slice(0, 16) + "+00:00")


def _availability() -> pl.Expr:
    in_stock = pl.when(col("_stock") > 0).then(pl.lit("in_stock"))
    return in_stock.when("_preorder").then(pl.lit("preorder")).otherwise(pl.lit("out_of_stock"))


def _kilograms() -> pl.Expr:
    grams = col("weight_g").cast(DECIMAL_DTYPE, strict=False)
    return rounded(grams * pl.lit(Decimal("0.001"))).str.replace(r"\.?0+$", "") + " kg"


def items() -> list[pl.Expr]:
    """The 26 attributes as the channel gets them, and the row."""
    unidentified = ~col("_gtin_ok") & (col("brand").is_null() | col("mpn").is_null())
    made = {
        "id": col("sku"),
        "title": col("_full"),
        "description": cut(col("_description"), DESCRIPTION_CHARACTERS),
        "link": _campaign(),
        "availability": _availability(),
        "price": with_vat("_price"),
        "sale_price": pl.when("_on_sale").then(with_vat("_sale")),
        "sale_price_effective_date": pl.when("_on_sale").then(_moment("sale_start") + "/" + _moment("sale_end")),
        "gtin": col("_gtin"),
        "identifier_exists": pl.when(unidentified).then(pl.lit("no")),
        "condition": col("_condition"),
        "google_product_category": col("google_id"),
        "product_type": col("category_path").str.replace_all("/", " > ", literal=True),
        "item_group_id": col("parent_sku"),
        "gender": pl.when(col("gender").is_in(GENDERS)).then("gender"),
        "age_group": pl.when(col("age_group").is_in(AGE_GROUPS)).then("age_group"),
        "shipping_weight": _kilograms(),
        "custom_label_0": col("custom_0"),
        "custom_label_1": col("custom_1"),
    }
    names = [name for name in ATTRIBUTES if name != REPEATED]
    return [made.get(name, col(name)).alias(name) for name in names] + [col(name) for name in (*IMAGES, ROW)]


def xml() -> pl.Expr:
    """One `<item>` as text."""
    parts = [pl.lit("<item>")]
    for name in ATTRIBUTES:
        opening, closing = pl.lit(f"<{element(name)}>"), pl.lit(f"</{element(name)}>")
        for column in IMAGES if name == REPEATED else (name,):
            parts.append(opening + _replaced(col(column), _ESCAPES) + closing)
    return pl.concat_str([*parts, pl.lit("</item>")], ignore_nulls=True).alias("item")


def tsv() -> list[pl.Expr]:
    """The cells of a row of the table."""
    images = [_replaced(col(name), LIST_ESCAPES) for name in IMAGES]
    joined = pl.when(pl.any_horizontal(col(name).is_not_null() for name in IMAGES)).then(
        pl.concat_str(images, separator=",", ignore_nulls=True)
    )
    return [joined.alias(name) if name == REPEATED else col(name) for name in ATTRIBUTES]


def _replaced(text: pl.Expr, signs: dict[str, str]) -> pl.Expr:
    return text.str.replace_many(list(signs), list(signs.values()))
