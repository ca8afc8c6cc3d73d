"""What holds for every text and every number, against plain Python."""

from __future__ import annotations

import html
import sys
import unicodedata
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from html.entities import html5
from urllib.parse import unquote

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsync.expressions.functions import case, clean, text, url
from feedsync.expressions.functions.declare import on_unique
from feedsync.expressions.functions.html import decode_entities, html_to_text
from feedsync.expressions.functions.money import to_minor
from feedsync.expressions.functions.number import rounded
from feedsync.expressions.once import once
from feedsync.frames import DECIMAL_DTYPE

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceil": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}
NUMBERS = st.decimals(min_value=-(10**14), max_value=10**14, places=8)
# letters that shops write, signs of all widths, a picture, a mark
WRITTEN = st.text(alphabet=st.sampled_from("aB zñÉßœ€’'“–-.,:<>&;%#?=/\t\u00a0\u200b\u0308中🔥[]()"), max_size=40)


def on(build: Callable[[pl.Expr], pl.Expr], *cells: str | None) -> list[str | None]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    return frame.select(once(build, pl.col("cell")).alias("result"))["result"].to_list()


@given(NUMBERS, st.integers(0, 8), st.sampled_from(sorted(MODES)))
def test_rounding(number: Decimal, digits: int, mode: str) -> None:
    frame = pl.DataFrame({"n": [number]}, schema={"n": DECIMAL_DTYPE})
    wanted = number.quantize(Decimal(1).scaleb(-digits), rounding=MODES[mode])
    assert frame.select(rounded(pl.col("n"), digits, mode)).item() == wanted


@given(NUMBERS, st.sampled_from([("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("CLF", "0.0001")]))
def test_minor_units(number: Decimal, currency: tuple[str, str]) -> None:
    code, unit = currency
    frame = pl.DataFrame({"n": [number], "c": [code]}, schema={"n": DECIMAL_DTYPE, "c": pl.String})
    wanted = number.quantize(Decimal(unit), rounding=ROUND_HALF_UP)
    found = frame.select(a=to_minor(pl.col("n"), code), b=to_minor(pl.col("n"), pl.col("c"))).row(0)
    assert found == (wanted, wanted)


@given(WRITTEN, st.integers(1, 30))
def test_cut_words(cell: str, limit: int) -> None:
    (found,) = on(lambda part: text.truncate_words(part, limit), cell)
    assert found is not None
    assert len(found) <= limit
    assert cell.startswith(found)
    assert found == cell or len(cell) > limit


@given(WRITTEN, st.integers(1, 30))
def test_cut_bytes(cell: str, limit: int) -> None:
    (found,) = on(lambda part: text.truncate_bytes(part, limit), cell)
    assert found is not None
    assert len(found.encode()) <= limit
    head = cell.encode()[:limit].decode(errors="ignore")
    assert found == (cell if len(cell.encode()) <= limit else head.rstrip())


def test_composition_knows_every_sign_that_it_changes() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    found = on(clean.nfc, *(f"a{sign}" for sign in signs))
    assert [a for a, b in zip(found, signs, strict=True) if a != unicodedata.normalize("NFC", f"a{b}")] == []


@given(WRITTEN)
def test_composition(cell: str) -> None:
    assert on(clean.nfc, cell) == [unicodedata.normalize("NFC", cell)]


@given(st.text(alphabet="abc éñüßÁÇ–—“”’€…®°", max_size=20))
def test_mojibake_is_mended(meant: str) -> None:
    try:
        broken = meant.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert on(clean.fix_mojibake, broken) == [meant]


@pytest.mark.parametrize(
    "healthy",
    [
        "«CAFÉ» 20 €",
        "Größe: 42 – „Öl“ …",
        "Â, Ã, â alone; SÃO PAULO, MAÇÃ",
        "ÀÉÎ ŒUVRE ñandú ÑANDÚ",
        "château “là”…",
        "Привет, Ελλάδα",
        "20° / 30°, ½ ¼, ™ ®",
        "ESPAÑA “ESPAÑ” ДЕТСКИЙ",
        "中文 🔥",
    ],
)
def test_healthy_text_is_left_alone(healthy: str) -> None:
    assert on(clean.fix_mojibake, healthy, None) == [healthy, None]


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("CafÃƒÂ©", "Café"),  # twice
        ("Ð´ÐµÑ‚Ð¸", "дети"),
        ("ZÅ‚oty KrakÃ³w", "Złoty Kraków"),
        ("ðŸ”¥ neu", "🔥 neu"),
        ("ï»¿id", "id"),
        ("â‚¬ 20", "€ 20"),
        ("Lâ€™OrÃ©al â„¢", "L’Oréal ™"),
    ],
)
def test_other_mojibake(broken: str, meant: str) -> None:
    assert on(clean.fix_mojibake, broken) == [meant]


def test_every_entity_by_name() -> None:
    entities = {f"&{name}": sign for name, sign in html5.items() if name.endswith(";")}
    assert on(decode_entities, *entities) == list(entities.values())


@given(st.integers(0, 0x110000), st.sampled_from(["&#{};", "&#x{:x};", "&#X{:X};"]))
def test_every_entity_by_number(code: int, form: str) -> None:
    entity = form.format(code)
    assert on(decode_entities, f"a {entity} &amp;{entity[1:]}") == [f"a {html.unescape(entity)} {entity}"]


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<b>Cotton</b>, <i>dry</i>.", "Cotton, dry."),
        ("a<br>b<br/>c<BR />d", "a b c d"),
        ("<p class='x>y'>A</p>", "A"),
        ("<style>p{}</style>A<STYLE type=x>\np{}\n</STYLE >B", "A B"),
        ("A<!-- <p>B</p>\n -->C", "A C"),
        ("A<!-- never closed", "A"),
        ("x < y and y > z; 5<6; a<-b", "x < y and y > z; 5<6; a<-b"),
        ("&lt;b&gt;kept&lt;/b&gt;", "<b>kept</b>"),
        ("&amp;lt;", "&lt;"),
        ("[caption id=1 width='3']A[/caption] [sic] [2024]", "A [sic] [2024]"),
        ("A&nbsp;&nbsp;\n B", "A B"),
        ("a&copy 1&notanentity;", "a&copy 1&notanentity;"),
        (None, None),
    ],
)
def test_html(markup: str | None, plain: str | None) -> None:
    assert on(html_to_text, markup) == [plain]


