"""Numbers and texts that cannot be meant are refused by the models, each with its place and what may be written."""

from __future__ import annotations

import types
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import annotated_types
import pytest
from builders import CHANNEL, MARKET, write

from feedsync.errors import FeedsyncError
from feedsync.specs import channel, project, source
from feedsync.specs.channels import load_channel
from feedsync.specs.load import load_project
from feedsync.specs.model import Model

FOLDER = "channel_specs/probe/1/"


def of_channel(folder: Path, attributes: str = "", more: str = "", mapping: str = "") -> list[str]:
    """The mistakes of a small channel, without the folder's name."""
    files = {
        f"{FOLDER}channel.yaml": CHANNEL.replace("formats: {csv: {writer: delimited, suffix: csv}}\n", "")
        + (more if "formats:" in more else f"formats: {{csv: {{writer: delimited, suffix: csv}}}}\n{more}"),
        f"{FOLDER}attributes.yaml": f"id: {{}}\n{attributes}",
        f"{FOLDER}mapping.yaml": f'id: "{{{{ sku }}}}"\n{mapping}',
    }
    with pytest.raises(FeedsyncError) as caught:
        load_channel("probe", write(folder, files))
    return str(caught.value).replace(FOLDER, "").split("\n")


@pytest.mark.parametrize("key", ["max_characters", "max_bytes", "shown_characters"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-5", '"-5" is less than 1. Write 1 or more.'),
        ("0", '"0" is less than 1. Write 1 or more.'),
        ("1000000001", '"1000000001" is more than 1000000000. Write 1000000000 or less.'),
        ("1.5", '"1.5" is not a whole number. Write digits only, e.g. 20.'),
        ("1e3", '"1e3" is not a whole number. Write digits only, e.g. 20.'),
        ("many", '"many" is not a whole number. Write digits only, e.g. 20.'),
        ("[1]", "[...] is not a whole number. Write digits only, e.g. 20."),
    ],
)
def test_lengths(tmp_path: Path, key: str, value: str, said: str) -> None:
    line = f"a: {{{key}: {value}}}\n"
    assert of_channel(tmp_path, line) == [f"attributes.yaml:2:{line.index(': ', 3) + 3}: error: a.{key}: {said}"]


LESS = "is less than 1. Write 1 or more."
EMPTY = "the text is empty. Write one, or remove the key."


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("a: {type: list, repeat: 0}", f'2:25: error: a.repeat: "0" {LESS}'),
        ("a: {type: list, total_characters: -1}", f'2:35: error: a.total_characters: "-1" {LESS}'),
        ("a: {type: list, of: {type: text, max_bytes: 0}}", f'2:45: error: a.of.max_bytes: "0" {LESS}'),
        ("a: {type: group, fields: {x: {max_bytes: 0}}}", f'2:42: error: a.fields.x.max_bytes: "0" {LESS}'),
        ("a: {type: decimal, minimum: NaN}", '2:29: error: a.minimum: "NaN" is not a number. Write digits with a decimal point, e.g. 19.99.'),
        ("a: {type: decimal, maximum: Infinity}", '2:29: error: a.maximum: "Infinity" is not a number. Write digits with a decimal point, e.g. 19.99.'),
        ("a: {type: decimal, above: 1e15}", '2:27: error: a.above: "1e15" is not below 1000000000000000. Write less than 1000000000000000.'),
        ("a: {type: decimal, minimum: -1e15}", '2:29: error: a.minimum: "-1e15" is not above -1000000000000000. Write more than -1000000000000000.'),
        ("a: {type: decimal, minimum: 0.123456789}", '2:29: error: a.minimum: "0.123456789" has more than 8 digits after the point. Round it.'),
        ("a: {type: decimal, minimum: 3, maximum: 2}", "2:41: error: a.maximum: no number fits: minimum leaves nothing up to maximum. Swap or correct them."),
        ("a: {type: decimal, above: 2, maximum: 2}", "2:39: error: a.maximum: no number fits: above leaves nothing up to maximum. Swap or correct them."),
        ("a: {type: group, fields: {x: {type: integer, minimum: 3, maximum: 2}}}", "2:67: error: a.fields.x.maximum: no number fits: minimum leaves nothing up to maximum. Swap or correct them."),
        ("a: {one_of: []}", "2:13: error: a.one_of: too few entries. Write at least 1."),
        ('a: {one_of: [x, " "]}', f"2:17: error: a.one_of[1]: {EMPTY}"),
        ('a: {one_of: [x], spelling: {x: ""}}', f"2:32: error: a.spelling.x: {EMPTY}"),
        ('a: {pattern: ""}', f"2:14: error: a.pattern: {EMPTY}"),
        ('a: {header: " "}', f"2:13: error: a.header: {EMPTY}"),
        ('a: {type: money, headers: {amount: ""}}', f"2:36: error: a.headers.amount: {EMPTY}"),
        ('a: {required_when: ""}', f"2:20: error: a.required_when: {EMPTY}"),
    ],
)  # fmt: skip
def test_attributes(tmp_path: Path, attributes: str, said: str) -> None:
    assert of_channel(tmp_path, attributes) == [f"attributes.yaml:{said}"]


