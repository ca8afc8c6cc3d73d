"""The presets shopify_csv, shopify_inventory_csv and shopify_json: one shop in all its forms."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF, check
from reading_exports import exported_shop, products, real_catalog, summary, tally

import feedsync
from feedsync.errors import FeedsyncError

SOURCE = "{path: productos.csv, preset: shopify_csv}"
JSON = "{path: productos.json, preset: shopify_json}"
CATALOG = "shop_url: https://tienda.example\n"
FIELDS = (
    "parent_sku", "item_group_title", "title", "description", "brand", "category", "link", "image_link",
    "additional_image_link", "price", "sale_price", "stock", "availability", "gtin", "color", "size", "material", "weight",
    "keywords",
)  # fmt: skip
OLD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Position,Gift Card,Variant Image,Status\n"
)
NEW = (
    "URL handle,Title,Description,Vendor,Type,Tags,Published on online store,Option1 name,Option1 value,Option2 name,"
    "Option2 value,SKU,Weight value (grams),Inventory tracker,Inventory quantity,Continue selling when out of stock,Price,"
    "Compare-at price,Barcode,Product image URL,Image position,Gift card,Variant image URL,Status\n"
)
I = "https://cdn.example/"  # noqa: E741  (where all images stand; short, so that rows stay readable)
ROWS = (
    f'chaqueta,Chaqueta\u00a0Ñandú\ufeff,<p>Capucha \uf0b7 bolsillos</p>,Peña,Chaquetas,"otoño, lluvia",TRUE,Talla,S,Color,Azul,CH-S,700.4,shopify,3,deny,89.90,120.00,4006381333931,{I}2.jpg,2,FALSE,{I}3.jpg,active\n'
    f"chaqueta,,,,,,,,M,,Rojo,CH-M,0,shopify,0,deny,89.90,89.90,CH-M,{I}1.jpg,1,,,\n"
    f"chaqueta,,,,,,,,,,,,,,,,,,,{I}3.jpg,3,,,\n"
    f"cinturon,Cinturón,,Peña,Cinturones,,TRUE,Title,Default Title,,,CI-1,141.7476156,,0,deny,15.00,10,,{I}c.jpg,1,FALSE,,active\n"
    "gorra,Gorra,,Peña,,,TRUE,Material,Algodón,,,GO-1,100,shopify,-2,continue,9.99,,,,,FALSE,,active\n"
    "regalo,Tarjeta regalo,,Peña,,,TRUE,Title,Default Title,,,RE-1,0,,,deny,25,,,,,TRUE,,active\n"
    "borrador,Borrador,,Peña,,,TRUE,Title,Default Title,,,BO-1,0,,,deny,25,,,,,FALSE,,draft\n"
    "viejo,Viejo,,Peña,,,TRUE,Title,Default Title,,,VI-1,0,,,deny,25,,,,,FALSE,,archived\n"
    "oculto,Oculto,,Peña,,,FALSE,Title,Default Title,,,OC-1,0,,,deny,25,,,,,FALSE,,active\n"
)
LEFT_OUT = {"gift card": 1, "draft": 1, "archived": 1, "not published": 1}
JACKET = {
    "parent_sku": "chaqueta",
    "item_group_title": "Chaqueta Ñandú",
    "title": "Chaqueta Ñandú",
    "description": "<p>Capucha • bolsillos</p>",
    "brand": "Peña",
    "category": "Chaquetas",
    "link": "https://tienda.example/products/chaqueta",
    "keywords": '["otoño","lluvia"]',
}
ITEMS = {
    "CH-S": {
        **JACKET,
        "image_link": f"{I}3.jpg",
        "additional_image_link": f'["{I}1.jpg","{I}2.jpg"]',
        "price": "120",
        "sale_price": "89.9",
        "stock": "3",
        "availability": "in_stock",
        "gtin": "4006381333931",
        "color": "Azul",
        "size": "S",
        "weight": "700 g",
    },
    "CH-M": {
        **JACKET,
        "image_link": f"{I}1.jpg",
        "additional_image_link": f'["{I}2.jpg","{I}3.jpg"]',
        "price": "89.9",
        "stock": "0",
        "availability": "out_of_stock",
        "color": "Rojo",
        "size": "M",
    },
    "CI-1": {
        "item_group_title": "Cinturón",
        "title": "Cinturón",
        "brand": "Peña",
        "category": "Cinturones",
        "link": "https://tienda.example/products/cinturon",
        "image_link": f"{I}c.jpg",
        "price": "15",
        "availability": "in_stock",
        "weight": "142 g",
    },
    "GO-1": {
        "parent_sku": "gorra",
        "item_group_title": "Gorra",
        "title": "Gorra",
        "brand": "Peña",
        "link": "https://tienda.example/products/gorra",
        "price": "9.99",
        "stock": "-2",
        "availability": "in_stock",
        "material": "Algodón",
        "weight": "100 g",
    },
}


def from_csv(folder: Path, header: str = OLD, rows: str = ROWS, fields: str = "") -> Path:
    return exported_shop(folder, SOURCE, CATALOG + fields, {"productos.csv": header + rows}, FIELDS)


@pytest.mark.parametrize("header", [OLD, NEW])
def test_a_spanish_shops_csv(header: str, tmp_path: Path) -> None:
    assert products(from_csv(tmp_path, header)) == ITEMS
    assert summary(tmp_path) == ((8, 4, 0, LEFT_OUT), [])


def as_api(rows: str = ROWS) -> dict[str, Any]:
    """The same shop as the API answers: nested, with numbers, ids and positions."""
    made: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(StringIO(OLD + rows)):
        said = {name: value or None for name, value in row.items()}
        product = made.setdefault(
            row["Handle"],
            {
                "id": 7_000_000_000_000 + len(made),
                "handle": row["Handle"],
                "title": said["Title"],
                "body_html": said["Body (HTML)"],
                "vendor": said["Vendor"],
                "product_type": row["Type"],
                "tags": row["Tags"],
                "status": said["Status"],
                "published_at": "2026-01-02T03:04:05+01:00" if row["Published"] == "TRUE" else None,
                "gift_card": row["Gift Card"] == "TRUE",
                # in the wrong order: the position counts
                "options": [
                    {"id": n, "name": name, "position": n}
                    for n in (2, 1)
                    if (name := row[f"Option{n} Name"] or ("Title" if n == 1 else ""))
                ],
                "variants": [],
                "images": [],
            },
        )
        images = {image["src"]: image for image in product["images"]}
        if said["Image Src"] and said["Image Src"] not in images:
            position = int(row["Image Position"])
            product["images"].append({"id": 900 + position, "position": position, "src": said["Image Src"]})
        if said["Variant SKU"]:
            product["variants"].append(
                {
                    "id": 39_000_000_000_000 + len(product["variants"]),
                    "sku": said["Variant SKU"],
                    "price": said["Variant Price"],
                    "compare_at_price": said["Variant Compare At Price"],
                    "barcode": row["Variant Barcode"],
                    "grams": int(Decimal(row["Variant Grams"]).quantize(Decimal(1))),
                    "image_id": int(f"90{row['Variant Image'][len(I)]}") if row["Variant Image"] else None,
                    "inventory_management": said["Variant Inventory Tracker"],
                    "inventory_policy": said["Variant Inventory Policy"],
                    "inventory_quantity": int(row["Variant Inventory Qty"] or 0),
                    "option1": said["Option1 Value"],
                    "option2": said["Option2 Value"],
                    "option3": None,
                }
            )
    return {"products": list(made.values())}


def from_json(folder: Path, document: object, source: str = JSON, fields: str = "") -> Path:
    text = json.dumps(document, ensure_ascii=False)
    return exported_shop(folder, source, CATALOG + fields, {"productos.json": text}, FIELDS)


def test_the_apis_json_gives_the_same_feed(tmp_path: Path) -> None:
    assert products(from_json(tmp_path, as_api())) == ITEMS
    assert summary(tmp_path) == ((8, 4, 0, LEFT_OUT), [])


def test_one_product_without_a_list_around_it(tmp_path: Path) -> None:
    source = JSON.replace("}", ', records: "."}')
    found = products(from_json(tmp_path, as_api()["products"][0], source))
    assert found == {sku: ITEMS[sku] for sku in ("CH-S", "CH-M")}


def test_unknown_stock_is_never_out_of_stock(tmp_path: Path) -> None:
    unknown = ROWS.replace("shopify,0,deny", "shopify,,deny").replace("shopify,3,deny", "shopify,,deny")
    found = products(from_csv(tmp_path, rows=unknown))
    assert {sku: one.get("availability") for sku, one in found.items()} == {
        "CH-S": None,
        "CH-M": None,
        "CI-1": "in_stock",
        "GO-1": "in_stock",
    }


INVENTORY = (
    "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Incoming (not editable),Unavailable (not editable),"
    "Committed (not editable),Available (not editable),On hand (current),On hand (new)\n"
    "chaqueta,Chaqueta,Talla,S,CH-S,,,Almacén,0,0,1,4,5,\n"
    "chaqueta,Chaqueta,Talla,S,CH-S,,,Tienda León,0,0,0,2,2,\n"
    "chaqueta,Chaqueta,Talla,M,CH-M,,,Almacén,0,0,0,0,0,\n"
    "chaqueta,Chaqueta,Talla,M,CH-M,,,Tienda León,not stocked,not stocked,not stocked,not stocked,not stocked,\n"
    "gorra,Gorra,Material,Algodón,GO-1,,,Tienda León,not stocked,not stocked,not stocked,not stocked,not stocked,\n"
)


def test_the_inventory_export_is_added_up_over_its_locations(tmp_path: Path) -> None:
    inventory = "{path: inventario.csv, preset: shopify_inventory_csv, join: sku}"
    source = f"{SOURCE}\n    - {inventory}"
    files: dict[str, str | bytes] = {"productos.csv": OLD + ROWS, "inventario.csv": INVENTORY}
    found = products(exported_shop(tmp_path, source, CATALOG, files, FIELDS))
    assert {sku: (one.get("stock"), one.get("availability")) for sku, one in found.items()} == {
        "CH-S": ("6", "in_stock"),
        "CH-M": ("0", "out_of_stock"),
        "CI-1": (None, "in_stock"),
        "GO-1": (None, "in_stock"),
    }


def test_the_inventory_export_as_a_table_of_stores(tmp_path: Path) -> None:
    folder = from_csv(tmp_path)
    (folder / "inventario.csv").write_text(INVENTORY, encoding="utf-8")
    text = (folder / "feedsync.yaml").read_text(encoding="utf-8")
    table = "tables: {store: {path: inventario.csv, preset: shopify_inventory_csv, key: [store_code, sku], catalog_key: sku}}\n"
    feed = (
        "  local: {channel: google_local_inventory@2026-11, rows: store, id: \"{{ store_code ~ '/' ~ sku }}\",\n"
        "    market: {country: ES, language: es, currency: EUR}}\n"
    )
    (folder / "feedsync.yaml").write_text(table + text + feed, encoding="utf-8")
    local = check(folder)["local"]
    assert (local.read, local.excluded) == (5, {})


def test_another_file_is_told_from_the_export(tmp_path: Path) -> None:
    with pytest.raises(FeedsyncError, match=r"it lacks: Handle, Variant SKU, Variant Inventory Tracker"):
        summary(from_csv(tmp_path, "Title,Variant Price,Variant Inventory Policy\n", "a,1,deny\n"))


# the catalogs beside the project


def dwc(folder: Path, fields: str = "") -> Path:
    data = real_catalog("shopify_dwc/dwc.products.csv").read_bytes()
    return exported_shop(folder, SOURCE, CATALOG + fields, {"productos.csv": data}, FIELDS)


ID = "fields: {sku: {template: \"{{ field('Handle') ~ '/' ~ field('Variant SKU') }}\"}}\n"


def test_repeated_skus_are_findings_and_a_template_gives_ids(tmp_path: Path) -> None:
    repeated = [("FS101", "error", "sku", ["05TPEA - 1001", "05TPMU - 1000", "05TPEA - 1001"])]
    (tmp_path / "as_is").mkdir()
    counted, findings = summary(dwc(tmp_path / "as_is"))
    assert counted == (77, 73, 4, {})
    assert [(code, severity, field) for code, severity, field, _ in findings] == [one[:3] for one in repeated]
    assert len(products(tmp_path / "as_is")) == 73
    found = products(dwc(tmp_path / "template", ID))
    assert len(found) == 77
    assert [sku for sku in found if sku.endswith("05TPEA - 1001")] == [
        "trailblazer-set/05TPEA - 1001",
        "trailblazer-set-new/05TPEA - 1001",
    ]


def test_the_facts_of_the_csv_catalog(tmp_path: Path) -> None:
    found = products(dwc(tmp_path, ID))
    handles = {sku.partition("/")[0] for sku in found}
    skus = [sku.partition("/")[2] for sku in found]
    assert (len(handles), len(found), len(set(skus))) == (29, 77, 75)
    assert tally(str(n) for n in tally(sku.partition("/")[0] for sku in found).values()) == {
        "2": 10, "4": 8, "3": 7, "1": 4,
    }  # fmt: skip
    images = {url for one in found.values() for url in json.loads(one.get("additional_image_link", "[]"))}
    assert len(images | {one["image_link"] for one in found.values()}) >= 178
    assert all("image_link" in one for one in found.values())
    prices = [Decimal(one["price"]) for one in found.values()]
    assert (sum(prices), min(prices), max(prices)) == (Decimal(4894), Decimal(9), Decimal(576))
    assert not any("sale_price" in one for one in found.values())
    assert not any("$" in value for one in found.values() for name, value in one.items() if name != "description")
    assert all("title" in one for one in found.values())
    assert sum(" " in sku for sku in skus) == 23
    assert [sku for sku in skus if not sku.isascii()] == [
        "Mojave Dessert: 01XCMD–0002",
        "Joshua Tea: 01XCJT–0001",
    ]
    assert tally(one.get("availability") for one in found.values()) == {"in_stock": 63, None: 14}
    assert not any(name in one for one in found.values() for name in ("gtin", "stock"))
    assert tally(one["brand"] for one in found.values()) == {"MADE by DWC": 77}
    assert sum("weight" not in one for one in found.values()) == 6
    everything = "".join(value for one in found.values() for value in one.values())
    assert [character for character in ("\ufeff", "\uf0b7", "\u00a0") if character in everything] == []


def test_image_rows_of_the_csv_catalog_are_counted(tmp_path: Path) -> None:
    result = feedsync.load_project(dwc(tmp_path, ID), as_of=AS_OF, env={}).check()
    notes = {note.key: note.params for note in result.notes if note.key == "rows_of_no_product"}
    assert notes == {"rows_of_no_product": {"count": 102, "reason": "further images"}}


def api(folder: Path, name: str, source: str = JSON, fields: str = "") -> Path:
    data = real_catalog(f"shopify_api_json/{name}").read_bytes()
    return exported_shop(folder, source, CATALOG + fields, {"productos.json": data}, (*FIELDS, "on_hand"))


ONE_LINE = "fields: {sku: {template: \"{{ field('variants.sku') | collapse_spaces }}\"}}\n"


def test_a_sku_with_a_line_break_is_refused(tmp_path: Path) -> None:
    counted, findings = summary(api(tmp_path, "bulk_products.json"))
    assert counted == (33, 32, 1, {})
    assert [(code, severity, field) for code, severity, field, _ in findings] == [("FS103", "error", "sku")]


def test_the_facts_of_the_json_catalog(tmp_path: Path) -> None:
    found = products(api(tmp_path, "bulk_products.json", fields=ONE_LINE))
    assert (len(found), "AD-04 -blue-OS" in found) == (33, True)
    sizes = tally(one["link"] for one in found.values())
    assert sorted(sizes.values(), reverse=True) == [6, 5, 5, 4, 3, 3, 3, 2, 1, 1]
    images = {url for one in found.values() for url in json.loads(one.get("additional_image_link", "[]"))}
    assert len(images | {one["image_link"] for one in found.values()}) == 42
    assert sum(Decimal(one["price"]) for one in found.values()) == Decimal("9920.80")
    assert not any(name in one for one in found.values() for name in ("sale_price", "gtin"))
    hand = [int(one["on_hand"]) for one in found.values()]
    assert (sum(n > 0 for n in hand), hand.count(0), sum(n < 0 for n in hand), sum(hand)) == (21, 11, 1, 74)
    assert tally(one["availability"] for one in found.values()) == {"in_stock": 21, "out_of_stock": 12}
    assert (sum("color" in one for one in found.values()), sum("size" in one for one in found.values())) == (33, 29)
    tags = {one["link"]: json.loads(one["keywords"]) for one in found.values() if "keywords" in one}
    assert sum(map(len, tags.values())) == 98


@pytest.mark.parametrize(
    ("name", "price", "count", "in_stock"),
    [("single_product.json", "44000", 1, None), ("variant_product.json", "1000", 9, 1)],
)
def test_the_facts_of_single_documents(name: str, price: str, count: int, in_stock: int | None, tmp_path: Path) -> None:
    found = products(api(tmp_path, name, JSON.replace("}", ', records: "."}')))
    assert (len(found), {one["price"] for one in found.values()}) == (count, {price})
    assert not any(field in one for one in found.values() for field in ("sale_price", "gtin"))
    if in_stock is not None:
        assert sum(one["availability"] == "in_stock" for one in found.values()) == in_stock


def test_the_facts_of_another_hubs_documents(tmp_path: Path) -> None:
    source = "{path: productos.json, records: itemTypeDTO.}"
    fields = (
        "key: skuCode\nfields:\n"
        + "".join(f"  {name}: {{from: {name}, type: gtin}}\n" for name in ("ean", "upc"))
        + "  image_link: {from: imageUrl}\n  link: {from: productPageUrl}\n"
    )
    found = {}
    for name in ("unicommerce_simple_item.json", "unicommerce_product-MC-100.json"):
        data = real_catalog(f"shopify_api_json/{name}").read_bytes()
        shown = ("ean", "upc", "image_link", "link", "description")
        folder = exported_shop(tmp_path / name, source, fields, {"productos.json": data}, shown, "{{ skuCode }}")
        found |= products(folder)
    simple, cloth = found.values()
    assert (simple["ean"], simple["upc"]) == ("73513537", "065100004327")
    assert list(found)[1] == "MC-100"
    assert not {"ean", "upc", "image_link", "link", "description"} & set(cloth)
