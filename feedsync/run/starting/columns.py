"""Which column fills which field: by its header and, where they can tell, by its values."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.run.profile import Column, Profile, kind_of
from feedsync.run.profile.column import NUMBERS
from feedsync.run.starting.words import Meaning, enumerations, meanings, plain, unit_of, values_of
from feedsync.semantics import printable

MONEY: Final = ("price", "sale_price", "cost")
MEASURES: Final = ("weight", "length", "width", "height")
SEPARATORS: Final = {"urls_pipe": "|", "urls_semicolon": ";", "urls_comma": ",", "urls_blank": " "}
_IN_TEMPLATE: Final = frozenset("'\"\\{}%#\n\r\t")
_NOT_TEXT: Final = ("url", "urls", "empty")
_DATES: Final = ("sale_price_start", "sale_price_end")
ORDER: Final = (*enumerations(), "sku", *(name for name in STANDARD_FIELDS if name != "sku"), "tax_rate")


@dataclass(frozen=True)
class Chosen:
    """A field, the column that fills it, and how it is read."""

    field: str
    column: Column
    options: dict[str, str] = dataclasses.field(default_factory=dict)
    """Keys of the field beside `from`."""
    template: str = ""
    """Instead of `from`."""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Value of the column -> value of the enumeration, for a lookup."""
    sure: bool = True
    """Whether the header is one of the field's words; otherwise it is spelled nearly so."""
    strange: str = ""
    """A value that does not read, where nearly all do."""


@dataclass(frozen=True)
class Kept:
    """A column that fills no field."""

    column: Column
    meant: str = ""
    """The field that its header means, and its values do not read as."""
    strange: str = ""
    """The first value that does not read."""


@dataclass
class Columns:
    """What became of the columns of a file."""

    chosen: dict[str, Chosen] = dataclasses.field(default_factory=dict)
    kept: list[Kept] = dataclasses.field(default_factory=list)
    languages: dict[str, int] = dataclasses.field(default_factory=dict)
    """Language -> headers that are words of it alone or of few."""

    def in_order(self) -> list[Chosen]:
        """The fields in the order in which people look for them."""
        return [self.chosen[name] for name in (*STANDARD_FIELDS, "tax_rate") if name in self.chosen]

    def column(self, name: str) -> Column | None:
        """The column that fills a field."""
        return self.chosen[name].column if name in self.chosen else None

    @property
    def language(self) -> str:
        """The language that most headers speak; '' where they speak none."""
        if not self.languages:
            return ""
        return max(self.languages, key=lambda one: (self.languages[one], one == "en"))


def choose(found: Profile, rows: str = "") -> Columns:
    """Columns to fields. `rows` is the key of a JSON list that stands before the names of its columns."""
    meant = {name: _meanings(name, rows) for name in found.columns}
    result = Columns()
    taken: set[str] = set()
    for wanted in ORDER:
        able = [
            (one, found.columns[name])
            for name, fields in meant.items()
            for one in fields
            if one.field == wanted and name not in taken and printable(name) == name
            if _fits(wanted, found.columns[name], found)
        ]
        if able:
            meaning, column = min(able, key=lambda pair: _order(pair[0], pair[1], wanted, found))
            taken.add(column.name)
            result.chosen[wanted] = chosen(wanted, column, sure=meaning.exact)
    _same_money(result.chosen)
    for name, fields in meant.items():
        words = found.columns[name].values or {}
        if name not in taken and any(one.field == "tax_rate" for one in fields) and words and printable(name) == name:
            taken.add(name)
            result.chosen["tax_class"] = Chosen("tax_class", found.columns[name])
        _vote(result.languages, fields)
        if name not in taken:
            result.kept.append(_kept(found.columns[name], fields, result))
    return result


