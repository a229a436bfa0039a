"""A meeting as it takes place: opened, attended, talked through in a fair order, noted, ended, summed up, published."""

from __future__ import annotations

from contextlib import closing

import pytest

from storage.store import SqlStore
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
)

ROOM = "#wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'meeting schedule "Third call" friday 15:00', ROOM)
    return mag


@pytest.fixture
def sitting(mag: World) -> World:
    mag.later("4d")
    mag.later("4h30m")
    mag.does(PRIVATE, "meeting start", ROOM)
    return mag


class TestAgenda:
    def test_proposed_by_anybody_ordered_by_the_facilitators(self, mag: World) -> None:
        mag.does(CIVIL, "agenda propose The outline --meeting 1")
        mag.does(OBSERVER, "agenda propose Rooms in Geneva", ROOM)
        mag.refuses(STRANGER, "agenda propose Me", ROOM)
        mag.refuses(CIVIL, "agenda order 2", ROOM)
        said = mag.does(TECHNICAL, "agenda order 2", ROOM)
        assert said.index("Rooms in Geneva") < said.index("The outline")
        assert "Rooms in Geneva" in mag.card("meeting:1")
        assert "no item 9" in mag.refuses(TECHNICAL, "agenda order 9", ROOM)

    def test_dropped_by_who_proposed_it_or_organises(self, mag: World) -> None:
        mag.does(CIVIL, "agenda propose The outline", ROOM)
        mag.does(CIVIL, "agenda propose Rooms", ROOM)
        mag.refuses(OBSERVER, "agenda drop 1", ROOM)
        mag.does(CIVIL, "agenda drop 1", ROOM)
        mag.does(PRIVATE, "agenda drop 2", ROOM)
        assert "Nothing is on the agenda" in mag.does(CIVIL, "agenda", ROOM)

    def test_the_mags_takes_up_by_itself_what_is_due(self, mag: World) -> None:
        mag.does(CHAIR, 'meeting schedule "MAG meeting" 2027-03-10 10:00 --venue Geneva')
        assert "Nothing is on the agenda" in mag.does(CIVIL, "agenda show 2")
        mag.proposed("WG-NEXT", CIVIL)
        mag.does(GOVERNMENT, "consult comment WG-NEXT Good idea.")
        mag.later("8d")
        mag.later("8d")
        assert "WG-NEXT: its proposal awaits a conclusion" in mag.does(CIVIL, "agenda show 2")
        mag.later("25d")
        shown = mag.does(CIVIL, "agenda show 2")
        assert "WG-MWP: its update is late" in shown
        mag.does(CHAIR, "agenda propose Any other business --meeting 2")
        mag.does(CHAIR, "meeting move 2 1h")
        mag.does(CHAIR, "meeting start 2")
        agenda = mag.does(CIVIL, "agenda show 2")
        assert agenda.index("Any other business") < agenda.index("WG-NEXT") < agenda.index("WG-MWP")
        assert "It also takes up" not in agenda
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_a_vacancy_after_four_weeks(self, mag: World) -> None:
        mag.does(CHAIR, 'meeting schedule "MAG meeting" 2027-04-10 10:00')
        mag.does(TECHNICAL, "appoint decline WG-MWP")
        mag.later("27d")
        assert "co-facilitator has been missing" not in mag.does(CIVIL, "agenda show 2")
        mag.later("2d")
        assert "WG-MWP: a co-facilitator has been missing for four weeks" in mag.does(CIVIL, "agenda show 2")


class TestOpened:
    def test_by_who_organises_it_from_an_hour_before(self, mag: World) -> None:
        assert "it can be opened from an hour before" in mag.refuses(PRIVATE, "meeting start", ROOM)
        mag.later("4d")
        mag.later("4h30m")
        mag.refuses(CIVIL, "meeting start 1")
        assert "is open" in mag.does(PRIVATE, "meeting start 1")
        assert "is open" in mag.in_room(ROOM)[-1]
        assert "Taking place" in mag.card("meeting:1")
        assert "taking place" in mag.refuses(PRIVATE, "meeting start 1")

    def test_attended_by_everybody_seated_and_nobody_else(self, sitting: World) -> None:
        sitting.does(CIVIL, "meeting present", ROOM)
        sitting.does(OBSERVER, "meeting present --meeting 1")
        sitting.refuses(STRANGER, "meeting present", ROOM)
        sitting.refuses(CIVIL, 'meeting present "Bao B."', ROOM)
        sitting.does(TECHNICAL, 'meeting present "Bao B.", "Gift I."', ROOM)
        card = sitting.card("meeting:1")
        assert "Attendance" in card
        sitting.does(GOVERNMENT, "meeting regrets", ROOM)
        assert "1 person sent regrets." in sitting.card("meeting:1")
        assert "Nobody is here of: Government." in sitting.card("meeting:1")

    def test_who_has_no_seat_any_more_does_not(self, sitting: World) -> None:
        sitting.does(SECRETARIAT, 'roster unseat "Yusuf A."')
        assert "open to everybody seated" in sitting.refuses(CIVIL, "meeting present", ROOM)

    def test_only_where_one_takes_place(self, mag: World) -> None:
        assert "No meeting takes place here now." in mag.refuses(CIVIL, "meeting present", ROOM)
        assert "does not take place now" in mag.refuses(CIVIL, "q+ 1")


