"""What a newcomer needs to know after `feedsync demo`."""

from __future__ import annotations

from feedsync.reports import table, wording
from feedsync.reports.lines import Line, placed, wrapped
from feedsync.run.results import ExportResult
from feedsync.texts import say


def summary(result: ExportResult, folder: str, project: str, width: int, program: str = "feedsync") -> list[Line]:
    """What is not sent and why, the counts, where the feeds are, and three commands to go on with.

    `folder` holds the feeds and `project` the example project, as the user would write them; `program` is how the
    command is called where it is not on the path.
    """
    most = max((feed.read for feed in result.feeds if not feed.entries), default=0)
    shop = say("demo_shop", products=wording.products(most), feeds=len(result.feeds))
    lines: list[Line] = [*([(line, "")] for line in wrapped(shop, width, 0)), []]
    blocked = _blocked(result, width)
    lines += [[(say("demo_blocked" if blocked else "demo_nothing"), "head")], *blocked, []]
    lines += [*table.counts(result.feeds, width), []]
    lines += [[(say("demo_files"), "head")], *table.written(result, folder), []]
    lines += [[(say("demo_project", path=f"{project.rstrip('/')}/feedsync.yaml"), "")], []]
    lines.append([(say("demo_next"), "head")])
    lines += [[(f"  {command}", "")] for command in _next(result, project, program)]
    return lines


def _blocked(result: ExportResult, width: int) -> list[Line]:
    """Which products are not sent, why, and how that is mended; what several feeds say alike is said once."""
    merged: dict[tuple[str, str, str], tuple[str, str, list[str]]] = {}
    for feed in result.feeds:
        for group in feed.findings:
            if group.severity == "error":
                what, how = wording.finding(group)
                said = say("demo_problem", attribute=wording.visible(group.attribute), what=what)
                ids = wording.ids(group.samples, group.count)
                merged.setdefault((ids, said, how), (group.code, wording.line(group.place), []))[2].append(feed.feed)
    lines: list[Line] = []
    for (ids, said, how), (code, place, names) in merged.items():
        lines.append([(f" {ids}", "error")])
        lines += [[(line, "")] for line in wrapped(said, width, 3)]
        lines += placed(say("demo_where", code=code, feeds=", ".join(names)), place, width, 3)
        lines += [[(line, "hint")] for line in wrapped(how, width, 3)]
    return lines


def _next(result: ExportResult, project: str, program: str) -> list[str]:
    """Three commands that show something: a check, a product that is blocked, products as a channel gets them."""
    first = result.feeds[0]
    here = f"{program} -C {project}"
    errors = [sample for feed in result.feeds for g in feed.findings if g.severity == "error" for sample in g.samples]
    key = next((sample.id for sample in errors if sample.id is not None), None)
    explain = [f"{here} explain {wording.clipped(key)}"] if key else []
    return [f"{here} check {first.feed}", *explain, f"{here} preview {first.feed} --limit 3"]
