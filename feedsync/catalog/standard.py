"""The standard fields of a catalog: names follow the usual product data specifications and schema.org, so that one catalog serves all channels.

A column mapped to one of these names has its type unless the field says otherwise; any other field is text. The
default mapping of every channel is written in these names.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from feedsync.semantics import (
    BOOLEAN,
    DATETIME,
    DECIMAL,
    GTIN,
    INTEGER,
    TEXT,
    URL,
    Type,
    list_of,
)


class StandardField(NamedTuple):
    """A field's type and what it means."""

    type: Type
    meaning: str


STANDARD_FIELDS: Final[dict[str, StandardField]] = {
    "sku": StandardField(
        TEXT, "The merchant's own number of the sellable variant; the catalog's key unless `key` says otherwise."
    ),
    "parent_sku": StandardField(TEXT, "The key of the parent row of a variant; also the variant group's id."),
    "title": StandardField(TEXT, "The product's name as shoppers read it."),
    "description": StandardField(TEXT, "The product's description; may hold HTML."),
    "link": StandardField(URL, "The product's page."),
    "mobile_link": StandardField(URL, "The product's page for phones, where it has another address."),
    "canonical_link": StandardField(URL, "The canonical address of the product's page."),
    "image_link": StandardField(URL, "The main image."),
    "additional_image_link": StandardField(list_of(URL), "Further images."),
    "video_link": StandardField(list_of(URL), "Videos."),
    "brand": StandardField(TEXT, "The brand."),
    "manufacturer": StandardField(TEXT, "Who makes it, where that is not the brand."),
    "gtin": StandardField(GTIN, "GTIN-8, -12, -13 or -14 (EAN, UPC, ISBN-13, JAN) by GS1."),
    "mpn": StandardField(TEXT, "The manufacturer's part number."),
    "price": StandardField(
        DECIMAL, "The regular price as the shopper pays it (tax included where the market shows it so)."
    ),
    "sale_price": StandardField(DECIMAL, "The reduced price, where there is one."),
    "sale_price_start": StandardField(DATETIME, "When the reduced price begins."),
    "sale_price_end": StandardField(DATETIME, "When the reduced price ends (a date alone: the end of that day)."),
    "cost": StandardField(DECIMAL, "What the merchant paid; never sent unless a mapping names it."),
    "currency": StandardField(TEXT, "ISO 4217 currency of the row's prices, where rows differ."),
    "tax_class": StandardField(TEXT, "The tax class, for lookups."),
    "unit_pricing_measure": StandardField(TEXT, "The measure of the product as sold, e.g. 750ml."),
    "unit_pricing_base_measure": StandardField(TEXT, "The measure the unit price is for, e.g. 100ml."),
    "stock": StandardField(INTEGER, "Units on hand; missing means unknown, never zero."),
    "quantity": StandardField(INTEGER, "Units of a table's row (stock by store)."),
    "store_code": StandardField(TEXT, "The store of a table's row."),
    "availability": StandardField(
        TEXT, "in_stock, out_of_stock, preorder or backorder; from stock where it is missing."
    ),
    "availability_date": StandardField(DATETIME, "When a preorder or backorder ships."),
    "expiration_date": StandardField(DATETIME, "When the offer ends."),
    "condition": StandardField(TEXT, "new, refurbished or used; new where it is missing."),
    "status": StandardField(TEXT, "The shop's own status of the row (active, draft, ...)."),
    "category": StandardField(TEXT, "The shop's own category or path."),
    "product_type": StandardField(TEXT, "The category path as channels shall see it."),
    "google_product_category": StandardField(TEXT, "Google's taxonomy id or full path."),
    "item_group_title": StandardField(TEXT, "The title of the variant group."),
    "color": StandardField(TEXT, "The colour; several joined by /."),
    "size": StandardField(TEXT, "The size."),
    "size_type": StandardField(TEXT, "regular, petite, maternity, big, tall or plus."),
    "size_system": StandardField(TEXT, "AU, BR, CN, DE, EU, FR, IT, JP, MEX, UK or US."),
    "material": StandardField(TEXT, "The material; several joined by /."),
    "pattern": StandardField(TEXT, "The pattern."),
    "gender": StandardField(TEXT, "female, male or unisex."),
    "age_group": StandardField(TEXT, "newborn, infant, toddler, kids or adult."),
    "weight": StandardField(TEXT, "Weight with unit, e.g. 570 g."),
    "length": StandardField(TEXT, "Length with unit, e.g. 30 cm."),
    "width": StandardField(TEXT, "Width with unit."),
    "height": StandardField(TEXT, "Height with unit."),
    "adult": StandardField(BOOLEAN, "Whether the product is for adults only."),
    "multipack": StandardField(INTEGER, "How many of the same product are sold together."),
    "is_bundle": StandardField(BOOLEAN, "Whether different products are sold together."),
    "energy_efficiency_class": StandardField(TEXT, "A+++ to G."),
    "country_of_origin": StandardField(TEXT, "ISO 3166-1 country of origin."),
    "lead_time_days": StandardField(INTEGER, "Days from order to dispatch."),
    "shipping_label": StandardField(TEXT, "The label that ties the product to a shipping service of the channel."),
    "keywords": StandardField(list_of(TEXT), "Search words."),
    "bullet_points": StandardField(list_of(TEXT), "Selling points, one line each."),
    "custom_label_0": StandardField(TEXT, "A label of the merchant's own for campaigns."),
    "custom_label_1": StandardField(TEXT, "A label of the merchant's own for campaigns."),
    "custom_label_2": StandardField(TEXT, "A label of the merchant's own for campaigns."),
    "custom_label_3": StandardField(TEXT, "A label of the merchant's own for campaigns."),
    "custom_label_4": StandardField(TEXT, "A label of the merchant's own for campaigns."),
}

ENDS_OF_DAY: Final = frozenset({"sale_price_end", "expiration_date"})
"""Moments that a date alone names by its last minute."""
