"""`feedsync init`: look at the file, ask what must be asked, try the project out, write it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from feedsync.errors import (
    ConfigError,
    FeedsyncError,
    ManyErrors,
    OutputError,
    Place,
    SourceError,
    UsageError,
    nearest,
)
from feedsync.run.engine import Progress
from feedsync.run.export import check
from feedsync.run.profile import Column, Profile
from feedsync.run.results import CheckResult
from feedsync.run.session import Job
from feedsync.run.starting.columns import Columns, choose, chosen, in_template, relative
from feedsync.run.starting.form import Form, form_of, read_file
from feedsync.run.starting.plan import Plan, PlannedFeed
from feedsync.run.starting.presets import recognised
from feedsync.run.starting.questions import Given, Questions
from feedsync.run.starting.words import MarketFacts, countries, market
from feedsync.run.starting.written import project_text
from feedsync.semantics import printable
from feedsync.sources.base import clipped
from feedsync.specs.channels import ChannelListing, list_channels, load_channel
from feedsync.specs.load import FILES
from feedsync.specs.presets import LoadedPreset

FILE: Final = FILES[0]
_ADDRESS: Final = re.compile(r"^https?://[^\s/]+", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"^[A-Z]{2}$")
_LANGUAGE: Final = re.compile(r"^[a-z]{2}$")
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")


@dataclass(frozen=True)
class Started:
    """What init found and wrote."""

    file: str
    plan: Plan
    found: Profile
    result: CheckResult
    """The project checked, as `check` will say."""
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Questions that --yes answered, and how."""


def start(
    folder: Path,
    file: Path,
    given: Given,
    questions: Questions,
    env: Mapping[str, str],
    progress: Progress | None = None,
) -> Started:
    """Write feedsync.yaml for a catalog file into the folder; the file itself is only read.

    Raises UsageError for flags that are missing or wrong, ConfigError where there is a project already, SourceError for
    a file that cannot be read whole. Nothing is written unless the project loads and can be checked.
    """
    for name in FILES:
        if os.path.lexists(folder / name):
            raise ConfigError("init_there", Place(name))
    declared = _declared(folder, file)
    form = form_of(folder, declared)
    plan, found = _looked_at(form, folder, given, questions, progress)
    questions.check()
    text = project_text(plan, found)
    result = _tried(folder, text, env)
    _write(folder, text)
    return Started(FILE, plan, found, result, questions.taken)


