"""YAML as text: what survives, where it stands, and what is refused in which words."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import assume, given
from hypothesis import strategies as st

from feedsync.errors import ConfigError, FeedsyncError, Place
from feedsync.specs import yaml

LOADERS = [pytest.param(pyyaml.SafeLoader, id="pure"), pytest.param(yaml.LOADER, id="default")]


def refusal(text: str) -> list[str]:
    with pytest.raises(FeedsyncError) as raised:
        yaml.parse(text, "f.yaml")
    return str(raised.value).split("\n")


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: 012", {"a": "012"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2026-11-21", {"a": "2026-11-21"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: =", {"a": "="}),
        ("a: true", {"a": "true"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: null", {"a": None}),
        ("a: NULL", {"a": None}),
        ("a: nUll", {"a": "nUll"}),
        ("a: ''", {"a": ""}),
        ('a: ""', {"a": ""}),
        ('a: "~"', {"a": "~"}),
        ("a: 'null'", {"a": "null"}),
        ("1: a\nyes: b\n~: c", {"1": "a", "yes": "b", "~": "c"}),
        ("a: [1, ~, x]", {"a": ["1", None, "x"]}),
        ("a: {b: 1, c: }", {"a": {"b": "1", "c": None}}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("a: '\\d+'", {"a": "\\d+"}),
        ('a: "x\\ty"', {"a": "x\ty"}),
        ("a: &x [1, 2]\nb: *x", {"a": ["1", "2"], "b": ["1", "2"]}),
        ("a: &x hola\nb: [*x, *x]", {"a": "hola", "b": ["hola", "hola"]}),
        ("a: ! x", {"a": "x"}),
        ("\ufeffa: ñ # comment\r\nb: 💡\r\n", {"a": "ñ", "b": "💡"}),
        ("# only a comment\n", None),
        ("- a\n- b: c", ["a", {"b": "c"}]),
        ("text", "text"),
    ],
)
def test_every_scalar_is_text(monkeypatch: pytest.MonkeyPatch, loader: Any, text: str, data: Any) -> None:
    monkeypatch.setattr(yaml, "LOADER", loader)
    assert yaml.parse(text, "f.yaml").data == data


SHOP = """\
catalog:
  key: sku
  sources:
    - {path: a.csv, join: "sku"}
    - path: 'b.csv'
  "título": ñandú   # after wide characters
feeds: {g: {title: "{{ a }}", text: 'it''s', tab: "a\\tb", folded: x
  y}}
long: >-
  {{ a }}
