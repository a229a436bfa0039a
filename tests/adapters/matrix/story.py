"""People of the MAG with Elements in a room with the bot: what they say, and what they are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.domain.consensus.checks import Held
from bot.domain.people import Account
from tests.adapters.matrix.hall import Hall
from tests.builders import CHAIR, MAG
from tests.support.matrix.element import Element
from tests.support.matrix.seen import Message, Poll

Exchange = tuple[str, str]
"""What the bot asks (a part of it), and what is answered."""


@dataclass
class Story:
    """A hall, with some of the MAG in `room`."""

    hall: Hall
    people: dict[str, Element]
    bot: str
    room: str = ""

    def meet(self, *, encrypted: bool = False, **options: Any) -> None:
        """The Chair makes a room of the full MAG, everybody enters it, and it becomes its home."""
        chair = self.people[CHAIR]
        self.room = chair.create("MAG", public=True, encrypted=encrypted, **options)
        for name, who in self.people.items():
            if name != CHAIR:
                who.join(self.room)
        chair.invite(self.room, self.bot)
        chair.sees_room(self.room, lambda seen: seen.members.get(self.bot) == "join")
        self.says(CHAIR, "!wg home all", "home to the full MAG")

    def says(
        self, who: str, text: str, containing: str, room: str = "", thread: str = "", *, threaded: bool = True
    ) -> Message:
        """Say something; the bot's answer that contains something: in the thread under it, or not `threaded`."""
        room = room or self.room
        sent = self.people[who].send(room, text, thread=thread)
        return self.people[who].sees(room, containing, sender=self.bot, thread=(thread or sent) if threaded else None)

    def answers(self, who: str, text: str, exchanges: Iterable[Exchange], end: str, room: str = "") -> Message:
        """Begin a form, and answer its questions where they are asked; what the bot says at the end."""
        room = room or self.room
        sent = self.people[who].send(room, text)
        thread = sent if room == self.room else ""
        self.follows(who, thread, exchanges, room)
        return self.people[who].sees(room, end, sender=self.bot, thread=thread)

    def follows(self, who: str, thread: str, exchanges: Iterable[Exchange], room: str = "") -> None:
        """Answer each question, once it is asked; one that is asked again is asked in another message."""
        room, answered = room or self.room, set[str]()
        for question, answer in exchanges:
            asked = self.people[who].sees(
                room, question, sender=self.bot, thread=thread, when=lambda each: each.id not in answered
            )
            answered.add(asked.id)
            self.people[who].send(room, answer, thread=thread)

    def sees(
        self, who: str, containing: str, room: str = "", when: Callable[[Message], bool] = lambda _: True
    ) -> Message:
        """The bot's newest message in the main timeline that contains something."""
        return self.people[who].sees(room or self.room, containing, sender=self.bot, thread="", when=when)

    def privately(self, who: str, containing: str) -> Message:
        """What the bot says to somebody in their direct messages, which they enter if it just began them."""
        person = self.people[who]

        def direct() -> str | None:
            for each in person.rooms():
                if each.membership == "invite" and each.direct and each.inviter == self.bot:
                    person.join(each.id)
            for each in person.rooms():
                if each.membership == "join" and set(person.room(each.id).members) == {self.bot, person.id}:
                    return each.id
            return None

        return person.sees(person.until(direct, "direct messages"), containing, sender=self.bot)

    def poll(self, who: str, room: str = "") -> Poll:
        """The newest poll in a room."""
        room = room or self.room
        started = self.people[who].sees(room, sender=self.bot, when=lambda each: each.type.endswith("poll.start"))
        return self.people[who].sees_poll(room, started.id)

    def held(self, who: str, check: int = 1) -> str | None:
        """The position somebody has taken."""
        user = self.people[who].id
        with self.hall.store.reading() as reads:
            account = reads.get(Account, MAG, "matrix", user.partition(":")[2], user)
            assert account is not None
            found = reads.get(Held, MAG, check, account.person)
        return found.position.value if found is not None else None

    def until_held(self, who: str, position: str | None, check: int = 1) -> None:
        """Wait until somebody has taken it."""
        self.until(who, lambda: self.held(who, check) == position, f"{who} to hold {position}")

    def until(self, who: str, so: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        self.people[who].until(lambda: so() or None, what)
