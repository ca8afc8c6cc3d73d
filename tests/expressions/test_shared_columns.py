"""Columns that hold large or failing parts are shared by templates that mean the same, and by no others."""

from __future__ import annotations

import polars as pl

from feedsync.errors import Place
from feedsync.expressions import Compiled, Hoisted, Scope, Value, compile_template, literal
from feedsync.semantics import TEXT

PLACE = Place("feedsync.yaml", 1, 1)


def compiled(template: str, country: str, hoisted: Hoisted) -> Compiled:
    names = {name: Value(pl.col(name), TEXT) for name in ("a", "b")}
    spaces = {"market": {"country": literal(country)}}
    return compile_template(template, Scope(names=names, spaces=spaces, hoisted=hoisted), PLACE)


def values(hoisted: Hoisted, *several: Compiled) -> tuple[str | None, ...]:
    frame = pl.DataFrame({"a": ["x"], "b": ["y"]})
    for stage in hoisted.stages():
        frame = frame.with_columns(stage)
    return frame.select(one.value.expr.alias(str(at)) for at, one in enumerate(several)).row(0)


def test_the_same_text_in_two_markets_is_two_columns() -> None:
    arms = "".join(f"{{% elif a == '{n}' %}}{{{{ b | upper | replace('{n}', '') | lower }}}}" for n in range(60))
    template = "{% if a == 'z' %}{{ b }}" + arms + "{% else %}{{ a ~ market.country }}{% endif %}"
    hoisted = Hoisted()
    spain, france = (compiled(template, country, hoisted) for country in ("ES", "FR"))
    assert hoisted.names() != []
    assert values(hoisted, spain, france) == ("xES", "xFR")


def test_a_text_that_can_fail_is_made_once_for_all_templates_that_hold_it() -> None:
    hoisted = Hoisted()
    first, second, other = (compiled(text, "ES", hoisted) for text in ("{{ a ~ b }}", "{{ a ~ b }}!", "{{ b ~ a }}"))
    assert values(hoisted, first, second, other) == ("xy", "xy!", "yx")
    assert len(hoisted.names()) == 2
    assert [one.failed.meta.root_names() for one in first.failures] == [hoisted.names()[:1]]
