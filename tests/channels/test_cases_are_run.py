"""`channels lint` runs the cases of a project's own channel: what they give otherwise than they say is said, with places."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write
from typer.testing import CliRunner

from feedsync.cli.app import app
from feedsync.run.cases import Outcome, case_problems, outcome
from feedsync.specs.channels import channel_folders, load_channel

FACTS = "docs: https://x, checked: 2026-11-21"
FOLDER = "channel_specs/kiosk/1/"
CHANNEL = """\
title: Kiosk
docs: https://kiosk.example
engine_words: [kiosk]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
formats: {csv: {writer: delimited, suffix: csv}}
settings: {shop: {}}
"""
ATTRIBUTES = f"""\
id: {{required: true, {FACTS}}}
title: {{max_characters: 5, {FACTS}}}
price: {{type: money, {FACTS}}}
"""
MAPPING = 'id: "{{ sku }}"\ntitle: "{{ title }}"\nprice: "{{ price | money(market.currency) }}"\n'
BY_TABLE = 'id: "{{ sku }}"\ntitle: "{{ place }}"\n'


def kiosk(folder: Path, cases: str, channel: str = CHANNEL, mapping: str = MAPPING) -> Path:
    files = {"channel": channel, "attributes": ATTRIBUTES, "mapping": mapping, "cases": cases}
    return write(folder, {f"{FOLDER}{name}.yaml": text for name, text in files.items()})


def lint(*arguments: str | Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["-C", *map(str, arguments)])
    return done.exit_code, done.stdout.replace(FOLDER, "").splitlines()


def test_cases_that_hold(tmp_path: Path) -> None:
    cases = """\
- {name: an item, product: {sku: A, price: "9.9"}, item: {id: A, price: 9.90 EUR}}
- {name: dollars, market: {country: US, language: en, currency: USD}, product: {sku: A, price: 1}, item: {id: A, price: 1.00 USD}}
- {name: too long, product: {sku: A, title: abcdef}, findings: [[FS302, title]]}
- {name: own mapping, product: {sku: A}, settings: {shop: x}, attributes: {title: {value: "{{ feed.shop }}"}}, item: {id: A, title: x}}
- {name: nothing there, product: {sku: ""}, findings: [[FS102, sku]]}
"""
    kiosk(tmp_path, cases)
    assert lint(tmp_path, "channels", "lint", FOLDER) == (0, ["1 channels, no problems."])


FIX = "Correct the case, the mapping or the rules."


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            '{name: one, product: {sku: A, title: b}, item: {id: A, title: "c"}}',
            [f'cases.yaml:1:65: error: [0].item.title: "one" expects "c" and gives "b". {FIX}'],
        ),
        (
            "{name: one, product: {sku: A, title: b}, item: {id: A}}",
            [f'cases.yaml:1:50: error: [0].item.title: "one" expects nothing and gives "b". {FIX}'],
        ),
        (
            "{name: one, product: {sku: A}, item: {id: A, title: b}}",
            [f'cases.yaml:1:55: error: [0].item.title: "one" expects "b" and gives nothing. {FIX}'],
        ),
        (
            "{name: one, product: {sku: A, title: abcdef}, item: {id: A}}",
            [
                f'cases.yaml:1:3: error: [0].findings: "one" expects the findings [] and gives [[FS302, title]]. {FIX}',
                'cases.yaml:1:55: error: [0].item: "one" expects an item, and the product is blocked by [[FS302, title]]. '
                "Correct the case, the mapping or the rules; or remove item and list the findings.",
            ],
        ),
        (
            "{name: one, product: {sku: A}, findings: [[FS302, title]]}",
            [
                'cases.yaml:1:3: error: [0]: "one" expects that the product is blocked, and it gives {"id": "A"}. '
                "Write that as item, or correct the product or the rules.",
                f'cases.yaml:1:44: error: [0].findings: "one" expects the findings [[FS302, title]] and gives []. {FIX}',
            ],
        ),
        (
            '{name: one, product: {sku: A, title: b}, attributes: {title: "{{ titel }}"}, item: {id: A}}',
            ['cases.yaml:1:3: error: [0]: "one" cannot run: title (case): unknown field "titel"; did you mean "title"?'],
        ),
    ],
)  # fmt: skip
def test_a_case_that_does_not_hold(tmp_path: Path, case: str, said: list[str]) -> None:
    code, lines = lint(kiosk(tmp_path, f"- {case}\n"), "channels", "lint")
    assert (code, sorted(lines)) == (1, said)


def test_a_channel_of_tables(tmp_path: Path) -> None:
    cases = "- {name: a shelf, product: {sku: A}, table: {place: P-1}, item: {id: A, title: P-1}}\n"
    kiosk(tmp_path, cases, CHANNEL + "rows: table\n", BY_TABLE)
    loaded = load_channel("kiosk", tmp_path)
    assert outcome(loaded, loaded.spec.cases[0]) == Outcome({"id": "A", "title": "P-1"}, ())
    assert lint(tmp_path, "channels", "lint", FOLDER) == (0, ["1 channels, no problems."])


def test_cases_wait_until_the_channel_is_sound(tmp_path: Path) -> None:
    kiosk(tmp_path, "- {name: one, product: {sku: A}, item: {id: B}}\n", mapping=MAPPING + 'titel: "x"\n')
    code, lines = lint(tmp_path, "channels", "lint", FOLDER)
    assert (code, len(lines)) == (1, 1)


@pytest.mark.parametrize("name", [entry.full_name for entry in channel_folders(None)])
def test_the_cases_of_the_channels_that_come_with_feedsync(name: str) -> None:
    assert case_problems(load_channel(name, None)) == []
