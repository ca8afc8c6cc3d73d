"""The presets google_feed and meta_feed: what feedsync wrote for a channel, read back, gives the same items."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from builders import MARKET, export, write
from lxml import etree
from reading_exports import exported_shop, products, summary

PRODUCTS = """\
sku,parent_sku,title,description,link,image_link,additional_image_link,price,sale_price,sale_price_start,sale_price_end,stock,availability,availability_date,brand,gtin,mpn,condition,category,color,size,bullet_points,weight,shipping_length,length,width,height,adult,multipack,custom_label_0,video_link
A-1,P,"Chaqueta ""Duero"", azul",Tres capas & capucha,https://t.example/p/1?a=1&b=2,https://t.example/i/1.jpg,"https://t.example/i/2,a.jpg|https://t.example/i/3.jpg",1290.50,999,2026-12-24,2026-12-31,12,,,Duero,8412345678905,D-1,new,"Ropa, calzado > Chaquetas",azul,M,"Ligera, fina|A:B",0.57 kg,,30 cm,20 cm,10 cm,no,2,caro,https://t.example/v.mp4
A-2,P,Chaqueta roja,Otra,https://t.example/p/2,https://t.example/i/2.jpg,,49.5,,,,0,,,Duero,8412345678912,,used,Ropa,rojo,L,,,,,,,,,,
B-1,,Cantimplora · 1 l,Aluminio,https://t.example/p/3,https://t.example/i/4.jpg,,9.90,,,,,preorder,2026-12-24T10:30+01:00,,8412345678929,,,Menaje,,,,,,,,,yes,,,
C-1,,Guía,Libro,https://t.example/p/4,https://t.example/i/5.jpg,,18.75,,,,4,,,,,,,Libros,,,,,,,,,,,,
"""
CATALOG = """\
catalog:
  timezone: Europe/Madrid
  currency: EUR
  shop_url: https://t.example
"""
SOURCE = """\
  sources: [{path: productos.csv}]
  fields:
    additional_image_link: {separator: "|"}
    video_link: {separator: "|"}
    bullet_points: {separator: "|"}
"""
SHIPPING = """\
      shipping:
        - {country: "{{ market.country }}", service: "Mensajería: 24 h, urgente", price: "{{ (0 if price >= 50 else 4.95) | money('EUR') }}"}
"""
AGAIN = """\
      shipping: [{country: "{{ shipping_country }}", service: "{{ shipping_service }}", price: "{{ shipping_price }}"}]
