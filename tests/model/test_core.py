"""The whole core against a model of it that fits on a page: random people do random things, at random times, again and again.

The model knows only what people were told was done. Whatever the order of acts, retries and crashes: each person has the one
position they took last, and the tallies are a recount of them; a working group is approved by the Chair alone; what was refused
left no trace; nothing that was done is lost, or done twice; the log is whole, and the state follows from it; and once a secret
poll is over, nobody finds out who chose what.

`make fuzz` runs it for longer than `make test` does.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adapters.cli.sample import sample_people
from bot.domain.consensus.checks import Asked, Check, Held, TallyCell
from bot.domain.consensus.positions import Position
from bot.domain.events import Fact
from bot.domain.facilitators import GroupApproved, GroupDeclined
from bot.domain.people import Person, Role
from bot.domain.polls import Choice, Poll, PollChosen
from bot.engine import DONE_ALREADY, Answer, Engine
from storage.memory import MemoryStore
from storage.verify import verify
from tests.builders import CHAIR, GOOD, MAG, SECRETARIAT, STRANGER, World

EXAMPLES: Final = int(os.environ.get("WGBOT_TEST_MODEL_EXAMPLES", "15"))
STEPS: Final = int(os.environ.get("WGBOT_TEST_MODEL_STEPS", "50"))

OPTIONS: Final = ("Quagga", "Okapi")
GROUPS: Final = ("WG-A", "WG-B")


def _few() -> tuple[Any, ...]:
    """The Chair, the Secretariat, and two members of each stakeholder group."""
    counted: Counter[str] = Counter()
    chosen = []
    for founder in sample_people():
        counted[founder.stakeholder_group] += founder.role is Role.MEMBER
        if founder.role in (Role.CHAIR, Role.SECRETARIAT) or (
            founder.role is Role.MEMBER and counted[founder.stakeholder_group] <= 2
        ):
            chosen.append(founder)
    return tuple(chosen)


PEOPLE: Final = _few()
NAMES: Final = tuple(founder.name for founder in PEOPLE)
MEMBERS: Final = tuple(founder.name for founder in PEOPLE if founder.role is Role.MEMBER)

somebody = st.one_of(st.just(CHAIR), st.sampled_from(MEMBERS), st.sampled_from((*NAMES, STRANGER)))
"""Anybody, and often somebody who may."""

number = st.sampled_from((1, 1, 1, 2, 2, 3))
group = st.sampled_from(GROUPS)
said = st.sampled_from([*Position])
REASONED: Final = {Position.OBJECT, Position.STAND_ASIDE, Position.NEED_TIME}


class Core(RuleBasedStateMachine):
    """What people were told was done, and the core that told them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(founders=PEOPLE)
        self.positions: dict[tuple[int, str], Position] = {}
        self.choices: dict[tuple[int, str], int] = {}
        self.said: list[tuple[str, str, str]] = []
        self.answers: dict[str, Answer] = {}
        self.facts = len(self.log())

    @initialize(how_far=st.integers(0, 3))
    def begin(self, how_far: int) -> None:
        """A story begins with nothing, a proposal, a check, or one that is over."""
        if how_far:
            self.act(MEMBERS[0], f'propose new "Work of WG-A" WG-A {GOOD}')
        if how_far > 1:
            self.act(MEMBERS[1], 'consult comment WG-A comment "Good idea."')
            self.world.later("7d")
            self.act(MEMBERS[2], f'poll new "Which animal?" {", ".join(OPTIONS)} --secret')
        if how_far > 2:
            self.many_agree(1)
            self.world.later("7d")

    def log(self) -> list[tuple[int, Fact | None]]:
        with self.world.store.reading() as reads:
            return list(reads.facts(MAG))  # type: ignore[attr-defined]  # stores read their log too

    def act(self, who: str, typed: str) -> bool:
        """Say something; what follows, follows. Whether it was done."""
        origin = f"act:{len(self.said)}"
        before = len(self.log())
        answer = self.world.ask(who, typed, "#mag", origin)
        if not answer.done:
            assert len(self.log()) == before, (who, typed)
        self.said.append((origin, who, typed))
        self.answers[origin] = answer
        self.world.settle()
        return answer.done

    # what people do

    @rule(who=somebody, name=group)
    def propose(self, who: str, name: str) -> None:
        self.act(who, f'propose new "Work of {name}" {name} {GOOD}')

    @rule(who=somebody, name=group, kind=st.sampled_from(["comment", "concern"]))
    def comment(self, who: str, name: str, kind: str) -> None:
        self.act(who, f'consult comment {name} {kind} "What about the costs?"')

    @rule(who=somebody, name=group)
    def respond(self, who: str, name: str) -> None:
        self.act(who, f'consult respond {name} 1 "They are borne by the members."')

    @rule(who=somebody, hours=st.sampled_from(["24h", "5m", "7d"]))
    def ask(self, who: str, hours: str) -> None:
        self.act(who, f'consensus "Move the call?" {hours}')

    @rule(who=somebody, check=number, position=said)
    def take(self, who: str, check: int, position: Position) -> None:
        reason = " It is too soon." if position in REASONED else ""
        if self.act(who, f"consensus {position} {check}{reason}"):
            self.positions[check, who] = position

    @rule(check=number)
    def many_agree(self, check: int) -> None:
        for who in (CHAIR, *MEMBERS):
            if self.act(who, f"consensus support {check}"):
                self.positions[check, who] = Position.SUPPORT

    @rule(who=somebody, check=number, about=st.sampled_from(MEMBERS), position=said)
    def state(self, who: str, check: int, about: str, position: Position) -> None:
        if self.act(who, f'consensus state {check} "{about}" {position} In the meeting.'):
            self.positions[check, about] = position

    @rule(who=somebody, check=number)
    def withdraw(self, who: str, check: int) -> None:
        self.act(who, f"consensus withdraw {check}")  # the position stays until another is taken

    @rule(who=somebody, check=number, how=st.sampled_from(["close {}", "answer {} 1 We heard you.", "extend {} 2d"]))
    def lead(self, who: str, check: int, how: str) -> None:
        self.act(who, f"consensus {how.format(check)}")

    @rule(
        who=somebody,
        what=st.sampled_from([*GROUPS, "1", "2"]),
        outcome=st.sampled_from(["consensus", '"no consensus yet"']),
    )
    def conclude(self, who: str, what: str, outcome: str) -> None:
        self.act(who, f'conclude {what} {outcome} "It was heard."')

    @rule(who=somebody, name=group, one=st.sampled_from(MEMBERS), other=st.sampled_from(MEMBERS))
    def approve(self, who: str, name: str, one: str, other: str) -> None:
        self.act(who, f"approve {name} {one}, {other}")

    @rule(who=somebody, name=group)
    def decline(self, who: str, name: str) -> None:
        self.act(who, f"decline {name} Not now.")

    @rule(who=somebody, act=number)
    def confirm(self, who: str, act: int) -> None:
        self.act(who, f"confirm {act}")

    @rule(who=somebody, name=group, how=st.sampled_from(["join", "leave"]))
    def belong(self, who: str, name: str, how: str) -> None:
        self.act(who, f"{how} {name}")

    @rule(who=somebody)
    def poll(self, who: str) -> None:
        self.act(who, f'poll new "Which animal?" {", ".join(OPTIONS)} --secret')

    @rule(who=somebody, poll=number, option=st.sampled_from(OPTIONS))
    def choose(self, who: str, poll: int, option: str) -> None:
        if self.act(who, f"poll choose {poll} {option}"):
            self.choices[poll, who] = OPTIONS.index(option) + 1

    @rule(who=somebody, poll=number)
    def end_poll(self, who: str, poll: int) -> None:
        self.act(who, f"poll close {poll}")

    # what happens to them

    @rule(span=st.sampled_from(["10m", "1h", "2d", "8d"]))
    def time_passes(self, span: str) -> None:
        self.world.later(span)

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """A platform gives a request once more: the answer is the same, and nothing happens."""
        if not self.said:
            return
        origin, who, typed = data.draw(st.sampled_from(self.said))
        before = len(self.log())
        answer = self.world.ask(who, typed, "#mag", origin)
        first = self.answers[origin]
        if first.confidential and first.done:
            assert answer.view == DONE_ALREADY  # what was confidential is not kept to be said again
        elif first.done:
            assert answer.view == first.view
        assert len(self.log()) == before

    @rule()
    def crash(self) -> None:
        """All that was in memory is gone; only the store is left."""
        self.world.engine = Engine(self.world.store, lambda: datetime.now(UTC))

    # what holds whatever happened

    @invariant()
    def each_has_one_position_and_the_tally_is_a_recount(self) -> None:
        with self.world.store.reading() as reads:
            names = {each.id: each.name for each in reads.all(Person, community=MAG)}
            held: dict[tuple[int, str], Position] = {}
            for check in range(1, 4):
                if reads.get(Check, MAG, check) is None:
                    continue
                groups = {each.person: each.stakeholder_group for each in reads.all(Asked, community=MAG, check=check)}
                counted: Counter[tuple[str, str]] = Counter()
                for each in reads.all(Held, community=MAG, check=check):
                    assert (check, names[each.person]) not in held
                    held[check, names[each.person]] = each.position
                    counted[groups[each.person], each.position] += 1
                kept = {
                    (cell.stakeholder_group, cell.position): cell.count
                    for cell in reads.all(TallyCell, community=MAG, check=check)
                    if cell.count
                }
                assert kept == dict(counted)
        assert held == {key: position for key, position in self.positions.items() if key[0] < 4}

    @invariant()
    def nothing_that_happened_is_gone(self) -> None:
        now = len(self.log())
        assert now >= self.facts
        self.facts = now

    def teardown(self) -> None:
        """At the end: who approved, what is left of secret polls, and whether the log proves the state."""
        log = self.log()
        with self.world.store.reading() as reads:
            (chair,) = (each.id for each in reads.all(Person, community=MAG) if each.name == CHAIR)
            (desk,) = (each.id for each in reads.all(Person, community=MAG) if each.name == SECRETARIAT)
            names = {each.id: each.name for each in reads.all(Person, community=MAG)}
            for poll in (reads.get(Poll, MAG, each) for each in range(1, 4)):
                if poll is None:
                    continue
                choices = reads.all(Choice, community=MAG, poll=poll.number)
                mine = {who: option for (of, who), option in self.choices.items() if of == poll.number}
                assert sum(poll.counts) == len(mine)
                if poll.closed:
                    assert not choices
                else:
                    assert {names[each.person]: each.options for each in choices} == {
                        who: (option,) for who, option in mine.items()
                    }
        ended = {number for number in range(1, 4) if self._over(number)}
        for _, fact in log:
            if fact is None:
                continue
            if isinstance(fact.event, GroupApproved | GroupDeclined):
                assert fact.by == chair != desk
            if isinstance(fact.event, PollChosen):
                assert fact.event.poll not in ended, "a choice of a secret poll outlived it"
        assert isinstance(self.world.store, MemoryStore)
        assert verify(self.world.store, MAG) == []

    def _over(self, number: int) -> bool:
        with self.world.store.reading() as reads:
            poll = reads.get(Poll, MAG, number)
        return poll is not None and poll.closed


@pytest.mark.timeout(300)  # a busy machine takes its time, and what is cut short would be taken for a fault
def test_whatever_people_do_the_core_keeps_its_word() -> None:
    run_state_machine_as_test(
        Core,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
