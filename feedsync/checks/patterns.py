"""A channel's regular expressions, compiled by the engine that will match them, before row 1."""

from __future__ import annotations

from collections.abc import Iterator

from feedsync.errors import SpecError
from feedsync.expressions.functions.patterns import regex_problem
from feedsync.specs.channel import Attribute, Limits
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.mistakes import clipped
from feedsync.specs.yaml import dotted


def pattern_errors(loaded: LoadedChannel) -> list[SpecError]:
    """One error for every pattern of attributes.yaml that does not compile, at its place."""
    errors = []
    for path, limits in _limits(loaded.spec.attributes):
        if limits.pattern is not None and (reason := regex_problem(limits.pattern)):
            place = loaded.place("attributes.yaml", *path, "pattern")
            shown = clipped(limits.pattern)
            subject = dotted((*path, "pattern"))
            errors.append(SpecError("spec_pattern", place, subject=subject, pattern=shown, reason=reason))
    return errors


def _limits(attributes: dict[str, Attribute]) -> Iterator[tuple[tuple[str, ...], Limits]]:
    """Every value that has limits: attributes, entries of lists, fields of groups."""
    for name, attribute in attributes.items():
        yield (name,), attribute
        if isinstance(attribute.of, Limits):
            yield (name, "of"), attribute.of
        for field, limits in attribute.fields.items():
            yield (name, "fields", field), limits
