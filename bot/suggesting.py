"""What an answer may name, from what one begins to type: people of the roster, working groups.

For platforms that can offer answers while they are typed. Whether a name may be given is the command's to say, later.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from bot.domain.community import Community
from bot.domain.groups import ENDED, Group
from bot.domain.names import fold, split_names
from bot.domain.people import Person, seated
from bot.domain.records import Reads
from bot.present.names import STAGES, full_name, group_label
from bot.text import T, Text, UserText
from bot.view import Named


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may be named: as it is typed, and as it is shown."""

    typed: str
    shown: Text


def suggestions(
    reads: Reads, community: Community, named: Named, begun: str, limit: int = 100
) -> tuple[Suggestion, ...]:
    """What may be meant by what somebody began to type, the likeliest first."""
    match named:
        case Named.PERSON | Named.PEOPLE:
            return tuple(islice(_people(reads, community, fold(begun)), limit))
        case Named.GROUP:
            return tuple(islice(_groups(reads, community, fold(begun)), limit))
        case Named.NOTHING:
            return ()


def chosen(typed: str) -> tuple[str, ...]:
    """The answers in a list of them, as each was suggested."""
    return tuple(split_names(typed))


def listed(answers: tuple[str, ...]) -> str:
    """Several answers as one, so that `chosen` tells them apart again."""
    return ", ".join(each if split_names(each) == (each,) else f'"{each}"' for each in answers)


def _people(reads: Reads, community: Community, begun: str) -> list[Suggestion]:
    """Seated people first, by name; where two have one name, by their addresses."""
    everyone = reads.all(Person, community=community.id)
    names = Counter(person.folded for person in everyone)
    found = [person for person in everyone if begun in person.folded or begun in fold(person.email)]

    seats = {seat.person: seat for seat in seated(reads, community)}

    def order(person: Person) -> tuple[bool, bool, str]:
        return person.id not in seats, not person.folded.startswith(begun), person.folded

    made = []
    for person in sorted(found, key=order):
        seat = seats.get(person.id)
        twice = names[person.folded] > 1
        shown = T("{name}", name=UserText(person.name))
        if seat is not None and seat.stakeholder_group:
            shown = T("{name} ({group})", name=UserText(person.name), group=group_label(seat.stakeholder_group))
        if twice:
            shown = T("{name}, {email}", name=shown, email=UserText(person.email))
        made.append(Suggestion(person.email if twice and person.email else person.name, shown))
    return made


def _groups(reads: Reads, community: Community, begun: str) -> list[Suggestion]:
    """Groups that have not ended first."""
    found = [
        group
        for group in reads.all(Group, community=community.id)
        if begun in fold(group.short_name) or begun in fold(group.full_name)
    ]
    found.sort(key=lambda group: (group.stage in ENDED, fold(group.short_name)))
    return [
        Suggestion(
            group.short_name,
            T("{name}, {stage}", name=full_name(group.short_name, group.full_name), stage=STAGES[group.stage]),
        )
        for group in found
    ]
