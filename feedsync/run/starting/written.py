"""The plan as feedsync.yaml, with a comment wherever a person should look."""

from __future__ import annotations

import re
from typing import Final

from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.run.profile import Column, Profile
from feedsync.run.starting.columns import MONEY, Chosen, in_template
from feedsync.run.starting.plan import Plan, PlannedFeed
from feedsync.semantics import printable
from feedsync.texts import say

_PLAIN: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ](?:[\wÀ-ÿ./ -]*[\wÀ-ÿ./])?")
_WORDS: Final = frozenset(["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"])
_SAMPLE: Final = 30  # characters of a sample in a comment
_LISTED: Final = 12  # columns without a field that are named
_INHERITED: Final = (
    "title", "description", "link", "image_link", "additional_image_link", "brand", "category", "material", "gender",
    "age_group", "tax_rate", "condition", "weight",
)  # fmt: skip


def project_text(plan: Plan, found: Profile) -> str:
    """The whole file."""
    lines = [f"# {say('init_head', file=comment(plan.form.declared))}", f"# {say('init_head_next')}", "version: 1", ""]
    lines += _catalog(plan, found)
    lines += _lookups(plan)
    lines += _defaults(plan)
    lines += ["", "feeds:"]
    if plan.live:
        lines.append(f"  # {say('init_comment_live')}")
    for feed in plan.feeds:
        lines += _feed(feed, plan)
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """The text as YAML, in quotes where it could be read as anything else."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and printable(text) == text:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def comment(text: str) -> str:
    """A text as it may stand in a comment: on one line, and nothing a YAML reader refuses."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= _SAMPLE * 2 else line[: _SAMPLE * 2 - 1] + "…"


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _flow(pairs: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in pairs.items()) + "}"


def _catalog(plan: Plan, found: Profile) -> list[str]:
    source = {"path": plan.form.declared}
    if plan.preset is not None:
        source["preset"] = plan.preset.name
        said = plan.preset.spec.source.model_dump(exclude_none=True)
        source |= {key: value for key, value in plan.form.keys.items() if said.get(key) != value}
        if plan.mark and plan.preset.spec.local_decimals:
            source["decimal_mark"] = plan.mark
    else:
        source |= plan.form.keys
    lines = ["catalog:"]
    if plan.preset is None:
        lines.append(f"  key: sku{' ' * 34}# {say('init_comment_key')}")
    if plan.market.zone != "UTC":
        lines.append(f"  timezone: {plan.market.zone}")
    lines.append(f"  currency: {plan.market.currency}")
    if plan.shop_url:
        lines.append(f"  shop_url: {scalar(plan.shop_url)}")
    if plan.image_url:
        lines.append(f"  image_url: {scalar(plan.image_url)}")
    lines += ["  sources:", f"    - {_flow(source)}"]
    if plan.preset is not None:
        lines.append(f"  # {say('init_comment_preset', title=comment(plan.preset.spec.title))}")
        return lines
    if plan.variants:
        inherit = ", ".join(name for name in _INHERITED if name in plan.columns.chosen)
        lines += ["  variants:", f"    parent: parent_sku{' ' * 23}# {say('init_comment_variants')}"]
        lines += [f"    inherit: [{inherit}]"] if inherit else []
    return [*lines, "  fields:", *_fields(plan, found)]


def _fields(plan: Plan, found: Profile) -> list[str]:
    chosen = plan.columns.chosen
    lines = [
        _noted(f"    {one.field}: {_field(one, plan)}", _sample(one.column), one) for one in plan.columns.in_order()
    ]
    if not {"stock", "availability"} & set(chosen):
        key = "init_comment_all_stock" if plan.in_stock else "init_comment_no_stock"
        lines.append(
            f"    availability: {{template: in_stock}}{' ' * 9}# {say(key)}" if plan.in_stock else f"    # {say(key)}"
        )
    lines += [f"    # {say('init_comment_lacks', field=name)}" for name in _lacking(plan)]
    unused = plan.columns.kept
    for one in unused:
        if one.meant:
            why = say("init_comment_unsure", column=comment(one.column.name), field=one.meant, value=_clip(one.strange))
            lines.append(f"    # {why}")
        if one.column.name in STANDARD_FIELDS and one.column.filled:
            lines.append(f"    {_own_name(one.column.name, found)}: {{from: {scalar(one.column.name)}}}")
    named = [comment(one.column.name) for one in unused if not one.meant]
    if named:
        more = say("init_comment_more", count=len(named) - _LISTED) if len(named) > _LISTED else ""
        lines.append(f"    # {say('init_comment_kept', columns=', '.join(named[:_LISTED]) + more)}")
    return lines


