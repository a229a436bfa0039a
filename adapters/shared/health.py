"""What is well with an installation and what is not: checks, each with findings that say what to do.

A platform adds checks of its own by a function `checks(settings, store)`; `wgbot doctor` runs them all. A check reads
and repairs nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final, Protocol

from adapters.shared.config import Installation
from bot.domain.community import Community
from bot.domain.groups import Home, body_name
from bot.domain.records import Reads
from bot.ports import Store
from bot.text import T, Text

log = logging.getLogger(__name__)


APART: Final = 60.0
"""Seconds by which clocks may differ. From five minutes on, Slack's requests are refused."""


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


def communities(store: Store) -> Iterator[tuple[Reads, Community]]:
    """Each community, with what reads of it: as long as it is looked at."""
    with store.reading() as reads:
        for each in store.communities():
            community = reads.get(Community, each)
            if community is not None:
                yield reads, community


def homes(store: Store, platform: str) -> list[tuple[Home, Text | str]]:
    """Every home on a platform, and whose it is."""
    return [
        (home, body_name(reads, community.id, home.body, community.titles.body))
        for reads, community in communities(store)
        for home in reads.all(Home, community=community.id)
        if home.platform == platform
    ]


def clock_findings(date: str) -> Iterator[Finding]:
    """This machine's clock beside a platform's, by the `Date` that it answers with; nothing where they go together."""
    try:
        apart = time.time() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return  # it does not say
    if abs(apart) > APART:
        yield attention(
            T("This machine's clock is {seconds} seconds from the platform's.", seconds=round(apart)),
            T("Let this machine set its by a time server (NTP): positions count by when they were taken."),
        )


def examined(check: Check) -> list[Finding]:
    """The findings of a check; one that fails is found broken, so that the others are still heard."""
    try:
        return list(check.findings())
    except Exception as error:
        log.debug("%s cannot be checked", check.name, exc_info=True)
        reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        return [broken(T("It cannot be checked: {reason}", reason=reason), T("Run it again with WGBOT_LOG=DEBUG."))]
