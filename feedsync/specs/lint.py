"""What is wrong with a channel spec although it loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from string import Formatter
from typing import Any, Final

from feedsync.errors import Place, SpecError
from feedsync.findings import CODES
from feedsync.specs.channel import Channel
from feedsync.specs.channels import LoadedChannel
from feedsync.specs.formats import DelimitedFormat, JsonFormat, XmlFormat
from feedsync.specs.lint_attributes import SNAKE_CASE, lint_attributes
from feedsync.specs.model import is_day
from feedsync.specs.problems import File, Problem

CheckTemplate = Callable[[str, Place], list[Problem]]
_ORDER: Final = {"error": 0, "warning": 1, "hint": 2}
# how a type may be spelled: the names its form must hold, and those it may
# the letters of strftime that a day has, and those of its time; all are written by the engine
_DAY_LETTERS: Final = r"[^%]|%%|%-?[YymdejaAbBuGV]|%[FD]"
_MOMENT_FORMS: Final = {
    "date": re.compile(rf"(?:{_DAY_LETTERS})*", re.DOTALL),
    "datetime": re.compile(rf"(?:{_DAY_LETTERS}|%-?[HIMSpf]|%[TRzZs]|%:z|%\.?3f)*", re.DOTALL),
}
_FORMS: Final = {"money": ({"amount"}, {"amount", "currency"}), "interval": ({"start", "end"}, {"start", "end"})}


def lint_channel(loaded: LoadedChannel, check_template: CheckTemplate | None = None) -> list[Problem]:
    """All problems, errors first, then by place.

    `check_template` says what is wrong with a template of the channel's side (required_when, rules, record trees); the
    specs know nothing of the language.
    """
    problems = [*lint_attributes(loaded), *_channel(loaded), *_cases(loaded)]
    if check_template:
        for template, place in channel_templates(loaded):
            problems.extend(check_template(template, place))
    return sorted(problems, key=lambda found: (_ORDER[found.severity], found.place, found.key))


def lint_errors(loaded: LoadedChannel) -> list[SpecError]:
    """What a feed of the channel cannot be made with. Advice, and what its cases say, are left to lint_channel."""
    return [
        SpecError(found.key, found.place, subject=found.subject, **found.params)
        for found in (*lint_attributes(loaded), *_channel(loaded))
        if found.severity == "error"
    ]


def _channel(loaded: LoadedChannel) -> Iterator[Problem]:
    file, channel = File(loaded, "channel.yaml"), loaded.spec.channel
    if not channel.engine_words:
        yield file.problem("warning", "lint_no_engine_words")
    yield from _names(file, "formats", channel.formats)
    yield from _names(file, "settings", channel.settings)
    yield from _names(file, "shapes", channel.shapes)
    for country, columns in channel.markets.items():
        yield from _names(file, "markets", columns, country)
    if "en" not in channel.not_shown:
        yield file.problem("error", "lint_no_english", "not_shown")
    yield from _known_attributes(file, channel, loaded.spec.attributes)
    yield from _rules(file, channel)
    yield from _formats(file, channel)
    for kind, (needed, allowed) in _FORMS.items():
        if not needed <= _form_names(getattr(channel.spelling, kind)) <= allowed:
            known = ", ".join(f"{{{name}}}" for name in sorted(allowed))
            yield file.problem("error", "lint_spelling_form", "spelling", kind, known=known)
    for kind, letters in _MOMENT_FORMS.items():
        if not letters.fullmatch(getattr(channel.spelling, kind)):
            yield file.problem("error", "lint_moment_form", "spelling", kind)
    if len(set(channel.spelling.boolean)) == 1:
        yield file.problem("error", "lint_same_words", "spelling", "boolean")


def _form_names(form: str) -> set[str]:
    """The names in braces; '' for braces that do not close."""
    try:
        return {name for _, name, _, _ in Formatter().parse(form) if name is not None}
    except ValueError:
        return {""}


def _names(file: File, key: str, names: Iterable[str], *inside: str) -> Iterator[Problem]:
    for name in names:
        if not SNAKE_CASE.fullmatch(name):
            yield file.problem("error", "lint_snake_case", key, *inside, name, at_key=True)


def _known_attributes(file: File, channel: Channel, attributes: Iterable[str]) -> Iterator[Problem]:
    known = list(attributes)
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("rules", number, "attribute"), rule.attribute) for number, rule in enumerate(channel.rules)
    ]
    if channel.variants:
        named.append((("variants", "group"), channel.variants.group))
        named.extend((("variants", "by", number), name) for number, name in enumerate(channel.variants.by))
    for form, described in channel.formats.items():
        if isinstance(described, XmlFormat):
            named.extend((("formats", form, "plain", number), name) for number, name in enumerate(described.plain))
            filled = ((key, getattr(described.entry, key, None)) for key in ("title", "link", "summary"))
            named.extend((("formats", form, "entry", key), name) for key, name in filled if name)
    for path, name in named:
        if name not in known:
            yield file.unknown("config_unknown_attribute", name, known, *path)


def _rules(file: File, channel: Channel) -> Iterator[Problem]:
    for number, rule in enumerate(channel.rules):
        if rule.severity == "error" and not rule.verified:
            yield file.problem("error", "lint_unverified_error", "rules", number, "verified", at_key=True)
        if rule.docs is None:
            yield file.problem("hint", "lint_no_docs", "rules", number)
        of_items = [code for code in CODES if code.startswith("FS3")]
        if rule.code is not None and rule.code not in of_items:
            yield file.unknown("config_unknown_code", rule.code, of_items, "rules", number, "code")
        if "en" not in rule.text:
            yield file.problem("error", "lint_no_english", "rules", number, "text")


def _formats(file: File, channel: Channel) -> Iterator[Problem]:
    suffixes: dict[tuple[str, str | None], str] = {}
    for name, form in channel.formats.items():
        suffix = (form.suffix, form.compress)
        if suffix in suffixes:
            yield file.problem("error", "lint_suffix_twice", "formats", name, "suffix", first=suffixes[suffix])
        suffixes.setdefault(suffix, name)
        if isinstance(form, DelimitedFormat):
            if form.escape and form.escape[0] != "\\":
                yield file.problem("error", "lint_escape", "formats", name, "escape")
        elif isinstance(form, XmlFormat):
            prefix, colon, _ = form.element.partition(":")
            if colon and prefix not in form.namespaces:
                yield file.unknown("lint_unknown_prefix", prefix, form.namespaces, "formats", name, "element")


def _cases(loaded: LoadedChannel) -> Iterator[Problem]:
    file, attributes = File(loaded, "cases.yaml"), loaded.spec.attributes
    names: dict[str, int] = {}
    for number, case in enumerate(loaded.spec.cases):
        if case.name in names:
            first = loaded.place("cases.yaml", names[case.name], "name")
            yield file.problem("error", "lint_case_twice", number, "name", name=case.name, first=first)
        names.setdefault(case.name, number)
        if not is_day(case.as_of):
            yield file.problem("error", "config_not_a_day", number, "as_of", value=case.as_of)
        if case.item is None and not case.findings:
            yield file.problem("error", "lint_case_expects_nothing", number)
        for key in ("item", "attributes"):
            for name in getattr(case, key) or ():
                if name not in attributes:
                    yield file.unknown("config_unknown_attribute", name, attributes, number, key, name, at_key=True)
        for place, (code, _) in enumerate(case.findings):
            if code not in CODES:
                yield file.unknown("config_unknown_code", code, CODES, number, "findings", place, 0)


def channel_templates(loaded: LoadedChannel) -> Iterator[tuple[str, Place]]:
    """Every template over attributes, with its place: conditions, rules, currencies and the leaves of record trees."""
    for name, attribute in loaded.spec.attributes.items():
        for key in ("required_when", "currency"):
            if template := getattr(attribute, key):
                yield template, loaded.place("attributes.yaml", name, key)
    channel = loaded.spec.channel
    for number, rule in enumerate(channel.rules):
        yield rule.broken, loaded.place("channel.yaml", "rules", number, "broken")
    for name, tree in channel.shapes.items():
        yield from _leaves(loaded, tree, "shapes", name)
    for name, form in channel.formats.items():
        keys = ("document", "record", "delete", "patch") if isinstance(form, JsonFormat) else ("delete",)
        for key in keys:
            yield from _leaves(loaded, getattr(form, key, None), "formats", name, key)


def _leaves(loaded: LoadedChannel, tree: Any, *path: str | int) -> Iterator[tuple[str, Place]]:
    """The templates of a tree; its constants are no templates."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(loaded, value, *path, key)
    elif isinstance(tree, list | tuple):
        for number, value in enumerate(tree):
            yield from _leaves(loaded, value, *path, number)
    elif isinstance(tree, str) and ("{{" in tree or "{%" in tree):
        yield tree, loaded.place("channel.yaml", *path)
