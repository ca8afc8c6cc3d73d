"""Functions of the user's own as functions of the mapping language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from feedsync.errors import ConfigError, FeedsyncError, Place, raise_all
from feedsync.expressions import Value, literal
from feedsync.expressions.functions import FUNCTIONS
from feedsync.expressions.registry import REQUIRED, Call, Function, Param
from feedsync.frames import ROW, dtype
from feedsync.plugins.declare import MARK, Declared
from feedsync.plugins.load import load_module, loaded, relative
from feedsync.plugins.trouble import Code, Troubles, first_failing
from feedsync.plugins.values import Misfit, is_pandas, taken
from feedsync.sources.dataframe import to_pandas


@dataclass(frozen=True)
class OwnFunction:
    """A declared function of a file."""

    declared: Declared
    run: Callable[..., Any]
    code: Code
    root: str

    def __reduce__(self) -> tuple[Callable[[str, str, str, str], OwnFunction], tuple[str, str, str, str]]:
        """Sent to another process by name: her module is no one's to import."""
        return _found_again, (self.code.file, self.code.shown, self.root, self.declared.name)


def _found_again(file: str, shown: str, root: str, name: str) -> OwnFunction:
    return next(one for one in declared_in(loaded(file, root), file, shown, root) if one.declared.name == name)


def declared_in(module: object, file: str, shown: str, root: str) -> list[OwnFunction]:
    """The decorated functions of a module, in order."""
    found: dict[int, OwnFunction] = {}
    for given in vars(module).values():
        declared = getattr(given, MARK, None) if callable(given) else None
        if isinstance(declared, Declared):
            at = shown if declared.place.file == file else relative(declared.place.file, root)
            code = Code(declared.name, declared.place.file, at, declared.place.line)
            found.setdefault(id(given), OwnFunction(declared, given, code, root))
    return list(found.values())


def load_functions(files: Sequence[str], root: Path, place: Place) -> dict[str, OwnFunction]:
    """The functions of the project's files by name; `place` is where feedsync.yaml names them.

    ConfigError for a file without functions, and for a name that exists already.
    """
    found: dict[str, OwnFunction] = {}
    errors: list[FeedsyncError] = []
    for shown in files:
        file = (root / shown).resolve()
        try:
            own = declared_in(load_module(file, shown, root), str(file), shown, str(root))
        except FeedsyncError as error:
            error.place = error.place or place
            errors.append(error)
            continue
        if not own:
            errors.append(ConfigError("own_no_functions", place, file=shown))
        for one in own:
            at = Place(one.code.shown, one.code.line)
            if one.declared.name in FUNCTIONS:
                errors.append(ConfigError("own_built_in", at, name=one.declared.name))
            elif one.declared.name in found:
                first = found[one.declared.name].code
                other = str(Place(first.shown, first.line))
                errors.append(ConfigError("own_twice", at, name=one.declared.name, first=other))
            found.setdefault(one.declared.name, one)
    raise_all(errors)
    return found


def registered(own: Mapping[str, OwnFunction], troubles: Troubles, source: str) -> dict[str, Function]:
    """The functions as templates over rows of `source` know them."""
    return {name: _function(one, troubles, source) for name, one in own.items()}


def _function(own: OwnFunction, troubles: Troubles, source: str) -> Function:
    declared = own.declared
    first, *others = declared.takes
    params = [Param(one.name, one.type.kind, None if one.omitted else REQUIRED) for one in others]
    params += [
        Param(one.name, one.kind, REQUIRED if one.required else one.default, literal=True) for one in declared.constants
    ]

    def build(call: Call) -> Value:
        return _built(own, call, troubles, source)

    return Function(
        declared.name,
        build,
        takes=(first.type.kind,),
        returns=declared.returns,
        params=tuple(params),
        sees_missing=any(one.optional for one in declared.takes),
        python=True,
        summary=declared.summary,
    )


