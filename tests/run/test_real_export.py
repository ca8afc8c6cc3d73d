"""A shop system's product export, read by hand-written `fields:`: variants, inheritance, attributes in pairs of columns.

The real file is not the project's to give: it is looked for in FEEDSYNC_CATALOGS, or in ../shared/catalogs beside the
checkout. The same ground is covered by a file of our own in the same shape.
"""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from builders import check, counts, items, lines, write

CATALOGS = Path(os.environ.get("FEEDSYNC_CATALOGS") or Path(__file__).parents[2].parent / "shared" / "catalogs")
REAL = CATALOGS / "woocommerce_sample" / "sample_products.csv"
PROJECT = """\
catalog:
  currency: USD
  sources: [{path: "%s"}]
  variants: {parent: parent_sku, inherit: [description, category, weight]}
  fields:
    sku: {from: SKU}
    parent_sku: {from: Parent}
    title: {from: Name}
    description: {from: Description}
    price: {from: Regular price, decimal_mark: "."}
    sale_price: {from: Sale price, decimal_mark: "."}
    category: {from: Categories}
    images: {from: Images, type: list, separator: ","}
    image_link: {template: "{{ images | first }}"}
    additional_image_link: {template: "{{ images | join('|') }}", separator: "|"}
    pounds: {from: Weight (lbs), type: decimal, decimal_mark: "."}
    weight: {template: "{% if pounds is not missing %}{{ pounds }} lb{% endif %}"}
    color: {template: "{{ field('Attribute 1 value(s)') if field('Attribute 1 name') == 'Color' }}"}
    size: {template: "{{ field('Attribute 2 value(s)') if field('Attribute 2 name') == 'Size' }}"}
    availability: {template: "{{ 'in_stock' if field('In stock?') == '1' else 'out_of_stock' }}"}
    kind: {from: Type}
    visibility: {from: Visibility in catalog}
    stock: {from: Stock}
feeds:
  all:
    channel: generic_marketplace
    market: {country: US, language: en, currency: USD}
    exclude: [{when: "{{ kind == 'grouped' }}", reason: group}]
    attributes:
      additional_image_link: ""
      category: "{{ category | split('>') | last }}"
  visible:
    channel: generic_marketplace
    market: {country: US, language: en, currency: USD}
    exclude: [{when: "{{ kind == 'grouped' }}", reason: group}]
    select: "{{ visibility == 'visible' }}"
"""


def shop(folder: Path, file: Path) -> Path:
    return write(folder, {"feedsync.yaml": PROJECT.replace("%s", str(file))})


@pytest.mark.skipif(not REAL.is_file(), reason=f"the real export is not there: {REAL}; set FEEDSYNC_CATALOGS")
def test_the_real_export_gives_its_known_counts(tmp_path: Path) -> None:
    folder = shop(tmp_path, REAL)
    result = check(folder)
    assert counts(result["all"]) == (23, 22, 0, {"group": 1})
    assert counts(result["visible"]) == (23, 21, 0, {"group": 1, "select": 1})
    sent = items(folder, "all")
    assert sum(Decimal(item["price"]) for item in sent) == Decimal("693.05")
    sale = {item["id"]: item["sale_price"] for item in sent if "sale_price" in item}
    assert sale == {
        "woo-beanie": "18.00",
        "woo-belt": "55.00",
        "woo-cap": "16.00",
        "woo-hoodie-with-pocket": "35.00",
        "woo-single": "2.00",
        "woo-hoodie-red": "42.00",
        "Woo-beanie-logo": "18.00",
    }
    assert sum(Decimal(item.get("sale_price", item["price"])) for item in sent) == Decimal("663.05")
    assert Counter(item["item_group_id"] for item in sent if "item_group_id" in item) == {
        "woo-vneck-tee": 3,
        "woo-hoodie": 4,
    }
    assert Counter(item["category"] for item in sent) == {
        "Tshirts": 7,
        "Hoodies": 7,
        "Accessories": 5,
        "Music": 2,
        "Decor": 1,
    }
    assert [item["id"] for item in sent if "weight" not in item] == ["woo-album", "woo-single", "wp-pennant"]
    assert Counter(item["color"] for item in sent if "color" in item) == {
        "Blue": 5,
        "Red": 4,
        "Gray": 3,
        "Green": 3,
        "Yellow": 1,
    }
    assert not any("size" in item or "quantity" in item or "gtin" in item or "brand" in item for item in sent)
    assert Counter(item["availability"] for item in sent) == {"in_stock": 22}
    assert all("image_link" in item for item in sent)


OWN = lines(
    "Type,SKU,Name,Description,Visibility in catalog,In stock?,Stock,Weight (lbs),Sale price,Regular price,Categories,Images,Parent,"
    "Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)",
    'variable,cesta,Cesta,De mimbre,visible,1,,.5,,,Casa > Cestas,"https://t.example/1.jpg, https://t.example/2.jpg",,Color,"Rojo, Azul",Size,"S, M"',
    "variation,cesta-roja,Cesta roja,,visible,1,,,15,20,,https://t.example/r.jpg,cesta,Color,Rojo,Size,",
    "variation,Cesta-azul,Cesta azul,,visible,0,,2.25,,20.5,,https://t.example/a.jpg,cesta,Color,Azul,Size,M",
    '"simple, virtual",vale,Vale,Un regalo,hidden,1,3,,,10,Regalos,https://t.example/v.jpg,,Logo,Sí,,',
    "grouped,todo,Todo,,visible,1,,,,,Casa,https://t.example/t.jpg,,,,,",
)


def test_a_file_of_our_own_in_the_same_shape(tmp_path: Path) -> None:
    write(tmp_path, {"own.csv": OWN})
    folder = shop(tmp_path, Path("own.csv"))
    result = check(folder)
    assert counts(result["all"]) == (4, 3, 0, {"group": 1})
    assert counts(result["visible"]) == (4, 2, 0, {"group": 1, "select": 1})
    base = {"currency": "USD", "condition": "new"}
    of_parent = {"item_group_id": "cesta", "description": "De mimbre", "category": "Cestas"}
    assert items(folder, "all") == [
        {
            **base, **of_parent, "id": "cesta-roja", "title": "Cesta roja", "price": "20.00", "sale_price": "15.00",
            "image_link": "https://t.example/r.jpg", "availability": "in_stock", "weight": "0.5 lb", "color": "Rojo",
        },
        {
            **base, **of_parent, "id": "Cesta-azul", "title": "Cesta azul", "price": "20.50", "color": "Azul", "size": "M",
            "image_link": "https://t.example/a.jpg", "availability": "out_of_stock", "weight": "2.25 lb",
        },
        {
            **base, "id": "vale", "title": "Vale", "price": "10.00", "description": "Un regalo", "category": "Regalos",
            "image_link": "https://t.example/v.jpg", "availability": "in_stock", "quantity": "3",
        },
    ]  # fmt: skip
