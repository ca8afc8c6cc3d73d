"""select and exclude may hold any step, also those that run in Python and are computed once per batch."""

from __future__ import annotations

from pathlib import Path

from feedsync.run.commands import Job, check

PROJECT = """
catalog: {sources: [{path: p.csv}]}
feeds:
  f:
    channel: generic_marketplace@2026-11
    market: {country: ES, language: es, currency: EUR}
    select: "{{ title | html_to_text | lower | slug == 'bota' }}"
    exclude: [{when: "{{ description | html_to_text == 'Oculta' }}", reason: hidden}]
    attributes: {title: "{{ title | html_to_text }}"}
"""


def test_rows_are_left_out_by_steps_in_python(tmp_path: Path) -> None:
    (tmp_path / "feedsync.yaml").write_text(PROJECT)
    (tmp_path / "p.csv").write_text("sku,title,description\nA,<b>Bota</b>,x\nB,Gorra,x\nC,Bota,<i>Oculta</i>\n")
    (feed,) = check(Job(tmp_path)).feeds
    assert (feed.read, feed.blocked, feed.excluded) == (3, 1, {"hidden": 1, "select": 1})
