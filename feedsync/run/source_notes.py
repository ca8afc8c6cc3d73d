"""What people should know of the sources that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from feedsync.errors import Place
from feedsync.project import Project
from feedsync.run.results import Note
from feedsync.sources.base import Proof

HOUR = 3600


def source_notes(project: Project, proofs: Iterable[tuple[str, Proof]], moment: datetime) -> Iterator[Note]:
    """What the sources themselves say, and files that are older than `max_age_hours` at that moment."""
    spec = project.loaded.spec
    declared = [*spec.catalog.sources, *spec.tables.values()]
    limits = {one.path: one.max_age_hours for one in declared if one.path and one.max_age_hours}
    for name, proof in proofs:
        for remark in proof.remarks:
            yield Note(remark.severity, remark.key, Place(name), dict(remark.params))
        if name in limits and proof.modified is not None:
            age = int(moment.timestamp() - proof.modified) // HOUR
            if age >= limits[name]:
                yield Note("warning", "source_stale", Place(name), {"hours": age, "limit": limits[name]})
