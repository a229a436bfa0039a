"""When and where one wants to be written to. The stories begin on a Monday, 10:00 in Zurich."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import assert_never

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.community import Settings
from bot.domain.people import Account
from bot.domain.preferences import Digest, Preferences, PreferencesChanged, Wishes, held_until
from bot.domain.reminders import AHEAD, begins_at, digest_at
from bot.domain.working_hours import WorkingHours
from bot.outgoing import Lane
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

HOUR = timedelta(hours=1)


@pytest.fixture
def mag() -> World:
    return World()


def wishes(mag: World) -> Wishes:
    """What was said last."""
    with mag.store.reading() as reads:
        events = [fact.event for _, fact in reads.facts(MAG) if fact is not None]  # type: ignore[attr-defined]
        said = next(each for each in reversed(events) if isinstance(each, PreferencesChanged))
        kept = reads.get(Preferences, MAG, said.person)
    assert kept is not None
    assert kept.wishes == said.wishes
    return kept.wishes


def object_to(mag: World, reason: str = "It forgets us.") -> None:
    """A member objects, which the Chair, who concludes, is told of directly."""
    mag.does(CIVIL, f'consensus object 1 "{reason}"')


def told(mag: World, person: str, what: str) -> int:
    return sum(what in each for each in mag.told(person))


class TestSaying:
    """By command; only one's own."""

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("--quiet 20:00-07:30", Wishes(20 * 60, 7 * 60 + 30)),
            ('--quiet "22 to 6"', Wishes(22 * 60, 6 * 60)),
            ("--quiet 00:00-08:00", Wishes(24 * 60, 8 * 60)),
            ("--quiet 21–24:00", Wishes(21 * 60, 0)),
            ("--days Mon-Thu", Wishes(days=(0, 1, 2, 3))),
            ('--days "Sunday, Mon, tue"', Wishes(days=(0, 1, 6))),
            ("--days Sat-Mon", Wishes(days=(0, 5, 6))),
            ("--digest daily", Wishes(digest=Digest.DAILY)),
            ("--digest weekly --channel Terminal", Wishes(digest=Digest.WEEKLY, platform="terminal")),
        ],
    )
    def test_is_understood_however_it_is_typed(self, mag: World, typed: str, kept: Wishes) -> None:
        mag.does(CIVIL, f"preferences set {typed}")
        assert wishes(mag) == kept
        assert "as they were" in mag.does(CIVIL, f"preferences set {typed}")
        mag.does(CIVIL, "preferences set --quiet none --days none --digest 'at once' --channel any")
        assert wishes(mag) == Wishes()
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("--quiet 07:00-20:00", "Quiet hours go over midnight"),
            ("--quiet 25:00-07:00", "are no hours"),
            ("--quiet 20:75-07:00", "are no hours"),
            ("--quiet late", "are no hours"),
            ("--days Funday", "are no days"),
            ("--digest hourly", "is not how often"),
            ("--channel matrix", "You have no account linked on matrix"),
        ],
    )
    def test_what_cannot_be_is_refused(self, mag: World, typed: str, why: str) -> None:
        assert why in mag.refuses(CIVIL, f"preferences set {typed}")

    def test_is_shown_to_oneself_alone(self, mag: World) -> None:
        mag.does(CIVIL, "preferences set --quiet 20:00-07:00 --days Mon-Thu")
        answer = mag(CIVIL, "preferences")
        assert answer.confidential
        assert "07:00–20:00, Mon, Tue, Wed, Thu (Europe/Zurich)" in mag.does(CIVIL, "preferences")
        assert "09:00–17:00, Mon, Tue, Wed, Thu, Fri (Europe/Zurich)" in mag.does(GOVERNMENT, "preferences")

    def test_is_for_people_on_the_roster(self, mag: World) -> None:
        assert "people on the roster" in mag.refuses(STRANGER, "preferences")

    def test_is_private_in_the_log(self, mag: World) -> None:
        mag.does(CIVIL, "preferences set --quiet 20:00-07:00")
        with mag.store.reading() as reads:
            (entry,) = [each for each in reads.entries(MAG) if each.name == "preferences.changed"]  # type: ignore[attr-defined]
        assert b"1200" not in entry.body
        assert b"1200" in (entry.private or b"")


