"""People of the MAG without a client library in a room with the bot: quick to make, and free to send what no client would.

They read nothing that is encrypted; whoever is to have an Element is in `story`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.domain.consensus.checks import Held
from bot.domain.people import Account
from tests.adapters.matrix.hall import Hall
from tests.builders import CHAIR, GOOD, MAG, PRIVATE
from tests.support.matrix.api import Json
from tests.support.matrix.plain import Plain
from tests.support.matrix.synapse import Homeserver

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
POLL = "org.matrix.msc3381.poll."
TEXT = "org.matrix.msc1767.text"


@dataclass(frozen=True)
class Heard:
    """An event as it stands, after its edits."""

    id: str
    sender: str
    type: str
    body: str
    thread: str
    content: Json
    edits: int


@dataclass
class Square:
    """A hall, with some of the MAG in `room`."""

    hall: Hall
    people: dict[str, Plain]
    bot: str
    homeserver: Homeserver
    room: str = ""

    def __post_init__(self) -> None:
        self._since = ""

    def meet(self, **options: Any) -> str:
        """The Chair makes a room of the full MAG, everybody enters it, and it becomes its home."""
        self.room = self.gathered(name="MAG", **options)
        self.says(CHAIR, "!wg home all", "home to the full MAG")
        return self.room

    def gathered(self, **options: Any) -> str:
        """A room with everybody in it, and the bot."""
        others = [who.id for name, who in self.people.items() if name != CHAIR]
        room = self.people[CHAIR].create(**{"public": True, **options}, invite=[self.bot, *others])
        for name, who in self.people.items():
            if name != CHAIR:
                who.join(room)
        self.until(lambda: self.is_in(room) or None, "the bot in the room")
        return room

    def is_in(self, room: str) -> bool:
        """Whether the bot is in a room."""
        return self.bot in self.people[CHAIR].call("GET", "rooms", room, "joined_members")["joined"]

    def called(self, user: str) -> str:
        """What somebody is called in the room."""
        content = self.people[CHAIR].call("GET", "rooms", self.room, "state", "m.room.member", user)
        return str(content.get("displayname", ""))

    # What they do

    def says(self, who: str, text: str, containing: str, room: str = "", **more: Any) -> Heard:
        """Say something; the bot's answer in the thread under it that contains something."""
        room = room or self.room
        sent = self.people[who].send(room, text, **more)
        return self.sees(containing, room, sent)

    def answers(self, who: str, room: str, thread: str, *exchanges: tuple[str, str]) -> None:
        """Answer each question in a thread, once it is asked."""
        for question, answer in exchanges:
            self.sees(question, room, thread)
            self.people[who].send(room, answer, **within(thread))

    def vote(self, who: str, poll: Heard, *answers: str, room: str = "") -> str:
        """Vote in a poll, by the words of its answers; the event's id."""
        ids = {each[TEXT]: each["id"] for each in poll.content[f"{POLL}start"]["answers"]}
        return self.respond(who, poll.id, [ids[each] for each in answers], room)

    def respond(self, who: str, poll: str, ids: list[str], room: str = "") -> str:
        """Vote by ids, whatever they are."""
        content = {f"{POLL}response": {"answers": ids}, "m.relates_to": reference(poll)}
        return self.people[who].event(room or self.room, f"{POLL}response", content)

    def checked(self) -> Heard:
        """A formation check that is open; its poll."""
        self.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed")
        self.sees("Consultation of the full MAG", thread="")
        self.hall.later("7d")
        self.hall.later("7d")
        self.sees("Consensus check 1 of the MAG", thread="")
        return self.poll()

    # What is seen

    def heard(self, room: str = "", who: str = CHAIR) -> list[Heard]:
        """The bot's events in a room, oldest first, as one of the people may read them."""
        events = [each for each in self.people[who].history(room or self.room) if each["sender"] == self.bot]
        return [_heard(each) for each in reversed(events) if _target(each) is None and each["content"]]

    def edited(self, message: str) -> list[int]:
        """When a message of the main room was edited, in milliseconds, oldest first."""
        history = self.people[CHAIR].history(self.room)
        return sorted(each["origin_server_ts"] for each in history if _target(each) == message)

    def sees(
        self,
        containing: str,
        room: str = "",
        thread: str | None = None,
        *,
        when: Callable[[Heard], bool] = lambda _: True,
        who: str = CHAIR,
    ) -> Heard:
        """The bot's newest event that is as said, as soon as there is one. `thread`: in that one, or in none ("")."""

        def look() -> Heard | None:
            for each in reversed(self.heard(room, who)):
                if containing in each.body and thread in (None, each.thread) and when(each):
                    return each
            return None

        return self.until(
            look, lambda: f"{containing!r}, but {[each.body[:200] for each in self.heard(room, who)][-6:]}"
        )

    def poll(self, room: str = "", containing: str = "") -> Heard:
        """The newest poll in a room."""
        return self.sees(containing, room, when=lambda each: each.type == f"{POLL}start")

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
        self.until(
            lambda: self.held(who, check) == position or None, lambda: f"{position}, but {self.held(who, check)}"
        )

    def until(self, look: Callable[[], T | None], what: str | Callable[[], str], within: float = PATIENCE_SECONDS) -> T:
        """What `look` finds, which looks again whenever something happens on the homeserver; AssertionError after so long."""
        end = time.monotonic() + within
        while (found := look()) is None:
            if time.monotonic() > end:
                raise AssertionError(f"no {what if isinstance(what, str) else what()}")
            self._since = self.people[CHAIR].sync(self._since, timeout=200)["next_batch"]
        return found


def within(thread: str) -> Json:
    """What makes a message one in a thread."""
    return {"m.relates_to": {"rel_type": "m.thread", "event_id": thread, "is_falling_back": True}}


def reference(event: str) -> Json:
    """How votes and ends belong to a poll."""
    return {"rel_type": "m.reference", "event_id": event}


def mentioning(*users: str) -> Json:
    """What makes a message mention people."""
    return {"m.mentions": {"user_ids": list(users)}}


def _target(event: Json) -> str | None:
    """What an event edits."""
    relation = event["content"].get("m.relates_to") or {}
    return relation["event_id"] if relation.get("rel_type") == "m.replace" else None


def _heard(event: Json) -> Heard:
    relation = event["content"].get("m.relates_to") or {}
    edit = event.get("unsigned", {}).get("m.relations", {}).get("m.replace")
    content = edit["content"]["m.new_content"] if edit else event["content"]
    start = content.get(f"{POLL}start")
    body = start["question"]["body"] if start else str(content.get("body", ""))
    thread = relation["event_id"] if relation.get("rel_type") == "m.thread" else ""
    return Heard(event["event_id"], event["sender"], event["type"], body, thread, content, 1 if edit else 0)
