"""Cards of searches for a time: the slots, who could come to which, and the tap that schedules one."""

from __future__ import annotations

from datetime import datetime

from bot.bodies import people_of
from bot.domain.community import Community
from bot.domain.finding import Slot, TimeSearch, answers_to, ranked
from bot.domain.groups import body_name
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.domain.records import Reads
from bot.domain.working_hours import WorkingHours
from bot.present import presents
from bot.text import Moment, T, Text, Tn, UserText, joined
from bot.view import Button, ButtonStyle, Card, Fact, Facts, Item, Items, Tone

BEST = 3
"""Slots that can be scheduled by a tap on the card."""


@presents("times")
def search_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A search for a time, in its room."""
    search = reads.get(TimeSearch, community.id, int(key))
    return search_card_of(reads, community, search, now, zone=search.zone) if search is not None else None


def search_card_of(reads: Reads, community: Community, search: TimeSearch, now: datetime, *, zone: str) -> Card:
    """A search for a time: the slots in their order while it is open, the best first afterwards."""
    asked = dict(people_of(reads, community, search.body))
    hours = {person: hours_of(reads, community, person) for person in asked}
    answers = answers_to(reads, search)
    best = ranked(search, answers, asked, hours)
    running = not search.closed and now < search.closes_at
    shown = sorted(best, key=lambda each: each.number) if running else best
    items = tuple(_item(search, each, len(asked), zone, running=running) for each in shown)
    facts = Facts(
        (
            Fact(T("Closes") if running else T("Closed"), T("{when}", when=Moment(search.closes_at, zone))),
            Fact(T("Answers"), T("{count} of {asked}", count=len(answers), asked=len(asked))),
        )
    )
    return Card(
        T(
            "When could {body} meet? {title}",
            body=body_name(reads, community.id, search.body, community.titles.body),
            title=UserText(search.title),
        ),
        (facts, Items(items)),
        _buttons(search, best, zone, running=running),
        Tone.ATTENTION if running else Tone.NEUTRAL,
        f"times:{search.number}",
        T("Best is what suits most stakeholder groups, then most people, in the working hours of most."),
    )


def _item(search: TimeSearch, slot: Slot, asked: int, zone: str, *, running: bool) -> Item:
    notes: list[Text] = [
        Tn(
            "{count} person could come, of {groups} stakeholder groups.",
            "{count} people could come, of {groups} stakeholder groups.",
            len(slot.people),
            groups=len(slot.groups),
        )
    ]
    if slot.unsocial:
        notes.append(T("Outside the working hours of {count} of the {asked} asked.", count=slot.unsocial, asked=asked))
    can = Button(
        T("I could: {number}", number=slot.number),
        "meeting can",
        {"search": str(search.number), "slots": str(slot.number), "also": "yes"},
    )
    return Item(
        T("{number}. {when}", number=slot.number, when=Moment(slot.at, zone)), can if running else None, joined(notes)
    )


def _buttons(search: TimeSearch, best: tuple[Slot, ...], zone: str, *, running: bool) -> tuple[Button, ...]:
    number = {"search": str(search.number)}
    if search.meeting:
        return (Button(T("Meeting {number}", number=search.meeting), "meeting show", {"meeting": str(search.meeting)}),)
    none = (Button(T("None of them"), "meeting can", {**number, "slots": "none"}),) if running else ()
    answered = any(slot.people for slot in best)
    return (
        *none,
        *(
            Button(
                T("Schedule {slot}", slot=slot.number),
                "meeting schedule",
                {
                    **number,
                    "title": search.title,
                    "when": f"{slot.at:%Y-%m-%d %H:%M} UTC",
                    "zone": search.zone,
                },
                ButtonStyle.PRIMARY if slot is best[0] else ButtonStyle.PLAIN,
            )
            for slot in best[:BEST]
            if answered
        ),
    )


def hours_of(reads: Reads, community: Community, person: PersonId) -> WorkingHours:
    """A person's working hours: in their own zone, else the community's."""
    found = reads.get(Person, community.id, person)
    zone = (found.zone if found is not None else "") or community.zone
    return WorkingHours(zone, frozenset(community.settings.holidays))
