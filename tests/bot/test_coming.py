"""What is coming up: everything that closes, soonest first, under names that stay when it moves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.shared.words import Words
from bot.coming import Coming, coming_up, in_full
from bot.domain.community import Community
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT, World


@pytest.fixture
def mag() -> World:
    """A consultation, a formal check, a quick one and a poll are open."""
    world = World()
    world.consulted("WG-MWP")
    world.proposed("WG-CO", by=CIVIL)
    world.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h')
    world.does(PRIVATE, 'poll "Where do we meet?" Geneva, Lyon --closes 2d')
    return world


def coming(world: World) -> tuple[Coming, ...]:
    with world.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        return coming_up(reads, community, community.now(datetime.now(UTC)))


def told(world: World) -> list[str]:
    return [Words().say(each.what) for each in coming(world)]


def test_the_soonest_is_first(mag: World) -> None:
    assert told(mag) == [
        "Consensus check 2 of the MAG closes",
        "Poll 1 of the MAG closes",
        "Consensus check 1 of the MAG closes",
        "The consultation of the full MAG on WG-CO closes",
        "Last day of IGF 2027; working groups end with it",
    ]
    times = [each.at for each in coming(mag)]
    assert times == sorted(times)


def test_each_says_when_and_what_in_a_sentence(mag: World) -> None:
    first, *_, last = coming(mag)
    assert Words().say(first.text) == (
        "Tue 19 Jan 2027, 10:00 (Zurich time, 09:00 UTC): Consensus check 2 of the MAG closes: Move the call to 15:00?"
    )
    assert Words().say(in_full(first)) == "Consensus check 2 of the MAG closes. Move the call to 15:00?"
    assert Words().say(last.text) == "Tue 30 Nov 2027: Last day of IGF 2027; working groups end with it"
    assert last.day == date(2027, 11, 30)
    assert last.at == datetime(2027, 11, 29, 23, tzinfo=UTC)


def test_what_is_closed_is_not_coming(mag: World) -> None:
    mag.later("30d")
    assert told(mag) == [
        "The consultation of the full MAG on WG-CO closes",  # more time, because nobody had said anything
        "Last day of IGF 2027; working groups end with it",
    ]


def test_what_is_over_but_not_closed_yet_is_not_coming() -> None:
    world = World(clock_runs=False)
    world.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h')
    assert len(told(world)) == 2
    world.later("25h")
    assert told(world) == ["Last day of IGF 2027; working groups end with it"]


def test_it_keeps_its_name_when_it_moves_and_its_revision_grows(mag: World) -> None:
    before = {each.id: each for each in coming(mag)}
    mag.does(CHAIR, "consensus extend 1 9d")
    mag.does(CHAIR, "consult extend WG-CO 9d")
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-12-15')
    after = {each.id: each for each in coming(mag)}
    assert set(before) == set(after)
    moved = {id_ for id_ in after if after[id_].at != before[id_].at}
    assert len(moved) == 3
    for id_, each in after.items():
        assert (each.revision > before[id_].revision) == (id_ in moved)
        assert each.known_since == before[id_].known_since


def test_the_first_day_of_a_cycle_to_come_is_coming() -> None:
    world = World(start=datetime(2026, 12, 6, 12, tzinfo=UTC))
    assert told(world) == ["First day of IGF 2027", "Last day of IGF 2027; working groups end with it"]


def test_the_last_day_is_coming_until_it_is_over_where_the_community_is() -> None:
    world = World(last_day=date(2027, 1, 11))
    assert told(world) == ["Last day of IGF 2027; working groups end with it"]
    world.later("13h")
    assert len(told(world)) == 1
    world.later("90m")  # 23:30 in UTC, half an hour past midnight in Zurich
    assert told(world) == []
