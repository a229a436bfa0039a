"""Modalities: default ones from the first day; others by the group's own consensus; each setting has its effect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.ids import GroupId
from bot.domain.ways import ways_of
from bot.outgoing import SendKind
from storage.memory import MemoryStore
from storage.memory.outbox import Sent
from storage.verify import verify
from tests.builders import (
    CHAIR,
    CIVIL,
    GOVERNMENT,
    MAG,
    OBSERVER,
    PRIVATE,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
)

ROOM = "#wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def the_check(mag: World, number: int) -> Check:
    with mag.store.reading() as reads:
        found = reads.get(Check, MAG, number)
    assert found is not None
    return found


def adopted(mag: World, what: str, number: int = 2) -> None:
    """The group proposes other modalities, takes positions and concludes."""
    mag.does(PRIVATE, f"modalities propose WG-MWP {what}")
    concluded(mag, number)


def concluded(mag: World, number: int, outcome: str = "consensus", by: str = PRIVATE) -> None:
    for person in (PRIVATE, TECHNICAL):
        mag.does(person, f"consensus support {number}")
    mag.does(by, f"consensus close {number}")
    mag.does(by, f'conclude {number} "{outcome}" "We talked it over."')


def test_default_ones_hold_from_the_first_day(mag: World) -> None:
    shown = mag.does(STRANGER, "modalities WG-MWP")
    for part in ("version 1", "Rough consensus", "5 days", "1/3 of the members asked", "else monthly", "default ones"):
        assert part in shown
    assert "the default ones" in mag.does(CIVIL, "show WG-MWP")
    assert "has no version 2" in mag.refuses(CIVIL, "modalities show WG-MWP 2")


def test_the_groups_consensus_adopts_a_version(mag: World) -> None:
    said = mag.does(
        PRIVATE,
        'modalities propose WG-MWP "Drafts are circulated a week before each call." --rule full --check-hours 96',
    )
    assert "Version 2 is asked of WG-MWP in check 2" in said
    in_room = "\n".join(mag.in_room(ROOM))
    assert "Adopt version 2 of the modalities of WG-MWP? rule: rough → full. check hours: 120 → 96." in in_room
    assert "Drafts are circulated a week before each call." in in_room
    assert "now: Rough consensus" in mag.does(CIVIL, "modalities show WG-MWP 2")
    assert "Rough consensus" in mag.does(CIVIL, "modalities WG-MWP"), "nothing changes before consensus"
    assert "decides on version 2" in mag.refuses(TECHNICAL, "modalities propose WG-MWP --rule consent")
    concluded(mag, 2)
    assert "Version 2 of the modalities of WG-MWP holds from now on." in "\n".join(mag.in_room(ROOM))
    shown = mag.does(STRANGER, "modalities WG-MWP")
    for part in ("version 2", "Full consensus", "4 days", "Drafts are circulated", "Adopted by consensus on"):
        assert part in shown
    history = mag.does(STRANGER, "modalities history WG-MWP")
    assert "Version 2, proposed by Qiang R." in history
    assert "adopted" in history
    assert "version 2, adopted by consensus" in mag.does(CIVIL, "show WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_without_consensus_nothing_changes(mag: World) -> None:
    mag.does(PRIVATE, "modalities propose WG-MWP --rule supermajority-66 --world-readable yes")
    concluded(mag, 2, "no consensus yet")
    shown = mag.does(CIVIL, "modalities WG-MWP")
    assert "version 1" in shown
    assert "Rough consensus" in shown
    assert "not adopted" in mag.does(CIVIL, "modalities history WG-MWP")
    mag.does(TECHNICAL, "modalities propose WG-MWP --rule consent")
    assert "Version 3" in mag.does(CIVIL, "modalities history WG-MWP")


@pytest.mark.parametrize("who", [CIVIL, CHAIR, SECRETARIAT, OBSERVER, STRANGER])
def test_only_its_members_propose(mag: World, who: str) -> None:
    mag.refuses(who, "modalities propose WG-MWP --rule full")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("", "Nothing would change"),
        ("--rule rough", "Nothing would change"),
        ("--rule majority", "is not a rule"),
        ("--rule lazy --check-hours 48", "at least 72"),
        ("--check-hours 5", "at least 24"),
        ("--floor 3", "is not a share"),
        ("--update-weeks 40", "every 13 weeks at least"),
    ],
)
def test_what_cannot_be_is_refused(mag: World, what: str, why: str) -> None:
    assert why in mag.refuses(PRIVATE, f"modalities propose WG-MWP {what}")


def test_when_it_is_at_work_and_its_cycle_under_way(mag: World) -> None:
    other = World()
    other.checked()
    other.refuses(PRIVATE, "modalities propose WG-MWP --rule full")
    mag.later("330d")
    assert "waits until the next membership" in mag.refuses(PRIVATE, "modalities propose WG-MWP --rule full")


class TestEffects:
    def test_the_rule_is_that_of_the_groups_checks_never_of_the_full_memberships(self, mag: World) -> None:
        adopted(mag, "--rule supermajority-66")
        mag.does(PRIVATE, 'consensus "Meet on Thursday?"', ROOM)
        mag.does(PRIVATE, 'consensus open "Adopt the outline?"', ROOM)
        assert [the_check(mag, number).rule for number in (3, 4)] == ["supermajority-66", "supermajority-66"]
        assert "66 percent or more" in mag.does(CIVIL, "consensus show 4")
        mag.does(CHAIR, 'consensus open "Adopt the report?"')
        assert the_check(mag, 5).rule == "rough"
        mag.refuses(CHAIR, 'consensus open "Adopt it?" --rule supermajority-66')

    def test_so_it_is_of_what_the_group_agrees_to_recommend(self, mag: World) -> None:
        adopted(mag, "--rule consent --check-hours 48")
        mag.does(PRIVATE, 'recommendation draft WG-MWP "Plan three years ahead" "The MAG should plan ahead."')
        mag.does(PRIVATE, "recommendation consult R1")
        mag.does(GOVERNMENT, "consult comment R1 Good.")
        mag.later("8d")
        check = the_check(mag, 3)
        assert (check.body, check.rule) == (the_check(mag, 2).body, "consent")
        assert (check.closes_at - check.opened_at).days == 2

    def test_a_check_that_runs_keeps_its_rule_and_floor(self, mag: World) -> None:
        mag.does(PRIVATE, 'consensus open "Adopt the outline?"', ROOM)
        adopted(mag, "--rule full --floor 100%", 3)
        before = the_check(mag, 2)
        assert before.rule == "rough"
        mag.does(PRIVATE, "consensus support 2")
        mag.does(PRIVATE, 'consensus open "Adopt the report?"', ROOM)
        mag.does(PRIVATE, "consensus support 4")
        mag.later("8d")
        assert "at least 1 position is expected" not in mag.does(CIVIL, "consensus assess 2")
        assert "at least 2 positions are expected" in mag.does(CIVIL, "consensus assess 4")
        assert the_check(mag, 2).rule == "rough"

    def test_nobody_chooses_another_rule_for_one_check(self, mag: World) -> None:
        for rule in ("supermajority-66", "minus-2", "lazy"):
            said = mag.refuses(PRIVATE, f'consensus open "Adopt the outline?" --rule {rule}', ROOM)
            assert "WG-MWP decides by the rule of its modalities" in said
        mag.does(PRIVATE, 'consensus open "Adopt the outline?" --rule rough', ROOM)

    @pytest.mark.parametrize("chosen", ["supermajority-66", "minus-1"])
    def test_whoever_decides_by_counting_does_not_undo_that_by_counting(self, mag: World, chosen: str) -> None:
        adopted(mag, f"--rule {chosen}")
        mag.does(PRIVATE, "modalities propose WG-MWP --rule full")
        assert the_check(mag, 3).rule == "rough"

    def test_windows(self, mag: World) -> None:
        adopted(mag, "--check-hours 48 --quick-check-hours 2")
        mag.does(PRIVATE, 'consensus "Meet on Thursday?"', ROOM)
        mag.does(PRIVATE, 'consensus open "Adopt the outline?"', ROOM)
        mag.does(CHAIR, 'consensus "Meet on Friday?"')
        hours = [
            (check.closes_at - check.opened_at).total_seconds() / 3600
            for check in (the_check(mag, number) for number in (3, 4, 5))
        ]
        assert hours == [2, 48, 24]

    def test_the_floor(self, mag: World) -> None:
        adopted(mag, "--floor 0")
        mag.does(PRIVATE, 'consensus open "Adopt the outline?"', ROOM)
        mag.later("8d")
        assert "expected" not in mag.does(CIVIL, "consensus assess 3")

    def test_the_cadence(self, mag: World) -> None:
        adopted(mag, "--update-weeks 2")
        mag.later("8d")
        assert "Post the update of WG-MWP by" in mag.does(PRIVATE, "todo")
        mag.does(PRIVATE, "update nothing WG-MWP")
        mag.later("22d")
        assert "Update late" in mag.does(CIVIL, "show WG-MWP")
        assert len([each for each in mag.told(SECRETARIAT) if "The update of WG-MWP is late" in each]) == 1

    def test_a_shorter_cadence_counts_from_when_it_was_chosen(self, mag: World) -> None:
        mag.later("25d")
        adopted(mag, "--update-weeks 1")
        assert "late" not in mag.does(CIVIL, "show WG-MWP")
        mag.later("15d")
        assert "Update late" in mag.does(CIVIL, "show WG-MWP")

    def test_whether_people_without_a_seat_take_part(self, mag: World) -> None:
        guest = "Ana O."
        mag.does(
            SECRETARIAT, f'roster seat "{guest}" observer "Intergovernmental Organizations" --email ana@example.org'
        )
        mag.does(SECRETARIAT, f'roster unseat "{guest}"')
        adopted(mag, "--participants no")
        assert "is not open to participants without a seat" in mag.refuses(PRIVATE, f'invite WG-MWP "{guest}"')
        adopted(mag, "--participants yes", 3)
        mag.does(PRIVATE, f'invite WG-MWP "{guest}"')

    def test_whether_anybody_may_read_the_room_is_asked_of_every_platform(self, mag: World) -> None:
        def asked() -> int:
            assert isinstance(mag.store, MemoryStore)
            return len([each for each in mag.store.tables[Sent].rows.values() if each.row.kind is SendKind.PROVISION])

        before = asked()
        adopted(mag, "--world-readable yes --participants no")
        assert asked() == before + 1
        with mag.store.reading() as reads:
            community = reads.get(Community, MAG)
            assert community is not None
            group = next(each.body for each in (the_check(mag, 2),))
            ways = ways_of(reads, community, group)
            assert (ways.world_readable, ways.participants) == (True, False)
            past = ways_of(reads, community, GroupId(group), datetime(2027, 1, 1, tzinfo=UTC))
            assert (past.world_readable, past.participants) == (False, True)
        assert "may be read by anybody" in mag.does(GOVERNMENT, "modalities WG-MWP")
