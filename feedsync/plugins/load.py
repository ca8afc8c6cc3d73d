"""A Python file of the user's own as a module: private, loaded by its path, without traces on the disk."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

from feedsync.errors import ConfigError, FeedsyncError, Place

_PREFIX = "feedsync_own_"


class _NoTraces(importlib.machinery.SourceFileLoader):
    """Compiles the file each time: a `__pycache__` that lags behind by a second would run yesterday's function."""

    def get_code(self, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def load_module(file: Path, shown: str, root: Path) -> ModuleType:
    """The file's module. What it imports from `root`, the project's folder, is found behind everything installed.

    A file that is not there, does not parse or fails while it is loaded is a ConfigError with its own line.
    """
    if not file.is_file():
        raise ConfigError("own_no_file", None, file=shown)
    name = f"{_PREFIX}{file.stem}"
    loader = _NoTraces(name, str(file))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    try:
        with _beside(root), _registered(name, module):
            loader.exec_module(module)
    except FeedsyncError as error:  # of the decorator: it knows the line, under the file's whole name
        if error.place is not None and error.place.file == str(file):
            error.place = error.place._replace(file=shown)
        raise
    except SyntaxError as error:
        if error.filename not in (str(file), None):
            shown = Path(error.filename or shown).name
        message = (error.msg or "invalid syntax").rstrip(".")
        raise ConfigError("own_syntax", Place(shown, error.lineno or 0, error.offset or 0), message=message) from None
    except ModuleNotFoundError as error:
        raise ConfigError("own_import", _line(error, file, shown), name=error.name or "") from None
    except (Exception, SystemExit) as error:
        raise ConfigError("own_load", _line(error, file, shown), **said(error)) from error
    return module


@cache
def loaded(file: str, root: str) -> ModuleType:
    """The module of a file in a process that only got its name: one that a compiled mapping was sent to."""
    return load_module(Path(file), file, Path(root))


def relative(file: str, root: str) -> str:
    """The path of a file as the project would say it."""
    return file.removeprefix(str(Path(root).resolve())).lstrip("/")


def said(error: BaseException) -> dict[str, str]:
    """An exception's type and words on one line, for a message."""
    return {"type": type(error).__name__, "message": " ".join(str(error).split())[:300].rstrip(".")}


def _line(error: BaseException, file: Path, shown: str) -> Place:
    return Place(shown, line_in(error, str(file)))


def line_in(error: BaseException, file: str) -> int:
    """The last line of the file that the exception came through; 0 where it came from elsewhere."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else 0


@contextmanager
def _registered(name: str, module: ModuleType) -> Iterator[None]:
    """Known by its name while it is loaded: dataclasses look their module up."""
    sys.modules[name] = module
    try:
        yield
    except BaseException:
        del sys.modules[name]
        raise


@contextmanager
def _beside(root: Path) -> Iterator[None]:
    """The project's folder can be imported from, last of all; afterwards nothing of it is known to other code."""
    before, folder = set(sys.modules), str(root.resolve())
    sys.path.append(folder)
    traces, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)
        sys.dont_write_bytecode = traces
        for name in [name for name in sys.modules if name not in before and not name.startswith(_PREFIX)]:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(folder):
                del sys.modules[name]
