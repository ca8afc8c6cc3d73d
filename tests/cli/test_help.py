"""Help texts: of the whole, word for word; of every command, complete."""

from __future__ import annotations

import pytest
from cli_project import run

from feedsync import __version__
from feedsync.cli.app import GROUPS
from feedsync.texts import catalogue

HELP = """\
Usage: feedsync [OPTIONS] COMMAND [ARGS]...

  One product catalog, every sales channel: check it, export its feeds, see why.

Options:
  -C DIR                    The project's folder; the one you are in otherwise.
                            [env var: FEEDSYNC_PROJECT]
  -q, --quiet               Errors only: no progress, no hints, no report of
                            check and export but JSON.
  -v, --verbose             Say more: every problem as a block, progress as
                            lines.
  --log-format <text|json>  How standard error is written.  [env var:
                            FEEDSYNC_LOG_FORMAT; default: text]
  --debug                   Show the traceback of an error.
  --version                 Print the version and exit.
  -h, --help                Show this message and exit.

Every day:
  init     Write a first feedsync.yaml for an export of your shop.
  check    Say what is wrong with the feeds' products: by rule, with places and
           fixes.
  preview  Show a feed's products as the channel gets them.
  explain  Say what becomes of one product: in every feed, or step by step.
  export   Write the feeds' files and manifest.json into a folder, all together
           or none.

Setting up:
  demo      Check and export an example shop, and say where its feeds are.
  catalog   Look at a catalog before anything is made of it.
  channels  The channels there are, and what they demand.
  taxonomy  Find categories of a product taxonomy, and see which of them a feed
            has.
"""
COMMANDS = {
    "init": ["FILE", "--channel NAME", "--country XX", "--language xx", "--currency XXX", "--shop-url URL", "--key COLUMN",
             "--prices-include-tax", "--no-prices-include-tax", "--setting NAME=VALUE", "-y, --yes"],
    "check": ["[FEED]...", "--format <table|plain|json>", "--fail-on <error|warning|hint>", "--as-of DATE", "-t, --target NAME", "--sku SKU",
              "--where TEMPLATE"],
    "preview": ["FEED", "--limit", "--sku SKU", "--where TEMPLATE", "--raw", "--as-of DATE",
                "--format <table|plain|json>"],
    "explain": ["SKU", "--feed FEED", "--attribute NAME", "--as-of DATE", "--format <table|json>"],
    "export": ["[FEED]...", "-o, --output DIR", "--formats NAME", "--as-of DATE", "--allow NAME", "--reason TEXT",
               "--format <table|json>"],
    "demo": ["-o, --output DIR"],
    "catalog describe": ["[FILE]", "-t, --target NAME", "--format <table|json>"],
    "channels list": ["--format <table|json>"],
    "channels show": ["NAME"],
    "channels lint": ["[PATH]"],
    "taxonomy search": ["WORD"],
    "taxonomy coverage": ["[FEED]...", "-t, --target NAME"],
}  # fmt: skip


def test_help_of_the_whole() -> None:
    assert run("--help") == (0, HELP, "")
    assert run("-h") == (0, HELP, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command: str) -> None:
    code, out, err = run(*command.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: feedsync {command} [OPTIONS]")
    assert catalogue()[f"help.{command.replace(' ', '.')}"].what.split(";")[0] in " ".join(out.split())
    for part in COMMANDS[command]:
        assert part in out
    # below a long option its text has a line of its own
    options = [line for line in out.replace("\n   ", "  ").splitlines() if line.startswith("  -")]
    assert [line for line in options if line.split()[-1].startswith("-")] == [], "an option without a text"


def test_every_command_is_in_a_group() -> None:
    assert {command.split()[0] for command in COMMANDS} == {name for names in GROUPS.values() for name in names}


def test_version() -> None:
    assert run("--version") == (0, f"feedsync {__version__}\n", "")
