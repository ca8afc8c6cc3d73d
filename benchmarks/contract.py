"""What all measured programs agree on: the columns, the attributes, the codes. So their outputs can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Final

COLUMNS: Final = (
    *("sku", "parent_sku", "status", "title", "description", "brand", "gtin", "mpn", "price", "sale_price", "cost"),
    *("currency", "stock_qty", "condition", "link", "image_link", "image_2", "image_3", "image_4", "category_path"),
    *("color", "size", "gender", "age_group", "material", "weight_g", "dims", "created_at", "updated_at"),
    *("sale_start", "sale_end", "custom_0", "custom_1", "custom_2", "custom_3", "custom_4"),
)
ATTRIBUTES: Final = (
    *("id", "title", "description", "link", "image_link", "additional_image_link", "availability", "price"),
    *("sale_price", "sale_price_effective_date", "brand", "gtin", "mpn", "identifier_exists", "condition"),
    *("google_product_category", "product_type", "item_group_id", "color", "size", "gender", "age_group", "material"),
    *("shipping_weight", "custom_label_0", "custom_label_1"),
)
PLAIN: Final = ("title", "link", "description")  # written without the namespace prefix
REPEATED: Final = "additional_image_link"
VARIANT_BY: Final = ("color", "size", "material", "age_group", "gender")

CONDITIONS: Final = {
    "new": "new",
    "n": "new",
    "used": "used",
    "u": "used",
    "refurbished": "refurbished",
    "refurb": "refurbished",
    "r": "refurbished",
}
KNOWN_CONDITIONS: Final = ("new", "refurbished", "used")
GENDERS: Final = ("male", "female", "unisex")
AGE_GROUPS: Final = ("newborn", "infant", "toddler", "kids", "adult")
VAT_FACTOR: Final = "1.21"

TITLE_CHARACTERS: Final = 150
TITLE_SHOWN: Final = 70
DESCRIPTION_CHARACTERS: Final = 5000
GTIN_LENGTHS: Final = (8, 12, 13, 14)

NUMBER: Final = r"^[0-9]{1,15}(\.[0-9]{1,8})?$"
MOMENT: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
SEVERAL_COLORS: Final = " / |,|;|[+]| & | and | und | et | y | e "
WEB: Final = r"^https?://"

NAMESPACE: Final = "http://base.google.com/ns/1.0"
HEAD: Final = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="{NAMESPACE}">\n<channel>\n'
TAIL: Final = "</channel>\n</rss>\n"
FINDINGS_HEADER: Final = ("code", "severity", "id", "attribute", "value", "row")
XML_NAME: Final = "google_es.xml"
TSV_NAME: Final = "google_es.tsv"
LIST_ESCAPES: Final = {"\\": "\\\\", ",": "\\,"}  # inside the entries of a list in one cell, joined by commas
FINDINGS_NAME: Final = "findings.csv"

DATA: Final = Path(__file__).resolve().parent / "data"


def element(attribute: str) -> str:
    """The XML element of an attribute."""
    return attribute if attribute in PLAIN else f"g:{attribute}"
