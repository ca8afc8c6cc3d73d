"""channels.md, and the table of channels in the README."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docs.pages.markdown import anchor, code, page, table
from docs.pages.registries import templates
from feedsync.specs.channel import Attribute, Limits, Mapped, Rule
from feedsync.specs.channels import LoadedChannel, channel_folders, load_channel

INTRO = """The channels that come with feedsync. A channel is data, not code: `feedsync channels show NAME` prints one, and
[own-channel.md](../own-channel.md) says how you write your own. The facts are the vendors' own pages as of the day given.
A fact marked *unverified* has no such page behind it: breaking it is a warning and never blocks a product."""
LIMITS: Final = {
    "max_characters": "at most {} characters",
    "max_bytes": "at most {} bytes",
    "shown_characters": "shows {} characters",
    "total_characters": "at most {} characters in all",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "above": "above {}",
    "below": "below {}",
    "repeat": "at most {} entries",
    "pattern": "form {}",
    "currency": "in {}",
}
DELETES: Final = {
    "absence": "a product that is not in the file is gone",
    "explicit": "a product stays until it is deleted explicitly; leaving it out of the file is not enough",
    "status": "a product goes by a status",
    "none": "the channel deletes nothing",
}


def shipped() -> list[LoadedChannel]:
    """Every channel and version that comes with feedsync."""
    return [load_channel(entry.full_name, None) for entry in channel_folders(None)]


def channels() -> str:
    """The page of channels."""
    return page("Channels", INTRO, overview(""), *(_channel(loaded) for loaded in shipped()))


def overview(page_link: str) -> str:
    """One row per channel; `page_link` is where channels.md is seen from."""
    rows = [
        [
            f"[{loaded.spec.name}]({page_link}#{anchor(loaded.spec.name)})",
            loaded.spec.channel.title,
            loaded.spec.version,
            ", ".join(loaded.spec.channel.formats),
            str(len(loaded.spec.attributes)),
        ]
        for loaded in shipped()
    ]
    return table(["channel", "what it is", "version", "formats", "attributes"], rows)


def _channel(loaded: LoadedChannel) -> str:
    spec, channel = loaded.spec, loaded.spec.channel
    formats = ", ".join(f"{code(name)} (.{one.suffix}, {one.writer})" for name, one in channel.formats.items())
    facts = [
        f"- Version: {code(spec.version)}, from <{channel.docs}>",
        f"- Formats: {formats}; the first one is written unless the feed names others",
        f"- Deleting: {code(channel.delete_mode)}: {DELETES[channel.delete_mode]}",
        f"- Writing: {code(channel.write_mode)}",
    ]
    if channel.refresh_after_days:
        facts.append(f"- The channel forgets a product that is not sent again within {channel.refresh_after_days} days")
    if channel.rows == "table":
        facts.append("- A feed of this channel needs `rows:`, the name of a table: one entry per row of the table")
    if channel.variants:
        by = ", ".join(map(code, channel.variants.by))
        facts.append(f"- Variants: grouped by {code(channel.variants.group)}; at least one of these differs: {by}")
    if channel.limits:
        limits = ", ".join(f"{code(name)} {number}" for name, number in channel.limits.items())
        facts.append(f"- Limits on files and calls, which feedsync does not check yet: {limits}")
    parts = [f"## {spec.name}", channel.title, "\n".join(facts)]
    if channel.settings:
        rows = [
            [code(name), "required" if one.required else "", code(one.default) if one.default else "", one.description]
            for name, one in channel.settings.items()
        ]
        parts += ["Settings of a feed:", table(["setting", "", "default", "meaning"], rows)]
    parts.append(
        table(
            ["attribute", "type", "required", "limits", "default mapping", "facts"],
            [_attribute(loaded, name, one) for name, one in spec.attributes.items()],
        )
    )
    if channel.rules:
        parts += [
            "Rules between attributes:",
            table(["attribute", "level", "what", "broken when"], map(_rule, channel.rules)),
        ]
    return "\n\n".join(parts)


def _attribute(loaded: LoadedChannel, name: str, one: Attribute) -> list[str]:
    mapping = loaded.spec.mapping.get(name)
    filled = " · ".join(code(text) for text in templates(mapping)) if mapping is not None else ""
    if isinstance(mapping, Mapped) and mapping.on_invalid != "block":
        filled += f", on_invalid: {mapping.on_invalid}"
    required = "yes" if one.required else f"when {code(_bare(one.required_when))}" if one.required_when else ""
    return [code(name), str(one.semantic), required, "; ".join(_limits(one)), filled, _facts(one)]


def _limits(one: Limits) -> Iterator[str]:
    for key, said in LIMITS.items():
        limit = getattr(one, key, None)
        if limit is not None:
            shown = code(_bare(str(limit))) if key in ("pattern", "currency", "below") else str(limit)
            yield said.format(shown)
    if one.one_of:
        yield "one of " + ", ".join(map(code, one.one_of))
    if isinstance(one, Attribute):
        if isinstance(one.of, Limits):
            yield from (f"each: {limit}" for limit in _limits(one.of))
        for name, inner in one.fields.items():
            limits = [inner.type, *(["required"] if inner.required else []), *_limits(inner)]
            yield f"{code(name)} {', '.join(limits)}"


def _facts(one: Attribute) -> str:
    doubt = "unverified" if not one.verified else f"unverified: {', '.join(one.unverified)}" if one.unverified else ""
    page_of = f"[docs]({one.docs})" if one.docs else ""
    return " ".join(part for part in (page_of, one.checked or "", doubt) if part)


def _rule(rule: Rule) -> list[str]:
    level = rule.severity + ("" if rule.verified else " (unverified)")
    said = rule.text["en"] + (f". {rule.fix['en']}" if rule.fix else "")
    return [code(rule.attribute), level, said, code(_bare(rule.broken))]


def _bare(template: str) -> str:
    """A template that is one value, without its braces."""
    inner = template.strip().removeprefix("{{").removesuffix("}}").strip()
    return template if "{" in inner else inner
