"""One person at a terminal, in one of its rooms: what each typed line does.

It turns lines into requests and answers into what was heard; it draws nothing. What others say, and what the bot posts,
arrives in the rooms and is picked up there.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, assert_never

import msgspec

from adapters.shared.asked import asked, meant
from adapters.shared.asking import Desk
from adapters.terminal.files import with_files
from adapters.terminal.paper import safe
from adapters.terminal.people import Speaker, Surroundings, speaker_called, speaker_of, surroundings
from adapters.terminal.rooms import Change, Message, Rooms
from adapters.terminal.typed import MEANINGS, PREFIX, Chat, Command, Own, Reply, Steering, Terminal, read, unfinished
from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.errors import Invalid, NotFound, Refusal
from bot.domain.groups import Home
from bot.domain.hygiene import clean
from bot.domain.ids import CommunityId
from bot.domain.names import fold, nearest
from bot.domain.records import Reads
from bot.drafting import form_of
from bot.engine import utc_now
from bot.forms import Draft
from bot.reply import refused
from bot.slash import parse
from bot.text import Say, T, Text, Tn, UserText, joined, term
from bot.view import Bullets, Card, Fact, Facts, File, Form, Notice, Tone, View

PLATFORM: Final = "terminal"
HISTORY: Final = 20
LONGEST_SAID: Final = 20_000
"""Characters of something said in a room."""

Keep = Callable[[File], Awaitable[str]]
"""Puts a document where the person can open it, and says where."""


class Heard(msgspec.Struct, frozen=True):
    """What a line was answered: a view, messages said before, or nothing (it was chat). `whole`: show all of a form."""

    view: View | None = None
    messages: tuple[Message, ...] = ()
    whole: bool = False
    left: bool = False
    moved: bool = False

    @property
    def refused(self) -> bool:
        """Whether it was a refusal, or a bug: what a script did not expect."""
        if isinstance(self.view, Form):
            return bool(self.view.problems)
        return isinstance(self.view, Notice | Card) and self.view.tone is Tone.REFUSED


class Session:
    """See the module. `user` is the account that speaks; `keep` puts documents where they can be opened."""

    def __init__(
        self,
        desk: Desk,
        rooms: Rooms,
        community: CommunityId,
        user: str,
        *,
        place: str = "#mag",
        team: str = "",
        keep: Keep | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.speaker = Speaker(user, user)
        self.place = place
        self.rooms = rooms
        self._desk = desk
        self._community = community
        self._team = team
        self._keep = keep
        self._now = now
        self._forms: dict[tuple[str, str], Form] = {}
        self._seen = rooms.position
        self._said: set[str] = set()
        self._missed: dict[str, list[Change]] = {}
        self._run = secrets.token_hex(6)
        self._lines = 0

    async def start(self) -> None:
        """Find out who and where one is. Every home of a body here is a room, also where the rooms are new."""
        homes = await self._desk.look(self._homes)
        for place in homes:
            self.rooms.keep_room(place)
        await self._become(lambda reads, community: self._speaker(reads, community, self.speaker.user))

    async def settle(self) -> None:
        """Let everything happen that follows from what was said."""
        await self._desk.settle()

    def arrivals(self, *, to_anyone: bool = False) -> tuple[Change, ...]:
        """What arrived since the last time, but for what was said here. Direct messages wait until who they are to looks.

        With `to_anyone`, they are all shown at once.
        """
        changes = [each for each in self.rooms.since(self._seen) if each.message.id not in self._said]
        self._seen = self.rooms.position
        own = f"@{self.speaker.user}"
        now: list[Change] = [] if to_anyone else self._missed.pop(own, [])
        for change in changes:
            place = change.message.place
            if to_anyone or place == own or not place.startswith("@"):
                now.append(change)
            else:
                self._missed.setdefault(place, []).append(change)
        return tuple(now)

    async def surroundings(self) -> Surroundings:
        """What is around, as it is now."""
        request = self._request("todo", {}, "", "")
        return await self._desk.look(lambda reads: surroundings(reads, request))

    @property
    def form(self) -> Form | None:
        """The form that is open here for the one who speaks."""
        return self._forms.get((self.speaker.user, self.place))

    @property
    def many_lines(self) -> bool:
        """Whether the open form asks for an answer of several lines."""
        question = asked(self.form) if self.form is not None else None
        return question is not None and question.multiline

    @property
    def prompt(self) -> str:
        """Who speaks, and where."""
        return f"{self.speaker.name} {self.place}> "

    def unfinished(self, line: str) -> bool:
        """Whether the line goes on in the next one."""
        return unfinished(line)

    async def say(self, line: str, origin: str | None = None) -> Heard:
        """Do what a line says. The same `origin` again is the same line: nothing is done twice."""
        if origin is None:
            self._lines += 1
            origin = f"terminal:{self._run}:{self._lines}"
        try:
            return await self._do(_readable(line), origin)
        except Refusal as refusal:
            return Heard(refused(refusal, safe(line.strip())))

    async def _do(self, line: str, origin: str) -> Heard:
        meaning = read(line, form_open=self.form is not None)
        match meaning:
            case Command(text):
                spoken = parse(text)
                arguments = with_files(spoken.command.name, spoken.arguments)
                return await self._ask(spoken.command.name, arguments, line, origin)
            case Terminal(own, text):
                return await self._own(own, text, line, origin)
            case Steering(control):
                return await self._ask(f"draft {control}", {}, line, origin)
            case Reply(text):
                return await self._ask("draft answer", {"text": self._answer(text)}, line, origin)
            case Chat(text):
                return self._chat(text, origin)
            case _:
                assert_never(meaning)

    async def _ask(self, command: str, arguments: dict[str, str], line: str, origin: str) -> Heard:
        answer = await self._desk.ask(self._request(command, arguments, line, origin))
        view = answer.view
        here = (self.speaker.user, self.place)
        if isinstance(view, Form):
            self._forms[here] = view
        elif here in self._forms:  # submitted, cancelled, refused: what is stored says whether it is still open
            draft = await self._desk.look(lambda reads: self._draft(reads, self.speaker))
            if draft is None:
                self._forms.pop(here)
        if command == "clock":
            await self._desk.look(self._homes)
        if isinstance(view, File) and self._keep is not None:
            where = T("{caption} It is in {place}.", caption=view.caption, place=await self._keep(view))
            view = msgspec.structs.replace(view, caption=where)
        return Heard(view, whole=command == "draft preview")

    def _answer(self, text: str) -> str:
        form = self.form
        question = asked(form) if form is not None else None
        if form is None or question is None:
            return text
        return with_files(form.command, {question.field: meant(form, text)})[question.field]

    async def _own(self, own: Own, text: str, line: str, origin: str) -> Heard:
        match own:
            case Own.AS:
                request = self._request("start", {}, line, origin)
                await self._become(lambda reads, community: speaker_called(reads, community, request, text))
                role = self.speaker.role
                name = UserText(self.speaker.name)
                said = (
                    T("You speak as {name} now ({role}).", name=name, role=role)
                    if role
                    else T("You speak as {name} now.", name=name)
                )
                return Heard(Notice(said, Tone.DONE), moved=True)
            case Own.CLOCK:
                if not text:
                    raise Invalid(
                        T("How far should the clock be moved?"), T("Say it so: {example}", example="/clock +7d")
                    )
                return await self._ask("clock", {"by": text}, line, origin)
            case Own.ROOM:
                self.place = self._room(text)
                return Heard(Notice(T("You are in {room} now.", room=self.place), Tone.DONE), moved=True)
            case Own.ROOMS:
                return Heard(self._rooms_card())
            case Own.HISTORY:
                limit = int(text) if text.isdecimal() else HISTORY
                messages = self.rooms.history(self._lane, min(limit, 10_000))
                return Heard(None if messages else Notice(T("Nothing was said here yet.")), messages)
            case Own.SAY:
                return self._chat(text, origin)
            case Own.HELP:
                return Heard(_help())
            case Own.QUIT:
                return Heard(left=True)
            case _:
                assert_never(own)

    def _chat(self, text: str, origin: str) -> Heard:
        text = clean(text, limit=LONGEST_SAID, field="text", multiline=True)
        if text:
            said = self.rooms.post(f"say:{origin}", self._lane, self.speaker.name, msgspec.json.encode(text))
            self._said.add(said.id)
        return Heard()

    def _room(self, name: str) -> str:
        wanted = name.strip()
        if wanted.startswith("@"):
            return "@"
        places = [room.place for room in self.rooms.rooms]
        found = next((place for place in places if fold(place.lstrip("#")) == fold(wanted.lstrip("#"))), None)
        if found is not None and wanted:
            return found
        what = T("There is no room {name}.", name=UserText(wanted or "#"))
        near = nearest(wanted, places)
        if near:
            raise NotFound(what, T("Did you mean {names}?", names=joined([term(each) for each in near], " · ")))
        raise NotFound(what, T("See them: {command}", command="/rooms"))

    @property
    def places(self) -> tuple[str, ...]:
        """Where one can go."""
        return (*(room.place for room in self.rooms.rooms), "@")

    def _rooms_card(self) -> View:
        def line(place: str, lane: str) -> Text:
            count = len(self.rooms.history(lane, 1_000_000))
            said = Tn("{place} — {count} message", "{place} — {count} messages", count, place=place)
            return T("{line}, you are here", line=said) if lane == self._lane else said

        own = f"@{self.speaker.user}"
        listed = [line(room.place, room.place) for room in self.rooms.rooms]
        return Card(T("Rooms"), (Bullets((*listed, line("@", own))),), footer=T("Go to one: /room #mag"))

    @property
    def _lane(self) -> str:
        return f"@{self.speaker.user}" if self.place == "@" else self.place

    def _request(self, command: str, arguments: dict[str, str], line: str, origin: str) -> Request:
        space = Space(PLATFORM, self._team, self._lane, private=self.place == "@")
        speaker = self.speaker
        return Request(
            self._community,
            space,
            command,
            origin,
            self._now(),
            user=speaker.user,
            user_name=speaker.name,
            arguments=arguments,
            typed=line.strip(),
        )

    async def _become(self, who: Callable[[Reads, Community], Speaker]) -> None:
        """Speak as somebody from now on, with the form they left open here."""

        def look(reads: Reads) -> tuple[Speaker, Draft | None]:
            community = reads.get(Community, self._community)
            if community is None:
                raise LookupError(self._community)
            speaker = who(reads, community)
            return speaker, self._draft(reads, speaker)

        self.speaker, draft = await self._desk.look(look)
        here = (self.speaker.user, self.place)
        if draft is None:
            self._forms.pop(here, None)
        else:
            self._forms.setdefault(here, form_of(draft))

    def _speaker(self, reads: Reads, community: Community, user: str) -> Speaker:
        return speaker_of(reads, community, PLATFORM, self._team, user)

    def _draft(self, reads: Reads, speaker: Speaker) -> Draft | None:
        lane = f"@{speaker.user}" if self.place == "@" else self.place
        return reads.get(Draft, self._community, PLATFORM, self._team, speaker.user, lane, "")

    def _homes(self, reads: Reads) -> tuple[str, ...]:
        """The rooms there are; from now on, they are marked with the community's own time."""
        community = reads.get(Community, self._community)
        if community is not None:
            self.rooms.now = lambda: community.now(self._now())
        homes = reads.all(Home, community=self._community)
        return tuple(home.place for home in homes if (home.platform, home.team) == (PLATFORM, self._team))


def _readable(line: str) -> str:
    """The line. Raises `Invalid` where it holds halves of characters, which nothing can keep: it was not UTF-8."""
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise Invalid(
            T("That cannot be read as text: its character {position} is only half of one.", position=error.start + 1),
            T("Set the terminal to UTF-8, or save the script as UTF-8, and try again."),
        ) from None
    return line


def _help() -> Card:
    own = tuple(
        Fact(T("{typed}", typed=f"/{each} {typed}".strip()), meaning) for each, (typed, meaning) in MEANINGS.items()
    )
    bot = Fact(T("{typed}", typed=f"{PREFIX} …"), T("Everything wgbot does: see {command}", command=Say("help")))
    return Card(T("In this terminal"), (Facts((bot, *own)),), footer=T("Anything else you type is said in the room."))
