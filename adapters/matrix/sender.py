"""Matrix as the relay sees it: messages under transaction ids made of the outbox row's, so that once more is once.

A card is a message in as many parts as it takes, and a native poll while it asks something. What is drawn is
`adapters.matrix.drawn`; rooms are `adapters.matrix.rooms`.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from adapters.matrix import contents
from adapters.matrix.client import Client
from adapters.matrix.contents import POLL, Json
from adapters.matrix.drawn import Drawing, Drawn, Poll, drawn
from adapters.matrix.ids import REMEMBERED, transaction_id
from adapters.matrix.places import Places
from adapters.matrix.rooms import PLATFORM, Rooms
from adapters.matrix.speech import speech
from adapters.shared.contents import contents as contents_of
from adapters.shared.rates import Rate
from adapters.shared.sending import Pace, Room
from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.domain.people import Account, Person
from bot.domain.records import Reads
from bot.engine import utc_now
from bot.outgoing import Lane, Outgoing, SendKind
from bot.ports import Store, UnitOfWork
from bot.text import T
from bot.view import File, View

EDITS: Final = Pace(None, Rate(1.0), "edit")
POSTS: Final = Pace(None, None, "post")
MIMES: Final = {
    "md": "text/markdown",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ics": "text/calendar",
}


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept with a row: what is drawn, under which message it stands; or the file that is handed over."""

    drawn: Drawn
    under: str = ""
    pin: bool = False
    file: File | None = None
    community: str = ""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


def direct(place: str) -> str | None:
    """The user of a direct lane (`@` and their id); None for a room's."""
    return place[1:] if place.startswith("@") else None


