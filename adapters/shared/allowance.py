"""How much one account may ask: so much at once, and so much a second in the long run. Whoever asks more is not heard for a while.

A script, a client gone wild or a stranger in an open room takes nobody else's turn. An account is counted by itself, before it
is known whose it is. Only this process counts: so many replicas allow so many times as much.

Time is when a request was sent, as far as its platform says it: what lay somewhere for an hour, and comes all at once, was not
too much. Whoever could forge that time, a homeserver, could as well make up accounts; so it is believed.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Final

from adapters.shared.rates import Bucket, Rate
from bot.context import Request
from bot.domain.ids import CommunityId
from bot.domain.people import MAIL
from bot.engine import reference_of, utc_now

log = logging.getLogger(__name__)

USUAL: Final = Rate(1.0, 60)
"""More than anybody does by hand."""

OURS: Final = "terminal"
"""Whose people are the operator's own."""

MOST_ACCOUNTS: Final = 20_000
MOST_ORIGINS: Final = 20_000
"""How many are remembered; of more, those that asked lately."""

Account = tuple[str, str, str]
Origin = tuple[CommunityId, str]


class _Count:
    """What an account asked. Times are seconds of the request's own."""

    __slots__ = ("bucket", "latest", "shut_until", "told")

    def __init__(self, rate: Rate, at: float) -> None:
        self.bucket = Bucket(rate, at)
        self.latest = at
        self.shut_until = at
        self.told: set[tuple[str, str]] = set()


class Allowance:
    """Counts what accounts ask, on one event loop. `rate` None: as much as they like."""

    def __init__(self, rate: Rate | None = USUAL, now: Callable[[], datetime] = utc_now) -> None:
        self._counting = rate is not None
        self._rate = rate or USUAL
        self._now = now
        self._counts: OrderedDict[Account, _Count] = OrderedDict()
        self._lately: OrderedDict[Origin, bool] = OrderedDict()

    def counts(self, request: Request) -> bool:
        """Whether a request is counted: the software's own, and the operator's, are not."""
        return self._counting and not request.system and request.space.platform != OURS

    def lately(self, request: Request) -> bool | None:
        """Whether a request of this origin was taken lately, or was too much; None where it is not remembered."""
        return self._lately.get((request.community, request.origin))

    def take(self, request: Request) -> bool:
        """Whether the account may ask this now; then it is counted."""
        count = self._count(request)
        if count.latest < count.shut_until or count.bucket.wait(count.latest) > 0:
            return False
        count.bucket.take(count.latest)
        count.told.clear()
        self._remember(request, taken=True)
        return True

    def repeated(self, request: Request) -> None:
        """It was no other request than one before: it is not counted."""
        found = self._counts.get(_account(request))
        if found is not None:
            found.bucket.give_back(found.latest)
        self._remember(request, taken=True)

    def shut(self, request: Request) -> int:
        """It was too much: for how many seconds after it nothing of the account's is heard, until it may ask as much as ever."""
        count = self._count(request)
        if count.latest >= count.shut_until and count.bucket.wait(count.latest) > 0:
            count.shut_until = count.latest + self._rate.burst / self._rate.per_second
            told = {"platform": request.space.platform, "reference": reference_of(request)}
            log.warning("an account asks too much, and is not heard for a while", extra=told)
        if request.space.platform != MAIL:  # whoever delivers mail keeps it, and brings it again
            self._remember(request, taken=False)
        return max(1, ceil(count.shut_until - count.latest))

    def tells(self, request: Request, where: tuple[str, str]) -> bool:
        """Whether an account that is not heard is still to be told so there. Once, so that nothing grows by it."""
        told = self._count(request).told
        new = where not in told
        told.add(where)
        return new

    def _count(self, request: Request) -> _Count:
        """The account's, at the time of the request: not before what it asked last, nor later than it is."""
        now = self._now().timestamp()
        at = min(request.at.timestamp(), now)
        account = _account(request)
        found = self._counts.get(account)
        if found is None or found.latest > now:  # a clock that was set back begins anew
            self._forget(now)
            found = self._counts[account] = _Count(self._rate, at)
        found.latest = max(found.latest, at)
        self._counts.move_to_end(account)
        return found

    def _forget(self, now: float) -> None:
        """Forget who would be counted anew as before; and whoever asked longest ago, where there are too many."""
        for _ in range(2):
            oldest = next(iter(self._counts.values()), None)
            if oldest is None:
                return
            idle = oldest.bucket.idle(now) and oldest.shut_until <= now
            if not idle and len(self._counts) < MOST_ACCOUNTS:
                return
            self._counts.popitem(last=False)

    def _remember(self, request: Request, *, taken: bool) -> None:
        self._lately[request.community, request.origin] = taken
        if len(self._lately) > MOST_ORIGINS:
            self._lately.popitem(last=False)


def _account(request: Request) -> Account:
    if request.space.platform == MAIL:  # a person's id is their community's
        return (MAIL, request.community, request.user)
    return (request.space.platform, request.team, request.user)