JSON = "formats: {j: {writer: json, suffix: json, split_at: {records: 0}}}"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (JSON, f'6:63: error: formats.j.split_at.records: "0" {LESS}'),
        ("formats: {}", "6:10: error: formats: too few entries. Write at least 1."),
        ("refresh_after_days: 0", f'7:21: error: refresh_after_days: "0" {LESS}'),
        ("limits: {file_bytes: -1}", f'7:22: error: limits.file_bytes: "-1" {LESS}'),
        ("variants: {group: g, by: []}", "7:26: error: variants.by: too few entries. Write at least 1."),
        ('spelling: {boolean: [x, ""]}', f"7:25: error: spelling.boolean[1]: {EMPTY}"),
        ("spelling: {boolean: [x]}", "7:12: error: spelling.boolean: too few entries. Write at least 2."),
        ('formats: {c: {writer: delimited, suffix: csv, delimiter: "||"}}', '6:58: error: formats.c.delimiter: "||" does not fit. Expected: One character, e.g. ; or "\\t".'),
        ("formats: {c: {writer: delimited, suffix: csv, delimiter: ·}}", '6:58: error: formats.c.delimiter: "·" does not fit. Expected: One character, e.g. ; or "\\t".'),
        ("formats: {c: {writer: delimited, suffix: csv, delimiter: '\"'}}", '6:58: error: formats.c.delimiter: """ does not fit. Expected: One character, e.g. ; or "\\t".'),
        ("formats: {c: {writer: delimited, suffix: csv, line_end: x}}", '6:57: error: formats.c.line_end: "x" does not fit. Expected: A line end: "\\n" or "\\r\\n".'),
        ("formats: {c: {writer: delimited, suffix: csv, escape: ['\\', ab]}}", '6:61: error: formats.c.escape[1]: "ab" does not fit. Expected: One character.'),
        ('formats: {c: {writer: delimited, suffix: csv, list: {join: ""}}}', f"6:60: error: formats.c.list.join: {EMPTY}"),
        ('formats: {c: {writer: xml, suffix: xml, document: {root: "", item: i}}}', f"6:58: error: formats.c.document.root: {EMPTY}"),
    ],
)  # fmt: skip
def test_channel(tmp_path: Path, more: str, said: str) -> None:
    assert of_channel(tmp_path, more=more) == [f"channel.yaml:{said}"]


@pytest.mark.parametrize("value", ["[]", "{value: []}"])
def test_a_mapping_to_nothing_is_written_as_an_empty_text(tmp_path: Path, value: str) -> None:
    (said,) = of_channel(tmp_path, "a: {}", mapping=f"a: {value}")
    assert said.endswith("too few entries. Write at least 1.")