class TestQueue:
    def test_groups_heard_least_come_first(self, sitting: World) -> None:
        sitting.does(PRIVATE, "q+", ROOM)
        sitting.later("1m")
        sitting.does(PRIVATE_TOO, "q+", ROOM)
        sitting.later("1m")
        assert "number 2 in the queue" in sitting.does(CIVIL, "q+", ROOM)
        sitting.refuses(CIVIL, "next", ROOM)
        assert "Qiang R. (Private Sector) has the floor." in sitting.does(TECHNICAL, "next", ROOM)
        sitting.does(GOVERNMENT, "q+", ROOM)
        assert "Yusuf A. (Civil Society) has the floor." in sitting.does(TECHNICAL, "next", ROOM)
        assert "Bao B. (Government) has the floor." in sitting.does(TECHNICAL, "next", ROOM)
        assert "Rosa S." in sitting.card("meeting:1")
        balance = sitting.does(STRANGER, "balance WG-MWP")
        assert "Meetings attended" in balance
        assert "Speaking turns" in balance
        sitting.does(PRIVATE_TOO, "q-", ROOM)
        assert "not in the queue" in sitting.refuses(PRIVATE_TOO, "q-", ROOM)
        assert "Nobody waits to speak" in sitting.refuses(TECHNICAL, "next", ROOM)

    def test_asking_twice_is_asking_once(self, sitting: World) -> None:
        sitting.does(CIVIL, "q+", ROOM)
        assert "number 1 in the queue" in sitting.does(CIVIL, "q+", ROOM)


