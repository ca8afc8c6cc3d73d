"""A tiny shop with one made-up channel, and the command line run over it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from feedsync.cli.app import app

PROJECT = """\
catalog:
  key: sku
  sources: [{path: products.csv}]
  fields: {price: {type: decimal}}
feeds:
  shop:
    channel: probe@1
    market: {country: ES, language: es, currency: EUR}
    select: "{{ title != 'Oculto' }}"
    attributes:
      id: "{{ sku }}"
      title: "{{ title }}"
      price: "{{ price | money('EUR') }}"
"""
CHANNEL = """\
title: Probe
docs: https://channel.example
engine_words: [probe]
not_shown: {en: not in the shop}
delete_mode: absence
write_mode: replace
formats:
  csv: {writer: delimited, suffix: csv}
  tsv: {writer: delimited, suffix: tsv, delimiter: "\\t"}
"""
ATTRIBUTES = """\
id: {required: true, docs: "https://channel.example", checked: 2026-11-21}
title: {max_characters: 12, docs: "https://channel.example", checked: 2026-11-21}
price: {type: money, above: 0, docs: "https://channel.example", checked: 2026-11-21}
"""
GOOD = "sku,title,price\nA-1,Bota,10\nA-2,Gorra,12.50\nA-3,Oculto,1\n"
BAD = "sku,title,price\nA-1,Bota,10\nA-2,Gorra de lana gruesa,12.50\nA-3,Oculto,1\n"


def shop(folder: Path, products: str = GOOD, project: str = PROJECT) -> Path:
    """The project's folder."""
    specs = folder / "channel_specs" / "probe" / "1"
    specs.mkdir(parents=True, exist_ok=True)
    (specs / "channel.yaml").write_text(CHANNEL, encoding="utf-8")
    (specs / "attributes.yaml").write_text(ATTRIBUTES, encoding="utf-8")
    (specs / "mapping.yaml").write_text('id: "{{ sku }}"\n', encoding="utf-8")
    (folder / "feedsync.yaml").write_text(project, encoding="utf-8")
    (folder / "products.csv").write_text(products, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    done = CliRunner().invoke(app, [str(one) for one in arguments], prog_name="feedsync")
    return done.exit_code, done.stdout, done.stderr
