"""The page *Where we differ from Jinja* lists only what differs, each with a reason."""

from __future__ import annotations

import pytest
from differences import Difference, differences


@pytest.mark.parametrize("difference", differences(), ids=lambda d: d.template)
def test_it_differs(difference: Difference):
    assert difference.jinja != difference.ours
    assert difference.why.endswith(".")


def test_some_of_them_in_full():
    found = {d.template: (d.jinja, d.ours) for d in differences()}
    assert found["{{ 0.1 + 0.2 }}"] == ("0.30000000000000004", "0.3")
    assert found["{{ stock or 5 }}"] == ("5", "0")
    assert found["{{ brand ~ color }}"] == ("AcmeNone", "Acme")
    assert found["{{ price / stock }}"] == ("DivisionByZero: [<class 'decimal.DivisionByZero'>]", None)
    assert found["{{ sizes | sort | join(' ') }}"] == ("a b C", "C a b")
