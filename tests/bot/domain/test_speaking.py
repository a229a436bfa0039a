"""The order of speakers is fair, whoever waits and whatever was said before."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import PersonId
from bot.domain.speaking import Waiting, in_turn

BEGAN = datetime(2027, 1, 29, 14, tzinfo=UTC)
GROUPS = ("Government", "Private Sector", "Civil Society", "Technical Community", "")


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Waiting], dict[str, int], dict[PersonId, int]]:
    groups = draw(st.lists(st.sampled_from(GROUPS), max_size=12))
    waiting = [
        Waiting(PersonId(f"p{n}"), group, BEGAN + timedelta(seconds=draw(st.integers(0, 5))))
        for n, group in enumerate(groups)
    ]
    by_group = draw(st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 9)))
    by_person = {each.person: draw(st.integers(0, 3)) for each in waiting}
    return waiting, by_group, by_person


@given(queues())
def test_everybody_waiting_speaks_once(queue: tuple[list[Waiting], dict[str, int], dict[PersonId, int]]) -> None:
    order = in_turn(*queue)
    assert sorted(order, key=lambda each: each.person) == sorted(queue[0], key=lambda each: each.person)


@given(queues())
def test_each_next_speaker_is_of_the_group_heard_least(
    queue: tuple[list[Waiting], dict[str, int], dict[PersonId, int]],
) -> None:
    waiting, by_group, by_person = queue
    heard, spoke, left = Counter(by_group), Counter(by_person), list(waiting)
    for each in in_turn(*queue):
        assert heard[each.group] == min(heard[other.group] for other in left)
        same = [other for other in left if heard[other.group] == heard[each.group]]
        assert spoke[each.person] == min(spoke[other.person] for other in same)
        left.remove(each)
        heard[each.group] += 1
        spoke[each.person] += 1


@given(queues())
def test_no_group_gets_two_turns_ahead_of_another_that_still_waits(
    queue: tuple[list[Waiting], dict[str, int], dict[PersonId, int]],
) -> None:
    waiting, _, _ = queue
    heard: Counter[str] = Counter()
    order = in_turn(waiting, {}, {})
    for place, each in enumerate(order):
        heard[each.group] += 1
        for other in {later.group for later in order[place + 1 :]}:
            assert heard[each.group] <= heard[other] + 1


def test_among_equals_who_has_waited_longest() -> None:
    first, then = (Waiting(PersonId(name), "", BEGAN + timedelta(seconds=n)) for n, name in enumerate("zy"))
    assert in_turn([then, first], {}, {}) == (first, then)
