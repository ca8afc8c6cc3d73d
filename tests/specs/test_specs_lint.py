"""Linting a channel: each rule finds its fault, and a sound channel has none."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from feedsync.errors import Place
from feedsync.specs.channels import channel_folders, load_channel
from feedsync.specs.lint import channel_templates, lint_channel
from feedsync.specs.problems import Problem

SOUND = {
    "channel": """\
title: Kiosk
docs: https://kiosk.example
engine_words: [kiosk]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
rules:
  - {attribute: title, broken: "{{ title == id }}", severity: warning, verified: false, text: {en: x}, docs: https://x}
formats:
  csv: {writer: delimited, suffix: csv, delete: {sku: "{{ id }}", update-delete: delete}}
""",
    "attributes": """\
id: {required: true, docs: https://x, checked: 2026-11-21}
title: {max_characters: 20, docs: https://x, checked: 2026-11-21}
price: {type: money, minimum: 0, currency: "{{ market.currency }}", docs: https://x, checked: 2026-11-21}
""",
    "mapping": 'id: "{{ sku }}"\n',
    "cases": "- {name: one, product: {sku: A}, item: {id: A}}\n",
}
FACTS = "docs: https://x, checked: 2026-11-21"


def lint(root: Path, **files: str) -> list[str]:
    """The problems of the sound channel with some of its files replaced, without the folder."""
    folder = root / "channel_specs" / "kiosk" / "1"
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in {**SOUND, **files}.items():
        (folder / f"{file}.yaml").write_text(text)
    return [
        found.message().removeprefix("channel_specs/kiosk/1/") for found in lint_channel(load_channel("kiosk", root))
    ]


def attribute(text: str) -> str:
    return SOUND["attributes"] + text


def channel(*replaced: tuple[str, str], more: str = "") -> str:
    text = SOUND["channel"]
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return text + more


def test_a_sound_channel(tmp_path: Path) -> None:
    assert lint(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: {}",
            [
                "attributes.yaml:4:1: warning: a: checked is missing. Write the day on which docs was read, e.g. 2026-11-21.",
                "attributes.yaml:4:1: warning: a: docs is missing. Name the vendor's page that states this.",
            ],
        ),
        (
            "a: {docs: x, checked: 21.11.2026}",
            [
                'attributes.yaml:4:23: error: a.checked: "21.11.2026" is not a day. Write year-month-day, e.g. 2027-01-31.'
            ],
        ),
        (
            f"saleDay: {{{FACTS}}}",
            [
                "attributes.yaml:4:1: error: saleDay: names are written in snake_case. Write small letters, digits and _, and name the vendor's own spelling by header."
            ],
        ),
        (
            f"a: {{{FACTS}, repeat: 3}}",
            ["attributes.yaml:4:43: error: a.repeat: means nothing to type text. It belongs to list, group."],
        ),
        (
            f"a: {{{FACTS}, type: group, fields: {{x: {{minimum: 3}}}}, total_characters: 3}}",
            [
                "attributes.yaml:4:69: error: a.fields.x.minimum: means nothing to type text. It belongs to integer, decimal, money.",
                "attributes.yaml:4:83: error: a.total_characters: means nothing to type group. It belongs to list.",
            ],
        ),
        (
            f"a: {{{FACTS}, type: integer, max_characters: 3}}",
            [
                "attributes.yaml:4:58: error: a.max_characters: means nothing to type integer. It belongs to text, url, gtin, enum.",
            ],
        ),
        (
            f"a: {{{FACTS}, one_of: [x, y, x], spelling: {{y: Y, yy: Z, x: x}}}}",
            [
                'attributes.yaml:4:58: error: a.one_of[2]: "x" is listed twice. Remove one.',
                'attributes.yaml:4:79: error: a.spelling.yy: "yy" is not known here; did you mean "y"? Known: x, y, x.',
            ],
        ),
        (
            f"a: {{{FACTS}, type: enum, one_of: [used, used_good], spelling: {{used_good: used}}}}",
            [
                'attributes.yaml:4:104: warning: a.spelling.used_good: spelled "used", as is used; a file that is read back cannot tell them apart. Spell them differently, or say so in a comment and drop one.'
            ],
        ),
        (
            f"a: {{{FACTS}, header: title}}",
            [
                'attributes.yaml:4:1: error: a: the column "title" is already that of title. Name one of them differently by header.'
            ],
        ),
        (
            f"a: {{{FACTS}, type: interval, headers: {{start: from, finish: to}}}}",
            ['attributes.yaml:4:82: error: a.headers.finish: "finish" is no part of such a value. Parts: end, start.'],
        ),
        (
            f"a: {{{FACTS}, type: money, below: title}}",
            ["attributes.yaml:4:63: error: a.below: title is no money to compare with. Name a money attribute."],
        ),
        (
            f"a: {{{FACTS}, type: list, of: integer, total_characters: 3}}",
            [
                "attributes.yaml:4:68: error: a.total_characters: means nothing to type list of integer. It belongs to lists of texts."
            ],
        ),
        (
            f"a: {{{FACTS}, type: money, below: pricee}}",
            ['attributes.yaml:4:63: error: a.below: no attribute "pricee"; did you mean "price"?'],
        ),
        (
            f"a: {{{FACTS}, required: true, required_when: x}}",
            [
                "attributes.yaml:4:59: warning: a.required_when: the attribute is required in any case. Remove required_when or required.",
                "attributes.yaml:4:1: hint: a: required, and the default mapping leaves it empty. Map it from a standard field if there is one.",
            ],
        ),
    ],
)
def test_attributes(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert lint(tmp_path, attributes=attribute(text)) == expected


def test_no_id(tmp_path: Path) -> None:
    assert lint(tmp_path, attributes=f"title: {{{FACTS}}}\n", mapping="title: x\n", cases="[]") == [
        'attributes.yaml:1:1: error: there is no attribute "id". Add one; it names the item.'
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (channel(("[kiosk]", "[]")), ["channel.yaml:1:1: warning: engine_words is missing. List the words that tell this channel in code, e.g. its name and its hosts."]),
        (channel(("not_shown: {en:", "not_shown: {es:")), ["channel.yaml:4:12: error: not_shown: the English text is missing. Add en."]),
        (channel(("severity: warning", "severity: error")), ["channel.yaml:8:70: error: rules[0].verified: an error that is not verified would block products by a guess. Verify it, or write severity: warning."]),
        (channel(("attribute: title", "attribute: titel"), ("text: {en:", "code: FS3l6, text: {es:"), (", docs: https://x}", "}")), [
            'channel.yaml:8:17: error: rules[0].attribute: no attribute "titel"; did you mean "title"?',
            'channel.yaml:8:95: error: rules[0].code: no rule has the code "FS3l6"; did you mean "FS316"?',
            "channel.yaml:8:108: error: rules[0].text: the English text is missing. Add en.",
            "channel.yaml:8:5: hint: rules[0]: docs is missing. Name the vendor's page that states this.",
        ]),
        (channel(more="  excel: {writer: delimited, suffix: csv, escape: [',']}\n"), [
            "channel.yaml:11:38: error: formats.excel.suffix: the format csv writes files of the same name. Give one of them another suffix, e.g. atom.xml.",
            "channel.yaml:11:51: error: formats.excel.escape: the first character of escape is the backslash itself. Write escape: ['\\', ',', ':'].",
        ]),
        (channel(more="  zip: {writer: delimited, suffix: csv, compress: gzip}\n"), []),
        (channel(more="  Feed-1: {writer: xml, suffix: xml, element: 'g:{name}', plain: [titel]}\n"), [
            "channel.yaml:11:3: error: formats.Feed-1: names are written in snake_case. Write small letters, digits and _, and name the vendor's own spelling by header.",
            'channel.yaml:11:47: error: formats.Feed-1.element: no namespace has the prefix "g". There are: (none).',
            'channel.yaml:11:67: error: formats.Feed-1.plain[0]: no attribute "titel"; did you mean "title"?',
        ]),
        (channel(more="spelling: {money: '{amout}', interval: '{start'}\nvariants: {group: grp, by: [title, colour]}\nmarkets: {ES: {marketplaceId: x}}\n"), [
            "channel.yaml:11:19: error: spelling.money: the form does not name its parts. Use {amount}, {currency}; a plain brace is doubled.",
            "channel.yaml:11:40: error: spelling.interval: the form does not name its parts. Use {end}, {start}; a plain brace is doubled.",
            'channel.yaml:12:19: error: variants.group: no attribute "grp". The channel has: id, title, price.',
            'channel.yaml:12:36: error: variants.by[1]: no attribute "colour". The channel has: id, title, price.',
            "channel.yaml:13:16: error: markets.ES.marketplaceId: names are written in snake_case. Write small letters, digits and _, and name the vendor's own spelling by header.",
        ]),
    ],
)  # fmt: skip
def test_channel(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert lint(tmp_path, channel=text) == expected


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("{date: '%Q'}", ["date: letters that stand"]),
        ("{date: '%'}", ["date: letters that stand"]),
        ("{date: '%Y-%m-%d %H'}", ["date: letters that stand"]),
        ("{datetime: '%Y %'}", ["datetime: letters that stand"]),
        ("{datetime: '%E'}", ["datetime: letters that stand"]),
        ("{boolean: [x, x]}", ["boolean: true and false are spelled alike"]),
        ("{date: '%d.%m.%y 100 %%', datetime: '%-d/%-m/%Y %-I:%M %p %:z'}", []),
    ],
)
def test_spelling(tmp_path: Path, spelling: str, said: list[str]) -> None:
    found = lint(tmp_path, channel=channel(more=f"spelling: {spelling}\n"))
    assert [one.partition("spelling.")[2].partition(" for no")[0].partition(". ")[0] for one in found] == said


@pytest.mark.parametrize("letter", [*"YymdejaAbBuGVFD", "-d", "-m", "-j", "%"])
def test_the_letters_of_a_day_are_written_by_the_engine(tmp_path: Path, letter: str) -> None:
    assert lint(tmp_path, channel=channel(more=f"spelling: {{date: '%{letter}'}}\n")) == []
    assert pl.Series([date(2026, 11, 21)]).dt.strftime(f"%{letter}").item()


@pytest.mark.parametrize("letter", [*"YymdejaAbBuGVFDHIMSpfTRzZs", "-H", "-I", "-M", "-S", ":z", "3f", ".3f"])
def test_the_letters_of_a_moment_are_written_by_the_engine(tmp_path: Path, letter: str) -> None:
    assert lint(tmp_path, channel=channel(more=f"spelling: {{datetime: '%{letter}'}}\n")) == []
    moment = pl.Series([datetime(2026, 11, 21, 12)]).dt.replace_time_zone("Europe/Madrid")  # noqa: DTZ001  in its zone next
    assert moment.dt.strftime(f"%{letter}").item()


@pytest.mark.parametrize("code", ["FS501", "FS101", "FS402"])
def test_a_rule_speaks_of_items(tmp_path: Path, code: str) -> None:
    (found,) = lint(tmp_path, channel=channel(("attribute: title", f"code: {code}, attribute: title")))
    assert f'rules[0].code: no rule has the code "{code}"' in found


def test_cases(tmp_path: Path) -> None:
    cases = """\
- {name: one, product: {sku: A}, item: {id: A, titel: x}, attributes: {pric: x}}
- {name: one, product: {sku: A}, as_of: tomorrow}
- {name: two, product: {sku: A}, findings: [[FS301, id], [FS31, id]]}
"""
    assert lint(tmp_path, cases=cases) == [
        'cases.yaml:1:48: error: [0].item.titel: no attribute "titel"; did you mean "title"?',
        'cases.yaml:1:72: error: [0].attributes.pric: no attribute "pric"; did you mean "price"?',
        "cases.yaml:2:3: error: [1]: the case expects neither an item nor findings. Add item, or the findings that block it.",
        'cases.yaml:2:10: error: [1].name: "one" is also the name of the case at channel_specs/kiosk/1/cases.yaml:1:10. Name one of them differently.',
        'cases.yaml:2:41: error: [1].as_of: "tomorrow" is not a day. Write year-month-day, e.g. 2027-01-31.',
        'cases.yaml:3:59: error: [2].findings[1][0]: no rule has the code "FS31"; did you mean "FS341"?',
    ]


RECORDS = """\
title: Kiosk
docs: https://kiosk.example
engine_words: [kiosk]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
shapes: {localized: [{value: "{{ entry }}"}]}
formats:
  json:
    writer: json
    suffix: json
    document: {header: {seller: "{{ feed.seller }}", version: "2.0"}, items: {records: here}}
    record: {sku: "{{ id }}", kind: constant, title: [{value: "{{ title }}"}]}
    delete: {sku: "{{ id }}"}
    patch: {changed: here}
"""


def test_the_callers_check_sees_every_template_of_the_channels_side(tmp_path: Path) -> None:
    seen: list[tuple[str, Place]] = []

    def check(template: str, place: Place) -> list[Problem]:
        seen.append((template, place))
        return [Problem(place, "error", "lint_pattern")] if template == "{{ title }}" else []

    lint(tmp_path, channel=RECORDS)
    loaded = load_channel("kiosk", tmp_path)
    problems = lint_channel(loaded, check)
    folder = "channel_specs/kiosk/1"
    assert seen == [
        ("{{ market.currency }}", Place(f"{folder}/attributes.yaml", 3, 44)),
        ("{{ entry }}", Place(f"{folder}/channel.yaml", 7, 30)),
        ("{{ feed.seller }}", Place(f"{folder}/channel.yaml", 12, 33)),
        ("{{ id }}", Place(f"{folder}/channel.yaml", 13, 19)),
        ("{{ title }}", Place(f"{folder}/channel.yaml", 13, 63)),
        ("{{ id }}", Place(f"{folder}/channel.yaml", 14, 19)),
    ]
    assert [found.place for found in problems] == [Place(f"{folder}/channel.yaml", 13, 63)]
    assert seen == list(channel_templates(loaded))


@pytest.mark.parametrize("name", [entry.full_name for entry in channel_folders(None)])
def test_the_channels_that_come_with_feedsync(name: str) -> None:
    found = [problem.message() for problem in lint_channel(load_channel(name, None)) if problem.severity != "hint"]
    assert found == []
