"""cli.md, from the commands themselves: the words are those of --help, the layout does not depend on a terminal."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

import typer

from docs.pages.markdown import anchor, block, code, page, table
from feedsync.cli.app import GROUPS, app
from feedsync.errors import Exit
from feedsync.texts import say

EXITS: dict[Exit, str] = {
    Exit.DONE: "Done. `export` is also done when products were blocked: they are counted and named.",
    Exit.FOUND: "`check` found something at or above `--fail-on`; `channels lint` found an error.",
    Exit.CANNOT_RUN: "Cannot run: usage, project file, channel, or a source that is missing, empty, damaged or not "
    "whole. A `--sku`, `--where` or feed name that matches nothing.",
    Exit.REFUSED: "A guard holds the export. Nothing was replaced.",
    Exit.AUTHENTICATION: "A database refuses the user, the password or the right to read.",
    Exit.TRANSIENT: "A database does not answer. It is safe to run again.",
    Exit.LOCKED: "Another export writes into the same folder. Nothing was replaced.",
    Exit.BUG: "A mistake in feedsync. Run again with `--debug` and report it.",
    Exit.INTERRUPTED: "Interrupted (Ctrl-C). The last good files stay.",
    Exit.TERMINATED: "Terminated. The last good files stay.",
}
INTRO = """Results go to standard output. Progress and messages go to standard error.
The options of `feedsync` itself stand before the command: `feedsync -C shop check`. With `-C`, folders in other options
are relative to that folder, too: `feedsync -C shop export -o out` writes `shop/out`."""


@dataclass(frozen=True)
class Parameter:
    """An argument or option as its declaration says it; typer's own objects differ between its versions."""

    names: tuple[str, ...]
    value: str
    """What follows the option: a choice, or a word for it; '' for a flag."""
    help: str
    default: str
    required: bool
    option: bool


@dataclass(frozen=True)
class Command:
    """A command or a group of commands."""

    name: str
    """The whole of it: feedsync channels list."""
    help: str
    parameters: tuple[Parameter, ...]
    inner: tuple[str, ...] = ()
    """The commands of a group."""


def commands() -> list[Command]:
    """The program, its commands in the order of --help, and its groups, each before what they hold."""
    return list(_below("feedsync", app, say("help")))


def _below(name: str, group: typer.Typer, help_: str) -> Iterator[Command]:
    order = [word for words in GROUPS.values() for word in words]
    single = {str(one.name): one for one in group.registered_commands}
    groups = {str(one.name): one for one in group.registered_groups}
    inner = sorted([*single, *groups], key=lambda word: order.index(word) if word in order else 0)
    callback = group.registered_callback.callback if group.registered_callback else None
    yield Command(name, help_, _parameters(callback) if callback else (), tuple(inner))
    for word in inner:
        if word in single:
            function = single[word].callback
            assert function is not None, "a command is a function"
            yield Command(f"{name} {word}", str(single[word].help), _parameters(function))
        else:
            typer_below = groups[word].typer_instance
            assert typer_below is not None, "a group holds commands"
            yield from _below(f"{name} {word}", typer_below, str(groups[word].help))


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    return tuple(
        _parameter(one, get_args(one.annotation)[1])
        for one in inspect.signature(function, eval_str=True).parameters.values()
        if get_origin(one.annotation) is Annotated
    )


def _parameter(one: inspect.Parameter, info: Any) -> Parameter:
    option = isinstance(info, typer.models.OptionInfo)
    kind = get_args(one.annotation)[0]
    kinds = [part for part in (get_args(kind) or (kind,)) if part is not type(None)]
    choices = (
        [code(str(member)) for member in kinds[0]]
        if inspect.isclass(kinds[0]) and issubclass(kinds[0], StrEnum)
        else []
    )
    value = "" if kinds[0] is bool else " or ".join(choices) or code(info.metavar or "NUMBER")
    default = "" if one.default in (inspect.Parameter.empty, None, False) or not info.show_default else str(one.default)
    # with Annotated, the first name is taken for a default until the command is built
    names = (
        [
            part
            for name in (info.default, *(info.param_decls or ()))
            if isinstance(name, str)
            for part in name.split("/")
        ]
        if option
        else [info.metavar]
    )
    return Parameter(tuple(names), value, info.help, default, one.default is inspect.Parameter.empty, option)


def cli() -> str:
    """The page of the command line."""
    sections = [part for command in commands() for part in _section(command)]
    return page("Command line", INTRO, *sections, "## Exit codes", exit_codes())


def exit_codes() -> str:
    """The exit codes that commands give today."""
    return table(["code", "meaning"], [[str(int(code)), text] for code, text in EXITS.items()])


def _section(command: Command) -> list[str]:
    arguments = [one for one in command.parameters if not one.option]
    options = [one for one in command.parameters if one.option]
    words = [command.name, "[OPTIONS]", *(one.names[0] for one in arguments), *(["COMMAND"] if command.inner else [])]
    parts = [f"## {command.name}", command.help, block(" ".join(words))]
    if arguments:
        parts.append(table(["argument", "meaning"], [[code(one.names[0]), one.help] for one in arguments]))
    rows = [[_names(one), _meaning(one)] for one in options]
    parts.append(table(["option", "meaning"], [*rows, ["`-h`, `--help`", "Show the help of this command."]]))
    if command.inner:
        said = {one.name: one.help for one in commands()}
        full = [f"{command.name} {word}" for word in command.inner]
        parts.append(table(["command", "what it does"], [[f"[{name}](#{anchor(name)})", said[name]] for name in full]))
    return parts


def _names(option: Parameter) -> str:
    return " ".join(part for part in (", ".join(map(code, option.names)), option.value) if part)


def _meaning(option: Parameter) -> str:
    if option.required:
        return f"{option.help} Required."
    return f"{option.help} Default: {code(option.default)}." if option.default else option.help
