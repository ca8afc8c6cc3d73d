"""Files that take their places together.

A file system renames one file at a time. So the old files are kept beside the new ones, and a journal names them, until
all new ones are in place. Where that fails, the old files are put back; where the process dies in between, the journal
is still there, and the next one puts them back (`recover`).
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from feedsync.errors import OutputError, Place
from feedsync.writers.disk import output_error, reported, said, sync_folder

JOURNAL: Final = ".feedsync-replacing.json"
_OURS: Final = re.compile(r"\..+\.feedsync-[0-9]+-[0-9]+\.(new|old)", re.DOTALL)
_JOURNAL_BYTES: Final = 16 << 20  # a longer one is none of ours


def beside(name: str, number: int, kind: str) -> str:
    """The name of the new or old file that lies beside `name`; `recover` and `sweep` know it again."""
    return f".{name}.feedsync-{os.getpid()}-{number}.{kind}"


@dataclass
class Step:
    """One file that takes its place, or goes."""

    path: str
    """As the user knows it."""
    new: str
    """The finished file beside it; '' where the file goes."""
    old: str = ""
    """Where the file of now is kept; '' where there is none."""

    @property
    def target(self) -> str:
        return os.path.realpath(self.path)  # through a link, so that the link stays

    @property
    def folder(self) -> str:
        return os.path.dirname(self.target)


def replace(steps: Sequence[Step], folder: str) -> None:
    """All steps in their order, or none; `folder` holds the journal.

    Raises OutputError with the old files back in their places; where even that fails, it names the files that are new.
    """
    journal = os.path.join(folder, JOURNAL)
    try:
        for number, step in enumerate(steps):
            with reported(step.path):
                _keep(step, number)
        steps = [step for step in steps if step.new or step.old]
        with reported(journal):
            _write_journal(journal, steps)
            _sync(steps)  # before the first rename, so that after a power cut, too, nothing is renamed that is not kept
        for step in steps:
            with reported(step.path):
                _take(step)
        with reported(folder):
            _sync(steps)
            os.unlink(journal)  # from here on the new files are the good ones
            sync_folder(folder)
    except BaseException as error:  # a signal, too: half of the files are never left
        _undo(steps, folder, error)
        raise
    for step in steps:
        _forget(step)


def recover(folder: str) -> list[str]:
    """Puts back what a process that died had replaced, and gives the names; [] where none did.

    Call it when nobody else writes into the folder. Raises OutputError where the journal does not read.
    """
    steps = _read_journal(folder)
    if steps is None:
        return []
    back = []
    for step in reversed(steps):
        with reported(step.path), suppress(FileNotFoundError):  # put back already, by a run that died doing it
            if _put_back(step):
                back.append(os.path.basename(step.path))
    _close(steps, folder)
    return sorted(back)


def sweep(folder: str) -> None:
    """Removes the new and old files that processes which died left in the folder.

    Call it after `recover`, when nobody else writes into the folder. One that cannot be removed harms nothing.
    """
    with suppress(OSError), os.scandir(folder or os.curdir) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    os.unlink(entry.path)


def _keep(step: Step, number: int) -> None:
    """The file of now under a second name: a link where the file system has them, else a copy."""
    try:
        mode = os.lstat(step.target).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise OutputError("output_is_a_folder", Place(step.path))
    old = os.path.join(step.folder, beside(os.path.basename(step.target), number, "old"))
    with suppress(FileNotFoundError):
        os.unlink(old)  # of a process that died and had our number
    step.old = old
    try:
        os.link(step.target, old)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EBUSY):  # a file mounted on its own: no rename will replace it
            raise
        shutil.copy2(step.target, old)
        with open(old, "rb") as copy:
            os.fsync(copy.fileno())


def _take(step: Step) -> None:
    if step.new:
        os.replace(step.new, step.target)
    elif step.old:
        os.unlink(step.target)


def _undo(steps: Sequence[Step], folder: str, cause: BaseException) -> None:
    """The old files back. Where one cannot be, the journal stays for the next run, and the error says what is new."""
    left: list[str] = []
    reason = ""
    for step in reversed(steps):
        try:
            _put_back(step)
        except OSError as error:
            left.append(os.path.basename(step.path))
            reason = said(error)
    if left:
        raise OutputError("output_mixed", Place(folder), files=", ".join(sorted(left)), reason=reason) from cause
    with suppress(OSError):  # a journal that stays is worked off again, to the same end
        _close(steps, folder)


def _put_back(step: Step) -> bool:
    """The old file in its place again; whether it was not there. The disk says how far the step had come."""
    if not (step.new or step.old) or os.path.lexists(step.new or step.target) or _same(step.old, step.target):
        return False
    if step.old:
        os.replace(step.old, step.target)
    else:
        os.unlink(step.target)
    return True


def _same(old: str, target: str) -> bool:
    """Whether what was kept is a link to what is still there."""
    try:
        return bool(old) and os.path.samestat(os.lstat(old), os.lstat(target))
    except FileNotFoundError:
        return False


def _close(steps: Sequence[Step], folder: str) -> None:
    """The journal gone, and what it named."""
    _sync(steps)
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, JOURNAL))
    sync_folder(folder)
    for step in steps:
        _forget(step)


def _forget(step: Step) -> None:
    if step.old:
        with suppress(OSError):  # the next run sweeps it
            os.unlink(step.old)


def _sync(steps: Sequence[Step]) -> None:
    for folder in dict.fromkeys(step.folder for step in steps):
        sync_folder(folder)


def _write_journal(journal: str, steps: Sequence[Step]) -> None:
    """Whole or not at all, like every file."""
    entries = [{part: os.path.basename(getattr(step, part)) for part in ("path", "new", "old")} for step in steps]
    folder, name = os.path.split(journal)
    temporary = os.path.join(folder, beside(name, 0, "new"))
    with open(temporary, "w", encoding="ascii") as file:
        json.dump({"files": entries}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, journal)


def _read_journal(folder: str) -> list[Step] | None:
    """The steps, or None where there is no journal. Its names stay in the folder: it is no way to other files."""
    journal = os.path.join(folder, JOURNAL)
    try:
        with open(journal, "rb") as file:
            data: Any = json.loads(file.read(_JOURNAL_BYTES))
        return [_step(folder, one) for one in data["files"]]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise output_error(error, journal, folder) from error
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise OutputError("journal_damaged", Place(journal)) from error


def _step(folder: str, entry: Any) -> Step:
    """Raises ValueError for names that `replace` does not write."""
    path, new, old = (str(entry[part]) for part in ("path", "new", "old"))
    step = Step(os.path.join(folder, path), "")
    name = os.path.basename(step.target)
    for beside_it in (new, old):
        if beside_it and not (_OURS.fullmatch(beside_it) and beside_it.startswith(f".{name}.feedsync-")):
            raise ValueError(beside_it)
    if os.path.basename(path) != path or path in ("", os.curdir, os.pardir) or "/" in new + old or not (new or old):
        raise ValueError(path)
    step.new, step.old = (one and os.path.join(step.folder, one) for one in (new, old))
    return step
