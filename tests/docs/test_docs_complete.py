"""The documentation says what the code says: nothing has drifted, nothing is left out, every link leads somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from doc_blocks import GENERATED, HAND_WRITTEN, ROOT, blocks
from typer.testing import CliRunner

from docs import generate
from docs.pages.commands import EXITS, Command, commands
from docs.pages.language import heading_of, signature
from docs.pages.markdown import anchor
from docs.pages.settings import FILES, headings
from feedsync.catalog.standard import STANDARD_FIELDS
from feedsync.cli.app import app
from feedsync.errors import Exit
from feedsync.expressions.functions import FUNCTIONS, JINJA_REFUSED, TESTS
from feedsync.expressions.registry import Function
from feedsync.findings import CODES
from feedsync.specs import project, source
from feedsync.specs.channels import channel_folders, load_channel
from feedsync.specs.model import Model
from feedsync.specs.schema import schemas

REFERENCE = ROOT / "docs/reference"
COMMANDS = commands()
SCHEMAS = schemas()
CHANNELS = [entry.full_name for entry in channel_folders(None)]


def said(page: str) -> str:
    return (REFERENCE / page).read_text(encoding="utf-8")


def section(page: str, heading: str, level: str = "##") -> str:
    """The text below a heading, up to the next one of its level."""
    found = re.search(rf"^{level} {re.escape(heading)}$(.*?)(?=^{level[:2]} |^{level} |\Z)", said(page), re.M | re.S)
    assert found, f"{page} has no heading {heading}"
    return found[1]


def test_nothing_has_drifted() -> None:
    assert generate.drifted() == []


def test_a_page_that_drifts_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = {"docs/reference/cli.md": "another page\n"}
    left = [path for path in generate.PAGES if path not in made]
    monkeypatch.setattr(generate, "generated", lambda: {**made, **{path: (ROOT / path).read_text() for path in left}})
    monkeypatch.setattr(generate, "SCHEMAS", "docs/no-such-folder")
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/reference/cli.md has drifted: run make docs\n"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_documented_as_its_help_says(command: Command) -> None:
    text = section("cli.md", command.name)
    shown = CliRunner().invoke(app, [*command.name.split()[1:], "--help"], env={"COLUMNS": "200"}).output
    options = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", re.sub(r"\[default.*?\]", "", shown)))
    listed = set(re.findall(r"`(--?[a-zA-Z][\w-]*)`", text))
    assert listed <= options
    assert {option for option in options if re.search(rf"^\s+.*{option}\b", shown, re.M)} - {"--reason"} <= listed
    assert command.help in text
    for one in command.parameters:
        assert one.help in text


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    single = [command.name for command in COMMANDS if not command.inner]
    assert [name for name in single if f"| `{name}" not in readme] == []


def test_every_exit_code_has_its_meaning_and_the_readme_its_row() -> None:
    later = {Exit.REJECTED, Exit.LOCKED, Exit.CHANGES}  # of pushing, which is not there yet
    assert set(EXITS) | later == set(Exit)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| exit code |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", table, re.M)
    assert {int(code) for row in rows for code in row.split(", ")} == {int(code) for code in EXITS}


@pytest.mark.parametrize("function", [*FUNCTIONS.values(), *TESTS.values()], ids=heading_of)
def test_a_function_is_documented(function: Function) -> None:
    text = section("functions.md", heading_of(function), "###")
    assert signature(function) in text
    assert function.summary in text
    for example in function.examples:
        assert example.template in text
    if function.jinja:
        assert function.jinja in text
        assert function.jinja in said("jinja.md")


@pytest.mark.parametrize("name", JINJA_REFUSED)
def test_a_filter_that_is_refused_is_documented(name: str) -> None:
    assert f"| `{name}` | {JINJA_REFUSED[name]} |" in said("jinja.md")


@pytest.mark.parametrize("code", CODES)
def test_a_finding_is_documented(code: str) -> None:
    text = section("findings.md", code, "###")
    assert f"Level: **{CODES[code].severity}**" in text
    assert re.findall(r"\*\*(.+?):\*\*", text) == ["What", "Why it matters", "How to fix"]
    examples = re.findall(r"^\| (fails|passes) \| .*`.+` \|", text, re.M)
    assert examples == ([] if code.startswith("FS5") else ["fails", "passes"])


@pytest.mark.parametrize("name", STANDARD_FIELDS)
def test_a_standard_field_is_documented(name: str) -> None:
    one = STANDARD_FIELDS[name]
    assert f"| `{name}` | {one.type} | {one.meaning} |" in said("fields.md")


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_is_documented(name: str) -> None:
    spec = load_channel(name, None).spec
    text = section("channels.md", spec.name)
    for attribute in spec.attributes:
        assert f"\n| `{attribute}` |" in text
    for form in spec.channel.formats:
        assert f"`{form}`" in text
    for rule in spec.channel.rules:
        assert rule.text["en"] in text
    assert f"| [{spec.name}](docs/reference/channels.md#{anchor(spec.name)}) |" in (ROOT / "README.md").read_text()


KEYS = [
    *((name, "config.md", "feedsync", "##") for name in headings(project.ProjectSpec, "The whole file").items()),
    *(
        (name, "channel-spec.md", file.partition(".")[0], "###")
        for file, (root, heading, _) in FILES.items()
        for name in headings(root, heading).items()
    ),
]


@pytest.mark.parametrize(
    ("found", "page", "schema", "level"), KEYS, ids=lambda part: part[1] if isinstance(part, tuple) else ""
)
def test_every_key_says_what_it_means(found: tuple[type[Model], str], page: str, schema: str, level: str) -> None:
    model = found[0]
    whole = SCHEMAS[schema]
    described = whole["definitions"].get(model.__name__, whole)["properties"]
    assert [key for key in described if not described[key].get("description")] == []
    for name, info in model.model_fields.items():
        assert f"\n| `{info.alias or name}` |" in said(page)


@pytest.mark.parametrize("page", [*HAND_WRITTEN, *GENERATED], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]+`(?!\])", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (fragment and fragment not in anchors(file)):
            lost.append(target)
    assert lost == []


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M)}


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {
        name for page in HAND_WRITTEN for name in re.findall(r"`?make ([a-z-]+)`", page.read_text(encoding="utf-8"))
    }
    assert named <= targets
    assert {"demo", "test", "docs"} <= named


def test_the_layers_of_the_architecture_are_those_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    table = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("| package |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\w+)`", row.split("|")[1]) for row in table.splitlines()[2:]]
    assert [name for row in rows for name in row] == [
        name for layer in layers for name in layer.split(" | ") if name != "version"
    ]


def test_the_changelog_names_every_command() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    single = [command.name.removeprefix("feedsync ") for command in COMMANDS if not command.inner]
    assert [name for name in single if f"`{name}`" not in text] == []


def test_what_is_left_to_later_is_not_there_yet() -> None:
    """When one of these comes, docs/limits.md and the README must change."""
    text = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    assert {"plan", "push"} <= set(re.findall(r"`(\w+)`", text))
    assert not {f"feedsync {name}" for name in ("plan", "push")} & {command.name for command in COMMANDS}
    keys = {*project.ProjectSpec.model_fields, *project.FeedSpec.model_fields, *source.SourceSpec.model_fields}
    assert not {"deliver"} & keys
    assert project.ProjectSpec.model_fields["language"].default == "en"


def test_the_project_of_the_readme_has_ten_lines() -> None:
    (project_block,) = [block for block in blocks(ROOT / "README.md") if block.note == "file=feedsync.yaml"]
    assert len(project_block.text.splitlines()) == 10
