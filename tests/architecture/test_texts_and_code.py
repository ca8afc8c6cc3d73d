"""Texts and code fit: every key that code names is there, every text is said, with the parameters it names."""

from __future__ import annotations

import ast
from string import Formatter
from typing import get_args

from sources import calls, modules

from feedsync import errors
from feedsync.findings import CODES
from feedsync.run.describe import Harm
from feedsync.run.guards import GUARDS
from feedsync.run.profile.column import Kind
from feedsync.run.remembered import What
from feedsync.semantics import KINDS
from feedsync.specs.channel import Channel
from feedsync.texts import Text, catalogue

RAISED = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.FeedsyncError)}
SAID = {"say", "fix", "mistake"}
# keys that code puts together, with what they are made of
MADE = {
    *(f"guard_{name}" for name in GUARDS),
    *(f"kind.{kind}" for kind in KINDS),
    *(f"{word}{status}" for word in ("status.", "explain_") for status in ("ready", "blocked", "excluded")),
    *(key for code in CODES for key in (code, f"{code}.title", f"{code}.why")),
    *(
        f"help.{name}"
        for name in ("init", "check", "export", "preview", "explain", "demo", "group.daily", "group.setup")
    ),
    *(f"channels_delete.{mode}" for mode in get_args(Channel.model_fields["delete_mode"].annotation)),
    *(f"described_kind_{kind}" for kind in get_args(Kind)),
    *(f"described_{harm}" for harm in get_args(Harm)),
    *(f"described_changed_{what}" for what in get_args(What)),
    *(f"described_{name}" for name in ("column", "field", "type", "filled", "distinct", "samples")),
    "progress.map",
}


def literals() -> set[str]:
    return {
        node.value
        for module, tree in modules().items()
        if not module.startswith("texts/en/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def placeholders(*texts: str) -> set[str]:
    return {
        name.partition(".")[0].partition("[")[0] for text in texts for _, name, _, _ in Formatter().parse(text) if name
    }


def named() -> list[tuple[str, str, ast.Call]]:
    """(module, what is called, call) of every call whose first argument is a literal key."""
    found = []
    for module, tree in modules().items():
        for name, call in calls(tree):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and name in RAISED | SAID:
                found.append((module, name, call))
    return found


def key_of(call: ast.Call) -> str:
    assert isinstance(call.args[0], ast.Constant)
    return str(call.args[0].value)


def test_every_key_that_is_named_is_there() -> None:
    assert [(module, key_of(call)) for module, _, call in named() if key_of(call) not in catalogue()] == []
    assert len(named()) > 100


def test_every_text_is_said() -> None:
    said = literals() | MADE
    # where a name is near, the text of the same key with _near is said
    said |= {f"{key}_near" for key in said if f"{key}_near" in catalogue()}
    assert sorted(set(catalogue()) - said) == []


def test_every_key_that_is_made_is_there() -> None:
    assert sorted(MADE - set(catalogue()) - {f"explain_{status}" for status in ("excluded",)} - {"kind.none"}) == []


def test_texts_get_the_parameters_they_name() -> None:
    lacking = []
    for module, name, call in named():
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # given as a mapping; the tests of that module say what it holds
        given = {str(keyword.arg) for keyword in call.keywords}
        given |= {"meant"} if name in RAISED else set()
        text: Text = catalogue()[key_of(call)]
        asked = (
            placeholders(text.what if name == "say" else text.fix) if name in ("say", "fix") else placeholders(*text)
        )
        if asked - given:
            lacking.append((module, key_of(call), sorted(asked - given)))
    assert lacking == []
