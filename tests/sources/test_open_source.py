"""From declarations to readers: suffixes, defaults, variables, and what is not imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from reading import whole

from feedsync.errors import ConfigError
from feedsync.sources.open import open_source
from feedsync.specs.source import SourceSpec

FILES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "p.csv": (b"a,b\n1,2\n", {}),
    "P.CSV": (b"a,b\n1,2\n", {}),
    "p.tsv": (b"a\tb\n1\t2\n", {}),
    "p.txt": (b"a|b\n1|2\n", {"delimiter": "|"}),
    "tab.csv": (b"a\tb\n1\t2\n", {"delimiter": "tab"}),
    "t.tsv": (b"a;b\n1;2\n", {"delimiter": ";"}),
    "p.dat": (b"a\tb\n1\t2\n", {"format": "tsv"}),
    "p.json": (b'{"x": [{"a": 1, "b": 2}]}', {"records": "x"}),
    "p.jsonl": (b'{"a": 1, "b": 2}', {}),
    "p.ndjson": (b'{"a": 1, "b": 2}', {}),
    "q.csv": (b"a,b\n'1','2'\n", {"quote": "'"}),
    "w.csv": ("a,b\n1,2\n".encode("utf-16"), {"encoding": "utf-16"}),
    "l.csv": (b' "a" ,b\n1 , "2"\n', {"dialect": "lenient"}),
    "r.csv": (b"a,b\n1,2\n3\n", {"on_ragged": "skip"}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_declared(tmp_path: Path, name: str) -> None:
    content, options = FILES[name]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    source = open_source(SourceSpec(path=f"in/{name}", **options), tmp_path)
    assert source.name == f"in/{name}"
    assert whole(source).select("a", "b").rows() == [("1", "2")]


def test_gzip_is_seen_by_suffix_and_by_content(tmp_path: Path) -> None:
    import gzip

    for name in ("p.csv.gz", "p.csv"):
        (tmp_path / name).write_bytes(gzip.compress(b"a,b\n1") + gzip.compress(b",2\n"))
        assert whole(open_source(SourceSpec(path=name), tmp_path)).rows() == [("1", "2", 2)]


def refused(spec: SourceSpec, root: Path = Path(), **given: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        open_source(spec, root, **given)
    return caught.value.message()


def test_an_unknown_suffix_names_the_known_ones() -> None:
    known = ".csv, .tsv, .txt, .json, .jsonl, .ndjson, .xml, .xlsx, .xlsm, .ods, .parquet"
    for name, suffix in (("p.doc", ".doc"), ("p.doc.gz", ".doc"), ("p", ""), ("p.gz", "")):
        assert refused(SourceSpec(path=name)) == (
            f'error: {name}: the suffix "{suffix}" tells no format.'
            f" Known are {known}, each also packed (.gz, .zip, .zst, .bz2, .xz); or set format on the source."
        )


def test_workbooks_that_are_not_read_say_what_to_do() -> None:
    for suffix in (".xls", ".xlsb"):
        assert refused(SourceSpec(path=f"p{suffix}")) == (
            f"error: p{suffix}: workbooks of the kind {suffix} are not read."
            " Save it as .xlsx, or as CSV UTF-8 (comma delimited)."
        )


def test_frames_come_by_name() -> None:
    frame = pl.DataFrame({"a": [1]})
    assert whole(open_source(SourceSpec(frame=True, name="shop"), Path(), {"shop": frame})).rows() == [("1", 1)]
    assert refused(SourceSpec(frame=True, name="shop"), frames={"other": frame}) == (
        'error: shop: no frame "shop" was given. Write load_project(..., sources={"shop": frame}).'
    )


def test_variables_that_are_not_set_are_named_without_the_rest(tmp_path: Path) -> None:
    spec = SourceSpec(name="erp", url="postgresql://u:${ERP_PASSWORD}@host/x", query="select 1")
    assert refused(spec, env={}) == "error: ERP_PASSWORD is not set. Put it into the environment."
    spec = SourceSpec(url="${file:secret.txt}", query="select 1")
    assert refused(spec, tmp_path) == (
        'error: the file "secret.txt" cannot be read: No such file or directory. Correct the path or the file.'
    )


def test_a_csv_run_imports_neither_sqlalchemy_nor_pandas(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"a,b\n1,2\n")
    code = (
        "import sys; from pathlib import Path; from feedsync.sources.open import open_source;"
        "from feedsync.specs.source import SourceSpec;"
        f"list(open_source(SourceSpec(path='p.csv'), Path({str(tmp_path)!r})).blocks());"
        "print({'sqlalchemy', 'pandas', 'psycopg', 'pyarrow'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_a_password_with_signs_of_a_url_is_not_shown() -> None:
    spec = SourceSpec(url="postgresql://u:${PW}@localhost:1/db", query="select 1")
    source = open_source(spec, Path(), env={"PW": "ab@S3cr3t:x"})
    assert source.name == "postgresql://u:***@localhost:1/db"