class TestSummary:
    def test_drafted_from_the_notes_edited_approved_published(self, sitting: World) -> None:
        sitting.does(CIVIL, "agenda propose The outline", ROOM)
        sitting.does(PRIVATE, "minutes add Everybody was welcomed.", ROOM)
        sitting.later("1m")
        sitting.does(PRIVATE, "meeting topic", ROOM)
        sitting.does(TECHNICAL, "minutes add The outline goes to the MAG in May.", ROOM)
        sitting.does(PRIVATE, 'action add "Write to the host" --owner "Gift I." --due 7d', ROOM)
        sitting.does(CIVIL, "q+", ROOM)
        sitting.does(PRIVATE, "next", ROOM)
        sitting.does(
            PRIVATE, 'consensus record "Calls rotate from now on?" --on 2027-01-29 --presided "Qiang R."', ROOM
        )
        sitting.later("1h")
        sitting.refuses(CIVIL, "meeting end", ROOM)
        assert "Its summary is drafted" in sitting.does(PRIVATE, "meeting end", ROOM)
        sitting.does(PRIVATE, "minutes add Something said afterwards.", ROOM)
        draft = sitting.does(PRIVATE, "summary show 1")
        for part in (
            "- Everybody was welcomed.\n\n## The outline\n- The outline goes to the MAG in May.",
            "Gift I.: Write to the host",
            "Calls rotate from now on?: consensus recorded",
            "A draft",
        ):
            assert part in draft
        assert "afterwards" not in draft
        assert "no summary" in sitting.refuses(STRANGER, "summary show 1").lower()
        assert "drafted" in sitting.told(TECHNICAL)[-1]
        form = sitting.asks(PRIVATE, "summary edit 1")
        assert "- Everybody was welcomed." in form.answers["text"]
        sitting.refuses(CIVIL, "summary edit 1 Nonsense.")
        sitting.does(TECHNICAL, "summary edit 1 We welcomed everybody and agreed on the outline.")
        sitting.refuses(CIVIL, "summary approve 1")
        sitting.does(PRIVATE, "summary approve 1")
        for room in ("#mag", ROOM):
            assert "agreed on the outline" in sitting.in_room(room)[-1]
            assert "Approved by Qiang R." in sitting.in_room(room)[-1]
        assert "agreed on the outline" in sitting.does(STRANGER, "summary show 1")
        assert "approved already" in sitting.refuses(PRIVATE, "summary approve 1")
        sitting.does(PRIVATE, "summary edit 1 Corrected.")
        assert "A draft" in sitting.does(CIVIL, "summary show 1")
        assert verify(sitting.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_a_week_later_it_is_flagged_and_told_once(self, sitting: World) -> None:
        sitting.does(PRIVATE, "meeting end", ROOM)
        assert "Approve the summary of meeting 1" in sitting.does(TECHNICAL, "todo")
        sitting.later("6d")
        assert "Summary late" not in sitting.does(CIVIL, "show WG-MWP")
        sitting.later("2d")
        assert "Summary late" in sitting.does(CIVIL, "show WG-MWP")
        assert "Its summary is late." in sitting.does(CIVIL, "meetings")
        sitting.later("7d")
        for person in (PRIVATE, SECRETARIAT):
            assert len([each for each in sitting.told(person) if "The summary of meeting 1" in each]) == 1
        sitting.does(PRIVATE, "summary edit 1 We met.")
        sitting.does(PRIVATE, "summary approve 1")
        assert "Summary late" not in sitting.does(CIVIL, "show WG-MWP")
        assert "Approve the summary" not in sitting.does(TECHNICAL, "todo")

    def test_a_duty_asked_for_again_is_not_done_again(self, sitting: World) -> None:
        sitting.does(PRIVATE, "meeting end", ROOM)
        sitting.later("8d")
        before = sitting.snapshot()
        for kind in ("meeting-soon", "summary-late"):
            sitting.engine.handle([sitting.system("due", f"again:{kind}", kind=kind, subject="1")])
        assert sitting.snapshot() == before

    def test_of_a_meeting_that_nobody_opened_here(self, mag: World) -> None:
        assert "has not been held" in mag.refuses(PRIVATE, "summary edit 1 We met.")
        mag.later("5d")
        mag.does(PRIVATE, "summary edit 1 We met without the software.")
        assert "Nothing is written yet" not in mag.does(PRIVATE, "summary approve 1")

    def test_nothing_is_approved_before_it_is_written(self, mag: World) -> None:
        mag.later("5d")
        assert "Nothing is written yet" in mag.refuses(PRIVATE, "summary approve 1")


class TestActions:
    def test_told_listed_chased_done(self, sitting: World) -> None:
        sitting.does(PRIVATE, 'action add "Write to the host" --owner "Gift I." --due 3d', ROOM)
        assert "Write to the host" in sitting.told(TECHNICAL)[-1]
        assert "Write to the host" in sitting.does(TECHNICAL, "todo")
        assert "Write to the host" in sitting.does(STRANGER, "action list WG-MWP")
        for _ in range(14):
            sitting.later("1d")
        chased = [each for each in sitting.told(TECHNICAL) if each.startswith("Before it closes") and "host" in each]
        assert len(chased) >= 2
        assert "Do what was due" in sitting.does(TECHNICAL, "todo")
        assert "Late" in sitting.does(CIVIL, "action WG-MWP")
        sitting.refuses(CIVIL, "action done 1")
        sitting.does(TECHNICAL, "action done 1 They agreed.")
        assert "host" not in sitting.does(TECHNICAL, "todo")
        assert "is done since" in sitting.refuses(TECHNICAL, "action done 1")

    def test_agreed_by_members_only(self, mag: World) -> None:
        assert "for its members to agree" in mag.refuses(CIVIL, "action add Hello --group WG-MWP")
        mag.does(SECRETARIAT, "action add Book a room --group WG-MWP")
        mag.does(CIVIL, "action add Read the draft")
        assert "There is no action 9." in mag.refuses(CIVIL, "action done 9")
        assert "No actions are agreed" not in mag.does(CIVIL, "action")


def test_a_summary_of_a_meeting_with_a_number_that_no_database_holds_is_asked_for(sqlite_url: str) -> None:
    with closing(SqlStore.open(sqlite_url)) as store:
        mag = World(store)
        mag.approved()
        assert mag.asks(PRIVATE, "summary edit 99999999999999999999", ROOM).current == "text"
