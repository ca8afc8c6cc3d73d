"""What check prints, word for word."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from report_results import checked, google, local, samples

from feedsync.errors import Place
from feedsync.reports import as_json, plain, table
from feedsync.reports.lines import as_text
from feedsync.run.results import ExportResult, FileFact, FindingGroup, GuardResult

TABLE_100 = """\
google_es
 error    FS304  gtin     412   3.3 %  "8412345678906" has a wrong check digit
          not on Google Shopping: A-2207, A-2208, A-2231 and 409 more
          feedsync.yaml:31
          Correct the values that fill gtin, or write on_invalid: drop to send the products without
          it.
 error    FS103  price      6 < 0.1 %  "consultar" does not read as a number
          not on Google Shopping: C-0310, C-0311, C-0412 and 3 more
          productos.csv:3077
          Correct the cell, or tell the field how it is written (decimal_mark, type: money, format,
          missing), or exclude such products with a reason.
 warning  FS312  mpn      203   1.6 %  neither GTIN nor MPN                         feedsync.yaml:26
 hint     FS341  title  1_904  15.3 %
          longer than the 70 characters that the channel shows   feedsync.yaml:30
google_es  12_431 read = 11_868 ready + 418 blocked + 145 excluded (descatalogado 112, sin foto 33)
local_es        3 read =      3 ready +   0 blocked +   0 excluded
"""
PLAIN = """\
feedsync.yaml:31: error FS304 gtin: "8412345678906" has a wrong check digit; 412 products (3.3 %) not on Google Shopping, \
e.g. A-2207, A-2208, A-2231. Correct the values that fill gtin, or write on_invalid: drop to send the products \
without it.
productos.csv:3077: error FS103 price: "consultar" does not read as a number; 6 products (< 0.1 %) not on Google \
Shopping, e.g. C-0310, C-0311, C-0412. Correct the cell, or tell the field how it is \
written (decimal_mark, type: money, format, missing), or exclude such products with a reason.
feedsync.yaml:26: warning FS312 mpn: neither GTIN nor MPN; 203 products (1.6 %), e.g. A-1, A-2, A-3. Fill one.
feedsync.yaml:30: hint FS341 title: longer than the 70 characters that the channel shows; 1_904 products (15.3 %), \
e.g. A-1, A-2, A-3. Put what matters most at the front.
google_es  12_431 read = 11_868 ready + 418 blocked + 145 excluded (descatalogado 112, sin foto 33)
"""


def spaced(text: str) -> str:
    """The literals above write the no-break space of thousands as an underscore."""
    return text.replace("_4", "\u00a04").replace("_8", "\u00a08").replace("_9", "\u00a09")


def test_table() -> None:
    assert as_text(table.check(checked(google(), local()), 100)) == spaced(TABLE_100)


def test_table_at_80_columns_wraps_texts_and_never_places() -> None:
    feed = google()
    feed.findings[2].place = Place("a/very/long/path/of/a/project/that/somebody/keeps/somewhere/deep/feedsync.yaml", 26)
    lines = as_text(table.check(checked(feed), 80)).splitlines()
    assert [line for line in lines[:-1] if len(line) > 80] == [
        "          a/very/long/path/of/a/project/that/somebody/keeps/somewhere/deep/feedsync.yaml:26"
    ]


def test_what_another_feed_said_is_not_said_again() -> None:
    meta = replace(google(), feed="meta_es", not_shown="not in Meta's shops")
    meta.findings[1] = replace(meta.findings[1], samples=samples("C-0310", value="consultar"), count=1)
    lines = as_text(table.check(checked(google(), meta), 100)).splitlines()
    start = lines.index("meta_es")
    assert [line for line in lines[start + 1 :] if "as above" in line] == spaced(
        " error    FS304  gtin     412   3.3 %  as above; not in Meta's shops                feedsync.yaml:31\n"
        " warning  FS312  mpn      203   1.6 %  as above                                     feedsync.yaml:26\n"
        " hint     FS341  title  1_904  15.3 %  as above                                     feedsync.yaml:30"
    ).splitlines()
    assert "          not in Meta's shops: C-0310" in lines, "other products are another problem"
    assert "as above" not in as_text(table.check(checked(google(), meta), 100, detail=True))


def test_reasons_go_below_where_the_line_is_full() -> None:
    assert as_text(table.counts([google()], 80)) == spaced(
        "google_es  12_431 read = 11_868 ready + 418 blocked + 145 excluded\n"
        "          (descatalogado 112, sin foto 33)\n"
    )


def test_a_short_problem_has_its_place_beside_it_or_below() -> None:
    lines = as_text(table.check(checked(google()), 90)).splitlines()
    assert (
        lines[-4:-2]
        == spaced(
            " hint     FS341  title  1_904  15.3 %\n"
            "          longer than the 70 characters that the channel shows   feedsync.yaml:30"
        ).splitlines()
    )


def test_verbose_shows_every_problem_as_a_block() -> None:
    lines = as_text(table.check(checked(google()), 100, detail=True)).splitlines()
    assert lines[11:15] == [
        " warning  FS312  mpn      203   1.6 %  neither GTIN nor MPN",
        "          A-1, A-2, A-3 and 200 more",
        "          feedsync.yaml:26",
        "          Fill one.",
    ]


def test_nothing_wrong_says_so() -> None:
    assert as_text(table.check(checked(local()), 80)) == (
        "No problems.\nlocal_es  3 read = 3 ready + 0 blocked + 0 excluded\n"
    )


def test_plain() -> None:
    assert as_text(plain.check(checked(google()))) == spaced(PLAIN)


def test_plain_names_the_feed_where_there_are_several() -> None:
    lines = as_text(plain.check(checked(google(), replace(google(), feed="other_es")))).splitlines()
    assert lines[0].startswith(
        'feedsync.yaml:31: error FS304 gtin (google_es): "8412345678906" has a wrong check digit;'
    )
    assert lines[4].startswith(
        'feedsync.yaml:31: error FS304 gtin (other_es): "8412345678906" has a wrong check digit;'
    )


def test_entries_of_a_table_are_no_products() -> None:
    feed = replace(
        local(), findings=[FindingGroup("FS301", "error", "price", {}, Place("f.yaml", 3), 1, samples("S/1"))]
    )
    assert as_text(plain.check(checked(feed))).startswith(
        "f.yaml:3: error FS301 price: required, and empty; 1 entry (33.3 %) not in the store, e.g. S/1. "
    )


COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}


def record(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(**properties: object) -> dict[str, object]:
    return {"type": "array", "items": record(**properties)}


SAMPLES = many(id={"type": ["string", "null"]}, value={"type": ["string", "null"]}, source=TEXT, row=COUNT)
FEEDS = many(
    feed=TEXT,
    channel={"type": "string", "pattern": "^[a-z_]+$"},
    read=COUNT,
    ready=COUNT,
    blocked=COUNT,
    excluded=COUNT,
    exclusions=many(reason=TEXT, count=COUNT),
    findings=many(
        code={"type": "string", "pattern": "^FS[0-9]{3}$"},
        severity={"enum": ["error", "warning", "hint"]},
        attribute=TEXT,
        count=COUNT,
        message=TEXT,
        fix=TEXT,
        place=record(file=TEXT, line=COUNT, column=COUNT),
        samples=SAMPLES,
    ),
)
HEAD = {"format_version": {"const": "1.0"}, "feedsync_version": TEXT}
CHECK = record(**HEAD, command={"const": "check"}, ok={"type": "boolean"}, feeds=FEEDS)


def test_json_has_the_shape_that_programs_rely_on() -> None:
    document = json.loads(as_json.encoded(as_json.check(checked(google(), local()))))
    jsonschema.validate(document, CHECK)
    assert list(document)[:3] == ["format_version", "feedsync_version", "command"]
    assert document["ok"] is False
    google_es = document["feeds"][0]
    assert {
        key: google_es[key] for key in ("feed", "channel", "read", "ready", "blocked", "excluded", "exclusions")
    } == {
        "feed": "google_es",
        "channel": "google_merchant",
        "read": 12431,
        "ready": 11868,
        "blocked": 418,
        "excluded": 145,
        "exclusions": [{"reason": "descatalogado", "count": 112}, {"reason": "sin foto", "count": 33}],
    }
    assert google_es["findings"][0] == {
        "code": "FS304",
        "severity": "error",
        "attribute": "gtin",
        "count": 412,
        "message": '"8412345678906" has a wrong check digit',
        "fix": "Correct the values that fill gtin, or write on_invalid: drop to send the products without it.",
        "place": {"file": "feedsync.yaml", "line": 31, "column": 7},
        "samples": [
            {"id": "A-2207", "value": "8412345678906", "source": "productos.csv", "row": 1108},
            {"id": "A-2208", "value": "8412345678906", "source": "productos.csv", "row": 1109},
            {"id": "A-2231", "value": "8412345678906", "source": "productos.csv", "row": 1110},
        ],
    }


@pytest.mark.parametrize(("fail_on", "ok"), [("error", True), ("warning", False), ("hint", False)])
def test_ok_follows_fail_on(fail_on: str, ok: bool) -> None:
    feed = google()
    feed.findings = feed.findings[2:]
    assert as_json.check(replace(checked(feed), fail_on=fail_on))["ok"] is ok


def exported() -> ExportResult:
    return ExportResult(
        [google(), local()], [], "error", folder="out",
        files=[
            FileFact("google_es", "google_es.xml", 11868, 21_400_000, "ab", "google_merchant", "2026-11"),
            FileFact("local_es", "local_es.tsv", 3, 120, "cd", "google_local_inventory", "2026-11"),
        ],
        guards=[GuardResult("empty_source", "FS501", "local_es", {"before": "1200"}, "closed for the winter")],
    )  # fmt: skip


def test_export_names_what_keeps_products_back_then_counts_then_files() -> None:
    lines = as_text(table.export(exported(), "out/", 100)).splitlines()
    assert [line[:14] for line in lines if line.startswith((" warning", " hint"))] == []
    assert (
        lines[-6:]
        == spaced(
            "google_es  12_431 read = 11_868 ready + 418 blocked + 145 excluded (descatalogado 112, sin foto 33)\n"
            "local_es        3 read =      3 ready +   0 blocked +   0 excluded\n"
            "out/google_es.xml  11_868 products, 21.4 MB\n"
            "out/local_es.tsv   3 entries, 120 B\n"
            "The files hold today's products only.\n"
            "local_es: empty_source (FS501) was allowed: closed for the winter. "
            "the feed had 1\u00a0200 products and has none left."
        ).splitlines()
    )


def test_export_json() -> None:
    document = json.loads(as_json.encoded(as_json.export(exported())))
    files = many(feed=TEXT, path=TEXT, items=COUNT, bytes=COUNT, sha256=TEXT, channel=TEXT, version=TEXT)
    jsonschema.validate(document, record(**HEAD, command={"const": "export"}, feeds=FEEDS, files=files))
    assert document["guards"] == [
        {
            "name": "empty_source",
            "code": "FS501",
            "subject": "local_es",
            "ok": True,
            "detail": "the feed had 1200 products and has none left",
            "reason": "closed for the winter",
        }
    ]