@given(WRITTEN)
def test_text_without_markup_stays(cell: str) -> None:
    plain = cell.replace("<", "").replace("&", "").replace("[", "")
    assert on(html_to_text, plain) == on(text.collapse_spaces, plain)


@given(WRITTEN)
def test_a_slug_is_plain(cell: str) -> None:
    (slug,) = on(clean.slug, cell)
    assert slug is not None
    assert not slug.strip("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in slug
    assert on(clean.slug, slug) == [slug]


@given(WRITTEN)
def test_an_address_is_encoded_once(cell: str) -> None:
    address = f"https://shop.example/{cell}"
    (first,) = on(url.url_encode, address)
    assert first is not None
    assert on(url.url_encode, first) == [first]
    assert first.isascii()
    if "%" not in cell:
        assert unquote(first) == address.strip()


@given(st.text(alphabet="aBñ ÉO'’-.", max_size=20))
def test_a_title_changes_capitals_only(cell: str) -> None:
    (found,) = on(case.title, cell)
    assert found is not None
    assert found.lower() == cell.lower()


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("o'neil's LES CHAUSSURES de l'oréal", "O'Neil's les Chaussures de L'Oréal"),
        ("I'M HERE", "I'm Here"),
        ("«el niño» y la niña", "«El Niño» y la Niña"),
        ("t-shirt 100ml 3d", "T-Shirt 100ml 3d"),
        ("THE BEST OF THE BEST", "The Best of the Best"),
        ("ǆungla", "Ǆungla"),
    ],
)
def test_titles(cell: str, title: str) -> None:
    assert on(case.title, cell) == [title]


def test_python_runs_once_for_each_different_text() -> None:
    seen: list[str] = []

    def shout(cell: str) -> str:
        seen.append(cell)
        return cell.upper()

    cells = ["a!", None, "b", "a!", "c!", "a!"]
    assert on(lambda part: on_unique(part, shout, "!"), *cells) == ["A!", None, "b", "A!", "C!", "A!"]
    assert seen == ["a!", "c!"]


def test_a_chain_of_steps_is_linear() -> None:
    expr = pl.col("cell")
    for _ in range(20):
        expr = once(lambda part: pl.when(part.str.len_chars() < 30).then(part + "x").otherwise(part), expr)
    frame = pl.DataFrame({"cell": ["a", None]})
    assert len(frame.lazy().select(expr).explain()) < 20_000
    assert frame.select(expr.alias("v"))["v"].to_list() == ["a" + "x" * 20, None]
