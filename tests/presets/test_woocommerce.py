"""The preset woocommerce_csv: translated headers, the shop's decimal mark, variations, stock words, lists in cells."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from builders import export
from reading_exports import exported_shop, products, real_catalog, summary, tally

from feedsync.catalog.shape import known_headers
from feedsync.specs.presets import load_preset

SOURCE = "{path: productos.csv, preset: woocommerce_csv}"
CATALOG = "shop_url: https://tienda.example/\ntimezone: Europe/Madrid\n"
FIELDS = (
    "parent_sku", "title", "description", "link", "image_link", "additional_image_link", "price", "sale_price",
    "sale_price_start", "sale_price_end", "tax_status", "tax_class", "stock", "availability", "category", "brand", "gtin",
    "mpn", "color", "size", "material", "weight", "length", "shipping_label",
)  # fmt: skip
HEADER = (
    'ID,Tipo,SKU,"GTIN, UPC, EAN o ISBN",Nombre,Publicado,¿Está destacado?,Visibilidad en el catálogo,Descripción corta,'
    "Descripción,Día en que empieza el precio rebajado,Día en que termina el precio rebajado,Estado del impuesto,"
    "Clase de impuesto,¿Existencias?,Inventario,Peso (kg),Longitud (cm),Precio rebajado,Precio normal,Categorías,"
    "Clase de envío,Imágenes,Superior,Marcas,Nombre del atributo 1,Valor(es) del atributo 1,Nombre del atributo 2,"
    "Valor(es) del atributo 2,Meta: _ts_mpn\n"
)
# a variation stands before its parent; one parent goes by its number; two more rows that no shop sells
SPANISH = HEADER + (
    '102,variation,CAM-AZ-M,4006381333931,"Camiseta Duero - Azul, M",1,0,visible,,"Talla pequeña: pida una más",,,taxable,parent,1,7,,,,"19,95",,,,CAM,,Color,Azul,Talla,M,\n'
    '101,variable,CAM,,Camiseta Duero,1,1,visible,Corta,"Algodón orgánico.\\nLavar a 30 °C",,,taxable,reduced-rate,1,,0.18,70,,,"Ropa > Camisetas\\, tops, Novedades",envio-normal,"https://tienda.example/i/a.jpg, https://tienda.example/i/b\\,1.jpg",,Peña,Color,"Azul, Rojo",Talla,"S, M",\n'
    '103,variation,CAM-RO,,Camiseta Duero - Rojo,1,0,visible,,,,,taxable,parent,backorder,parent,0.2,,"14,50","19,95",,,https://tienda.example/i/r.jpg,CAM,,Color,Rojo,Talla,,\n'
    '201,"simple, virtual",BONO,,Bono regalo,1,0,visible,Vale un regalo,,2026-11-20 0:00:00,2026-11-30 23:59:59,none,,0,0,,,"45,00","1.050,00",Regalos,,https://tienda.example/i/bono.jpg,,,Material,"Papel, Cartón",,,MP-1\n'
    '301,variable,,,Gorra Ñandú,1,0,visible,Una gorra,,,,taxable,,1,,.5,,,,Gorras,,https://tienda.example/i/g.jpg,,,Color,Verde,,,\n'
    '302,variation,GOR-V,,Gorra Ñandú - Verde,1,0,visible,,,,,taxable,,1,3,,,,9,,,,id:301,,Color,Verde,,,\n'
    '401,grouped,LOTE,,Lote,1,0,visible,,,,,,,1,,,,,,,,,,,,,,,\n'
    '402,variable,VACIO,,Sin variaciones,1,0,visible,,,,,,,1,,,,,,,,,,,,,,,\n'
    '403,simple,BORR,,Borrador,-1,0,visible,,,,,,,1,,,,,5,,,,,,,,,,\n'
    '501,variable,OCUL,,Oculta,0,0,visible,,,,,,,1,,,,,,,,,,,,,,,\n'
    '502,variation,OCUL-1,,Oculta - 1,1,0,visible,,,,,,,1,1,,,,"5,5",,,,OCUL,,,,,,\n'
    '601,external,EXT,,De fuera,1,0,visible,,,,,taxable,,1,,,,,"7,25",,,,,,,,,,\n'
)  # fmt: skip


def spanish(folder: Path, text: str = SPANISH, fields: str = "") -> Path:
    source = SOURCE.replace("}", ', decimal_mark: ","}')
    return exported_shop(folder, source, CATALOG + fields, {"productos.csv": text}, FIELDS)


SHIRT = {
    "parent_sku": "CAM",
    "link": "https://tienda.example/?p=101",
    "tax_status": "taxable",
    "tax_class": "reduced-rate",
    "category": "Ropa > Camisetas, tops",
    "brand": "Peña",
    "length": "70 cm",
    "shipping_label": "envio-normal",
    "price": "19.95",
}


def test_a_spanish_shops_file(tmp_path: Path) -> None:
    assert products(spanish(tmp_path)) == {
        "CAM-AZ-M": {
            **SHIRT,
            "gtin": "4006381333931",
            "title": "Camiseta Duero - Azul, M",
            "description": "Talla pequeña: pida una más",
            "image_link": "https://tienda.example/i/a.jpg",
            "stock": "7",
            "availability": "in_stock",
            "color": "Azul",
            "size": "M",
            "weight": "0.18 kg",
        },
        "CAM-RO": {
            **SHIRT,
            "title": "Camiseta Duero - Rojo",
            "description": "Algodón orgánico.\nLavar a 30 °C",
            "image_link": "https://tienda.example/i/r.jpg",
            "sale_price": "14.5",
            "availability": "backorder",
            "color": "Rojo",
            "weight": "0.2 kg",
        },
        "BONO": {
            "title": "Bono regalo",
            "description": "Vale un regalo",
            "link": "https://tienda.example/?p=201",
            "image_link": "https://tienda.example/i/bono.jpg",
            "price": "1050",
            "sale_price": "45",
            "sale_price_start": "2026-11-20T00:00+01:00",
            "sale_price_end": "2026-11-30T23:59+01:00",
            "tax_status": "none",
            "stock": "0",
            "availability": "out_of_stock",
            "category": "Regalos",
            "material": "Papel/Cartón",
            "mpn": "MP-1",
        },
        "GOR-V": {
            "parent_sku": "id:301",
            "title": "Gorra Ñandú - Verde",
            "description": "Una gorra",
            "link": "https://tienda.example/?p=301",
            "image_link": "https://tienda.example/i/g.jpg",
            "price": "9",
            "tax_status": "taxable",
            "stock": "3",
            "availability": "in_stock",
            "category": "Gorras",
            "color": "Verde",
            "weight": "0.5 kg",
        },
        "EXT": {
            "title": "De fuera",
            "link": "https://tienda.example/?p=601",
            "price": "7.25",
            "tax_status": "taxable",
            "availability": "in_stock",
        },
    }


def test_what_is_not_sold_is_counted_with_its_reason(tmp_path: Path) -> None:
    reasons = {"group of products": 1, "product without variations": 1, "not published": 2}
    assert summary(spanish(tmp_path)) == ((9, 5, 0, reasons), [])


def test_a_missing_sku_is_a_finding_and_a_template_gives_one(tmp_path: Path) -> None:
    text = SPANISH.replace("BONO", "")
    (tmp_path / "a").mkdir()
    reasons = {"group of products": 1, "product without variations": 1, "not published": 2}
    assert summary(spanish(tmp_path / "a", text)) == ((9, 4, 1, reasons), [("FS102", "error", "sku", [None])])
    template = "fields: {sku: {template: \"{{ field('SKU') or ('wc-' ~ field('ID')) }}\"}}\n"
    assert "wc-201" in products(spanish(tmp_path / "b", text, template))


LANGUAGES = {
    "de": ("Typ", "Artikelnummer", "Name", "Übergeordnetes Produkt", "Regulärer Preis", "Gewicht (kg)", "Vorrätig?"),
    "fr": ("Type", "UGS", "Nom", "Parent", "Tarif régulier", "Poids (kg)", "En stock ?"),
    "it": ("Tipo", "COD", "Nome", "Genitore", "Prezzo di listino", "Peso (kg)", "In stock?"),
    "pt": ("Tipo", "REF", "Nome", "Ascendente", "Preço", "Peso (kg)", "Em stock?"),
    "pl": ("Typ", "SKU", "Nazwa", "Element nadrzędny", "Cena", "Waga (kg)", "W magazynie?"),
    "en": ("Type", "SKU", "Name", "Parent", "Regular price", "Weight (kg)", "In stock?"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_in_other_languages_give_the_same_feed(language: str, tmp_path: Path) -> None:
    rows = "7,variable,P,Padre,,,2.5,1\n8,variation,P-1,Hija,P,9.90,,0\n"
    english = exported_shop(
        tmp_path / "en", SOURCE, CATALOG, {"productos.csv": "ID," + ",".join(LANGUAGES["en"]) + "\n" + rows}, FIELDS
    )
    # a variation's weight is missing, so that it is the parent's
    text = "ID," + ",".join(LANGUAGES[language]) + "\n" + rows
    other = exported_shop(tmp_path / language, SOURCE, CATALOG, {"productos.csv": text}, FIELDS)
    assert products(other) == products(english)
    assert products(english)["P-1"]["weight"] == "2.5 kg"


def filled(header: str) -> str:
    return header.replace("{n}", "12").replace("{unit}", "kg")


@pytest.mark.parametrize("language", ["es", "de", "fr", "it", "pt", "pl"])
def test_every_translated_header_is_known(language: str) -> None:
    names = load_preset("woocommerce_csv", None).spec.headers
    for number in range(3):
        said = {
            known: texts[language][min(number, len(texts[language]) - 1)]
            for known, texts in names.items()
            if language in texts
        }
        headers = [filled(text) for text in said.values()]
        assert len(set(headers)) == len(headers)
        assert known_headers(headers, names) == {
            filled(text): filled(known) for known, text in said.items() if text != known
        }


def sample(folder: Path, catalog: str = CATALOG) -> Path:
    path = real_catalog("woocommerce_sample/sample_products.csv")
    return exported_shop(folder, SOURCE, catalog, {"productos.csv": path.read_bytes()}, (*FIELDS, "visibility"))


def test_the_facts_of_the_sample_catalog(tmp_path: Path) -> None:
    (counted, findings), found = summary(sample(tmp_path)), products(tmp_path)
    assert (counted, findings) == ((23, 22, 0, {"group of products": 1}), [])
    assert [sku for sku, one in found.items() if one["visibility"] == "hidden"] == ["woo-hoodie-with-pocket"]
    assert tally(one.get("parent_sku") for one in found.values()) == {None: 15, "woo-vneck-tee": 3, "woo-hoodie": 4}
    prices = {sku: Decimal(one["price"]) for sku, one in found.items()}
    assert (len(prices), sum(prices.values())) == (22, Decimal("693.05"))
    assert {sku: str(price) for sku, price in prices.items() if price % 1} == {"wp-pennant": "11.05"}
    sales = {sku: one["sale_price"] for sku, one in found.items() if "sale_price" in one}
    assert sales == {
        "woo-beanie": "18", "woo-belt": "55", "woo-cap": "16", "woo-hoodie-with-pocket": "35", "woo-single": "2",
        "woo-hoodie-red": "42", "Woo-beanie-logo": "18",
    }  # fmt: skip
    assert sum(Decimal(sales.get(sku, price)) for sku, price in prices.items()) == Decimal("663.05")
    assert not any("sale_price_start" in one or "sale_price_end" in one for one in found.values())
    assert all("image_link" in one for one in found.values())
    assert not any("additional_image_link" in one for one in found.values())
    assert tally(one["category"].split(" > ")[-1] for one in found.values()) == {
        "Hoodies": 7, "Tshirts": 7, "Accessories": 5, "Music": 2, "Decor": 1,
    }  # fmt: skip
    assert [sku for sku, one in found.items() if "weight" not in one] == ["woo-album", "woo-single", "wp-pennant"]
    colors = {"Blue": 5, "Red": 4, "Gray": 3, "Green": 3, "Yellow": 1, None: 6}
    assert tally(one.get("color") for one in found.values()) == colors
    assert not any("size" in one for one in found.values())
    assert tally(one["availability"] for one in found.values()) == {"in_stock": 22}
    assert not any(name in one for one in found.values() for name in ("stock", "gtin", "brand"))
    assert {one["link"] for sku, one in found.items() if one.get("parent_sku") == "woo-hoodie"} == {
        "https://tienda.example/?p=45"
    }


def test_all_images_of_the_sample_catalog_are_read(tmp_path: Path) -> None:
    path = real_catalog("woocommerce_sample/sample_products.csv")
    cells = [row["Images"] for row in csv.DictReader(StringIO(path.read_text(encoding="utf-8")))]
    told = {url.strip() for cell in cells for url in cell.split(",") if url.strip()}
    assert len(told) == 22
    images = exported_shop(tmp_path, SOURCE, CATALOG, {"productos.csv": path.read_bytes()}, ("image_link",))
    assert {one["image_link"] for one in products(images).values()} <= told


def test_the_sample_catalog_goes_to_a_channel(tmp_path: Path) -> None:
    path = real_catalog("woocommerce_sample/sample_products.csv")
    text = (
        f"catalog: {{sources: [{SOURCE}], shop_url: https://tienda.example, currency: EUR}}\n"
        "feeds: {google: {channel: google_merchant@2026-11, market: {country: ES, language: es, currency: EUR}}}\n"
    )
    (tmp_path / "productos.csv").write_bytes(path.read_bytes())
    (tmp_path / "feedsync.yaml").write_text(text, encoding="utf-8")
    files = export(tmp_path, tmp_path / "out")
    assert files["google.xml"].count(b"<item>") == 22
