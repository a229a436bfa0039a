"""What is coming up in a community: meetings, what closes when, and the days of its cycle.

For calendars, cards and home pages alike: one more source in `_SOURCES`, and it is on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consensus.questions import asked
from bot.domain.consultations import Consultation
from bot.domain.consulted import Consulted, consulted_in
from bot.domain.cycles import current_cycle
from bot.domain.groups import body_name, group_of
from bot.domain.lifetimes import Lifetime
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.polls import Poll
from bot.domain.records import Reads
from bot.domain.reviews import Review, ReviewState
from bot.text import Day, Moment, T, Text, joined, said
from bot.view import Button

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that is to come. `id` names it for good, however often it moves, in its community.

    `at` (UTC) is when, meant in `zone`; for a whole `day`, where that begins. `known_since` (UTC) is when it was
    announced, `revision` a number that only grows when it moves later. `what` says whose and what it is, `about` what
    it asks; the button leads to it. What takes its time has `ends_at` (UTC), and `venue` where there is one; what was
    `cancelled` is only for calendars that had it before.
    """

    id: str
    at: datetime
    zone: str
    what: Text
    button: Button
    known_since: datetime
    revision: int = 0
    about: Text | None = None
    day: date | None = None
    ends_at: datetime | None = None
    venue: Text | None = None
    cancelled: bool = False

    @property
    def text(self) -> Text:
        """All of it in a sentence, the time first."""
        when = T("{day}", day=Day(self.day)) if self.day else T("{when}", when=Moment(self.at, self.zone))
        if self.about is None:
            return T("{when}: {what}", when=when, what=self.what)
        return T("{when}: {what}: {about}", when=when, what=self.what, about=self.about)


def coming_up(reads: Reads, community: Community, now: datetime, *, cancelled: bool = False) -> tuple[Coming, ...]:
    """Everything that is to come, soonest first; what was `cancelled` too, if asked. `now` is the community's time."""
    found = [each for source in _SOURCES for each in source(reads, community, now) if cancelled or not each.cancelled]
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))


def _consultations(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    for each in reads.all(Consultation, community=community.id, closed=False):
        if now < each.closes_at:
            on = consulted_in(reads, each)
            yield Coming(
                f"consultation:{each.number}:{each.opened_at.isoformat()}",
                each.closes_at,
                each.zone,
                T(
                    "The consultation of the full {body} on {group} closes",
                    body=community.titles.body,
                    group=on.text,
                ),
                Button(T("Consultation on {group}", group=on.name), "consult show", {"group": on.name}),
                each.opened_at,
                _minutes(each.opened_at, each.closes_at),
                _about(on),
            )


def _about(on: Consulted) -> Text | None:
    if on.change is not None:
        return said(on.change.why) if on.change.why else None
    if on.recommendation is not None:
        return said(on.recommendation.title)
    return said(on.group.full_name) if on.group.full_name != on.group.short_name else None


def _checks(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    for each in reads.all(Check, community=community.id, closed=False):
        if now < each.closes_at:
            body = body_name(reads, community.id, each.body, community.titles.body)
            yield Coming(
                f"check:{each.number}:{each.opened_at.isoformat()}",
                each.closes_at,
                each.zone,
                T("Consensus check {number} of {body} closes", number=each.number, body=body),
                Button(T("Check {number}", number=each.number), "consensus show", {"check": str(each.number)}),
                each.opened_at,
                _minutes(each.announced_close, each.closes_at),
                asked(each.question),
            )


def _polls(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    for each in reads.all(Poll, community=community.id, closed=False):
        if now < each.closes_at:
            body = body_name(reads, community.id, each.body, community.titles.body)
            yield Coming(
                f"poll:{each.number}:{each.opened_at.isoformat()}",
                each.closes_at,
                each.zone,
                T("Poll {number} of {body} closes", number=each.number, body=body),
                Button(T("Poll {number}", number=each.number), "poll show", {"poll": str(each.number)}),
                each.opened_at,
                about=said(each.question),
            )


def meeting_coming(reads: Reads, community: Community, meeting: Meeting) -> Coming:
    """A meeting, as it is to come."""
    body = body_name(reads, community.id, meeting.body, community.titles.body)
    return Coming(
        f"meeting:{meeting.number}:{meeting.scheduled_at.isoformat()}",
        meeting.starts_at,
        meeting.zone,
        T("Meeting {number} of {body}", number=meeting.number, body=body),
        Button(T("Meeting {number}", number=meeting.number), "meeting show", {"meeting": str(meeting.number)}),
        meeting.changed_at,
        meeting.revision,
        said(meeting.title),
        ends_at=meeting.ends_at,
        venue=said(meeting.venue) if meeting.venue else T("Online"),
        cancelled=meeting.state is MeetingState.CANCELLED,
    )


def _meetings(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    for state in (MeetingState.SCHEDULED, MeetingState.RUNNING, MeetingState.CANCELLED):
        for each in reads.all(Meeting, community=community.id, state=state):
            if now < each.ends_at or state is MeetingState.RUNNING:
                yield meeting_coming(reads, community, each)


def _cycle(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    cycle = current_cycle(reads, community)
    if cycle is None:
        return
    zone = ZoneInfo(community.zone)
    days = (
        ("first", cycle.first_day, T("First day of {cycle}", cycle=cycle.name)),
        ("last", cycle.last_day, T("Last day of {cycle}; working groups end with it", cycle=cycle.name)),
    )
    for name, day, what in days:
        if now.astimezone(zone).date() <= day:
            yield Coming(
                f"cycle:{cycle.number}:{name}",
                _begins(day, zone),
                community.zone,
                what,
                Button(T("The cycle"), "cycle show"),
                _begins(cycle.first_day, zone),
                (day - cycle.first_day).days,
                day=day,
            )


def _ends(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    """Groups that end on a day of their own; the others do with the cycle."""
    zone = ZoneInfo(community.zone)
    for lifetime in reads.all(Lifetime, community=community.id, cycle=community.cycle):
        day = lifetime.ends_on
        if lifetime.approved and day is not None and now.astimezone(zone).date() <= day:
            group = group_of(reads, community.id, lifetime.group)
            yield Coming(
                f"group-ends:{group.id}",
                _begins(day, zone),
                community.zone,
                T("Last day of {group}", group=group.short_name),
                Button(T("The group"), "show", {"group": group.short_name}),
                group.decided_at or group.proposed_at,
                (day - group.proposed_at.date()).days,
                day=day,
            )


def _reviews(reads: Reads, community: Community, now: datetime) -> Iterator[Coming]:
    for each in reads.all(Review, community=community.id, state=ReviewState.REPLYING):
        if each.replies_until is not None and now < each.replies_until:
            group = group_of(reads, community.id, each.group)
            yield Coming(
                f"review:{each.number}",
                each.replies_until,
                community.zone,
                T("The right of reply in the progress review of {group} ends", group=group.short_name),
                Button(T("The review"), "review show", {"group": group.short_name}),
                each.asked_at,
            )


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _minutes(start: datetime, end: datetime) -> int:
    """Closing times only ever move later, so this only ever grows."""
    return int((end - start).total_seconds()) // _MINUTE


_SOURCES: tuple[Callable[[Reads, Community, datetime], Iterator[Coming]], ...] = (
    _consultations,
    _checks,
    _polls,
    _meetings,
    _cycle,
    _ends,
    _reviews,
)


def in_full(coming: Coming) -> Text:
    """What it is and asks, without the time: what a calendar says in a description."""
    return joined([T("{what}.", what=coming.what), *([coming.about] if coming.about else [])])
