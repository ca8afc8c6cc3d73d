"""What only the merchant knows: answered by a flag, by a question on a terminal, or by the question's default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from feedsync.errors import UsageError
from feedsync.texts import say

Ask = Callable[[str, str | None], str]
"""(question, default) -> what the person typed; the default where she typed nothing."""


@dataclass
class Given:
    """The answers that were given before anything was asked; None: not given."""

    channels: tuple[str, ...] = ()
    country: str | None = None
    language: str | None = None
    currency: str | None = None
    shop_url: str | None = None
    image_url: str | None = None
    prices_include_tax: bool | None = None
    in_stock: bool | None = None
    live: bool | None = None
    key: str | None = None
    decimal_mark: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    yes: bool = False
    """Every question has its default for an answer."""


@dataclass
class Questions:
    """Asks, or notes which flags are missing where nobody can be asked."""

    yes: bool
    ask: Ask | None
    """None: there is no terminal."""
    missing: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    """(question, answer) that --yes took for granted."""

    def text(self, key: str, flag: str, given: str | None, default: str | None, **params: str) -> str:
        """An answer in words; '' where nobody answers, and then `missing` has the flag."""
        if given is not None:
            return given
        question = say(key, **params)
        if self.yes and default is not None:
            self.taken.append((question, default))
            return default
        if self.ask is not None and not self.yes:
            answer = ""
            while not answer:
                answer = self.ask(question, default).strip()
            return answer
        self.missing.append(flag)
        return default or ""

    def agreed(self, key: str, flag: str, given: bool | None, default: bool, **params: str) -> bool:
        """Yes or no."""
        if given is not None:
            return given
        answers = {True: say("init_yes"), False: say("init_no")}
        asked = say("init_yes_or_no", question=say(key, **params), answers="/".join(answers.values()))
        question = asked
        while True:
            answer = self.text("init_asked", flag, None, answers[default], question=question).casefold()
            if answer in ("y", "yes", "s", "si", "sí", "true"):
                return True
            if answer in ("n", "no", "false") or not answer:
                return False
            question = say("init_not_understood", question=asked, yes=answers[True], no=answers[False])

    def check(self) -> None:
        """A UsageError where an answer is missing that nobody can be asked for."""
        if self.missing:
            key = "init_missing_yes" if self.yes else "init_missing"
            raise UsageError(key, flags=", ".join(dict.fromkeys(self.missing)))
