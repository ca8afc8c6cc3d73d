"""The preset wix_csv: variants below their product, surcharges, discounts, image numbers, stock by word or number."""

from __future__ import annotations

from pathlib import Path

from reading_exports import exported_shop, products, summary

SOURCE = "{path: productos.csv, preset: wix_csv}"
CATALOG = "shop_url: https://tienda.example\n"
FIELDS = (
    "parent_sku",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "price",
    "sale_price",
    "stock",
    "availability",
    "category",
    "brand",
    "color",
    "size",
)
SPANISH = """\
handleId,fieldType,name,description,productImageUrl,collection,sku,ribbon,price,surcharge,visible,discountMode,discountValue,inventory,weight,cost,productOptionName1,productOptionType1,productOptionDescription1,productOptionName2,productOptionType2,productOptionDescription2,brand
p1,Product,Camiseta Niño,"<p>Algodón, suave</p>",abc_1~mv2.jpg;abc_2~mv2.png,Ropa;Novedades,CAM,Nuevo,19.90,,TRUE,PERCENT,10,InStock,,,Talla,DROP_DOWN,S;M,Color,COLOR,#0000ff:azul;#ff0000:rojo,Duero
p1,Variant,,,,,CAM-S,,,0.0,TRUE,,,5,0.2,,,,S,,,azul,
p1,Variant,,,,,CAM-M,,,2.10,TRUE,,,OutOfStock,0.2,,,,M,,,rojo,
p1,Variant,,,,,CAM-X,,,0.0,FALSE,,,5,0.2,,,,S,,,rojo,
p2,Product,Gorra,Lana,https://cdn.example/g.jpg,Gorras,GOR,,12,,TRUE,AMOUNT,2.5,InStock,0.1,4,,,,,,,
p3,Product,Oculta,x,x.jpg,,OCU,,9,,FALSE,,,InStock,,,Talla,DROP_DOWN,S,,,,
p3,Variant,,,,,OCU-S,,,0,TRUE,,,3,,,,,S,,,,
p4,Product,Sin número,x,x.jpg,,,,9,,TRUE,,0,3,,,,,,,,,
"""


def test_a_spanish_shops_products(tmp_path: Path) -> None:
    folder = exported_shop(tmp_path, SOURCE, CATALOG, {"productos.csv": SPANISH}, FIELDS)
    media = "https://static.wixstatic.com/media"
    shirt = {
        "parent_sku": "p1",
        "title": "Camiseta Niño",
        "description": "<p>Algodón, suave</p>",
        "link": "https://tienda.example/product-page/camiseta-nino",
        "image_link": f"{media}/abc_1~mv2.jpg",
        "additional_image_link": f'["{media}/abc_2~mv2.png"]',
        "category": "Ropa",
        "brand": "Duero",
    }
    assert products(folder) == {
        "CAM-S": {**shirt, "price": "19.9", "sale_price": "17.91", "stock": "5", "color": "azul", "size": "S"},
        "CAM-M": {
            **shirt,
            "price": "22",
            "sale_price": "19.8",
            "availability": "out_of_stock",
            "color": "rojo",
            "size": "M",
        },
        "GOR": {
            "title": "Gorra",
            "description": "Lana",
            "link": "https://tienda.example/product-page/gorra",
            "image_link": "https://cdn.example/g.jpg",
            "price": "12",
            "sale_price": "9.5",
            "availability": "in_stock",
            "category": "Gorras",
        },
    }
    assert summary(folder) == ((6, 3, 1, {"not visible": 2}), [("FS102", "error", "sku", [None])])


def test_prices_with_a_decimal_comma(tmp_path: Path) -> None:
    text = SPANISH.replace("19.90", '"19,90"').replace("2.10", '"2,10"').replace("2.5,", '"2,5",')
    source = SOURCE.replace("}", ', decimal_mark: ","}')
    folder = exported_shop(tmp_path, source, CATALOG, {"productos.csv": text}, ("price", "sale_price"))
    found = {sku: (row["price"], row.get("sale_price")) for sku, row in products(folder).items()}
    assert found["CAM-M"] == ("22", "19.8")
    assert found["GOR"] == ("12", "9.5")
