"""Who is in a working group: every member may join, participants are invited, the Secretariat is there from the first day."""

from __future__ import annotations

import re

import pytest

from storage.verify import verify
from tests.builders import (
    CHAIR,
    CIVIL,
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

ROOM = "#wg-mwp"
NEW = "dana"
"""An account that wgbot does not know yet."""


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def participant(mag: World, by: str = PRIVATE) -> None:
    """Dana, who has no seat, is invited, becomes known by the code, and joins."""
    said = mag.does(by, 'invite WG-MWP "Dana D." --email dana@example.org')
    code = re.search(r"link ([A-Z2-9]{5}-[A-Z2-9]{5})", said)
    assert code, said
    mag.does(NEW, f"link {code[1]}")
    mag.does(NEW, "join WG-MWP")


def test_any_member_joins_without_approval_and_acknowledges_the_code(mag: World) -> None:
    said = mag.does(CIVIL, "join wgmwp")
    for part in (
        "You are a member of WG-MWP.",
        "It meets in #wg-mwp",
        "By joining you acknowledge the Code of Conduct",
        "intgovforum.org/en/content/igf-code-of-conduct",
    ):
        assert part in said
    shown = mag.does(STRANGER, "members WG-MWP")
    for part in (CIVIL, "Civil Society", PRIVATE, "Co-facilitator", "Secretariat, in every working group", SECRETARIAT):
        assert part in shown
    assert "3 members" in mag.does(CIVIL, "show WG-MWP")
    assert "You acknowledged it" in mag.does(CIVIL, "conduct")
    assert "You are in WG-MWP already." in mag.refuses(CIVIL, "join WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_the_form_says_that_joining_acknowledges(mag: World) -> None:
    form = mag.asks(CIVIL, "join")
    assert "By joining you acknowledge the Code of Conduct" in spoken(form)


def test_a_group_takes_members_once_it_is_approved(mag: World) -> None:
    mag.proposed("WG-NEW", by=PRIVATE_TOO)
    assert "it takes members while it is approved or active" in mag.refuses(CIVIL, "join WG-NEW")


def test_the_secretariat_is_in_every_group_and_is_not_asked(mag: World) -> None:
    assert "is part of every working group from its first day" in mag.refuses(SECRETARIAT, "join WG-MWP")
    mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
    assert "is not" not in mag.does(SECRETARIAT, "members WG-MWP")
    assert SECRETARIAT not in mag.does(CHAIR, "balance WG-MWP")
    assert "not among them" in mag.refuses(SECRETARIAT, "consensus support 2", ROOM)


def test_observers_join_and_take_no_positions(mag: World) -> None:
    mag.does(OBSERVER, "join WG-MWP")
    assert "Observer, comments only" in mag.does(CIVIL, "members WG-MWP")
    mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
    assert "not among them" in mag.refuses(OBSERVER, "consensus support 2", ROOM)
    assert "for the members of this body" in mag.refuses(OBSERVER, 'consensus "Or to 16:00?" 24h', ROOM)


def test_leaving_keeps_the_dates_and_coming_back_is_possible(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    mag.later("3d")
    assert "You left WG-MWP." in mag.does(CIVIL, "leave WG-MWP")
    shown = mag.does(CIVIL, "members WG-MWP")
    assert "1 former member" in shown
    assert f"{CIVIL}, 2027-01-25 to 2027-01-28" in shown
    assert "alumni" not in shown.lower()
    assert "You are not in WG-MWP." in mag.refuses(CIVIL, "leave WG-MWP")
    mag.does(CIVIL, "join WG-MWP")
    mag.later("1d")
    mag.does(CIVIL, "leave WG-MWP")
    assert "2 former members" in mag.does(CIVIL, "members WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_a_co_facilitator_gives_that_up_before_leaving(mag: World) -> None:
    assert "You co-facilitate WG-MWP; give that up before you leave." in mag.refuses(PRIVATE, "leave WG-MWP")
    mag.does(PRIVATE, "appoint decline WG-MWP")
    mag.does(PRIVATE, "leave WG-MWP")


def test_when_a_group_ends_all_become_former_members(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    participant(mag)
    mag.later("310d")
    shown = mag.does(CIVIL, "members WG-MWP")
    assert "4 former members" in shown
    for person in (CIVIL, PRIVATE, TECHNICAL, "Dana D."):
        assert f"{person}, 2027-01-25 to 2027-12-01" in shown
    assert "WG-MWP is expired" in mag.refuses(GOVERNMENT, "join WG-MWP")


def test_a_running_check_keeps_those_asked_when_it_opened(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
    mag.does(GOVERNMENT, "join WG-MWP")
    mag.does(CIVIL, "leave WG-MWP")
    assert "asks the members seated when it opened" in mag.refuses(GOVERNMENT, "consensus support 2", ROOM)
    mag.does(CIVIL, "consensus support 2", ROOM)


def test_later_members_are_added_by_who_concludes_and_it_is_recorded(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
    assert "is not a member of the body" in mag.refuses(PRIVATE, f'consensus add 2 "{GOVERNMENT}"')
    mag.does(GOVERNMENT, "join WG-MWP")
    mag.refuses(CIVIL, f'consensus add 2 "{GOVERNMENT}"')
    assert "is asked in check 2 too" in mag.does(PRIVATE, f'consensus add 2 "{GOVERNMENT}"')
    assert "is asked in check 2 already" in mag.refuses(PRIVATE, f'consensus add 2 "{GOVERNMENT}"')
    assert "You are asked in check 2 too" in mag.told(GOVERNMENT)[-1]
    assert "Take a position in check 2" in mag.does(GOVERNMENT, "todo")
    mag.does(GOVERNMENT, "consensus support 2", ROOM)
    assert mag.tally("check:2").total.asked == 4
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
    mag.later("25h")
    mag.does(PRIVATE_TOO, "join WG-MWP")
    mag.refuses(PRIVATE, f'consensus add 2 "{PRIVATE_TOO}"')


class TestInvited:
    def test_members_are_invited_by_anybody_in_the_group(self, mag: World) -> None:
        mag.does(CIVIL, "join WG-MWP")
        assert "is invited to WG-MWP" in mag.does(CIVIL, f'invite WG-MWP "{GOVERNMENT}"')
        assert "Yusuf A. invites you to WG-MWP." in mag.told(GOVERNMENT)[-1]
        assert "invites you to WG-MWP" in mag.does(GOVERNMENT, "todo")
        mag.does(GOVERNMENT, "join WG-MWP")
        assert "invites you" not in mag.does(GOVERNMENT, "todo")
        assert "They are in WG-MWP already." in mag.refuses(CIVIL, f'invite WG-MWP "{GOVERNMENT}"')
        assert "They are in WG-MWP already." in mag.refuses(CIVIL, f'invite WG-MWP "{SECRETARIAT}"')

    def test_others_do_not_invite(self, mag: World) -> None:
        assert "is for those who are in it" in mag.refuses(GOVERNMENT, f'invite WG-MWP "{CIVIL}"')

    def test_participants_only_by_a_co_facilitator(self, mag: World) -> None:
        mag.does(CIVIL, "join WG-MWP")
        said = mag.refuses(CIVIL, 'invite WG-MWP "Dana D." --email dana@example.org')
        assert "Participants without a seat are invited by the co-facilitators of WG-MWP." in said
        assert "give an e-mail address too" in mag.refuses(PRIVATE, 'invite WG-MWP "Dana D."')
        participant(mag)
        shown = mag.does(STRANGER, "members WG-MWP")
        assert "Participants, without a seat" in shown
        assert "Dana D." in shown
        assert "1 participant" in mag.does(CIVIL, "show WG-MWP")
        assert "You participate in it." in mag.does(NEW, "overview")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_participants_take_part_and_take_no_positions(self, mag: World) -> None:
        participant(mag)
        mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
        assert "not among them" in mag.refuses(NEW, "consensus support 2", ROOM)
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon', ROOM)
        mag.does(NEW, "poll choose 1 Lyon", ROOM)
        mag.does(NEW, "minutes add The outline is too long.", ROOM)
        mag.does(NEW, "leave WG-MWP")

    def test_without_an_invitation_nobody_without_a_seat_joins(self, mag: World) -> None:
        participant(mag)
        mag.does(NEW, "leave WG-MWP")
        assert "upon an invitation by its co-facilitators" in mag.refuses(NEW, "join WG-MWP")
        mag.refuses(STRANGER, "join WG-MWP")

    def test_where_the_group_is_closed_to_them_nobody_is_invited(self, mag: World) -> None:
        mag.does(CHAIR, "settings set participants no")
        said = mag.refuses(PRIVATE, 'invite WG-MWP "Dana D." --email dana@example.org')
        assert "WG-MWP is not open to participants without a seat." in said

    def test_a_code_is_made_for_nobody_who_is_known(self, mag: World) -> None:
        said = mag.refuses(PRIVATE, f'invite WG-MWP "{CIVIL}" --email other@example.org')
        assert "wgbot knows somebody of that name or address already." in said


class TestVolunteers:
    def test_they_are_on_the_chairs_card_with_their_groups(self) -> None:
        mag = World()
        mag.consulted()
        mag.does(CIVIL, "volunteer WG-MWP I chaired it before.")
        mag.does(GOVERNMENT, "volunteer WG-MWP")
        mag.does(GOVERNMENT, "volunteer withdraw WG-MWP")
        for person in mag.supporters():
            mag.does(person, "consensus support")
        mag.later("7d")
        card = next(each for each in mag.told(CHAIR) if "For your decision" in each)
        assert "Volunteers to co-facilitate" in card
        assert "Yusuf A. (Civil Society): I chaired it before." in card
        assert GOVERNMENT not in card
        mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {CIVIL}")
        assert "Volunteers" not in mag.does(CHAIR, "members WG-MWP")

    def test_by_members_who_do_not_already(self, mag: World) -> None:
        assert "You co-facilitate WG-MWP already." in mag.refuses(TECHNICAL, "volunteer WG-MWP")
        mag.refuses(OBSERVER, "volunteer WG-MWP")
        assert "You have not volunteered for WG-MWP." in mag.refuses(CIVIL, "volunteer withdraw WG-MWP")
        mag.does(CIVIL, "volunteer WG-MWP")
        for typed in ("members WG-MWP", "facilitator WG-MWP"):
            assert "Yusuf A. (Civil Society)" in mag.does(CHAIR, typed)
