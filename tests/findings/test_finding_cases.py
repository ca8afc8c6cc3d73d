"""Every code of the catalogue: a tiny project that makes it, and the same project over products that do not.

tests/cases/findings/FSnnn.yaml: `attributes` and `channel` describe a made-up channel, `mapping`, `feed`, `catalog`
and `project` the merchant's side. `fails` and `passes` hold the rows of each source by name; `fails.findings` are all
findings of the run: severity, attribute, ids, message and fix.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import feedsync
from feedsync.findings import CODES
from feedsync.reports import wording

CASES = Path(__file__).parent.parent / "cases" / "findings"
# the guards of an export compare two runs; their failing and passing cases are tests of their own
ELSEWHERE = {
    "FS501": "test_an_export_is_held_by_empty_source",
    "FS503": "test_an_export_is_held_by_shrink",
    "FS509": "test_an_export_is_held_by_max_errors",
}
CHANNEL = {
    "title": "Probe",
    "docs": "https://channel.example",
    "not_shown": {"en": "not in the shop"},
    "delete_mode": "absence",
    "write_mode": "replace",
    "formats": {"csv": {"writer": "delimited", "suffix": "csv"}},
}


def found(folder: Path, case: dict[str, Any], half: str) -> list[list[str]]:
    """All findings of one half of a case, by the real run."""
    rows = {name: pl.DataFrame(one) for name, one in case[half].items() if name != "findings"}
    sources = [{"name": "products", "frame": True}]
    sources += [{"name": name, "frame": True, "join": key} for name, key in case.get("joined", {}).items()]
    attributes = {"id": {"required": True}, **case["attributes"]}
    mapping = {"id": "{{ sku }}", **case["mapping"]}
    feed = {"channel": "probe", "market": {"country": "ES", "language": "es", "currency": "EUR"}}
    project = {
        "catalog": {"sources": sources, **case.get("catalog", {})},
        "feeds": {"probe": {**feed, "attributes": mapping, **case.get("feed", {})}},
        **case.get("project", {}),
    }
    if "table" in case:
        project["tables"] = {"stores": {"name": "stores", "frame": True, **case["table"]}}
    channel = {**CHANNEL, **({"rows": "table"} if "table" in case else {}), **case.get("channel", {})}
    specs = folder / "channel_specs" / "probe" / "1"
    specs.mkdir(parents=True)
    for file, content in (("channel", channel), ("attributes", attributes), ("mapping", {})):
        (specs / f"{file}.yaml").write_text(yaml.safe_dump(content, sort_keys=False, width=1000), encoding="utf-8")
    (folder / "feedsync.yaml").write_text(yaml.safe_dump(project, sort_keys=False, width=1000), encoding="utf-8")
    (feed_result,) = feedsync.load_project(folder, rows, as_of=date(2026, 11, 21)).check().feeds
    assert feed_result.read == feed_result.ready + feed_result.blocked + sum(feed_result.excluded.values())
    return [
        [one.code, one.severity, one.attribute, wording.ids(one.samples, one.count), *wording.finding(one)]
        for one in feed_result.findings
    ]


@pytest.mark.parametrize("code", [code for code in CODES if code not in ELSEWHERE])
def test_a_code_is_found_where_it_is_broken_and_only_there(code: str, tmp_path: Path) -> None:
    case = yaml.safe_load((CASES / f"{code}.yaml").read_text(encoding="utf-8"))
    assert found(tmp_path / "fails", case, "fails") == case["fails"]["findings"]
    assert code in [one[0] for one in case["fails"]["findings"]]
    assert found(tmp_path / "passes", case, "passes") == []