def chosen(wanted: str, column: Column, *, sure: bool = True) -> Chosen:
    """How the field is read from the column."""
    if wanted in enumerations():
        known = values_of(wanted)
        words = {value: known[plain(value)] for value in column.values or {}}
        different = {value: meaning for value, meaning in words.items() if value != meaning}
        return Chosen(wanted, column, words=words if different else {}, sure=sure)
    if wanted in (*MONEY, "stock"):
        return _number(wanted, column, sure)
    if wanted == "tax_rate":
        return Chosen(wanted, column, {"type": "decimal"}, sure=sure)
    if wanted == "sku" and column.of("spaces") and in_template(column.name):
        return Chosen(wanted, column, template=f"{{{{ field('{column.name}') | trim }}}}", sure=sure)
    separator = _separator(column)
    if wanted == "additional_image_link" and separator:
        return Chosen(wanted, column, {"separator": separator}, sure=sure)
    if wanted == "image_link" and separator and in_template(column.name):
        first = f"{{{{ field('{column.name}') | split('{separator}') | first }}}}"
        return Chosen(wanted, column, template=first, sure=sure)
    if wanted in MEASURES and column.mostly("measure", percent=80):
        return Chosen(wanted, column, template=f"{{{{ field('{column.name}') | measure }}}}", sure=sure)
    if wanted in MEASURES:
        cell = f"field('{column.name}')"
        unit = unit_of(column.name).lower()
        template = f"{{{{ ({cell} ~ ' {unit}') | measure if {cell} is not missing }}}}"
        return Chosen(wanted, column, template=template, sure=sure)
    if wanted in _DATES and not column.mostly("iso_date"):
        return Chosen(wanted, column, {"type": "date", "format": "dd/mm/yyyy"}, sure=sure)
    return Chosen(wanted, column, sure=sure)


def _number(wanted: str, column: Column, sure: bool) -> Chosen:
    options = {"type": "money"} if wanted in MONEY and column.of("currency") else {}
    strange = "" if column.of(*NUMBERS) >= column.filled else _strange(wanted, column)
    return Chosen(wanted, column, options, sure=sure, strange=strange)


def relative(name: str, column: Column, base: str) -> Chosen:
    """A field from a column of paths; `base` is the key of the catalog that stands before them."""
    # the folder of an address of images counts, also before /1.jpg
    below = " | regex_replace('^/([^/])', '$1')" if base == "image_url" else ""
    return Chosen(name, column, template=f"{{{{ field('{column.name}'){below} | with_base(catalog.{base}) }}}}")


def _same_money(chosen: dict[str, Chosen]) -> None:
    """Prices are compared with each other: where one is written with its currency, all are money."""
    if any(name in chosen and chosen[name].options.get("type") == "money" for name in MONEY):
        for name in MONEY:
            if name in chosen:
                chosen[name].options["type"] = "money"


def in_template(header: str) -> bool:
    """Whether a header may stand between quotes in a template as it is."""
    return not _IN_TEMPLATE & set(header) and header.isprintable()


def _separator(column: Column) -> str:
    forms = [form for form in SEPARATORS if column.of(form)]
    return SEPARATORS[max(forms, key=lambda form: column.of(form))] if forms else ""


def _meanings(name: str, rows: str) -> list[Meaning]:
    return meanings(name.removeprefix(f"{rows}.") if rows else name)


def _order(meaning: Meaning, column: Column, wanted: str, found: Profile) -> tuple[bool, bool, int, int]:
    """The surest word first; a key that is not the same in two rows before one that is."""
    doubtful = wanted == "sku" and (column.repeated > 0 or column.filled < found.rows)
    return not meaning.exact, doubtful, meaning.rank, -column.filled


def _fits(wanted: str, column: Column, found: Profile) -> bool:
    """Whether the column's values can be the field's."""
    if not column.filled:
        return False
    if wanted in enumerations():
        known = values_of(wanted)
        return column.values is not None and all(plain(value) in known for value in column.values)
    return _FITS.get(wanted, _is_text)(column) and (wanted != "sku" or _names_rows(column, found))


