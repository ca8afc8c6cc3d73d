"""A channel's cases.yaml, run: each product through the same engine as a catalog, and what came out against what is expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from feedsync import texts
from feedsync.errors import FeedsyncError, ManyErrors
from feedsync.project import wired
from feedsync.run.engine import Inputs, prepare
from feedsync.run.session import Session
from feedsync.run.staged import Staged
from feedsync.specs import yaml
from feedsync.specs.channel import Case, Mapped
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.laid_over import in_target
from feedsync.specs.load import LoadedProject
from feedsync.specs.mistakes import clipped
from feedsync.specs.problems import File, Problem
from feedsync.specs.project import ProjectSpec
from feedsync.specs.validate import validate
from feedsync.writers.spelling import render

FILE: Final = "cases.yaml"
_FEED: Final = "case"


@dataclass(frozen=True)
class Outcome:
    """What a case gave: the texts the channel gets (None: the product is blocked), and (code, attribute) of findings."""

    item: dict[str, str] | None
    findings: tuple[tuple[str, str], ...]


def case_problems(loaded: LoadedChannel) -> list[Problem]:
    """What the cases of a channel without lint errors give otherwise than they say, at its place."""
    file = File(loaded, FILE)
    return [problem for number, case in enumerate(loaded.spec.cases) for problem in _problems(file, number, case)]


def outcome(loaded: LoadedChannel, case: Case) -> Outcome:
    """The case's product, mapped and checked as the only row of a catalog. Raises FeedsyncError where it cannot run."""
    spec, frames = _project(loaded, case)
    document = in_target(yaml.parse(json.dumps(spec), FILE), None)
    model = validate(ProjectSpec, document.data, document)
    name = f"{loaded.spec.name}@{loaded.spec.version}"
    project = wired(LoadedProject(model, document, Path(loaded.spec.folder), {name: loaded}), {})
    feeds = list(project.feeds.values())
    as_of = date.fromisoformat(case.as_of)
    engine = prepare(Inputs(project, feeds, {}, as_of, frames))
    try:
        run = Session(project, feeds, engine, as_of)
        tallies = run.tallies(Staged())
        items: list[dict[str, str]] = []
        for _, _, (batch,) in run.batches():
            tallies[_FEED].batch(batch)
            items += _texts(loaded, batch.items, case.timezone)
        (result,) = run.finish(tallies, {})
    finally:
        engine.close()
    findings = tuple(sorted((group.code, group.attribute) for group in result.findings))
    return Outcome(items[0] if items else None, findings)


def _project(loaded: LoadedChannel, case: Case) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """The case as a project of one row, with its sources."""
    feed: dict[str, Any] = {
        "channel": f"{loaded.spec.name}@{loaded.spec.version}",
        "market": case.market.model_dump(),
        "settings": dict(case.settings),
        "attributes": {
            name: mapping.model_dump() if isinstance(mapping, Mapped) else mapping
            for name, mapping in case.attributes.items()
        },
    }
    catalog = {"timezone": case.timezone, "sources": [{"frame": "true", "name": "product"}]}
    whole: dict[str, Any] = {"catalog": catalog, "feeds": {_FEED: feed}}
    # a row whose every cell is empty is none: a constant beside the product
    frames = {"product": pl.DataFrame({**case.product, "_there": "x"})}
    if loaded.spec.channel.rows == "table":
        # every row has a key of its own, so that what the case leaves out is the channel's business alone
        frames["rows"] = pl.DataFrame({"entry": "1", "sku": case.product.get("sku", ""), **case.table})
        whole["tables"] = {"rows": {"frame": "true", "name": "rows", "key": "entry", "catalog_key": "sku"}}
        feed |= {"rows": "rows", "id": "{{ entry }}"}
    return whole, frames


def _texts(loaded: LoadedChannel, items: pl.DataFrame, zone: str) -> list[dict[str, str]]:
    """Items as the channel gets them; missing values are left out."""
    used = {name: one for name, one in loaded.spec.attributes.items() if name in items.columns}
    rows = items.select(render(used, loaded.spec.channel.spelling, zone)).rows(named=True)
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _problems(file: File, number: int, case: Case) -> Iterator[Problem]:
    try:
        given = outcome(file.loaded, case)
    except FeedsyncError as error:
        for one in error.errors if isinstance(error, ManyErrors) else [error]:
            one.place = None  # a place in the project that was made of the case
            reason = one.message().removeprefix("error: ")
            yield file.problem("error", "case_cannot_run", number, at_key=True, name=case.name, reason=reason)
        return
    yield from _item_problems(file, number, case, given)
    expected = tuple(sorted(case.findings))
    if given.findings != expected:
        wanted, actual = _listed(expected), _listed(given.findings)
        yield file.problem("error", "case_findings", number, "findings", name=case.name, expected=wanted, actual=actual)


def _item_problems(file: File, number: int, case: Case, given: Outcome) -> Iterator[Problem]:
    if case.item is None:
        if given.item is not None:
            shown = clipped(json.dumps(given.item, ensure_ascii=False), 400)
            yield file.problem("error", "case_not_blocked", number, name=case.name, actual=shown)
        return
    if given.item is None:
        yield file.problem("error", "case_blocked", number, "item", name=case.name, actual=_listed(given.findings))
        return
    for name in dict.fromkeys([*case.item, *given.item]):
        expected, actual = case.item.get(name), given.item.get(name)
        if expected != actual:
            wanted, met = _quoted(expected), _quoted(actual)
            yield file.problem("error", "case_value", number, "item", name, name=case.name, expected=wanted, actual=met)


def _quoted(value: str | None) -> str:
    return texts.say("case_nothing") if value is None else f'"{clipped(value, 400)}"'


def _listed(findings: tuple[tuple[str, str], ...]) -> str:
    return f"[{', '.join(f'[{code}, {attribute}]' for code, attribute in findings)}]"
