"""A channel of a merchant's own whose file no other writer can make: Jinja templates in channel.yaml and beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from builders import MARKET, export, files_in, lines, write

from feedsync.errors import Exit, TemplateError
from feedsync.run.lint import template_errors
from feedsync.specs.channels import load_channel
from feedsync.specs.lint import lint_channel
from feedsync.writers import template
from feedsync.writers.template_process import Allowance

CHANNEL = """\
title: Pregón
docs: https://pregon.example/docs
engine_words: [pregon]
not_shown: {en: not cried out}
delete_mode: absence
write_mode: replace
settings: {town: {required: true}}
spelling: {money: "{amount}", boolean: ["sí", "no"]}
formats:
  list:
    writer: template
    suffix: txt
    escape: json
    header: {file: header.j2}
    item: |
      {{ record.number }}) "{{ label }}"{% if cost %}, {{ cost }} {{ market.currency }}{% endif %}

      {% for tag in tags %}
        # {{ tag }}
      {% endfor %}
    footer: "-- {{ feed.town }} --"
"""
ATTRIBUTES = """\
id: {required: true}
label: {required: true}
cost: {type: money}
tags: {type: list}
"""
MAPPING = """\
id: "{{ sku }}"
label: "{{ title }}"
cost: "{{ price | money(market.currency) }}"
tags: "{{ keywords }}"
"""
PROJECT = f"""\
catalog:
  sources: [{{path: p.csv}}]
  fields: {{keywords: {{separator: "|"}}}}
feeds:
  town: {{channel: pregon, market: {MARKET}, settings: {{town: "Nájera"}}}}
"""
PRODUCTS = lines("sku,title,price,keywords", 'A-1,"Lámpara ""Sol""",19.9,luz|hogar', "A-2,Taza,,")
FILES = {
    "channel.yaml": CHANNEL,
    "attributes.yaml": ATTRIBUTES,
    "mapping.yaml": MAPPING,
    "header.j2": "{{ market.country }}:\n",
}
WANTED = 'ES:\n1) "Lámpara \\"Sol\\"", 19.90 EUR\n  # luz\n  # hogar\n2) "Taza"\n-- Nájera --'


def town(folder: Path, more: Mapping[str, str] | None = None, **files: str) -> Path:
    said = {**FILES, **{name.replace("_", "."): text for name, text in files.items()}}
    specs = {f"channel_specs/pregon/1/{name}": text for name, text in said.items()}
    return write(folder, {**specs, "feedsync.yaml": PROJECT, "p.csv": PRODUCTS, **(more or {})})


def linted(folder: Path, channel: str = "pregon") -> list[str]:
    loaded = load_channel(channel, folder)
    return [error.message() for error in template_errors(loaded)] + [
        problem.message() for problem in lint_channel(loaded) if problem.severity == "error"
    ]


def test_its_file(tmp_path: Path) -> None:
    folder = town(tmp_path)
    assert linted(folder) == []
    assert export(folder, tmp_path / "out")["town.txt"].decode() == WANTED


def test_a_channel_that_extends_it_may_bring_a_file_of_its_own(tmp_path: Path) -> None:
    more = {
        "channel_specs/heraldo/1/channel.yaml": "extends: pregon@1\ntitle: Heraldo\n",
        "channel_specs/heraldo/1/header.j2": "!\n",
    }
    folder = town(tmp_path, {**more, "feedsync.yaml": PROJECT.replace("channel: pregon", "channel: heraldo")})
    assert linted(folder, "heraldo") == []
    assert export(folder, tmp_path / "out")["town.txt"].decode() == WANTED.replace("ES:", "!")


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("{{ label }}", "{{ lable }}", 'channel.yaml:16:32: error: formats.list.item: unknown name "lable"; did you mean "label"?'),
        ("in tags %}", "in tags | sorted %}", 'channel.yaml:18:28: error: formats.list.item: unknown filter "sorted"; did you mean "sort"?'),
        ("{{ feed.town }}", "{{ feed.twon }}", 'channel.yaml:21:25: error: formats.list.footer: unknown name "feed.twon"; did you mean "feed.town"?'),
        ('"-- {{ feed.town }} --"', '"{{ feed.town }\\x41"', "channel.yaml:21:13: error: formats.list.footer:"),
        ("header.j2", "heder.j2", 'channel.yaml:14:13: error: formats.list.header: there is no file "heder.j2" beside channel.yaml.'),
    ],
)  # fmt: skip
def test_lint_says_where(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    (line,) = linted(town(tmp_path, channel_yaml=CHANNEL.replace(wrong, right)))
    assert line.startswith(f"channel_specs/pregon/1/{said}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\n\xff", "header.j2:2: error: formats.list.header: "),
        (b"a" * (1024 * 1024 + 1), "header.j2: error: formats.list.header: the template is longer than 1024 KiB."),
        (b"a\r\n{{ b }}", 'header.j2:2:4: error: formats.list.header: unknown name "b"'),
        (b"\xef\xbb\xbf{{ b }}", 'header.j2:1:4: error: formats.list.header: unknown name "b"'),
    ],
)
def test_a_damaged_template_file(tmp_path: Path, data: bytes, said: str) -> None:
    folder = town(tmp_path)
    (folder / "channel_specs/pregon/1/header.j2").write_bytes(data)
    (line,) = linted(folder)
    assert line.startswith(f"channel_specs/pregon/1/{said}")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "took longer than 0.5 seconds."),
        ("{{ 'x' * 10**10 }}", "a product of more than 10000000 characters"),
        ("{{ label.upper(1) }}", "the template stopped: str.upper() takes no arguments (1 given)."),
    ],
)  # fmt: skip
def test_a_template_that_is_stopped_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, item: str, said: str
) -> None:
    before = export(town(tmp_path), tmp_path / "out")
    folder = town(tmp_path, channel_yaml=CHANNEL.replace("# {{ tag }}", item))
    monkeypatch.setattr(template, "LIMITS", Allowance(seconds=0.5))
    with pytest.raises(TemplateError) as caught:
        export(folder, tmp_path / "out")
    assert caught.value.exit_code == Exit.CANNOT_RUN
    assert str(caught.value).startswith("channel_specs/pregon/1/channel.yaml:19: error: formats.list.item (A-1): ")
    assert said in str(caught.value)
    assert {name: data for name, data in files_in(tmp_path / "out").items() if not name.endswith(".lock")} == {
        name: data for name, data in before.items() if not name.endswith(".lock")
    }