PROJECT = f"catalog: {{sources: [{{path: a.csv}}]}}\nfeeds: {{f: {{channel: mirakl_offers, market: {MARKET}}}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{path: a.csv}", '{path: " "}', f"1:28: error: catalog.sources[0].path: {EMPTY}"),
        ("{path: a.csv}", '{path: a.csv, delimiter: ""}', f"1:46: error: catalog.sources[0].delimiter: {EMPTY}"),
        ("catalog: {", 'catalog: {key: "", ', f"1:16: error: catalog.key: {EMPTY}"),
        ("catalog: {", "catalog: {fields: {p: {currency: eur}}, ", '1:34: error: catalog.fields.p.currency: "eur" does not fit. Expected: Three capital letters (ISO 4217), e.g. EUR.'),
        ("catalog: {", 'catalog: {fields: {p: {separator: ""}}, ', f"1:35: error: catalog.fields.p.separator: {EMPTY}"),
        ("catalog: {", 'catalog: {fields: {p: {template: ""}}, ', f"1:34: error: catalog.fields.p.template: {EMPTY}"),
        ("{f: {", '{f: {select: "", ', f"2:21: error: feeds.f.select: {EMPTY}"),
        ("{f: {", '{f: {id: " ", ', f"2:17: error: feeds.f.id: {EMPTY}"),
        ("{f: {", '{f: {exclude: [{when: "x", reason: ""}], ', f"2:43: error: feeds.f.exclude[0].reason: {EMPTY}"),
        ("{f: {", "{f: {attributes: {title: [{}]}, ", "2:34: error: feeds.f.attributes.title[0]: too few entries. Write at least 1."),
        ("feeds:", "guards: {shrink_percent: 101}\nfeeds:", '2:26: error: guards.shrink_percent: "101" is more than 100. Write 100 or less.'),
        ("feeds:", "guards: {max_errors_percent: -1}\nfeeds:", '2:30: error: guards.max_errors_percent: "-1" is less than 0. Write 0 or more.'),
        ("feeds:", 'lookups: {l: {path: a.csv, key: [], value: v}}\nfeeds:', "2:33: error: lookups.l.key: too few entries. Write at least 1."),
    ],
)  # fmt: skip
def test_project(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PROJECT
    write(tmp_path, {"feedsync.yaml": PROJECT.replace(old, new)})
    with pytest.raises(FeedsyncError) as caught:
        load_project(tmp_path)
    assert str(caught.value) == f"feedsync.yaml:{said}"


# texts that may be empty: words of a person, cells, values that templates give
MAY_BE_EMPTY = {
    "Setting.default", "Setting.description", "RuleSpec.reason", "SourceSpec.quote",
    "Format.suffix", "Market.country", "Market.language", "Case.as_of", "Case.timezone", "Rule.severity",
}  # fmt: skip


def numbers_and_texts() -> Iterator[Any]:
    """Every field of every model that is one number or one text."""
    everything = {**vars(channel), **vars(project), **vars(source)}
    for model in (one for one in everything.values() if isinstance(one, type)):
        if not issubclass(model, Model) or model is channel.ChannelSpec:
            continue
        for name, field in model.model_fields.items():
            optional = get_origin(field.annotation) in (types.UnionType, Union)
            choices = get_args(field.annotation) if optional else (field.annotation,)
            kinds = [kind for kind in choices if kind is not type(None)]
            if len(kinds) > 1:
                continue
            inner = [*get_args(kinds[0])] if get_origin(kinds[0]) is Annotated else kinds
            if inner[:1] and inner[0] in (int, Decimal, str):
                owner = next(base for base in reversed(model.__mro__) if name in getattr(base, "__annotations__", {}))
                yield pytest.param(field, inner, id=f"{owner.__name__}.{name}/{model.__name__}")


def constraints(extras: Any) -> Iterator[Any]:
    for extra in extras:
        yield extra
        yield from getattr(extra, "metadata", ())


@pytest.mark.parametrize(("field", "inner"), [*numbers_and_texts()])
def test_no_number_and_no_text_is_without_bounds(field: Any, inner: list[Any], request: pytest.FixtureRequest) -> None:
    """A key that is added later must say what may stand there."""
    owner = request.node.callspec.id.partition("/")[0]
    found = list(constraints([*field.metadata, *inner[1:]]))
    if inner[0] is str:
        bound = any(getattr(one, "pattern", None) or isinstance(one, annotated_types.MinLen) for one in found)
        assert bound or owner in MAY_BE_EMPTY
    else:
        assert any(isinstance(one, annotated_types.Ge | annotated_types.Gt) for one in found), found
