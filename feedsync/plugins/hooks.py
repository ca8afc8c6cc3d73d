"""Hooks: a function of the user's own gets every typed batch of the catalog as a frame and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from feedsync.catalog.plan import bad_flag
from feedsync.errors import ConfigError, FeedsyncError, Place, nearest, raise_all
from feedsync.frames import ROW, VALUE_CHARACTERS, dtype
from feedsync.plugins.load import load_module
from feedsync.plugins.trouble import Code, Troubles, first_failing
from feedsync.plugins.values import Misfit, is_pandas, taken
from feedsync.semantics import TEXT, Type, list_of
from feedsync.sources.dataframe import to_pandas
from feedsync.specs.project import HookSpec

_OF_FIELD: Final = {
    "own_value": "own_field",
    "own_value_digits": "own_field_digits",
    "own_value_shape": "own_field_shape",
}


@dataclass(frozen=True)
class Hook:
    """A hook as feedsync.yaml says it, and its code; without code (`--no-plugins`) it only says what it touches."""

    spec: HookSpec
    place: Place
    code: Code | None = None
    run: Callable[[Any], Any] | None = None

    @property
    def adds(self) -> dict[str, Type]:
        """The fields that it adds, typed."""
        return {name: list_of(TEXT) if kind == "list" else Type(kind) for name, kind in self.spec.adds.items()}


def load_hook(spec: HookSpec, root: Path, place: Place) -> Hook:
    """The hook's code: `module:function` is a file beside feedsync.yaml and a function in it."""
    module, _, name = spec.call.partition(":")
    shown = module.replace(".", "/") + ".py"
    file = (root / shown).resolve()
    try:
        found = load_module(file, shown, root)
    except FeedsyncError as error:
        error.place = error.place or place
        raise
    run = getattr(found, name, None)
    if not callable(run):
        known = [one for one, value in vars(found).items() if callable(value) and not one.startswith("_")]
        raise ConfigError("own_no_function", place, file=shown, name=name, near=nearest(name, known))
    line = getattr(getattr(run, "__code__", None), "co_firstlineno", 0)
    return Hook(spec, place, Code(spec.call, str(file), shown, line), run)


@dataclass(frozen=True)
class Step:
    """A hook over the fields there are: what it sees, and what of it may be another value afterwards."""

    hook: Hook
    reads: tuple[str, ...]
    changes: tuple[str, ...]
    types: Mapping[str, Type]
    """Of what it reads, changes and adds."""


@dataclass(frozen=True)
class Chain:
    """The hooks that matter to a run, in order."""

    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    """The catalog's fields that must be there: those asked for, and those that hooks read."""
    zone: str
    troubles: Troubles

    def applied(self, typed: pl.DataFrame, source: str) -> pl.DataFrame:
        """The typed batch after all hooks."""
        for step in self.steps:
            typed = typed.with_columns(self._columns(step, typed, source))
            # a cell that did not read and that a hook has filled is no longer a wrong cell
            flags = [bad_flag(name) for name in step.changes]
            typed = typed.with_columns(
                (pl.col(flag) & pl.col(name).is_null()).alias(flag)
                for name, flag in zip(step.changes, flags, strict=True)
                if flag in typed.columns
            )
        return typed

    def _columns(self, step: Step, typed: pl.DataFrame, source: str) -> list[pl.Series]:
        given = typed.select(ROW, *step.reads)
        if given.is_empty():
            return [pl.Series(name, [], dtype=dtype(kind, self.zone)) for name, kind in step.hook.adds.items()]
        code = step.hook.code
        assert code is not None
        try:
            return called(step, given, self.zone)
        except Misfit as misfit:
            row = None if misfit.position is None else int(given[ROW][misfit.position])
            raise self.troubles.stop(code.error(misfit, self.troubles.product(source, row))) from None
        except (Exception, SystemExit) as error:  # noqa: BLE001  her code may raise anything, and is told where
            position = first_failing(given, lambda rows: called(step, rows, self.zone))
            row = None if position is None else int(given[ROW][position])
            raise self.troubles.stop(code.error(error, self.troubles.product(source, row))) from None


