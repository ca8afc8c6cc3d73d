"""A channel's own Jinja templates: their bytes, their escapes, their limits, and what they cannot reach."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sys
import tracemalloc
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from writer_builders import EMPTY, FULL, TEXTS, items, spec, writer_of, written

from feedsync.errors import Exit, FeedsyncError, ManyErrors, TemplateError
from feedsync.writers import template, template_process
from feedsync.writers.template import TemplateWriter
from feedsync.writers.template_process import Allowance

TITLED: dict[str, Any] = {"id": {}, "title": {}, "images": {"type": "list", "of": "url"}}


def writer(item: Any, escape: str = "none", attributes: Mapping[str, Any] = TITLED, **form: Any) -> TemplateWriter:
    made = spec({"t": {"writer": "template", "suffix": "txt", "escape": escape, "item": item, **form}}, attributes)
    opened = writer_of(made, feed={"shop": "Mi tienda"})
    assert isinstance(opened, TemplateWriter)
    return opened


def text(item: Any, *rows: Mapping[str, Any], escape: str = "none", **form: Any) -> str:
    made = spec({"t": {"writer": "json", "suffix": "json"}}, TITLED)
    return written(writer(item, escape, **form), items(made, *rows)).decode()


def stopped(item: str, *rows: Mapping[str, Any], escape: str = "none", **form: Any) -> FeedsyncError:
    """What the template is stopped with, when it is checked or when it runs."""
    with pytest.raises(FeedsyncError) as caught:
        text(item, *(rows or ({"id": "A-1", "title": "Sol"},)), escape=escape, **form)
    assert caught.value.exit_code == Exit.CANNOT_RUN
    return caught.value


def test_a_whole_file() -> None:
    made = spec(
        {
            "t": {
                "writer": "template",
                "suffix": "txt",
                "escape": "none",
                "header": "{{ feed.shop }} {{ market.country }}\n",
                "item": """\
{% macro line(name, value) %}{{ name }}={{ value }};{% endmacro %}
{# one line per product #}
{{ record.number }}:{{ line('id', id) }}{{ line('price', price) }}{{ line('stock', stock) }}{{ line('adult', adult) -}}
{{ line('availability', availability) }}{{ images | join(' ') }}
{% for one in shipping %}
  {{ loop.index }} {{ one.country }} {{ one.service or 'any' }} {{ one.price }}
{% endfor %}
""",
                "footer": "end",
            }
        }
    )
    opened = writer_of(made, feed={"shop": "Mi tienda"})
    assert written(opened, items(made, FULL, EMPTY)).decode() == (
        "Mi tienda ES\n"
        "1:id=A-1;price=19.90 EUR;stock=5;adult=false;availability=in stock;"
        "https://x.es/1.jpg https://x.es/2.jpg\n"
        "  1 ES Standard 4.90 EUR\n"
        "  2 PT any 0.00 EUR\n"
        "2:id=A-2;price=;stock=;adult=;availability=;\n"
        "end"
    )


HOSTILE = "\"'<b>&amp;]]>\\,;{{ 7*7 }}{% raw %}\r\n\t\x0bñ\u2028"


@pytest.mark.parametrize(
    ("escape", "wanted"),
    [
        ("none", "\"'<b>&amp;]]>\\,;{{ 7*7 }}{% raw %}\r\n\tñ\u2028"),
        ("xml", "&#34;&#39;&lt;b&gt;&amp;amp;]]&gt;\\,;{{ 7*7 }}{% raw %}&#13;\n\tñ\u2028"),
        ("html", "&#34;&#39;&lt;b&gt;&amp;amp;]]&gt;\\,;{{ 7*7 }}{% raw %}\r\n\tñ\u2028"),
        ("json", "\\\"'<b>&amp;]]>\\\\,;{{ 7*7 }}{% raw %}\\r\\n\\t\\u000bñ\u2028"),
        ("csv", '"""\'<b>&amp;]]>\\,;{{ 7*7 }}{% raw %}\r\n\tñ\u2028"'),
    ],
)
@pytest.mark.parametrize(
    "item",
    [
        "{{ title }}",
        "{{ title | e }}",
        "{% set x = title %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(title) }}",
        "{% set x %}{{ title }}{% endset %}{{ x }}",
        "{{ [title] | join }}",
        "{{ title if title else '' }}",
    ],
)
def test_a_hostile_text(escape: str, wanted: str, item: str) -> None:
    assert text(item, {"id": "A", "title": HOSTILE}, escape=escape) == wanted


