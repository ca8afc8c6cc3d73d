"""The preset vendure_csv: padded cells, variants below their product, facets, options by position, file names."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from reading_exports import exported, exported_shop, flow, products, real_catalog, summary, tally

from feedsync.sources.base import ROWS_PER_BLOCK

SOURCE = "{path: productos.csv, preset: vendure_csv}"
CATALOG = "shop_url: https://tienda.example/\nimage_url: https://tienda.example/assets/\n"
FIELDS = (
    "parent_sku",
    "item_group_title",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "price",
    "stock",
    "availability",
    "category",
    "brand",
    "color",
    "size",
    "material",
    "tax_class",
)
# cells padded with blanks, also behind a closing quote; prices with a decimal comma
SPANISH = """\
name              ,slug    ,description            ,assets           ,facets                                               ,optionGroups          ,optionValues ,sku  ,price    ,taxCategory,stockOnHand,trackInventory,variantAssets ,variantFacets
Chaqueta Duero    ,duero   ,"Tres capas, capucha"  ,"duero.jpg|d2.jpg" ,category:Ropa|category:Chaquetas|marca:Sendero     ,"color|talla:talla-eu" ,"azul|M"     ,A-1  ,"1.049,50" ,standard  ,12         ,true          ,azul.jpg      ,
                  ,        ,                       ,                 ,                                                     ,                      ,"rojo|L"     ,A-2  ,"49,50"  ,standard   ,0          ,true          ,              ,
