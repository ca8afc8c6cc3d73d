"""The Python API: a project whose feeds are checked, exported, previewed and explained. Nothing is printed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from feedsync.project import open_project
from feedsync.run import commands
from feedsync.run.commands import Job
from feedsync.run.engine import Progress
from feedsync.run.results import CheckResult, Explanation, ExportResult, PreviewResult

__all__ = ["CheckResult", "Explanation", "ExportResult", "PreviewResult", "Project", "load_project"]


@dataclass(frozen=True)
class Project:
    """A project. Its sources are read anew by every call, so that results are of one moment each."""

    job: Job
    feeds: tuple[str, ...]
    """The names of its feeds."""

    def check(
        self,
        feeds: Sequence[str] = (),
        *,
        fail_on: str | None = None,
        skus: Sequence[str] = (),
        where: str | None = None,
    ) -> CheckResult:
        """What is wrong with the feeds' products, by rule; all feeds for no name.

        `skus` and `where` (a boolean template) narrow what is looked at. Raises FeedsyncError where it cannot run.
        """
        return commands.check(self.job, feeds, fail_on=fail_on, skus=skus, where=where)

    def export(
        self,
        feeds: Sequence[str] = (),
        *,
        output: str | Path,
        formats: Sequence[str] = (),
        allow: Mapping[str, str] | None = None,
    ) -> ExportResult:
        """Write the feeds' files and manifest.json into `output`, all together or none.

        `allow` is guard -> reason. Raises Refused where a guard holds the run, FeedsyncError where it cannot run.
        """
        return commands.export(self.job, feeds, output=Path(output), formats=formats, allow=allow or {})

    def preview(
        self, feed: str, *, limit: int = 10, skus: Sequence[str] = (), where: str | None = None
    ) -> PreviewResult:
        """The first `limit` products of a feed as the channel gets them."""
        return commands.preview(self.job, feed, limit=limit, skus=skus, where=where)

    def explain(self, key: str, *, feed: str | None = None, attribute: str | None = None) -> Explanation:
        """What becomes of one product, from its source cells to what each channel gets."""
        return commands.explain(self.job, key, feed=feed, attribute=attribute)

    def with_sources(self, sources: Mapping[str, Any]) -> Project:
        """The same project over other frames."""
        return replace(self, job=replace(self.job, frames=dict(sources)))


def load_project(
    path: str | Path,
    sources: Mapping[str, Any] | None = None,
    *,
    as_of: date | None = None,
    env: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Project:
    """The project in a folder or file.

    `sources` are pandas or Polars DataFrames for sources declared with `frame: true`, by name; `as_of` is the run's
    date (today in the catalog's time zone otherwise); `env` is where `${VAR}` is read from (os.environ otherwise).
    All mistakes that show without reading the catalog are raised together.
    """
    given = os.environ if env is None else env
    project = open_project(Path(path), given)
    job = Job(Path(path), as_of=as_of, frames=dict(sources or {}), env=given, progress=progress)
    return Project(job, tuple(project.feeds))