def _declared(folder: Path, file: Path) -> str:
    """The file as feedsync.yaml names it: relative to the folder, where it is in or beside it."""
    try:
        return Path(os.path.relpath(file.absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return file.absolute().as_posix()


def _looked_at(
    form: Form, folder: Path, given: Given, questions: Questions, progress: Progress | None
) -> tuple[Plan, Profile]:
    found: Profile | None = None
    refused: SourceError | None = None
    try:
        form, found = read_file(form, folder, progress)
    except SourceError as error:
        refused = error
    known = recognised(form, found, folder)
    preset: LoadedPreset | None = None
    if known is not None:
        preset, form, found = known
    elif found is None:
        if refused is None or refused.key in ("source_no_rows", "source_no_products"):
            raise SourceError("init_no_products", refused.place if refused else Place(form.declared))
        raise refused
    columns = Columns() if preset is not None else choose(found, form.keys.get("rows", ""))
    facts = _market(columns, given, questions)
    feeds = _feeds(folder, given, questions, facts.country)
    plan = Plan(form, preset, columns, facts, feeds)
    if preset is None:
        _key(plan, found, given, questions)
    _addresses(plan, found, given, questions)
    _prices(plan, found, given, questions)
    if preset is None and not {"stock", "availability"} & set(columns.chosen):
        plan.in_stock = _in_stock(columns, given, questions)
    plan.live = questions.agreed("init_live", "--live / --not-live", given.live, False)
    return plan, found


def _market(columns: Columns, given: Given, questions: Questions) -> MarketFacts:
    # English headers are written everywhere, and a guessed currency would be sent to shoppers
    likely = next(iter(countries(columns.language)), None) if columns.language != "en" else None
    country = questions.text("init_country", "--country", given.country, likely).upper()
    if country and not _COUNTRY.match(country):
        raise UsageError("init_country_wrong", value=country)
    known = market(country)
    language = given.language or (known.language if known else "")
    if country and not language:
        language = questions.text("init_language", "--language", None, None, country=country)
    currency = given.currency or (known.currency if known else "")
    if country and not currency:
        currency = questions.text("init_currency", "--currency", None, None, country=country)
    if language and not _LANGUAGE.match(language.lower()):
        raise UsageError("init_language_wrong", value=language)
    if currency and not _CURRENCY.match(currency.upper()):
        raise UsageError("init_currency_wrong", value=currency)
    zone, mark, tax = (known.zone, known.mark, known.tax) if known else ("UTC", ".", None)
    return MarketFacts(country, language.lower(), currency.upper(), zone, mark, tax)


def _feeds(folder: Path, given: Given, questions: Questions, country: str) -> list[PlannedFeed]:
    """A feed per channel, pinned to its version, with what the channel asks of a merchant."""
    newest = {one.name: one for one in list_channels(folder)}  # the last of a name is its newest version
    usable = {name: one for name, one in newest.items() if one.channel.rows != "table"}
    wanted = list(given.channels)
    if not wanted:
        simple = [name for name, one in usable.items() if not _required(one)]
        known = ", ".join(usable)
        answer = questions.text("init_channel", "--channel", None, simple[0] if simple else None, known=known)
        wanted = [one.strip() for one in answer.split(",") if one.strip()]
    feeds: list[PlannedFeed] = []
    for entry in dict.fromkeys(wanted):
        name, _, version = entry.partition("@")
        if name not in newest:
            raise UsageError("init_channel_unknown", name=name, near=nearest(name, newest), known=", ".join(usable))
        if name not in usable:
            raise UsageError("init_channel_table", name=name)
        full = load_channel(entry if version else f"{name}@{newest[name].version}", folder).spec
        if full.channel.markets and country and country not in full.channel.markets:
            raise UsageError("init_channel_market", name=name, country=country, known=", ".join(full.channel.markets))
        feeds.append(PlannedFeed(f"{name}_{country.lower()}", name, full.version, full))
    _short_names(feeds, country)
    for feed in feeds:
        for key, setting in feed.channel.channel.settings.items():
            if key in given.settings or (setting.required and setting.default is None):
                value = questions.text(
                    "init_setting", f"--setting {key}=...", given.settings.get(key), None,
                    channel=feed.channel_name, name=key, about=setting.description,
                )  # fmt: skip
                feed.settings[key] = value
    unknown = [key for key in given.settings if not any(key in feed.settings for feed in feeds)]
    if unknown:
        known = ", ".join(dict.fromkeys(key for feed in feeds for key in feed.channel.channel.settings))
        raise UsageError("init_setting_unknown", name=unknown[0], known=known or "-")
    return feeds


def _required(listing: ChannelListing) -> bool:
    return any(one.required and one.default is None for one in listing.channel.settings.values())


def _short_names(feeds: list[PlannedFeed], country: str) -> None:
    """The first word of the channel's name and the country, where that names one feed alone."""
    short = [f"{feed.channel_name.split('_')[0]}_{country.lower()}" for feed in feeds]
    for feed, name in zip(feeds, short, strict=True):
        if short.count(name) == 1:
            feed.name = name


def _key(plan: Plan, found: Profile, given: Given, questions: Questions) -> None:
    """The column that names a product; asked where no header says so, or where the one that does repeats."""
    best = plan.columns.column("sku")
    if given.key is None and best is not None and plan.columns.chosen["sku"].sure:
        return
    able = sorted(
        (one for one in found.columns.values() if one.filled and printable(one.name) == one.name),
        key=lambda one: (one.distinct.count * 100 // one.filled < 99, one.filled < found.rows),
    )
    if not able:
        raise UsageError("init_no_key", file=plan.form.declared)
    default = best.name if best is not None else able[0].name
    known = [one for one in found.columns if found.columns[one] in able]
    name = questions.text("init_key", "--key", given.key, default, columns=", ".join(known))
    if name not in known:
        raise UsageError("init_key_unknown", name=name, near=nearest(name, known), known=", ".join(known))
    plan.take("sku", chosen("sku", found.columns[name]))


def _addresses(plan: Plan, found: Profile, given: Given, questions: Questions) -> None:
    asked = plan.preset.spec.asks if plan.preset is not None else {}
    likely = _shop_of(plan, found)
    plan.shop_url = given.shop_url
    paths = _relative(plan)
    bases = {name: "image_url" if name == "image_link" and given.image_url else "shop_url" for name in paths}
    if "shop_url" in asked or "shop_url" in bases.values():
        plan.shop_url = questions.text("init_shop_url", "--shop-url", given.shop_url, likely)
    elif plan.shop_url is None and plan.preset is None:
        plan.shop_url = likely
    plan.image_url = given.image_url
    if "image_url" in asked:
        plan.image_url = questions.text("init_image_url", "--image-url", given.image_url, None)
    for flag, url in (("--shop-url", plan.shop_url), ("--image-url", plan.image_url)):
        if url and not _ADDRESS.match(url):
            raise UsageError("init_url_wrong", flag=flag, value=url)
    for name, base in bases.items():
        plan.take(name, relative(name, paths[name], base))


def _in_stock(columns: Columns, given: Given, questions: Questions) -> bool:
    flag = "--in-stock / --stock-unknown"
    dropped = next((one for one in columns.kept if one.meant in ("stock", "availability")), None)
    if dropped is None:
        return questions.agreed("init_stock", flag, given.in_stock, False)
    name, value = printable(dropped.column.name), clipped(dropped.strange)
    return questions.agreed(
        "init_stock_dropped", flag, given.in_stock, False, column=name, field=dropped.meant, value=value
    )


def _shop_of(plan: Plan, found: Profile) -> str | None:
    """The address that the links of the products share."""
    column = plan.columns.column("link")
    hosts = {f"{url.scheme}://{url.netloc}" for one in (column.samples if column else ()) if (url := urlsplit(one))}
    return hosts.pop() if len(hosts) == 1 else None


def _relative(plan: Plan) -> dict[str, Column]:
    """Columns of paths, by the field that their header means."""
    kept = {one.meant: one.column for one in reversed(plan.columns.kept) if one.column.mostly("path")}
    return {name: kept[name] for name in ("link", "image_link") if name in kept and in_template(kept[name].name)}


def _prices(plan: Plan, found: Profile, given: Given, questions: Questions) -> None:
    """The decimal mark of prices, and whether the tax is in them."""
    plan.read_prices(found)
    if given.decimal_mark is not None:
        if given.decimal_mark not in (".", ","):
            raise UsageError("init_mark_wrong", value=given.decimal_mark)
        plan.mark = given.decimal_mark
    elif plan.doubtful is not None:
        sample = plan.doubtful.shown["two_ways"]
        mark = questions.text(
            "init_mark", "--decimal-mark", None, plan.market.mark, column=plan.doubtful.name, sample=sample
        )
        plan.mark = mark if mark in (".", ",") else plan.market.mark
    sold = plan.sold_at
    if plan.market.tax is None or not sold:
        plan.with_tax = True if given.prices_include_tax is None else given.prices_include_tax
        return
    key = "init_tax_looks_net" if plan.looks_net else "init_tax"
    names = ", ".join(one.name for one in sold)
    flag = "--prices-include-tax / --no-prices-include-tax"
    plan.with_tax = questions.agreed(
        key, flag, given.prices_include_tax, True, columns=names, percent=str(plan.looks_net)
    )


def _tried(folder: Path, text: str, env: Mapping[str, str]) -> CheckResult:
    """The project checked before it is written under its name: what cannot run is never left behind."""
    trial = folder / f".{FILE}.{os.getpid()}.yaml"
    try:
        trial.write_bytes(text.encode())
        return check(Job(trial, env=env, plugins=False))
    except FeedsyncError as error:
        for one in error.errors if isinstance(error, ManyErrors) else [error]:
            if one.place is not None and one.place.file == trial.name:
                one.place = one.place._replace(file=FILE)  # the name that it would have had
        raise
    except OSError as error:
        raise OutputError("output_failed", Place(FILE), reason=error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            trial.unlink()


def _write(folder: Path, text: str) -> None:
    """Under its name only where there is still no such file."""
    new = folder / f".{FILE}.{os.getpid()}.new"
    try:
        new.write_bytes(text.encode())
        os.link(new, folder / FILE)
    except FileExistsError:
        raise ConfigError("init_there", Place(FILE)) from None
    except OSError as error:
        raise OutputError("output_failed", Place(FILE), reason=error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
