"""Channels: where they are found, which version is meant, what a derived one inherits, and places through all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsync.errors import ConfigError, FeedsyncError, Place
from feedsync.specs import channels
from feedsync.specs.channels import channel_folders, list_channels, load_channel
from feedsync.specs.layers import Layers
from feedsync.specs.yaml import parse

CHANNEL = """\
title: Kiosk
docs: https://kiosk.example
engine_words: [kiosk]
not_shown: {en: not in the kiosk}
delete_mode: absence
write_mode: replace
limits: {items: 10, bytes: 1000}
formats: {csv: {writer: delimited, suffix: csv}}
"""
ATTRIBUTES = """\
id: {required: true}
title:
  max_characters: 20
  max_bytes: 60
price: {type: money}
"""
MAPPING = 'id: "{{ sku }}"\ntitle: "{{ title }}"\nprice: "{{ price }}"\n'


def write(root: Path, name: str, version: str, **files: str) -> None:
    folder = root / "channel_specs" / name / version
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / f"{file}.yaml").write_text(text)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project beside built-in channels kiosk@1.9, kiosk@1.10 and stall@2026-11."""
    builtin, project = tmp_path / "builtin", tmp_path / "project"
    project.mkdir()
    for name, version in (("kiosk", "1.9"), ("kiosk", "1.10"), ("stall", "2026-11")):
        write(builtin, name, version, channel=CHANNEL, attributes=ATTRIBUTES, mapping=MAPPING)
    monkeypatch.setattr(channels, "builtin_folder", lambda: builtin / "channel_specs")
    return project


def refusal(name: str, root: Path) -> list[str]:
    with pytest.raises(FeedsyncError) as raised:
        load_channel(name, root, Place("feedsync.yaml", 3, 12))
    return str(raised.value).split("\n")


def test_the_newest_version_is_meant(root: Path) -> None:
    write(root, "stall", "2026-2", channel=CHANNEL, attributes=ATTRIBUTES, mapping=MAPPING)
    assert load_channel("kiosk", root).spec.version == "1.10"
    assert load_channel("kiosk@1.9", root).spec.version == "1.9"
    assert load_channel("stall", root).spec.version == "2026-11"
    assert [entry.full_name for entry in channel_folders(root)] == [
        "kiosk@1.9",
        "kiosk@1.10",
        "stall@2026-2",
        "stall@2026-11",
    ]


def test_ones_own_replaces_the_built_in(root: Path) -> None:
    write(root, "kiosk", "1.10", channel=CHANNEL.replace("Kiosk", "My kiosk"), attributes=ATTRIBUTES, mapping=MAPPING)
    assert load_channel("kiosk", root).spec.channel.title == "My kiosk"
    assert load_channel("kiosk", None).spec.channel.title == "Kiosk"
    assert [(entry.name, entry.version, entry.channel.title) for entry in list_channels(root)] == [
        ("kiosk", "1.9", "Kiosk"),
        ("kiosk", "1.10", "My kiosk"),
        ("stall", "2026-11", "Kiosk"),
    ]


def test_a_derived_channel_says_only_what_differs(root: Path) -> None:
    write(
        root,
        "corner",
        "1",
        channel="extends: kiosk@1.9\ntitle: Corner\nlimits: {items: 5}\nformats: {csv: {delimiter: ';'}, txt: {writer: delimited, suffix: txt}}\n",
        attributes="title:\n  max_characters: 30\n  max_bytes: ~\nprice: ~\ncolor: {max_characters: 5}\n",
        mapping='price: ~\ncolor: "{{ color }}"\n',
    )
    loaded = load_channel("corner", root)
    spec = loaded.spec
    assert spec.channel.title == "Corner"
    assert spec.channel.delete_mode == "absence"
    assert spec.channel.limits == {"items": 5, "bytes": 1000}
    assert list(spec.channel.formats) == ["csv", "txt"]
    assert spec.channel.formats["csv"].model_dump(include={"suffix", "delimiter"}) == {
        "suffix": "csv",
        "delimiter": ";",
    }
    assert list(spec.attributes) == ["id", "title", "color"]
    assert spec.attributes["title"].max_characters == 30
    assert spec.attributes["title"].max_bytes is None
    assert spec.mapping == {"id": "{{ sku }}", "title": "{{ title }}", "color": "{{ color }}"}
    assert loaded.place("attributes.yaml", "title", "max_characters") == Place(
        "channel_specs/corner/1/attributes.yaml", 2, 19
    )
    assert loaded.place("attributes.yaml", "id", "required") == Place("channel_specs/kiosk/1.9/attributes.yaml", 1, 16)
    assert loaded.place("mapping.yaml", "title") == Place("channel_specs/kiosk/1.9/mapping.yaml", 2, 8)
    assert loaded.scalar_offset("mapping.yaml", "title") == 9
    assert loaded.place("channel.yaml", "limits", "items", key=True) == Place(
        "channel_specs/corner/1/channel.yaml", 3, 10
    )
    assert loaded.place("cases.yaml", 0) == Place("channel_specs/corner/1/cases.yaml")


