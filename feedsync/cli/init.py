"""feedsync init"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from feedsync.cli.running import running
from feedsync.errors import UsageError
from feedsync.texts import say

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("help.init_file"))]
Channels = Annotated[
    list[str] | None, typer.Option("--channel", metavar="NAME", help=say("help.init_channel"), show_default=False)
]
Country = Annotated[
    str | None, typer.Option("--country", metavar="XX", help=say("help.init_country"), show_default=False)
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="xx", help=say("help.init_language"), show_default=False)
]
Currency = Annotated[
    str | None, typer.Option("--currency", metavar="XXX", help=say("help.init_currency"), show_default=False)
]
ShopUrl = Annotated[
    str | None, typer.Option("--shop-url", metavar="URL", help=say("help.init_shop_url"), show_default=False)
]
ImageUrl = Annotated[
    str | None, typer.Option("--image-url", metavar="URL", help=say("help.init_image_url"), show_default=False)
]
Tax = Annotated[
    bool | None,
    typer.Option("--prices-include-tax/--no-prices-include-tax", help=say("help.init_tax"), show_default=False),
]
Live = Annotated[bool | None, typer.Option("--live/--not-live", help=say("help.init_live"), show_default=False)]
InStock = Annotated[
    bool | None, typer.Option("--in-stock/--stock-unknown", help=say("help.init_stock"), show_default=False)
]
Key = Annotated[str | None, typer.Option("--key", metavar="COLUMN", help=say("help.init_key"), show_default=False)]
DecimalMark = Annotated[
    str | None, typer.Option("--decimal-mark", metavar="MARK", help=say("help.init_mark"), show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--setting", metavar="NAME=VALUE", help=say("help.init_setting"), show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=say("help.init_yes"))]


def init(
    ctx: typer.Context,
    file: File,
    channel: Channels = None,
    country: Country = None,
    language: Language = None,
    currency: Currency = None,
    shop_url: ShopUrl = None,
    image_url: ImageUrl = None,
    prices_include_tax: Tax = None,
    in_stock: InStock = None,
    live: Live = None,
    key: Key = None,
    decimal_mark: DecimalMark = None,
    setting: Settings = None,
    yes: Yes = False,
) -> None:
    """See help.init in the texts."""
    with running(ctx, "init") as run:
        from feedsync.cli import output
        from feedsync.reports import started as report
        from feedsync.run.starting.questions import Given, Questions
        from feedsync.run.starting.start import start

        given = Given(
            channels=tuple(channel or ()),
            country=country,
            language=language,
            currency=currency,
            shop_url=shop_url,
            image_url=image_url,
            prices_include_tax=prices_include_tax,
            in_stock=in_stock,
            live=live,
            key=key,
            decimal_mark=decimal_mark,
            settings=_settings(setting or ()),
        )
        folder: Path = run.project()

        def ask(question: str, default: str | None) -> str:
            run.progress.close()
            return str(typer.prompt(question, default=default or "", show_default=bool(default), err=True))

        questions = Questions(yes, ask if _somebody_is_there() else None)
        started = start(folder, folder / file, given, questions, os.environ, run.progress)
        run.progress.close()
        if not run.settings.quiet:
            output.show(report.summary(started, output.width()))


def _settings(texts: list[str] | tuple[()]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals or not value.strip():
            raise UsageError("init_setting_wrong", value=text)
        found[name] = value
    return found


def _somebody_is_there() -> bool:
    """Whether questions can be asked: on a terminal, and not in a CI job."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")
