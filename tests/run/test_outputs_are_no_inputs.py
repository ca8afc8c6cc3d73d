"""An export never replaces a file that the project reads, however the project names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write

from feedsync.api import load_project
from feedsync.errors import OutputError

FEED = "feeds: {g: {channel: generic_marketplace@2026-11, market: {country: ES, language: es, currency: EUR}}}\n"
CATALOG = (
    "sku,title,description,link,image_link,price,availability\nA,T,D,https://x.es/1,https://x.es/1.jpg,1,in_stock\n"
)


@pytest.mark.parametrize(
    "source",
    ["{path: g.csv}", "{path: 'g*.csv', pick: newest}", "{path: '*.csv', pick: all}", "{path: '**/*.csv', pick: all}"],
)
def test_a_source_is_not_replaced(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"feedsync.yaml": f"catalog: {{sources: [{source}]}}\n{FEED}", "g.csv": CATALOG})
    with pytest.raises(OutputError) as raised:
        load_project(tmp_path, env={}).export(output=tmp_path)
    assert raised.value.key == "output_is_input"
    assert (tmp_path / "g.csv").read_text(encoding="utf-8") == CATALOG


def test_beside_its_sources_is_allowed(tmp_path: Path) -> None:
    source = "{path: 'in/*.csv', pick: newest}"
    write(tmp_path, {"feedsync.yaml": f"catalog: {{sources: [{source}]}}\n{FEED}", "in/g.csv": CATALOG})
    load_project(tmp_path, env={}).export(output=tmp_path)
    assert (tmp_path / "g.csv").exists()
    assert (tmp_path / "in/g.csv").read_text(encoding="utf-8") == CATALOG
