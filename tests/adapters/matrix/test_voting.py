"""Votes as homeservers deliver them: out of their order, forged, spoiled, taken back, and very many."""

from __future__ import annotations

import pytest

from bot.domain.consensus.checks import PositionTaken
from bot.domain.consensus.positions import Position
from tests.adapters.matrix.square import POLL, Square
from tests.builders import CIVIL, MAG

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.mark.parametrize("last", [0, 1])
def test_of_votes_in_two_rooms_the_later_counts(square: Square, last: int) -> None:
    """While the bot was away somebody voted in both homes; a homeserver tells of them room by room."""
    rooms = (square.room, square.meet())
    square.checked()
    polls = {room: square.poll(room) for room in rooms}
    first, then = rooms[1 - last], rooms[last]
    with square.hall.away():
        square.vote(CIVIL, polls[first], "Support", room=first)
        square.vote(CIVIL, polls[then], "Abstain", room=then)
    square.vote(CIVIL, polls[first], "Stand aside", room=first)
    square.until_held(CIVIL, "stand-aside")
    with square.hall.store.reading() as reads:
        facts = [fact.event for _, fact in reads.facts(MAG) if fact is not None]
    taken = [each.position for each in facts if isinstance(each, PositionTaken)]
    assert taken == [Position.SUPPORT, Position.ABSTAIN, Position.STAND_ASIDE]


def test_what_only_shows_a_check_has_no_poll_of_its_own(square: Square) -> None:
    """It would go on when the check is over: only a card that is kept up to date can end its poll."""
    live = square.checked()
    shown = square.says(CIVIL, "!wg consensus show 1", "Consensus check 1 of the MAG")
    assert "!wg consensus support 1" in shown.body
    square.hall.later("7d")
    square.sees("", when=lambda each: each.type == f"{POLL}end")
    (poll,) = [each for each in square.heard() if each.type == f"{POLL}start"]
    assert poll.id == live.id
