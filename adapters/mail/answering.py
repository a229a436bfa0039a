"""A mail that came, to the core: who speaks is proven by address and token together, and what they say is asked in their name.

A mail changes something only if it is from the roster address of the very person that its address was made for. Nobody else is
answered, with anything: where answers go is decided by the roster, never by the mail, so that wgbot sends nothing to strangers.
What was asked is known by the mail's own id, its address and its content: the same mail again is the same request.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, assert_never

from adapters.mail.addresses import Addresses, Named, Purpose
from adapters.mail.calendars import DECLINED, answer_in
from adapters.mail.ignoring import Unanswered, distrusted, unanswered
from adapters.mail.letter import Letter, opened
from adapters.mail.listener import NotYet
from adapters.mail.meaning import Meant, meaning
from adapters.mail.quoting import written
from adapters.mail.returned import returned
from adapters.shared.asking import Desk
from adapters.shared.words import Words
from bot.bouncing import failing
from bot.context import Posting, Request, Space
from bot.domain.community import Community
from bot.domain.groups import Group
from bot.domain.ids import MAG, CommunityId, PersonId
from bot.domain.languages import LANGUAGES
from bot.domain.lists import list_of
from bot.domain.people import Person
from bot.domain.records import Reads
from bot.drafting import form_of
from bot.forms import Draft
from bot.reply import TOO_MUCH
from bot.replying import replies
from bot.text import Text
from bot.view import Form

log = logging.getLogger(__name__)

PLATFORM: Final = "mail"
ORIGIN: Final = "mail:"
"""What origins of mails begin with: they are kept for long, because a mail may come again after long."""


PUZZLED: Final = "heard by mail"
MOST_PUZZLED: Final = 10
LATELY: Final = timedelta(hours=1)
"""How often somebody is told, within how long, that they are not understood. Kept by this process only: it is a brake."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose mail it is, where it is answered, and the words it may be written in."""

    community: CommunityId
    person: PersonId
    thread: str
    form: Form | None
    languages: tuple[str, ...]
    failing: bool


