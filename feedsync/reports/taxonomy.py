"""Categories as people and programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedsync.reports import wording
from feedsync.reports.as_json import FORMAT_VERSION
from feedsync.reports.lines import Line
from feedsync.run.taxonomy import Coverage
from feedsync.specs.taxonomy import Found, Taxonomy
from feedsync.texts import say


def found(taxonomy: Taxonomy, result: Found) -> list[Line]:
    """One line per category: id and path."""
    lines: list[Line] = [] if result.every_word else [[(say("taxonomy_some_words"), "warning")]]
    width = max((len(one.id) for one in result.categories), default=0)
    lines += [[(f"{one.id:>{width}}", "head"), (f"  {one.path}", "")] for one in result.categories]
    return [*lines, *_more(result.matched - len(result.categories)), _edition(taxonomy)]


def found_as_json(taxonomy: Taxonomy, result: Found) -> dict[str, Any]:
    """`taxonomy search --format json`."""
    return {
        **_head("taxonomy search", taxonomy),
        "every_word": result.every_word,
        "matched": result.matched,
        "categories": [{"id": one.id, "path": one.path} for one in result.categories],
    }


def coverage(results: Sequence[Coverage], limit: int) -> list[Line]:
    """Per feed its counts, then its categories and what is none; at most `limit` lines of each."""
    lines: list[Line] = []
    for one in results:
        lines.append([(_counts(one), "head")])
        counted = [(wording.number(entry.products), f"{entry.path} ({entry.id})") for entry in one.known]
        lines += _counted(counted, limit)
        if one.unknown:
            lines.append([(f" {say('taxonomy_unknown_head')}", "warning")])
            lines += _counted(
                [(wording.number(it.products), _meant(it.value, it.nearest)) for it in one.unknown], limit
            )
    known = {one.taxonomy.name: one.taxonomy for one in results}
    return [*lines, *(_edition(taxonomy) for taxonomy in known.values())]


def coverage_as_json(results: Sequence[Coverage]) -> dict[str, Any]:
    """`taxonomy coverage --format json`: every category, whatever the limit."""
    return {
        "format_version": FORMAT_VERSION,
        "command": "taxonomy coverage",
        "feeds": [
            {
                "feed": one.feed,
                "attribute": one.attribute,
                "taxonomy": one.taxonomy.name,
                "edition": one.taxonomy.edition,
                "products": one.products,
                "known": sum(entry.products for entry in one.known),
                "unknown": sum(entry.products for entry in one.unknown),
                "without": one.without,
                "categories": [{"id": entry.id, "path": entry.path, "products": entry.products} for entry in one.known],
                "unknown_values": [
                    {"value": entry.value, "products": entry.products, "nearest": entry.nearest or None}
                    for entry in one.unknown
                ],
            }
            for one in results
        ],
    }


def _head(command: str, taxonomy: Taxonomy) -> dict[str, Any]:
    about = {"taxonomy": taxonomy.name, "edition": taxonomy.edition, "language": taxonomy.language}
    return {"format_version": FORMAT_VERSION, "command": command, **about}


def _counts(one: Coverage) -> str:
    known, unknown = (sum(entry.products for entry in entries) for entries in (one.known, one.unknown))
    return say(
        "taxonomy_feed",
        feed=one.feed,
        attribute=one.attribute,
        products=wording.products(one.products),
        known=wording.number(known),
        unknown=wording.number(unknown),
        none=wording.number(one.without),
    )


def _counted(rows: Sequence[tuple[str, str]], limit: int) -> list[Line]:
    width = max((len(count) for count, _ in rows[:limit]), default=0)
    lines: list[Line] = [[(f" {count:>{width}}  {text}", "")] for count, text in rows[:limit]]
    return [*lines, *_more(len(rows) - limit)]


def _meant(value: str, near: str) -> str:
    shown = wording.clipped(value)
    return say("taxonomy_nearest", value=shown, near=near) if near else shown


def _more(count: int) -> list[Line]:
    return [[(" " + say("taxonomy_more", count=wording.number(count)), "")]] if count > 0 else []


def _edition(taxonomy: Taxonomy) -> Line:
    return [(say("taxonomy_edition", title=taxonomy.title, edition=taxonomy.edition), "place")]
