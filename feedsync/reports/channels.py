"""Channels as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedsync.reports import wording
from feedsync.reports.lines import Line, columns, fitted, wrapped
from feedsync.specs.channel import Attribute
from feedsync.specs.channels import ChannelListing, LoadedChannel
from feedsync.texts import say


def listed(listings: Sequence[ChannelListing], width: int | None) -> list[Line]:
    """One line per channel and version, cut to `width`; None: whole."""
    head = ("name", "version", "formats", "title")
    rows = [(one.name, one.version, ", ".join(one.channel.formats), one.channel.title) for one in listings]
    lines = [line if width is None else fitted(line, width) for line in columns([head, *rows])]
    return [[(line, "head" if index == 0 else "")] for index, line in enumerate(lines)]


def shown(loaded: LoadedChannel, width: int) -> list[Line]:
    """One channel: its formats, what it asks of a merchant, and every attribute with its demands."""
    spec, channel = loaded.spec, loaded.spec.channel
    lines: list[Line] = [[(f"{spec.name}@{spec.version}", "head"), (f"  {channel.title}", "")]]
    lines.append([(" " + say("channels_docs", docs=channel.docs), "")])
    formats = ", ".join(f"{name} (.{form.suffix})" for name, form in channel.formats.items())
    lines.append([(" " + say("channels_formats", names=formats), "")])
    lines += [[(line, "")] for line in wrapped(say(f"channels_delete.{channel.delete_mode}"), width, 1)]
    for name, setting in channel.settings.items():
        need = say("channels_needed" if setting.required else "channels_optional")
        said = say("channels_setting", name=name, need=need, description=setting.description)
        lines += [[(line, "")] for line in wrapped(said, width, 1)]
    lines.append([(" " + say("channels_attributes", count=wording.number(len(spec.attributes))), "")])
    name_width = max(len(name) for name in spec.attributes)
    for name, attribute in spec.attributes.items():
        demands = "; ".join(_demands(attribute))
        below = wrapped(demands, width, name_width + 4)
        first = below[0].strip() if below else ""
        lines.append([(f"  {name:<{name_width}}  ", "head" if attribute.required else ""), (first, "")])
        lines += [[(line, "")] for line in below[1:]]
    return lines


def _demands(attribute: Attribute) -> Iterator[str]:
    """What the channel demands of an attribute, in the words of attributes.yaml."""
    yield str(attribute.semantic) if attribute.type == "list" else attribute.type
    if attribute.required:
        yield say("channels_needed")
    elif attribute.required_when:
        yield say("channels_conditional", condition=attribute.required_when.strip("{} \n"))
    for key in ("max_characters", "max_bytes", "shown_characters", "minimum", "maximum", "above", "below", "repeat"):
        limit = getattr(attribute, key)
        if limit is not None:
            yield f"{key} {limit}"
    if attribute.one_of:
        yield ", ".join(attribute.one_of)
    if attribute.fields:
        yield ", ".join(attribute.fields)