class TestQuietHours:
    """Direct messages wait; rooms and answers do not."""

    def objected_at_night(self, mag: World) -> None:
        mag.does(CHAIR, "preferences set --quiet 20:00-07:00")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        mag.later("12h")  # 22:00
        object_to(mag)

    def test_a_message_waits_for_the_morning(self, mag: World) -> None:
        self.objected_at_night(mag)
        assert not told(mag, CHAIR, "It forgets us.")
        assert "Waiting for you\n1" in mag.does(CHAIR, "preferences")
        assert "It forgets us." in "".join(mag.in_room("#mag")), "a room is told at once"
        assert "Adopt the report?" in mag.does(CHAIR, "consensus show 1"), "and who asks is answered"
        mag.later("8h")
        assert not told(mag, CHAIR, "It forgets us."), "06:00"
        mag.later("1h")
        assert told(mag, CHAIR, "It forgets us.") == 1
        assert "Waiting for you\n0" in mag.does(CHAIR, "preferences")

    def test_those_who_said_nothing_are_told_at_once(self, mag: World) -> None:
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        mag.later("12h")
        object_to(mag)
        assert told(mag, CHAIR, "It forgets us.") == 1

    def test_who_changes_their_wishes_gets_what_waited(self, mag: World) -> None:
        self.objected_at_night(mag)
        mag.does(CHAIR, "preferences set --quiet none")
        assert told(mag, CHAIR, "It forgets us.") == 1
        mag.later("2d")
        assert told(mag, CHAIR, "It forgets us.") == 1

    def test_days_off_count_too(self, mag: World) -> None:
        mag.does(CHAIR, "preferences set --days Tue-Thu")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        object_to(mag)
        assert not told(mag, CHAIR, "It forgets us."), "Monday"
        mag.later("23h")
        assert told(mag, CHAIR, "It forgets us.") == 1

    def test_what_cannot_wait_does_not(self, mag: World) -> None:
        """A reminder comes in their hours anyway; one's own code, and whatever is an answer, at any time."""
        mag.does(CIVIL, "preferences set --quiet 12:00-11:00")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        mag.later("73h")
        assert told(mag, CIVIL, "Before it closes") == 1, "Thursday, 11:00"
        mag.later("5h")
        assert "Your code." in mag.does(CIVIL, "link new")

    def test_the_log_gives_it_again(self, mag: World) -> None:
        self.objected_at_night(mag)
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
        mag.later("9h")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]


class TestDigest:
    """At once, once a day, once a week."""

    def test_daily_everything_comes_in_the_morning(self, mag: World) -> None:
        mag.does(CHAIR, "preferences set --digest daily")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        object_to(mag)
        mag.later("22h")
        assert not told(mag, CHAIR, "It forgets us."), "Tuesday, 08:00"
        mag.later("1h")
        assert told(mag, CHAIR, "It forgets us.") == 1

    def test_what_came_meanwhile_comes_in_one_message(self, mag: World) -> None:
        mag.does(CHAIR, "preferences set --digest daily")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        before = len(mag.told(CHAIR))
        object_to(mag)
        mag.does(GOVERNMENT, 'consensus object 1 "It costs too much."')
        assert len(mag.told(CHAIR)) == before
        mag.later("23h")
        (digest,) = mag.told(CHAIR)[before:]
        assert digest.startswith("What waited for you: 2 things\n")
        assert "It forgets us." in digest
        assert "It costs too much." in digest
        assert "/wg todo" in digest
        assert "Waiting for you\n0" in mag.does(CHAIR, "preferences")

    def test_weekly_it_comes_on_the_first_day_of_the_week(self, mag: World) -> None:
        mag.does(CHAIR, "preferences set --digest weekly")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 9d')
        object_to(mag)
        mag.later("166h")
        assert not told(mag, CHAIR, "It forgets us."), "Monday, 08:00"
        mag.later("1h")
        assert told(mag, CHAIR, "It forgets us.") == 1

    def test_weekly_reminders_come_with_it(self, mag: World) -> None:
        mag.does(CIVIL, "preferences set --digest weekly")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 11d')  # a Friday
        mag.later("167h")
        assert told(mag, CIVIL, "Before it closes") == 1, "Monday, 09:00"
        assert not told(mag, GOVERNMENT, "Before it closes")
        mag.later("73h")
        assert told(mag, CIVIL, "Before it closes") == 1, "once"
        assert told(mag, GOVERNMENT, "Before it closes") == 1

    def test_weekly_nothing_is_missed(self, mag: World) -> None:
        mag.does(CIVIL, "preferences set --digest weekly")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')  # opened after this week's
        mag.later("95h")
        assert told(mag, CIVIL, "Before it closes") == 1


class TestChannel:
    """Where one wants to be written to, among one's accounts."""

    def on_slack(self, mag: World) -> None:
        with mag.store.reading() as reads:
            person = reads.get(Account, MAG, "terminal", "", CHAIR)
        assert person is not None
        with mag.store.writing([MAG]) as work:
            work.put(Account(MAG, "slack", "T1", "U1", person.person, person.since + HOUR))

    @pytest.mark.parametrize(
        ("channel", "expected"), [("terminal", "terminal"), ("slack", "slack"), ("any", "terminal")]
    )
    def test_is_taken_before_any_other(self, mag: World, channel: str, expected: str) -> None:
        self.on_slack(mag)
        if channel != "any":
            mag.does(CHAIR, f"preferences set --channel {channel}")
        mag.delivering = False
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        object_to(mag)
        assert {lane.platform for lane in direct(mag)} == {expected}