def _field(one: Chosen, plan: Plan) -> str:
    column = one.column.name
    if one.words and in_template(column):
        return _flow({"template": f"{{{{ field('{column}') | lookup('{one.field}_words') }}}}"})
    if one.template:
        return _flow({"template": one.template})
    options = dict(one.options)
    mark = plan.mark_of(one.column) if one.field in (*MONEY, "stock", "tax_rate") else None
    if one.field in MONEY and (plan.mark is not None) and mark is None:
        mark = plan.mark
    if mark is not None:
        options["decimal_mark"] = mark
    return _flow({"from": column, **options})


def _noted(line: str, sample: str, one: Chosen) -> str:
    doubt = "" if one.sure else f"; {say('init_comment_nearly')}"
    said = sample + doubt
    return f"{line:<44}  # {said}" if said else line


def _sample(column: Column) -> str:
    return _clip(column.samples[0]) if column.samples else ""


def _clip(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _SAMPLE else line[: _SAMPLE - 1] + "…"


def _lacking(plan: Plan) -> list[str]:
    """Fields that every channel wants and no column fills."""
    wanted = ("title", "description", "link", "image_link", "price")
    return [name for name in wanted if name not in plan.columns.chosen]


def _own_name(header: str, found: Profile) -> str:
    """A name under which the column is nobody's standard field."""
    name = f"shop_{header}"
    while name in found.columns or name in STANDARD_FIELDS:
        name = f"shop_{name}"
    return name


def _lookups(plan: Plan) -> list[str]:
    tables = [one for one in plan.columns.chosen.values() if one.words and in_template(one.column.name)]
    if not tables:
        return []
    lines = ["", f"lookups:{' ' * 35} # {say('init_comment_lookups')}"]
    for one in tables:
        words = ", ".join(f"{_key(value)}: {meaning}" for value, meaning in one.words.items())
        lines.append(f"  {one.field}_words: {{{words}}}")
    return lines


def _key(text: str) -> str:
    return scalar(text)


def _defaults(plan: Plan) -> list[str]:
    if plan.with_tax or (plan.preset is None and "price" not in plan.columns.chosen):
        return []
    if plan.market.tax is None and not plan.looks_net:
        return []
    rate = str(plan.looks_net or plan.market.tax)
    if plan.preset is None and "tax_rate" in plan.columns.chosen:
        rate = f"tax_rate or {rate}"
    money = "money(currency or market.currency)" if "currency" in plan.columns.chosen else "money(market.currency)"
    price = f"{{{{ price | add_tax({rate}) | {money} }}}}"
    lines = ["", f"defaults:{' ' * 34} # {say('init_comment_tax')}", "  attributes:", f"    price: {scalar(price)}"]
    if plan.preset is not None or "sale_price" in plan.columns.chosen:
        below = "sale_price is not missing and price is not missing and sale_price < price"
        sale = f"{{{{ sale_price | add_tax({rate}) | {money} if {below} }}}}"
        lines.append(f"    sale_price: {scalar(sale)}")
    return lines


def _feed(feed: PlannedFeed, plan: Plan) -> list[str]:
    market = _flow({"country": plan.market.country, "language": plan.market.language, "currency": plan.market.currency})
    lines = [f"  {feed.name}:", f"    channel: {feed.channel_name}@{feed.version}", f"    market: {market}"]
    if feed.settings:
        lines.append(f"    settings: {_flow(feed.settings)}")
    return lines
