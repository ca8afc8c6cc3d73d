"""A channel written as YAML in a merchant's project, from its attributes to its bytes, without a line of Python."""

from __future__ import annotations

import json
from pathlib import Path

from builders import MARKET, check, counts, export, found, items, lines, write

CHANNEL = """\
title: Kiosko
docs: https://kiosko.example/docs
engine_words: [kiosko]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
settings: {shop: {required: true}, mode: {default: live}}
markets: {ES: {tongue: es-ES}}
variants: {group: family, by: [tint]}
spelling: {money: "{currency} {amount}", boolean: ["Y", "N"], interval: "{start}..{end}", date: "%d/%m/%Y", datetime: "%d/%m/%Y %H:%M"}
rules:
  - attribute: fragile
    broken: "{{ fragile and parcels is missing }}"
    text: {en: fragile goods need parcels}
    fix: {en: Map parcels.}
formats:
  tree:
    writer: json
    suffix: json
    document: {shop: "{{ feed.shop }}", mode: "{{ feed.mode }}", goods: {records: here}}
    record:
      ref: "{{ id }}"
      text: [{lang: "{{ market.tongue }}", name: "{{ label }}"}]
      cost: {cents: "{{ cost | minor_units }}", shown: "{{ cost | amount }}", in: "{{ cost | currency }}"}
      fragile: "{{ fragile }}"
      offer: {from: "{{ offer | start }}", until: "{{ offer | end }}"}
      parcels: {each: "{{ parcels }}", entry: {to: "{{ entry.zone }}", cost: "{{ entry.fee | amount }}", days: "{{ entry.days }}"}}
      tags: {each: "{{ tags }}", entry: "{{ entry }}"}
  sheet: {writer: delimited, suffix: csv, delimiter: ";", list: {join: "/"}, group: {join: "*", header: "{name}({fields})"}, columns: all}
  page: {writer: xml, suffix: xml, document: {root: kiosk, item: thing}, namespaces: {k: "urn:kiosko"}, element: "k:{name}", plain: [id]}
"""
ATTRIBUTES = """\
id: {required: true, max_characters: 10}
label: {required: true, max_bytes: 14}
cost: {type: money, required: true, above: 0, currency: "{{ market.currency }}", header: precio}
state: {type: enum, one_of: [fresh, worn], spelling: {fresh: N, worn: U}, required_when: "{{ cost | amount > 100 }}"}
fragile: {type: boolean}
offer: {type: interval, headers: {start: desde, end: hasta}}
parcels: {type: group, repeat: 2, fields: {zone: {type: text, required: true, pattern: "^[A-Z]{2}$"}, fee: {type: money}, days: {type: integer, minimum: 1, maximum: 30}}}
tags: {type: list, of: {type: text, max_characters: 6}, repeat: 3}
family: {}
tint: {}
"""
MAPPING = """\
id: "{{ sku }}"
label: "{{ title }}"
cost: "{{ price | money(market.currency) }}"
tags: "{{ keywords }}"
family: "{{ parent_sku }}"
tint: "{{ color }}"
"""
PROJECT = f"""\
catalog:
  timezone: Europe/Madrid
  sources: [{{path: p.csv}}]
  fields: {{keywords: {{separator: "|"}}, breakable: {{type: boolean, "true": [sí], "false": [no]}}}}
feeds:
  kiosk:
    channel: kiosko
    market: {MARKET}
    settings: {{shop: Mi tienda}}
    formats: [tree, sheet, page]
    attributes:
      fragile: "{{{{ breakable }}}}"
      offer: "{{{{ sale_price_start | interval(sale_price_end) }}}}"
      parcels:
        - {{zone: "{{{{ market.country }}}}", fee: "{{{{ price | add_percent(-90) | money('EUR') if breakable }}}}", days: "{{{{ 2 if breakable }}}}"}}
"""
PRODUCTS = lines(
    "sku,parent_sku,title,price,keywords,color,breakable,sale_price_start,sale_price_end",
    'A-1,,"Lámpara ""Sol""",19.9,luz|hogar,rojo,sí,2026-12-24,2026-12-31',
    "A-2,F,Taza,5,,azul,no,,",
    "A-3,F,Taza,5,,azul,,,",
    "A-4,,Ñandú de peluche,5,,,,,",
    "A-5,,Sofá,250,comodísimo,,,,",
)


def kiosk(folder: Path, project: str = PROJECT) -> Path:
    specs = {"channel": CHANNEL, "attributes": ATTRIBUTES, "mapping": MAPPING}
    files = {f"channel_specs/kiosko/2026-01/{name}.yaml": text for name, text in specs.items()}
    return write(folder, {**files, "feedsync.yaml": project, "p.csv": PRODUCTS})