class Answering:
    """Takes mails. `trusted` is the authserv-id whose findings are believed, "" for nobody's."""

    def __init__(
        self,
        desk: Desk,
        communities: Callable[[], Sequence[CommunityId]],
        addresses: Addresses,
        trusted: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._communities = communities
        self._addresses = addresses
        self._trusted = trusted
        self._now = now
        self._puzzled: dict[tuple[CommunityId, PersonId], list[datetime]] = {}
        self.unanswered: Counter[Unanswered] = Counter()

    def ours(self, address: str) -> bool:
        """Whether mail to this address is taken at all."""
        return self._addresses.read(address) is not None

    async def take(self, raw: bytes, recipient: str, envelope: str) -> Unanswered | None:
        """Do what a mail says; why not, where nothing is done. Returns after it is committed; raises what kept it from that:
        `NotYet`, where its sender asks too much.
        """
        named = self._addresses.read(recipient)
        if named is None:
            return self._not_answered(Unanswered.FORGED)
        letter = await asyncio.to_thread(opened, raw)
        match named.purpose:
            case Purpose.BOUNCE:
                why = await self._bounced(letter, named)
            case Purpose.UNSUBSCRIBE:
                why = await self._unsubscribed(letter, named)
            case Purpose.REPLY:
                why = unanswered(letter, envelope, self._addresses.domain)
                if why is None and distrusted(letter, self._trusted):
                    why = Unanswered.DISTRUSTED
                if why is None:
                    why = await self._replied(letter, named, recipient)
            case _:
                assert_never(named.purpose)
        return self._not_answered(why) if why is not None else None

    def _not_answered(self, why: Unanswered) -> Unanswered:
        self.unanswered[why] += 1
        log.info("a mail is not answered: %s (%d so far)", why, self.unanswered[why])
        if self._desk.watch is not None:
            self._desk.watch.ignored(why.name.lower())
        return why

    # What is replied

    async def _replied(self, letter: Letter, named: Named, recipient: str) -> Unanswered | None:
        speaker = await self._desk.look(lambda reads: self._speaker(reads, letter, named))
        if speaker is None:
            return Unanswered.FORGED
        origin = f"{ORIGIN}{_digest(letter.id, recipient.lower(), letter.digest)}"
        kind, _, meeting = named.subject.partition(":")
        invited = answer_in(letter.calendar) if kind == "meeting" else ""
        if invited == DECLINED:
            await self._ask(speaker, Meant("meeting regrets", {"meeting": meeting}), origin, Posting.ALL)
        if invited:
            return None if invited == DECLINED else Unanswered.CALENDAR
        text = await asyncio.to_thread(written, letter.text, self._addresses.domain)
        words = [Words(language) for language in speaker.languages]

        def say(sentence: Text) -> list[str]:
            return list(dict.fromkeys(each.say(sentence) for each in words))

        def look(reads: Reads) -> Meant:
            community = reads.get(Community, speaker.community)
            if community is None:
                raise LookupError(speaker.community)
            answers = replies(reads, community, named.subject, self._now())
            return meaning(text, answers, speaker.form, say, named.subject, letter.attached)

        meant = await self._desk.look(look)
        if meant.command == PUZZLED and not self._may_puzzle(speaker):
            return Unanswered.PUZZLING
        if speaker.failing:
            await self._note("bounced no-more", speaker.community, {"place": f"@{speaker.person}"}, f"{origin}|works")
        if meant.first is not None:
            await self._ask(speaker, meant.first, f"{origin}|first", Posting.NO)
        await self._ask(speaker, meant, origin, Posting.ALL)
        return None

    def _may_puzzle(self, speaker: Speaker) -> bool:
        """Whether somebody is told once more what may be replied: two programs that answer each other must come to an end."""
        now, who = self._now(), (speaker.community, speaker.person)
        lately = [each for each in self._puzzled.get(who, ()) if now - each < LATELY]
        if len(lately) < MOST_PUZZLED:
            self._puzzled[who] = [*lately, now]
        return len(lately) < MOST_PUZZLED

    def _speaker(self, reads: Reads, letter: Letter, named: Named) -> Speaker | None:
        people = [
            (each.community, each.id)
            for community in self._communities()
            for each in reads.all(Person, community=community, email=letter.sender)
        ]
        found = self._addresses.found(named, people)
        if found is None:
            return None
        community, person = found[0], PersonId(found[1])
        thread, draft = self._thread(reads, community, person, letter, named)
        known, body = reads.get(Person, community, person), reads.get(Community, community)
        # whichever they chose, people may write in another that wgbot speaks
        languages = (known.language if known else "", body.language if body else "", *LANGUAGES)
        form = form_of(draft) if draft is not None else None
        fails = failing(reads, community, f"@{person}") is not None
        return Speaker(community, person, thread, form, tuple(dict.fromkeys(filter(None, languages))), fails)

    def _thread(
        self, reads: Reads, community: CommunityId, person: PersonId, letter: Letter, named: Named
    ) -> tuple[str, Draft | None]:
        """The conversation a mail is part of, which may hold a form: that of its subject, else of the mail it began with."""

        def draft(thread: str) -> Draft | None:
            return reads.get(Draft, community, PLATFORM, PLATFORM, person, f"@{person}", thread)

        if named.subject:
            return named.subject, draft(named.subject)
        for thread in letter.threads:
            found = draft(thread)
            if found is not None:
                return thread, found
        return letter.id, None

    async def _ask(self, speaker: Speaker, meant: Meant, origin: str, posting: Posting) -> None:
        space = Space(PLATFORM, PLATFORM, f"@{speaker.person}", private=True, thread=speaker.thread)
        answer = await self._desk.ask(
            Request(
                speaker.community,
                space,
                meant.command,
                origin,
                self._now(),
                speaker.person,
                arguments=meant.arguments,
                typed=meant.typed,
                posting=posting,
            )
        )
        if answer.came_to == TOO_MUCH:
            raise NotYet

    # What comes back, and who wants no more

    async def _bounced(self, letter: Letter, named: Named) -> Unanswered | None:
        what = returned(letter)
        if what is None:
            return Unanswered.AUTOMATIC
        found = await self._desk.look(lambda reads: self._addresses.found(named, self._places(reads)))
        if found is None:
            return Unanswered.FORGED
        arguments = {"place": found[1], "status": what.status, "gone": "yes" if what.nobody_there else "no"}
        await self._note("bounced", found[0], arguments, f"{ORIGIN}returned:{named.row}")
        return None

    async def _unsubscribed(self, letter: Letter, named: Named) -> Unanswered | None:
        """Whatever it says: the address is the person's own, and made for this alone."""
        found = await self._desk.look(lambda reads: self._addresses.found(named, self._people(reads)))
        if found is None:
            return Unanswered.FORGED
        origin = f"{ORIGIN}stop:{_digest(letter.id, named.token, letter.digest)}"
        await self._note("mail stop", found[0], {"person": found[1]}, origin)
        return None

    def _people(self, reads: Reads) -> Iterator[tuple[CommunityId, str]]:
        for community in self._communities():
            for each in reads.all(Person, community=community):
                yield community, each.id

    def _places(self, reads: Reads) -> Iterator[tuple[CommunityId, str]]:
        for community, person in self._people(reads):
            yield community, f"@{person}"
        for community in self._communities():
            for body in (MAG, *(each.id for each in reads.all(Group, community=community))):
                listed = list_of(reads, community, body)
                if listed is not None:
                    yield community, listed.address

    async def _note(self, command: str, community: CommunityId, arguments: dict[str, str], origin: str) -> None:
        space = Space(PLATFORM, PLATFORM, "")
        await self._desk.ask(Request(community, space, command, origin, self._now(), arguments=arguments, system=True))


def _digest(*parts: str) -> str:
    hashed = blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode(errors="replace")
        hashed.update(len(encoded).to_bytes(4, "big") + encoded)
    return hashed.hexdigest()
