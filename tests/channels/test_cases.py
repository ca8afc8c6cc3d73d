"""Every channel's cases.yaml through the real run: a product in standard fields gives its item, or its findings."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, codes, texts, write
from lxml import etree

from feedsync.run.commands import Job
from feedsync.run.export import feed_writer
from feedsync.run.session import session
from feedsync.run.staged import Staged
from feedsync.specs.channel import Case, Mapped
from feedsync.specs.channels import channel_folders, load_channel
from feedsync.specs.formats import AnyFormat, DelimitedFormat, XmlFormat

CHANNELS = {entry.full_name: load_channel(entry.full_name, None) for entry in channel_folders(None)}
CASES = [
    pytest.param(name, case, id=f"{name.partition('@')[0]}: {case.name}")
    for name, loaded in CHANNELS.items()
    for case in loaded.spec.cases
]


def one_row(values: dict[str, str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([list(values), list(values.values())])
    return out.getvalue()


def plain(mapping: Any) -> Any:
    """A mapping as YAML has it."""
    return mapping.model_dump() if isinstance(mapping, Mapped) else mapping


def project(folder: Path, channel: str, case: Case) -> Path:
    """The case as a project of one row."""
    feed: dict[str, Any] = {
        "channel": channel,
        "market": case.market.model_dump(),
        "settings": dict(case.settings),
        "attributes": {name: plain(mapping) for name, mapping in case.attributes.items()},
    }
    # a file whose every cell is empty is none: a constant beside the product
    files = {"product.csv": one_row({**case.product, "_there": "x"})}
    whole: dict[str, Any] = {
        "catalog": {"timezone": case.timezone, "sources": [{"path": "product.csv"}]},
        "feeds": {"f": feed},
    }
    if CHANNELS[channel].spec.channel.rows == "table":
        # the channel's own demands are what is tested, so every row has a key of its own, whatever the case leaves out
        row = {"entry": "1", "sku": case.product["sku"], **case.table}
        files["table.csv"] = one_row(row)
        whole["tables"] = {"rows": {"path": "table.csv", "key": "entry", "catalog_key": "sku"}}
        feed |= {"rows": "rows", "id": "{{ entry }}"}
    dump = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=1000)
    return write(folder, {**files, "feedsync.yaml": dump})


@pytest.mark.parametrize(("channel", "case"), CASES)
def test_a_case_gives_its_item_or_findings_in_every_format(channel: str, case: Case, tmp_path: Path) -> None:
    with session(Job(project(tmp_path, channel, case), AS_OF), []) as run:
        (feed,) = run.feeds
        ((group, _, (batch,)),) = run.batches()
        tallies = run.tallies(Staged())
        tallies["f"].batch(batch)
        (result,) = run.finish(tallies, {})
        writers = [feed_writer(run, feed, group.kernels[0], form, case.timezone) for form in formats_of(channel)]
        files = [writer.begin() + writer.items(batch.items) + writer.end() for writer in writers]
    assert codes(result) == sorted(case.findings)
    assert texts(batch.items, feed, case.timezone) == ([case.item] if case.item is not None else [])
    assert (result.read, result.ready, result.blocked) == (1, int(case.item is not None), int(case.item is None))
    assert [parsed(writer, data) for writer, data in zip(formats_of(channel).values(), files, strict=True)] == [
        result.ready for _ in writers
    ]


def formats_of(channel: str) -> dict[str, AnyFormat]:
    return CHANNELS[channel].spec.channel.formats


def parsed(form: AnyFormat, data: bytes) -> int:
    """How many items a file holds, by a reader of its format that is not ours."""
    if isinstance(form, DelimitedFormat):
        header, *rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=form.delimiter, strict=True)
        assert {len(row) for row in rows} <= {len(header)}
        return len(rows)
    if isinstance(form, XmlFormat):
        root = etree.fromstring(data)
        if form.document == "atom":
            return len(root.findall("{http://www.w3.org/2005/Atom}entry"))
        return len(root.findall(".//item" if form.document == "rss" else form.document.item))
    if form.writer == "jsonl":
        return len([json.loads(line) for line in data.splitlines()])
    document = json.loads(data)
    return len(
        document if isinstance(document, list) else next(one for one in document.values() if isinstance(one, list))
    )


def test_every_channel_has_an_item_and_a_blocked_case() -> None:
    for name, loaded in CHANNELS.items():
        assert {case.item is None for case in loaded.spec.cases} == {True, False}, name