def test_items_and_findings(tmp_path: Path) -> None:
    folder = kiosk(tmp_path)
    result = check(folder)["kiosk"]
    assert counts(result) == (5, 3, 2, {})
    assert found(result) == [
        ("FS301", "error", "state", ["A-5"]),
        ("FS302", "error", "label", ["A-4"]),
        ("FS302", "error", "tags", ["A-5"]),
        ("FS402", "warning", "family", ["A-2", "A-3"]),
    ]
    assert items(folder, "kiosk")[0] == {
        "id": "A-1",
        "label": 'Lámpara "Sol"',
        "cost": "EUR 19.90",
        "fragile": "Y",
        "offer": "24/12/2026 00:00..31/12/2026 23:59",
        "parcels": '[{"zone":"ES","fee":"EUR 1.99","days":"2"}]',
        "tags": '["luz","hogar"]',
        "tint": "rojo",
    }


def test_its_files(tmp_path: Path) -> None:
    files = export(kiosk(tmp_path), tmp_path / "out")
    assert json.loads(files["kiosk.json"]) == {
        "shop": "Mi tienda",
        "mode": "live",
        "goods": [
            {
                "ref": "A-1",
                "text": [{"lang": "es-ES", "name": 'Lámpara "Sol"'}],
                "cost": {"cents": 1990, "shown": 19.9, "in": "EUR"},
                "fragile": True,
                "offer": {"from": "24/12/2026 00:00", "until": "31/12/2026 23:59"},
                "parcels": [{"to": "ES", "cost": 1.99, "days": 2}],
                "tags": ["luz", "hogar"],
            },
            {
                "ref": "A-2",
                "text": [{"lang": "es-ES", "name": "Taza"}],
                "cost": {"cents": 500, "shown": 5, "in": "EUR"},
                "fragile": False,
            },
            {
                "ref": "A-3",
                "text": [{"lang": "es-ES", "name": "Taza"}],
                "cost": {"cents": 500, "shown": 5, "in": "EUR"},
            },
        ],
    }
    assert files["kiosk.csv"].decode().splitlines() == [
        "id;label;precio;state;fragile;desde;hasta;parcels(zone*fee*days);tags;family;tint",
        'A-1;"Lámpara ""Sol""";EUR 19.90;;Y;24/12/2026 00:00;31/12/2026 23:59;ES*EUR 1.99*2;luz/hogar;;rojo',
        "A-2;Taza;EUR 5.00;;N;;;;;F;azul",
        "A-3;Taza;EUR 5.00;;;;;;;F;azul",
    ]
    assert b"<k:parcels><k:zone>ES</k:zone><k:fee>EUR 1.99</k:fee><k:days>2</k:days></k:parcels>" in files["kiosk.xml"]


def test_its_rule_blocks(tmp_path: Path) -> None:
    project = PROJECT[: PROJECT.index("      parcels:")]
    (finding,) = [one for one in check(kiosk(tmp_path, project))["kiosk"].findings if one.code == "FS316"]
    assert (finding.attribute, finding.severity, finding.details) == (
        "fragile", "error", {"rule": "fragile goods need parcels", "advice": "Map parcels."},
    )  # fmt: skip


def test_a_channel_that_extends_it_says_only_what_differs(tmp_path: Path) -> None:
    folder = kiosk(tmp_path, PROJECT.replace("channel: kiosko", "channel: quiosco"))
    write(
        folder,
        {
            "channel_specs/quiosco/1/channel.yaml": 'extends: kiosko@2026-01\ntitle: Quiosco\nspelling: {boolean: ["1", "0"]}\nvariants: null\n',
            "channel_specs/quiosco/1/attributes.yaml": "label: {max_bytes: 40}\nstate: {required_when: null}\ntint: null\n",
            "channel_specs/quiosco/1/mapping.yaml": 'label: "{{ title | upper }}"\ntags: ""\ntint: null\n',
        },
    )
    assert counts(check(folder)["kiosk"]) == (5, 5, 0, {})
    first, *_, last = items(folder, "kiosk")
    assert (first["label"], first["fragile"], first.get("tint"), last["id"]) == ('LÁMPARA "SOL"', "1", None, "A-5")


def test_a_projects_own_channel_replaces_a_built_in_of_its_name_and_version(tmp_path: Path) -> None:
    folder = kiosk(tmp_path, PROJECT.replace("channel: kiosko", "channel: meta_catalog@2026-11"))
    (folder / "channel_specs/kiosko").rename(folder / "channel_specs/meta_catalog")
    (folder / "channel_specs/meta_catalog/2026-01").rename(folder / "channel_specs/meta_catalog/2026-11")
    assert sorted(export(folder, tmp_path / "out")) == ["kiosk.csv", "kiosk.json", "kiosk.xml", "manifest.json"]
