"""Finding a time to meet: some slots, who could come to which, and which of them suit most stakeholder groups.

Pure but for the records: the best slot is one that most stakeholder groups could attend, then most people, then one that
is within the working hours of most, then the earliest. It decides nothing: who organises the meetings schedules one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.community import counted
from bot.domain.dues import Due, DueKind
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning, to_plan
from bot.domain.working_hours import WorkingHours
from bot.text import Moment, Say, T, Tn

FEWEST_SLOTS, MOST_SLOTS = 2, 15


@record(key="community number", lists=("community", "community body", "community closed"))
class TimeSearch:
    """A search for a time: the slots (UTC, each of so many `minutes`), open until `closes_at`.

    `meeting` is what was scheduled from it (0: nothing yet).
    """

    community: CommunityId
    number: int
    body: str
    title: str
    slots: tuple[datetime, ...]
    minutes: int
    zone: str
    opened_by: PersonId
    opened_at: datetime
    closes_at: datetime
    closed: bool = False
    meeting: int = 0


@record(key="community search person", lists=("community search",))
class Availability:
    """The slots, by number from 1, to which a person could come; none: to none of them."""

    community: CommunityId
    search: int
    person: PersonId
    slots: tuple[int, ...]
    said_at: datetime


@event("times.asked", private="title")
class TimesAsked:
    """People are asked when they could meet."""

    number: int
    body: str
    title: str
    slots: tuple[datetime, ...]
    minutes: int
    zone: str
    opened_by: PersonId
    closes_at: datetime


@event("times.answered")
class TimesAnswered:
    """A person said when they could come."""

    search: int
    person: PersonId
    slots: tuple[int, ...]


@event("times.closed")
class TimesClosed:
    """Nobody is asked any more; `meeting` is what was scheduled (0: its time was over)."""

    search: int
    meeting: int


@applies(TimesAsked)
def _asked(reads: Reads, fact: Fact, event: TimesAsked) -> Iterable[Any]:
    yield TimeSearch(
        fact.community,
        event.number,
        event.body,
        event.title,
        event.slots,
        event.minutes,
        event.zone,
        event.opened_by,
        fact.at,
        event.closes_at,
    )
    yield counted(fact.community, "times", event.number)
    yield Due(fact.community, DueKind.TIMES_CLOSE, str(event.number), event.closes_at, event.zone)
    yield from to_plan(reads, fact.community, f"times:{event.number}", fact.at, event.closes_at, event.zone)


@applies(TimesAnswered)
def _answered(reads: Reads, fact: Fact, event: TimesAnswered) -> Iterable[Any]:
    yield Availability(fact.community, event.search, event.person, event.slots, fact.at)


@applies(TimesClosed)
def _closed(reads: Reads, fact: Fact, event: TimesClosed) -> Iterable[Any]:
    search = search_of(reads, fact.community, event.search)
    yield replace(search, closed=True, meeting=event.meeting)
    yield Gone(Due(fact.community, DueKind.TIMES_CLOSE, str(event.search), search.closes_at, search.zone))
    yield Gone(planning(fact.community, f"times:{event.search}", search.closes_at, search.zone))


def search_of(reads: Reads, community: CommunityId, number: int) -> TimeSearch:
    """The search with a number that is known to exist."""
    found = reads.get(TimeSearch, community, number)
    if found is None:
        raise LookupError(number)
    return found


def find_search(reads: Reads, community: CommunityId, number: int) -> TimeSearch:
    """The search for a time a person means. Raises `NotFound`."""
    found = reads.get(TimeSearch, community, number)
    if found is None:
        raise NotFound(
            T("There is no search for a time with the number {number}.", number=number),
            T("See what needs you: {command}.", command=Say("todo")),
            field="search",
        )
    return found


def answers_to(reads: Reads, search: TimeSearch) -> tuple[Availability, ...]:
    """What everybody said who answered."""
    return reads.all(Availability, community=search.community, search=search.number)


def asking(
    number: int,
    body: str,
    title: str,
    slots: Sequence[datetime],
    minutes: int,
    zone: str,
    person: PersonId,
    closes_at: datetime,
) -> TimesAsked:
    """Ask when people could meet. Raises `Invalid` for too few slots or too many, or a close after the last of them."""
    distinct = tuple(sorted(set(slots)))
    if not FEWEST_SLOTS <= len(distinct) <= MOST_SLOTS:
        raise Invalid(
            Tn(
                "To find a time takes 2 to {most} slots; {count} was given.",
                "To find a time takes 2 to {most} slots; {count} were given.",
                len(distinct),
                most=MOST_SLOTS,
            ),
            T("Separate them by commas, such as: tuesday 15:00, wednesday 09:00."),
            field="slots",
        )
    if closes_at >= distinct[-1]:
        raise Invalid(
            T("It would close {when}, when every slot has passed.", when=Moment(closes_at, zone)),
            T("Ask for a shorter time, or offer later slots."),
            field="closes",
        )
    return TimesAsked(number, body, title, distinct, minutes, zone, person, closes_at)


def answering(search: TimeSearch, person: PersonId, slots: Iterable[int], now: datetime) -> TimesAnswered:
    """Say to which slots one could come. Raises `NotNow` after the close, `Invalid` for a slot that is not offered."""
    if search.closed or now >= search.closes_at:
        raise NotNow(
            T("Nobody is asked any more when to meet for {title}.", title=search.title),
            T("See what came of it: {command}.", command=Say(f"meeting times {search.number}")),
        )
    chosen = tuple(sorted(set(slots)))
    for slot in chosen:
        if not 1 <= slot <= len(search.slots):
            raise Invalid(
                T("There is no slot {slot}; there are {count}.", slot=slot, count=len(search.slots)),
                T("See them: {command}.", command=Say(f"meeting times {search.number}")),
                field="slots",
            )
    return TimesAnswered(search.number, person, chosen)


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known of a slot: who could come, of which stakeholder groups, and for how many it is not working hours."""

    number: int
    at: datetime
    people: tuple[PersonId, ...]
    groups: frozenset[str]
    unsocial: int


def ranked(
    search: TimeSearch,
    answers: Iterable[Availability],
    groups: Mapping[PersonId, str],
    hours: Mapping[PersonId, WorkingHours],
) -> tuple[Slot, ...]:
    """The slots, best first. `groups` and `hours` are those of everybody asked."""
    said = list(answers)
    slots = []
    for number, at in enumerate(search.slots, 1):
        people = tuple(each.person for each in said if number in each.slots)
        represented = frozenset(groups[person] for person in people if groups.get(person))
        unsocial = sum(not each.has(at) for each in hours.values())
        slots.append(Slot(number, at, people, represented, unsocial))
    return tuple(sorted(slots, key=lambda each: (-len(each.groups), -len(each.people), each.unsocial, each.at)))
