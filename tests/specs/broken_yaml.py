"""What can be wrong with a YAML file: every node of a tree, broken in every way, as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

HUGE = "9" * 30
VALUES: dict[str, Any] = {
    "null": None,
    "empty": "",
    "text": "x",
    "negative": "-1",
    "huge": HUGE,
    "float": "1e400",
    "nan": "NaN",
    "true": "true",
    "list": [],
    "list of text": ["x"],
    "list of lists": [[["x"]]],
    "mapping": {},
    "other mapping": {"x": {"y": "z"}},
    "list of mappings": [{"x": "y"}],
    "template": "{{ x }}",
    "broken template": "{{ (",
    "pattern": "(",
    "unicode": "ñ\u0000\u202e😀",
    "long": "x" * 5000,
    "path": "../../x",
}


def paths(data: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every node below the top."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield (*above, step)
        yield from paths(value, (*above, step))


def broken_trees(data: Any, first: int = 0, every: int = 1) -> Iterator[tuple[str, str]]:
    """(what was done, the text): each node deleted, renamed, or replaced by every value; of all those every nth."""
    for path, how in islice(_ways(data), first, None, every):
        if how == "deleted":
            tree = without(data, path)
        elif how == "renamed":
            tree = renamed(data, path)
        else:
            tree = replaced(data, path, VALUES[how])
        yield f"{path} {how}", dumped(tree)


def _ways(data: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for path in paths(data):
        yield from ((path, how) for how in (*VALUES, "deleted"))
        if isinstance(path[-1], str):
            yield path, "renamed"


def dumped(data: Any) -> str:
    """As flow YAML, an entry a line; plain null and nothing else unquoted."""
    return json.dumps(data, ensure_ascii=False, indent=1).replace("\\u0000", "\\0")


def replaced(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(data, dict):
        return {key: replaced(one, path[1:], value) if key == path[0] else one for key, one in data.items()}
    return [replaced(one, path[1:], value) if number == path[0] else one for number, one in enumerate(data)]


def without(data: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(data, dict):
        rest = {key: one for key, one in data.items() if key != path[0] or len(path) > 1}
        return {key: without(one, path[1:]) if key == path[0] else one for key, one in rest.items()}
    rest_ = [one for number, one in enumerate(data) if number != path[0] or len(path) > 1]
    return [without(one, path[1:]) if number == path[0] and len(path) > 1 else one for number, one in enumerate(rest_)]


def renamed(data: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(data, dict):
        if len(path) == 1:
            return {f"{key}_" if key == path[0] else key: one for key, one in data.items()}
        return {key: renamed(one, path[1:]) if key == path[0] else one for key, one in data.items()}
    return [renamed(one, path[1:]) if number == path[0] else one for number, one in enumerate(data)]


def broken_texts(text: str) -> Iterator[tuple[str, str | bytes]]:
    """(what was done, the file): texts that are no YAML, or YAML that nobody should write."""
    lines = text.splitlines(keepends=True)
    for number in range(0, len(lines), 17):
        line = lines[number]
        for name, made in (
            ("tab", "\t" + line),
            ("indented", "   " + line),
            ("twice", line + line),
            ("no colon", line.replace(":", "", 1)),
            ("no quote", line.replace('"', "", 1)),
            ("no bracket", line.replace("}", "", 1)),
            ("bracket", line.replace("\n", " [\n")),
            ("anchor", line.replace(": ", ": &a ", 1)),
            ("alias", line.replace(": ", ": *a ", 1)),
            ("merge", "<<: {x: y}\n" + line),
            ("tag", line.replace(": ", ": !!python/object:os.system ", 1)),
            ("document", "---\n" + line),
            ("cut", ""),
        ):
            yield f"line {number + 1}: {name}", "".join([*lines[:number], made, *lines[number + 1 :]])
    yield "cut in the middle", text[: len(text) // 2]
    yield "10,000 brackets", "x: " + "[" * 10_000
    yield "10,000 closed brackets", "x: " + "[" * 10_000 + "]" * 10_000
    yield "10,000 mappings", "x: " + "{a: " * 10_000
    yield "10,000 steps", "".join(" " * depth + "a:\n" for depth in range(1_000))
    yield "10,000 questions", "? " * 10_000
    yield "10,000 hyphens", "- " * 10_000
    laughs = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    yield "a billion laughs", "\n".join(laughs)
    yield "an alias of itself", "a: &a [*a]"
    yield "nothing", ""
    yield "blanks", " \n\t\n"
    yield "a text", "x"
    yield "a list", "- x"
    yield "bytes", b"\xff\xfe\x00x"
    yield "UTF-16", text.encode("utf-16")
    yield "NUL", text.replace("a", "\0", 1)
    yield "line separators", text.replace("\n", "\u2028", 3)
    yield "a line of a million", "x: " + "y" * 1_000_000
