"""Meetings: scheduled by who organises them, told to their room and people, moved and cancelled in calendars too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from adapters.shared.contents import contents
from bot.domain.dues import Due
from bot.domain.meetings import Meeting
from bot.view import File
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
LINK = "https://example.org/call"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def scheduled(mag: World, more: str = "") -> None:
    mag.does(PRIVATE, f'meeting schedule "Third call" friday 15:00 --link {LINK} {more}', ROOM)


def invitation(mag: World, person: str) -> Calendar:
    file = mag(person, "meeting file 1").view
    assert isinstance(file, File)
    with mag.store.reading() as reads:
        calendar = Calendar.from_ical(contents(reads, MAG, file, datetime.now(UTC)))
    assert isinstance(calendar, Calendar)
    return calendar


def meeting(mag: World, number: int = 1) -> Meeting:
    with mag.store.reading() as reads:
        found = reads.get(Meeting, MAG, number)
    assert found is not None
    return found


class TestScheduled:
    def test_told_to_its_room_and_its_people_and_in_the_calendar(self, mag: World) -> None:
        said = mag.does(PRIVATE, f'meeting schedule "Third call" friday 15:00 --link {LINK}', ROOM)
        assert "Scheduled: meeting 1 of WG-MWP, Fri 29 Jan 2027, 15:00 (Zurich time, 14:00 UTC)." in said
        assert LINK in mag.card("meeting:1")
        assert "Meeting 1 of WG-MWP: Third call" in mag.told(TECHNICAL)[-1]
        assert not [each for each in mag.told(CIVIL) if "Third call" in each], "not of the group"
        assert not [each for each in mag.told(PRIVATE) if "Third call" in each], "who did it knows"
        assert "Meeting 1 of WG-MWP" in mag.does(STRANGER, "calendar")
        assert "Third call" in mag.does(CIVIL, "meetings WG-MWP")
        assert "Next meeting" in mag.does(STRANGER, "show WG-MWP")

    @pytest.mark.parametrize("person", [PRIVATE, TECHNICAL, SECRETARIAT])
    def test_by_its_co_facilitators_and_the_secretariat(self, mag: World, person: str) -> None:
        mag.does(person, 'meeting schedule "A call" friday 15:00 --group WG-MWP')

    @pytest.mark.parametrize("person", [CIVIL, CHAIR, OBSERVER, STRANGER])
    def test_by_nobody_else(self, mag: World, person: str) -> None:
        refused = mag.refuses(person, 'meeting schedule "A call" friday 15:00 --group WG-MWP')
        assert "the Secretariat, and a delegate they name" in refused

    def test_of_the_mag_by_its_chair_and_the_secretariat(self, mag: World) -> None:
        mag.refuses(PRIVATE, 'meeting schedule "Open consultations" 2027-02-23 10:00')
        mag.does(CHAIR, 'meeting schedule "Open consultations" 2027-02-23 10:00 --venue "Palais, Geneva"')
        assert "Open consultations" in mag.told(OBSERVER)[-1]
        assert "In person" in mag.card("meeting:1")
        mag.does(SECRETARIAT, 'meeting schedule "Second meeting" 2027-06-23 10:00')

    def test_a_delegate_may_until_they_no_longer_are_one(self, mag: World) -> None:
        mag.refuses(CIVIL, 'meeting delegate "Yusuf A." --group WG-MWP')
        mag.does(PRIVATE, 'meeting delegate "Yusuf A." --group WG-MWP')
        assert "named to organise the meetings of WG-MWP" in mag.told(CIVIL)[-1]
        mag.does(CIVIL, 'meeting schedule "A call" friday 15:00 --group WG-MWP')
        mag.refuses(CIVIL, 'meeting schedule "A call" friday 15:00')
        mag.does(PRIVATE, 'meeting delegate "Yusuf A." --group WG-MWP --end yes')
        mag.refuses(CIVIL, 'meeting schedule "A call" friday 15:00 --group WG-MWP')
        assert "was not named" in mag.refuses(PRIVATE, 'meeting delegate "Yusuf A." --group WG-MWP --end yes')

    def test_in_any_zone(self, mag: World) -> None:
        said = mag.does(PRIVATE, 'meeting schedule "A call" 2027-02-02 09:00 --group WG-MWP --zone "America/Sao Paulo"')
        assert "13:00 (Zurich time, 12:00 UTC)" in said
        assert meeting(mag).zone == "America/Sao_Paulo"
        assert "09:00" in mag.card("meeting:1")

    def test_in_person_online_or_both(self, mag: World) -> None:
        scheduled(mag, '--venue "Room XX, Geneva"')
        assert "In person and online" in mag.card("meeting:1")
        mag.does(PRIVATE, "meeting move 1 --link none")
        assert "In person" in mag.card("meeting:1")
        assert LINK not in mag.card("meeting:1")

    def test_nonsense_is_refused(self, mag: World) -> None:
        assert "five days at most" in mag.refuses(
            PRIVATE, 'meeting schedule "A call" friday 15:00 --group WG-MWP --length 10d'
        )
        assert "The join link is not a link." in mag.refuses(
            PRIVATE, 'meeting schedule "A call" friday 15:00 --group WG-MWP --link zoom'
        )
        other = World()
        other.checked()
        assert "it holds no meetings" in other.refuses(
            SECRETARIAT, 'meeting schedule "A call" friday 15:00 --group WG-MWP'
        )
        assert "There is no meeting 7." in mag.refuses(PRIVATE, "meeting show 7")

    def test_the_link_is_for_members(self, mag: World) -> None:
        scheduled(mag)
        for person in (CIVIL, OBSERVER, PRIVATE):
            assert LINK in mag.does(person, "meeting show 1")
        assert LINK not in mag.does(STRANGER, "meeting show 1")
        assert "shown to members" in mag.does(STRANGER, "meeting show 1")
        assert LINK in invitation(mag, CIVIL).to_ical().decode()
        assert LINK not in invitation(mag, STRANGER).to_ical().decode()


class TestMovedAndCancelled:
    def test_everybody_is_told_and_calendars_move_it(self, mag: World) -> None:
        scheduled(mag)
        before = invitation(mag, TECHNICAL)
        (event,) = before.events
        assert (before["method"], event.sequence, event["transp"]) == ("PUBLISH", 0, "OPAQUE")
        assert (event.DTSTART.hour, event.DTEND.hour) == (14, 15)
        said = mag.does(TECHNICAL, 'meeting move 1 friday 16:30 --why "A clash."')
        assert "Fri 29 Jan 2027, 16:30" in said
        assert "Why: A clash." in mag.in_room(ROOM)[-1]
        assert "Changed: Meeting 1" in mag.told(PRIVATE)[-1]
        assert "16:30" in mag.card("meeting:1")
        (after,) = invitation(mag, TECHNICAL).events
        assert (after.uid, after.sequence) == (event.uid, 1)
        assert (after.DTSTART.hour, after.DTEND.hour) == (15, 16)

    def test_what_is_cancelled_is_so_in_calendars(self, mag: World) -> None:
        scheduled(mag)
        uid = invitation(mag, TECHNICAL).events[0].uid
        mag.does(SECRETARIAT, "meeting cancel 1 Too few can come.")
        assert "Cancelled: Meeting 1 of WG-MWP" in mag.told(TECHNICAL)[-1]
        assert "Too few can come." in mag.in_room(ROOM)[-1]
        calendar = invitation(mag, TECHNICAL)
        (event,) = calendar.events
        assert (calendar["method"], event["status"], event.uid, event.sequence) == ("CANCEL", "CANCELLED", uid, 1)
        assert "Meeting 1" not in mag.does(CIVIL, "calendar")
        file = mag(CIVIL, "calendar file").view
        assert isinstance(file, File)
        with mag.store.reading() as reads:
            assert b"STATUS:CANCELLED" in contents(reads, MAG, file, datetime.now(UTC))
        assert "was cancelled on" in mag.refuses(PRIVATE, "meeting move 1 friday 17:00")
        assert "was cancelled on" in mag.refuses(PRIVATE, "meeting cancel 1")

    def test_sequence_grows_with_every_change(self, mag: World) -> None:
        scheduled(mag)
        seen = [invitation(mag, TECHNICAL).events[0].sequence]
        for change in ("move 1 friday 16:00", "move 1 friday 15:00", 'move 1 --venue "Room 3"', "cancel 1"):
            mag.does(PRIVATE, f"meeting {change}")
            seen.append(invitation(mag, TECHNICAL).events[0].sequence)
        assert seen == sorted(set(seen))

    def test_only_by_who_organises_it(self, mag: World) -> None:
        scheduled(mag)
        for person in (CIVIL, CHAIR, STRANGER):
            mag.refuses(person, "meeting move 1 friday 16:00")
            mag.refuses(person, "meeting cancel 1")

    def test_nothing_changes_nothing(self, mag: World) -> None:
        scheduled(mag)
        assert "nothing of meeting 1 would change" in mag.refuses(PRIVATE, "meeting move 1")


class TestWhenTheGroupEnds:
    def test_its_meetings_to_come_are_cancelled_and_an_expired_one_may_meet_again(self) -> None:
        mag = World(last_day=date(2027, 3, 1))
        mag.approved()
        mag.does(PRIVATE, 'meeting schedule "A call" 2027-03-05 10:00 --group WG-MWP')
        mag.later("30d")
        mag.later("10d")
        assert "Cancelled: Meeting 1 of WG-MWP" in mag.told(TECHNICAL)[-1] + mag.told(TECHNICAL)[-2]
        assert "Meeting 1" not in mag.does(CIVIL, "calendar")
        mag.does(SECRETARIAT, 'meeting schedule "A call" 2027-03-19 10:00 --group WG-MWP')


class TestReminded:
    def test_its_people_the_day_before_and_its_room_an_hour_before(self, mag: World) -> None:
        scheduled(mag)
        mag.later("3d")
        assert "Come to meeting 1" not in "".join(mag.told(TECHNICAL))
        for _ in range(8):
            mag.later("3h")
        assert "Come to meeting 1 of WG-MWP" in mag.told(TECHNICAL)[-1]
        assert "Come to meeting 1" not in "".join(mag.told(CIVIL))
        assert "Come to meeting 1" in mag.does(PRIVATE, "todo")
        before = len(mag.in_room(ROOM))
        mag.later("3h30m")
        assert len(mag.in_room(ROOM)) == before
        mag.later("1h")
        assert "begins Fri 29 Jan 2027, 15:00" in mag.in_room(ROOM)[-1]
        assert LINK in mag.in_room(ROOM)[-1]

    def test_not_whoever_sent_regrets(self, mag: World) -> None:
        scheduled(mag)
        mag.does(TECHNICAL, "meeting regrets 1")
        mag.later("4d")
        mag.later("3h")
        assert "Come to meeting 1" not in "".join(mag.told(TECHNICAL))
        assert "Come to meeting 1" not in mag.does(TECHNICAL, "todo")

    def test_not_of_what_was_cancelled(self, mag: World) -> None:
        scheduled(mag)
        mag.does(PRIVATE, "meeting cancel 1")
        before = len(mag.in_room(ROOM))
        mag.later("14d")
        assert len(mag.in_room(ROOM)) == before
        with mag.store.reading() as reads:
            assert not [each for each in reads.all(Due, community=MAG) if each.kind in ("meeting-soon", "summary-late")]


class TestUpdatesBeforeTheMagMeets:
    def test_due_as_it_begins_and_again_a_month_later_when_it_is_cancelled(self, mag: World) -> None:
        assert "Thu 25 Feb 2027" in mag.does(CIVIL, "update show WG-MWP")
        mag.does(CHAIR, 'meeting schedule "First meeting" 2027-02-10 10:00')
        assert "Wed 10 Feb 2027, 10:00" in mag.does(CIVIL, "update show WG-MWP")
        mag.does(CHAIR, "meeting move 1 2027-02-12 10:00")
        assert "Fri 12 Feb 2027, 10:00" in mag.does(CIVIL, "show WG-MWP")
        mag.does(CHAIR, "meeting cancel 1")
        assert "Thu 25 Feb 2027" in mag.does(CIVIL, "update show WG-MWP")

    def test_reminded_and_late_by_the_meeting(self, mag: World) -> None:
        mag.does(CHAIR, 'meeting schedule "First meeting" 2027-02-10 10:00')
        for _ in range(16):
            mag.later("1d")
        assert len([each for each in mag.told(PRIVATE) if "Post the update of WG-MWP" in each]) == 2
        mag.later("5d")
        assert "late" not in mag.does(CIVIL, "list")
        mag.later("3d")
        assert "Its update is late." in mag.does(CIVIL, "list")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_what_was_reported_this_week_is_news_at_the_meeting(self, mag: World) -> None:
        mag.does(CHAIR, 'meeting schedule "First meeting" 2027-02-10 10:00')
        mag.later("13d")
        mag.does(PRIVATE, "update post WG-MWP The outline is done.")
        assert "Feb" not in mag.does(CIVIL, "show WG-MWP").split("Next update")[1].split("Ends")[0]

    def test_a_meeting_of_a_group_moves_nothing(self, mag: World) -> None:
        mag.does(PRIVATE, 'meeting schedule "A call" 2027-02-10 10:00 --group WG-MWP')
        assert "Thu 25 Feb 2027" in mag.does(GOVERNMENT, "update show WG-MWP")
