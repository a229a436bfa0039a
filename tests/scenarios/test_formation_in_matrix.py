"""A whole formation in Matrix, on a real Synapse and with Elements: typed, voted and decided as people do it there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.cli.sample import sample_people
from bot.domain.groups import Stage, find_group, homes_of
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.story import Story
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, TECHNICAL
from tests.support.matrix.crowd import Elements
from tests.support.matrix.seen import Room
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

BODY = (CHAIR, PRIVATE, TECHNICAL, CIVIL)
"""A MAG of four: one of each stakeholder group, so that all of them speaking is a consensus."""


@pytest.fixture(params=[False, True], ids=["clear", "encrypted"])
def story(request: pytest.FixtureRequest, synapse: Homeserver, element: Elements, tmp_path: Path) -> Iterator[Story]:
    people = {name: element(name.split()[0].lower()) for name in BODY}
    bot = synapse.register("wg")
    founders = tuple(each for each in sample_people() if each.name in BODY)
    accounts = {name: who.id for name, who in people.items()}
    with Hall(synapse.url, (bot.user_id, PASSWORD), tmp_path, accounts, founders=founders) as hall:
        told = Story(hall, people, bot.user_id)
        told.meet(encrypted=request.param)
        yield told
        assert verify(hall.store, MAG) == []


PROPOSAL = (
    ("What is the working group called?", "Multi-year Work"),
    ("Its short name?", "WG-MWP"),
    ("Purpose of the WG", "The annual programme is planned a year at a time."),
    ("Objectives/Goals", "- A plan for three years by June 2027"),
    ("Expected Output", "- A plan"),
    ("Implementation Plan", "skip"),
    ("Timeframe", "January to June 2027"),
    ("Why a smaller group", "skip"),
    ("primary responsibilities", "skip"),
    ("Who proposes it with you?", TECHNICAL),
    ("All answered. Submit it?", "submit"),
)


def test_from_a_conversation_to_two_co_facilitators_in_a_new_room(story: Story) -> None:
    # the first human act: a conversation in a thread
    story.answers(PRIVATE, "!wg propose", PROPOSAL, "WG-MWP is proposed")
    consultation = story.sees(CIVIL, "Consultation of the full MAG on WG-MWP")

    # who is named as co-proposer is asked in private, where no prefix is needed
    private = story.privately(TECHNICAL, "names you as co-proposer of WG-MWP")
    assert private.encrypted
    story.says(TECHNICAL, "propose confirm WG-MWP yes", "WG-MWP", private.room, threaded=False)

    story.says(
        CIVIL,
        '!wg consult comment WG-MWP concern "Fortnightly calls exclude some of us."',
        "Comment 1 on WG-MWP is noted",
    )
    story.sees(CHAIR, "1 comment", when=lambda each: each.id == consultation.id)
    assert "Fortnightly calls" in story.privately(PRIVATE, "needs an answer").body
    story.says(PRIVATE, '!wg consult respond WG-MWP 1 "Decisions are taken on the list."', "Answered.")
    story.hall.later("7d")

    # the check: a native poll, whose card counts along
    card = story.sees(TECHNICAL, "Consensus check 1 of the MAG")
    poll = story.poll(TECHNICAL)
    for who in (CHAIR, PRIVATE, TECHNICAL):
        story.people[who].vote(story.room, poll.id, "Support")
    story.sees(CIVIL, "3 of 4", when=lambda each: each.id == card.id)

    # an objection counts once it says why, and is withdrawn by its author
    story.people[CIVIL].vote(story.room, poll.id, "Object")
    objecting = (("What do you object to?", "Who pays?"), ("May your name be public", "no"), ("Submit it?", "submit"))
    story.follows(CIVIL, poll.id, objecting)
    story.sees(CIVIL, "4 of 4", when=lambda each: each.id == card.id)
    assert "Who pays?" in story.privately(CHAIR, "objects in check 1").body
    story.says(CIVIL, "!wg consensus withdraw 1", "Your objection in check 1 is withdrawn")
    story.people[CIVIL].vote(story.room, poll.id, "Can live with it")
    story.sees(CHAIR, "Can live with it 1", when=lambda each: each.id == card.id)

    # the second human act: the Chair's one card, in encrypted direct messages
    story.hall.later("7d")
    story.people[CIVIL].sees_poll(story.room, poll.id, lambda shown: shown.ended)
    decision = story.privately(CHAIR, "For your decision: WG-MWP")
    assert decision.encrypted
    assert "approve WG-MWP" in decision.body
    optional = ("Rationale of the conclusion", "Minority views", "A note with the approval", "Reason for an exception")
    naming = (
        ("Which two co-facilitators?", f"{PRIVATE}, {TECHNICAL}"),
        *((each, "skip") for each in optional),
        ("Submit it?", "submit"),
    )
    story.answers(CHAIR, "approve WG-MWP", naming, "WG-MWP is approved", decision.room)
    story.sees(CIVIL, "is active, and open to every member")

    # the group's room: found by its name, open to everybody
    with story.hall.store.reading() as reads:
        group = find_group(reads, MAG, "WG-MWP")
        (home,) = homes_of(reads, MAG, group.id)
    assert group.stage is Stage.ACTIVE
    assert home.name.startswith("#wg-mwp")  # another test's body on this homeserver may have taken the name itself
    civil = story.people[CIVIL]
    assert civil.join(home.name) == home.place
    room = civil.sees_room(home.place, lambda seen: bool(seen.pinned))
    assert "Multi-year Work" in room.topic
    assert room.join_rule == "public"
    assert room.history == "shared"
    for who in (PRIVATE, TECHNICAL):
        assert room.power(story.people[who].id) == 50
        story.people[who].invited(home.place)
        story.people[who].join(home.place)
    (space,) = room.parents
    assert home.place in civil_in(story, space).children
    charter = civil.message(home.place, room.pinned[0])
    assert "Multi-year Work" in charter.body

    # at work there: a quick check
    story.says(PRIVATE, '!wg consensus "Move the call to 15:00?" 24h', "Check 2 is asked here", home.place)
    asked = story.sees(TECHNICAL, "Move the call to 15:00?", home.place)
    quick = story.poll(TECHNICAL, home.place)
    for who in (PRIVATE, TECHNICAL):
        story.people[who].vote(home.place, quick.id, "Agree")
    story.sees(CIVIL, "2 of 2", home.place, when=lambda each: each.id == asked.id)


def civil_in(story: Story, space: str) -> Room:
    """The body's Space, as a member who enters it sees it."""
    civil = story.people[CIVIL]
    civil.join(space)
    return civil.sees_room(space, lambda seen: bool(seen.children))
