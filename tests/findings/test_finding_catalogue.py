"""A code ships complete: its texts, its parameters, and a case that fails and one that passes."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from test_finding_cases import CASES, ELSEWHERE

from feedsync.findings import CODES, SEVERITIES
from feedsync.texts import catalogue

ALWAYS = {"attribute", "value", "quoted"}
TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("code", CODES)
def test_texts_are_there_and_use_only_what_the_code_promises(code: str) -> None:
    texts = catalogue()
    for key in (code, f"{code}.title", f"{code}.why"):
        assert texts[key].what, key
    used = {name for text in texts[code] for _, name, _, _ in Formatter().parse(text) if name}
    assert used <= ALWAYS | set(CODES[code].params)
    assert CODES[code].severity in SEVERITIES
    assert texts[code].fix, "says how to mend it"
    assert not texts[code].what.endswith("."), "a report ends the sentence"
    assert "!" not in "".join(part for key in (code, f"{code}.title", f"{code}.why") for part in texts[key])


def test_no_text_belongs_to_a_code_that_does_not_exist() -> None:
    named = {key.partition(".")[0] for key in catalogue() if key.startswith("FS")}
    assert named == set(CODES)


def test_every_code_has_a_case_or_a_test_of_its_own() -> None:
    assert {file.stem for file in CASES.glob("*.yaml")} | set(ELSEWHERE) == set(CODES)
    tests = "".join(file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py"))
    for name in ELSEWHERE.values():
        assert f"def {name}(" in tests
