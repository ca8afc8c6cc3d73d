"""Demands of an item as a whole: required, required_when, prices against each other, the channel's own rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import check, found, lines, shop

from feedsync.errors import FeedsyncError

FIELDS = "sources: [{path: p.csv}]\nfields: {a: {type: decimal}, b: {type: decimal}}\n"
FEED = """\
attributes:
  price: "{{ a | money(m) }}"
  sale: "{{ b | money(market.currency) }}"
  note: "{{ note }}"
""".replace("money(m)", "money('EUR')")


def met(folder: Path, row: str, attributes: str, rules: str = "", feed: str = FEED) -> list[tuple[str, str, str]]:
    folder = shop(folder, lines("sku,a,b,note", f"A,{row}"), feed, attributes, catalog=FIELDS, channel=rules)
    return [(code, severity, attribute) for code, severity, attribute, _ in found(check(folder)["f"])]


PLAIN = lines("price: {type: money}", "sale: {type: money, below: price}", "note: {}", "other: {}")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("10,9.99,", []),
        ("10,10,", [("FS310", "error", "sale")]),
        ("10,11,", [("FS310", "error", "sale")]),
        ("10,,", []),
        (",10,", []),
    ],
)
def test_below(row: str, expected: list[tuple[str, str, str]], tmp_path: Path) -> None:
    assert met(tmp_path, row, PLAIN) == expected


def test_below_of_another_currency_is_not_compared(tmp_path: Path) -> None:
    assert met(tmp_path, "10,11,", PLAIN, feed=FEED.replace("market.currency", "'USD'")) == []


def test_below_that_is_not_verified(tmp_path: Path) -> None:
    attributes = PLAIN.replace("below: price}", "below: price, unverified: [below]}")
    assert met(tmp_path, "10,11,", attributes) == [("FS310", "warning", "sale")]


@pytest.mark.parametrize(
    ("demand", "row", "expected"),
    [
        ("required: true", ",,x", []),
        ("required: true", ",,", [("FS301", "error", "note")]),
        ("required: true, verified: false", ",,", [("FS301", "warning", "note")]),
        ("required: true, unverified: [required]", ",,", [("FS301", "warning", "note")]),
        ('required_when: "{{ sale is not missing }}"', "10,9,", [("FS301", "error", "note")]),
        ('required_when: "{{ sale is not missing }}"', "10,,", []),
        ('required_when: "{{ price | amount > 5 }}"', "10,,", [("FS301", "error", "note")]),
        ('required_when: "{{ price | amount > 5 }}"', ",,", []),
        ("required_when: \"{{ market.country == 'ES' }}\"", ",,", [("FS301", "error", "note")]),
        ("required_when: \"{{ market.country == 'PT' }}\"", ",,", []),
        ('required_when: "{{ other is missing }}"', ",,", [("FS301", "error", "note")]),
        ('required_when: "{{ other is not missing }}"', ",,", []),
    ],
)
def test_required(demand: str, row: str, expected: list[tuple[str, str, str]], tmp_path: Path) -> None:
    assert met(tmp_path, row, PLAIN.replace("note: {}", f"note: {{{demand}}}")) == expected


def test_required_and_nothing_fills_it(tmp_path: Path) -> None:
    folder = shop(tmp_path, lines("sku", "A"), "attributes: {}\n", "note: {required: true}\n")
    (group,) = check(folder)["f"].findings
    assert (group.code, group.attribute, group.place.line) == ("FS301", "note", 4)


RULE = 'rules: [{{attribute: {attribute}, broken: "{{{{ {broken} }}}}", {more}text: {{en: mal}}, fix: {{en: hazlo bien}}}}]\n'


@pytest.mark.parametrize(
    ("attribute", "broken", "more", "expected"),
    [
        ("note", "note == 'x'", "", [("FS316", "error", "note")]),
        ("note", "note == 'x'", "severity: warning, ", [("FS317", "warning", "note")]),
        ("note", "note == 'x'", "severity: hint, ", [("FS317", "hint", "note")]),
        ("note", "note == 'x'", "verified: false, severity: warning, ", [("FS317", "warning", "note")]),
        ("note", "note == 'x'", "code: FS312, severity: warning, ", [("FS312", "warning", "note")]),
        ("note", "note == 'y'", "", []),
        ("other", "other is missing and note == 'x'", "", [("FS316", "error", "other")]),
        ("price", "price | amount < sale | amount", "", [("FS316", "error", "price")]),
        ("price", "market.currency != price | currency", "", []),
    ],
)  # fmt: skip
def test_a_channels_own_rule(
    attribute: str, broken: str, more: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    attributes = PLAIN.replace(", below: price", "")
    rules = RULE.format(attribute=attribute, broken=broken, more=more)
    assert met(tmp_path, "1,2,x", attributes, rules) == expected


def test_mistakes_in_a_channels_templates_are_said_together(tmp_path: Path) -> None:
    attributes = PLAIN.replace("note: {}", 'note: {required_when: "{{ prise is missing }}"}')
    attributes = attributes.replace("other: {}", 'other: {required_when: "{{ note + 1 }}"}')
    with pytest.raises(FeedsyncError) as error:
        met(tmp_path, "1,2,x", attributes)
    text = str(error.value)
    assert len(text.splitlines()) == 2
    assert "channel_specs/probe/1/attributes.yaml:4" in text.splitlines()[0]
    assert 'did you mean "price"?' in text
    assert "channel_specs/probe/1/attributes.yaml:5" in text.splitlines()[1]