def test_channel_yaml_alone_is_enough_to_derive(root: Path) -> None:
    write(root, "kiosk", "2", channel="extends: kiosk\ntitle: Two\n")
    write(root, "kiosk", "1.10", channel="extends: kiosk@1.10\ntitle: Mine\n")
    assert load_channel("kiosk@1.10", root).spec.channel.title == "Mine"
    two = load_channel("kiosk", root)
    assert (two.spec.version, two.spec.channel.title, list(two.spec.attributes)) == (
        "2",
        "Two",
        ["id", "title", "price"],
    )


def test_cases_are_not_inherited(root: Path) -> None:
    cases = "- name: plain\n  product: {sku: 007, gtin: 012}\n  item: {id: 007}\n- name: none\n  product: {}\n  findings: [[FS301, id]]\n"
    write(root, "corner", "1", channel="extends: kiosk", cases=cases)
    write(root, "edge", "1", channel="extends: corner")
    first, second = load_channel("corner", root).spec.cases
    assert (first.product, first.item) == ({"sku": "007", "gtin": "012"}, {"id": "007"})
    assert (second.item, second.findings) == (None, (("FS301", "id"),))
    assert load_channel("edge", root).spec.cases == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "kiosc",
            ['feedsync.yaml:3:12: error: there is no channel "kiosc"; did you mean "kiosk"? There are: kiosk, stall.'],
        ),
        ("zzz", ['feedsync.yaml:3:12: error: there is no channel "zzz". There are: kiosk, stall.']),
        ("kiosk@3", ['feedsync.yaml:3:12: error: kiosk has no version "3". It has: 1.9, 1.10.']),
    ],
)
def test_unknown_names(root: Path, name: str, expected: list[str]) -> None:
    assert refusal(name, root) == expected


def test_a_channel_cannot_extend_itself(root: Path) -> None:
    write(root, "a", "1", channel="extends: b\n")
    write(root, "b", "1", channel="title: B\nextends: a\n")
    write(root, "c", "1", channel="extends: c\n")
    write(root, "d", "1", channel="extends: nothing\n")
    write(root, "e", "1", channel="extends: [a]\n")
    assert refusal("a", root) == [
        "channel_specs/b/1/channel.yaml:2:10: error: extends: a channel cannot extend itself: a@1 -> b@1 -> a."
        " Name a channel or version that does not lead back here."
    ]
    assert refusal("c", root) == [
        "channel_specs/c/1/channel.yaml:1:10: error: extends: a channel cannot extend itself: c@1 -> c."
        " Name a channel or version that does not lead back here."
    ]
    assert refusal("d", root) == [
        'channel_specs/d/1/channel.yaml:1:10: error: extends: there is no channel "nothing".'
        " There are: a, b, c, e, kiosk, stall."
    ]
    assert refusal("e", root) == [
        "channel_specs/e/1/channel.yaml:1:10: error: extends: [...] stands where a text is expected."
        " Write one text, in quotes if it holds brackets."
    ]


def test_the_mistakes_of_all_files_come_together(root: Path) -> None:
    write(
        root,
        "bad",
        "1",
        channel=CHANNEL.replace("absence", "absent")
        + "spelling: {boolean: [x]}\nrules: [{attribute: id, text: {en: x}}]\n",
        attributes="id: {type: list, of: {tipe: text}}\ncolor: {type: enum}\nsize: {type: group}\nage: {of: text, unverified: [colour]}\n",
        mapping='id: x\ncolour: "{{ color }}"\nsize: {value: a, on_invalid: dropp}\n',
        cases="- name: x\n  product: {a: [b]}\n  findings: [[FS301]]\n",
    )
    folder = "channel_specs/bad/1"
    assert refusal("bad", root) == [
        f'{folder}/attributes.yaml:1:23: error: id.of: unknown key "tipe"; did you mean "type"?',
        f"{folder}/attributes.yaml:2:8: error: color: an enum needs one_of. List its values.",
        f"{folder}/attributes.yaml:3:7: error: size: a group needs fields, and only a group has them. Add fields, or write another type.",
        f'{folder}/attributes.yaml:4:6: error: age: only a list has "of". Write type: list, or remove of.',
        f"{folder}/cases.yaml:2:16: error: [0].product.a: [...] stands where a text is expected. Write one text, in quotes if it holds brackets.",
        f"{folder}/cases.yaml:3:14: error: [0].findings[0]: too few entries. Write at least 2.",
        f'{folder}/channel.yaml:5:14: error: delete_mode: "absent" is not known here; did you mean "absence"? Known: absence, explicit, status, none.',
        f"{folder}/channel.yaml:9:12: error: spelling.boolean: too few entries. Write at least 2.",
        f'{folder}/channel.yaml:10:9: error: rules[0]: the key "broken" is missing. Add it.',
        f'{folder}/mapping.yaml:3:30: error: size.on_invalid: "dropp" is not known here; did you mean "drop"? Known: block, drop, keep.',
    ]


