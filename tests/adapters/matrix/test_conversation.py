"""People in rooms of a real Synapse, with an Element: commands, forms in threads, votes, reactions; in the clear and encrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.consensus.checks import check_of, tally_of
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.story import Story
from tests.builders import CHAIR, CIVIL, GOOD, MAG, PRIVATE
from tests.support.matrix.crowd import Elements
from tests.support.matrix.seen import Message
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(params=[False, True], ids=["clear", "encrypted"])
def story(request: pytest.FixtureRequest, synapse: Homeserver, element: Elements, tmp_path: Path) -> Iterator[Story]:
    people = {CHAIR: element("amina"), CIVIL: element("yusuf"), PRIVATE: element("qiang")}
    bot = synapse.register()
    accounts = {name: who.id for name, who in people.items()}
    with Hall(synapse.url, (bot.user_id, PASSWORD), tmp_path, accounts) as hall:
        told = Story(hall, people, bot.user_id)
        told.meet(encrypted=request.param)
        yield told
        assert verify(hall.store, MAG) == []


def test_a_command_is_answered_in_a_thread_and_a_slip_is_pointed_out(story: Story) -> None:
    assert "What wgbot can do" in story.says(CIVIL, "!wg help", "What wgbot can do").body
    refused = story.says(CIVIL, "!wg lisst", "There is no command lisst")
    assert refused.msgtype == "m.notice"
    assert "!wg list" in refused.body


def test_a_proposal_is_a_conversation_in_a_thread(story: Story) -> None:
    answers = [
        ("What is the working group called?", "Multi-year Work"),
        ("Its short name?", "WG-MWP"),
        ("Purpose of the WG", "The programme is planned a year at a time."),
        ("Objectives/Goals", "- A plan by June 2027"),
        ("Expected Output", "- A plan"),
        ("Implementation Plan", "skip"),
        ("Timeframe", "January to June 2027"),
        ("Why a smaller group", "skip"),
        ("primary responsibilities", "back"),
        ("Why a smaller group", "skip"),
        ("primary responsibilities", "skip"),
        ("Who proposes it with you?", "skip"),
        ("All answered. Submit it?", "submit"),
    ]
    story.answers(PRIVATE, "!wg propose", answers, "WG-MWP is proposed")
    story.sees(CIVIL, "Consultation of the full MAG on WG-MWP")


def checked(story: Story) -> Message:
    """A check that is open; its poll."""
    story.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed")
    story.sees(CIVIL, "Consultation of the full MAG")
    story.hall.later("7d")
    story.hall.later("7d")
    return story.sees(CIVIL, "Consensus check 1 of the MAG")


def test_a_vote_in_a_native_poll_is_a_position_and_the_card_shows_it(story: Story) -> None:
    card = checked(story)
    civil, chair = story.people[CIVIL], story.people[CHAIR]
    poll = story.poll(CIVIL)
    civil.vote(story.room, poll.id, "Support")
    story.until_held(CIVIL, "support")
    chair.vote(story.room, poll.id, "Can live with it")
    story.until_held(CHAIR, "live-with")
    civil.sees(story.room, "2 of 40", when=lambda message: message.id == card.id)
    civil.vote(story.room, poll.id, "Stand aside")
    story.until_held(CIVIL, "stand-aside")
    with story.hall.store.reading() as reads:
        assert tally_of(reads, check_of(reads, MAG, 1)).taken() == 2


def test_an_objection_in_the_poll_asks_for_its_reason_in_the_thread(story: Story) -> None:
    checked(story)
    civil = story.people[CIVIL]
    poll = story.poll(CIVIL)
    civil.vote(story.room, poll.id, "Object")
    civil.sees(story.room, "What do you object to?", sender=story.bot, thread=poll.id)
    assert story.held(CIVIL) is None
    answers = [("What do you object to?", "Who pays?"), ("May your name be public", "no"), ("Submit it?", "submit")]
    story.follows(CIVIL, poll.id, answers)
    story.until_held(CIVIL, "object")


def test_reactions_and_commands_are_ways_in_too(story: Story) -> None:
    card = checked(story)
    story.people[CIVIL].react(card, "👍")
    story.until_held(CIVIL, "support")
    story.says(CHAIR, "!wg consensus abstain", "your position is Abstain")
    assert story.held(CHAIR) == "abstain"


def test_the_poll_ends_when_the_check_closes(story: Story) -> None:
    checked(story)
    civil = story.people[CIVIL]
    poll = story.poll(CIVIL)
    story.hall.later("7d")
    civil.sees_poll(story.room, poll.id, lambda shown: shown.ended)
    civil.vote(story.room, poll.id, "Support")
    civil.sees(story.room, "closed", sender=story.bot, thread=poll.id)
    assert story.held(CIVIL) is None


def test_in_direct_messages_no_prefix_is_needed(story: Story) -> None:
    civil = story.people[CIVIL]

    direct = civil.message_directly(story.bot)
    civil.send(direct, "list")
    civil.sees(direct, "There is no working group yet", sender=story.bot)
    civil.send(direct, "todo")
    civil.sees(direct, "Nothing waits for you", sender=story.bot)
    told: Callable[[Message], bool] = lambda message: "link " in message.body  # noqa: E731 — a name for one line
    story.says(CIVIL, "!wg link new", "for you alone")
    civil.sees(direct, "Your code", sender=story.bot, when=told)
