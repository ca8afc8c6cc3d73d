"""The project's own Python in a run: loaded when it is declared, named in errors, refused with --no-plugins."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field

from feedsync.catalog.plan import FieldPlan
from feedsync.errors import ConfigError, FeedsyncError, ManyErrors, Place, TemplateError, raise_all
from feedsync.expressions.registry import Function
from feedsync.mapping.feed import FeedMapping
from feedsync.plugins.functions import OwnFunction, load_functions, registered
from feedsync.plugins.hooks import Chain, Hook, chain, load_hook
from feedsync.plugins.trouble import Troubles
from feedsync.project import Project
from feedsync.semantics import Type
from feedsync.texts import say

_UNKNOWN = ("template_unknown_filter", "template_unknown_filter_near")


@dataclass
class OwnCode:
    """Functions and hooks of a project, and what they did wrong."""

    functions: Mapping[str, OwnFunction] = field(default_factory=dict)
    hooks: tuple[Hook, ...] = ()
    off: tuple[str, ...] = ()
    """The files that were not loaded, with --no-plugins."""
    troubles: Troubles = field(default_factory=Troubles)

    @property
    def adds(self) -> dict[str, Type]:
        """The fields that hooks add to the catalog."""
        return {name: kind for hook in self.hooks for name, kind in hook.adds.items()}

    def known(self, source: str) -> dict[str, Function]:
        """The functions as templates over the rows of a source know them."""
        return registered(self.functions, self.troubles, source)

    def chain(self, plan: FieldPlan, key: str, wanted: Sequence[str], zone: str) -> Chain | None:
        """The hooks that fill something wanted; None where none does. ConfigError where it would have to run."""
        if not self.hooks:
            return None
        fields = {name: one.type for name, one in plan.fields.items()}
        found = chain(self.hooks, fields, key, wanted, zone, self.troubles)
        if self.hooks[0].run is None:
            raise_all([self._refused(step.hook, wanted, (*step.hook.adds, *step.changes)) for step in found.steps])
        return found if found.steps else None

    def _refused(self, hook: Hook, wanted: Sequence[str], touched: Sequence[str]) -> FeedsyncError:
        fields = ", ".join([name for name in wanted if name in touched][:3])
        key = "own_off_hook" if hook.spec.changes is not None or not fields else "own_off_hook_any"
        return ConfigError(key, hook.place, subject=hook.spec.call, fields=fields)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Around a run: its errors are raised as themselves, and what it prints does not mix with the report."""
        if not (self.functions or self.hooks or self.off):
            yield
            return
        try:
            with redirect_stdout(sys.stderr), self.troubles.raised():
                yield
        except FeedsyncError as error:
            for one in error.errors if isinstance(error, ManyErrors) else [error]:
                if self.off and isinstance(one, TemplateError) and one.key in _UNKNOWN:
                    one.key = "own_off_function"
                    one.params["files"] = ", ".join(self.off)
            raise

    def used_by(self, mappings: Sequence[FeedMapping]) -> None:
        """From now on errors name the attribute and feed behind a step."""

        def users(step: str, place: Place) -> str:
            for mapping in mappings:
                parts = [(one.name, each) for one in mapping.attributes for each in one.compiled]
                parts += [(one.reason, one.compiled) for one in mapping.exclusions]
                for name, compiled in parts:
                    if any(one.place == place and one.text.endswith(step) for one in compiled.steps):
                        return say("own_in_attribute", name=f"{name} ({mapping.name})", place=place)
            return say("own_in_place", place=place)

        self.troubles.users = users


def load_own(project: Project, *, plugins: bool) -> OwnCode:
    """The project's own code, loaded; with plugins=False nothing of it is."""
    spec, document = project.loaded.spec, project.loaded.document
    if not plugins:
        off = [Hook(one, document.place(("hooks", index))) for index, one in enumerate(spec.hooks)]
        return OwnCode(hooks=tuple(off), off=spec.functions)
    own = OwnCode()
    errors: list[FeedsyncError] = []
    hooks: list[Hook] = []
    with own.running(), redirect_stdout(sys.stderr):
        try:
            own.functions = load_functions(spec.functions, project.root, document.place(("functions",)))
        except FeedsyncError as error:
            errors.append(error)
        for index, one in enumerate(spec.hooks):
            try:
                hooks.append(load_hook(one, project.root, document.place(("hooks", index))))
            except FeedsyncError as error:
                errors.append(error)
    raise_all(errors)
    own.hooks = tuple(hooks)
    return own


def own_files(project: Project) -> list[str]:
    """The files of the project's own code, relative to it."""
    spec = project.loaded.spec
    return [*spec.functions, *(one.file for one in spec.hooks)]
