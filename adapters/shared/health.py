"""What is well with an installation and what is not: checks, each with findings that say what to do.

A platform adds checks of its own by a function `checks(settings, store)`; `wgbot doctor` runs them all. A check reads
and repairs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from adapters.shared.config import Installation
from bot.ports import Store
from bot.text import T, Text

log = logging.getLogger(__name__)


class Health(StrEnum):
    """`ATTENTION`: wgbot does its work, but somebody should look. `BROKEN`: it does not."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about what was looked at, and what to do about it."""

    health: Health
    what: Text
    next_step: Text | None = None


class Check(Protocol):
    """Something that can be looked at."""

    @property
    def name(self) -> str:
        """What is looked at, in a word or two."""
        ...

    def findings(self) -> Iterable[Finding]:
        """What there is to say; at least one. Blocking."""
        ...


Checks = Callable[[Installation, Store], Iterable[Check]]
"""The checks of one platform, for the settings and the store there are."""


def ok(what: Text) -> Finding:
    """All is well."""
    return Finding(Health.OK, what)


def attention(what: Text, next_step: Text) -> Finding:
    """Somebody should look."""
    return Finding(Health.ATTENTION, what, next_step)


def broken(what: Text, next_step: Text) -> Finding:
    """It does not work."""
    return Finding(Health.BROKEN, what, next_step)


def examined(check: Check) -> list[Finding]:
    """The findings of a check; one that fails is found broken, so that the others are still heard."""
    try:
        return list(check.findings())
    except Exception as error:
        log.debug("%s cannot be checked", check.name, exc_info=True)
        reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        return [broken(T("It cannot be checked: {reason}", reason=reason), T("Run it again with WGBOT_LOG=DEBUG."))]