@pytest.mark.parametrize(
    ("escape", "item", "wanted"),
    [
        ("none", "{{ title | tojson }}", '"a\\"<"'),
        ("json", '{"t": {{ title | tojson }}, "i": {{ images | tojson }}}', '{"t": "a\\"<", "i": null}'),
        ("xml", "<a>{{ title | tojson }}</a>", '<a>"a\\"\\u003c"</a>'),
        ("csv", "{{ title | tojson }};", '"""a\\""<""";'),
        ("csv", "{{ title | upper }};{{ id }};{{ images }}", '"A""<";A;'),
        ("xml", "{{ title | safe }}", 'a"<'),
        ("xml", "{{ title | upper }}", "A&#34;&lt;"),
    ],
)
def test_filters_and_escapes(escape: str, item: str, wanted: str) -> None:
    assert text(item, {"id": "A", "title": 'a"<'}, escape=escape) == wanted


@given(rows=st.lists(st.fixed_dictionaries({"id": TEXTS, "title": st.none() | TEXTS}), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_other_readers_get_the_texts_back(rows: list[dict[str, Any]]) -> None:
    plain = [
        [(row[name] or "").translate(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])) for name in ("id", "title")]
        for row in rows
    ]  # fmt: skip
    made = text(
        '{{ "," if record.number > 1 }}["{{ id }}","{{ title }}"]', *rows, escape="json", header="[", footer="]"
    )
    assert json.loads(made) == [[row["id"], row["title"] or ""] for row in rows]
    root = etree.fromstring(
        text("<i t='{{ id | replace('\\t', '') | replace('\\n', '') }}'>{{ title }}</i>", *rows, escape="xml", header="<r>", footer="</r>").encode()
    )  # fmt: skip
    assert [[one.get("t"), one.text or ""] for one in root] == [
        [mark.replace("\t", "").replace("\n", ""), title] for mark, title in plain
    ]
    cells = text("{{ id }};{{ title }}\n", *rows, escape="csv")
    assert list(csv.reader(io.StringIO(cells, newline=""), delimiter=";", strict=True)) == plain


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ("[{{ title }}]", "[]"),
        ("[{{ title | upper }}]", "[]"),
        ("[{{ title | default('-') }}]", "[-]"),
        ("[{{ 'yes' if title else 'no' }}]", "[no]"),
        ("[{{ title is defined }}]".replace("title is defined", "'d' if title is defined else 'u'"), "[u]"),
        ("[{% for x in images %}x{% endfor %}{{ images | length }}]", "[0]"),
        ("[{{ 'x' if title }}]", "[]"),
    ],
)
def test_a_missing_value(item: str, wanted: str) -> None:
    assert text(item, {"id": "A"}) == wanted


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ("{{ title + 'x' }}", "the template stopped: title has no value."),
        ("{{ images }}", "a list is printed here, which is no text."),
        ("{{ 1 == 1 }}", "a bool is printed here, which is no text."),
        ("{{ market['contry'] }}", "the template stopped: 'dict object' has no attribute 'contry'."),
        ("{{ 1 // 0 }}", "the template stopped: integer division or modulo by zero."),
        ("{{ 'x' * 10**10 }}", "the template stopped: a product of more than 10000000 characters or entries."),
        ("{{ 9**9999 }}", "the template stopped: a power of more than 10000 bits."),
        ("{% for i in range(10**9) %}{% endfor %}", "the template stopped: Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000)."),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "a macro calls itself too often."),
        ("{% for i in range(2000) %}{{ id * 1000 }}{% endfor %}", "the text is longer than 1 MiB."),
        ("{{ ('é' * 600000) }}", "the text is longer than 1 MiB."),
        ("{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "the template needs more than 256 MiB of memory."),
    ],
)  # fmt: skip
def test_what_stops_a_template(item: str, what: str) -> None:
    error = stopped("x\n" + item, {"id": "A-0", "title": "x", "images": ["u"]}, {"id": "A-1", "images": ["u"]})
    assert f": error: formats.t.item ({'A-1' if 'title +' in item else 'A-0'}): {what} " in str(error)


