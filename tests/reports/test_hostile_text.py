"""Product text cannot drive a terminal, whatever report it stands in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable

import pytest
from report_results import checked

from feedsync.errors import Place
from feedsync.reports import as_json, explained, plain, table
from feedsync.reports.lines import Line, as_text, coloured
from feedsync.run.results import (
    ExplainedAttribute,
    ExplainedCell,
    ExplainedFeed,
    ExplainedStep,
    Explanation,
    FeedResult,
    FindingGroup,
    Sample,
)

EVIL = "\x1b]0;owned\x07\x1b[2J[bold red]x[/]\r\n\x9b31m\u202e"
GROUP = FindingGroup(
    "FS303", "error", "color", {"known": EVIL}, Place("f.yaml", 3), 2, [Sample(EVIL, EVIL, "p.csv", 2)]
)
FEED = FeedResult("shop", "probe@1", "not in the shop", False, 9, 6, 2, {EVIL: 1}, [GROUP])
ATTRIBUTE = ExplainedAttribute(
    "color",
    (ExplainedCell("color", EVIL, EVIL, "p.csv", 2, EVIL),),
    (ExplainedStep(f"replace('{EVIL}')", EVIL, EVIL, Place("f.yaml", 3)),),
    EVIL,
    Place("f.yaml", 3),
)
BLOCKED = ExplainedFeed("shop", "probe@1", "not in the shop", "blocked", None, None, (GROUP,), (ATTRIBUTE,), EVIL)
GONE = ExplainedFeed("shop2", "probe@1", "not in the shop", "excluded", EVIL, Place("f.yaml", 3), (), ())
PRODUCT = Explanation(EVIL, EVIL, "p.csv", 2, (BLOCKED, GONE))
REPORTS = {
    "table": table.check(checked(FEED), 80),
    "plain": plain.check(checked(FEED)),
    "overview": explained.overview(PRODUCT, 100),
    "one feed": explained.one_feed(PRODUCT, BLOCKED, 80),
    "excluded": explained.one_feed(PRODUCT, GONE, 80),
    "one attribute": explained.one_attribute(PRODUCT, BLOCKED, ATTRIBUTE, 100),
}
DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")


@pytest.mark.parametrize("lines", REPORTS.values(), ids=REPORTS)
def test_text_reports(lines: Iterable[Line]) -> None:
    text = as_text(lines)
    assert not DRIVES.search(text)
    assert "[bold red]x[/]" in text, "markup is shown, not interpreted"
    assert "\\x1b]0;owned" in text


def test_in_colour_only_our_own_styles_are_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    stream = io.StringIO()
    coloured(REPORTS["table"], stream)
    text = stream.getvalue()
    assert "\x1b[1;31m" in text, "an error is red"
    bare = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert bare == as_text(REPORTS["table"])


def test_json_is_exact_and_quiet() -> None:
    text = as_json.encoded(as_json.check(checked(FEED)))
    assert not DRIVES.search(text)
    feed = json.loads(text)["feeds"][0]
    assert feed["exclusions"] == [{"reason": EVIL, "count": 1}]
    assert feed["findings"][0]["samples"] == [{"id": EVIL, "value": EVIL, "source": "p.csv", "row": 2}]
