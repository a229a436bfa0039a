"""What a letter is called and which conversation it belongs to: whose it is, what is asked, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from msgspec.structs import replace

from adapters.mail.plain import acting
from adapters.mail.reader import Reader
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consensus.questions import asked
from bot.domain.consultations import Consultation
from bot.domain.consulted import Consulted, consulted_in
from bot.domain.finding import TimeSearch
from bot.domain.groups import Group
from bot.domain.hygiene import one_line
from bot.domain.ids import MAG, CommunityId, GroupId
from bot.domain.meetings import Meeting
from bot.domain.polls import Poll
from bot.domain.recommendations import Recommendation
from bot.domain.records import Reads
from bot.text import T, Text, Tn, UserText
from bot.view import Card, File, Form, Letter, Notice, Single

WHOSE: Final = 40
LONGEST: Final = 120
"""Characters of what a letter is called, after whose it is. More is cut by whoever shows it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a subject is: whose (a group's short name, "" for the full membership), and while it is open, what is asked by when.

    `asks` has a place for `when`.
    """

    whose: str = ""
    asks: Text | None = None
    by: datetime | None = None
    zone: str = ""


def matter(reads: Reads, community: Community, about: str, now: datetime) -> Matter:
    """What is known of a subject; `now` is the community's time. Of one that is no more, nothing."""
    kind, _, key = about.partition(":")
    number = int(key) if key.isdecimal() else 0
    match kind:
        case "check":
            check = reads.get(Check, community.id, number)
            if check is None:
                return Matter()
            whose = _name(reads, community, check.group or check.body)
            asks = T("Your position by {when}: {question}", question=asked(check.question))
            return _asked(whose, asks, check.closes_at, check.zone, now, over=check.closed)
        case "consultation":
            found = reads.get(Consultation, community.id, number)
            if found is None:
                return Matter()
            on = consulted_in(reads, found)
            asks = T("Your comments by {when}: {what}", what=_consulted(on))
            return _asked(on.group.short_name, asks, found.closes_at, found.zone, now, over=found.closed)
        case "poll":
            poll = reads.get(Poll, community.id, number)
            if poll is None:
                return Matter()
            asks = T("Your answer by {when}: {question}", question=UserText(poll.question))
            return _asked(_name(reads, community, poll.body), asks, poll.closes_at, poll.zone, now, over=poll.closed)
        case "times":
            search = reads.get(TimeSearch, community.id, number)
            if search is None:
                return Matter()
            whose = _name(reads, community, search.body)
            asks = T("When can you meet? By {when}: {title}", title=UserText(search.title))
            return _asked(whose, asks, search.closes_at, search.zone, now, over=search.closed)
        case "meeting" | "summary":
            meeting = reads.get(Meeting, community.id, number)
            if meeting is None:
                return Matter()
            whose = _name(reads, community, meeting.body)
            asks = T("Meeting on {when}: {title}", title=UserText(meeting.title))
            return _asked(whose, asks, meeting.starts_at, meeting.zone, now, over=kind == "summary" or meeting.closed)
        case "recommendation":
            recommendation = reads.get(Recommendation, community.id, number)
            return Matter(_name(reads, community, recommendation.group)) if recommendation is not None else Matter()
        case _:
            return Matter(_name(reads, community, key.partition(":")[0]))


def _consulted(on: Consulted) -> Text:
    """What comments are asked on; whose it is stands before it."""
    if on.change is not None:
        return T("a change of its charter")
    if on.recommendation is not None:
        return T("“{title}”", title=UserText(on.recommendation.title))
    return T("the proposal “{name}”", name=UserText(on.group.full_name))


def _asked(whose: str, asks: Text, by: datetime, zone: str, now: datetime, *, over: bool) -> Matter:
    return Matter(whose) if over or now >= by else Matter(whose, asks, by, zone)


def _name(reads: Reads, community: Community, body: str) -> str:
    found = reads.get(Group, community.id, GroupId(body)) if body and body != MAG else None
    return found.short_name if found is not None else ""


def called(letter: Letter, community: Community, reader: Reader, first: Matter) -> str:
    """A letter's subject line: `[WG-MWP] Your position by Fri 27 Nov, 15:00: Move the call?`. `first`: of its first part."""
    body = one_line(community.titles.body, WHOSE)
    if letter.waited and len(letter.parts) > 1:
        count = len(letter.parts)
        return f"[{body}] {reader.heading(Tn('{count} thing for you', '{count} things for you', count), LONGEST)}"
    view = letter.parts[0].view
    what = title(view)
    if first.asks is not None and first.by is not None and isinstance(view, Card):
        when = Words(reader.language, reader.zone or first.zone).clock(first.by)
        what = replace(first.asks, parameters={**first.asks.parameters, "when": when})
    said, more = reader.heading(what, LONGEST), len(letter.parts) - 1
    if more:
        counted = Tn("{first} (and {count} more thing)", "{first} (and {count} more things)", more, first=said)
        said = reader.heading(counted, 2 * LONGEST)
    return f"[{one_line(first.whose, WHOSE) or body}] {said}"


def title(view: Single | None) -> Text:
    """What a view says, in its first words."""
    match view:
        case Card() | Form():
            return view.title
        case Notice():
            return view.text
        case File():
            return view.caption
        case None:
            return T("Nothing")


def root(community: CommunityId, about: str, lane: str, domain: str) -> str:
    """The id of the conversation about a subject in a lane. No letter has it: all of them answer it."""
    digest = blake2b(f"{community}|{about}|{lane}".encode(), digest_size=12).hexdigest()
    return f"<{digest}.thread@{domain}>"


def meetings_in(letter: Letter) -> tuple[int, ...]:
    """The meetings that a letter invites to, or takes out of calendars: it offers their calendar entry."""
    found = [
        int(button.arguments["meeting"])
        for part in letter.parts
        if part.view is not None
        for button in acting(part.view)
        if button.command == "meeting file" and button.arguments.get("meeting", "").isdecimal()
    ]
    return tuple(dict.fromkeys(found))
