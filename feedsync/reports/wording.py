"""Numbers, values and findings as people read them: the only place that knows how."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from feedsync.errors import Place
from feedsync.run.results import FeedResult, FindingGroup, Sample
from feedsync.specs.taxonomy import load_taxonomy
from feedsync.texts import fix, say

NARROW: Final = "\u00a0"  # between thousands
VALUE: Final = 60  # characters of a value inside a sentence
KNOWN: Final = 200  # characters of a list of allowed values
# C0, DEL, C1, marks that turn the direction of writing or are nothing to see, separators of lines, lone surrogates
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_WEB_WITH_BLANK: Final = re.compile(r"(?i:https?)://[^\s/?#]+[/?#]\S*\s")
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """The text with every control character shown as an escape, so that product text cannot drive a terminal."""
    return _HIDDEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def clipped(text: str, limit: int = VALUE) -> str:
    """At most `limit` characters, visible; what is cut off ends in an ellipsis."""
    shown = visible(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def quoted(value: str | None) -> str:
    """A value in a sentence."""
    return say("report_no_value") if value is None else f'"{clipped(value)}"'


def number(count: int) -> str:
    """12 431, with a no-break space."""
    return f"{count:,}".replace(",", NARROW)


def percent(part: int, whole: int) -> str:
    """3.3 %, rounded half away from zero; < 0.1 % for anything less that is not nothing."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    if part and tenths < 1:
        return say("report_small")
    return say("report_percent", percent=f"{tenths // 10}.{tenths % 10}")


def size(count: int) -> str:
    """21.4 MB: decimal units, as channels state their limits."""
    if count < 1000:
        return f"{count} B"
    for power, unit in enumerate(("kB", "MB", "GB"), 1):
        tenths = (10 * count + 1000**power // 2) // 1000**power
        if tenths < 10_000:
            return f"{tenths // 10}.{tenths % 10} {unit}"
    return f"{number(count // 1000**3)} GB"


def products(count: int, entries: bool = False) -> str:
    """412 products; a feed over a table has entries."""
    if entries:
        return say("report_entry" if count == 1 else "report_entries", count=number(count))
    return say("report_product" if count == 1 else "report_products", count=number(count))


def line(place: Place) -> str:
    """`file:line`: where a problem of products comes from; the column is for mistakes in YAML."""
    return visible(str(Place(place.file, place.line)))


def ids(samples: Sequence[Sample], count: int) -> str:
    """A-2207, A-2208, A-2231 and 409 more."""
    named = first_ids(samples)
    if count > len(samples):
        return say("report_more", ids=named, count=number(count - len(samples)))
    return named


def first_ids(samples: Sequence[Sample]) -> str:
    """A-2207, A-2208, A-2231; rows that share an id name it once."""
    return ", ".join(dict.fromkeys(_id(sample) for sample in samples))


def _id(sample: Sample) -> str:
    return say("report_no_id", row=number(sample.row)) if sample.id is None else clipped(sample.id)


def finding(group: FindingGroup) -> tuple[str, str]:
    """What was met, and how to mend it. A rule of the channel speaks for itself."""
    details = group.details
    if "rule" in details:
        return visible(details["rule"]), visible(details.get("advice", ""))
    value = group.samples[0].value if group.samples else None
    params: dict[str, str] = {name: clipped(text, KNOWN) for name, text in details.items()}
    if "type" in details:
        params["type"] = say("kind." + details["type"].partition(" ")[0])
    if "taxonomy" in details:
        near = load_taxonomy(details["taxonomy"]).nearest(value or "")
        params["meant"] = say("did_you_mean", near=near) if near else ""
    shown = say("report_no_value") if value is None else clipped(value)
    params |= {"attribute": visible(group.attribute), "value": shown, "quoted": quoted(value)}
    key = "address_blank" if group.code == "FS305" and value and _WEB_WITH_BLANK.match(value) else group.code
    return say(key, **params), fix(key, **params)


def guard(code: str, details: Mapping[str, str]) -> str:
    """What a guard saw; whole numbers in its details are counts of products or rows."""
    params = {name: number(int(text)) if text.isdecimal() else visible(text) for name, text in details.items()}
    return say(code, **params)


def reasons(feed: FeedResult) -> str:
    """(descatalogado 112, sin foto 33), or nothing."""
    said = [
        say("report_reason", reason=clipped(reason), count=number(count)) for reason, count in feed.excluded.items()
    ]
    return f" ({', '.join(said)})" if said else ""


def counts(feeds: Sequence[FeedResult], aligned: bool = True) -> list[tuple[str, str]]:
    """One line per feed whose parts add up: `google_es  12 431 read = 11 868 ready + ...`, and its reasons."""
    rows = [
        (
            feed.feed,
            [number(one) for one in (feed.read, feed.ready, feed.blocked, sum(feed.excluded.values()))],
            reasons(feed),
        )
        for feed in feeds
    ]
    name = max((len(row[0]) for row in rows), default=0) if aligned else 0
    widths = [max((len(row[1][column]) for row in rows), default=0) if aligned else 0 for column in range(4)]
    lines = []
    for feed, numbers, why in rows:
        read, ready, blocked, excluded = (text.rjust(width) for text, width in zip(numbers, widths, strict=True))
        said = say("report_counts", read=read, ready=ready, blocked=blocked, excluded=excluded)
        lines.append((f"{feed.ljust(name)}  {said}", why))
    return lines