def test_formats_are_told_apart_by_their_writer(root: Path) -> None:
    formats = """\
formats:
  a: {writer: delimted, suffix: x}
  b: {suffix: y}
  c: {writer: xml, suffix: xml, document: {root: x}, delimiter: ","}
  d: {writer: jsonl, suffix: jsonl, split_at: {records: viele}}
  e: {writer: xml, suffix: xml, document: rss2}
"""
    write(root, "f", "1", channel="extends: kiosk\n" + formats)
    file = "channel_specs/f/1/channel.yaml"
    assert refusal("f", root) == [
        f'{file}:3:6: error: formats.a: "delimted" is not known here; did you mean "delimited"? Known: delimited, xml, json, jsonl, template.',
        f'{file}:4:6: error: formats.b: the key "writer" is missing. Add it.',
        f'{file}:5:33: error: formats.c.document: the key "item" is missing. Add it.',
        f'{file}:5:54: error: formats.c: unknown key "delimiter". Known keys: suffix, compress, writer, document, entry, namespaces, element, plain, list, group.',
        f'{file}:6:57: error: formats.d.split_at.records: "viele" is not a whole number. Write digits only, e.g. 20.',
        f'{file}:7:43: error: formats.e.document: "rss2" is not known here; did you mean "rss"? Known: rss, atom.',
    ]


def test_mapping_names_attributes(root: Path) -> None:
    write(root, "m", "1", channel=CHANNEL, attributes="id: {}\ntitle: {}\n", mapping="id: x\ntitel: y\nzz: z\n")
    assert refusal("m", root) == [
        'channel_specs/m/1/mapping.yaml:2:1: error: no attribute "titel"; did you mean "title"?',
        'channel_specs/m/1/mapping.yaml:3:1: error: no attribute "zz". The channel has: id, title.',
    ]


def test_files_that_are_missing_or_of_another_kind(root: Path) -> None:
    write(root, "n", "1", channel=CHANNEL)
    write(root, "o", "1", channel="- a\n")
    write(root, "p", "1", channel="extends: kiosk", cases="cases: []\n")
    assert refusal("n", root) == [
        "channel_specs/n/1/channel.yaml: error: there is no attributes.yaml beside this file. Write it, or extend a channel that has one."
    ]
    assert refusal("o", root) == [
        "channel_specs/o/1/channel.yaml:1:1: error: the file is not a mapping at its top. Begin with keys at the left margin: key: value."
    ]
    assert refusal("p", root) == [
        'channel_specs/p/1/cases.yaml:1:1: error: the file is not a list at its top. Begin each entry with "- ".'
    ]
    with pytest.raises(ConfigError) as raised:
        list_channels(root)
    assert str(raised.value) == refusal("o", root)[0]


def test_layers_merge_mappings_and_replace_the_rest() -> None:
    above = parse("a: {b: 1, c: ~}\nl: [x]\nm: {n: 1}\nnew: {k: ~, j: 2}\n", "above")
    below = parse("a: {b: 0, c: 0, d: 0}\nl: [y, z]\nm: text\n", "below")
    layers = Layers((above, below))
    assert layers.data == {"a": {"b": "1", "d": "0"}, "l": ["x"], "m": {"n": "1"}, "new": {"j": "2"}}
    assert list(layers.data["a"]) == ["b", "d"]
    assert layers.place(("a", "d")) == Place("below", 1, 20)
    assert layers.place(("a", "b")) == Place("above", 1, 8)
    assert layers.place(("a", "gone")) == Place("above", 1, 4)
    assert layers.has(("a", "d"))
    assert not layers.has(("a", "gone"))


def test_every_channel_that_comes_with_feedsync_loads() -> None:
    found = channel_folders(None)
    assert found, "no built-in channel was found"
    for entry in found:
        spec = load_channel(entry.full_name, None).spec
        assert (spec.name, spec.version) == (entry.name, entry.version)
        assert spec.cases, entry.full_name