alias: &anchored {deep: value}
again: *anchored
"""


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("path", "value", "key", "inside"),
    [
        ((), (1, 1), (1, 1), 0),
        (("catalog",), (2, 3), (1, 1), 0),
        (("catalog", "key"), (2, 8), (2, 3), 8),
        (("catalog", "sources", 0), (4, 7), (4, 7), 0),
        (("catalog", "sources", 0, "path"), (4, 14), (4, 8), 14),
        (("catalog", "sources", 0, "join"), (4, 27), (4, 21), 28),
        (("catalog", "sources", 1, "path"), (5, 13), (5, 7), 14),
        (("catalog", "título"), (6, 13), (6, 3), 13),
        (("feeds", "g", "title"), (7, 20), (7, 13), 21),
        (("feeds", "g", "text"), (7, 37), (7, 31), 0),
        (("feeds", "g", "tab"), (7, 51), (7, 46), 0),
        (("feeds", "g", "folded"), (7, 67), (7, 59), 0),
        (("long",), (9, 7), (9, 1), 0),
        (("alias", "deep"), (11, 25), (11, 19), 25),
        (("again", "deep"), (11, 25), (11, 19), 25),
        # what is not there: the nearest thing above it
        (("catalog", "sources", 7), (4, 5), None, 0),
        (("catalog", "gone", "deeper"), (2, 3), None, 0),
    ],
)
def test_places(
    monkeypatch: pytest.MonkeyPatch,
    loader: Any,
    path: tuple[str | int, ...],
    value: tuple[int, int],
    key: tuple[int, int] | None,
    inside: int,
) -> None:
    monkeypatch.setattr(yaml, "LOADER", loader)
    document = yaml.parse(SHOP, "f.yaml")
    assert document.place(path) == Place("f.yaml", *value)
    if key:
        assert document.place(path, key=True) == Place("f.yaml", *key)
    assert document.scalar_offset(path) == inside
    assert document.has(path) is (key is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # templates without quotes
        (
            "a:\n  price: {{ price }}",
            [
                'f.yaml:2:10: error: a.price: a template without quotes loads as a mapping in YAML. Write price: "{{ price }}".'
            ],
        ),
        (
            "- {{ sku }}",
            ['f.yaml:1:3: error: [0]: a template without quotes loads as a mapping in YAML. Write "{{ sku }}".'],
        ),
        (
            'a: {{ "x" ~ y }} kg   # comment',
            [
                "f.yaml:1:4: error: a: a template without quotes loads as a mapping in YAML. Write a: '{{ \"x\" ~ y }} kg'."
            ],
        ),
        (
            "a: {b: {{ c | f(1, 2) }}, d: e}",
            [
                'f.yaml:1:8: error: a.b: a template without quotes loads as a mapping in YAML. Write b: "{{ c | f(1, 2) }}".'
            ],
        ),
        (
            "a: {% if x %}y{% endif %}",
            [
                'f.yaml:1:4: error: a template without quotes loads as a mapping in YAML. Write a: "{% if x %}y{% endif %}".'
            ],
        ),
        (
            "a: {{ b }}\nc: {{ d }}{{ e }}\nf: g",
            [
                'f.yaml:1:4: error: a: a template without quotes loads as a mapping in YAML. Write a: "{{ b }}".',
                'f.yaml:2:4: error: c: a template without quotes loads as a mapping in YAML. Write c: "{{ d }}{{ e }}".',
            ],
        ),
        (
            "a: {{ " + "x" * 90 + " }}",
            ['f.yaml:1:4: error: a: a template without quotes loads as a mapping in YAML. Write a: "{{ ... }}".'],
        ),
        # keys
        (
            "a: 1\nb:\n  c: 1\n  c: 2\na: 3",
            [
                'f.yaml:4:3: error: b.c: "c" is also at f.yaml:3:3; YAML would silently keep one of them. Remove or rename one.',
                'f.yaml:5:1: error: a: "a" is also at f.yaml:1:1; YAML would silently keep one of them. Remove or rename one.',
            ],
        ),
        (
            "? [a]\n: b",
            [
                "f.yaml:1:3: error: a key must be a text, and this is a mapping or list. Quote the text, or look for a stray bracket."
            ],
        ),
        (
            "a: &x {b: c}\nd: {<<: *x}",
            [
                'f.yaml:2:5: error: d: "<<" does not merge mappings here. Write the keys out, or alias the whole value (*name).'
            ],
        ),
        # documents, anchors, tags
        (
            "a: 1\n---\nb: 2",
            [
                'f.yaml:2:1: error: a second document begins here ("---" or "..."). Keep one document in a file; remove the line.'
            ],
        ),
        (
            "a: *x",
            [
                'f.yaml:1:4: error: a: no anchor "&x" stands above this alias. Quote the text if it only begins with "*".'
            ],
        ),
        (
            "a: &x [*x]",
            [
                'f.yaml:1:8: error: a[0]: no anchor "&x" stands above this alias. Quote the text if it only begins with "*".'
            ],
        ),
        (
            "a: !!int 3",
            [
                'f.yaml:1:4: error: a: the tag "tag:yaml.org,2002:int" means nothing here; every value is read as text.'
                ' Quote the text if it begins with "!", or remove the tag.'
            ],
        ),
        (
            "a: " + "[" * 120,
            [
                "f.yaml:1:103: error: a"
                + "[0]" * 99
                + ": nested deeper than 100 levels. Look for brackets that are never closed."
            ],
        ),
        # what the parser stumbles over
        (
            'a: "\\d+"',
            [
                "f.yaml:1:5: error: a backslash in double quotes begins an escape, and this one does not exist."
                " Write the text in single quotes, where a backslash is itself: '\\d'."
            ],
        ),
        ("a:\n\tb: c", ["f.yaml:2:1: error: a tab where YAML wants spaces. Indent with spaces."]),
        ("a: @x", ['f.yaml:1:4: error: a text without quotes cannot begin with "@". Quote it.']),
        ("a: %x", ['f.yaml:1:4: error: a text without quotes cannot begin with "%". Quote it.']),
        (
            "a: b: c",
            [
                'f.yaml:1:5: error: a second ":" in a text without quotes, or a line that is indented too far.'
                " Quote the text, or indent the line like the one above."
            ],
        ),
        (
            'a: "x\nb: c',
            [
                "f.yaml:1:4: error: the quote or bracket opened here is never closed."
                " Close it; a quote inside a text in single quotes is written twice."
            ],
        ),
        (
            "a: [1, 2\nb: c\n",
            [
                'f.yaml:1:4: error: the bracket opened here is not closed, or a "," is missing in it.'
                " Close it, separate the entries by commas, and quote texts that hold brackets, commas or quotes."
            ],
        ),
        (
            "a: 'it's'",
            [
                "f.yaml:1:8: error: the text goes on after its closing quote."
                " Put it all between the quotes; a single quote inside single quotes is written twice."
            ],
        ),
        (
            "a: b\nc\n",
            ['f.yaml:2:1: error: a key without ":". Write key: value, or quote and indent a text of several lines.'],
        ),
        (
            "a:\n  - b\n c: d",
            [
                "f.yaml:3:2: error: this line is neither beside nor inside what stands above it. Indent it like its neighbours, with spaces."
            ],
        ),
        ("a: x\x01", ["f.yaml:1:5: error: the file holds the control character U+0001. Delete it."]),
        ("%YAML 3.0\n---\na: b", ["f.yaml:1:1: error: this is not YAML: found incompatible YAML document."]),
        # a mistake that can be read over, and one that cannot
        (
            "a: {{ b }}\nc: @d",
            [
                'f.yaml:1:4: error: a: a template without quotes loads as a mapping in YAML. Write a: "{{ b }}".',
                'f.yaml:2:4: error: a text without quotes cannot begin with "@". Quote it.',
            ],
        ),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert refusal(text) == expected


def test_aliases_are_bounded() -> None:
    ten = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for above, here in zip("abcdef", "bcdefg", strict=True):
        ten += f"{here}: &{here} [{', '.join([f'*{above}'] * 10)}]\n"
    assert refusal(ten) == [
        "f.yaml:4:36: error: d[7]: the aliases up to here repeat more than 10000 values. Write fewer aliases of large values."
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "a: 1\nbañador: x\n".encode("latin-1"),
            "shop.yaml:2:3: error: not UTF-8 (byte 0xF1). Save the file as UTF-8.",
        ),
        (b"\xef\xbb\xbf\xff", "shop.yaml:1:1: error: not UTF-8 (byte 0xFF). Save the file as UTF-8."),
        (
            b"a: " + b"x" * yaml.MAX_BYTES,
            "shop.yaml: error: the file is larger than 8 MiB. Configuration is smaller; is the path right?",
        ),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "shop.yaml").write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        yaml.read(tmp_path / "shop.yaml")
    assert str(raised.value) == expected


def test_a_file_is_named_as_people_call_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert yaml.read(tmp_path / "a.yaml", "conf/a.yaml").place(("a",)) == Place("conf/a.yaml", 1, 4)
    with pytest.raises(ConfigError, match=r"^gone.yaml: error: the file cannot be read: No such file or directory.$"):
        yaml.read(tmp_path / "gone.yaml")


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
_DATA = st.recursive(
    st.none() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXTS, _DATA, min_size=1, max_size=4))
def test_what_is_dumped_is_read_again(data: dict[str, Any]) -> None:
    assume("<<" not in str(data))
    assert yaml.parse(pyyaml.safe_dump(data, allow_unicode=True), "f.yaml").data == data


@given(
    st.text(st.sampled_from("ab: -[]{}\n\"'#&*!|>%@`~,?\t<="), max_size=30),
    st.sampled_from([pyyaml.SafeLoader, yaml.LOADER]),
)
def test_nothing_but_our_errors(text: str, loader: Any) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(FeedsyncError):
        patch.setattr(yaml, "LOADER", loader)
        assert yaml.parse(text, "f.yaml").place(()).line >= 1