@pytest.mark.parametrize(
    "item",
    [
        "{{ title|attr('__class__') }}",
        "{{ title['__class__'] }}",
        "{{ ('{0.__class__.__mro__}'.format(title)) }}",
        "{{ '{0.__class__}' | format(title) }}".replace("| format(title)", ".format(title)"),
        "{{ title['for' ~ 'mat'].__globals__ }}",
        "{{ range['__globals__'] }}",
        "{{ images.append('x') }}",
        "{{ market.update({'a': 'b'}) }}",
        "{{ (title | map('attr', '__class__') | list)[0] }}",
        "{% set x = namespace['__init__']['__globals__'] %}{{ x }}",
    ],
)
def test_nothing_of_python_is_reached(item: str) -> None:
    error = stopped(item, {"id": "A", "title": "Sol", "images": ["u"]})
    assert error.key in ("writer_template_failed", "writer_template_private", "writer_template_unknown")


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="what a process may do is read from /proc, which is Linux's"
)
def test_the_process_has_no_secrets_and_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    opened = writer("{{ id }}")
    opened.begin()
    process = opened._process
    assert process is not None
    assert b"hunter2" not in Path(f"/proc/{process._process.pid}/environ").read_bytes()
    assert "Max file size             0 " in Path(f"/proc/{process._process.pid}/limits").read_text()
    assert os.readlink(f"/proc/{process._process.pid}/cwd") == "/"
    opened.end()


def test_a_template_that_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "LIMITS", Allowance(seconds=0.5))
    loop = "a\n{% for i in range(99999) %}\n{% for j in range(99999) %}{% endfor %}{% endfor %}"
    error = stopped("{% if id == 'B' %}" + loop + "{% endif %}", {"id": "A"}, {"id": "B"})
    assert str(error).startswith("made_up/channel.yaml: error: formats.t.item (B): the template took longer than 0.5")


CONSTANTS = (
    "{{ ('%%%ds' %% 1)|length }}",
    "{{ [1]|slice(%d)|list|length }}",
    "{%% set a %%}{{ ('%%%ds' %% 1)|length }}{%% endset %%}{{ a }}",
    "{%% autoescape ('%%%ds' %% 1)|length %%}{%% endautoescape %%}",
)


