"""Rules of the project that say nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from feedsync.project import Project
from feedsync.run.prepare import severities
from feedsync.run.results import FeedResult, Note
from feedsync.specs.project import RuleSpec


def rules_over(project: Project, as_of: date) -> Iterator[Note]:
    """A warning for each rule whose last day is over: its code has its own level again."""
    for code, rule in project.loaded.spec.rules.items():
        if isinstance(rule, RuleSpec) and rule.until is not None and rule.until < as_of.isoformat():
            place = project.loaded.document.place(("rules", code), key=True)
            yield Note("warning", "rule_over", place, {"code": code, "until": rule.until})


def rules_unused(project: Project, as_of: date, feeds: Iterable[FeedResult]) -> Iterator[Note]:
    """A hint for each rule that sets the level of a code that no product of any feed meets. What is off is not looked
    for: its last day says when to look again."""
    met = {group.code for feed in feeds for group in feed.findings}
    for code, severity in severities(project, as_of).items():
        if severity != "off" and code not in met:
            place = project.loaded.document.place(("rules", code), key=True)
            yield Note("hint", "rule_unused", place, {"code": code})
