"""Reminders: one a day at most, in working hours, only of what is not done. The stories begin on a Monday, 10:00 in Zurich."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.community import Settings
from bot.domain.consensus.checks import Asked
from bot.domain.dues import Due, DueKind
from bot.domain.reminders import begins_at, reminder_at
from bot.domain.working_hours import WorkingHours
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, TECHNICAL, World

REMINDER = "Before it closes"
HOUR = timedelta(hours=1)


@pytest.fixture
def mag() -> World:
    return World()


def reminders(mag: World, person: str) -> list[str]:
    """Every reminder a person was sent."""
    return [each for each in mag.told(person) if each.startswith(REMINDER)]


def asks(mag: World, closes: str, question: str = "Adopt the report?") -> None:
    """The Chair asks the full MAG formally."""
    mag.does(CHAIR, f'consensus open "{question}" --closes {closes}')


def planned(mag: World, kind: DueKind) -> list[Due]:
    with mag.store.reading() as reads:
        return [each for each in reads.all(Due, community=MAG) if each.kind is kind]


class TestWhoIsReminded:
    """Whoever was asked and has not answered."""

    def test_of_a_check_a_day_before_its_close(self, mag: World) -> None:
        asks(mag, "4d")
        mag.does(CIVIL, "consensus support")
        mag.later("71h")
        assert not reminders(mag, PRIVATE)
        mag.later("1h")
        (told,) = reminders(mag, PRIVATE)
        assert (
            "Take a position in check 1 until Fri 15 Jan 2027, 10:00 (Zurich time, 09:00 UTC): Adopt the report?"
            in told
        )
        assert "consensus show" in told, "with the button that does it"
        assert not reminders(mag, CIVIL), "who has answered is left in peace"
        assert not reminders(mag, OBSERVER), "who was not asked too"
        mag.later("1d")
        assert len(reminders(mag, PRIVATE)) == 1

    def test_whoever_answers_before_it_comes_is_not(self, mag: World) -> None:
        asks(mag, "4d")
        mag.later("70h")
        assert planned(mag, DueKind.REMINDER)
        mag.does(PRIVATE, "consensus abstain")
        mag.later("2h")
        assert not reminders(mag, PRIVATE)
        assert reminders(mag, CIVIL)

    def test_of_a_consultation_those_who_may_comment_and_have_not(self, mag: World) -> None:
        mag.proposed()
        mag.does(CIVIL, "consult comment WG-MWP Good.")
        mag.later("167h")
        for person in (GOVERNMENT, OBSERVER, CHAIR):
            assert "Comment on WG-MWP until" in "".join(reminders(mag, person))
        for person in (CIVIL, PRIVATE, SECRETARIAT):
            assert not reminders(mag, person)

    def test_of_a_poll_the_members_of_its_body(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 3d')
        mag.does(CIVIL, "poll choose 1 Lyon")
        mag.later("2d")
        assert "Answer poll 1 until" in "".join(reminders(mag, TECHNICAL))
        assert not reminders(mag, CIVIL)
        assert not reminders(mag, OBSERVER)

    def test_nobody_whose_check_is_closed_when_the_clock_jumps_over_it(self, mag: World) -> None:
        asks(mag, "4d")
        mag.later("30d")
        assert not [each for each in mag.posts.values() if each.words.startswith(REMINDER)]
        assert not planned(mag, DueKind.REMINDER)
        assert not planned(mag, DueKind.REMINDING)

    def test_all_that_is_left_in_one_message_what_closes_first_above(self, mag: World) -> None:
        asks(mag, "10d", "Adopt the plan?")
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 4d')
        asks(mag, "5d", "Adopt the report?")
        mag.does(SECRETARIAT, f'consensus record "Adopt the budget?" --on 2027-01-08 --presided "{CHAIR}"')
        mag.later("3d")
        (told,) = reminders(mag, CHAIR)
        order = ["Where?", "Adopt the report?", "Adopt the plan?", "Adopt the budget?"]
        assert [told.index(part) for part in order] == sorted(told.index(part) for part in order)


class TestWhen:
    """In their working hours, at most one a day."""

    def test_a_second_thing_on_the_same_day_waits_for_the_next(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 3d')
        mag.later("4h")
        mag.does(PRIVATE, 'poll "When?" May, June --closes 3d')
        mag.later("44h")
        assert len(reminders(mag, CIVIL)) == 1, "Wednesday, 10:00: the first"
        mag.later("4h")
        assert len(reminders(mag, CIVIL)) == 1, "Wednesday, 14:00: the second one has to wait"
        mag.later("18h")
        assert len(reminders(mag, CIVIL)) == 1, "Thursday, 08:00: nobody works yet"
        mag.later("1h")
        first, second = reminders(mag, CIVIL)
        assert "When?" in first, "which told of it too"
        assert "When?" in second

    def test_not_before_they_work(self, mag: World) -> None:
        mag.does(CIVIL, "profile --zone America/New_York")
        asks(mag, "4d")
        mag.later("76h")
        assert reminders(mag, PRIVATE)
        assert not reminders(mag, CIVIL), "Thursday, 08:00 in New York"
        mag.later("1h")
        assert reminders(mag, CIVIL)

    def test_before_the_weekend_where_it_closes_before_they_work_again(self, mag: World) -> None:
        mag.does(CIVIL, "profile --zone America/New_York")
        asks(mag, "7d")
        mag.later("107h")
        assert not reminders(mag, CIVIL), "Friday, 15:00 in New York"
        mag.later("1h")
        assert "until Mon 18 Jan 2027, 04:00" in "".join(reminders(mag, CIVIL))
        mag.later("59h")
        assert reminders(mag, PRIVATE), "Monday, 09:00 in Zurich, an hour before the close"
        assert len(reminders(mag, CIVIL)) == 1

    def test_not_on_a_holiday(self) -> None:
        mag = World(settings=Settings(holidays=(date(2027, 1, 14),)))
        asks(mag, "4d")
        mag.later("72h")
        assert not reminders(mag, PRIVATE)
        mag.later("23h")
        assert reminders(mag, PRIVATE), "Friday, 09:00: an hour before the close"

    def test_not_at_night_when_the_time_was_missed(self, mag: World) -> None:
        asks(mag, "4d")
        mag.later("84h")
        assert not reminders(mag, PRIVATE), "Thursday, 22:00"
        mag.later("11h")
        assert reminders(mag, PRIVATE)

    def test_not_at_all_where_there_is_no_working_hour_in_time(self, mag: World) -> None:
        mag.does(CIVIL, "profile --zone Pacific/Auckland")
        mag.later("106h")  # Friday, 20:00; Saturday morning in Auckland
        asks(mag, "50h")  # Sunday, 22:00; Monday, 10:00 in Auckland
        mag.later("50h")
        assert not reminders(mag, PRIVATE), "there was only a weekend"

    def test_moved_with_the_close(self, mag: World) -> None:
        asks(mag, "4d")
        mag.later("70h")
        mag.does(CIVIL, "consensus need-time")
        mag.later("31h")
        assert not reminders(mag, PRIVATE), "Friday, 15:00"
        mag.later("1h")
        assert "until Sun 17 Jan 2027, 10:00" in "".join(reminders(mag, PRIVATE))

    def test_dropped_with_what_is_called_off(self, mag: World) -> None:
        mag.proposed()
        mag.does(PRIVATE, "propose withdraw WG-MWP")
        assert not planned(mag, DueKind.REMINDING)
        mag.later("167h")
        assert not reminders(mag, GOVERNMENT)

    def test_not_of_what_is_shorter_than_twice_the_time_before(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 47h')
        assert not planned(mag, DueKind.REMINDING)
        mag.later("46h")
        assert not reminders(mag, CIVIL)

    def test_never_where_the_community_wants_none(self, mag: World) -> None:
        mag.does(SECRETARIAT, "settings set remind_hours 0")
        asks(mag, "4d")
        mag.later("95h")
        assert not reminders(mag, PRIVATE)

    def test_as_long_before_as_the_community_wants(self, mag: World) -> None:
        mag.does(SECRETARIAT, "settings set remind_hours 2d")
        asks(mag, "4d")
        mag.later("2d")
        assert len(reminders(mag, PRIVATE)) == 1
        mag.later("47h")
        assert len(reminders(mag, PRIVATE)) == 1, "once for one thing"


class TestState:
    """What is planned follows from the log."""

    def test_the_log_gives_it_again(self, mag: World) -> None:
        asks(mag, "4d")
        mag.proposed()
        mag.does(CIVIL, "profile --zone Asia/Kathmandu")
        for _ in range(8):
            mag.later("1d")
            assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
        assert reminders(mag, CIVIL)

    def test_meeting_it_again_does_nothing(self, mag: World) -> None:
        asks(mag, "4d")
        mag.later("72h")
        before = mag.snapshot()
        with mag.store.reading() as reads:
            person = reads.all(Asked, community=MAG, check=1)[0].person
        request = mag.system("due", "again", kind="reminder", subject=person)
        assert mag.engine.handle([request])[0].done
        assert mag.snapshot() == before


instants = st.datetimes(datetime(2026, 11, 1), datetime(2027, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is given beside
zones = st.sampled_from(("UTC", "Europe/Zurich", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"))
days_off = st.frozensets(st.dates(date(2026, 12, 20), date(2027, 1, 5)), max_size=12)


@given(zones, days_off, instants, st.integers(1, 400), st.integers(0, 72), st.none() | instants)
def test_a_reminder_is_in_time_in_working_hours_and_on_a_day_of_its_own(
    zone: str, holidays: frozenset[date], opened_at: datetime, length: int, before: int, reminded_at: datetime | None
) -> None:
    hours, closes_at = WorkingHours(zone, holidays), opened_at + length * HOUR
    at = reminder_at(opened_at, closes_at, before, hours, reminded_at)
    begins = begins_at(opened_at, closes_at, before)
    assert (begins is None) is (before == 0 or length < 2 * before)
    if at is None:
        return
    assert begins is not None
    assert opened_at <= at < closes_at
    assert hours.has(at)
    assert reminded_at is None or hours.day(at) > hours.day(reminded_at)
    if at < begins:
        assert hours.following(begins) >= closes_at, "early only where it would be too late"
