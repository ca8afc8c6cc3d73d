"""Whatever a file's headers and cells are: the project that init writes loads, and check ends with 0 or 1."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsync.errors import FeedsyncError
from feedsync.run.commands import Job, check
from feedsync.run.starting.questions import Given, Questions
from feedsync.run.starting.start import start

HOSTILE = [
    "{{ x }}", "{% if %}", ": #", "- a", "# b", "'", '"', "a'b", 'a"b', "\\", "null", "~", "<<", "&a", "*a", "!tag",
    "%x", "@x", "`x", "[a", "{a", "a, b", "a: b", "🎉", "é", "e\u0301", "\u200b", "\u2028", "\u0085", "\ufeff", "yes",
    "1e3", "___", "_source", "a\nb", "\t", "field('x')", "=1+1", "\U0001f9e5 precio",
]  # fmt: skip
KNOWN = [
    "SKU", "id", "Código", "Precio", "price", "PVP con IVA", "IVA", "VAT", "Nombre", "title", "description", "EAN",
    "gtin", "Stock", "stock", "availability", "Disponible", "Estado", "condition", "Género", "gender", "age_group",
    "link", "image_link", "Imagen", "Más imágenes", "Peso (kg)", "weight", "sale_price", "sale_price_start", "Marca",
    "multipack", "adult", "parent_sku", "currency", "category", "google_product_category", "Fin rebaja", "cost",
]  # fmt: skip
VALUES = [
    "", " ", "1", "0", "19,99", "19.99", "1.234", "1.234,50", "19,99 €", "USD 5.00", "nuevo", "usado", "sí", "no",
    "hombre", "niños", "in stock", "agotado", "https://x.example/1", "https://x.example/1.jpg|https://x.example/2.jpg",
    "/p/1", "8412345678905", "8,41235E+12", "2026-12-24", "24/12/2026", "31/31/2026", "0,5 kg", "EUR", "Ã±", "<b>x</b>",
    "99999999999999999999", "-5", "1e9", "NaN", "{{ x }}", "'", "\\", "a\nb", "🎉",
]  # fmt: skip
HEADERS = st.lists(
    st.sampled_from([*KNOWN, *HOSTILE]) | st.text(max_size=12), min_size=1, max_size=12, unique_by=lambda text: text
)
CELLS = st.sampled_from(VALUES) | st.text(max_size=8)


@st.composite
def catalogs(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file's name and its bytes."""
    headers = draw(HEADERS)
    column = st.lists(CELLS, min_size=1, max_size=3)
    columns = [draw(column) for _ in headers]
    rows = draw(st.integers(1, 6))
    table = [[cells[row % len(cells)] for cells in columns] for row in range(rows)]
    if draw(st.booleans()):
        records = [dict(zip(headers, row, strict=True)) for row in table]
        return "c.json", json.dumps(records, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerows([headers, *table])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return "c.csv", out.getvalue().encode(encoding, "replace")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogs(), st.sampled_from(["generic_marketplace", "google_merchant"]), st.booleans())
def test_what_init_writes_can_be_checked(catalog: tuple[str, bytes], channel: str, net: bool) -> None:
    name, content = catalog
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / name).write_bytes(content)
        digest = hashlib.sha256(content).digest()
        answers = Given((channel,), country="ES", shop_url="https://x.example", prices_include_tax=not net)
        refused = _refusal(root, name, answers)
        if refused is not None:
            # a file that no project could read: its header or its rows are damaged
            assert refused.key.startswith(("source_", "csv_", "json_", "init_no_key")), refused
            assert sorted(one.name for one in root.iterdir()) == [name]
            return
        assert sorted(one.name for one in root.iterdir()) == sorted([name, "feedsync.yaml"])
        check(Job(root, env={}))
        assert hashlib.sha256((root / name).read_bytes()).digest() == digest


def _refusal(root: Path, name: str, answers: Given) -> FeedsyncError | None:
    try:
        start(root, root / name, answers, Questions(True, None), {})
    except FeedsyncError as error:
        return error
    return None
