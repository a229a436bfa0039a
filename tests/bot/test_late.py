"""Positions, and answers to polls, that arrive late and in any order: the one that was sent last is the one that is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.consensus.checks import Held
from bot.domain.consensus.positions import Position
from bot.domain.polls import Choice
from bot.engine import MAX_LATENESS, Answer, Engine
from storage.memory import MemoryStore
from storage.verify import verify
from tests.builders import CIVIL, MAG, PRIVATE, SECRETARIAT, World, spoken

POSITIONS = ("support", "live-with", "stand-aside", "abstain")


class Late:
    """A check that is open, in a community whose clock runs. `at` are minutes from when it does."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.world = World(self.store)
        self.world.consulted()
        with self.store.writing([MAG]) as work:
            community = work.get(Community, MAG)
            assert community is not None
            assert community.clock_frozen is not None
            self._begun = community.now(community.clock_frozen)
            work.put(replace(community, clock_frozen=None, clock_moved=0))
        self._now = 0.0
        self._engine = Engine(self.store, lambda: self._moment(self._now))
        self._count = 0

    def takes(self, position: str, sent: float, arrives: float, who: str = CIVIL) -> Answer:
        """Somebody takes a position, which is sent at a time, and arrives at another."""
        return self._asks(f"consensus {position}", {"check": "1"}, sent, arrives, who)

    def polls(self, at: float) -> None:
        """Somebody opens a poll."""
        arguments = {"question": "Where?", "options": "Geneva, Lyon, Online", "closes": "7d"}
        assert self._asks("poll new", arguments, at, at, PRIVATE).done

    def chooses(self, option: str, sent: float, arrives: float) -> Answer:
        """Somebody answers it."""
        return self._asks("poll choose", {"poll": "1", "options": option}, sent, arrives, CIVIL)

    def chosen(self) -> list[tuple[int, ...]]:
        """The answers that are held."""
        with self.store.reading() as reads:
            return [each.options for each in reads.all(Choice, community=MAG, poll=1)]

    def _asks(self, command: str, arguments: dict[str, str], sent: float, arrives: float, who: str) -> Answer:
        self._now = arrives
        self._count += 1
        space, origin = Space("terminal", "", "#mag"), f"late:{self._count}"
        request = Request(MAG, space, command, origin, self._moment(sent), user=who, arguments=arguments)
        return self._engine.handle([request])[0]

    def states(self, position: str, at: float) -> None:
        """The Secretariat enters what was said in a meeting."""
        self._now = at
        arguments = {"check": "1", "person": CIVIL, "position": position}
        space = Space("terminal", "", "#mag")
        request = Request(
            MAG, space, "consensus state", "stated", self._moment(at), user=SECRETARIAT, arguments=arguments
        )
        assert self._engine.handle([request])[0].done

    def held(self) -> list[Position]:
        """The positions that are held."""
        with self.store.reading() as reads:
            return [each.position for each in reads.all(Held, community=MAG, check=1)]

    def _moment(self, minutes: float) -> datetime:
        return self._begun + timedelta(minutes=minutes)


@pytest.fixture
def late() -> Late:
    return Late()


def test_what_was_sent_before_the_position_that_is_held_changes_nothing_and_says_so(late: Late) -> None:
    late.takes("support", sent=2, arrives=2)
    answer = late.takes("abstain", sent=1, arrives=3)
    assert not answer.done
    assert "taken another position in check 1 since you sent this one, and it stands" in spoken(answer.view)
    assert late.held() == [Position.SUPPORT]
    assert late.takes("abstain", sent=4, arrives=4).done
    assert late.held() == [Position.ABSTAIN]


def test_what_a_platform_hands_over_after_a_gap_is_older_than_what_was_said_meanwhile_on_another(late: Late) -> None:
    gap = 4 * MAX_LATENESS / timedelta(minutes=1)
    late.takes("support", sent=gap - 20, arrives=gap - 20)
    assert not late.takes("abstain", sent=1, arrives=gap).done
    assert late.held() == [Position.SUPPORT]


def test_after_a_gap_each_is_later_than_the_one_before(late: Late) -> None:
    for number, position in enumerate(("support", "abstain", "live-with")):
        assert late.takes(position, sent=number, arrives=100).done
    assert late.held() == [Position.LIVE_WITH]


def test_a_members_own_words_stand_over_what_was_entered_for_them_however_late(late: Late) -> None:
    late.states("support", at=5)
    assert late.takes("abstain", sent=1, arrives=6).done
    assert late.held() == [Position.ABSTAIN]


def test_of_two_answers_to_a_poll_the_one_sent_last_counts_too(late: Late) -> None:
    gap = 4 * MAX_LATENESS / timedelta(minutes=1)
    late.polls(at=1)
    assert late.chooses("Lyon", sent=3, arrives=3).done
    answer = late.chooses("Geneva", sent=2, arrives=4)
    assert not answer.done
    assert "You have answered poll 1 since you sent this, and that answer stands" in spoken(answer.view)
    assert late.chosen() == [(2,)]
    for number, option in enumerate(("Online", "Geneva", "Lyon")):  # after a gap, each later than the one before
        assert late.chooses(option, sent=5 + number, arrives=gap).done
    assert late.chosen() == [(2,)]
    assert not late.chooses("Geneva", sent=6, arrives=gap + 1).done
    assert late.chooses("none", sent=gap + 2, arrives=gap + 2).done
    assert late.chosen() == []


def test_others_are_not_in_the_way(late: Late) -> None:
    late.takes("support", sent=2, arrives=2)
    assert late.takes("abstain", sent=1, arrives=3, who=PRIVATE).done


@settings(max_examples=15, deadline=None)
@given(
    sent=st.lists(st.integers(0, 120), min_size=2, max_size=8, unique=True),
    data=st.data(),
)
def test_in_whatever_order_they_arrive_the_last_one_sent_is_held(sent: list[int], data: st.DataObject) -> None:
    late = Late()
    taken = {each: data.draw(st.sampled_from(POSITIONS)) for each in sent}
    for number, each in enumerate(sent):
        late.takes(taken[each], sent=each, arrives=121 + number)
    assert late.held() == [Position(taken[max(sent)])]
    wrong = [each.place for each in verify(late.store, MAG)]
    assert wrong == [f"Community ('{MAG}',)"]  # whose clock was let go beside the log
