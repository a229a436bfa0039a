"""Mail as the relay sees it: a row is a message, under an id made of the row's, so that sent twice it can be told to be one.

Where the connection breaks after a message's text and before the server's answer, nobody can ask whether it was taken. It is sent
again, under the same id and with the same words: a mailbox or a list may show it twice in that case, and in no other. What chat
shows by editing a card is not mailed at every change: a letter cannot be taken back, and a vote is no news. What a card shows in
the end is written by itself (`bot.reactions.Recall`), or announced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.mail.addresses import Addresses
from adapters.mail.envelope import Body, Calendar, To, decode, encode, message
from adapters.mail.paper import Sheet, as_html, as_text
from adapters.mail.plain import main_subject
from adapters.mail.reader import Reader
from adapters.mail.settings import MailSettings
from adapters.mail.smtp import Server
from adapters.mail.subjects import called, matter, meetings_in, root
from adapters.shared.contents import contents
from adapters.shared.documents.ics import Invited, method_of, to_invitation
from adapters.shared.rates import Rate
from adapters.shared.sending import Pace, Rejected, Room
from adapters.shared.words import Words
from bot.coming import meeting_coming
from bot.domain.community import Community
from bot.domain.ids import CommunityId, PersonId
from bot.domain.meetings import Meeting
from bot.domain.people import MAIL, Person
from bot.domain.records import Reads
from bot.engine import utc_now
from bot.outgoing import Lane, Outgoing
from bot.ports import Store
from bot.text import T
from bot.troubles import Reason
from bot.view import Card, File, Letter, Part, Single, View

STOPPING: Final = "/mail/stop/"
"""Where the web application ends somebody's mail."""

Pages = Callable[[Reads, Community, str], str]
"""Where the public record shows a subject ("": the record itself), as an address of the web; "" where it does not."""


def nowhere(_reads: Reads, _community: Community, _about: str) -> str:
    """There is no public record."""
    return ""


def person_of(lane: Lane) -> PersonId | None:
    """Whose lane it is; None for a list's."""
    return PersonId(lane.place[1:]) if lane.place.startswith("@") else None


@dataclass(frozen=True, slots=True)
class _Found:
    """What is looked up when a letter is sent. `name` "" is a list's."""

    address: str
    name: str
    calendars: tuple[Calendar, ...]
    files: tuple[tuple[File, bytes], ...]


