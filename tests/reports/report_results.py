"""Hand-made results: the Spanish shop of 12,431 products that the messages are written for."""

from __future__ import annotations

from feedsync.errors import Place
from feedsync.run.results import CheckResult, FeedResult, FindingGroup, Sample


def samples(*ids: str, value: str | None = None, row: int = 1108) -> list[Sample]:
    return [Sample(one, value, "productos.csv", row + index) for index, one in enumerate(ids)]


def google() -> FeedResult:
    return FeedResult(
        feed="google_es",
        channel="google_merchant@2026-11",
        not_shown="not on Google Shopping",
        entries=False,
        read=12431,
        ready=11868,
        blocked=418,
        excluded={"descatalogado": 112, "sin foto": 33},
        findings=[
            FindingGroup(
                "FS304", "error", "gtin", {}, Place("feedsync.yaml", 31, 7), 412,
                samples("A-2207", "A-2208", "A-2231", value="8412345678906"),
            ),
            FindingGroup(
                "FS103", "error", "price", {"type": "decimal"}, Place("productos.csv", 3077), 6,
                samples("C-0310", "C-0311", "C-0412", value="consultar", row=3077),
            ),
            FindingGroup("FS312", "warning", "mpn", {"rule": "neither GTIN nor MPN", "advice": "Fill one."},
                         Place("feedsync.yaml", 26, 5), 203, samples("A-1", "A-2", "A-3")),
            FindingGroup("FS341", "hint", "title", {"limit": "70"}, Place("feedsync.yaml", 30, 7), 1904,
                         samples("A-1", "A-2", "A-3", value="Duero Chaqueta")),
        ],
    )  # fmt: skip


def local() -> FeedResult:
    return FeedResult("local_es", "google_local_inventory@2026-11", "not in the store", True, read=3, ready=3)


def checked(*feeds: FeedResult) -> CheckResult:
    return CheckResult(list(feeds), [], "error")
