"""The measured mapping as a row-by-row pipeline: csv, pydantic, Jinja, lxml. `python -m benchmarks.row_by_row DATA OUT`.

It is what a careful Python developer writes first: a model per row, templates for the composed texts, an XML element
per attribute, nothing but standard libraries of the trade.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from lxml import etree
from pydantic import BaseModel, ConfigDict, field_validator

from benchmarks.contract import (
    AGE_GROUPS,
    ATTRIBUTES,
    CONDITIONS,
    DESCRIPTION_CHARACTERS,
    FINDINGS_HEADER,
    FINDINGS_NAME,
    GENDERS,
    GTIN_LENGTHS,
    KNOWN_CONDITIONS,
    LIST_ESCAPES,
    NAMESPACE,
    NUMBER,
    PLAIN,
    SEVERAL_COLORS,
    TITLE_CHARACTERS,
    TITLE_SHOWN,
    TSV_NAME,
    VARIANT_BY,
    VAT_FACTOR,
    XML_NAME,
)
from benchmarks.texts import FORBIDDEN, clean, compiled

_NUMBER: Final = compiled(NUMBER)
_SEVERAL_COLORS: Final = compiled(SEVERAL_COLORS)
_FORBIDDEN: Final = dict.fromkeys(FORBIDDEN)
_LIST_ESCAPES: Final = str.maketrans(LIST_ESCAPES)
_CENT: Final = Decimal("0.01")
_VAT: Final = Decimal(VAT_FACTOR)

_JINJA: Final = Environment(autoescape=False)  # no HTML is made; lxml escapes the XML
_TITLE: Final = _JINJA.from_string(
    "{% if brand and brand not in title %}{{ brand }} {% endif %}{{ title }}"
    "{% if color %} - {{ color }}{% endif %}{% if size %} - {{ size }}{% endif %}"
)
_LINK: Final = _JINJA.from_string(
    "{{ link }}{{ '&' if '?' in link else '?' }}utm_source=google_es&utm_medium=feed&utm_campaign={{ sku }}"
)
Item = dict[str, str | list[str] | None]


class Row(BaseModel):
    """The columns of one product that the feed reads."""

    model_config = ConfigDict(extra="ignore")
    sku: str
    parent_sku: str | None
    title: str | None
    description: str | None
    brand: str | None
    gtin: str | None
    mpn: str | None
    price: str | None
    sale_price: str | None
    currency: str | None
    stock_qty: int
    condition: str | None
    link: str | None
    image_link: str
    image_2: str | None
    image_3: str | None
    image_4: str | None
    category_path: str | None
    color: str | None
    size: str | None
    gender: str | None
    age_group: str | None
    material: str | None
    weight_g: int
    sale_start: datetime | None
    sale_end: datetime | None
    custom_0: str | None
    custom_1: str | None
    custom_4: str | None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_missing(cls, value: Any) -> Any:
        return None if value == "" else value


def cut(text: str, most: int) -> str:
    """The text up to the last whole word within `most` characters."""
    if len(text) <= most:
        return text
    head = text[:most]
    if text[most] != " " and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip()


def number(text: str | None) -> Decimal | None:
    """Exact decimals; missing where the text is something else."""
    return Decimal(text) if text is not None and _NUMBER.fullmatch(text) else None


def gtin_digits_agree(gtin: str) -> bool:
    """Whether the GTIN has the right check digit."""
    digits = gtin.zfill(14)
    return sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(digits)) % 10 == 0


def with_vat(price: Decimal, currency: str | None) -> str:
    return f"{(price * _VAT).quantize(_CENT, ROUND_HALF_UP)} {currency}"


def kilograms(grams: int) -> str:
    text = str((Decimal(grams) / 1000).quantize(_CENT, ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".") + " kg"


def writable(value: str | list[str] | None) -> str | list[str] | None:
    """The value without control characters, which lxml refuses."""
    if isinstance(value, list):
        return [text if text.isprintable() else text.translate(_FORBIDDEN) for text in value]
    return value if value is None or value.isprintable() else value.translate(_FORBIDDEN)


class Mapper:
    """Rows to items; what is wrong goes to the findings file, an error blocks the item."""

    def __init__(self, categories: dict[str, str], findings: Any) -> None:
        """`findings` is a csv writer."""
        self._categories = categories
        self._findings = findings
        self._blocked = False
        self._sku = ""
        self._line = 0

    def item(self, row: Row, line: int) -> Item | None:
        """The item of one row; None where it is blocked."""
        self._sku, self._line, self._blocked = row.sku, line, False
        item: Item = {"id": row.sku, "image_link": row.image_link}
        item |= self._texts(row) | self._prices(row) | self._identity(row)
        item |= self._kind(row, known=item["gtin"] is not None)
        if self._blocked:
            return None
        return {name: writable(item.get(name)) for name in ATTRIBUTES}

    def _report(self, code: str, severity: str, attribute: str, value: str | None = None) -> None:
        self._blocked |= severity == "error"
        self._findings.writerow((code, severity, self._sku, attribute, value, self._line))

    def _texts(self, row: Row) -> Item:
        title, description = clean(row.title), clean(row.description)
        full = None
        if title is None:
            self._report("FS301", "error", "title")
        else:
            full = cut(_TITLE.render(brand=row.brand, title=title, color=row.color, size=row.size), TITLE_CHARACTERS)
            if len(full) > TITLE_SHOWN:
                self._report("FS341", "hint", "title", full[:120])
        if description is None:
            self._report("FS301", "error", "description")
        if not (row.link or "").startswith(("http://", "https://")):
            self._report("FS305", "error", "link", row.link)
        return {
            "title": full,
            "description": cut(description or "", DESCRIPTION_CHARACTERS),
            "link": _LINK.render(link=row.link, sku=row.sku) if row.link else None,
            "additional_image_link": [image for image in (row.image_2, row.image_3, row.image_4) if image],
        }

    def _prices(self, row: Row) -> Item:
        price, sale = number(row.price), number(row.sale_price)
        if price is None:
            self._report("FS301" if row.price is None else "FS103", "error", "price", row.price)
            return {}
        if price <= 0:
            self._report("FS309", "error", "price", row.price)
        item: Item = {"price": with_vat(price, row.currency)}
        if sale is not None and sale < price:
            item["sale_price"] = with_vat(sale, row.currency)
            if row.sale_start and row.sale_end:
                ends = (row.sale_start.isoformat(timespec="minutes"), row.sale_end.isoformat(timespec="minutes"))
                item["sale_price_effective_date"] = "/".join(ends)
        elif sale is not None:
            self._report("FS310", "warning", "sale_price", row.sale_price)
        return item

    def _identity(self, row: Row) -> Item:
        gtin = row.gtin
        if gtin is not None and not (gtin.isascii() and gtin.isdigit() and len(gtin) in GTIN_LENGTHS):
            self._report("FS307", "warning", "gtin", gtin)
            gtin = None
        elif gtin is not None and not gtin_digits_agree(gtin):
            self._report("FS304", "warning", "gtin", gtin)
            gtin = None
        anonymous = gtin is None and not (row.brand and row.mpn)
        if anonymous:
            self._report("FS312", "warning", "gtin")
        return {
            "brand": row.brand,
            "gtin": gtin,
            "mpn": row.mpn,
            "identifier_exists": "no" if anonymous else None,
            "item_group_id": row.parent_sku,
        }

    def _kind(self, row: Row, *, known: bool) -> Item:
        condition = CONDITIONS.get(row.condition.lower(), row.condition) if row.condition else "new"
        if condition not in KNOWN_CONDITIONS:
            self._report("FS303", "error", "condition", condition)
        if condition == "new" and known and not row.brand:
            self._report("FS317", "warning", "brand")
        if row.stock_qty > 0:
            availability = "in_stock"
        elif row.custom_4 == "preorder":
            availability = "preorder"
            self._report("FS301", "error", "availability_date")
        else:
            availability = "out_of_stock"
        if row.color and _SEVERAL_COLORS.search(row.color):
            self._report("FS342", "hint", "color", row.color)
        google = self._categories.get(row.category_path or "")
        if google is None and row.category_path:
            self._report("FS202", "warning", "google_product_category", row.category_path)
        return {
            "condition": condition,
            "availability": availability,
            "google_product_category": google,
            "product_type": row.category_path.replace("/", " > ") if row.category_path else None,
            "color": row.color,
            "size": row.size,
            "gender": self._known("gender", row.gender, GENDERS),
            "age_group": self._known("age_group", row.age_group, AGE_GROUPS),
            "material": row.material,
            "shipping_weight": kilograms(row.weight_g),
            "custom_label_0": row.custom_0,
            "custom_label_1": row.custom_1,
        }

    def _known(self, attribute: str, value: str | None, known: tuple[str, ...]) -> str | None:
        if value is None or value in known:
            return value
        self._report("FS303", "warning", attribute, value)
        return None


def products(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the line on which they end."""
    with path.open(newline="", encoding="utf-8") as source:
        reader = csv.DictReader(source)
        for row in reader:
            yield reader.line_num, row


