"""The agenda of a meeting: what is to be talked about, proposed by anybody, in the order its facilitators choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.meetings import Meeting, MeetingState, meeting_of
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T, joined, term

MOST_ITEMS = 50
"""On one agenda: more is no agenda."""


@record(key="community meeting number", lists=("community meeting",))
class AgendaItem:
    """One thing to be talked about, in the `place` it has on the agenda.

    `matter` names what the full membership's agenda took up by itself ("": a person proposed it); `taken_at` is when it
    was last taken up in the meeting (UTC).
    """

    community: CommunityId
    meeting: int
    number: int
    text: str
    proposed_by: PersonId | None
    matter: str
    place: int
    taken_at: datetime | None = None


@event("agenda.item-added", private="text")
class ItemAdded:
    """Something is to be talked about in a meeting."""

    meeting: int
    number: int
    text: str
    proposed_by: PersonId | None
    matter: str


@event("agenda.ordered")
class AgendaOrdered:
    """The items of an agenda in their order, by number."""

    meeting: int
    order: tuple[int, ...]


@event("agenda.item-dropped")
class ItemDropped:
    """An item is not on the agenda any more."""

    meeting: int
    number: int


@event("agenda.topic-taken")
class TopicTaken:
    """The meeting went on to an item of its agenda."""

    meeting: int
    number: int


@applies(ItemAdded)
def _added(reads: Reads, fact: Fact, event: ItemAdded) -> Iterable[Any]:
    yield AgendaItem(
        fact.community, event.meeting, event.number, event.text, event.proposed_by, event.matter, event.number
    )


@applies(AgendaOrdered)
def _ordered(reads: Reads, fact: Fact, event: AgendaOrdered) -> Iterable[Any]:
    for place, number in enumerate(event.order, 1):
        item = reads.get(AgendaItem, fact.community, event.meeting, number)
        if item is not None:
            yield replace(item, place=place)


@applies(ItemDropped)
def _dropped(reads: Reads, fact: Fact, event: ItemDropped) -> Iterable[Any]:
    item = reads.get(AgendaItem, fact.community, event.meeting, event.number)
    if item is not None:
        yield Gone(item)


@applies(TopicTaken)
def _taken(reads: Reads, fact: Fact, event: TopicTaken) -> Iterable[Any]:
    yield replace(meeting_of(reads, fact.community, event.meeting), topic=event.number)
    item = reads.get(AgendaItem, fact.community, event.meeting, event.number)
    if item is not None:
        yield replace(item, taken_at=fact.at)


def agenda_of(reads: Reads, meeting: Meeting) -> tuple[AgendaItem, ...]:
    """The items of a meeting, in their order."""
    found = reads.all(AgendaItem, community=meeting.community, meeting=meeting.number)
    return tuple(sorted(found, key=lambda each: (each.place, each.number)))


def proposing(
    meeting: Meeting, agenda: Sequence[AgendaItem], text: str, person: PersonId | None, matter: str = ""
) -> ItemAdded:
    """Propose something to be talked about, until the meeting is over. Raises `NotNow` or `Invalid`."""
    if meeting.state not in (MeetingState.SCHEDULED, MeetingState.RUNNING):
        raise NotNow(
            T(
                "Meeting {number} is {state}: nothing more comes onto its agenda.",
                number=meeting.number,
                state=T(meeting.state.value),
            ),
            T("See the meetings to come: {command}.", command=Say("meetings")),
        )
    if len(agenda) >= MOST_ITEMS:
        raise Invalid(
            T("There are {count} items on that agenda already.", count=len(agenda)),
            T("Propose it for another meeting: {command}.", command=Say("meetings")),
        )
    return ItemAdded(meeting.number, max((each.number for each in agenda), default=0) + 1, text, person, matter)


def ordering(meeting: Meeting, agenda: Sequence[AgendaItem], first: Sequence[int]) -> AgendaOrdered:
    """Put the items named first, in that order; the others follow as they were. Raises `NotFound` for one not there."""
    by_number = {each.number: each for each in agenda}
    for number in first:
        _must_be_there(meeting, by_number, number)
    named = dict.fromkeys(first)
    return AgendaOrdered(meeting.number, (*named, *(each.number for each in agenda if each.number not in named)))


def dropping(meeting: Meeting, agenda: Sequence[AgendaItem], number: int) -> ItemDropped:
    """Take an item off the agenda. Raises `NotFound`."""
    _must_be_there(meeting, {each.number: each for each in agenda}, number)
    return ItemDropped(meeting.number, number)


def taking(meeting: Meeting, agenda: Sequence[AgendaItem], number: int) -> TopicTaken:
    """Go on to an item; 0: to the next of the agenda. Raises `NotFound` for one that is not there, or after the last."""
    if not number:
        places = [each.number for each in agenda]
        following = places.index(meeting.topic) + 1 if meeting.topic in places else 0
        if following >= len(places):
            raise NotFound(
                T("There is nothing more on the agenda of meeting {number}.", number=meeting.number),
                T("Add something, or end the meeting: {command}.", command=Say("meeting end")),
            )
        number = places[following]
    _must_be_there(meeting, {each.number: each for each in agenda}, number)
    return TopicTaken(meeting.number, number)


def _must_be_there(meeting: Meeting, by_number: dict[int, AgendaItem], number: int) -> None:
    if number not in by_number:
        there = joined([term(str(each)) for each in by_number], ", ")
        raise NotFound(
            T("There is no item {number} on the agenda of meeting {meeting}.", number=number, meeting=meeting.number),
            T("There are: {numbers}.", numbers=there) if by_number else None,
            field="item",
        )


def not_yet_on(agenda: Sequence[AgendaItem], matters: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The matters, each as (matter, words), that no item of the agenda stands for yet."""
    there = {each.matter for each in agenda}
    return ((matter, words) for matter, words in matters if matter not in there)
