"""What went wrong in code of the user's own: which code, its line, and the product it stumbled over.

An exception that passes through Polars loses what it carries, so it is kept here, and a bare `Stopped` ends the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import polars as pl

from feedsync.errors import FeedsyncError, Place
from feedsync.frames import ROW
from feedsync.plugins.load import line_in, said
from feedsync.plugins.values import Misfit
from feedsync.texts import say


class OwnCodeError(FeedsyncError):
    """A function or hook of the user's own failed, or gave what it must not."""


class Stopped(Exception):
    """Ends a query; `Troubles` holds what happened."""


@dataclass
class Troubles:
    """The errors of one run's own code, and what is known to name products by."""

    keys: dict[str, pl.DataFrame] = field(default_factory=dict)
    """Source -> its rows' numbers (`_row`) and keys (`__key`)."""
    users: Callable[[str, Place], str] | None = None
    """The attribute and feed behind a step and its place."""
    kept: list[FeedsyncError] = field(default_factory=list)

    def stop(self, error: FeedsyncError) -> Stopped:
        """Keep the error; what is raised instead."""
        self.kept.append(error)
        return Stopped(error.key)

    def product(self, source: str, row: int | None) -> str:
        """The end of a sentence: ` at product A-2 (products.csv:3)`; '' where no row is known."""
        if row is None:
            return ""
        place = Place(source, row)
        known = self.keys.get(source)
        keys = [] if known is None else known.filter(pl.col(ROW) == row)["__key"].drop_nulls().to_list()
        return say("own_at_product", key=keys[0], place=place) if keys else say("own_at_row", place=place)

    @contextmanager
    def raised(self) -> Iterator[None]:
        """Inside, what own code did wrong is raised as itself."""
        try:
            yield
        except (Stopped, pl.exceptions.PolarsError):
            if self.kept:
                raise self.kept[0] from self.kept[0].__cause__
            raise


@dataclass(frozen=True)
class Code:
    """A function of the user's own: where it stands."""

    name: str
    file: str
    """Its whole path, as tracebacks have it."""
    shown: str
    """Its path as the project says it."""
    line: int = 0

    def error(self, met: BaseException, where: str) -> OwnCodeError:
        """The error of what the code raised or gave; `where` goes on the sentence."""
        if isinstance(met, Misfit):
            return OwnCodeError(met.key, Place(self.shown, self.line), subject=self.name, where=where, **met.params)
        place = Place(self.shown, line_in(met, self.file) or self.line)
        error = OwnCodeError("own_failed", place, subject=self.name, where=where, **said(met))
        error.__cause__ = met
        return error


def first_failing(frame: pl.DataFrame, call: Callable[[pl.DataFrame], object]) -> int | None:
    """The position of the first row that fails alone; None where only rows together do."""
    start, end = 0, len(frame)
    while end - start > 1:
        middle = (start + end) // 2
        if _fails(frame.slice(start, middle - start), call):
            end = middle
        elif _fails(frame.slice(middle, end - middle), call):
            start = middle
        else:
            return None
    return start


def _fails(frame: pl.DataFrame, call: Callable[[pl.DataFrame], object]) -> bool:
    try:
        call(frame)
    except (Exception, SystemExit):  # noqa: BLE001  her code may raise anything; only whether it does is asked
        return True
    return False