def direct(mag: World) -> list[Lane]:
    """The lanes of direct messages to the Chair that wait to be sent."""
    with mag.store.writing([MAG]) as work:
        claimed = work.outbox.claim(datetime.now(UTC), "test", 60, 100, ["terminal", "slack"])
    return [each.row.lane for each in claimed if each.row.lane.place in (f"@{CHAIR}", "@U1")]


class TestOtherRooms:
    """Where one is in several communities, each has its own wishes."""

    def test_an_announcement_is_never_held(self, mag: World) -> None:
        for person in (CHAIR, SECRETARIAT, CIVIL, PRIVATE, TECHNICAL):
            mag.does(person, "preferences set --digest weekly --quiet 18:00-09:00")
        mag.later("12h")
        mag.proposed()
        assert any("WG-MWP" in each for each in mag.in_room("#mag"))


# --- zones, and clocks that change -----------------------------------------------------------------------------------

ZONES = ("UTC", "Europe/Zurich", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Australia/Lord_Howe")
instants = st.datetimes(datetime(2026, 9, 1), datetime(2027, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is given beside
quiet = st.tuples(st.integers(12 * 60, 24 * 60), st.integers(0, 12 * 60 - 1))
days = st.frozensets(st.integers(0, 6), min_size=1).map(lambda each: tuple(sorted(each)))
anything = st.builds(
    lambda hours, days, digest: Wishes(hours[0] if hours else None, hours[1] if hours else None, days, digest),
    st.none() | quiet,
    st.just(()) | days,
    st.sampled_from(Digest),
)


ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ON_A_BUSY_MACHINE
@given(st.sampled_from(ZONES), anything, instants)
def test_what_waits_comes_in_their_hours_and_soon(zone: str, wanted: Wishes, now: datetime) -> None:
    hours = wanted.hours(zone, ())
    until = held_until(wanted, hours, now)
    match wanted.digest:
        case Digest.AT_ONCE:
            assert (until is None) is (not wanted.bounded or hours.has(now))
            soon = timedelta(days=7)
        case Digest.DAILY:
            soon = timedelta(days=7, hours=2)
        case Digest.WEEKLY:
            soon = timedelta(days=14)
        case _:
            assert_never(wanted.digest)
    if until is not None:
        assert now < until <= now + soon
        assert hours.has(until)
        assert wanted.digest is Digest.AT_ONCE or hours.opening(until) == until


@ON_A_BUSY_MACHINE
@given(st.sampled_from(ZONES), anything, instants, st.integers(1, 400), st.none() | instants)
def test_reminders_are_in_time_and_in_their_hours(
    zone: str, wanted: Wishes, opened_at: datetime, length: int, reminded_at: datetime | None
) -> None:
    hours, closes_at = wanted.hours(zone, ()), opened_at + length * HOUR
    at = digest_at(opened_at, closes_at, 24, hours, reminded_at, wanted.digest)
    if at is not None:
        begins = begins_at(opened_at, closes_at, 24)
        assert begins is not None
        assert max(opened_at, begins - AHEAD - timedelta(days=7)) <= at < closes_at
        assert hours.has(at)
        assert reminded_at is None or hours.day(at) > hours.day(reminded_at)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-03-27T21:00+01:00", "2027-03-28T07:00+02:00"),  # the night the clocks go forward: ten hours become nine
        ("2027-10-30T21:00+02:00", "2027-10-31T07:00+01:00"),  # and back
        ("2027-03-28T06:59+02:00", "2027-03-28T07:00+02:00"),
    ],
)
def test_seven_is_seven_when_the_clocks_change(now: str, until: str) -> None:
    wanted = Wishes(20 * 60, 7 * 60, tuple(range(7)))
    found = held_until(wanted, wanted.hours("Europe/Zurich", ()), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(until)


def test_a_week_that_is_a_holiday_has_no_digest() -> None:
    off = frozenset(date(2027, 1, 18) + timedelta(days=each) for each in range(5))
    hours = WorkingHours("Europe/Zurich", off)
    assert hours.next_week(datetime(2027, 1, 14, tzinfo=UTC)) == datetime(2027, 1, 25, 8, tzinfo=UTC)


def test_holidays_are_the_communitys() -> None:
    mag = World(settings=Settings(holidays=(date(2027, 1, 12),)))
    mag.does(CHAIR, "preferences set --digest daily")
    mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
    object_to(mag)
    mag.later("24h")
    assert not told(mag, CHAIR, "It forgets us."), "Tuesday is off"
    mag.later("24h")
    assert told(mag, CHAIR, "It forgets us.") == 1
