"""The Python API: a project whose feeds are checked, exported, previewed and explained. Nothing is printed.

What a program passes wrongly is a TypeError or ValueError that names the parameter. What is wrong with the project or
its data is a FeedsyncError or a finding.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from feedsync.findings import SEVERITIES
from feedsync.project import open_project
from feedsync.run import commands
from feedsync.run.commands import Job
from feedsync.run.engine import Progress
from feedsync.run.results import CheckResult, Explanation, ExportResult, PreviewResult
from feedsync.texts import say

__all__ = ["CheckResult", "Explanation", "ExportResult", "PreviewResult", "Project", "load_project"]


@dataclass(frozen=True)
class Project:
    """A project. Its sources are read anew by every call, so that results are of one moment each."""

    job: Job
    feeds: tuple[str, ...]
    """The names of its feeds."""
    frames: tuple[str, ...] = ()
    """The names of the sources that it declares with `frame: true`."""

    def check(
        self,
        feeds: str | Iterable[str] = (),
        *,
        fail_on: str | None = None,
        skus: str | Iterable[str] = (),
        where: str | None = None,
    ) -> CheckResult:
        """What is wrong with the feeds' products, by rule; all feeds for no name, one text is one feed.

        `skus` and `where` (a boolean template) narrow what is looked at; `fail_on` is error, warning or hint. Raises
        FeedsyncError where it cannot run.
        """
        if fail_on is not None and fail_on not in SEVERITIES:
            raise ValueError(say("api_fail_on", value=repr(fail_on), known=", ".join(SEVERITIES)))
        return commands.check(
            self.job,
            _texts("feeds", feeds),
            fail_on=fail_on,
            skus=_texts("skus", skus),
            where=_optional("where", where),
        )

    def export(
        self,
        feeds: str | Iterable[str] = (),
        *,
        output: str | os.PathLike[str],
        formats: str | Iterable[str] = (),
        allow: Mapping[str, str] | None = None,
    ) -> ExportResult:
        """Write the feeds' files and manifest.json into the folder `output`, all together or none.

        `allow` is guard -> reason. Raises Refused where a guard holds the run, FeedsyncError where it cannot run.
        """
        return commands.export(
            self.job,
            _texts("feeds", feeds),
            output=_path("output", output),
            formats=_texts("formats", formats),
            allow=_reasons(allow),
        )

    def preview(
        self, feed: str, *, limit: int = 10, skus: str | Iterable[str] = (), where: str | None = None
    ) -> PreviewResult:
        """The first `limit` products of a feed as the channel gets them. Raises FeedsyncError where it cannot run."""
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise _wrong("limit", "api_number", limit)
        if limit < 1:
            raise ValueError(say("api_limit", value=limit))
        skus, where = _texts("skus", skus), _optional("where", where)
        return commands.preview(self.job, _text("feed", feed), limit=limit, skus=skus, where=where)

    def explain(self, key: str, *, feed: str | None = None, attribute: str | None = None) -> Explanation:
        """What becomes of one product, from its source cells to what each channel gets.

        Raises UsageError where there is no such product, feed or attribute, FeedsyncError where it cannot run.
        """
        feed, attribute = _optional("feed", feed), _optional("attribute", attribute)
        return commands.explain(self.job, _text("key", key), feed=feed, attribute=attribute)

    def with_sources(self, sources: Mapping[str, Any]) -> Project:
        """The same project over other frames."""
        return replace(self, job=replace(self.job, frames=_frames(sources, self.frames)))


def load_project(
    path: str | os.PathLike[str],
    sources: Mapping[str, Any] | None = None,
    *,
    as_of: date | str | None = None,
    target: str | None = None,
    env: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    plugins: bool = True,
) -> Project:
    """The project in a folder or file.

    `sources` are pandas or Polars DataFrames for sources declared with `frame: true`, by name; `as_of` is the run's
    date, as a date or as YYYY-MM-DD (today in the catalog's time zone otherwise); `target` is whose keys are laid over
    the project's; `env` is where `${VAR}` is read from
    (os.environ otherwise); `progress` is called with (stage, rows done, rows in all or None);
    `plugins=False` runs none of the project's own functions and hooks.
    All mistakes that show without reading the catalog are raised together.
    """
    given = os.environ if env is None else _mapping("env", env)
    if progress is not None and not callable(progress):
        raise _wrong("progress", "api_callable", progress)
    at, day, frames = _path("path", path), _day(as_of), _mapping("sources", {} if sources is None else sources)
    target = _optional("target", target)
    project = open_project(at, given, target)
    spec = project.loaded.spec
    declared = tuple(one.name or "frame" for one in (*spec.catalog.sources, *spec.tables.values()) if one.frame)
    job = Job(
        at, as_of=day, frames=_frames(frames, declared), env=given, progress=progress, plugins=plugins, target=target
    )
    return Project(job, tuple(project.feeds), declared)


def _wrong(name: str, needed: str, value: object) -> TypeError:
    return TypeError(say("api_type", name=name, needed=say(needed), type=type(value).__name__))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "api_text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(say("api_unicode", name=name, value=ascii(value))) from None
    return value


def _optional(name: str, value: object) -> str | None:
    return None if value is None else _text(name, value)


def _texts(name: str, value: object) -> tuple[str, ...]:
    """One text is one value: its letters are never taken for several."""
    if isinstance(value, str):
        return (_text(name, value),)
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, Mapping)):
        raise _wrong(name, "api_texts", value)
    texts = [_text(name, one) for one in value]
    return tuple(sorted(texts) if isinstance(value, Set) else texts)


def _mapping(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(name, "api_mapping", value)
    return {_text(name, key): one for key, one in value.items()}


def _frames(sources: object, declared: tuple[str, ...]) -> dict[str, Any]:
    """Frames by name; one that the project does not declare would never be read."""
    frames = _mapping("sources", sources)
    for name in frames:
        if name not in declared:
            raise ValueError(say("api_frame", name=name))
    return frames


def _reasons(allow: object) -> dict[str, str]:
    """Guard -> reason; every reason says something, because the manifest keeps it."""
    reasons = {
        guard: _text("allow", reason) for guard, reason in _mapping("allow", {} if allow is None else allow).items()
    }
    for guard, reason in reasons.items():
        if not reason.strip():
            raise ValueError(say("api_reason", guard=guard))
    return reasons


def _path(name: str, value: object) -> Path:
    if not isinstance(value, (str, os.PathLike)) or isinstance(os.fspath(value), bytes):
        raise _wrong(name, "api_path", value)
    if not os.fspath(value) or "\0" in os.fspath(value):
        raise ValueError(say("api_no_path", name=name, value=repr(os.fspath(value))))
    return Path(value)


def _day(value: object) -> date | None:
    """A datetime is refused: which day it is depends on the time zone."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(say("api_as_of", value=repr(value))) from None
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise _wrong("as_of", "api_date", value)
    return value
