"""Every command, in every state of a group, by everybody one can be: nobody does what is another's, nobody is kept from their own.

What is expected is written here a second time, by hand, and not read off the rules that are tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

import pytest

from bot.command import COMMANDS
from bot.context import Request, Space
from bot.domain.errors import Refusal
from bot.domain.events import Fact
from bot.domain.facilitators import GroupApproved, GroupDeclined
from bot.domain.preparing import ActPrepared
from bot.engine import Answer
from bot.reply import refused
from bot.slash import parse
from tests.builders import (
    CHAIR,
    GOVERNMENT,
    MAG,
    OBSERVER,
    PRIVATE,
    PRIVATE_TOO,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
    spoken,
)

PROPOSER, FACILITATOR, OTHER_FACILITATOR = PRIVATE_TOO, PRIVATE, TECHNICAL
SPEAKERS = (CHAIR, SECRETARIAT, PROPOSER, FACILITATOR, OTHER_FACILITATOR, GOVERNMENT, OBSERVER, STRANGER)
KNOWN = frozenset(SPEAKERS) - {STRANGER}
MEMBERS = KNOWN - {SECRETARIAT, OBSERVER}
FACILITATORS = frozenset({FACILITATOR, OTHER_FACILITATOR})
STATES = ("nothing", "in consultation", "in its check", "before the Chair", "active", "ended")
WITH_FACILITATORS = frozenset({"active", "ended"})

ALWAYS = {
    "anyone": frozenset(SPEAKERS),
    "a known person": KNOWN,
    "a known person, unheard by others": KNOWN,
    "anyone seated": KNOWN,
    "a seated member": MEMBERS,
    "the Chair": frozenset({CHAIR}),
    "the Secretariat": frozenset({SECRETARIAT}),
    "the software": frozenset[str](),
}
"""Who may, by the words of the table, whatever the state and whatever it is about."""

OF_A_GROUP = {
    "its co-facilitators": FACILITATORS,
    "its group's co-facilitators": FACILITATORS,
    "its members": FACILITATORS | {PROPOSER},
    "its group's members": FACILITATORS | {PROPOSER},
    "its proposers": frozenset({PROPOSER}),
    "its proposers (of a recommendation, the co-facilitators)": FACILITATORS | {PROPOSER},
    "who concludes the check": FACILITATORS | {CHAIR},
    "who organises the meeting": FACILITATORS | {CHAIR, SECRETARIAT},
    "who organises the meetings": FACILITATORS | {CHAIR, SECRETARIAT},
}
"""Who may at most, where it depends on which group, check or meeting it is about."""

NOT_YOURS = "This is for "


@cache
def world_in(state: str) -> World:
    """The community with WG-MWP, which Rosa S. proposed, in a state."""
    world = World()
    match state:
        case "in consultation":
            world.proposed(by=PROPOSER)
            world.does(PRIVATE, "consult concern WG-MWP What does it cost?")
        case "in its check":
            world.proposed(by=PROPOSER)
            world.does(PRIVATE, "consult comment WG-MWP Good idea.")
            world.later("7d")
        case "before the Chair":
            world.checked(by=PROPOSER)
        case "active" | "ended":
            world.approved(by=PROPOSER)
            if state == "ended":
                world.later("300d")
    return world


@contextmanager
def tried(world: World, who: str, typed: str) -> Iterator[tuple[Answer, list[Fact]]]:
    """What a person is answered and what happens; then all of it is forgotten."""
    try:
        meant = parse(typed)
    except Refusal as refusal:  # nobody can type it: it is said by platforms
        yield Answer(refused(refusal, typed), done=False), []
        return
    request = Request(
        MAG,
        Space("terminal", "", "#mag"),
        meant.command.name,
        f"tried:{who}:{typed}",
        datetime.now(UTC),
        user=who,
        arguments=meant.arguments,
        typed=typed,
    )
    with world.store.writing([MAG]) as work:
        mark = work.mark()
        happened: list[Fact] = []
        append = work.append

        def noted(fact: Fact, origin: str) -> None:
            happened.append(fact)
            append(fact, origin)

        monkeypatched = pytest.MonkeyPatch()
        monkeypatched.setattr(work, "append", noted)
        answer = world.engine.decide(work, request)
        monkeypatched.undo()
        yield answer, happened
        work.undo(mark)


def may(key: str, state: str) -> tuple[frozenset[str], frozenset[str]]:
    """Who certainly may, and who may at most."""
    surely: frozenset[str] = frozenset()
    at_most: frozenset[str] = frozenset()
    for each in key.split(" or "):
        if each in ALWAYS:
            surely |= ALWAYS[each]
            at_most |= ALWAYS[each]
        else:
            some = OF_A_GROUP[each]
            at_most |= some if state in WITH_FACILITATORS else some - FACILITATORS
    return surely, at_most


def test_the_table_has_no_other_words() -> None:
    words = {each for declared in COMMANDS.values() for each in declared.who.key.split(" or ")}
    assert words == ALWAYS.keys() | OF_A_GROUP.keys()


@pytest.mark.parametrize("state", STATES)
def test_each_command_is_for_those_it_is_for(state: str) -> None:
    world = world_in(state)
    wrong = []
    for declared in COMMANDS.values():
        surely, at_most = may(declared.who.key, state)
        for example in declared.examples:
            for who in SPEAKERS:
                prepares = declared.prepares and who == SECRETARIAT
                with tried(world, who, example) as (answer, happened):
                    words = spoken(answer.view)
                    kinds = {type(fact.event) for fact in happened}
                said = f"{who}: {example}: {words[:120]}"
                if prepares:
                    if not kinds <= {ActPrepared} or NOT_YOURS in words:
                        wrong.append(f"not prepared, {said}")
                elif who not in at_most and (happened or answer.done):
                    wrong.append(f"done though it is not theirs, {said}")
                elif who in surely and words.startswith(NOT_YOURS):
                    wrong.append(f"kept from their own, {said}")
    assert not wrong, "\n".join(wrong[:20])


def test_only_the_chair_approves() -> None:
    world = world_in("before the Chair")
    for who in SPEAKERS:
        for typed in (f"approve WG-MWP {PRIVATE}, {TECHNICAL}", "decline WG-MWP Not now."):
            with tried(world, who, typed) as (_, happened):
                decided = {type(fact.event) for fact in happened} & {GroupApproved, GroupDeclined}
                assert bool(decided) == (who == CHAIR), (who, typed)
