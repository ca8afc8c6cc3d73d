"""Commands end to end: what they print, word for word, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_project import BAD, GOOD, PROJECT, run, shop

COUNTS = "shop  3 read = 1 ready + 1 blocked + 1 excluded (select 1)\n"
PROBLEM = (
    "feedsync.yaml:12: error FS302 title: longer than 12 characters; 1 product (33.3 %) not in the shop, e.g. A-2. "
    "Shorten it in the catalog, or cut it in the mapping, e.g. | truncate_words.\n"
)


def test_check_through_a_pipe_is_plain(tmp_path: Path) -> None:
    assert run("-C", shop(tmp_path, BAD), "check") == (1, PROBLEM + COUNTS, "")


def test_check_table(tmp_path: Path) -> None:
    assert run("-C", shop(tmp_path, BAD), "check", "shop", "--format", "table") == (
        1,
        "shop\n"
        " error    FS302  title  1  33.3 %  longer than 12 characters\n"
        "          not in the shop: A-2\n"
        "          feedsync.yaml:12\n"
        "          Shorten it in the catalog, or cut it in the mapping, e.g. |\n"
        "          truncate_words.\n" + COUNTS,
        "",
    )


def test_check_json_is_all_that_stands_on_standard_output(tmp_path: Path) -> None:
    code, out, err = run("-C", shop(tmp_path, BAD), "check", "--format", "json")
    document = json.loads(out)
    assert (code, err, document["ok"]) == (1, "", False)
    assert document["feeds"][0]["findings"][0]["place"] == {"file": "feedsync.yaml", "line": 12, "column": 7}


def test_check_of_a_clean_shop(tmp_path: Path) -> None:
    code, out, err = run("-C", shop(tmp_path), "check", "--format", "table")
    assert (code, err) == (0, "")
    assert out == "No problems.\nshop  3 read = 2 ready + 0 blocked + 1 excluded (select 1)\n"


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("hint", 1)])
def test_fail_on(tmp_path: Path, level: str, code: int) -> None:
    project = PROJECT + "rules: {FS302: warning}\n"
    assert run("-C", shop(tmp_path, BAD, project), "check", "--fail-on", level)[0] == code


@pytest.mark.parametrize(
    ("options", "read", "code"),
    [
        (["--sku", "A-1"], 1, 0),
        (["--sku", "A-1", "--sku", "A-2"], 2, 1),
        (["--where", "{{ price > 11 }}"], 1, 1),
        (["--where", "{{ price > 11 }}", "--sku", "A-2"], 1, 1),
    ],
)
def test_check_of_a_selection(tmp_path: Path, options: list[str], read: int, code: int) -> None:
    found, out, _ = run("-C", shop(tmp_path, BAD), "check", "--format", "json", *options)
    assert (found, json.loads(out)["feeds"][0]["read"]) == (code, read)


def test_as_of_is_the_day_of_the_run(tmp_path: Path) -> None:
    project = PROJECT.replace('"{{ title }}"', '"{{ as_of | string }}"')
    shop(tmp_path, project=project)
    _, out, _ = run("-C", tmp_path, "preview", "shop", "--as-of", "2026-02-28", "--sku", "A-1", "--format", "plain")
    assert out == "A-1 id: A-1\nA-1 title: 2026-02-28\nA-1 price: 10.00 EUR\n"


def test_export_writes_and_says_what(tmp_path: Path) -> None:
    code, out, err = run("-C", shop(tmp_path, BAD), "export", "-o", "out")
    size = (tmp_path / "out" / "shop.csv").stat().st_size
    assert (code, err) == (0, "")
    assert out.splitlines()[-3:] == [
        COUNTS.rstrip(),
        f"out/shop.csv  1 product, {size} B",
        "The files hold today's products only.",
    ]
    assert out.splitlines()[0].startswith("feedsync.yaml:12: error FS302 title: longer than 12 characters; 1 product")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "shop.csv"]


def test_export_in_another_format_as_json(tmp_path: Path) -> None:
    code, out, err = run("-C", shop(tmp_path), "export", "shop", "-o", "out", "--formats", "tsv", "--format", "json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert [file["path"] for file in document["files"]] == ["shop.tsv"]
    assert document["files"][0]["items"] == 2
    assert (tmp_path / "out" / "shop.tsv").read_text(encoding="utf-8") == (
        "id\ttitle\tprice\nA-1\tBota\t10.00 EUR\nA-2\tGorra\t12.50 EUR\n"
    )


def test_preview_raw_is_the_file(tmp_path: Path) -> None:
    assert run("-C", shop(tmp_path), "preview", "shop", "--raw", "--limit", "1") == (
        0,
        "id,title,price\nA-1,Bota,10.00 EUR\n",
        "",
    )


def test_preview_json_and_table(tmp_path: Path) -> None:
    shop(tmp_path, BAD)
    code, out, _ = run("-C", tmp_path, "preview", "shop", "--sku", "A-2", "--format", "json")
    assert code == 0
    assert json.loads(out)["items"] == [
        {
            "id": "A-2",
            "row": 3,
            "blocked": True,
            "problems": ["FS302 title"],
            "attributes": {"id": "A-2", "title": "Gorra de lana gruesa", "price": "12.50 EUR"},
        }
    ]
    assert run("-C", tmp_path, "preview", "shop", "--where", "{{ sku == 'A-2' }}", "--format", "table") == (
        0,
        "shop  probe@1   1 product\n"
        "\n"
        "A-2  blocked   FS302 title\n"
        "  id     A-2\n"
        "  title  Gorra de lana gruesa\n"
        "  price  12.50 EUR\n",
        "",
    )


def test_explain(tmp_path: Path) -> None:
    shop(tmp_path, BAD)
    assert run("-C", tmp_path, "explain", "A-2") == (
        0,
        "A-2  Gorra de lana gruesa   products.csv:3\n"
        " shop  blocked  FS302 title: longer than 12 characters; not in the shop\n",
        "",
    )
    assert run("-C", tmp_path, "explain", "A-3")[1].splitlines()[1] == " shop  excluded  select   feedsync.yaml:9"
    assert run("-C", tmp_path, "explain", "A-2", "--feed", "shop")[1] == (
        "A-2  blocked on shop: not in the shop\n"
        ' error FS302  title: longer than 12 characters (here "Gorra de lana gruesa")\n'
        "  feedsync.yaml:12\n"
        "  Shorten it in the catalog, or cut it in the mapping, e.g. | truncate_words.\n"
        " id     A-2                                                    feedsync.yaml:11\n"
        " title  Gorra de lana gruesa                                   feedsync.yaml:12\n"
        " price  12.50 EUR                                              feedsync.yaml:13\n"
    )
    assert run("-C", tmp_path, "explain", "A-2", "--feed", "shop", "--attribute", "price")[1].splitlines()[:2] == [
        "A-2  price on shop",
        ' source  products.csv:3  price "12.50"',
    ]
    document = json.loads(run("-C", tmp_path, "explain", "A-2", "--format", "json")[1])
    assert [feed["status"] for feed in document["feeds"]] == ["blocked"]


def test_channels_list_knows_the_projects_own(tmp_path: Path) -> None:
    code, out, _ = run("-C", shop(tmp_path), "channels", "list", "--format", "json")
    document = json.loads(out)
    assert (code, document["format_version"]) == (0, "1.0")
    assert {"name": "probe", "title": "Probe", "version": "1", "formats": ["csv", "tsv"], "delete_mode": "absence"} in (
        document["channels"]
    )
    assert {tuple(one) for one in document["channels"]} == {("name", "title", "version", "formats", "delete_mode")}
    names = [one["name"] for one in document["channels"]]
    assert names == sorted(names)
    table = run("-C", tmp_path, "channels", "list")[1].splitlines()
    assert len(table) == len(names) + 1
    assert table[0].split() == ["name", "version", "formats", "title"]


def test_channels_show(tmp_path: Path) -> None:
    assert run("-C", shop(tmp_path), "channels", "show", "probe") == (
        0,
        "probe@1  Probe\n"
        " rules from https://channel.example\n"
        " formats: csv (.csv), tsv (.tsv)\n"
        " a product that is not in the file is gone (delete_mode: absence)\n"
        " 3 attributes:\n"
        "  id     text; required\n"
        "  title  text; max_characters 12\n"
        "  price  money; above 0\n",
        "",
    )


def test_channels_lint(tmp_path: Path) -> None:
    shop(tmp_path)
    path = tmp_path / "channel_specs" / "probe"
    assert run("-C", tmp_path, "channels", "lint", "channel_specs/probe") == (0, "1 channels, no problems.\n", "")
    file = path / "1" / "attributes.yaml"
    file.write_text(
        file.read_text(encoding="utf-8") + 'size: {required_when: "{{ titel is missing }}"}\n', encoding="utf-8"
    )
    code, out, err = run("-C", tmp_path, "channels", "lint", path / "1")
    assert (code, err) == (1, "")
    assert "attributes.yaml:4:23: error: unknown" in out
    assert "titel" in out


def test_no_colour_and_no_control_characters_in_a_pipe(tmp_path: Path) -> None:
    shop(tmp_path, BAD.replace("lana", "\x1b[31mlana\x1b[0m"))
    for command in (["check"], ["check", "--format", "table"], ["preview", "shop"], ["explain", "A-2"]):
        _, out, err = run("-C", tmp_path, *command)
        assert "\x1b" not in out + err


def test_a_channel_that_does_not_load_is_a_lint_problem(tmp_path: Path) -> None:
    shop(tmp_path, GOOD)
    file = tmp_path / "channel_specs" / "probe" / "1" / "channel.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("absence", "never"), encoding="utf-8")
    code, out, err = run("-C", tmp_path, "channels", "lint", "channel_specs")
    assert (code, err) == (1, "")
    assert out.startswith('channel_specs/probe/1/channel.yaml:5:14: error: delete_mode: "never" is not known here')


@pytest.mark.parametrize("format", [[], ["--format", "table"], ["--format", "plain"]])
def test_quiet_check_says_it_with_its_exit_code(tmp_path: Path, format: list[str]) -> None:
    assert run("-q", "-C", shop(tmp_path, BAD), "check", *format) == (1, "", "")
    assert run("-q", "-C", shop(tmp_path), "check", *format) == (0, "", "")


def test_quiet_export_writes_and_says_nothing(tmp_path: Path) -> None:
    assert run("-q", "-C", shop(tmp_path, BAD), "export", "-o", "out") == (0, "", "")
    assert (tmp_path / "out" / "shop.csv").exists()


def test_quiet_leaves_errors_and_data(tmp_path: Path) -> None:
    shop(tmp_path, BAD)
    code, out, err = run("-q", "-C", tmp_path, "check", "shpo")
    assert (code, out) == (2, "")
    assert err.startswith('error: no feed "shpo"')
    assert json.loads(run("-q", "-C", tmp_path, "check", "--format", "json")[1])["ok"] is False
    assert json.loads(run("-q", "-C", tmp_path, "export", "-o", "out", "--format", "json")[1])["files"] != []
    assert run("-q", "-C", tmp_path, "preview", "shop", "--raw", "--limit", "1")[1].startswith("id,title,price\n")


def test_notes_are_lines_of_a_json_log_too(tmp_path: Path) -> None:
    shop(tmp_path, GOOD.rstrip("\n"))
    assert run("-C", tmp_path, "check")[2].startswith("products.csv: hint: ")
    logged = [json.loads(line) for line in run("--log-format", "json", "-C", tmp_path, "check")[2].splitlines()]
    note = next(one for one in logged if one["event"] == "note")
    assert (note["level"], note["note"], note["place"]["file"]) == ("hint", "no_line_end", "products.csv")