def called(step: Step, given: pl.DataFrame, zone: str) -> list[pl.Series]:
    """What the hook adds and changes, at its types. Misfit where it gives what it must not, or whatever it raises."""
    assert step.hook.run is not None
    frame = to_pandas(given) if step.hook.spec.frame == "pandas" else given
    returned = step.hook.run(frame)
    if not isinstance(returned, pl.DataFrame) and not is_pandas(returned, "DataFrame"):
        raise Misfit("own_hook_gives", gives=type(returned).__name__)
    names = [str(name) for name in returned.columns]
    _same_rows(names, returned, given)
    adds = step.hook.adds
    for name in names:
        if name not in given.columns and name not in adds:
            raise Misfit("own_hook_undeclared", field=name, near=nearest(name, adds))
    for name in adds:
        if name not in names:
            raise Misfit("own_hook_lacks", field=name)
    columns = []
    for name in [one for one in names if one != ROW]:
        column = _taken(name, returned[name], step.types[name], zone)
        if name in adds or name in step.changes:
            columns.append(column)
        elif not column.equals(given[name], check_names=False, null_equal=True):
            at = column.ne_missing(given[name]).arg_max() or 0
            raise Misfit("own_hook_changed", at, field=name, value=str(column[at])[:VALUE_CHARACTERS])
    return columns


def _same_rows(names: Sequence[str], returned: Any, given: pl.DataFrame) -> None:
    """The same rows in the same order, by their numbers."""
    if ROW not in names:
        raise Misfit("own_hook_no_row")
    if names.count(ROW) > 1 or len(set(names)) < len(names):
        raise Misfit("own_hook_columns_twice")
    before, after = given[ROW].to_list(), list(returned[ROW].to_list())
    if before == after:
        return
    if len(after) != len(before):
        lost = next((at for at, row in enumerate(before) if row not in set(after)), None)
        raise Misfit("own_hook_rows", lost, got=len(before), gives=len(after))
    at = next(at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
    raise Misfit("own_hook_order", at)


def _taken(name: str, column: Any, kind: Type, zone: str) -> pl.Series:
    try:
        return taken(column, kind, zone).alias(name)
    except Misfit as misfit:
        misfit.key = _OF_FIELD.get(misfit.key, misfit.key)
        misfit.params["field"] = name
        raise


def chain(
    hooks: Sequence[Hook], fields: Mapping[str, Type], key: str, wanted: Sequence[str], zone: str, troubles: Troubles
) -> Chain:
    """The hooks that fill a wanted field, over the catalog's `fields`; what they name must be there."""
    steps: list[Step] = []
    errors: list[FeedsyncError] = []
    types = dict(fields)
    for hook in hooks:
        try:
            steps.append(_step(hook, types, key))
        except FeedsyncError as error:
            errors.append(error)
        types |= hook.adds
    raise_all(errors)
    needed = dict.fromkeys(wanted)
    active: list[Step] = []
    for step in reversed(steps):
        if needed.keys() & {*step.hook.adds, *step.changes}:
            active.insert(0, step)
            needed |= dict.fromkeys(step.reads)
    return Chain(tuple(active), tuple(name for name in needed if name in fields), zone, troubles)


def _step(hook: Hook, types: Mapping[str, Type], key: str) -> Step:
    spec = hook.spec
    errors: list[FeedsyncError] = []
    for name in (*spec.reads, *(spec.changes or ())):
        if name not in types:
            near, known = nearest(name, types), ", ".join(types)
            errors.append(
                ConfigError("own_hook_unknown", hook.place, subject=spec.call, name=name, near=near, known=known)
            )
    errors += [
        ConfigError("own_hook_there", hook.place, subject=spec.call, name=name) for name in spec.adds if name in types
    ]
    if key in (spec.changes or ()):
        errors.append(ConfigError("own_hook_key", hook.place, subject=spec.call, name=key))
    raise_all(errors)
    reads = tuple(dict.fromkeys([*(spec.reads or types), *(spec.changes or ())]))
    changes = tuple(name for name in (reads if spec.changes is None else spec.changes) if name != key)
    kinds = {**{name: types[name] for name in reads}, **hook.adds}
    return Step(hook, reads, changes, kinds)
