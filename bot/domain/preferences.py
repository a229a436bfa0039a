"""When and where a person wants to be written to: quiet hours, working days, how often, and on which platform.

Source: "one digest a day and person, in their working hours" (the default), and the issue's quiet hours, digest and channel
of choice. They concern direct messages that nobody waits for; what is said in rooms, and the answer to a command, come at
once. Who said nothing is reminded in ordinary working hours, and told of things as they happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.dues import Due, DueKind
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import MAIL
from bot.domain.records import Gone, Reads, record
from bot.domain.working_hours import BEGINS, ENDS, WEEK, WorkingHours

MIDNIGHT = 24 * 60


class Digest(StrEnum):
    """How often a person is written to."""

    AT_ONCE = "at once"
    """As things happen; reminders once a day."""
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wishes. Quiet hours go from one time of the day over midnight to another, in minutes since midnight there.

    `quiet_from` 24:00 is midnight itself; both None: ordinary working hours. `days` empty: Monday to Friday. `platform` "": any.
    `mail` False: no mail that they did not ask for by writing. `language` "": their platform's.
    """

    quiet_from: int | None = None
    quiet_until: int | None = None
    days: tuple[int, ...] = ()
    digest: Digest = Digest.AT_ONCE
    platform: str = ""
    mail: bool = True
    language: str = ""

    @property
    def bounded(self) -> bool:
        """Whether they say when they are not to be written to."""
        return self.quiet_from is not None or bool(self.days)

    def hours(self, zone: str, holidays: Iterable[date]) -> WorkingHours:
        """The hours they may be written to in, in their zone."""
        begins = self.quiet_until if self.quiet_until is not None else BEGINS
        ends = self.quiet_from if self.quiet_from is not None else ENDS
        return WorkingHours(zone, frozenset(holidays), frozenset(self.days) or WEEK, begins, ends)


@record(key="community person")
class Preferences:
    """What a person wishes, if they said so."""

    community: CommunityId
    person: PersonId
    wishes: Wishes


@record(key="community person number", lists=("community person",), logged=False)
class HeldBack:
    """A direct message that waits until a person wants to be written to: a fixed `view` (as JSON), or a live card's `subject`."""

    community: CommunityId
    person: PersonId
    number: int
    view: str
    subject: str
    at: datetime


@event("preferences.changed", private="wishes")
class PreferencesChanged:
    """A person said when and where they want to be written to."""

    person: PersonId
    wishes: Wishes


@event("messages.held", private="zone")
class MessagesHeld:
    """Direct messages to a person wait until then."""

    person: PersonId
    until: datetime
    zone: str


@event("messages.released")
class MessagesReleased:
    """What waited for a person is sent."""

    person: PersonId


@applies(PreferencesChanged)
def _changed(reads: Reads, fact: Fact, event: PreferencesChanged) -> Iterable[Any]:
    yield Preferences(fact.community, event.person, event.wishes)


@applies(MessagesHeld)
def _held(reads: Reads, fact: Fact, event: MessagesHeld) -> Iterable[Any]:
    yield Due(fact.community, DueKind.HELD, event.person, event.until, event.zone)


@applies(MessagesReleased)
def _released(reads: Reads, fact: Fact, event: MessagesReleased) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.HELD, event.person, fact.at, ""))


def without_mail(wishes: Wishes) -> Wishes:
    """The same, with no mail."""
    return replace(wishes, mail=False, platform="" if wishes.platform == MAIL else wishes.platform)


def with_mail(wishes: Wishes) -> Wishes:
    """The same, with mail where no chat reaches them or they choose it."""
    return replace(wishes, mail=True)


def held_until(wishes: Wishes, hours: WorkingHours, now: datetime) -> datetime | None:
    """Until when a message that comes now is to wait. None: it need not."""
    match wishes.digest:
        case Digest.DAILY:
            return hours.next_opening(now)
        case Digest.WEEKLY:
            return hours.next_week(now)
        case Digest.AT_ONCE:
            at = hours.following(now) if wishes.bounded else now
            return at if at > now else None