class Remote(msgspec.Struct, frozen=True):
    """Where a card hangs: its room, the events of its parts, and its poll's ("" without one). Written `!r $a $b ?$poll`."""

    room: str
    parts: tuple[str, ...]
    poll: str = ""

    def __str__(self) -> str:
        return " ".join([self.room, *self.parts, *([f"?{self.poll}"] if self.poll else [])])

    @classmethod
    def read(cls, text: str) -> Remote:
        """What was written."""
        room, *rest = text.split()
        poll = next((each[1:] for each in rest if each.startswith("?")), "")
        return cls(room, tuple(each for each in rest if not each.startswith("?")), poll)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a connection sends by."""

    client: Client
    places: Places
    rooms: Rooms


class MatrixSender:
    """See `adapters.shared.sending.Sender`. `parts` raises `RateLimited` while this process is not the one connected."""

    platform = PLATFORM

    def __init__(
        self, parts: Callable[[], Parts], store: Store, holds: Callable[[UnitOfWork], bool] = lambda _: True
    ) -> None:
        self._connected = parts
        self._store = store
        self._holds = holds

    def holds(self, work: UnitOfWork) -> bool:
        """See `adapters.shared.sending.Elected`: the bot is one device at its homeserver."""
        return self._holds(work)

    @property
    def _client(self) -> Client:
        return self._connected().client

    @property
    def _places(self) -> Places:
        return self._connected().places

    def render(self, view: View, row: Outgoing) -> bytes:
        """Its messages, in the words and the zone of whoever reads them."""
        with self._store.reading() as reads:
            words = speech(*_reader(reads, row))
        shown = drawn(view, Drawing(words, row.community))
        if not row.subject:  # said once, and never brought up to date: its poll would not end when it is over
            shown = msgspec.structs.replace(shown, poll=None)
        pin = row.kind is SendKind.POST and row.subject.startswith("group:") and direct(row.lane.place) is None
        return _encode(Body(shown, row.under, pin, view if isinstance(view, File) else None, row.community))

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        """Post its parts, one after the other, then its poll."""
        sent = _decode(body)
        room = await self._room(lane)
        if sent.file is not None:
            return str(Remote(room, (await self._file(room, row_id, sent),)))
        parts = await self._parts(room, row_id, sent, 0)
        poll = await self._asked(room, row_id, sent, sent.drawn.poll) if sent.drawn.poll is not None else ""
        if sent.pin:
            await self._places.pin(room, parts[0])
        return str(Remote(room, tuple(parts), poll))

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> str:  # noqa: ARG002 — the port's
        """Edit its parts; more are added, surplus ones deleted. A poll that asks no more is ended, once."""
        sent, known = _decode(body), Remote.read(remote)
        for number, (event, (text, html)) in enumerate(zip(known.parts, sent.drawn.parts, strict=False)):
            content = contents.edited(event, contents.message(text, html))
            await self._client.send(known.room, "m.room.message", content, transaction_id(row_id, "edit", number))
        for event in known.parts[len(sent.drawn.parts) :]:
            await self._client.redact(known.room, event, transaction_id(row_id, "redact", event))
        parts = [*known.parts[: len(sent.drawn.parts)]]
        parts += await self._parts(known.room, row_id, sent, len(parts), parts[0])
        if known.poll and sent.drawn.poll is None:
            over = contents.poll_ended(known.poll, speech().body(T("The poll is over.")))
            await self._client.send(known.room, f"{POLL}end", over, transaction_id(known.poll, "end"))
            return str(Remote(known.room, tuple(parts)))
        return str(Remote(known.room, tuple(parts), known.poll))

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:  # noqa: ARG002 — the port's
        """The group's room: see `Rooms`."""
        return await self._connected().rooms.made_right(lane.team, community, group_subject)

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:
        """Under its transaction ids, posting twice is posting once, for as long as homeservers remember them.

        What is in doubt for longer is looked for. If a part of it is there, the rest is posted.
        """
        if utc_now() - since < REMEMBERED:
            return None
        sent, room = _decode(body), await self._room(lane)
        return await self._found(room, row_id, since, sent)

    async def _found(self, room: str, row_id: str, since: datetime, sent: Body) -> str | None:
        async def there(*part: object) -> str:
            return await self._client.find(room, transaction_id(row_id, *part), since) or ""

        if sent.file is not None:
            found = await there("file")
            return str(Remote(room, (found,))) if found else None
        parts: list[str] = []
        while len(parts) < len(sent.drawn.parts) and (found := await there("post", len(parts))):
            parts.append(found)
        if not parts:
            return None
        parts += await self._parts(room, row_id, sent, len(parts), parts[0])
        poll = ""
        if sent.drawn.poll is not None:
            poll = await there("poll") or await self._asked(room, row_id, sent, sent.drawn.poll)
        return str(Remote(room, tuple(parts), poll))

    def pace(self, row: Outgoing) -> Pace:
        """Edits a second apart; everything else as fast as the homeserver takes it, which says when it does not."""
        return EDITS if row.kind is SendKind.REFRESH else POSTS

    async def _room(self, lane: Lane) -> str:
        user = direct(lane.place)
        if user is None:
            return lane.place
        return await self._places.direct(user)

    async def _parts(self, room: str, row_id: str, sent: Body, first: int, thread: str = "") -> list[str]:
        """Post the parts from a number on: the first where the message belongs, the others in its thread."""
        made: list[str] = []
        for number in range(first, len(sent.drawn.parts)):
            text, html = sent.drawn.parts[number]
            under = thread or sent.under or (made[0] if made else "")
            content = contents.message(text, html, thread=under)
            txn = transaction_id(row_id, "post", number)
            made.append(await self._client.send(room, "m.room.message", content, txn))
        return made

    async def _asked(self, room: str, row_id: str, sent: Body, poll: Poll) -> str:
        content = contents.poll(poll.question, poll.answers, most=poll.most, thread=sent.under)
        return await self._client.send(room, f"{POLL}start", content, transaction_id(row_id, "poll"))

    async def _file(self, room: str, row_id: str, sent: Body) -> str:
        file = sent.file
        if file is None:
            raise LookupError("no file")
        data = await asyncio.to_thread(self._contents, CommunityId(sent.community), file)
        mime = MIMES.get(file.format, "application/octet-stream")
        uploaded = await self._client.upload(room, data, file.name, mime)
        picture = mime == "image/png"
        caption = file.caption if file.alt is None else T("{caption} {alt}", caption=file.caption, alt=file.alt)
        content = contents.file(
            uploaded,
            file.name,
            mime,
            len(data),
            kind="m.image" if picture else "m.file",
            caption=speech().body(caption),
            info=_size(data) if picture else None,
            thread=sent.under,
        )
        return await self._client.send(room, "m.room.message", content, transaction_id(row_id, "file"))

    def _contents(self, community: CommunityId, file: File) -> bytes:
        with self._store.reading() as reads:
            return contents_of(reads, community, file, utc_now())


def _reader(reads: Reads, row: Outgoing) -> tuple[str, str]:
    """Language and zone: the person's own in direct messages, else the community's language and each time's zone."""
    community = reads.get(Community, row.community)
    language = community.language if community is not None else "en"
    user = direct(row.lane.place)
    account = reads.get(Account, row.community, PLATFORM, row.lane.team, user) if user is not None else None
    person = reads.get(Person, row.community, account.person) if account is not None else None
    return (person.language or language, person.zone) if person is not None else (language, "")


def _size(png: bytes) -> Json:
    width, height = struct.unpack(">II", png[16:24])
    return {"w": width, "h": height}
