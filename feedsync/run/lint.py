"""What is wrong with a channel although its files load: its own templates and record trees, compiled as a feed would."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from feedsync.checks.items import ItemContext, attribute_names, channel_rules, required_rules
from feedsync.checks.patterns import pattern_errors
from feedsync.errors import FeedsyncError, ManyErrors, Place
from feedsync.expressions import Scope
from feedsync.expressions.values import literal
from feedsync.run.cases import case_problems
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.lint import lint_channel
from feedsync.writers.base import Document
from feedsync.writers.open import open_writer

ZONE = "UTC"
MARKET = {"country": "ES", "language": "es", "currency": "EUR"}  # any market will do: only the names count


def lint(loaded: LoadedChannel, cases: bool) -> tuple[list[str], bool]:
    """The problems of a channel as lines, and whether one of them is an error. `cases`: those of cases.yaml are run,
    where nothing else is wrong."""
    problems, errors = lint_channel(loaded), template_errors(loaded)
    bad = bool(errors) or any(problem.severity == "error" for problem in problems)
    if cases and not bad:
        problems += case_problems(loaded)
        bad = any(problem.severity == "error" for problem in problems)
    return [*(error.message() for error in errors), *(problem.message() for problem in problems)], bad


def template_errors(loaded: LoadedChannel) -> list[FeedsyncError]:
    """Every mistake in patterns, required_when, rules, record trees and headers, for a feed that fills all attributes."""
    spec = loaded.spec
    country = next(iter(spec.channel.markets), MARKET["country"])
    market = {**MARKET, "country": country, **spec.channel.markets.get(country, {})}
    settings = {"name": spec.name, **{name: one.default or name for name, one in spec.channel.settings.items()}}
    context = _context(loaded, market, settings)
    errors: list[FeedsyncError] = [*pattern_errors(loaded)]
    _collect(errors, lambda: required_rules(context))
    _collect(errors, lambda: channel_rules(context, spec.channel.rules))
    info = Document(title=spec.name, link="", description=spec.channel.title)
    for form in spec.channel.formats:
        _collect(errors, partial(open_writer, spec, form, tuple(spec.attributes), market, settings, ZONE, info))
    return errors


def _collect(errors: list[FeedsyncError], build: Callable[[], object]) -> None:
    try:
        build()
    except ManyErrors as many:
        errors.extend(many.errors)
    except FeedsyncError as error:
        errors.append(error)


def _context(loaded: LoadedChannel, market: dict[str, str], settings: dict[str, str]) -> ItemContext:
    attributes = loaded.spec.attributes
    names = attribute_names(attributes, frozenset(attributes), ZONE)
    spaces = {
        "market": {name: literal(value) for name, value in market.items()},
        "feed": {name: literal(value) for name, value in settings.items()},
    }
    spec_places = {
        name: loaded.place("attributes.yaml", name, *(["required_when"] if one.required_when else []))
        for name, one in attributes.items()
    }
    spec_places |= {
        f"rules.{index}": loaded.place("channel.yaml", "rules", index)
        for index in range(len(loaded.spec.channel.rules))
    }
    places: dict[str, Place] = dict(spec_places)
    scope = Scope(names=names, spaces=spaces, zone=ZONE, side="channel")
    return ItemContext(attributes, frozenset(attributes), places, spec_places, scope)