"""


def feed(channel: str, form: str, attributes: str) -> str:
    mapping = f"    attributes:\n{attributes}" if attributes else ""
    return f"feeds:\n  f:\n    channel: {channel}@2026-11\n    market: {MARKET}\n    formats: [{form}]\n{mapping}"


def there_and_back(folder: Path, channel: str, form: str, preset: str, *shipping: str) -> tuple[bytes, bytes]:
    """The file of an export, and of an export of that file."""
    first, second = shipping or ("", "")
    project = CATALOG + SOURCE + feed(channel, form, first)
    shop = write(folder / "shop", {"productos.csv": PRODUCTS, "feedsync.yaml": project})
    (name, data), *_ = sorted(export(shop, folder / "out").items())
    again = f"{CATALOG}  sources: [{{path: {name}, preset: {preset}}}]\n{feed(channel, form, second)}"
    back = write(folder / "back", {name: data, "feedsync.yaml": again})
    return data, export(back, folder / "again")[name]


def rows(data: bytes, delimiter: str) -> list[dict[str, str]]:
    """The rows of a table; empty cells are left out."""
    table = csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, strict=True)
    return [{name: cell for name, cell in row.items() if cell} for row in table]


def test_a_google_table_gives_the_same_items(tmp_path: Path) -> None:
    there, back = there_and_back(tmp_path, "google_merchant", "tsv", "google_feed", SHIPPING, AGAIN)
    assert rows(back, "\t") == rows(there, "\t")
    (jacket, *_) = rows(there, "\t")
    assert len(rows(there, "\t")) == 4
    assert jacket["sale_price_effective_date"] == "2026-12-24T00:00+01:00/2026-12-31T23:59+01:00"
    (shipping,) = (cell for name, cell in jacket.items() if name.startswith("shipping("))
    assert shipping == r"ES::Mensajería\: 24 h\, urgente:0.00 EUR:::::::::::"


@pytest.mark.parametrize(("form", "item"), [("xml", "channel/item"), ("atom", "{*}entry")])
def test_google_xml_gives_the_same_file(form: str, item: str, tmp_path: Path) -> None:
    there, back = there_and_back(tmp_path, "google_merchant", form, "google_feed", SHIPPING, AGAIN)
    assert back == there
    assert len(etree.fromstring(there).findall(item)) == 4


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_meta_table_gives_the_same_items(form: str, delimiter: str, tmp_path: Path) -> None:
    there, back = there_and_back(tmp_path, "meta_catalog", form, "meta_feed")
    assert rows(back, delimiter) == rows(there, delimiter)
    assert [row["id"] for row in rows(there, delimiter)] == ["A-1", "A-2", "B-1"]


SPANISH = """\
id\ttítulo\tdescripción\tenlace\tenlace imagen\tdisponibilidad\tprecio\tprecio oferta\tsale price effective date\tmarca\tgtin\testado\ttipo producto\tadditional image link\tshipping(country:price)
1\tBota\tCuero\thttps://t.example/1\thttps://t.example/1.jpg\ten stock\t19,99 EUR\t9.99 EUR\t2026-11-01/2026-11-30\tEbro\t8412345678905\tnuevo\tCalzado > Botas,Rebajas\thttps://t.example/2.jpg,https://t.example/3.jpg\tES:4.90 EUR,PT:9.90 EUR
2\tGorra\tLana\thttps://t.example/2\thttps://t.example/2.jpg\tagotado\t12.00 EUR\t\t2026-11-01T08:00+0100/2026-11-30T20:00+0100\t\t\tusado\t\t\t
3\tBolsa\tLona\thttps://t.example/3\thttps://t.example/3.jpg\tin stock\t30.00 EUR\t20.00 USD\t\t\t\t\t\t\t
"""
FIELDS = (
    "title",
    "description",
    "link",
    "image_link",
    "availability",
    "price",
    "currency",
    "sale_price",
    "sale_price_start",
    "sale_price_end",
    "brand",
    "gtin",
    "condition",
    "product_type",
    "additional_image_link",
    "shipping_country",
    "shipping_service",
    "shipping_price",
)


def test_a_spanish_feed(tmp_path: Path) -> None:
    source = "{path: feed.tsv, preset: google_feed}"
    folder = exported_shop(tmp_path, source, "timezone: Europe/Madrid\n", {"feed.tsv": SPANISH}, FIELDS)
    assert products(folder) == {
        "1": {
            "title": "Bota",
            "description": "Cuero",
            "link": "https://t.example/1",
            "image_link": "https://t.example/1.jpg",
            "availability": "in_stock",
            "price": "19.99",
            "currency": "EUR",
            "sale_price": "9.99",
            "sale_price_start": "2026-11-01T00:00+01:00",
            "sale_price_end": "2026-11-30T23:59+01:00",
            "brand": "Ebro",
            "gtin": "8412345678905",
            "condition": "new",
            "product_type": "Calzado > Botas",
            "additional_image_link": '["https://t.example/2.jpg","https://t.example/3.jpg"]',
            "shipping_country": "ES",
            "shipping_price": "4.90 EUR",
        },
        "2": {
            "title": "Gorra",
            "description": "Lana",
            "link": "https://t.example/2",
            "image_link": "https://t.example/2.jpg",
            "availability": "out_of_stock",
            "price": "12",
            "currency": "EUR",
            "sale_price_start": "2026-11-01T08:00+01:00",
            "sale_price_end": "2026-11-30T20:00+01:00",
            "condition": "used",
        },
    }
    # a sale price in dollars of a price in euros is no sale price in euros
    assert summary(folder) == ((3, 2, 1, {}), [("FS103", "error", "sale_price", ["3"])])
