"""What people should know of the sources that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from feedsync.errors import Place
from feedsync.project import Project
from feedsync.run.results import Note
from feedsync.sources.base import Proof

HOUR = 3600


def source_notes(project: Project, proofs: Iterable[tuple[str, Proof]], as_of: date) -> Iterator[Note]:
    """What the sources themselves say, and files that are older than `max_age_hours`."""
    spec = project.loaded.spec
    declared = [*spec.catalog.sources, *spec.tables.values()]
    limits = {one.path: one.max_age_hours for one in declared if one.path and one.max_age_hours}
    for name, proof in proofs:
        for remark in proof.remarks:
            yield Note(remark.severity, remark.key, Place(name), dict(remark.params))
        if name in limits and proof.modified is not None:
            age = int(_moment(as_of) - proof.modified) // HOUR
            if age >= limits[name]:
                yield Note("warning", "source_stale", Place(name), {"hours": age, "limit": limits[name]})


def _moment(as_of: date) -> float:
    """Now; the end of the run's day where that is another one. Nothing that is written depends on it."""
    now = datetime.now(UTC)
    if abs((as_of - now.date()).days) <= 1:  # the shop's time zone may be a day ahead or behind
        return now.timestamp()
    return datetime.combine(as_of + timedelta(days=1), time(), UTC).timestamp()
