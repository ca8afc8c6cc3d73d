"""feedsync init: what it makes of a file, what it asks, and what it never does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import feedsync
from feedsync.cli.app import app
from feedsync.run.profile import Column, Profile
from feedsync.run.starting.columns import choose
from feedsync.run.starting.questions import Given, Questions
from feedsync.run.starting.start import start
from feedsync.run.starting.words import meanings, plain
from feedsync.specs import yaml

CATALOGS = Path(os.environ.get("FEEDSYNC_CATALOGS") or Path(__file__).resolve().parents[3] / "shared" / "catalogs")
SPANISH = """\
Código;Nombre del artículo;Descripción;P.V.P. (€);IVA;Existencias;Estado;Enlace;Foto;Cód. barras;Marca;Notas
A1;Bañador niño;De baño.;1.049,90;21;3;Nuevo;/p/1;https://x.example/1.jpg;8412345678905;Dueño;
A2;Gorro;De lana.;12,50;21;0;Usado;/p/2;https://x.example/2.jpg;8412345678912;Dueño;x
"""
WRITTEN = """\
catalog:
  key: sku                                  # the field that names a product
  timezone: Europe/Madrid
  currency: EUR
  shop_url: "https://x.example"
  sources:
    - {path: c.csv, delimiter: ";", encoding: windows-1252}
  fields:
    sku: {from: Código}                       # A1
    title: {from: Nombre del artículo}        # Bañador niño
    description: {from: Descripción}          # De baño.
    link: {template: "{{ field('Enlace') | with_base(catalog.shop_url) }}"}  # /p/1
    image_link: {from: Foto}                  # https://x.example/1.jpg
    brand: {from: Marca}                      # Dueño
    gtin: {from: Cód. barras}                 # 8412345678905
    price: {from: "P.V.P. (€)", decimal_mark: ","}  # 1.049,90
    stock: {from: Existencias}                # 3
    condition: {template: "{{ field('Estado') | lookup('condition_words') }}"}  # Nuevo
    tax_rate: {from: IVA, type: decimal}      # 21
    # kept under their own names: Notas

lookups:                                    # words of the shop: values of the field
  condition_words: {Nuevo: new, Usado: used}

feeds:
  google_es:
    channel: google_merchant@2026-11
    market: {country: ES, language: es, currency: EUR}