def _built(own: OwnFunction, call: Call, troubles: Troubles, source: str) -> Value:
    """The step's column. Rows travel along, so that one that fails can be named."""
    declared = own.declared
    given = [call.input, *(call.args[one.name] for one in declared.takes[1:])]
    values = [literal(None) if value is None else value for value in given]
    columns = [value.expr for value in values]
    with_rows = any(not value.known for value in values)
    constants = tuple((one.name, call.args[one.name]) for one in declared.constants)
    step = OnBatch(own, constants, call.zone, call.step, call.place, source, with_rows, troubles)
    wanted = dtype(declared.returns, call.zone)
    expr = pl.map_batches(
        [*columns, *([pl.col(ROW)] if with_rows else [])], step, return_dtype=wanted, is_elementwise=True
    )
    return Value(expr, declared.returns)


@dataclass(frozen=True)
class OnBatch:
    """One step of a template in code of the user's own, as Polars calls it: the columns it takes, then `_row`."""

    own: OwnFunction
    constants: tuple[tuple[str, object], ...]
    zone: str
    step: str
    place: Place | None
    source: str
    with_rows: bool
    troubles: Troubles = field(default_factory=Troubles, compare=False)

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: not what went wrong here."""
        return {**self.__dict__, "troubles": Troubles()}

    def __call__(self, columns: Sequence[pl.Series]) -> pl.Series:
        takes = self.own.declared.takes
        height = len(columns[-1]) if self.with_rows else 1
        frame = pl.DataFrame(
            [
                (column if len(column) == height else column.new_from_index(0, height))
                .cast(dtype(one.type, self.zone))
                .alias(one.name)
                for one, column in zip(takes, columns, strict=False)
            ]
        )
        needed = [pl.col(one.name).is_not_null() for one in takes if not one.optional]
        there = frame.select(pl.all_horizontal(needed)).to_series() if needed else None
        if there is None or there.all():
            return self._result(frame, columns) if height else self._nothing(0)
        if not there.any():
            return self._nothing(height)
        result = self._result(frame.filter(there), [column.filter(there) for column in columns[-1:]])
        position = pl.DataFrame({"there": there}).select(
            pl.when("there").then(pl.col("there").cum_sum() - 1).cast(pl.UInt32)
        )
        return result.gather(position.to_series())

    def _nothing(self, height: int) -> pl.Series:
        return pl.Series([None] * height, dtype=dtype(self.own.declared.returns, self.zone))

    def _result(self, frame: pl.DataFrame, columns: Sequence[pl.Series]) -> pl.Series:
        try:
            return self._called(frame)
        except Misfit as misfit:
            raise self._stopped(misfit, misfit.position, columns) from None
        except (Exception, SystemExit) as error:  # noqa: BLE001  her code may raise anything, and is told where
            raise self._stopped(error, first_failing(frame, self._called), columns) from None

    def _stopped(self, error: BaseException, position: int | None, columns: Sequence[pl.Series]) -> Exception:
        row = int(columns[-1][position]) if self.with_rows and position is not None else None
        where = self.troubles.product(self.source, row)
        if self.troubles.users is not None and self.place is not None:
            where += self.troubles.users(self.step, self.place)
        return self.troubles.stop(self.own.code.error(error, where))

    def _called(self, frame: pl.DataFrame) -> pl.Series:
        """What her function makes of the rows, at its declared type. Misfit, or whatever it raises."""
        declared = self.own.declared
        constants = dict(self.constants)
        given: Any
        if declared.on == "pandas":
            whole = to_pandas(frame)
            given = self.own.run(*(whole[one.name] for one in declared.takes), **constants)
            if is_pandas(given, "Series") and not given.index.equals(whole.index):
                raise Misfit("own_order")
        elif declared.on == "expression":
            given = self.own.run(*(pl.col(one.name) for one in declared.takes), **constants)
            if not isinstance(given, pl.Expr):
                raise Misfit("own_gives", gives=type(given).__name__, wanted="polars.Expr")
            given = frame.select(given.alias("given")).to_series()
        else:
            given = self.own.run(*frame.get_columns(), **constants)
        if not isinstance(given, pl.Series) and not is_pandas(given, "Series"):
            wanted = "pandas.Series" if declared.on == "pandas" else "polars.Series"
            raise Misfit("own_gives", gives=type(given).__name__, wanted=wanted)
        if len(given) != len(frame):
            raise Misfit("own_length", got=len(frame), gives=len(given))
        return taken(given, declared.returns, self.zone)
