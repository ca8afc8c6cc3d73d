"""findings.md and fields.md: the finding catalogue and the standard fields."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, nodes

from docs.pages.markdown import code, page, table
from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.findings import CODES, Code
from feedsync.specs.channel import Mapped, Mapping
from feedsync.specs.channels import channel_folders, load_channel
from feedsync.texts import catalogue

CASES: Final = Path(__file__).parents[2] / "tests" / "cases" / "findings"
STAGES: Final = {
    "FS1": ("The catalog", "Found while the sources are read."),
    "FS2": ("The mapping", "Found while values are mapped."),
    "FS3": ("One product", "Found in one product of a feed."),
    "FS4": ("The whole feed", "Found when all products of a feed are known."),
    "FS5": (
        "Guards",
        "An export over an older one is held (exit 3), and the old files stay. Look at the cause first. "
        'Where it is right, run `feedsync export --allow NAME --reason "..."`.',
    ),
}
FINDINGS_INTRO = """Every problem has a code. An **error** keeps the product out of the feed; the other products go on.
A **warning** sends it. A **hint** is advice. A code keeps its number for ever.

`rules:` in feedsync.yaml changes how serious a code is: `FS312: hint`. Switching one off needs a reason and a last day:
`FS341: {severity: "off", reason: lot names, until: 2027-01-31}`. A guard is not changed that way.

For one attribute, `on_invalid: drop` leaves a bad value out, and `on_invalid: keep` sends it. Both turn the error into a
warning. Words in braces are filled in when the message is made."""
FIELDS_INTRO = """Map your columns to these names, and every channel can be filled without more work.
A field with one of these names has the type given here unless its `type` says otherwise. Any other name is a field of your
own: it is text unless its `type` says otherwise, and you can use it in every template.
The last column names the channels whose default mapping reads the field."""


def findings() -> str:
    """The page of finding codes."""
    rows = [[f"[{one.code}](#{one.code.lower()})", one.severity, _say(one, "title")] for one in CODES.values()]
    parts = []
    for prefix, (heading, text) in STAGES.items():
        parts += [f"## {heading}", text, *(_entry(one) for one in CODES.values() if one.code.startswith(prefix))]
    assert all(code[:3] in STAGES for code in CODES), "a stage without a heading"
    return page("Findings", FINDINGS_INTRO, table(["code", "level", "title"], rows), *parts)


def _say(one: Code, part: str) -> str:
    text = catalogue()[f"{one.code}.{part}"].what
    return f"`{text}`" if one.code.startswith("FS5") and part == "title" else text


def _entry(one: Code) -> str:
    text = catalogue()[one.code]
    said = {"What": text.what, "Why it matters": _say(one, "why"), "How to fix": text.fix}
    if one.code in ("FS316", "FS317"):  # the channel's own rule brings its words
        said["What"], said["How to fix"] = "What the channel's rule says.", "What the channel's rule advises."
    lines = [f"- **{head}:** {_braces(words)}" for head, words in said.items() if words]
    head = [f"### {one.code}", "", f"{_say(one, 'title')}. Level: **{one.severity}**.", "", *lines]
    return "\n".join([*head, *_example(one.code)])


def _example(code_: str) -> list[str]:
    """The failing and the passing case that the code is tested with; guards compare two runs and have none."""
    file = CASES / f"{code_}.yaml"
    if not file.is_file():
        return []
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    mapping = ", ".join(code(f"{name}: {text}") for name, text in case["mapping"].items())
    messages = " and ".join(found[4] for found in case["fails"]["findings"] if found[0] == code_)
    rows = [["fails", _rows(case["fails"]), messages], ["passes", _rows(case["passes"]), ""]]
    return ["", f"For example, mapped by {mapping}:", "", table(["", "rows", "message"], rows)]


def _rows(half: dict[str, Any]) -> str:
    sources = {name: rows for name, rows in half.items() if name != "findings"}
    shown = {
        name: " · ".join(code(", ".join(f"{field}: {cell}" for field, cell in row.items())) for row in rows)
        for name, rows in sources.items()
    }
    return "; ".join(f"{name} {rows}" if len(shown) > 1 else rows for name, rows in shown.items())


def _braces(text: str) -> str:
    """Parameters as code; the quoted value is quoted when it is filled in."""
    return re.sub(r"\{(\w+)\}", lambda found: code("{" + found[1].replace("quoted", "value") + "}"), text)


def fields() -> str:
    """The page of standard fields."""
    read = {name: _fields_read(name) for name in sorted({entry.name for entry in channel_folders(None)})}
    rows = [
        [code(name), str(one.type), one.meaning, ", ".join(channel for channel, names in read.items() if name in names)]
        for name, one in STANDARD_FIELDS.items()
    ]
    return page("Standard fields", FIELDS_INTRO, table(["field", "type", "meaning", "read by"], rows))


def _fields_read(channel: str) -> set[str]:
    """The names that a channel's default mapping reads."""
    environment = Environment(autoescape=True)  # parsed only, never rendered
    texts = [text for mapping in load_channel(channel, None).spec.mapping.values() for text in templates(mapping)]
    return {name.name for text in texts for name in environment.parse(text).find_all(nodes.Name)}


def templates(mapping: Mapping) -> list[str]:
    """The templates of one attribute's mapping, in order."""
    value = mapping.value if isinstance(mapping, Mapped) else mapping
    if isinstance(value, str):
        return [value]
    return [text for entry in value for text in (entry.values() if isinstance(entry, dict) else [entry])]
