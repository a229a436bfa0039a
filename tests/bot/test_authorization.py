"""Every command, in every state of a group, by everybody one can be: nobody does what is another's, nobody is kept from their own.

What is expected is written here a second time, by hand, and not read off the rules that are tested.
"""

from __future__ import annotations

import pytest

from bot.command import COMMANDS
from bot.domain.facilitators import GroupApproved, GroupDeclined
from bot.domain.groups import Group, Stage
from bot.domain.preparing import ActPrepared
from tests.bot.authority import (
    FACILITATOR,
    NOT_YOURS,
    OTHER_FACILITATOR,
    PAGE,
    PROPOSER,
    SPEAKERS,
    STATES,
    column,
    outcomes,
    tried,
    world_in,
)
from tests.builders import CHAIR, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL

KNOWN = frozenset(SPEAKERS) - {STRANGER}
MEMBERS = KNOWN - {SECRETARIAT, OBSERVER}
FACILITATORS = frozenset({FACILITATOR, OTHER_FACILITATOR})
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
    wrong = []
    for each in outcomes(state):
        declared = COMMANDS[each.command]
        surely, at_most = may(declared.who.key, state)
        if declared.prepares and each.who == SECRETARIAT:
            if not each.kinds <= {ActPrepared} or NOT_YOURS in each.words:
                wrong.append(f"not prepared, {each}")
        elif each.who not in at_most and (each.kinds or each.done):
            wrong.append(f"done though it is not theirs, {each}")
        elif each.who in surely and each.turned_away:
            wrong.append(f"kept from their own, {each}")
    assert not wrong, "\n".join(wrong[:20])
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("|")]
    place = rows[0].index(state)
    written = {row[0].strip("`"): row[place] for row in rows[2:]}
    assert written == column(state), "the page is out of date: `make docs`"


def test_the_states_are_what_they_are_called() -> None:
    stages = []
    for state in STATES:
        with world_in(state).store.reading() as reads:
            stages += [each.stage for each in reads.all(Group, community=MAG)]
    assert stages == [Stage.IN_CONSULTATION, Stage.CONSENSUS_CHECK, Stage.CONSENSUS_CHECK, Stage.ACTIVE, Stage.EXPIRED]


def test_only_the_chair_approves() -> None:
    world = world_in("before the Chair")
    for who in SPEAKERS:
        for typed in (f"approve WG-MWP {PRIVATE}, {TECHNICAL}", "decline WG-MWP Not now."):
            with tried(world, who, typed) as (_, happened):
                decided = {type(fact.event) for fact in happened} & {GroupApproved, GroupDeclined}
                assert bool(decided) == (who == CHAIR), (who, typed)