@pytest.mark.parametrize("item", CONSTANTS)
def test_nothing_is_computed_by_the_process_that_checks(item: str) -> None:
    tracemalloc.start()
    with suppress(TemplateError):
        writer(item % 3_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("item", CONSTANTS[:3])
def test_a_constant_has_the_limits_of_all_else(monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    monkeypatch.setattr(template, "LIMITS", Allowance(seconds=0.5))
    assert stopped(item % 1_500_000_000).key in ("writer_template_memory", "writer_template_time")


def test_a_process_that_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_process, "GRACE", 0.2)
    opened = writer("{{ id }}")
    opened.begin()
    process = opened._process
    assert process is not None
    process._limits = Allowance(seconds=0.1)
    os.kill(process._process.pid, signal.SIGSTOP)
    with pytest.raises(TemplateError) as caught:
        opened.items(items(spec({"t": {"writer": "json", "suffix": "j"}}, TITLED), {"id": "A-7"}))
    assert caught.value.message().startswith(
        'made_up/channel.yaml: error: formats.t.item: the items from "A-7" on took longer than'
    )
    assert process._process.returncode is not None


def test_a_process_that_is_killed() -> None:
    opened = writer("{{ id }}")
    opened.begin()
    process = opened._process
    assert process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    with pytest.raises(TemplateError) as caught:
        opened.items(items(spec({"t": {"writer": "json", "suffix": "j"}}, TITLED), {"id": "A-7"}))
    assert caught.value.key == "writer_template_died"
    assert process._process.returncode is not None


def test_a_process_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(TemplateError) as caught:
        writer("{{ id }}").begin()
    assert "the process that runs the templates does not start: No such file or directory." in str(caught.value)


def test_no_process_is_left() -> None:
    opened = writer("{{ id }}")
    opened.begin()
    first = opened._process
    opened.begin()  # anew, without an end
    second = opened._process
    assert first is not None
    assert second is not None
    opened.end()
    assert first._process.returncode is not None
    assert second._process.returncode is not None
    opened.begin()
    third = opened._process
    assert third is not None
    process = third._process
    del third, opened  # a run that fails forgets the writer
    assert process.returncode is not None


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_the_size_of_a_batch_does_not_show(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(template, "BATCH", batch)
    rows = [{"id": str(number)} for number in range(5)]
    assert text("{{ record.number }}{{ id }} ", *rows) == "10 21 32 43 54 "


def test_only_what_is_used_is_there_and_a_name_of_jinja_is_an_attribute() -> None:
    made = spec(
        {"t": {"writer": "template", "suffix": "txt", "escape": "none", "item": "{{ range }}{{ title }}{{ market.country }}"}},
        {"id": {}, "title": {}, "range": {}, "market": {}},
    )  # fmt: skip
    frame = items(made, {"id": "A", "range": "r", "title": "t", "market": "m"})
    assert written(writer_of(made, used=["range", "market"]), frame.drop("title")) == b"rES"


@pytest.mark.parametrize(
    ("item", "line", "column", "said"),
    [
        ("a {{ titel }}", 1, 6, 'unknown name "titel"; did you mean "title"?'),
        ("a\nb {{ market.contry }}", 2, 13, 'unknown name "market.contry"; did you mean "market.country"?'),
        ("{{ title | uper }}", 1, 12, 'unknown filter "uper"; did you mean "upper"?'),
        ("{% if title is stringy %}{% endif %}", 1, 13, 'unknown test "stringy"; did you mean "string"?'),
        ("{{ lipsum() }}", 1, 4, 'unknown name "lipsum".'),
        ("{{ title | random }}", 1, 12, 'unknown filter "random".'),
        ("a\n{% include 'x' %}", 2, 4, '"include" cannot be used'),
        ("{% autoescape false %}{% endautoescape %}", 1, 4, '"autoescape" cannot be used'),
        ("{{ title.__class__ }}", 1, 10, '"__class__" is private to Python.'),
        ("\n{{ title", 2, 1, '"{{" is not closed by "}}".'),
        ("{{ title 'x' }}", 1, 10, "the template does not read: expected token 'end of print statement', got 'string'."),
        ("{% for x in images %}{{ x }}", 1, 27, "the template does not read: Unexpected end of template. Jinja was looking"),
        ("{% endfor %}", 1, 4, "the template does not read: Encountered unknown tag 'endfor'."),
        ("{{ " + "(" * 3000 + ")" * 3000 + " }}", 1, 1, "the template is nested too deeply."),
    ],
)  # fmt: skip
def test_a_mistake_shows_before_a_row(tmp_path: Path, item: str, line: int, column: int, said: str) -> None:
    folder = tmp_path / "channel_specs" / "kiosk" / "1"
    folder.mkdir(parents=True)
    (folder / "item.j2").write_text(item, encoding="utf-8")
    form = {"writer": "template", "suffix": "txt", "escape": "none", "item": {"file": "item.j2"}}
    with pytest.raises(TemplateError) as caught:
        writer_of(spec({"t": form}, TITLED, str(folder)))
    place = f"channel_specs/kiosk/1/item.j2:{line}:{column}"
    assert str(caught.value).startswith(f"{place}: error: formats.t.item: {said}")


def test_all_mistakes_at_once_and_no_attributes_but_in_the_item() -> None:
    with pytest.raises(ManyErrors) as caught:
        writer("{{ a }}{{ b }}", header="{{ title }}", footer="{{ record.number }}")
    assert len(caught.value.errors) == 4
