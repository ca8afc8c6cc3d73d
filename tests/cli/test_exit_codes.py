"""Exit codes, each with one meaning, and one message that says what, where and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_project import GOOD, PROJECT, run, shop

from feedsync.errors import Refused, SourceDenied, SourceUnavailable
from feedsync.run import commands

MANY = "sku,title,price\n" + "".join(f"A-{number},Bota,10\n" for number in range(20))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "shpo"], 'error: no feed "shpo"; did you mean "shop"? The feeds are: shop.'),
        (["check", "--sku", "A-9"], "error: the selection A-9 matches 0 of 3 products"),
        (
            ["check", "--where", "{{ titel == 'x' }}"],
            '--where: error: unknown field "titel"; did you mean "title"?',
        ),
        (["preview", "shpo"], 'error: no feed "shpo"; did you mean "shop"?'),
        (["explain", "A-9"], 'error: no product "A-9"; did you mean "A-'),
        (["explain", "A-1", "--feed", "x"], 'error: no feed "x".'),
        (["check", "--as-of", "21.11.2026"], 'error: --as-of "21.11.2026" is not a day. Write year-month-day'),
        (["export", "-o", "out", "--allow", "shrink"], "error: --allow needs a reason. Add --reason"),
        (["export", "-o", "out", "--reason", "x"], "error: --reason belongs to --allow."),
        (
            ["export", "-o", "out", "--allow", "shrnk", "--reason", "x"],
            'error: no guard "shrnk"; did you mean "shrink"?',
        ),
        (["export", "-o", "out", "--formats", "cvs"], 'the channel has no format "cvs"; did you mean "csv"?'),
        (["channels", "show", "prob"], 'error: there is no channel "prob"; did you mean "probe"?'),
        (["channels", "lint", "nowhere"], "error: no channel.yaml in"),
    ],
)
def test_what_cannot_be_done_is_2_and_one_message(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, out, err = run("-C", shop(tmp_path), *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.glob("out/*")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chekc"],
        ["check", "--formt", "json"],
        ["check", "--format", "xml"],
        ["export"],
        ["preview"],
        ["preview", "shop", "--limit", "0"],
        ["channels"],
        ["--log-format", "xml", "check"],
    ],
)
def test_usage_errors_are_2(tmp_path: Path, arguments: list[str]) -> None:
    assert run("-C", shop(tmp_path), *arguments)[0] == 2


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    code, _, err = run("-C", tmp_path / "nowhere", "check")
    assert code == 2
    assert err == f'error: there is no folder "{tmp_path}/nowhere". Name the folder that holds feedsync.yaml.\n'


def test_all_mistakes_of_a_project_come_at_once(tmp_path: Path) -> None:
    project = PROJECT.replace("{{ title }}", "{{ titel }}").replace("{{ price |", "{{ prize |")
    code, out, err = run("-C", shop(tmp_path, project=project), "check")
    assert (code, out) == (2, "")
    assert [line.partition(": error:")[0] for line in err.splitlines()] == [
        "feedsync.yaml:12:18",
        "feedsync.yaml:13:18",
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("guard_empty_source", feed="shop", code="FS501", before="1", command="feedsync export"), 3),
        (SourceDenied("config_no_file"), 4),
        (SourceUnavailable("config_no_file"), 6),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("division by zero"), 70),
        (MemoryError(), 70),
    ],
)
def test_codes_of_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(commands, "check", fails)
    found, out, err = run("-C", shop(tmp_path), "check")
    assert (found, out) == (code, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert ("run again with --debug" in err) == (code == 70)
    assert "Traceback" in run("-C", tmp_path, "--debug", "check")[2] or code == 130


def test_an_export_is_held_by_empty_source(tmp_path: Path) -> None:
    shop(tmp_path)
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0
    before = (tmp_path / "out" / "shop.csv").read_bytes()
    (tmp_path / "products.csv").write_text(GOOD.replace("Bota", "Oculto").replace("Gorra", "Oculto"), encoding="utf-8")
    code, out, err = run("-C", tmp_path, "export", "-o", "out")
    assert (code, out) == (3, "")
    assert "shop held by empty_source (FS501): " in err
    assert '--allow empty_source --reason "..."' in err
    assert (tmp_path / "out" / "shop.csv").read_bytes() == before
    code, out, _ = run("-C", tmp_path, "export", "-o", "out", "--allow", "empty_source", "--reason", "closing down")
    assert code == 0
    assert "shop: empty_source (FS501) was allowed: closing down." in out
    assert (tmp_path / "out" / "shop.csv").read_text(encoding="utf-8") == "id,title,price\n"


def test_an_export_is_held_by_shrink(tmp_path: Path) -> None:
    shop(tmp_path, MANY)
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0
    (tmp_path / "products.csv").write_text("".join(MANY.splitlines(keepends=True)[:-1]), encoding="utf-8")
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0, "5 % less may be"
    (tmp_path / "products.csv").write_text("".join(MANY.splitlines(keepends=True)[:-4]), encoding="utf-8")
    code, _, err = run("-C", tmp_path, "export", "-o", "out")
    assert code == 3
    assert "held by shrink (FS503): products.csv has 16 rows, it had 19" in err


def test_an_export_is_held_by_max_errors(tmp_path: Path) -> None:
    shop(tmp_path, MANY)
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0
    (tmp_path / "products.csv").write_text(MANY.replace("A-1,Bota,10", "A-1,Bota,0"), encoding="utf-8")
    assert run("-C", tmp_path, "export", "-o", "out")[0] == 0, "one of 20 is below 10 %"
    (tmp_path / "products.csv").write_text(MANY.replace(",10\n", ",0\n", 3), encoding="utf-8")
    code, _, err = run("-C", tmp_path, "export", "-o", "out")
    assert code == 3
    assert "shop held by max_errors (FS509): 3 of 20 products are blocked" in err


def test_the_log_is_one_json_object_per_line(tmp_path: Path) -> None:
    shop(tmp_path)
    code, out, err = run("-C", tmp_path, "--log-format", "json", "check", "shpo")
    lines = [json.loads(line) for line in err.splitlines()]
    assert (code, out) == (2, "")
    assert [(line["level"], line["event"]) for line in lines] == [
        ("info", "run_started"),
        ("error", "error"),
        ("error", "run_finished"),
    ]
    assert all({"time", "level", "run", "event"} <= set(line) for line in lines)
    assert len({line["run"] for line in lines}) == 1
    assert lines[1]["message"] == 'error: no feed "shpo"; did you mean "shop"? The feeds are: shop.'
    assert lines[2]["exit"] == 2
    assert lines[0]["time"][-6] in "+-", "a time with its offset"
    done = [json.loads(line) for line in run("-C", tmp_path, "--log-format", "json", "check")[2].splitlines()]
    assert [line["event"] for line in done] == ["run_started", "run_finished"]
    assert (done[1]["exit"], done[1]["level"]) == (0, "info")