Cantimplora       ,canti   ,                       ,https://cdn.example/c.jpg ,category:Menaje|material:acero              ,                      ,             ,B-1  ,"12,40"  ,reduced    ,0          ,false         ,              ,
Silla "Ebro"      ,ebro    ,Una silla              ,/s/ebro.jpg      ,category:Hogar                                       ,acabado               ,mate         ,C-1  ,100      ,standard   ,3          ,              ,              ,color:verde
"""


def spanish(folder: Path, text: str = SPANISH) -> Path:
    source = SOURCE.replace("}", ', decimal_mark: ","}')
    return exported_shop(folder, source, CATALOG, {"productos.csv": text}, FIELDS)


def test_a_spanish_shops_file(tmp_path: Path) -> None:
    folder = spanish(tmp_path)
    jacket = {
        "parent_sku": "duero",
        "item_group_title": "Chaqueta Duero",
        "title": "Chaqueta Duero",
        "description": "Tres capas, capucha",
        "link": "https://tienda.example/products/duero",
        "category": "Ropa > Chaquetas",
        "brand": "Sendero",
        "tax_class": "standard",
    }
    base = "https://tienda.example/assets"
    assert products(folder) == {
        "A-1": {
            **jacket,
            "image_link": f"{base}/azul.jpg",
            "additional_image_link": f'["{base}/duero.jpg","{base}/d2.jpg"]',
            "price": "1049.5",
            "stock": "12",
            "color": "azul",
            "size": "M",
        },
        "A-2": {
            **jacket,
            "image_link": f"{base}/duero.jpg",
            "additional_image_link": f'["{base}/d2.jpg"]',
            "price": "49.5",
            "stock": "0",
            "color": "rojo",
            "size": "L",
        },
        "B-1": {
            "title": "Cantimplora",
            "link": "https://tienda.example/products/canti",
            "image_link": "https://cdn.example/c.jpg",
            "price": "12.4",
            "stock": "0",
            "availability": "in_stock",
            "category": "Menaje",
            "material": "acero",
            "tax_class": "reduced",
        },
        "C-1": {
            "parent_sku": "ebro",
            "item_group_title": 'Silla "Ebro"',
            "title": 'Silla "Ebro"',
            "description": "Una silla",
            "link": "https://tienda.example/products/ebro",
            "image_link": f"{base}/s/ebro.jpg",
            "price": "100",
            "stock": "3",
            "category": "Hogar",
            "color": "verde",
            "tax_class": "standard",
        },
    }
    assert summary(folder) == ((4, 4, 0, {}), [])


def test_a_variant_without_a_number_is_a_finding(tmp_path: Path) -> None:
    folder = spanish(tmp_path, SPANISH.replace("A-2  ", "     "))
    assert summary(folder) == ((4, 3, 1, {}), [("FS102", "error", "sku", [None])])


def sample(folder: Path, catalog: str = "", identity: str = "{{ sku }}") -> Path:
    files: dict[str, str | bytes] = {"productos.csv": real_catalog("vendure_sample/products.csv").read_bytes()}
    fields = (*FIELDS, "sku", "option_names", "option_values")
    return exported_shop(folder, SOURCE, CATALOG + catalog, files, fields, identity)


def test_rows_of_a_repeated_number_in_the_public_sample_are_blocked(tmp_path: Path) -> None:
    chairs: list[str | None] = ["404.038.96"] * 3
    assert summary(sample(tmp_path)) == ((88, 85, 3, {}), [("FS101", "error", "sku", chairs)])


def test_the_public_sample_gives_the_facts_of_its_page(tmp_path: Path) -> None:
    own = "key: own\nfields: {own: {template: \"{{ field('sku') ~ '/' ~ field('optionValues') }}\"}}\n"
    folder = sample(tmp_path, own, "{{ own }}")
    assert summary(folder) == ((88, 88, 0, {}), [])
    rows = list(products(folder).values())
    assert tally(tally(row["title"] for row in rows).values()) == {1: 41, 2: 2, 3: 2, 4: 8, 5: 1}
    assert len({row["sku"] for row in rows}) == 86
    prices = [Decimal(row["price"]) for row in rows]
    assert (sum(prices), min(prices), max(prices)) == (Decimal("30389.65"), Decimal("4.99"), Decimal(5350))
    assert all("description" in row for row in rows)
    images = {row["image_link"] for row in rows}
    assert len(images) == 54
    assert all(image.startswith("https://tienda.example/assets/") and image.count("//") == 1 for image in images)
    assert not any("additional_image_link" in row for row in rows)
    branded = [row for row in rows if "brand" in row]
    assert (len(branded), len({row["title"] for row in branded})) == (61, 29)
    assert tally(row["option_names"] for row in rows if "option_values" in row) == {
        "size:shoe-size": 24,
        "HDD": 5,
        "screen size|RAM": 4,
        "cpu|HDD": 4,
        "size": 3,
        "color": 3,
        "storage": 2,
        "monitor size": 2,
    }
    assert all(row.get("option_names", "").count("|") == row.get("option_values", "").count("|") for row in rows)
    assert sum("size" in row for row in rows) == 27
    assert tally(row["category"].count(" > ") for row in rows) == {1: 88}
    chairs = [row for row in rows if row["title"] == "Modern Cafe Chair"]
    assert [row["color"] for row in chairs] == ["mustard", "mint", "pearl"]
    assert tally(row["stock"] for row in rows) == {"100": 88}
    laptop = next(row for row in rows if row["sku"] == "L2201308")
    assert (laptop["link"], laptop["category"], laptop["brand"]) == (
        "https://tienda.example/products/laptop",
        "Electronics > Computers",
        "Apple",
    )


def test_the_public_sample_becomes_feeds(tmp_path: Path) -> None:
    data = real_catalog("vendure_sample/products.csv").read_bytes()
    folder = flow(tmp_path, SOURCE, f"{CATALOG}currency: EUR\n", {"productos.csv": data})
    # what has no brand Meta does not take; the chairs of one number go nowhere
    assert exported(folder) == {"google_es": (88, 85, 3, {}), "meta_es": (88, 61, 27, {})}


def test_a_product_may_begin_in_one_block_and_end_in_another(tmp_path: Path) -> None:
    """The lenient reader gives so many rows at a time; the last product of a block goes on in the next one."""
    number = ROWS_PER_BLOCK + 3
    rows = [f"{'Camiseta' if n % 7 == 0 else ''},c{n if n % 7 == 0 else ''},talla,T{n},S-{n},10" for n in range(number)]
    rows = [
        row.replace(",c,", ",,").replace(",talla,", ",talla," if n % 7 == 0 else ",,") for n, row in enumerate(rows)
    ]
    text = "\n".join(["name,slug,optionGroups,optionValues,sku,price,facets", *(f"{row}," for row in rows), ""])
    folder = exported_shop(tmp_path, SOURCE, CATALOG, {"productos.csv": text}, ("parent_sku", "title", "size"))
    found = products(folder)
    assert len(found) == number
    assert found == {
        f"S-{n}": {"parent_sku": f"c{n - n % 7}", "title": "Camiseta", "size": f"T{n}"} for n in range(number)
    }
