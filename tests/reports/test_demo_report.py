"""What a newcomer is told, word for word."""

from __future__ import annotations

from report_results import samples

from feedsync.errors import Place
from feedsync.reports import demo
from feedsync.reports.lines import as_text
from feedsync.run.results import ExportResult, FeedResult, FileFact, FindingGroup


def test_the_summary_says_once_what_several_feeds_say() -> None:
    wrong = [FindingGroup("FS304", "error", "gtin", {}, Place("feedsync.yaml", 31, 7), 1, samples("A-1"))]
    feeds = [FeedResult(name, "probe@1", "not in the shop", False, 10, 9, 1, {}, wrong) for name in ("one", "two")]
    files = [FileFact("one", "one.xml", 9, 2000, "ab", "probe", "1")]
    result = ExportResult(feeds, [], "error", folder="out", files=files)
    text = as_text(demo.summary(result, "out", "shop", 80))
    assert text == (
        "The example shop: 10 products, 2 feeds. It is made up, and some of its products\n"
        "are wrong.\n"
        "\n"
        "Not sent, and why\n"
        " A-1\n"
        "   gtin: the value has a wrong check digit\n"
        "   FS304, one, two   feedsync.yaml:31\n"
        "   Correct the values that fill gtin, or write on_invalid: drop to send the\n"
        "   products without it.\n"
        "\n"
        "one  10 read = 9 ready + 1 blocked + 0 excluded\n"
        "two  10 read = 9 ready + 1 blocked + 0 excluded\n"
        "\n"
        "The feeds\n"
        "out/one.xml  9 products, 2.0 kB\n"
        "The files hold today's products only.\n"
        "\n"
        "The project, to play with:  shop/feedsync.yaml\n"
        "\n"
        "Next\n"
        "  feedsync -C shop check one\n"
        "  feedsync -C shop explain A-1\n"
        "  feedsync -C shop preview one --limit 3\n"
    )
