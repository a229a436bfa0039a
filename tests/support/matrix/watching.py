"""What somebody with an Element sees, and waiting until they see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tests.support.matrix.api import Account
from tests.support.matrix.process import PATIENCE_SECONDS, ElementProcess
from tests.support.matrix.seen import Listed, Message, Poll, Room, Trust
from tests.support.matrix.someone import Someone, id_of
from tests.support.matrix.verifying import Verification

T = TypeVar("T")

NEWEST = 8
"""Messages named where one was not seen."""


class Watcher:
    """A device of somebody who only looks. Rooms are called by their id, people by their user id or as they are."""

    def __init__(self, process: ElementProcess, account: Account) -> None:
        self.account = account
        self.id = account.user_id
        self._process = process

    def messages(self, room: str, thread: str | None = None) -> list[Message]:
        """The messages of a room, oldest first: those of one thread, those in none (""), or all of them."""
        found = [Message(**raw) for raw in self.ask("messages", room=room)]
        return [message for message in found if thread is None or message.thread == thread]

    def message(self, room: str, event: str) -> Message:
        """The message with an id, as soon as it is there, readable or not."""
        return self.sees(room, when=lambda message: message.id == event, readable=False)

    def sees(
        self,
        room: str,
        containing: str = "",
        *,
        sender: Someone = "",
        thread: str | None = None,
        readable: bool = True,
        when: Callable[[Message], bool] = lambda _: True,
        within: float = PATIENCE_SECONDS,
    ) -> Message:
        """The newest message that is as said, as soon as there is one; AssertionError when there is none in time."""

        def look() -> Message | None:
            for message in reversed(self.messages(room, thread)):
                if (
                    containing in message.body
                    and (not sender or message.sender == id_of(sender))
                    and (message.readable or not readable)
                    and when(message)
                ):
                    return message
            return None

        def instead() -> str:
            newest = [_line(each) for each in self.messages(room)[-NEWEST:]]
            return f"such a message with {containing!r}, but at last {newest}"

        return self.until(look, instead, within)

    def poll(self, room: str, poll: str) -> Poll | None:
        """A poll as it stands; None where Element shows none."""
        raw = self.ask("poll", room=room, poll=poll)
        return None if raw is None else Poll.of(raw)

    def sees_poll(
        self, room: str, poll: str, when: Callable[[Poll], bool] = lambda _: True, *, within: float = PATIENCE_SECONDS
    ) -> Poll:
        """A poll, as soon as it is as said."""

        def look() -> Poll | None:
            found = self.poll(room, poll)
            return found if found is not None and when(found) else None

        return self.until(look, lambda: f"such a poll, but {self.poll(room, poll)}", within)

    def scroll_back(self, room: str) -> None:
        """Fetch all of a room's history that they may read."""
        self.ask("scrollBack", room=room)

    def room(self, room: str) -> Room:
        """A room as it stands."""
        return Room(**self.ask("room", room=room))

    def sees_room(self, room: str, when: Callable[[Room], bool], *, within: float = PATIENCE_SECONDS) -> Room:
        """A room, as soon as it is as said."""

        def look() -> Room | None:
            if not any(each.id == room for each in self.rooms()):
                return None
            found = self.room(room)
            return found if when(found) else None

        return self.until(look, lambda: f"such a room, but {self.rooms()}", within)

    def rooms(self) -> list[Listed]:
        """All rooms they are in, invited to, or were in since they logged in."""
        return [Listed(**raw) for raw in self.ask("rooms")]

    def invitations(self) -> list[Listed]:
        """The rooms they are invited to."""
        return [room for room in self.rooms() if room.membership == "invite"]

    def invited(self, room: str = "", *, within: float = PATIENCE_SECONDS) -> Listed:
        """An invitation, to a certain room or to any, as soon as there is one."""

        def look() -> Listed | None:
            return next((each for each in self.invitations() if room in {"", each.id}), None)

        return self.until(look, "an invitation", within)

    def until(self, look: Callable[[], T | None], what: str | Callable[[], str], within: float = PATIENCE_SECONDS) -> T:
        """What `look` finds, as soon as it does; AssertionError after so many seconds."""
        found = self._process.until(self.account.device_id, look, within)
        if found is None:
            raise AssertionError(f"{self.id} sees no {what if isinstance(what, str) else what()}")
        return found

    def trusts(self, other: Someone) -> Trust:
        """What they know of somebody's identity and devices."""
        return Trust.of(self.ask("trusts", user=id_of(other)))

    def sees_trust(self, other: Someone, when: Callable[[Trust], bool]) -> Trust:
        """The same, as soon as it is as said."""

        def look() -> Trust | None:
            found = self.trusts(other)
            return found if when(found) else None

        return self.until(look, lambda: f"such a trust, but {self.trusts(other)}")

    def asked_to_verify(self, by: Someone = "", *, within: float = PATIENCE_SECONDS) -> Verification:
        """A request to compare emoji that awaits their answer, as soon as there is one."""

        def look() -> int | None:
            for each in self.ask("verifications"):
                if not each["mine"] and each["phase"] == "Requested" and (not by or each["other"] == id_of(by)):
                    return int(each["id"])
            return None

        return Verification(self, self.until(look, "request to verify", within))

    def ask(self, order: str, **what: Any) -> Any:
        """Let Element do something; raises Impossible."""
        return self._process.ask(self.account.device_id, order, **what)


def _line(message: Message) -> str:
    return f"{message.sender}: {message.failure or message.body[:300] or message.type}"