class MailSender:
    """See `adapters.shared.sending.Sender`."""

    platform = MAIL

    def __init__(
        self, server: Server, settings: MailSettings, addresses: Addresses, store: Store, pages: Pages = nowhere
    ) -> None:
        self._server = server
        self._settings = settings
        self._addresses = addresses
        self._store = store
        self._pages = pages

    def render(self, view: View, row: Outgoing) -> bytes:
        """The letter, in the words and the zone of whoever reads it, with no address in it."""
        letter = view if isinstance(view, Letter) else Letter((Part(_about(view, row), view),))
        person = person_of(row.lane)
        with self._store.reading() as reads:
            community = reads.get(Community, row.community)
            if community is None:
                raise LookupError(row.community)
            reader = _reader(reads, community, person)
            answered, under = _answered(row.under)
            main = main_subject(letter)
            letter = _main_first(letter, main)
            about = main or answered
            first = matter(reads, community, about or letter.parts[0].about, community.now(utc_now()))
            subject = called(letter, community, reader, first)
            record, page = self._pages(reads, community, ""), self._pages(reads, community, about) if about else ""
        notice = person is not None and not row.under
        linked = bool(self._settings.public_url)
        links = (
            ((T("This on the public record"), page),) if page else ((T("The public record"), record),) if record else ()
        )
        sheet = Sheet(_names(community, first.whose), subject, links, notice, linked)
        files = tuple(part.view for part in letter.parts if isinstance(part.view, File))
        return encode(
            Body(
                community.id,
                f"Re: {subject}" if row.under else subject,
                as_text(letter, reader, sheet),
                as_html(letter, reader, sheet),
                community.name,
                reader.language,
                utc_now(),
                about,
                root(community.id, about, row.lane.place, self._addresses.domain) if about else "",
                under,
                record,
                notice,
                files,
                meetings_in(letter),
            )
        )

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        """Have the server take it."""
        kept = decode(body)
        found = await asyncio.to_thread(self._found, lane, kept)
        whom = person_of(lane)
        community = CommunityId(kept.community)
        message_id = f"<{row_id}.{community}@{self._addresses.domain}>"
        to = To(
            found.address,
            found.name,
            self._settings.sender,
            message_id,
            lambda subject: self._addresses.reply(community, whom or "", subject),
            self._stop(community, whom) if whom is not None and kept.notice else ("", ""),
        )
        try:
            made = message(kept, to, found.calendars, found.files)
            data = made.as_bytes()
        except ValueError as error:
            raise Rejected(Reason.MALFORMED) from error
        await self._server.send(self._addresses.bounce(community, lane.place, row_id), found.address, data)
        return message_id

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> str:  # noqa: ARG002 — the port's
        """What was mailed stays as it is."""
        return remote

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:  # noqa: ARG002 — the port's
        """There are none in mail."""
        return None

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:  # noqa: ARG002 — the port's
        """Nobody can be asked; it is sent again under the same id."""
        return None

    def pace(self, row: Outgoing) -> Pace:  # noqa: ARG002 — the port's
        """As many a second as the settings say, of all lanes together."""
        return Pace(None, Rate(self._settings.per_second, max(1, int(self._settings.per_second))), "post")

    def _stop(self, community: CommunityId, person: PersonId) -> tuple[str, str]:
        """Where a person's mail is ended: by a link, and by mail."""
        mail = self._addresses.unsubscribe(community, person)
        url = self._settings.public_url
        return f"{url}{STOPPING}{mail.partition('@')[0]}" if url else "", mail

    def _found(self, lane: Lane, body: Body) -> _Found:
        """Where it goes, and what goes with it: looked up at the last moment. Raises `Rejected`."""
        whom, community_id = person_of(lane), CommunityId(body.community)
        with self._store.reading() as reads:
            community = reads.get(Community, community_id)
            if community is None:
                raise Rejected(Reason.BUG)
            person = reads.get(Person, community_id, whom) if whom is not None else None
            if whom is not None and (person is None or not person.email):
                raise Rejected(Reason.PERSON_GONE)
            address = person.email if person is not None else lane.place
            name = (person.name or address) if person is not None else ""
            meetings = tuple(self._calendar(reads, community, number, person) for number in body.meetings)
            try:
                files = tuple((each, contents(reads, community_id, each, utc_now())) for each in body.files)
            except LookupError as error:
                raise Rejected(Reason.MESSAGE_GONE) from error
        return _Found(address, name, tuple(each for each in meetings if each is not None), files)

    def _calendar(self, reads: Reads, community: Community, number: int, person: Person | None) -> Calendar | None:
        """The entry of a meeting: for a person, an invitation with the link to join by; for a list, the time alone."""
        meeting = reads.get(Meeting, community.id, number)
        if meeting is None:
            return None
        coming = meeting_coming(reads, community, meeting)
        invited = None
        if person is not None:
            organiser = self._addresses.reply(community.id, person.id, f"meeting:{number}")
            invited = Invited(person.name, person.email, organiser)
        reader = _reader(reads, community, person.id if person is not None else None)
        words = Words(reader.language, reader.zone)
        data = to_invitation(community, coming, words, meeting.link if person is not None else "", invited)
        return Calendar(method_of(coming, invited), data)


def _reader(reads: Reads, community: Community, person: PersonId | None) -> Reader:
    """Language and zone: the person's own, else the community's language and each time's zone."""
    found = reads.get(Person, community.id, person) if person is not None else None
    if found is None:
        return Reader(community.language, "", answers=person is not None)
    return Reader(found.language or community.language, found.zone)


def _about(view: Single, row: Outgoing) -> str:
    """What an answer is about: the subject of the card it is."""
    return row.subject or (isinstance(view, Card) and view.subject) or ""


def _main_first(letter: Letter, main: str) -> Letter:
    """What is to be answered stands before what goes with it."""
    parts = sorted(letter.parts, key=lambda part: part.about != main)
    return Letter(tuple(parts), letter.waited) if main else letter


def _names(community: Community, whose: str) -> str:
    return f"{community.name} · {whose}" if whose else community.name


def _answered(under: str) -> tuple[str, str]:
    """What a letter is an answer to, as a subject or as a message: the conversation of either (`adapters.mail.answering`)."""
    return ("", under) if under.startswith("<") else (under, "")