"""


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["-C", str(folder), *arguments], prog_name="feedsync")
    return done.exit_code, done.stdout, done.stderr


def profile_of(columns: dict[str, Sequence[str | None]]) -> Profile:
    found = Profile("c.csv", max(len(cells) for cells in columns.values()))
    for name, cells in columns.items():
        found.columns[name] = Column(name)
        found.columns[name].add(pl.Series(list(cells), dtype=pl.String))
    return found


def fields_of(columns: dict[str, Sequence[str | None]]) -> dict[str, str]:
    return {name: one.column.name for name, one in choose(profile_of(columns)).chosen.items()}


def test_a_spanish_export(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(SPANISH.encode("cp1252"))
    before = hashlib.sha256(file.read_bytes()).digest()
    code, out, err = run(
        tmp_path, "init", "c.csv", "--yes", "--channel", "google_merchant", "--shop-url", "https://x.example"
    )
    assert (code, err) == (0, "")
    written = (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")
    assert written.partition("version: 1\n\n")[2] == WRITTEN
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.csv", "feedsync.yaml"]
    assert "google_es  2 read = 2 ready + 0 blocked + 0 excluded" in out
    project = feedsync.load_project(tmp_path, env={})
    prices = [
        (item["id"], item["price"], item["condition"]) for item in project.preview("google_es").to_polars().to_dicts()
    ]
    assert prices == [("A1", "1049.90 EUR", "new"), ("A2", "12.50 EUR", "used")]
    assert run(tmp_path, "check")[0] == 0
    assert run(tmp_path, "export", "-o", "out")[0] == 0


def test_prices_without_tax(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(SPANISH, encoding="utf-8")
    arguments = ("--yes", "--channel", "google_merchant", "--no-prices-include-tax", "--shop-url", "https://x.example")
    assert run(tmp_path, "init", "c.csv", *arguments)[0] == 0
    items = feedsync.load_project(tmp_path, env={}).preview("google_es").to_polars()
    assert items["price"].to_list() == ["1270.38 EUR", "15.13 EUR"]


def test_a_project_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(SPANISH, encoding="utf-8")
    (tmp_path / "feedsync.yaml").write_text("mine", encoding="utf-8")
    code, _, err = run(tmp_path, "init", "c.csv", "--yes")
    assert (code, err) == (
        2,
        "feedsync.yaml: error: there is a project already. Remove the file first, or name another folder with -C.\n",
    )
    assert (tmp_path / "feedsync.yaml").read_text(encoding="utf-8") == "mine"


def test_without_a_terminal_the_missing_flags_are_named(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(SPANISH.replace("Existencias", "Cosas"), encoding="utf-8")
    code, _, err = run(tmp_path, "init", "c.csv")
    assert (code, err) == (
        2,
        "error: there is no terminal to ask on. Give --country, --channel, --shop-url, --prices-include-tax / "
        "--no-prices-include-tax, --in-stock / --stock-unknown, --live / --not-live, or take the defaults with --yes.\n",
    )
    assert not (tmp_path / "feedsync.yaml").exists()


def test_what_follows_from_the_country_is_not_asked_without_it(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sku,price,stock\nA,1.50,1\n", encoding="utf-8")
    code, _, err = run(tmp_path, "init", "c.csv", "--yes")
    assert (code, err) == (2, "error: not every question has a default. Give --country.\n")


def test_what_has_no_default_is_not_made_up(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(SPANISH, encoding="utf-8")
    code, _, err = run(tmp_path, "init", "c.csv", "--yes", "--channel", "amazon_listings")
    assert (code, err) == (
        2,
        "error: not every question has a default. Give --setting seller_id=..., --shop-url.\n",
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--channel", "gogle_merchant"), 'there is no channel "gogle_merchant"; did you mean "google_merchant"?'),
        (("--channel", "google_local_inventory"), "google_local_inventory takes rows of a table"),
        (("--channel", "google_merchant", "--country", "Spain"), '--country "SPAIN" is no country code.'),
        (("--channel", "google_merchant", "--currency", "euro"), '--currency "euro" is no currency code.'),
        (("--channel", "google_merchant", "--shop-url", "shop"), '--shop-url "shop" is no address.'),
        (("--channel", "google_merchant", "--decimal-mark", ";"), '--decimal-mark ";" is neither'),
        (
            ("--channel", "google_merchant", "--key", "Codigo"),
            'the file has no column "Codigo"; did you mean "Código"?',
        ),
        (("--channel", "google_merchant", "--setting", "a=b"), 'none of these channels asks for "a".'),
        (("--channel", "google_merchant", "--setting", "a"), '--setting "a" has no name.'),
        (("--channel", "amazon_listings", "--country", "PT"), "amazon_listings is not there in PT."),
    ],
)
def test_wrong_answers(tmp_path: Path, flags: tuple[str, ...], message: str) -> None:
    (tmp_path / "c.csv").write_text(SPANISH, encoding="utf-8")
    url = () if "--shop-url" in flags else ("--shop-url", "https://x.example")
    code, _, err = run(tmp_path, "init", "c.csv", "--yes", *url, *flags)
    assert code == 2
    assert message in err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.csv"]


def test_questions_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sku,price,title\nA,1.234,x\nB,5.678,y\n", encoding="utf-8")
    asked: list[tuple[str, str | None]] = []
    answers = iter(["es", "google_merchant", ",", "n", "y", "", "y"])

    def ask(question: str, default: str | None) -> str:
        asked.append((question.split("(")[0].split(",")[0].strip(), default))
        return next(answers) or default or ""

    started = start(tmp_path, tmp_path / "c.csv", Given(), Questions(False, ask), {})
    assert asked == [
        ("Which country are the feeds for", None),
        ("Which channel", "generic_marketplace"),
        ('Which decimal mark do the prices have in "price"', ","),
        ("Is the tax in the prices", "y"),
        ("No column says what is in stock. Is everything in the file in stock?", "n"),
        ("Is one of these feeds live already? Then its ids must stay.", "n"),
    ]
    assert started.plan.mark == ","
    assert not started.plan.with_tax
    assert started.plan.in_stock
    assert 'price: {from: price, decimal_mark: ","}' in (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")


TRAPS = [
    "VAT",
    "IVA",
    "iva %",
    "VAT ID",
    "TVA",
    "MwSt",
    "Vid",
    "Said",
    "IVA incl.",
    "Ida",
    "Tid",
    "Grid",
    "Priced by",
    "prize",
]


@pytest.mark.parametrize("header", TRAPS)
def test_a_tax_is_no_id(header: str) -> None:
    assert [one.field for one in meanings(header) if one.field in ("sku", "gtin", "price", "mpn")] == []


@pytest.mark.parametrize(
    ("header", "field", "exact"),
    [
        ("IVA", "tax_rate", True),
        ("ID", "sku", True),
        ("imageLink", "image_link", True),
        ("Precio (€)", "price", True),
        ("Precio EUR", "price", True),
        ("P.V.P.", "price", True),
        ("Descripcion", "description", True),
        ("Descrpción", "description", False),
        ("Existencia", "stock", False),
        ("custom_label_1", "custom_label_1", True),
        ("Größe", "size", True),
        ("Tranche d'âge", "age_group", True),
    ],
)
def test_what_headers_mean(header: str, field: str, exact: bool) -> None:
    first = meanings(header)[0]
    assert (first.field, first.exact) == (field, exact)


def test_a_near_word_is_of_the_same_number_and_size() -> None:
    assert [
        one.field for header in ("custom label 7", "image link 7", "price beyond vat") for one in meanings(header)
    ] == []


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Estado", ["Nuevo", "usado", None], "condition"),
        ("Estado", ["activo", "descatalogado"], "status"),
        ("Estado", ["nuevo", "raro"], "status"),
        ("Zustand", ["Neu", "Gebraucht"], "condition"),
        ("Disponible", ["Sí", "No"], "availability"),
        ("Disponibilité", ["En stock", "Rupture de stock"], "availability"),
        ("Disponibilità", ["12", "3"], "stock"),
        ("Geschlecht", ["Damen", "Herren"], "gender"),
        ("Género", ["novela", "ensayo"], ""),
        ("Faixa etária", ["Criança", "Adulto"], "age_group"),
        ("Sexo", ["hombre", "mujer", "otro"], ""),
    ],
)
def test_an_enumeration_by_its_values(header: str, values: list[str | None], field: str) -> None:
    found = fields_of({"SKU": [f"A{number}" for number in range(len(values))], header: values})
    assert {name for name, column in found.items() if column == header} == ({field} if field else set())


def test_the_surest_column_wins() -> None:
    skus = ["A1", "A2", "A3"]
    assert fields_of({"ID": ["1", "2", "3"], "Referencia": ["X", "Y", "Z"], "SKU": skus})["sku"] == "SKU"
    # what repeats names no product while another column does
    assert fields_of({"SKU": ["A", "A", "B"], "ID": ["1", "2", "3"]})["sku"] == "ID"
    assert "gtin" not in fields_of({"EAN": ["n/a", "12", "x"], "SKU": skus})
    assert fields_of({"IVA": ["general", "reducido", "general"], "SKU": skus})["tax_class"] == "IVA"


def test_variants_that_name_their_parents(tmp_path: Path) -> None:
    text = "SKU,Parent,Title,Price,Stock\nP,,Bota,,\nA,P,,9.90,1\nB,P,,9.90,2\n"
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    code, out, _ = run(tmp_path, "init", "c.csv", "--yes", "--channel", "generic_marketplace", "--country", "GB")
    assert code == 0
    assert "variants:\n    parent: parent_sku" in (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")
    assert "generic_gb  2 read" in out


def test_headers_that_are_no_plain_words(tmp_path: Path) -> None:
    headers = [
        "{{ x }}",
        ": #",
        "- sku",
        "'\"\\",
        "a, b: [c]",
        "🎉 Precio",
        "~",
        "Título",
        "title",
        "c\u0301digo",
        "gender",
    ]
    rows = [[f"v{number}" for number in range(len(headers))] for _ in range(2)]
    text = "\n".join("\t".join(row) for row in [headers, *rows])
    (tmp_path / "c.tsv").write_text("\ufeff" + text.replace('"', "”") + "\n", encoding="utf-8")
    assert run(tmp_path, "init", "c.tsv", "--yes", "--country", "ES", "--key", "{{ x }}")[0] == 0
    fields = yaml.read(tmp_path / "feedsync.yaml").data["catalog"]["fields"]
    assert fields["sku"] == {"from": "{{ x }}"}
    assert fields["shop_gender"] == {"from": "gender"}  # v10 is no gender: nothing reads it as one
    assert run(tmp_path, "check")[0] == 1


def test_two_hundred_columns(tmp_path: Path) -> None:
    headers = ["SKU", *(f"Precio {number}" for number in range(199))]
    (tmp_path / "c.csv").write_text(",".join(headers) + "\n" + ",".join(["1"] * 200) + "\n", encoding="utf-8")
    assert run(tmp_path, "init", "c.csv", "--yes", "--country", "ES")[0] == 0
    assert run(tmp_path, "check")[0] == 1


REAL = {
    "magento_luma/products.csv": ("preset: magento_csv", (1847, 1847)),
    "shopify_api_json/bulk_products.json": ("preset: shopify_json", (33, 32)),
    "shopify_api_json/single_product.json": ("preset: shopify_json", (1, 1)),
    "shopify_api_json/variant_product.json": ("preset: shopify_json", (9, 9)),
    "shopify_api_json/unicommerce_simple_item.json": ("records: itemTypeDTO.", (1, 0)),
    "shopify_api_json/unicommerce_product-MC-100.json": ("records: itemTypeDTO.", (1, 0)),
    "shopify_dwc/dwc.products.csv": ("preset: shopify_csv", (77, 59)),
    "vendure_sample/products.csv": ("preset: vendure_csv", (88, 85)),
    "woocommerce_sample/sample_products.csv": ("preset: woocommerce_csv", (23, 22)),
}


@pytest.mark.parametrize("name", REAL)
def test_public_exports(tmp_path: Path, name: str) -> None:
    if not (CATALOGS / name).is_file():
        pytest.skip(f"{name} is not there: name the folder of the catalogs in FEEDSYNC_CATALOGS")
    (tmp_path / Path(name).name).write_bytes((CATALOGS / name).read_bytes())
    answers = Given(("google_merchant",), country="ES", shop_url="https://x.example", image_url="https://x.example/i")
    started = start(tmp_path, tmp_path / Path(name).name, answers, Questions(True, None), {})
    said, counts = REAL[name]
    assert said in (tmp_path / "feedsync.yaml").read_text(encoding="utf-8")
    (feed,) = started.result.feeds
    assert (feed.read, feed.ready) == counts


def test_words_are_compared_without_accents_and_signs() -> None:
    assert plain(" Más_Imágenes-2 (URL)") == "mas imagenes 2 url"


def test_a_mistake_names_the_file_it_would_be_in(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sku,price,stock\nA,1.50,1\n", encoding="utf-8")
    arguments = ("--yes", "--country", "ES", "--channel", "amazon_listings", "--setting", "seller_id=${NO_SUCH_SELLER}")
    code, _, err = run(tmp_path, "init", "c.csv", *arguments)
    assert code == 2
    assert err.startswith("feedsync.yaml:")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.csv"]
