"""Makes google_product/tree.txt: `python taxonomies/build.py gpc_string_to_id_mapping_en.json`.

The input is a JSON object of full English path -> id, as google/shoptimizer ships it (shoptimizer_api/config/). Paths that
were encoded twice there are repaired. The output is the tree, a line per category: a tab per level, the id, the name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SEPARATOR = " > "
HEAD = """\
# title: Google's product taxonomy in English
# edition: 2019-07-10
# language: en
# source: https://github.com/google/shoptimizer, commit 67b7e0e39482bf40e9db5336229c14ddd7c6ebe5
# licence: Apache-2.0, see LICENSE and NOTICE
"""


def repaired(path: str) -> str:
    """The path as it was before its UTF-8 was read as Latin-1; the path itself where it was not."""
    try:
        return path.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return path


def tree(mapping: dict[str, str | int]) -> str:
    """The lines of the tree. Raises ValueError for a category whose parent is not there, or an id given twice."""
    paths = {tuple(repaired(path).split(SEPARATOR)): str(number) for path, number in mapping.items()}
    if len(set(paths.values())) != len(mapping):
        raise ValueError("two categories have one id")
    lines = []
    for steps in sorted(paths):
        if steps[:-1] and steps[:-1] not in paths:
            raise ValueError(f"no parent: {SEPARATOR.join(steps)}")
        lines.append("\t" * (len(steps) - 1) + f"{paths[steps]} {steps[-1]}\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    text = tree(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    (Path(__file__).parent / "google_product" / "tree.txt").write_text(text, encoding="utf-8")