def _names_rows(column: Column, found: Profile) -> bool:
    return column.filled * 2 >= found.rows and column.distinct.count * 10 >= column.filled * 6


def _is_text(column: Column) -> bool:
    return kind_of(column) not in _NOT_TEXT and not column.mostly("path")


def _is_number(column: Column) -> bool:
    return column.mostly(*NUMBERS, percent=80)


def _is_rate(column: Column) -> bool:
    return column.mostly(*NUMBERS) and column.distinct.exact and column.distinct.count <= 8


def _is_gtin(column: Column) -> bool:
    return column.of("digits", "spreadsheet") * 2 >= column.filled and column.of("gtin") * 4 >= column.of("digits")


def _is_address(column: Column) -> bool:
    return column.mostly("url", "urls_blank", "urls_comma", percent=80)


def _is_measure(column: Column) -> bool:
    unit = plain(unit_of(column.name))
    known = unit in {"kg", "g", "gr", "mg", "lb", "lbs", "oz", "mm", "cm", "m", "in", "ft"}
    return in_template(column.name) and (column.mostly("measure", percent=80) or (known and column.mostly(*NUMBERS)))


def _is_code(letters: int) -> Callable[[Column], bool]:
    def check(column: Column) -> bool:
        values = column.values or {}
        return bool(values) and all(len(one) == letters and one.isascii() and one.isupper() for one in values)

    return check


def _is_day(column: Column) -> bool:
    values = list(column.values or {}) or column.samples
    return column.mostly("iso_date") or all(
        len(one) == 10 and one[2] == one[5] == "/" and one[:2].isdecimal() and one[3:5] <= "12" for one in values
    )


_FITS: Final[Mapping[str, Callable[[Column], bool]]] = {
    **dict.fromkeys(MONEY, _is_number),
    **dict.fromkeys(MEASURES, _is_measure),
    **dict.fromkeys(_DATES, _is_day),
    "stock": _is_number,
    "tax_rate": _is_rate,
    "gtin": _is_gtin,
    "link": _is_address,
    "image_link": _is_address,
    "additional_image_link": _is_address,
    **dict.fromkeys(("mobile_link", "canonical_link", "video_link"), _is_address),
    "currency": _is_code(3),
    "country_of_origin": _is_code(2),
    "parent_sku": lambda column: _is_text(column) and kind_of(column) != "boolean",
    "brand": lambda column: _is_text(column) and not _is_number(column),
    "title": lambda column: _is_text(column) and not _is_number(column),
    "adult": lambda column: column.mostly("boolean"),
    "is_bundle": lambda column: column.mostly("boolean"),
    "multipack": lambda column: column.mostly("integer"),
    "lead_time_days": lambda column: column.mostly("integer"),
    "availability_date": lambda column: column.mostly("iso_date"),
    "expiration_date": lambda column: column.mostly("iso_date"),
}


def _vote(languages: dict[str, int], fields: list[Meaning]) -> None:
    """A word of one language counts more than one that several share."""
    spoken = dict.fromkeys(language for one in fields if one.exact for language in one.languages)
    for language in spoken:
        languages[language] = languages.get(language, 0) + 12 // len(spoken)


def _kept(column: Column, fields: list[Meaning], result: Columns) -> Kept:
    """Why a column with a known header stays as it is."""
    meant = next((one.field for one in fields if one.field not in result.chosen), "")
    if not meant or not column.filled:
        return Kept(column)
    return Kept(column, meant, _strange(meant, column) or (column.samples[0] if column.samples else ""))


def _strange(wanted: str, column: Column) -> str:
    """The first value kept that alone does not read as the field; '' where all do."""
    met: list[str] = [*(column.values or column.samples), *column.shown.values()]
    for value in met:
        if wanted in enumerations():
            if plain(value) not in values_of(wanted):
                return value
            continue
        alone = Column(column.name)
        alone.add(pl.Series([value], dtype=pl.String))
        if not _FITS.get(wanted, _is_text)(alone):
            return value
    return ""
