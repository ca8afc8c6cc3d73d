"""The preset prestashop_csv: Spanish headers, semicolons, both decimal marks, combinations in rows of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_exports import exported_shop, products, summary

CATALOG = "shop_url: https://tienda.example\ncurrency: EUR\n"
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
    "availability_date",
    "condition",
    "category",
    "brand",
    "gtin",
    "color",
    "size",
    "material",
)
HEADER = (
    "ID;Activo (0/1);Nombre *;Categorías (x,y,z...);Precio sin IVA;Precio con IVA;ID regla de impuestos;"
    "Importe del descuento;Porcentaje de descuento;Descuento desde (aaaa-mm-dd);Descuento hasta (aaaa-mm-dd);"
    "Referencia nº;Fabricante;EAN13;Peso;Cantidad;Acción sin existencias;Visibilidad;Resumen;Descripción;"
    "Disponible para pedidos (0 = No, 1 = Si);Fecha de disponibilidad;URLs de las imágenes (x,y,z...);"
    "Característica (Nombre:Valor:Posición);Condición;ID del producto*;Atributo (Nombre:Tipo:Posición)*;"
    "Valor (Valor:Posición)*;Impacto en el precio"
)
ROWS = """\
12;1;Chaqueta Duero;Inicio,Ropa,Chaquetas;100,00;121,00;1;;10;2026-11-01;2026-11-30;CH;Sendero;;0,57;0;;both;Corta;"<p>Larga; con punto y coma</p>";1;0000-00-00;https://tienda.example/1.jpg,https://tienda.example/2.jpg;Material:Algodón:1,Corte:Recto:2;nuevo;;;;
;;;;;;;;;;;CH-S;;8412345678905;;3;;;;;1;;;;;12;Talla:select:0,Color:color:1;S:0,Azul:1;
;;;;;;;;;;;CH-XL;;;;0;1;;;;1;;https://tienda.example/xl.jpg;;;12;Talla:select:0, Color:color:1;XL:2, Rojo:0;10,00
13;1;Bota Ebro;Inicio,Calzado;50,00;60,50;1;5,50;;0000-00-00;0000-00-00;BO;Ebro;8412345678929;1,2;-1;;both;Bota;;1;2026-12-24;https://tienda.example/b.jpg;;usado;;;;
14;1;Gorra;Gorras;8,26;9,995;1;0;0;;;GO;;;;7;;both;;Lana;0;;;Color:Verde:1;;;;;
15;0;Retirada;Gorras;1;1,21;1;;;;;RE;;;;7;;both;;;1;;;;;;;;
16;1;Oculta;Gorras;1;1,21;1;;;;;OC;;;;7;;none;;;1;;;;;;;;
"""


def spanish(folder: Path, rows: str = ROWS, source: str = 'decimal_mark: ","') -> Path:
    files: dict[str, str | bytes] = {"productos.csv": f"\ufeff{HEADER}\n{rows}"}
    return exported_shop(folder, f"{{path: productos.csv, preset: prestashop_csv, {source}}}", CATALOG, files, FIELDS)


WANT = {
    "CH-S": {
        "parent_sku": "id-12",
        "title": "Chaqueta Duero",
        "description": "<p>Larga; con punto y coma</p>",
        "link": "https://tienda.example/index.php?controller=product&id_product=12",
        "image_link": "https://tienda.example/1.jpg",
        "additional_image_link": '["https://tienda.example/2.jpg"]',
        "price": "121",
        "sale_price": "108.9",
        "sale_price_start": "2026-11-01T00:00+00:00",
        "sale_price_end": "2026-11-30T23:59+00:00",
        "stock": "3",
        "condition": "new",
        "category": "Ropa",
        "brand": "Sendero",
        "gtin": "8412345678905",
        "color": "Azul",
        "size": "S",
        "material": "Algodón",
    },
    "CH-XL": {
        "parent_sku": "id-12",
        "title": "Chaqueta Duero",
        "description": "<p>Larga; con punto y coma</p>",
        "link": "https://tienda.example/index.php?controller=product&id_product=12",
        "image_link": "https://tienda.example/xl.jpg",
        "additional_image_link": '["https://tienda.example/2.jpg"]',
        "price": "133.1",
        "sale_price": "119.79",
        "sale_price_start": "2026-11-01T00:00+00:00",
        "sale_price_end": "2026-11-30T23:59+00:00",
        "stock": "0",
        "availability": "backorder",
        "condition": "new",
        "category": "Ropa",
        "brand": "Sendero",
        "color": "Rojo",
        "size": "XL",
        "material": "Algodón",
    },
    "BO": {
        "title": "Bota Ebro",
        "description": "Bota",
        "link": "https://tienda.example/index.php?controller=product&id_product=13",
        "image_link": "https://tienda.example/b.jpg",
        "price": "60.5",
        "sale_price": "55",
        "stock": "-1",
        "availability_date": "2026-12-24T00:00+00:00",
        "condition": "used",
        "category": "Calzado",
        "brand": "Ebro",
        "gtin": "8412345678929",
    },
    "GO": {
        "title": "Gorra",
        "description": "Lana",
        "link": "https://tienda.example/index.php?controller=product&id_product=14",
        "price": "9.995",
        "stock": "7",
        "availability": "out_of_stock",
        "category": "Gorras",
        "color": "Verde",
    },
}


def test_a_spanish_shops_products(tmp_path: Path) -> None:
    folder = spanish(tmp_path)
    assert products(folder) == WANT
    assert summary(folder) == ((6, 4, 0, {"not active": 1, "not visible": 1}), [])


def test_prices_with_a_point(tmp_path: Path) -> None:
    rows = ROWS
    for old, new in (("100,00;121,00", "100.000000;121.000000"), ("10,00\n", "10.000000\n"), ("9,995", "9.995000")):
        rows = rows.replace(old, new)
    rows = rows.replace("50,00;60,50;1;5,50", "50.00;60.50;1;5.50").replace("8,26", "8.26").replace("1,21", "1.21")
    assert products(spanish(tmp_path, rows, 'decimal_mark: "."')) == WANT


@pytest.mark.parametrize("word", ["0", "No", "false", "Disabled", "Inactivo"])
def test_a_disabled_products_combinations_are_left_out(tmp_path: Path, word: str) -> None:
    folder = spanish(tmp_path, ROWS.replace("12;1;Chaqueta", f"12;{word};Chaqueta"))
    assert list(products(folder)) == ["BO", "GO"]
    assert summary(folder)[0] == (6, 2, 0, {"not active": 3, "not visible": 1})


def test_a_net_price_is_never_the_price(tmp_path: Path) -> None:
    source = "{path: productos.csv, preset: prestashop_csv}"
    text = "ID;Active (0/1);Name *;Price tax excluded;Reference #;Quantity\n1;1;Bota;50.00;BO;1\n"
    files: dict[str, str | bytes] = {"productos.csv": text}
    folder = exported_shop(tmp_path / "net", source, CATALOG, files, ("price",))
    assert products(folder) == {"BO": {}}
    own = CATALOG + 'fields: {price: {template: "{{ price_net | add_tax(21) | round(2) }}"}}\n'
    assert products(exported_shop(tmp_path / "own", source, own, files, ("price",))) == {"BO": {"price": "60.5"}}


@pytest.mark.parametrize(
    "header",
    [
        "Product ID;Image;Name;Reference;Category;Price (tax excl.);Price (tax incl.);Quantity;Status;Position",
        "ID;Imagen;Nombre;Referencia;Categoría;Precio (imp. excl.);Precio (imp. incl.);Cantidad;Estado;Posición",
    ],
)
def test_the_list_of_the_back_office(header: str, tmp_path: Path) -> None:
    source = "{path: productos.csv, preset: prestashop_csv}"
    text = (
        f"{header}\n"
        "1;https://tienda.example/1.jpg;Bota;BO;Calzado;50.00;60.50;4;1;1\n"
        "2;https://tienda.example/2.jpg;Gorra;GO;Gorras;10.00;12.10;4;0;2\n"
    )
    folder = exported_shop(tmp_path, source, CATALOG, {"productos.csv": text}, FIELDS)
    assert products(folder) == {
        "BO": {
            "title": "Bota",
            "link": "https://tienda.example/index.php?controller=product&id_product=1",
            "image_link": "https://tienda.example/1.jpg",
            "price": "60.5",
            "stock": "4",
            "category": "Calzado",
        }
    }
