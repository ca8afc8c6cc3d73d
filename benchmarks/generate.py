"""A made-up catalog of N rows and 36 columns: `python -m benchmarks.generate ROWS`.

Seeded: the same bytes every time, and a smaller file is the beginning of a larger one. It holds what real exports
hold: scripts of many languages, HTML and entities, line ends inside quotes, unknown categories and conditions, wrong
check digits, prices that are no prices, sales above the price, missing images.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.contract import COLUMNS, DATA

SEED: Final = 20_261_121
POOL: Final = 20_000  # different titles and half descriptions
PROJECTS: Final = Path(__file__).resolve().parent / "projects"

_WORDS: Final = (
    "jacket waterproof premium cotton running shoe leather wallet steel bottle wireless headphones organic bamboo "
    "handmade vintage modern classic slim regular breathable durable lightweight Größe Höhe für Männer Stühle naïve "
    "café crème brûlée été garçon señor niño jalapeño mochila montaña smørrebrød blåbær łódź żółty český кошка собака "
    "дом 日本語 製品 高品質 中文 商品 한국어 제품 🎁 👟 ⭐ €5 100% x2 2-in-1 A4 USB-C"
)
_ENTITIES: Final = "&amp; &nbsp; &eacute; &quot; &#39; &ndash; &reg; &trade; &lt;3 &uuml;"
_RARE: Final = "&#8211; &#x2014; &hellip; &Omega; &frac12;"
WORDS, ENTITIES, RARE_ENTITIES = _WORDS.split(), _ENTITIES.split(), _RARE.split()
TAGS: Final = (
    ("<p>", "</p>"),
    ("<b>", "</b>"),
    ("<li>", "</li>"),
    ('<span style="color:red">', "</span>"),
    ("<div class='x'>\n", "</div>\n"),
    ("<br/>", ""),
)
COLORS: Final = ("", "", "Red", "Blue", "Black", "White", "Grün", "Bleu & Blanc", "Navy/Gold")
SIZES: Final = ("", "", "S", "M", "L", "XL", "42", "10.5", "One Size")
CONDITIONS: Final = ("new",) * 12 + ("N", "U", "used", "refurb", "R", "REFURBISHED", "mint", "")
GENDERS: Final = ("", "", "male", "female", "unisex", "man")
AGES: Final = ("", "", "adult", "adult", "kids", "infant", "teen")
MATERIALS: Final = ("", "cotton", "leather", "steel", "wood & glass", "polyester")
CURRENCIES: Final = ("EUR",) * 197 + ("USD", "GBP", "SEK")
CATEGORIES: Final = tuple(f"Cat{a}/Sub{b}/Leaf {c}" for a in range(25) for b in range(20) for c in range(10))


def text(chance: random.Random, least: int, most: int, *, html: bool) -> str:
    """Words, entities and, with `html`, tags and stray control characters: `least` to `most` characters."""
    goal = chance.randint(least, most)
    pieces: list[str] = []
    length = 0
    while length < goal:
        piece = _piece(chance, html=html)
        length += len(piece) + 1
        if length > most:
            break
        pieces.append(piece)
    return " ".join(pieces)


def _piece(chance: random.Random, *, html: bool) -> str:
    at = chance.random()
    if html and at < 0.06:
        opening, closing = chance.choice(TAGS)
        return f"{opening}{chance.choice(WORDS)} {chance.choice(WORDS)}{closing}"
    if at < 0.09:
        return chance.choice(ENTITIES)
    if at < 0.0905:
        return chance.choice(RARE_ENTITIES)
    if html and at < 0.0908:
        return "\x0b\x02"
    if html and at < 0.1:
        return "  \n\t "
    return chance.choice(WORDS)


def check_digit(digits: str) -> str:
    """The GS1 check digit of the digits before it."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


