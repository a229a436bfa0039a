"""Votes as homeservers deliver them: out of their order, forged, spoiled, taken back, and very many."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import pytest

from adapters.cli.sample import sample_people
from bot.domain.consensus.checks import PositionTaken
from bot.domain.consensus.positions import Position
from bot.domain.people import Role
from bot.domain.polls import Choice
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import POLL, TEXT, Square, reference
from tests.builders import CHAIR, CIVIL, MAG
from tests.support.matrix.crowd import Plains
from tests.support.matrix.synapse import PASSWORD, Homeserver

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
    assert [each.position for each in taken(square)] == [Position.SUPPORT, Position.ABSTAIN, Position.STAND_ASIDE]


def test_what_only_shows_a_check_has_no_poll_of_its_own(square: Square) -> None:
    """It would go on when the check is over: only a card that is kept up to date can end its poll."""
    live = square.checked()
    shown = square.says(CIVIL, "!wg consensus show 1", "Consensus check 1 of the MAG")
    assert "!wg consensus support 1" in shown.body
    square.hall.later("7d")
    square.sees("", when=lambda each: each.type == f"{POLL}end")
    (poll,) = [each for each in square.heard() if each.type == f"{POLL}start"]
    assert poll.id == live.id


def test_a_vote_that_is_deleted_stays_on_the_record(square: Square) -> None:
    poll = square.checked()
    vote = square.vote(CIVIL, poll, "Support")
    square.until_held(CIVIL, "support")
    square.people[CIVIL].redact(square.room, vote)
    square.sees("What you deleted was done before, and stays on the record")
    assert square.held(CIVIL) == "support"


def test_what_was_never_an_act_may_be_deleted_in_silence(square: Square) -> None:
    chatter = square.people[CIVIL].send(square.room, "Good morning")
    square.people[CIVIL].redact(square.room, chatter)
    command = square.people[CIVIL].send(square.room, "!wg list")
    square.sees("There is no working group yet", thread=command)
    square.people[CIVIL].redact(square.room, command)
    square.sees("What you deleted was done before")
    assert sum("What you deleted" in each.body for each in square.heard()) == 1


def test_a_vote_for_what_the_poll_does_not_offer_is_spoiled(square: Square) -> None:
    poll = square.checked()
    square.vote(CIVIL, poll, "Support")
    (object_,) = [each["id"] for each in poll.content[f"{POLL}start"]["answers"] if each[TEXT] == "Abstain"]
    square.respond(CIVIL, poll.id, ["nonsense"])
    square.respond(CIVIL, poll.id, [object_, "nonsense"])
    square.respond(CIVIL, poll.id, ['["mag","approve",{"group":"WG-MWP","facilitators":"Qiang R., Gift I."}]'])
    square.respond(CIVIL, poll.id, [object_.replace('"1"', '"77"')])
    square.respond(CIVIL, poll.id, [])  # a position is changed by another, and never without a trace
    square.says(CIVIL, "!wg todo", "")
    assert square.held(CIVIL) == "support"


def test_polls_of_others_decide_nothing_even_with_our_answers(square: Square) -> None:
    ours = square.checked()
    forged = square.people[CHAIR].event(square.room, f"{POLL}start", ours.content)
    other = {"question": {TEXT: "Tea?"}, "answers": [{"id": "yes", TEXT: "Yes"}], "max_selections": 1}
    foreign = square.people[CHAIR].event(square.room, f"{POLL}start", {f"{POLL}start": other})
    (support,) = [each["id"] for each in ours.content[f"{POLL}start"]["answers"] if each[TEXT] == "Support"]
    square.respond(CIVIL, forged, [support])
    square.respond(CIVIL, foreign, ["yes"])
    square.people[CHAIR].event(square.room, f"{POLL}end", {f"{POLL}end": {}, "m.relates_to": reference(ours.id)})
    square.says(CIVIL, "!wg todo", "")
    assert square.held(CIVIL) is None
    square.vote(CIVIL, ours, "Support")  # the ledger's check is open, whatever somebody's client says of its poll
    square.until_held(CIVIL, "support")


def test_several_are_chosen_and_taken_back(square: Square) -> None:
    square.says(CHAIR, '!wg poll "Which days?" Monday, Tuesday, Friday --multiple', "Poll 1 is open here")
    poll = square.poll(containing="Which days?")
    assert poll.content[f"{POLL}start"]["max_selections"] == 3
    square.vote(CIVIL, poll, "Monday", "Friday")
    square.until(lambda: chosen(square) == [(1, 3)] or None, "both of them")
    card = square.sees("Which days?", thread="", when=lambda each: "Monday ▰▰▰▰▱▱▱▱ 1" in each.body)
    square.vote(CIVIL, poll)
    square.until(lambda: not any(chosen(square)) or None, "it to be taken back")
    square.sees("Which days?", when=lambda each: each.id == card.id and "Monday ▱▱▱▱▱▱▱▱ 0" in each.body)


def test_as_many_options_as_a_poll_takes_and_no_more(square: Square) -> None:
    places = [f"Place{number}" for number in range(1, 22)]
    square.says(CHAIR, f'!wg poll "Where?" {", ".join(places)}', "A poll has 2 to 20 options; 21 were given")
    square.says(CHAIR, f'!wg poll "Where?" {", ".join(places[:20])}', "Poll 1 is open here")
    poll = square.poll(containing="Where?")
    assert len(poll.content[f"{POLL}start"]["answers"]) == 20
    square.vote(CIVIL, poll, "Place20")
    square.until(lambda: chosen(square) == [(20,)] or None, "the last of them chosen")


def test_a_poll_that_was_open_before_a_restart_goes_on_and_ends(square: Square) -> None:
    poll = square.checked()
    square.vote(CHAIR, poll, "Support")
    square.until_held(CHAIR, "support")
    with square.hall.away():
        square.vote(CIVIL, poll, "Abstain")
    square.until_held(CIVIL, "abstain")
    square.sees("2 of 40", thread="")
    square.hall.later("7d")
    square.sees("", when=lambda each: each.type == f"{POLL}end" and each.content["m.relates_to"]["event_id"] == poll.id)


def chosen(square: Square) -> list[tuple[int, ...]]:
    """What is chosen in the first poll."""
    with square.hall.store.reading() as reads:
        return [each.options for each in reads.all(Choice, community=MAG, poll=1)]


VOTES = 400
"""`make bench` has a thousand."""
WORDS = {"Support": "support", "Can live with it": "live-with", "Stand aside": "stand-aside", "Abstain": "abstain"}


def test_hundreds_of_votes_at_once_are_counted_and_shown_calmly(
    synapse: Homeserver, plain: Plains, tmp_path: Path
) -> None:
    """Everybody votes, and thinks again, as fast as the homeserver takes it; the card is edited once a second at most."""
    members = [each.name for each in sample_people() if each.role in (Role.CHAIR, Role.MEMBER)]
    people = {name: plain() for name in members}
    bot = synapse.register("wg").user_id
    accounts = {name: who.id for name, who in people.items()}
    with Hall(synapse.url, (bot, PASSWORD), tmp_path, accounts, hurried=False) as hall:
        square = Square(hall, people, bot, synapse)
        square.meet()
        poll = square.checked()
        ids = {each[TEXT]: each["id"] for each in poll.content[f"{POLL}start"]["answers"]}
        words = {name: list(islice(cycle(WORDS), number, number + VOTES // 40)) for number, name in enumerate(members)}

        def votes(name: str) -> None:
            relation = reference(poll.id)
            cast = [{f"{POLL}response": {"answers": [ids[each]]}, "m.relates_to": relation} for each in words[name]]
            people[name].flood(square.room, cast, f"{POLL}response", at_once=1)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(votes, members))
        square.until(lambda: len(taken(square)) >= VOTES or None, lambda: f"more than {len(taken(square))}", 60)
        # each of them once, in each person's order
        spoken: defaultdict[str, list[str]] = defaultdict(list)
        for each in taken(square):
            spoken[each.person].append(each.position.value)
        assert sorted(spoken.values()) == sorted([WORDS[each] for each in cast] for cast in words.values())
        last = Counter(cast[-1] for cast in words.values())
        shown = [f"{word} {count}" for word, count in last.items()]
        total = f"{len(members)} of {len(members)}"
        card = square.sees(total, thread="", when=lambda each: all(part in each.body for part in shown))
        at = square.edited(card.id)
        assert len(at) - 2 <= (at[-1] - at[0]) / 1000


def taken(square: Square) -> list[PositionTaken]:
    """Every position taken, in its order."""
    with square.hall.store.reading() as reads:
        facts = [fact.event for _, fact in reads.facts(MAG) if fact is not None]
    return [each for each in facts if isinstance(each, PositionTaken)]
