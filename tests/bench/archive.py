"""The record of a body that has worked for years: groups, meetings and documents in any number, always the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from bot.domain.consensus.checks import Check, Form, Outcome, TallyCell
from bot.domain.consensus.positions import Position
from bot.domain.consultations import Comment, CommentKind, Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, DocumentVersion, What, add
from bot.domain.facilitators import Facilitator, Membership
from bot.domain.groups import Ending, Group, GroupName, Stage
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.lifetimes import Lifetime
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.people import Role, Seat
from bot.domain.proposals import Proposal, Sections
from bot.domain.summaries import Summary
from bot.domain.updates import Update
from bot.ports import Store
from tests.bench.community import BENCH, context_of, keep, seat

GROUPS, MEETINGS, DOCUMENTS = 200, 2_000, 20_000
SEATED, CYCLES, MEMBERS = 40, 5, 12
_YEAR = 2021
_HOUR = timedelta(hours=1)
_STAKEHOLDERS = ("Government", "Private Sector", "Civil Society", "Technical Community")
_WORDS = (
    "access", "governance", "capacity", "digital", "resilience", "youth", "network", "report", "outline", "draft",
    "consultation", "region", "language", "evidence", "practice", "standard", "safety", "inclusion", "data", "policy",
    "community", "session", "forum", "input", "output", "timeline", "review",
)  # fmt: skip


class Archive:
    """Fills a store. `of` gives each group's records, so that the same group can be told apart in any number of them."""

    def __init__(self, groups: int = GROUPS, meetings: int = MEETINGS, documents: int = DOCUMENTS) -> None:
        self.groups = groups
        self._meetings = meetings // groups
        self._documents = documents // groups

    def fill(self, store: Store) -> None:
        """Found the community, and put all of it there. It was never said, so the log has nothing of it."""
        seat(store, [("bench", "T", f"U{number}") for number in range(SEATED)], ("bench", "T", "C1"))
        with store.writing([BENCH]) as work:
            for each in self._cycles():
                work.put(each)
        for start in range(0, self.groups, 20):
            with store.writing([BENCH]) as work:
                for number in range(start, min(start + 20, self.groups)):
                    for each in self._group(number + 1):
                        work.put(each)

    def _cycles(self) -> Iterator[Any]:
        for number in range(1, CYCLES + 1):
            last = date(_YEAR + number, 12, 31) if number < CYCLES else date(2098, 12, 31)
            yield Cycle(BENCH, number, f"IGF {_YEAR + number}", date(_YEAR + number, 1, 1), last)
            for person in range(SEATED):
                yield Seat(BENCH, number, _person(person), Role.MEMBER, _STAKEHOLDERS[person % 4], "")

    def _group(self, number: int) -> Iterator[Any]:
        random = Random(number)
        cycle = 1 + (number - 1) * CYCLES // self.groups
        begun = datetime(_YEAR + cycle, 1, 10, 9, tzinfo=UTC) + timedelta(hours=number)
        live = cycle == CYCLES
        group = GroupId(f"g{number}")
        people = [_person(each) for each in random.sample(range(SEATED), MEMBERS)]
        active = begun + timedelta(days=20)
        yield Group(
            BENCH, group, f"WG-{number}", f"Working group {number} on {random.choice(_WORDS)}", cycle,
            Stage.ACTIVE if live else Stage.COMPLETED, people[0], 1, begun, begun, number, number, active, people[1],
            "All want it.", active,
        )  # fmt: skip
        yield GroupName(BENCH, f"wg{number}", group, f"WG-{number}")
        purpose, objectives, outputs, plan = (_prose(random, 60) for _ in range(4))
        text = Sections(purpose, objectives, outputs, plan, "October")
        yield Proposal(BENCH, group, 1, people[0], begun, text)
        yield Lifetime(BENCH, group, cycle, approved=True)
        if not live:
            yield Ending(BENCH, group, begun + timedelta(days=300), people[1], "Done.")
        for place, person in enumerate(people):
            yield Membership(BENCH, group, person, active)
            if place < 2:
                yield Facilitator(BENCH, group, person, _STAKEHOLDERS[int(person[1:]) % 4], active)
        yield from self._asked(number, group, people, begun, random)
        for each in range(1, 7):
            posted = active + timedelta(days=30 * each)
            yield Update(BENCH, group, each, people[0], _prose(random, 40), _prose(random, 20), "", posted)
        for each in range(self._meetings):
            yield from self._meeting((number - 1) * self._meetings + each + 1, group, people, active, each, random)
        for each in range(self._documents):
            at = active + timedelta(days=each * 2)
            yield from _document((number - 1) * self._documents + each + 1, group, people[each % MEMBERS], at, random)

    def _asked(
        self, number: int, group: GroupId, people: list[PersonId], begun: datetime, random: Random
    ) -> Iterator[Any]:
        over = begun + timedelta(days=7)
        yield Consultation(BENCH, number, group, begun, over, "UTC", closed=True, closed_at=over, comments=4, about="")
        for each in range(1, 5):
            yield Comment(BENCH, number, each, people[each], CommentKind.COMMENT, _prose(random, 30), begun, 1)
        closed = over + timedelta(days=7)
        asked = dict.fromkeys(_STAKEHOLDERS, SEATED // 4)
        yield Check(
            BENCH, number, "mag", group, Form.FORMAL, "Go on?", "rough", over, None, closed, closed, "UTC", asked,
            closed=True, closed_at=closed, outcome=Outcome.CONSENSUS, rationale=_prose(random, 20), concluded_at=closed,
            concluded_by=people[1],
        )  # fmt: skip
        for label in _STAKEHOLDERS:
            yield TallyCell(BENCH, number, label, Position.SUPPORT, SEATED // 4 - 1)

    def _meeting(
        self, number: int, group: GroupId, people: list[PersonId], active: datetime, place: int, random: Random
    ) -> Iterator[Any]:
        at = active + timedelta(days=14 * place)
        yield Meeting(
            BENCH, number, group, f"Call {place + 1}", "", "https://meet.example/x", at, at + _HOUR, "UTC", people[0],
            at - timedelta(days=7), at, state=MeetingState.ENDED, started_at=at, ended_at=at + _HOUR,
            summarised_at=at + timedelta(days=2),
        )  # fmt: skip
        yield Summary(BENCH, number, _prose(random, 200), people[0], at, people[1], at + timedelta(days=2))


def _document(number: int, group: GroupId, person: PersonId, at: datetime, random: Random) -> Iterator[Any]:
    yield Document(BENCH, number, group, f"{random.choice(_WORDS).title()} {number}", 1)
    text = _prose(random, 150) if number % 2 else ""
    link = "" if text else f"https://docs.example.org/{number}"
    yield DocumentVersion(BENCH, number, 1, link, text, "", person, at)


def _person(number: int) -> PersonId:
    return PersonId(f"p{number}")


def _prose(random: Random, words: int) -> str:
    chosen = random.choices(_WORDS, k=words)
    return "\n\n".join(" ".join(chosen[at : at + 40]).capitalize() + "." for at in range(0, words, 40))


def one_more_document(store: Store, group: GroupId, number: int) -> CommunityId:
    """One group changes: a document more is on its list."""
    with store.writing([BENCH]) as work:
        context = context_of(work, f"document:{number}")
        found = work.get(Group, BENCH, group)
        if found is None:
            raise LookupError(group)
        context.happen(*add(found, number, f"Minutes {number}", What(text="What was said."), _person(0)))
        keep(work, context, f"document:{number}")
    return BENCH