class Shop:
    """The pools and the dice that rows are made of."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.titles = [text(self.chance, 20, 150, html=False) for _ in range(POOL)]
        self.descriptions = [text(self.chance, 50, 750, html=True) for _ in range(POOL)]
        self.brands = [f"Brand {self.chance.choice(WORDS).title()} {number}" for number in range(2000)]

    def rows(self, count: int) -> Iterator[list[str]]:
        """The first `count` rows of the shop, in the order of COLUMNS."""
        dice = self.chance.random
        for number in range(count):
            yield self._row(number, dice, lambda below: int(dice() * below))

    def _row(self, number: int, dice: Callable[[], float], pick: Callable[[int], int]) -> list[str]:
        sku = f"SKU-{number:08d}"
        cents = 50 + pick(29_950)
        brand = self.brands[pick(2000)] if dice() > 0.02 else ""
        return [
            sku,
            f"PAR-{number // 4:07d}" if dice() < 0.7 else "",
            "active" if dice() > 0.03 else "inactive",
            self._title(number, brand, dice(), pick),
            f"{self.descriptions[pick(POOL)]} ref {number} {self.descriptions[pick(POOL)]}",
            brand,
            _gtin(number, dice()),
            f"MPN{number * 7 % 999_983}" if dice() > 0.1 else "",
            _price(cents, dice()),
            _sale_price(cents, dice(), 50 + pick(45)),
            f"{cents * 6 // 1000}.{cents % 100:02d}",
            CURRENCIES[pick(200)],
            "0" if dice() < 0.15 else str(pick(500)),
            CONDITIONS[pick(20)],
            _link(sku, number, dice()),
            f"https://cdn.example.com/i/{sku}/main.jpg" if dice() > 0.01 else "",
            *(f"https://cdn.example.com/i/{sku}/{at}.jpg" if dice() < 0.6 else "" for at in (2, 3, 4)),
            CATEGORIES[pick(5000)] if dice() > 0.02 else "Unknown/Thing",
            COLORS[pick(9)],
            SIZES[pick(9)],
            GENDERS[pick(6)],
            AGES[pick(7)],
            MATERIALS[pick(6)],
            str(10 + pick(19_990)),
            f"{1 + pick(99)}x{1 + pick(99)}x{1 + pick(99)}",
            f"2025-{1 + pick(12):02d}-{1 + pick(28):02d}",
            f"2026-{1 + pick(9):02d}-{1 + pick(28):02d}T10:00:00Z",
            f"2026-11-{1 + pick(20):02d}T00:00:00Z",
            f"2026-12-{1 + pick(28):02d}T23:59:00Z",
            f"label{pick(20)}",
            f"season{pick(4)}",
            "promo" if pick(10) == 0 else "",
            f"wh{pick(5)}",
            "preorder" if pick(50) == 0 else "",
        ]

    def _title(self, number: int, brand: str, at: float, pick: Callable[[int], int]) -> str:
        if at < 0.001:
            return ""
        title = f"{self.titles[pick(POOL)]} {number}"
        return f"{brand} {title}" if brand and at < 0.2 else title


def _gtin(number: int, at: float) -> str:
    digits = str(840_000_000_000 + number)
    if at < 0.1:
        return ""
    if at < 0.11:
        return digits + str((int(check_digit(digits)) + 1) % 10)
    if at < 0.112:
        return "N/A"
    return ("0" if at < 0.15 else "") + digits + check_digit(digits)


def _price(cents: int, at: float) -> str:
    if at < 0.0005:
        return "abc"
    if at < 0.001:
        return ""
    if at < 0.01:
        return str(max(cents // 100, 1))
    if at < 0.02:
        return f"{cents // 100}.{max(cents % 100 // 10, 1)}"
    return f"{cents // 100}.{cents % 100:02d}"


def _sale_price(cents: int, at: float, percent: int) -> str:
    if at >= 0.205:
        return ""
    sale = cents * percent // 100 if at < 0.2 else cents + 500
    return f"{sale // 100}.{sale % 100:02d}"


def _link(sku: str, number: int, at: float) -> str:
    if at < 0.001:
        return f"/p/{sku}"
    page = f"https://shop.example.com/p/{sku}"
    return f"{page}?v={number % 7}&c={number % 5}" if at < 0.3 else page


def generate(rows: int, folder: Path) -> None:
    """Writes products.csv, categories.csv and the projects `one` and `five` into the folder; a whole file only."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "categories.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("category_path", "google_id"))
        writer.writerows((path, 500 + number) for number, path in enumerate(CATEGORIES))
    part = folder / "products.csv.part"
    with part.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(Shop().rows(rows))
    part.replace(folder / "products.csv")


def ensure(rows: int) -> Path:
    """The data folder of that many rows, generated where it is missing; its projects are always the current ones."""
    folder = DATA / str(rows)
    if not (folder / "products.csv").exists():
        generate(rows, folder)
    one = (PROJECTS / "one.yaml").read_text(encoding="utf-8")
    five = one + (PROJECTS / "four_more.yaml").read_text(encoding="utf-8")
    thirty = _instead(one, (PROJECTS / "thirty.yaml").read_text(encoding="utf-8"))
    for name, project in (("one", one), ("five", five), ("thirty", thirty)):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "feedsync.yaml").write_text(project, encoding="utf-8")
    return folder


def _instead(project: str, other: str) -> str:
    """The project with the top-level keys that `other` has taken from there."""
    return "".join({**dict(_parts(project)), **dict(_parts(other))}.values())


def _parts(project: str) -> Iterator[tuple[str, str]]:
    """Each top-level key with its lines."""
    for part in re.split(r"^(?=\w+:)", project, flags=re.MULTILINE):
        yield part.partition(":")[0], part


def main() -> None:
    """Generates what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="+")
    for rows in parser.parse_args().rows:
        print(ensure(rows))


if __name__ == "__main__":
    main()
