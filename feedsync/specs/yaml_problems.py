"""What the YAML parser stumbles over, in plain words with a place and a remedy."""

from __future__ import annotations

import re

import yaml

from feedsync.errors import ConfigError, Place

_IN_FLOW = re.compile(r"\{[{%].*?[}%]\}|.*")
_IN_BLOCK = re.compile(r".*?(?= #|$)")
_SHOWN = 80  # characters of a line that a message repeats

# (what the parser says, the text that says it plainly, whether the place is where the broken thing begins)
_PROBLEMS = (
    ("unknown escape character", "config_yaml_escape", False),
    ("mapping values are not allowed", "config_yaml_colon", False),
    ("unexpected end of stream", "config_yaml_open_quote", True),
    ("unexpected document indicator", "config_yaml_open_quote", True),
    ("expected ',' or", "config_yaml_bracket", True),
    ("could not find expected ':'", "config_yaml_no_colon", True),
    ("expected key", "config_yaml_indentation", False),
    ("expected <block end>", "config_yaml_indentation", False),
    ("expected '-' indicator", "config_yaml_indentation", False),
    ("expected <document start>", "config_yaml_indentation", False),
    ("expected '<document start>'", "config_yaml_indentation", False),
    ("end of stream", "config_yaml_open_quote", True),
)


def broken(error: yaml.YAMLError, text: str, file: str) -> ConfigError:
    """The parser's error as ours."""
    if isinstance(error, yaml.reader.ReaderError):
        return _character(text, file)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return ConfigError("config_yaml_broken", Place(file), problem=str(error))
    problem = str(error.problem)
    lines = text.splitlines()
    mark = error.problem_mark
    place = Place(file, mark.line + 1, mark.column + 1)
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "cannot start any token" in problem:
        return _start(line, place)
    if "expected key" in problem and line[: mark.column].rstrip().endswith(("'", '"')):
        return ConfigError("config_yaml_after_quote", place)
    for words, key, from_start in _PROBLEMS:
        if words in problem:
            begin = error.context_mark if from_start and error.context_mark else mark
            return ConfigError(key, Place(file, begin.line + 1, begin.column + 1))
    return ConfigError("config_yaml_broken", place, problem=problem)


def template_on(text: str, start: int, in_flow: bool) -> str:
    """The template that begins at `start`, in quotes: to its own end inside brackets, else to the end of the line."""
    if text[start : start + 2] not in ("{{", "{%"):
        return ""
    end = text.find("\n", start)
    found = (_IN_FLOW if in_flow else _IN_BLOCK).match(text[start : end if end >= 0 else len(text)].rstrip())
    template = found.group().rstrip() if found else ""
    if len(template) > _SHOWN:
        return '"{{ ... }}"'
    if '"' not in template and "\\" not in template:
        return f'"{template}"'
    doubled = template.replace("'", "''")
    return f"'{doubled}'"


def _start(line: str, place: Place) -> ConfigError:
    """A character that no plain text may begin with."""
    at = place.column - 1
    character = line[at : at + 1]
    if character == "\t":
        return ConfigError("config_yaml_tab", place)
    if character == "%" and line[at - 1 : at] == "{":
        name = line[: at - 1].strip()
        name = f"{name} " if name.endswith(":") else ""
        begin = Place(place.file, place.line, at)
        return ConfigError("config_yaml_template", begin, name=name, template=template_on(line, at - 1, False))
    return ConfigError("config_yaml_start", place, character=character)


def _character(text: str, file: str) -> ConfigError:
    """A character that no YAML file may hold."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    at = found.start() if found else 0
    line = text.count("\n", 0, at) + 1
    place = Place(file, line, at - text.rfind("\n", 0, at))
    code = f"U+{ord(text[at]):04X}" if found else ""
    return ConfigError("config_yaml_character", place, code=code)
