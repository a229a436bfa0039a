"""What people say and do in rooms, one after the other, each done once: commands, answers, votes, reactions, invitations.

A batch is handed over until all of it is kept; what was done before is known by its event's id. What one person does is
done in its order, what several do at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Final, assert_never

import msgspec

from adapters.matrix.arriving import (
    Arrived,
    Batch,
    Edit,
    Gap,
    Happened,
    Invitation,
    Membership,
    Message,
    PollEnd,
    PollResponse,
    PollStart,
    Reaction,
    Redaction,
    Removed,
    StateChange,
    Undecryptable,
    Upgraded,
)
from adapters.matrix.asking import Asking, Where
from adapters.matrix.client import BadFile, Client
from adapters.matrix.joined import JoinedRooms
from adapters.matrix.places import Places
from adapters.matrix.policy import Policy
from adapters.matrix.rooms import PLATFORM, open_to_members
from adapters.matrix.said import Command, Words, said
from adapters.matrix.voting import Voting
from adapters.shared.asked import CONTROLS, meant
from adapters.shared.communities import telling_in
from adapters.shared.sending import Rejected, SendError
from bot.context import Posting
from bot.domain.errors import Refusal
from bot.domain.ids import CommunityId, derived
from bot.domain.template import from_markdown
from bot.slash import parse
from bot.view import Form

log = logging.getLogger(__name__)

NAME: Final = "wgbot"
"""What the bot is called where it has no other name."""

NOTICE: Final = "m.notice"

SECTIONS: Final = 3
"""Headings of the template from which on a reply is the whole proposal, not one answer."""

TRIES: Final = 3
"""How often something that fails is tried, before it is given up for those who wait behind it."""


class Conversation:
    """Takes batches from the sync loop. `user` is the bot; its own events are none of its business."""

    def __init__(
        self, asking: Asking, client: Client, places: Places, rooms: JoinedRooms, policy: Policy, user: str
    ) -> None:
        self._asking = asking
        self._client = client
        self._places = places
        self._rooms = rooms
        self._policy = policy
        self._user = user
        self._voting = Voting(asking, client, user, self._turn_to)
        self._failures: Counter[str] = Counter()
        self._direct: dict[str, str] = {}

    async def take(self, batch: Batch) -> None:
        """Do everything in it. Raises what kept something from being done: then all of it comes again."""
        turns: dict[str, list[Arrived]] = {}
        for each in batch.arrived:
            turns.setdefault(_whose(each), []).append(each)
        ended = await asyncio.gather(*(self._in_order(each) for each in turns.values()), return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException):
                raise failure
        self._failures.clear()

    async def _in_order(self, arrived: Iterable[Arrived]) -> None:
        for each in arrived:
            try:
                await self._one(each)
            except Rejected as error:  # it never will; what passes is raised, and all of the batch comes again
                log.warning("%s came to nothing: %s", type(each).__name__, error)
            except SendError:
                raise
            except Exception as bug:
                if not isinstance(each, Happened) or not await self._give_up(each, bug):
                    raise

    async def _give_up(self, happened: Happened, bug: Exception) -> bool:
        """Whether something is left undone after it failed again and again, so that nobody else waits for ever.

        Its author is told, which fails as well while nothing at all can be written: then it is not given up.
        """
        self._failures[happened.event] += 1
        if self._failures[happened.event] < TRIES:
            return False
        where = self._asking.where(happened.room, happened.sender)
        community = await self._asking.community(where)
        reference = derived(happened.event, 0, 6)
        if community is not None:
            there = Where(where.room, where.user, "" if where.private else happened.event, where.private)
            origin = f"{happened.event}|failed"
            await self._asking.ask(
                community, there, "heard and failed", {"reference": reference}, origin, happened.at, system=True
            )
        what, told = type(happened).__name__, {"reference": reference}
        log.error("bug %s: %s %s is left undone", reference, what, happened.event, exc_info=bug, extra=told)
        return True

    async def _one(self, arrived: Arrived) -> None:
        if _whose(arrived) == self._user:
            return
        match arrived:
            case Message():
                await self._message(arrived)
            case PollResponse():
                await self._voting.vote(arrived)
            case Reaction():
                await self._voting.react(arrived)
            case Edit():
                await self._edited(arrived)
            case Redaction():
                await self._redacted(arrived)
            case Undecryptable():
                await self._unread(arrived)
            case Invitation():
                await self._invited(arrived)
            case Upgraded():
                await self._upgraded(arrived)
            case StateChange():
                await self._changed(arrived)
            case Gap(room=room):
                log.error("what was said in %s between two syncs cannot be had any more", room)
            case Removed(room=room, by=by, now=now):
                log.warning("no longer in %s (%s, by %s)", room, now, by or "the server")
            case PollStart() | PollEnd() | Membership():
                pass  # others' polls, and who comes and goes, are no business of the bot's; the ledger ends its own
            case _:
                assert_never(arrived)

    # What is said

    async def _message(self, message: Message) -> None:
        if message.kind == NOTICE:
            return  # other bots
        where = self._asking.where(message.room, message.sender, message.thread or await self._thread_of(message))
        await self._turn_to(where)
        meaning = said(message, self._user, self._called(message.room))
        if isinstance(meaning, Command):
            await self._command(message, where, meaning.text)
            return
        community = await self._asking.community(where)
        form = await self._asking.form(community, where) if community is not None else None
        if community is not None and form is not None and (where.thread or where.private):
            await self._answer(message, where, community, form, meaning)
        elif where.private and message.kind == "m.text":
            await self._command(message, where, meaning.text)

    async def _command(self, message: Message, where: Where, text: str) -> None:
        """A command's answer stands in a thread under it; in direct messages, below it."""
        thread = where.thread or ("" if where.private else message.event)
        there = Where(where.room, where.user, thread, where.private)
        typed = f"!wg {text}".strip()
        try:
            spoken = parse(text)
            name, arguments = spoken.command.name, spoken.arguments
        except Refusal:
            spoken, name, arguments = None, "misunderstood", {"text": text}
        community = await self._asking.community(there, telling_in(name, arguments))
        if community is None:
            log.warning("%s spoke in %s, which belongs to no community", message.sender, message.room)
            return
        if message.file is not None and spoken is not None:
            named = next((each.name for each in spoken.command.fields if each.ask.file), None)
            if named is not None:
                read = await self._text_of(message)
                if read is None:
                    await self._unreadable(message, there, community)
                    return
                arguments = {**arguments, named: read}
        await self._asking.ask(community, there, name, arguments, message.event, message.at, typed=typed)

    def _called(self, room: str) -> tuple[str, ...]:
        """What people call the bot there."""
        known = self._rooms.get(room)
        return (NAME, known.names.get(self._user, "")) if known is not None else (NAME,)

    async def _answer(self, message: Message, where: Where, community: CommunityId, form: Form, words: Words) -> None:
        """An answer to the question asked, a word that steers, a whole text under the template's headings, or a file."""
        text = await self._text_of(message) if message.file is not None else words.text
        if text is None:
            await self._unreadable(message, where, community)
            return
        if text.lower() in CONTROLS:
            command, arguments = f"draft {text.lower()}", {}
        else:
            read = from_markdown(text) if form.command == "propose new" else {}
            sections = {name: part for name, part in read.items() if part.strip()}
            if len(sections) >= SECTIONS:
                answers = msgspec.json.encode({**form.answers, **sections}).decode()
                command, arguments = "draft keep", {"form": form.command, "answers": answers}
            else:
                command, arguments = "draft answer", {"text": meant(form, text)}
        await self._asking.ask(community, where, command, arguments, message.event, message.at, typed=text[:2_000])

    async def _turn_to(self, where: Where) -> None:
        """Whoever speaks to the bot in private is answered there: some clients mark no room as direct messages."""
        if where.private and self._direct.get(where.user) != where.room:
            await self._places.note_direct(where.user, where.room)
            self._direct[where.user] = where.room

    async def _text_of(self, message: Message) -> str | None:
        """The text of an attached file; None where there is none to be read."""
        if message.file is None:
            return None
        try:
            text = (await self._client.download(message.file)).decode("utf-8-sig")
        except (BadFile, UnicodeDecodeError) as error:
            log.warning("an attached file could not be read: %s", type(error).__name__)
            return None
        return text if text.strip() else None

    async def _unreadable(self, message: Message, there: Where, community: CommunityId) -> None:
        await self._asking.ask(community, there, "heard no text", {}, message.event, message.at, system=True)

    async def _thread_of(self, message: Message) -> str:
        """The thread of what a message replies to: clients without threads show them as replies."""
        if not message.reply_to:
            return ""
        replied = await self._client.event(message.room, message.reply_to)
        relation = ((replied or {}).get("content") or {}).get("m.relates_to") or {}
        return str(relation.get("event_id") or "") if relation.get("rel_type") == "m.thread" else ""

    # What is changed afterwards

    async def _edited(self, edit: Edit) -> None:
        """An edit is not read as a command: what was done by the message is done. Whoever meant one is told so."""
        new = Message(
            room=edit.room, event=edit.event, sender=edit.sender, at=edit.at, kind=edit.kind, body=edit.body,
            mentions=edit.mentions,
        )  # fmt: skip
        where = self._asking.where(edit.room, edit.sender, "")
        meaning = said(new, self._user, self._called(edit.room))
        if edit.kind == NOTICE or not (where.private or isinstance(meaning, Command)):
            return
        await self._told(edit, edit.target, "heard edited", {})

    async def _redacted(self, redaction: Redaction) -> None:
        """What was done by a message that is deleted stays on the record; its author is told."""
        where = self._asking.where(redaction.room, redaction.sender)
        community = await self._asking.community(where)
        if community is not None and await self._asking.was_done(community, redaction.target):
            await self._told(redaction, "", "heard deleted", {})

    async def _unread(self, event: Undecryptable) -> None:
        """Once a day, room and person: said in the room, since whoever wrote it waits for an answer."""
        where = self._asking.where(event.room, event.sender)
        community = await self._asking.community(where)
        if community is None:
            log.warning("an event in %s cannot be decrypted (%s %s)", event.room, event.reason, event.code)
            return
        origin = f"unread:{event.room}:{event.sender}:{event.at:%Y-%m-%d}"
        there = Where(where.room, where.user, "" if where.private else event.event, where.private)
        arguments = {"reason": event.reason, "code": event.code}
        await self._asking.ask(community, there, "heard nothing", arguments, origin, event.at, system=True)

    async def _told(self, happened: Edit | Redaction, under: str, command: str, arguments: dict[str, str]) -> None:
        where = self._asking.where(happened.room, happened.sender)
        community = await self._asking.community(where)
        if community is not None:
            there = Where(where.room, where.user, "" if where.private else under, where.private)
            await self._asking.ask(community, there, command, arguments, happened.event, happened.at, system=True)

    # Rooms

    async def _invited(self, invitation: Invitation) -> None:
        refusal = self._policy.refusal(invitation)
        if refusal is not None:
            log.warning("an invitation of %s is declined", invitation.inviter)
            await self._places.leave(invitation.room, refusal)
            return
        await self._places.join(invitation.room, [invitation.inviter.partition(":")[2]])
        if invitation.direct:
            await self._places.note_direct(invitation.inviter, invitation.room)
            self._direct[invitation.inviter] = invitation.room

    async def _upgraded(self, upgraded: Upgraded) -> None:
        """The room goes on under another id: the bot follows, and it is the home its predecessor was, if it may be one."""
        new = await self._places.join(upgraded.replacement, [upgraded.sender.partition(":")[2]])
        homes = await self._asking.homes(upgraded.room)
        if homes and not open_to_members(await self._places.seen(new)):
            log.warning("%s was replaced by %s, which is closed to members and becomes no home", upgraded.room, new)
            return
        for home in homes:
            arguments = {
                "platform": PLATFORM, "team": home.team, "place": home.place, "to": new, "name": home.name,
            }  # fmt: skip
            where = Where(upgraded.room, upgraded.sender)
            await self._asking.ask(
                home.community, where, "home moved", arguments, upgraded.event, upgraded.at,
                posting=Posting.NO, system=True,
            )  # fmt: skip

    async def _changed(self, change: StateChange) -> None:
        """A home that is called otherwise is called so on cards."""
        if change.type not in ("m.room.canonical_alias", "m.room.name"):
            return
        known = self._rooms.get(change.room)
        name = (known.alias or known.name) if known is not None else ""
        for home in await self._asking.homes(change.room) if name else ():
            arguments = {"platform": PLATFORM, "team": home.team, "place": home.place, "name": name}
            where = Where(change.room, change.sender)
            await self._asking.ask(
                home.community, where, "home renamed", arguments, change.event, change.at,
                posting=Posting.NO, system=True,
            )  # fmt: skip


def _whose(arrived: Arrived) -> str:
    """Whose doing it is; "" where nobody's."""
    return arrived.inviter if isinstance(arrived, Invitation) else getattr(arrived, "sender", "")
