"""Stock policies end to end: what feeds offer, whichever of them are written, and the mistakes a merchant can make."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from feedsync.cli.app import app
from feedsync.errors import FeedsyncError
from feedsync.run.commands import Job, check, export, preview

MARKET = {"country": "ES", "language": "es", "currency": "EUR"}
CHANNEL = {
    "title": "Probe",
    "docs": "https://channel.example",
    "not_shown": {"en": "not in the shop"},
    "delete_mode": "absence",
    "write_mode": "replace",
    "formats": {"csv": {"writer": "delimited", "suffix": "csv", "columns": "all"}},
}
ATTRIBUTES = {
    "id": {"required": True},
    "quantity": {"type": "integer"},
    "availability": {"type": "enum", "one_of": ["in_stock", "out_of_stock", "preorder"]},
    "note": {},
}
MAPPING = {
    "id": "{{ sku }}",
    "quantity": "{{ stock }}",
    "availability": "{% if availability is not missing %}{{ availability }}"
    "{% elif stock is not missing %}{{ 'in_stock' if stock > 0 else 'out_of_stock' }}{% endif %}",
}
PRODUCTS = "sku,madrid,bcn,availability\nA,5,8,in_stock\nB,,2,in_stock\nC,,,in_stock\nD,0,0,preorder\n"
TAKING = {
    "uno": {"stock_policy": {"percent": 50, "buffer": 1, "reserve": 2}},
    "dos": {"stock_policy": {"reserve": 3}},
    "shop": {"stock_policy": {}},
    "plain": {"stock_policy": "whole", "attributes": {"quantity": "{{ madrid }}"}},
}


def shop(folder: Path, feeds: dict[str, Any], products: str = PRODUCTS, **project: Any) -> Path:
    """A project over a made-up channel."""
    specs = folder / "channel_specs" / "probe" / "1"
    specs.mkdir(parents=True)
    for file, content in (("channel", CHANNEL), ("attributes", ATTRIBUTES), ("mapping", MAPPING)):
        (specs / f"{file}.yaml").write_text(yaml.safe_dump(content, sort_keys=False, width=1000), encoding="utf-8")
    whole = {
        "catalog": {"sources": [{"path": "p.csv"}]},
        "defaults": {"stock_policy": {"of": ["madrid", "bcn"]}},
        "feeds": {name: {"channel": "probe@1", "market": MARKET, **feed} for name, feed in feeds.items()},
        **project,
    }
    (folder / "feedsync.yaml").write_text(yaml.safe_dump(whole, sort_keys=False, width=1000), encoding="utf-8")
    (folder / "p.csv").write_text(products, encoding="utf-8")
    return folder


def written(folder: Path, *feeds: str) -> dict[str, str]:
    """Feed -> its file."""
    out = folder / ("-".join(feeds) or "all")
    done = export(Job(folder, as_of=date(2026, 11, 22)), feeds, output=out)
    return {file.feed: (out / file.path).read_text(encoding="utf-8") for file in done.files}


def test_feeds_share_what_is_on_hand(tmp_path: Path) -> None:
    """A: 13 on hand, 5 reserved; uno (8 - 1) / 2 + 2 = 5, dos 3, the shop shows the 5 that are left."""
    assert written(shop(tmp_path, TAKING)) == {
        "uno": "id,quantity,availability,note\nA,5,in_stock,\nB,1,in_stock,\nC,,in_stock,\nD,0,preorder,\n",
        "dos": "id,quantity,availability,note\nA,3,in_stock,\nB,1,in_stock,\nC,,in_stock,\nD,0,preorder,\n",
        "shop": "id,quantity,availability,note\nA,5,in_stock,\nB,0,out_of_stock,\nC,,in_stock,\nD,0,preorder,\n",
        "plain": "id,quantity,availability,note\nA,5,in_stock,\nB,,in_stock,\nC,,in_stock,\nD,0,preorder,\n",
    }


def test_a_feed_written_alone_offers_the_same(tmp_path: Path) -> None:
    shop(tmp_path, TAKING)
    together = written(tmp_path)
    assert {name: written(tmp_path, name)[name] for name in TAKING} == together


def test_every_template_of_the_feed_reads_the_offered_units(tmp_path: Path) -> None:
    """select, an attribute that reads another one, and a value over the whole feed."""
    note = "{{ item.quantity ~ ' of ' ~ stock ~ ', rank ' ~ (stock | rank) }}"
    feed = {"stock_policy": {"percent": 50}, "select": "{{ stock > 1 }}", "attributes": {"note": note}}
    folder = shop(tmp_path, {"uno": feed}, "sku,madrid,bcn\nA,5,8\nB,,3\nC,4,0\n")
    assert (
        written(folder)["uno"]
        == 'id,quantity,availability,note\nA,6,in_stock,"6 of 6, rank 1"\nC,2,in_stock,"2 of 2, rank 2"\n'
    )


def test_feeds_over_a_table_share_its_rows(tmp_path: Path) -> None:
    project = {"tables": {"stores": {"path": "s.csv", "key": ["store", "sku"], "catalog_key": "sku"}}}
    mapping = {"id": "{{ store ~ '/' ~ sku }}", "quantity": "{{ quantity }}", "availability": ""}
    table = {"rows": "stores", "id": "{{ store ~ '/' ~ sku }}", "attributes": mapping}
    feeds = {
        "uno": {**table, "stock_policy": {"percent": 50}},
        "dos": {**table, "stock_policy": {}},
        "tres": {**table, "stock_policy": {"of": "shelf", "cap": 2}},
    }
    (tmp_path / "s.csv").write_text("store,sku,quantity,shelf\nM,A,9,4\nM,B,,1\n")
    files = written(shop(tmp_path, feeds, **project))
    assert files == {
        "uno": "id,quantity,availability,note\nM/A,4,,\nM/B,,,\n",
        "dos": "id,quantity,availability,note\nM/A,5,,\nM/B,,,\n",
        "tres": "id,quantity,availability,note\nM/A,2,,\nM/B,1,,\n",
    }


def test_a_cell_that_is_no_number_blocks(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"uno": {"stock_policy": {"percent": 50}}}, "sku,madrid,bcn\nA,5,x\nB,5,1\n")
    (feed,) = check(Job(folder)).feeds
    assert [(one.code, one.attribute, str(one.place), one.count) for one in feed.findings] == [
        ("FS103", "bcn", "p.csv:2", 1)
    ]
    assert (feed.ready, feed.blocked) == (1, 1)


@pytest.mark.parametrize(("on_invalid", "severity", "ready"), [("block", "error", 0), ("drop", "warning", 1)])
def test_what_a_wrong_cell_does_is_said_by_the_attribute(
    on_invalid: str, severity: str, ready: int, tmp_path: Path
) -> None:
    """The cell is blamed once, also where the units behind it are required, and on_invalid of the attribute decides."""
    attributes = {"quantity": {"value": "{{ stock }}", "on_invalid": on_invalid}, "availability": ""}
    feed = {"stock_policy": {"of": "bcn"}, "attributes": attributes}
    folder = shop(tmp_path, {"uno": feed}, "sku,bcn\nA,x\n")
    if on_invalid == "block":
        required = {**ATTRIBUTES, "quantity": {"type": "integer", "required": True}}
        (folder / "channel_specs" / "probe" / "1" / "attributes.yaml").write_text(yaml.safe_dump(required))
    (result,) = check(Job(folder)).feeds
    assert [(one.code, one.attribute, one.severity) for one in result.findings] == [("FS103", "bcn", severity)]
    assert result.ready == ready


def test_fields_of_other_feeds_are_read_but_not_blamed(tmp_path: Path) -> None:
    """dos empties Barcelona first, so that what uno has hangs on it."""
    feeds = {
        "uno": {"stock_policy": {"of": "madrid", "percent": 100}},
        "dos": {"stock_policy": {"of": ["bcn", "madrid"], "reserve": 4}},
    }
    folder = shop(tmp_path, feeds, "sku,madrid,bcn\nA,5,3\nB,5,x\n")
    assert written(folder, "uno")["uno"] == "id,quantity,availability,note\nA,4,in_stock,\nB,1,in_stock,\n"
    assert check(Job(folder), ["uno"]).feeds[0].findings == []


def test_preview_and_explain_show_it(tmp_path: Path) -> None:
    folder = shop(tmp_path, TAKING)
    assert preview(Job(folder), "uno").frame["quantity"].to_list() == ["5", "1", None, "0"]
    said = CliRunner().invoke(app, ["-C", str(folder), "explain", "A", "--feed", "uno", "--attribute", "quantity"])
    assert said.stdout == (
        "A  quantity on uno\n"
        ' source  p.csv:2  madrid "5"\n'
        '         p.csv:2  bcn "8"\n'
        " 1  on hand: madrid + bcn            → 13  feedsync.yaml:16\n"
        " 2  less the reserves of uno, dos    → 8   feedsync.yaml:16\n"
        " 3  less the buffer of 1             → 7   feedsync.yaml:16\n"
        " 4  50 % of it, rounded down         → 3   feedsync.yaml:16\n"
        " 5  plus its reserve of 2            → 5   feedsync.yaml:16\n"
        " 6  stock                            → 5   channel_specs/probe/1/mapping.yaml:2\n"
        " value   5   feedsync.yaml:10\n"
    )
    said = CliRunner().invoke(
        app, ["-C", str(folder), "explain", "B", "--feed", "shop", "--attribute", "availability", "--format", "json"]
    )
    steps = json.loads(said.stdout)["feeds"][0]["attributes"][0]["steps"]
    assert [(step["text"], step["output"]) for step in steps] == [
        ("on hand: madrid + bcn", "2"),
        ("less the units of uno, dos", "0"),
        ("out_of_stock where nothing is offered", "out_of_stock"),
        ("availability", "out_of_stock"),
    ]


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        (
            {"uno": {"stock_policy": {"percent": 60}}, "dos": {"stock_policy": {"of": "bcn", "percent": 50}}},
            "feedsync.yaml:25:5: error: the percents of bcn add up to 110 (uno, dos). "
            "Lower them until they add up to 100 or less.",
        ),
        (
            {"uno": {"stock_policy": {"of": ["madird"]}}},
            'feedsync.yaml:20:5: error: madird: no column "madird"; did you mean "madrid"? '
            "The columns are: sku, madrid, bcn, name.",
        ),
        (
            {"uno": {"stock_policy": {"of": "stock"}}},
            'feedsync.yaml:20:5: error: stock_policy.of (uno): no field "stock" holds units here. '
            "Name the fields that hold the units in of: units.",
        ),
        (
            {"uno": {"stock_policy": {"of": ["bcn", "bcn"]}}},
            "feedsync.yaml:20:5: error: stock_policy.of (uno): bcn is named twice. "
            "Name each field once: its units are counted once.",
        ),
        (
            {"uno": {"stock_policy": {"of": "name"}}},
            "feedsync.yaml:20:5: error: stock_policy.of (uno): name is of type text, and units are whole numbers. "
            "Declare it: fields: {name: {type: integer}}.",
        ),
        (
            {"uno": {"stock_policy": {"percent": 101}}},
            'feedsync.yaml:21:16: error: feeds.uno.stock_policy.percent: "101" is more than 100. Write 100 or less.',
        ),
    ],
)
def test_mistakes_name_feed_and_way(feeds: dict[str, Any], message: str, tmp_path: Path) -> None:
    fields = {"units": {"from": "madrid", "type": "integer"}, "name": {"type": "text"}}
    catalog = {"sources": [{"path": "p.csv"}], "fields": fields}
    shop(tmp_path, feeds, "sku,madrid,bcn,name\nA,1,1,x\n", catalog=catalog, defaults={"stock_policy": {"of": "bcn"}})
    with pytest.raises(FeedsyncError) as met:
        check(Job(tmp_path))
    assert str(met.value) == message
