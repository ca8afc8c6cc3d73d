"""From a source's declaration to its reader. Adapters are loaded on use: a CSV run imports no SQLAlchemy, no pandas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from feedsync.errors import ConfigError, Place
from feedsync.sources.base import Remark, Source
from feedsync.sources.found import files_found, is_pattern, newest
from feedsync.sources.packed import SUFFIXES as PACKINGS
from feedsync.sources.packed import Unpacked
from feedsync.sources.remote import is_remote, remote_file
from feedsync.sources.sessions import Sessions
from feedsync.sources.several import SeveralFiles
from feedsync.sources.stored import Bytes, StoredFile
from feedsync.specs.secrets import resolve
from feedsync.specs.source import SourceSpec

ADAPTERS: Final = {
    "csv": "feedsync.sources.csv:CsvSource",
    "tsv": "feedsync.sources.csv:CsvSource",
    "json": "feedsync.sources.json:JsonSource",
    "jsonl": "feedsync.sources.jsonl:JsonLinesSource",
    "xml": "feedsync.sources.xml:XmlSource",
    "xlsx": "feedsync.sources.workbook:WorkbookSource",
    "ods": "feedsync.sources.workbook:WorkbookSource",
    "parquet": "feedsync.sources.parquet:ParquetSource",
    "sql": "feedsync.sources.sql:SqlSource",
    "frame": "feedsync.sources.dataframe:FrameSource",
}
SUFFIXES: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "xml",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ods": "ods",
    ".parquet": "parquet",
}
WORKBOOKS: Final = (".xls", ".xlsb", ".numbers")  # that nothing here reads


def open_source(
    spec: SourceSpec,
    root: Path,
    frames: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    place: Place | None = None,
    sessions: Sessions | None = None,
) -> Source:
    """The reader of a source. Relative paths start at `root`, `frames` are the API's, `env` fills ${VAR} in the URL;
    `place` is where the source is declared; sources of one database URL that share `sessions` share its snapshot.

    What the declaration says wrongly is a ConfigError here; what is wrong with the data, the file or the server is a
    SourceError when the blocks are read.
    """
    try:
        return _opened(spec, root, frames or {}, env or {}, place, sessions)
    except ConfigError as error:
        error.place = error.place or place
        raise


def _opened(
    spec: SourceSpec,
    root: Path,
    frames: Mapping[str, Any],
    env: Mapping[str, str],
    place: Place | None,
    sessions: Sessions | None,
) -> Source:
    if spec.frame:
        name = spec.name or "frame"
        if name not in frames:
            raise ConfigError("frame_not_given", subject=name, name=name)
        return _adapter("frame")(frames[name], name)
    if spec.url is not None:
        url = resolve(spec.url, _in_url(spec.url, env), root, place)
        query = spec.query or query_of(spec.query_file or "", root, place)
        return _adapter("sql")(url, query, root, name=spec.name, sessions=sessions)
    path = spec.path or ""
    if is_remote(path) or path.startswith("${"):
        path = resolve(path, _in_url(path, env), root, place)
    if is_remote(path):
        file = remote_file(spec, path, lambda text: resolve(text, env, root, place), root)
        return _of_file(spec, file)
    return _here(spec.model_copy(update={"path": path}), path, root)


def _here(spec: SourceSpec, declared: str, root: Path) -> Source:
    """A file on this machine, or what a pattern finds."""

    def one(name: str) -> Source:
        return _of_file(spec, StoredFile(root / name, name))

    if not is_pattern(spec, root):
        return one(declared)
    names = files_found(declared, root)
    if spec.pick == "all":
        return SeveralFiles([one(name) for name in names], declared)
    source = one(newest(names, root))
    source.declared = declared
    if len(names) > 1:
        source.remarks = (Remark("hint", "source_picked", (("name", source.name), ("count", len(names)))),)
    return source


def _of_file(spec: SourceSpec, stored: Bytes) -> Source:
    declared = stored.name
    kind = spec.format or _by_suffix(declared)
    workbook = kind in ("xlsx", "ods")
    file = Unpacked(stored, member=spec.member, workbook=workbook)
    if kind in ("csv", "tsv"):
        return _adapter(kind)(
            file,
            delimiter=spec.delimiter or ("\t" if kind == "tsv" else ","),
            quote=spec.quote,
            encoding=spec.encoding,
            dialect=spec.dialect,
            on_ragged=spec.on_ragged,
        )
    if kind == "json":
        return _adapter(kind)(file, records=spec.records, rows=spec.rows, encoding=spec.encoding)
    if kind == "jsonl":
        return _adapter(kind)(file, rows=spec.rows, encoding=spec.encoding)
    if kind == "xml":
        return _adapter(kind)(file, records=spec.records, tree=spec.tree, encoding=spec.encoding)
    if workbook:
        return _adapter(kind)(file, kind=kind, sheet=spec.sheet)
    if kind == "parquet":
        return _adapter(kind)(file)
    raise ConfigError("source_format", subject=declared, format=kind, known=", ".join(SUFFIXES))


def query_of(file: str, root: Path, place: Place | None) -> str:
    """The query in a file beside feedsync.yaml: UTF-8, one statement, whose last semicolon does not count."""
    try:
        text = (root / file).read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a NUL in the name
        start = getattr(error, "start", None)
        reason = getattr(error, "strerror", None) or (
            "not a file name" if start is None else f"not UTF-8 at byte {start}"
        )
        raise ConfigError("sql_file", place, file=file, reason=reason) from None
    if not (query := text.strip().removesuffix(";").rstrip()):
        raise ConfigError("sql_file", place, file=file, reason="it is empty")
    return query


def _in_url(url: str, env: Mapping[str, str]) -> Mapping[str, str]:
    """The variables as parts of a URL: a password with `@` or `:` is percent-encoded, or its end would be read, and
    shown, as the host. A variable that is the whole URL, or a value that is encoded already, stays as it is."""
    if re.fullmatch(r"\$\{[^}]*\}", url.strip()):
        return env
    return {
        name: value if re.search("%[0-9A-Fa-f]{2}", value) else quote(value, safe=".-_~")
        for name, value in env.items()
        if f"${{{name}" in url
    }


def _by_suffix(declared: str) -> str:
    suffixes = [suffix.lower() for suffix in PurePath(declared).suffixes]
    if suffixes and suffixes[-1] in PACKINGS:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if suffix in WORKBOOKS:
        raise ConfigError("workbook_format", subject=declared, suffix=suffix)
    if suffix not in SUFFIXES:
        raise ConfigError("source_suffix", subject=declared, suffix=suffix, known=", ".join(SUFFIXES))
    return SUFFIXES[suffix]


def _adapter(kind: str) -> Callable[..., Source]:
    module, _, name = ADAPTERS[kind].partition(":")
    adapter: Callable[..., Source] = getattr(import_module(module), name)
    return adapter
