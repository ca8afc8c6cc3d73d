"""The preset magento_csv: parents below their children, attributes in one cell, relative images, entities."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from reading_exports import exported, exported_shop, flow, products, real_catalog, summary, tally

SOURCE = "{path: productos.csv, preset: magento_csv}"
CATALOG = "shop_url: https://tienda.example\nimage_url: https://tienda.example/media/catalog/product\n"
FIELDS = (
    "parent_sku",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "price",
    "sale_price",
    "sale_price_start",
    "sale_price_end",
    "stock",
    "availability",
    "category",
    "gender",
    "color",
    "size",
    "material",
    "brand",
    "gtin",
)
COLUMNS = (
    "sku,store_view_code,product_type,categories,name,description,product_online,visibility,price,special_price,"
    "special_price_from_date,special_price_to_date,url_key,base_image,additional_images,additional_attributes,qty,"
    "is_in_stock,allow_backorders,manage_stock,configurable_variations"
)
# a child, its translation, two children, their parent below them, and products that no shop sells
ROWS = """\
CH-S,,simple,"Default Category/Mujer/Chaquetas & Parkas,Default Category/Novedades",Chaqueta Duero-S,"<p>Tres capas,
con capucha</p>",1,Not Visible Individually,49.5,39.9000,2026-11-01,2026-11-30,chaqueta-duero-s,/c/h/ch_main.jpg,"/c/h/ch_1.jpg,/c/h/ch_2.jpg","has_options=0,color=Azul,talla=S,ean=8412345678905",12.0000,1,0,1,
CH-S,catalan,simple,,Jaqueta Duero-S,,1,Not Visible Individually,,,,,jaqueta-duero-s,,,,,,,,
CH-M,,simple,"Default Category/Mujer/Chaquetas & Parkas",Chaqueta Duero-M,,1,Not Visible Individually,49.5,,,,chaqueta-duero-m,/c/h/ch_main.jpg,,"has_options=0,color=Azul,size=M",0.0000,1,1,1,
CH,,configurable,"Default Category/Mujer/Chaquetas & Parkas",Chaqueta Duero,<p>Abrigo</p>,1,"Catalog, Search",49.5,,,,chaqueta-duero,/c/h/ch.jpg,,"has_options=1,material=Gore&reg;, reciclado|Lana,brand=Sendero &amp; Co",0,1,0,1,"sku=CH-S,talla=S | size=M,sku= CH-M"
BO,,simple,Default Category,Bota &ndash; Ebro,Bota,1,"Catalog, Search",89,,,,bota-ebro,https://cdn.example/b.jpg,,,3,0,0,1,
GR,,simple,,Gorra,,1,Catalog,10,,,,,no_selection,,,0,1,0,0,
OFF,,simple,,Retirada,,2,"Catalog, Search",10,,,,,,,,5,1,0,1,
SOLO,,simple,,Suelta,,1,Not Visible Individually,10,,,,,,,,5,1,0,1,
PACK,,grouped,,Conjunto,,1,"Catalog, Search",,,,,,,,,0,1,0,1,
VAC,,configurable,,Vacía,,1,"Catalog, Search",9,,,,,,,,0,1,0,1,
"""


def spanish(folder: Path, rows: str = ROWS) -> Path:
    return exported_shop(folder, SOURCE, CATALOG, {"productos.csv": f"{COLUMNS}\n{rows}"}, FIELDS)


def test_a_spanish_shops_export(tmp_path: Path) -> None:
    folder = spanish(tmp_path)
    base = "https://tienda.example/media/catalog/product/c/h"
    child = {
        "parent_sku": "CH",
        "link": "https://tienda.example/chaqueta-duero.html",
        "image_link": f"{base}/ch_main.jpg",
        "price": "49.5",
        "category": "Mujer > Chaquetas & Parkas",
        "gender": "female",
        "color": "Azul",
        "material": "Gore®, reciclado/Lana",
        "brand": "Sendero & Co",
    }
    assert products(folder) == {
        "CH-S": {
            **child,
            "title": "Chaqueta Duero-S",
            "description": "<p>Tres capas,\ncon capucha</p>",
            "additional_image_link": f'["{base}/ch_1.jpg","{base}/ch_2.jpg"]',
            "sale_price": "39.9",
            "sale_price_start": "2026-11-01T00:00+00:00",
            "sale_price_end": "2026-11-30T23:59+00:00",
            "stock": "12",
            "availability": "in_stock",
            "size": "S",
            "gtin": "8412345678905",
        },
        "CH-M": {
            **child,
            "title": "Chaqueta Duero-M",
            "description": "<p>Abrigo</p>",
            "stock": "0",
            "availability": "backorder",
            "size": "M",
        },
        "BO": {
            "title": "Bota – Ebro",
            "description": "Bota",
            "link": "https://tienda.example/bota-ebro.html",
            "image_link": "https://cdn.example/b.jpg",
            "price": "89",
            "stock": "3",
            "availability": "out_of_stock",
        },
        "GR": {"title": "Gorra", "price": "10", "stock": "0", "availability": "in_stock"},
    }
    excluded = {"disabled": 1, "product without children": 1, "group of products": 1, "not visible": 1}
    assert summary(folder) == ((8, 4, 0, excluded), [])


def test_children_of_a_disabled_product_are_left_out(tmp_path: Path) -> None:
    folder = spanish(tmp_path, ROWS.replace("<p>Abrigo</p>,1,", "<p>Abrigo</p>,2,"))
    assert list(products(folder)) == ["BO", "GR"]
    assert summary(folder)[0][3]["disabled"] == 3


def test_the_words_of_a_spanish_admin(tmp_path: Path) -> None:
    rows = ROWS.replace("Not Visible Individually", "No visible individualmente")
    assert products(spanish(tmp_path / "es", rows)) == products(spanish(tmp_path / "en"))


def test_dates_in_the_admins_language_are_findings_until_the_project_says_how(tmp_path: Path) -> None:
    rows = ROWS.replace("2026-11-01", "1/11/26").replace("2026-11-30", "30/11/26")
    folder = spanish(tmp_path, rows)
    assert summary(folder)[1] == [
        ("FS103", "error", "sale_price_end", ["CH-S"]),
        ("FS103", "error", "sale_price_start", ["CH-S"]),
    ]
    dates = "sale_price_{at}: {{from: special_price_{column}_date, format: d/m/yy}}"
    fields = ", ".join(dates.format(at=at, column=column) for at, column in (("start", "from"), ("end", "to")))
    own = exported_shop(
        tmp_path, SOURCE, f"{CATALOG}fields: {{{fields}}}\n", {"productos.csv": f"{COLUMNS}\n{rows}"}, FIELDS
    )
    jacket = products(own)["CH-S"]
    assert (jacket["sale_price_start"], jacket["sale_price_end"]) == (
        "2026-11-01T00:00+00:00",
        "2026-11-30T23:59+00:00",
    )


@pytest.fixture(scope="module")
def luma(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files: dict[str, str | bytes] = {"productos.csv": real_catalog("magento_luma/products.csv").read_bytes()}
    fields = (*FIELDS, "url_key", "categories", "configurable_variations")
    return exported_shop(tmp_path_factory.mktemp("luma"), SOURCE, CATALOG, files, fields)


def test_the_public_sample_is_1847_products_of_147_parents(luma: Path) -> None:
    assert summary(luma) == ((1847, 1847, 0, {}), [])
    rows = products(luma)
    children = tally(row["parent_sku"] for row in rows.values())
    assert len(children) == 147
    assert tally(str(number) for number in children.values()) == {
        "15": 93, "12": 23, "6": 18, "5": 11, "4": 1, "9": 1,
    }  # fmt: skip


def test_the_public_samples_options_and_prices(luma: Path) -> None:
    rows = products(luma)
    colours = tally(row["color"] for row in rows.values())
    assert (len(colours), colours["Blue"], colours["Black"], colours["Red"], colours["Lavender"]) == (
        11, 339, 264, 249, 5,
    )  # fmt: skip
    assert len(tally(row["size"] for row in rows.values())) == 13
    # the child's number ends in its size and its colour, as its parent's list says
    assert all(sku.endswith(f"-{row['size']}-{row['color']}") for sku, row in rows.items())
    prices = [Decimal(row["price"]) for row in rows.values()]
    assert (len(prices), sum(prices), min(prices), max(prices)) == (1847, Decimal("83368.60"), 18, 99)
    odd = tally(row["price"] for row in rows.values() if "." in row["price"])
    assert odd == {"32.5": 28, "56.99": 15, "56.25": 15}
    assert not any("sale_price" in row for row in rows.values())
    assert tally(row["stock"] for row in rows.values()) == {"100": 1847}


def test_the_public_samples_images_and_links(luma: Path) -> None:
    rows = products(luma).values()
    base = "https://tienda.example/media/catalog/product/"
    assert all(row["image_link"].startswith(base) for row in rows)
    further = [json.loads(row["additional_image_link"]) for row in rows if "additional_image_link" in row]
    assert (len(further), sum(map(len, further)), max(map(len, further))) == (651, 1119, 4)
    assert all(image.startswith(base) for images in further for image in images)
    links = {row["link"] for row in rows}
    assert len(links) == 1847
    assert "https://tienda.example/chaz-kangeroo-hoodie-xs-black.html" in links


def test_the_public_samples_inherited_material_and_gender(luma: Path) -> None:
    rows = products(luma).values()
    assert sum("material" in row for row in rows) == 1847
    assert sum(any(sign in row["material"] for sign in "®™") for row in rows) == 1032
    assert not any("&" in row["material"] and ";" in row["material"] for row in rows)
    assert tally(row["gender"] for row in rows) == {"male": 910, "female": 937}
    assert not any("brand" in row or "gtin" in row for row in rows)
    paths = {path for row in rows for path in row["categories"].split(",")}
    assert (len(paths), max(path.count("/") + 1 for path in paths)) == (21, 4)


def test_the_public_sample_becomes_feeds(tmp_path: Path) -> None:
    data = real_catalog("magento_luma/products.csv").read_bytes()
    catalog = f'{CATALOG}currency: EUR\nfields: {{brand: {{template: "Luma"}}}}\n'
    folder = flow(tmp_path, SOURCE, catalog, {"productos.csv": data})
    assert exported(folder) == {"google_es": (1847, 1847, 0, {}), "meta_es": (1847, 1847, 0, {})}


def test_parents_stand_blocks_below_their_children(tmp_path: Path) -> None:
    """The reader takes 4 MiB at a time; here the children fill more than that, and the parents are the last rows."""
    words, number = "palabra " * 300, 2400
    cells = "simple,Default Category,Bota,{words},Not Visible Individually,9,bota-{n},size={n},1"
    children = [f"C-{n}," + cells.format(words=words, n=n) + "," for n in range(number)]
    parents = [
        f"P-{p},configurable,Default Category,Bota,,Catalog,9,botas-{p},material=Piel {p},0,"
        + '"' + "|".join(f"sku=C-{n},size={n}" for n in range(p, number, 3)) + '"'
        for p in range(3)
    ]  # fmt: skip
    header = "sku,product_type,categories,name,description,visibility,price,url_key,additional_attributes,qty"
    text = "\n".join([f"{header},configurable_variations", *children, *parents, ""])
    folder = exported_shop(tmp_path, SOURCE, CATALOG, {"productos.csv": text}, ("parent_sku", "link", "material"))
    assert len(text) > 5 << 20
    assert products(folder) == {
        f"C-{n}": {
            "parent_sku": f"P-{n % 3}",
            "link": f"https://tienda.example/botas-{n % 3}.html",
            "material": f"Piel {n % 3}",
        }
        for n in range(number)
    }