def xml_item(item: Item) -> etree._Element:
    """The item's XML element."""
    node = etree.Element("item", nsmap={"g": NAMESPACE})
    for name, value in item.items():
        tag = name if name in PLAIN else f"{{{NAMESPACE}}}{name}"
        for text in value if isinstance(value, list) else [value]:
            if text is not None:
                etree.SubElement(node, tag).text = text
    return node


def tsv_cell(value: str | list[str] | None) -> str | None:
    """The cell of one attribute: the entries of a list with commas between them."""
    if not isinstance(value, list):
        return value
    return ",".join(entry.translate(_LIST_ESCAPES) for entry in value)


def run(data: Path, out: Path) -> None:
    """Writes the feed as XML and TSV, and its findings."""
    out.mkdir(parents=True, exist_ok=True)
    with (data / "categories.csv").open(newline="", encoding="utf-8") as source:
        categories = dict(csv.reader(source))
    with (
        (out / FINDINGS_NAME).open("w", newline="", encoding="utf-8") as found,
        (out / TSV_NAME).open("w", newline="", encoding="utf-8") as rows,
        etree.xmlfile(str(out / XML_NAME), encoding="utf-8") as document,
    ):
        findings = csv.writer(found, lineterminator="\n")
        findings.writerow(FINDINGS_HEADER)
        table = csv.writer(rows, delimiter="\t", lineterminator="\n")
        table.writerow(ATTRIBUTES)
        document.write_declaration()
        with document.element("rss", {"version": "2.0"}, nsmap={"g": NAMESPACE}), document.element("channel"):
            mapper = Mapper(categories, findings)
            for item in mapped(data / "products.csv", mapper, findings):
                document.write(xml_item(item))
                table.writerow([tsv_cell(value) for value in item.values()])


def mapped(path: Path, mapper: Mapper, findings: Any) -> Iterator[Item]:
    """The item of every product in turn; then the findings of the whole feed."""
    seen: defaultdict[str, int] = defaultdict(int)
    groups: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for line, cells in products(path):
        seen[cells["sku"]] += 1
        if cells["status"] != "active" or not cells["image_link"]:
            continue
        item = mapper.item(Row.model_validate(cells), line)
        if item is None:
            continue
        if item["item_group_id"]:
            groups[(item["item_group_id"], *(item[name] for name in VARIANT_BY))].append(str(item["id"]))
        yield item
    findings.writerows(("FS101", "error", sku, "sku", None, 0) for sku, count in seen.items() if count > 1)
    alike = [sku for group in groups.values() if len(group) > 1 for sku in group]
    findings.writerows(("FS402", "warning", sku, "item_group_id", None, 0) for sku in alike)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    run(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
